"""What one filled cell says: a value, or the code of what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from typing import Any

import msgspec

from khreport.checks.reach import NONE_COLUMNS, says_none
from khreport.dates import format_date, parse_date
from khreport.forms import ChoiceList, Column
from khreport.legacy import Encoding, read_legacy
from khreport.quantities import format_number, parse_number, round_digits
from khreport.raw import Look
from khreport.read.located import Broken, as_text, is_blank
from khreport.read.pointers import points_elsewhere
from khreport.rows import FormRow
from khreport.text import fold, narrow, suggest

ERRORS = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!")
)
NUMBER_CODES = {
    "ambiguous": "cell.number_ambiguous",
    "power": "cell.number_power",
    "words": "cell.number_words",
    "signs": "cell.number_signs",
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
LEAST_AIM = 10
"""A target in per cent from which on a figure below 1 may well be a share of one."""
WHY_TIDIED = "bỏ ký tự không nhìn thấy, đưa chữ về dạng chuẩn"
NONE_SHOWN = "không có"
WHY_NONE = "câu trả lời là không có nên ô được coi là để trống"
HASHES = re.compile("#{2,}")
"""What a spreadsheet shows where a column is too narrow for the number or day."""
FORMULA = re.compile(
    r"=[-+(]*(?:(?:'[^']+'|[\w.]+)!)?(?:\$?[A-Z]{1,3}\$?[0-9]+\b|[A-Z][A-Z0-9.]*\().*",
    re.IGNORECASE | re.DOTALL,
)
"""What was typed as a formula into a cell that takes all for text."""
FIRST_YEAR = 1910
"""A day before it is a year or another number, typed into a cell that shows dates."""
ZONE = re.compile(r"(?<=:[0-9]{2})(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})$", re.IGNORECASE)
MIDNIGHT = re.compile(r"T17:00(?::00(?:\.0+)?)?Z\s*$")
"""How programs write the beginning of a day in Vietnam in universal time, a day early."""
AFTERNOON = re.compile(r"[ T]((?:1[2-9]|2[0-3]):[0-9]{2})[0-9:.]*$", re.IGNORECASE)
TURNED = re.compile(r"(0?[1-9]|1[0-2])[/.-](1[3-9]|2[0-9]|3[01])[/.-]([0-9]{4})")
"""A day that begins with its month, as it is written in other countries."""
NOON = dt.time(12)
NO_TIME = dt.time(0, 1)
"""Some programs write a day that begins half a minute late."""
LAST_DAY = dt.date.max - dt.timedelta(days=1)
DAY_ZERO = dt.date(1899, 12, 30)
SERIALS = range((dt.date(2000, 1, 1) - DAY_ZERO).days, (dt.date(2100, 1, 1) - DAY_ZERO).days)
"""Numbers that a spreadsheet shows for the days of this century where a cell is no date."""
MOST_IN_SPAN = 20
SPAN = re.compile(r"([0-9]{1,4})\s*(?:-|–|đến)\s*([0-9]{1,4})")
"""The first and last of several numbers."""
BEFORE_REFERENCE = re.compile(
    r"(?:các\s+)?(?:văn bản|vb|số thứ tự|số tt|stt|tt|số)\b[.:\s]*", re.IGNORECASE
)
REFERENCE = re.compile(r"[0-9]{1,4}")
BETWEEN_REFERENCES = re.compile(r"[;,\s]+(?:và\s)?")


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
    aim: float | None = None,
) -> Entry:
    """What a filled cell says.

    `looks` is how it is shown, `days` what its rules allow, `aim` the least that the plan aims
    at where the row is an indicator's.
    """
    code = _find_lack(value, looks)
    if code is not None or is_blank(value):
        return Entry(code=code)
    said = read_legacy(value, _encoding(looks)) if isinstance(value, str) else None
    if said is not None:
        return _converted(said, read_entry(said, column, row, choices, days=days, aim=aim))
    if choices is not None:
        return read_choice(value, choices)
    if column.type in ("number", "whole"):
        measure = row.mirror.get("measure") or column.measure
        whole = column.type == "whole"
        entry = read_number(value, measure, whole=whole, percent="per_cent" in looks)
        return _doubt_share(value, entry, column, measure, aim)
    if column.type == "date":
        return read_date(value, days)
    return read_references(value) if column.type == "references" else read_text(value, column.key)


def _find_lack(value: object, looks: Collection[Look]) -> str | None:
    """The code of what keeps a cell from being read at all."""
    if isinstance(value, Broken):
        return "cell.formula" if value.text.startswith("=") else "cell.error"
    if looks and not is_blank(value):
        if "struck" in looks:
            return "cell.struck"
        if "cut" in looks:
            return "cell.cut_short"
    if isinstance(value, str) and FORMULA.fullmatch(value.strip()):
        return "cell.formula"
    failed = isinstance(value, str) and (value.strip() in ERRORS or value.startswith("Err:"))
    if isinstance(value, str) and HASHES.fullmatch(value.strip()):
        return "cell.hashes"
    return "cell.error" if failed else None


def _encoding(looks: Collection[Look]) -> Encoding | None:
    encodings: tuple[Encoding, ...] = ("tcvn3", "tcvn3_capitals", "vni")
    return next((encoding for encoding in encodings if encoding in looks), None)


def _converted(said: str, entry: Entry) -> Entry:
    why = "; ".join(filter(None, ["đổi từ bảng mã cũ (TCVN3, VNI) sang Unicode", entry.why]))
    parts = {"shown": as_text(said), **entry.parts}
    return msgspec.structs.replace(entry, why=why, parts=parts)


def _doubt_share(
    value: object, entry: Entry, column: Column, measure: str, aim: float | None
) -> Entry:
    """The entry, doubted where it may be a share of one though per cent are asked for."""
    number = entry.value
    if number is None or not 0 < number < 1 or entry.parts.get("before"):
        return entry
    full = measure == PER_CENT and column.maximum == FULL_PER_CENT
    aimed = measure.startswith(PER_CENT) and aim is not None and aim >= LEAST_AIM
    if not (full or aimed):
        return entry
    if isinstance(value, str) and PER_CENT in value:
        return entry
    parts = entry.parts | {"second": format_number(float(f"{number * FULL_PER_CENT:.12g}"))}
    return msgspec.structs.replace(entry, parts=parts, doubt="cell.percent_small")


def read_text(value: object, column: str = "") -> Entry:
    """Text, blanks tidied and letters composed; a number as one would write it.

    `column` is the key of the column that it stands in.

    >>> read_text(12.0).value, read_text("  Sở   Xây dựng ").value
    ('12', 'Sở Xây dựng')
    """
    text = as_text(value)
    if column in NONE_COLUMNS and says_none(text):
        return Entry(None, WHY_NONE, parts={"shown": NONE_SHOWN})
    if points_elsewhere(text, column):
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
        if reading.value is None:
            code = NUMBER_CODES.get(reading.problem or "", "cell.not_number")
            shown = map(format_number, reading.between or ())
            parts = dict(zip(("first", "second"), shown, strict=False))
            if "first" in parts:
                parts["plain"] = parts["first"].replace(".", "")
            return Entry(code=code, parts=parts)
        number, why = reading.value, reading.why or "ô ghi dạng chữ, đọc thành số"
    elif isinstance(value, int | float) and not isinstance(value, bool) and value - value == 0:
        if percent:
            return _read_percent(float(value), measure)
        number = round_digits(value)
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
    entry = _read_stored_day(value) if isinstance(value, dt.date) else _read_typed_day(value)
    day = entry.value
    swapped = _swap(day) if day is not None and day not in days else None
    if swapped is not None and swapped in days:
        return Entry(code="cell.date_swapped", parts={"second": format_date(swapped)})
    return entry


def _read_stored_day(day: dt.date) -> Entry:
    """A day that the cell holds as one, with a time or without."""
    if day.year < FIRST_YEAR:
        return Entry(code="cell.not_date", parts={"shown": str((_drop_time(day) - DAY_ZERO).days)})
    if not isinstance(day, dt.datetime) or day.time() < NO_TIME:
        return Entry(_drop_time(day))
    typed = f"{format_date(day)} {day:%H:%M}"
    if day.time() >= NOON:
        return _doubt_day(day.date(), typed)
    return Entry(day.date(), "bỏ giờ", parts={"before": typed, "shown": format_date(day)})


def _drop_time(day: dt.date) -> dt.date:
    return day.date() if isinstance(day, dt.datetime) else day


def _read_typed_day(value: object) -> Entry:
    """A day that the cell holds as a text; a number is none, but may have been meant for one."""
    serial = _read_serial(value)
    if serial is not None:
        return Entry(code="cell.date_serial", parts={"second": format_date(serial)})
    said = ZONE.sub("", value.strip()) if isinstance(value, str) else ""
    reading = parse_date(said)
    day = reading.value
    if day is None:
        turned = TURNED.fullmatch(said)
        other = parse_date("{1}/{0}/{2}".format(*turned.groups())).value if turned else None
        if other is not None:
            parts = {"hint": f" Có phải {format_date(other)}?"}
            return Entry(code="cell.date_impossible", parts=parts)
        return Entry(code=DATE_CODES.get(reading.problem or "", "cell.not_date"))
    why = reading.why or "ô ghi dạng chữ, đọc thành ngày"
    if isinstance(value, str) and MIDNIGHT.search(value):
        day, why = day + dt.timedelta(days=1), "đổi từ giờ quốc tế sang ngày ở Việt Nam"
    elif clock := AFTERNOON.search(said):
        return _doubt_day(day, f"{format_date(day)} {clock[1]}")
    return Entry(day, why, parts={"shown": format_date(day)})


def _doubt_day(day: dt.date, shown: str) -> Entry:
    """What is asked of a day with a time after noon: it may stand for the next.

    Programs that count in universal time write the beginning of a day in Vietnam as 17:00 of
    the day before.
    """
    after = min(day, LAST_DAY) + dt.timedelta(days=1)
    parts = {"shown": shown, "first": format_date(day), "second": format_date(after)}
    return Entry(code="cell.date_clock", parts=parts)


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
    # blanks too many are no repair anywhere, signs that nobody sees are one
    typed = " ".join(filter(None, str(value).split(" ")))
    for choice in choices.choices:
        if choice.label == typed:
            return Entry(choice.code)
        if choice.label == text:
            return Entry(choice.code, WHY_TIDIED, parts={"shown": text})
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
    typed = value if isinstance(value, str) else text
    plain = SPAN.sub(_list_span, BEFORE_REFERENCE.sub(" ", narrow(text))).strip()
    numbers = [number for number in BETWEEN_REFERENCES.split(plain) if number]
    listed = isinstance(value, str) or (isinstance(value, float | int) and value == value // 1)
    if isinstance(value, bool) or not listed or not all(map(REFERENCE.fullmatch, numbers)):
        return Entry(code="cell.not_references")
    joined = "; ".join(dict.fromkeys(str(int(number)) for number in numbers))
    if not joined:
        return Entry(code="cell.not_references")
    if joined.replace(" ", "") == typed.replace(" ", ""):
        return Entry(joined)
    return Entry(joined, "viết các số cách nhau bằng dấu chấm phẩy", parts={"shown": joined})


def _list_span(found: re.Match[str]) -> str:
    """The numbers from the first to the last; what was typed where they are no short list."""
    first, last = int(found[1]), int(found[2])
    if not first < last <= first + MOST_IN_SPAN:
        return found[0]
    return "; ".join(map(str, range(first, last + 1)))
