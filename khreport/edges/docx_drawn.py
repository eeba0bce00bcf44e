"""Horizontal lines that are drawn: borders of paragraphs, and shapes that hang on them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from khreport.document import TWIP_MM, DrawnLine
from khreport.edges.docx_parts import Element
from khreport.edges.docx_styles import A, Properties, twips_of

_VML = "{urn:schemas-microsoft-com:vml}"
_EMU_MM = 36_000
_STRAIGHT = ("line", "straightConnector")
_VML_STRAIGHT = ("#_x0000_t32", "#_x0000_t20")
_FLAT_MM = 1.0
_STYLE_WIDTH = re.compile(r"(?:^|;)\s*width:\s*(-?[\d.]+(?:pt|in|cm|mm|pc)?)")
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def border_lines(said: Properties, room_mm: float, indents_tw: int) -> list[DrawnLine]:
    """The lines that a paragraph's border draws above or beneath it; a frame is no line."""
    if said.get("border.left") or said.get("border.right"):
        return []
    edges = [edge for edge in ("top", "bottom") if said.get(f"border.{edge}")]
    length = max(0.0, room_mm - indents_tw * TWIP_MM)
    return [DrawnLine("border", round(length, 1)) for _ in edges]


def shape_lines(element: Element) -> Iterator[DrawnLine]:
    """The straight lines in a `drawing` or a `pict`."""
    for shape in element.iter(f"{A}prstGeom"):
        if (shape.get("prst") or "").startswith(_STRAIGHT) and not _is_repeated(shape):
            extent = shape.getparent().find(f"{A}xfrm/{A}ext")
            if extent is None:
                yield DrawnLine("shape", None)
            elif _emu(extent.get("cy")) <= _FLAT_MM:
                yield DrawnLine("shape", round(_emu(extent.get("cx")), 1))
    for line in element.iter(f"{_VML}line"):
        if not _is_repeated(line):
            yield DrawnLine("shape", _line_length(line))
    for shape in element.iter(f"{_VML}shape"):
        if shape.get("type") in _VML_STRAIGHT and not _is_repeated(shape):
            width = _STYLE_WIDTH.search(shape.get("style") or "")
            length = twips_of(width[1]) * TWIP_MM if width else 0
            yield DrawnLine("shape", round(length, 1) if length > 0 else None)


def _is_repeated(element: Element) -> bool:
    """Whether it only stands in for the same shape, for older programs."""
    return next(element.iterancestors(f"{_COMPATIBLE}Fallback"), None) is not None and (
        next(element.iterancestors(f"{_COMPATIBLE}AlternateContent")).find(f"{_COMPATIBLE}Choice")
        is not None
    )


def _emu(text: str | None) -> float:
    return int(text) / _EMU_MM if text and re.fullmatch(r"\d{1,10}", text) else 0.0


def _line_length(line: Element) -> float | None:
    ends = [(line.get(end) or "").split(",") for end in ("from", "to")]
    if any(len(end) != 2 for end in ends):  # noqa: PLR2004 - across and down
        return None
    left, right = (twips_of(end[0].strip(), -1) for end in ends)
    return round(abs(right - left) * TWIP_MM, 1) if left != right else None
