"""A plain table as a sheet: to read, filter and print, nothing to fill in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from khreport.forms import ColumnType
from khreport.layout.heights import MAX_ROW_PT, text_height_pt
from khreport.layout.styles import FORMATS, HEAD_FILL, LINK, SECTION_FILL, SUBTITLE, TITLE, table
from khreport.sheet import Area, Cell, Sheet, Style, Value

TITLE_ROW, SUBTITLE_ROW, HEADING_ROW, FIRST_ROW = range(4)
SHORT = 0.8
"""A text with fewer letters than this share of its column's width stands on one line."""


class TableColumn(msgspec.Struct, frozen=True):
    """A column: `width` in characters; `type` as in forms."""

    heading: str
    width: float
    type: ColumnType = "text"


class Linked(msgspec.Struct, frozen=True):
    """A text that leads to another file, by its path from the workbook's folder, or to a `place`.

    That is one in the same workbook: "'Ô'!A14".
    """

    text: str
    file: str | None = None
    place: str | None = None


def lay_out_table(  # noqa: PLR0913 - a sheet has many parts
    name: str,
    title: str,
    subtitle: str,
    columns: Sequence[TableColumn],
    rows: Iterable[Sequence[Value | Linked]],
    *,
    size_pt: float = 9,
    fixed_columns: int = 2,
    landscape: bool = True,
    paper: str = "A3",
) -> Sheet:
    """The table as a sheet; a row of a single value is a band across all columns."""
    last = len(columns) - 1
    head = table(size_pt, fill=HEAD_FILL, bold=True, align="center", valign="vcenter")
    cells = [Cell(TITLE_ROW, 0, title, TITLE), Cell(SUBTITLE_ROW, 0, subtitle, SUBTITLE)]
    cells += [Cell(HEADING_ROW, at, column.heading, head) for at, column in enumerate(columns)]
    heading_height = max(
        text_height_pt(column.heading, column.width, size_pt, bold=True) for column in columns
    )
    # room for the filter's arrow
    across = sum(column.width + 0.7 for column in columns)
    subtitle_height = text_height_pt(subtitle, across, SUBTITLE.size_pt)
    heights = [
        (TITLE_ROW, 24.0),
        (SUBTITLE_ROW, subtitle_height),
        (HEADING_ROW, heading_height + 12),
    ]
    merges = [Area(TITLE_ROW, 0, TITLE_ROW, last), Area(SUBTITLE_ROW, 0, SUBTITLE_ROW, last)]
    looks = [cell_look(column.type, size_pt) for column in columns]
    band = table(size_pt, fill=SECTION_FILL, bold=True)
    at = HEADING_ROW
    for at, row in enumerate(rows, start=FIRST_ROW):
        if len(row) == 1:
            cells.append(_cell(at, 0, row[0], band))
            merges.append(Area(at, 0, at, last))
            heights.append((at, size_pt * 2))
        else:
            cells += [
                _cell(at, place, value, look)
                for place, (value, look) in enumerate(zip(row, looks, strict=True))
            ]
            heights.append((at, row_height(columns, row, size_pt)))
    return Sheet(
        name=name,
        cells=tuple(cells),
        widths=tuple(column.width for column in columns),
        heights=tuple(heights),
        merges=tuple(merges),
        filter=Area(HEADING_ROW, 0, max(at, FIRST_ROW), last),
        freeze=(FIRST_ROW, fixed_columns),
        repeat_rows=(HEADING_ROW, HEADING_ROW),
        print_area=Area(TITLE_ROW, 0, max(at, HEADING_ROW), last),
        paper=paper,  # type: ignore[arg-type]
        landscape=landscape,
        margin_mm=7,
        protected=False,
        footer=name,
    )


def _cell(row: int, column: int, value: Value | Linked, look: Style) -> Cell:
    if isinstance(value, Linked):
        look = msgspec.structs.replace(look, color=LINK.color)
        return Cell(row, column, value.text, look, file=value.file, link=value.place)
    return Cell(row, column, value, look)


def cell_look(column_type: ColumnType, size_pt: float) -> Style:
    """How a value of that type stands in a table."""
    aligns = {"number": "right", "whole": "right", "date": "center", "choice": "center"}
    return table(size_pt, align=aligns.get(column_type, "left"), number_format=FORMATS[column_type])


def row_height(
    columns: Sequence[TableColumn], row: Sequence[Value | Linked], size_pt: float
) -> float:
    """The height that shows every text of a row, as far as a row can be high."""
    line = text_height_pt("", 1, size_pt)
    return min(
        MAX_ROW_PT,
        max(
            line
            if not isinstance(value, str)
            or (len(value) < column.width * SHORT and "\n" not in value)
            else text_height_pt(value, column.width, size_pt)
            for column, value in zip(columns, row, strict=True)
        ),
    )


def plain_value(value: object) -> Value:
    """The value as a sheet holds it: lists as lines, moments as days."""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, dt.datetime):
        return value.date()
    return value  # type: ignore[return-value]
