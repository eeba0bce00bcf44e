"""Whatever is done to a return: no answer is lost, no fault is missed, nothing else is blamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mini_return import TASKS, return_edition
from mutilated import AGENCY, Cell, Mark, Row, Sheet, Verdict, fill_return
from mutilations import ANYWHERE, LAST, Mutilation, plant_fault, retype
from openpyxl.worksheet.worksheet import Worksheet

from khreport.edges.reader import Reader
from khreport.edges.xlsx import write_book
from khreport.layout.workbook import lay_out_workbook
from khreport.read.submissions import read_submission


def mutilate(chance: Random, changes: list[Mutilation]) -> tuple[list[str], list[str]]:
    """What was done to a return, and what is wrong with how it was then read."""
    book, done = fill_return(chance), []
    forms = [sheet for sheet in book.sheets if sheet.form]
    for change in changes:
        sheet = chance.choice(forms)
        done.append(f"{change.__name__} on {sheet.name}")
        change(book, sheet, chance)
    return done, Verdict(book, book.read()).faults


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.randoms(use_true_random=False),
    st.lists(st.sampled_from(ANYWHERE), max_size=4),
    st.lists(st.sampled_from(LAST), max_size=1),
)
def test_every_answer_is_read_or_asked_about_and_every_finding_has_its_fault(
    chance: Random, first: list[Mutilation], last: list[Mutilation]
) -> None:
    done, faults = mutilate(chance, [*first, *last])
    assert faults == [], done


@pytest.mark.parametrize("change", [*ANYWHERE, *LAST])
def test_each_mutilation_by_itself(change: Mutilation) -> None:
    for seed in range(30):
        done, faults = mutilate(Random(seed), [change])  # noqa: S311 - nothing to guess
        assert faults == [], done


def hide(_: Sheet, page: Worksheet, chance: Random) -> None:
    for at in range(1, page.max_row + 1):
        page.row_dimensions[at].hidden = chance.random() < 0.3
    for letter in "ABCDEFGHI":
        page.column_dimensions[letter].hidden = chance.random() < 0.3


def merge(sheet: Sheet, page: Worksheet, chance: Random) -> None:
    """Cells of a column, of which a spreadsheet program keeps the first."""
    first = chance.randrange(len(sheet.rows) - 1)
    place = chance.randrange(1, len(sheet.rows[0].cells))
    rows = sheet.rows[first : first + 3]
    if not all(row.kind for row in rows):
        return
    for row in rows:
        cell = row.cells[place]
        cell.may = "cell."
        if row is not rows[0]:
            cell.answer, cell.must, cell.mended = None, False, False
    page.merge_cells(None, first + 1, place + 1, first + len(rows), place + 1)


def open_a_gap(sheet: Sheet, page: Worksheet, chance: Random) -> None:
    row = chance.choice(sheet.named)
    at = sheet.rows.index(row)
    sheet.rows.insert(at, Row([Cell() for _ in row.cells]))
    page.insert_rows(at + 1)


def cut_out(sheet: Sheet, page: Worksheet, chance: Random) -> None:
    at = sheet.rows.index(chance.choice(sheet.named))
    del sheet.rows[at]
    page.delete_rows(at + 1)


def rename(sheet: Sheet, page: Worksheet, chance: Random) -> None:
    sheet.name = page.title = f"{sheet.name[:20]} {chance.randint(1, 9)}"


def lay_beside(sheet: Sheet, page: Worksheet, chance: Random) -> None:
    """A note in a column that the form has not."""
    row = chance.choice(sheet.named)
    place = max(len(other.cells) for other in sheet.rows)
    row.cells += [Cell() for _ in range(place - len(row.cells))]
    row.cells.append(Cell("ghi chú", may="cell.outside", must=True))
    page.cell(sheet.rows.index(row) + 1, place + 1).value = "ghi chú"


IN_FILES = (hide, merge, open_a_gap, cut_out, rename, lay_beside)


@cache
def template() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bieu.xlsx"
        write_book(lay_out_workbook(return_edition(), AGENCY), path)
        return path.read_bytes()


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


WITHOUT_SHRINKING = [phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)]
"""What was done is told anyway, and files are slow."""


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=WITHOUT_SHRINKING,
)
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(IN_FILES), max_size=3))
def test_the_same_holds_for_real_files(
    reader: Reader,
    tmp_path_factory: pytest.TempPathFactory,
    chance: Random,
    changes: list[Callable[[Sheet, Worksheet, Random], None]],
) -> None:
    book, opened = fill_return(chance), openpyxl.load_workbook(BytesIO(template()))
    done = []
    for change in (retype, plant_fault):
        change(book, next(sheet for sheet in book.sheets if sheet.name == TASKS), chance)
    for sheet in book.sheets:
        for at, row in enumerate(sheet.rows, start=1):
            for place, cell in enumerate(row.cells, start=1):
                if cell.answer:
                    type_in(opened[sheet.name].cell(at, place), cell.value)
    pages = {sheet: opened[sheet.name] for sheet in book.sheets if sheet.form}
    # openpyxl leaves merged ranges where they were when rows move
    for change_file in sorted(changes, key=lambda change: change is merge):
        sheet = chance.choice(list(pages))
        done.append(f"{change_file.__name__} on {sheet.name}")
        if sheet.named:
            change_file(sheet, pages[sheet], chance)
    path = tmp_path_factory.getbasetemp() / "mutilated.xlsx"
    opened.save(path)
    submission = read_submission(reader.read(path), return_edition(), path.name, "id")
    assert Verdict(book, submission).faults == [], done


def type_in(cell: Any, value: object) -> None:  # noqa: ANN401 - openpyxl has no types
    if isinstance(value, Mark):
        cell.value = value.text
        cell.data_type = "f" if value.text.startswith("=") else "e"
    elif isinstance(value, float) and value != value:  # noqa: PLR0124 - no file holds it
        cell.value = "NaN"
    else:
        if isinstance(value, float):
            cell.number_format = "General"  # in a cell that shows days it would be one
        cell.value = value
        cell.data_type = "s" if isinstance(value, str) else cell.data_type
