from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import msgspec
import pytest
from conftest import Soffice
from docx.oxml.ns import qn
from docx.shared import Pt, Twips
from lxml import etree
from test_docx import DRAFT, MASTER, TARGETS, style_name

from khreport.edges.docx import write_report
from khreport.edges.docx_master import open_master
from khreport.errors import KhreportError

MARGIN = Twips(1984)  # 35 mm
ORDERS = {
    "pPr": "pStyle keepNext widowControl pBdr spacing ind jc outlineLvl sectPr",
    "rPr": "rFonts b bCs i iCs color sz szCs highlight lang",
    "tblPr": "tblW tblInd tblBorders tblLayout tblCellMar",
    "tcPr": "tcW gridSpan tcBorders",
    "sectPr": "headerReference type pgSz pgMar pgNumType cols titlePg",
}
"""Children in the order that the schema demands: Word refuses a file that breaks it."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_report(DRAFT, tmp_path / "bao-cao.docx")
    return tmp_path / "bao-cao.docx"


def test_a_master_that_lacks_a_style_is_refused_with_its_name(tmp_path: Path) -> None:
    master = docx.Document(str(MASTER))
    master.styles["KH Trích yếu"].delete()
    master.save(str(tmp_path / "mau.docx"))
    with pytest.raises(KhreportError, match=r"“mau\.docx” thiếu kiểu chữ “KH Trích yếu”"):
        write_report(DRAFT, tmp_path / "bao-cao.docx", tmp_path / "mau.docx")
    assert not (tmp_path / "bao-cao.docx").exists()


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 broken", b"Plain text"])
def test_a_master_that_is_no_word_file_is_refused(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "mau.docx").write_bytes(content)
    with pytest.raises(KhreportError, match=r"Không mở được tệp mẫu “mau\.docx”"):
        open_master(tmp_path / "mau.docx")


def test_an_office_changes_sizes_and_margins_in_its_master(tmp_path: Path) -> None:
    master = docx.Document(str(MASTER))
    master.styles["KH Nội dung"].font.size = Pt(13)
    master.styles["KH Nội dung"].element.set(qn("w:styleId"), "Renamed")
    master.sections[0].left_margin = MARGIN
    master.save(str(tmp_path / "mau.docx"))
    write_report(DRAFT, tmp_path / "bao-cao.docx", tmp_path / "mau.docx")
    written = docx.Document(str(tmp_path / "bao-cao.docx"))
    closing = next(p for p in written.paragraphs if p.text.endswith("báo cáo./."))
    assert style_name(closing) == "KH Nội dung"
    assert written.styles["KH Nội dung"].font.size == Pt(13)
    assert [section.left_margin for section in written.sections] == [MARGIN] * 3
    assert [round(column.width.mm) for column in written.tables[0].columns] == [62, 98]


def test_nothing_of_the_masters_own_text_is_left(path: Path) -> None:
    assert docx.Document(str(MASTER)).paragraphs[0].text.startswith("Tệp mẫu kiểu chữ")
    assert "Tệp mẫu" not in "".join(p.text for p in docx.Document(str(path)).paragraphs)


def test_the_same_report_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    write_report(DRAFT, tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_document_does_not_tell_who_made_it_or_its_master(tmp_path: Path) -> None:
    master = docx.Document(str(MASTER))
    master.core_properties.author = "Nguyễn Văn B"
    master.core_properties.keywords = "nội bộ"
    master.add_comment(master.paragraphs[0].runs, text="Xem lại", author="Nguyễn Văn B")
    master.save(str(tmp_path / "mau.docx"))
    write_report(DRAFT, tmp_path / "bao-cao.docx", tmp_path / "mau.docx")
    with zipfile.ZipFile(tmp_path / "bao-cao.docx") as package:
        assert "word/comments.xml" not in package.namelist()
        assert not any("Nguyễn Văn B".encode() in package.read(n) for n in package.namelist())
    properties = docx.Document(str(tmp_path / "bao-cao.docx")).core_properties
    assert (properties.author, properties.last_modified_by, properties.keywords) == ("", "", "")
    assert properties.title == "Báo cáo Kết quả thực hiện Kế hoạch năm 2024"
    assert properties.modified == dt.datetime(2024, 12, 27, tzinfo=dt.UTC)


@pytest.mark.parametrize("tag", ORDERS)
def test_properties_stand_in_the_order_of_the_schema(tag: str, path: Path) -> None:
    order = ORDERS[tag].split()
    with zipfile.ZipFile(path) as package:
        trees = [etree.fromstring(package.read(f"word/{n}.xml")) for n in ("document", "styles")]
    found = [element for tree in trees for element in tree.iter(qn(f"w:{tag}"))]
    assert found
    for element in found:
        places = [order.index(etree.QName(child).localname) for child in element]
        assert places == sorted(places)


def test_libreoffice_shows_the_heading_and_numbers_each_part_from_one(
    tmp_path: Path, soffice: Soffice
) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("skipped: pdftotext is not installed")
    rows = (("1", "Nhiệm vụ", "75"),) * 60
    appendix, _ = DRAFT.appendices
    table = msgspec.structs.replace(TARGETS, rows=rows, band_rows=frozenset())
    long = msgspec.structs.replace(appendix, blocks=(table,))
    report = msgspec.structs.replace(DRAFT, appendices=(long, long))
    write_report(report, tmp_path / "bao-cao.docx")
    pdf = soffice.convert(tmp_path / "bao-cao.docx", "pdf", tmp_path)
    printed = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    )
    pages = [page.lstrip().splitlines() for page in printed.stdout.split("\f")[:-1]]
    assert re.fullmatch("UBND TỈNH KHÁNH HÒA +CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", pages[0][0])
    assert [page[0].strip() for page in pages[1:]] == ["Phụ lục I", "2", "Phụ lục II", "2"]
    assert "TT" in pages[2][2], "the header row is repeated"
