"""One neutral picture of a Word document as it is shown: what is read and the checker judges.

Styles, themes, numbering and defaults are resolved, as Word does it. Lengths whose name ends
in `tw` are twentieths of a point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

Part = Literal["body", "header", "footer"]
Align = Literal["left", "center", "right", "both"]
TWIP_MM = 25.4 / 1440


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How letters are shown.

    `fonts` are those of Latin letters, `other_fonts` those of scripts that Vietnamese does not
    use. `color` is six digits, or "auto".
    """

    fonts: tuple[str, ...]
    other_fonts: tuple[str, ...] = ()
    size_pt: float = 10.0
    bold: bool = False
    italic: bool = False
    underline: bool = False
    caps: bool = False
    color: str = "auto"


class Run(msgspec.Struct, frozen=True):
    """A stretch of text with one look, as it is stored."""

    text: str
    look: Look

    @property
    def shown(self) -> str:
        """The text with the capitals that its look gives it."""
        return self.text.upper() if self.look.caps else self.text


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """Where a paragraph stands; everything counts from one, and 0 means: in no table.

    `number` counts the paragraphs of the part, those in cells too; `section` is the section
    that the part belongs to.
    """

    part: Part = "body"
    section: int = 1
    number: int
    table: int = 0
    row: int = 0
    column: int = 0


class DrawnLine(msgspec.Struct, frozen=True):
    """A horizontal line beside or beneath a text; None where its length cannot be told."""

    kind: Literal["border", "shape"]
    length_mm: float | None


class Paragraph(msgspec.Struct, frozen=True, kw_only=True):
    """A paragraph with its looks resolved.

    `label` is what numbering puts in front of the text. `first_tw` is the indent of the first
    line against `left_tw`, below zero where it hangs. `line` is in 240ths of a line where
    `line_rule` is "auto", else in twips. `room_mm` is the width in which it stands,
    `widths_mm` the widths of its lines as bold text (none for long texts). `boxes` are the
    text boxes that hang on it, `fields` the names of its fields.
    """

    spot: Spot
    runs: tuple[Run, ...] = ()
    label: str = ""
    align: Align = "left"
    left_tw: int = 0
    right_tw: int = 0
    first_tw: int = 0
    before_tw: int = 0
    after_tw: int = 0
    line: int = 240
    line_rule: str = "auto"
    contextual: bool = False
    style: str = ""
    keep_next: bool = False
    lines: tuple[DrawnLine, ...] = ()
    fields: tuple[str, ...] = ()
    room_mm: float = 0.0
    widths_mm: tuple[float, ...] = ()
    boxes: tuple[Block, ...] = ()

    @property
    def text(self) -> str:
        """The text as it is shown, without its label."""
        return "".join(run.shown for run in self.runs)


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A cell of a table; `width_mm` is what it leaves to its text."""

    blocks: tuple[Block, ...]
    width_mm: float
    ruled: bool = False


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row; `header` repeats on each page, a `whole` one does not split over two."""

    cells: tuple[Cell, ...]
    header: bool = False
    whole: bool = False


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table under its number in the document, those inside cells counted too."""

    number: int
    rows: tuple[Row, ...]

    @property
    def ruled(self) -> bool:
        """Whether at least one of its lines can be seen."""
        return any(cell.ruled for row in self.rows for cell in row.cells)


Block = Paragraph | Table


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Pages of one layout, with what stands on them.

    `headers` and `footers` are those in force by kind ("default", "first", "even"), taken over
    from the section before where it has none of its own.
    """

    number: int
    blocks: tuple[Block, ...]
    width_tw: int
    height_tw: int
    landscape: bool
    top_tw: int
    bottom_tw: int
    left_tw: int
    right_tw: int
    gutter_tw: int
    header_tw: int
    title_page: bool
    page_start: int | None
    headers: dict[str, tuple[Block, ...]]
    footers: dict[str, tuple[Block, ...]]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A Word document; `even_and_odd`: pages on the left have headers of their own."""

    sections: tuple[Section, ...]
    even_and_odd: bool = False

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What stands on its pages, headers and footers left out."""
        return tuple(block for section in self.sections for block in section.blocks)


def walk_paragraphs(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """The paragraphs in order, those in cells and text boxes too."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
            yield from walk_paragraphs(block.boxes)
        else:
            for row in block.rows:
                for cell in row.cells:
                    yield from walk_paragraphs(cell.blocks)


def walk_tables(blocks: Iterable[Block]) -> Iterator[Table]:
    """The tables in order, each before those in its cells."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from walk_tables(block.boxes)
        else:
            yield block
            for row in block.rows:
                for cell in row.cells:
                    yield from walk_tables(cell.blocks)
