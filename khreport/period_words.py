"""What texts call a period: the words behind the {names} that forms, rules and outlines share.

A year, a part of one and a span of years are asked and told of by the same texts. Forms and
rules use the words that bear no year, as their examples are moved from year to year.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from khreport.periods import SPANS, Key, read_key, shift_months

T = TypeVar("T", bound=msgspec.Struct)

_FIELD = re.compile(r"\{(\w+)\}")


def words_of(key: Key, earlier: Key | None = None) -> dict[str, str]:
    """The words of a period by the name that stands for them, and of it with an `earlier` one.

    >>> from khreport.periods import read_key
    >>> words = words_of(read_key("2026-Q1"))
    >>> words["period"], words["whole_period"], words["next_period"], words["year_ago"]
    ('quý I năm 2026', 'quý I', 'quý II năm 2026', 'cùng kỳ năm trước')
    """
    if key.kind in SPANS:
        words = _of_span(key)
    else:
        words = _of_year(key) if key.kind == "year" else _of_part(key)
    capital = ("year_ago", "period_plan", "plan_of_period", "share_told")
    begun = {name[0].upper() + name[1:]: _begin(words[name]) for name in capital}
    years = key.kind == "year" and (earlier is None or earlier.kind == "year")
    both = {"both_units": "năm" if years else "kỳ"}
    return {"period": key.spoken, "whole_period": key.short} | words | begun | both


def set_words(text: str, words: Mapping[str, str]) -> str:
    """The text with those of its {names} replaced that are words of a period.

    >>> set_words("Ước {whole_period}: {value}", {"whole_period": "quý I"})
    'Ước quý I: {value}'
    """
    return _FIELD.sub(lambda found: words.get(found[1], found[0]), text)


def call_period(value: T, words: Mapping[str, str]) -> T:
    """The value with :func:`set_words` done to every text in it."""
    return msgspec.convert(_call(msgspec.to_builtins(value), words), type(value))


def _call(value: object, words: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return set_words(value, words)
    if isinstance(value, dict):
        return {key: _call(each, words) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_call(each, words) for each in value]
    return value


def _of_year(key: Key) -> dict[str, str]:
    return {
        "next_period": f"năm {key.year + 1}",
        "period_after": "năm sau",
        "period_ago": f"năm {key.year - 1}",
        "year_ago": "năm trước",
        "period_unit": "năm",
        "goal": "kế hoạch",
        "ratio_base": "kế hoạch",
        "period_plan": "kế hoạch năm",
        "plan_of_period": f"kế hoạch năm {key.year}",
        "plan_asked": "riêng năm báo cáo",
        "figure_asked": "",
        "of_year": " năm",
        "from_start": "",
        "share_told": f"ước {key.short}",
    }


def _of_part(key: Key) -> dict[str, str]:
    following = _after(key)
    this_year = following.year == key.year
    return _of_year(key) | {
        "next_period": "6 tháng cuối năm " + str(key.year)
        if key.kind == "six_months"
        else following.spoken,
        "period_after": "6 tháng cuối năm"
        if key.kind == "six_months"
        else following.short + ("" if this_year else " năm sau"),
        "period_ago": f"cùng kỳ năm {key.year - 1}",
        "year_ago": "cùng kỳ năm trước",
        "period_unit": "kỳ",
        # a part of a year is told in per cent of the whole year's plan, and says so
        "ratio_base": "kế hoạch năm",
        "from_start": "từ đầu năm ",
        # the part of an amount that a later quarter brings says little beside the year's plan
        "share_told": "số từ đầu năm (chỉ tiêu cộng dồn) hoặc " * (key.first_month > 1)
        + f"ước {key.short}",
    }


def _of_span(key: Key) -> dict[str, str]:
    return {
        "next_period": "giai đoạn tiếp theo",
        "period_after": "giai đoạn sau",
        "period_ago": "giai đoạn trước",
        "year_ago": "giai đoạn trước",
        "period_unit": "kỳ",
        "goal": "mục tiêu",
        "ratio_base": "mục tiêu",
        "period_plan": "mục tiêu giai đoạn",
        "plan_of_period": f"mục tiêu {key.spoken}",
        "plan_asked": "giai đoạn, ghi và tính như ở cột 4 (tổng, bình quân, hoặc mức năm cuối)",
        "figure_asked": ", trên cùng các năm và cùng cách tính với mục tiêu",
        "of_year": "",
        "from_start": "",
        "share_told": f"ước {key.short}",
    }


def _after(key: Key) -> Key:
    """The month or quarter that follows; the last quarter follows nine months."""
    first = shift_months(key.last, 1)
    if key.kind == "month":
        return Key(
            kind="month", first_year=first.year, year=first.year,
            first_month=first.month, last_month=first.month,
        )  # fmt: skip
    last = shift_months(first, 2)
    return Key(
        kind="quarter", first_year=first.year, year=first.year,
        first_month=first.month, last_month=last.month,
    )  # fmt: skip


def _begin(words: str) -> str:
    return words[0].upper() + words[1:]


YEAR_WORDS = words_of(read_key("2024"))
"""The words of forms and rules in a round of a year; none of those that bear a year is theirs."""
