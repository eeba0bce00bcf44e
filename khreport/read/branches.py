"""Returns of one agency that grew apart: what the earlier one says and the newer one does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from khreport.columns import CLOSED
from khreport.dates import format_date
from khreport.edition import Edition
from khreport.findings import Finding
from khreport.forms import Column, Form
from khreport.frames import Submission, word_value
from khreport.messages import finding, keep_short, quote, row_name
from khreport.read.account import find_at
from khreport.read.located import FREE_KINDS, NO_ROW
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

    What only the newer one changed is not told, nor what it took over. Rows that agencies add
    are compared by what they say, as they have no names of their own.
    """
    findings: list[Finding] = []
    for form in comparison.edition.forms:
        findings += _compare_cells(comparison, form)
        findings += _compare_free_rows(comparison, form)
    return findings


def rows_of(submission: Submission | None, form: Form, *, free: bool) -> Rows:
    """A return's rows by key: those that agencies may add, or the others."""
    frame = submission.answers.get(form.key) if submission else None
    rows = frame.iter_rows(named=True) if frame is not None else ()
    return {row["key"]: row for row in rows if (row["kind"] in FREE_KINDS) == free}


def _compare_cells(comparison: Comparison, form: Form) -> Iterator[Finding]:
    newer, earlier = comparison.newer, comparison.earlier
    now, before = (rows_of(submission, form, free=False) for submission in (newer, comparison.base))
    typed = typed_texts(newer, form)
    for key, row in rows_of(earlier, form, free=False).items():
        for column in form.answers:
            # of what could not be read, the earlier return was told itself
            if (form.key, key, column.key) in earlier.unread:
                continue
            said, was = row[column.key], before.get(key, {}).get(column.key)
            if said == CLOSED and comparison.base is None:
                continue  # so it went out
            says = now.get(key, {}).get(column.key)
            text = None if says is None else word_value(form, column, row, says)
            if (form.key, key, column.key) in newer.unread:
                text = typed.get((key, column.key)) or text
            if alike(said, was) or (alike(said, says) and (says is None) == (text is None)):
                continue
            before_text = None if said is None else word_value(form, column, row, said)
            place = now.get(key, {"key": key, "row": NO_ROW})
            yield _tell_difference(comparison, form, column, place, before_text, text)


def typed_texts(
    submission: Submission, form: Form
) -> dict[tuple[str | None, str | None], str | None]:
    """What was written in cells that have findings."""
    return {(f.row_key, f.column_key): f.value for f in submission.findings if f.form == form.key}


def alike(one: object, other: object) -> bool:
    """Whether two entries say the same."""
    if isinstance(one, str) and isinstance(other, str):
        return fold(one) == fold(other)
    return one == other


def _tell_difference(  # noqa: PLR0913, PLR0917 - where, and what of it
    comparison: Comparison,
    form: Form,
    column: Column,
    row: Row,
    before: str | None,
    after: str | None,
) -> Finding:
    code = "cell.differs" if before and after else "cell.dropped" if before else "cell.refilled"
    shown = {
        "before": quote(before or "", MOST_SHOWN),
        "after": quote(after or "", MOST_SHOWN),
    }
    return tell_cell(comparison, form, column, row, code, after, **shown)


def tell_cell(  # noqa: PLR0913, PLR0917 - where, and what of it
    comparison: Comparison,
    form: Form,
    column: Column,
    row: Row,
    code: str,
    value: str | None,
    **shown: str,
) -> Finding:
    """The finding at a cell of the newer return, which says `value` there."""
    named = row_name(comparison.edition.plan, form, row["key"])
    told = find_at(
        code,
        comparison.newer,
        form,
        column,
        row,
        named,
        value,
        **(shown | _name_earlier(comparison)),
    )
    return keep_short(told, named) if told.cell else told


def _name_earlier(comparison: Comparison) -> dict[str, str]:
    name = comparison.earlier.file.rpartition("/")[2]
    return {"earlier": quote(name, MOST_NAMED), "day": format_date(comparison.received)}


class Line(msgspec.Struct, frozen=True):
    """A row that an agency may add: what it says by column, and the columns not read.

    `name` is what it is called, beneath which task; `matter` is what it says of which task, as
    texts are compared.
    """

    row: Row
    words: dict[str, str]
    unread: frozenset[str]
    name: tuple[str, str] | None
    matter: tuple[str, frozenset[tuple[str, str]]]

    def says_as(self, other: Line) -> bool:
        """Whether both say the same of the same, where both could be read."""
        skipped = self.unread | other.unread
        if not skipped or self.matter == other.matter:
            return self.matter == other.matter
        (task, said), (other_task, other_said) = self.matter, other.matter
        return task == other_task and all(key in skipped for key, _ in said ^ other_said)


def _compare_free_rows(comparison: Comparison, form: Form) -> Iterator[Finding]:
    now, then, before = (
        read_lines(submission, form)
        for submission in (comparison.newer, comparison.earlier, comparison.base)
    )
    apart, mended = without(now, then), set[str]()
    named: dict[object, list[Line]] = {}
    for line in apart:
        named.setdefault(line.name, []).append(line)
    for line in without(without(then, before), now):
        twins = named.get(line.name) if line.name else None
        if not twins:
            yield tell_line(comparison, form, "row.dropped", line, before=show_line(line))
        else:
            twin = twins.pop(0)
            mended.add(twin.row["key"])
            yield from _compare_line(comparison, form, twin, line, find_named(line, before))
    for line in without(before, then):
        kept = next((other for other in now if other.says_as(line)), None)
        if kept is not None and kept.row["key"] not in mended:
            yield tell_line(comparison, form, "row.restored", kept, after=show_line(kept))


def find_named(line: Line, others: Sequence[Line]) -> Line | None:
    """The line that agencies would call the same: its first column says the same."""
    return next((other for other in others if line.name and line.name == other.name), None)


def _compare_line(
    comparison: Comparison, form: Form, now: Line, then: Line, before: Line | None
) -> Iterator[Finding]:
    typed = typed_texts(comparison.newer, form)
    for column in form.answers:
        said, says = then.words.get(column.key), now.words.get(column.key)
        was = before.words.get(column.key) if before else None
        if column.key in now.unread:
            says = typed.get((now.row["key"], column.key))
        if column.key not in then.unread and not alike(said, was) and not alike(said, says):
            yield _tell_difference(comparison, form, column, now.row, said, says)


def read_lines(submission: Submission | None, form: Form) -> list[Line]:
    """The filled rows that agencies may add."""
    lines: list[Line] = []
    for key, row in rows_of(submission, form, free=True).items():
        words = {
            column.key: word_value(form, column, row, row[column.key])
            for column in form.answers
            if row[column.key] is not None
        }
        unread = submission.unread if submission else ()
        own = frozenset(c.key for c in form.answers if (form.key, key, c.key) in unread)
        first = words.get(form.answers[0].key)
        name = (row["parent"], fold(first)) if first else None
        said = frozenset((column, fold(word)) for column, word in words.items() if fold(word))
        lines.append(Line(row, words, own, name, (row["parent"], said)))
    return lines


def without(lines: Sequence[Line], others: Sequence[Line]) -> list[Line]:
    """The lines that have no like among the others; each of those stands for one."""
    rest: dict[object, list[int]] = {}
    for n, other in enumerate(others):
        rest.setdefault(None if other.unread else other.matter, []).append(n)
    left, taken = [], set[int]()
    for line in lines:
        # what could not be read wholly may be like any; the others are like those of their words
        near = (
            range(len(others)) if line.unread else (*rest.get(line.matter, ()), *rest.get(None, ()))
        )
        like = next((n for n in near if n not in taken and line.says_as(others[n])), None)
        if like is None:
            left.append(line)
        else:
            taken.add(like)
    return left


def show_line(line: Line) -> str:
    """What a line says, as messages quote it."""
    return quote("; ".join(line.words.values()), MOST_SHOWN)


def tell_line(comparison: Comparison, form: Form, code: str, line: Line, **shown: str) -> Finding:
    """The finding about a line of either return, at the task that it stands beneath."""
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
