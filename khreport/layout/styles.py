"""The looks that sheets are made of, by role."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from khreport.sheet import Style

ANSWER_FILL = "FFFBE6"
CLOSED_FILL = "EDEDED"
HEAD_FILL = "DCE6F1"
ANSWER_HEAD_FILL = "FFE9A8"
SECTION_FILL = "F3F6FA"
ERROR_FILL = "F8CBAD"
WARNING_FILL = "FFE699"
MISSING_FILL = "BDD7EE"
NOTE_FILL = "DDEBF7"

DATE_FORMAT = "dd/mm/yyyy"
NUMBER_FORMAT = "#,##0.##;-#,##0.##;0"
TEXT_FORMAT = "@"

FORMATS = {
    "text": TEXT_FORMAT,
    "choice": TEXT_FORMAT,
    "references": TEXT_FORMAT,
    "number": NUMBER_FORMAT,
    "whole": "#,##0",
    "date": DATE_FORMAT,
}

TITLE = Style(size_pt=14, bold=True, align="center", valign="vcenter")
SUBTITLE = Style(size_pt=12, italic=True, align="center", valign="vcenter")
ISSUER = Style(size_pt=12, bold=True, wrap=False)
PROGRESS = Style(size_pt=11, bold=True, color="1F4E79", wrap=False)
NOTE = Style(size_pt=11, italic=True)
WARNING = Style(size_pt=12, bold=True, color="C00000")
KEY = Style(size_pt=8, color="808080", wrap=False)
LINK = Style(size_pt=11, color="0563C1")


@lru_cache(maxsize=256)
def table(  # noqa: PLR0913 - each is a property of the look
    size_pt: float,
    *,
    fill: str | None = None,
    bold: bool = False,
    align: str = "left",
    valign: str = "top",
    locked: bool = True,
    number_format: str = "General",
    color: str = "000000",
    italic: bool = False,
) -> Style:
    """The look of a bordered cell of a table."""
    return msgspec.convert(
        {
            "size_pt": size_pt,
            "fill": fill,
            "bold": bold,
            "align": align,
            "valign": valign,
            "locked": locked,
            "number_format": number_format,
            "color": color,
            "italic": italic,
            "border": True,
        },
        Style,
    )
