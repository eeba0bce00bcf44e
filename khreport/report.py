"""One neutral picture of an official document: what compose decides and the renderer writes.

Block styles are names of paragraphs of Nghị định 30/2020/NĐ-CP, not of Word. Labels, dashes,
capitals, "./." and the wording of number and date are the renderer's; a line feed in a text
begins a new line.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec


class Run(msgspec.Struct, frozen=True):
    """A stretch of text with one look."""

    text: str
    bold: bool = False
    italic: bool = False


class Heading(msgspec.Struct, frozen=True, tag=True):
    """A heading of the body: level 1 "I. TÊN MỤC", 2 "1. Tên khoản", 3 "a) Tên điểm".

    `text` is without its label; the renderer numbers headings (NĐ 30/2020, Phụ lục I, II.6).
    """

    level: Literal[1, 2, 3]
    text: str


class Paragraph(msgspec.Struct, frozen=True, tag=True):
    """A paragraph: of the body, a line that begins with "- " (`item`), a legal basis, a note.

    `figures` are ids of the evidence records behind the numbers and quotes in it; `comment`
    is written in the margin.
    """

    runs: tuple[Run, ...]
    style: Literal["body", "item", "basis", "note"] = "body"
    figures: tuple[str, ...] = ()
    comment: str = ""


class Slot(msgspec.Struct, frozen=True, tag=True):
    """A passage that only the officer can write; a final report with one is refused."""

    key: str
    prompt: str


class Table(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A table with a repeated header row.

    `widths_mm` are shares of the text width (165 mm, 252 mm in landscape), stretched to it;
    `aligns` are one per column; a row in `band_rows` is a section title that spans all
    columns: its non-empty cells, with ". " between them. Without `size_pt` the letters have the
    size of the style master. `slots` are passages that only the officer can write and that
    stand open in cells of the table; the cells (row, column) that say so are `open_cells`.
    `figures` are ids of evidence records as in a paragraph, `comments` what is written in the
    margin, one of each for each row, or none at all.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths_mm: tuple[float, ...]
    aligns: tuple[Literal["left", "center", "right"], ...]
    band_rows: frozenset[int] = frozenset()
    size_pt: float | None = None
    slots: tuple[Slot, ...] = ()
    open_cells: frozenset[tuple[int, int]] = frozenset()
    figures: tuple[tuple[str, ...], ...] = ()
    comments: tuple[str, ...] = ()


class Series(msgspec.Struct, frozen=True):
    """What a chart counts in each of its categories: its name, and a number for each."""

    name: str
    counts: tuple[int, ...]


class Chart(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Counts as bars that lie on one another, one bar for each category, above its caption.

    `caption` is without its label; the renderer numbers charts. `alt` tells the figures to who
    cannot see them. `figures` and `comment` are as in a paragraph.
    """

    caption: str
    alt: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    height_mm: float
    figures: tuple[str, ...] = ()
    comment: str = ""


Block = Heading | Paragraph | Slot | Table | Chart


class Appendix(msgspec.Struct, frozen=True, kw_only=True):
    """An appendix on its own pages, numbered from 1 again (NĐ 30/2020, Phụ lục I, III.1)."""

    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False


class Letterhead(msgspec.Struct, frozen=True, kw_only=True):
    """Who issues the document, under what symbol, where and when.

    Names are written as in running text ("Sở Kế hoạch và Đầu tư"); a line feed in `issuer`
    breaks it there in the heading. `superior` is None for a body that has none above it on
    paper. `symbol` is "BC-SKHĐT". Where `number` is None, or the day is open, room is left to
    write it in.
    """

    superior: str | None
    issuer: str
    symbol: str
    place: str
    date: dt.date
    number: int | None = None
    day_open: bool = True


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """The signing block: lines of authority ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), then the name."""

    lines: tuple[str, ...]
    name: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A complete document: with a type name (Mẫu 1.4 of NĐ 30/2020/NĐ-CP) or an official letter.

    `kind` is that name ("Báo cáo"); without one it is a công văn (Mẫu 1.5), whose subject
    stands beneath its number: "V/v …". `addressees` and `recipients` ("Như trên",
    "Lưu: VT, TH") come without dashes and closing marks.
    """

    letterhead: Letterhead
    kind: str
    subject: str
    addressees: tuple[str, ...]
    body: tuple[Block, ...]
    recipients: tuple[str, ...]
    signature: Signature
    appendices: tuple[Appendix, ...] = ()
    draft: bool = True

    @property
    def open_slots(self) -> tuple[Slot, ...]:
        """The passages that only the officer can write, in order."""
        appended = (block for appendix in self.appendices for block in appendix.blocks)
        found: list[Slot] = []
        for block in (*self.body, *appended):
            if isinstance(block, Slot):
                found.append(block)
            elif isinstance(block, Table):
                found += block.slots
        return tuple(found)
