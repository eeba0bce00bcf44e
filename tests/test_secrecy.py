from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import xlsxwriter
from mini_return import return_edition

from khreport.edges.reader import Reader
from khreport.edges.xlsx import write_book
from khreport.layout.workbook import lay_out_workbook
from khreport.raw import RawWorkbook
from khreport.read.submissions import read_submission
from khreport.secrecy import is_secrecy_mark


@pytest.mark.parametrize(
    "text",
    [
        "MẬT", "Mật", "TỐI MẬT", " tối  mật ", "TUYỆT MẬT", "Tuyệt mật.", "(MẬT)", "Độ mật: Mật",
        "ĐỘ MẬT: TỐI MẬT", "Dấu chỉ độ mật: MẬT", "MËT", "MAÄT",
        unicodedata.normalize("NFD", "MẬT"),
    ],
)  # fmt: skip
def test_a_secrecy_mark_is_known(text: str) -> None:
    assert is_secrecy_mark(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "Báo cáo theo chế độ mật", "Bí mật", "Không mật", "Độ mật:", "Độ mật: không", "Mật ong",
        "Bảo mật", "Số văn bản mật", "mặt", "Đã báo cáo tại văn bản mật số 15/BC-SXD",
    ],
)  # fmt: skip
def test_other_words_are_no_mark(text: str) -> None:
    assert not is_secrecy_mark(text)


@pytest.mark.parametrize("where", ["cell", "header", "footer", "drawing", "comment", "name"])
def test_a_workbook_with_a_mark_is_set_aside_with_nothing_of_it(tmp_path: Path, where: str) -> None:
    path = tmp_path / "mat.xlsx"
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
    with Reader() as reader:
        raw = reader.read(path)
    assert raw == RawWorkbook(problems=raw.problems)
    submission = read_submission(raw, return_edition(), "mat.xlsx", "id")
    (finding,) = submission.findings
    assert (finding.code, finding.value) == ("file.secret", None)
    assert not submission.readable
    assert submission.extra == {}


def test_our_own_form_bears_no_mark(tmp_path: Path) -> None:
    path = tmp_path / "xd.xlsx"
    write_book(lay_out_workbook(return_edition(), "sxd"), path)
    with Reader() as reader:
        assert reader.read(path).problems == []
