"""Pieces of WordprocessingML: runs, paragraphs, rules and tables; they know no report.

A table's rows are copies of one model row, which is many times faster than cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from khreport.edges.docx_binding import HYPHEN, bind
from khreport.report import Run, Table

Element = Any  # an lxml element; lxml has no types of its own

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W = f"{{{_NAMESPACE}}}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TWIPS = 1440 / 25.4
_POINTS = 72 / 25.4
_BREAKS = {"\n": "br", "\t": "tab", HYPHEN: "noBreakHyphen"}
_BREAK = re.compile(f"([{''.join(_BREAKS)}])")
_FOREIGN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")
_CELL_MARGIN_MM = 1.5
# a row that may stand on one page keeps together; one that is likely to need half a page,
# or that has a cell of so many letters, may split, since else its end can be cut off
_LONG_CELL = 1200
_LETTER_WIDTH = 0.45
_LINE_HEIGHT = 1.2


def make(tag: str, *children: Element, **attributes: object) -> Element:
    """An element of the main namespace: `make("jc", val="center")`."""
    element = etree.Element(_W + tag, nsmap={"w": _NAMESPACE})
    for name, value in attributes.items():
        element.set(_W + name, str(value))
    element.extend(children)
    return element


def twips(length_mm: float) -> int:
    """The length in twentieths of a point, in which Word measures."""
    return round(length_mm * _TWIPS)


def points(length_mm: float) -> float:
    """The length in points."""
    return length_mm * _POINTS


def keep_letters(text: str) -> str:
    """The text without what XML cannot hold."""
    return _FOREIGN.sub("", text)


def _make_text(text: str) -> list[Element]:
    """The contents of a run: letters, line breaks and tabs; what XML cannot hold left out."""
    text = bind(keep_letters(text.replace("\r\n", "\n").replace("\r", "\n")))
    contents = []
    for part in _BREAK.split(text):
        if part in _BREAKS:
            contents.append(make(_BREAKS[part]))
        elif part:
            piece = make("t")
            piece.text = part
            piece.set(_SPACE, "preserve")
            contents.append(piece)
    return contents


def make_run(run: Run, *, marked: bool = False, size_pt: float | None = None) -> Element:
    """A run; a marked one is shown on yellow."""
    looks = [make(tag) for tag, on in (("b", run.bold), ("i", run.italic)) if on]
    if size_pt is not None:
        looks += [make("sz", val=round(size_pt * 2)), make("szCs", val=round(size_pt * 2))]
    if marked:
        looks.append(make("highlight", val="yellow"))
    contents = _make_text(run.text)
    return make("r", make("rPr", *looks), *contents) if looks else make("r", *contents)


def make_paragraph(
    style: str, *runs: Run | Element, keep_next: bool = False, layout: Iterable[Element] = ()
) -> Element:
    """A paragraph in the style with that id; `layout` departs from it (indents, alignment)."""
    properties = make("pPr", make("pStyle", val=style))
    if keep_next:
        properties.append(make("keepNext"))
    properties.extend(layout)
    content = [make_run(run) if isinstance(run, Run) else run for run in runs]
    return make("p", properties, *content)


def make_end(style: str) -> Element:
    """The empty paragraph that ends a section behind a table: so low that it needs no page."""
    return make_paragraph(
        style, layout=[make("spacing", before=0, after=0, line=20, lineRule="exact")]
    )


def make_rule(style: str, length_mm: float, width_mm: float) -> Element:
    """A drawn line in the middle of `width_mm`: the border of an empty paragraph."""
    margin = twips((width_mm - length_mm) / 2)
    return make_paragraph(style, layout=[make("ind", left=margin, right=margin)])


def _make_frame(widths_mm: Sequence[float], *, ruled: bool) -> Element:
    """A table without rows."""
    edge = {"val": "single", "sz": 4, "space": 0, "color": "000000"} if ruled else {"val": "nil"}
    margin = twips(_CELL_MARGIN_MM) if ruled else 0
    return make(
        "tbl",
        make(
            "tblPr",
            make("tblW", w=sum(map(twips, widths_mm)), type="dxa"),
            make("tblInd", w=0, type="dxa"),
            make("tblBorders", *(make(name, **edge) for name in _EDGES)),
            make("tblLayout", type="fixed"),
            make("tblCellMar", *(make(side, w=margin, type="dxa") for side in ("left", "right"))),
        ),
        make("tblGrid", *(make("gridCol", w=twips(width)) for width in widths_mm)),
    )


def _make_row(cells: Iterable[Element], *, header: bool = False) -> Element:
    """A row that does not split over two pages."""
    properties = make("trPr", make("cantSplit"))
    if header:
        properties.append(make("tblHeader"))
    return make("tr", properties, *cells)


def _make_cell(width_mm: float, *paragraphs: Element, columns: int = 1) -> Element:
    properties = make("tcPr", make("tcW", w=twips(width_mm), type="dxa"))
    if columns > 1:
        properties.append(make("gridSpan", val=columns))
    return make("tc", properties, *paragraphs)


def make_columns(widths_mm: Sequence[float], *rows: Sequence[Sequence[Element]]) -> Element:
    """A table without lines that sets paragraphs side by side."""
    table = _make_frame(widths_mm, ruled=False)
    for row in rows:
        table.append(
            _make_row(_make_cell(width, *cell) for width, cell in zip(widths_mm, row, strict=True))
        )
    return table


def _count_letters(width_mm: float, height_mm: float, size_pt: float) -> float:
    """How many letters a cell holds, at most _LONG_CELL, before it fills half a page."""
    in_line = points(width_mm - 2 * _CELL_MARGIN_MM) / (_LETTER_WIDTH * size_pt)
    lines = points(height_mm) / 2 / (_LINE_HEIGHT * size_pt)
    return min(_LONG_CELL, in_line * lines)


def make_table(
    table: Table,
    styles: Sequence[str],
    *,
    size_pt: float,
    area_mm: tuple[float, float],
) -> Element:
    """A ruled table as wide as `area_mm` (width and height of a page's text).

    `styles` are those of header, cells and section titles; `size_pt` is the size of the
    cells' style, which holds where the table names none.
    """
    header_style, cell_style, band_style = styles
    stretch = area_mm[0] / sum(table.widths_mm)
    widths = [width * stretch for width in table.widths_mm]

    def fill_cell(style: str, align: str | None = None) -> Element:
        layout = [make("jc", val=align)] if align else []
        return make_paragraph(style, make_run(Run("-"), size_pt=table.size_pt), layout=layout)

    columns = list(zip(widths, table.aligns, strict=True))
    header = _make_row((_make_cell(w, fill_cell(header_style)) for w in widths), header=True)
    model = _make_row(_make_cell(w, fill_cell(cell_style, align)) for w, align in columns)
    band = _make_row([_make_cell(sum(widths), fill_cell(band_style), columns=len(widths))])

    size_pt = table.size_pt or size_pt
    limits = [_count_letters(width, area_mm[1], size_pt) for width in widths]
    element = _make_frame(widths, ruled=True)
    element.append(_fill_row(header, table.header))
    for number, row in enumerate(table.rows):
        if number in table.band_rows:
            element.append(_fill_row(deepcopy(band), [". ".join(filter(None, row))]))
            continue
        filled = _fill_row(deepcopy(model), row)
        for cell, texts in enumerate(filled.iterchildren(_W + "tc")):
            if (number, cell) in table.open_cells:
                _mark(texts)
        if any(len(text) > limit for text, limit in zip(row, limits, strict=True)):
            properties = filled[0]
            properties.remove(properties[0])
        element.append(filled)
    return element


def end_table(table: Element, mark: Element) -> None:
    """Nothing; the mark of the end is the table's last row, without lines, on its last page.

    Word and LibreOffice keep rows together, LibreOffice no row with a paragraph behind a table.
    """
    widths = [int(column.get(_W + "w")) for column in table.iter(_W + "gridCol")]
    edges = [make(name, val="nil") for name in ("left", "bottom", "right")]
    properties = make(
        "tcPr",
        make("tcW", w=sum(widths), type="dxa"),
        make("gridSpan", val=len(widths)),
        make("tcBorders", *edges),
    )
    table.append(_make_row([make("tc", properties, mark)]))
    for row in list(table.iterchildren(_W + "tr"))[-2:]:
        for paragraph in row.iter(_W + "p"):
            paragraph[0].insert(1, make("keepNext"))


def _mark(cell: Element) -> None:
    """Nothing; what stands in the cell is shown on yellow."""
    for run in cell.iter(_W + "r"):
        looks = run.find(_W + "rPr")
        if looks is None:
            looks = make("rPr")
            run.insert(0, looks)
        looks.append(make("highlight", val="yellow"))


def _fill_row(row: Element, texts: Sequence[str]) -> Element:
    """The row with its cells' texts in place of the model's."""
    for piece, text in zip(list(row.iter(_W + "t")), texts, strict=True):
        text = bind(text)  # noqa: PLW2901 - the same text
        if _BREAK.search(text) or _FOREIGN.search(text):
            run = piece.getparent()
            run.remove(piece)
            run.extend(_make_text(text))
        else:
            piece.text = text
    return row
