"""What a report says against the last period: tasks of then and now, indicators of two years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import polars as pl

from khreport.columns import (
    CARRIED_OUT,
    COMPLETED,
    COMPLETED_ON,
    ESTIMATE_YEAR,
    EXCEEDS,
    PREVIOUS_FINAL,
    PREVIOUS_REPORTED,
    REACHES,
    STATUS,
)
from khreport.compose.material import IndicatorResult, Material, TaskResult
from khreport.compose.sentences import end_sentence, fill_pattern, write_split
from khreport.compose.states import CHANGES, OTHER_STATES, Kind
from khreport.compose.words import say, write
from khreport.edition import Edition
from khreport.merge.assess import combine_answers
from khreport.quantities import format_count
from khreport.report import Block

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


def previous_figure(result: IndicatorResult) -> float | None:
    """What the indicator was last year: the final figure, else what was reported then."""
    figures = (result.row.get(PREVIOUS_FINAL), result.row.get(PREVIOUS_REPORTED))
    return next((float(figure) for figure in figures if figure is not None), None)


def change_of(result: IndicatorResult) -> str | None:
    """How the year stands to the last one, one of CHANGES; None where a figure is missing."""
    before, estimate = previous_figure(result), result.row.get(ESTIMATE_YEAR)
    if before is None or estimate is None:
        return None
    if estimate == before:
        return "change_none"
    return "change_up" if estimate > before else "change_down"


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
        material, sentences.compared, previous=_lower(previous.name), parts="; ".join(clauses)
    )
    return [*say(end_sentence(text), figures)]


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


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
    return write_split(material.outline.sentences.compared_indicators, parts, **material.values)
