"""Files and sheets that lost their tokens, recognised by what else they hold."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from khreport.anatomy import IDENTITY_SHEET, KEY_COLUMN, KEY_ROW
from khreport.edition import Edition, Token
from khreport.forms import Form
from khreport.raw import RawSheet, RawWorkbook
from khreport.text import fold

MOST_COLUMNS = 0.6
"""The share of a form's column keys by which a sheet is known as the form's."""
SHORTEST_TEXT = 15
LONGEST_TEXT = 2_000
MOST_TEXTS = 20_000
FEWEST_KNOWN = 2
"""Texts of the plan by which a workbook is known to be about it."""


def identity_token(raw: RawWorkbook) -> Token | None:
    """What the identity sheet says of the file's owner; it names no form."""
    for sheet in raw.sheets:
        if sheet.name == IDENTITY_SHEET:
            facts = {row[0]: row[1] for row in sheet.rows if len(row) > 1}
            said = [facts.get(name) for name in ("plan", "period", "agency", "digest")]
            plan, period, agency, digest = (v if isinstance(v, str) else "" for v in said)
            if plan and period and agency and digest:
                return Token(plan=plan, period=period, agency=agency, form="", digest=digest)
    return None


def find_form(sheet: RawSheet, forms: Iterable[Form]) -> Form | None:
    """The form whose columns the sheet has and whose rows it names; None if there is none."""
    if not sheet.rows:
        return None
    found = {value for value in sheet.rows[KEY_ROW] if isinstance(value, str)}
    keys = {row[KEY_COLUMN] for row in sheet.rows if isinstance(row[KEY_COLUMN], str)}

    def likeness(form: Form) -> tuple[int, float]:
        stems = (f"{form.appendix or form.key}.", f"{form.key}.")
        named = sum(key.startswith(stems) for key in keys)
        return named, len(found & form.column.keys()) / len(form.columns)

    alike = [form for form in forms if likeness(form)[1] >= MOST_COLUMNS]
    return max(alike, key=likeness, default=None)


def with_key_column(sheet: RawSheet, form: Form) -> RawSheet:
    """The sheet with a column for row keys, where that was deleted."""
    if sheet.rows[KEY_ROW][KEY_COLUMN] not in form.column:
        return sheet
    rows = [["", *row] for row in sheet.rows]
    return msgspec.structs.replace(sheet, column=sheet.column - 1, rows=rows)


def count_known_texts(raw: RawWorkbook, edition: Edition) -> int:
    """How many tasks and indicators of the plan the cells of a file name, 0 for too few."""
    plan = edition.plan
    known = {fold(task.text) for task in plan.tasks} | {fold(i.name) for i in plan.indicators}
    texts = {
        value
        for sheet in raw.sheets
        for row in sheet.rows
        for value in row
        if isinstance(value, str) and SHORTEST_TEXT <= len(value) <= LONGEST_TEXT
    }
    found = known.intersection(map(fold, sorted(texts)[:MOST_TEXTS]))
    return len(found) if len(found) >= FEWEST_KNOWN else 0
