"""Rows and columns of a form as they were found in a sheet, and what a cell there shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from khreport.anatomy import ADDED_ROW, KEY_COLUMN
from khreport.dates import format_date
from khreport.forms import Form
from khreport.frames import held
from khreport.quantities import format_number, round_digits
from khreport.raw import Look
from khreport.rows import FormRow
from khreport.text import clean

IDENTIFYING = ("text", "name", "label")
"""Sources whose wording tells a row from every other row of its form."""
REQUIRED_MARK = " (*)"
FREE_KINDS = ("line", "record")
"""Kinds of rows that an agency may leave empty, remove or add."""
NO_ROW = -1


class Broken(msgspec.Struct, frozen=True):
    """What stands in a cell that has no value: an error, or a formula without its result."""

    text: str


class Located(msgspec.Struct, kw_only=True):
    """A form's rows and columns in a sheet, by index into `cells`.

    `places` are the columns that are read; `exchanged` stand where another's key does. `asked`
    are the rows that ask something, by key, `claims` the indexes of the rows that say they are
    each of them; `headings` are those of sections. `at` holds the index of each of `rows`, NO_ROW
    for one that is gone. `moved` are rows whose key belongs to another row: (index, key as found,
    key as read). `changed` are mirror cells that no longer say what the plan says: (index, row,
    column key). `doubled` are further rows that answer differently as the same row: (row, first
    index, second index), `copied` those that answer alike. `unsure` are rows of which nobody can
    tell whose they are, `outside` cells that belong to no row or no column of the form. `looks`
    is how cells are shown, by (index, column).
    """

    form: Form
    cells: list[list[Any]]
    columns: dict[str, int]
    doubled_columns: list[tuple[str, int]]
    exchanged: list[str] = []
    asked: dict[str, FormRow]
    places: list[int] = []
    claims: dict[str, list[int]] = {}
    headings: set[int] = set()
    rows: list[FormRow] = []
    at: list[int] = []
    moved: list[tuple[int, str, str]] = []
    changed: list[tuple[int, FormRow, str]] = []
    doubled: list[tuple[FormRow, int, int]] = []
    copied: list[tuple[FormRow, int, int]] = []
    unsure: list[int] = []
    unknown: list[int] = []
    outside: list[tuple[int, int]] = []
    looks: dict[tuple[int, int], tuple[Look, ...]] = {}

    def __post_init__(self) -> None:
        self.places = [self.columns[c.key] for c in held(self.form) if c.key in self.columns]

    @property
    def sorted(self) -> bool:
        """Whether rows and their keys were torn apart."""
        return any(key for _, key, _ in self.moved)

    def replies(self, index: int, of: FormRow) -> list[Any]:
        """What a row says in the columns that a row of its kind answers."""
        asked = (c.key for c in self.form.answers if of.kind and c.asks(of.kind))
        return [self.cells[index][self.columns[key]] for key in asked if key in self.columns]

    def says_anything(self, index: int) -> bool:
        """Whether a row has an answer."""
        row = self.cells[index]
        for place in self.places:  # noqa: SIM110 - asked of every row; any() takes twice as long
            if row[place] != "" and not is_blank(row[place]):
                return True
        return False

    def place_of(self, *sources: str) -> int | None:
        """Where the column stands that repeats this of the plan."""
        column = next((c for c in self.form.columns if c.source in sources), None)
        return self.columns.get(column.key) if column else None


def is_blank(value: object) -> bool:
    """Whether a cell shows nothing."""
    if not isinstance(value, str):
        return False
    return not value or (not value[0].isalnum() and not clean(value))


def as_text(value: object) -> str:
    """A cell's value as people read it.

    >>> as_text(12.0), as_text(7.5), as_text(dt.date(2024, 12, 5))
    ('12', '7,5', '05/12/2024')
    """
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Broken):
        return value.text
    if isinstance(value, dt.date):
        return format_date(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float) and value - value == 0:  # neither infinite nor no number
        return format_number(round_digits(value))
    return str(value).upper()


def row_key(row: list[Any]) -> str:
    """The key in a row; rows that an agency had added have none, though a correction names them."""
    key = row[KEY_COLUMN]
    return key if isinstance(key, str) and ADDED_ROW not in key else ""
