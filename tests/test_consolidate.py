from __future__ import annotations

import msgspec
import polars as pl
from mini_round import CONSTRUCTION, TOURISM, Answers, day, small_edition, small_round, submit
from polars.testing import assert_frame_equal

from khreport.consolidation import (
    AGENCIES,
    CELLS,
    DIFFICULTIES,
    PROPOSALS,
    TASKS,
    Consolidation,
    Receipt,
)
from khreport.layout.consolidated import lay_out_consolidated
from khreport.merge.consolidate import consolidate_submissions
from khreport.sheet import Sheet


def nobody() -> Consolidation:
    return consolidate_submissions(small_edition(), [], [])


def accept(agency: str) -> Receipt:
    return Receipt(agency=agency, state="accepted", submission=f"hash-{agency}")


def test_every_task_of_the_plan_has_a_row_even_if_nobody_answers() -> None:
    found = nobody()
    assert found.tasks["task"].to_list() == ["PL1.I.1", "PL2.I.1", "PL2.I.2", "PL2.I.3"]
    assert found.tasks["answered"].sum() == 0
    assert found.tasks["timeliness"].null_count() == 4
    assert found.tasks["missing"].to_list()[3] == ["Sở Xây dựng", "Sở Du lịch"]
    assert found.agencies["state"].to_list() == ["missing"] * 3


def test_the_frames_have_the_schemas_of_the_contract_with_and_without_answers() -> None:
    for found in (nobody(), small_round()):
        assert found.tasks.schema == TASKS
        assert found.difficulties.schema == DIFFICULTIES
        assert found.proposals.schema == PROPOSALS
        assert found.agencies.schema == AGENCIES
        assert found.cells.schema == CELLS


def test_a_task_is_due_with_its_last_milestone_and_a_missed_one_shows_on_its_own_row() -> None:
    found = small_round()
    assert found.tasks.row(1, named=True)["due"] == day("2025-06-30")
    assert found.tasks.row(1, named=True)["timeliness"] == "running_in_time"
    steps = found.answers.filter(pl.col("kind") == "milestone")
    assert steps.select("key", "due", "timeliness", "days_late").rows() == [
        ("PL2.I.1.m1", day("2024-03-31"), "completed_late", 10)
    ]


def test_leads_that_disagree_come_to_the_least_advanced_status() -> None:
    task = small_round().tasks.row(3, named=True)
    assert (task["status"], task["disagree"], task["answered"]) == ("partly", True, 2)
    same = small_round(tourism=TOURISM | {("PL2.I.3", "status"): "carried_out"})
    assert same.tasks.row(3, named=True)["disagree"] is False


def test_an_agency_that_left_a_task_empty_is_missing_there() -> None:
    silent = {place: value for place, value in TOURISM.items() if place[0] != "PL2.I.3"}
    task = small_round(tourism=silent).tasks.row(3, named=True)
    assert (task["asked"], task["answered"], task["missing"]) == (2, 1, ["Sở Du lịch"])


def test_answers_keep_their_words_codes_and_place() -> None:
    answer = small_round().answers.filter(pl.col("key") == "PL2.I.1").row(0, named=True)
    assert answer["proposal"] == "=Bổ sung kinh phí"
    assert (answer["status"], answer["percent"]) == ("in_progress", 62.5)
    assert (answer["file"], answer["sheet"], answer["row"]) == ("sxd.xlsx", "Phụ lục II", 9)


def test_rows_in_which_nothing_is_written_are_no_answers() -> None:
    keys = small_round().answers.select("key", "agency").rows()
    assert keys == [
        ("PL1.I.1", "sdl"),
        ("PL2.I.1", "sxd"),
        ("PL2.I.1.m1", "sxd"),
        ("PL2.I.1.a", "sxd"),
        ("PL2.I.3", "sxd"),
        ("PL2.I.3", "sdl"),
    ]


def test_references_are_resolved_to_the_documents_of_the_same_agency() -> None:
    tourism: Answers = TOURISM | {
        ("PL2.I.3", "documents"): "2",
        ("VB.2", "symbol"): "7/BC-SDL",
    }
    found = small_round(tourism=tourism)
    cited = dict(found.answers.drop_nulls("cited").select("key", "cited").rows())
    assert cited == {
        "PL2.I.1": "12/KH-SXD ngày 05/03/2024; văn bản số TT 9 (không có trong danh mục)",
        "PL2.I.3": "7/BC-SDL",
    }
    assert found.documents.select("id", "number", "tasks").rows() == [
        ("VB.2.sxd", "2", ["PL2.I.1"]),
        ("VB.2.sdl", "2", ["PL2.I.3"]),
    ]


def test_indicators_are_worked_out_as_the_form_does() -> None:
    row = small_round().indicators.row(0, named=True)
    assert (row["indicator"], row["agency"]) == ("CT.visitors", "sdl")
    assert (row["ratio"], row["growth"]) == (110.0, 37.5)
    zero = small_round(tourism=TOURISM | {("CT.visitors", "plan_year"): 0.0})
    assert zero.indicators["ratio"].to_list() == [None]


def test_proposals_keep_their_ids_when_another_agency_reports() -> None:
    before = small_round()
    after = small_round(tourism=TOURISM | {("PL2.I.3", "proposal"): "Tăng kinh phí"})
    assert before.proposals["id"].to_list() == ["KN.PL2.I.1.sxd.5a6da4d7"]
    assert [id_.rpartition(".")[0] for id_ in after.proposals["id"]] == [
        "KN.PL2.I.1.sxd",
        "KN.PL2.I.3.sdl",
    ]
    assert after.proposals["id"][0] == before.proposals["id"][0]


def test_an_id_depends_on_the_words_of_a_proposal() -> None:
    def ids(proposal: str, change: str) -> list[str]:
        changed = {("PL2.I.1", "proposal"): proposal, ("DC.1", "proposed"): change}
        found = small_round(construction=CONSTRUCTION | changed)
        return [*found.proposals["id"], *found.adjustments["id"]]

    first = ids("Bổ sung kinh phí", "Hoàn thành năm 2026")
    assert ids("BỔ SUNG  kinh phí", "Hoàn thành năm 2026") == first
    assert set(ids("Giãn tiến độ", "Bỏ nhiệm vụ")).isdisjoint(first)


def test_the_answer_of_an_agency_that_is_no_longer_asked_settles_nothing() -> None:
    edition = small_edition()
    kept = tuple(q for q in edition.questions if (q.parent, q.agency) != ("PL2.I.3", "sdl"))
    narrowed = msgspec.structs.replace(edition, questions=kept)
    submissions = [submit("sxd", CONSTRUCTION), submit("sdl", TOURISM)]
    found = consolidate_submissions(narrowed, submissions, [accept("sxd"), accept("sdl")])
    task = found.tasks.row(3, named=True)
    assert (task["status"], task["disagree"]) == ("carried_out", False)
    assert (task["asked"], task["answered"], task["missing"]) == (1, 1, [])
    told = found.answers.filter(pl.col("key") == "PL2.I.3").select("agency", "asked").rows()
    assert told == [("sxd", True), ("sdl", False)]
    assert dict(found.agencies.select("agency", "answered").rows())["sdl"] == 1
    book = lay_out_consolidated(narrowed, found)
    answers = next(sheet for sheet in book.sheets if sheet.name == "Trả lời Phụ lục II")
    assert "Sở Du lịch (không còn được hỏi về nhiệm vụ này)" in [c.value for c in answers.cells]


def test_a_share_grows_by_points_and_not_by_per_cent_of_itself() -> None:
    edition = small_edition()
    (indicator,) = edition.plan.indicators
    share = msgspec.structs.replace(indicator, measure="%/năm")
    plan = msgspec.structs.replace(edition.plan, indicators=(share,))
    found = consolidate_submissions(
        msgspec.structs.replace(edition, plan=plan), [submit("sdl", TOURISM)], [accept("sdl")]
    )
    assert found.indicators.select("ratio", "growth").row(0) == (110.0, 2.7)


def test_a_later_quarter_sets_what_adds_up_from_the_beginning_against_the_plan() -> None:
    edition = small_edition()
    (indicator,) = edition.plan.indicators
    quarter = msgspec.structs.replace(edition.period, key="2024-Q3", kind="quarter")
    submission = submit("sdl", TOURISM | {("CT.visitors", "to_closing"): 4.5})
    for changes, ratio in (({"adds_up": True}, 50.0), ({"adds_up": False}, 110.0)):
        flow = msgspec.structs.replace(indicator, **changes)
        plan = msgspec.structs.replace(edition.plan, indicators=(flow,))
        asked = msgspec.structs.replace(edition, plan=plan, period=quarter)
        found = consolidate_submissions(asked, [submission], [accept("sdl")])
        assert found.indicators.select("ratio", "growth").row(0) == (ratio, 37.5)


def test_of_a_rank_nothing_is_worked_out_in_per_cent() -> None:
    edition = small_edition()
    (indicator,) = edition.plan.indicators
    rank = msgspec.structs.replace(indicator, measure="Thứ hạng")
    plan = msgspec.structs.replace(edition.plan, indicators=(rank,))
    asked = msgspec.structs.replace(edition, plan=plan)
    found = consolidate_submissions(asked, [submit("sdl", TOURISM)], [accept("sdl")])
    assert found.indicators.select("ratio", "growth").row(0) == (None, None)


def test_causes_of_a_missed_target_are_difficulties_too() -> None:
    rows = small_round().difficulties.select("id", "difficulty", "cause").rows()
    assert rows == [
        ("KK.PL1.I.1.sdl", "Giá vé cao", None),
        ("KK.PL2.I.1.sxd", "Chậm giải phóng mặt bằng", "objective"),
    ]


def test_every_answered_cell_has_its_address() -> None:
    cells = small_round().cells
    assert cells.height == len(CONSTRUCTION) + len(TOURISM)
    places = {
        (key, column): (value, cell)
        for key, column, value, cell in cells.select("key", "column", "value", "cell").rows()
    }
    assert places["PL2.I.1", "status"] == ("Đang thực hiện", "H10")
    assert places["PL2.I.1", "percent"] == ("62,5", "I10")
    assert places["PL2.I.1.m1", "completed_on"] == ("10/04/2024", "J11")
    assert places["BIA.progress", "value"][0] == "Đã xong"


def test_a_moved_column_is_told_with_its_own_letter() -> None:
    moved = submit("sxd", CONSTRUCTION)
    moved.columns["PL2"]["percent"] = 25
    found = consolidate_submissions(small_edition(), [moved], [accept("sxd")])
    percent = found.cells.filter(pl.col("column") == "percent")
    assert percent["cell"].to_list() == ["Z10"]


def test_only_accepted_submissions_count() -> None:
    receipts = [
        accept("sxd"),
        Receipt(agency="sdl", state="faulty", submission="hash-sdl", errors=2),
    ]
    submissions = [submit("sxd", CONSTRUCTION), submit("sdl", TOURISM)]
    found = consolidate_submissions(small_edition(), iter(submissions), receipts)
    assert found.answers["agency"].unique().to_list() == ["sxd"]
    assert found.agencies.select("agency", "state", "errors", "answered").rows() == [
        ("sxd", "accepted", 0, 2),
        ("sdl", "faulty", 2, 0),
        ("stc", "missing", 0, 0),
    ]


def test_the_order_of_submissions_does_not_matter() -> None:
    receipts = [accept("sdl"), accept("sxd")]
    one, two = submit("sxd", CONSTRUCTION), submit("sdl", TOURISM)
    first = consolidate_submissions(small_edition(), [one, two], receipts)
    second = consolidate_submissions(small_edition(), [two, one], receipts)
    for name in ("answers", "tasks", "documents", "proposals", "cells"):
        assert_frame_equal(getattr(first, name), getattr(second, name))


def test_an_answer_of_an_older_form_is_read_with_what_it_has() -> None:
    old = submit("sdl", TOURISM)
    old.answers["PL2"] = old.answers["PL2"].drop("next_year").with_columns(gone=pl.lit("x"))
    submissions = [submit("sxd", CONSTRUCTION), old]
    found = consolidate_submissions(small_edition(), submissions, [accept("sxd"), accept("sdl")])
    assert found.answers.height == 6
    assert "gone" not in found.answers.columns


def sheet(name: str, found: Consolidation) -> Sheet:
    book = lay_out_consolidated(small_edition(), found)
    return next(sheet for sheet in book.sheets if sheet.name == name)


def texts(sheet: Sheet, row: int) -> list[object]:
    return [cell.value for cell in sheet.cells if cell.row == row]


def test_the_workbook_to_read_speaks_in_labels() -> None:
    answers = sheet("Trả lời Phụ lục II", small_round())
    row = texts(answers, 3)
    assert row[:4] == ["I.1", "Lập quy hoạch phân khu", "Sở Xây dựng", "Đang thực hiện"]
    assert "Khách quan" in row
    assert "=Bổ sung kinh phí" in row
    assert row[-1] == "sxd.xlsx, Phụ lục II, dòng 10"
    assert answers.protected is False


def test_the_workbook_to_read_has_a_row_for_each_task() -> None:
    row = texts(sheet("Nhiệm vụ", small_round()), 6)
    assert row[:3] == ["Phụ lục II", "I.3", "Tuyên truyền quy hoạch"]
    assert row[6] == "Triển khai một phần"
    assert row[11] == "Khác nhau"


def test_the_overview_counts_add_up() -> None:
    overview = sheet("Tổng quan", small_round())
    rows = [texts(overview, row)[:2] for row in range(3, 50)]
    assert ["Chưa báo cáo", 1] in rows
    start = rows.index(["Nhiệm vụ có thời hạn"])
    counts = [row[1] for row in rows[start + 1 : start + 12]]
    assert counts[0] == 2
    assert sum(counts[1:]) == 2  # type: ignore[arg-type]


def test_an_empty_round_still_has_all_its_sheets() -> None:
    names = [s.name for s in lay_out_consolidated(small_edition(), nobody()).sheets]
    assert names == [s.name for s in lay_out_consolidated(small_edition(), small_round()).sheets]
    assert names[:4] == ["Bìa", "Tổng quan", "Nhiệm vụ", "Trả lời Phụ lục I"]


def test_the_cover_has_headline_figures_and_charts_of_counts_that_add_up() -> None:
    cover = sheet("Bìa", small_round())
    rows = {texts(cover, row)[0]: texts(cover, row)[1:] for row in range(3, 15)}
    assert rows["Cơ quan có báo cáo đạt"] == [2, 3, 66.7]
    assert rows["Nhiệm vụ chưa có trả lời"] == [1, 4, 25]
    assert rows["Văn bản đã ban hành"][1:] == [None, None]
    found = small_round()
    assert rows["Kiến nghị, đề xuất"][0] == found.proposals.height
    assert rows["Đề xuất bổ sung, điều chỉnh kế hoạch"][0] == found.adjustments.height
    drawn = {
        chart.title: [
            cell.value
            for cell in cover.cells
            if chart.values.row <= cell.row <= chart.values.last_row and cell.column == 1
        ]
        for chart in cover.charts
    }
    assert [*drawn] == ["Cơ quan báo cáo", "Nhiệm vụ có thời hạn", "Nhiệm vụ thường xuyên"]
    assert drawn["Cơ quan báo cáo"] == [2, 0, 1]
    assert sum(drawn["Nhiệm vụ có thời hạn"]) == 2  # type: ignore[arg-type]
    assert sum(drawn["Nhiệm vụ thường xuyên"]) == 1  # type: ignore[arg-type]
