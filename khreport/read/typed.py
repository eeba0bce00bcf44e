"""Raw cells as typed columns: each cell a value, or a finding with what stands there."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from khreport.checks.reach import NONE_COLUMNS, constant_limit, days_of, says_none
from khreport.columns import CLOSED, STATUS
from khreport.edition import Edition
from khreport.forms import ChoiceList, Column, Form
from khreport.given import KEPT
from khreport.legacy import may_be_legacy
from khreport.messages import quote
from khreport.plan import Plan
from khreport.quantities import format_number
from khreport.read.account import Account, Spot
from khreport.read.entries import ANY_DAY, Days, Entry, read_entry
from khreport.read.located import NO_ROW, Located, as_text, is_blank
from khreport.read.pointers import points_elsewhere
from khreport.rows import FormRow
from khreport.text import clean, fold

PLAIN_START = re.compile(r"[^#=E\s]")
"""How a text begins that can be no formula, and no error of a spreadsheet program."""


def read_column(account: Account, located: Located, column: Column) -> list[Any]:
    """The column's values in the order of `located.rows`, of the type that frames hold."""
    at = located.columns.get(column.key)
    if at is None:
        return [row.given.get(column.key) for row in located.rows]
    cells, form = located.cells, account.form
    asks = {
        kind: column.role == "given" or (kind is not None and column.asks(kind))
        for kind in {row.kind for row in located.rows}
    }
    looks = located.looks
    days = allowed_days(account.edition, form, column) if column.type == "date" else ANY_DAY
    values: list[Any] = []
    for index, row in zip(located.at, located.rows, strict=True):
        # what we gave is not the agency's to say, whatever stands there now
        value = "" if index == NO_ROW or column.key in row.given else cells[index][at]
        if value == "":
            values.append(row.given.get(column.key))
        elif unused := _name_unused(located, index, row, column, asks=asks[row.kind]):
            values.append(None)
            if column.role == "answer" and not is_blank(value):
                spot = Spot(index=index, at=at, row=row, column=column)
                account.tell(unused, spot, as_text(value))
        else:
            choices = None
            if row.kind and (column.lists or row.kind == "field"):
                choices = form.choices_for(column, row.kind, row.parent, closed=row.closed)
            shown = looks.get((index, at), ())
            if type(value) is str and not shown:
                known = _read_plainly(value, column, choices)
                if known is not None:
                    values.append(known)
                    continue
            aim = find_aim(account.edition.plan, row) if column.type == "number" else None
            entry = read_entry(value, column, row, choices, looks=shown, days=days, aim=aim)
            if entry.code is not None or entry.why is not None or entry.doubt is not None:
                _book(account, Spot(index=index, at=at, row=row, column=column), value, entry)
            values.append(entry.value)
    return values


def _name_unused(
    located: Located, index: int, row: FormRow, column: Column, *, asks: bool
) -> str | None:
    """The code that tells why an answer is not taken; None where it is.

    A row that last period completed keeps what it said then, as long as it says that it was.
    """
    if not asks:
        return "cell.not_asked"
    at = located.columns.get(STATUS)
    if not row.closed or column.key not in KEPT or at is None or not (row.kind and row.given):
        return None
    said = as_text(located.cells[index][at])
    closed = fold(said) == fold(located.form.label(STATUS, CLOSED, row.kind))
    return "cell.closed" if closed else None


def _read_plainly(text: str, column: Column, choices: ChoiceList | None) -> str | None:
    """What a text says that is read as it stands, as most are; else None."""
    if choices is not None:
        return choices.code_of.get(text)
    plain = (
        column.type == "text"
        and PLAIN_START.match(text) is not None
        and clean(text) is text
        and not may_be_legacy(text)
        and not points_elsewhere(text, column.key)
        and not (column.key in NONE_COLUMNS and says_none(text))
    )
    return text if plain else None


def find_aim(plan: Plan, row: FormRow) -> float | None:
    """The least that the plan aims at for the row's indicator; None where it sets a ceiling."""
    indicator = plan.indicator.get(row.parent) if row.kind == "indicator" else None
    if indicator is None or any(t.comparator == "at_most" for t in indicator.targets):
        return None
    return min((target.value for target in indicator.targets), default=None)


def allowed_days(edition: Edition, form: Form, column: Column) -> Days:
    """The days that the rules of a column allow in any row, whatever else it says."""
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
        if rule.trial or rule.when or rule.kinds or rule.rows:
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
    # what a text may say is too long to be an example of how it is entered
    example = _find_example(account.edition.plan, row, column)
    hint = f" Ví dụ {example}." if example and column.type != "text" else ""
    parts = {"hint": hint}
    parts |= {"range": _range(column), **entry.parts}
    # a number may have hundreds of digits
    parts |= {name: quote(parts[name]) for name in ("first", "second") if name in parts}
    before = parts.pop("before", None) or as_text(value)
    after = parts.pop("shown", None)
    if entry.code is not None:
        account.tell(entry.code, spot, after or before, **parts)
        account.unread.append((account.form.key, row.key, column.key))
    elif entry.why is not None:
        account.mend(spot, before, after or "", entry.why)
    if entry.doubt is not None:
        account.tell(entry.doubt, spot, after or before, **parts)


def _find_example(plan: Plan, row: FormRow, column: Column) -> str:
    """How the cell may be filled; in an indicator's unit where the column has none of its own."""
    indicator = plan.indicator.get(row.parent) if row.kind == "indicator" else None
    if column.type != "number" or column.measure or indicator is None or not indicator.targets:
        return column.example
    return format_number(indicator.targets[-1].value)


def _range(column: Column) -> str:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return f" từ {format_number(low)} đến {format_number(high)}"
    if low is not None:
        return f" từ {format_number(low)} trở lên"
    return f" không quá {format_number(high)}" if high is not None else ""
