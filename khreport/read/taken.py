"""Returns that grew apart, brought together: what only the earlier one changed is taken from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import polars as pl

from khreport.anatomy import ADDED_ROW
from khreport.findings import Finding
from khreport.forms import Column, Form
from khreport.frames import Submission, Taken, answers_schema, word_value
from khreport.messages import quote
from khreport.read.branches import (
    MOST_SHOWN,
    Comparison,
    Line,
    Row,
    Rows,
    alike,
    find_named,
    read_lines,
    rows_of,
    show_line,
    tell_cell,
    tell_line,
    typed_texts,
    without,
)
from khreport.read.pour import free_key

Place = tuple[str, str, str]
"""A cell: form, row key, column key."""


class Taking(msgspec.Struct, kw_only=True):
    """A return on its way: what was taken over and left out so far.

    `moved` are the numbers of listed lines that mean something else in the earlier return.
    """

    comparison: Comparison
    taken: list[Taken] = []
    emptied: set[Place] = set()
    left_out: set[tuple[str, str]] = set()
    moved: set[str] = set()
    findings: list[Finding] = []

    def take(self, form: Form, column: Column, row: Row, *, to: str, whole: bool) -> None:
        """Nothing; an answer in a row of the earlier return stands at the key `to`."""
        earlier = self.comparison.earlier
        before = {(t.form, t.key, t.column): t for t in earlier.taken}
        known = before.get((form.key, row["key"], column.key))
        place = earlier.columns.get(form.key, {}).get(column.key, 0)
        origin = known or Taken(
            form=form.key,
            key=to,
            column=column.key,
            submission=earlier.id,
            file=earlier.file,
            sheet=earlier.sheets.get(form.key, form.sheet),
            row=row["row"],
            at=place,
            whole=whole,
        )
        self.taken.append(msgspec.structs.replace(origin, key=to, whole=whole))


def take_changes(comparison: Comparison) -> Submission:
    """The newer return with what only the earlier one changed since both came from their base.

    Each answer that was taken over, and each that was taken out, has a note. What both
    changed is left as the newer one says it. Without a base nothing is known, and taken.
    """
    newer, earlier = comparison.newer, comparison.earlier
    if comparison.base is None:
        return newer
    taking = Taking(comparison=comparison)
    answers: dict[str, pl.DataFrame] = {}
    # lists come first: other answers cite their numbers
    for form in sorted(comparison.edition.forms, key=lambda form: form.rows != "records"):
        if form.key in newer.answers and form.key in earlier.answers:
            told = len(taking.findings)
            cells = _take_cells(taking, form)
            rows = [*cells.values(), *_take_lines(taking, form, cells).values()]
            if len(taking.findings) > told:
                answers[form.key] = pl.DataFrame(rows, schema=answers_schema(form), orient="row")
    if not taking.findings:
        return newer
    replaced = taking.emptied | {(t.form, t.key, t.column) for t in taking.taken}

    def stays(form: str | None, key: str | None, column: str | None) -> bool:
        return (form, key, column) not in replaced and (form, key) not in taking.left_out

    return msgspec.structs.replace(
        newer,
        answers={key: newer.answers[key] for key in newer.answers} | answers,
        findings=(
            *(
                found
                for found in newer.findings
                if found.severity == "note" or stays(found.form, found.row_key, found.column_key)
            ),
            *taking.findings,
        ),
        repairs=tuple(r for r in newer.repairs if stays(r.form, r.row_key, r.column_key)),
        unread=frozenset(place for place in newer.unread if stays(*place)),
        taken=tuple(taking.taken),
    )


def _take_cells(taking: Taking, form: Form) -> Rows:
    """The newer return's rows of the plan, by key, with the cells that only the earlier changed."""
    comparison = taking.comparison
    newer, earlier, base = comparison.newer, comparison.earlier, comparison.base
    sides = [(s, rows_of(s, form, free=False)) for s in (newer, earlier, base)]
    now, then, _ = (rows for _, rows in sides)
    said = [_entries(submission, form, rows) for submission, rows in sides]
    for key, row in now.items():
        if key not in then:
            continue
        for column in form.answers:
            says, before, was = (entry(key, column) for entry in said)
            if alike(says, was) and _may_take(taking, form, then[key], column, before, was):
                _take_cell(taking, form, column, row, then[key])
    return now


def _entries(
    submission: Submission | None, form: Form, rows: Rows
) -> Callable[[str, Column], object]:
    """What a return says in a cell: its value, or what was typed there and could not be read."""
    typed = typed_texts(submission, form) if submission else {}
    unread = submission.unread if submission else frozenset()

    def entry(key: str, column: Column) -> object:
        value = rows[key][column.key] if key in rows else None
        if (form.key, key, column.key) in unread:
            return typed.get((key, column.key)) or value
        return value

    return entry


def _may_take(  # noqa: PLR0913, PLR0917 - where, and what stands there
    taking: Taking, form: Form, row: Row, column: Column, said: object, was: object
) -> bool:
    """Whether the earlier return changed a cell to something that can be taken."""
    cites = set(str(said).split("; ")) if column.type == "references" else set()
    unread = (form.key, row["key"], column.key) in taking.comparison.earlier.unread
    return not alike(said, was) and not unread and not cites & taking.moved


def _take_cell(taking: Taking, form: Form, column: Column, row: Row, source: Row) -> None:
    """Nothing; the row has the answer of the earlier return, and that is told."""
    value, before = source[column.key], row[column.key]
    typed = typed_texts(taking.comparison.newer, form).get((row["key"], column.key))
    shown = typed if before is None else word_value(form, column, row, before)
    row[column.key] = value
    if value is None:
        taking.emptied.add((form.key, row["key"], column.key))
        parts = {"after": quote(shown or "", MOST_SHOWN)}
        told = tell_cell(taking.comparison, form, column, row, "cell.taken_out", None, **parts)
    else:
        taking.take(form, column, source, to=row["key"], whole=False)
        text = word_value(form, column, row, value)
        parts = {"before": quote(text, MOST_SHOWN)}
        told = tell_cell(taking.comparison, form, column, row, "cell.taken", text, **parts)
    taking.findings.append(told)


def _take_lines(taking: Taking, form: Form, cells: Rows) -> Rows:
    """The newer return's added rows, by key, with those that only the earlier one changed.

    `cells` are its rows of the plan.
    """
    comparison = taking.comparison
    now, then, before = (
        read_lines(submission, form)
        for submission in (comparison.newer, comparison.earlier, comparison.base)
    )
    rows = {line.row["key"]: line.row for line in now}
    added, removed = without(then, before), without(before, then)
    for line in list(added):
        was, twin = find_named(line, removed), find_named(line, now)
        if was is not None and twin is not None:
            removed.remove(was)
            added.remove(line)
            _take_into_line(taking, form, twin, line, was)
    gone: dict[str, Row] = {}
    for line in removed:
        twin = next((n for n in now if n.row["key"] in rows and n.says_as(line)), None)
        if twin is not None:
            gone[twin.row["key"]] = rows.pop(twin.row["key"])
            taking.left_out.add((form.key, twin.row["key"]))
            after = {"after": show_line(twin)}
            taking.findings.append(tell_line(comparison, form, "row.taken_out", twin, **after))
    for line in without(added, now):
        key = _find_key(form, line, rows)
        # a line that the newer one changed or left out is asked about
        if find_named(line, now) or find_named(line, before) or line.unread or key is None:
            continue
        others = [*cells.values(), *rows.values(), *gone.values()]
        rows[key] = _place_row(taking, line.row, key, others)
        for column in form.answers:
            if line.row[column.key] is not None:
                taking.take(form, column, line.row, to=key, whole=True)
        shown = {"before": show_line(line)}
        taking.findings.append(tell_line(comparison, form, "row.taken", line, **shown))
    if form.rows == "records":
        taking.moved.update(_find_moved(form, then, rows))
    return rows


def _take_into_line(taking: Taking, form: Form, now: Line, then: Line, was: Line) -> None:
    """Nothing; the newer return's line has the cells that only the earlier one changed."""
    for column in form.answers:
        says, said, before = (line.words.get(column.key) for line in (now, then, was))
        untouched = column.key not in now.unread | was.unread and alike(says, before)
        if untouched and _may_take(taking, form, then.row, column, said, before):
            _take_cell(taking, form, column, now.row, then.row)


def _find_key(form: Form, line: Line, rows: Rows) -> str | None:
    """The key that a line has in the newer return; numbers that are cited are not given away."""
    key, parent = line.row["key"], line.row["parent"]
    if key not in rows:
        return str(key)
    return None if form.rows == "records" else free_key(parent, set(rows))


def _place_row(taking: Taking, row: Row, key: str, others: list[Row]) -> Row:
    """The row as one of the newer return, below all that it has: where it could be added."""
    below = max((other["row"] for other in others), default=0) + 1
    newer = taking.comparison.newer
    return row | {"submission": newer.id, "agency": newer.agency, "key": key, "row": below}


def _find_moved(form: Form, then: list[Line], rows: Rows) -> Iterator[str]:
    """The numbers of the lines that say something else, or nothing, in the newer return."""
    for line in then:
        row: dict[str, Any] = rows.get(line.row["key"], {})
        if any(not alike(row.get(c.key), line.row[c.key]) for c in form.answers):
            own = line.row["key"].removeprefix(form.key + ".")
            added = own.removeprefix(ADDED_ROW[-1])
            yield own if added == own else str(form.records + int(added))
