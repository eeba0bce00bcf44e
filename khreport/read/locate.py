"""Where the rows and columns of a form stand in a returned sheet."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from khreport.anatomy import ADDED_ROW, KEY_COLUMN, SECTION_MARK
from khreport.dates import format_date
from khreport.forms import Form
from khreport.frames import held
from khreport.quantities import format_number
from khreport.raw import Look, RawSheet
from khreport.rows import FormRow
from khreport.text import clean, fold

IDENTIFYING = ("text", "name", "label")
"""Sources whose wording tells a row from every other row of its form."""
REQUIRED_MARK = " (*)"
FREE_KINDS = ("line", "record")
"""Kinds of rows that an agency may leave empty, remove or add."""
NO_ROW = -1
COLUMN_NUMBER = re.compile(r"\s*\(\d+\)\s*")


class Broken(msgspec.Struct, frozen=True):
    """What stands in a cell that has no value: an error, or a formula without its result."""

    text: str


class Located(msgspec.Struct, kw_only=True):
    """A form's rows and columns in a sheet, by index into `cells`.

    `places` are the columns that are read. `at` holds the index of each of `rows`, NO_ROW for
    one that is gone. `moved` are rows whose key belongs to another row: (index, key as found,
    key as read). `changed` are mirror cells
    that no longer say what the plan says: (index, row, column key). `doubled` are further
    rows that answer differently under the same key: (row, first index, second index).
    `unsure` are rows of which nobody can tell whose they are, `outside` cells that belong to
    no row or no column of the form. `looks` is how cells are shown, by (index, column).
    """

    form: Form
    cells: list[list[Any]]
    columns: dict[str, int]
    doubled_columns: list[tuple[str, int]]
    places: list[int] = []
    rows: list[FormRow] = []
    at: list[int] = []
    moved: list[tuple[int, str, str]] = []
    changed: list[tuple[int, FormRow, str]] = []
    doubled: list[tuple[FormRow, int, int]] = []
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

    def answers(self, index: int) -> list[Any]:
        """What a row says in the columns that are read."""
        row = self.cells[index]
        return [row[place] for place in self.places]

    def says_anything(self, index: int) -> bool:
        """Whether a row has an answer."""
        row = self.cells[index]
        for place in self.places:  # noqa: SIM110 - asked of every row; any() takes twice as long
            if row[place] != "" and not is_blank(row[place]):
                return True
        return False


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
        return format_number(value)
    return str(value).upper()


def locate_form(sheet: RawSheet, form: Form, form_rows: list[FormRow]) -> Located:
    """The rows and columns of a form in the sheet that carries its token."""
    cells = _mark_broken(sheet)
    columns, doubled_columns = _locate_columns(form, cells)
    located = Located(form=form, cells=cells, columns=columns, doubled_columns=doubled_columns)
    asked = {row.key: row for row in form_rows if row.kind is not None}
    claims = _claim_rows(located, asked)
    last = max((index for indexes in claims.values() for index in indexes), default=0)
    _settle(located, asked, claims)
    _add_rows(located, asked, claims, last)
    located.outside += _find_outside(located, {row.key for row in form_rows})
    for row_number, column_number, look in sheet.looks:
        cell = row_number - sheet.row, column_number - sheet.column
        located.looks[cell] = (*located.looks.get(cell, ()), look)
    _compare_mirror(located)
    return located


def _mark_broken(sheet: RawSheet) -> list[list[Any]]:
    cells = list(sheet.rows)
    for row, column, text in sheet.marks:
        at, place = row - sheet.row, column - sheet.column
        if 0 <= at < len(cells) and 0 <= place < len(cells[at]):
            cells[at] = [*cells[at][:place], Broken(text), *cells[at][place + 1 :]]
    return cells


def _locate_columns(form: Form, cells: list[list[Any]]) -> tuple[dict[str, int], list[Any]]:
    columns: dict[str, int] = {}
    doubled: list[tuple[str, int]] = []
    for place, key in enumerate(cells[0]):
        if place == KEY_COLUMN or key not in form.column:
            continue
        first = columns.setdefault(key, place)
        if first != place and any(
            not is_blank(row[place]) and row[place] != row[first] for row in cells[1:]
        ):
            doubled.append((key, place))
    return columns, doubled


def _claim_rows(located: Located, asked: dict[str, FormRow]) -> dict[str, list[int]]:
    """The indexes of the rows that say they are each asked row: by text first, then by key."""
    if located.form.records:
        return _claim_numbered(located, asked)
    text_column = next((c for c in located.form.columns if c.source in IDENTIFYING), None)
    place = located.columns.get(text_column.key) if text_column else None
    texts = {
        key: row.mirror[text_column.source]
        for key, row in asked.items()
        if text_column and place is not None and text_column.source in row.mirror
    }
    claims: dict[str, list[int]] = {}
    rest: list[tuple[int, str]] = []
    for index, row in enumerate(located.cells[1:], start=1):
        key = _row_key(row)
        text = texts.get(key)
        found = None if place is None else row[place]
        if text is not None and (found == text or found == text + REQUIRED_MARK):
            claims.setdefault(key, []).append(index)
        else:
            rest.append((index, key))
    if place is not None and not texts.keys() <= claims.keys():
        rest = _claim_by_text(located, place, texts, claims, rest)
    taken = {key for _, _, key in located.moved}
    # where rows and keys were torn apart, a key alone is no proof
    taken |= texts.keys() if located.sorted else set()
    for index, key in rest:
        if key in asked and key not in taken:
            claims.setdefault(key, []).append(index)
        elif key and not key.startswith(SECTION_MARK) and located.says_anything(index):
            (located.unsure if key in asked else located.unknown).append(index)
    return claims


def _claim_numbered(located: Located, asked: dict[str, FormRow]) -> dict[str, list[int]]:
    """The rows of a free list: by the number that people see and refer to, then by key."""
    column = next((c for c in located.form.columns if c.source == "number"), None)
    place = located.columns.get(column.key) if column else None
    by_number = {row.mirror.get("number"): key for key, row in asked.items()}
    shown = {
        index: by_number[as_text(row[place])]
        for index, row in enumerate(located.cells[1:], start=1)
        if place is not None and as_text(row[place]) in by_number
    }
    once = Counter(shown.values())
    claims: dict[str, list[int]] = {}
    for index, key in shown.items():
        if once[key] == 1:
            claims[key] = [index]
            if _row_key(located.cells[index]) != key and located.says_anything(index):
                located.moved.append((index, _row_key(located.cells[index]), key))
    numbered = {index for indexes in claims.values() for index in indexes}
    for index, row in enumerate(located.cells[1:], start=1):
        key = _row_key(row)
        if index in numbered or not key:
            continue
        if key in asked:
            claims.setdefault(key, []).append(index)
        elif not key.startswith(SECTION_MARK) and located.says_anything(index):
            located.unknown.append(index)
    return claims


def _row_key(row: list[Any]) -> str:
    """The key in a row; rows that an agency had added have none, though a correction names them."""
    key = row[KEY_COLUMN]
    return key if isinstance(key, str) and ADDED_ROW not in key else ""


def _claim_by_text(
    located: Located,
    place: int,
    texts: dict[str, str],
    claims: dict[str, list[int]],
    rest: list[tuple[int, str]],
) -> list[tuple[int, str]]:
    """The rows that even folded texts do not tell; the others have claimed theirs."""
    by_text = {fold(text): key for key, text in texts.items()}
    untold: list[tuple[int, str]] = []
    for index, key in rest:
        found = located.cells[index][place]
        claimed = None
        if not is_blank(found) and not key.startswith(SECTION_MARK):
            claimed = by_text.get(fold(as_text(found).removesuffix(REQUIRED_MARK)))
        if claimed is None:
            untold.append((index, key))
            continue
        claims.setdefault(claimed, []).append(index)
        if claimed != key:
            located.moved.append((index, key, claimed))
    return untold


def _settle(located: Located, asked: dict[str, FormRow], claims: dict[str, list[int]]) -> None:
    """Nothing; each asked row has its index, and rows that stand twice are told."""
    for key, row in asked.items():
        indexes = claims.get(key, [])
        filled = [index for index in indexes if located.says_anything(index)]
        index = (filled or indexes or [NO_ROW])[0]
        if len(filled) > 1:
            located.doubled += [
                (row, index, other)
                for other in filled[1:]
                if located.answers(other) != located.answers(index)
            ]
        if row.kind in FREE_KINDS and not filled:
            continue
        if row.kind == "line" and located.sorted:
            located.unsure.append(index)
            continue
        located.rows.append(row)
        located.at.append(index)


def _add_rows(
    located: Located, asked: dict[str, FormRow], claims: dict[str, list[int]], last: int
) -> None:
    """Nothing; rows without a key that were filled beneath a task, or in a free list, are rows."""
    form = located.form
    owners = {index: asked[key] for key, indexes in claims.items() for index in indexes}
    if not owners:
        return
    # rows that travelled with their keys left the lines behind that have none
    order = [index for key in asked for index in claims.get(key, [])[:1]]
    disordered = order != sorted(order)
    above: FormRow | None = None
    top = True  # a free list may be added to above its first line
    counts: dict[str, int] = {}
    for index in range(_find_table(located), len(located.cells)):
        if index in owners or _row_key(located.cells[index]):
            above, top = owners.get(index), False
            continue
        if not located.says_anything(index):
            above = above if index < last else None  # below the table a gap ends it
        elif not (form.records and top) and (above is None or not (form.lines or form.records)):
            located.unknown.append(index)
        elif form.lines and (located.sorted or disordered):
            located.unsure.append(index)
        else:
            parent = above.parent if form.lines and above else ""
            number = counts[parent] = counts.get(parent, 0) + 1
            stem = parent or form.key
            kind = "line" if form.lines else "record"
            row = FormRow(key=f"{stem}{ADDED_ROW}{number}", kind=kind, parent=parent, mirror={})  # type: ignore[arg-type]
            located.rows.append(row)
            located.at.append(index)


def _find_table(located: Located) -> int:
    """The index of the table's first row, which follows the row of column numbers "(1)", "(2)".

    Where that row is gone it is the first with a key: headings of sections have keys too.
    """
    placed = [index for index in located.at if index >= 0]
    keyed = [at for at, row in enumerate(located.cells) if at and row[KEY_COLUMN] != ""]
    first = min([*placed, *keyed[:1]], default=len(located.cells))
    # without keys headings of sections cannot be told from lines that were added
    for at in range(first - 1 if keyed else 0, 0, -1):
        if any(isinstance(v, str) and COLUMN_NUMBER.fullmatch(v) for v in located.cells[at]):
            return at + 1
    return first


def _find_outside(located: Located, known: set[str]) -> Iterator[tuple[int, int]]:
    """The filled cells in columns that are not the form's, and in rows that are nobody's."""
    ours = {KEY_COLUMN, *located.columns.values()}
    ours -= {place for _, place in located.doubled_columns}
    foreign = [place for place in range(len(located.cells[0])) if place not in ours]
    lost = {*located.unsure, *located.unknown, *(second for _, _, second in located.doubled)}
    first = _find_table(located)
    placed = set(located.at)
    for index, row in enumerate(located.cells):
        for place in foreign if index else ():
            if row[place] != "" and not is_blank(row[place]):
                yield index, place
        nobodys = index >= first and index not in placed and row[KEY_COLUMN] not in known
        if index in lost or nobodys:
            for place in sorted(ours - {KEY_COLUMN}):
                if not is_blank(row[place]):
                    yield index, place


def _compare_mirror(located: Located) -> None:
    """Nothing; cells that repeat the plan and no longer say what it says are told."""
    pairs = [(i, row) for i, row in zip(located.at, located.rows, strict=True) if i >= 0]
    for column in located.form.columns:
        place = located.columns.get(column.key)
        if column.role != "mirror" or place is None:
            continue
        source = column.source
        for index, row in pairs:
            found = located.cells[index][place]
            expected = row.mirror.get(source)
            if found == expected or expected is None or is_blank(found):
                continue
            shown = as_text(found).removesuffix(REQUIRED_MARK)
            if shown != expected and fold(shown) != fold(expected):
                located.changed.append((index, row, column.key))
