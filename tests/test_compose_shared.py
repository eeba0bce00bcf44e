"""What several agencies say of the same: told apart, or drawn together, each with its own name."""

from __future__ import annotations

import msgspec
import pytest
from composed_round import CONSTRUCTION, FINANCE, SETTINGS, TOURISM, body, collect, compose
from mini_round import Answers, small_edition

from khreport.compose.cited import cite_evidence
from khreport.compose.evidence import gather_evidence
from khreport.compose.own_report import compose_own_report
from khreport.compose.report import compose_material, prepare_material
from khreport.compose.review import review_report
from khreport.compose.sections import MOST_WORDS
from khreport.consolidation import Edits
from khreport.edges.shipped import load_agency_outline, load_outline
from khreport.report import Table

HELD = "Đã tổ chức 3 hội nghị (Sở Xây dựng)"
WITHOUT = {key: value for key, value in CONSTRUCTION.items() if key != ("PL2.I.1", "result")}


def section_of(edits: Edits, *, tourism: Answers, construction: Answers = WITHOUT) -> str:
    written = body(compose(collect(construction, tourism=tourism), edits))
    return next(line for line in written.splitlines() if line.startswith("- *I. QUY HOẠCH"))


def test_an_agency_is_quoted_with_its_own_state_not_with_the_least_of_all() -> None:
    leaflet = TOURISM | {("PL2.I.3", "result"): "Mới in tờ rơi"}
    told = section_of(Edits(), tourism=leaflet)
    assert "01 nhiệm vụ thường xuyên đã triển khai một phần" in told
    assert f"Kết quả chính: {HELD}." in told
    assert "Đã thực hiện một phần" not in told
    told = section_of(Edits(chosen={"PL2.I.3": "sdl"}), tourism=leaflet)
    assert "Đã thực hiện một phần: Mới in tờ rơi (Sở Du lịch)" in told
    begun = TOURISM | {("PL2.I.3", "status"): "not_started"}
    assert f"Kết quả chính: {HELD}." in section_of(Edits(), tourism=begun)
    settled = Edits(statuses={"PL2.I.3": "not_started"})
    assert "Kết quả chính" not in section_of(settled, tourism=begun)


def test_the_officer_s_result_is_told_of_its_task_and_the_agency_s_of_the_agency() -> None:
    edits = Edits(results={"PL2.I.1": "đã trình, lấy ý kiến"}, chosen={"PL2.I.3": "sxd"})
    told = section_of(edits, tourism=TOURISM)
    assert f"Kết quả chính: Đã trình, lấy ý kiến (nhiệm vụ I.1). {HELD}." in told


def test_tasks_of_which_agencies_tell_different_states_are_counted_and_named() -> None:
    told = (
        "Có 01 nhiệm vụ tại Phụ lục II mà các cơ quan trả lời khác nhau (I.3); "
        "tính theo mức thấp nhất."
    )
    assert told in body(compose(collect()))
    assert "trả lời khác nhau" not in body(compose(collect(), Edits(chosen={"PL2.I.3": "sxd"})))
    short = compose(collect(), limits={"late": 0})
    assert "trả lời khác nhau (01 nhiệm vụ khác)" in body(short)
    outline = load_outline()
    limits = msgspec.structs.replace(outline.limits, late=0)
    outline = msgspec.structs.replace(outline, limits=limits)
    material = prepare_material(small_edition(), collect(), Edits(), SETTINGS, outline)
    cited = cite_evidence(compose_material(material, draft=True), gather_evidence(material, {}, {}))
    (ground,) = cited.records["tasks.PL2.disagreeing.rest"].grounds
    assert ground.label == "I.3"
    assert {source.agency for source in ground.sources} == {"sxd", "sdl"}


def test_an_agency_s_own_report_does_not_tell_of_others_who_say_otherwise() -> None:
    own = compose_own_report(
        small_edition(), collect(finance=FINANCE), SETTINGS, load_agency_outline(), "sxd"
    )
    assert "khác nhau" not in body(own)


def test_the_review_names_the_tasks_that_the_officer_has_not_decided_in_one_line() -> None:
    for edits, told in ((Edits(), ["report.disagree"]), (Edits(chosen={"PL2.I.3": "sxd"}), [])):
        material = prepare_material(
            small_edition(), collect(finance=FINANCE), edits, SETTINGS, load_outline()
        )
        report = compose_material(material, draft=True)
        found = review_report(material, report, "bao-cao.docx", "bien-tap.xlsx")
        assert [each.code for each in found] == told
        assert all(each.message.startswith("Còn 01 nhiệm vụ") for each in found)
        assert all("thấp nhất: I.3." in each.message for each in found)


def test_who_has_not_told_is_named_as_asked_not_as_the_decision_words_the_lead() -> None:
    edition = small_edition()
    tasks = tuple(
        msgspec.structs.replace(task, lead_text="Bộ Giáo dục và Đào tạo")
        if task.key == "PL2.I.2"
        else task
        for task in edition.plan.tasks
    )
    plan = msgspec.structs.replace(edition.plan, tasks=tasks)
    written = body(compose(collect(), edition=msgspec.structs.replace(edition, plan=plan)))
    assert "chưa báo cáo: nhiệm vụ I.2 Phụ lục II (Sở Tài chính)." in written
    assert "Bộ Giáo dục" not in written


BOTH_ASK = {("PL2.I.3", "proposal"): "bổ sung kinh phí", ("PL2.I.3", "addressee"): "UBND tỉnh"}


@pytest.mark.parametrize("limit", [3, 1])
def test_different_opinions_on_what_two_agencies_ask_are_both_told(limit: int) -> None:
    consolidation = collect(tourism=TOURISM | BOTH_ASK)
    by_agency = dict(consolidation.proposals.select("agency", "id").iter_rows())
    other = consolidation.adjustments["id"][0]
    same = Edits(opinions=dict.fromkeys(by_agency.values(), "đồng ý"))
    agreed = "Ý kiến của Sở Kế hoạch và Đầu tư: Đồng ý."
    assert body(compose(consolidation, same)).count(agreed) == 1
    differ = Edits(
        opinions={by_agency["sxd"]: "đồng ý", by_agency["sdl"]: "Không đồng ý", other: "có"}
    )
    report = compose(consolidation, differ, limits={"proposals": limit})
    for told in (
        "Đồng ý (kiến nghị của Sở Xây dựng về nhiệm vụ I.1 Phụ lục II)",
        "Không đồng ý (kiến nghị của Sở Du lịch về nhiệm vụ I.3 Phụ lục II)",
    ):
        assert f"Ý kiến của Sở Kế hoạch và Đầu tư: {told}." in body(report)
        if limit == 1:
            (table,) = report.appendices[-1].blocks
            assert isinstance(table, Table)
            assert any(told in cells[5].splitlines() for cells in table.rows)
    assert not any(slot.key.startswith("opinion:") for slot in report.open_slots)


def test_the_same_difficulty_of_two_agencies_is_told_once_with_both() -> None:
    told, cause = ("PL2.I.3", "difficulty"), ("PL2.I.3", "cause")
    same = {told: "Chậm giải phóng mặt bằng", cause: "objective"}
    others = {told: "Thiếu vốn", cause: "objective"}
    consolidation = collect(CONSTRUCTION | others, tourism=TOURISM | same)
    written = body(compose(consolidation, limits={"difficulties": 1}))
    assert (
        "- Chậm giải phóng mặt bằng (Sở Du lịch và Sở Xây dựng, nhiệm vụ I.1 và I.3 Phụ lục II).\n"
        "Còn 01 khó khăn, vướng mắc khác có nguyên nhân khách quan.\n"
    ) in written
    outline = load_outline()
    limits = msgspec.structs.replace(outline.limits, agencies=1, late=1)
    outline = msgspec.structs.replace(outline, limits=limits)
    material = prepare_material(small_edition(), consolidation, Edits(), SETTINGS, outline)
    cited = cite_evidence(compose_material(material, draft=True), gather_evidence(material, {}, {}))
    (ground,) = cited.records["KK.PL2.I.1.sxd.agencies.rest"].grounds
    assert {source.agency for source in ground.sources} == {"sxd"}
    (ground,) = cited.records["KK.PL2.I.1.sxd.tasks.rest"].grounds
    assert {source.agency for source in ground.sources} == {"sdl"}


def test_a_section_has_its_first_result_however_little_room_the_others_leave() -> None:
    whole = body(compose(collect()))
    first = "Kết quả chính: Đã trình quy hoạch; lấy ý kiến 12 sở, ngành (Sở Xây dựng)."
    assert first in whole
    assert first in body(compose(collect(), limits={"section_words": 0}))
    assert "Kết quả chính" not in body(compose(collect(), limits={"results": 0}))


def test_a_result_that_would_not_fit_its_paragraph_gives_way_to_the_next() -> None:
    long = Edits(results={"PL2.I.3": "đã tổ chức hội nghị " * 40}, chosen={"PL2.I.3": "sxd"})
    told = section_of(long, tourism=TOURISM, construction=CONSTRUCTION)
    assert "Kết quả chính: Đã trình quy hoạch" in told
    assert len(told.split()) <= MOST_WORDS


def test_a_section_with_long_results_only_has_the_first_sentence_of_one() -> None:
    sentence = "Đã tổ chức " + "hội nghị, " * 20 + "in tài liệu"
    long = WITHOUT | {("PL2.I.3", "result"): f"{sentence}. {sentence}"}
    told = section_of(Edits(), tourism=TOURISM, construction=long)
    assert f"Kết quả chính: {sentence} (Sở Xây dựng)." in told
    assert told.count("Đã tổ chức") == 1
