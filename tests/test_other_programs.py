"""The shipped workbook, filled and saved by other programs: nothing lost, nobody mistaken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_libreoffice import TYPED, VIETNAMESE, cell_of, read_answers, type_into

from khreport.edges.reader import Reader
from khreport.edges.shipped import load_plan
from khreport.edges.xlsx import write_book
from khreport.edition import Edition
from khreport.forms import Column, Form
from khreport.frames import Submission, held
from khreport.layout.workbook import lay_out_workbook
from khreport.read.submissions import read_submission
from khreport.rows import FormRow, form_rows
from khreport.sheet import Book
from khreport.verbs.init import default_settings
from khreport.verbs.templates import shipped_edition

if TYPE_CHECKING:
    from conftest import Node, Soffice

AGENCY = "snnptnt"
"""It is asked every form."""
Entry = tuple[str, str, str, object]
"""Sheet, cell, kind ("text", "number", "date", "formula", "error", "rich"), value."""
Where = tuple[str, str]
"""Row key and column key."""
SAID = (
    "Đã trình UBND tỉnh; đang chờ phê duyệt (lần {n})",
    "- Hội nghị {n}\n- Kế hoạch số {n}/KH-SNN",
    "=Bổ sung kinh phí {n}",
    "00{n}",
    "“Dự án” <{n}> & 'vùng' ủy ban, hoà giải",
)
FORMULAS: tuple[tuple[str, str, str], ...] = (
    ("percent", "formula", "1/4*100"),
    ("completed_on", "formula", "DATE(2024,1,5)"),
    ("result", "formula", 'A1&"x"'),
    ("difficulty", "error", "#REF!"),
    ("explanation", "error", "#N/A"),
)


@dataclass(frozen=True)
class Sent:
    """What an agency got: the workbook as laid out, and its file."""

    edition: Edition
    book: Book
    path: Path

    def cell(self, sheet_name: str, key: str, column_key: str) -> str:
        sheet = next(sheet for sheet in self.book.sheets if sheet.name == sheet_name)
        return cell_of(sheet, key, column_key)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    edition = shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))
    book, path = lay_out_workbook(edition, AGENCY), tmp_path_factory.mktemp("bieu") / "bieu.xlsx"
    write_book(book, path)
    return Sent(edition, book, path)


def first_task(sent: Sent) -> tuple[str, str]:
    """A sheet, and the key of its first task with a deadline."""
    form = next(form for form in sent.edition.forms if form.key == "PL2")
    asked = sent.edition.asked[AGENCY]
    return form.sheet, next(q.key for q in asked if q.form == form.key and q.kind == "dated")


def enter(form: Form, column: Column, row: FormRow, n: int) -> tuple[str, object, object]:
    """The kind of an entry, what is entered, and what is to be read."""
    key = column.list_for(row.kind) if row.kind else None
    if row.kind == "field":
        key = next(field.list for field in form.fields if field.key == row.parent)
    if key is not None:
        choices = form.choice_list[key].choices
        choice = choices[n % len(choices)]
        return "text", choice.label, choice.code
    if column.type in ("number", "whole"):
        return "number", n + 0.5, n + 0.5
    if column.type == "date":
        day = dt.date(2024, n % 11 + 1, n % 16 + 13)  # no other day with its parts exchanged
        return "date", day.isoformat(), day
    if column.type == "references":
        return "text", f"{n % 40 + 1}; {n % 7 + 41}", f"{n % 40 + 1}; {n % 7 + 41}"
    said = SAID[n % len(SAID)].format(n=n)
    return "text", said, said


def fill_every_cell(sent: Sent) -> tuple[list[Entry], dict[Where, object]]:
    """An entry for each cell that asks for one, and what is to be read there."""
    entries: list[Entry] = []
    expected: dict[Where, object] = {}
    for form in sent.edition.forms:
        for row in form_rows(sent.edition, AGENCY, form):
            for column in held(form):
                if row.kind is None or not column.asks(row.kind):
                    continue
                kind, entered, value = enter(form, column, row, len(entries))
                cell = sent.cell(form.sheet, row.key, column.key)
                entries.append((form.sheet, cell, kind, entered))
                expected[row.key, column.key] = value
    return entries, expected


def read_workbook(path: Path, edition: Edition) -> tuple[Submission, Mapping[Where, object]]:
    with Reader() as reader:
        submission = read_submission(reader.read(path), edition, path.name, path.name)
    return submission, {
        (row["key"], column): value
        for frame in submission.answers.values()
        for row in frame.iter_rows(named=True)
        for column, value in row.items()
    }


def lost(answers: Mapping[Where, object], expected: Mapping[Where, object]) -> dict[Where, object]:
    return {where: value for where, value in expected.items() if answers.get(where) != value}


@pytest.mark.parametrize(
    ("program", "suffix"),
    [
        ("sheetjs", "xlsx"),
        ("sheetjs", "xls"),
        ("sheetjs", "xlsb"),
        ("sheetjs", "ods"),
        ("exceljs", "xlsx"),
    ],
)
def test_every_answer_comes_back_through_a_javascript_library(
    node: Node, tmp_path: Path, sent: Sent, program: str, suffix: str
) -> None:
    entries, expected = fill_every_cell(sent)
    assert len(entries) > 500
    saved = tmp_path / f"saved.{suffix}"
    node(f"{program}.js", sent.path, saved, entries=entries)
    submission, answers = read_workbook(saved, sent.edition)
    assert lost(answers, expected) == {}
    assert (submission.agency, submission.digest) == (AGENCY, sent.edition.digest)
    # SheetJS writes no more than 255 characters of a text into an .xls
    cut_short = {"text.changed"} if suffix == "xls" else set()
    assert {finding.code for finding in submission.findings} == cut_short


def test_what_sheetjs_cut_short_in_an_xls_is_asked_about(
    node: Node, tmp_path: Path, sent: Sent
) -> None:
    sheet, key = first_task(sent)
    cell = sent.cell(sheet, key, "result")
    saved = tmp_path / "saved.xls"
    node("sheetjs.js", sent.path, saved, entries=[(sheet, cell, "text", "Đã họp. " * 40)])
    submission, answers = read_workbook(saved, sent.edition)
    asked = [f for f in submission.findings if f.code != "text.changed"]
    assert [(f.code, str(f.cell), f.blocks) for f in asked] == [("cell.cut_short", cell, True)]
    assert answers[key, "result"] is None


def test_a_day_that_exceljs_wrote_in_universal_time_is_asked_about(
    node: Node, tmp_path: Path, sent: Sent
) -> None:
    sheet, key = first_task(sent)
    cell = sent.cell(sheet, key, "completed_on")
    saved = tmp_path / "saved.xlsx"
    node("exceljs.js", sent.path, saved, entries=[(sheet, cell, "date", "2024-03-05T00:00+07:00")])
    submission, answers = read_workbook(saved, sent.edition)
    (finding,) = submission.findings
    assert (finding.code, str(finding.cell)) == ("cell.date_clock", cell)
    assert "04/3/2024 hoặc 05/3/2024" in finding.message
    assert answers[key, "completed_on"] is None


@pytest.mark.parametrize(
    ("program", "suffix"), [("sheetjs", "xlsx"), ("sheetjs", "xls"), ("exceljs", "xlsx")]
)
def test_what_a_javascript_library_did_not_work_out_is_noticed(
    node: Node, tmp_path: Path, sent: Sent, program: str, suffix: str
) -> None:
    sheet, key = first_task(sent)
    entries = [
        (sheet, sent.cell(sheet, key, column), kind, what)
        for column, kind, what in FORMULAS
        if suffix == "xlsx" or kind == "error"  # SheetJS leaves formulas out of an .xls
    ]
    saved = tmp_path / f"saved.{suffix}"
    node(f"{program}.js", sent.path, saved, entries=entries)
    submission, _ = read_workbook(saved, sent.edition)
    told = {(f.code, str(f.cell)) for f in submission.findings if f.code != "text.changed"}
    assert told == {(f"cell.{kind}", cell) for _, cell, kind, _ in entries}


def test_text_in_several_fonts_is_one_answer(node: Node, tmp_path: Path, sent: Sent) -> None:
    sheet, key = first_task(sent)
    entries = [(sheet, sent.cell(sheet, key, "result"), "rich", "Đã trình UBND tỉnh")]
    saved = tmp_path / "saved.xlsx"
    node("exceljs.js", sent.path, saved, entries=entries)
    submission, answers = read_workbook(saved, sent.edition)
    assert (submission.findings, answers[key, "result"]) == ((), "Đã trình UBND tỉnh")


ENGLISH = {
    "87,5": "87.5",
    "30/6/2025": "6/30/2025",
    "12/5/2022": "5/12/2022",
    "05/3/2024": "3/5/2024",
}
"""What is typed under an English locale for what is typed under the Vietnamese one."""


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_what_is_typed_under_an_english_locale_is_read_back_at_its_cell(
    soffice: Soffice, tmp_path: Path, sent: Sent, suffix: str
) -> None:
    english = VIETNAMESE.replace("<value>vi</value>", "<value>en-US</value>")
    edition, book = sent.edition, lay_out_workbook(sent.edition, "skhcn")
    source = tmp_path / "bieu.xlsx"
    write_book(book, source)
    sheets = {form.key: form.sheet for form in edition.forms}
    by_name = {sheet.name: sheet for sheet in book.sheets}
    entries = [
        [sheet, cell_of(by_name[sheet], key, column), ENGLISH.get(text, text)]
        for (key, column), (text, _) in TYPED.items()
        for sheet in [sheets[key.split(".")[0]]]
    ]
    saved, refused = type_into(soffice, tmp_path, source, entries, suffix, english)
    assert refused == []
    answers = read_answers(saved, edition)
    assert lost(answers, {where: value for where, (_, value) in TYPED.items()}) == {}
