"""The consolidated workbook: every answer of a round side by side, with where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import polars as pl

from khreport.columns import (
    ADDRESSEE,
    CAUSE,
    DIFFICULTY,
    DOCUMENTS,
    PROPOSAL,
    STATUS,
    SYMBOL,
    TASK,
    VALUE,
)
from khreport.consolidation import STATE_LABELS, TIMELINESS_LABELS, Consolidation
from khreport.edition import Edition
from khreport.forms import Column, Form
from khreport.layout.against_previous import lay_out_against_previous
from khreport.layout.editing_rows import NOT_ASKED
from khreport.layout.form_head import headings, subtitle
from khreport.layout.overview import lay_out_headline, lay_out_overview
from khreport.layout.table import TableColumn, lay_out_table, plain_value
from khreport.merge.consolidate import LINE, record_forms, task_forms
from khreport.merge.wording import label_codes
from khreport.rows import lead_words
from khreport.sheet import Book, Sheet

MOST_ROWS = 1_000_000
"""A sheet ends at 1,048,576 rows; longer tables go on in a further sheet."""

Columns = list[tuple[TableColumn, pl.Expr]]


def lay_out_consolidated(edition: Edition, consolidation: Consolidation) -> Book:
    """The workbook to read."""
    found = consolidation
    sheets = [
        lay_out_headline(edition, found),
        lay_out_overview(edition, found),
        *_sheets(edition, "Nhiệm vụ", "TÌNH HÌNH THỰC HIỆN TỪNG NHIỆM VỤ",
                 label_statuses(edition, found.tasks), _task_columns(edition)),
        *(sheet for form in task_forms(edition) for sheet in _answers(edition, form, found)),
        *(sheet for form in edition.forms if form.rows == "indicators"
          for sheet in _indicators(edition, form, found)),
        *(sheet for form in record_forms(edition) for sheet in _records(edition, form, found)),
        *_sheets(edition, "Khó khăn", "KHÓ KHĂN, VƯỚNG MẮC VÀ NGUYÊN NHÂN",
                 found.difficulties,
                 [*_place_columns(edition), _text("Khó khăn, vướng mắc", 60, DIFFICULTY),
                  _text("Loại nguyên nhân", 14, _label(edition, CAUSE)), SOURCE]),
        *_sheets(edition, "Kiến nghị", "KIẾN NGHỊ, ĐỀ XUẤT", found.proposals,
                 [*_place_columns(edition), _text("Kiến nghị, đề xuất", 60, PROPOSAL),
                  _text("Gửi cơ quan nào", 22, ADDRESSEE), SOURCE]),
        *lay_out_against_previous(edition, found),
        *_remarks(edition, found),
        *_sheets(edition, "Cơ quan", "CƠ QUAN BÁO CÁO", found.agencies, AGENCY_COLUMNS),
        *_sheets(edition, "Số liệu", "TỪNG Ô ĐÃ ĐIỀN VÀ NƠI LẤY SỐ LIỆU", found.cells,
                 _cell_columns(edition)),
    ]  # fmt: skip
    return Book(sheets=tuple(sheets), title=f"Tổng hợp - {edition.period.name}")


def _sheets(
    edition: Edition, name: str, title: str, rows: pl.DataFrame, columns: Columns
) -> Iterator[Sheet]:
    values = rows.select(
        expression.alias(str(place)) for place, (_, expression) in enumerate(columns)
    ).iter_rows()
    plain = (tuple(map(plain_value, row)) for row in values)
    for part in range(max(1, -(-rows.height // MOST_ROWS))):
        yield lay_out_table(
            name if part == 0 else f"{name} ({part + 1})",
            title,
            subtitle(edition),
            [column for column, _ in columns],
            islice(plain, MOST_ROWS),
        )


def _text(heading: str, width: float, found: str | pl.Expr) -> tuple[TableColumn, pl.Expr]:
    return TableColumn(heading, width), pl.col(found) if isinstance(found, str) else found


SOURCE = _text(
    "Nguồn (tệp, sheet, dòng)",
    16,
    pl.format("{}, {}, dòng {}", "file", "sheet", pl.col("row") + 1),
)
AGENCY_COLUMNS: Columns = [
    _text("Cơ quan", 42, "name"),
    _text("Tình trạng", 24, pl.col("state").replace(STATE_LABELS)),
    (TableColumn("Ngày nhận", 12, "date"), pl.col("received_at")),
    (TableColumn("Số ngày gửi chậm", 10, "whole"), pl.col("days_late")),
    (TableColumn("Số lỗi phải sửa", 10, "whole"), pl.col("errors")),
    (TableColumn("Số nhiệm vụ phải báo cáo", 12, "whole"), pl.col("asked")),
    (TableColumn("Số nhiệm vụ đã trả lời", 12, "whole"), pl.col("answered")),
    _text("Tệp", 44, "file"),
]


def _agency(edition: Edition) -> pl.Expr:
    return pl.col("agency").replace({a.key: a.name for a in edition.plan.agencies})


def _answerer(edition: Edition) -> pl.Expr:
    name = _agency(edition)
    return pl.when("asked").then(name).otherwise(name + pl.lit(f" ({NOT_ASKED})"))


def _appendix(edition: Edition, column: str = "task") -> pl.Expr:
    return pl.col(column).replace(
        {t.key: edition.plan.appendix[t.appendix].label for t in edition.plan.tasks}
    )


def _number(column: str = "task") -> pl.Expr:
    return pl.col(column).str.extract(r"^[^.]*\.(.*)$")


def _words(edition: Edition, column: str = "task") -> pl.Expr:
    return pl.col(column).replace({t.key: t.text for t in edition.plan.tasks})


def _place_columns(edition: Edition) -> Columns:
    return [
        _text("Phụ lục", 9, _appendix(edition)),
        _text("TT", 7, _number()),
        _text("Nhiệm vụ", 44, _words(edition)),
        _text("Cơ quan", 22, _agency(edition)),
    ]


def _label(edition: Edition, column: str) -> pl.Expr:
    """The labels of a column whose lists mean the same in every form."""
    return pl.col(column).replace(
        {
            choice.code: choice.label
            for form in task_forms(edition)
            if column in form.column
            for list_key in form.column[column].lists.values()
            for choice in form.choice_list[list_key].choices
        }
    )


def label_statuses(edition: Edition, tasks: pl.DataFrame) -> pl.DataFrame:
    """The tasks (`TASKS`) with the words of their status, by form and kind."""
    words = pl.col(STATUS)
    for form in task_forms(edition):
        if STATUS in form.column:
            own = label_codes(form, form.column[STATUS])
            words = pl.when(pl.col("appendix") == form.appendix).then(own).otherwise(words)
    return tasks.with_columns(words.alias(STATUS))


def timeliness_words() -> pl.Expr:
    """The `timeliness` column in words."""
    return pl.col("timeliness").replace(TIMELINESS_LABELS)


def _task_columns(edition: Edition) -> Columns:
    tasks = edition.plan.tasks
    leads = {t.key: lead_words(edition, t) for t in tasks}
    deadlines = {t.key: t.deadline_text for t in tasks}
    return [
        _text("Phụ lục", 9, _appendix(edition)),
        _text("TT", 7, _number()),
        _text("Nhiệm vụ", 52, "text"),
        _text("Cơ quan chủ trì", 22, pl.col("task").replace(leads)),
        _text("Tiến độ thực hiện", 14, pl.col("task").replace(deadlines)),
        (TableColumn("Thời hạn", 11, "date"), pl.col("due")),
        _text("Tình trạng", 18, STATUS),
        _text("So với thời hạn", 18, timeliness_words()),
        (TableColumn("Số ngày chậm", 8, "whole"), pl.col("days_late")),
        (TableColumn("Số cơ quan phải trả lời", 9, "whole"), pl.col("asked")),
        (TableColumn("Số cơ quan đã trả lời", 9, "whole"), pl.col("answered")),
        _text("Ý kiến khác nhau", 10, pl.when("disagree").then(pl.lit("Khác nhau"))),
        _text("Chưa trả lời", 34, "missing"),
    ]


def _answer_columns(form: Form, names: list[str]) -> Columns:
    """The columns that the agency fills, with documents in words."""
    columns: Columns = []
    for column, heading in zip(form.columns, names, strict=True):
        if column.key == DOCUMENTS:
            columns.append(_text("Văn bản", 12, "cited"))
        elif column.role in ("answer", "given"):
            columns.append((_drawn(column, heading), label_codes(form, column)))
        elif column.computed:
            columns.append((_drawn(column, heading), pl.col(column.key)))
    return columns


def _drawn(column: Column, heading: str) -> TableColumn:
    return TableColumn(heading, column.width, column.type)


def _answers(edition: Edition, form: Form, found: Consolidation) -> Iterator[Sheet]:
    own = [task.key for task in edition.plan.tasks if task.appendix == form.appendix]
    steps = {
        f"{task.key}.{step.key}": step.text
        for task in edition.plan.tasks
        for step in task.deadline.milestones
    }
    rows = found.answers.filter(pl.col("task").is_in(own))
    words = (
        pl.when(pl.col("kind") == "line")
        .then(pl.lit("- ") + pl.col(LINE).fill_null("(dự án chưa ghi tên)"))
        .when(pl.col("kind") == "milestone")
        .then(pl.lit("- ") + pl.col("key").replace(steps))
        .otherwise(_words(edition))
    )
    names = headings(edition, form)
    task_heading = names[[column.key for column in form.columns].index(TASK)]
    columns: Columns = [
        _text("TT", 6, _number()),
        _text(task_heading, 24, words),
        _text("Cơ quan", 11, _answerer(edition)),
        *_answer_columns(form, names),
    ]
    if form.kind is None:  # targets have no deadline
        columns += [
            _text("So với thời hạn", 9.5, timeliness_words()),
            (TableColumn("Số ngày chậm", 6, "whole"), pl.col("days_late")),
        ]
    columns.append(SOURCE)
    title = f"TRẢ LỜI CỦA CÁC CƠ QUAN - {form.sheet.upper()}"
    yield from _sheets(edition, f"Trả lời {form.sheet}", title, rows, columns)


def _indicators(edition: Edition, form: Form, found: Consolidation) -> Iterator[Sheet]:
    known = edition.plan.indicators
    columns: Columns = [
        _text("Chỉ tiêu", 27, pl.col("indicator").replace({i.key: i.name for i in known})),
        _text("Đơn vị tính", 10, pl.col("indicator").replace({i.key: i.measure for i in known})),
        _text("Cơ quan", 14, _agency(edition)),
        *_answer_columns(form, headings(edition, form)),
        SOURCE,
    ]
    rows = found.indicators.with_columns(kind=pl.lit("indicator"))
    yield from _sheets(edition, form.sheet, form.title, rows, columns)


def _records(edition: Edition, form: Form, found: Consolidation) -> Iterator[Sheet]:
    documents = SYMBOL in form.column
    rows = (found.documents if documents else found.adjustments).filter(pl.col("form") == form.key)
    columns: Columns = [
        _text("Cơ quan", 22, _agency(edition)),
        _text("Số TT", 7, pl.col("key").str.extract(r"([^.]+)$")),
        *_answer_columns(form, headings(edition, form)),
    ]
    if documents:
        cited = pl.col("tasks").list.eval(pl.element().str.replace(r"^[^.]*\.", ""))
        columns.append(_text("Dùng cho nhiệm vụ", 14, cited.list.join("; ")))
    rows = rows.with_columns(kind=pl.lit("record"))
    yield from _sheets(edition, form.sheet, form.title, rows, [*columns, SOURCE])


def _remarks(edition: Edition, found: Consolidation) -> Iterator[Sheet]:
    for form in edition.forms:
        if form.rows == "coordinating":
            rows = found.remarks.filter(pl.col("form") == form.key)
            rows = rows.with_columns(kind=pl.lit("remark"))
            columns = [*_place_columns(edition), *_answer_columns(form, headings(edition, form))]
            yield from _sheets(edition, form.sheet, form.title, rows, [*columns, SOURCE])


def _cell_columns(edition: Edition) -> Columns:
    names = {
        f"{form.key}.{column.key}": heading
        for form in edition.forms
        for column, heading in zip(form.columns, headings(edition, form), strict=True)
    }
    sheets = {form.key: form.sheet for form in edition.forms}
    return [
        _text("Cơ quan", 24, _agency(edition)),
        _text("Biểu", 16, pl.col("form").replace(sheets)),
        _text("Dòng", 14, "key"),
        _text("Cột", 24, pl.format("{}.{}", "form", "column").replace(names)),
        _text("Giá trị", 60, VALUE),
        _text("Tệp", 24, "file"),
        _text("Sheet", 16, "sheet"),
        _text("Ô", 7, "cell"),
        _text("Mã tệp lưu", 12, pl.col("submission").str.head(12)),
    ]
