"""The correction: a fresh form with the agency's answers poured in and each fault marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from khreport.anatomy import (
    ADDED_ROW,
    ADDED_SHEET,
    INDEX_SHEET,
    KEY_COLUMN,
    KEY_ROW,
    REVIEW_SHEET,
    SUBMISSION_ID,
)
from khreport.cells import CellRef, column_letters
from khreport.checks.form_rules import form_rules
from khreport.columns import EXPLANATION
from khreport.edition import Edition
from khreport.findings import Finding
from khreport.forms import Form, RowKind
from khreport.frames import PLACE, Submission
from khreport.layout.fault_index import FILLS, Moved, lay_out_index
from khreport.layout.form import Filled, Mark
from khreport.layout.heights import MAX_ROW_PT, text_height_pt
from khreport.layout.styles import MISSING_FILL, table
from khreport.layout.workbook import lay_out_workbook
from khreport.messages import MOST_SAID
from khreport.rows import FormRow, form_rows
from khreport.sheet import Book, Cell, Sheet, Value

SIZE_PT = 11
CARRIED_WIDTHS = (9.0, 60.0)
"""The narrowest and the widest that a column of a carried sheet becomes."""
ADDED_HEADINGS = ["Ô ở tệp đã nhận", "Nội dung"]
MOST_SHEET_NAME = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
ASKED_OF = ("cell.merged",)
"""Codes of findings whose value is not what stands in the cell."""


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """A form of an agency: the kinds of its rows by key; in the correction, where they stand."""

    form: Form
    kinds: Mapping[str, RowKind]
    rows: Mapping[str, int] = {}

    def first_asked(self, row_key: str) -> str | None:
        """The first column that the row answers: there is shown what concerns all of it."""
        kind = self.kinds.get(row_key)
        asked = (c.key for c in self.form.columns if kind and c.asks(kind))
        return next(asked, None)

    def cell(self, row_key: str | None, column_key: str | None) -> CellRef | None:
        """Where it stands in the correction, if it does."""
        row = self.rows.get(row_key or "")
        keys = [column.key for column in self.form.columns]
        column_key = column_key or self.first_asked(row_key or "")
        if row is None or column_key not in keys:
            return None
        return CellRef(row, keys.index(column_key) + 1)


def lay_out_correction(
    edition: Edition, submission: Submission, findings: Sequence[Finding]
) -> Book:
    """The workbook that goes back: index of faults first, then the form, whole again.

    Where nothing blocks, the index says that nothing has to be sent back.
    """
    grounds = {form.key: _survey(edition, submission, form) for form in edition.forms}
    findings = [_say_how_to_explain(edition, grounds, finding) for finding in findings]
    filled = {
        form.key: _fill(edition, grounds[form.key], submission, findings)
        for form in edition.forms
        if form.key in submission.answers
    }
    # outside a campaign the id is a path, which is nobody else's business
    answered = submission.id if SUBMISSION_ID.fullmatch(submission.id) else ""
    book = lay_out_workbook(edition, submission.agency, filled, answered=answered)
    grounds = _stand_in(book, grounds)
    index_names = (INDEX_SHEET.casefold(), REVIEW_SHEET.casefold())
    taken = {*index_names, *(sheet.name.casefold() for sheet in book.sheets)}
    names = {name: _free_name(name, taken) for name in submission.extra}
    carried = tuple(
        _carried(names[name], _headed(name, rows)) for name, rows in submission.extra.items()
    )
    index = lay_out_index(
        edition,
        submission,
        [_move(grounds, finding) for finding in findings],
        [
            (repair, grounds[repair.form].cell(repair.row_key, repair.column_key))
            for repair in submission.repairs
            if repair.is_visible
        ],
        names,
    )
    return msgspec.structs.replace(
        book, sheets=(index, *book.sheets[:-2], *carried, *book.sheets[-2:])
    )


def locate_findings(
    edition: Edition, submission: Submission, book: Book, findings: Sequence[Finding]
) -> list[Finding]:
    """The findings of a submission at the cells of its correction, `book`, that show them."""
    grounds = {form.key: _survey(edition, submission, form) for form in edition.forms}
    grounds = _stand_in(book, grounds)
    return [_move(grounds, finding).finding for finding in findings]


def _stand_in(book: Book, grounds: Mapping[str, Ground]) -> dict[str, Ground]:
    """The forms with the places of their rows in a workbook."""
    drawn = {sheet.name: _key_rows(sheet) for sheet in book.sheets}
    return {
        key: msgspec.structs.replace(ground, rows=drawn.get(ground.form.sheet, {}))
        for key, ground in grounds.items()
    }


def _survey(edition: Edition, submission: Submission, form: Form) -> Ground:
    rows = form_rows(edition, submission.agency, form)
    kinds = {row.key: row.kind for row in rows if row.kind}
    if form.key in submission.answers:
        frame = submission.answers[form.key]
        kinds |= dict(frame.select("key", "kind").iter_rows())
    return Ground(form=form, kinds=kinds)


def _say_how_to_explain(
    edition: Edition, grounds: Mapping[str, Ground], finding: Finding
) -> Finding:
    """The finding; a warning that a word in its row would settle says in which column."""
    ground = grounds.get(finding.form or "")
    kind = ground.kinds.get(finding.row_key or "") if ground else None
    if ground is None or kind is None or finding.severity != "warning":
        return finding
    column = ground.form.column.get(EXPLANATION)
    settled = {*(rule.id for rule in edition.rules), "cell.percent_small"}
    if column is None or not column.asks(kind) or finding.column_key == EXPLANATION:
        return finding
    if finding.code not in settled:
        return finding
    at = column_letters(ground.form.columns.index(column) + 1)
    said = "giải trình" in finding.fix.casefold()
    told = f"Cột giải trình là cột {at}." if said else f"Nếu đúng, ghi giải trình ở cột {at}."
    ways = (f"{finding.fix} {more}" for more in (told, f"Giải trình: cột {at}."))
    longer = (msgspec.structs.replace(finding, fix=fix) for fix in ways)
    return next((each for each in longer if len(str(each)) <= MOST_SAID), finding)


def _fill(
    edition: Edition, ground: Ground, submission: Submission, findings: Sequence[Finding]
) -> Filled:
    form = ground.form
    frame = submission.answers[form.key]
    columns = [name for name in frame.columns if name not in PLACE]
    values: dict[tuple[str, str], Value] = {}
    added: list[FormRow] = []
    asked = {q.key for q in edition.asked[submission.agency] if q.form == form.key}
    for row in frame.iter_rows(named=True):
        for name in columns:
            if row[name] is not None:
                values[row["key"], name] = _shown(form, row, name)
        if (
            row["key"] not in asked
            and row["kind"] in ("line", "record")
            and ADDED_ROW in row["key"]
        ):
            added.append(FormRow(key=row["key"], kind=row["kind"], parent=row["parent"], mirror={}))
    cards = (*form_rules(form), *edition.rules)
    missing = {rule.id for rule in cards if rule.kind == "required"}
    marks: dict[tuple[str, str], Mark] = {}
    for finding in reversed(findings):
        column_key = finding.column_key or ground.first_asked(finding.row_key or "")
        if finding.form != form.key or finding.row_key is None or column_key is None:
            continue
        where = (finding.row_key, column_key)
        if where not in values and finding.value and finding.code not in ASKED_OF:
            values[where] = finding.value
        earlier = f"\n{marks[where].note}" if where in marks else ""
        note = f"{finding.message} {finding.fix}{earlier}"
        marks[where] = Mark(fill=_fill_of(finding, missing), note=note)
    return Filled(values=values, marks=marks, added=added)


def _fill_of(finding: Finding, missing: Collection[str]) -> str:
    """The colour of a marked cell: that which the form's own checks give it."""
    if finding.severity == "error" and finding.code in missing:
        return MISSING_FILL
    return FILLS[finding.severity]


def _shown(form: Form, row: Mapping[str, Any], column_key: str) -> Value:
    """The answer as it is entered: a choice by its words in the list of the row's kind."""
    value: Value = row[column_key]
    choices = form.choices_for(form.column[column_key], row["kind"], row["parent"], closed=True)
    if choices is not None and isinstance(value, str):
        return form.label(column_key, value, row["kind"], row["parent"])
    return value


def _key_rows(sheet: Sheet) -> dict[str, int]:
    return {
        str(cell.value): cell.row
        for cell in sheet.cells
        if cell.column == KEY_COLUMN and cell.row != KEY_ROW
    }


def _move(grounds: Mapping[str, Ground], finding: Finding) -> Moved:
    """The finding at its cell in the correction, where rows may stand elsewhere."""
    ground = grounds.get(finding.form or "")
    cell = ground.cell(finding.row_key, finding.column_key) if ground else None
    if ground is None or cell is None:
        return Moved(msgspec.structs.replace(finding, row=None, column=None), finding)
    sheet = ground.form.sheet
    now = msgspec.structs.replace(finding, sheet=sheet, row=cell.row, column=cell.column)
    return Moved(now, finding)


def _free_name(name: str, taken: set[str]) -> str:
    """A name that spreadsheet programs accept and no sheet of the workbook has; now taken."""
    plain = FORBIDDEN.sub(" ", name).strip(" '")[:MOST_SHEET_NAME].strip(" '") or "Sheet"
    free, number = plain, 1
    while free.casefold() in taken or free.casefold() == "history":
        number += 1
        end = f" ({number})"
        free = plain[: MOST_SHEET_NAME - len(end)] + end
    taken.add(free.casefold())
    return free


def _headed(name: str, rows: list[list[str]]) -> list[list[str]]:
    """The rows; those that tell what was written outside a form have headings."""
    if not name.endswith(ADDED_SHEET) or ADDED_HEADINGS in rows:
        return rows
    return [ADDED_HEADINGS, *rows]


def _carried(name: str, rows: Sequence[Sequence[str]]) -> Sheet:
    look = table(SIZE_PT, locked=False, number_format="@")
    cells = tuple(
        Cell(r, c, value, look)
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if value
    )
    widths = [CARRIED_WIDTHS[0]] * max((len(row) for row in rows), default=1)
    heights: dict[int, float] = {}
    for cell in cells:
        longest = max(len(line) for line in str(cell.value).split("\n"))
        widths[cell.column] = min(max(widths[cell.column], longest + 2.0), CARRIED_WIDTHS[1])
    for cell in cells:
        needed = text_height_pt(str(cell.value), widths[cell.column], SIZE_PT)
        heights[cell.row] = min(max(heights.get(cell.row, 0), needed), MAX_ROW_PT)
    return Sheet(
        name=name,
        cells=cells,
        widths=tuple(widths),
        heights=tuple(heights.items()),
        protected=False,
    )
