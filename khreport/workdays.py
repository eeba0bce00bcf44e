"""Working days of offices: weekends, the days off that the law names, and those of one round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache

import msgspec

from khreport.dates import format_date
from khreport.periods import SATURDAY

DAY = dt.timedelta(days=1)


class YearlyHoliday(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day off that has the same date every year."""

    name: str
    month: int
    day: int
    source: str


class MovableHoliday(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days off that differ from year to year, and between which days ("01-15") they fall."""

    name: str
    first: str
    last: str
    source: str


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an official notice says of one year: days off, and Saturdays worked in their place."""

    year: int
    settles: str
    days: tuple[dt.date, ...]
    source: str
    working: tuple[dt.date, ...] = ()


class WorkingDays(msgspec.Struct, frozen=True, kw_only=True):
    """Which days are worked; `days_off` and `days_worked` are one round's own and go first.

    >>> plain = WorkingDays()
    >>> plain.shift(dt.date(2024, 12, 13), 1), plain.why_off(dt.date(2024, 12, 15))
    (datetime.date(2024, 12, 16), 'ngày nghỉ cuối tuần')
    """

    yearly: tuple[YearlyHoliday, ...] = ()
    movable: tuple[MovableHoliday, ...] = ()
    notices: tuple[Notice, ...] = ()
    days_off: tuple[dt.date, ...] = ()
    days_worked: tuple[dt.date, ...] = ()

    def why_off(self, day: dt.date) -> str:
        """Which day off it is, or "" for a working day."""
        if day in self.days_worked:
            return ""
        if day in self.days_off:
            return "ngày nghỉ ghi trong khreport.toml"
        for notice in self.notices:
            if day in notice.working:
                return ""
            if day in notice.days:
                return notice.settles
        named = _days_by_law(self.yearly, self.notices, day.year).get(day, "")
        return named or ("ngày nghỉ cuối tuần" if day.weekday() >= SATURDAY else "")

    def on_or_after(self, day: dt.date) -> dt.date:
        """The day itself, or the next that is worked."""
        while self.why_off(day):
            day += DAY
        return day

    def shift(self, day: dt.date, count: int) -> dt.date:
        """The day so many working days later, or earlier where `count` is below zero."""
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while self.why_off(day):
                day += step
        return day

    def count_between(self, day: dt.date, later: dt.date) -> int:
        """How many working days come after `day` up to and with `later`."""
        days = (day + DAY * n for n in range(1, (later - day).days + 1))
        return sum(not self.why_off(each) for each in days)

    def unsettled(self, first: dt.date, last: dt.date) -> Iterator[tuple[str, dt.date, dt.date]]:
        """The days off between two days of which no notice is known: name, earliest, latest."""
        own = {*self.days_off, *self.days_worked}
        for year in range(first.year, last.year + 1):
            for each in self.movable:
                begins = dt.date.fromisoformat(f"{year}-{each.first}")
                ends = dt.date.fromisoformat(f"{year}-{each.last}")
                known = any((n.year, n.settles) == (year, each.name) for n in self.notices)
                said = any(begins <= day <= ends for day in own)
                if not known and not said and begins <= last and first <= ends:
                    yield each.name, begins, ends

    def unconfirmed(self, first: dt.date, last: dt.date) -> Iterator[str]:
        """Sentences on days off between two days of which no notice is known yet."""
        for name, begins, ends in self.unsettled(first, last):
            yield (
                f"Lịch nghỉ {name} năm {begins.year} cần xác nhận (trong khoảng "
                f"{format_date(begins)}–{format_date(ends)}). Hãy ghi các ngày nghỉ vào "
                "days_off, phần [reminders] của khreport.toml."
            )


def tell_due(due: dt.date, last_day: dt.date) -> str:
    """The due day as people read it and, where it is a day off, the last day in time.

    >>> tell_due(dt.date(2024, 12, 14), dt.date(2024, 12, 16))
    '14/12/2024 (ngày nghỉ, tính đến hết ngày 16/12/2024)'
    """
    if last_day == due:
        return format_date(due)
    return f"{format_date(due)} (ngày nghỉ, tính đến hết ngày {format_date(last_day)})"


@cache
def _days_by_law(
    yearly: tuple[YearlyHoliday, ...], notices: tuple[Notice, ...], year: int
) -> dict[dt.date, str]:
    """The yearly days off of a year, and the days off in place of those on a weekend.

    Those are the next working days (Bộ luật Lao động số 45/2019/QH14, Điều 111 khoản 3).
    """
    named = {dt.date(year, each.month, each.day): each.name for each in yearly}
    taken = {day for notice in notices for day in notice.days}
    for day in sorted(day for day in named if day.weekday() >= SATURDAY):
        instead = day
        while instead in named or instead in taken or instead.weekday() >= SATURDAY:
            instead += DAY
        named[instead] = f"nghỉ bù {named[day]}"
    return named
