"""Raw cells as typed columns: each cell a value, or a finding with what stands there."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

import msgspec

from khreport.dates import format_date, parse_date
from khreport.forms import ChoiceList, Column, Form
from khreport.quantities import format_number, parse_number
from khreport.read.account import Account, Spot
from khreport.read.locate import NO_ROW, Broken, Located, as_text, is_blank
from khreport.rows import FormRow
from khreport.text import clean, fold, suggest

ERRORS = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!")
)
NUMBER_CODES = {
    "words": "cell.number_words",
    "several": "cell.number_several",
    "unit": "cell.number_unit",
    "too_long": "cell.number_long",
}
DATE_CODES = {
    "impossible": "cell.date_impossible",
    "imprecise": "cell.date_imprecise",
    "no_year": "cell.date_imprecise",
}
FIRST_YEAR = 1910
"""A day before it is a year or another number, typed into a cell that shows dates."""
DAY_ZERO = dt.date(1899, 12, 30)
REFERENCE = re.compile(r"[0-9]{1,4}")
BETWEEN_REFERENCES = re.compile(r"[;,\s]+(?:và\s)?")
PLAIN_START = re.compile(r"[^#E\s]")
"""How a text begins that can be no error of a spreadsheet program."""


class Entry(msgspec.Struct, frozen=True):
    """What a cell says: a value, and why it had to be mended; or the code of what is wrong."""

    value: Any = None
    why: str | None = None
    code: str | None = None
    parts: dict[str, str] = {}


def read_column(account: Account, located: Located, column: Column) -> list[Any]:
    """The column's values in the order of `located.rows`, of the type that frames hold."""
    at = located.columns.get(column.key)
    if at is None:
        return [None] * len(located.rows)
    cells, form = located.cells, account.form
    asks = {
        row.kind: column.role == "given" or (row.kind is not None and column.asks(row.kind))
        for row in located.rows
    }
    plain = column.type == "text" and not column.lists
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
        elif plain and type(value) is str and PLAIN_START.match(value) and clean(value) is value:
            values.append(value)
        else:
            entry = read_entry(value, column, row, _list_of(form, column, row))
            spot = Spot(index=index, at=at, row=row, column=column)
            values.append(_book(account, spot, value, entry))
    return values


def _list_of(form: Form, column: Column, row: FormRow) -> ChoiceList | None:
    if row.kind == "field":
        key = next((field.list for field in form.fields if field.key == row.parent), None)
    else:
        key = column.list_for(row.kind) if row.kind else None
    return form.choice_list[key] if key else None


def _book(account: Account, spot: Spot, value: object, entry: Entry) -> Any:  # noqa: ANN401
    """The entry's value, its finding or repair being in the account."""
    column, row = spot.column, spot.row
    if column is None or row is None:
        return entry.value
    if entry.code is not None:
        parts = {"hint": f" Ví dụ {column.example}." if column.example else ""}
        parts |= {"range": _range(column), **entry.parts}
        account.tell(entry.code, spot, parts.pop("shown", None) or as_text(value), **parts)
        account.unread.append((account.form.key, row.key, column.key))
    elif entry.why is not None:
        account.mend(spot, as_text(value), entry.parts.get("shown", ""), entry.why)
    return entry.value


def _range(column: Column) -> str:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return f" từ {format_number(low)} đến {format_number(high)}"
    if low is not None:
        return f" từ {format_number(low)} trở lên"
    return f" không quá {format_number(high)}" if high is not None else ""


def read_entry(value: object, column: Column, row: FormRow, choices: ChoiceList | None) -> Entry:
    """What a filled cell says."""
    if isinstance(value, Broken):
        return Entry(code="cell.formula" if value.text.startswith("=") else "cell.error")
    if is_blank(value):
        return Entry()
    if isinstance(value, str) and (value.strip() in ERRORS or value.startswith("Err:")):
        return Entry(code="cell.error")
    if choices is not None:
        return read_choice(value, choices)
    if column.type in ("number", "whole"):
        measure = row.mirror.get("measure") or ("%" if "%" in column.heading else "")
        return read_number(value, measure, whole=column.type == "whole")
    read = {"date": read_date, "references": read_references}.get(column.type, read_text)
    return read(value)


def read_text(value: object) -> Entry:
    """Text, blanks tidied and letters composed; a number as one would write it.

    >>> read_text(12.0).value, read_text("  Sở   Xây dựng ").value
    ('12', 'Sở Xây dựng')
    """
    text = as_text(value)
    if isinstance(value, str) and not unicodedata.is_normalized("NFC", value):
        return Entry(text, "đưa chữ có dấu về dạng Unicode dựng sẵn", parts={"shown": text})
    return Entry(text)


def read_number(value: object, measure: str = "", *, whole: bool = False) -> Entry:
    """A number; `measure` is the unit that may stand behind it.

    >>> read_number("1.234,5").value, read_number("mười").code
    (1234.5, 'cell.not_number')
    """
    why = None
    if isinstance(value, str):
        reading = parse_number(value, measure)
        if reading.problem == "ambiguous" and reading.between:
            first, second = map(format_number, reading.between)
            return Entry(code="cell.number_ambiguous", parts={"first": first, "second": second})
        if reading.value is None:
            return Entry(code=NUMBER_CODES.get(reading.problem or "", "cell.not_number"))
        number, why = reading.value, reading.why or "ô ghi dạng chữ, đọc thành số"
    elif isinstance(value, int | float) and not isinstance(value, bool) and value - value == 0:
        number = float(value)
    else:
        return Entry(code="cell.not_number")
    if whole and not number.is_integer():
        return Entry(code="cell.not_whole")
    return Entry(number, why, parts={"shown": format_number(number)} if why else {})


def read_date(value: object) -> Entry:
    """A day.

    >>> read_date("15-12-24").value, read_date(dt.date(1905, 7, 16)).parts
    (datetime.date(2024, 12, 15), {'shown': '2024'})
    """
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        if value.year < FIRST_YEAR:
            typed = str((value - DAY_ZERO).days)
            return Entry(code="cell.not_date", parts={"shown": typed})
        return Entry(value)
    if not isinstance(value, str):
        return Entry(code="cell.not_date")
    reading = parse_date(value)
    if reading.value is None:
        return Entry(code=DATE_CODES.get(reading.problem or "", "cell.not_date"))
    why = reading.why or "ô ghi dạng chữ, đọc thành ngày"
    return Entry(reading.value, why, parts={"shown": format_date(reading.value)})


def read_choice(value: object, choices: ChoiceList) -> Entry:
    """The code of the listed value that the cell names."""
    text = as_text(value)
    for choice in choices.choices:
        if choice.label == text:
            return Entry(choice.code)
    folded = fold(text)
    for choice in choices.choices:
        if fold(choice.label) == folded:
            return Entry(
                choice.code, "viết đúng như trong danh sách", parts={"shown": choice.label}
            )
    near = suggest(text, choices.labels)
    if near is not None:
        return Entry(code="cell.choice_near", parts={"suggestion": near})
    return Entry(code="cell.not_choice", parts={"hint": f" Ví dụ “{choices.labels[0]}”."})


def read_references(value: object) -> Entry:
    """The numbers of listed documents, joined by "; ".

    >>> read_references("1, 3 và 4").value, read_references(1.0).value
    ('1; 3; 4', '1')
    """
    text = as_text(value)
    numbers = [number for number in BETWEEN_REFERENCES.split(text) if number]
    listed = isinstance(value, str) or (isinstance(value, float | int) and value == value // 1)
    if isinstance(value, bool) or not listed or not all(map(REFERENCE.fullmatch, numbers)):
        return Entry(code="cell.not_references")
    joined = "; ".join(dict.fromkeys(str(int(number)) for number in numbers))
    if not joined:
        return Entry(code="cell.not_references")
    if joined.replace(" ", "") == text.replace(" ", ""):
        return Entry(joined)
    return Entry(joined, "viết các số cách nhau bằng dấu chấm phẩy", parts={"shown": joined})
