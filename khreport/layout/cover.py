"""The cover of an agency's workbook: whose it is, for what, by when, and how to fill it in."""

from __future__ import annotations

from collections.abc import Iterable

from khreport.anatomy import KEY_COLUMN, KEY_ROW
from khreport.dates import format_date
from khreport.edition import Edition
from khreport.forms import Form
from khreport.layout.form import EMPTY, Filled, condition_until_mended, token_cells
from khreport.layout.heights import text_height_pt
from khreport.layout.input import input_check, shorten_title
from khreport.layout.styles import (
    ANSWER_FILL,
    ANSWER_HEAD_FILL,
    ISSUER,
    KEY,
    NOTE,
    SUBTITLE,
    TEXT_FORMAT,
    TITLE,
    WARNING,
    table,
)
from khreport.rows import form_rows
from khreport.sheet import Area, Cell, Condition, InputCheck, Sheet

SIZE_PT = 12
WARNING_TEXT = (
    "KHÔNG GHI NỘI DUNG THUỘC BÍ MẬT NHÀ NƯỚC VÀO TỆP NÀY. Nhiệm vụ có nội dung mật: chọn "
    "“Báo cáo theo chế độ mật”, gửi văn bản theo đường mật, chỉ ghi số văn bản ở cột giải trình."
)


def lay_out_cover(edition: Edition, agency: str, form: Form, filled: Filled = EMPTY) -> Sheet:
    """The cover as a sheet."""
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
    checks: list[InputCheck] = []
    conditions: list[Condition] = []
    value_column = form.columns[1]
    for row, field in zip(form_rows(edition, agency, form), form.fields, strict=True):
        where = (row.key, value_column.key)
        mark = filled.marks.get(where)
        look = table(
            SIZE_PT,
            fill=ANSWER_FILL,
            locked=False,
            number_format=TEXT_FORMAT,
        )
        cells.append(Cell(at, KEY_COLUMN, row.key, KEY))
        cells.append(Cell(at, 1, field.label + (" (*)" if field.required else ""), plain))
        cells.append(Cell(at, 2, filled.values.get(where), look, note=mark.note if mark else None))
        if mark:
            conditions.append(condition_until_mended(cells[-1], mark))
        heights.append((at, 20))
        check = input_check(form, value_column, field.list, (Area(at, 2, at, 2),))
        checks.append(_with_prompt(check, field.label, field.prompt))
        at += 1
    return Sheet(
        name=form.sheet,
        cells=tuple(cells),
        widths=(3, label_width, value_width),
        heights=tuple(heights),
        hidden_rows=(KEY_ROW,),
        hidden_columns=(KEY_COLUMN,),
        merges=tuple(merges),
        checks=tuple(checks),
        conditions=tuple(conditions),
        print_area=Area(1, 1, at - 1, 2),
        landscape=False,
        tab_color="C00000",
        footer=edition.plan.agency[agency].name,
    )


def _facts(edition: Edition, agency: str) -> Iterable[tuple[str, str]]:
    plan, period, sender = edition.plan, edition.period, edition.sender
    asked = edition.asked[agency]
    counts = {kind: sum(q.kind == kind for q in asked) for kind in {q.kind for q in asked}}
    tasks = sum(counts.get(kind, 0) for kind in ("target", "dated", "recurrent"))
    yield "Cơ quan báo cáo", plan.agency[agency].name
    yield "Văn bản", f"Quyết định số {plan.number} ngày {format_date(plan.date)} của {plan.issuer}"
    yield "Kỳ báo cáo", period.name
    yield "Ngày chốt số liệu", f"{format_date(period.closing)} (sau ngày này: ước cả năm)"
    yield "Gửi về trước khi hết ngày", format_date(period.due)
    yield "Nơi nhận", sender.name
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
