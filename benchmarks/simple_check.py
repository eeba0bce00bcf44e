"""A plain way to check one returned workbook with polars and pandera, to compare ours with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from khreport.checks.form_rules import form_rules
from khreport.checks.kinds import faulty
from khreport.checks.reach import ROW_KINDS, days_of
from khreport.edition import Edition, Token
from khreport.forms import Column, Form
from khreport.frames import DTYPES, held
from khreport.rules import Rule

Rows = Sequence[Sequence[Any]]


class SimpleCheck:
    """The schema of every form, made once; each form of each workbook is one pandera call."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.kinds = {(q.form, q.key): q.kind for q in edition.questions}
        self.schemas = {form.key: self._make_schema(form) for form in edition.forms}

    def count_rows(self, sheets: Iterable[Rows]) -> int:
        """How many rows of answers the sheets hold; all of them were checked."""
        counted = 0
        for rows in sheets:
            token = Token.parse(str(rows[0][0] or "")) if rows and rows[0] else None
            if token is None:
                continue
            form = self.edition.form[token.form]
            frame = pl.DataFrame(
                list(self._records(form, rows)), schema=self._frame_schema(form), strict=False
            )
            try:
                self.schemas[form.key].validate(frame, lazy=True)
            except SchemaErrors as error:
                _ = error.failure_cases
            counted += frame.height
        return counted

    def _records(self, form: Form, rows: Rows) -> Iterator[dict[str, Any]]:
        keys = rows[0]
        for row in rows[1:]:
            key = str(row[0] or "")
            kind = self._kind(form, key)
            if kind is not None:
                record = dict(zip(keys, row, strict=False))
                values = {c.key: _value(form, c, kind, record.get(c.key)) for c in held(form)}
                yield {"key": key, "kind": kind, **values}

    def _kind(self, form: Form, key: str) -> str | None:
        if form.rows in ("fields", "records"):
            return ROW_KINDS[form.rows] if key.startswith(form.key + ".") else None
        return self.kinds.get((form.key, key))

    @staticmethod
    def _frame_schema(form: Form) -> dict[str, type[pl.DataType]]:
        own = {c.key: DTYPES[c.type] for c in held(form)}
        return {"key": pl.String, "kind": pl.String, **own}

    def _make_schema(self, form: Form) -> pa.DataFrameSchema:
        known = self._frame_schema(form)
        days = days_of(self.edition.plan, self.edition.period)
        checks: dict[str, list[pa.Check]] = {}
        cards = (each for card in self.edition.rules for each in card.spread())
        for rule in (*form_rules(form), *cards):
            # lines that repeat others are looked for within a submission, which is no column here
            if rule.form == form.key and rule.kind != "unique" and {*rule.names} <= {*known, *days}:
                sound = ~faulty(rule, form, days)
                checks.setdefault(rule.column, []).append(_make_check(rule, sound))
        return pa.DataFrameSchema(
            {
                name: pa.Column(dtype, checks.get(name), nullable=True)
                for name, dtype in known.items()
            }
        )


def _make_check(rule: Rule, sound: pl.Expr) -> pa.Check:
    return pa.Check(lambda data: data.lazyframe.select(sound), error=rule.id, ignore_na=False)


def _value(form: Form, column: Column, kind: str, value: Any) -> Any:  # noqa: ANN401 - any cell
    if value is None or value == "":
        return None
    if column.type == "date":
        return value.date() if isinstance(value, dt.datetime) else None
    if column.type in ("number", "whole"):
        return float(value) if isinstance(value, int | float) else None
    key = column.list_for(kind)  # type: ignore[arg-type]
    if key:
        codes = {c.label: c.code for c in form.choice_list[key].choices}
        return codes.get(str(value))
    return str(value).strip()
