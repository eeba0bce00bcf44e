"""What a report says of the tasks: counts by kind, results by section, what is late and why."""

from __future__ import annotations

from khreport.columns import STATUS
from khreport.compose.comparison import write_still_late
from khreport.compose.figures import late_tasks
from khreport.compose.material import Material
from khreport.compose.sentences import (
    Sentence,
    join_parts,
    write_list,
    write_split,
)
from khreport.compose.states import CAUSES, OTHER_STATES, SHOWN, STATES, Kind
from khreport.compose.words import (
    cite_rest,
    describe_days_late,
    join_sentences,
    list_tasks,
    name_lead,
    name_task,
    say,
    stay_careful,
    write,
    write_share_of,
    write_unless_unreported,
)
from khreport.evidence import cell_id
from khreport.plan import Section
from khreport.report import Block, Table
from khreport.text import begin_sentence

WORKS: tuple[Kind, ...] = ("dated", "recurrent")
_OWN = 3
"""So many groups of `SHOWN` are a kind's own; the rest are of both."""


def write_tasks(material: Material) -> list[Block]:
    """Each appendix in figures: dated, recurrent and target tasks apart, then by section."""
    blocks: list[Block] = []
    for appendix in material.told_appendices:
        for kind in kinds_of(material, appendix.key):
            text = begin_sentence(
                split_tasks(material, material.outline.sentences.tasks, appendix.key, kind)
            )
            blocks += say(text, state_figures(appendix.key, kind))
        partly = f"tasks.{appendix.key}.partly_answered"
        told = write_share_of(
            material, material.outline.sentences.partly_answered, partly, f"tasks.{appendix.key}",
            appendix=material.plan_label(appendix.key),
        )  # fmt: skip
        apart, cited = _tell_disagreeing(material, appendix.key)
        blocks += say(join_sentences([told, apart]), [partly, *cited])
        sections = len(sections_of(material, appendix.key))
        least = material.outline.limits.section_table
        if sections >= least and "target" not in kinds_of(material, appendix.key):
            label = material.plan_label(appendix.key)
            blocks += say(write(material, material.outline.sentences.sections_lead, appendix=label))
            blocks.append(_section_table(material, appendix.key))
    return blocks


def disagreeing_id(appendix: str) -> str:
    """What the tasks of an appendix are called of which agencies tell different states."""
    return f"tasks.{appendix}.disagreeing"


def _tell_disagreeing(material: Material, appendix: str) -> tuple[str, list[str]]:
    """How many tasks stand as the least advanced of several answers says, and which they are.

    With it come the ids of its evidence.
    """
    figure, limit = disagreeing_id(appendix), material.outline.limits.late
    numbers = [material.task[key].number for key in material.figures[figure].rows]
    told = write_share_of(
        material, material.outline.sentences.disagreeing, figure, f"tasks.{appendix}",
        appendix=material.plan_label(appendix),
        names=write_list(numbers, limit, material.outline.words.other_tasks),
    )  # fmt: skip
    return told, [figure, *cite_rest(figure, numbers, limit)] if told else []


def kinds_of(material: Material, scope: str) -> list[Kind]:
    """The kinds of tasks that an appendix or a section holds."""
    return [kind for kind in STATES if material.count(f"tasks.{scope}.{kind}")]


def state_figures(scope: str, kind: Kind) -> list[str]:
    """The figures of the tasks of one kind within an appendix or a section: all, then by state."""
    base = f"tasks.{scope}.{kind}"
    return [base, *(f"{base}.{state}" for state in (*STATES[kind], *OTHER_STATES))]


def split_tasks(material: Material, sentence: Sentence, scope: str, kind: Kind) -> str:
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
    appendix = scope.partition(".")[0]
    labels = {
        "appendix": material.appendix_label(appendix),
        "plan_appendix": material.plan_label(appendix),
    }
    return write_split(sentence, parts, **{**material.values, **labels, "kind": kinds[kind]})


def sections_of(material: Material, appendix: str) -> list[Section]:
    """The sections of the first level that hold tasks."""
    return [
        section
        for section in material.edition.plan.sections
        if section.appendix == appendix
        and section.level == 1
        and f"tasks.{section.key}" in material.figures
    ]


def _section_table(material: Material, appendix: str) -> Table:
    scopes = [(section.number, section.key) for section in sections_of(material, appendix)]
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
                *(id_ for kind in WORKS for id_ in state_figures(scope, kind)[1:]),
            )
            for _, scope in scopes
        ),
    )


def _section_row(material: Material, number: str, scope: str) -> tuple[str, ...]:
    dated, recurrent = (count_shown(material, scope, kind) for kind in WORKS)
    counts = (
        material.count(f"tasks.{scope}"),
        *dated[:_OWN],
        *recurrent[:_OWN],
        *map(sum, zip(dated[_OWN:], recurrent[_OWN:], strict=True)),
    )
    return (number, *map(str, counts))


def count_shown(material: Material, scope: str, kind: Kind) -> list[int]:
    """How many tasks of a kind stand in each of the groups of `SHOWN`."""
    base = f"tasks.{scope}.{kind}"
    return [sum(material.count(f"{base}.{state}") for state in states) for states in SHOWN[kind]]


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
        stay_careful(material, outline.sentences.late),
        f"{base}.late",
        base,
        parts=join_parts(parts),
        phrase=max(parts)[1],
    )
    done_late = late_tasks(material.tasks, ["completed_late"])
    limit = outline.limits.late
    items = [
        write(
            material,
            outline.sentences.late_item,
            task=name_task(material, task.task.key),
            agency=name_lead(task),
            days=describe_days_late(material, task.days_late),
        )
        for task in done_late[:limit]
    ]
    names = list_tasks(material, items, done_late)
    done = write(material, outline.sentences.completed_late, names=names) if items else ""
    causes = [f"difficulties.late.{cause}" for cause in CAUSES]
    told = [
        (material.count(figure), outline.states[cause])
        for figure, cause in zip(causes, CAUSES, strict=True)
    ]
    why = write_split(outline.sentences.late_causes, told, **material.values)
    days = [cell_id(task.task.key, STATUS) for task in done_late[:limit]]
    days += cite_rest(f"{base}.completed_late", done_late, limit)
    return [
        *say(join_sentences([head, done, why]), [*figures, *causes, *days]),
        *write_still_late(material),
    ]
