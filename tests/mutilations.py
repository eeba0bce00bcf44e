"""What is done to returns: each function one mutilation, and what may then be told."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from random import Random

from mini_return import COVER, return_edition
from mutilated import (
    AGENCY,
    FREE,
    Book,
    Cell,
    Mark,
    Row,
    Sheet,
    answer_cell,
    asks,
    copy_of,
    text,
)

from khreport.dates import format_date
from khreport.forms import Column
from khreport.frames import held
from khreport.quantities import format_number
from khreport.rows import form_rows
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
    sheet.may |= {"row.moved", "row.keyless"}


def insert_blank_rows(_: Book, sheet: Sheet, chance: Random) -> None:
    width = len(sheet.rows[0].cells)
    for _n in range(chance.randint(1, 3)):
        at = chance.randint(1, len(sheet.rows))
        sheet.rows.insert(at, Row([Cell() for _ in range(width)]))


def insert_line(book: Book, sheet: Sheet, chance: Random) -> None:
    """A line of the agency's own beneath a task, or where it belongs to none."""
    sheet = next((sheet for sheet in book.sheets if sheet.form and sheet.form.lines), sheet)
    owners = [row for row in sheet.rows if "PL2." in row.name]
    if sheet.form is not None and owners:
        insert_beneath(sheet, chance.choice(owners), chance)


def insert_beneath(sheet: Sheet, owner: Row, chance: Random) -> Row:
    """The line that is now there, beneath the owner's row."""
    assert sheet.form is not None
    parent = ".".join(owner.name.split(".")[:3])
    line = Row([Cell() for _ in sheet.rows[0].cells], kind="line", may="row.")
    for column in held(sheet.form):
        place = sheet.place(column)
        if place is not None and asks(column, line):
            line.cells[place] = answer_cell(sheet.form, column, line, chance, parent)
    line.kind = None
    sheet.rows.insert(sheet.rows.index(owner) + 1, line)
    return line


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
        sheet.may |= {"row.moved", "row.keyless"}


def stands_as_sent(sheet: Sheet) -> bool:
    """Whether its keys, its words and its order each tell every row, so that one may go."""
    if sheet.form is None:
        return False
    sent = {row.key: row for row in form_rows(return_edition(), AGENCY, sheet.form)}
    named = [row for row in sheet.rows if row.name]
    order = [key for key in sent if key in {row.name for row in named}]
    number = next((c for c in sheet.form.columns if c.source == "number"), None)
    keys = [row.cells[0].value for row in named]
    return keys == order == [row.name for row in named] and all(
        is_known(row)
        if row.kind not in FREE
        else number is not None
        and (cell := sheet.cell(row, number)) is not None
        and cell.value == sent[row.name].mirror["number"]
        for row in named
    )


def clear_keys(_: Book, sheet: Sheet, chance: Random) -> None:
    """The hidden column emptied, with the sheet's token or without it."""
    if not stands_as_sent(sheet):
        return
    above = ""
    for row in sheet.rows[1:]:
        # a line is told by its letter, right beneath its task
        if row.kind == "line" and not above.startswith(row.name.rpartition(".")[0]):
            return
        above = row.name or (above if row.kind == "line" else "")
    for row in sheet.rows[chance.randint(0, 1) :]:
        row.cells[0].value = ""
    sheet.may |= {"row.moved", "row.keyless", "sheet.by_columns"}


def swap_rows(_: Book, sheet: Sheet, chance: Random) -> None:
    """Two rows cut and pasted in each other's place, with their keys."""
    rows = [row for row in sheet.named if row.kind not in FREE]
    if len(rows) < 2:
        return
    one, other = (sheet.rows.index(row) for row in chance.sample(rows, 2))
    sheet.rows[one], sheet.rows[other] = sheet.rows[other], sheet.rows[one]


def copy_without_key(_: Book, sheet: Sheet, chance: Random) -> None:
    """A row whose visible part was copied and inserted below, perhaps answered otherwise."""
    rows = [r for r in sheet.named if r.kind not in FREE and is_known(r) and r.cells[0].value]
    if sheet.form is None or not rows:
        return
    row = chance.choice(rows)
    again = copy_of(row)
    assert isinstance(again, Row)
    again.cells[0].value = ""
    row.may = again.may = "row."
    sheet.may |= {"row.moved", "row.keyless"}  # if the first goes, the copy is known by its words
    for column in held(sheet.form):
        place = sheet.place(column)
        if place is not None and asks(column, row) and chance.random() < 0.3:
            again.cells[place] = answer_cell(sheet.form, column, row, chance)
    sheet.rows.insert(sheet.rows.index(row) + 1, again)


def swap_above_lines(_: Book, sheet: Sheet, chance: Random) -> None:
    """A line of the agency's own, and then two rows cut and pasted in each other's place."""
    rows = [row for row in sheet.named if row.kind not in FREE]
    if sheet.form is None or not sheet.form.lines or len(rows) < 2 or not stands_as_sent(sheet):
        return
    owner = chance.choice(sheet.named)
    line = insert_beneath(sheet, owner, chance)
    swapped = chance.sample(rows, 2)
    one, other = map(sheet.rows.index, swapped)
    sheet.rows[one], sheet.rows[other] = sheet.rows[other], sheet.rows[one]
    # right beneath a row that changed places nobody knows whether it came along
    line.may = "row.unsure" if owner in swapped else "nothing"


def merge_sideways(_: Book, sheet: Sheet, chance: Random) -> None:
    """Two cells of a row merged: a spreadsheet program keeps what the first says."""
    rows = [row for row in sheet.named if [r.name for r in sheet.rows].count(row.name) == 1]
    if sheet.form is None or not rows:
        return
    row = chance.choice(rows)
    place = chance.randrange(1, len(sheet.rows[0].cells) - 1)
    first, second = row.cells[place : place + 2]
    column = sheet.form.column.get(str(sheet.rows[0].cells[place + 1].value))
    if first.value in BLANKS or second.value == row.words:
        return
    told = column is not None and asks(column, row) and row.cells[0].value == row.name
    row.merged.append(first)
    row.cells[place + 1] = Cell(
        may="cell.merged", must=told and is_known(row) and row.kind not in FREE
    )


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
            cell.value, cell.may = f"Sửa: {text(chance)}", ("text.changed", "number.changed")
            cell.must = row.kind not in FREE
            if not cell.must:  # an empty one of those is no row
                cell.may = ("text.changed", "number.changed", "cell.outside")


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
    plant_fault, reword_plan, answer_unasked, swap_rows, copy_without_key,
)  # fmt: skip
LAST: tuple[Mutilation, ...] = (
    insert_line, write_beside, sign_below, double_sheet, clear_keys, swap_above_lines,
    merge_sideways,
)  # fmt: skip
"""What would mean something else if rows were moved afterwards."""
