"""Reporting periods: their kinds, the keys that people type, and how documents name them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

import msgspec

from khreport.errors import CampaignError
from khreport.quantities import roman
from khreport.text import begin_small

SATURDAY = 5
MONTHS = 12

Kind = Literal["month", "quarter", "six_months", "nine_months", "year", "mid_term", "whole"]
"""A span of years is "whole" where it is the plan's own, else "mid_term"."""

SPANS = ("mid_term", "whole")

KEYS_TOLD = (
    "2026 (năm), 2026-T03 (tháng 3), 2026-Q1 (quý I), 2026-6T (6 tháng đầu năm), "
    "2026-9T (9 tháng), 2022-2025 (giai đoạn)"
)
"""The keys that there are, each with an example, for people who typed something else."""

_KEY = re.compile(
    r"(?P<year>[12]\d{3})(?:-(?:T(?P<month>\d{1,2})|Q(?P<quarter>\d)|(?P<half>6T)|(?P<nine>9T)"
    r"|(?P<last>[12]\d{3})))?",
    re.ASCII | re.IGNORECASE,
)


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """What a period's key says: months of one year, or whole years.

    `kind` knows of no plan, so that a span of years is "mid_term" here.
    """

    kind: Kind
    first_year: int
    year: int
    first_month: int = 1
    last_month: int = MONTHS

    @property
    def text(self) -> str:
        """The key as files and settings have it, without ":"."""
        return {
            "month": f"{self.year}-T{self.last_month:02}",
            "quarter": f"{self.year}-Q{self.quarter}",
            "six_months": f"{self.year}-6T",
            "nine_months": f"{self.year}-9T",
            "year": f"{self.year}",
        }.get(self.kind, f"{self.first_year}-{self.year}")

    @property
    def quarter(self) -> int:
        """The quarter in which it ends."""
        return (self.last_month + 2) // 3

    @property
    def first(self) -> dt.date:
        """The first day in the calendar; windows of data may begin before."""
        return dt.date(self.first_year, self.first_month, 1)

    @property
    def last(self) -> dt.date:
        """The last day in the calendar."""
        return shift_months(dt.date(self.year, self.last_month, 1), 1) - dt.timedelta(days=1)

    @property
    def share_of_year(self) -> float:
        """What part of a year it is; 1 for whole years."""
        return (self.last_month - self.first_month + 1) / MONTHS

    @property
    def short(self) -> str:
        """Its name without the year, in a sentence: "quý I"."""
        return {
            "month": f"tháng {self.last_month}",
            "quarter": f"quý {roman(self.quarter)}",
            "six_months": "6 tháng đầu năm",
            "nine_months": "9 tháng",
            "year": "cả năm",
        }.get(self.kind, "cả giai đoạn")

    @property
    def spoken(self) -> str:
        """Its name in a sentence: "quý I năm 2026", "6 tháng đầu năm 2026"."""
        if self.kind in SPANS:
            return f"giai đoạn {self.text}"
        if self.kind == "year":
            return f"năm {self.year}"
        return f"{self.short} {'' if self.kind == 'six_months' else 'năm '}{self.year}"

    @property
    def name(self) -> str:
        """Its name as titles have it: "Quý I năm 2026"."""
        return self.spoken[0].upper() + self.spoken[1:]

    def is_year_before(self, other: Key) -> bool:
        """Whether it is the same part of the year before, whose figures stand beside the other's.

        >>> read_key("2025-Q1").is_year_before(read_key("2026-Q1"))
        True
        """
        same = (self.kind, self.first_month, self.last_month)
        return (
            self.kind not in SPANS
            and same == (other.kind, other.first_month, other.last_month)
            and self.year + 1 == other.year
        )


def read_key(text: str) -> Key:
    """What a key says; upper and lower case, "T3" and "T03" are the same.

    >>> read_key("2026-q1").spoken, read_key("2026-T3").text, read_key("2022-2025").name
    ('quý I năm 2026', '2026-T03', 'Giai đoạn 2022-2025')

    Raises:
        CampaignError: it is none.

    """
    found = _KEY.fullmatch(text.strip())
    key = _make_key(found) if found else None
    if key is None:
        raise CampaignError(f"Kỳ báo cáo “{text}” không đúng dạng. Hãy ghi như: {KEYS_TOLD}.")
    return key


def _make_key(found: re.Match[str]) -> Key | None:
    year = int(found["year"])
    kind: Kind = "year"
    first_year, first, last = year, 1, MONTHS
    if found["month"]:
        kind, first = "month", int(found["month"])
        last = first
    elif found["quarter"]:
        kind, last = "quarter", 3 * int(found["quarter"])
        first = last - 2
    elif found["half"]:
        kind, last = "six_months", 6
    elif found["nine"]:
        kind, last = "nine_months", 9
    elif found["last"]:
        kind, year = "mid_term", int(found["last"])
    possible = 1 <= first <= last <= MONTHS and (kind != "mid_term" or first_year < year)
    if not possible:
        return None
    return Key(kind=kind, first_year=first_year, year=year, first_month=first, last_month=last)


class Period(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One period of one round.

    `start` and `end` bound its window of data. `closing` is the last day that figures cover;
    what follows it to `end` is estimated ("ước cả năm"). Agencies answer by `due`, the
    collector reports by `report_due`.
    """

    key: str
    name: str
    start: dt.date
    end: dt.date
    closing: dt.date
    due: dt.date
    report_due: dt.date
    kind: Kind = "year"

    @property
    def year(self) -> int:
        """The year that the period ends in."""
        return self.end.year

    @property
    def spoken(self) -> str:
        """The name in a sentence: "quý I năm 2026"."""
        return begin_small(self.name)

    @property
    def is_part_of_year(self) -> bool:
        """Whether a year's plan is not over when the period is."""
        return self.kind not in ("year", *SPANS)


def shift_months(first: dt.date, count: int) -> dt.date:
    """The first day of the month so many months later than that of `first`."""
    months = first.year * MONTHS + first.month - 1 + count
    return dt.date(months // MONTHS, months % MONTHS + 1, 1)
