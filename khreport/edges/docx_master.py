"""The style master of Word documents: opened, checked, and packed with a new body."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from copy import deepcopy
from enum import StrEnum
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Emu
from lxml import etree

from khreport.edges.docx_charts import Charts
from khreport.edges.docx_comments import Comments
from khreport.edges.docx_parts import Element, make
from khreport.edges.shipped import shipped_path
from khreport.errors import KhreportError

# what a document may keep of its master: nothing that tells who edited it, or on what machine
_KEPT_PARTS = {"styles", "settings", "header", "footer", "fontTable", "theme", "numbering"}
_KEPT_IN_PACKAGE = {"officeDocument", "core-properties"}
_AFTER_NUMBERING = ("w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg", "w:docGrid")
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_UNREADABLE = (
    PackageNotFoundError,
    zipfile.BadZipFile,
    etree.XMLSyntaxError,
    LookupError,
    OSError,
    ValueError,
)


class Style(StrEnum):
    """The paragraph styles that a master must hold, by the names that Word shows."""

    BODY = "KH Nội dung"
    HEADING_1 = "KH Mục 1"
    HEADING_2 = "KH Mục 2"
    HEADING_3 = "KH Mục 3"
    ITEM = "KH Gạch đầu dòng"
    BASIS = "KH Căn cứ"
    NOTE = "KH Ghi chú"
    SLOT = "KH Cần bổ sung"
    NATION = "KH Quốc hiệu"
    MOTTO = "KH Tiêu ngữ"
    SUPERIOR = "KH Cơ quan chủ quản"
    ISSUER = "KH Cơ quan ban hành"
    NUMBER = "KH Số ký hiệu"
    PLACE = "KH Địa danh ngày tháng"
    DRAFT = "KH Dự thảo"
    KIND = "KH Tên loại"
    SUBJECT = "KH Trích yếu"
    ADDRESSEE = "KH Kính gửi"
    ADDRESSEES = "KH Kính gửi nhiều nơi"
    ADDRESSEE_ITEM = "KH Nơi kính gửi"
    RECIPIENTS = "KH Nơi nhận"
    RECIPIENT = "KH Danh sách nơi nhận"
    SIGNATORY = "KH Người ký"
    APPENDIX = "KH Phụ lục"
    APPENDIX_TITLE = "KH Tên phụ lục"
    ENCLOSURE = "KH Kèm theo"
    TABLE_HEADER = "KH Bảng đầu cột"
    TABLE_CELL = "KH Bảng nội dung"
    TABLE_BAND = "KH Bảng nhóm"
    RULE = "KH Đường kẻ"
    GAP = "KH Dòng trống"


class Master:
    """An opened master; each document takes a fresh one."""

    def __init__(self, document: Any, name: str) -> None:  # noqa: ANN401 - python-docx has no types
        self._document = document
        self._styles: dict[str, Any] = {
            style.name: style for style in document.styles if style.type == WD_STYLE_TYPE.PARAGRAPH
        }
        for style in Style:
            if style not in self._styles:
                raise KhreportError(
                    f"Tệp mẫu “{name}” thiếu kiểu chữ “{style}”. Hãy tạo lại kiểu chữ với đúng "
                    "tên đó, hoặc dùng lại tệp mẫu gốc."
                )
        self._section = deepcopy(document.element.body.sectPr)
        self.comments = Comments()
        self.charts = Charts()

    def style_id(self, style: Style) -> str:
        """What paragraphs call the style: Word changes such ids, and never the names."""
        return str(self._styles[style].style_id)

    def size_pt(self, style: Style) -> float:
        """The size of the style's letters, inherited or its own."""
        found = self._styles[style]
        while found is not None:
            if found.font.size is not None:
                return float(found.font.size.pt)
            found = found.base_style
        return 10.0  # Word's own default

    def indents_mm(self, style: Style) -> float:
        """What the style's lines leave free on both sides together."""
        layout = self._styles[style].paragraph_format
        indents = (layout.left_indent, layout.right_indent)
        return float(sum(indent.mm for indent in indents if indent))

    def area_mm(self, *, landscape: bool = False) -> tuple[float, float]:
        """Width and height of a page's text."""
        section = self.end_section(landscape=landscape)
        width = section.page_width - section.left_margin - section.right_margin
        height = section.page_height - section.top_margin - section.bottom_margin
        return Emu(width).mm, Emu(height).mm

    def end_section(self, *, landscape: bool) -> Element:
        """What ends a section that begins on a new page and counts its pages from one."""
        section = deepcopy(self._section)
        section.start_type = WD_SECTION.NEW_PAGE
        section.titlePg_val = True
        if landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = section.page_height, section.page_width
        for numbering in section.xpath("w:pgNumType"):
            section.remove(numbering)
        section.insert_element_before(make("pgNumType", start=1), *_AFTER_NUMBERING)
        return section

    def pack(self, elements: list[Element], title: str, day: dt.date) -> bytes:
        """The document with these elements as its body, the same bytes for the same input."""
        body = self._document.element.body
        for element in list(body):
            body.remove(element)
        body.extend(elements)
        part = self._document.part
        properties = self._document.core_properties
        for field in list(properties._element):  # noqa: SLF001 - no public way to empty them
            properties._element.remove(field)  # noqa: SLF001
        properties.title = title
        properties.language = "vi-VN"
        properties.created = properties.modified = dt.datetime.combine(day, dt.time())
        _keep(part.rels, _KEPT_PARTS)
        _keep(part.package.rels, _KEPT_IN_PACKAGE)
        self.comments.add_to(part)
        self.charts.add_to(part)
        packed = io.BytesIO()
        self._document.save(packed)
        return _fix_times(packed)


def open_master(path: Path | None = None) -> Master:
    """The master at `path`, or the shipped one.

    Raises KhreportError where it is no Word document or lacks a style, which it names.
    """
    path = path or shipped_path("templates/docx/bao-cao.docx")
    try:
        document = docx.Document(str(path))
    except _UNREADABLE as error:
        raise KhreportError(
            f"Không mở được tệp mẫu “{path.name}”: không có tệp, hoặc không phải tệp Word (.docx)."
            " Hãy kiểm tra đường dẫn, hoặc dùng lại tệp mẫu gốc."
        ) from error
    return Master(document, path.name)


def _keep(relationships: Any, kinds: set[str]) -> None:  # noqa: ANN401
    """Nothing; the part loses every relationship of another kind, and so the part behind it."""
    for key, relationship in list(relationships.items()):
        if relationship.reltype.rsplit("/", 1)[-1] not in kinds:
            del relationships[key]


def _fix_times(packed: io.BytesIO) -> bytes:
    """The same package with one fixed time on all of its entries."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(fixed, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.create_system = 0
            new.writestr(entry, old.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
