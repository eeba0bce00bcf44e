"""A return whose cells know, wherever they are moved, which answer they are."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import polars as pl
from mini_return import Return, return_edition

from khreport.findings import Finding
from khreport.forms import ChoiceList, Column, Form
from khreport.frames import Submission, held
from khreport.raw import RawSheet, RawWorkbook
from khreport.read.submissions import read_submission
from khreport.rows import form_rows

AGENCY = "sxd"
FREE = ("line", "record")
WORDS = (
    "Đã trình", "ủy ban", "hòa giải", "phê duyệt", "quy hoạch", "3 hội nghị", "(đợt 2)",
    "=Bổ sung", "kinh phí;", "giải phóng", "mặt bằng", "từ", "năm trước", "- đang rà soát",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What is to be read at a key; in a row without one, somewhere beneath `parent`."""

    column: Column
    value: object
    key: str = ""
    parent: str = ""


@dataclass(eq=False)
class Cell:
    """A cell: `may` begins the code of what may be told of it, `must` says that it is told."""

    value: object = ""
    answer: Answer | None = None
    may: str | tuple[str, ...] = "nothing"
    must: bool = False
    mended: bool = False


@dataclass(frozen=True)
class Mark:
    """An error, or a formula without its result: a reader of values sees nothing there."""

    text: str


@dataclass(eq=False)
class Row:
    """A row: `name` is the key of its visible part, `words` what the plan calls it.

    `may` begins the code of what may be told of the row as a whole.
    """

    cells: list[Cell]
    name: str = ""
    words: str = ""
    kind: str | None = None
    may: str = "nothing"
    merged: list[Cell] = field(default_factory=list)
    """Cells that are merged with the next."""


@dataclass(eq=False)
class Sheet:
    """A sheet: `may` are the codes that may be told of it as a whole, `must` one that is."""

    form: Form | None
    name: str
    rows: list[Row]
    may: set[str] = field(default_factory=set)
    must: str = ""
    is_copy: bool = False
    top: int = 0
    left: int = 0

    @property
    def named(self) -> list[Row]:
        """The rows that ask something."""
        return [row for row in self.rows if row.kind]

    def place(self, column: Column) -> int | None:
        """Where a column stands now."""
        heads = [cell.value for cell in self.rows[0].cells]
        return heads.index(column.key) if column.key in heads else None

    def cell(self, row: Row, column: Column) -> Cell | None:
        place = self.place(column)
        return None if place is None else row.cells[place]

    def raw(self) -> RawSheet:
        width = max(len(row.cells) for row in self.rows)
        marks, rows, merges = [], [], []
        for at, row in enumerate(self.rows):
            for place, cell in enumerate(row.cells):
                here = at + self.top, place + self.left
                if isinstance(cell.value, Mark):
                    marks.append((*here, cell.value.text))
                if cell in row.merged:
                    merges.append((*here, here[0], here[1] + 1))
            shown = ["" if isinstance(c.value, Mark) else c.value for c in row.cells]
            rows.append(shown + [""] * (width - len(shown)))
        return RawSheet(
            name=self.name, row=self.top, column=self.left, rows=rows, marks=marks, merges=merges
        )


@dataclass(eq=False)
class Book:
    sheets: list[Sheet]

    def read(self) -> Submission:
        raw = RawWorkbook(sheets=[sheet.raw() for sheet in self.sheets])
        return read_submission(raw, return_edition(), "xd.xlsx", "id")


def list_of(form: Form, column: Column, row: Row) -> ChoiceList | None:
    if row.kind == "field":
        key = next(f.list for f in form.fields if row.name == f"{form.key}.{f.key}")
    else:
        key = column.list_for(row.kind) if row.kind else None  # type: ignore[arg-type]
    return form.choice_list[key] if key else None


def asks(column: Column, row: Row) -> bool:
    return row.kind is not None and column.asks(row.kind)  # type: ignore[arg-type]


def text(chance: Random) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 4)))


def make_answer(form: Form, column: Column, row: Row, chance: Random) -> tuple[object, object]:
    """What an officer enters, and what is to be read."""
    choices = list_of(form, column, row)
    if choices is not None:
        choice = chance.choice(choices.choices)
        return choice.label, choice.code
    if column.type == "number":
        value: object = chance.randint(10, 1000) / 10  # less than 1 % is doubted
    elif column.type == "whole":
        value = float(chance.randint(0, 999))
    elif column.type == "date":
        value = dt.date(2024, 1, 1) + dt.timedelta(days=chance.randint(0, 365))
    elif column.type == "references":
        value = "; ".join(map(str, chance.sample(range(1, 40), chance.randint(1, 3))))
    else:
        value = text(chance)
    return value, value


def answer_cell(form: Form, column: Column, row: Row, chance: Random, parent: str = "") -> Cell:
    shown, value = make_answer(form, column, row, chance)
    return Cell(shown, Answer(column, value, row.name, parent))


def fill_return(chance: Random) -> Book:
    """The return of an agency that answered, at random, about half of what it was asked."""
    edition, grids = return_edition(), Return(AGENCY).grids
    forms = {form.sheet: form for form in edition.forms}
    book = Book([])
    for name, grid in grids.items():
        sheet = Sheet(forms.get(name), name, [Row([Cell(v) for v in line]) for line in grid])
        book.sheets.append(sheet)
        if sheet.form is None:
            continue
        known = {row.key: row for row in form_rows(edition, AGENCY, sheet.form)}
        for row in sheet.rows[1:]:
            if (found := known.get(str(row.cells[0].value))) is None:
                continue
            row.name, row.kind = found.key, found.kind
            row.words = found.mirror.get("text") or found.mirror.get("label", "")
            for column in held(sheet.form):
                place = sheet.place(column)
                if place is not None and asks(column, row) and chance.random() < 0.5:
                    row.cells[place] = answer_cell(sheet.form, column, row, chance)
    return book


def copy_of(thing: Row | Sheet) -> Row | Sheet:
    """The same again, of whose faults nothing has to be told: they may be told of the first."""
    again = copy.deepcopy(thing)
    for row in [again] if isinstance(again, Row) else again.rows:
        for cell in row.cells:
            cell.answer = None if cell.must else cell.answer
            cell.must = False
    return again


class Verdict:
    """What is wrong with how a book was read, in words."""

    def __init__(self, book: Book, submission: Submission) -> None:
        self.book, self.submission = book, submission
        self.faults = [
            *self._unexplained(),
            *self._lost(),
            *self._unmended(),
            *([] if self.submission.agency == AGENCY else ["the agency is not known"]),
        ]

    def _unexplained(self) -> Iterator[str]:
        """Findings that name a place where nothing was done."""
        sheets = {sheet.name: sheet for sheet in self.book.sheets}
        missing = {
            (form.key, key)
            for sheet in self.book.sheets
            if (form := sheet.form) and not sheet.is_copy
            for row in form_rows(return_edition(), AGENCY, form)
            if row.kind is not None and row.kind not in FREE
            for key in {row.key} - {row.name for row in sheet.named}
        }
        told_of = {(f.sheet, f.code) for f in self.submission.findings}
        for sheet in self.book.sheets:
            if sheet.must and (sheet.name, sheet.must) not in told_of:
                yield f"not told of {sheet.name}: {sheet.must}"
        told = {(f.form, f.row_key) for f in self.submission.findings if f.code == "row.missing"}
        yield from (f"not told that {key} is missing" for _, key in missing - told)
        for finding in self.submission.findings:
            sheet = sheets[finding.sheet or ""]
            if finding.code == "row.missing":
                fine = (finding.form, finding.row_key) in missing
            elif finding.row is None or finding.column is None:
                fine = finding.code in sheet.may
            else:
                row = sheet.rows[finding.row - sheet.top]
                cells = row.cells[finding.column - sheet.left :]
                fine = finding.code.startswith(row.may) or (
                    bool(cells) and finding.code.startswith(cells[0].may)
                )
            if not fine:
                yield f"told for no reason: {finding.code} {finding}"

    def _lost(self) -> Iterator[str]:
        """Answers that are neither read at their key nor asked about, faults not told."""
        for sheet in self.book.sheets:
            if sheet.form is None or sheet.is_copy:
                continue
            frame = self.submission.answers[sheet.form.key]
            for at, row in enumerate(sheet.rows):
                for place, cell in enumerate(row.cells):
                    asked = any(
                        self._asked_about(sheet, other, place)
                        for other, twin in enumerate(sheet.rows)
                        if other == at or (row.name == twin.name != "" and same(row, twin, place))
                    )
                    if cell.must and not asked and not self._told_twin(sheet, row, cell):
                        yield f"not told: {cell.value!r} in {row.name}, row {at + 1}"
                    if cell.answer and not cell.must and not asked and not holds(frame, cell):
                        yield f"lost: {cell.answer.value!r} at {row.name} {cell.answer.column.key}"

    def _asked_about(self, sheet: Sheet, at: int, place: int) -> bool:
        def concerns(finding: Finding) -> bool:
            if finding.sheet != sheet.name or finding.row is None or finding.column is None:
                return False
            here = finding.row - sheet.top, finding.column - sheet.left
            whole_row = finding.code.startswith("row.") and here[0] == at
            head = sheet.rows[0].cells[place].value if place < len(sheet.rows[0].cells) else ""
            twin = finding.code == "column.doubled" and finding.column_key == head
            return here == (at, place) or whole_row or twin

        return any(concerns(finding) for finding in self.submission.findings)

    def _told_twin(self, sheet: Sheet, row: Row, cell: Cell) -> bool:
        """Whether the row stands twice, and the same thing is told of the other one."""
        twins = [other for other in sheet.named if other.name == row.name and other is not row]
        if not twins:
            return False
        return cell.answer is None or any(
            finding.row_key == row.name and finding.column_key == cell.answer.column.key
            for finding in self.submission.findings
        )

    def _unmended(self) -> Iterator[str]:
        """Repairs of cells that nobody retyped, and cells that were mended in silence."""
        for sheet in self.book.sheets:
            if sheet.form is None or sheet.is_copy:
                continue
            listed = {
                (r.row - sheet.top, r.column - sheet.left)
                for r in self.submission.repairs
                if r.form == sheet.form.key and r.column_key
            }
            for at, row in enumerate(sheet.rows):
                for place, cell in enumerate(row.cells):
                    if (at, place) in listed and not cell.mended:
                        yield f"mended for no reason: {cell.value!r}"
                    read = not self._asked_about(sheet, at, place) and self._stands(sheet, row)
                    if cell.mended and read and (at, place) not in listed:
                        yield f"mended in silence: {cell.value!r}"

    def _stands(self, sheet: Sheet, row: Row) -> bool:
        """Whether the row is the only one of its name, and so the one that is read."""
        return [other.name for other in sheet.rows].count(row.name) == 1


def same(row: Row, twin: Row, place: int) -> bool:
    """Whether a row and its copy say the same."""
    return place < len(twin.cells) and row.cells[place].value == twin.cells[place].value


def holds(frame: pl.DataFrame, cell: Cell) -> bool:
    """Whether the frame has the answer where it belongs."""
    answer = cell.answer
    if answer is None:
        return True
    at = pl.col("key") == answer.key if answer.key else pl.col("parent") == answer.parent
    return answer.value in frame.filter(at)[answer.column.key].to_list()
