"""Reading a Word document into the picture that the checker judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from khreport.document import (
    TWIP_MM,
    Align,
    Block,
    Cell,
    Document,
    Paragraph,
    Part,
    Row,
    Section,
    Spot,
    Table,
)
from khreport.edges.docx_content import Content, unwrap
from khreport.edges.docx_drawn import border_lines
from khreport.edges.docx_lengths import measure_lines
from khreport.edges.docx_numbering import Numbering
from khreport.edges.docx_package import Package, open_package
from khreport.edges.docx_parts import Element
from khreport.edges.docx_styles import (
    Properties,
    Styles,
    W,
    child_value,
    is_on,
    merge,
    paragraph_properties,
    run_properties,
    twips_of,
    value,
)
from khreport.edges.docx_tables import Position, TableLook

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ALIGNS: dict[str, Align] = {
    "center": "center",
    "right": "right",
    "end": "right",
    "both": "both",
    "distribute": "both",
    "thaiDistribute": "both",
}
_LONGEST_MEASURED = 300
# what Word takes where a section does not say its paper: Letter
_USUAL_PAPER_TW = (12240, 15840)
_USUAL_MARGINS = dict.fromkeys(("top", "right", "bottom", "left"), 1440) | {
    "gutter": 0,
    "header": 720,
}


def read_document(path: Path) -> Document:
    """The document at `path`, as Word shows it.

    Raises KhreportError where it is no Word document that can be read.
    """
    return _Reader(open_package(path)).read()


class _Reader:
    """Reads one document from its beginning to its end, since its lists count on."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = Styles(package)
        self._numbering = Numbering(package)
        self._counts: Counter[tuple[str, int]] = Counter()
        self._part: Part = "body"
        self._section = 1
        self._tables = 0

    def read(self) -> Document:
        body = self._package.main.find(W + "body")
        settings = self._package.related("settings")
        even = settings is not None and is_on(settings.find(W + "evenAndOddHeaders"))
        sections: list[Section] = []
        for elements, end in _split_sections(body if body is not None else ()):
            self._section = len(sections) + 1
            sections.append(self._read_section(elements, end, sections[-1:]))
        return Document(sections=tuple(sections), even_and_odd=even)

    def _read_section(
        self, elements: list[Element], end: Element | None, before: list[Section]
    ) -> Section:
        size, margins, start = (
            None if end is None else end.find(W + tag) for tag in ("pgSz", "pgMar", "pgNumType")
        )
        width, height = (
            twips_of(value(size, name), usual)
            for name, usual in zip(("w", "h"), _USUAL_PAPER_TW, strict=True)
        )
        top, right, bottom, left, gutter, header = (
            twips_of(value(margins, side), usual) for side, usual in _USUAL_MARGINS.items()
        )
        room = (width - left - right - gutter) * TWIP_MM
        first = value(start, "start")
        self._part = "body"
        return Section(
            number=self._section,
            blocks=tuple(self._read_blocks(elements, room)),
            width_tw=width,
            height_tw=height,
            landscape=width > height,
            top_tw=top,
            bottom_tw=bottom,
            left_tw=left,
            right_tw=right,
            gutter_tw=gutter,
            header_tw=header,
            title_page=end is not None and is_on(end.find(W + "titlePg")),
            page_start=int(first) if first and first.isdigit() else None,
            headers=self._read_edges("header", end, before[0].headers if before else {}, room),
            footers=self._read_edges("footer", end, before[0].footers if before else {}, room),
        )

    def _read_edges(
        self,
        part: Literal["header", "footer"],
        end: Element | None,
        inherited: dict[str, tuple[Block, ...]],
        room: float,
    ) -> dict[str, tuple[Block, ...]]:
        self._part = part
        edges = dict(inherited)
        for each in end.iterfind(f"{W}{part}Reference") if end is not None else ():
            root = self._package.target(each.get(f"{_R}id", ""))
            kind = value(each, "type") or "default"
            edges[kind] = () if root is None else tuple(self._read_blocks(root, room))
        return edges

    def _read_blocks(
        self,
        elements: Iterable[Element],
        room: float,
        styled: tuple[Element, ...] = (),
        cell: tuple[int, int, int] = (0, 0, 0),
    ) -> Iterator[Block]:
        for element in unwrap(elements):
            if element.tag == W + "p":
                yield self._read_paragraph(element, room, styled, cell)
            elif element.tag == W + "tbl":
                yield self._read_table(element, room)

    def _read_paragraph(
        self,
        element: Element,
        room: float,
        styled: tuple[Element, ...],
        cell: tuple[int, int, int],
    ) -> Paragraph:
        direct = paragraph_properties(element.find(W + "pPr"))
        style = direct.get("pStyle") or self._styles.default("paragraph")
        layers = [self._styles.paragraph_defaults]
        layers += [paragraph_properties(each.find(W + "pPr")) for each in styled]
        numbered: Properties = {}
        own = [paragraph_properties(e.find(W + "pPr")) for e in self._styles.chain(style)]
        for layer in (*own, direct):
            if "numId" in layer:
                numbered = {**numbered, **layer}
                # a list's indents yield to those that are said beside it
                layers.append(self._numbering.layout(numbered, style))
            layers.append(layer)
        said = merge(layers)
        tables = [run_properties(each.find(W + "rPr")) for each in styled]
        key = (self._part, self._section if self._part != "body" else 0)
        self._counts[key] += 1
        table, row, column = cell
        spot = Spot(
            part=self._part,
            section=self._section,
            number=self._counts[key],
            table=table,
            row=row,
            column=column,
        )
        content = Content(self._styles, tables, style)
        content.read(element)
        # boxes are read with the paragraph that they hang on
        boxes = [b for box in content.boxes for b in self._read_blocks(box, room, (), cell)]
        left, right = twips_of(said.get("ind.left")), twips_of(said.get("ind.right"))
        lines = [*border_lines(said, room, left + right), *content.lines]
        text = "".join(run.shown for run in content.runs)
        size = max((run.look.size_pt for run in content.runs), default=0.0)
        measured = text.strip() and len(text) <= _LONGEST_MEASURED
        free = room - (left + right) * TWIP_MM
        return Paragraph(
            spot=spot,
            runs=tuple(content.runs),
            label=self._numbering.label(numbered, style) if text.strip() else "",
            align=_ALIGNS.get(said.get("jc", ""), "left"),
            left_tw=left,
            right_tw=right,
            first_tw=twips_of(said.get("ind.first")),
            before_tw=twips_of(said.get("spacing.before")),
            after_tw=twips_of(said.get("spacing.after")),
            line=twips_of(said.get("spacing.line"), 240),
            line_rule=said.get("spacing.lineRule", "auto"),
            contextual=bool(said.get("contextualSpacing")),
            style=self._styles.name(style),
            keep_next=bool(said.get("keepNext")),
            lines=tuple(lines),
            fields=tuple(content.fields),
            room_mm=room,
            widths_mm=tuple(measure_lines(text.strip(), size, free)) if measured else (),
            boxes=tuple(boxes),
        )

    def _read_table(self, element: Element, room: float) -> Table:
        self._tables += 1
        number = self._tables
        about = element.find(W + "tblPr")
        key = child_value(about, "tblStyle") or self._styles.default("table")
        look = TableLook(self._styles.chain(key), about)
        grid = [twips_of(value(each, "w")) for each in element.iterfind(f"{W}tblGrid/{W}gridCol")]
        rows = [each for each in unwrap(element) if each.tag == W + "tr"]
        read = []
        for at, row in enumerate(rows, start=1):
            properties = row.find(W + "trPr")
            cells = [each for each in unwrap(row) if each.tag == W + "tc"]
            column, drawn = 0, []
            for nth, cell in enumerate(cells, start=1):
                said = cell.find(W + "tcPr")
                position = Position(at, nth, len(rows), len(cells))
                span = max(1, twips_of(child_value(said, "gridSpan"), 1))
                width = sum(grid[column : column + span])
                column += span
                if child_value(said, "tcW", "type") == "dxa":
                    width = twips_of(child_value(said, "tcW", "w"), width)
                free = (width - look.padding_tw(said)) * TWIP_MM if width else room / len(cells)
                spot = (number, at, nth)
                blocks = self._read_blocks(cell, free, look.styles(position), spot)
                drawn.append(
                    Cell(
                        blocks=tuple(blocks),
                        width_mm=round(free, 2),
                        ruled=look.is_ruled(said, position),
                    )
                )
            read.append(
                Row(
                    cells=tuple(drawn),
                    header=properties is not None and is_on(properties.find(W + "tblHeader")),
                    whole=properties is not None and is_on(properties.find(W + "cantSplit")),
                )
            )
        return Table(number=number, rows=tuple(read))


def _split_sections(body: Iterable[Element]) -> Iterator[tuple[list[Element], Element | None]]:
    """The elements of each section with the properties at its end."""
    elements: list[Element] = []
    for each in unwrap(body):
        if each.tag == W + "sectPr":
            yield elements, each
            return
        elements.append(each)
        end = each.find(f"{W}pPr/{W}sectPr")
        if each.tag == W + "p" and end is not None:
            yield elements, end
            elements = []
    yield elements, None
