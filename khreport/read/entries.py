"""What one filled cell says: a value, or the code of what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from typing import Any

import msgspec

from khreport.dates import format_date, parse_date
from khreport.forms import ChoiceList, Column
from khreport.legacy import Encoding, read_legacy
from khreport.quantities import format_number, parse_number
from khreport.raw import Look
from khreport.read.locate import Broken, as_text, is_blank
from khreport.rows import FormRow
from khreport.text import fold, suggest

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
PER_CENT = "%"
FULL_PER_CENT = 100
FIRST_YEAR = 1910
"""A day before it is a year or another number, typed into a cell that shows dates."""
DAY_ZERO = dt.date(1899, 12, 30)
SERIALS = range((dt.date(2000, 1, 1) - DAY_ZERO).days, (dt.date(2100, 1, 1) - DAY_ZERO).days)
"""Numbers that a spreadsheet shows for the days of this century where a cell is no date."""
REFERENCE = re.compile(r"[0-9]{1,4}")
BETWEEN_REFERENCES = re.compile(r"[;,\s]+(?:và\s)?")
LONGEST_POINTER = 60
POINTING_WORD = re.compile(r"trên|kèm|nt\b|n/t|n\.t|gửi|như", re.IGNORECASE)
PLACE_ABOVE = "(?: (?:ô|mục|dòng|phần|nhiệm vụ|nội dung|điểm|ý|ở|tại|đã nêu|đã báo cáo))*"
ELSEWHERE = re.compile(
    rf"n ?[/.]? ?t|(?:tương tự )?(?:như|giống|theo|xem)?{PLACE_ABOVE} trên(?: đây)?"
    r"|(?:như|theo|xem|có|tại|đã nêu|đã có|chi tiết|số liệu|nội dung|kèm| )*"
    r" ?(?:báo cáo|văn bản|phụ lục|biểu|bảng|danh sách|tệp|file|tài liệu|công văn)"
    r"(?: chi tiết| riêng| này)?(?: đã)? (?:kèm theo|kèm|đính kèm|gửi kèm|gửi)"
    r"|như (?:báo cáo|văn bản|phụ lục|biểu)"
)
"""Texts, folded and without signs, that only point to what stands elsewhere."""


class Entry(msgspec.Struct, frozen=True):
    """What a cell says: a value, and why it had to be mended; or the code of what is wrong.

    `doubt` is the code of what is asked although the value stands.
    """

    value: Any = None
    why: str | None = None
    code: str | None = None
    parts: dict[str, str] = {}
    doubt: str | None = None


class Days(msgspec.Struct, frozen=True):
    """The days that the rules of a column allow; None is no bound."""

    first: dt.date | None = None
    last: dt.date | None = None

    def __contains__(self, day: dt.date) -> bool:
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


ANY_DAY = Days()


def read_entry(  # noqa: PLR0913 - what a cell says depends on all of them
    value: object,
    column: Column,
    row: FormRow,
    choices: ChoiceList | None,
    *,
    looks: Collection[Look] = (),
    days: Days = ANY_DAY,
) -> Entry:
    """What a filled cell says; `looks` is how it is shown, `days` what its rules allow."""
    code = _find_lack(value, looks)
    if code is not None or is_blank(value):
        return Entry(code=code)
    said = read_legacy(value, _encoding(looks)) if isinstance(value, str) else None
    if said is not None:
        return _converted(said, read_entry(said, column, row, choices, days=days))
    if choices is not None:
        return read_choice(value, choices)
    if column.type in ("number", "whole"):
        measure = row.mirror.get("measure") or column.measure
        whole = column.type == "whole"
        entry = read_number(value, measure, whole=whole, percent="per_cent" in looks)
        return _doubt_share(value, entry, column, measure)
    if column.type == "date":
        return read_date(value, days)
    return read_references(value) if column.type == "references" else read_text(value)


def _find_lack(value: object, looks: Collection[Look]) -> str | None:
    """The code of what keeps a cell from being read at all."""
    if isinstance(value, Broken):
        return "cell.formula" if value.text.startswith("=") else "cell.error"
    if "struck" in looks and not is_blank(value):
        return "cell.struck"
    failed = isinstance(value, str) and (value.strip() in ERRORS or value.startswith("Err:"))
    return "cell.error" if failed else None


def _encoding(looks: Collection[Look]) -> Encoding | None:
    encodings: tuple[Encoding, ...] = ("tcvn3", "tcvn3_capitals", "vni")
    return next((encoding for encoding in encodings if encoding in looks), None)


def _converted(said: str, entry: Entry) -> Entry:
    why = "; ".join(filter(None, ["đổi từ bảng mã cũ (TCVN3, VNI) sang Unicode", entry.why]))
    parts = {"shown": as_text(said), **entry.parts}
    return msgspec.structs.replace(entry, why=why, parts=parts)


def _doubt_share(value: object, entry: Entry, column: Column, measure: str) -> Entry:
    """The entry, doubted where it may be a share of one in a column of per cent up to 100."""
    number = entry.value
    if number is None or not 0 < number < 1:
        return entry
    if measure != PER_CENT or column.maximum != FULL_PER_CENT or entry.parts.get("before"):
        return entry
    if isinstance(value, str) and PER_CENT in value:
        return entry
    parts = entry.parts | {"second": format_number(float(f"{number * FULL_PER_CENT:.12g}"))}
    return msgspec.structs.replace(entry, parts=parts, doubt="cell.percent_small")


def points_elsewhere(text: str) -> bool:
    """Whether a text says nothing but where to look: "như trên", "-nt-", "như báo cáo kèm theo".

    >>> [points_elsewhere(text) for text in ("-nt-", "(Như báo cáo kèm theo)", "Như trên cả nước")]
    [True, True, False]
    """
    if len(text) > LONGEST_POINTER or POINTING_WORD.search(text) is None:
        return False
    said = " ".join(re.sub(r"[^\w/]+", " ", fold(text)).split()).strip("/ ")
    return ELSEWHERE.fullmatch(said) is not None


def read_text(value: object) -> Entry:
    """Text, blanks tidied and letters composed; a number as one would write it.

    >>> read_text(12.0).value, read_text("  Sở   Xây dựng ").value
    ('12', 'Sở Xây dựng')
    """
    text = as_text(value)
    if points_elsewhere(text):
        return Entry(code="cell.elsewhere")
    if isinstance(value, str) and not unicodedata.is_normalized("NFC", value):
        return Entry(text, "đưa chữ có dấu về dạng Unicode dựng sẵn", parts={"shown": text})
    return Entry(text)


def read_number(
    value: object, measure: str = "", *, whole: bool = False, percent: bool = False
) -> Entry:
    """A number; `measure` is the unit that may stand behind it, `percent` how the cell shows it.

    >>> read_number("1.234,5").value, read_number("mười").code
    (1234.5, 'cell.not_number')
    >>> read_number(0.75, "%", percent=True).value
    75.0
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
        if percent:
            return _read_percent(float(value), measure)
        number = float(value)
    else:
        return Entry(code="cell.not_number")
    if whole and not number.is_integer():
        return Entry(code="cell.not_whole")
    return Entry(number, why, parts={"shown": format_number(number)} if why else {})


def _read_percent(share: float, measure: str) -> Entry:
    """What a cell shows that holds 0.75 and shows 75%."""
    number = float(f"{share * FULL_PER_CENT:.12g}")
    shown = format_number(number) + PER_CENT
    if parse_number("1" + PER_CENT, measure).value is None:
        return Entry(code="cell.number_unit", parts={"shown": shown})
    parts = {"before": shown, "shown": format_number(number)}
    return Entry(number, "ô hiện số theo phần trăm, đọc số đang hiện", parts=parts)


def read_date(value: object, days: Days = ANY_DAY) -> Entry:
    """A day.

    >>> read_date("15-12-24").value, read_date(dt.date(1905, 7, 16)).parts
    (datetime.date(2024, 12, 15), {'shown': '2024'})
    """
    why = None
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        if value.year < FIRST_YEAR:
            typed = str((value - DAY_ZERO).days)
            return Entry(code="cell.not_date", parts={"shown": typed})
        day = value
    else:
        serial = _read_serial(value)
        if serial is not None:
            return Entry(code="cell.date_serial", parts={"second": format_date(serial)})
        if not isinstance(value, str):
            return Entry(code="cell.not_date")
        reading = parse_date(value)
        if reading.value is None:
            return Entry(code=DATE_CODES.get(reading.problem or "", "cell.not_date"))
        day, why = reading.value, reading.why or "ô ghi dạng chữ, đọc thành ngày"
    swapped = _swap(day)
    if day not in days and swapped is not None and swapped in days:
        return Entry(code="cell.date_swapped", parts={"second": format_date(swapped)})
    return Entry(day, why, parts={"shown": format_date(day)} if why else {})


def _read_serial(value: object) -> dt.date | None:
    """The day that a bare number stands for, where it can be one of this century."""
    if isinstance(value, str):
        text = value.strip()
        number = int(text) if text.isascii() and text.isdigit() and len(text) == 5 else 0  # noqa: PLR2004
    elif isinstance(value, float | int) and not isinstance(value, bool) and value - value == 0:
        number = int(value)
    else:
        return None
    return DAY_ZERO + dt.timedelta(days=number) if number in SERIALS else None


def _swap(day: dt.date) -> dt.date | None:
    try:
        return dt.date(day.year, day.day, day.month)
    except ValueError:
        return None


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
