"""What the officer wrote outside the tables of the editing workbook, kept as values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from khreport.anatomy import KEY_COLUMN, LISTS_SHEET
from khreport.consolidation import Jotting
from khreport.raw import RawSheet, RawWorkbook
from khreport.sheet import Value


def find_jottings(
    form: str, sheet: RawSheet, head_rows: int, entry_columns: Collection[str]
) -> Iterator[Jotting]:
    """What stands beside the table of a sheet and, in columns that take no entries, below it.

    Rows put in between are told as if they stood below.
    """
    names = [str(name).strip() for name in sheet.rows[0]]
    outside = [place for place, name in enumerate(names) if not name and place != KEY_COLUMN]
    keys = [str(cells[KEY_COLUMN]).strip() for cells in sheet.rows]
    last = max([head_rows - 1, *(row for row, key in enumerate(keys) if key)])
    extra = max(len(keys) - 1 - last, 0)
    for row, cells in enumerate(sheet.rows[1:], start=1):
        below = row > last
        at = row - last if below else -row if row < head_rows else 0
        if not (at or keys[row]):
            below, extra = True, extra + 1
            at = extra
        for nth, place in enumerate(outside, start=1):
            value = _plain(cells[place])
            if value is not None:
                yield Jotting(form, keys[row], at, f"+{nth}", value)
        if below:
            for name, cell in zip(names, cells, strict=True):
                value = _plain(cell)
                if name and value is not None and name not in (names[KEY_COLUMN], *entry_columns):
                    yield Jotting(form, "", at, name, value)


def find_own_sheets(
    raw: RawWorkbook, known: Collection[str]
) -> dict[str, tuple[tuple[Value, ...], ...]]:
    """The sheets that the officer added, by name: their values from the first row on."""
    return {
        sheet.name: tuple(
            (None,) * sheet.column + tuple(map(_plain, cells))
            for cells in [*[[]] * sheet.row, *sheet.rows]
        )
        for sheet in raw.sheets
        if sheet.name not in known
        and sheet.name != LISTS_SHEET
        and any(_plain(cell) is not None for cells in sheet.rows for cell in cells)
    }


def _plain(value: object) -> Value:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, str):
        return value if value.strip() else None
    return value  # type: ignore[return-value]
