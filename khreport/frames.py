"""Frames of answers: their columns follow from the forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import polars as pl

from khreport.columns import CLOSED
from khreport.dates import format_date
from khreport.findings import Finding
from khreport.quantities import format_number
from khreport.text import clean

if TYPE_CHECKING:
    from khreport.forms import Column, Form

DTYPES = {
    "text": pl.String,
    "number": pl.Float64,
    "whole": pl.Float64,
    "date": pl.Date,
    "choice": pl.String,
    "references": pl.String,
}

PLACE = {
    "submission": pl.String,
    "agency": pl.String,
    "key": pl.String,
    "kind": pl.String,
    "parent": pl.String,
    "row": pl.Int32,
}
"""The columns before the answers: which submission and agency; the row's key, kind and
parent; the sheet row it was read from, counted from zero (-1 for a row that was missing)."""


def held(form: Form) -> tuple[Column, ...]:
    """The columns of a form whose values a frame holds: answers and given figures."""
    return tuple(c for c in form.columns if c.role in ("answer", "given") or c.open_kinds)


def answers_schema(form: Form) -> pl.Schema:
    """The schema of a form's answers: PLACE, then one column for each held column.

    A choice is held as its code; references as numbers joined by "; ". A cell that is empty,
    or whose text could not be read (it then has a finding), is null.
    """
    return pl.Schema({**PLACE, **{c.key: DTYPES[c.type] for c in held(form)}})


def word_value(form: Form, column: Column, row: Mapping[str, Any], value: Any) -> str:  # noqa: ANN401 - any cell
    """A held value of a row (`PLACE`) as people read it: label, day, number or text."""
    if isinstance(value, dt.date):
        return format_date(value)
    if isinstance(value, float):
        return format_number(value)
    choices = form.choices_for(column, row["kind"], row["parent"], closed=True)
    labels = {choice.code: choice.label for choice in choices.choices} if choices else {}
    return labels.get(value, str(value))


class HeldRows(NamedTuple):
    """A form's answers as plain values by column, in the order of `answers_schema`."""

    form: Form
    columns: list[list[Any]]

    def make_frame(self) -> pl.DataFrame:
        """The same as a frame."""
        schema = answers_schema(self.form)
        return pl.DataFrame(dict(zip(schema, self.columns, strict=True)), schema=schema)


class Answers(MutableMapping[str, pl.DataFrame]):
    """The answers of one submission by form key; a frame is made once it is asked for.

    A frame has a price, however small it is: those who want the answers of many submissions
    take them by :func:`join_answers`, which makes one.
    """

    def __init__(self, rows: Mapping[str, HeldRows]) -> None:
        self.held: dict[str, HeldRows | pl.DataFrame] = dict(rows)

    def __getitem__(self, key: str) -> pl.DataFrame:
        found = self.held[key]
        if isinstance(found, HeldRows):
            found = self.held[key] = found.make_frame()
        return found

    def __setitem__(self, key: str, frame: pl.DataFrame) -> None:
        self.held[key] = frame

    def __delitem__(self, key: str) -> None:
        del self.held[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)

    def __contains__(self, key: object) -> bool:
        return key in self.held


def join_answers(key: str, answers: Iterable[Mapping[str, pl.DataFrame]]) -> list[pl.DataFrame]:
    """The answers to one form in order, neighbours that were read by the same form as one frame."""
    found = (a.held[key] if isinstance(a, Answers) else a[key] for a in answers)
    frames: list[pl.DataFrame] = []
    for form, group in groupby(found, lambda f: f.form if isinstance(f, HeldRows) else None):
        parts = list(group)
        if form is None:
            frames += [part for part in parts if isinstance(part, pl.DataFrame)]
            continue
        columns = zip(*(part.columns for part in parts), strict=True)
        frames.append(HeldRows(form, [list(chain.from_iterable(c)) for c in columns]).make_frame())
    return frames


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """What the reader changed to read a cell, so that nothing is changed in silence."""

    form: str
    sheet: str
    row: int
    column: int
    row_key: str
    column_key: str
    before: str
    after: str
    why: str

    @property
    def is_visible(self) -> bool:
        """Whether people see that something changed, be it a text that became a number or day.

        Blanks and other ways to code the same letters are not seen.
        """
        return self.before == self.after or clean(self.before) != clean(self.after)


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that a return took over from an earlier one, and where it stands there.

    `row` and `at` (the column) count from zero. Of a row that was taken over `whole` nothing
    stands in the return's own file.
    """

    form: str
    key: str
    column: str
    submission: str
    file: str
    sheet: str
    row: int
    at: int
    whole: bool


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One returned workbook, read.

    `answers` maps a form key to its frame (`answers_schema`); `columns` maps a form key to
    the sheet column of each column key, `sheets` to the sheet's name as returned. A file
    that could not be read as one of ours has findings that block and no answers.
    `unread` holds (form, row key, column key) of cells whose text could not be read.
    `extra` holds what the agency added outside the form: sheet name to rows of values.
    `base` is the id of the submission whose correction this is, as the file says it; "" where
    it is the form as it was sent out. `taken` are the answers that stand in an earlier return.
    """

    id: str
    file: str
    agency: str = ""
    plan: str = ""
    period: str = ""
    digest: str = ""
    base: str = ""
    answers: MutableMapping[str, pl.DataFrame] = {}
    sheets: dict[str, str] = {}
    columns: dict[str, dict[str, int]] = {}
    findings: tuple[Finding, ...] = ()
    repairs: tuple[Repair, ...] = ()
    unread: frozenset[tuple[str, str, str]] = frozenset()
    extra: dict[str, list[list[str]]] = {}
    taken: tuple[Taken, ...] = ()

    @property
    def readable(self) -> bool:
        """Whether the file is one of ours and its answers were read."""
        return bool(self.answers)

    def is_blank(self, forms: Mapping[str, Form]) -> bool:
        """Whether it is one of ours in which nothing was answered: a form sent back as it came.

        What we wrote into it ourselves is no answer: given figures, and rows that stand closed.
        """
        return self.readable and not any(
            value is not None and value != CLOSED
            for key, columns in held_columns(self.answers)
            if key in forms
            for column in forms[key].answers
            for value in columns.get(column.key, ())
        )


def held_columns(
    answers: Mapping[str, pl.DataFrame],
) -> Iterator[tuple[str, dict[str, list[Any]]]]:
    """Each form's key, and its answers as plain values by column."""
    # what was not asked for as a frame is looked at as it is held
    held = answers.held if isinstance(answers, Answers) else answers
    for key, rows in held.items():
        if isinstance(rows, HeldRows):
            yield key, dict(zip(answers_schema(rows.form), rows.columns, strict=True))
        else:
            yield key, {name: rows[name].to_list() for name in rows.columns}
