"""Writing workbooks: the one renderer of a Book, and the home of xlsxwriter."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from khreport.anatomy import NOTE_AUTHOR, NOTE_HEAD
from khreport.cells import CellRef
from khreport.edges.store import replacing
from khreport.sheet import Area, Book, Cell, Chart, InputCheck, Sheet, Style

FONT = "Times New Roman"
BAR = "#44546A"
TEXT_FORMAT = "@"
MM_PER_INCH = 25.4
PAPER_CODES = {"A3": 8, "A4": 9}
CHECK_KINDS = {
    "list": "list",
    "number": "decimal",
    "whole": "integer",
    "date": "date",
    "length": "length",
    "any": "any",
}
READ_AS_FORMULAS = ("=", "+", "-", "@")
"""How texts begin that programs take for a formula when somebody types in their cell again."""
ESCAPED = {letter: f"%{ord(letter):02x}" for letter in '%# "<>[]^`{}'}
FIXED_DATE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks hold no time zone


class GrowingWorksheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose row heights are a suggestion: rows still grow as one types.

    Only rows that a merged cell crosses are fixed, since merged cells never grow. Formulas are
    written as they are: they may use nothing that came after Excel 2007.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fixed_rows: set[int] = set()

    def _xml_start_tag_unencoded(self, tag: str, attributes: list[Any]) -> None:
        super()._xml_start_tag_unencoded(tag, self._free_height(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: list[Any]) -> None:
        super()._xml_empty_tag_unencoded(tag, self._free_height(tag, attributes))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002 - as xlsxwriter calls it
        # what it looks for in every formula, thirty times over, are functions that ours do not use
        return formula.removeprefix("=")

    def _free_height(self, tag: str, attributes: list[Any]) -> list[Any]:
        if tag != "row" or attributes[0][1] - 1 in self.fixed_rows:
            return attributes
        return [pair for pair in attributes if pair[0] != "customHeight"]


def write_book(book: Book, path: Path) -> None:
    """Write a workbook: whole or not at all, and the same book always as the same bytes.

    Raises:
        KhreportError: the file is open in another program, or its folder cannot be written.

    """
    with replacing(path) as beside:
        workbook = Workbook(
            str(beside),
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "default_format_properties": {"font_name": FONT, "font_size": 11},
            },
        )
        workbook.set_properties({"title": book.title, "author": "", "created": FIXED_DATE})
        formats: Formats = {}
        for sheet in book.sheets:
            worksheet = workbook.add_worksheet(sheet.name, worksheet_class=GrowingWorksheet)
            _draw(workbook, worksheet, sheet, formats)
        workbook.worksheets_objs[book.active].activate()
        for name, sheet_name, area in book.names:
            workbook.define_name(name, f"={_absolute(sheet_name, area)}")
        try:
            workbook.close()
        except FileCreateError as error:
            raise error.args[0] from None  # the system's own fault, which `replacing` words


def _absolute(sheet_name: str, area: Area) -> str:
    first, last = CellRef(area.row, area.column), CellRef(area.last_row, area.last_column)
    return f"'{sheet_name}'!{first.absolute}:{last.absolute}"


Formats = dict[tuple[Style, bool], Format]


def _format(workbook: Workbook, formats: Formats, cell: Cell) -> Format:
    style = cell.style
    quoted = (
        isinstance(cell.value, str)
        and cell.formula is None
        and style.number_format != TEXT_FORMAT
        and cell.value.startswith(READ_AS_FORMULAS)
    )
    found = formats.get((style, quoted))
    if found is None:
        properties: dict[str, Any] = {
            "font_name": FONT,
            "font_size": style.size_pt,
            "font_color": f"#{style.color}",
            "bold": style.bold,
            "italic": style.italic,
            "align": style.align,
            "valign": style.valign,
            "text_wrap": style.wrap,
            "locked": style.locked,
            "num_format": style.number_format,
        }
        if style.border:
            properties |= {"border": 1, "border_color": "#7F7F7F"}
        if style.fill:
            properties["bg_color"] = f"#{style.fill}"
        if quoted:
            properties["quote_prefix"] = True
        found = formats[style, quoted] = workbook.add_format(properties)
    return found


def _draw(workbook: Workbook, worksheet: Worksheet, sheet: Sheet, formats: Formats) -> None:
    for column, width in enumerate(sheet.widths):
        worksheet.set_column(
            column, column, width, None, {"hidden": column in sheet.hidden_columns}
        )
    for row, height in sheet.heights:
        worksheet.set_row(row, height, None, {"hidden": row in sheet.hidden_rows})
    merged = {(a.row, a.column): a for a in sheet.merges}
    for area in sheet.merges:
        worksheet.fixed_rows.update(range(area.row, area.last_row + 1))
    for cell in sheet.cells:
        style = _format(workbook, formats, cell)
        over = merged.get((cell.row, cell.column))
        if over is not None:
            worksheet.merge_range(over.row, over.column, over.last_row, over.last_column, "", style)
        _write_cell(worksheet, cell, style)
    for check in sheet.checks:
        _add_check(worksheet, check)
    for condition in sheet.conditions:
        where = condition.area
        look = {"bg_color": f"#{condition.fill}", "font_color": f"#{condition.color}"}
        worksheet.conditional_format(
            where.row,
            where.column,
            where.last_row,
            where.last_column,
            {"type": "formula", "criteria": condition.formula, "format": workbook.add_format(look)},
        )
    for chart in sheet.charts:
        _draw_chart(workbook, worksheet, chart)
    _set_page(worksheet, sheet)
    _set_view(worksheet, sheet)


def _draw_chart(workbook: Workbook, worksheet: Worksheet, chart: Chart) -> None:
    """Nothing; bars with their numbers, from top to bottom as the cells stand, in one dark tone."""
    drawn = workbook.add_chart({"type": "bar"})
    places = {
        name: [worksheet.name, area.row, area.column, area.last_row, area.last_column]
        for name, area in (("categories", chart.categories), ("values", chart.values))
    }
    font = {"name": FONT, "size": 10}
    labels = {"value": True, "font": font}
    drawn.add_series({**places, "fill": {"color": BAR}, "data_labels": labels, "gap": 60})
    drawn.set_title({"name": chart.title, "name_font": {"name": FONT, "size": 12}})
    drawn.set_legend({"none": True})
    drawn.set_y_axis({"reverse": True, "num_font": font})
    drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    drawn.set_size({"width": chart.width_px, "height": chart.height_px})
    worksheet.insert_chart(chart.row, chart.column, drawn, {"description": chart.title})


def _write_cell(worksheet: Worksheet, cell: Cell, style: Format) -> None:
    row, column, value = cell.row, cell.column, cell.value
    if cell.formula is not None:
        worksheet.write_formula(row, column, cell.formula, style, "" if value is None else value)
    elif cell.link is not None:
        worksheet.write_url(row, column, f"internal:{cell.link}", style, str(value))
    elif cell.file is not None:
        worksheet.write_url(row, column, f"external:{_escape(cell.file)}", style, str(value))
    elif value is None or value == "":
        worksheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        worksheet.write_string(row, column, value, style)
    elif isinstance(value, bool):
        worksheet.write_boolean(row, column, value, style)
    elif isinstance(value, dt.date):
        worksheet.write_datetime(row, column, value, style)
    else:
        worksheet.write_number(row, column, value, style)
    if cell.note is not None:
        note = f"{NOTE_HEAD} {cell.note}"
        look = {"author": NOTE_AUTHOR, "x_scale": 2, "y_scale": 1.5}
        worksheet.write_comment(row, column, note, look)


def _escape(path: str) -> str:
    """The path as links hold it; what looks escaped already the library leaves alone."""
    return "".join(ESCAPED.get(letter, letter) for letter in path)


def _add_check(worksheet: Worksheet, check: InputCheck) -> None:
    if not check.areas:
        return
    options: dict[str, Any] = {
        "validate": CHECK_KINDS[check.kind],
        "ignore_blank": True,
        "input_title": check.title,
        "input_message": check.prompt,
        "error_title": "Chưa đúng",
        "error_message": check.error,
        "error_type": "stop" if check.stops else "warning",
    }
    if check.kind == "list":
        options["source"] = f"={check.source}"
    elif check.kind != "any":
        options |= {"criteria": "between", "minimum": check.minimum, "maximum": check.maximum}
    first, *others = check.areas
    options["other_cells"] = [[a.row, a.column, a.last_row, a.last_column] for a in others]
    worksheet.data_validation(first.row, first.column, first.last_row, first.last_column, options)


def _set_page(worksheet: Worksheet, sheet: Sheet) -> None:
    worksheet.set_paper(PAPER_CODES[sheet.paper])
    if sheet.landscape:
        worksheet.set_landscape()
    inches = sheet.margin_mm / MM_PER_INCH
    worksheet.set_margins(left=inches, right=inches, top=inches, bottom=inches + 0.2)
    worksheet.fit_to_pages(1, 1 if sheet.one_page else 0)
    worksheet.center_horizontally()
    worksheet.set_footer(f"&L&8{sheet.footer}&R&8Trang &P/&N", {"margin": 0.2})
    if sheet.repeat_rows:
        worksheet.repeat_rows(*sheet.repeat_rows)
    if sheet.print_area:
        area = sheet.print_area
        worksheet.print_area(area.row, area.column, area.last_row, area.last_column)


def _set_view(worksheet: Worksheet, sheet: Sheet) -> None:
    if sheet.freeze:
        worksheet.freeze_panes(*sheet.freeze)
    if sheet.filter:
        area = sheet.filter
        worksheet.autofilter(area.row, area.column, area.last_row, area.last_column)
    worksheet.set_zoom(sheet.zoom)
    worksheet.hide_gridlines(2)
    if sheet.tab_color:
        worksheet.set_tab_color(f"#{sheet.tab_color}")
    if sheet.protected:
        worksheet.protect(
            "",
            {
                "format_columns": True,
                "format_rows": True,
                "autofilter": True,
                "insert_rows": sheet.insert_rows,
            },
        )
    if sheet.visibility == "hidden":
        worksheet.hide()
    elif sheet.visibility == "very_hidden":
        worksheet.very_hidden()
