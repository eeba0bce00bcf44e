"""One neutral picture of a workbook: what layout decides and the renderer draws.

Nothing here knows a spreadsheet library. Rows and columns count from zero, widths are in
characters of the default font, heights in points.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

Value = str | int | float | bool | dt.date | None


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """How a cell looks and whether it is locked; colours are RRGGBB."""

    size_pt: float = 9
    bold: bool = False
    italic: bool = False
    color: str = "000000"
    fill: str | None = None
    border: bool = False
    align: Literal["left", "center", "right"] = "left"
    valign: Literal["top", "vcenter"] = "top"
    wrap: bool = True
    locked: bool = True
    number_format: str = "General"


class Cell(msgspec.Struct, frozen=True):
    """A value in its place. `formula` begins with "="; `value` is then its cached result.

    `link` is a place in the same workbook ("'Phụ lục II'!J14"), `file` another file, by its
    path from the workbook's folder ("tra-lai/STP.xlsx"); `note` is a cell comment.
    """

    row: int
    column: int
    value: Value
    style: Style
    formula: str | None = None
    note: str | None = None
    link: str | None = None
    file: str | None = None


class Area(msgspec.Struct, frozen=True):
    """A rectangle of cells, ends included."""

    row: int
    column: int
    last_row: int
    last_column: int


class InputCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What a program lets one type into `areas`, and the prompt that it shows there.

    `source` is the name of a defined list for kind "list"; `minimum` and `maximum` bound
    the others (text: its length). A refusal that only warns has `stops=False`.
    """

    areas: tuple[Area, ...]
    kind: Literal["list", "number", "whole", "date", "length", "any"]
    source: str | None = None
    minimum: float | dt.date | None = None
    maximum: float | dt.date | None = None
    title: str = ""
    prompt: str = ""
    error: str = ""
    stops: bool = True


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """A conditional format: cells of `area` take `fill` where `formula` holds.

    The formula is written for the area's first cell, as spreadsheet programs expect.
    """

    area: Area
    formula: str
    fill: str
    color: str = "000000"


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """Bars of numbers that stand in the same sheet, drawn by the spreadsheet program itself.

    Its top left corner is at `row`, `column`; sizes are in pixels of a screen at 96 dpi.
    """

    title: str
    categories: Area
    values: Area
    row: int
    column: int
    width_px: int
    height_px: int


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet, complete."""

    name: str
    cells: tuple[Cell, ...]
    widths: tuple[float, ...] = ()
    heights: tuple[tuple[int, float], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    merges: tuple[Area, ...] = ()
    checks: tuple[InputCheck, ...] = ()
    conditions: tuple[Condition, ...] = ()
    charts: tuple[Chart, ...] = ()
    filter: Area | None = None
    freeze: tuple[int, int] | None = None
    repeat_rows: tuple[int, int] | None = None
    print_area: Area | None = None
    paper: Literal["A3", "A4"] = "A4"
    landscape: bool = True
    one_page: bool = False
    margin_mm: float = 10
    zoom: int = 100
    protected: bool = True
    insert_rows: bool = False
    visibility: Literal["visible", "hidden", "very_hidden"] = "visible"
    tab_color: str | None = None
    footer: str = ""


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """A workbook: its sheets in order, and the lists that input checks name.

    `names` maps a defined name to the area of the sheet that holds its values.
    """

    sheets: tuple[Sheet, ...]
    names: tuple[tuple[str, str, Area], ...] = ()
    title: str = ""
    active: int = 0
