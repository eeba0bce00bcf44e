"""Numbers as officers type them into cells, and as Vietnamese documents print them."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Generic, Literal, TypeVar

import msgspec

from khreport.text import clean, fold, narrow

V = TypeVar("V")

Problem = Literal[
    "empty", "ambiguous", "words", "signs", "several", "unit", "power", "too_long",
    "not_number", "impossible", "imprecise", "no_year", "not_date",
]  # fmt: skip
"""Why a text gave no value.

empty: nothing is there. ambiguous: "1.234" may be 1234 or 1,234. words: a value with words
around it ("ước 8,2"). signs: a value with other signs around it ("8,2*", ">8"). several:
more than one number ("5-7", "3/5"). unit: another unit than the expected one. power: short
for a number whose digits may have been rounded away ("1,2E+05"). too_long: more digits than
can be kept exactly. not_number, not_date: nothing of the kind. impossible: no day of the
calendar. imprecise: a month, quarter or year where a day is wanted. no_year: a day without
its year.
"""


class Reading(msgspec.Struct, Generic[V], frozen=True):
    """What a text says: a value, or the problem that keeps it from being one.

    `why` tells in Vietnamese what had to be mended to get the value. `between` are the two
    values that an ambiguous number may have, or the first and last day of an imprecise date;
    what a power comes to stands in it twice.
    """

    value: V | None = None
    why: str | None = None
    problem: Problem | None = None
    between: tuple[V, V] | None = None


_MOST_DIGITS = 15
"""Significant digits that a float, and a spreadsheet, keep exactly."""

_NUMBER = re.compile(r"([-+]?)([0-9](?:[0-9., ]*[0-9])?)(.*)")
_DASH_SIGN = re.compile("^[−–‐‑](?=[0-9])")
_LOOSE_DIGIT = re.compile(r"(?<![^\W\d_])[0-9]")
_PLAIN = re.compile(r"[0-9]+(?:,[0-9]+)?")
_POINT = re.compile(r"[0-9]+\.[0-9]+")
_DOTS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_COMMAS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SPACES = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:[.,][0-9]+)?")
_EITHER = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")

_UNIT_WORDS = {
    "tỉ": "tỷ", "ngàn": "nghìn", "tr": "triệu", "đ": "đồng", "vnd": "đồng", "vnđ": "đồng",
}  # fmt: skip
_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[^\W\d_]")
_MANTISSA = re.compile("[-+]?[0-9]+(?:[.,][0-9]+)?")
_POWER = re.compile("[eE]([-+]?[0-9]+)")
_OTHER_SIGNS = re.compile(r"[^\w%‰°$€£¥₫]+")
NARROWED = "đổi chữ số, dấu khác kiểu thành chữ số, dấu thường"


def round_digits(number: float) -> float:
    """The number as a spreadsheet shows and compares it: to 15 significant digits.

    >>> round_digits(0.1 + 0.2), round_digits(99.99999999999999)
    (0.3, 100.0)
    """
    rounded = float(f"{number:.{_MOST_DIGITS}g}")
    # the greatest of all would have no end
    return rounded if math.isfinite(rounded) else number


def parse_number(text: str, measure: str = "") -> Reading[float]:
    """The number that a text says, by the Vietnamese convention: "1.234,5" is 1234.5.

    A unit may follow if it is `measure` or its beginning ("104 triệu" for "triệu đồng/người");
    values are never converted. "1.234" and "1,234" may each be meant either way, and are
    ambiguous. The value is finite.

    >>> parse_number("1.234,5").value, parse_number("75 %", "%").value
    (1234.5, 75.0)
    >>> parse_number("1.234").problem, parse_number("1.234").between
    ('ambiguous', (1234.0, 1.234))
    >>> parse_number("ước 8,2").problem
    'words'
    """
    said = " ".join(clean(text).split())
    text = narrow(said)
    found = _NUMBER.fullmatch(_DASH_SIGN.sub("-", text).rstrip(" .,;"))
    if not found:
        return Reading(problem=_name_lack(text))
    sign, digits, unit = found[1], found[2], found[3].strip()
    if power := _POWER.fullmatch(unit):
        return _read_power(sign + digits, power[1])
    problem = _find_unit_problem(unit, measure)
    if problem:
        return Reading(problem=problem)
    if _EITHER.fullmatch(digits):
        whole, fraction = (float(sign + re.sub("[.,]", mark, digits)) for mark in ("", "."))
        return Reading(problem="ambiguous", between=(whole, fraction))
    number = _read_digits(digits)
    if number.value is None:
        return Reading(problem=number.problem)
    narrowed = NARROWED if text != said else None
    repairs = [narrowed, number.why, f"bỏ đơn vị “{unit}”" if unit else None]
    # Adding zero turns -0 into 0.
    return Reading(float(sign + number.value) + 0.0, "; ".join(filter(None, repairs)) or None)


def _name_lack(text: str) -> Problem:
    if not text:
        return "empty"
    if re.search("[0-9]", text) is None:
        return "not_number"
    return "words" if _LETTER.search(text) else "signs"


def _find_unit_problem(unit: str, measure: str) -> Problem | None:
    if _LOOSE_DIGIT.search(unit):
        return "several"
    if not unit or _is_unit_of(unit, measure):
        return None
    if _OTHER_SIGNS.fullmatch(unit):
        return "signs"
    return "words" if unit.startswith("(") else "unit"


def _read_power(digits: str, power: str) -> Reading[float]:
    """No value, but what "1,2E+05" comes to, where that is a figure of some size."""
    if not _MANTISSA.fullmatch(digits):
        return Reading(problem="not_number")
    value = float(f"{digits.replace(',', '.')}e{power}")
    if 10**-_MOST_DIGITS <= abs(value) < 10**_MOST_DIGITS:
        return Reading(problem="power", between=(value, value))
    return Reading(problem="too_long")


def _read_digits(digits: str) -> Reading[str]:
    """The digits as Python writes a number."""
    why = None
    if _PLAIN.fullmatch(digits):
        number = digits.replace(",", ".")
    elif _DOTS.fullmatch(digits):
        number = digits.replace(".", "").replace(",", ".")
    elif _POINT.fullmatch(digits):
        number, why = digits, "đọc dấu chấm là dấu thập phân"
    elif _COMMAS.fullmatch(digits):
        number, why = digits.replace(",", ""), "đọc dấu phẩy là dấu phân nhóm hàng nghìn"
    elif _SPACES.fullmatch(digits):
        number = digits.replace(" ", "").replace(",", ".")
        why = "bỏ dấu cách giữa các nhóm chữ số"
    else:
        return Reading(problem="several" if " " in digits else "not_number")
    if len(number.replace(".", "").strip("0")) > _MOST_DIGITS or math.isinf(float(number)):
        return Reading(problem="too_long")
    return Reading(number, why)


def _is_unit_of(unit: str, measure: str) -> bool:
    unit, measure = _fold_unit(unit), _fold_unit(measure)
    return measure.startswith(unit) and not re.match(r"\w", measure[len(unit) :])


def _fold_unit(unit: str) -> str:
    spelt = _WORD.sub(lambda word: _UNIT_WORDS.get(word[0], word[0]), fold(unit))
    return spelt.replace("phần trăm", "%").replace("²", "2").replace("³", "3")


def format_number(value: float, decimals: int | None = None) -> str:
    """The number as Vietnamese documents print it, without trailing zeros.

    At most `decimals` places, halves away from zero; without it every place that a float
    truly holds. Years and document numbers are not grouped and do not belong here.

    >>> format_number(1234.5), format_number(0.1 + 0.2), format_number(2.675, 2)
    ('1.234,5', '0,3', '2,68')
    """
    if not math.isfinite(value):
        raise ValueError(f"not a number to print: {value}")
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{_MOST_DIGITS}g}")
    if decimals is not None and exact != exact.to_integral_value():
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    printed = f"{exact:,f}"
    if "." in printed:
        printed = printed.rstrip("0").rstrip(".")
    printed = printed.translate(str.maketrans(",.", ".,"))
    return "0" if printed == "-0" else printed


def format_percent(value: float, decimals: int | None = None) -> str:
    """A value that is in per cent already, with its sign and no space before it.

    >>> format_percent(10.16)
    '10,16%'
    """
    return format_number(value, decimals) + "%"


def format_count(count: int) -> str:
    """A count as official documents print it: 1 to 9 with a leading zero.

    >>> format_count(1), format_count(10), format_count(0), format_count(1314)
    ('01', '10', '0', '1.314')
    """
    return f"0{count}" if count in range(1, 10) else format_number(count)


_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_MOST_ROMAN = 3999
_LETTERS = "abcdđeghiklmnopqrstuvxy"


def roman(number: int) -> str:
    """The number of a "mục" in Roman figures, 1 to 3999.

    >>> roman(4), roman(11), roman(1990)
    ('IV', 'XI', 'MCMXC')
    """
    if not 1 <= number <= _MOST_ROMAN:
        raise ValueError(f"no Roman figure for {number}")
    figure = ""
    for worth, letters in _ROMAN:
        times, number = divmod(number, worth)
        figure += letters * times
    return figure


def lettered(number: int) -> str:
    """The letter of a "điểm", counted from 1: a, b, c, d, đ, e, g …, y, then aa, ab.

    >>> lettered(5), lettered(7), lettered(23), lettered(24)
    ('đ', 'g', 'y', 'aa')
    """
    if number < 1:
        raise ValueError(f"no letter for {number}")
    label = ""
    while number:
        number, place = divmod(number - 1, len(_LETTERS))
        label = _LETTERS[place] + label
    return label
