from __future__ import annotations

import struct
import unicodedata
from pathlib import Path

import pytest
import xlsxwriter
from binary_files import part_record, wide, xlsb_parts
from conftest import Soffice
from malformed import pack
from mini_return import return_edition

from khreport.edges.reader import Reader
from khreport.edges.xlsx import write_book
from khreport.layout.workbook import lay_out_workbook
from khreport.raw import RawWorkbook
from khreport.read.submissions import read_submission
from khreport.secrecy import any_secrecy_mark, is_secrecy_mark


@pytest.mark.parametrize(
    "text",
    [
        "MẬT", "Mật", "TỐI MẬT", " tối  mật ", "TUYỆT MẬT", "Tuyệt mật.", "(MẬT)", "Độ mật: Mật",
        "ĐỘ MẬT: TỐI MẬT", "Dấu chỉ độ mật: MẬT", "MËT", "MAÄT",
        unicodedata.normalize("NFD", "MẬT"),
        "M Ậ T", "T Ố I   M Ậ T", "M-Ậ-T", "M\u00a0Ậ\u00a0T", unicodedata.normalize("NFD", "M Ậ T"),
        "M\u200bẬT", "*MẬT*", "MẬT!", "DẤU MẬT", "Dấu: Mật", "Tài liệu mật", "TÀI LIỆU TỐI MẬT",
        "HỎA TỐC - MẬT", "MẬT/HỎA TỐC", "MẬT - Sở Kế hoạch và Đầu tư", "TỐI MẬT – Sở Nội vụ",
        "Tối mật - Công an tỉnh", "MẬT (đến 31/12/2030)", "Mật (đến hết năm 2030)",
        "Số: 15/BC-SXD\nMẬT", "UBND TỈNH KHÁNH HÒA\nSỞ XÂY DỰNG\nTỐI MẬT", "TUYÖT MËT", "TOÁI MAÄT",
    ],
)  # fmt: skip
def test_a_secrecy_mark_is_known(text: str) -> None:
    assert is_secrecy_mark(text)
    assert any_secrecy_mark([["mật độ", text], [1.0, "Mật ong"]])


@pytest.mark.parametrize(
    "text",
    [
        "", "Báo cáo theo chế độ mật", "Bí mật", "Không mật", "Độ mật:", "Độ mật: không", "Mật ong",
        "Bảo mật", "Số văn bản mật", "mặt", "Đã báo cáo tại văn bản mật số 15/BC-SXD",
        "BÁO CÁO THEO CHẾ ĐỘ MẬT", "mật độ dân số", "MẬT ĐỘ DÂN SỐ", "Mật độ (người/km²)", "m ặ t",
        "Bảo vệ bí mật nhà nước", "BÍ MẬT", "Mật ong - sản phẩm OCOP", "Mật, sữa", "Mật (ong rừng)",
        "MẬT - đã báo cáo tại văn bản số 15/BC-SXD", "Tối mật: 03 văn bản", "Văn bản mật", "MẤT",
        "Đã gửi văn bản riêng (MẬT)", "Báo cáo theo\nchế độ\nmật", "Mật khẩu - an toàn",
        "MẬT - " + "Sở Xây dựng và các cơ quan phối hợp " * 3,
    ],
)  # fmt: skip
def test_other_words_are_no_mark(text: str) -> None:
    assert not is_secrecy_mark(text)
    assert not any_secrecy_mark([["MẬ", text], ["T", 1.0]])


@pytest.mark.parametrize("where", ["cell", "header", "footer", "drawing", "comment", "name"])
def test_a_workbook_with_a_mark_is_set_aside_with_nothing_of_it(tmp_path: Path, where: str) -> None:
    path = tmp_path / "mat.xlsx"
    write_marked(path, where)
    with Reader() as reader:
        raw = reader.read(path)
    assert raw == RawWorkbook(problems=raw.problems)
    submission = read_submission(raw, return_edition(), "mat.xlsx", "id")
    (finding,) = submission.findings
    assert (finding.code, finding.value) == ("file.secret", None)
    assert not submission.readable
    assert submission.extra == {}


def write_marked(path: Path, where: str) -> None:
    """Nothing; a workbook that bears a mark there was written."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Mật" if where == "name" else "Số liệu")
        sheet.write(0, 0, "điều không ai được biết")
        if where == "cell":
            sheet.write(5, 7, "TỐI MẬT")
        elif where == "header":
            sheet.set_header('&L&"Times New Roman,Bold"&14&KFF0000MẬT&RTrang &P')
        elif where == "footer":
            sheet.set_footer("&CĐộ mật: Mật")
        elif where == "drawing":
            sheet.insert_textbox(1, 1, "TUYỆT MẬT")
        elif where == "comment":
            sheet.write_comment(0, 0, "MẬT", {"author": "Lan"})


@pytest.mark.parametrize("suffix", ["xls", "ods"])
@pytest.mark.parametrize("where", ["cell", "header", "footer", "drawing", "comment"])
def test_a_mark_is_seen_wherever_libreoffice_puts_it(
    soffice: Soffice, tmp_path: Path, where: str, suffix: str
) -> None:
    path = tmp_path / "mat.xlsx"
    write_marked(path, where)
    with Reader() as reader:
        raw = reader.read(soffice.convert(path, suffix, tmp_path / "saved"))
    assert [problem.code for problem in raw.problems] == ["file.secret"]


def test_a_mark_in_the_header_of_an_xlsb_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "mat.xlsb"
    pages = struct.pack("<H", 0) + b"\xff\xff\xff\xff" + wide('&C&"Arial,Bold"MẬT') + bytes(16)
    path.write_bytes(pack(xlsb_parts([(0, 0, "x")], behind=part_record(479, pages))))
    with Reader() as reader:
        assert [problem.code for problem in reader.read(path).problems] == ["file.secret"]


def test_our_own_form_bears_no_mark(tmp_path: Path) -> None:
    path = tmp_path / "xd.xlsx"
    write_book(lay_out_workbook(return_edition(), "sxd"), path)
    with Reader() as reader:
        assert reader.read(path).problems == []
