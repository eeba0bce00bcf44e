# ruff: noqa: SLF001 - python-docx has no public way to the XML

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import docx
import msgspec
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Twips
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from khreport.edges.docx import write_report
from khreport.edges.docx_binding import unbind
from khreport.edges.docx_lengths import measure_lines, measure_text
from khreport.edges.docx_master import Style
from khreport.edges.shipped import shipped_path
from khreport.errors import KhreportError
from khreport.report import (
    Appendix,
    Block,
    Heading,
    Letterhead,
    Paragraph,
    Report,
    Run,
    Signature,
    Slot,
    Table,
)

if TYPE_CHECKING:
    from conftest import Soffice

GOLDEN = Path(__file__).with_name("expected") / "report_outline.txt"
MASTER = shipped_path("templates/docx/bao-cao.docx")
LETTERHEAD = Letterhead(
    superior="UBND tỉnh Khánh Hòa",
    issuer="Sở Kế hoạch và Đầu tư",
    symbol="BC-SKHĐT",
    place="Khánh Hòa",
    date=dt.date(2024, 12, 27),
)
TARGETS = Table(
    header=("TT", "Chỉ tiêu", "Kết quả"),
    rows=(("I", "Kinh tế", ""), ("1", "Tốc độ tăng GRDP", "10,16")),
    widths_mm=(10, 50, 20),
    aligns=("center", "left", "right"),
    band_rows=frozenset({0}),
)
DRAFT = Report(
    letterhead=LETTERHEAD,
    kind="Báo cáo",
    subject="Kết quả thực hiện Kế hoạch\nnăm 2024",
    addressees=("Ủy ban nhân dân tỉnh Khánh Hòa",),
    body=(
        Paragraph((Run("Căn cứ Quyết định số 1165/QĐ-UBND;"),), "basis"),
        Heading(1, "Kết quả thực hiện"),
        Heading(2, "Chỉ tiêu"),
        Paragraph((Run("Có "), Run("03/05", bold=True), Run(" chỉ tiêu đạt:"))),
        Paragraph((Run("GRDP tăng 10,16%."),), "item"),
        TARGETS,
        Heading(2, "Nhiệm vụ"),
        Heading(3, "Đúng hạn"),
        Heading(1, "Kiến nghị"),
        Heading(2, "Với tỉnh"),
        Slot("assessment", "Đánh giá chung"),
        Paragraph((Run("Sở kính báo cáo."),)),
    ),
    recipients=("Như trên", "Lưu: VT, TH"),
    signature=Signature(lines=("KT. Giám đốc", "Phó Giám đốc"), name="Nguyễn Văn A"),
    appendices=(
        Appendix(title="Kết quả chỉ tiêu", blocks=(TARGETS,)),
        Appendix(title="Kết quả nhiệm vụ", blocks=(TARGETS,), landscape=True),
    ),
)


def vary(**changes: object) -> Report:
    return msgspec.structs.replace(DRAFT, **changes)


def with_body(*blocks: Block) -> Report:
    return vary(body=blocks, appendices=())


def final_report(number: int, date: dt.date) -> Report:
    head = msgspec.structs.replace(LETTERHEAD, number=number, day_open=False, date=date)
    body = tuple(block for block in DRAFT.body if not isinstance(block, Slot))
    return vary(letterhead=head, body=body, draft=False)


@pytest.fixture
def written(tmp_path: Path) -> Document:
    write_report(DRAFT, tmp_path / "bao-cao.docx")
    return docx.Document(str(tmp_path / "bao-cao.docx"))


def render(report: Report, folder: Path) -> Document:
    write_report(report, folder / "bao-cao.docx")
    return docx.Document(str(folder / "bao-cao.docx"))


def style_name(paragraph: WordParagraph) -> str:
    return str(paragraph.style and paragraph.style.name)


def outline(container: Document | _Cell, indent: str = "") -> Iterator[str]:
    """Style and text of each paragraph; tables with their sizes, cells beneath them."""
    for item in container.iter_inner_content():
        if isinstance(item, WordTable):
            yield f"{indent}[{len(item.rows)} x {len(item.columns)}]"
            for row in item.rows:
                for cell in dict.fromkeys(row.cells):
                    yield from outline(cell, f"{indent}  ")
        else:
            text = f"{indent}{style_name(item).removeprefix('KH ')}: {unbind(item.text)}"
            yield text.rstrip().replace("\n", " ⏎ ")
            if item._p.xpath("w:pPr/w:sectPr"):
                yield "----"


def paragraphs(document: Document, style: Style) -> list[WordParagraph]:
    found = [WordParagraph(p, document) for p in document.element.body.iter(qn("w:p"))]
    return [paragraph for paragraph in found if style_name(paragraph) == style]


def texts(document: Document, style: Style) -> list[str]:
    return [unbind(paragraph.text) for paragraph in paragraphs(document, style)]


def rule_lengths_mm(document: Document) -> list[float]:
    """The lengths of the drawn rules in order, from what their indents leave of their place."""
    lengths = []
    for paragraph in paragraphs(document, Style.RULE):
        widths = paragraph._p.xpath("ancestor::w:tc/w:tcPr/w:tcW/@w:w")
        landscape = paragraph._p.xpath("following::w:sectPr[1]/w:pgSz/@w:orient") == ["landscape"]
        room = int(widths[0]) if widths else 14287 if landscape else 9355
        left, right = (int(paragraph._p.xpath(f"w:pPr/w:ind/@w:{x}")[0]) for x in ("left", "right"))
        assert left == right
        lengths.append(round((room - left - right) / 1440 * 25.4, 1))
    return lengths


def test_a_draft_has_all_parts_in_the_order_of_the_decree(written: Document) -> None:
    assert [*outline(written)] == GOLDEN.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("date", "written_date"),
    [
        (dt.date(2026, 12, 5), "ngày 05 tháng 12 năm 2026"),
        (dt.date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (dt.date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (dt.date(2026, 1, 1), "ngày 01 tháng 01 năm 2026"),
        (dt.date(2026, 10, 10), "ngày 10 tháng 10 năm 2026"),
    ],
)
def test_a_final_report_has_number_and_date_with_the_zeros_of_the_decree(
    date: dt.date, written_date: str, tmp_path: Path
) -> None:
    document = render(final_report(7, date), tmp_path)
    assert texts(document, Style.NUMBER) == ["Số: 07/BC-SKHĐT"]
    assert texts(document, Style.PLACE) == [f"Khánh Hòa, {written_date}"]
    assert texts(document, Style.ENCLOSURE)[0] == (
        f"(Kèm theo Báo cáo số 07/BC-SKHĐT {written_date} của Sở Kế hoạch và Đầu tư)"
    )
    assert texts(document, Style.DRAFT) == []


def test_every_section_is_a4_with_legal_margins_and_counts_its_pages_from_one(
    written: Document,
) -> None:
    a4 = [Twips(11906), Twips(16838)]
    sizes = [[section.page_width, section.page_height] for section in written.sections]
    assert sizes == [a4, a4, a4[::-1]]
    for section in written.sections:
        assert section.top_margin == section.bottom_margin == Twips(1134)
        assert section.right_margin == Twips(850)
        assert section.left_margin == Twips(1701)
        assert section._sectPr.xpath("w:pgNumType/@w:start") == ["1"]
        assert section.different_first_page_header_footer
        fields = section.header._element.xpath(".//w:instrText/text()")
        assert [field.strip() for field in fields] == ["PAGE"]
        assert style_name(section.header.paragraphs[0]) == "KH Số trang"
        assert [p.text for p in section.first_page_header.paragraphs] == [""]
        assert section.first_page_header._element.xpath(".//w:instrText") == []


def test_only_the_wide_appendix_lies_on_its_side(written: Document) -> None:
    orients = [s._sectPr.xpath("w:pgSz/@w:orient") for s in written.sections]
    assert orients == [[], [], ["landscape"]]


@pytest.mark.parametrize(
    ("style", "size", "bold", "italic", "align"),
    [
        ("KH Quốc hiệu", 13, True, None, "CENTER"),
        ("KH Tiêu ngữ", 14, True, None, "CENTER"),
        ("KH Cơ quan chủ quản", 13, None, None, "CENTER"),
        ("KH Cơ quan ban hành", 13, True, None, "CENTER"),
        ("KH Số ký hiệu", 13, None, None, "CENTER"),
        ("KH Địa danh ngày tháng", 14, None, True, "CENTER"),
        ("KH Tên loại", 14, True, None, "CENTER"),
        ("KH Trích yếu", 14, True, None, "CENTER"),
        ("KH Kính gửi", 14, None, None, "CENTER"),
        ("KH Căn cứ", 14, None, True, "JUSTIFY"),
        ("KH Nội dung", 14, None, None, "JUSTIFY"),
        ("KH Mục 1", 14, True, None, "JUSTIFY"),
        ("KH Mục 2", 14, True, None, "JUSTIFY"),
        ("KH Mục 3", 14, None, None, "JUSTIFY"),
        ("KH Nơi nhận", 12, True, True, "LEFT"),
        ("KH Danh sách nơi nhận", 11, None, None, "LEFT"),
        ("KH Người ký", 14, True, None, "CENTER"),
        ("KH Phụ lục", 14, True, None, "CENTER"),
        ("KH Tên phụ lục", 14, True, None, "CENTER"),
        ("KH Kèm theo", 13, None, True, "CENTER"),
        ("KH Số trang", 14, None, None, "CENTER"),
    ],
)
def test_the_master_has_the_letters_of_the_decree(
    style: str, size: float, bold: Literal[True] | None, italic: Literal[True] | None, align: str
) -> None:
    found = docx.Document(str(MASTER)).styles[style]
    look = (found.font.size.pt, found.font.bold, found.font.italic)
    assert look == (size, bold, italic)
    assert found.paragraph_format.alignment.name == align


def test_body_paragraphs_are_indented_and_spaced_as_the_decree_says() -> None:
    styles = docx.Document(str(MASTER)).styles
    for style in (Style.BODY, Style.ITEM, Style.BASIS, Style.HEADING_1, Style.SLOT):
        layout = styles[style].paragraph_format
        assert round(layout.first_line_indent.cm, 2) == 1.27
        assert layout.space_after.pt >= 6
        assert 1 <= layout.line_spacing <= 1.5


def test_all_letters_are_black_times_new_roman_in_vietnamese(tmp_path: Path) -> None:
    write_report(DRAFT, tmp_path / "bao-cao.docx")
    with zipfile.ZipFile(tmp_path / "bao-cao.docx") as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    whole = "".join(text for name, text in parts.items() if name.startswith("word/"))
    fonts = set(re.findall(r"<w:rFonts ([^>]*)/>", whole))
    scripts = ("ascii", "hAnsi", "eastAsia", "cs")
    assert fonts == {" ".join(f'w:{script}="Times New Roman"' for script in scripts)}
    assert "Theme=" not in whole
    assert set(re.findall(r'<w:color w:val="([^"]*)"', whole)) == {"000000"}
    assert set(re.findall(r'<w:lang w:val="([^"]*)"', whole)) == {"vi-VN"}


def test_the_nation_has_a_column_that_holds_it_on_one_line(written: Document) -> None:
    table = written.tables[0]
    assert [round(column.width.mm) for column in table.columns] == [67, 98]
    assert table._tbl.xpath("w:tblPr/w:tblCellMar/*/@w:w") == ["0", "0"]
    assert round(measure_text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13), 1) == 95.7
    assert set(table._tbl.xpath("w:tblPr/w:tblBorders/*/@w:val")) == {"nil"}


def test_rules_are_as_long_as_the_decree_says(written: Document) -> None:
    issuer, motto, subject, *appendices = rule_lengths_mm(written)
    assert motto == pytest.approx(60.2, abs=0.2)
    assert 58.7 / 3 <= issuer <= 58.7 / 2
    long, short = measure_lines(DRAFT.subject, 14, 149)
    assert long / 3 <= subject
    assert abs(subject - long * 0.35) <= 0.1, f"a second line of {short:.0f} mm is too short"
    assert appendices == [40, 40]


def test_an_issuer_of_two_lines_has_a_rule_that_fits_both(tmp_path: Path) -> None:
    issuer = msgspec.structs.replace(
        LETTERHEAD, superior=None, issuer="Ủy ban nhân dân\ntỉnh Khánh Hòa"
    )
    document = render(vary(letterhead=issuer), tmp_path)
    assert texts(document, Style.ISSUER) == ["ỦY BAN NHÂN DÂN\nTỈNH KHÁNH HÒA"]
    assert texts(document, Style.SUPERIOR) == []
    assert 43.2 / 3 <= rule_lengths_mm(document)[0] <= 41.8 / 2
    assert texts(document, Style.ENCLOSURE)[0].endswith("của Ủy ban nhân dân tỉnh Khánh Hòa)")


def test_several_addressees_stand_on_lines_of_their_own(tmp_path: Path) -> None:
    document = render(vary(addressees=("Tỉnh ủy", "Ủy ban nhân dân tỉnh")), tmp_path)
    assert texts(document, Style.ADDRESSEES) == ["Kính gửi:"]
    assert texts(document, Style.ADDRESSEE_ITEM) == ["- Tỉnh ủy;", "- Ủy ban nhân dân tỉnh."]
    assert texts(document, Style.ADDRESSEE) == []


def test_points_are_lettered_in_vietnamese_order_and_begin_again(tmp_path: Path) -> None:
    points = [Heading(3, "Điểm")] * 7
    document = render(with_body(*points, Heading(2, "Khoản"), Heading(3, "Điểm")), tmp_path)
    letters = [text[0] for text in texts(document, Style.HEADING_3)]
    assert letters == ["a", "b", "c", "d", "đ", "e", "g", "a"]


def test_a_single_appendix_has_no_number(tmp_path: Path) -> None:
    document = render(vary(appendices=DRAFT.appendices[:1]), tmp_path)
    assert texts(document, Style.APPENDIX) == ["Phụ lục"]


def test_a_slot_is_marked_on_yellow(written: Document) -> None:
    (slot,) = paragraphs(written, Style.SLOT)
    assert slot._p.xpath("w:r/w:rPr/w:highlight/@w:val") == ["yellow"]


def test_a_final_report_with_slots_is_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "bao-cao.docx"
    path.write_bytes(b"before")
    with pytest.raises(KhreportError, match=r"còn 1 chỗ cần bổ sung: “Đánh giá chung”\."):
        write_report(vary(draft=False), path)
    assert path.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["bao-cao.docx"]


def test_the_refusal_stays_short_where_a_prompt_is_long(tmp_path: Path) -> None:
    long = "Ý kiến đối với kiến nghị của một cơ quan có tên dài, nêu về rất nhiều nhiệm vụ " * 3
    blocks = tuple(Slot(f"opinion:{number}", long) for number in range(3))
    with pytest.raises(KhreportError, match=r"còn 3 chỗ cần bổ sung.* và 2 chỗ khác") as refused:
        write_report(msgspec.structs.replace(with_body(*blocks), draft=False), tmp_path / "b.docx")
    assert len(str(refused.value)) <= 200


@pytest.mark.parametrize("text", ["Kính báo cáo", "Kính báo cáo.", "Kính báo cáo./. "])
def test_the_body_ends_with_one_closing_mark(text: str, tmp_path: Path) -> None:
    document = render(with_body(Paragraph((Run("Sở "), Run(text)))), tmp_path)
    assert texts(document, Style.BODY) == ["Sở Kính báo cáo./."]


def test_the_signature_keeps_together_and_with_the_end_of_the_text(written: Document) -> None:
    table = written.tables[2]._tbl
    assert table.xpath("w:tr/w:trPr/w:cantSplit") != []
    assert table.xpath("preceding-sibling::w:p[1]/w:pPr/w:keepNext") != []
    assert set(table.xpath("w:tblPr/w:tblBorders/*/@w:val")) == {"nil"}


def test_a_line_that_introduces_and_the_end_behind_a_table_stand_on_no_page_alone(
    tmp_path: Path,
) -> None:
    opens, plain = Paragraph((Run("Gồm:"),)), Paragraph((Run("Hết bảng."),))
    report = with_body(opens, plain, opens, TARGETS, plain)
    appendix = Appendix(title="Bảng", blocks=(TARGETS,))
    document = render(msgspec.structs.replace(report, appendices=(appendix,)), tmp_path)
    told = [
        (paragraph.text, paragraph._p.xpath("w:pPr/w:keepNext") != [])
        for paragraph in paragraphs(document, Style.BODY)[:3]
    ]
    assert told == [("Gồm:", True), ("Hết bảng.", False), ("Gồm:", True)]
    last = document.tables[-1]._tbl
    assert len(last.xpath("w:tr[last() - 1]//w:p/w:pPr/w:keepNext")) == len(TARGETS.header)
    assert last.xpath("w:tr[1]//w:keepNext") == []
    assert last.xpath("string(w:tr[last()])") == "./."
    assert last.xpath("w:tr[last()]/w:tc/w:tcPr/w:tcBorders/w:bottom/@w:val") == ["nil"]


def test_no_page_of_an_appendix_holds_only_its_end(soffice: Soffice, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("skipped: pdftotext is not installed")
    # tables of several pages that end on many lines near the foot of one
    tables = (
        msgspec.structs.replace(TARGETS, band_rows=(), rows=(("1", "Chỉ tiêu", "1"),) * count)
        for count in range(42, 66, 2)
    )
    appendices = tuple(Appendix(title="Bảng", blocks=(t,), landscape=True) for t in tables)
    report = msgspec.structs.replace(DRAFT, appendices=appendices)
    write_report(report, tmp_path / "bao-cao.docx")
    pdf = soffice.convert(tmp_path / "bao-cao.docx", "pdf", tmp_path)
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    ends = [page.split() for page in text.split("\f") if "./." in page.split()]
    assert len(ends) == len(appendices)
    assert any("Phụ" not in words for words in ends)
    assert all("tiêu" in words for words in ends)


def test_texts_keep_their_lines_and_lose_what_xml_cannot_hold(tmp_path: Path) -> None:
    table = msgspec.structs.replace(TARGETS, rows=(("1", "a\r\nb\x0bc", "=1+1"),) * 2)
    document = render(with_body(Paragraph((Run("một\nhai\x00\tba"),)), table), tmp_path)
    assert texts(document, Style.BODY)[0] == "một\nhai\tba"
    assert texts(document, Style.TABLE_CELL)[:3] == ["1", "a\nbc", "=1+1"]


def test_tables_that_follow_each_other_stay_two(tmp_path: Path) -> None:
    document = render(with_body(TARGETS, TARGETS), tmp_path)
    # the second has the mark of the end
    assert [len(table.rows) for table in document.tables] == [2, 3, 4, 1]
