"""Raw cells as typed columns: each cell a value, or a finding with what stands there."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from khreport.checks.facts import days_of
from khreport.checks.kinds import constant_limit
from khreport.edition import Edition
from khreport.forms import ChoiceList, Column, Form
from khreport.legacy import may_be_legacy
from khreport.quantities import format_number
from khreport.read.account import Account, Spot
from khreport.read.entries import ANY_DAY, Days, Entry, points_elsewhere, read_entry
from khreport.read.locate import NO_ROW, Located, as_text, is_blank
from khreport.text import clean

PLAIN_START = re.compile(r"[^#E\s]")
"""How a text begins that can be no error of a spreadsheet program."""


def read_column(account: Account, located: Located, column: Column) -> list[Any]:
    """The column's values in the order of `located.rows`, of the type that frames hold."""
    at = located.columns.get(column.key)
    if at is None:
        return [None] * len(located.rows)
    cells, form = located.cells, account.form
    asks = {
        kind: column.role == "given" or (kind is not None and column.asks(kind))
        for kind in {row.kind for row in located.rows}
    }
    looks = located.looks
    days = allowed_days(account.edition, form, column) if column.type == "date" else ANY_DAY
    values: list[Any] = []
    for index, row in zip(located.at, located.rows, strict=True):
        value = "" if index == NO_ROW else cells[index][at]
        if value == "":
            values.append(None)
        elif not asks[row.kind]:
            values.append(None)
            if column.role == "answer" and not is_blank(value):
                spot = Spot(index=index, at=at, row=row, column=column)
                account.tell("cell.not_asked", spot, as_text(value))
        else:
            choices = None
            if row.kind and (column.lists or row.kind == "field"):
                choices = form.choices_for(column, row.kind, row.parent)
            shown = looks.get((index, at), ())
            if type(value) is str and not shown:
                known = _read_plainly(value, column, choices)
                if known is not None:
                    values.append(known)
                    continue
            entry = read_entry(value, column, row, choices, looks=shown, days=days)
            if entry.code is not None or entry.why is not None or entry.doubt is not None:
                _book(account, Spot(index=index, at=at, row=row, column=column), value, entry)
            values.append(entry.value)
    return values


def _read_plainly(text: str, column: Column, choices: ChoiceList | None) -> str | None:
    """What a text says that is read as it stands, as most are; else None."""
    if choices is not None:
        return choices.code_of.get(text)
    plain = (
        column.type == "text"
        and PLAIN_START.match(text) is not None
        and clean(text) is text
        and not may_be_legacy(text)
        and not points_elsewhere(text)
    )
    return text if plain else None


def allowed_days(edition: Edition, form: Form, column: Column) -> Days:
    """The days that the rules of a column allow, as far as they are the same for all rows."""
    kept: Days | None = edition.kept.get((allowed_days, form.key, column.key))
    if kept is None:
        kept = edition.kept[allowed_days, form.key, column.key] = _find_days(edition, form, column)
    return kept


def _find_days(edition: Edition, form: Form, column: Column) -> Days:
    days = days_of(edition.plan, edition.period)
    firsts: list[dt.date] = []
    lasts: list[dt.date] = []
    for rule in edition.rules:
        if rule.form != form.key or rule.columns[0] != column.key or rule.severity != "error":
            continue
        limit = constant_limit(rule, days)
        if isinstance(limit, dt.date):
            bounds = {"not_before": firsts, "not_after": lasts}.get(rule.kind, [])
            bounds.append(limit)
    return Days(max(firsts, default=None), min(lasts, default=None))


def _book(account: Account, spot: Spot, value: object, entry: Entry) -> None:
    """Nothing; the entry's findings or repair are in the account."""
    column, row = spot.column, spot.row
    if column is None or row is None:
        return
    parts = {"hint": f" Ví dụ {column.example}." if column.example else ""}
    parts |= {"range": _range(column), **entry.parts}
    before = parts.pop("before", None) or as_text(value)
    after = parts.pop("shown", None)
    if entry.code is not None:
        account.tell(entry.code, spot, after or before, **parts)
        account.unread.append((account.form.key, row.key, column.key))
    elif entry.why is not None:
        account.mend(spot, before, after or "", entry.why)
    if entry.doubt is not None:
        account.tell(entry.doubt, spot, after or before, **parts)


def _range(column: Column) -> str:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return f" từ {format_number(low)} đến {format_number(high)}"
    if low is not None:
        return f" từ {format_number(low)} trở lên"
    return f" không quá {format_number(high)}" if high is not None else ""
