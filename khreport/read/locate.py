"""Where the rows and columns of a form stand in a returned sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from khreport.anatomy import (
    KEY_COLUMN,
    OWN_COLUMN,
    OWN_TABLE,
    STATE_COLUMN,
    STATE_HEADING,
    STATES,
)
from khreport.forms import Column, Form
from khreport.raw import CUT_AT, RawSheet
from khreport.read.added import add_rows
from khreport.read.claims import claim_rows
from khreport.read.located import (
    FREE_KINDS,
    NO_ROW,
    REQUIRED_MARK,
    Broken,
    Located,
    as_text,
    is_blank,
    row_key,
)
from khreport.rows import FormRow
from khreport.text import fold

OWN_LABEL = re.compile(r"\W*\w{0,3}\W*")
"""How people number the lines that they add: "c)", "12.", "-"."""
STATES_WITH_CELLS = tuple(f"{state}: " for state in STATES)
MOST_HEAD = 12
"""The rows within which the headings stand."""
COLUMN_NUMBER = re.compile(r"\s*\(\d+\)\s*")


def locate_form(
    sheet: RawSheet, form: Form, form_rows: list[FormRow], titles: Sequence[str] = ()
) -> Located:
    """The rows and columns of a form in the sheet that carries its token.

    `titles` are the headings that people see above the form's columns.
    """
    cells = _mark_broken(sheet)
    columns, doubled_columns = _locate_columns(form, cells)
    keys = {fold(title): column.key for title, column in zip(titles, form.columns, strict=False)}
    exchanged = _find_exchanged(cells, columns, keys if len(keys) == len(titles) else {})
    columns |= exchanged
    asked = {row.key: row for row in form_rows if row.kind is not None}
    located = Located(
        form=form,
        cells=cells,
        columns=columns,
        doubled_columns=doubled_columns,
        exchanged=list(exchanged),
        asked=asked,
    )
    claim_rows(located, form_rows)
    _settle(located)
    first = _find_table(located)
    add_rows(located, first)
    located.outside += _find_outside(located, form_rows, first)
    located.outside += _find_unasked(located)
    located.outside += _find_renamed(located, form_rows)
    for row_number, column_number, look in sheet.looks:
        cell = row_number - sheet.row, column_number - sheet.column
        located.looks[cell] = (*located.looks.get(cell, ()), look)
    _compare_mirror(located)
    return located


def _mark_broken(sheet: RawSheet) -> list[list[Any]]:
    cells, copied = list(sheet.rows), set[int]()
    for row, column, text in sheet.marks:
        at, place = row - sheet.row, column - sheet.column
        if 0 <= at < len(cells) and 0 <= place < len(cells[at]):
            if at not in copied:
                cells[at] = list(cells[at])
                copied.add(at)
            cells[at][place] = Broken(text)
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


def _find_exchanged(
    cells: list[list[Any]], columns: dict[str, int], keys: dict[str, str]
) -> dict[str, int]:
    """Where columns stand whose places were exchanged below the hidden keys.

    `keys` are those of the columns by their folded headings, which people see.
    """
    for row in cells[1:MOST_HEAD]:
        shown = {
            place: keys.get(fold(as_text(row[place]).removesuffix(REQUIRED_MARK)))
            for place in columns.values()
        }
        found = {key: place for place, key in shown.items() if key and columns[key] != place}
        same = sum(key is not None and columns[key] == place for place, key in shown.items())
        if found and same and set(found.values()) == {columns[key] for key in found}:
            return found
    return {}


def _settle(located: Located) -> None:
    """Nothing; each asked row has its index, and rows that stand twice are told."""
    for key, row in located.asked.items():
        indexes, free = located.claims.get(key, []), row.kind in FREE_KINDS
        filled = [at for at in indexes if located.says_anything(at)] if free else indexes
        if len(filled) > 1:
            said = {at: located.replies(at, row) for at in filled}
            filled = [at for at, replies in said.items() if not all(map(is_blank, replies))]
        index = (filled or indexes or [NO_ROW])[0]
        for other in filled[1:]:
            again = located.copied if said[other] == said[index] else located.doubled
            again.append((row, index, other))
        if free and not filled:
            continue
        if row.kind == "line" and located.sorted:
            located.unsure.append(index)
            continue
        if index not in indexes[:1] and index >= 0 and not row_key(located.cells[index]):
            # its words alone say whose it is, and the row that was sent is empty
            located.moved.append((index, "", key))
        located.rows.append(row)
        located.at.append(index)


def _find_table(located: Located) -> int:
    """The index of the table's first row, which follows the row of column numbers "(1)", "(2)".

    Where that row is gone it is the first that is known: headings of sections are, too.
    """
    known = [index for index in located.at if index >= 0] + list(located.headings)
    known += [at for at, row in enumerate(located.cells) if at and row[KEY_COLUMN] != ""][:1]
    first = min(known, default=len(located.cells))
    for at in range(first - 1, 0, -1):
        if any(isinstance(v, str) and COLUMN_NUMBER.fullmatch(v) for v in located.cells[at]):
            return at + 1
    return first


def _find_outside(
    located: Located, form_rows: list[FormRow], first: int
) -> Iterator[tuple[int, int]]:
    """The filled cells in columns that are not the form's, and in rows that are nobody's.

    `first` is the index of the table's first row.
    """
    ours = {KEY_COLUMN, *located.columns.values()}
    ours -= {place for _, place in located.doubled_columns}
    foreign = [
        (place, str(key))
        for place, key in enumerate(located.cells[0])
        if place not in ours and not _is_hidden(str(key))
    ]
    lost = {*located.unsure, *located.unknown, *(second for _, _, second in located.doubled)}
    known = {row.key for row in form_rows}
    placed = {*located.at, *(index for indexes in located.claims.values() for index in indexes)}
    number, text = located.place_of("number"), located.place_of("text")
    labels = {row.mirror.get("number") for row in form_rows if row.kind == "line"}
    tabled = any(key.startswith(OWN_TABLE) for _, key in foreign)
    lines = _count_lines(located) if tabled else [0] * len(located.cells)
    for index, row in enumerate(located.cells):
        for place, key in foreign if index else ():
            value = row[place]
            if value != "" and not is_blank(value) and not _is_told(key, lines[index], value):
                yield index, place
        heading = index in located.headings
        nobodys = index >= first and index not in placed and row[KEY_COLUMN] not in known
        if not (index in lost or nobodys or heading):
            continue
        for place in sorted(ours - {KEY_COLUMN}):
            # what we print there ourselves is nobody's answer
            printed = (heading and place in (number, text)) or (
                index not in lost and place == number and as_text(row[place]) in labels
            )
            if not is_blank(row[place]) and not printed:
                yield index, place


def _find_unasked(located: Located) -> Iterator[tuple[int, int]]:
    """The filled cells of the form where its row neither asks anything nor repeats the plan."""
    rows = {at: row for at, row in zip(located.at, located.rows, strict=True) if at >= 0}
    read, lost = set(rows), {*located.unsure, *located.unknown}
    for key, indexes in located.claims.items():
        # of the lines left empty nothing is read
        if located.asked[key].kind in FREE_KINDS and not lost.intersection(indexes):
            rows |= {at: located.asked[key] for at in indexes if at not in rows}
    columns = [(located.columns.get(c.key), c) for c in located.form.columns]
    for at, row in rows.items():
        for place, column in columns:
            value = "" if place is None else located.cells[at][place]
            if place is None or value == "" or is_blank(value):
                continue
            if not _is_expected(value, column, row, read=at in read):
                yield at, place


def _is_expected(value: object, column: Column, row: FormRow, *, read: bool) -> bool:
    """Whether a filled cell is an answer, ours, or told elsewhere: `read` rows are compared."""
    if column.role == "computed":
        return not isinstance(value, str)
    if column.role != "mirror" or row.kind is None or column.asks(row.kind):
        return True
    said, shown = row.mirror.get(column.source), as_text(value)
    if read and said is not None:
        return True
    return shown == said or (column.source == "number" and OWN_LABEL.fullmatch(shown) is not None)


def _find_renamed(located: Located, form_rows: list[FormRow]) -> Iterator[tuple[int, int]]:
    """The headings of sections that say what no section of the form is called."""
    sections = [row for row in form_rows if row.kind is None]
    for source in ("number", "text"):
        place = located.place_of(source)
        if place is None or not sections:
            continue
        said = [row.mirror.get(source, "") for row in sections]
        # a writer of .xls may have cut ours
        called = {fold(text) for whole in said for text in (whole, whole[:CUT_AT])}
        for index in sorted(located.headings):
            value = located.cells[index][place]
            if not is_blank(value) and fold(as_text(value)) not in called:
                yield index, place


def _is_hidden(key: str) -> bool:
    """Whether a column holds nothing but what our own formulas work out, where nobody writes."""
    return key.startswith(OWN_COLUMN) and key != STATE_COLUMN and not key.startswith(OWN_TABLE)


def _count_lines(located: Located) -> list[int]:
    """For each row how many of the form's own stand down to it: others may have been inserted."""
    places = located.columns.values()
    own = (any(not is_blank(row[place]) for place in places) for row in located.cells[1:])
    return list(accumulate(own, initial=0))


def _is_told(key: str, line: int, value: object) -> bool:
    """Whether our own formulas tell what stands there, and not somebody who wrote over them.

    `line` counts the form's own rows.
    """
    if key == STATE_COLUMN:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value == 0
        plain = value in {*STATES, STATE_HEADING}
        return not isinstance(value, str) or plain or value.startswith(STATES_WITH_CELLS)
    last = key.removeprefix(OWN_TABLE)
    return last != key and last.isdecimal() and line <= int(last)


def _compare_mirror(located: Located) -> None:
    """Nothing; cells that repeat the plan, or last period, and say otherwise now are told."""
    pairs = [(i, row) for i, row in zip(located.at, located.rows, strict=True) if i >= 0]
    for column in located.form.columns:
        place = located.columns.get(column.key)
        if column.role not in ("mirror", "given") or place is None:
            continue
        source = column.source
        for index, row in pairs:
            found = located.cells[index][place]
            expected = row.mirror.get(source)
            if column.key in row.given:
                expected = as_text(row.given[column.key])
            if found == expected or expected is None or is_blank(found):
                continue
            shown = as_text(found).removesuffix(REQUIRED_MARK)
            if shown != expected and fold(shown) != fold(expected):
                located.changed.append((index, row, column.key))
