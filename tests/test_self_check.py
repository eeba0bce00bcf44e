"""The workbook that checks itself, as LibreOffice works it out and as it opens."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import msgspec
import openpyxl
import pytest
from example_books import draw_examples
from mini_return import TASKS, Return, told
from test_libreoffice import cell_of, drive, read_answers

from khreport.anatomy import KEY_COLUMN, KEY_ROW, OWN_COLUMN
from khreport.cells import CellRef
from khreport.checks.check import check_submissions
from khreport.checks.formulas import DOUBTFUL, FAULTY, KINDS, MISSING
from khreport.checks.prove import BAD
from khreport.edges.reader import Reader
from khreport.edges.shipped import load_forms, load_plan, load_rules
from khreport.edges.xlsx import write_book
from khreport.edition import Edition
from khreport.layout.correction import lay_out_correction
from khreport.layout.form import Filled
from khreport.layout.styles import ERROR_FILL, MISSING_FILL, WARNING_FILL
from khreport.layout.workbook import lay_out_workbook
from khreport.read.submissions import read_submission
from khreport.rules import Kind
from khreport.sheet import Book, Sheet, Value
from khreport.verbs.init import default_settings
from khreport.verbs.templates import shipped_edition

if TYPE_CHECKING:
    from conftest import Soffice

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
NOT_SHOWN = {
    "CT-03": "a warning whose row says why is believed, and this one is for rows that do",
    "PH-40": "a note asks for nothing",
}
"""Cards whose bad example the template lets pass, and why."""
OF_2007 = {
    "ABS", "ADDRESS", "AND", "CHAR", "COUNTA", "COUNTIF", "DATE", "FIND", "HYPERLINK", "IF",
    "IFERROR", "INT", "ISERROR", "ISNA", "ISNUMBER", "LEFT", "LEN", "LOWER", "MATCH", "MID", "MIN",
    "MOD", "NOT", "OR", "ROUND", "ROW", "SUBSTITUTE", "SUM", "SUMPRODUCT", "TRIM",
}  # fmt: skip
LONGEST_FORMULA = 8192
HALF: Mapping[tuple[str, str], Value] = {
    ("PL2.VIII.6", "status"): "Đang thực hiện",
    ("PL2.VIII.6", "percent"): 100.0,
    ("PL2.VIII.6", "result"): "ok",
    ("PL2.VIII.6", "documents"): "1; 9",
    ("PL2.VIII.7", "status"): "Hoàn thành",
    ("PL2.VIII.7", "completed_on"): dt.date(2024, 6, 1),
    ("PL2.VIII.7", "result"): "Đã ban hành 02 đề án",
    ("PL2.VIII.7", "documents"): "1",
    ("PL2.III.25", "status"): "Triển khai một phần",
    ("VB.1", "symbol"): "12/KH-SKHCN",
    ("VB.1", "issued_on"): dt.date(2024, 3, 5),
    ("VB.1", "abstract"): "Kế hoạch năm 2024",
    ("BIA.prepared_by", "value"): "Cán bộ tổng hợp",
}
DONE: Mapping[tuple[str, str], Value] = {**HALF, ("BIA.progress", "value"): "Đã xong"}


@pytest.fixture(scope="module")
def edition() -> Edition:
    return shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))


def pour(values: Mapping[tuple[str, str], Value]) -> dict[str, Filled]:
    keys = {key.split(".")[0] for key, _ in values}
    return {
        form: Filled(values={at: v for at, v in values.items() if at[0].split(".")[0] == form})
        for form in keys
    }


def fresh(edition: Edition, agency: str = "skhcn") -> Book:
    return lay_out_workbook(edition, agency)


def sheet_of(book: Book, form: str) -> Sheet:
    return next(sheet for sheet in book.sheets if f":{form}:" in str(sheet.cells[0].value))


def checks_of(sheet: Sheet, key: str) -> dict[str, tuple[str, object]]:
    """The cell of each check of a row, and what it holds, by column key."""
    keys = {cell.column: str(cell.value) for cell in sheet.cells if cell.row == KEY_ROW}
    row = next(c.row for c in sheet.cells if c.column == KEY_COLUMN and c.value == key)
    return {
        name.removeprefix(OWN_COLUMN): (str(CellRef(cell.row, cell.column)), cell.value)
        for cell in sheet.cells
        if cell.row == row and (name := keys.get(cell.column, "")).startswith(OWN_COLUMN)
        if name not in {f"{OWN_COLUMN}{own}" for own in ("begun", "open", "state")}
    }


def state_of(sheet: Sheet, key: str) -> str:
    """The cell of a row's state."""
    return cell_of(sheet, key, f"{OWN_COLUMN}state")


def poison(book: Book) -> Book:
    """The book with results of formulas that nobody works out."""
    sheets = []
    for sheet in book.sheets:
        cells = tuple(
            msgspec.structs.replace(cell, value=-99) if cell.formula else cell
            for cell in sheet.cells
        )
        sheets.append(msgspec.structs.replace(sheet, cells=cells))
    return msgspec.structs.replace(book, sheets=tuple(sheets))


def recalculate(soffice: Soffice, folder: Path, books: list[Book]) -> Iterator[Any]:
    """The books as LibreOffice works them out, in one run."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    paths = [folder / f"{number}.xlsx" for number in range(len(books))]
    for book, path in zip(books, paths, strict=True):
        write_book(poison(book), path)
    run = type(soffice)(
        (
            soffice.command[0],
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
        )
    )
    run("--convert-to", "xlsx", "--outdir", folder / "out", *paths)
    for path in paths:
        yield openpyxl.load_workbook(folder / "out" / path.name, data_only=True)


def test_each_kind_of_rule_has_its_formula() -> None:
    assert KINDS.keys() == set(get_args(Kind))


def test_the_examples_of_every_card_hold_as_libreoffice_works_them_out(
    soffice: Soffice, tmp_path: Path
) -> None:
    forms = load_forms()
    rules = load_rules(forms)
    drawn = draw_examples(forms, rules)
    seen = set()
    workbooks = recalculate(soffice, tmp_path, [each.book for each in drawn])
    for (examples, book), workbook in zip(drawn, workbooks, strict=True):
        for rule, which, key, _ in examples:
            sheet = sheet_of(book, rule.form)
            found = {
                name: workbook[sheet.name][cell].value
                for name, (cell, _) in checks_of(sheet, key).items()
            }
            code = MISSING if rule.kind == "required" else FAULTY
            code = code if rule.severity == "error" else DOUBTFUL
            shown = which == BAD and rule.id not in NOT_SHOWN
            assert {name: code for name, code in found.items() if code} == (
                {rule.column: code} if shown else {}
            ), (rule.id, which)
            seen.add((rule.id, which))
    assert seen == {(rule.id, which) for rule in rules for which in range(2)}


def test_a_workbook_opens_with_what_libreoffice_works_out(
    soffice: Soffice, tmp_path: Path, edition: Edition
) -> None:
    books = [
        fresh(edition),
        fresh(edition, "sdl"),
        lay_out_workbook(edition, "skhcn", pour(HALF)),
        lay_out_workbook(edition, "skhcn", pour(DONE)),
        correction(edition),
    ]
    for book, workbook in zip(books, recalculate(soffice, tmp_path, books), strict=True):
        written = {
            (sheet.name, str(CellRef(cell.row, cell.column))): cell.value or None
            for sheet in book.sheets
            for cell in sheet.cells
            if cell.formula
        }
        worked_out = {(name, cell): workbook[name][cell].value or None for name, cell in written}
        assert len(written) > 500
        assert written == worked_out


def test_none_counts_as_empty_and_a_pointer_as_a_fault_as_the_check_has_it(
    soffice: Soffice, tmp_path: Path, edition: Edition
) -> None:
    first, second = "PL2.VIII.6", "PL2.VIII.7"
    said: dict[tuple[str, str], Value] = {
        (first, "status"): "Đang thực hiện",
        (first, "expected_on"): dt.date(2025, 6, 30),
        (first, "result"): "Như trên.",
        (first, "difficulty"): "Không có khó khăn, vướng mắc.",
        (first, "cause"): "Không có khó khăn, kiến nghị",
        (first, "proposal"): "Không",
        (second, "status"): "Hoàn thành",
        (second, "completed_on"): dt.date(2024, 6, 1),
        (second, "result"): "Đã ban hành 02 đề án",
        (second, "explanation"): "Sản phẩm là 02 đề án",
        (second, "difficulty"): "-",
        (second, "proposal"): "0",
    }
    book = lay_out_workbook(edition, "skhcn", pour(said))
    (workbook,) = recalculate(soffice, tmp_path, [book])
    sheet = sheet_of(book, "PL2")
    for key, expected in ((first, {"result": FAULTY}), (second, {})):
        checks = checks_of(sheet, key)
        assert {name: code for name, (_, code) in checks.items() if code} == expected
        found = {name: workbook[sheet.name][cell].value for name, (cell, _) in checks.items()}
        assert {name: code for name, code in found.items() if code} == expected
    back = Return("skhcn", edition)
    for (key, column), value in said.items():
        back.fill(sheet.name, key, column, value)
    read = back.read()
    told_of = [*read.findings, *check_submissions(edition, [read])]
    ours = {(f.code, f.column_key) for f in told_of if f.row_key in {first, second}}
    assert {pair for pair in ours if pair[0] != "PL2-13"} == {("cell.elsewhere", "result")}
    assert [r.before for r in read.repairs] == ["Không có khó khăn, vướng mắc.", "-", "Không", "0"]


def test_a_cause_without_a_difficulty_is_one_warning(edition: Edition) -> None:
    key = "PL2.III.25"
    back = Return("skhcn", edition).fill("Phụ lục II", key, "status", "Triển khai một phần")
    back.fill("Phụ lục II", key, "result", "Đã mở 3 trong 5 lớp tập huấn")
    back.fill("Phụ lục II", key, "cause", "Khách quan")
    read = back.fill("Phụ lục II", key, "difficulty", "Không").read()
    found = [*read.findings, *check_submissions(edition, [read])]
    assert [(f.code, f.severity) for f in found if f.row_key == key] == [("PL2-14", "warning")]


def correction(edition: Edition) -> Book:
    """A return with faults and a line added by hand, as it goes back."""
    sent = Return("skhcn", edition)
    for (key, column), value in HALF.items():
        sent.fill(edition.form[key.split(".")[0]].sheet, key, column, value)
    sent.fill("Phụ lục II", "PL2.VIII.7", "expected_on", "sang năm")
    rows = sent.grids["Phụ lục II"]
    line = next(number for number, row in enumerate(rows) if row[0] == "PL2.VIII.7.a")
    rows.insert(line + 1, ["", "b)", "Dự án thêm", *[""] * 4, "Đang thực hiện"])
    submission = sent.read()
    findings = [*submission.findings, *check_submissions(edition, [submission])]
    assert {finding.severity for finding in findings} >= {"error", "warning"}
    return lay_out_correction(edition, submission, findings)


def test_an_officers_hour(soffice: Soffice, tmp_path: Path, edition: Edition) -> None:
    book = fresh(edition)
    source = tmp_path / "bieu.xlsx"
    write_book(book, source)
    form, cover = sheet_of(book, "PL2"), sheet_of(book, "BIA")
    place = {
        name: (form.name, cell_of(form, "PL2.VIII.6", name))
        for name in ("status", "percent", "expected_on", "result", "documents", "difficulty")
    }
    state = (form.name, state_of(form, "PL2.VIII.6"))
    head = next(c for c in form.cells if c.formula and str(c.value).startswith("Đã điền"))
    line = (form.name, str(CellRef(head.row, head.column)))
    row = next(c.row for c in cover.cells if c.value == form.name)
    counts = [(cover.name, str(CellRef(row, column))) for column in range(5, 10)]
    number = ("Danh mục văn bản", cell_of(sheet_of(book, "VB"), "VB.1", "symbol"))
    progress = (cover.name, cell_of(cover, "BIA.progress", "value"))
    other = (form.name, state_of(form, "PL2.I.1"))
    hour: list[tuple[tuple[str, ...], str | None]] = [
        (line, "Đã điền 0/5 dòng"),
        (state, "Chưa điền"),
        (counts[0], "0/5"),
        (counts[4], "Đến ô H10"),
        (("'Phụ lục II'!H10",), "$'Phụ lục II'.$H$10"),
        ((*place["status"], "Đang thực hiện"), None),
        ((*place["percent"], "100"), None),
        ((*place["result"], "ok"), None),
        ((*place["documents"], "1"), None),
        (state, "Cần sửa: Tỷ lệ hoàn thành (%); Kết quả trong kỳ; Văn bản (số TT)"),
        (line, "Đã điền 1/5 dòng; cần sửa 3 ô"),
        ((*place["percent"], "75"), None),
        ((*number, "12/KH-SKHCN"), None),
        (state, "Cần sửa: Kết quả trong kỳ"),
        ((*place["result"], ""), None),
        (state, "Còn thiếu: Kết quả trong kỳ"),
        ((*place["result"], "Đã thẩm định xong đề án"), None),
        (state, "Đủ"),
        (other, "Chưa điền"),
        ((*place["expected_on"], "30/6/2024"), None),
        (state, "Cần sửa: Dự kiến hoàn thành"),
        ((*place["expected_on"], "30/6/2026"), None),
        (state, "Xem lại: Dự kiến hoàn thành"),
        ((*place["difficulty"], "Vướng giải phóng mặt bằng"), None),
        (state, "Còn thiếu: Loại nguyên nhân"),
        ((*progress, "Đã xong"), None),
        (other, "Còn thiếu: Tình trạng"),
        (counts[0], "1/5"),
        (counts[1], "6"),
        (counts[2], "0"),
        (counts[4], "Đến ô H10"),
    ]
    entries = [list(entry) for entry, _ in hour]
    saved, refused, seen = drive(soffice, tmp_path, source, entries, "xlsx")
    assert refused == []
    assert seen == [expected for _, expected in hour if expected is not None]
    answers = read_answers(saved, edition)
    assert answers["PL2.VIII.6", "result"] == "Đã thẩm định xong đề án"
    with Reader() as reader:
        found = read_submission(reader.read(saved), edition, saved.name, "id").findings
    assert [str(each) for each in found if each.code.startswith(("cell.outside", "column."))] == []


def test_a_fresh_form_is_calm_and_colours_look_at_one_sheet_alone(edition: Edition) -> None:
    for sheet in fresh(edition, "sdl").sheets[:-2]:
        fills = [condition.fill for condition in sheet.conditions]
        assert fills == [MISSING_FILL, ERROR_FILL, WARNING_FILL], sheet.name
        assert all("!" not in condition.formula for condition in sheet.conditions)
        keys = {str(c.value) for c in sheet.cells if c.column == KEY_COLUMN and c.row != KEY_ROW}
        codes = {
            value
            for key in keys
            if not key.startswith("#")
            for name, (_, value) in checks_of(sheet, key).items()
            if not name.startswith("sheets")
        }
        assert codes <= {0}, sheet.name


def test_formulas_use_what_excel_2007_has(edition: Edition) -> None:
    for agency in ("skhcn", "sdl"):
        for sheet in fresh(edition, agency).sheets:
            texts = [cell.formula for cell in sheet.cells if cell.formula]
            plain = [re.sub('"[^"]*"', "", text) for text in texts]
            used = {name for text in plain for name in re.findall(r"([A-Z]+)\(", text)}
            assert used <= OF_2007
            assert max(map(len, texts), default=0) < LONGEST_FORMULA


def test_the_mark_of_a_correction_stands_before_the_colours_of_the_rules(edition: Edition) -> None:
    book = correction(edition)
    sheet = sheet_of(book, "PL2")
    fills = [condition.fill for condition in sheet.conditions]
    assert len(fills) > 3
    assert fills[-3:] == [MISSING_FILL, ERROR_FILL, WARNING_FILL]


def test_the_columns_that_check_are_no_answers() -> None:
    sent = Return()
    assert [code for code, _ in told(sent.read()) if code.startswith(("cell.", "row."))] == []
    state = state_of(
        next(s for s in lay_out_workbook(sent.edition, "sxd").sheets if s.name == TASKS), "PL2.I.1"
    )
    sent.put(TASKS, state, "Đã gửi anh Tám")
    assert [(c, at) for c, at in told(sent.read()) if c == "cell.outside"] == [
        ("cell.outside", state)
    ]


def test_nothing_that_goes_out_holds_an_extension_or_a_name(
    edition: Edition, tmp_path: Path
) -> None:
    for number, book in enumerate((fresh(edition), correction(edition))):
        path = tmp_path / f"{number}.xlsx"
        write_book(book, path)
        with zipfile.ZipFile(path) as parts:
            for name in parts.namelist():
                text = parts.read(name).decode("utf-8")
                assert not re.search("extLst|x14|_xlfn|/home/|/tmp|lastModifiedBy>[^<]", text), name
