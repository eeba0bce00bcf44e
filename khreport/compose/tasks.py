"""What a report says of the tasks: counts by kind, results by section, what is late and why."""

from __future__ import annotations

from khreport.columns import COMPLETED_ON, STATUS
from khreport.compose.figures import late_tasks
from khreport.compose.material import Material, TaskResult
from khreport.compose.sentences import (
    Sentence,
    begin_sentence,
    count_words,
    end_sentence,
    fill_pattern,
    join_parts,
    shorten_quote,
    shorten_title,
    write_list,
    write_split,
)
from khreport.compose.states import CAUSES, OTHER_STATES, OVERDUE, STATES, Kind
from khreport.compose.words import (
    Quote,
    describe_days_late,
    join_sentences,
    list_item,
    name_lead,
    name_task,
    quote_difficulties,
    quote_results,
    say,
    write,
    write_share_of,
    write_unless_unreported,
)
from khreport.evidence import cell_id
from khreport.plan import Section
from khreport.report import Block, Table

_DONE = (
    "completed_in_time", "completed_late", "completed_undated", "carried_out", "target_exceeded",
    "target_reached",
)  # fmt: skip
_PARTLY = ("partly", "target_partly")
_TOLD = (*_DONE, "running_in_time", *_PARTLY)
"""States of tasks that have a result to tell."""

_WORKS: tuple[Kind, ...] = ("dated", "recurrent")


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
        sections = len(_sections(material, appendix.key))
        least = material.outline.limits.section_table
        if sections >= least and "target" not in _kinds(material, appendix.key):
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
        if section.appendix == appendix
        and section.level == 1
        and f"tasks.{section.key}" in material.figures
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
        figures=tuple(
            (
                f"tasks.{scope}",
                *(id_ for kind in _WORKS for id_ in _state_figures(scope, kind)[1:]),
            )
            for _, scope in scopes
        ),
    )


def _section_row(material: Material, number: str, scope: str) -> tuple[str, ...]:
    def count(*figures: str) -> str:
        return str(sum(material.count(f"tasks.{scope}{figure}") for figure in figures))

    return (
        number,
        count(""),
        count(".dated.completed_in_time", ".dated.completed_late", ".dated.completed_undated"),
        count(".dated.running_in_time", ".dated.not_started_in_time"),
        count(".dated.overdue"),
        count(".recurrent.carried_out"),
        count(".recurrent.partly"),
        count(".recurrent.not_carried_out"),
        count(*(f".{kind}.{state}" for kind in _WORKS for state in ("set_aside", "secret"))),
        count(*(f".{kind}.no_report" for kind in _WORKS)),
    )


def write_sections(material: Material) -> list[Block]:
    """A paragraph for each section: how its tasks stand, and a few results."""
    return [
        _write_section(material, section)
        for appendix in material.edition.plan.appendices
        if "target" not in _kinds(material, appendix.key)
        for section in _sections(material, appendix.key)
    ]


def _write_section(material: Material, section: Section) -> Block:
    outline = material.outline
    kinds = _kinds(material, section.key)
    clauses = [_split(material, outline.sentences.section_tasks, section.key, k) for k in kinds]
    counts = end_sentence(begin_sentence("; ".join(clauses)))
    lead = f"{section.number}. {shorten_title(section.title, outline.limits.title_words)}: "
    budget = outline.limits.section_words - count_words(f"{lead} {counts}")
    late, late_figures = _tell_late(material, section, budget)
    results = _pick_results(material, section, budget - count_words(late))
    told = write(
        material,
        outline.sentences.section_results,
        results=". ".join(result.text for result in results),
    )
    return list_item(
        join_sentences([counts, told if results else "", late]),
        [
            *(figure for kind in kinds for figure in _state_figures(section.key, kind)),
            *(result.figure for result in results),
            *late_figures,
        ],
        lead=lead,
    )


def _inside(material: Material, section: Section) -> list[TaskResult]:
    return [t for t in material.tasks if f"{t.task.section}.".startswith(f"{section.key}.")]


def _tell_late(material: Material, section: Section, budget: int) -> tuple[str, list[str]]:
    """The overdue tasks of a section, each with how late it is and the cause that is given.

    Causes are left out, the last first, until `budget` words hold the rest. With them come the
    ids of the evidence of those that are named.
    """
    overdue = late_tasks(_inside(material, section), OVERDUE)
    causes = [_why_late(material, task) for task in overdue]
    told, figures = _name_late(material, overdue, causes)
    for place in range(len(causes) - 1, -1, -1):
        if count_words(told) <= budget:
            break
        causes[place] = Quote("", "", "")
        told, figures = _name_late(material, overdue, causes)
    return told, figures


def _name_late(
    material: Material, overdue: list[TaskResult], causes: list[Quote]
) -> tuple[str, list[str]]:
    outline = material.outline
    figures = [
        id_
        for task, cause in zip(overdue, causes, strict=True)
        for id_ in (cell_id(task.task.key, STATUS), cause.figure)
        if id_
    ]
    items = [
        write(
            material,
            outline.sentences.section_late_item,
            number=task.number,
            days=describe_days_late(material, task.days_late),
            because=cause.text,
        )
        for task, cause in zip(overdue, causes, strict=True)
    ]
    names = write_list(items, outline.limits.late, outline.words.other_tasks)
    told = write(material, outline.sentences.section_late, names=names) if items else ""
    return told, figures


def _why_late(material: Material, task: TaskResult) -> Quote:
    limits, pattern = material.outline.limits, material.outline.words.because
    for quote in quote_difficulties(material, task.answers):
        short = shorten_quote(quote.text, limits.quote_words)
        if short:
            return quote._replace(text=fill_pattern(pattern, {"quote": short}))
    return Quote("", "", "")


def _pick_results(material: Material, section: Section, budget: int) -> list[Quote]:
    """Results of a few tasks within `budget` words: the officer's first, one of each agency."""
    ranked = sorted(
        _inside(material, section),
        key=lambda task: (not task.edited, task.state not in _DONE),
    )
    picked: list[Quote] = []
    told: set[str] = set()
    for task in ranked:
        result = _tell_result(material, task)
        if (
            _is_old(material, task)
            or not result.text
            or result.agency in told
            or count_words(result.text) > budget
        ):
            continue
        budget -= count_words(result.text)
        picked.append(result)
        told |= {result.agency} - {""}
        if len(picked) == material.outline.limits.results:
            break
    return picked


def _is_old(material: Material, task: TaskResult) -> bool:
    """Whether nothing was done for the task in this period: it was completed before."""
    start = material.edition.period.start
    days = (row.get(COMPLETED_ON) for row in task.answers)
    return bool(task.answers) and all(day is not None and day < start for day in days)


def _tell_result(material: Material, task: TaskResult) -> Quote:
    """Whose result is told of a task, and the result; nothing where none is short enough.

    A task that is overdue, failed or was not begun has no result to boast of.
    """
    if task.state not in _TOLD:
        return Quote("", "", "")
    sentences = material.outline.sentences
    frame = sentences.section_partly if task.state in _PARTLY else "{quote}"
    for quote in quote_results(material, task):
        limit = material.outline.limits.quote_words
        short = quote.text if task.edited else shorten_quote(quote.text, limit)
        if short:
            framed = write(material, frame, quote=short)
            pattern = sentences.section_result if quote.agency else "{quote}"
            return quote._replace(text=write(material, pattern, agency=quote.agency, quote=framed))
    return Quote("", "", "")


def write_late(material: Material) -> list[Block]:
    """How many dated tasks are late, which of them are done by now, and the causes given."""
    outline = material.outline
    base = "tasks.plan.dated"
    figures = [f"{base}.late", base, f"{base}.completed_late", f"{base}.overdue"]
    parts = [
        (material.count(f"{base}.completed_late"), outline.words.late_done),
        (material.count(f"{base}.overdue"), outline.words.late_open),
    ]
    head = write_unless_unreported(
        material,
        outline.sentences.late_unreported,
        outline.sentences.late,
        f"{base}.late",
        base,
        parts=join_parts(parts),
        phrase=max(parts)[1],
    )
    done_late = late_tasks(material.tasks, ["completed_late"])
    items = [
        write(
            material,
            outline.sentences.late_item,
            task=name_task(material, task.task.key),
            agency=name_lead(task),
            days=describe_days_late(material, task.days_late),
        )
        for task in done_late
    ]
    names = write_list(items, outline.limits.late, outline.words.other_tasks)
    done = write(material, outline.sentences.completed_late, names=names) if items else ""
    causes = [f"difficulties.late.{cause}" for cause in CAUSES]
    told = [
        (material.count(figure), outline.states[cause])
        for figure, cause in zip(causes, CAUSES, strict=True)
    ]
    why = write_split(outline.sentences.late_causes, told, **material.values)
    days = [cell_id(task.task.key, STATUS) for task in done_late]
    return [*say(join_sentences([head, done, why]), [*figures, *causes, *days])]
