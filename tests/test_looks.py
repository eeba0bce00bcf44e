from __future__ import annotations

import datetime as dt
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from binary_files import (
    Cell,
    part_record,
    wide,
    xls,
    xlsb_parts,
    xlsb_styles,
    xlsb_text,
    xlsb_texts,
)
from conftest import Soffice
from malformed import pack
from mini_return import TASKS, return_edition, told, value
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from khreport.edges.looks_ods import trace_content
from khreport.edges.looks_xlsx import read_comments, read_formats
from khreport.edges.reader import Reader
from khreport.edges.xlsx import write_book
from khreport.layout.correction import lay_out_correction
from khreport.layout.workbook import lay_out_workbook
from khreport.raw import RawSheet, RawWorkbook
from khreport.read.submissions import read_submission

LOOKS = [
    (2, 0, "per_cent"),
    (6, 0, "struck"),
    (7, 1, "tcvn3"),
    (8, 0, "struck"),
    (11, 5, "struck"),
]


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
        sheet.set_column(5, 5, 9, struck)
        sheet.write(11, 5, 12, struck)
    return path


def read_bytes(reader: Reader, folder: Path, content: bytes) -> RawWorkbook:
    path = folder / "tep"
    path.write_bytes(content)
    return reader.read(path)


def expect_all(sheet: RawSheet) -> None:
    assert sheet.rows[0][0] == dt.date(2024, 12, 5)
    assert sheet.rows[9][0] == "ẩn"
    assert sorted(sheet.merges) == [(3, 0, 5, 0), (3, 2, 3, 4)]
    assert sheet.comments == [(6, 0, "ghi chú < 5")]
    assert sheet.looks == LOOKS


def test_what_cells_show_is_read_from_xlsx(reader: Reader, workbook: Path) -> None:
    raw = reader.read(workbook)
    assert raw.problems == []
    expect_all(raw.sheets[0])


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_what_cells_show_is_read_as_libreoffice_saved_it(
    reader: Reader, soffice: Soffice, workbook: Path, tmp_path: Path, suffix: str
) -> None:
    saved = soffice.convert(workbook, suffix, tmp_path / "saved")
    expect_all(reader.read(saved).sheets[0])


def test_what_cells_show_is_read_from_xlsb(reader: Reader, tmp_path: Path) -> None:
    cells: list[Cell] = [(0, 0, "gạch"), (0, 1, "§¹t"), (2, 0, 0.75), (2, 1, 0.5), (3, 0, "thường")]
    looks = {(0, 0): 1, (0, 1): 2, (2, 0): 3, (2, 1): 4}
    shared = part_record(7, struct.pack("<III", 3, 0, 1))
    own = part_record(62, struct.pack("<II", 4, 0) + xlsb_text("còn bỏ", [(0, 0), (4, 1)]))
    outside = part_record(62, struct.pack("<II", 5, 0) + xlsb_text("còn", [(3, 1)]))
    merged = part_record(176, struct.pack("<IIII", 3, 5, 0, 0))
    parts = xlsb_parts(cells, looks, merged)
    sheet = parts["xl/worksheets/sheet1.bin"]
    parts["xl/worksheets/sheet1.bin"] = sheet.replace(
        part_record(146), shared + own + outside + part_record(146)
    )
    parts["xl/styles.bin"] = xlsb_styles([(0, 0), (0, 1), (0, 2), (164, 0), (165, 0)])
    texts = xlsb_text("một"), xlsb_text("còn bỏ còn", [(4, 1), (6, 0)])
    parts["xl/sharedStrings.bin"] = xlsb_texts(*texts)
    parts["xl/worksheets/_rels/sheet1.bin.rels"] = (
        b'<Relationships><Relationship Id="a" Type="http://x/comments" Target="../comments1.bin"/>'
        b"</Relationships>"
    )
    about = struct.pack("<IIIII16x", 0, 2, 2, 1, 1), struct.pack("<IIIII16x", 1, 2, 2, 0, 0)
    parts["xl/comments1.bin"] = b"".join((
        part_record(632, wide("Lan")), part_record(632, wide("khreport")),
        part_record(635, about[0]), part_record(637, xlsb_text("xem lại")), part_record(636),
        part_record(635, about[1]), part_record(637, xlsb_text("của khreport")), part_record(636),
    ))  # fmt: skip
    raw = read_bytes(reader, tmp_path, pack(parts))
    assert raw.problems == []
    (read,) = raw.sheets
    assert sorted(read.looks) == [
        (0, 0, "struck"), (0, 1, "tcvn3"), (2, 0, "per_cent"), (3, 3, "struck"), (3, 4, "struck"),
    ]  # fmt: skip
    assert (read.comments, read.merges) == ([(2, 1, "xem lại")], [(3, 0, 5, 0)])


def test_cells_of_an_xlsb_that_stand_right_behind_another_are_read(
    reader: Reader, tmp_path: Path
) -> None:
    parts = xlsb_parts([(0, 1, "một"), (1, 0, 7.0)])
    name, look = "xl/worksheets/sheet1.bin", bytes(4)
    short = (
        part_record(17, look + wide("hai")) + part_record(12, look)
        + part_record(16, look + struct.pack("<d", 2.5)) + part_record(14, look + b"\x2a")
        + part_record(15, look + b"\1") + part_record(17, look + wide("x" * 200))
    )  # fmt: skip
    behind = part_record(0, struct.pack("<IIHH5x", 1, 0, 300, 0))
    parts[name] = parts[name].replace(behind, short + behind)
    (sheet,) = read_bytes(reader, tmp_path, pack(parts)).sheets
    assert sheet.rows == [
        ["", "một", "hai", "", 2.5, "", True, "x" * 200],
        [7.0, *[""] * 7],
    ]
    assert sheet.marks == [(0, 5, "#N/A")]


def test_a_text_of_an_xls_that_is_as_long_as_some_programs_cut_is_marked(
    reader: Reader, tmp_path: Path
) -> None:
    content = xls([(0, 0, "x" * 254), (0, 1, "x" * 255), (1, 0, "x" * 256)])
    assert read_bytes(reader, tmp_path, content).sheets[0].looks == [(0, 1, "cut")]


def test_a_struck_part_of_a_text_that_stands_in_its_cell_is_seen(
    reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    font = InlineFont(strike=True)
    book.active["B2"] = CellRichText("còn ", TextBlock(font, "bỏ"), TextBlock(InlineFont(), "x"))
    book.active["B3"] = CellRichText("còn ", TextBlock(InlineFont(strike=False), "nguyên"))
    book.active["B4"] = CellRichText(TextBlock(InlineFont(rFont=".VnTime"), "§¹t"))
    book.save(path)
    (sheet,) = reader.read(path).sheets
    assert sheet.rows[0] == ["còn bỏx"]
    assert sheet.looks == [(1, 1, "struck"), (3, 1, "tcvn3")]


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


@pytest.mark.parametrize("suffix", ["xls", "ods", "xlsx"])
def test_what_is_found_in_a_filled_workbook_is_the_same_however_libreoffice_saves_it(
    reader: Reader, soffice: Soffice, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / "xd.xlsx"
    write_book(lay_out_workbook(return_edition(), "sxd"), path)
    book = openpyxl.load_workbook(path)
    sheet = book[TASKS]
    sheet["E10"], sheet["F10"] = "Đang thực hiện", 0.635
    sheet["F10"].number_format = "0.0%"
    sheet["F11"].comment = openpyxl.comments.Comment("chưa chắc", "Lan")
    sheet["G10"] = dt.datetime(2024, 12, 4, 17, 0)  # noqa: DTZ001
    sheet["H10"] = "Đã duyệt"
    sheet["H10"].font = openpyxl.styles.Font(strike=True)
    sheet["H11"] = CellRichText("đã ", TextBlock(InlineFont(strike=True), "không"), " xong")
    sheet["F11"] = 40
    sheet.merge_cells("F11:F12")
    sheet["C10"].font = openpyxl.styles.Font(strike=True)
    sheet.row_dimensions[12].hidden = True
    book.save(path)
    saved = soffice.convert(path, suffix, tmp_path / "saved")
    expected, read = (
        read_submission(reader.read(each), return_edition(), "a", "id") for each in (path, saved)
    )
    assert read.findings == expected.findings
    assert read.repairs == expected.repairs
    assert value(read, "PL2.I.1", "percent") == 63.5
    assert sorted(told(expected)) == [
        ("cell.comment", "F11"),
        ("cell.date_clock", "G10"),
        ("cell.merged", "F12"),
        ("cell.struck", "H10"),
        ("cell.struck", "H11"),
        ("text.struck", "C10"),
    ]


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


@pytest.mark.parametrize(
    "line", ['style:text-line-through-type="single"', "style:text-line-through-style='solid'"]
)
def test_a_struck_part_of_a_text_of_an_ods_is_seen(line: str) -> None:
    content = (
        '<style:style style:name="T1" style:family="text"><style:text-properties '
        f'{line}/></style:style><office:body><table:table table:name="S"><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>còn <text:span text:style-name="T1">'
        "bỏ</text:span></text:p></table:table-cell></table:table-row></table:table>"
    )
    assert trace_content(content.encode())["S"].looks == [(0, 0, "struck")]


def test_a_cell_of_an_ods_without_a_style_has_that_of_its_row_or_column() -> None:
    struck = '<style:text-properties style:text-line-through-style="solid"/>'
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    named = cell.replace(" office", ' table:style-name="ce1" office')
    content = (
        f'<style:style style:name="gach">{struck}</style:style><office:body>'
        '<table:table table:name="S"><table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:default-cell-style-name="gach"/>'
        f"<table:table-row>{cell * 3}</table:table-row>"
        f"<table:table-row>{named * 4}</table:table-row>"
        f'<table:table-row table:default-cell-style-name="gach">{cell}</table:table-row>'
        "</table:table>"
    )
    assert trace_content(content.encode())["S"].looks == [(0, 2, "struck"), (2, 0, "struck")]


def test_cells_of_an_ods_are_counted_with_their_repeats() -> None:
    content = (
        b'<office:body><table:table table:name="S"><table:table-row table:number-rows-repeated="4">'
        b"<table:table-cell/></table:table-row><table:table-row>"
        b'<table:table-cell table:number-columns-repeated="2"/>'
        b'<table:table-cell office:value-type="percentage"><text:p>7%</text:p></table:table-cell>'
        b"</table:table-row></table:table>"
    )
    assert trace_content(content)["S"].looks == [(4, 2, "per_cent")]
