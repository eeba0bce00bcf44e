"""Returns of one agency that grew apart: what the earlier one says and the newer one does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from khreport.dates import format_date
from khreport.edition import Edition
from khreport.findings import Finding
from khreport.forms import Column, Form
from khreport.frames import Submission, word_value
from khreport.messages import finding, keep_short, quote, row_name
from khreport.read.account import find_at
from khreport.read.locate import FREE_KINDS, NO_ROW
from khreport.text import fold

MOST_NAMED = 20
"""Characters of a file's name that a message repeats."""
MOST_SHOWN = 22
"""Characters of either entry that a message repeats."""

Row = dict[str, Any]
Rows = dict[str, Row]


def find_common_base(bases: Mapping[str, str], newer: str, earlier: str) -> str:
    """The id of the submission that two of an agency's returns both came from; "" for the form.

    `bases` maps what came from the agency to what each is the correction of. An original that
    is edited on has no such mark; it is taken to come from the original that the other
    return's corrections began with.

    >>> bases = {"first": "", "mended": "first", "original": ""}
    >>> find_common_base(bases, "original", "mended"), find_common_base(bases, "original", "first")
    ('first', '')
    """
    ours, theirs = _ancestors(bases, newer), _ancestors(bases, earlier)
    if ours and theirs:
        return next((named for named in theirs if named in ours), "")
    return (ours or theirs or [""])[-1]


def _ancestors(bases: Mapping[str, str], of: str) -> list[str]:
    """What a return is the correction of, and what that was, the nearest first."""
    line: list[str] = []
    while (of := bases.get(of, "")) in bases and of not in line:
        line.append(of)
    return line


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two returns of one agency and what both came from (None: the empty form).

    All three were poured into one edition. `received` is the day on which the earlier came.
    """

    edition: Edition
    newer: Submission
    earlier: Submission
    base: Submission | None
    received: dt.date


def compare_branches(comparison: Comparison) -> list[Finding]:
    """What the earlier return changed and the newer one says otherwise, at the newer's cells.

    What only the newer one changed is not told. Rows that agencies add are compared by what
    they say, as they have no names of their own.
    """
    findings: list[Finding] = []
    for form in comparison.edition.forms:
        findings += _compare_cells(comparison, form)
        findings += _compare_free_rows(comparison, form)
    return findings


def _rows_of(submission: Submission | None, form: Form, *, free: bool) -> Rows:
    frame = submission.answers.get(form.key) if submission else None
    rows = frame.iter_rows(named=True) if frame is not None else ()
    return {row["key"]: row for row in rows if (row["kind"] in FREE_KINDS) == free}


def _compare_cells(comparison: Comparison, form: Form) -> Iterator[Finding]:
    newer, earlier = comparison.newer, comparison.earlier
    now, before = (
        _rows_of(submission, form, free=False) for submission in (newer, comparison.base)
    )
    typed = _typed(newer, form)
    for key, row in _rows_of(earlier, form, free=False).items():
        for column in form.answers:
            # of what could not be read, the earlier return was told itself
            if (form.key, key, column.key) in earlier.unread:
                continue
            said, was = row[column.key], before.get(key, {}).get(column.key)
            says = now.get(key, {}).get(column.key)
            text = None if says is None else word_value(form, column, row, says)
            if (form.key, key, column.key) in newer.unread:
                text = typed.get((key, column.key)) or text
            if _alike(said, was) or (_alike(said, says) and (says is None) == (text is None)):
                continue
            yield _tell_cell(
                comparison,
                form,
                column,
                now.get(key, {"key": key, "row": NO_ROW}),
                None if said is None else word_value(form, column, row, said),
                text,
            )


def _typed(submission: Submission, form: Form) -> dict[tuple[str | None, str | None], str | None]:
    """What was written in cells that have findings."""
    return {(f.row_key, f.column_key): f.value for f in submission.findings if f.form == form.key}


def _alike(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return fold(one) == fold(other)
    return one == other


def _tell_cell(  # noqa: PLR0913, PLR0917 - where, and what of it
    comparison: Comparison,
    form: Form,
    column: Column,
    row: Row,
    before: str | None,
    after: str | None,
) -> Finding:
    code = "cell.differs" if before and after else "cell.dropped" if before else "cell.refilled"
    named = row_name(comparison.edition.plan, form, row["key"])
    told = find_at(
        code,
        comparison.newer,
        form,
        column,
        row,
        named,
        after,
        before=quote(before or "", MOST_SHOWN),
        after=quote(after or "", MOST_SHOWN),
        **_name_earlier(comparison),
    )
    return keep_short(told, named) if told.cell else told


def _name_earlier(comparison: Comparison) -> dict[str, str]:
    name = comparison.earlier.file.rpartition("/")[2]
    return {"earlier": quote(name, MOST_NAMED), "day": format_date(comparison.received)}


class Line(msgspec.Struct, frozen=True):
    """A row that an agency may add: what it says by column, and the columns not read.

    `name` is what it is called, beneath which task.
    """

    row: Row
    words: dict[str, str]
    unread: frozenset[str]
    name: tuple[str, str] | None

    def says_as(self, other: Line) -> bool:
        """Whether both say the same of the same, where both could be read."""
        skipped = self.unread | other.unread
        return self.row["parent"] == other.row["parent"] and all(
            fold(self.words.get(key, "")) == fold(other.words.get(key, ""))
            for key in (self.words.keys() | other.words.keys()) - skipped
        )


def _compare_free_rows(comparison: Comparison, form: Form) -> Iterator[Finding]:
    now, then, before = (
        _lines(submission, form)
        for submission in (comparison.newer, comparison.earlier, comparison.base)
    )
    mended: list[Line] = []
    for line in _without(_without(then, before), now):
        twin = _find_named(line, [other for other in _without(now, then) if other not in mended])
        if twin is None:
            yield _tell_line(comparison, form, "row.dropped", line, before=_shown(line))
        else:
            mended.append(twin)
            yield from _compare_line(comparison, form, twin, line, _find_named(line, before))
    for line in _without(before, then):
        kept = next((other for other in now if other.says_as(line)), None)
        if kept is not None and kept not in mended:
            yield _tell_line(comparison, form, "row.restored", kept, after=_shown(kept))


def _find_named(line: Line, others: Sequence[Line]) -> Line | None:
    """The line that agencies would call the same: its first column says the same."""
    return next((other for other in others if line.name and line.name == other.name), None)


def _compare_line(
    comparison: Comparison, form: Form, now: Line, then: Line, before: Line | None
) -> Iterator[Finding]:
    typed = _typed(comparison.newer, form)
    for column in form.answers:
        said, says = then.words.get(column.key), now.words.get(column.key)
        was = before.words.get(column.key) if before else None
        if column.key in now.unread:
            says = typed.get((now.row["key"], column.key))
        if column.key not in then.unread and not _alike(said, was) and not _alike(said, says):
            yield _tell_cell(comparison, form, column, now.row, said, says)


def _lines(submission: Submission | None, form: Form) -> list[Line]:
    lines: list[Line] = []
    for key, row in _rows_of(submission, form, free=True).items():
        words = {
            column.key: word_value(form, column, row, row[column.key])
            for column in form.answers
            if row[column.key] is not None
        }
        unread = submission.unread if submission else ()
        own = frozenset(c.key for c in form.answers if (form.key, key, c.key) in unread)
        first = words.get(form.answers[0].key)
        name = (row["parent"], fold(first)) if first else None
        lines.append(Line(row=row, words=words, unread=own, name=name))
    return lines


def _without(lines: Sequence[Line], others: Sequence[Line]) -> list[Line]:
    """The lines that have no like among the others; each of those stands for one."""
    left, rest = [], list(others)
    for line in lines:
        alike = next((n for n, other in enumerate(rest) if line.says_as(other)), None)
        if alike is None:
            left.append(line)
        else:
            del rest[alike]
    return left


def _shown(line: Line) -> str:
    return quote("; ".join(line.words.values()), MOST_SHOWN)


def _tell_line(comparison: Comparison, form: Form, code: str, line: Line, **shown: str) -> Finding:
    newer, parent = comparison.newer, line.row["parent"]
    return finding(
        code,
        file=newer.file,
        sheet=newer.sheets.get(form.key, form.sheet),
        form=form.key,
        row_key=parent or None,
        place=row_name(comparison.edition.plan, form, parent) if parent else None,
        **(shown | _name_earlier(comparison)),  # type: ignore[arg-type]
    )
