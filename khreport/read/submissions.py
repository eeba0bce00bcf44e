"""A returned workbook as a submission: file first, then structure, then the types of cells."""

from __future__ import annotations

import msgspec

from khreport.anatomy import ADDED_SHEET, SECTION_MARK
from khreport.cells import CellRef
from khreport.columns import EXPLANATION
from khreport.edition import Edition
from khreport.findings import Finding, any_block, sort_findings
from khreport.frames import Answers, HeldRows, Repair, Submission, held
from khreport.layout.form_head import headings
from khreport.messages import row_name
from khreport.raw import RawSheet, RawWorkbook
from khreport.read.account import SHEET, Account, Spot
from khreport.read.identify import find_base, identify, pick_sheets, refuse_file, tell_problems
from khreport.read.locate import locate_form
from khreport.read.located import Located, as_text, is_blank
from khreport.read.shown import tell_shown
from khreport.read.typed import read_column
from khreport.rows import form_rows

MOST_SHEET_NAME = 31
FIRST_COLUMN = 1
MOST_OUTSIDE = 300
"""So many cells outside a form are told one by one; the others are counted."""
MOST_CARRIED = 20_000
"""So many of them are carried along in a correction; the file itself is kept whole."""
EXPLAINED = ("cell.percent_small",)
"""Codes of warnings that a word in the row settles, as it does those of the rules."""
WHY_MOVED = "các dòng đã bị sắp xếp lại; đọc theo nội dung của dòng"
WHY_KEYLESS = "dòng mất mã ở cột A bị ẩn; đọc theo nội dung của dòng"


def read_submission(
    raw: RawWorkbook,
    edition: Edition | None,
    file: str,
    id: str,  # noqa: A002 - as the field
    *,
    any_edition: bool = False,
) -> Submission:
    """The workbook read by the edition that it names (None: one that nobody knows).

    `edition` is looked up by `identify(raw).digest`; where that is unknown, the campaign's
    own tells whether plan or period are other ones; `any_edition` reads by it all the same.
    Values that could not be read have a finding; those that had to be mended a repair.
    """
    findings = tell_problems(raw, file)
    token = identify(raw)
    if not any_block(findings):
        findings += refuse_file(raw, edition, file, any_edition=any_edition)
    if any_block(findings) or edition is None or token is None:
        return Submission(id=id, file=file, findings=tuple(sort_findings(findings)))
    agency = token.agency
    rows = {form.key: form_rows(edition, agency, form) for form in edition.forms}
    asked = [form for form in edition.forms if rows[form.key]]
    sheets, others, sheet_findings = pick_sheets(raw, asked, file)
    findings += sheet_findings
    repairs: list[Repair] = []
    unread: list[tuple[str, str, str]] = []
    answers: dict[str, HeldRows] = {}
    columns: dict[str, dict[str, int]] = {}
    extra = {sheet.name: _texts(sheet) for sheet in others}
    for form in asked:
        sheet = sheets.get(form.key)
        if sheet is None:
            continue
        located = locate_form(sheet, form, rows[form.key], headings(edition, form))
        account = Account(edition=edition, file=file, sheet=sheet, form=form)
        tell_structure(account, located)
        answers[form.key] = _read_answers(account, located, id, agency)
        tell_shown(account, located)
        columns[form.key] = {k: at + sheet.column for k, at in located.columns.items()}
        if located.outside:
            added = form.sheet[: MOST_SHEET_NAME - len(ADDED_SHEET)] + ADDED_SHEET
            # a correction that comes back has such a sheet already
            extra[added] = extra.get(added, []) + [
                [_address(sheet, index, at), as_text(located.cells[index][at])]
                for index, at in located.outside[:MOST_CARRIED]
            ]
        findings += _set_explained_aside(account, located)
        repairs += account.repairs
        unread += account.unread
    return Submission(
        id=id,
        file=file,
        agency=agency,
        plan=token.plan,
        period=token.period,
        digest=token.digest,
        base=find_base(raw),
        answers=Answers(answers),
        sheets={key: sheet.name for key, sheet in sheets.items()},
        columns=columns,
        findings=tuple(sort_findings(findings)),
        repairs=tuple(repairs),
        unread=frozenset(unread),
        extra=extra,
    )


def _texts(sheet: RawSheet) -> list[list[str]]:
    margin = [""] * sheet.column
    return [[] for _ in range(min(sheet.row, 50))] + [
        margin + [as_text(value) for value in row] for row in sheet.rows
    ]


def _address(sheet: RawSheet, index: int, at: int) -> str:
    return str(CellRef(index + sheet.row, at + sheet.column))


def _read_answers(account: Account, located: Located, id: str, agency: str) -> HeldRows:  # noqa: A002
    rows = located.rows
    count = len(rows)
    top = account.sheet.row
    columns: list[list[object]] = [
        [id] * count,
        [agency] * count,
        [row.key for row in rows],
        [row.kind for row in rows],
        [row.parent for row in rows],
        [index + top if index >= 0 else index for index in located.at],
        *(read_column(account, located, column) for column in held(account.form)),
    ]
    return HeldRows(account.form, columns)


def tell_structure(account: Account, located: Located) -> None:
    """Nothing; the account holds what is wrong with the rows and columns of the sheet."""
    _tell_columns(account, located)
    for index, row in zip(located.at, located.rows, strict=True):
        if index < 0:
            account.tell("row.missing", Spot(row=row), row_name=account.name(row))
    for row, first, second in located.doubled:
        lines = [str(index + account.sheet.row + 1) for index in (first, second)]
        spot = Spot(index=second, at=FIRST_COLUMN, row=row)
        account.tell(
            "row.doubled", spot, row_name=account.name(row), first=lines[0], second=lines[1]
        )
    for row, first, second in located.copied:
        spot = Spot(index=second, at=FIRST_COLUMN, row=row)
        line = str(first + account.sheet.row + 1)
        account.tell("row.copied", spot, row_name=account.name(row), first=line)
    _tell_moved(account, located)
    for code, indexes in (("row.unsure", located.unsure), ("row.unknown", located.unknown)):
        for index in indexes:
            at = _find_said(located, index)
            account.tell(code, Spot(index=index, at=at), as_text(located.cells[index][at]))
    for index, row, key in located.changed:
        at = located.columns[key]
        spot = Spot(index=index, at=at, row=row, column=account.form.column[key])
        changed = "number.changed" if row.kind == "record" else "text.changed"
        code = "given.changed" if key in row.given else changed
        account.tell(code, spot, as_text(located.cells[index][at]))
    told = {*located.unsure, *located.unknown, *(second for _, _, second in located.doubled)}
    outside = [each for each in located.outside if each[0] not in told]
    for index, at in outside[:MOST_OUTSIDE]:
        account.tell("cell.outside", Spot(index=index, at=at))
    if len(outside) > MOST_OUTSIDE:
        account.tell("sheet.much_outside", SHEET, count=str(len(outside) - MOST_OUTSIDE))


def _set_explained_aside(account: Account, located: Located) -> list[Finding]:
    """The account's findings; a doubt that its row explains counts no more."""
    column = account.form.column.get(EXPLANATION)
    at = located.columns.get(EXPLANATION)
    explained = {
        row.key
        for index, row in zip(located.at, located.rows, strict=True)
        if column and at is not None and index >= 0 and row.kind and column.asks(row.kind)
        if not is_blank(located.cells[index][at])
    }
    return [
        msgspec.structs.replace(found, aside="explained")
        if found.code in EXPLAINED and found.row_key in explained
        else found
        for found in account.findings
    ]


def _find_said(located: Located, index: int) -> int:
    """Where the first of a row's own words stands."""
    row = located.cells[index]
    return next((at for at in sorted(located.places) if not is_blank(row[at])), FIRST_COLUMN)


def _tell_columns(account: Account, located: Located) -> None:
    form = account.form
    printed = headings(account.edition, form)
    titles = dict(zip((c.key for c in form.columns), printed, strict=True))
    for column in held(form):
        if column.key not in located.columns:
            account.tell("column.missing", Spot(column=column), heading=titles[column.key])
    for key in located.exchanged:
        spot = Spot(index=0, at=located.columns[key], column=form.column[key])
        account.tell("column.exchanged", spot, heading=titles[key])
    for key, at in located.doubled_columns:
        spot = Spot(index=0, at=at, column=form.column[key])
        account.tell("column.doubled", spot, heading=titles[key])


def _tell_moved(account: Account, located: Located) -> None:
    if located.moved:
        account.tell("row.moved" if located.sorted else "row.keyless", SHEET)
    rows = {row.key: row for row in located.rows}
    plan, form = account.edition.plan, account.form
    for index, before, after in located.moved:
        spot = Spot(index=index, at=0, row=rows.get(after))
        keyed = before and not before.startswith(SECTION_MARK)
        named = row_name(plan, form, before) if keyed else ""
        why = WHY_MOVED if before else WHY_KEYLESS
        account.mend(spot, named, row_name(plan, form, after), why)
