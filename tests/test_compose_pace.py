"""What the report says of the year against the last one, and of the pace to the targets."""

from __future__ import annotations

import datetime as dt

import msgspec
import polars as pl
import pytest
from composed_round import SETTINGS, TOURISM, appendix, body, collect, compose
from mini_round import small_edition

from khreport.compose.cited import cite_evidence
from khreport.compose.evidence import gather_evidence
from khreport.compose.material import Material
from khreport.compose.pace_words import tell_difference, write_change, write_pace
from khreport.compose.report import compose_material, prepare_material
from khreport.compose.sentences import count_words
from khreport.consolidation import Consolidation, Edits
from khreport.edges.shipped import load_outline
from khreport.edition import Edition
from khreport.evidence import Record
from khreport.merge.handed_on import list_figures
from khreport.merge.pace import comparable, is_behind, measure_pace, pick_target
from khreport.plan import Target
from khreport.previous import Previous, YearFigure
from khreport.report import Paragraph, Table
from khreport.succession import Scope

KEY = "CT.visitors"


def target(**changes: object) -> Target:
    """46,5 in 2026, or what else is said."""
    plain = {
        "first_year": 2026, "last_year": 2026, "basis": "year", "comparator": "exact",
        "value": 46.5, "wording": "tỷ lệ che phủ rừng đạt 46,5%", "source": "001:1",
    }  # fmt: skip
    return msgspec.convert(plain | changes, Target)


def year(number: int, value: float, scope: str = "") -> YearFigure:
    return YearFigure(
        indicator=KEY, year=number, value=value, agency="sdl", period=f"Năm {number}", scope=scope
    )


def after(*targets: Target, measure: str = "%", figures: tuple[YearFigure, ...] = ()) -> Edition:
    """The small edition of 2024, its one indicator with these targets, after those figures."""
    edition = small_edition()
    (indicator,) = edition.plan.indicators
    indicator = msgspec.structs.replace(indicator, measure=measure, targets=targets)
    previous = Previous(period="2023", name="Năm 2023", figures=figures) if figures else None
    plan = msgspec.structs.replace(edition.plan, indicators=(indicator,))
    return msgspec.structs.replace(edition, plan=plan, previous=previous)


def told(
    value: float | None, before: float | None = None, *, scope: str = "", **more: float
) -> Consolidation:
    """A round in which the indicator came to the value, after `before` in the year before."""
    answers = TOURISM | {
        (KEY, "estimate_year"): value, (KEY, "previous_final"): before,
        **{(KEY, column): figure for column, figure in more.items()},
    }  # fmt: skip
    found = collect(tourism=answers)
    if not scope:
        return found
    indicators = found.indicators.with_columns(scope=pl.lit(scope))
    return msgspec.structs.replace(found, indicators=indicators)


def material(edition: Edition, found: Consolidation) -> Material:
    return prepare_material(edition, found, Edits(), SETTINGS, load_outline())


def pace(edition: Edition, found: Consolidation) -> str:
    made = material(edition, found)
    return write_pace(made, made.indicators[0])


@pytest.mark.parametrize(
    ("wanted", "value", "said"),
    [
        (target(), 45.7, "để đạt 46,5% vào năm 2026 cần tăng bình quân mỗi năm 0,4 điểm phần trăm"),
        (target(last_year=2025), 46.1,
         "để đạt 46,5%, năm 2025 cần tăng 0,4 điểm phần trăm"),
        (target(last_year=2025, comparator="at_most", value=5), 6,
         "để còn không quá 5%, năm 2025 cần giảm 1 điểm phần trăm"),
        (target(comparator="at_least"), 45.7,
         "để đạt ít nhất 46,5% vào năm 2026 cần tăng bình quân mỗi năm 0,4 điểm phần trăm"),
        (target(comparator="about", value=46.501), 46.5,
         "để đạt khoảng 46,5% vào năm 2026 cần tăng bình quân mỗi năm 0,0005 điểm phần trăm"),
        (target(comparator="at_most", value=5), 6,
         "để còn không quá 5% vào năm 2026 cần giảm bình quân mỗi năm 0,5 điểm phần trăm"),
        (target(comparator="range", value=1, upper=1.5), 0.5,
         "để đạt từ 1 đến 1,5% vào năm 2026 cần tăng bình quân mỗi năm 0,25 điểm phần trăm"),
        (target(comparator="range", value=1, upper=1.5), 2,
         "để còn từ 1 đến 1,5% vào năm 2026 cần giảm bình quân mỗi năm 0,25 điểm phần trăm"),
        (target(comparator="range", value=1, upper=1.5), 1.5,
         "đã đạt mục tiêu năm 2026 (từ 1 đến 1,5%)"),
        (target(), 46.5, "đã đạt mục tiêu năm 2026 (46,5%)"),
        (target(comparator="at_least"), 47, "đã đạt mục tiêu năm 2026 (ít nhất 46,5%)"),
        (target(comparator="at_most"), 47,
         "để còn không quá 46,5% vào năm 2026 cần giảm bình quân mỗi năm 0,25 điểm phần trăm"),
        (target(), 47, "cao hơn mục tiêu năm 2026 (46,5%) là 0,5 điểm phần trăm"),
        (target(last_year=2024), 46.1,
         "đã đến năm cuối của mục tiêu (46,5%), còn thiếu 0,4 điểm phần trăm"),
        (target(last_year=2024, comparator="at_most"), 47,
         "đã đến năm cuối của mục tiêu (không quá 46,5%), còn cao hơn 0,5 điểm phần trăm"),
        (target(last_year=2024), 46.5, "đã đạt mục tiêu năm 2024 (46,5%)"),
        (target(), None,
         "mục tiêu năm 2026 là 46,5%; chưa có số liệu năm 2024"),
        (target(last_year=2023), 46.1, ""),
    ],
)  # fmt: skip
def test_the_way_to_a_target_of_a_year_reads_as_it_stands(
    wanted: Target, value: float | None, said: str
) -> None:
    assert pace(after(wanted), told(value)) == said


TOTAL = target(first_year=2021, last_year=2025, basis="total", value=354)
AVERAGE = target(first_year=2022, last_year=2025, basis="yearly_average", value=7)
KNOWN = (year(2021, 60.0), year(2022, 70.0), year(2023, 71.0))


@pytest.mark.parametrize(
    ("wanted", "found", "figures", "said"),
    [
        (TOTAL, told(80), KNOWN,
         ("để cả giai đoạn 2021-2025 đạt 354 nghìn tỷ đồng, năm 2025 cần 73 nghìn"
         " tỷ đồng (cộng số các năm 2021-2024 được 281 nghìn tỷ đồng)")),
        (msgspec.structs.replace(TOTAL, last_year=2026, value=427), told(80), KNOWN,
         ("để cả giai đoạn 2021-2026 đạt 427 nghìn tỷ đồng, mỗi năm còn lại cần bình quân 73 nghìn"
         " tỷ đồng (cộng số các năm 2021-2024 được 281 nghìn tỷ đồng)")),
        (TOTAL, told(80), KNOWN[1:],
         ("chưa tính được mức cần mỗi năm để cả giai đoạn 2021-2025 đạt 354 nghìn tỷ đồng:"
         " thiếu số liệu năm 2021")),
        (TOTAL, told(80), (),
         ("chưa tính được mức cần mỗi năm để cả giai đoạn 2021-2025 đạt 354 nghìn tỷ đồng:"
         " thiếu số liệu các năm 2021-2023")),
        (TOTAL, told(80, cumulative=300.0), (),
         ("để cả giai đoạn 2021-2025 đạt 354 nghìn tỷ đồng, năm 2025 cần 54 nghìn"
         " tỷ đồng (lũy kế 300 nghìn tỷ đồng theo báo cáo của cơ quan)")),
        (TOTAL, told(None), KNOWN,
         "mục tiêu cả giai đoạn 2021-2025 là 354 nghìn tỷ đồng; chưa có số liệu năm 2024"),
        (msgspec.structs.replace(TOTAL, comparator="at_least"), told(80, cumulative=360.0), (),
         ("cả giai đoạn 2021-2025 đã đạt mục tiêu ít nhất 354 nghìn tỷ đồng"
         " (lũy kế 360 nghìn tỷ đồng theo báo cáo của cơ quan)")),
        (TOTAL, told(80, cumulative=360.0), (),
         ("cả giai đoạn 2021-2025 cao hơn mục tiêu 354 nghìn tỷ đồng là 6 nghìn tỷ đồng"
         " (lũy kế 360 nghìn tỷ đồng theo báo cáo của cơ quan)")),
        (msgspec.structs.replace(TOTAL, comparator="at_most"), told(80, cumulative=300.0), (),
         ("để cả giai đoạn 2021-2025 ở mức không quá 354 nghìn tỷ đồng, năm 2025"
         " không được quá 54 nghìn tỷ đồng (lũy kế 300 nghìn tỷ đồng theo báo cáo của cơ quan)")),
        (msgspec.structs.replace(TOTAL, last_year=2024), told(80, cumulative=300.0), (),
         ("cả giai đoạn 2021-2024 còn thiếu 54 nghìn tỷ đồng so với mục tiêu 354 nghìn tỷ đồng"
         " (lũy kế 300 nghìn tỷ đồng theo báo cáo của cơ quan)")),
    ],
)  # fmt: skip
def test_what_is_left_of_a_total_is_shared_among_the_years_left(
    wanted: Target, found: Consolidation, figures: tuple[YearFigure, ...], said: str
) -> None:
    assert pace(after(wanted, measure="nghìn tỷ đồng", figures=figures), found) == said


@pytest.mark.parametrize(
    ("wanted", "found", "said"),
    [
        (AVERAGE, told(6, 8), ("để bình quân giai đoạn 2022-2025 đạt 7%/năm, năm 2025 cần"
         " 4% (bình quân cộng các năm 2022-2024 là 8%/năm)")),
        (AVERAGE, told(6, cumulative=6.5), ("để bình quân giai đoạn 2022-2025 đạt 7%/năm, năm 2025"
         " cần 8,5% (bình quân đến nay 6,5%/năm theo báo cáo của cơ quan)")),
        (msgspec.structs.replace(AVERAGE, comparator="range", value=1, upper=1.5),
         told(1, cumulative=1.2), ("bình quân giai đoạn 2022-2025 đã đạt mục tiêu từ 1 đến 1,5%/năm"
         " (bình quân đến nay 1,2%/năm theo báo cáo của cơ quan)")),
        (msgspec.structs.replace(AVERAGE, comparator="range", value=1, upper=1.5),
         told(1, cumulative=1.6), ("để bình quân giai đoạn 2022-2025 ở mức từ 1 đến 1,5%/năm, năm"
         " 2025 không được quá 1,2%"
         " (bình quân đến nay 1,6%/năm theo báo cáo của cơ quan)")),
    ],
)  # fmt: skip
def test_an_average_asks_of_the_years_left_what_the_others_left_open(
    wanted: Target, found: Consolidation, said: str
) -> None:
    assert pace(after(wanted, measure="%/năm", figures=(year(2022, 10.0),)), found) == said


def test_the_final_figure_of_last_year_stands_before_the_estimate_of_then() -> None:
    figures = (*KNOWN[:2], year(2023, 999.0))
    edition = after(TOTAL, measure="nghìn tỷ đồng", figures=figures)
    assert "được 281 nghìn tỷ đồng" in pace(edition, told(80, 71.0))


@pytest.mark.parametrize(
    ("measure", "now", "before", "words", "cell"),
    [
        ("%", 46.1, 45.7, "tăng 0,4 điểm phần trăm", "+0,4 điểm %"),
        ("%/năm", 7.0, 8.5, "giảm 1,5 điểm phần trăm", "-1,5 điểm %"),
        ("triệu lượt", 9.9, 9.0, "tăng 0,9 triệu lượt", "+0,9 (+10%)"),
        ("triệu lượt", 9.0, 9.0, "không đổi", "0 (0%)"),
        ("triệu lượt", 9.0, 0.0, "tăng 9 triệu lượt", "+9"),
        ("triệu lượt", 9.0, None, "", ""),
        ("triệu lượt", None, 9.0, "", ""),
    ],
)
def test_a_change_is_told_in_the_measure_of_the_indicator_and_of_shares_in_points(
    measure: str, now: float | None, before: float | None, words: str, cell: str
) -> None:
    made = material(after(target(), measure=measure), told(now, before))
    (result,) = made.indicators
    assert (write_change(made, result), tell_difference(made, result)) == (words, cell)


def test_scopes_are_compared_by_their_names() -> None:
    assert comparable("", "")
    assert comparable("Tỉnh Khánh Hoà (cũ)", "tỉnh Khánh Hòa (cũ)")
    assert not comparable("toàn tỉnh", "tỉnh Khánh Hòa (cũ)")
    assert not comparable("toàn tỉnh", "")


@pytest.mark.parametrize(("then", "named"), [("tỉnh cũ", "tỉnh cũ"), ("", "chưa ghi")])
def test_figures_of_two_areas_are_not_compared_but_said_not_to_be(then: str, named: str) -> None:
    edition = after(TOTAL, measure="nghìn tỷ đồng", figures=(year(2023, 71.0, then),))
    report = compose(
        told(80, 71.0, scope="toàn tỉnh"), edition=edition, limits={"indicator_rows": 0}
    )
    said = f"không cùng phạm vi (kỳ trước: {named})"
    written = body(report)
    assert f"Chưa so được với năm 2023: Khách lưu trú, {said}." in written
    assert "So với năm 2023, số ước" not in written
    table = appendix(report, 3).blocks[0]
    assert isinstance(table, Table)
    assert table.rows[0][8] == said[:1].upper() + said[1:]
    assert "Không cùng phạm vi với mục tiêu" in table.rows[0][10]


def test_figures_of_one_area_are_compared_by_whatever_name() -> None:
    edition = after(target(), figures=(year(2023, 45.7, "tỉnh cũ"),))
    written = body(compose(told(46.1, 45.7, scope="Tỉnh cũ"), edition=edition))
    assert "phạm vi (kỳ trước" not in written
    assert "chỉ tiêu có số liệu cả hai năm cao hơn" in written


CHANGED = Scope(since=dt.date(2024, 7, 1), before="tỉnh cũ", after="tỉnh mới", basis="Nghị quyết")


@pytest.mark.parametrize(
    ("code", "change", "way"),
    [
        ("before", "tăng 0,4 điểm phần trăm", "0,2 điểm phần trăm (phạm vi số liệu: tỉnh cũ)"),
        ("after", "không cùng phạm vi (kỳ trước: tỉnh cũ)", "mục tiêu (mục tiêu: tỉnh cũ)"),
    ],
)
def test_where_the_province_changed_only_figures_of_the_former_one_meet_its_targets(
    code: str, change: str, way: str
) -> None:
    edition = after(target(), figures=(year(2023, 45.7),))
    edition = msgspec.structs.replace(edition, scope=CHANGED)
    made = material(edition, told(46.1, 45.7, scope=code))
    assert write_change(made, made.indicators[0]) == change
    assert write_pace(made, made.indicators[0]).endswith(way)
    handed = list_figures(edition, told(46.1, scope=code))
    assert [f.scope for f in handed if f.year == 2024] == [getattr(CHANGED, code)]


def test_a_part_of_a_year_has_no_pace_and_hands_on_no_yearly_figure() -> None:
    edition = after(target(), figures=(year(2023, 45.7),))
    period = msgspec.structs.replace(edition.period, kind="six_months")
    edition = msgspec.structs.replace(edition, period=period)
    assert not pace(edition, told(46.1, 45.7))
    assert [f.year for f in list_figures(edition, told(46.1, 45.7))] == [2023]


def test_years_of_another_area_are_missing_from_a_total() -> None:
    known = (year(2021, 60.0, "tỉnh cũ"), *KNOWN[1:])
    assert "thiếu số liệu năm 2021" in pace(
        after(TOTAL, measure="nghìn tỷ đồng", figures=known), told(80)
    )


def test_only_an_indicator_whose_pace_is_not_enough_is_in_the_text() -> None:
    head = "Nhịp độ năm 2024 của chỉ tiêu so được với mức cần mỗi năm chưa đủ"
    slow = compose(told(45.7, 45.6), edition=after(target()))
    (item,) = (
        "".join(run.text for run in block.runs)
        for block in slow.body
        if isinstance(block, Paragraph) and "cần tăng" in block.runs[0].text
    )
    assert head in body(slow)
    assert item == (
        "Khách lưu trú: năm 2024 ước 45,7%, tăng 0,1 điểm phần trăm so với năm 2023; để"
        " đạt 46,5% vào năm 2026 cần tăng bình quân mỗi năm 0,4 điểm phần trăm."
    )
    assert count_words(item) <= 150
    for enough in (told(45.7, 45.3), told(45.7, 45.2), told(45.7), told(46.5, 46.4), told(None)):
        assert "Nhịp độ" not in body(compose(enough, edition=after(target())))


def test_what_is_behind_and_has_no_room_is_counted() -> None:
    report = compose(told(45.7, 45.6), edition=after(target()), limits={"behind": 0})
    assert "Còn 01 chỉ tiêu khác chưa đủ nhịp độ." in body(report)
    listed = {"behind": 0, "indicator_rows": 0}
    report = compose(told(45.7, 45.6), edition=after(target()), limits=listed)
    assert "Còn 01 chỉ tiêu khác chưa đủ nhịp độ, nêu tại Phụ lục III." in body(report)
    table = appendix(report, 3).blocks[0]
    assert isinstance(table, Table)
    assert table.rows[0][10].startswith("Để đạt 46,5% vào năm 2026 cần tăng")


@pytest.mark.parametrize(
    ("wanted", "value", "change", "behind"),
    [
        (target(), 45.7, 0.4, False),
        (target(), 45.7, 0.3, True),
        (target(), 45.7, None, False),
        (target(comparator="at_most", value=5), 6.0, -0.4, True),
        (target(comparator="at_most", value=5), 6.0, -0.5, False),
        (target(last_year=2024), 46.0, 3.0, True),
        (target(), 47.0, 0.0, False),
        (msgspec.structs.replace(TOTAL, first_year=2024, value=100), 60.0, None, False),
        (msgspec.structs.replace(TOTAL, first_year=2024, value=100), 40.0, None, True),
        (msgspec.structs.replace(TOTAL, first_year=2024, comparator="at_most", value=100), 60.0,
         None, True),
    ],
)  # fmt: skip
def test_a_pace_is_not_enough_where_the_years_left_must_do_more_than_this_one(
    wanted: Target, value: float, change: float | None, *, behind: bool
) -> None:
    assert is_behind(measure_pace(wanted, 2024, {2024: value}), value, change) is behind


def test_of_several_targets_the_next_one_that_has_begun_counts() -> None:
    far, late = target(last_year=2030), target(first_year=2026, last_year=2030, basis="total")
    assert pick_target((far, target(last_year=2025)), 2024) == target(last_year=2025)
    assert pick_target((late, far), 2024) == far
    assert pick_target((late,), 2024) is None


def test_the_evidence_names_target_cells_and_the_forms_of_earlier_periods() -> None:
    edition = after(TOTAL, measure="nghìn tỷ đồng", figures=KNOWN)
    made = material(edition, told(60, 71.0))
    evidence = gather_evidence(made, {}, {})
    cited = cite_evidence(compose_material(made, draft=True), evidence)
    record: Record = cited.records[f"{KEY}.pace"]
    assert record.places
    assert record.value == write_pace(made, made.indicators[0]).replace("để", "Để", 1)
    assert [source.column for source in record.sources] == ["previous_final", "estimate_year"]
    assert "46,5%" in record.grounds[0].basis
    assert [(ground.label, ground.basis) for ground in record.grounds[1:]] == [
        ("2021", f"Kỳ năm 2021, Sở Du lịch, dòng {KEY}"),
        ("2022", f"Kỳ năm 2022, Sở Du lịch, dòng {KEY}"),
    ]
    assert evidence.records[f"{KEY}.difference"].value == "-11 (-15,5%)"
    assert [ground.row for ground in evidence.records["indicators.behind"].grounds] == [KEY]
