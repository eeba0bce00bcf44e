"""Templates filled in by another program than the one that wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from khreport.anatomy import KEY_COLUMN, KEY_ROW
from khreport.demo.answers import ADDED, Answers, Cells
from khreport.demo.phrases import load_phrases
from khreport.edition import Token
from khreport.layout.heights import MAX_ROW_PT, text_height_pt

HIDDEN = 4
"""The column that an agency hides for itself: it only repeats the plan."""


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """What an agency does to a workbook beside answering."""

    types_loosely: bool = False
    adds_sheet: bool = False
    hides_column: bool = False


class Keys(msgspec.Struct, frozen=True):
    """The keys of a form's rows and columns."""

    rows: frozenset[str]
    columns: frozenset[str]


def read_keys(template: Path) -> dict[str, Keys]:
    """The keys of every form of a template, by the form's."""
    return {
        form: Keys(frozenset(_rows(sheet)), frozenset(_columns(sheet)))
        for form, sheet in _form_sheets(load_workbook(template))
    }


def fill_template(template: Path, answers: Answers, to: Path, habits: Habits | None = None) -> None:
    """Write the template with the answers typed into the cells that their keys name.

    A row whose key ends in `ADDED` is inserted beneath its task's other rows, without a key.
    """
    habits = habits or Habits()
    book = load_workbook(template)
    for form, sheet in _form_sheets(book):
        _type_cells(sheet, answers.get(form, {}))
        if habits.hides_column and sheet.max_column > 2 * HIDDEN:
            sheet.column_dimensions[sheet.cell(1, HIDDEN).column_letter].hidden = True
    if habits.adds_sheet:
        own = load_phrases().own_sheet
        sheet = book.create_sheet(own.name)
        for row in own.rows:
            sheet.append(row)
    book.save(to)


def _form_sheets(book: Workbook) -> Iterator[tuple[str, Worksheet]]:
    for sheet in book.worksheets:
        token = Token.parse(str(sheet.cell(KEY_ROW + 1, KEY_COLUMN + 1).value or ""))
        if token:
            yield token.form, sheet


def _type_cells(sheet: Worksheet, cells: Cells) -> None:
    columns, rows = _columns(sheet), _rows(sheet)
    for key in sorted({key for key, _ in cells if key.endswith(ADDED)}, reverse=True):
        _insert_row(sheet, rows, key)
        rows = {**_rows(sheet), key: rows[key]}
    for (key, column), value in cells.items():
        cell = sheet.cell(rows[key], columns[column])
        cell.value = value
        if isinstance(value, str):
            _grow_row(sheet, cell, value)


def _grow_row(sheet: Worksheet, cell: Cell, text: str) -> None:
    """Nothing; the row is high enough for the text, as programs make it while one types."""
    row = sheet.row_dimensions[cell.row]
    width = sheet.column_dimensions[cell.column_letter].width
    needed = text_height_pt(text, width, cell.font.size)
    row.height = min(MAX_ROW_PT, max(row.height or 0, needed))


def _columns(sheet: Worksheet) -> dict[str, int]:
    """The columns by their key."""
    cells = (cell for cell in sheet[KEY_ROW + 1] if cell.column > KEY_COLUMN + 1)
    return {str(cell.value): cell.column for cell in cells if cell.value}


def _rows(sheet: Worksheet) -> dict[str, int]:
    """The rows by their key."""
    keys = ((sheet.cell(row, KEY_COLUMN + 1).value, row) for row in range(2, sheet.max_row + 1))
    return {str(key): row for key, row in keys if key}


def _insert_row(sheet: Worksheet, rows: dict[str, int], key: str) -> None:
    """Nothing; the sheet has a row more, looking like the one above, and `rows` names it."""
    task = key.removesuffix(ADDED)
    above = max(row for own, row in rows.items() if own == task or own.startswith(f"{task}."))
    at = above + 1
    heights = {row: kept.height for row, kept in sheet.row_dimensions.items() if row >= at}
    sheet.insert_rows(at)
    # The library moves cells alone.
    for area in sheet.merged_cells.ranges:
        if area.min_row >= at:
            area.shift(row_shift=1)
    for row, height in heights.items():
        sheet.row_dimensions[row + 1].height = height
    for cell in sheet[above]:
        if isinstance(cell, Cell) and cell.column > KEY_COLUMN + 1:
            sheet.cell(at, cell.column)._style = cell._style  # noqa: SLF001 - no other way
    sheet.row_dimensions[at].height = None
    rows[key] = at
