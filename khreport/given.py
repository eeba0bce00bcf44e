"""What stands locked beside the cells to fill: what last period was told of the same row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from khreport.columns import (
    CLOSED,
    COMPLETED,
    COMPLETED_ON,
    EXPECTED_ON,
    PERCENT,
    RESULT,
    STATUS,
)
from khreport.dates import format_date
from khreport.forms import SUMMARY, Column, Form, RowKind
from khreport.previous import SUMMED_UP, Previous
from khreport.quantities import format_number
from khreport.sheet import Value

MOST_SUMMARY = 300
KEPT = (RESULT, PERCENT, COMPLETED_ON, EXPECTED_ON)
"""What a row that stays closed keeps of last period: to say it anew is to choose another status."""


def given_values(
    previous: Previous, agency: str, form: Form, key: str, kind: RowKind
) -> dict[str, Value]:
    """What the given columns of an agency's row say, by column key; not those that are empty."""
    said = previous.row(agency, form.key, key)
    values = {
        column.key: sum_up(form, column, kind, said)
        if column.source == SUMMARY
        else said[column.source]
        for column in form.columns
        if column.role == "given" and said and (column.source == SUMMARY or column.source in said)
    }
    return {name: value for name, value in values.items() if value != ""}


def stands_closed(previous: Previous, agency: str, form: Form, key: str, kind: RowKind) -> bool:
    """Whether last period completed the row, or may have, and the form has a status for that."""
    column = form.column.get(STATUS)
    choices = form.choices_for(column, kind, key, closed=True) if column else None
    completed = previous.row(agency, form.key, key).get(STATUS) == COMPLETED
    return (
        choices is not None
        and any(choice.code == CLOSED for choice in choices.choices)
        and (completed or not previous.known)
    )


def sum_up(form: Form, column: Column, kind: RowKind, said: Mapping[str, str | float]) -> str:
    """A row of last period in a few words, no longer than the column that shows them takes.

    "Đang thực hiện, 60%, dự kiến 30/6/2024. Đã trình thẩm định đồ án…"
    """
    if SUMMED_UP in said:
        return str(said[SUMMED_UP])
    first = ", ".join(_state(form, kind, said))
    return shorten(
        ". ".join(part for part in (first, str(said.get(RESULT, ""))) if part),
        column.max_length or MOST_SUMMARY,
    )


def _state(form: Form, kind: RowKind, said: Mapping[str, str | float]) -> Iterator[str]:
    status = str(said.get(STATUS, ""))
    if STATUS in form.column and status in form.labels(STATUS):
        yield form.label(STATUS, status, kind)
    if status == COMPLETED:
        if COMPLETED_ON in said:
            yield "ngày " + _day(said[COMPLETED_ON])
        return
    percent = said.get(PERCENT)
    if isinstance(percent, float | int):
        yield f"{format_number(percent)}%"
    if EXPECTED_ON in said:
        yield "dự kiến " + _day(said[EXPECTED_ON])


def _day(text: str | float) -> str:
    return format_date(dt.date.fromisoformat(str(text)))


def shorten(text: str, most: int) -> str:
    """The text in one paragraph, ended after a word with "…" where it is longer than allowed."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return text[:most].rpartition(" ")[0].rstrip(" ,;:") + "…"
