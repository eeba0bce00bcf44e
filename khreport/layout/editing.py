"""The editing workbook: agencies' answers side by side, and cells for the officer's decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from khreport.anatomy import KEY_COLUMN, KEY_ROW, LISTS_SHEET
from khreport.cells import CellRef
from khreport.columns import (
    ADDRESSEE,
    COMPLETED_ON,
    DIFFICULTY,
    EXPECTED_ON,
    PERCENT,
    PROPOSAL,
    RESULT,
    STATUS,
)
from khreport.consolidation import Consolidation, Edits
from khreport.edition import Edition, Token
from khreport.layout.editing_carried import (
    lay_out_jottings,
    lay_out_own_sheets,
    pour_unread,
)
from khreport.layout.editing_lists import indicator_rows, proposal_rows, slot_rows
from khreport.layout.editing_rows import (
    AGENCY,
    DEADLINE,
    MEASURE,
    NAME,
    NUMBER,
    OTHER,
    PROMPT,
    SOURCE,
    TARGETS,
    TIMELINESS,
    EditingRow,
    agency_lists,
    differing_agencies,
    task_rows,
)
from khreport.layout.form import Mark, condition_until_mended
from khreport.layout.form_head import headings, subtitle
from khreport.layout.heights import MAX_ROW_PT, text_height_pt
from khreport.layout.input import list_name
from khreport.layout.styles import (
    ANSWER_FILL,
    ANSWER_HEAD_FILL,
    CLOSED_FILL,
    ERROR_FILL,
    HEAD_FILL,
    KEY,
    NOTE,
    SECTION_FILL,
    SUBTITLE,
    TEXT_FORMAT,
    TITLE,
    table,
)
from khreport.layout.table import TableColumn, cell_look, row_height
from khreport.merge.consolidate import task_forms
from khreport.merge.edits import (
    CHOSEN,
    EDITED,
    EDITED_DAY,
    EDITED_RESULT,
    EDITED_STATUS,
    HEAD_ROWS,
    INDICATORS_SHEET,
    OPINION,
    PASSAGE,
    PROPOSALS_SHEET,
    SHEET_NAMES,
    SLOTS_SHEET,
    TASKS_SHEET,
)
from khreport.sheet import Area, Book, Cell, Condition, InputCheck, Sheet

TITLE_ROW, SUBTITLE_ROW, NOTE_ROW, HEADING_ROW, FIRST_ROW = range(1, HEAD_ROWS + 1)
SIZE_PT = 9
OPEN_ROW_PT = 36
"""Room for a few lines in a row that the officer writes in."""
MOST_LETTERS = 10_000
MOST_DAY_LETTERS = 40

Columns = dict[str, TableColumn]

NOTES = {
    TASKS_SHEET: (
        "Chỉ ghi vào ô nền vàng nhạt. Dòng nhiệm vụ ở trên, câu trả lời của từng cơ quan ở dưới. "
        "Để trống thì báo cáo lấy đúng câu trả lời của cơ quan. Nhiệm vụ tô màu cam là nơi các cơ "
        "quan báo cáo khác nhau: hãy chọn cơ quan có câu trả lời được dùng, hoặc chọn tình trạng "
        "biên tập. Sửa tình trạng thành “Hoàn thành” thì ghi cả ngày hoàn thành."
    ),
    INDICATORS_SHEET: "Chỉ ghi vào cột “Đánh giá”. Số liệu do cơ quan theo dõi chỉ tiêu báo cáo.",
    PROPOSALS_SHEET: "Ghi ý kiến của cơ quan tổng hợp về từng kiến nghị vào cột nền vàng nhạt.",
    SLOTS_SHEET: "Các đoạn của báo cáo không tính được từ số liệu. Xuống dòng để sang đoạn mới.",
}
TITLES = {
    TASKS_SHEET: "BIÊN TẬP KẾT QUẢ THỰC HIỆN NHIỆM VỤ",
    INDICATORS_SHEET: "ĐÁNH GIÁ CÁC CHỈ TIÊU",
    PROPOSALS_SHEET: "Ý KIẾN VỀ CÁC KIẾN NGHỊ",
    SLOTS_SHEET: "NỘI DUNG BÁO CÁO DO CƠ QUAN TỔNG HỢP VIẾT",
}
TASK_COLUMNS: Columns = {
    NUMBER: TableColumn("TT", 6),
    NAME: TableColumn("Nhiệm vụ; cơ quan trả lời", 27),
    DEADLINE: TableColumn("Tiến độ thực hiện", 9),
    STATUS: TableColumn("Tình trạng", 10, "choice"),
    TIMELINESS: TableColumn("So với thời hạn", 10, "choice"),
    EDITED_STATUS: TableColumn(EDITED[TASKS_SHEET][EDITED_STATUS], 11, "choice"),
    EDITED_DAY: TableColumn(EDITED[TASKS_SHEET][EDITED_DAY], 9.5, "choice"),
    CHOSEN: TableColumn(EDITED[TASKS_SHEET][CHOSEN], 12, "choice"),
    RESULT: TableColumn("Kết quả cơ quan báo cáo", 38.5),
    EDITED_RESULT: TableColumn(EDITED[TASKS_SHEET][EDITED_RESULT], 38.5),
    PERCENT: TableColumn("Tỷ lệ (%)", 6, "number"),
    COMPLETED_ON: TableColumn("Ngày hoàn thành", 9.5, "date"),
    EXPECTED_ON: TableColumn("Dự kiến hoàn thành", 9.5, "date"),
    DIFFICULTY: TableColumn("Khó khăn, nguyên nhân", 22),
    PROPOSAL: TableColumn("Kiến nghị", 17.5),
    OTHER: TableColumn("Nội dung khác", 38.5),
    SOURCE: TableColumn("Nguồn (tệp, sheet, dòng)", 14),
}
PROPOSAL_COLUMNS: Columns = {
    NUMBER: TableColumn("TT", 6),
    NAME: TableColumn("Nhiệm vụ", 40),
    AGENCY: TableColumn("Cơ quan kiến nghị", 18),
    PROPOSAL: TableColumn("Nội dung kiến nghị", 48),
    ADDRESSEE: TableColumn("Gửi cơ quan nào", 16),
    OPINION: TableColumn(EDITED[PROPOSALS_SHEET][OPINION], 48),
    SOURCE: TableColumn("Nguồn (tệp, sheet, dòng)", 16),
}
SLOT_COLUMNS: Columns = {
    NUMBER: TableColumn("TT", 6),
    PROMPT: TableColumn("Cần viết", 44),
    PASSAGE: TableColumn(EDITED[SLOTS_SHEET][PASSAGE], 96),
}


def lay_out_editing(
    edition: Edition,
    consolidation: Consolidation,
    edits: Edits,
    slots: Sequence[tuple[str, str]] = (),
) -> Book:
    """The officer's workbook with what has been written in it so far.

    `slots` are the passages that only the officer can write: key and what to write.
    """
    lists, names = _lists(edition, consolidation, edits)
    drawn = (edition, consolidation, edits)
    found: dict[str, tuple[Columns, Iterable[EditingRow]]] = {
        TASKS_SHEET: (TASK_COLUMNS, task_rows(*drawn)),
        INDICATORS_SHEET: (_indicator_columns(edition), indicator_rows(*drawn)),
        PROPOSALS_SHEET: (PROPOSAL_COLUMNS, proposal_rows(*drawn)),
        SLOTS_SHEET: (SLOT_COLUMNS, slot_rows(slots, edits)),
    }
    sheets = [
        _lay_out(edition, form, columns, rows, edits) for form, (columns, rows) in found.items()
    ]
    own = lay_out_own_sheets(edits, [*(sheet.name for sheet in sheets), lists.name])
    return Book(
        sheets=(*sheets, *own, lists),
        names=names,
        title=f"Biên tập báo cáo - {edition.period.name}",
    )


def _indicator_columns(edition: Edition) -> Columns:
    columns = {
        NUMBER: TableColumn("TT", 5),
        NAME: TableColumn("Chỉ tiêu", 27),
        MEASURE: TableColumn("Đơn vị tính", 10),
        TARGETS: TableColumn("Mục tiêu của kế hoạch", 22),
        AGENCY: TableColumn("Cơ quan theo dõi", 14),
    }
    for form in edition.forms:
        if form.rows == "indicators":
            columns |= {
                column.key: TableColumn(heading, column.width, column.type)
                for column, heading in zip(form.columns, headings(edition, form), strict=True)
                if column.role != "mirror"
            }
    columns |= {
        key: TableColumn(heading, 38.5) for key, heading in EDITED[INDICATORS_SHEET].items()
    }
    return {**columns, SOURCE: TableColumn("Nguồn (tệp, sheet, dòng)", 14)}


def _lay_out(
    edition: Edition, form: str, columns: Columns, found: Iterable[EditingRow], edits: Edits
) -> Sheet:
    rows = tuple(pour_unread(form, found, edits.unread))
    last_column, last_row = len(columns), max(FIRST_ROW + len(rows) - 1, HEADING_ROW)
    cells = [*_head(edition, form, columns)]
    merges = [Area(row, 1, row, last_column) for row in (TITLE_ROW, SUBTITLE_ROW, NOTE_ROW)]
    heights = [(KEY_ROW, 15.0), *_head_heights(form, columns)]
    for at, row in enumerate(rows, start=FIRST_ROW):
        cells.append(Cell(at, KEY_COLUMN, row.key, KEY))
        if row.look == "band":
            text = str(row.values[NUMBER])
            cells.append(Cell(at, 1, text, table(11, fill=SECTION_FILL, bold=True)))
            merges.append(Area(at, 1, at, last_column))
            width = sum(column.width + 0.7 for column in columns.values())
            heights.append((at, 3 + text_height_pt(text, width, 11, bold=True)))
        else:
            cells += _row_cells(form, columns, row, at)
            heights.append((at, _height(columns, row)))
    places = {row.key: at for at, row in enumerate(rows, start=FIRST_ROW)}
    noted = [cell for cell in cells if cell.note]
    cells += lay_out_jottings(form, edits.jottings, list(columns), places, last_row)
    return Sheet(
        name=SHEET_NAMES[form],
        cells=tuple(cells),
        widths=(3, *(column.width for column in columns.values())),
        heights=tuple(heights),
        hidden_rows=(KEY_ROW,),
        hidden_columns=(KEY_COLUMN,),
        merges=tuple(merges),
        checks=tuple(_checks(form, columns, rows)),
        conditions=(*map(_mark, noted), *_conditions(columns, rows)),
        filter=Area(HEADING_ROW, KEY_COLUMN, last_row, last_column),
        freeze=(FIRST_ROW, 3),
        repeat_rows=(HEADING_ROW, HEADING_ROW),
        print_area=Area(TITLE_ROW, 1, last_row, last_column),
        paper="A3",
        margin_mm=7,
        zoom=115,
        footer=SHEET_NAMES[form],
    )


def _head(edition: Edition, form: str, columns: Columns) -> Iterator[Cell]:
    token = Token(
        plan=edition.plan.key,
        period=edition.period.key,
        agency=edition.plan.collector,
        form=form,
        digest=edition.digest,
    )
    yield Cell(KEY_ROW, KEY_COLUMN, str(token), KEY)
    yield Cell(TITLE_ROW, 1, TITLES[form], TITLE)
    yield Cell(SUBTITLE_ROW, 1, subtitle(edition), SUBTITLE)
    yield Cell(NOTE_ROW, 1, NOTES[form], NOTE)
    for place, (key, column) in enumerate(columns.items(), start=1):
        yield Cell(KEY_ROW, place, key, KEY)
        fill = ANSWER_HEAD_FILL if key in EDITED[form] else HEAD_FILL
        look = table(SIZE_PT, fill=fill, bold=True, align="center", valign="vcenter")
        yield Cell(HEADING_ROW, place, column.heading, look)


def _head_heights(form: str, columns: Columns) -> Iterator[tuple[int, float]]:
    yield TITLE_ROW, 24
    yield SUBTITLE_ROW, 18
    width = sum(column.width + 0.7 for column in columns.values())
    yield NOTE_ROW, text_height_pt(NOTES[form], width, NOTE.size_pt) + 3
    tallest = max(text_height_pt(c.heading, c.width, SIZE_PT, bold=True) for c in columns.values())
    yield HEADING_ROW, tallest + 12  # room for the filter's arrow


def _row_cells(form: str, columns: Columns, row: EditingRow, at: int) -> Iterator[Cell]:
    own = row.look == "own"
    for place, (key, column) in enumerate(columns.items(), start=1):
        look = cell_look(column.type, SIZE_PT)
        if key in row.opened:
            look = msgspec.structs.replace(
                look, fill=ANSWER_FILL, locked=False, number_format=TEXT_FORMAT
            )
        elif key in EDITED[form]:
            look = msgspec.structs.replace(look, fill=CLOSED_FILL)
        elif own and key in (NUMBER, NAME, STATUS, TIMELINESS):
            look = msgspec.structs.replace(look, bold=True)
        elif own and key == RESULT:
            look = msgspec.structs.replace(look, italic=True)
        yield Cell(at, place, row.values.get(key), look, note=row.notes.get(key))


def _mark(cell: Cell) -> Condition:
    """The colour of an entry that is of no use, until it is mended."""
    return condition_until_mended(cell, Mark(ERROR_FILL, cell.note or ""))


def _height(columns: Columns, row: EditingRow) -> float:
    # bold letters are a little wider than the estimate of plain ones
    wide = [
        msgspec.structs.replace(column, width=column.width * 0.93) if row.look == "own" else column
        for column in columns.values()
    ]
    needed = row_height(wide, [row.values.get(key) for key in columns], SIZE_PT)
    return min(MAX_ROW_PT, max(needed + 3, OPEN_ROW_PT if row.opened else 0))


def _checks(form: str, columns: Columns, rows: Sequence[EditingRow]) -> Iterator[InputCheck]:
    places = {key: place for place, key in enumerate(columns, start=1)}
    cells: dict[tuple[str, str | None], list[Area]] = {}
    for at, row in enumerate(rows, start=FIRST_ROW):
        for key in row.opened:
            place = places[key]
            area = Area(at, place, at, place)
            cells.setdefault((key, row.lists.get(key)), []).append(area)
    for (key, source), areas in cells.items():
        title = EDITED[form][key][:32]
        if key == EDITED_DAY:
            yield InputCheck(
                areas=tuple(areas), kind="length", minimum=0, maximum=MOST_DAY_LETTERS,
                title=title, prompt="Ghi ngày/tháng/năm, ví dụ 15/06/2024.",
                error="Hãy ghi ngày/tháng/năm, ví dụ 15/06/2024.",
            )  # fmt: skip
        elif source is None:
            yield InputCheck(
                areas=tuple(areas), kind="length", minimum=0, maximum=MOST_LETTERS, title=title,
                error=f"Nội dung dài hơn {MOST_LETTERS} ký tự. Hãy viết gọn lại.",
            )  # fmt: skip
        else:
            yield InputCheck(
                areas=tuple(areas), kind="list", source=source, title=title,
                prompt="Chọn trong danh sách. Để trống thì giữ nguyên theo cơ quan.",
                error="Hãy chọn một giá trị trong danh sách của ô này.",
            )  # fmt: skip


def _conditions(columns: Columns, rows: Sequence[EditingRow]) -> Iterator[Condition]:
    """Tasks whose leads disagree are coloured, with the answers to them, until one is settled."""
    if CHOSEN not in columns:
        return
    places = {key: place for place, key in enumerate(columns, start=1)}
    groups: dict[str, list[int]] = {}
    for at, row in enumerate(rows, start=FIRST_ROW):
        if row.disagree:
            groups.setdefault(row.group, []).append(at)
    for group in groups.values():
        status, chosen = (
            CellRef(group[0], places[key]).absolute for key in (EDITED_STATUS, CHOSEN)
        )
        yield Condition(
            area=Area(group[0], 1, group[-1], places[TIMELINESS]),
            formula=f'=AND({status}="",{chosen}="")',
            fill=ERROR_FILL,
        )


def _lists(
    edition: Edition, found: Consolidation, edits: Edits
) -> tuple[Sheet, tuple[tuple[str, str, Area], ...]]:
    values: Mapping[str, Sequence[str]] = {
        **{
            list_name(form, form_list.key): form_list.open.labels
            for form in task_forms(edition)
            for form_list in form.lists
        },
        **{
            name: [edition.plan.agency[agency].name for agency in agencies]
            for agencies, name in agency_lists(differing_agencies(found, edits)).items()
        },
    }
    cells = [
        Cell(row, column, text, KEY)
        for column, texts in enumerate(values.values())
        for row, text in enumerate(texts)
    ]
    names = tuple(
        (name, LISTS_SHEET, Area(0, column, len(texts) - 1, column))
        for column, (name, texts) in enumerate(values.items())
    )
    return Sheet(name=LISTS_SHEET, cells=tuple(cells), visibility="hidden"), names
