"""Row heights estimated from text, in points, for Times New Roman.

Spreadsheet programs grow a row by themselves only when someone types in it, so a file must
say how high each row opens.
"""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

MAX_ROW_PT = 409
"""No row of a spreadsheet is higher."""

LINE = 1.32
"""Height of a line in units of the font size, as Excel lays out Times New Roman."""

# Advance widths of Times New Roman in thousandths of the font size, by base letter.
_WIDTHS = {
    250: " .,",
    278: "/:;\\ijlt",
    333: "!()-[]IfrJ'`‘’",
    389: "s",
    408: '"',
    444: "acez?“”",
    500: "0123456789#$*_bdghknopquvxyđ–",
    556: "FPS",
    564: "+<=>",
    611: "ELTZ",
    667: "BCR",
    722: "ADGHKNOQUVXYwĐ",
    778: "m&",
    833: "%",
    889: "M",
    944: "W",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}


def text_width_pt(text: str, size_pt: float, *, bold: bool = False) -> float:
    """The width of a line of text; marks over and under letters take no room."""
    base = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return sum(_WIDTH_OF.get(c, 600) for c in base) / 1000 * size_pt * (1.05 if bold else 1)


def column_width_pt(width: float) -> float:
    """The room for text in a column that is `width` characters wide."""
    return width * 5.25 - 1.5


@lru_cache(maxsize=4096)
def count_lines(text: str, width_pt: float, size_pt: float, *, bold: bool = False) -> int:
    """The lines that wrapped text takes, words longer than a line broken."""
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        for word in paragraph.split(" "):
            long = text_width_pt(word + " ", size_pt, bold=bold)
            if used and used + long - size_pt / 4 > width_pt:
                lines += 1
                used = 0.0
            if long > width_pt:
                lines += math.ceil(long / width_pt) - 1
                long %= width_pt
            used += long
    return lines


def text_height_pt(text: str, width: float, size_pt: float, *, bold: bool = False) -> float:
    """The height of a cell that shows all of `text` in a column `width` characters wide.

    May exceed MAX_ROW_PT: such text cannot be shown whole.
    """
    lines = count_lines(text, column_width_pt(width), size_pt, bold=bold)
    return math.ceil((lines * LINE * size_pt + 3) / 0.75) * 0.75
