"""What the report says against the last period, and of whom it does not speak any more."""

from __future__ import annotations

import msgspec
import polars as pl
import pytest
from composed_round import CONSTRUCTION, FINANCE, TOURISM, appendix, body, collect, compose
from mini_round import Answers, day, small_edition

from khreport.compose.sentences import count_words
from khreport.consolidation import Edits
from khreport.edition import Edition
from khreport.previous import Previous, Values
from khreport.report import Paragraph, Table

DONE: Answers = {("PL2.I.2", "status"): "completed", ("PL2.I.2", "completed_on"): None}


def after(rows: dict[str, dict[str, Values]]) -> Edition:
    """The small edition after a year in which those agencies answered those rows."""
    answers = {
        agency: {"PL2": {key: row for key, row in said.items() if key.startswith("PL2")},
                 "PL1": {key: row for key, row in said.items() if key.startswith("PL1")}}
        for agency, said in rows.items()
    }  # fmt: skip
    previous = Previous(period="2023", name="Năm 2023", answers=answers)
    return msgspec.structs.replace(small_edition(), previous=previous)


def test_tasks_are_compared_with_the_last_period_by_kind() -> None:
    edition = after(
        {
            "sxd": {"PL2.I.3": {"status": "partly"}},
            "stc": {"PL2.I.2": {"status": "in_progress"}},
            "sdl": {"PL2.I.3": {"status": "carried_out"}, "PL1.I.1": {"status": "reaches"}},
        }
    )
    written = body(compose(collect(finance=DONE), edition=edition))
    assert (
        "So với năm 2023, trong các nhiệm vụ có báo cáo của cả hai năm: "
        "số nhiệm vụ có thời hạn đã hoàn thành tăng 01 nhiệm vụ (từ 0 lên 01); "
        "số nhiệm vụ thường xuyên đã triển khai theo kế hoạch năm không đổi (0 nhiệm vụ); "
        "số nhiệm vụ về hoàn thành chỉ tiêu được đánh giá đạt hoặc vượt không đổi (01 nhiệm vụ)."
        in written
    )


def test_a_task_of_which_one_of_the_years_does_not_tell_makes_no_difference() -> None:
    edition = after({"stc": {"PL2.I.2": {"status": "completed"}}})
    assert "trong các nhiệm vụ có báo cáo" not in body(compose(collect(), edition=edition))
    untold = after({"sdl": {"PL1.I.1": {"status": "reaches"}}})
    written = body(compose(collect(finance=DONE), edition=untold))
    assert "hai năm: số nhiệm vụ về hoàn thành chỉ tiêu" in written


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("in_progress", "đã hoàn thành tăng 01 nhiệm vụ (từ 0 lên 01)"),
        ("completed", "đã hoàn thành không đổi (01 nhiệm vụ)"),
    ],
)
def test_more_and_the_same_read_as_such(before: str, told: str) -> None:
    edition = after({"stc": {"PL2.I.2": {"status": before}}})
    assert told in body(compose(collect(finance=DONE), edition=edition))


def test_fewer_reads_as_such() -> None:
    edition = after({"stc": {"PL2.I.2": {"status": "completed"}}})
    assert "đã hoàn thành giảm 01 nhiệm vụ (từ 01 xuống 0)" in body(
        compose(collect(finance=FINANCE), edition=edition)
    )


def test_a_year_that_is_not_known_is_not_compared() -> None:
    assert "trong các nhiệm vụ có báo cáo" not in body(compose(collect()))
    assert "trong các nhiệm vụ có báo cáo" not in body(compose(collect(), edition=after({})))


@pytest.mark.parametrize(
    ("before", "told", "change"),
    [
        (9.0, "cao hơn", "+0,9 (+10%)"),
        (11.0, "thấp hơn", "-1,1 (-10%)"),
        (9.9, "không đổi", "0 (0%)"),
    ],
)
def test_an_indicator_stands_higher_or_lower_than_last_year(
    before: float, told: str, change: str
) -> None:
    tourism = TOURISM | {("CT.visitors", "previous_final"): before}
    report = compose(collect(tourism=tourism))
    assert f"So với năm 2023, số ước thực hiện của chỉ tiêu có số liệu cả hai năm {told}." in body(
        report
    )
    many = compose(collect(tourism=tourism), limits={"indicator_rows": 0})
    table = appendix(many, 3).blocks[0]
    assert isinstance(table, Table)
    assert table.header[3] == "Thực hiện năm 2023"
    assert table.rows[0][3] == f"{before:g}".replace(".", ",")
    assert table.rows[0][8] == change


def test_an_indicator_without_a_figure_of_last_year_is_not_compared() -> None:
    assert "So với năm 2023" not in body(compose(collect()))


def test_causes_of_missed_targets_are_told_apart_from_those_that_have_a_kind() -> None:
    written = body(compose(collect(finance=FINANCE)))
    assert (
        "02 khó khăn, vướng mắc; phân theo nguyên nhân: 01 khách quan và 01 chủ quan. " in written
    )
    assert "01 nguyên nhân, vướng mắc trong hoàn thành chỉ tiêu nêu tại Phụ lục I." in written
    assert "chưa phân loại" not in written


def test_difficulties_of_both_kinds_of_cause_have_a_group_of_their_own() -> None:
    finance = FINANCE | {("PL2.I.2", "cause"): "both"}
    told = body(compose(collect(finance=finance)))
    assert "01 khách quan và 01 vừa khách quan vừa chủ quan." in told
    assert "Nguyên nhân vừa khách quan vừa chủ quan:\n- Thiếu nhân lực" in told


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({("PL2.I.3", "status"): "not_started"}, ""),
        ({("PL2.I.3", "status"): "partly"}, "Đã thực hiện một phần: Đã tổ chức 3 hội nghị"),
    ],
)
def test_no_failure_is_a_main_result_and_half_a_result_is_told_as_such(
    answers: dict[tuple[str, str], object], told: str
) -> None:
    without = {key: value for key, value in CONSTRUCTION.items() if key != ("PL2.I.1", "result")}
    (section,) = (
        line
        for line in body(compose(collect(without | answers))).splitlines()
        if "QUY HOẠCH" in line
    )
    assert ("Kết quả chính" in section) == bool(told)
    assert told in section


def test_a_result_of_an_earlier_year_is_no_main_result() -> None:
    old = {("PL2.I.1", "status"): "completed", ("PL2.I.1", "completed_on"): day("2023-05-01")}
    written = body(compose(collect(CONSTRUCTION | old)))
    assert "Đã trình quy hoạch" not in written


def test_what_an_agency_says_that_is_not_asked_any_more_is_not_in_the_report() -> None:
    consolidation = collect()
    unasked = (pl.col("agency") != "sxd") | (pl.col("task") != "PL2.I.1")
    answers = consolidation.answers.with_columns(pl.col("asked") & unasked)
    written = body(compose(msgspec.structs.replace(consolidation, answers=answers)))
    assert "Chậm giải phóng mặt bằng" in body(compose(consolidation))
    assert "Chậm giải phóng mặt bằng" not in written
    assert "Bổ sung kinh phí" not in written


def test_the_same_proposal_of_two_agencies_is_told_and_answered_once() -> None:
    asked = {("PL2.I.3", "proposal"): "Bổ sung kinh phí.", ("PL2.I.3", "addressee"): "UBND Tỉnh"}
    consolidation = collect(tourism=TOURISM | asked)
    (first, second) = consolidation.proposals["id"]
    report = compose(consolidation)
    assert (
        "Kiến nghị UBND tỉnh: Bổ sung kinh phí (Sở Du lịch và Sở Xây dựng, nhiệm vụ I.1 và I.3"
        " Phụ lục II)." in body(report)
    )
    opinions = [slot.key for slot in report.open_slots if slot.key.startswith("opinion:KN")]
    assert len(opinions) == 1
    for id_ in (first, second):
        answered = compose(consolidation, Edits(opinions={id_: "Đồng ý"}))
        assert not [slot for slot in answered.open_slots if slot.key.startswith("opinion:KN")]


def test_cells_that_wait_for_an_opinion_are_named_to_the_renderer() -> None:
    report = compose(collect(), limits={"proposals": 0})
    table = appendix(report, 3).blocks[0]
    assert isinstance(table, Table)
    assert table.open_cells == {(0, 5), (1, 5)}
    assert all(table.rows[row][column] == "[Chưa có ý kiến]" for row, column in table.open_cells)


def test_a_section_tells_what_is_overdue_and_why_within_150_words() -> None:
    long = "đã phối hợp với các sở, ngành, địa phương tổ chức thực hiện theo kế hoạch đề ra; " * 30
    construction = CONSTRUCTION | {("PL2.I.1", "result"): long, ("PL2.I.3", "result"): long}
    report = compose(collect(construction, finance=FINANCE))
    (section,) = (
        "".join(run.text for run in block.runs)
        for block in report.body
        if isinstance(block, Paragraph) and block.runs[0].text.startswith("I. ")
    )
    late = "nhiệm vụ I.2 (chậm 153 ngày; nguyên nhân: Thiếu nhân lực chuyên trách)"
    assert f"Quá hạn: {late}." in section
    assert count_words(section) <= 150


def test_a_section_over_its_words_drops_causes_but_no_overdue_task() -> None:
    report = compose(collect(finance=FINANCE), limits={"section_words": 60})
    assert "Quá hạn: nhiệm vụ I.2 (chậm 153 ngày; nguyên nhân: Thiếu" in body(report)
    report = compose(collect(finance=FINANCE), limits={"section_words": 40})
    assert "Quá hạn: nhiệm vụ I.2 (chậm 153 ngày)." in body(report)
