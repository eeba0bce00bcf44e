"""The correction: a fresh form with the agency's answers poured in and each fault marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from khreport.anatomy import (
    ADDED_ROW,
    INDEX_SHEET,
    INDEX_TITLE,
    KEY_COLUMN,
    KEY_ROW,
    SUBMISSION_ID,
)
from khreport.edition import Edition
from khreport.findings import Finding, FindingGroup, group_findings
from khreport.forms import Form
from khreport.frames import PLACE, Submission
from khreport.layout.form import Filled, Mark
from khreport.layout.heights import MAX_ROW_PT, text_height_pt
from khreport.layout.styles import (
    ERROR_FILL,
    HEAD_FILL,
    LINK,
    NOTE,
    NOTE_FILL,
    SUBTITLE,
    TITLE,
    WARNING_FILL,
    table,
)
from khreport.layout.workbook import lay_out_workbook
from khreport.messages import row_name
from khreport.rows import FormRow
from khreport.sheet import Area, Book, Cell, Sheet, Value

FILLS = {"error": ERROR_FILL, "warning": WARNING_FILL, "note": NOTE_FILL}
WORDS = {"error": "Phải sửa", "warning": "Cần xem lại", "note": "Để biết"}
SIZE_PT = 11
WIDTHS = (5, 12, 9, 36, 56, 50)
CARRIED_WIDTHS = (9.0, 60.0)
"""The narrowest and the widest that a column of a carried sheet becomes."""
MOST_SHEET_NAME = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def lay_out_correction(
    edition: Edition, submission: Submission, findings: Sequence[Finding]
) -> Book:
    """The workbook that goes back: index of faults first, then the form, whole again."""
    filled = {
        form.key: _fill(edition, form, submission, findings)
        for form in edition.forms
        if form.key in submission.answers
    }
    # outside a campaign the id is a path, which is nobody else's business
    answered = submission.id if SUBMISSION_ID.fullmatch(submission.id) else ""
    book = lay_out_workbook(edition, submission.agency, filled, answered=answered)
    forms = {form.sheet: form for form in edition.forms}
    places = {
        forms[sheet.name].key: _key_rows(sheet) for sheet in book.sheets if sheet.name in forms
    }
    groups = group_findings(_moved(edition, finding, places) for finding in findings)
    taken = {INDEX_SHEET.casefold(), *(sheet.name.casefold() for sheet in book.sheets)}
    carried = tuple(
        _carried(_free_name(name, taken), rows) for name, rows in submission.extra.items()
    )
    index = _lay_out_index(edition, submission, groups)
    return msgspec.structs.replace(
        book, sheets=(index, *book.sheets[:-2], *carried, *book.sheets[-2:])
    )


def _fill(
    edition: Edition, form: Form, submission: Submission, findings: Sequence[Finding]
) -> Filled:
    frame = submission.answers[form.key]
    columns = [name for name in frame.columns if name not in PLACE]
    values: dict[tuple[str, str], Value] = {}
    added: list[FormRow] = []
    asked = {q.key for q in edition.asked[submission.agency] if q.form == form.key}
    for row in frame.iter_rows(named=True):
        for name in columns:
            if row[name] is not None:
                values[row["key"], name] = _shown(form, row["parent"], name, row[name])
        if (
            row["key"] not in asked
            and row["kind"] in ("line", "record")
            and ADDED_ROW in row["key"]
        ):
            added.append(FormRow(key=row["key"], kind=row["kind"], parent=row["parent"], mirror={}))
    marks: dict[tuple[str, str], Mark] = {}
    for finding in reversed(findings):
        if finding.form != form.key or finding.row_key is None or finding.column_key is None:
            continue
        where = (finding.row_key, finding.column_key)
        if where not in values and finding.value:
            values[where] = finding.value
        earlier = f"\n{marks[where].note}" if where in marks else ""
        note = f"{finding.message} {finding.fix}{earlier}"
        marks[where] = Mark(fill=FILLS[finding.severity], note=note)
    return Filled(values=values, marks=marks, added=added)


def _shown(form: Form, parent: str, column_key: str, value: Value) -> Value:
    if form.rows == "fields":
        field = next(field for field in form.fields if field.key == parent)
        labels = (
            {c.code: c.label for c in form.choice_list[field.list].choices} if field.list else {}
        )
        return labels.get(str(value), value)
    if form.column[column_key].type == "choice" and isinstance(value, str):
        return form.label(column_key, value)
    return value


def _key_rows(sheet: Sheet) -> dict[str, int]:
    return {
        str(cell.value): cell.row
        for cell in sheet.cells
        if cell.column == KEY_COLUMN and cell.row != KEY_ROW
    }


def _moved(edition: Edition, finding: Finding, places: dict[str, dict[str, int]]) -> Finding:
    """The finding at its cell in the correction, where rows may stand elsewhere."""
    if finding.form not in places or finding.row_key is None:
        return msgspec.structs.replace(finding, row=None, column=None)
    form = edition.form[finding.form]
    keys = [column.key for column in form.columns]
    row = places[finding.form].get(finding.row_key)
    # what concerns a whole row is shown at the first cell that the agency fills
    column_key = finding.column_key or next(c.key for c in form.columns if c.role == "answer")
    if row is None or column_key not in keys:
        return msgspec.structs.replace(finding, row=None, column=None)
    column = keys.index(column_key) + 1
    return msgspec.structs.replace(finding, sheet=form.sheet, row=row, column=column)


def _lay_out_index(
    edition: Edition, submission: Submission, groups: Sequence[FindingGroup]
) -> Sheet:
    plan = edition.plan
    agency = plan.agency[submission.agency]
    errors = sum(len(g.findings) for g in groups if g.first.severity == "error")
    warnings = sum(len(g.findings) for g in groups if g.first.severity == "warning")
    rows: list[list[tuple[str, str | None]]] = []
    for number, group in enumerate(groups, start=1):
        first = group.first
        link = f"'{first.sheet}'!{first.cell}" if first.cell else None
        rows.append(
            [
                (str(number), None),
                (WORDS[first.severity], None),
                # the link stands alone: LibreOffice does not wrap a linked cell
                (str(first.cell) if first.cell else "", link),
                (where_of(group), None),
                (first.message, None),
                (first.fix, None),
            ]
        )
    cells: list[Cell] = []
    heights: list[tuple[int, float]] = []
    merges: list[Area] = []
    at = 0

    def line(text: str, style: object, height: float) -> None:
        nonlocal at
        cells.append(Cell(at, 0, text, style))  # type: ignore[arg-type]
        merges.append(Area(at, 0, at, len(WIDTHS) - 1))
        heights.append((at, height))
        at += 1

    line(f"{INDEX_TITLE} - {agency.name.upper()}", TITLE, 28)
    line(f"{edition.period.name}; tệp đã nhận: {submission.file}", SUBTITLE, 20)
    line(
        f"Có {errors} ô phải sửa, {warnings} ô cần xem lại. Bấm vào cột “Đến ô” để đến chỗ sai; "
        "sửa ngay trong tệp này (ô tô màu, có ghi chú), lưu lại và gửi về. Sửa xong thì hết màu.",
        NOTE,
        36,
    )
    head_row = at
    cells += _table_row(at, ["TT", "Mức độ", "Đến ô", "Ở đâu", "Nội dung", "Cách sửa"], head=True)
    heights.append((at, 20))
    at += 1
    for row in rows:
        fill = next(f for s, f in FILLS.items() if WORDS[s] == row[1][0])
        cells += _linked_row(at, row, fill)
        heights.append((at, _height([text for text, _ in row])))
        at += 1
    if submission.repairs:
        line("Những chỗ đã tự chỉnh khi đọc (không phải sửa; xin kiểm tra lại)", NOTE, 24)
        for number, repair in enumerate(submission.repairs, start=1):
            named = row_name(plan, edition.form[repair.form], repair.row_key)
            texts = [
                str(number), "Đã chỉnh", "", f"{repair.sheet}, {named}",
                f"“{repair.before}” được hiểu là “{repair.after}”", repair.why,
            ]  # fmt: skip
            cells += _table_row(at, texts)
            heights.append((at, _height(texts)))
            at += 1
    return Sheet(
        name=INDEX_SHEET,
        cells=tuple(cells),
        widths=WIDTHS,
        heights=tuple(heights),
        merges=tuple(merges),
        freeze=(head_row + 1, 0),
        repeat_rows=(head_row, head_row),
        print_area=Area(0, 0, at - 1, len(WIDTHS) - 1),
        tab_color="C00000",
        footer=agency.name,
    )


def where_of(group: FindingGroup) -> str:
    """Where a group's cells are, without what is wrong with them."""
    sentence = str(group)
    where, found, _ = sentence.partition(f": {group.first.message}")
    return where if found else (group.first.sheet or "Cả tệp")


def _height(texts: Iterable[str]) -> float:
    return max(text_height_pt(t, w, SIZE_PT) for t, w in zip(texts, WIDTHS, strict=True)) + 3


def _table_row(at: int, texts: Iterable[str], *, head: bool = False) -> Iterable[Cell]:
    look = table(SIZE_PT, bold=head, fill=HEAD_FILL if head else None)
    return [Cell(at, column, text, look) for column, text in enumerate(texts)]


def _linked_row(at: int, row: list[tuple[str, str | None]], fill: str) -> Iterable[Cell]:
    for column, (text, link) in enumerate(row):
        look = table(
            SIZE_PT, fill=fill if column == 1 else None, color=LINK.color if link else "000000"
        )
        yield Cell(at, column, text, look, link=link)


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
