"""Days as officers type them into cells, and as Vietnamese documents print them."""

from __future__ import annotations

import datetime as dt
import re

from khreport.quantities import NARROWED, Reading
from khreport.text import fold, narrow

ZONE = dt.timezone(dt.timedelta(hours=7))
"""The zone of a round, wherever the machine stands: Vietnam has one, without summer time."""

_CLOCK = re.compile(r"[ t][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
_MONTH = r"(?:[-/.]|[-/. ]?(?:tháng|thg) ?)(?P<month>[0-9]{1,2})"
_DAY = re.compile(
    rf"(?<![0-9])(?:ngày ?)?(?P<day>[0-9]{{1,2}}){_MONTH}"
    r"(?:[-/., ]|,? ?năm )(?P<year>[0-9]{4}|[0-9]{2})(?![0-9])"
)
_ISO = re.compile(r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})")
_NO_YEAR = re.compile(rf"(?:ngày ?)?[0-9]{{1,2}}{_MONTH}")
_SPAN = re.compile(
    r"(?:(?:trong|đầu|giữa|cuối|hết) )?"
    r"(?:(?:(?P<count>[0-9]{1,2}) tháng (?P<side>đầu|cuối)"
    r"|quý ?(?P<quarter>[1-4]|iv|i{1,3})"
    r"|(?:tháng ?|t)?(?P<month>[0-9]{1,2}))"
    r"(?:[-/.,]|,? ?(?:của )?năm | ))?"
    r"(?:năm )?(?P<year>[0-9]{4})"
)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_CENTURY = "20"
_YEARS = range(1900, 2200)


def parse_date(text: str) -> Reading[dt.date]:
    """The day that a text says, in Vietnamese order: "5/3/2024" is 5 March.

    A year of two digits is one of this century. A month, quarter, "6 tháng đầu năm" or year is
    imprecise, and its first and last day are known.

    >>> parse_date("ngày 15 tháng 12 năm 2024").value
    datetime.date(2024, 12, 15)
    >>> parse_date("31/11/2024").problem
    'impossible'
    >>> [str(day) for day in parse_date("quý I/2024").between]
    ['2024-01-01', '2024-03-31']
    """
    plain = narrow(text)
    said = fold(plain).rstrip(" .,;")
    day_said = _CLOCK.sub("", said)
    if found := _DAY.fullmatch(day_said) or _ISO.fullmatch(day_said):
        return _read_day(found, clock_dropped=day_said != said, narrowed=plain != text)
    if found := _SPAN.fullmatch(said):
        return _read_span(found)
    if _NO_YEAR.fullmatch(said):
        return Reading(problem="no_year")
    if _DAY.search(said):
        return Reading(problem="words")
    return Reading(problem="not_date" if fold(text) else "empty")


def _read_day(found: re.Match[str], *, clock_dropped: bool, narrowed: bool) -> Reading[dt.date]:
    year = found["year"].rjust(4, "?").replace("??", _CENTURY)
    repairs = [
        NARROWED if narrowed else None,
        f"hiểu năm “{found['year']}” là {year}" if year != found["year"] else None,
        "bỏ giờ" if clock_dropped else None,
    ]
    try:
        day = dt.date(int(year), int(found["month"]), int(found["day"]))
    except ValueError:
        return Reading(problem="impossible")
    if day.year not in _YEARS:
        return Reading(problem="impossible")
    return Reading(day, "; ".join(filter(None, repairs)) or None)


def _read_span(found: re.Match[str]) -> Reading[dt.date]:
    year, first, last = int(found["year"]), 1, 12
    if found["month"]:
        first = last = int(found["month"])
    elif found["quarter"]:
        last = 3 * int(_QUARTERS.get(found["quarter"], found["quarter"]))
        first = last - 2
    elif found["side"] == "đầu":
        last = int(found["count"])
    elif found["side"]:
        first = 13 - int(found["count"])
    if year not in _YEARS or not 1 <= first <= last <= 12:  # noqa: PLR2004 - months of a year
        return Reading(problem="impossible")
    next_month = dt.date(year + last // 12, last % 12 + 1, 1)
    between = (dt.date(year, first, 1), next_month - dt.timedelta(days=1))
    return Reading(problem="imprecise", between=between)


def format_date(day: dt.date) -> str:
    """The day in the short form of running text.

    >>> format_date(dt.date(2024, 3, 5)), format_date(dt.date(2024, 2, 28))
    ('05/3/2024', '28/02/2024')
    """
    return f"{day.day:02d}/{_format_month(day)}/{day.year}"


def format_long_date(day: dt.date) -> str:
    """The day as the head of a document has it (NĐ 30/2020/NĐ-CP, Phụ lục I, II.4.b).

    >>> format_long_date(dt.date(2024, 3, 5))
    'ngày 05 tháng 3 năm 2024'
    """
    return f"ngày {day.day:02d} tháng {_format_month(day)} năm {day.year}"


def _format_month(day: dt.date) -> str:
    """Only January and February take a leading zero."""
    return f"0{day.month}" if day.month in {1, 2} else str(day.month)
