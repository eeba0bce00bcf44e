from __future__ import annotations

import msgspec
import polars as pl
from composed_round import (
    CONSTRUCTION,
    FINANCE,
    SETTINGS,
    TOURISM,
    appendix,
    body,
    collect,
    compose,
    row,
    show,
    tables,
)
from mini_round import day, small_edition

from khreport.compose.report import compose_material, compose_report, prepare_material
from khreport.compose.review import review_report
from khreport.consolidation import Edits
from khreport.edges.shipped import load_outline


def test_a_body_over_eight_pages_is_told_with_its_longest_passages() -> None:
    words = {"direction": "Đã tổ chức hội nghị quán triệt. " * 900}
    chosen = {"PL2.I.3": "sxd"}
    for edits, told in ((Edits(chosen=chosen), False), (Edits(chosen=chosen, slots=words), True)):
        material = prepare_material(
            small_edition(), collect(finance=FINANCE), edits, SETTINGS, load_outline()
        )
        report = compose_material(material, draft=True)
        found = review_report(material, report, "bao-cao.docx", "bien-tap.xlsx")
        assert [f.code for f in found] == ["report.long"] * told
    assert "quá 08 trang; dài nhất: “Lãnh đạo, chỉ đạo và ban hành văn bản”" in found[0].message


def test_an_assessment_that_is_not_understood_is_told_and_changes_no_count() -> None:
    edits = Edits(assessments={"CT.visitors": "Đạt một phần"}, chosen={"PL2.I.3": "sxd"})
    material = prepare_material(small_edition(), collect(), edits, SETTINGS, load_outline())
    report = compose_material(material, draft=True)
    (told,) = review_report(material, report, "bao-cao.docx", "bien-tap.xlsx")
    assert (told.code, told.row_key, told.file) == (
        "edit.assessment", "CT.visitors", "bien-tap.xlsx",
    )  # fmt: skip
    assert "ước đạt và vượt" in body(report)


def test_an_overdue_task_tells_leaders_who_is_stuck_how_long_and_until_when() -> None:
    report = compose(collect(finance=FINANCE))
    assert "Đến ngày 30/11/2024 có 01/02 nhiệm vụ có thời hạn đã quá hạn" in body(report)
    assert row(tables(report)["Nhiệm vụ"], "2") == (
        "2",
        "Ban hành quy chế quản lý (I.2)",
        "stc",
        "30/6/2024",
        "153",
        "Thiếu nhân lực chuyên trách",
        "31/3/2025",
    )


def test_a_milestone_that_is_overdue_is_told_although_its_task_is_in_time() -> None:
    construction = CONSTRUCTION | {("PL2.I.1.m1", "expected_on"): day("2025-02-28")}
    for finance in (FINANCE, None):
        report = compose(collect(construction, finance=finance))
        introduction, table = (
            next(n for n, block in enumerate(report.body) if what in show(block)[0])
            for what in ("Có 01 mốc trung gian đã quá hạn", "Nguyên nhân; nơi chờ giải quyết")
        )
        assert table == introduction + 1
        both = "Danh sách gồm 01 nhiệm vụ và 01 mốc trung gian, xếp theo số ngày chậm:"
        assert show(report.body[introduction])[0].endswith(both if finance else " Đó là:")
        assert row(tables(report)["Nhiệm vụ"], "1") == (
            "1",
            "Mốc “Trình duyệt: quý I/2024” của nhiệm vụ “Lập quy hoạch phân khu” (I.1)",
            "sxd",
            "31/3/2024",
            "244",
            "Chậm giải phóng mặt bằng; đã kiến nghị UBND tỉnh",
            "28/02/2025",
        )
    told = row(appendix(compose(collect()), 2).blocks[0], "1")[5]
    assert told.endswith("Mốc “Trình duyệt: quý I/2024”; Chưa thực hiện (chậm 244 ngày)")


def test_milestones_that_the_table_leaves_out_are_counted() -> None:
    outline = load_outline()
    short = msgspec.structs.replace(
        outline, limits=msgspec.structs.replace(outline.limits, overdue=1)
    )
    late = FINANCE | {("PL2.I.2", "status"): "submitted"}
    report = compose_report(
        small_edition(), collect(finance=late), Edits(), SETTINGS, short, draft=True
    )
    assert "Ngoài ra còn 01 nhiệm vụ khác quá hạn (chi tiết tại Phụ lục II)." in body(report)


def test_a_status_that_the_officer_edits_moves_every_count_and_the_appendix() -> None:
    edits = Edits(
        statuses={"PL2.I.2": "completed"},
        days={"PL2.I.2": day("2024-06-20")},
        results={"PL2.I.2": "đã ban hành quy chế"},
    )
    report = compose(collect(finance=FINANCE), edits)
    assert "01 đã hoàn thành đúng hạn" in body(report)
    assert "không có nhiệm vụ nào được báo cáo là quá hạn" in body(report)
    assert "Kết quả chính: Đã ban hành quy chế (nhiệm vụ I.2). Đã trình" in body(report)
    assert row(appendix(report, 2).blocks[0], "2")[4:6] == (
        "Hoàn thành\nĐúng hạn",
        "Đã ban hành quy chế",
    )


def test_a_late_task_that_is_edited_to_completed_is_not_in_time_without_a_day() -> None:
    report = compose(collect(finance=FINANCE), Edits(statuses={"PL2.I.2": "completed"}))
    assert "01 đã hoàn thành (chưa rõ ngày hoàn thành)" in body(report)
    assert "hoàn thành đúng hạn" not in body(report)
    cells = row(appendix(report, 2).blocks[0], "2")
    assert cells[4] == "Hoàn thành\nChưa rõ ngày hoàn thành"
    for _, total, *parts in tables(report)["Số nhiệm vụ"].rows:
        assert int(total) == sum(map(int, parts)) == 3


def test_a_task_of_which_one_of_two_leads_has_told_says_so() -> None:
    tourism = {place: value for place, value in TOURISM.items() if place[0] != "PL2.I.3"}
    report = compose(collect(tourism=tourism))
    assert row(appendix(report, 2).blocks[0], "3")[4] == (
        "Đã triển khai theo kế hoạch năm\n01/02 cơ quan đã báo cáo; chưa có báo cáo: Sở Du lịch"
    )
    assert (
        "Trong số nhiệm vụ tại Phụ lục II, 01 nhiệm vụ mới có báo cáo của một phần các cơ quan"
        in body(report)
    )


def test_projects_are_lettered_in_order_and_say_nothing_twice() -> None:
    construction = CONSTRUCTION | {
        ("PL2.I.1.a", "status"): "completed",
        ("PL2.I.1.a", "result"): "Hoàn thành ngày 30/5/2024",
    }
    found = collect(construction)
    line = found.answers.filter(found.answers["key"] == "PL2.I.1.a")
    added = [
        line.with_columns(key=pl.lit(f"PL2.I.1.+{n}"), agency=pl.lit(agency))
        for n, agency in enumerate(["sxd", "sdl"], start=1)
    ]
    several = msgspec.structs.replace(found, answers=pl.concat([found.answers, *added]))
    told = row(appendix(compose(found), 2).blocks[0], "1")[5].splitlines()
    assert told[1:3] == ["Dự án, công việc:", "a) Phân khu A; Hoàn thành ngày 30/5/2024"]
    told = row(appendix(compose(several), 2).blocks[0], "1")[5].splitlines()
    assert [line.partition(";")[0] for line in told[2:5]] == [
        "a) Sở Xây dựng: Phân khu A",
        "b) Sở Xây dựng: Phân khu A",
        "c) Sở Du lịch: Phân khu A",
    ]


def test_the_agency_that_the_officer_chose_stands_for_the_task() -> None:
    open_ = row(appendix(compose(collect()), 2).blocks[0], "3")
    assert open_[4] == "Triển khai một phần\n(các cơ quan chủ trì báo cáo khác nhau)"
    chosen = compose(collect(), Edits(chosen={"PL2.I.3": "sxd"}))
    assert row(appendix(chosen, 2).blocks[0], "3")[4] == "Đã triển khai theo kế hoạch năm"
    assert "01 nhiệm vụ thường xuyên, đã triển khai theo kế hoạch năm" in body(chosen)


def test_too_many_proposals_go_to_an_appendix_that_the_body_announces() -> None:
    outline = load_outline()
    short = msgspec.structs.replace(
        outline, limits=msgspec.structs.replace(outline.limits, proposals=1)
    )
    report = compose_report(small_edition(), collect(), Edits(), SETTINGS, short, draft=True)
    assert "Các kiến nghị còn lại (01/02)" in body(report)
    assert "nêu tại Phụ lục III kèm theo." in body(report)
    assert appendix(report, 3).title == "Tổng hợp đề xuất, kiến nghị"
    assert len(report.open_slots) == len(compose(collect()).open_slots)
    (table,) = appendix(report, 3).blocks
    assert row(table, "2")[5] == "[Chưa có ý kiến]"
    answered = Edits(opinions={collect().proposals["id"][0]: "không đồng ý"})
    report = compose_report(small_edition(), collect(), answered, SETTINGS, short, draft=True)
    (table,) = appendix(report, 3).blocks
    assert {row(table, number)[5] for number in "12"} == {"[Chưa có ý kiến]", "Không đồng ý"}
