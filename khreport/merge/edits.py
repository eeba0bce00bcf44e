"""The editing workbook, read back: what the officer wrote, by key."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

import msgspec

from khreport.anatomy import KEY_COLUMN, SECTION_MARK
from khreport.cells import CellRef
from khreport.columns import STATUS
from khreport.consolidation import Edits, Unread
from khreport.dates import format_date, parse_date
from khreport.edition import Edition
from khreport.evidence import Source
from khreport.findings import Finding, any_block, sort_findings
from khreport.forms import ChoiceList, Form
from khreport.merge.kept import find_jottings, find_own_sheets
from khreport.merge.opinions import find_subject
from khreport.messages import finding
from khreport.quantities import format_number
from khreport.raw import RawSheet, RawWorkbook
from khreport.read.identify import sheet_token, tell_problems
from khreport.text import clean, fold, suggest

TASKS_SHEET, INDICATORS_SHEET, PROPOSALS_SHEET, SLOTS_SHEET = "BT1", "BT2", "BT3", "BT4"
SHEET_NAMES = {
    TASKS_SHEET: "Nhiệm vụ",
    INDICATORS_SHEET: "Chỉ tiêu",
    PROPOSALS_SHEET: "Kiến nghị",
    SLOTS_SHEET: "Nội dung báo cáo",
}
EDITED_STATUS, EDITED_DAY = "edited_status", "edited_day"
CHOSEN, EDITED_RESULT = "chosen_agency", "edited_result"
ASSESSMENT, OPINION, PASSAGE = "assessment", "opinion", "passage"
EDITED = {
    TASKS_SHEET: {
        EDITED_STATUS: "Tình trạng biên tập",
        EDITED_DAY: "Ngày hoàn thành biên tập",
        CHOSEN: "Chọn cơ quan",
        EDITED_RESULT: "Kết quả biên tập",
    },
    INDICATORS_SHEET: {ASSESSMENT: "Đánh giá"},
    PROPOSALS_SHEET: {OPINION: "Ý kiến của cơ quan tổng hợp"},
    SLOTS_SHEET: {PASSAGE: "Nội dung"},
}
"""The columns of each sheet that the officer writes in, with their headings."""
OFFICER = "Người biên tập"
HEAD_ROWS = 5
"""The rows above the table of a sheet: keys, titles, note, headings."""
UNUSED = SECTION_MARK + "chua-dung"
"""How the keys of rows begin that hold entries which no other row takes."""
_EXCEL_ERROR = re.compile(r"#[A-Z/0]+[!?A]")


class Entry(msgspec.Struct, frozen=True):
    """One thing that the officer wrote, and where."""

    sheet: str
    form: str
    key: str
    column_key: str
    row: int
    column: int
    text: str


def read_edits(raw: RawWorkbook, edition: Edition, file: str) -> tuple[Edits, tuple[Finding, ...]]:
    """What stands in the editing workbook, and a finding for each entry that cannot be used.

    Rows are known by their keys; entries keep their wording. An empty cell says nothing.
    What cannot be used is kept as `Edits.unread`, what stands outside the tables beside it.
    """
    sheets, findings = _find_sheets(raw, edition, file)
    entries: dict[tuple[str, str], Entry] = {}
    faulty: list[Entry] = []
    edits = Edits()
    for form, sheet in sheets:
        for code, entry in _read_sheet(form, sheet, file, findings):
            first = entry if code else entries.setdefault((entry.column_key, entry.key), entry)
            told = _tell(code, entry, file) if code else None
            if first.text != entry.text:
                told = _tell("edit.doubled", entry, file, first=_where(first))
            elif first is entry and not code:
                told = _put(edits, entry, edition, file)
            if told is not None:
                findings.append(told)
                faulty.append(entry)
    edits = msgspec.structs.replace(
        edits,
        unread=tuple(
            Unread(e.form, "" if e.key.startswith(UNUSED) else e.key, e.column_key, e.text)
            for e in faulty
        ),
        jottings=tuple(
            jotting
            for form, sheet in sheets
            for jotting in find_jottings(form, sheet, HEAD_ROWS, EDITED[form])
        ),
        extra=find_own_sheets(raw, [sheet.name for _, sheet in sheets]),
    )
    return edits, tuple(sort_findings(findings))


def _find_sheets(
    raw: RawWorkbook, edition: Edition, file: str
) -> tuple[list[tuple[str, RawSheet]], list[Finding]]:
    """The sheets of this round's editing workbook by form, and what is wrong with the others."""
    findings = tell_problems(raw, file)
    sheets: list[tuple[str, RawSheet]] = []
    for sheet in raw.sheets:
        token = sheet_token(sheet)
        if token is not None and token.form in EDITED:
            if (token.plan, token.period) == (edition.plan.key, edition.period.key):
                sheets.append((token.form, sheet))
            else:
                findings.append(finding("edit.other_round", file=file, sheet=sheet.name))
    found = {form for form, _ in sheets}
    if found:
        missing = [name for form, name in SHEET_NAMES.items() if form not in found]
        findings += [finding("edit.sheet_missing", file=file, name=name) for name in missing]
    elif not any_block(findings):
        findings.append(finding("edit.not_ours", file=file))
    return sheets, findings


def _read_sheet(
    form: str, sheet: RawSheet, file: str, findings: list[Finding]
) -> Iterator[tuple[str, Entry]]:
    """The entries of a sheet, each with a message code where its place or kind is a fault."""
    names = sheet.rows[0]
    places = {key: names.index(key) for key in EDITED[form] if key in names}
    for key, heading in EDITED[form].items():
        if key not in places:
            findings.append(
                finding(
                    "edit.column_missing", file=file, sheet=sheet.name, form=form,
                    column_key=key, heading=heading,
                )
            )  # fmt: skip
    marks = {(row, column): text for row, column, text in sheet.marks}
    for row, cells in enumerate(sheet.rows[1:], start=sheet.row + 1):
        row_key = clean(str(cells[KEY_COLUMN]))
        for column_key, place in places.items():
            column = sheet.column + place
            text = _text(cells[place]) or marks.get((row, column), "")
            if not text or (not row_key and text == EDITED[form][column_key]):
                continue  # nothing, or the heading itself
            entry = Entry(sheet.name, form, row_key, column_key, row, column, text)
            yield _find_fault(entry), entry


def _find_fault(entry: Entry) -> str:
    """The code of what is wrong with an entry's place or kind; "" if nothing is."""
    if entry.text.startswith("=") or _EXCEL_ERROR.fullmatch(entry.text):
        return "edit.formula"
    if not entry.key or entry.key.startswith(UNUSED):
        return "edit.no_key"
    return "edit.misplaced" if entry.key.startswith(SECTION_MARK) else ""


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, int | float):
        return format_number(value)
    if isinstance(value, dt.date):
        return format_date(value)
    return clean(str(value))


def _put(edits: Edits, entry: Entry, edition: Edition, file: str) -> Finding | None:
    """The finding, or None and the entry now stands in `edits`."""
    key, text = entry.key, entry.text
    if entry.form == SLOTS_SHEET:
        edits.slots[key] = text
    elif not _is_known(entry, edition):
        return _tell("edit.unknown_row", entry, file, key=key)
    elif entry.column_key == EDITED_RESULT:
        edits.results[key] = text
    elif entry.column_key == ASSESSMENT:
        edits.assessments[key] = text
    elif entry.column_key == OPINION:
        edits.opinions[key] = text
    elif entry.column_key == EDITED_STATUS:
        return _put_status(edits, entry, edition, file)
    elif entry.column_key == EDITED_DAY:
        return _put_day(edits, entry, edition, file)
    else:
        return _put_agency(edits, entry, edition, file)
    return None


def _is_known(entry: Entry, edition: Edition) -> bool:
    if entry.form == TASKS_SHEET:
        return entry.key in edition.plan.task
    if entry.form == INDICATORS_SHEET:
        return entry.key in edition.plan.indicator
    return find_subject(entry.key, edition) is not None


def locate_edits(raw: RawWorkbook, edition: Edition, file: str) -> dict[tuple[str, str], Source]:
    """The cell of each entry of the editing workbook, by column and row key; `digest` is open."""
    return {
        (entry.column_key, entry.key): Source(
            agency="",
            name=OFFICER,
            column=entry.column_key,
            heading=EDITED[form][entry.column_key],
            value=entry.text,
            file=file,
            digest="",
            sheet=entry.sheet,
            cell=str(CellRef(entry.row, entry.column)),
        )
        for form, sheet in reversed(_find_sheets(raw, edition, file)[0])
        for code, entry in reversed(list(_read_sheet(form, sheet, file, [])))
        if not code
    }


def task_statuses(edition: Edition, task: str) -> tuple[Form, ChoiceList]:
    """The form that asks for a task, and the statuses that the task may have."""
    appendix = edition.plan.task[task].appendix
    form = next(f for f in edition.forms if f.rows == "tasks" and f.appendix == appendix)
    list_key = form.column[STATUS].list_for(form.kind or edition.plan.task[task].kind)
    return form, form.choice_list[str(list_key)].open


def asked_agencies(edition: Edition, task: str) -> tuple[str, ...]:
    """The agencies that the round asks about a task."""
    return tuple(q.agency for q in edition.questions if q.key == q.parent == task)


def _put_status(edits: Edits, entry: Entry, edition: Edition, file: str) -> Finding | None:
    _, statuses = task_statuses(edition, entry.key)
    codes = {fold(choice.label): choice.code for choice in statuses.choices}
    code = codes.get(fold(entry.text))
    if code is None:
        return _tell_choice("edit.status", entry, file, statuses.labels)
    edits.statuses[entry.key] = code
    return None


def _put_day(edits: Edits, entry: Entry, edition: Edition, file: str) -> Finding | None:
    day = parse_date(entry.text).value
    closing = edition.period.closing
    if day is None or not edition.plan.date <= day <= closing:
        return _tell("edit.day", entry, file, closing=format_date(closing))
    edits.days[entry.key] = day
    return None


def _put_agency(edits: Edits, entry: Entry, edition: Edition, file: str) -> Finding | None:
    agencies = [edition.plan.agency[key] for key in asked_agencies(edition, entry.key)]
    keys = {
        fold(spelling): agency.key
        for agency in agencies
        for spelling in (agency.name, agency.short, *agency.spellings)
    }
    key = keys.get(fold(entry.text))
    if key is None:
        return _tell_choice("edit.agency", entry, file, [agency.name for agency in agencies])
    edits.chosen[entry.key] = key
    return None


def _tell_choice(code: str, entry: Entry, file: str, labels: Iterable[str]) -> Finding:
    labels = tuple(labels)
    meant = suggest(entry.text, labels)
    hint = f" Có phải “{meant}”?" if meant else f" Ví dụ “{labels[0]}”."
    return _tell(code, entry, file, hint=hint)


def _tell(code: str, entry: Entry, file: str, **parts: str) -> Finding:
    return finding(
        code,
        file=file,
        sheet=entry.sheet,
        form=entry.form,
        row=entry.row,
        column=entry.column,
        row_key=entry.key or None,
        column_key=entry.column_key,
        value=entry.text,
        **parts,
    )


def _where(entry: Entry) -> str:
    return f"dòng {entry.row + 1} của sheet “{entry.sheet}”"
