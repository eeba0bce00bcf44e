from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from conftest import Soffice
from mini_return import TASKS, return_edition, told, value

from khreport.edges.looks_ods import trace_content
from khreport.edges.looks_xlsx import read_comments, read_formats
from khreport.edges.reader import Reader
from khreport.edges.xlsx import write_book
from khreport.layout.correction import lay_out_correction
from khreport.layout.workbook import lay_out_workbook
from khreport.raw import RawSheet
from khreport.read.submissions import read_submission

LOOKS = [(2, 0, "per_cent"), (6, 0, "struck"), (7, 1, "tcvn3"), (8, 0, "struck")]


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook with one of everything that shows something beside a value."""
    path = tmp_path / "shown.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet("Phụ lục & II")
        struck = book.add_format({"font_strikeout": True})
        sheet.write_datetime(
            0, 0, dt.date(2024, 12, 5), book.add_format({"num_format": "dd/mm/yyyy"})
        )
        sheet.write(2, 0, 0.75, book.add_format({"num_format": "0.0%"}))
        sheet.merge_range(3, 0, 5, 0, "gộp")
        sheet.merge_range(3, 2, 3, 4, "ngang")
        sheet.write(6, 0, "gạch", struck)
        sheet.write_comment(6, 0, "ghi chú < 5", {"author": "Lan"})
        sheet.write_comment(7, 0, "Kết quả kiểm tra: sửa ô này", {"author": "ai đó"})
        sheet.write(7, 1, "§¹t", book.add_format({"font_name": ".VnTime"}))
        sheet.write_rich_string(8, 0, "còn ", struck, "bỏ", " còn")
        sheet.write(9, 0, "ẩn")
        sheet.set_row(9, None, None, {"hidden": True})
        sheet.write_blank(10, 0, None, struck)
    return path


def expect_all(sheet: RawSheet) -> None:
    assert sheet.rows[0][0] == dt.date(2024, 12, 5)
    assert sheet.rows[9][0] == "ẩn"
    assert sheet.merges == [(3, 0, 5, 0)]
    assert sheet.comments == [(6, 0, "ghi chú < 5")]
    assert sheet.looks == LOOKS


def test_what_cells_show_is_read_from_xlsx(reader: Reader, workbook: Path) -> None:
    raw = reader.read(workbook)
    assert raw.problems == []
    expect_all(raw.sheets[0])


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_what_cells_show_is_read_as_libreoffice_saved_it(
    reader: Reader, soffice: Soffice, workbook: Path, tmp_path: Path, suffix: str
) -> None:
    saved = soffice.convert(workbook, suffix, tmp_path / "saved")
    expect_all(reader.read(saved).sheets[0])


def test_of_an_xls_file_merged_cells_are_known(
    reader: Reader, soffice: Soffice, workbook: Path, tmp_path: Path
) -> None:
    (sheet,) = reader.read(soffice.convert(workbook, "xls", tmp_path / "saved")).sheets
    assert sheet.merges == [(3, 0, 5, 0)]
    assert sheet.rows[0][0] == dt.date(2024, 12, 5)


def test_an_empty_form_shows_nothing_beside_its_values(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "xd.xlsx"
    write_book(lay_out_workbook(return_edition(), "sxd"), path)
    for sheet in reader.read(path).sheets:
        assert (sheet.looks, sheet.comments) == ([], [])


def test_our_own_notes_in_a_correction_are_nobody_s_comments(
    reader: Reader, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_book(lay_out_workbook(return_edition(), "sxd"), first)
    book = openpyxl.load_workbook(first)
    book[TASKS]["F10"] = "mười"
    book.save(first)
    submission = read_submission(reader.read(first), return_edition(), "a.xlsx", "id")
    write_book(lay_out_correction(return_edition(), submission, submission.findings), second)
    with zipfile.ZipFile(second) as archive:
        assert any("comments" in name for name in archive.namelist())
    assert all(not sheet.comments for sheet in reader.read(second).sheets)


def test_what_an_officer_shows_reaches_the_findings(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "xd.xlsx"
    write_book(lay_out_workbook(return_edition(), "sxd"), path)
    book = openpyxl.load_workbook(path)
    sheet = book[TASKS]
    sheet["H10"] = "Đã duyệt"
    sheet["H10"].font = openpyxl.styles.Font(strike=True)
    sheet["H14"] = "§\xb7 tr\xd7nh"
    sheet["H14"].font = openpyxl.styles.Font(name=".VnTime")
    sheet["F10"] = 0.5
    sheet["F10"].number_format = "0%"
    sheet["F11"].comment = openpyxl.comments.Comment("chưa chắc", "Lan")
    book.save(path)
    submission = read_submission(reader.read(path), return_edition(), "xd.xlsx", "id")
    assert told(submission) == [("cell.struck", "H10"), ("cell.comment", "F11")]
    assert value(submission, "PL2.I.1", "percent") == 50.0
    assert value(submission, "PL2.I.3", "result") == "Đã trình"
    assert [repair.after for repair in submission.repairs] == ["50", "Đã trình"]


def test_only_cell_formats_count_not_the_styles_that_formats_may_build_on() -> None:
    styles = (
        b'<fonts><font><name val="Arial"/></font><font><strike val="0"/></font></fonts>'
        b'<cellStyleXfs><xf numFmtId="9" fontId="0"/></cellStyleXfs>'
        b'<cellXfs><xf numFmtId="0" fontId="1"/><xf numFmtId="10" fontId="7"/></cellXfs>'
        b"<dxfs><dxf><font><strike/></font></dxf></dxfs>"
    )
    assert read_formats(styles) == {b"1": ["per_cent"]}


def test_a_threaded_comment_is_told_once() -> None:
    stand_in = (
        b"<comments><authors><author>tc={1}</author></authors><commentList>"
        b'<comment ref="B2" authorId="0"><text><t>[Threaded comment]</t></text></comment>'
        b"</commentList></comments>"
    )
    thread = b'<ThreadedComments><threadedComment ref="B2"><text>xem</text></threadedComment>'
    assert list(read_comments(stand_in)) == []
    assert list(read_comments(thread)) == [(1, 1, "xem")]


def test_cells_of_an_ods_are_counted_with_their_repeats() -> None:
    content = (
        b'<office:body><table:table table:name="S"><table:table-row table:number-rows-repeated="4">'
        b"<table:table-cell/></table:table-row><table:table-row>"
        b'<table:table-cell table:number-columns-repeated="2"/>'
        b'<table:table-cell office:value-type="percentage"><text:p>7%</text:p></table:table-cell>'
        b"</table:table-row></table:table>"
    )
    assert trace_content(content)["S"].looks == [(4, 2, "per_cent")]
