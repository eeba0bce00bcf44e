"""Cells of binary workbooks (.xls, .xlsb): how far they reach, and which hide an error.

The parser gives an error as an empty cell, and holds a sheet as the whole rectangle that its
cells span, so both are looked up here before.
"""

from __future__ import annotations

import struct

from khreport.cells import CellRef
from khreport.edges.compound import Compound
from khreport.edges.looks_xls import find_looks, read_pages, read_shapes, read_styles
from khreport.edges.records import BOF, MALFORMED, join_part, split_parts, split_records
from khreport.edges.stamps import any_page_mark
from khreport.raw import Limits, Mark, Problem, Refusal, Traces
from khreport.secrecy import is_secrecy_mark

ERRORS = {
    0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A",
}  # fmt: skip
SHEET, PASSWORD, BOOK_LINK = 0x0085, 0x002F, 0x01AE
FORMULA, ERROR_OR_TRUTH, SEVERAL = 0x0006, 0x0205, 0x00BD
CELLS = {FORMULA, ERROR_OR_TRUTH, SEVERAL, 0x0203, 0x0204, 0x027E, 0x00FD, 0x00D6}
BIFF8 = 0x0600
OWN_SHEETS = (0x0401, 0x3A01)
"""Links to the workbook's own sheets and to add-ins, in place of a name's length."""

ROW, BLANK, ERROR, FORMULA_ERROR, BUNDLE_SHEET = 0, 1, 3, 11, 156
SHORT = range(12, 19)
"""Cells that stand right behind another; the same with their column are so much lower:"""
LOWER = 11
FILLED = {*range(2, 12), 62}


LAST = CellRef(1_048_575, 16_383)
"""The last cell that a sheet has."""


class Reach:
    """How far a sheet's filled cells go; a cell beyond what can be held is refused by name."""

    def __init__(self, limits: Limits) -> None:
        self._most = limits.cells
        self._rows = self._columns = 1

    def add(self, row: int, column: int) -> None:
        """Nothing; the cell is within reach."""
        self._rows, self._columns = max(self._rows, row + 1), max(self._columns, column + 1)
        if self._rows * self._columns > self._most:
            cell = CellRef(min(row, LAST.row), min(column, LAST.column))
            raise Refusal("file.far_cell", cell=str(cell))


def inspect_xls(file: Compound, limits: Limits) -> tuple[list[Problem], dict[str, Traces]]:
    """Things to know of an old workbook, and what is traced by sheet name."""
    stream = file.stream("Workbook") or file.stream("Book")
    problems = [Problem("file.macros")] if "_VBA_PROJECT_CUR" in file.top else []
    if any(name.startswith("MBD") for name in file.top):
        problems.append(Problem("file.objects"))
    sheets: list[tuple[str, int]] = []
    version, links = BIFF8, set()
    for kind, body in split_records(stream, 0):
        if kind == PASSWORD:
            raise Refusal("file.encrypted")
        if kind == BOF and len(body) >= 2:  # noqa: PLR2004 - two bytes of version
            (version,) = struct.unpack_from("<H", body)
        elif kind == SHEET and len(body) > 8:  # noqa: PLR2004 - its fixed part
            sheets.append((_sheet_name(body, version), struct.unpack_from("<I", body)[0]))
        elif kind == BOOK_LINK and len(body) > 4:  # noqa: PLR2004 - the same
            links.add(_link_problem(body))
    if len(sheets) > limits.sheets:
        raise Refusal("file.sheets", limit=str(limits.sheets))
    problems += [Problem(code) for code in sorted(links - {""})]
    traced = {name: Traces(marks=_marks(stream, at, limits)) for name, at in sheets}
    if version != BIFF8 or not _trace_looks(stream, sheets, traced):
        problems.append(Problem("file.looks_unread"))
    return problems, traced


def _trace_looks(stream: bytes, sheets: list[tuple[str, int]], traced: dict[str, Traces]) -> bool:
    """Whether the records could be read; what was read of each sheet is in `traced`."""
    try:
        styles = read_styles(split_records(stream, 0))
        for name, at in sheets:
            records = list(split_records(stream, at))
            comments, drawings = read_shapes(records)
            lines = (line for text in drawings for line in text.splitlines())
            if any_page_mark(read_pages(records)) or any(map(is_secrecy_mark, lines)):
                raise Refusal("file.secret")
            traced[name].looks, traced[name].comments = [*find_looks(records, styles)], comments
    except MALFORMED:
        return False
    return True


def _sheet_name(body: bytes, version: int) -> str:
    if version != BIFF8:
        return body[7 : 7 + body[6]].decode("cp1252", "replace")
    wide = body[7] & 1
    return body[8 : 8 + body[6] * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _link_problem(body: bytes) -> str:
    (length,) = struct.unpack_from("<H", body, 2)
    if length in OWN_SHEETS:
        return ""
    return "file.dde" if b"\3" in body[5:] else "file.links"


def _marks(stream: bytes, at: int, limits: Limits) -> list[Mark]:
    marks, reach = [], Reach(limits)
    for kind, body in split_records(stream, at):
        if kind not in CELLS or len(body) < 8:  # noqa: PLR2004 - row, column, look, value
            continue
        row, column = struct.unpack_from("<HH", body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == SEVERAL else column
        reach.add(row, max(column, last))
        code = None
        if kind == ERROR_OR_TRUTH and body[7] == 1:
            code = body[6]
        elif kind == FORMULA and body[6] == 2 and body[12:14] == b"\xff\xff":  # noqa: PLR2004 - an error
            code = body[8]
        if code is not None:
            marks.append((row, column, ERRORS.get(code, "#N/A")))
    return marks


def mark_xlsb(part: bytes, limits: Limits) -> list[Mark]:
    """The cells of a sheet of an .xlsb that hold an error."""
    marks, reach, row = [], Reach(limits), 0
    for kind, body in split_parts(part):
        if kind == ROW and len(body) >= 4:  # noqa: PLR2004 - a number of four bytes
            (row,) = struct.unpack_from("<I", body)
        elif kind in FILLED and len(body) > 8:  # noqa: PLR2004 - column, look, value
            (column,) = struct.unpack_from("<I", body)
            reach.add(row, column)
            if kind in (ERROR, FORMULA_ERROR):
                marks.append((row, column, ERRORS.get(body[8], "#N/A")))
    return marks


def place_cells(part: bytes) -> bytes:
    """The sheet of an .xlsb with a column in each cell, where some say only "the next".

    The parser knows no such cells, and leaves them out.
    """
    if not any(kind in SHORT for kind, _ in split_parts(part)):
        return part
    placed, column = [], -1
    for kind, body in split_parts(part):
        if kind in SHORT:
            column += 1
            placed.append(join_part(kind - LOWER, struct.pack("<I", column % 2**32) + body))
            continue
        if kind == ROW:
            column = -1
        elif (kind in FILLED or kind == BLANK) and len(body) >= 4:  # noqa: PLR2004 - a number
            (column,) = struct.unpack_from("<I", body)
        placed.append(join_part(kind, body))
    return b"".join(placed)


def name_xlsb_sheets(part: bytes) -> dict[str, str]:
    """The names of the sheets of an .xlsb by the ids under which their parts are listed."""
    names = {}
    for kind, body in split_parts(part):
        if kind == BUNDLE_SHEET and len(body) > 12:  # noqa: PLR2004 - its fixed part
            (length,) = struct.unpack_from("<I", body, 8)
            at = 12 + 2 * length
            key = body[12:at].decode("utf-16-le", "replace")
            names[key] = body[at + 4 :].decode("utf-16-le", "replace")
    return names
