"""One form of one agency as a sheet: empty, or with answers poured in and faults marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from khreport.anatomy import KEY_COLUMN, KEY_ROW
from khreport.cells import CellRef
from khreport.dates import format_date
from khreport.edition import Edition, Token
from khreport.forms import Column, Form, RowKind
from khreport.layout.heights import MAX_ROW_PT, text_height_pt
from khreport.layout.input import input_checks
from khreport.layout.styles import (
    ANSWER_FILL,
    ANSWER_HEAD_FILL,
    CLOSED_FILL,
    FORMATS,
    HEAD_FILL,
    ISSUER,
    KEY,
    NOTE,
    SECTION_FILL,
    SUBTITLE,
    TEXT_FORMAT,
    TITLE,
    table,
)
from khreport.rows import FormRow, form_rows
from khreport.sheet import Area, Cell, Condition, Sheet, Style, Value

ISSUER_ROW, TITLE_ROW, SUBTITLE_ROW, NOTE_ROW, BAND_ROW, HEADING_ROW, NUMBER_ROW, FIRST_ROW = range(
    1, 9
)
MARGIN_MM = 7
PAPER_WIDTH_PT = {"A4": (297 - 2 * MARGIN_MM) / 25.4 * 72, "A3": (420 - 2 * MARGIN_MM) / 25.4 * 72}
SMALLEST_PRINT_PT = 8
LINE_ROOM = 6
"""Blank lines' worth of an answer row never goes below this many points above its text."""
MOST_LITERAL = 200


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


def sheet_width_pt(form: Form) -> float:
    """The width of a form's columns as printed at full size."""
    return sum(int(column.width * 7 + 5) * 0.75 for column in form.columns)


def printed_size_pt(form: Form, paper: str) -> float:
    """The size of the form's text when it is printed one page wide."""
    return form.size_pt * min(1, PAPER_WIDTH_PT[paper] / sheet_width_pt(form))


def headings(edition: Edition, form: Form) -> list[str]:
    """The column headings; a mirror column without one takes the appendix's, in order."""
    printed = iter(edition.plan.appendix[form.appendix].headings if form.appendix else ())
    return [next(printed) if not column.heading else column.heading for column in form.columns]


def lay_out_form(edition: Edition, agency: str, form: Form, filled: Filled = EMPTY) -> Sheet | None:
    """The form of one agency as a sheet, or None if it is asked nothing there."""
    rows = _with_added(form_rows(edition, agency, form), filled.added)
    if not rows:
        return None
    last_column = len(form.columns)
    last_row = FIRST_ROW + len(rows) - 1
    paper = "A4" if printed_size_pt(form, "A4") >= SMALLEST_PRINT_PT else "A3"
    cells = [*_head_cells(edition, agency, form)]
    heights: list[tuple[int, float]] = [*_head_heights(edition, form)]
    merges = [Area(row, 1, row, last_column) for row in (TITLE_ROW, SUBTITLE_ROW, NOTE_ROW)]
    merges += _band_areas(form)
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
                _draw_cell(form, row, row.kind, CellRef(at, place), filled)
                for place in range(1, last_column + 1)
            ]
            cells += drawn
            heights.append((at, _row_height(form, row, drawn)))
    return Sheet(
        name=form.sheet,
        cells=tuple(cells),
        widths=(3, *(column.width for column in form.columns)),
        heights=((KEY_ROW, 15), *heights),
        hidden_rows=(KEY_ROW,),
        hidden_columns=(KEY_COLUMN,),
        merges=tuple(merges),
        checks=tuple(input_checks(form, rows, FIRST_ROW)),
        conditions=tuple(_conditions(form, filled, cells)),
        filter=Area(NUMBER_ROW, KEY_COLUMN, last_row, last_column),
        freeze=(FIRST_ROW, 3 if form.rows != "records" else 2),
        repeat_rows=(HEADING_ROW, NUMBER_ROW),
        print_area=Area(ISSUER_ROW, 1, last_row, last_column),
        paper=paper,  # type: ignore[arg-type]
        margin_mm=MARGIN_MM,
        zoom=round(100 * 11 / form.size_pt),
        insert_rows=bool(form.lines or form.records),
        footer=f"{edition.plan.agency[agency].name} - {form.sheet}",
    )


def _with_added(rows: list[FormRow], added: Sequence[FormRow]) -> list[FormRow]:
    for row in added:
        before = [n for n, other in enumerate(rows) if other.parent == row.parent and other.kind]
        rows.insert(before[-1] + 1 if before else len(rows), row)
    return rows


def token_cells(edition: Edition, agency: str, form: Form) -> Iterable[Cell]:
    """The hidden cells that say whose sheet it is and which column is which."""
    token = Token(
        plan=edition.plan.key,
        period=edition.period.key,
        agency=agency,
        form=form.key,
        digest=edition.digest,
    )
    yield Cell(KEY_ROW, KEY_COLUMN, str(token), KEY)
    for place, column in enumerate(form.columns, start=1):
        yield Cell(KEY_ROW, place, column.key, KEY)


def _head_cells(edition: Edition, agency: str, form: Form) -> Iterable[Cell]:
    yield from token_cells(edition, agency, form)
    yield Cell(ISSUER_ROW, 1, edition.plan.agency[agency].name.upper(), ISSUER)
    yield Cell(TITLE_ROW, 1, form.title, TITLE)
    yield Cell(SUBTITLE_ROW, 1, subtitle(edition), SUBTITLE)
    yield Cell(NOTE_ROW, 1, form.note, NOTE)
    for area in _band_areas(form):
        answers = form.columns[area.column - 1].role != "mirror"
        text = "CƠ QUAN BÁO CÁO ĐIỀN" if answers else _mirror_band(edition, form)
        look = table(
            form.size_pt, fill=_head_fill(answers=answers), bold=True, align="center",
            valign="vcenter",
        )  # fmt: skip
        yield Cell(area.row, area.column, text, look)
    for place, (column, heading) in enumerate(
        zip(form.columns, headings(edition, form), strict=True), start=1
    ):
        fill = _head_fill(answers=column.role != "mirror")
        look = table(form.size_pt, fill=fill, bold=True, align="center", valign="vcenter")
        yield Cell(HEADING_ROW, place, heading + (" (*)" if column.required else ""), look)
        small = table(form.size_pt, fill=fill, italic=True, align="center", valign="vcenter")
        yield Cell(NUMBER_ROW, place, f"({place})", small)


def subtitle(edition: Edition) -> str:
    """The line under a form's title: which decision, which period, figures to which day."""
    plan, period = edition.plan, edition.period
    return (
        f"(Quyết định số {plan.number} ngày {format_date(plan.date)} của {plan.issuer}; "
        f"kỳ báo cáo: {period.name.lower()}; số liệu đến ngày {format_date(period.closing)})"
    )


def _mirror_band(edition: Edition, form: Form) -> str:
    if form.appendix is None:
        return "NỘI DUNG"
    return f"THEO {edition.plan.appendix[form.appendix].label.upper()} CỦA KẾ HOẠCH"


def _head_fill(*, answers: bool) -> str:
    return ANSWER_HEAD_FILL if answers else HEAD_FILL


def _band_areas(form: Form) -> list[Area]:
    first_answer = next(
        place for place, column in enumerate(form.columns, start=1) if column.role != "mirror"
    )
    spans = [(1, first_answer - 1), (first_answer, len(form.columns))]
    return [Area(BAND_ROW, a, BAND_ROW, b) for a, b in spans if b > a]


def _head_heights(edition: Edition, form: Form) -> Iterable[tuple[int, float]]:
    yield ISSUER_ROW, 18
    yield TITLE_ROW, 24
    yield SUBTITLE_ROW, 18
    width = sum(column.width + 0.7 for column in form.columns)
    yield NOTE_ROW, text_height_pt(form.note, width, NOTE.size_pt) + 3
    yield BAND_ROW, 16
    yield (
        HEADING_ROW,
        max(
            text_height_pt(heading + " (*)", column.width, form.size_pt, bold=True)
            for column, heading in zip(form.columns, headings(edition, form), strict=True)
        ),
    )
    yield NUMBER_ROW, 14


def _section_cells(row: FormRow, at: int) -> Iterable[Cell]:
    look = table(11, fill=SECTION_FILL, bold=True, valign="vcenter")
    yield Cell(at, 1, row.mirror["number"], msgspec.structs.replace(look, align="center"))
    yield Cell(at, 2, row.mirror["text"], look)


def _draw_cell(form: Form, row: FormRow, kind: RowKind, place: CellRef, filled: Filled) -> Cell:
    column = form.columns[place.column - 1]
    where = (row.key, column.key)
    asks = column.asks(kind)
    look = _look(form, column, kind, asks=asks)
    mark = filled.marks.get(where)
    value: Value
    if column.role == "mirror" and not asks:
        value = row.mirror.get(column.source)
    else:
        value = filled.values.get(where)
    if column.role == "answer" and not asks and value is not None:
        # written where nothing is asked: it can only be taken out where it is not locked
        look = msgspec.structs.replace(look, locked=False)
    if not isinstance(value, str) and value is not None and look.number_format == TEXT_FORMAT:
        value = str(value)
    formula = None
    if column.computed is not None:
        formula, value = _compute(form, column, row, place.row, filled)
    return Cell(
        place.row, place.column, value, look, formula=formula, note=mark.note if mark else None
    )


def _conditions(form: Form, filled: Filled, cells: Iterable[Cell]) -> Iterable[Condition]:
    keys: dict[int, str] = {}
    for cell in cells:
        if cell.column == KEY_COLUMN:
            keys[cell.row] = str(cell.value)
        elif cell.row >= FIRST_ROW:
            mark = filled.marks.get((keys[cell.row], form.columns[cell.column - 1].key))
            if mark is not None:
                yield condition_until_mended(cell, mark)


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


def _compute(
    form: Form, column: Column, row: FormRow, at: int, filled: Filled
) -> tuple[str, Value]:
    """The formula of a computed column and what it comes to for the values poured in."""
    if column.computed is None:
        raise ValueError(column.key)
    keys = [c.key for c in form.columns]
    of, to = (CellRef(at, keys.index(key) + 1) for key in (column.computed.of, column.computed.to))
    growth = column.computed.kind == "growth"
    # what is itself a percentage grows by points, not by per cent
    points = growth and row.mirror.get("measure", "").startswith("%")
    if points:
        formula = f'=IF(AND(ISNUMBER({of}),ISNUMBER({to})),ROUND({of}-{to},1),"")'
    else:
        share = f"{of}/{to}*100" + ("-100" if growth else "")
        formula = f'=IF(AND(ISNUMBER({of}),ISNUMBER({to})),IF({to}=0,"",ROUND({share},1)),"")'
    a, b = (filled.values.get((row.key, key)) for key in (column.computed.of, column.computed.to))
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
