"""The agencies' workbooks as values: what stands where, before any file is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from khreport.anatomy import KEY_COLUMN, KEY_ROW
from khreport.cells import CellRef
from khreport.edges.shipped import load_plan
from khreport.edition import Edition, Token
from khreport.layout.form import (
    SMALLEST_PRINT_PT,
    Filled,
    Mark,
    lay_out_form,
    printed_size_pt,
)
from khreport.layout.heights import MAX_ROW_PT, text_height_pt
from khreport.layout.workbook import lay_out_workbook, workbook_name
from khreport.sheet import Cell, Sheet
from khreport.verbs.init import default_settings
from khreport.verbs.templates import shipped_edition

EXPECTED = Path(__file__).with_name("expected")
WORDS = "Đã tham mưu ban hành kế hoạch, tổ chức thực hiện và giải ngân đạt tỷ lệ cao; "


@pytest.fixture(scope="module")
def edition() -> Edition:
    return shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))


def sheet_of(edition: Edition, agency: str, form: str, filled: Filled | None = None) -> Sheet:
    sheet = lay_out_form(edition, agency, edition.form[form], filled or Filled())
    assert sheet is not None
    return sheet


def cell_at(sheet: Sheet, key: str, column_key: str) -> Cell:
    cells = {(cell.row, cell.column): cell for cell in sheet.cells}
    rows = {cell.value: cell.row for cell in sheet.cells if cell.column == KEY_COLUMN}
    columns = {cell.value: cell.column for cell in sheet.cells if cell.row == KEY_ROW}
    return cells[rows[key], columns[column_key]]


def dump(sheet: Sheet) -> str:
    lines = [f"[{sheet.name}] {sheet.paper} {'ngang' if sheet.landscape else 'dọc'}"]
    for cell in sorted(sheet.cells, key=lambda c: (c.row, c.column)):
        if cell.column in sheet.hidden_columns and cell.column != KEY_COLUMN:
            continue  # numbers, which LibreOffice works out in tests/test_self_check.py
        text = "" if cell.value is None else str(cell.value).replace("\n", "⏎")
        mark = " " if cell.style.locked else "*"
        if text or mark == "*":
            lines.append(f"{mark}{CellRef(cell.row, cell.column)} {text}".rstrip())
    lines += [
        f"kiểm tra nhập {c.kind} {c.source or ''} "
        f"{', '.join(str(CellRef(a.row, a.column)) for a in c.areas)}: {c.prompt}"
        for c in sheet.checks
    ]
    lines += [
        f"tô màu {c.fill} {CellRef(c.area.row, c.area.column)}:"
        f"{CellRef(c.area.last_row, c.area.last_column)}: {c.formula}"
        for c in sheet.conditions
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("agency", ["skhcn", "bqldapt"])
def test_the_layout_is_the_one_that_was_read_line_by_line(edition: Edition, agency: str) -> None:
    book = lay_out_workbook(edition, agency)
    shown = [sheet for sheet in book.sheets if sheet.visibility == "visible"]
    text = "".join(dump(sheet) for sheet in shown).replace(edition.digest, "<bản>")
    assert text == (EXPECTED / f"layout-{agency}.txt").read_text(encoding="utf-8")


def test_a_form_prints_in_eight_points_at_least(edition: Edition) -> None:
    for form in edition.forms:
        assert printed_size_pt(form, "A3") >= SMALLEST_PRINT_PT, form.key


def test_the_longest_answer_that_a_column_takes_fits_into_one_row(edition: Edition) -> None:
    for form in edition.forms:
        for column in form.columns:
            if column.max_length:
                text = (WORDS * 30)[: column.max_length]
                height = text_height_pt(text, column.width, form.size_pt)
                assert height <= MAX_ROW_PT, (form.key, column.key, height)


def test_every_text_of_the_plan_fits_into_one_row(edition: Edition) -> None:
    for agency in edition.asked:
        for sheet in lay_out_workbook(edition, agency).sheets:
            for row, height in sheet.heights:
                assert height < MAX_ROW_PT, (agency, sheet.name, row)


def test_the_result_takes_fifteen_hundred_characters(edition: Edition) -> None:
    assert edition.form["PL1"].column["result"].max_length == 1500
    assert edition.form["PL2"].column["result"].max_length == 1500


def test_a_dated_task_is_asked_for_its_day_and_a_recurrent_one_is_not(edition: Edition) -> None:
    sheet = sheet_of(edition, "skhcn", "PL2")
    assert not cell_at(sheet, "PL2.VIII.7", "completed_on").style.locked
    assert cell_at(sheet, "PL2.VIII.5", "completed_on").style.locked
    assert cell_at(sheet, "PL2.VIII.5", "percent").style.locked
    assert not cell_at(sheet, "PL2.VIII.5", "result").style.locked


def test_what_is_not_an_answer_is_locked(edition: Edition) -> None:
    for sheet in lay_out_workbook(edition, "sxd").sheets:
        assert sheet.protected
        for cell in sheet.cells:
            if not cell.style.locked:
                assert cell.value is None, (sheet.name, cell)


def test_the_first_cell_of_every_form_says_whose_it_is(edition: Edition) -> None:
    book = lay_out_workbook(edition, "sxd")
    tokens = {
        sheet.name: Token.parse(str(sheet.cells[0].value))
        for sheet in book.sheets
        if sheet.visibility == "visible"
    }
    assert list(tokens) == [form.sheet for form in edition.forms]
    for form in edition.forms:
        token = tokens[form.sheet]
        assert token is not None
        assert (token.agency, token.form, token.digest) == ("sxd", form.key, edition.digest)


def test_an_agency_that_answers_for_no_indicator_gets_no_sheet_for_them(edition: Edition) -> None:
    names = [sheet.name for sheet in lay_out_workbook(edition, "stp").sheets]
    assert "Chỉ tiêu" not in names
    assert "Phụ lục I" not in names
    assert "Phụ lục II" in names


def test_file_names_are_plain_and_differ(edition: Edition) -> None:
    names = [workbook_name(edition, agency) for agency in edition.asked]
    assert workbook_name(edition, "snnptnt") == "SNNPTNT-qd1165-2024.xlsx"
    assert len({name.casefold() for name in names}) == 34
    assert all(name.isascii() for name in names)


def test_a_marked_cell_keeps_its_colour_only_while_it_holds_the_faulty_value(
    edition: Edition,
) -> None:
    where = ("PL2.VIII.7", "percent")
    filled = Filled(
        values={where: "mười", ("PL2.VIII.6", "result"): "Đã trình"},
        marks={where: Mark("F8CBAD", "“mười” không phải là số.")},
    )
    sheet = sheet_of(edition, "skhcn", "PL2", filled)
    cell = cell_at(sheet, *where)
    assert (cell.value, cell.note) == ("mười", "“mười” không phải là số.")
    condition = sheet.conditions[0]  # before those of the rules, which give way to it
    assert condition.formula == f'=EXACT({CellRef(cell.row, cell.column)},"mười")'
    assert cell_at(sheet, "PL2.VIII.6", "result").value == "Đã trình"


def test_percentages_of_indicators_are_computed_and_cached(edition: Edition) -> None:
    key = next(q.key for q in edition.asked["sdl"] if q.kind == "indicator")
    filled = Filled(
        values={(key, "estimate_year"): 9.0, (key, "plan_year"): 8.0, (key, "previous_final"): 6.0}
    )
    sheet = sheet_of(edition, "sdl", "CT", filled)
    assert cell_at(sheet, key, "ratio").value == 112.5
    assert cell_at(sheet, key, "growth").value == 50.0
    fresh = cell_at(sheet_of(edition, "sdl", "CT"), key, "ratio")
    assert fresh.value == ""
    assert fresh.formula is not None
    assert fresh.formula.startswith("=IF(AND(ISNUMBER(")


def test_what_is_itself_a_percentage_grows_by_points(edition: Edition) -> None:
    values = {
        ("CT.forest_cover", key): n
        for key, n in (("estimate_year", 46.5), ("previous_final", 46.0))
    }
    filled = Filled(values=values)
    cell = cell_at(sheet_of(edition, "snnptnt", "CT", filled), "CT.forest_cover", "growth")
    assert cell.value == 0.5
    assert cell.formula is not None
    assert "/" not in cell.formula


def test_a_later_quarter_sets_what_adds_up_from_the_beginning_against_the_plan() -> None:
    edition = shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024-Q3"))
    figures = {"to_closing": 7.5, "estimate_year": 2.5, "plan_year": 10.0}
    for agency, key, ratio in (("sdl", "CT.visitors", 75.0), ("snnptnt", "CT.forest_cover", 25.0)):
        filled = Filled(values={(key, column): value for column, value in figures.items()})
        cell = cell_at(sheet_of(edition, agency, "CT", filled), key, "ratio")
        assert cell.value == ratio
    heading = edition.form["CT"].column["ratio"].heading
    assert heading == ("Số từ đầu năm (chỉ tiêu cộng dồn) hoặc ước quý III so với kế hoạch năm (%)")


def test_a_rank_has_no_share_and_no_growth(edition: Edition) -> None:
    (key,) = edition.ranks
    agency = next(q.agency for q in edition.questions if q.key == key)
    figures = {"estimate_year": 20.0, "plan_year": 22.0, "previous_final": 24.0}
    filled = Filled(values={(key, column): value for column, value in figures.items()})
    sheet = sheet_of(edition, agency, "CT", filled)
    for column in ("ratio", "growth"):
        cell = cell_at(sheet, key, column)
        assert (cell.formula, cell.value) == (None, None)
