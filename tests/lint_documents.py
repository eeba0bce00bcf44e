"""Documents for the checker: a report and a letter without fault, and ways to spoil them.

A spoiled document is the good one with a few letters of its parts changed.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import msgspec

from khreport.edges.docx import write_report
from khreport.report import (
    Appendix,
    Heading,
    Letterhead,
    Paragraph,
    Report,
    Run,
    Signature,
    Table,
)

Parts = dict[str, str]
Spoil = Callable[[Parts], None]

MARGINS = '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1701"'
BODY, STYLES = "word/document.xml", "word/styles.xml"


def _say(text: str, style: str = "body") -> Paragraph:
    return Paragraph((Run(text),), style=style)  # type: ignore[arg-type]


def _table(count: int) -> Table:
    rows = tuple((str(nth), f"Nhiệm vụ thứ {nth}", "10,5%") for nth in range(1, count + 1))
    return Table(
        header=("TT", "Nhiệm vụ", "Tỷ lệ"),
        rows=rows,
        widths_mm=(12, 100, 48),
        aligns=("center", "left", "right"),
    )


_COUNTS = Table(
    header=("TT", "Nhóm", "Số nhiệm vụ"),
    rows=(("1", "Kinh tế", "12"), ("2", "Xã hội", "8"), ("", "Tổng cộng", "20")),
    widths_mm=(12, 100, 48),
    aligns=("center", "left", "right"),
)

LONG = (
    "Trong năm 2026, các cơ quan, đơn vị, địa phương đã tập trung chỉ đạo, triển khai đồng bộ các "
    "nhiệm vụ, giải pháp được giao tại Kế hoạch; kết quả cụ thể như sau"
)

REPORT = Report(
    letterhead=Letterhead(
        superior="UBND tỉnh Khánh Hòa",
        issuer="Sở Tài chính",
        symbol="BC-STC",
        place="Khánh Hòa",
        date=dt.date(2026, 12, 5),
        number=7,
        day_open=False,
    ),
    kind="Báo cáo",
    subject="Kết quả thực hiện Kế hoạch năm 2026",
    addressees=("Tỉnh ủy Khánh Hòa", "Ủy ban nhân dân tỉnh Khánh Hòa"),
    body=(
        _say(
            "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công "
            "tác văn thư;",
            "basis",
        ),
        _say("Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025.", "basis"),
        _say(f"{LONG} (số liệu đến ngày 30/11/2026, ước thực hiện cả năm):"),
        Heading(1, "Kết quả thực hiện"),
        Heading(2, "Các nhiệm vụ"),
        _say(
            "Trong 20 nhiệm vụ được giao, trong đó: 12 đã hoàn thành, 5 đang thực hiện và 3 chưa "
            "thực hiện; số thu cả năm ước đạt 1.234,5 tỷ đồng, bằng 90,5% dự toán."
        ),
        _say("Tổng hợp theo nhóm như sau:"),
        _COUNTS,
        _say(
            "Phụ lục I có 20 nhiệm vụ, Phụ lục II có 3 nhiệm vụ; chi tiết nêu tại Phụ lục I và "
            "Phụ lục II kèm theo."
        ),
        Heading(3, "Kết quả của tỉnh Khánh Hòa"),
        _say("Đã thực hiện điểm a khoản 2 Điều 4 của Nghị quyết số 09-NQ/TW tại Quận 1."),
        Heading(3, "Kết quả của các cơ quan"),
        Heading(3, "Kết quả của Ủy ban nhân dân tỉnh"),
        Heading(3, "Kết quả theo Ban Chấp hành Trung ương, Đảng Cộng sản Việt Nam"),
        Heading(3, "Kết quả dịp tết Nguyên đán, ngày Quốc khánh"),
        Heading(2, "Kiến nghị của Thành phố Hồ Chí Minh và Sở Tài chính."),
        _say("Trên đây là báo cáo kết quả thực hiện Kế hoạch."),
    ),
    recipients=("Như trên", "Lưu: VT, TH"),
    signature=Signature(lines=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), name="Nguyễn Văn A"),
    appendices=(
        Appendix(title="Kết quả thực hiện nhiệm vụ", blocks=(_table(20),), landscape=True),
        Appendix(title="Nhiệm vụ chưa thực hiện", blocks=(_table(3),)),
    ),
    draft=False,
)


def read_parts(path: Path) -> Parts:
    """The text parts of a document."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def pack(parts: Parts, path: Path) -> Path:
    """The parts as a document at `path`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return path


def write_good_report(path: Path) -> Path:
    """The report, saved; its one khoản without a title is not bold."""
    write_report(REPORT, path)
    parts = read_parts(path)
    in_paragraph("2. Kiến nghị của", "<w:r>", '<w:r><w:rPr><w:b w:val="0"/></w:rPr>')(parts)
    return pack(parts, path)


def replace(old: str, new: str, part: str = BODY, count: int = 1) -> Spoil:
    """A change of what stands in a part, the first time that it occurs."""

    def spoil(parts: Parts) -> None:
        assert old in parts[part], old
        parts[part] = parts[part].replace(old, new, count)

    return spoil


def in_style(name: str, old: str, new: str) -> Spoil:
    """A change inside the style of that name; an `old` of "+" means: added to its letters."""

    def spoil(parts: Parts) -> None:
        found = re.search(
            rf'<w:style (?:(?!</w:style>).)*w:val="{name}"/>.*?</w:style>', parts[STYLES]
        )
        assert found, name
        style = found[0]
        if old == "+":
            assert "</w:rPr>" in style
            changed = style.replace("</w:rPr>", f"{new}</w:rPr>")
        else:
            assert old in style, style
            changed = style.replace(old, new)
        parts[STYLES] = parts[STYLES].replace(style, changed)

    return spoil


def in_paragraph(text: str, old: str, new: str, after: int = 0) -> Spoil:
    """A change inside the paragraph that holds the text, or the one so many behind it."""

    def spoil(parts: Parts) -> None:
        begin, end = _find_paragraph(parts[BODY], text, after)
        whole = parts[BODY][begin:end]
        assert old in whole, whole
        parts[BODY] = parts[BODY][:begin] + whole.replace(old, new, 1) + parts[BODY][end:]

    return spoil


def drop_paragraph(text: str, after: int = 0) -> Spoil:
    """The paragraph that holds the text goes, or the one so many behind it."""

    def spoil(parts: Parts) -> None:
        begin, end = _find_paragraph(parts[BODY], text, after)
        parts[BODY] = parts[BODY][:begin] + parts[BODY][end:]

    return spoil


def _find_paragraph(body: str, text: str, after: int) -> tuple[int, int]:
    begin = body.rindex("<w:p>", 0, body.index(text))
    for _ in range(after):
        begin = body.index("<w:p>", begin + 1)
    return begin, body.index("</w:p>", begin) + len("</w:p>")


def put_after(text: str, addition: str) -> Spoil:
    """Something behind the paragraph that holds the text."""

    def spoil(parts: Parts) -> None:
        end = parts[BODY].index("</w:p>", parts[BODY].index(text)) + 6
        parts[BODY] = parts[BODY][:end] + addition + parts[BODY][end:]

    return spoil


def both(*spoils: Spoil) -> Spoil:
    """Several changes at once."""

    def spoil(parts: Parts) -> None:
        for each in spoils:
            each(parts)

    return spoil


def paragraph(text: str, style: str = "KhNoiDung", look: str = "", layout: str = "") -> str:
    """A paragraph of the report's own styles."""
    letters = f"<w:rPr>{look}</w:rPr>" if look else ""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{layout}</w:pPr><w:r>{letters}'
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def write_plain_document(path: Path, *texts: str) -> Path:
    """A document as python-docx makes it, with these paragraphs."""
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    document.save(str(path))
    return path


def write_good_letter(path: Path) -> Path:
    """An official letter."""
    head = msgspec.structs.replace(REPORT.letterhead, symbol="STC-QLNS")
    letter = msgspec.structs.replace(
        REPORT,
        letterhead=head,
        kind="",
        subject="báo cáo kết quả thực hiện Kế hoạch",
        body=REPORT.body[2:3] + REPORT.body[-1:],
        appendices=(),
    )
    write_report(letter, path)
    return path
