"""What is carried from one editing workbook into the next: unread entries, notes, own sheets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from khreport.consolidation import Edits, Jotting, Unread
from khreport.layout.editing_rows import EditingRow, band
from khreport.layout.styles import DATE_FORMAT, table
from khreport.merge.edits import UNUSED
from khreport.sheet import Cell, Sheet, Style, Value

NOT_USED = (
    "Nội dung này chưa dùng được trong báo cáo. Hãy chọn trong danh sách của ô, sửa lại, "
    "hoặc chuyển sang ô đúng rồi xóa ở đây."
)
BESIDE = table(9, locked=False)
OWN_WIDTH = 18.0


def pour_unread(
    form: str, rows: Iterable[EditingRow], unread: Iterable[Unread]
) -> list[EditingRow]:
    """The rows with the entries that were not understood in their cells, each with a note.

    An entry whose cell is gone, or taken, stands in a row of its own at the end.
    """
    poured = list(rows)
    places = {row.key: at for at, row in enumerate(poured)}
    left: list[Unread] = []
    for entry in unread:
        at = places.get(entry.key)
        if entry.form != form:
            continue
        if at is None or poured[at].look == "band" or poured[at].values.get(entry.column_key):
            left.append(entry)
        else:
            poured[at] = _pour(poured[at], entry)
    if left:
        poured.append(band(UNUSED.lstrip("#"), "Nội dung đã ghi nhưng chưa dùng được"))
    for number, entry in enumerate(left, start=1):
        row = EditingRow(key=entry.key or f"{UNUSED}.{number}", look="own", values={})
        poured.append(_pour(row, entry))
    return poured


def _pour(row: EditingRow, entry: Unread) -> EditingRow:
    return msgspec.structs.replace(
        row,
        values={**row.values, entry.column_key: entry.text},
        opened=tuple(dict.fromkeys((*row.opened, entry.column_key))),
        notes={**row.notes, entry.column_key: NOT_USED},
    )


def lay_out_jottings(
    form: str,
    jottings: Iterable[Jotting],
    columns: Sequence[str],
    rows: Mapping[str, int],
    last_row: int,
) -> Iterator[Cell]:
    """What stood beside the table and below it, in the same places; `rows` are those of keys.

    What stood beside a row that is gone comes below all others.
    """
    own = [jotting for jotting in jottings if jotting.form == form]
    below = last_row + max([0, *(jotting.row for jotting in own)])
    places = {key: place for place, key in enumerate(columns, start=1)}
    for jotting in own:
        at = last_row + jotting.row if jotting.row > 0 else -jotting.row
        if jotting.row == 0:
            gone = jotting.key not in rows
            below += gone
            at = below if gone else rows[jotting.key]
        column = places.get(jotting.column, len(columns) + 1)
        if jotting.column.startswith("+"):
            column = len(columns) + int(jotting.column)
        yield Cell(at, column, jotting.value, _look(jotting.value, BESIDE))


def lay_out_own_sheets(edits: Edits, taken: Collection[str]) -> Iterator[Sheet]:
    """The sheets that the officer added, as values; `taken` are the names of the others."""
    names = {name.casefold() for name in taken}
    look = table(9, locked=False)
    for name, rows in edits.extra.items():
        free, number = name, 1
        while free.casefold() in names:
            number += 1
            free = f"{name[:25]} ({number})"
        names.add(free.casefold())
        yield Sheet(
            name=free,
            cells=tuple(
                Cell(at, column, value, _look(value, look))
                for at, row in enumerate(rows)
                for column, value in enumerate(row)
                if value is not None
            ),
            widths=(OWN_WIDTH,) * max([1, *map(len, rows)]),
            protected=False,
        )


def _look(value: Value, look: Style) -> Style:
    if isinstance(value, str | bool | int | float) or value is None:
        return look
    return msgspec.structs.replace(look, number_format=DATE_FORMAT)
