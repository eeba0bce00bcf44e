"""Answers to an older form of a round, poured into the present one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import msgspec
import polars as pl

from khreport.edition import Edition
from khreport.findings import Finding, sort_findings
from khreport.forms import SUMMARY, Column, Form
from khreport.frames import PLACE, Submission, answers_schema, held, word_value
from khreport.messages import finding
from khreport.read.entries import read_choice
from khreport.read.leftovers import KEPT_HEADINGS, KEPT_SHEET, Pouring, Row
from khreport.read.located import FREE_KINDS, NO_ROW
from khreport.rows import FormRow, form_rows

NUMBERS = {"number", "whole"}
UNLISTED = ("cell.not_choice", "cell.choice_near")


def pour_answers(submission: Submission, sent: Edition, present: Edition) -> Submission:
    """A submission that was read by the edition `sent`, as one of the edition `present`.

    Every answer stands in the present frames, or has a finding with its text and a line on
    KEPT_SHEET. Addresses stay those of the returned file; rows that were asked later have
    none. An agency that is asked no more has one finding and no answers.
    """
    agency = submission.agency
    if not submission.readable or sent.digest == present.digest:
        return submission
    if agency not in present.asked:
        told = finding("file.not_asked", file=submission.file)
        return msgspec.structs.replace(submission, answers={}, findings=(told,))
    same = sent.forms == present.forms and sent.previous == present.previous
    if same and sent.asked[agency] == present.asked[agency]:
        return msgspec.structs.replace(submission, digest=present.digest)
    answers: dict[str, pl.DataFrame] = {}
    columns = dict(submission.columns)
    findings = [f for f in submission.findings if f.form not in sent.form]
    unread: list[tuple[str, str, str]] = []
    left: list[list[str]] = []
    for form in (*sent.forms, *(f for f in present.forms if f.key not in sent.form)):
        to = present.form.get(form.key)
        now = _asked_rows(present, agency, to)
        pouring = Pouring(
            submission=submission, sent=sent, present=present, form=form, to=to if now else None,
            now=now,
        )  # fmt: skip
        poured = _pour_form(pouring)
        if to is not None and poured is not None:
            answers[form.key] = pl.DataFrame(poured, schema=answers_schema(to), orient="row")
            columns.setdefault(form.key, {})
        findings += pouring.findings
        unread += pouring.unread
        left += pouring.left
    extra = dict(submission.extra)
    if left:
        extra[KEPT_SHEET] = [*extra.get(KEPT_SHEET, [KEPT_HEADINGS]), *left]
    return msgspec.structs.replace(
        submission,
        digest=present.digest,
        answers=answers,
        columns=columns,
        findings=tuple(sort_findings(findings)),
        repairs=tuple(r for r in submission.repairs if r.form in answers),
        unread=frozenset(unread),
        extra=extra,
    )


def _asked_rows(edition: Edition, agency: str, form: Form | None) -> dict[str, FormRow]:
    rows = form_rows(edition, agency, form) if form else []
    return {row.key: row for row in rows if row.kind is not None}


def _pour_form(pouring: Pouring) -> list[Row] | None:
    """The form's rows as they are now; None where it is asked no more or its sheet is missing."""
    submission, form = pouring.submission, pouring.form
    asked = _asked_rows(pouring.sent, submission.agency, pouring.sent.form.get(form.key))
    frame = submission.answers.get(form.key)
    before = [] if frame is None else list(frame.iter_rows(named=True))
    places = dict(_find_places(pouring, before))
    after = {row["key"]: _pour_row(pouring, row, places[row["key"]]) for row in before}
    _sift_findings(pouring, {row["key"]: row for row in before}, places, after)
    if pouring.to is None or (asked and frame is None):
        return None
    if not asked:
        pouring.tell_later("sheet.later", None, None, name=pouring.to.sheet)
    _tell_columns(pouring, asked)
    return [row for row in after.values() if row] + list(_add_rows(pouring, asked))


def _find_places(pouring: Pouring, rows: Sequence[Row]) -> Iterator[tuple[str, FormRow | None]]:
    """The place of each row in the present form, None where it has none.

    Lines of a free list keep their numbers, by which documents are cited. A project line that
    the form no longer offers is one that the agency added.
    """
    form, to, now = pouring.form, pouring.to, pouring.now
    taken = {row["key"] for row in rows}
    for row in rows:
        key, kind, parent = row["key"], row["kind"], row["parent"]
        if to is not None and kind == "record" and to.rows == "records":
            own = key.removeprefix(form.key + ".")
            number = form.records + int(own[1:]) if own.startswith("+") else int(own)
            new = f"+{number - to.records}" if number > to.records else str(number)
            yield key, FormRow(key=f"{to.key}.{new}", kind=kind, parent=parent, mirror={})
        elif key in now:
            yield key, now[key]
        elif to is not None and kind == "line" and to.lines and parent in now:
            new = key if ".+" in key else free_key(parent, taken)
            taken.add(new)
            yield key, FormRow(key=new, kind=kind, parent=parent, mirror={})
        else:
            yield key, None


def free_key(parent: str, taken: set[str]) -> str:
    """The first key of an added line of a task that is not taken."""
    return next(key for n in count(1) if (key := f"{parent}.+{n}") not in taken)


def _pour_row(pouring: Pouring, row: Row, at: FormRow | None) -> Row | None:
    """The row with the answers that fit; None where it is asked no more."""
    poured = {name: row[name] for name in PLACE}
    if at is not None:
        poured |= {"key": at.key, "kind": at.kind, "parent": at.parent}
    for column in held(pouring.form):
        if row[column.key] is None or column.source == SUMMARY:
            continue
        value, misfit = _fit(pouring, row, column, at)
        if misfit is None:
            poured[column.key] = value
        else:
            text = word_value(pouring.form, column, row, row[column.key])
            pouring.leave(misfit, row, column, text)
    # what we gave is what the present form says
    return poured | at.given if at is not None else None


def _fit(pouring: Pouring, row: Row, column: Column, at: FormRow | None) -> tuple[Any, str | None]:
    """The value as the present form holds it, or the code of why it does not fit."""
    to, value = _column_now(pouring, column, at), row[column.key]
    if at is None or at.kind is None or to is None or pouring.to is None:
        return None, "row.not_asked" if at is None else "column.not_asked"
    text = word_value(pouring.form, column, row, value)
    choices = pouring.to.choices_for(to, at.kind, at.parent, closed=at.closed)
    if choices is not None:
        listed = pouring.form.choices_for(column, row["kind"], row["parent"]) is not None
        if listed and any(choice.code == value for choice in choices.choices):
            return value, None
        entry = read_choice(text, choices)
        return entry.value, None if entry.value is not None else "cell.choice_gone"
    if to.type == "text" and column.type in ("text", "choice"):
        return text, None
    if to.type == column.type or {to.type, column.type} == NUMBERS:
        whole = to.type != "whole" or value.is_integer()
        return value, None if whole else "cell.retyped"
    return None, "cell.retyped"


def _column_now(pouring: Pouring, column: Column, at: FormRow | None) -> Column | None:
    """The column in the present form, if a row of this kind has a value there."""
    to = pouring.to.column.get(column.key) if pouring.to else None
    if to is None or at is None or at.kind is None:
        return None
    return to if to.role == "given" or to.asks(at.kind) else None


def _sift_findings(
    pouring: Pouring,
    before: Mapping[str, Row],
    places: Mapping[str, FormRow | None],
    after: Mapping[str, Row | None],
) -> None:
    """Nothing; what the reader found is kept where the place is still asked.

    Elsewhere nobody can mend it any more: what was written there is told as not fitting.
    """
    form, to = pouring.form, pouring.to
    for found in pouring.submission.findings:
        if found.form != form.key:
            continue
        key, column = found.row_key, form.column.get(found.column_key or "")
        known = to is not None and (column is None or column.key in to.column)
        if key is None:
            pouring.findings += [found] if known else []
            continue
        row, poured, at = before.get(key), after.get(key), places.get(key, pouring.now.get(key))
        unread = (form.key, key, found.column_key) in pouring.submission.unread
        if unread and column is not None and _column_now(pouring, column, at) is None:
            known = False
        if at is None or not known:
            if found.value and column and row and row.get(column.key) is None:
                code = "row.not_asked" if at is None else "column.not_asked"
                pouring.leave(code, row, column, found.value)
        elif not (unread and row and poured and _read_again(pouring, found, row, poured)):
            pouring.findings.append(msgspec.structs.replace(found, row_key=at.key))
            if unread and column is not None:
                pouring.unread.append((form.key, at.key, column.key))


def _read_again(pouring: Pouring, found: Finding, row: Row, poured: Row) -> bool:
    """Whether a text that could not be read was dealt with by what the present form asks."""
    column = pouring.form.column[found.column_key or ""]
    if pouring.to is None or not found.value:
        return False
    to = pouring.to.column[column.key]
    at = pouring.now.get(poured["key"])
    closed = at is not None and at.closed
    choices = pouring.to.choices_for(to, poured["kind"], poured["parent"], closed=closed)
    if choices is None and to.type == column.type:
        return False
    if choices is None or found.code not in UNLISTED:
        pouring.leave("cell.retyped", row, column, found.value)
        return True
    entry = read_choice(found.value, choices)
    poured[column.key] = entry.value
    if entry.code is not None:
        parts = {"hint": "", **entry.parts}
        pouring.tell(entry.code, row, column, found.value, **parts)
        pouring.unread.append((pouring.form.key, poured["key"], column.key))
    return True


def _add_rows(pouring: Pouring, asked: Mapping[str, FormRow]) -> Iterator[Row]:
    """The rows that the returned file does not have yet; those that must be answered are told."""
    told: set[str] = set()
    submission, to = pouring.submission, pouring.to
    for key, row in pouring.now.items():
        if to is None or key in asked or row.kind is None or row.kind in FREE_KINDS:
            continue
        column = _must_answer(to, row)
        if asked and column is not None and row.parent not in told:
            told.add(row.parent)
            pouring.tell_later("row.later", key, column)
        place = (submission.id, submission.agency, key, row.kind, row.parent, NO_ROW)
        yield dict(zip(PLACE, place, strict=True))


def _must_answer(form: Form, row: FormRow) -> Column | None:
    """The first column that a row has to answer, if any."""
    if row.kind is None:
        return None
    asked = [column for column in form.answers if column.asks(row.kind)]
    if row.kind == "field":
        required = any(field.required for field in form.fields if field.key == row.parent)
        return asked[0] if required and asked else None
    return next((column for column in asked if column.required), None)


def _tell_columns(pouring: Pouring, asked: Mapping[str, FormRow]) -> None:
    """Nothing; columns that the returned file does not have yet are told."""
    kinds = {row.kind for key, row in pouring.now.items() if key in asked and row.kind}
    for column in pouring.to.answers if pouring.to else ():
        if column.key not in pouring.form.column and any(map(column.asks, kinds)):
            pouring.tell_later("column.later", None, column, heading=column.heading)
