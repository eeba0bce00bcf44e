"""What goes from one period into the next: answers as they were settled, and closed rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from khreport.columns import CLOSED, COMPLETED, COMPLETED_ON, RESULT, STATUS
from khreport.consolidation import Consolidation, Edits
from khreport.edition import Edition
from khreport.forms import Form
from khreport.merge.assess import settle_tasks
from khreport.merge.handed_on import list_figures, list_overdue, list_proposals
from khreport.previous import CITED, REPORTED_IN, Previous, Values

CITED_BEFORE = "cited before"
BEFORE = {
    COMPLETED_ON: pl.Date(), RESULT: pl.String(), CITED: pl.String(), REPORTED_IN: pl.String(),
}  # fmt: skip
"""What a closed row takes over."""

Answers = dict[str, dict[str, dict[str, Values]]]


def take_over(rows: pl.DataFrame, previous: Previous | None) -> pl.DataFrame:
    """The rows (`Consolidation.answers`) with what last period said of those that stay closed.

    They are completed on the day that was given then; what the agency adds now stands. Their
    result says when it was reported. Documents go into CITED_BEFORE, as their numbers were
    those of another list.
    """
    before = _list_completed(previous).rename({name: f"before {name}" for name in BEFORE})
    closed = pl.col(STATUS) == CLOSED
    then = pl.col(f"before {REPORTED_IN}")
    spoken = then.str.slice(0, 1).str.to_lowercase() + then.str.slice(1)
    said = pl.col(f"before {RESULT}").str.strip_chars_end(" .")
    result = pl.coalesce(
        RESULT,
        pl.format("{} (đã báo cáo kỳ {}).", said, spoken),
        pl.format("Đã hoàn thành, đã báo cáo kỳ {}.", spoken),
    )
    carried = {
        STATUS: pl.lit(COMPLETED),
        COMPLETED_ON: pl.coalesce(f"before {COMPLETED_ON}", COMPLETED_ON),
        RESULT: result,
        CITED_BEFORE: pl.col(f"before {CITED}"),
        REPORTED_IN: then,
    }
    return (
        rows.with_columns(
            pl.lit(None, pl.String).alias(name) for name in (CITED_BEFORE, REPORTED_IN)
        )
        .join(before, on=["agency", "key"], how="left", maintain_order="left")
        .with_columns(
            pl.when(closed).then(value).otherwise(name).alias(name)
            for name, value in carried.items()
        )
        .drop(before.columns[2:])
    )


def _list_completed(previous: Previous | None) -> pl.DataFrame:
    """One row (`agency`, `key`, BEFORE) for each that last period completed."""
    rows = [
        (
            agency,
            key,
            _day(values.get(COMPLETED_ON)),
            values.get(RESULT),
            values.get(CITED),
            values.get(REPORTED_IN, previous.name),
        )
        for agency, forms in (previous.answers if previous else {}).items()
        for form in forms.values()
        for key, values in form.items()
        if previous and values.get(STATUS) == COMPLETED
    ]
    schema = {"agency": pl.String(), "key": pl.String(), **BEFORE}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _day(text: str | float | None) -> dt.date | None:
    return dt.date.fromisoformat(str(text)) if text is not None else None


def carry_answers(edition: Edition, consolidation: Consolidation, edits: Edits) -> Previous:
    """The answers of a round as its officer settled them, for the round that follows.

    What an earlier round completed is carried on, whether its agency has answered since or not.
    """
    answers = _still_closed(edition)
    settled = _settle(edition, consolidation, edits)
    for form in edition.forms:
        for row in _rows_of(form, edition, consolidation):
            values = _values(form, row)
            if form.rows == "tasks":
                if row.get(REPORTED_IN) is not None and edition.previous is not None:
                    values = dict(edition.previous.row(row["agency"], form.key, row["key"]))
                    values.setdefault(REPORTED_IN, edition.previous.name)
                elif row["key"] == row["task"]:
                    values = _plain(values | settled[row["task"]])
                if row["cited"] is not None:
                    values[CITED] = row["cited"]
            answers.setdefault(row["agency"], {}).setdefault(form.key, {})[row["key"]] = values
    return Previous(
        period=edition.period.key,
        name=edition.period.name,
        answers=answers,
        stand_ins=tuple(handover for handover in edition.handovers if handover.changed),
        overdue=list_overdue(edition, consolidation, edits),
        figures=list_figures(edition, consolidation),
        proposals=list_proposals(edition, consolidation, edits),
    )


def _still_closed(edition: Edition) -> Answers:
    previous = edition.previous
    return {
        agency: {
            form: {
                key: {REPORTED_IN: previous.name, **values}
                for key, values in rows.items()
                if values.get(STATUS) == COMPLETED
            }
            for form, rows in forms.items()
        }
        for agency, forms in (previous.answers if previous else {}).items()
        if previous
    }


def _rows_of(
    form: Form, edition: Edition, consolidation: Consolidation
) -> Iterator[dict[str, Any]]:
    if form.rows == "indicators":
        for row in consolidation.indicators.iter_rows(named=True):
            yield {**row, "key": row["indicator"]}
    elif form.rows == "tasks":
        answers = consolidation.answers.filter(pl.col("asked"), pl.col("kind") != "line")
        for row in answers.iter_rows(named=True):
            if edition.plan.task[row["task"]].appendix == form.appendix:
                yield row


def _values(form: Form, row: dict[str, Any]) -> Values:
    return _plain({c.key: row.get(c.key) for c in form.columns if c.role == "answer"})


def _plain(values: Mapping[str, Any]) -> Values:
    return {
        key: value.isoformat() if isinstance(value, dt.date) else value
        for key, value in values.items()
        if value is not None
    }


def _settle(
    edition: Edition, consolidation: Consolidation, edits: Edits
) -> dict[str, dict[str, Any]]:
    """What the officer decided of a task for all who answered it, by task key."""
    tasks = settle_tasks(consolidation.tasks, consolidation.answers, edits, edition.period.closing)
    decided = {*edits.statuses, *edits.chosen, *edits.days}
    said: dict[str, dict[str, Any]] = {}
    for task in tasks.iter_rows(named=True):
        found = said.setdefault(task["task"], {})
        if task["task"] in decided:
            found |= {STATUS: task[STATUS], COMPLETED_ON: task[COMPLETED_ON]}
        # what was written of several answers is nobody's own
        if task["answered"] == 1 and task["task"] in edits.results:
            found[RESULT] = edits.results[task["task"]]
    return said
