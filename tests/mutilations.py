"""What is done to returns: each function one mutilation, and what may then be told."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from random import Random

from mini_return import COVER
from mutilated import FREE, Book, Cell, Mark, Row, Sheet, answer_cell, asks, copy_of, text

from khreport.dates import format_date
from khreport.forms import Column
from khreport.frames import held
from khreport.quantities import format_number
from khreport.text import fold

UNREADABLE: dict[str, tuple[object, ...]] = {
    "number": ("mười", "ước 7", "5-7", "1.234", "7 tỷ", True, float("nan"), dt.date(2024, 1, 5)),
    "whole": (1.5, "hai", float("-inf")),
    "date": ("sớm", "31/11/2024", "tháng 6/2024", 45631.0, dt.date(1905, 7, 16)),
    "choice": ("xyz", "da hoan thanh", 1.0),
    "references": ("12/KH", 1.3, dt.date(2024, 3, 1)),
    "text": ("#REF!",),
}


BLANKS = ("", " ", "\u00a0", "\u200b")


def is_known(row: Row) -> bool:
    """Whether its words alone tell whose row it is."""
    said = [fold(cell.value) for cell in row.cells if isinstance(cell.value, str)]
    return bool(row.words) and fold(row.words) in said


def permit(row: Row, may: str) -> None:
    """Nothing; what is told of the row's cells may begin so."""
    for cell in row.cells:
        cell.may = may if cell.may == "nothing" else cell.may


def filled(sheet: Sheet) -> list[tuple[Row, Cell, Column]]:
    return [(r, c, c.answer.column) for r in sheet.rows for c in r.cells if c.answer and not c.must]


def shuffle_rows(_: Book, sheet: Sheet, chance: Random) -> None:
    """Rows sorted whole, with their keys."""
    places = [at for at, row in enumerate(sheet.rows) if row.name]
    rows = [sheet.rows[at] for at in places]
    chance.shuffle(rows)
    for at, row in zip(places, rows, strict=True):
        sheet.rows[at] = row


def sort_without_keys(_: Book, sheet: Sheet, chance: Random) -> None:
    """The visible columns sorted, the hidden key column left as it was."""
    told = [row for row in sheet.named if row.kind not in FREE]
    if len(told) < 2 or not all(map(is_known, told)):
        return
    keys = [row.cells[0] for row in sheet.named]
    turn = chance.randint(1, len(keys) - 1)
    rows = sheet.named[turn:] + sheet.named[:turn]
    places = [sheet.rows.index(row) for row in sheet.named]
    for at, row, key in zip(places, rows, keys, strict=True):
        row.cells[0] = key
        sheet.rows[at] = row
        if row.kind == "line":
            row.may = "row."  # nothing says whose line it is
            permit(row, "cell.outside")
    sheet.may.add("row.moved")


def insert_blank_rows(_: Book, sheet: Sheet, chance: Random) -> None:
    width = len(sheet.rows[0].cells)
    for _n in range(chance.randint(1, 3)):
        at = chance.randint(1, len(sheet.rows))
        sheet.rows.insert(at, Row([Cell() for _ in range(width)]))


def insert_line(book: Book, sheet: Sheet, chance: Random) -> None:
    """A line of the agency's own beneath a task, or where it belongs to none."""
    sheet = next((sheet for sheet in book.sheets if sheet.form and sheet.form.lines), sheet)
    owners = [row for row in sheet.rows if "PL2." in row.name]
    if sheet.form is None or not owners:
        return
    owner = chance.choice(owners)
    parent = ".".join(owner.name.split(".")[:3])
    line = Row([Cell() for _ in sheet.rows[0].cells], kind="line", may="row.")
    for column in held(sheet.form):
        place = sheet.place(column)
        if place is not None and asks(column, line):
            line.cells[place] = answer_cell(sheet.form, column, line, chance, parent)
    line.kind = None
    sheet.rows.insert(sheet.rows.index(owner) + 1, line)


def blank_cells(_: Book, sheet: Sheet, chance: Random) -> None:
    """Answers taken away, and words of the plan too, where the key is left."""
    for row in sheet.named:
        for cell in row.cells[1:]:
            if chance.random() < 0.2 and (cell.answer or row.cells[0].value == row.name):
                cell.value, cell.answer = chance.choice(BLANKS), None
                cell.must = cell.mended = False


def blank_keys(_: Book, sheet: Sheet, chance: Random) -> None:
    """Keys that are gone from rows which their words tell apart."""
    names = [row.name for row in sheet.named]
    known = [row for row in sheet.named if is_known(row) and names.count(row.name) == 1]
    for row in chance.sample(known, min(2, len(known))):
        row.cells[0].value = ""
        sheet.may.add("row.moved")


def delete_row(_: Book, sheet: Sheet, chance: Random) -> None:
    if sheet.named:
        sheet.rows.remove(chance.choice(sheet.named))


def double_row(_: Book, sheet: Sheet, chance: Random) -> None:
    """A row that was copied, with its key, and perhaps answered otherwise."""
    if sheet.form is None or not sheet.named:
        return
    row = chance.choice(sheet.named)
    again = copy_of(row)
    assert isinstance(again, Row)
    row.may = again.may = "row."
    first_is_empty = chance.random() < 0.3
    for column in held(sheet.form):
        place = sheet.place(column)
        if place is not None and asks(column, row) and chance.random() < 0.3:
            again.cells[place] = answer_cell(sheet.form, column, row, chance)
        if place is not None and first_is_empty:
            row.cells[place] = Cell()
    if row.cells[0].value == "":  # then it is one row and, somewhere else, its words once more
        permit(row, "cell.outside")
        permit(again, "cell.outside")
    sheet.rows.insert(sheet.rows.index(row) + 1, again)


def rename_sheet(_: Book, sheet: Sheet, chance: Random) -> None:
    sheet.name = f"Biểu {chance.randint(1, 9)} của sở ({sheet.name})"[:31]


def double_sheet(book: Book, sheet: Sheet, chance: Random) -> None:
    again = copy_of(sheet)
    assert isinstance(again, Sheet)
    again.is_copy = True
    again.name = f"{sheet.name} (2)"[-31:]
    again.must = "sheet.copied"
    if again.named and chance.random() < 0.5:
        chance.choice(again.named).cells[-1].value = "khác"
        again.must = "sheet.doubled"
    again.may = {again.must}
    book.sheets.insert(book.sheets.index(sheet) + 1, again)


def add_sheet(book: Book, _: Sheet, chance: Random) -> None:
    name = f"Số liệu {len(book.sheets)}"
    rows = [Row([Cell(text(chance)), Cell(12.0)])]
    added = Sheet(None, name, rows, {"sheet.added"})
    book.sheets.insert(chance.randint(0, len(book.sheets)), added)


def shift_sheet(_: Book, sheet: Sheet, chance: Random) -> None:
    """The table pasted further down and to the right."""
    sheet.top, sheet.left = chance.randint(0, 9), chance.randint(0, 3)


def move_column(_: Book, sheet: Sheet, chance: Random) -> None:
    width = len(sheet.rows[0].cells)
    source, target = chance.randint(1, width - 1), chance.randint(1, width - 1)
    for row in sheet.rows:
        row.cells.insert(target, row.cells.pop(source))


def delete_column(_: Book, sheet: Sheet, chance: Random) -> None:
    if sheet.form is None:
        return
    answers = [c for c in sheet.form.columns if c.role == "answer" and sheet.place(c)]
    place = sheet.place(chance.choice(answers)) if answers else None
    if place is not None:
        for row in sheet.rows:
            del row.cells[place]
        sheet.may.add("column.missing")


def retype(_: Book, sheet: Sheet, chance: Random) -> None:
    """Numbers and days as text, choices in other letters, accents in pieces."""
    for _row, cell, column in filled(sheet):
        value = cell.value
        if chance.random() < 0.5 or cell.mended:
            continue
        if isinstance(value, float) and column.type == "number":
            shown = format_number(value)
            cell.value = chance.choice([shown, f"{shown} %", f" {shown}%", f"+{shown}"])
        elif isinstance(value, dt.date):
            cell.value = chance.choice([format_date(value), f"{value:%d-%m-%y}", f"{value}"])
        elif isinstance(value, str) and column.type == "references":
            cell.value = value.replace(";", ",") if ";" in value else value
        elif isinstance(value, str) and cell.answer and cell.answer.value != value:
            cell.value = chance.choice([value.upper(), value.lower(), value.replace(" ", "  ")])
        elif isinstance(value, str):
            cell.value = unicodedata.normalize("NFD", value)
        tidied = isinstance(value, str) and str(cell.value).replace("  ", " ") == value
        cell.mended = cell.value != value and not tidied


def plant_fault(_: Book, sheet: Sheet, chance: Random) -> None:
    """What no reader can take for a value."""
    for _row, cell, column in chance.sample(filled(sheet), min(2, len(filled(sheet)))):
        kind = "text" if sheet.name == COVER else column.type
        faults = (*UNREADABLE[kind], Mark("#DIV/0!"), Mark("=A1+B1"))
        cell.value, cell.may, cell.must, cell.mended = chance.choice(faults), "cell.", True, False


def reword_plan(_: Book, sheet: Sheet, chance: Random) -> None:
    """Words of the plan, changed."""
    if sheet.form is None or not sheet.named:
        return
    row = chance.choice(sheet.named)
    mirror = [c for c in sheet.form.columns if c.role == "mirror" and not asks(c, row)]
    for column in chance.sample(mirror, 1):
        cell = sheet.cell(row, column)
        if cell and cell.value not in BLANKS and row.cells[0].value == row.name:
            cell.value, cell.may = f"Sửa: {text(chance)}", "text.changed"
            cell.must = row.kind not in FREE  # an empty one of those is no row


def answer_unasked(_: Book, sheet: Sheet, chance: Random) -> None:
    """A cell that this kind of row does not answer."""
    closed = [
        cell
        for row in sheet.named
        for column in (sheet.form.columns if sheet.form else ())
        if column.role == "answer" and not asks(column, row) and (cell := sheet.cell(row, column))
    ]
    for cell in chance.sample(closed, min(1, len(closed))):
        cell.value, cell.may, cell.must = 50.0, "cell.not_asked", True


def write_beside(_: Book, sheet: Sheet, chance: Random) -> None:
    """Notes in a column that the form has not."""
    for row in sheet.rows:
        row.cells.append(Cell())
    for row in chance.sample(sheet.rows[1:], 2):
        row.cells[-1] = Cell(text(chance), may="cell.outside", must=True)


def sign_below(_: Book, sheet: Sheet, chance: Random) -> None:
    """A signature, after a gap."""
    if not sheet.named:
        return
    width = len(sheet.rows[0].cells)
    gap, line = ([Cell() for _ in range(width)] for _ in range(2))
    places = [at for c in (sheet.form.columns if sheet.form else ()) if (at := sheet.place(c))]
    said = f"Người lập biểu {text(chance)}"
    line[chance.choice(places)] = Cell(said, may="cell.outside", must=True)
    sheet.rows += [Row(gap), Row(line, may="row.unknown")]


Mutilation = Callable[[Book, Sheet, Random], None]
ANYWHERE: tuple[Mutilation, ...] = (
    shuffle_rows, sort_without_keys, insert_blank_rows, blank_cells, blank_keys, delete_row,
    double_row, rename_sheet, add_sheet, shift_sheet, move_column, delete_column, retype,
    plant_fault, reword_plan, answer_unasked,
)  # fmt: skip
LAST: tuple[Mutilation, ...] = (insert_line, write_beside, sign_below, double_sheet)
"""What would mean something else if rows were moved afterwards."""
