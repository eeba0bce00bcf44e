"""How wide a text is in bold Times New Roman, and how long the rule beneath it must be."""

from __future__ import annotations

import unicodedata

# advance widths of the bold face, in thousandths of the size; a Vietnamese letter is as wide
# as the letter beneath its marks
_WIDTHS = {
    letter: width
    for width, letters in {
        250: " \u00a0.,",
        278: "il/'",
        333: "fjt;:-()!",
        389: "sI",
        444: "cerz",
        500: "agovxyJ0123456789–“”?",
        556: 'bdhknpquS"',
        611: "FP",
        667: "BELTZ",
        722: "wACDNRUVXY",
        778: "GHKOQ",
        833: "m&",
        944: "M",
        1000: "W%…",
    }.items()
    for letter in letters
}
_OTHER = 570
_POINT_MM = 25.4 / 72


def measure_text(text: str, size_pt: float) -> float:
    """The width of a line of bold text, in mm.

    >>> round(measure_text("Độc lập - Tự do - Hạnh phúc", 13), 1)
    55.9
    """
    letters = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    widths = (_WIDTHS.get(x, _OTHER) for x in letters if not unicodedata.combining(x))
    return sum(widths) * size_pt / 1000 * _POINT_MM


def measure_lines(text: str, size_pt: float, room_mm: float) -> list[float]:
    """The widths in mm of the lines that a bold text fills where `room_mm` is free."""
    lines = []
    for part in text.split("\n"):
        line = ""
        for word in part.split():
            longer = f"{line} {word}".lstrip()
            if line and measure_text(longer, size_pt) > room_mm:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return [measure_text(line, size_pt) for line in lines]


def fit_rule(lines: list[float]) -> float:
    """The length of a rule that is 1/3 to 1/2 of each line, or else of the longest one.

    >>> fit_rule([100]), fit_rule([100, 90]), fit_rule([100, 30])
    (42.5, 40.0, 35.0)
    """
    least = max(lines) * 0.35  # a little more than a third, as widths vary between fonts
    return (least + max(least, min(lines) / 2)) / 2
