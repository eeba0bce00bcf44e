"""Frames of answers: their columns follow from the forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import polars as pl

from khreport.findings import Finding

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


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One returned workbook, read.

    `answers` maps a form key to its frame (`answers_schema`); `columns` maps a form key to
    the sheet column of each column key, `sheets` to the sheet's name as returned. A file
    that could not be read as one of ours has findings that block and no answers.
    `unread` holds (form, row key, column key) of cells whose text could not be read.
    `extra` holds what the agency added outside the form: sheet name to rows of values.
    """

    id: str
    file: str
    agency: str = ""
    plan: str = ""
    period: str = ""
    digest: str = ""
    answers: dict[str, pl.DataFrame] = {}
    sheets: dict[str, str] = {}
    columns: dict[str, dict[str, int]] = {}
    findings: tuple[Finding, ...] = ()
    repairs: tuple[Repair, ...] = ()
    unread: frozenset[tuple[str, str, str]] = frozenset()
    extra: dict[str, list[list[str]]] = {}

    @property
    def readable(self) -> bool:
        """Whether the file is one of ours and its answers were read."""
        return bool(self.answers)
