"""What a report says of the tasks: counts by kind, results by section, what is late and why."""

from __future__ import annotations

from khreport.compose.figures import late_tasks
from khreport.compose.material import Material, TaskResult
from khreport.compose.sentences import (
    Sentence,
    begin_sentence,
    count_words,
    end_sentence,
    join_parts,
    shorten_quote,
    shorten_title,
    write_list,
    write_split,
)
from khreport.compose.states import CAUSES, OTHER_STATES, STATES, Kind
from khreport.compose.words import (
    describe_days_late,
    join_sentences,
    list_item,
    name_lead,
    name_task,
    quote_results,
    say,
    write,
    write_share_of,
)
from khreport.plan import Section
from khreport.report import Block, Table

_DONE = (
    "completed_in_time", "completed_late", "completed_undated", "carried_out", "target_exceeded",
    "target_reached",
)  # fmt: skip


def write_tasks(material: Material) -> list[Block]:
    """Each appendix in figures: dated, recurrent and target tasks apart, then by section."""
    blocks: list[Block] = []
    for appendix in material.edition.plan.appendices:
        for kind in _kinds(material, appendix.key):
            text = begin_sentence(
                _split(material, material.outline.sentences.tasks, appendix.key, kind)
            )
            blocks += say(text, _state_figures(appendix.key, kind))
        partly = f"tasks.{appendix.key}.partly_answered"
        told = write_share_of(
            material, material.outline.sentences.partly_answered, partly, f"tasks.{appendix.key}",
            appendix=appendix.label,
        )  # fmt: skip
        blocks += say(told, [partly])
        if "target" not in _kinds(material, appendix.key):
            blocks.append(_section_table(material, appendix.key))
    return blocks


def _kinds(material: Material, scope: str) -> list[Kind]:
    return [kind for kind in STATES if material.count(f"tasks.{scope}.{kind}")]


def _state_figures(scope: str, kind: Kind) -> list[str]:
    base = f"tasks.{scope}.{kind}"
    return [base, *(f"{base}.{state}" for state in (*STATES[kind], *OTHER_STATES))]


def _split(material: Material, sentence: Sentence, scope: str, kind: Kind) -> str:
    """How the tasks of one kind stand within an appendix or a section."""
    words, states = material.outline.words, material.outline.states
    parts = [
        (material.count(f"tasks.{scope}.{kind}.{state}"), states[state])
        for state in (*STATES[kind], *OTHER_STATES)
    ]
    kinds: dict[Kind, str] = {
        "dated": words.dated,
        "recurrent": words.recurrent,
        "target": words.target,
    }
    label = material.edition.plan.appendix[scope.partition(".")[0]].label
    return write_split(
        sentence, parts, **{**material.values, "kind": kinds[kind], "appendix": label}
    )


def _sections(material: Material, appendix: str) -> list[Section]:
    return [
        section
        for section in material.edition.plan.sections
        if section.appendix == appendix and section.level == 1
    ]


def _section_table(material: Material, appendix: str) -> Table:
    scopes = [(section.number, section.key) for section in _sections(material, appendix)]
    scopes.append((material.outline.words.total, appendix))
    return Table(
        header=material.outline.tables.sections,
        rows=tuple(_section_row(material, number, scope) for number, scope in scopes),
        widths_mm=(16, 15, 17, 16, 16, 18, 18, 18, 12, 14),
        aligns=("center", *("right",) * 9),
        size_pt=11,
    )


def _section_row(material: Material, number: str, scope: str) -> tuple[str, ...]:
    def count(*figures: str) -> str:
        return str(sum(material.count(f"tasks.{scope}{figure}") for figure in figures))

    both: tuple[Kind, ...] = ("dated", "recurrent")
    return (
        number,
        count(""),
        count(".dated.completed_in_time", ".dated.completed_late", ".dated.completed_undated"),
        count(".dated.running_in_time", ".dated.not_started_in_time"),
        count(".dated.overdue"),
        count(".recurrent.carried_out"),
        count(".recurrent.partly"),
        count(".recurrent.not_carried_out"),
        count(*(f".{kind}.{state}" for kind in both for state in ("set_aside", "secret"))),
        count(*(f".{kind}.no_report" for kind in both)),
    )


def write_sections(material: Material) -> list[Block]:
    """A paragraph for each section: how its tasks stand, and a few results."""
    return [
        _write_section(material, section)
        for appendix in material.edition.plan.appendices
        if "target" not in _kinds(material, appendix.key)
        for section in _sections(material, appendix.key)
        if material.count(f"tasks.{section.key}")
    ]


def _write_section(material: Material, section: Section) -> Block:
    outline = material.outline
    kinds = _kinds(material, section.key)
    clauses = [_split(material, outline.sentences.section_tasks, section.key, k) for k in kinds]
    counts = end_sentence(begin_sentence("; ".join(clauses)))
    lead = f"{section.number}. {shorten_title(section.title, outline.limits.title_words)}: "
    budget = outline.limits.section_words - count_words(lead + counts)
    results = _pick_results(material, section, budget)
    told = write(material, outline.sentences.section_results, results=". ".join(results))
    return list_item(
        " ".join([counts, end_sentence(told)]) if results else counts,
        [figure for kind in kinds for figure in _state_figures(section.key, kind)],
        lead=lead,
    )


def _pick_results(material: Material, section: Section, budget: int) -> list[str]:
    """Results of a few tasks within `budget` words: the officer's first, one of each agency."""
    inside = [t for t in material.tasks if f"{t.task.section}.".startswith(f"{section.key}.")]
    ranked = sorted(inside, key=lambda task: (not task.edited, task.state not in _DONE))
    picked: list[str] = []
    told: set[str] = set()
    for task in ranked:
        agency, result = _tell_result(material, task)
        if not result or agency in told or count_words(result) > budget:
            continue
        budget -= count_words(result)
        picked.append(result)
        told |= {agency} - {""}
        if len(picked) == material.outline.limits.results:
            break
    return picked


def _tell_result(material: Material, task: TaskResult) -> tuple[str, str]:
    """Whose result is told of a task, and the result; nothing where none is short enough."""
    if task.state in ("no_report", "secret"):
        return "", ""
    for agency, quote in quote_results(material, task):
        short = quote if task.edited else shorten_quote(quote, material.outline.limits.quote_words)
        if short and agency:
            pattern = material.outline.sentences.section_result
            return agency, write(material, pattern, agency=agency, quote=short)
        if short:
            return "", short
    return "", ""


def write_late(material: Material) -> list[Block]:
    """How many dated tasks are late, which of them are done by now, and the causes given."""
    outline = material.outline
    base = "tasks.plan.dated"
    figures = [f"{base}.late", base, f"{base}.completed_late", f"{base}.overdue"]
    parts = [
        (material.count(f"{base}.completed_late"), outline.words.late_done),
        (material.count(f"{base}.overdue"), outline.words.late_open),
    ]
    head = write_share_of(
        material,
        outline.sentences.late,
        f"{base}.late",
        base,
        parts=join_parts(parts),
        phrase=max(parts)[1],
    )
    items = [
        write(
            material,
            outline.sentences.late_item,
            task=name_task(material, task.task.key),
            agency=name_lead(task),
            days=describe_days_late(material, task.days_late),
        )
        for task in late_tasks(material.tasks, ["completed_late"])
    ]
    names = write_list(items, outline.limits.late, outline.words.other_tasks)
    done = write(material, outline.sentences.completed_late, names=names) if items else ""
    causes = [f"difficulties.late.{cause}" for cause in CAUSES]
    told = [
        (material.count(figure), outline.states[cause])
        for figure, cause in zip(causes, CAUSES, strict=True)
    ]
    why = write_split(outline.sentences.late_causes, told, **material.values)
    return [*say(join_sentences([head, done, why]), [*figures, *causes])]
