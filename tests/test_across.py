"""Rules over the consolidation: leads against one another, parts against their whole."""

from __future__ import annotations

import msgspec
import polars as pl
import pytest
from editing_round import cell, find_sheet
from mini_round import CONSTRUCTION, TOURISM, small_edition, small_round

from khreport.columns import ESTIMATE_YEAR
from khreport.consolidation import Consolidation, Edits
from khreport.edges.shipped import load_plan, plan_text
from khreport.edition import Edition
from khreport.errors import PlanError
from khreport.layout.editing import lay_out_editing
from khreport.merge.across import doubt_answers
from khreport.merge.edits import INDICATORS_SHEET, SHEET_NAMES
from khreport.parse.plan import PLAN_FILES, parse_plan

FILE = "bien-tap.xlsx"


def doubts(
    found: Consolidation, edits: Edits | None = None, edition: Edition | None = None
) -> list[str]:
    told = doubt_answers(found, edits or Edits(), edition or small_edition(), FILE)
    return [str(finding) for finding in told]


def with_parts() -> Edition:
    """The small round with two parts of the visitors."""
    plan = small_edition().plan
    [whole] = plan.indicators
    parts = tuple(
        msgspec.structs.replace(whole, key=f"CT.{key}", name=f"Khách {key}", part_of=whole.key)
        for key in ("a", "b")
    )
    plan = msgspec.structs.replace(plan, indicators=(whole, *parts))
    return msgspec.structs.replace(small_edition(), plan=plan)


def with_figures(*figures: tuple[str, str, float]) -> Consolidation:
    """The small round with these figures of the year by indicator and agency."""
    found = small_round()
    rows = [
        found.indicators.head(1).with_columns(
            indicator=pl.lit(key), agency=pl.lit(agency), **{ESTIMATE_YEAR: pl.lit(value)}
        )
        for key, agency, value in figures
    ]
    return msgspec.structs.replace(found, indicators=pl.concat(rows))


def test_leads_that_report_different_statuses_are_told_until_the_officer_settles() -> None:
    [told] = doubts(small_round())
    assert told == (
        "Nhiệm vụ: Các cơ quan chủ trì nhiệm vụ I.3 Phụ lục II báo cáo khác nhau: “Triển khai một"
        " phần” và “Đã triển khai theo kế hoạch năm”. Hãy chọn câu trả lời được dùng, hoặc chọn"
        " tình trạng biên tập."
    )
    assert doubts(small_round(), Edits(chosen={"PL2.I.3": "sxd"})) == []
    agreed = TOURISM | {("PL2.I.3", "status"): "carried_out"}
    assert doubts(small_round(CONSTRUCTION, agreed)) == []


def settled() -> Edits:
    return Edits(chosen={"PL2.I.3": "sxd"})


def test_agencies_that_give_different_figures_for_an_indicator_are_told() -> None:
    found = with_figures(("CT.visitors", "sdl", 9.9), ("CT.visitors", "sxd", 10.4))
    [told] = doubts(found, settled())
    assert told == (
        "Chỉ tiêu: Chỉ tiêu “Khách lưu trú”: các cơ quan ước cả năm khác nhau, 9,9 và 10,4. Hãy"
        " hỏi lại các cơ quan, rồi nhận bản nộp sửa."
    )
    same = with_figures(("CT.visitors", "sdl", 9.9), ("CT.visitors", "sxd", 9.9))
    assert doubts(same, settled()) == []


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ((5.0, 4.9), False),
        ((5.0, 4.94), False),  # each is rounded on its own
        ((5.0, 5.9), True),
        ((99.0,), True),
        ((), False),
    ],
)
def test_parts_do_not_come_to_more_than_their_whole(
    parts: tuple[float, ...], *, told: bool
) -> None:
    figures = [
        ("CT.visitors", "sdl", 9.9),
        *zip(("CT.a", "CT.b"), ("sdl", "sdl"), parts, strict=False),
    ]
    found = with_figures(*figures)
    said = doubts(found, settled(), with_parts())
    assert bool(said) == told
    if told:
        assert "các phần cộng lại" in said[0]


def test_a_doubt_about_a_figure_stands_at_its_cell_of_the_editing_workbook() -> None:
    found = with_figures(("CT.visitors", "sdl", 9.9), ("CT.a", "sdl", 12.0))
    book = lay_out_editing(with_parts(), found, settled())
    sheet = find_sheet(book, SHEET_NAMES[INDICATORS_SHEET])
    noted = {c.note for c in sheet.cells if c.note}
    assert cell(sheet, "CT.visitors", ESTIMATE_YEAR).note in noted
    assert [note.partition(":")[0] for note in noted] == ["Chỉ tiêu “Khách lưu trú”"]


def test_the_plan_names_parts_only_where_its_decision_says_so() -> None:
    indicators = load_plan("qd1165").indicators
    assert {i.key: i.part_of for i in indicators if i.part_of} == {
        "CT.certified_labour": "CT.trained_labour",
        "CT.population_urban": "CT.population",
        "CT.visitors_international": "CT.visitors",
        "CT.visitors_domestic": "CT.visitors",
    }
    for indicator in indicators:
        if indicator.part_of and "visitors" not in indicator.key:
            assert all(t.wording.startswith("trong đó") for t in indicator.targets)
    task = load_plan("qd1165").task["PL2.III.20"]
    assert "trong đó: khách du lịch quốc tế" in task.text


@pytest.mark.parametrize(
    ("part_of", "complaint"),
    [
        ("CT.visitor", "CT.visitor"),
        ("CT.visitors_international", "chỉ tiêu khác"),
        ("CT.population", "cùng đơn vị tính"),
    ],
)
def test_a_part_names_another_indicator_of_its_own_measure(part_of: str, complaint: str) -> None:
    texts = {}
    for name in PLAN_FILES:
        try:
            texts[name] = plan_text("qd1165", name)
        except PlanError:
            continue
    old = 'measure = "triệu lượt khách"\npart_of = "CT.visitors"'
    new = f'measure = "triệu lượt khách"\npart_of = "{part_of}"'
    texts["indicators.toml"] = texts["indicators.toml"].replace(old, new, 1)
    with pytest.raises(PlanError, match=complaint):
        parse_plan(texts)
