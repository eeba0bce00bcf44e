from __future__ import annotations

import difflib
from pathlib import Path

import msgspec
import pytest
from composed_round import (
    FINANCE,
    SETTINGS,
    TOURISM,
    body,
    collect,
    compose,
    dump,
    row,
    tables,
)
from mini_round import day, small_edition

from khreport.compose.report import compose_report, prepare_material
from khreport.consolidation import Edits, Receipt
from khreport.edges.shipped import load_outline
from khreport.merge.consolidate import consolidate_submissions
from khreport.parse.outline import slots_of
from khreport.report import Paragraph

GOLDEN = Path(__file__).with_name("expected") / "bao-cao-nam.txt"


def test_the_whole_report_reads_as_the_golden_text() -> None:
    """Written anew by removing the file and running this test twice."""
    written = dump(compose(collect(finance=FINANCE)))
    if not GOLDEN.exists():
        GOLDEN.write_text(written, encoding="utf-8")
        pytest.fail(f"{GOLDEN.name} was written; read it and run again")
    expected = GOLDEN.read_text(encoding="utf-8")
    assert written == expected, "\n".join(
        difflib.unified_diff(expected.splitlines(), written.splitlines(), lineterm="")
    )


def test_a_task_past_its_day_that_nobody_told_of_is_named_not_taken_for_in_time() -> None:
    written = body(compose(collect()))
    assert "không có nhiệm vụ nào được báo cáo là quá hạn" in written
    assert (
        "Có 01 nhiệm vụ đã hết thời hạn nhưng cơ quan chủ trì chưa báo cáo: nhiệm vụ I.2" in written
    )


def test_dated_and_recurrent_tasks_are_counted_apart() -> None:
    written = body(compose(collect(finance=FINANCE)))
    assert (
        "Phụ lục II có 02 nhiệm vụ có thời hạn, trong đó: 01 đang thực hiện (trong hạn)"
        " và 01 đang thực hiện (quá hạn)." in written
    )
    assert "Phụ lục II có 01 nhiệm vụ thường xuyên, đã triển khai một phần." in written
    assert "Phụ lục I có 01 nhiệm vụ về hoàn thành chỉ tiêu, được đánh giá đạt." in written


def test_each_row_of_the_table_of_sections_adds_up() -> None:
    table = tables(compose(collect()))["Số nhiệm vụ"]
    assert [cells[0] for cells in table.rows] == ["I", "Tổng số"]
    for _, total, *parts in table.rows:
        assert int(total) == sum(map(int, parts)) == 3


def test_the_year_is_set_against_the_plan_of_the_year_only() -> None:
    # the plan's own target is 11 in 2025, which 9,9 does not reach
    report = compose(collect())
    assert row(tables(report)["Chỉ tiêu"], "1")[3:] == ("9", "8,25", "9,9", "110", "Vượt")
    without = {key: value for key, value in TOURISM.items() if key[1] != "plan_year"}
    unplanned = compose(collect(tourism=without))
    assert row(tables(unplanned)["Chỉ tiêu"], "1")[6:] == ("", "Chưa có kế hoạch năm")
    assert "Chưa có chỉ tiêu nào có đủ số liệu để so với kế hoạch năm 2024." in body(unplanned)


@pytest.mark.parametrize(
    ("estimate", "state"),
    [(9.0, "Đạt"), (8.9, "Chưa đạt"), (9.1, "Vượt"), (None, "Chưa có số liệu")],
)
def test_an_indicator_reaches_exceeds_or_misses_its_plan(
    estimate: float | None, state: str
) -> None:
    tourism = TOURISM | {("CT.visitors", "estimate_year"): estimate}
    assert row(tables(compose(collect(tourism=tourism)))["Chỉ tiêu"], "1")[7] == state


def test_less_is_better_where_the_target_is_a_ceiling() -> None:
    edition = small_edition()
    (indicator,) = edition.plan.indicators
    (target,) = indicator.targets
    ceiling = msgspec.structs.replace(target, comparator="at_most")
    indicator = msgspec.structs.replace(indicator, targets=(ceiling,))
    plan = msgspec.structs.replace(edition.plan, indicators=(indicator,))
    report = compose(collect(), edition=msgspec.structs.replace(edition, plan=plan))
    assert row(tables(report)["Chỉ tiêu"], "1")[6:] == ("", "Chưa đạt")


def test_figures_are_called_estimates_only_while_the_year_is_not_over() -> None:
    assert "ước đạt và vượt" in body(compose(collect()))
    edition = small_edition()
    period = msgspec.structs.replace(edition.period, closing=edition.period.end)
    closed = compose(collect(), edition=msgspec.structs.replace(edition, period=period))
    assert "ước" not in body(closed).lower()
    assert "(số liệu từ ngày 01/01/2024 đến ngày 31/12/2024)" in body(closed)


def test_the_officer_s_assessment_of_an_indicator_stands_in_its_row() -> None:
    report = compose(collect(), Edits(assessments={"CT.visitors": "Đạt, chưa vững chắc"}))
    assert row(tables(report)["Chỉ tiêu"], "1")[7] == "Đạt, chưa vững chắc"


def test_who_was_late_and_who_is_missing_is_told_by_name() -> None:
    written = body(compose(collect()))
    assert "02/03 cơ quan có báo cáo đủ điều kiện tổng hợp" in written
    assert "Chưa gửi báo cáo: Sở Tài chính." in written
    assert "Gửi báo cáo sau thời hạn: Sở Xây dựng (chậm 03 ngày)." in written


def test_what_only_the_officer_can_write_is_open_until_it_is_written() -> None:
    consolidation = collect()
    ids = [*consolidation.proposals["id"], *consolidation.adjustments["id"]]
    assert len(ids) == 2
    keys = [key for key, _ in slots_of(load_outline())]
    slots = [slot.key for slot in compose(consolidation).open_slots]
    assert slots == [*keys, *(f"opinion:{id_}" for id_ in ids)]
    edits = Edits(
        slots=dict.fromkeys(keys, "Dòng một.\nDòng hai."),
        opinions=dict.fromkeys(ids, "đồng ý"),
    )
    written = compose(consolidation, edits)
    assert written.open_slots == ()
    assert body(written).count("Dòng một.\nDòng hai.") == len(keys)
    assert body(written).count("Ý kiến của Sở Kế hoạch và Đầu tư: Đồng ý.") == 2


def test_a_round_without_any_report_still_reads_as_a_report() -> None:
    receipts = [Receipt(agency=agency, state="missing") for agency in small_edition().asked]
    written = body(compose(consolidate_submissions(small_edition(), [], receipts)))
    assert "Đến nay chưa có báo cáo nào của 03 cơ quan" in written
    assert "Chưa gửi báo cáo: Sở Du lịch, Sở Tài chính và Sở Xây dựng." in written
    assert "Phụ lục II có 02 nhiệm vụ có thời hạn, tất cả đều chưa có báo cáo." in written
    assert "Các cơ quan không có đề xuất, kiến nghị." in written
    assert "{" not in written
    assert "  " not in written.replace("|  |", "||").replace("|  |", "||")


def test_every_figure_named_by_a_paragraph_exists() -> None:
    consolidation = collect(finance=FINANCE)
    report = compose(consolidation)
    material = prepare_material(small_edition(), consolidation, Edits(), SETTINGS, load_outline())
    rows = {*consolidation.difficulties["id"], *consolidation.proposals["id"]}
    rows |= {*consolidation.adjustments["id"]}
    named = {
        figure for block in report.body if isinstance(block, Paragraph) for figure in block.figures
    }
    assert "tasks.PL2.dated.running_late" in named
    assert named <= material.figures.keys() | rows


def test_the_letterhead_leaves_room_for_the_day_until_the_report_is_issued() -> None:
    head = compose(collect()).letterhead
    assert (head.symbol, head.date, head.day_open) == ("BC-SKHĐT", day("2024-12-30"), True)
    dates = msgspec.structs.replace(SETTINGS.dates, issued=day("2024-12-27"))
    settings = msgspec.structs.replace(SETTINGS, dates=dates)
    signed = compose_report(
        small_edition(), collect(), Edits(), settings, load_outline(), draft=False
    )
    assert (signed.letterhead.date, signed.letterhead.day_open) == (day("2024-12-27"), False)
