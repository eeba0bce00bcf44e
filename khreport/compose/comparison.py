"""What a report says against the last period: tasks of then and now, indicators of two years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import polars as pl

from khreport.columns import (
    CARRIED_OUT,
    COMPLETED,
    COMPLETED_ON,
    EXCEEDS,
    REACHES,
    STATUS,
)
from khreport.compose.material import Material, TaskResult
from khreport.compose.sentences import end_sentence, fill_pattern, write_list, write_split
from khreport.compose.states import CHANGES, OTHER_STATES, OVERDUE, Kind
from khreport.compose.words import (
    cite_rest,
    describe_days_late,
    name_lead,
    name_task,
    say,
    write,
    write_share_of,
)
from khreport.edition import Edition
from khreport.evidence import cell_id
from khreport.merge.assess import combine_answers
from khreport.quantities import format_count
from khreport.report import Block
from khreport.text import begin_small

DONE: dict[Kind, tuple[str, ...]] = {
    "dated": ("completed_in_time", "completed_late", "completed_undated"),
    "recurrent": ("carried_out",),
    "target": ("target_exceeded", "target_reached"),
}
"""The states of tasks that are carried out as they should be, which two periods share."""

_DONE_THEN: dict[Kind, tuple[str, ...]] = {
    "dated": (COMPLETED,),
    "recurrent": (CARRIED_OUT,),
    "target": (REACHES, EXCEEDS),
}


def compare_done(edition: Edition, tasks: Iterable[TaskResult]) -> dict[str, tuple[str, ...]]:
    """The tasks done in the last period ("previous.dated.done") and in this one ("compared.…").

    Only tasks of which both periods tell are in either, so that an agency that did not report
    makes no difference; nothing where no task is such.
    """
    then = _stood_before(edition)
    rows: dict[str, tuple[str, ...]] = {}
    told = [task for task in tasks if task.task.key in then and task.state not in OTHER_STATES]
    for kind, states in DONE.items():
        both = [task for task in told if task.kind == kind]
        if both:
            keys = tuple(t.task.key for t in both if then[t.task.key] in _DONE_THEN[kind])
            rows[f"previous.{kind}.done"] = keys
            rows[f"compared.{kind}.done"] = tuple(t.task.key for t in both if t.state in states)
    return rows


def list_still_late(edition: Edition, tasks: Iterable[TaskResult]) -> tuple[str, ...]:
    """The tasks that were overdue when the last period closed, and still are, the latest first."""
    before = edition.previous.overdue if edition.previous else {}
    late = [task for task in tasks if task.state in OVERDUE and task.task.key in before]
    return tuple(task.task.key for task in sorted(late, key=lambda task: -task.days_late))


def _stood_before(edition: Edition) -> dict[str, str]:
    """The status of each task of which the last period tells."""
    previous = edition.previous
    rows = [
        (key, agency, values[STATUS], _day(values.get(COMPLETED_ON)))
        for agency, forms in (previous.answers if previous else {}).items()
        for form in forms.values()
        for key, values in form.items()
        if key in edition.plan.task and STATUS in values
    ]
    schema = {
        "task": pl.String(), "agency": pl.String(), STATUS: pl.String(), COMPLETED_ON: pl.Date(),
    }  # fmt: skip
    stood = combine_answers(pl.DataFrame(rows, schema=schema, orient="row"))
    return dict(stood.select("task", STATUS).iter_rows())


def _day(text: str | float | None) -> dt.date | None:
    return dt.date.fromisoformat(str(text)) if text is not None else None


def write_comparison(material: Material) -> list[Block]:
    """How many tasks of each kind are done, against the last period where it is known."""
    previous, sentences = material.edition.previous, material.outline.sentences
    kinds: dict[Kind, str] = {
        "dated": sentences.compared_dated,
        "recurrent": sentences.compared_recurrent,
        "target": sentences.compared_targets,
    }
    clauses: list[str] = []
    figures: list[str] = []
    for kind, pattern in kinds.items():
        before, now = f"previous.{kind}.done", f"compared.{kind}.done"
        if before in material.figures:
            change = _write_change(material, material.count(before), material.count(now))
            clauses.append(write(material, pattern, change=change))
            figures += [before, now]
    if previous is None or not clauses:
        return []
    text = write(
        material, sentences.compared, previous=begin_small(previous.name), parts="; ".join(clauses)
    )
    return [*say(end_sentence(text), figures)]


def write_still_late(material: Material) -> list[Block]:
    """The overdue tasks that were overdue in the last period already, each with its days now."""
    outline, previous = material.outline, material.edition.previous
    figures = ["tasks.still_late", "tasks.plan.dated.overdue"]
    keys = material.figures[figures[0]].rows
    if previous is None or not keys:
        return []
    items = [
        write(
            material,
            outline.sentences.late_item,
            task=name_task(material, key),
            agency=name_lead(material.task[key]),
            days=describe_days_late(material, material.task[key].days_late),
        )
        for key in keys
    ]
    text = write_share_of(
        material,
        outline.sentences.still_late,
        *figures,
        previous=begin_small(previous.name),
        names=write_list(items, outline.limits.late, outline.words.other_tasks),
    )
    shown = [cell_id(key, STATUS) for key in keys[: outline.limits.late]]
    return [*say(text, [*figures, *shown, *cite_rest(figures[0], items, outline.limits.late)])]


def _write_change(material: Material, before: int, count: int) -> str:
    sentences = material.outline.sentences
    pattern = sentences.change_none
    if count != before:
        pattern = sentences.change_up if count > before else sentences.change_down
    counts = {
        "difference": format_count(abs(count - before)),
        "before": format_count(before),
        "count": format_count(count),
    }
    return fill_pattern(pattern, counts)


def write_indicator_changes(material: Material) -> str:
    """How the indicators of the year stand to those of the last year, in one sentence."""
    states = material.outline.states
    parts = [(material.count(f"indicators.{change}"), states[change]) for change in CHANGES]
    area = material.outline.words.same_area if material.edition.scope else ""
    return write_split(
        material.outline.sentences.compared_indicators, parts, same_area=area, **material.values
    )
