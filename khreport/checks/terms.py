"""Conditions on a row as formulas, each with what it comes to in Python.

So what a workbook shows on opening is what a spreadsheet program works out once somebody types.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from khreport.checks.reach import NONE_COLUMNS, NONE_SAID
from khreport.forms import Form, RowKind
from khreport.rules import PARENT, Comparison

OWN, PARENTS, ABOVE, TOP = "\ue000", "\ue001", "\ue002", "\ue003"
"""What stands in a formula for the number of a row: the row's own, that of its task, of the row
above it, of the last row above the table."""
BEGUN = "row.begun"
TEXT = "task.text"
SIGNS = ".,;:!?…-–—“”\"'()[]/*~%+\n"
"""What `bare` takes for no letter or digit, as far as officers type it."""
NONE_NAME = "DS_none"
"""The defined name of the answers that say that there is nothing."""
MOST_NONE = max(map(len, NONE_SAID)) + 1
DAY_ZERO = dt.date(1899, 12, 30)
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

Facts = Mapping[str, Any]
"""The values of a row as it stands: by column, "parent.<column>", TEXT and BEGUN; ABOVE has the
facts of the rows above it, "sheet.<form>" the numbers of a list's begun lines."""


class Formula(NamedTuple):
    """A condition on a row: as a formula, and whether it holds of the row's facts."""

    text: str
    holds: Callable[[Facts], bool]


Test = Formula | bool
"""A condition that may be settled before anybody fills the row."""


class Cell(NamedTuple):
    """A value of the row: its cell, with a sign for the row's number, and its name in facts."""

    text: str
    name: str


class Row(NamedTuple):
    """What is known of a row before it is filled: its kind, its task's, and constant facts.

    `cells` are the letters of the columns of the form, and of BEGUN; `lists` the defined names
    of the begun lines of other forms, by form; `closed` says that last period may have
    completed the row, `kept` that its answers of then are known.
    """

    form: Form
    kind: RowKind
    parent_kind: RowKind | None
    tail: str
    known: Mapping[str, Any]
    cells: Mapping[str, str]
    lists: Mapping[str, str]
    closed: bool = False
    kept: bool = False

    def find(self, name: str) -> Cell | None:
        """The cell of a column, or of the task's; None where nothing is ever answered there."""
        kind, sign, key = self.kind, OWN, name
        if name.startswith(PARENT):
            if self.parent_kind is None:
                return None
            kind, sign, key = self.parent_kind, PARENTS, name.removeprefix(PARENT)
        column = self.form.column[key]
        if column.asks(kind) or column.role == "given":
            return Cell(self.cells[key] + sign, name)
        return None

    def labels(self, name: str) -> dict[str, str]:
        """The words that a cell may hold, by code."""
        above = name.startswith(PARENT)
        kind = self.parent_kind if above else self.kind
        column = self.form.column[name.removeprefix(PARENT)]
        choices = kind and self.form.choices_for(
            column, kind, self.tail, closed=above or self.closed
        )
        return {choice.code: choice.label for choice in choices.choices} if choices else {}


def number(value: object) -> float | None:
    """The number that a cell holds; days are counted. None for texts and empty cells."""
    if isinstance(value, dt.date):
        return (value - DAY_ZERO).days
    return value if isinstance(value, int | float) else None


def is_told(value: object) -> bool:
    """Whether a cell holds more than spaces."""
    return value is not None and str(value).strip(" ") != ""


def told(cell: Cell) -> Formula:
    """That the cell is filled."""
    if cell.name.removeprefix(PARENT) in NONE_COLUMNS:
        none = _says_none(cell)
        return Formula(f"NOT({none.text})", lambda facts: not none.holds(facts))
    return Formula(f'TRIM({cell.text})<>""', lambda facts: is_told(facts.get(cell.name)))


def untold(cell: Cell | None) -> Test:
    """That the cell is empty."""
    if cell is None:
        return True
    if cell.name.removeprefix(PARENT) in NONE_COLUMNS:
        return _says_none(cell)
    return Formula(f'TRIM({cell.text})=""', lambda facts: not is_told(facts.get(cell.name)))


def _says_none(cell: Cell) -> Formula:
    """That the cell is empty, or says that there is nothing."""
    text = f'TRIM(SUBSTITUTE(SUBSTITUTE({cell.text},".",""),",",""))'
    # what is longer than 255 letters cannot be looked for
    listed = f"ISNUMBER(MATCH(LEFT({text},{MOST_NONE}),{NONE_NAME},0))"

    def holds(facts: Facts) -> bool:
        value = facts.get(cell.name)
        said = str(value if is_told(value) else "").replace(".", "").replace(",", "")
        return not is_told(value) or " ".join(filter(None, said.casefold().split(" "))) in NONE_SAID

    return Formula(f'OR(TRIM({cell.text})="",{listed})', holds)


def every(tests: Iterable[Test]) -> Test:
    """That all hold."""
    return _join("AND", all, tests, idle=True)


def some(tests: Iterable[Test]) -> Test:
    """That one holds."""
    return _join("OR", any, tests, idle=False)


def _join(
    word: str, joined: Callable[[Iterable[bool]], bool], tests: Iterable[Test], *, idle: bool
) -> Test:
    parts: list[Formula] = []
    for test in tests:
        if isinstance(test, Formula):
            parts.append(test)
        elif test != idle:
            return test
    if len(parts) <= 1:
        return parts[0] if parts else idle
    text = f"{word}({','.join(part.text for part in parts)})"
    return Formula(text, lambda facts: joined(part.holds(facts) for part in parts))


def literal(value: object) -> str:
    """A constant as formulas write it."""
    if isinstance(value, dt.date):
        return f"DATE({value.year},{value.month},{value.day})"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return f"{value:.15g}"


def compare(cell: Cell, op: Comparison, limit: Cell | object) -> Test:
    """That the cell's number stands so to the limit; never where one of them is none."""
    if limit is None:
        return False
    if isinstance(limit, Cell):
        both = f"AND(ISNUMBER({cell.text}),ISNUMBER({limit.text}),{cell.text}{op}{limit.text})"
    else:
        both = f"AND(ISNUMBER({cell.text}),{cell.text}{op}{literal(limit)})"

    def holds(facts: Facts) -> bool:
        bound = facts.get(limit.name) if isinstance(limit, Cell) else limit
        sides = number(facts.get(cell.name)), number(bound)
        return None not in sides and COMPARE[op](*sides)

    return Formula(both, holds)


def is_one_of(cell: Cell, words: Iterable[str]) -> Test:
    """That the cell holds one of the words, in whatever letters."""
    return some(_is_word(cell, word) for word in words)


def _is_word(cell: Cell, word: str) -> Formula:
    same = word.casefold()
    return Formula(
        f"{cell.text}={literal(word)}", lambda facts: str(facts.get(cell.name)).casefold() == same
    )


def bare(text: str) -> str:
    """The formula of a text in small letters with single spaces for its signs."""
    for sign in SIGNS:
        text = f'SUBSTITUTE({text},{"CHAR(10)" if sign == chr(10) else literal(sign)}," ")'
    return f"TRIM(LOWER({text}))"


def strip_signs(value: object) -> str:
    """What `bare` comes to."""
    return _strip("" if value is None else str(value).lower())


@lru_cache(maxsize=10_000)
def _strip(text: str) -> str:
    """The text's words without signs; a long list asks for the same ones again and again."""
    words = text.translate(dict.fromkeys(map(ord, SIGNS), " ")).split(" ")
    return " ".join(word for word in words if word)
