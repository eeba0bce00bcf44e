"""A return of a small form, to be changed cell by cell."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
import polars as pl
from mini_round import small_edition

from khreport.assign import assign
from khreport.edition import Edition
from khreport.forms import Choice, ChoiceList, Column, Field, Form
from khreport.frames import Submission
from khreport.layout.workbook import lay_out_workbook
from khreport.raw import Look, RawSheet, RawWorkbook, Traces
from khreport.read.submissions import read_submission
from khreport.sheet import Book

TASKS, PAPERS, COVER = "Nhiệm vụ", "Văn bản", "Bìa"


def column(key: str, heading: str, **more: Any) -> Column:  # noqa: ANN401 - as Column takes it
    return Column(key=key, heading=heading, width=12, **({"role": "answer"} | more))


COVER_FORM = Form(
    key="BIA",
    sheet=COVER,
    title="Bìa",
    rows="fields",
    columns=(
        column("field", "Nội dung", role="mirror", source="label"),
        column("value", "Trả lời", lists={"field": "progress"}),
    ),
    fields=(
        Field(key="progress", label="Tình trạng", list="progress"),
        Field(key="phone", label="Điện thoại", required=True),
    ),
    lists=(ChoiceList(key="progress", choices=(Choice("done", "Đã xong"),)),),
)
TASK_FORM = Form(
    key="PL2",
    sheet=TASKS,
    title="Nhiệm vụ",
    rows="tasks",
    appendix="PL2",
    lines=1,
    columns=(
        column("number", "", role="mirror", source="number"),
        column("task", "", role="mirror", source="text", open_kinds=("line",)),
        column("lead", "", role="mirror", source="lead_text"),
        column("status", "Tình trạng", type="choice", lists={"*": "status"}),
        column(
            "percent",
            "Tỷ lệ hoàn thành (%)",
            type="number",
            minimum=0,
            maximum=100,
            measure="%",
            example="75",
            kinds=("dated", "milestone", "line"),
        ),
        column("completed_on", "Ngày hoàn thành", type="date", example="28/6/2024"),
        column("result", "Kết quả"),
        column("documents", "Văn bản", type="references", example="1; 3"),
    ),
    lists=(
        ChoiceList(
            key="status",
            choices=(
                Choice("completed", "Hoàn thành"),
                Choice("in_progress", "Đang thực hiện"),
                Choice("not_started", "Chưa thực hiện"),
            ),
        ),
    ),
)
PAPER_FORM = Form(
    key="VB",
    sheet=PAPERS,
    title="Văn bản",
    rows="records",
    records=3,
    columns=(
        column("number", "Số TT", role="mirror", source="number"),
        column("symbol", "Số, ký hiệu"),
        column("copies", "Số bản", type="whole"),
    ),
)


@cache
def return_edition() -> Edition:
    base = small_edition()
    forms = (COVER_FORM, TASK_FORM, PAPER_FORM)
    return msgspec.structs.replace(
        base, forms=forms, questions=assign(base.plan, base.period, forms).questions
    )


def grids_of(book: Book) -> dict[str, list[list[Any]]]:
    """What the cells of a workbook hold, by sheet."""
    grids = {}
    for sheet in book.sheets:
        height = max(cell.row for cell in sheet.cells) + 1
        width = max(cell.column for cell in sheet.cells) + 1
        grid: list[list[Any]] = [[""] * width for _ in range(height)]
        for cell in sheet.cells:
            grid[cell.row][cell.column] = "" if cell.value is None else cell.value
        grids[sheet.name] = grid
    return grids


class Return:
    """The workbook of Sở Xây dựng, to be changed cell by cell and read.

    Rows of its tasks: 10 PL2.I.1, 11 its milestone m1, 12 m2, 13 its line a), 14 PL2.I.3,
    15 its line a). Columns: A keys, B number, C task, D lead, E status, F percent,
    G completed_on, H result, I documents.
    """

    def __init__(self, agency: str = "sxd", edition: Edition | None = None) -> None:
        self.edition = edition or return_edition()
        self.grids = grids_of(lay_out_workbook(self.edition, agency))
        self.marks: list[tuple[int, int, str]] = []
        self.traces = Traces()

    def put(self, sheet: str, cell: str, value: object) -> Return:
        letters = cell.rstrip("0123456789")
        row, place = int(cell[len(letters) :]) - 1, ord(letters) - ord("A")
        grid = self.grids[sheet]
        while len(grid) <= row:
            grid.append([""] * len(grid[0]))
        for cells in grid:
            cells.extend([""] * (place + 1 - len(cells)))
        grid[row][place] = value
        return self

    def show(self, cell: str, look: Look) -> Return:
        """The return with a cell of the tasks shown that way."""
        self.traces.looks.append((int(cell[1:]) - 1, ord(cell[0]) - ord("A"), look))
        return self

    def fill(self, sheet: str, key: str, column: str, value: object) -> Return:
        """The return with an answer at its keys, wherever they stand."""
        grid = self.grids[sheet]
        row = next(row for row in grid if row[0] == key)
        row[grid[0].index(column)] = value
        return self

    def raw(self) -> RawWorkbook:
        for grid in self.grids.values():  # rows that tests put in reach as far as the others
            width = max(map(len, grid))
            for cells in grid:
                cells.extend([""] * (width - len(cells)))
        return RawWorkbook(
            sheets=[
                RawSheet(
                    name=name,
                    rows=grid,
                    marks=self.marks if name == TASKS else [],
                    merges=self.traces.merges if name == TASKS else [],
                    comments=self.traces.comments if name == TASKS else [],
                    looks=self.traces.looks if name == TASKS else [],
                )
                for name, grid in self.grids.items()
            ]
        )

    def read(self) -> Submission:
        return read_submission(self.raw(), self.edition, "xd.xlsx", "id")


def told(submission: Submission) -> list[tuple[str, str]]:
    """Code and cell of each finding."""
    return [(f.code, str(f.cell or f.sheet or "")) for f in submission.findings]


def value(submission: Submission, key: str, column: str, form: str = "PL2") -> object:
    return submission.answers[form].row(by_predicate=pl.col("key") == key, named=True)[column]


def entered(cell: str, what: object) -> Submission:
    return Return().put(TASKS, cell, what).read()
