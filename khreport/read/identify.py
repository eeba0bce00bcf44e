"""Whose file it is: the stage before anything in it is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from khreport.anatomy import (
    ANSWERED,
    IDENTITY_SHEET,
    INDEX_SHEET,
    INDEX_TITLE,
    LISTS_SHEET,
    REVIEW_SHEET,
    REVIEW_TITLE,
    SUBMISSION_ID,
)
from khreport.edition import Edition, Token
from khreport.errors import CampaignError
from khreport.file_messages import FILE_KINDS
from khreport.findings import Finding
from khreport.forms import Form
from khreport.messages import finding
from khreport.periods import read_key
from khreport.quantities import format_number
from khreport.raw import RawSheet, RawWorkbook
from khreport.read.recognise import count_known_texts, find_form, identity_token, with_key_column

OUR_SHEETS = {IDENTITY_SHEET, LISTS_SHEET}
INDEX_TITLES = {INDEX_SHEET: INDEX_TITLE, REVIEW_SHEET: REVIEW_TITLE}
FREE_ROWS = ("coordinating", "records")
"""The rows of forms that an agency may leave out."""


def sheet_token(sheet: RawSheet) -> Token | None:
    """The token in the first cell of the sheet's used range."""
    first = sheet.rows[0][0] if sheet.rows and sheet.rows[0] else None
    return Token.parse(first) if isinstance(first, str) else None


def _is_ours(sheet: RawSheet) -> bool:
    if sheet.name in INDEX_TITLES:
        title = INDEX_TITLES[sheet.name]
        return str(sheet.rows[0][0]).startswith(title) if sheet.rows else True
    return sheet.name in OUR_SHEETS


def identify(raw: RawWorkbook) -> Token | None:
    """The token of the file: what most of its form sheets say of their owner.

    Where no form sheet says anything, its identity sheet does.
    """
    tokens = [token for sheet in raw.sheets if (token := sheet_token(sheet))]
    votes = Counter(map(_owner, tokens))
    most = max(tokens, key=lambda token: votes[_owner(token)], default=None)
    return most or identity_token(raw)


def _owner(token: Token) -> tuple[str, ...]:
    return token.plan, token.period, token.agency, token.digest


def find_base(raw: RawWorkbook) -> str:
    """The id of the submission whose correction the file is, as it says; "" if it is none.

    Anybody can write there: it names nothing until it is found among what came in.
    """
    for sheet in raw.sheets:
        for row in sheet.rows if sheet.name == IDENTITY_SHEET else ():
            named = row[1] if len(row) > 1 and row[0] == ANSWERED else None
            if isinstance(named, str) and SUBMISSION_ID.fullmatch(named):
                return named
    return ""


def refuse_file(
    raw: RawWorkbook, edition: Edition | None, file: str, *, any_edition: bool = False
) -> list[Finding]:
    """Why the file is not one of this round's, if it is not.

    `any_edition` says that its form version need not be ours, which is then told as a note.
    """
    token = identify(raw)
    code, found, expected = "", "", ""
    if token is None:
        count = count_known_texts(raw, edition) if edition is not None else 0
        if count:
            return [finding("file.pasted", file=file, count=str(count))]
        code = "file.not_ours"
    elif edition is not None and token.plan != edition.plan.key:
        code, found, expected = "file.other_plan", token.plan, edition.plan.key
    elif edition is not None and token.period != edition.period.key:
        code, found = "file.other_period", _name_period(token.period)
        expected = _name_period(edition.period.key)
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
            **{k: _word(k, v) for k, v in problem.parts.items()},  # type: ignore[arg-type]
        )
        for problem in raw.problems
    ]


def _word(part: str, value: str) -> str:
    if part == "kind":
        return FILE_KINDS[value]
    return format_number(float(value)) if part in ("limit", "count") else value


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
    left: list[RawSheet] = []
    for sheet in sorted(raw.sheets, key=lambda sheet: sheet.name not in names):
        token = sheet_token(sheet)
        if token is None:
            if not _is_ours(sheet) and any(v != "" for row in sheet.rows for v in row):
                left.append(sheet)
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
    unmarked = _pick_unmarked(left, forms, sheets)
    found = {sheet.name for sheet in sheets.values()}
    for sheet in left:
        code = "sheet.unmarked" if sheet.name in unmarked else "sheet.added"
        if sheet.name in found:
            code = "sheet.by_columns"
        else:
            others.append(sheet)
        findings.append(finding(code, file=file, sheet=sheet.name))
    findings += [
        finding(
            "sheet.left_out" if form.rows in FREE_ROWS else "sheet.missing",
            file=file,
            form=form.key,
            name=form.sheet,
        )
        for form in wanted.values()
        if form.key not in sheets and form.sheet not in unmarked
    ]
    return sheets, others, findings


def _pick_unmarked(
    left: Sequence[RawSheet], forms: Sequence[Form], sheets: dict[str, RawSheet]
) -> set[str]:
    """The names of our sheets that nothing tells of any more; `sheets` has those that it does."""
    unmarked = {form.sheet for form in forms if form.key not in sheets}
    for sheet in left:
        form = find_form(sheet, [form for form in forms if form.key not in sheets])
        if form is not None:
            sheets[form.key] = with_key_column(sheet, form)
            unmarked.discard(form.sheet)
    return unmarked.intersection(sheet.name for sheet in left)


def _content(sheet: RawSheet) -> tuple[object, ...]:
    return sheet.rows, sheet.marks


def _name_period(key: str) -> str:
    """A period as people call it, or what a file says instead of one."""
    try:
        named = read_key(key)
    except CampaignError:
        return key
    return key if named.kind == "year" else named.spoken
