"""What stands in one paragraph of a Word document: runs, lines, fields and text boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from khreport.document import DrawnLine, Run
from khreport.edges.docx_binding import unbind
from khreport.edges.docx_drawn import shape_lines
from khreport.edges.docx_parts import Element
from khreport.edges.docx_styles import Properties, Styles, W, run_properties, value

_WRAPPERS = {"hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple"}
_TEXTS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\xad"}
_FIELD = re.compile(r"\s*([A-Za-z]+)")
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


class Content:
    """The runs, lines, fields and text boxes of one paragraph."""

    def __init__(self, styles: Styles, tables: list[Properties], style: str) -> None:
        self._styles, self._tables, self._style = styles, tables, style
        self._instructions: list[str] = []
        self.runs: list[Run] = []
        self.lines: list[DrawnLine] = []
        self.fields: list[str] = []
        self.boxes: list[Element] = []

    def read(self, element: Element) -> None:
        """Nothing; what stands in the element is added."""
        for each in element:
            name = each.tag.removeprefix(W)
            if name == "r":
                self._read_run(each)
            elif name in _WRAPPERS:
                if name == "fldSimple":
                    self._name_field(value(each, "instr") or "")
                self.read(each)
            elif each.tag == f"{_COMPATIBLE}AlternateContent":
                self.read(_choose(each))

    def _read_run(self, element: Element) -> None:
        direct = run_properties(element.find(W + "rPr"))
        if self._styles.is_hidden(direct):
            return
        texts = [text for each in element if (text := self._read_piece(each))]
        if texts:
            look = self._styles.look(self._tables, self._style, direct)
            self.runs.append(Run("".join(texts), look))

    def _read_piece(self, element: Element) -> str:
        """The text of a piece of a run; what is no text is kept apart."""
        name = element.tag.removeprefix(W)
        if name == "t":
            return unbind(element.text or "")
        if name in _TEXTS:
            # the break of a page or column is no line's
            return "" if value(element, "type") in {"page", "column"} else _TEXTS[name]
        if name == "fldChar":
            self._close_field()
        elif name == "instrText":
            self._instructions.append(element.text or "")
        elif name in {"drawing", "pict"}:
            self._read_drawing(element)
        elif element.tag == f"{_COMPATIBLE}AlternateContent":
            self._read_drawing(_choose(element))
        return ""

    def _close_field(self) -> None:
        if self._instructions:
            self._name_field("".join(self._instructions))
            self._instructions = []

    def _read_drawing(self, element: Element) -> None:
        self.lines += shape_lines(element)
        self.boxes += [box for box in element.iter(W + "txbxContent") if _is_outermost(box)]

    def _name_field(self, instruction: str) -> None:
        found = _FIELD.match(instruction)
        if found:
            self.fields.append(found[1].upper())


def _choose(alternatives: Element) -> Element:
    """The newer of the ways in which the same thing is drawn."""
    return alternatives[0] if len(alternatives) else alternatives


def _is_outermost(box: Element) -> bool:
    for each in box.iterancestors():
        if each.tag == W + "txbxContent" or each.tag == f"{_COMPATIBLE}Fallback":
            return False
        if each.tag == W + "r":
            break
    return True


def unwrap(elements: Iterable[Element]) -> Iterator[Element]:
    """The elements, those in content controls and tracked insertions in their place."""
    for each in elements:
        name = each.tag.removeprefix(W)
        if name in {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}:
            yield from unwrap(each)
        elif each.tag == f"{_COMPATIBLE}AlternateContent":
            yield from unwrap(_choose(each))
        else:
            yield each
