"""Reporting periods and the days that belong to them."""

from __future__ import annotations

import datetime as dt

import msgspec

SATURDAY = 5


class Period(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One period of one round.

    `closing` is the last day that figures cover; what follows it to `end` is estimated
    ("ước cả năm"). Agencies answer by `due`, the collector reports by `report_due`.
    """

    key: str
    name: str
    start: dt.date
    end: dt.date
    closing: dt.date
    due: dt.date
    report_due: dt.date

    @property
    def year(self) -> int:
        """The year that the period ends in."""
        return self.end.year


def year_period(key: str, *, closing: dt.date, due: dt.date, report_due: dt.date) -> Period:
    """The calendar year named by `key` as a period.

    Raises:
        ValueError: `key` is no year.

    """
    year = int(key)
    return Period(
        key=key,
        name=f"Năm {year}",
        start=dt.date(year, 1, 1),
        end=dt.date(year, 12, 31),
        closing=closing,
        due=due,
        report_due=report_due,
    )
