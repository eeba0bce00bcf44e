"""One form of one agency as a sheet: empty, or with answers poured in and faults marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from khreport.anatomy import KEY_COLUMN, KEY_ROW
from khreport.cells import CellRef
from khreport.columns import CLOSED, STATUS
from khreport.edition import Edition
from khreport.forms import Column, Computed, Form, RowKind
from khreport.layout.form_head import (
    FIRST_ROW,
    HEADING_ROW,
    ISSUER_ROW,
    NOTE_ROW,
    NUMBER_ROW,
    SUBTITLE_ROW,
    TITLE_ROW,
    band_areas,
    head_cells,
    head_heights,
    state_cells,
)
from khreport.layout.heights import (
    MAX_ROW_PT,
    text_height_pt,
)
from khreport.layout.input import input_checks
from khreport.layout.row_check import Grid
from khreport.layout.self_check import ALONE, Around, Tally, check_rows
from khreport.layout.styles import (
    ANSWER_FILL,
    CLOSED_FILL,
    FORMATS,
    KEY,
    SECTION_FILL,
    TEXT_FORMAT,
    table,
)
from khreport.rows import FormRow, form_rows
from khreport.sheet import Area, Cell, Condition, Sheet, Style, Value

MARGIN_MM = 7
PAPER_WIDTH_PT = {"A4": (297 - 2 * MARGIN_MM) / 25.4 * 72, "A3": (420 - 2 * MARGIN_MM) / 25.4 * 72}
SMALLEST_PRINT_PT = 8
LINE_ROOM = 6
"""Blank lines' worth of an answer row never goes below this many points above its text."""
MOST_LITERAL = 200
STATE_WIDTH, HIDDEN_WIDTH = 30, 6


class Mark(msgspec.Struct, frozen=True):
    """How a faulty cell is shown: its colour and the note on it."""

    fill: str
    note: str


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """Answers to pour into a form: values and marks by (row key, column key), added rows."""

    values: Mapping[tuple[str, str], Value] = {}
    marks: Mapping[tuple[str, str], Mark] = {}
    added: Sequence[FormRow] = ()


EMPTY = Filled()


def fill_fresh(edition: Edition, agency: str, form: Form) -> Filled:
    """What stands in the answer cells of a form as it goes out: that rows are closed."""
    closed = (row for row in form_rows(edition, agency, form) if row.closed and row.given)
    values = {(row.key, STATUS): form.label(STATUS, CLOSED, row.kind) for row in closed}
    return Filled(values=values)


def sheet_width_pt(form: Form) -> float:
    """The width of a form's columns as printed at full size."""
    return sum(int(column.width * 7 + 5) * 0.75 for column in form.columns)


def printed_size_pt(form: Form, paper: str) -> float:
    """The size of the form's text when it is printed one page wide."""
    return form.size_pt * min(1, PAPER_WIDTH_PT[paper] / sheet_width_pt(form))


def lay_out_form(edition: Edition, agency: str, form: Form, filled: Filled = EMPTY) -> Sheet | None:
    """The form of one agency as a sheet, or None if it is asked nothing there."""
    drawn = draw_form(edition, agency, form, filled, ALONE)
    return drawn and drawn[0]


def draw_form(
    edition: Edition, agency: str, form: Form, filled: Filled, around: Around
) -> tuple[Sheet, Tally] | None:
    """The form of one agency as a sheet in its workbook, with what its own checks come to."""
    rows = all_rows(edition, agency, form, filled)
    if not rows:
        return None
    last_column = len(form.columns)
    last_row = FIRST_ROW + len(rows) - 1
    paper = "A4" if printed_size_pt(form, "A4") >= SMALLEST_PRINT_PT else "A3"
    cells = [*head_cells(edition, agency, form)]
    heights: list[tuple[int, float]] = [*head_heights(edition, form)]
    merges = [Area(row, 1, row, last_column) for row in (TITLE_ROW, SUBTITLE_ROW, NOTE_ROW)]
    merges += band_areas(form)
    for offset, row in enumerate(rows):
        at = FIRST_ROW + offset
        cells.append(Cell(at, KEY_COLUMN, row.key, KEY))
        if row.kind is None:
            cells += _section_cells(row, at)
            merges.append(Area(at, 2, at, last_column))
            width = sum(column.width + 0.7 for column in form.columns[1:])
            heights.append((at, 5 + text_height_pt(row.mirror["text"], width, 11, bold=True)))
        else:
            drawn = [
                _draw_cell(edition, form, row, row.kind, CellRef(at, place), filled)
                for place in range(1, last_column + 1)
            ]
            cells += drawn
            heights.append((at, _row_height(form, row, drawn)))
    grid = Grid(form, last_column + 2)
    placed = list(enumerate(rows, start=FIRST_ROW))
    values = {(cell.row, cell.column): cell.value for cell in cells if cell.row >= FIRST_ROW}
    checked = check_rows(edition, agency, grid, placed, values, around)
    cells += checked.cells
    cells += state_cells(edition, agency, form, checked.states, checked.tally)
    hidden = tuple(range(grid.begun, grid.last + 1))
    sheet = Sheet(
        name=form.sheet,
        cells=tuple(cells),
        widths=(
            3,
            *(column.width for column in form.columns),
            STATE_WIDTH,
            *(HIDDEN_WIDTH for _ in hidden),
        ),
        heights=((KEY_ROW, 15), *heights),
        hidden_rows=(KEY_ROW,),
        hidden_columns=(KEY_COLUMN, *hidden),
        merges=tuple(merges),
        checks=tuple(input_checks(form, rows, FIRST_ROW)),
        conditions=(
            *_conditions(form, filled, cells),
            *checked.conditions,
            *_grey_closed(form, rows),
        ),
        filter=Area(NUMBER_ROW, KEY_COLUMN, last_row, last_column + 1),
        freeze=(FIRST_ROW, 3 if form.rows != "records" else 2),
        repeat_rows=(HEADING_ROW, NUMBER_ROW),
        print_area=Area(ISSUER_ROW, 1, last_row, last_column),
        paper=paper,  # type: ignore[arg-type]
        margin_mm=MARGIN_MM,
        zoom=round(100 * 11 / form.size_pt),
        insert_rows=bool(form.lines or form.records),
        footer=f"{edition.plan.agency[agency].name} - {form.sheet}",
    )
    return sheet, checked.tally


def all_rows(edition: Edition, agency: str, form: Form, filled: Filled) -> list[FormRow]:
    """The rows of a form as it is drawn: those that are asked, and those that were added."""
    rows = form_rows(edition, agency, form)
    last = {row.parent: n for n, row in enumerate(rows) if row.kind}
    after: dict[int, list[FormRow]] = {}
    for row in filled.added:
        after.setdefault(last.get(row.parent, len(rows)), []).append(row)
    drawn = [each for n, row in enumerate(rows) for each in (row, *after.get(n, ()))]
    return [*drawn, *after.get(len(rows), ())]


def _section_cells(row: FormRow, at: int) -> Iterable[Cell]:
    look = table(11, fill=SECTION_FILL, bold=True, valign="vcenter")
    yield Cell(at, 1, row.mirror["number"], msgspec.structs.replace(look, align="center"))
    yield Cell(at, 2, row.mirror["text"], look)


def _draw_cell(  # noqa: PLR0913, PLR0917 - a cell hangs on all of them
    edition: Edition, form: Form, row: FormRow, kind: RowKind, place: CellRef, filled: Filled
) -> Cell:
    column = form.columns[place.column - 1]
    where = (row.key, column.key)
    asks = column.asks(kind)
    look = _look(form, column, kind, asks=asks)
    mark = filled.marks.get(where)
    value: Value
    if column.role == "mirror" and not asks:
        value = row.mirror.get(column.source)
    elif column.key in row.given:
        value = row.given[column.key]
    else:
        value = filled.values.get(where)
    if column.role == "answer" and not asks and value is not None:
        # written where nothing is asked: it can only be taken out where it is not locked
        look = msgspec.structs.replace(look, locked=False)
    if not isinstance(value, str) and value is not None and look.number_format == TEXT_FORMAT:
        value = str(value)
    formula = None
    if column.computed is not None and row.key not in edition.ranks:
        summed = column.computed.cumulated if row.key in edition.cumulated else ""
        of = summed or column.computed.of
        formula, value = _compute(form, column.computed, of, row, place.row, filled)
    return Cell(
        place.row, place.column, value, look, formula=formula, note=mark.note if mark else None
    )


def _conditions(form: Form, filled: Filled, cells: Iterable[Cell]) -> Iterable[Condition]:
    keys: dict[int, str] = {}
    for cell in cells:
        if cell.column == KEY_COLUMN:
            keys[cell.row] = str(cell.value)
        elif cell.row >= FIRST_ROW and cell.column <= len(form.columns):
            mark = filled.marks.get((keys[cell.row], form.columns[cell.column - 1].key))
            if mark is not None:
                yield condition_until_mended(cell, mark)


def _grey_closed(form: Form, rows: Sequence[FormRow]) -> Iterable[Condition]:
    """The look of rows that last period closed, until another status is chosen."""
    keys = [column.key for column in form.columns]
    for at, row in enumerate(rows, start=FIRST_ROW):
        if row.closed:
            status = CellRef(at, keys.index(STATUS) + 1)
            formula = f'=EXACT({status.absolute},"{form.label(STATUS, CLOSED, row.kind)}")'
            area = Area(at, status.column + 1, at, len(keys))
            yield Condition(area=area, formula=formula, fill=CLOSED_FILL)


def condition_until_mended(cell: Cell, mark: Mark) -> Condition:
    """The colour of a faulty cell, which goes once the cell no longer holds what it held."""
    ref, value = str(CellRef(cell.row, cell.column)), cell.value
    if value is None or value == "":
        formula = f"=LEN({ref})=0"
    elif isinstance(value, str):
        quoted = value.replace('"', '""')
        formula = (
            f'=EXACT({ref},"{quoted}")'
            if len(quoted) <= MOST_LITERAL and "\n" not in value
            else f"=LEN({ref})={len(value)}"
        )
    elif isinstance(value, dt.date):
        formula = f"={ref}=DATE({value.year},{value.month},{value.day})"
    else:
        formula = f"={ref}={value!r}"
    area = Area(cell.row, cell.column, cell.row, cell.column)
    return Condition(area=area, formula=formula, fill=mark.fill)


def _look(form: Form, column: Column, kind: RowKind, *, asks: bool) -> Style:
    numeric = column.type in ("number", "whole")
    centred = column.type in ("date", "choice", "references") or column.source in (
        "number", "full_number", "appendix", "measure",
    )  # fmt: skip
    align = "right" if numeric else "center" if centred else "left"
    if asks:
        return table(
            form.size_pt, fill=ANSWER_FILL, align=align, locked=False,
            number_format=FORMATS[column.type],
        )  # fmt: skip
    if column.role == "mirror":
        return table(form.size_pt, align=align, italic=kind in ("milestone", "line"))
    number_format = FORMATS[column.type] if column.role != "answer" else "General"
    return table(form.size_pt, fill=CLOSED_FILL, align=align, number_format=number_format)


def _compute(  # noqa: PLR0913, PLR0917 - a formula and its result hang on all of them
    form: Form, computed: Computed, column: str, row: FormRow, at: int, filled: Filled
) -> tuple[str, Value]:
    """The formula of a computed column and what it comes to for the values poured in.

    `column` is the one that is divided, or has grown.
    """
    keys = [c.key for c in form.columns]
    of, to = (CellRef(at, keys.index(key) + 1) for key in (column, computed.to))
    growth = computed.kind == "growth"
    # what is itself a percentage grows by points, not by per cent
    points = growth and row.mirror.get("measure", "").startswith("%")
    if points:
        formula = f'=IF(AND(ISNUMBER({of}),ISNUMBER({to})),ROUND({of}-{to},1),"")'
    else:
        share = f"{of}/{to}*100" + ("-100" if growth else "")
        formula = f'=IF(AND(ISNUMBER({of}),ISNUMBER({to})),IF({to}=0,"",ROUND({share},1)),"")'
    a, b = (filled.values.get((row.key, key)) for key in (column, computed.to))
    if not isinstance(a, int | float) or not isinstance(b, int | float):
        return formula, ""
    if points:
        return formula, round(a - b, 1)
    if b == 0:
        return formula, ""
    return formula, round(a / b * 100 - (100 if growth else 0), 1)


def _row_height(form: Form, row: FormRow, cells: Iterable[Cell]) -> float:
    tallest = max(
        text_height_pt(cell.value, form.columns[cell.column - 1].width, form.size_pt)
        for cell in cells
        if isinstance(cell.value, str)
    )
    room = 0 if row.kind in ("line", "record") else LINE_ROOM
    return min(MAX_ROW_PT, tallest + room)
