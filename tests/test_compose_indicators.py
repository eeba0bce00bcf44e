"""What the report says of indicators: which it shows, who differs, parts of years, ranks, areas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec
import polars as pl
import pytest
from composed_round import CONSTRUCTION, SETTINGS, body, collect, compose, tables
from mini_round import small_edition

from khreport.assign import assign
from khreport.columns import ESTIMATE_YEAR
from khreport.compose.cited import cite_evidence, tell_records
from khreport.compose.evidence import gather_evidence
from khreport.compose.figures import ratio_of
from khreport.compose.material import Material
from khreport.compose.outlook import list_askings
from khreport.compose.pace import change_of, list_behind
from khreport.compose.pace_words import tell_difference, write_change, write_pace
from khreport.compose.report import compose_material, prepare_material
from khreport.compose.review import review_report
from khreport.consolidation import Consolidation, Edits
from khreport.edges.shipped import load_outline
from khreport.edition import Edition
from khreport.layout.consolidated import lay_out_consolidated
from khreport.merge.doubts import doubt_edits
from khreport.merge.wording import name_subject
from khreport.periods import Period
from khreport.plan import Indicator, Target
from khreport.previous import Previous, YearFigure
from khreport.report import Table
from khreport.succession import Scope

KEY = "CT.visitors"
CHANGED = Scope(since=dt.date(2024, 7, 1), before="tỉnh cũ", after="tỉnh mới", basis="Nghị quyết")


def target(**changes: object) -> Target:
    """11 in 2025, or what else is said."""
    plain = {
        "first_year": 2025, "last_year": 2025, "basis": "year", "comparator": "at_least",
        "value": 11, "wording": "11 triệu lượt", "source": "001:9",
    }  # fmt: skip
    return msgspec.convert(plain | changes, Target)


def among(*indicators: Indicator, period: Period | None = None) -> Edition:
    """The small edition with these indicators."""
    edition = small_edition()
    plan = msgspec.structs.replace(edition.plan, indicators=indicators)
    period = period or edition.period
    questions = assign(plan, edition.period, edition.forms).questions
    return msgspec.structs.replace(edition, plan=plan, period=period, questions=questions)


def indicator(key: str = KEY, *targets: Target, **changes: object) -> Indicator:
    (plain,) = small_edition().plan.indicators
    return msgspec.structs.replace(
        plain, key=key, name=key, targets=targets or plain.targets, **changes
    )


def told(*rows: Mapping[str, object]) -> Consolidation:
    """A round in which these rows of indicators came, each like that of TOURISM but for them."""
    found = collect()
    plain = found.indicators.to_dicts()[0] | {"scope": None}
    schema = dict(found.indicators.schema) | {"scope": pl.String()}
    drawn = pl.DataFrame([{**plain, **row} for row in rows], schema=schema)
    return msgspec.structs.replace(found, indicators=drawn)


def material(edition: Edition, found: Consolidation) -> Material:
    return prepare_material(edition, found, Edits(), SETTINGS, load_outline())


def test_figures_on_which_agencies_differ_are_all_told_and_which_one_stands() -> None:
    found = told({}, {"agency": "stc", "estimate_year": 8.5})
    cells = found.cells.filter(key=KEY, column=ESTIMATE_YEAR)
    others = cells.with_columns(agency=pl.lit("stc"), file=pl.lit("stc.xlsx"))
    found = msgspec.structs.replace(found, cells=pl.concat([found.cells, others]))
    made = material(small_edition(), found)
    report = compose_material(made, draft=True)
    assert (
        "Các cơ quan báo cáo khác nhau về số ước thực hiện của 01 chỉ tiêu: Khách lưu trú"
        " (Sở Du lịch: 9,9 triệu lượt; Sở Tài chính: 8,5 triệu lượt; báo cáo lấy số của Sở Du"
        " lịch)." in body(report)
    )
    assert tables(report)["Chỉ tiêu"].rows[0][1] == (
        "Khách lưu trú (các cơ quan báo cáo khác nhau)"
    )
    evidence = cite_evidence(report, gather_evidence(made, {}, {}))
    for record in (evidence.records["indicators.apart"], evidence.records[f"{KEY}.estimate_year"]):
        assert [source.agency for source in record.sources if source.column == ESTIMATE_YEAR] == [
            "sdl", "stc",
        ]  # fmt: skip
        assert record.places
    comment = tell_records([evidence.records[f"{KEY}.estimate_year"]])
    assert "Các cơ quan báo cáo khác nhau; báo cáo lấy số của Sở Du lịch" in comment
    (doubt,) = (
        f
        for f in review_report(made, report, "bao-cao.docx", "bien-tap.xlsx")
        if f.code == "report.figures_differ"
    )
    assert (doubt.row_key, doubt.file, doubt.blocks) == (KEY, "bien-tap.xlsx", False)
    assert "khác nhau (9,9; 8,5); lấy số của Sở Du lịch" in doubt.message


def test_figures_that_agree_or_are_not_to_be_told_are_not_apart() -> None:
    for other in ({"estimate_year": 9.9}, {"estimate_year": 8.5, "outlook": "not_ours"}):
        made = material(small_edition(), told({}, {"agency": "stc", **other}))
        assert "cơ quan báo cáo khác nhau" not in body(compose_material(made, draft=True))


def test_the_body_shows_who_is_furthest_behind_and_says_by_what_they_were_picked() -> None:
    less = target(comparator="at_most")
    edition = among(
        indicator("CT.near"), indicator("CT.far"), indicator("CT.over", less),
        indicator("CT.doubted"), indicator("CT.good"),
    )  # fmt: skip
    plan = {"plan_year": 10.0, "outlook": "reaches"}
    found = told(
        {"indicator": "CT.near", "estimate_year": 9.9} | plan,
        {"indicator": "CT.far", "estimate_year": 5.0} | plan,
        {"indicator": "CT.over", "estimate_year": 13.0} | plan,
        {"indicator": "CT.doubted", "estimate_year": 10.0} | plan | {"outlook": "fails"},
        {"indicator": "CT.good", "estimate_year": 11.0} | plan,
    )
    shown = compose(found, edition=edition, limits={"indicator_rows": 2})
    assert [row[1] for row in tables(shown)["Chỉ tiêu"].rows] == ["CT.far", "CT.over"]
    assert (
        "Bảng dưới đây nêu 02/03 chỉ tiêu chưa đạt kế hoạch năm, từ chỉ tiêu còn cách kế hoạch xa"
        " nhất (tính theo tỷ lệ); kết quả của tất cả" in body(shown)
    )
    more = compose(found, edition=edition, limits={"indicator_rows": 4})
    assert [row[1] for row in tables(more)["Chỉ tiêu"].rows] == [
        "CT.far", "CT.over", "CT.near", "CT.doubted",
    ]  # fmt: skip
    assert "và 01/01 chỉ tiêu được cơ quan theo dõi đánh giá không đạt" in body(more)


def test_of_those_behind_the_nearest_target_comes_first_and_the_text_says_so() -> None:
    far = target(last_year=2030, value=99)
    edition = among(indicator("CT.later", far), indicator("CT.small"), indicator("CT.large"))
    found = told(
        {"indicator": "CT.later", "estimate_year": 9.0, "previous_final": 8.9},
        {"indicator": "CT.small", "estimate_year": 10.0, "previous_final": 9.9},
        {"indicator": "CT.large", "estimate_year": 5.0, "previous_final": 4.9},
    )
    made = material(edition, found)
    assert list_behind(edition, made.indicators) == ("CT.large", "CT.small", "CT.later")
    written = body(compose(found, edition=edition))
    assert "(nêu trước mục tiêu có năm gần nhất, rồi theo mức còn thiếu):" in written


def part(key: str, kind: str) -> Period:
    return msgspec.structs.replace(small_edition().period, key=key, kind=kind)


@pytest.mark.parametrize(
    ("key", "kind", "adds_up", "ratio"),
    [
        ("2024-Q3", "quarter", True, 75.0), ("2024-Q3", "quarter", False, 25.0),
        ("2024-Q1", "quarter", True, 25.0), ("2024-6T", "six_months", True, 25.0),
        ("2024", "year", True, 25.0),
    ],
)  # fmt: skip
def test_what_adds_up_is_told_from_the_beginning_of_the_year_in_its_later_parts(
    key: str, kind: str, *, adds_up: bool, ratio: float
) -> None:
    edition = among(indicator(adds_up=adds_up), period=part(key, kind))
    figures = {"plan_year": 12.0, "to_closing": 9.0, "estimate_year": 3.0}
    made = material(edition, told(figures))
    assert ratio_of(made.indicators[0]) == ratio
    record = gather_evidence(made, {}, {}).records[f"{KEY}.ratio"]
    assert record.value == f"{ratio:.0f}%"
    assert ("Số từ đầu năm chia cho" in record.grounds[0].basis) is (ratio == 75)


def test_the_text_says_what_stands_in_the_ratio_of_a_later_quarter() -> None:
    edition = among(indicator(adds_up=True), period=part("2024-Q3", "quarter"))
    written = body(compose(told({}), edition=edition))
    assert "lấy số từ đầu năm (chỉ tiêu cộng dồn) hoặc ước quý III so với kế hoạch cả" in written


def test_a_total_adds_up_without_being_told_so() -> None:
    assert indicator(KEY, target(basis="total")).is_flow
    assert not indicator(KEY).is_flow


RANK = indicator(
    KEY, target(first_year=2030, last_year=2030, comparator="at_most", value=20),
    measure="thứ hạng",
)  # fmt: skip


def test_a_place_is_gained_or_lost_and_never_told_in_per_cent() -> None:
    edition = among(RANK)
    made = material(edition, told({"estimate_year": 22.0, "previous_final": 24.0}))
    (result,) = made.indicators
    assert (write_change(made, result), tell_difference(made, result)) == (
        "tăng 02 bậc", "Tăng 02 bậc",
    )  # fmt: skip
    assert change_of(edition, result) == "change_up"
    assert write_pace(made, result) == ("để đạt thứ hạng 20 trở lên vào năm 2030 cần tăng 02 bậc")
    assert ratio_of(result) is None
    rose = msgspec.structs.replace(RANK, targets=(target(comparator="exact"),))
    made = material(among(rose), told({"estimate_year": 24.0, "previous_final": 22.0}))
    assert write_change(made, made.indicators[0]) == "giảm 02 bậc"
    assert ratio_of(made.indicators[0]) is None


def test_no_pace_is_told_of_figures_of_another_area_and_the_text_says_why() -> None:
    edition = msgspec.structs.replace(small_edition(), scope=CHANGED)
    written = body(compose(told({"scope": "after"}), edition=edition))
    said = "Chưa tính nhịp độ đến mục tiêu của 01 chỉ tiêu vì mục tiêu tính cho tỉnh cũ, số liệu"
    assert f"{said} tính trên địa bàn tỉnh mới." in written
    assert f"{said} chưa ghi phạm vi." in body(compose(told({}), edition=edition))
    assert said not in body(compose(told({"scope": "before"}), edition=edition))


def test_a_figure_whose_area_nobody_told_is_compared_with_nothing() -> None:
    scope = msgspec.structs.replace(CHANGED, since=dt.date(2022, 7, 1))
    edition = msgspec.structs.replace(small_edition(), scope=scope)
    found = told({"previous_final": 9.0})
    made = material(edition, found)
    assert change_of(edition, made.indicators[0]) is None
    assert write_change(made, made.indicators[0]) == "chưa ghi phạm vi"
    assert "chưa ghi phạm vi nên chưa so" in write_pace(made, made.indicators[0])
    assert "Chưa so được với năm 2023: Khách lưu trú, chưa ghi phạm vi." in body(
        compose(found, edition=edition)
    )
    (sheet,) = (
        sheet
        for sheet in lay_out_consolidated(edition, found).sheets
        if sheet.name == "Nhịp độ chỉ tiêu"
    )
    assert "Chưa ghi phạm vi số liệu" in {cell.value for cell in sheet.cells}


@pytest.mark.parametrize(
    ("final", "change"), [(9.5, "tăng 0,4 triệu lượt"), (9.0, "không cùng phạm vi")]
)
def test_a_final_figure_is_of_the_area_of_its_row_unless_it_is_what_was_handed_on(
    final: float, change: str
) -> None:
    figure = YearFigure(indicator=KEY, year=2023, value=9.0, agency="sdl", period="Năm 2023")
    previous = Previous(period="2023", name="Năm 2023", figures=(figure,))
    edition = msgspec.structs.replace(small_edition(), scope=CHANGED, previous=previous)
    made = material(edition, told({"scope": "after", "previous_final": final}))
    assert write_change(made, made.indicators[0]).startswith(change)
    assert ("có số liệu cùng phạm vi cả hai năm" in body(compose_material(made, draft=True))) is (
        final == 9.5
    )


@pytest.mark.parametrize(
    ("text", "doubted"),
    [("Chưa đạt", True), ("Chưa đạt, vì số ước", True), ("Đạt", False), ("Khá", False)],
)
def test_an_assessment_against_the_figures_is_asked_about(text: str, *, doubted: bool) -> None:
    edits = Edits(assessments={KEY: text})
    states = load_outline().states
    found = doubt_edits(edits, collect(), small_edition(), "bien-tap.xlsx", states)
    assert [f.code for f in found] == ["edit.assessment_contradicts"] * doubted
    if doubted:
        assert "trong khi thực hiện 9,9, kế hoạch 9" in found[0].message
        assert (found[0].row_key, found[0].blocks) == (KEY, False)


def test_the_growth_of_a_share_is_traced_in_points() -> None:
    for measure, value in (("%", "0,3 điểm %"), ("triệu lượt", "0,3%")):
        found = told({"previous_final": 9.6, "growth": 0.3})
        evidence = gather_evidence(material(among(indicator(measure=measure)), found), {}, {})
        assert evidence.records[f"{KEY}.growth"].value == value


def test_a_change_of_the_plan_is_asked_for_in_a_sentence_with_its_task() -> None:
    asked = CONSTRUCTION | {
        ("DC.1", "subject_task"): "Phụ lục II, I.2",
        ("DC.1", "change"): "drop",
        ("DC.1", "present"): "Ban hành quy chế",
        ("DC.1", "proposed"): "Bỏ nhiệm vụ này",
        ("DC.1", "grounds"): "Đã lồng ghép",
    }
    found = collect(asked)
    (change,) = (
        each for (each,) in list_askings(material(small_edition(), found)) if not each.task
    )
    assert change.text == (
        "Đề nghị bãi bỏ nhiệm vụ I.2 Phụ lục II (hiện hành: Ban hành quy chế): Bỏ nhiệm vụ này;"
        " lý do: Đã lồng ghép"
    )
    report = compose(found, limits={"proposals": 0})
    table = report.appendices[-1].blocks[0]
    assert isinstance(table, Table)
    assert "Nhiệm vụ I.2 Phụ lục II" in {row[3] for row in table.rows}
    assert "Loại đề xuất" not in body(compose(found))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Phụ lục II, I.2", "nhiệm vụ I.2 Phụ lục II"),
        ("PHỤ LỤC II (I.2)", "nhiệm vụ I.2 Phụ lục II"),
        ("Phụ lục I: I.1", "nhiệm vụ I.1 Phụ lục I"),
        ("I.1", "I.1"), ("Phụ lục II, I.22", "Phụ lục II, I.22"), ("", ""),
    ],
)  # fmt: skip
def test_a_task_is_named_where_the_words_point_to_one_alone(words: str, named: str) -> None:
    assert name_subject(small_edition().plan, words) == named
