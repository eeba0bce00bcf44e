"""The first two sheets of the consolidated workbook: headline figures with charts, all counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from khreport.columns import ESTIMATE_YEAR, STATUS
from khreport.consolidation import STATE_LABELS, TIMELINESS_LABELS, Consolidation
from khreport.edition import Edition
from khreport.layout.form_head import subtitle
from khreport.layout.styles import HEAD_FILL, SECTION_FILL, SUBTITLE, TITLE, table
from khreport.layout.table import TableColumn, cell_look, lay_out_table
from khreport.merge.consolidate import task_forms
from khreport.period_words import words_of
from khreport.periods import read_key
from khreport.sheet import Area, Cell, Chart, Sheet, Value

DATED = tuple(TIMELINESS_LABELS)[:7]
RECURRENT = tuple(TIMELINESS_LABELS)[7:10]
ASIDE = tuple(TIMELINESS_LABELS)[10:]
COMPLETED = DATED[:3]
OVERDUE = ("running_late", "not_started_late")
SIZE_PT = 11
WIDTHS = (52.0, 11.0, 13.0, 10.0, 3.0, *(11.0,) * 6)
CHART_COLUMN, CHART_WIDTH_PX = 5, 480
ROW_PT = 18.0
ROW_PX = ROW_PT / 72 * 96

Counts = list[tuple[str, int]]


def lay_out_headline(edition: Edition, found: Consolidation) -> Sheet:
    """The cover: the figures that a leader asks for first, and charts of how things stand."""
    head = table(SIZE_PT, fill=HEAD_FILL, bold=True, align="center", valign="vcenter")
    band = table(SIZE_PT, fill=SECTION_FILL, bold=True)
    last = len(WIDTHS) - 1
    cells = [
        Cell(0, 0, "TỔNG HỢP KẾT QUẢ BÁO CÁO", TITLE),
        Cell(1, 0, subtitle(edition), SUBTITLE),
    ]
    headings = ("Số liệu chính", "Số lượng", "Trên tổng số", "Tỷ lệ (%)")
    cells += [Cell(2, column, heading, head) for column, heading in enumerate(headings)]
    looks = [cell_look(kind, SIZE_PT) for kind in ("text", "whole", "whole", "number")]
    row = 3
    for words, count, total in _headlines(edition, found):
        share = round(100 * count / total, 1) if total else None
        values = (words, count, total, share)
        cells += [Cell(row, at, value, looks[at]) for at, value in enumerate(values)]
        row += 1
    charts: list[Chart] = []
    chart_row = 2
    merges = [Area(0, 0, 0, last), Area(1, 0, 1, last)]
    for title, counts in _groups(found):
        row += 1
        cells.append(Cell(row, 0, title, band))
        merges.append(Area(row, 0, row, 3))
        first = row + 1
        for words, count in counts:
            row += 1
            cells += [Cell(row, 0, words, looks[0]), Cell(row, 1, count, looks[1])]
        height = len(counts) + 4
        charts.append(
            Chart(
                title=title,
                categories=Area(first, 0, row, 0),
                values=Area(first, 1, row, 1),
                row=chart_row,
                column=CHART_COLUMN,
                width_px=CHART_WIDTH_PX,
                height_px=round(height * ROW_PX),
            )
        )
        chart_row += height + 1
        row += 1
    end = max(row, chart_row)
    return Sheet(
        name="Bìa",
        cells=tuple(cells),
        widths=WIDTHS,
        heights=((0, 24.0), (1, 34.0), *((at, ROW_PT) for at in range(2, end))),
        merges=tuple(merges),
        charts=tuple(charts),
        print_area=Area(0, 0, end, last),
        one_page=True,
        protected=False,
        footer="Bìa",
    )


def _headlines(edition: Edition, found: Consolidation) -> Iterator[tuple[str, int, int | None]]:
    """What is counted, how many there are, and among how many."""
    states, said = found.agencies["state"], words_of(read_key(edition.period.key))
    for state, words in (
        ("accepted", "Cơ quan có báo cáo đạt"),
        ("faulty", "Cơ quan đã gửi, còn lỗi phải sửa"),
        ("missing", "Cơ quan chưa gửi báo cáo"),
    ):
        yield words, _count(states, [state]), states.len()
    dated = found.tasks.filter(pl.col("kind") == "dated")["timeliness"]
    yield "Nhiệm vụ có thời hạn đã hoàn thành", _count(dated, COMPLETED), dated.len()
    yield "Nhiệm vụ có thời hạn đã quá hạn mà chưa hoàn thành", _count(dated, OVERDUE), dated.len()
    recurrent = found.tasks.filter(pl.col("kind") == "recurrent")["timeliness"]
    carried = _count(recurrent, RECURRENT[:1])
    planned = f"theo kế hoạch{said['of_year']}"
    yield f"Nhiệm vụ thường xuyên đã triển khai {planned}", carried, recurrent.len()
    yield (
        "Nhiệm vụ chưa có trả lời",
        found.tasks.filter(pl.col(STATUS).is_null()).height,
        (found.tasks.height),
    )
    figures = found.indicators
    if ESTIMATE_YEAR in figures.columns:
        figures = figures.filter(pl.col(ESTIMATE_YEAR).is_not_null())
    yield f"Chỉ tiêu đã có số liệu {said['whole_period']}", figures["indicator"].n_unique(), None
    yield "Văn bản đã ban hành", found.documents.height, None
    yield "Khó khăn, vướng mắc", found.difficulties.height, None
    yield "Kiến nghị, đề xuất", found.proposals.height, None
    yield "Đề xuất bổ sung, điều chỉnh kế hoạch", found.adjustments.height, None


def _groups(found: Consolidation) -> Iterator[tuple[str, Counts]]:
    """The counts that are drawn, under the title of their chart."""
    yield (
        "Cơ quan báo cáo",
        [(words, _count(found.agencies["state"], [key])) for key, words in STATE_LABELS.items()],
    )
    for kind, title, states in (
        ("dated", "Nhiệm vụ có thời hạn", DATED),
        ("recurrent", "Nhiệm vụ thường xuyên", RECURRENT),
    ):
        own = found.tasks.filter(pl.col("kind") == kind)["timeliness"]
        counts = [(TIMELINESS_LABELS[key], _count(own, [key])) for key in (*states, *ASIDE)]
        yield title, [*counts, ("Chưa có trả lời", own.null_count())]


def _count(column: pl.Series, values: Iterable[str]) -> int:
    return int(column.is_in(list(values)).sum())


def lay_out_overview(edition: Edition, found: Consolidation) -> Sheet:
    """Every count of the round: agencies and tasks by state, and how much of each list there is."""
    columns = [
        TableColumn("Nội dung", 56),
        TableColumn("Số lượng", 11, "whole"),
        TableColumn("Ghi chú", 34),
    ]
    return lay_out_table(
        "Tổng quan", "TỔNG HỢP KẾT QUẢ BÁO CÁO", subtitle(edition), columns,
        _overview_rows(edition, found), size_pt=11, fixed_columns=0, landscape=False, paper="A4",
    )  # fmt: skip


def _overview_rows(edition: Edition, found: Consolidation) -> Iterator[tuple[Value, ...]]:
    agencies = found.agencies
    yield ("Cơ quan báo cáo",)
    yield "Số cơ quan phải báo cáo", agencies.height, None
    yield from _counted(agencies["state"], STATE_LABELS)
    yield "Số cơ quan gửi sau hạn", agencies.filter(pl.col("days_late") > 0).height, None
    labels = TIMELINESS_LABELS
    aside = {key: labels[key] for key in ("set_aside", "secret")}
    kinds = {"dated": "Nhiệm vụ có thời hạn", "recurrent": "Nhiệm vụ thường xuyên"}
    for kind, name in kinds.items():
        own = found.tasks.filter(pl.col("kind") == kind)
        open_ = list(labels)[:7] if kind == "dated" else list(labels)[7:10]
        yield (name,)
        yield "Tổng số", own.height, None
        yield from _counted(own["timeliness"], {key: labels[key] for key in open_} | aside)
        yield "Chưa có trả lời", own["timeliness"].null_count(), None
    for form in task_forms(edition):
        if form.kind is not None and STATUS in form.column:
            own = found.tasks.filter(pl.col("appendix") == form.appendix)
            choices = form.choice_list[form.column[STATUS].lists["*"]].choices
            yield (f"Nhiệm vụ tại {form.sheet}",)
            yield "Tổng số", own.height, None
            yield from _counted(own[STATUS], {c.code: c.label for c in choices})
            yield "Chưa có trả lời", own[STATUS].null_count(), None
    yield ("Nội dung khác",)
    differing = found.tasks.filter("disagree").height
    yield "Nhiệm vụ mà các cơ quan báo cáo khác nhau", differing, "Chọn trong tệp biên tập"
    yield "Chỉ tiêu đã có số liệu", found.indicators["indicator"].n_unique(), None
    yield "Văn bản đã ban hành", found.documents.height, None
    yield "Khó khăn, vướng mắc", found.difficulties.height, None
    yield "Kiến nghị, đề xuất", found.proposals.height, None
    yield "Đề xuất bổ sung, điều chỉnh kế hoạch", found.adjustments.height, None
    waiting = agencies.filter(pl.col("state") != "accepted")
    if waiting.height:
        yield ("Cơ quan chưa hoàn thành báo cáo",)
        for name, state in waiting.select("name", "state").iter_rows():
            yield name, None, STATE_LABELS[state]


def _counted(column: pl.Series, labels: Mapping[str, str]) -> Iterable[tuple[Value, ...]]:
    counts = dict(column.value_counts().iter_rows())
    return [(label, counts.get(key, 0), None) for key, label in labels.items()]
