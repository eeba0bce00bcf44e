"""What is handed on from one period to the next, and what the report of the next says of it."""

from __future__ import annotations

import datetime as dt

import msgspec
import polars as pl
import pytest
from composed_round import (
    CONSTRUCTION,
    FINANCE,
    SETTINGS,
    TOURISM,
    appendix,
    body,
    collect,
    compose,
)
from mini_round import Answers, small_edition

from khreport.compose.cited import cite_evidence
from khreport.compose.evidence import gather_evidence
from khreport.compose.report import compose_material, prepare_material
from khreport.consolidation import Consolidation, Edits
from khreport.edges.shipped import load_outline
from khreport.edition import Edition
from khreport.layout.consolidated import lay_out_consolidated
from khreport.merge.carried import carry_answers
from khreport.merge.handed_on import narrow_previous
from khreport.merge.raised import SAME_SHARE, follow_proposals
from khreport.periods import Period
from khreport.previous import Previous
from khreport.report import Table
from khreport.text import share_words

ASKED = "Bổ sung kinh phí lập quy hoạch phân khu năm 2024"
CONSENT = "Đồng ý, giao Sở Tài chính cân đối"


def earlier() -> Edition:
    """The small edition a year before."""
    period = small_edition().period
    days = {
        name: getattr(period, name).replace(year=2023)
        for name in ("start", "end", "closing", "due", "report_due")
    }
    return msgspec.structs.replace(
        small_edition(), period=Period(key="2023", name="Năm 2023", **days)
    )


def asks(text: str) -> Answers:
    return CONSTRUCTION | {("PL2.I.1", "proposal"): text}


def hand_on(found: Consolidation, edits: Edits | None = None) -> Previous:
    return carry_answers(earlier(), found, edits or Edits())


def after(previous: Previous) -> Edition:
    return msgspec.structs.replace(small_edition(), previous=previous)


def test_what_was_asked_for_is_handed_on_with_the_opinion_on_it() -> None:
    found = collect(asks(ASKED))
    (id_,) = found.proposals["id"]
    (change,) = found.adjustments["id"]
    proposal, other = hand_on(found, Edits(opinions={id_: CONSENT})).proposals
    assert (proposal.id, proposal.agency, proposal.task) == (id_, "sxd", "PL2.I.1")
    assert (proposal.text, proposal.addressee) == (ASKED, "UBND tỉnh")
    assert proposal.opinion == CONSENT
    assert (other.id, other.task, other.opinion) == (change, "", "")
    assert "Hoàn thành trong năm 2026" in other.text


def test_an_opinion_on_one_of_two_equal_proposals_stands_for_both() -> None:
    same = {("PL2.I.3", "proposal"): ASKED, ("PL2.I.3", "addressee"): "UBND tỉnh"}
    found = collect(asks(ASKED), tourism=TOURISM | same)
    first = found.proposals["id"][0]
    handed = hand_on(found, Edits(opinions={first: CONSENT})).proposals
    assert [p.opinion for p in handed if p.text == ASKED] == [CONSENT, CONSENT]


def test_a_proposal_of_a_task_that_is_not_asked_any_more_is_not_handed_on() -> None:
    found = collect(asks(ASKED))
    unasked = (pl.col("agency") != "sxd") | (pl.col("task") != "PL2.I.1")
    answers = found.answers.with_columns(pl.col("asked") & unasked)
    handed = hand_on(msgspec.structs.replace(found, answers=answers)).proposals
    assert [p.text for p in handed if p.task] == []


def test_figures_of_all_years_are_handed_on_and_the_final_one_stands() -> None:
    first = hand_on(collect(tourism=TOURISM | {("CT.visitors", "estimate_year"): 7.0}))
    assert [(f.year, f.value, f.period, f.final) for f in first.figures] == [
        (2023, 7.0, "Năm 2023", False)
    ]
    tourism = TOURISM | {("CT.visitors", "previous_final"): 7.2}
    second = carry_answers(after(first), collect(tourism=tourism), Edits())
    assert [(f.year, f.value, f.period, f.final) for f in second.figures] == [
        (2023, 7.2, "Năm 2024", True),
        (2024, 9.9, "Năm 2024", False),
    ]
    assert msgspec.json.decode(msgspec.json.encode(second), type=Previous) == second


def test_a_secret_figure_is_not_handed_on() -> None:
    tourism = TOURISM | {("CT.visitors", "outlook"): "secret"}
    assert hand_on(collect(tourism=tourism)).figures == ()


def test_an_agencys_own_part_holds_nothing_of_others_nor_the_opinions() -> None:
    found = collect(asks(ASKED), finance=FINANCE)
    opinions = dict.fromkeys(found.proposals["id"], CONSENT)
    handed = hand_on(found, Edits(opinions=opinions))
    own = narrow_previous(handed, "sxd")
    assert {p.agency for p in own.proposals} == {"sxd"}
    assert [p.opinion for p in own.proposals if p.opinion] == []
    assert (own.figures, [*own.overdue]) == ((), [])
    assert [*narrow_previous(handed, "stc").overdue] == [*handed.overdue]


def test_words_in_common_are_the_measure_of_a_proposal_that_is_raised_again() -> None:
    assert share_words(ASKED, ASKED.upper()) == 1
    assert share_words(ASKED, ASKED.replace("2024", "2025")) == pytest.approx(10 / 11)
    assert (
        share_words("Cho phép thu hồi đất của dự án", "Không cho phép thu hồi đất của dự án") == 0
    )
    assert share_words(ASKED, "Ban hành quy chế phối hợp") < SAME_SHARE
    assert share_words("", "") == 0


@pytest.mark.parametrize(
    ("now", "fates"),
    [
        (asks(ASKED.replace("2024", "2025")), ["again"]),
        (asks("Ban hành quy chế phối hợp"), ["dropped"]),
        (asks(f"Không {ASKED}"), ["dropped"]),
    ],
)
def test_a_proposal_is_raised_again_only_where_the_words_agree(
    now: Answers, fates: list[str]
) -> None:
    previous = hand_on(collect(asks(ASKED)))
    raised = follow_proposals(after(previous), collect(now))
    assert [each.fate for each in raised if each.proposal.task] == fates


def test_one_proposal_of_now_repeats_one_of_then_that_of_its_row_first() -> None:
    twice = asks(ASKED) | {("PL2.I.3", "proposal"): ASKED}
    once = {key: value for key, value in twice.items() if key != ("PL2.I.1", "proposal")}
    raised = follow_proposals(after(hand_on(collect(twice))), collect(once))
    assert {each.proposal.row: each.fate for each in raised if each.proposal.task} == {
        "PL2.I.1": "dropped",
        "PL2.I.3": "again",
    }


def test_another_agency_that_says_the_same_does_not_raise_it_again() -> None:
    other = TOURISM | {("PL2.I.3", "proposal"): ASKED}
    raised = follow_proposals(
        after(hand_on(collect(asks(ASKED)))), collect(asks("Việc khác hẳn"), tourism=other)
    )
    assert [each.fate for each in raised if each.proposal.task] == ["dropped"]


def test_what_another_lead_of_the_same_task_still_asks_is_not_dropped() -> None:
    same = {("PL2.I.3", "proposal"): ASKED, ("PL2.I.3", "addressee"): "UBND tỉnh"}
    previous = hand_on(collect(CONSTRUCTION | same, tourism=TOURISM | same))
    now = collect(CONSTRUCTION, tourism=TOURISM | same)
    raised = [
        each for each in follow_proposals(after(previous), now) if each.proposal.text == ASKED
    ]
    assert [each.proposal.agency for each in raised] == ["sdl", "sxd"]
    (again,) = {each.again for each in raised}
    assert again.startswith("KN.PL2.I.3.sdl")
    written = body(compose(now, edition=after(previous)))
    assert f"Không còn nêu: {ASKED}" not in written


def test_equal_proposals_of_one_agency_are_paired_row_by_row() -> None:
    twice = asks(ASKED) | {("PL2.I.3", "proposal"): ASKED}
    raised = follow_proposals(after(hand_on(collect(twice))), collect(twice))
    pairs = {each.proposal.id: each.again for each in raised if each.proposal.task}
    assert len(pairs) == 2
    assert all(then == now for then, now in pairs.items())


def test_how_alike_two_proposals_must_be_stands_in_the_evidence_and_on_the_sheet() -> None:
    edition = after(hand_on(collect(asks(ASKED))))
    made = prepare_material(edition, collect(asks(ASKED)), Edits(), SETTINGS, load_outline())
    grounds = gather_evidence(made, {}, {}).records["raised.again"].grounds
    assert all("ít nhất 80% số chữ" in ground.basis for ground in grounds)
    (sheet,) = (
        sheet
        for sheet in lay_out_consolidated(edition, collect(asks(ASKED))).sheets
        if sheet.name == "Kiến nghị kỳ trước"
    )
    assert any("ít nhất 80% số chữ" in str(cell.value) for cell in sheet.cells[:2])


def test_of_an_agency_that_has_not_reported_nobody_knows_whether_it_still_asks() -> None:
    finance = FINANCE | {("PL2.I.2", "proposal"): "Bổ sung biên chế"}
    previous = hand_on(collect(finance=finance))
    report = compose(collect(), edition=after(previous))
    assert "01 chưa rõ vì cơ quan nêu chưa có báo cáo kỳ này." in body(report)
    assert "Bổ sung biên chế" not in body(report)


def test_what_is_raised_again_is_told_with_the_opinion_of_then() -> None:
    found = collect(asks(ASKED))
    opinions = dict.fromkeys(found.proposals["id"], CONSENT)
    edition = after(hand_on(found, Edits(opinions=opinions)))
    written = body(compose(collect(asks(ASKED)), edition=edition))
    assert (
        f"{ASKED} (Sở Xây dựng, nhiệm vụ I.1 Phụ lục II). Nội dung này đã nêu trong năm 2023;"
        f" ý kiến khi đó: {CONSENT}." in written
    )
    assert "số chữ trùng" not in written
    assert "đã được trả lời" not in written
    many = compose(collect(asks(ASKED)), edition=edition, limits={"proposals": 0})
    table = appendix(many, 3).blocks[0]
    assert isinstance(table, Table)
    assert any("đã nêu trong năm 2023" in row[1] for row in table.rows)


def test_what_is_no_longer_raised_is_listed_with_what_was_thought_of_it() -> None:
    found = collect(asks(ASKED))
    answered = "UBND tỉnh đã trả lời tại Công văn số 12/UBND-TH"
    opinions = dict.fromkeys(found.proposals["id"], answered)
    edition = after(hand_on(found, Edits(opinions=opinions)))
    written = body(compose(collect(asks("Việc khác hẳn")), edition=edition))
    assert "Trong 02 kiến nghị của năm 2023: 01 được nêu lại và 01 không còn nêu." in written
    assert "Ý kiến của Sở Kế hoạch và Đầu tư ghi 01 kiến nghị đã được trả lời." in written
    assert (
        f"- Không còn nêu: {ASKED} (Sở Xây dựng, nhiệm vụ I.1 Phụ lục II);"
        f" ý kiến khi đó: {answered}." in written
    )
    report = compose(
        collect(asks("Việc khác hẳn")), edition=edition, limits={"proposals": 0, "raised": 0}
    )
    assert "Còn 01 kiến nghị khác của kỳ trước không còn nêu." in body(report)
    table = appendix(report, 3).blocks[2]
    assert isinstance(table, Table)
    assert [(row[1], row[5]) for row in table.rows] == [(ASKED, answered)]


def test_an_opinion_that_does_not_say_so_makes_nothing_answered() -> None:
    found = collect(asks(ASKED))
    for opinion in (CONSENT, "Chưa rõ UBND tỉnh đã trả lời hay chưa", "Sẽ có văn bản trả lời"):
        opinions = dict.fromkeys(found.proposals["id"], opinion)
        edition = after(hand_on(found, Edits(opinions=opinions)))
        assert "đã được trả lời" not in body(compose(collect(), edition=edition))


LATE_THEN = {"PL2.I.2": 20}


def test_a_task_that_stays_overdue_is_named_with_its_days_now() -> None:
    previous = Previous(period="2023", name="Năm 2023", overdue=LATE_THEN)
    written = body(compose(collect(finance=FINANCE), edition=after(previous)))
    assert (
        "Nhiệm vụ quá hạn đã chậm từ năm 2023: nhiệm vụ I.2 Phụ lục II (stc, chậm 153 ngày)."
        in written
    )
    done = FINANCE | {("PL2.I.2", "status"): "completed"}
    assert "đã chậm từ năm 2023" not in body(
        compose(collect(finance=done), edition=after(previous))
    )
    other = msgspec.structs.replace(previous, overdue={})
    assert "đã chậm từ" not in body(compose(collect(finance=FINANCE), edition=after(other)))


def test_what_is_overdue_when_a_period_closes_is_handed_on_as_it_was_settled() -> None:
    found = collect(finance=FINANCE)
    assert carry_answers(small_edition(), found, Edits()).overdue == {"PL2.I.2": 153}
    settled = Edits(statuses={"PL2.I.2": "completed"}, days={"PL2.I.2": dt.date(2024, 6, 1)})
    assert carry_answers(small_edition(), found, settled).overdue == {}


def test_every_figure_and_quote_of_the_last_period_leads_to_its_row() -> None:
    found = collect(asks(ASKED), finance=FINANCE)
    opinions = dict.fromkeys(found.proposals["id"], CONSENT)
    handed = hand_on(found, Edits(opinions=opinions))
    edition = after(msgspec.structs.replace(handed, overdue=LATE_THEN))
    now = collect(asks("Việc khác hẳn"), finance=FINANCE)
    made = prepare_material(edition, now, Edits(), SETTINGS, load_outline())
    evidence = gather_evidence(made, {}, {})
    cited = cite_evidence(compose_material(made, draft=True), evidence)
    (dropped,) = cited.records["raised.dropped"].grounds
    assert cited.records[dropped.row].places
    assert dropped.basis == f"Kỳ năm 2023, Sở Xây dựng, dòng PL2.I.1; ý kiến khi đó: “{CONSENT}”"
    (late,) = cited.records["tasks.still_late"].grounds
    assert late.basis.endswith("chậm 153 ngày; kỳ năm 2023 đã chậm 20 ngày")
    assert cited.records["tasks.still_late"].places
