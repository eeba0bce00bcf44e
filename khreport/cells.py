"""Cell addresses. Everything else counts rows and columns from zero."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


def column_letters(column: int) -> str:
    """The letters of a column that is counted from zero.

    >>> column_letters(0), column_letters(25), column_letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The column, counted from zero, that the letters name.

    >>> column_index("A"), column_index("Z"), column_index("aa")
    (0, 25, 26)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


class CellRef(NamedTuple):
    """A cell by row and column, both counted from zero.

    >>> str(CellRef(13, 9))
    'J14'
    """

    row: int
    column: int

    def __str__(self) -> str:
        return f"{column_letters(self.column)}{self.row + 1}"

    @property
    def absolute(self) -> str:
        """The address with dollar signs: "$J$14"."""
        return f"${column_letters(self.column)}${self.row + 1}"


def list_cells(cells: Iterable[CellRef]) -> str:
    """The cells as people list them: neighbours in a column drawn together.

    >>> list_cells([CellRef(11, 3), CellRef(13, 3), CellRef(14, 3), CellRef(15, 3)])
    'D12, D14–D16'
    """
    runs: list[list[CellRef]] = []
    for cell in sorted(set(cells), key=lambda c: (c.column, c.row)):
        if runs and (cell.column, cell.row) == (runs[-1][-1].column, runs[-1][-1].row + 1):
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
