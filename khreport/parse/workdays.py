"""Days off from TOML: what cannot be is refused with its line."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from khreport.parse.toml import Entry, Source
from khreport.workdays import MovableHoliday, Notice, WorkingDays, YearlyHoliday

T = TypeVar("T", bound=msgspec.Struct)


def parse_working_days(text: str, name: str) -> WorkingDays:
    """The working days that the text of a file of days off makes.

    Raises:
        PlanError: an entry cannot be used; the message says file and line.

    """
    source = Source(text, name)

    def read(table: str, wanted: type[T]) -> tuple[T, ...]:
        return tuple(
            Entry(source, table, nth, each.get("name", table)).convert(each, wanted)
            for nth, each in enumerate(source.tables(table))
        )

    return WorkingDays(
        yearly=read("yearly", YearlyHoliday),
        movable=read("movable", MovableHoliday),
        notices=read("notice", Notice),
    )
