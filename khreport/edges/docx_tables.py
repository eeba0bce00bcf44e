"""What a table of a Word document says of its cells: which edges are drawn, which style holds."""

from __future__ import annotations

from typing import NamedTuple

from khreport.edges.docx_parts import Element
from khreport.edges.docx_styles import Properties, W, twips_of, value

_MARGIN_TW = 108
_BITS = {"firstRow": 0x20, "lastRow": 0x40, "firstColumn": 0x80, "lastColumn": 0x100}
_INSIDE = {"top": "insideH", "bottom": "insideH", "left": "insideV", "right": "insideV"}
_SIDES = {"left": "left", "start": "left", "right": "right", "end": "right"}
_OFF = {"0", "false", "off"}


class Position(NamedTuple):
    """Where a cell stands in a table of so many rows, in a row of so many cells."""

    row: int
    column: int
    rows: int
    columns: int

    @property
    def is_first(self) -> dict[str, bool]:
        """The edges of the table at which the cell lies."""
        return {
            "top": self.row == 1,
            "bottom": self.row == self.rows,
            "left": self.column == 1,
            "right": self.column == self.columns,
        }


class TableLook:
    """The look of one table: its styles, the first of them first, and what it says itself."""

    def __init__(self, styles: tuple[Element, ...], about: Element | None) -> None:
        self._styles = styles
        self._shown = _shown_parts(about)
        self._borders: Properties = {}
        self._margins = {"left": _MARGIN_TW, "right": _MARGIN_TW}
        for layer in (*(style.find(W + "tblPr") for style in styles), about):
            self._borders |= _borders(layer, "tblBorders")
            self._margins |= _margins(layer, "tblCellMar")

    def padding_tw(self, cell: Element | None) -> int:
        """What a cell leaves free on both sides together."""
        return sum((self._margins | _margins(cell, "tcMar")).values())

    def is_ruled(self, cell: Element | None, position: Position) -> bool:
        """Whether an edge of the cell can be seen."""
        edges = {
            edge: self._borders.get(edge if lies_there else _INSIDE[edge], "")
            for edge, lies_there in position.is_first.items()
        }
        return any((edges | _borders(cell, "tcBorders")).values())

    def styles(self, position: Position) -> tuple[Element, ...]:
        """The styles that hold for the cell, the strongest last."""
        first = position.is_first
        holds = {
            "firstCol": "firstColumn" in self._shown and first["left"],
            "lastCol": "lastColumn" in self._shown and first["right"],
            "lastRow": "lastRow" in self._shown and first["bottom"],
            "firstRow": "firstRow" in self._shown and first["top"],
        }
        return (
            *self._styles,
            *(
                part
                for kind, is_held in holds.items()
                if is_held
                for style in self._styles
                for part in style.iterfind(W + "tblStylePr")
                if value(part, "type") == kind
            ),
        )


def _borders(element: Element | None, tag: str) -> Properties:
    """Which edges are drawn ("" for those that are not)."""
    found = None if element is None else element.find(W + tag)
    return {
        _SIDES.get(name := each.tag.removeprefix(W), name): (
            "" if value(each) in {None, "nil", "none"} else "drawn"
        )
        for each in (() if found is None else found)
    }


def _margins(element: Element | None, tag: str) -> dict[str, int]:
    found = None if element is None else element.find(W + tag)
    return {
        _SIDES[name]: twips_of(value(each, "w"))
        for each in (() if found is None else found)
        if (name := each.tag.removeprefix(W)) in _SIDES
    }


def _shown_parts(about: Element | None) -> set[str]:
    """The parts of a table (its first row …) that its style may show otherwise."""
    look = None if about is None else about.find(W + "tblLook")
    if look is None:
        return set()
    try:
        mask = int(value(look) or "0", 16)
    except ValueError:
        mask = 0
    usual = {name: "1" if mask & bit else "0" for name, bit in _BITS.items()}
    return {name for name in _BITS if (value(look, name) or usual[name]) not in _OFF}
