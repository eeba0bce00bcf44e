"""The first sheet of a correction: what is wrong, what was mended, and what was carried along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import msgspec

from khreport.anatomy import (
    ADDED_SHEET,
    INDEX_SHEET,
    INDEX_TITLE,
    REVIEW_SHEET,
    REVIEW_TITLE,
)
from khreport.cells import CellRef, column_index, list_cells
from khreport.checks.settle import MOST_WARNINGS
from khreport.edition import Edition
from khreport.findings import Finding, FindingGroup, Severity, any_block, group_findings
from khreport.forms import Form
from khreport.frames import Repair, Submission
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
from khreport.messages import place, quote, row_name
from khreport.read.leftovers import KEPT_SHEET
from khreport.sheet import Area, Cell, Sheet

FILLS: dict[Severity, str] = {"error": ERROR_FILL, "warning": WARNING_FILL, "note": NOTE_FILL}
WORDS: dict[Severity, str] = {"error": "Phải sửa", "warning": "Cần xem lại", "note": "Để biết"}
SIZE_PT = 11
HEADINGS = ("TT", "Mức độ", "Đến ô", "Ở đâu", "Nội dung", "Cách sửa", "Ô ở tệp đã nhận")
WIDTHS = (5, 12, 9, 36, 54, 48, 16)
TOLD_AS_CARRIED = ("sheet.added", "cell.outside")
"""What is told in the lines of what was carried along."""
MOST_LISTED = 200
"""Characters of a list of cells."""
MOST_NAMED = 80
"""Characters of the names of several cells."""
ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d*)")
TO_MEND = (
    "Có {errors} ô phải sửa, {warnings} ô cần xem lại. Bấm vào cột “Đến ô” để đến chỗ sai; "
    "sửa ngay trong tệp này (ô tô màu, có ghi chú), lưu lại và gửi về. Sửa xong thì hết màu."
)
TO_REVIEW = (
    "Bản nộp đã đạt; không bắt buộc gửi lại. Có {warnings} ô cần xem lại: bấm vào cột “Đến ô” để "
    "đến từng chỗ; nếu phải sửa thì sửa ngay trong tệp này, lưu lại và gửi về."
)
MENDED = "Những chỗ đã tự chỉnh khi đọc (không phải sửa; xin kiểm tra lại)"
CARRIED = "Những gì ghi ngoài biểu (được giữ lại trong tệp này, không tổng hợp)"


class Moved(msgspec.Struct, frozen=True):
    """A finding at its cell in the correction, and as it was at its cell in the return."""

    finding: Finding
    origin: Finding


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the index. `link` leads to a place in the workbook and reads `to`."""

    level: str
    fill: str | None = None
    to: str = ""
    link: str | None = None
    where: str
    message: str
    fix: str
    origin: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """What stands after the line's number, column by column."""
        return self.level, self.to, self.where, self.message, self.fix, self.origin


def lay_out_index(
    edition: Edition,
    submission: Submission,
    moved: Sequence[Moved],
    repairs: Sequence[tuple[Repair, CellRef | None]],
    carried: Mapping[str, str],
) -> Sheet:
    """The index of a correction.

    `repairs` have their cells in it; `carried` are the sheets of `submission.extra` by name,
    each with the name under which it stands there.
    """
    blocks = any_block([each.finding for each in moved])
    count = {severity: _count_cells(moved, severity) for severity in WORDS}
    words = TO_MEND if blocks else TO_REVIEW
    told = [each for each in moved if each.finding.code not in TOLD_AS_CARRIED]
    page = _Page()
    agency = edition.plan.agency[submission.agency]
    page.span(f"{INDEX_TITLE if blocks else REVIEW_TITLE} - {agency.name.upper()}", TITLE, 28)
    page.span(f"{edition.period.name}; tệp đã nhận: {submission.file}", SUBTITLE, 20)
    page.span(words.format(errors=count["error"], warnings=count["warning"]), NOTE, 36)
    head_row = page.at
    page.row(HEADINGS, head=True)
    page.lines(_fault_lines(edition, told))
    if repairs:
        page.span(MENDED, NOTE, 24)
        page.lines(_repair_lines(edition, repairs))
    if carried:
        page.span(CARRIED, NOTE, 24)
        page.lines(_carried_line(submission, name, now) for name, now in carried.items())
    return Sheet(
        name=INDEX_SHEET if blocks else REVIEW_SHEET,
        cells=tuple(page.cells),
        widths=WIDTHS,
        heights=tuple(page.heights),
        merges=tuple(page.merges),
        freeze=(head_row + 1, 0),
        repeat_rows=(head_row, head_row),
        print_area=Area(0, 0, page.at - 1, len(WIDTHS) - 1),
        tab_color="C00000",
        footer=agency.name,
    )


def _count_cells(moved: Sequence[Moved], severity: Severity) -> int:
    """The cells with something of that weight; what has no cell counts by itself."""
    found = [each.finding for each in moved if each.finding.severity == severity]
    cells = {(finding.sheet, finding.cell) for finding in found if finding.cell}
    return len(cells) + sum(not finding.cell for finding in found)


class _Page:
    """The sheet as it is written, from the top down; `at` is the next free row."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.heights: list[tuple[int, float]] = []
        self.merges: list[Area] = []
        self.at = 0

    def span(self, text: str, style: object, height: float) -> None:
        self.cells.append(Cell(self.at, 0, text, style))  # type: ignore[arg-type]
        self.merges.append(Area(self.at, 0, self.at, len(WIDTHS) - 1))
        self.heights.append((self.at, height))
        self.at += 1

    def row(self, texts: Sequence[str], line: Line | None = None, *, head: bool = False) -> None:
        fill = HEAD_FILL if head else None
        for column, text in enumerate(texts):
            # the link stands alone: LibreOffice does not wrap a linked cell
            link = line.link if line and HEADINGS[column] == "Đến ô" else None
            look = table(
                SIZE_PT,
                bold=head,
                fill=line.fill if line and HEADINGS[column] == "Mức độ" else fill,
                color=LINK.color if link else "000000",
            )
            self.cells.append(Cell(self.at, column, text, look, link=link))
        tallest = max(text_height_pt(t, w, SIZE_PT) for t, w in zip(texts, WIDTHS, strict=True))
        self.heights.append((self.at, min(MAX_ROW_PT, tallest + 3)))
        self.at += 1

    def lines(self, lines: Iterable[Line]) -> None:
        for number, line in enumerate(lines, start=1):
            self.row((str(number), *line.texts), line)


def _fault_lines(edition: Edition, moved: Sequence[Moved]) -> Iterable[Line]:
    """A line for each group; of a rule's warnings in a sheet the first, and one for the rest."""
    cards = {rule.id for rule in edition.rules}
    origins: dict[Finding, list[Finding]] = {}
    for each in moved:
        origins.setdefault(each.finding, []).append(each.origin)
    seen: dict[tuple[str, str | None], list[FindingGroup]] = {}
    groups = group_findings(each.finding for each in moved)
    for group in groups:
        first = group.first
        if first.severity == "warning" and first.code in cards and first.cell:
            seen.setdefault((first.code, first.sheet), []).append(group)
    for group in groups:
        alike = seen.get((group.first.code, group.first.sheet), [])
        if group not in alike or alike.index(group) < MOST_WARNINGS:
            yield _fault_line(group, group.first.message, origins)
        elif alike.index(group) == MOST_WARNINGS:
            rest = FindingGroup(tuple(f for g in alike[MOST_WARNINGS:] for f in g.findings))
            cells = list_cells(f.cell for g in alike[:MOST_WARNINGS] for f in g.findings if f.cell)
            message = f"Còn {len(rest.findings)} ô khác cần xem lại vì cùng lý do với {cells}."
            yield _fault_line(rest, message, origins)


def _fault_line(
    group: FindingGroup, message: str, origins: Mapping[Finding, Sequence[Finding]]
) -> Line:
    first = group.first
    return Line(
        level=WORDS[first.severity],
        fill=FILLS[first.severity],
        to=str(first.cell) if first.cell else "",
        link=_lead_to(first.sheet, first.cell),
        where=where_of(group),
        message=message,
        fix=first.fix,
        origin=_where_it_was(group, [o for f in group.findings for o in origins[f]]),
    )


def where_of(group: FindingGroup) -> str:
    """Where all cells of a group are, without what is wrong with them."""
    first = group.first
    cells = [finding.cell for finding in group.findings if finding.cell]
    if not cells:
        return ", ".join(filter(None, (first.sheet, first.place))) or "Cả tệp"
    called = "các ô" if len(cells) > 1 else "ô"
    names = "; ".join(dict.fromkeys(f.place for f in group.findings if f.place))
    named = f" ({names})" if names and (len(cells) == 1 or len(names) <= MOST_NAMED) else ""
    return f"{first.sheet}, {called} {list_cells(cells)}{named}"


def _where_it_was(group: FindingGroup, origins: Sequence[Finding]) -> str:
    """The cells in the return, where they or their sheet are others than in the correction."""
    now = {(finding.sheet, finding.cell) for finding in group.findings}
    then = sorted({(origin.sheet or "", origin.cell) for origin in origins if origin.cell}, key=str)
    if set(then) == now:
        return ""
    parts = []
    for sheet, pairs in groupby(then, key=lambda pair: pair[0]):
        cells = list_cells(cell for _, cell in pairs if cell)
        parts.append(cells if sheet == group.first.sheet else f"{sheet}: {cells}")
    return quote("; ".join(parts), MOST_LISTED)


def _repair_lines(
    edition: Edition, repairs: Sequence[tuple[Repair, CellRef | None]]
) -> Iterable[Line]:
    """A line for all cells of a form in which the same was mended in the same way."""
    alike: dict[tuple[str, ...], list[tuple[Repair, CellRef | None]]] = {}
    for repair, cell in repairs:
        key = (repair.form, repair.before, repair.after, repair.why)
        alike.setdefault(key if cell else (*key, repair.row_key), []).append((repair, cell))
    for group in alike.values():
        (first, cell), form = group[0], edition.form[group[0][0].form]
        cells = [each for _, each in group if each]
        if len(cells) > 1:
            where = f"{form.sheet}, các ô {list_cells(cells)}"
        else:
            named = row_name(edition.plan, form, first.row_key)
            said = place(form, first.column_key, named) if first.column_key else named
            where = f"{form.sheet}, ô {cell} ({said})" if cell else f"{form.sheet}, {said}"
        yield Line(
            level="Đã chỉnh",
            to=str(cell) if cell else "",
            link=_lead_to(form.sheet, cell),
            where=where,
            message=_tell_repair(form, first),
            fix=first.why,
        )


def _tell_repair(form: Form, repair: Repair) -> str:
    if repair.before != repair.after or repair.column_key not in form.column:
        return f"“{repair.before}” được hiểu là “{repair.after}”"
    is_day = form.column[repair.column_key].type == "date"
    return f"“{repair.before}” ghi dạng chữ, được đọc là {'ngày' if is_day else 'số'}"


def _carried_line(submission: Submission, name: str, now: str) -> Line:
    rows = submission.extra[name]
    fix = "Nếu là câu trả lời, hãy chép vào ô nền vàng của biểu."
    origin = ""
    if name.endswith(ADDED_SHEET):
        cells = [_address(row[0]) for row in rows if row]
        where = f"Ngoài các ô của sheet “{name.removesuffix(ADDED_SHEET)}”"
        origin = quote(list_cells(cell for cell in cells if cell), MOST_LISTED)
    elif name == KEPT_SHEET:
        where, fix = "Phần mà biểu hiện hành không còn hỏi", "Không phải làm gì thêm."
    else:
        where = f"Sheet “{name}”"
    count = sum(bool(text) for row in rows for text in row)
    return Line(
        level="Giữ lại",
        to="Mở",
        link=_lead_to(now, CellRef(0, 0)),
        where=where,
        message=f"Nay ở sheet “{now}” của tệp này ({count} ô có nội dung).",
        fix=fix,
        origin=origin,
    )


def _address(text: str) -> CellRef | None:
    found = ADDRESS.fullmatch(text)
    return CellRef(int(found[2]) - 1, column_index(found[1])) if found else None


def _lead_to(sheet: str | None, cell: CellRef | None) -> str | None:
    if sheet is None or cell is None:
        return None
    return f"'{sheet.replace(chr(39), chr(39) * 2)}'!{cell}"
