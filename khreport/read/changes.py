"""What an agency changed from one return to the next, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from khreport.cells import CellRef
from khreport.edition import Edition
from khreport.forms import Form
from khreport.frames import Submission, word_value
from khreport.read.branches import (
    Row,
    find_named,
    read_lines,
    rows_of,
    typed_texts,
    without,
)

Texts = dict[str, str]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One cell that says something else than before; "" where it is or was empty.

    `cell` is where it stands in the newer return; "" where its row is gone.
    """

    form: str
    sheet: str
    cell: str
    row_key: str
    column: str
    before: str
    after: str


def list_changes(edition: Edition, earlier: Submission, newer: Submission) -> list[Change]:
    """The cells in which two of an agency's returns differ, as they were written.

    Rows that agencies add are the same row where their first columns say the same.
    """
    changes: list[Change] = []
    for form in edition.forms:
        then, now = (_texts(submission, form) for submission in (earlier, newer))
        for key, row in rows_of(newer, form, free=False).items():
            changes += _list_cells(newer, form, row, then.get(key, {}), now[key])
        changes += _list_lines(earlier, newer, form)
    return changes


def _texts(submission: Submission, form: Form) -> dict[str, Texts]:
    """What the cells of the plan's rows say, by row and column, read or not."""
    typed = typed_texts(submission, form)
    texts: dict[str, Texts] = {}
    for key, row in rows_of(submission, form, free=False).items():
        texts[key] = {}
        for column in form.answers:
            value = row[column.key]
            text = "" if value is None else word_value(form, column, row, value)
            if (form.key, key, column.key) in submission.unread:
                text = typed.get((key, column.key)) or text
            texts[key][column.key] = text
    return texts


def _list_cells(
    newer: Submission, form: Form, row: Row, then: Texts, now: Texts
) -> Iterator[Change]:
    for column in form.answers:
        before, after = then.get(column.key, ""), now.get(column.key, "")
        if before != after:
            at = newer.columns.get(form.key, {}).get(column.key)
            there = at is not None and row["row"] >= 0
            yield Change(
                form=form.key,
                sheet=newer.sheets.get(form.key, form.sheet),
                cell=str(CellRef(row["row"], at)) if there and at is not None else "",
                row_key=row["key"],
                column=column.key,
                before=before,
                after=after,
            )


def _list_lines(earlier: Submission, newer: Submission, form: Form) -> Iterator[Change]:
    then, now = read_lines(earlier, form), read_lines(newer, form)
    gone = without(then, now)
    for line in without(now, then):
        twin = find_named(line, gone)
        if twin is not None:
            gone.remove(twin)
        yield from _list_cells(newer, form, line.row, twin.words if twin else {}, line.words)
    for line in gone:
        nowhere = line.row | {"row": -1}
        yield from _list_cells(newer, form, nowhere, line.words, {})
