"""The editing workbook of the small round: written, typed into, and read back."""

from __future__ import annotations

from typing import Any

from mini_round import day, small_edition, small_round

from khreport.consolidation import Edits
from khreport.findings import Finding
from khreport.layout.editing import FIRST_ROW, lay_out_editing
from khreport.merge.edits import read_edits
from khreport.raw import RawSheet, RawWorkbook
from khreport.sheet import Book, Sheet

FILE = "bien-tap.xlsx"
SLOTS = (("boi-canh", "Nêu bối cảnh của năm."),)
PROPOSAL_ID = small_round().proposals["id"][0]
CHANGE_ID = small_round().adjustments["id"][0]
WRITTEN = Edits(
    results={"PL2.I.1": "Đã lập xong đồ án"},
    statuses={"PL2.I.1": "submitted", "PL2.I.3": "carried_out", "PL1.I.1": "exceeds"},
    days={"PL2.I.2": day("2024-06-15")},
    chosen={"PL2.I.3": "sdl"},
    assessments={"CT.visitors": "Vượt kế hoạch"},
    opinions={PROPOSAL_ID: "Thống nhất", CHANGE_ID: "Trình UBND tỉnh"},
    slots={"boi-canh": "Năm 2024\nkinh tế phục hồi"},
)


def editing_book(edits: Edits | None = None) -> Book:
    return lay_out_editing(small_edition(), small_round(), edits or Edits(), SLOTS)


def find_sheet(book: Book, name: str) -> Sheet:
    return next(sheet for sheet in book.sheets if sheet.name == name)


def places(sheet: Sheet) -> tuple[dict[str, int], dict[str, int]]:
    """The sheet's rows and columns by key."""
    rows = {str(c.value): c.row for c in sheet.cells if c.column == 0 and c.row >= FIRST_ROW}
    columns = {str(c.value): c.column for c in sheet.cells if c.row == 0 and c.column}
    return rows, columns


def cell(sheet: Sheet, key: str, column: str) -> Any:  # noqa: ANN401 - a sheet's value
    rows, columns = places(sheet)
    return next(c for c in sheet.cells if (c.row, c.column) == (rows[key], columns[column]))


def typed(book: Book, *entries: tuple[str, str, str, object]) -> RawWorkbook:
    """The workbook as it is read back, with entries (sheet, row key, column key, value)."""
    sheets = []
    for sheet in book.sheets:
        rows: list[list[Any]] = [
            [""] * (max(c.column for c in sheet.cells) + 1)
            for _ in range(max(c.row for c in sheet.cells) + 1)
        ]
        for c in sheet.cells:
            rows[c.row][c.column] = "" if c.value is None else c.value
        for name, key, column, value in entries:
            if name == sheet.name:
                by_key, by_column = places(sheet)
                rows[by_key[key]][by_column[column]] = value
        sheets.append(RawSheet(name=sheet.name, rows=rows))
    return RawWorkbook(sheets=sheets)


def read(raw: RawWorkbook) -> tuple[Edits, tuple[Finding, ...]]:
    return read_edits(raw, small_edition(), FILE)


def read_one_finding(raw: RawWorkbook) -> tuple[Edits, Finding]:
    edits, findings = read(raw)
    assert [f.code for f in findings] == [findings[0].code]
    return edits, findings[0]
