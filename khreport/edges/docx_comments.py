"""Comments in the margin of a Word document: all of them in one part, written once."""

from __future__ import annotations

from xml.sax.saxutils import escape

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from khreport.edges.docx_parts import Element, keep_letters, make

AUTHOR = "khreport"
"""No person: comments of people are told from ours by it."""
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W = f"{{{_MAIN}}}"
# as text: element by element it would take longer than the rest of the document
_PART = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<w:comments xmlns:w="{main}">{all}</w:comments>'
)
_COMMENT = (
    '<w:comment w:id="{number}" w:author="{author}" w:initials="KH"><w:p><w:r>'
    '<w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>'
    '<w:t xml:space="preserve">{text}</w:t></w:r></w:p></w:comment>'
)
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


class Comments:
    """The comments of one document, numbered as they are attached."""

    def __init__(self) -> None:
        self._written: list[str] = []

    def attach(self, paragraph: Element, text: str) -> None:
        """Nothing; the comment hangs on the whole paragraph. An empty text is none."""
        if not text:
            return
        number = len(self._written)
        told = escape(keep_letters(text)).replace("\n", _BREAK)
        self._written.append(_COMMENT.format(number=number, author=AUTHOR, text=told))
        first = 1 if len(paragraph) and paragraph[0].tag == f"{_W}pPr" else 0
        paragraph.insert(first, make("commentRangeStart", id=number))
        paragraph.append(make("commentRangeEnd", id=number))
        paragraph.append(make("r", make("commentReference", id=number)))

    def attach_rows(self, table: Element, texts: tuple[str, ...]) -> None:
        """Nothing; each comment hangs on the first cell of its row, beneath the heading row."""
        rows = table.findall(f"{_W}tr")[1:]
        for row, text in zip(rows, texts, strict=False):
            self.attach(row.find(f".//{_W}p"), text)

    def add_to(self, document: Part) -> None:
        """Nothing; the document's main part has them as its comments, if there are any."""
        if not self._written:
            return
        blob = _PART.format(main=_MAIN, all="".join(self._written)).encode()
        where = PackURI("/word/comments.xml")
        part = Part(where, CONTENT_TYPE.WML_COMMENTS, blob, document.package)
        document.relate_to(part, RELATIONSHIP_TYPE.COMMENTS)
