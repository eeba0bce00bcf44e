"""What the renderer writes, read by an independent program (openpyxl)."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest

from khreport.edges.xlsx import write_book
from khreport.sheet import Area, Book, Cell, Chart, Condition, InputCheck, Sheet, Style

PLAIN = Style()


def write(tmp_path: Path, *cells: Cell, **rest: object) -> Path:
    path = tmp_path / "bang.xlsx"
    sheet = Sheet(name="Bảng", cells=cells, **rest)  # type: ignore[arg-type]
    write_book(Book(sheets=(sheet,), title="Thử"), path)
    return path


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def test_a_chart_is_the_programs_own_over_its_cells_and_says_what_it_shows(tmp_path: Path) -> None:
    chart = Chart(
        title="Cơ quan báo cáo",
        categories=Area(0, 0, 1, 0),
        values=Area(0, 1, 1, 1),
        row=3,
        column=2,
        width_px=480,
        height_px=200,
    )
    path = write(
        tmp_path,
        Cell(0, 0, "Đã", PLAIN),
        Cell(0, 1, 3, PLAIN),
        Cell(1, 0, "Chưa", PLAIN),
        Cell(1, 1, 1, PLAIN),
        charts=(chart,),
    )
    drawn = part(path, "xl/charts/chart1.xml")
    assert re.findall(r"<c:f>(.*?)</c:f>", drawn) == ["Bảng!$A$1:$A$2", "Bảng!$B$1:$B$2"]
    # programs show what is stored until they draw the chart anew
    assert re.findall(r"<c:v>(.*?)</c:v>", drawn) == ["Đã", "Chưa", "3", "1"]
    assert 'descr="Cơ quan báo cáo"' in part(path, "xl/drawings/drawing1.xml")
    (found,) = openpyxl.load_workbook(path)["Bảng"]._charts  # noqa: SLF001 - openpyxl has no public way
    assert found.anchor._from.row == 3  # noqa: SLF001 - nor here


def test_values_keep_their_type(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        Cell(0, 0, "Hà Nội", PLAIN),
        Cell(0, 1, 7.5, PLAIN),
        Cell(0, 2, dt.date(2024, 12, 5), Style(number_format="dd/mm/yyyy")),
        Cell(0, 3, True, PLAIN),  # noqa: FBT003 - the value of a cell
        Cell(0, 4, 12.5, PLAIN, formula="=B1+5"),
    )
    sheet = openpyxl.load_workbook(path)["Bảng"]
    values = [cell.value for cell in sheet[1]]
    assert values == ["Hà Nội", 7.5, dt.datetime(2024, 12, 5), True, "=B1+5"]  # noqa: DTZ001
    assert openpyxl.load_workbook(path, data_only=True)["Bảng"]["E1"].value == 12.5


@pytest.mark.parametrize("text", ["=1+1", "+84 258", "-nt-", "@ai", "http://a.vn", "00123"])
def test_text_that_looks_like_a_formula_or_link_stays_text(tmp_path: Path, text: str) -> None:
    cell = openpyxl.load_workbook(write(tmp_path, Cell(0, 0, text, PLAIN)))["Bảng"]["A1"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_row_opens_at_its_height_and_still_grows(tmp_path: Path) -> None:
    path = write(tmp_path, Cell(2, 0, "dài", PLAIN), heights=((2, 90.0),))
    row = re.search(r'<row r="3"[^>]*>', part(path, "xl/worksheets/sheet1.xml"))
    assert row is not None
    assert 'ht="90"' in row[0]
    assert "customHeight" not in row[0]


def test_a_row_that_a_merge_crosses_is_fixed(tmp_path: Path) -> None:
    path = write(
        tmp_path, Cell(2, 0, "mục", PLAIN), heights=((2, 40.0),), merges=(Area(2, 0, 2, 3),)
    )
    assert 'customHeight="1"' in part(path, "xl/worksheets/sheet1.xml")


def test_only_answers_are_unlocked_on_a_protected_sheet(tmp_path: Path) -> None:
    path = write(tmp_path, Cell(0, 0, "a", PLAIN), Cell(0, 1, None, Style(locked=False)))
    sheet = openpyxl.load_workbook(path)["Bảng"]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert (sheet["A1"].protection.locked, sheet["B1"].protection.locked) == (True, False)
    assert (sheet.protection.formatColumns, sheet.protection.autoFilter) == (False, False)
    assert sheet.protection.sort


def test_a_check_covers_all_its_areas_and_names_its_list(tmp_path: Path) -> None:
    check = InputCheck(
        areas=(Area(1, 1, 3, 1), Area(5, 1, 5, 1)), kind="list", source="DS_PL2_dated",
        title="Tình trạng", prompt="Chọn trong danh sách.", error="Hãy chọn trong danh sách.",
    )  # fmt: skip
    sheet = openpyxl.load_workbook(write(tmp_path, Cell(0, 0, "a", PLAIN), checks=(check,)))["Bảng"]
    (written,) = sheet.data_validations.dataValidation
    assert str(written.sqref) == "B2:B4 B6"
    assert (written.type, written.formula1) == ("list", "DS_PL2_dated")
    assert (written.promptTitle, written.errorStyle) == ("Tình trạng", None)


def test_conditions_and_notes_are_written(tmp_path: Path) -> None:
    condition = Condition(area=Area(0, 0, 0, 0), formula='=EXACT(A1,"x")', fill="F8CBAD")
    path = write(tmp_path, Cell(0, 0, "x", PLAIN, note="Sửa ô này."), conditions=(condition,))
    sheet = openpyxl.load_workbook(path)["Bảng"]
    assert sheet["A1"].comment is not None
    assert sheet["A1"].comment.text == "Kết quả kiểm tra: Sửa ô này."
    ((_, rules),) = sheet.conditional_formatting._cf_rules.items()  # noqa: SLF001
    assert rules[0].formula == ['EXACT(A1,"x")']


def test_the_same_book_gives_the_same_bytes_and_no_author(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = write(tmp_path / "a", Cell(0, 0, "x", PLAIN))
    second = write(tmp_path / "b", Cell(0, 0, "x", PLAIN))
    assert first.read_bytes() == second.read_bytes()
    properties = openpyxl.load_workbook(first).properties
    assert properties.creator in (None, "")
    assert properties.title == "Thử"


def test_a_page_is_one_sheet_wide_with_its_headings_repeated(tmp_path: Path) -> None:
    path = write(
        tmp_path, Cell(0, 0, "x", PLAIN), paper="A3", repeat_rows=(6, 7), freeze=(8, 3),
        print_area=Area(1, 1, 9, 5),
    )  # fmt: skip
    sheet = openpyxl.load_workbook(path)["Bảng"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
    # one page wide is the default and is not written; 0 stands for as many high as it takes
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$7:$8"
    assert sheet.freeze_panes == "D9"


@pytest.mark.parametrize("text", ["=1+1", "+84", "- Đã ban hành", "@ban"])
def test_a_text_that_looks_like_a_formula_stays_text_when_its_cell_is_typed_in(
    tmp_path: Path, text: str
) -> None:
    path = write(tmp_path, Cell(0, 0, text, PLAIN), Cell(0, 1, "Hà Nội", PLAIN))
    sheet = openpyxl.load_workbook(path)["Bảng"]
    assert (sheet["A1"].value, sheet["A1"].data_type) == (text, "s")
    assert (sheet["A1"].quotePrefix, sheet["B1"].quotePrefix) == (True, False)


def test_a_file_that_a_cell_leads_to_is_named_from_the_workbook_s_folder(tmp_path: Path) -> None:
    names = ("tra-lai/Bản trả lại.xlsx", "../khác/Báo cáo #1 (50% xong).xlsx")
    path = write(tmp_path, *(Cell(n, 0, "Mở", PLAIN, file=name) for n, name in enumerate(names)))
    sheet = openpyxl.load_workbook(path)["Bảng"]
    targets = [sheet.cell(n + 1, 1).hyperlink.target for n in range(len(names))]
    assert [unquote(target).replace("\\", "/") for target in targets] == list(names)
