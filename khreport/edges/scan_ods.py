"""Cells of an .ods: how far they reach when repeats are written out, and which hide an error."""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from khreport.edges.scan_binary import Reach
from khreport.raw import Limits, Mark, Problem, Refusal

MOST = 1 << 31
GAP = re.compile(rb">[ \t\r\n]++(?=</?table:|<text:p[ />])")


class Walk:
    """One pass through the content of an .ods, its tags told by their local names."""

    def __init__(self, limits: Limits) -> None:
        self.marks: dict[str, list[Mark]] = {}
        self.codes: set[str] = set()
        self._limits = limits
        self._reach = Reach(limits)
        self._table, self._row, self._column = "", 0, 0
        self._repeated = self._wide = 1
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._length, self._shown = 0, False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Nothing; a tag that begins was counted."""
        tag = name.rpartition(":")[2]
        if tag in ("table-cell", "covered-table-cell"):
            self._cell = {key.rpartition(":")[2]: value for key, value in attributes.items()}
            if attributes.get("calcext:value-type") == "error":
                self._cell["value-type"] = "error"
            self._wide = _count(self._cell, "number-columns-repeated")
            self._text, self._length, self._shown = [], 0, False
        elif tag == "table-row":
            self._column = 0
            local = {key.rpartition(":")[2]: value for key, value in attributes.items()}
            self._repeated = _count(local, "number-rows-repeated")
        elif tag == "table":
            self._table = attributes.get("table:name", "")
            self._row, self._reach = 0, Reach(self._limits)
        elif tag == "p":
            self._shown = True
        elif tag == "s" and self._cell is not None:
            self._length += _count({"c": attributes.get("text:c", "1")}, "c")
        elif tag in ("dde-source", "dde-link"):
            self.codes.add("file.dde")
        elif tag in ("table-source", "cell-range-source"):
            self.codes.add("file.links")

    def end(self, name: str) -> None:
        """Nothing; what the tag held was counted."""
        tag = name.rpartition(":")[2]
        if tag in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif tag == "table-row":
            self._row += self._repeated

    def _end_cell(self, cell: dict[str, str]) -> None:
        if self._length > self._limits.text_length:
            raise Refusal("file.long_text", limit=str(self._limits.text_length))
        text = "".join(self._text).strip()
        if "value-type" in cell or text:
            self._reach.add(self._row + self._repeated - 1, self._column + self._wide - 1)
        shown = None
        if cell.get("value-type") == "error":
            shown = text or "#N/A"
        elif "formula" in cell and "value-type" not in cell and not self._shown:
            # A result that is an empty text has a paragraph, if an empty one.
            shown = "=" + cell["formula"].removeprefix("of:").removeprefix("=")
        if shown is not None:
            self.marks.setdefault(self._table, []).append((self._row, self._column, shown))
        self._column += self._wide

    def words(self, text: str) -> None:
        """Nothing; the text was kept if it stands in a cell."""
        if self._cell is not None:
            self._text.append(text)
            self._length += len(text)


def close_gaps(part: bytes) -> bytes:
    """The content of an .ods without line breaks between its cells, on which the parser stops."""
    return GAP.sub(b">", part) if GAP.search(part) else part


def _count(attributes: dict[str, str], name: str) -> int:
    number = attributes.get(name, "1").strip()
    return min(int(number), MOST) if number.isdecimal() and len(number) < 20 else MOST  # noqa: PLR2004 - far more than any


def inspect_ods(part: bytes, limits: Limits) -> tuple[list[Problem], dict[str, list[Mark]]]:
    """Things to know of the content of an .ods, and marks by sheet name."""
    walk = Walk(limits)
    parser: Any = expat.ParserCreate()  # what declares entities was refused before
    parser.buffer_text = True
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.words
    try:
        parser.Parse(part, True)  # noqa: FBT003 - as its API has it
    except expat.ExpatError as error:
        raise Refusal("file.damaged") from error
    return [Problem(code) for code in sorted(walk.codes)], walk.marks
