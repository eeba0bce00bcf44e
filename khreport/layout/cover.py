"""The cover of an agency's workbook: whose it is, for what, by when, and how to fill it in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from khreport.anatomy import KEY_COLUMN, KEY_ROW, OWN_TABLE, STATES
from khreport.cells import CellRef
from khreport.dates import format_date
from khreport.edition import Edition
from khreport.forms import Form
from khreport.layout.form import EMPTY, HIDDEN_WIDTH, Filled, condition_until_mended
from khreport.layout.form_head import token_cells
from khreport.layout.heights import text_height_pt
from khreport.layout.input import input_check, shorten_title
from khreport.layout.row_check import ROWS_APART, Grid
from khreport.layout.self_check import (
    ALONE,
    ANSWERED_ROW,
    DOUBTFUL_ROW,
    FAULTY_ROW,
    FILLS,
    MISSING_ROW,
    OPEN_ROW,
    Around,
    Tally,
    check_rows,
)
from khreport.layout.styles import (
    ANSWER_FILL,
    ANSWER_HEAD_FILL,
    HEAD_FILL,
    ISSUER,
    KEY,
    LINK,
    NOTE,
    SUBTITLE,
    TEXT_FORMAT,
    TITLE,
    WARNING,
    table,
)
from khreport.periods import read_key
from khreport.rows import FormRow, form_rows
from khreport.sheet import Area, Cell, Condition, InputCheck, Sheet, Value

SIZE_PT = 12
AS_IT_CAME = "gửi lại theo đường đã nhận tệp này"
WARNING_TEXT = (
    "KHÔNG GHI NỘI DUNG THUỘC BÍ MẬT NHÀ NƯỚC VÀO TỆP NÀY. Nhiệm vụ có nội dung mật: chọn "
    "“Báo cáo theo chế độ mật”, gửi văn bản theo đường mật, chỉ ghi số văn bản ở cột giải trình."
)


TABLE_ROW, TABLE_COLUMN = 3, 4
"""Where the table of sheets begins, beside the facts and outside what is printed."""
TABLE_HEADS = ("Sheet", "Đã điền", *STATES[2:], "Chỗ cần điền")
TABLE_WIDTHS = (20, 11, 10, 10, 10, 14)
BEGUN_COLUMN = TABLE_COLUMN + len(TABLE_HEADS)


def lay_out_cover(  # noqa: PLR0913, PLR0917 - whose cover, and what the other sheets come to
    edition: Edition,
    agency: str,
    form: Form,
    filled: Filled = EMPTY,
    around: Around = ALONE,
    tallies: Sequence[Tally] = (),
) -> tuple[Sheet, Tally]:
    """The cover as a sheet that counts what the others, as `tallies` have it, come to."""
    label_width, value_width = (column.width for column in form.columns)
    both = label_width + value_width + 0.7
    cells = list(token_cells(edition, agency, form))
    merges: list[Area] = []
    heights: list[tuple[int, float]] = [(KEY_ROW, 15)]
    at = 1

    def line(text: str, style: object, height: float | None = None) -> None:
        nonlocal at
        cells.append(Cell(at, 1, text, style))  # type: ignore[arg-type]
        merges.append(Area(at, 1, at, 2))
        size, bold = style.size_pt, style.bold  # type: ignore[attr-defined]
        heights.append((at, height or text_height_pt(text, both, size, bold=bold)))
        at += 1

    line(edition.sender.name.upper(), ISSUER)
    line(form.title, TITLE, 30)
    line(edition.plan.short_title, SUBTITLE)
    line(edition.period.name, SUBTITLE, 20)
    plain = table(SIZE_PT)
    for label, value in _facts(edition, agency):
        cells += [Cell(at, 1, label, plain), Cell(at, 2, value, table(SIZE_PT, bold=True))]
        heights.append((at, text_height_pt(value, value_width, SIZE_PT, bold=True) + 4))
        at += 1
    line("", NOTE, 8)
    line(WARNING_TEXT, WARNING)
    line("", NOTE, 8)
    line("Cách điền", table(SIZE_PT, bold=True, fill="DCE6F1"))
    for guidance in form.note.strip().split("\n"):
        line(guidance, table(SIZE_PT))
    line("", NOTE, 8)
    line("Thông tin của cơ quan báo cáo", table(SIZE_PT, bold=True, fill=ANSWER_HEAD_FILL))
    rows = list(enumerate(form_rows(edition, agency, form), start=at))
    answers, checks, conditions = _lay_out_fields(form, rows, filled)
    cells += answers
    heights += [(row, 20.0) for row, _ in rows]
    values = {(cell.row, cell.column): cell.value for cell in cells}
    grid = Grid(form, BEGUN_COLUMN)
    checked = check_rows(edition, agency, grid, rows, values, around)
    cells += checked.cells
    cells += _table_cells([checked.tally, *tallies])
    merges.append(Area(TABLE_ROW, TABLE_COLUMN, TABLE_ROW, BEGUN_COLUMN - 1))
    hidden = range(grid.begun, grid.last + 1)
    sheet = Sheet(
        name=form.sheet,
        cells=tuple(cells),
        widths=(3, label_width, value_width, 3, *TABLE_WIDTHS, *(HIDDEN_WIDTH for _ in hidden)),
        heights=tuple(heights),
        hidden_rows=(KEY_ROW,),
        hidden_columns=(KEY_COLUMN, *hidden),
        merges=tuple(merges),
        checks=checks,
        conditions=(*conditions, *checked.conditions),
        print_area=Area(1, 1, rows[-1][0], 2),
        landscape=False,
        tab_color="C00000",
        footer=edition.plan.agency[agency].name,
    )
    return sheet, checked.tally


def _lay_out_fields(
    form: Form, rows: Sequence[tuple[int, FormRow]], filled: Filled
) -> tuple[list[Cell], tuple[InputCheck, ...], list[Condition]]:
    cells: list[Cell] = []
    checks: list[InputCheck] = []
    conditions: list[Condition] = []
    value_column = form.columns[1]
    look = table(SIZE_PT, fill=ANSWER_FILL, locked=False, number_format=TEXT_FORMAT)
    for (at, row), field in zip(rows, form.fields, strict=True):
        where = (row.key, value_column.key)
        mark = filled.marks.get(where)
        label = field.label + (" (*)" if field.required else "")
        cells.append(Cell(at, KEY_COLUMN, row.key, KEY))
        cells.append(Cell(at, 1, label, table(SIZE_PT)))
        cells.append(Cell(at, 2, filled.values.get(where), look, note=mark.note if mark else None))
        if mark:
            conditions.append(condition_until_mended(cells[-1], mark))
        check = input_check(form, value_column, field.list, (Area(at, 2, at, 2),))
        checks.append(_with_prompt(check, field.label, field.prompt))
    return cells, tuple(checks), conditions


def _table_cells(tallies: Sequence[Tally]) -> Iterable[Cell]:
    """How far each sheet is, with a link to the first cell that is open."""
    last_row = TABLE_ROW + 1 + len(tallies)
    for number in range(TABLE_COLUMN, BEGUN_COLUMN):
        yield Cell(KEY_ROW, number, f"{OWN_TABLE}{last_row}", KEY)
    bold = table(SIZE_PT, bold=True, fill=HEAD_FILL, align="center", valign="vcenter")
    yield Cell(TABLE_ROW, TABLE_COLUMN, "TIẾN ĐỘ ĐIỀN BIỂU", bold)
    # their colours are those that cells take
    fills = (HEAD_FILL, HEAD_FILL, *FILLS.values(), HEAD_FILL)
    for number, (head, fill) in enumerate(zip(TABLE_HEADS, fills, strict=True)):
        look = msgspec.structs.replace(bold, fill=fill)
        yield Cell(TABLE_ROW + 1, TABLE_COLUMN + number, head, look)
    plain = table(SIZE_PT, valign="vcenter")
    centred = table(SIZE_PT, align="center", valign="vcenter")
    for at, tally in enumerate(tallies, start=TABLE_ROW + 2):
        yield Cell(at, TABLE_COLUMN, tally.sheet, plain)
        for number, (formula, value) in enumerate(_shown_counts(tally), start=TABLE_COLUMN + 1):
            yield Cell(at, number, value, centred, formula=formula)
        formula, place = _link(tally)
        look = table(SIZE_PT, align="center", valign="vcenter", color=LINK.color)
        yield Cell(at, BEGUN_COLUMN - 1, place, look, formula=formula)


def _shown_counts(tally: Tally) -> Iterable[tuple[str, Value]]:
    answered, *wrong = tally.counts[:-1]
    share = f"/{tally.owed}" if tally.owed else " dòng"
    yield f'={tally.cell(ANSWERED_ROW)}&"{share}"', f"{answered}{share}"
    for row, count in zip((MISSING_ROW, FAULTY_ROW, DOUBTFUL_ROW), wrong, strict=True):
        yield f"={tally.cell(row)}", count


def _link(tally: Tally) -> tuple[str, str]:
    first = tally.cell(OPEN_ROW)
    address = f"ADDRESS(INT({first}/{ROWS_APART}),MOD({first},{ROWS_APART}),4)"
    # a sheet's name stands in quotes, and a quote in it twice
    target = f"#'{tally.sheet.replace(chr(39), chr(39) * 2)}'!".replace('"', '""')
    formula = f'=IF({first}=0,"",HYPERLINK("{target}"&{address},"Đến ô "&{address}))'
    if not tally.counts[-1]:
        return formula, ""
    row, column = divmod(tally.counts[-1], ROWS_APART)
    return formula, f"Đến ô {CellRef(row - 1, column - 1)}"


def _facts(edition: Edition, agency: str) -> Iterable[tuple[str, str]]:
    plan, period, sender = edition.plan, edition.period, edition.sender
    asked = edition.asked[agency]
    counts = {kind: sum(q.kind == kind for q in asked) for kind in {q.kind for q in asked}}
    tasks = sum(counts.get(kind, 0) for kind in ("target", "dated", "recurrent"))
    yield "Cơ quan báo cáo", plan.agency[agency].name
    yield "Văn bản", f"Quyết định số {plan.number} ngày {format_date(plan.date)} của {plan.issuer}"
    yield "Kỳ báo cáo", period.name
    estimated = f" (sau ngày này: ước {read_key(period.key).short})"
    yield (
        "Ngày chốt số liệu",
        format_date(period.closing) + (estimated if period.closing < period.end else ""),
    )
    yield "Gửi về trước khi hết ngày", format_date(period.due)
    # where nobody said how to send it back, it goes back the way it came
    yield "Nơi nhận", sender.name if sender.email else f"{sender.name} ({AS_IT_CAME})"
    contact = ", ".join(filter(None, [sender.contact, sender.phone, sender.email]))
    if contact:
        yield "Khi cần hỏi", contact
    indicators = counts.get("indicator", 0)
    answer = f"{tasks} nhiệm vụ" + (f", {indicators} chỉ tiêu" if indicators else "")
    yield "Phải báo cáo", answer


def _with_prompt(check: InputCheck, title: str, prompt: str) -> InputCheck:
    return InputCheck(
        areas=check.areas,
        kind=check.kind,
        source=check.source,
        minimum=check.minimum,
        maximum=check.maximum,
        title=shorten_title(title) if prompt else "",
        prompt=prompt,
        error=check.error,
    )
