"""Whose file it is: the stage before anything in it is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from khreport.anatomy import IDENTITY_SHEET, LISTS_SHEET
from khreport.edition import Edition, Token
from khreport.findings import Finding
from khreport.forms import Form
from khreport.messages import FILE_KINDS, finding
from khreport.raw import RawSheet, RawWorkbook

OUR_SHEETS = {IDENTITY_SHEET, LISTS_SHEET}


def sheet_token(sheet: RawSheet) -> Token | None:
    """The token in the first cell of the sheet's used range."""
    first = sheet.rows[0][0] if sheet.rows and sheet.rows[0] else None
    return Token.parse(first) if isinstance(first, str) else None


def identify(raw: RawWorkbook) -> Token | None:
    """The token of the file: what most of its form sheets say of their owner."""
    tokens = [token for sheet in raw.sheets if (token := sheet_token(sheet))]
    votes = Counter(map(_owner, tokens))
    return max(tokens, key=lambda token: votes[_owner(token)], default=None)


def _owner(token: Token) -> tuple[str, ...]:
    return token.plan, token.period, token.agency, token.digest


def refuse_file(
    raw: RawWorkbook, edition: Edition | None, file: str, *, any_edition: bool = False
) -> list[Finding]:
    """Why the file is not one of this round's, if it is not.

    `any_edition` says that its form version need not be ours, which is then told as a note.
    """
    token = identify(raw)
    code, found, expected = "", "", ""
    if token is None:
        code = "file.not_ours"
    elif edition is not None and token.plan != edition.plan.key:
        code, found, expected = "file.other_plan", token.plan, edition.plan.key
    elif edition is not None and token.period != edition.period.key:
        code, found, expected = "file.other_period", token.period, edition.period.key
    elif edition is None or (token.digest != edition.digest and not any_edition):
        code = "file.unknown_edition"
    elif token.agency not in edition.asked:
        code = "file.unknown_agency"
    elif token.digest != edition.digest:
        code = "file.other_edition"
    return [finding(code, file=file, found=found, expected=expected)] if code else []


def tell_problems(raw: RawWorkbook, file: str) -> list[Finding]:
    """What the reading process says of the file, in the catalogue's words."""
    return [
        finding(
            problem.code,
            file=file,
            kind=FILE_KINDS.get(problem.parts.get("kind", ""), ""),
            cell=problem.parts.get("cell", ""),
            limit=problem.parts.get("limit", ""),
        )
        for problem in raw.problems
    ]


def pick_sheets(
    raw: RawWorkbook, forms: Sequence[Form], file: str
) -> tuple[dict[str, RawSheet], list[RawSheet], list[Finding]]:
    """The sheet of each form by its token, whatever its name; the sheets that are not ours."""
    owner = identify(raw)
    sheets: dict[str, RawSheet] = {}
    others: list[RawSheet] = []
    findings: list[Finding] = []
    wanted = {form.key: form for form in forms}
    names = {form.sheet for form in forms}
    for sheet in sorted(raw.sheets, key=lambda sheet: sheet.name not in names):
        token = sheet_token(sheet)
        if token is None:
            if sheet.name not in OUR_SHEETS and any(v != "" for row in sheet.rows for v in row):
                others.append(sheet)
                findings.append(finding("sheet.added", file=file, sheet=sheet.name))
        elif owner is None or _owner(token) != _owner(owner) or token.form not in wanted:
            others.append(sheet)
            findings.append(finding("sheet.foreign", file=file, sheet=sheet.name))
        elif token.form not in sheets:
            sheets[token.form] = sheet
        else:
            first = sheets[token.form]
            same = _content(first) == _content(sheet)
            if not same:
                others.append(sheet)
            code = "sheet.copied" if same else "sheet.doubled"
            findings.append(finding(code, file=file, sheet=sheet.name, first=first.name))
    findings += [
        finding("sheet.missing", file=file, form=form.key, name=form.sheet)
        for form in wanted.values()
        if form.key not in sheets
    ]
    return sheets, others, findings


def _content(sheet: RawSheet) -> tuple[object, ...]:
    return sheet.rows, sheet.marks
