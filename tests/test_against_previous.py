"""The sheets of the consolidated workbook that set a round against the last one."""

from __future__ import annotations

import msgspec
import polars as pl
import pytest
from composed_round import FINANCE, TOURISM, collect
from mini_round import small_edition

from khreport.consolidation import Consolidation
from khreport.edition import Edition
from khreport.layout.consolidated import lay_out_consolidated
from khreport.merge.pace import judge_change
from khreport.plan import Target
from khreport.previous import Previous, Proposed, YearFigure
from khreport.sheet import Value

PREVIOUS = Previous(
    period="2023",
    name="Năm 2023",
    overdue={"PL2.I.2": 20, "PL2.I.1": 5},
    figures=(
        YearFigure(indicator="CT.visitors", year=2023, value=9.0, agency="sdl", period="Năm 2023"),
    ),
    proposals=(
        Proposed(
            id="KN.PL2.I.1.sxd.00000000", agency="sxd", text="Bổ sung kinh phí", row="PL2.I.1",
            task="PL2.I.1", addressee="UBND tỉnh", opinion="UBND tỉnh đã trả lời",
        ),
        Proposed(id="KN.PL2.I.2.stc.00000000", agency="stc", text="Thêm người", row="PL2.I.2"),
    ),
)  # fmt: skip


def after(previous: Previous | None = PREVIOUS) -> Edition:
    return msgspec.structs.replace(small_edition(), previous=previous)


def sheets(edition: Edition, found: Consolidation) -> dict[str, list[dict[str, Value]]]:
    """The rows of each sheet by its name, a cell by its heading."""
    shown: dict[str, list[dict[str, Value]]] = {}
    for sheet in lay_out_consolidated(edition, found).sheets:
        cells = {(cell.row, cell.column): cell.value for cell in sheet.cells}
        heads = {c: str(v) for (r, c), v in cells.items() if r == 2}
        rows: dict[int, dict[str, Value]] = {}
        for (r, c), value in cells.items():
            if r > 2 and c in heads:
                rows.setdefault(r, {})[heads[c]] = value
        shown[sheet.name] = [rows[r] for r in sorted(rows)]
    return shown


def test_a_sheet_holds_the_change_and_the_pace_of_every_indicator() -> None:
    tourism = TOURISM | {("CT.visitors", "previous_final"): 9.0}
    (row,) = sheets(after(), collect(tourism=tourism))["Nhịp độ chỉ tiêu"]
    assert list(row.values()) == [
        "Khách lưu trú", "triệu lượt", 9.0, 9.9, 0.9, "Tốt hơn", "11 triệu lượt", "2025",
        "Cần tăng trong năm 2025", 1.1, None, "Chưa đủ", None,
    ]  # fmt: skip


def test_figures_of_two_areas_have_no_difference_and_say_why() -> None:
    tourism = TOURISM | {("CT.visitors", "previous_final"): 9.0}
    found = collect(tourism=tourism)
    indicators = found.indicators.with_columns(scope=pl.lit("toàn tỉnh"))
    found = msgspec.structs.replace(found, indicators=indicators)
    (row,) = sheets(after(), found)["Nhịp độ chỉ tiêu"]
    change = "Chênh lệch (theo đơn vị tính; chỉ tiêu tính bằng %: điểm %)"
    assert (row[change], row["Nhịp độ năm nay"]) == (None, None)
    assert str(row["Ghi chú"]).startswith("Không cùng phạm vi (kỳ trước: chưa ghi)")


def test_what_was_overdue_and_what_was_asked_for_are_followed_row_by_row() -> None:
    shown = sheets(after(), collect(finance=FINANCE))
    late, open_ = shown["Quá hạn kỳ trước"]
    assert list(late.values()) == [
        "Phụ lục II", "I.2", "Ban hành quy chế quản lý", "stc", 20, "Đang thực hiện, quá hạn", 153,
    ]  # fmt: skip
    assert (open_["TT"], open_["Số ngày chậm kỳ này"]) == ("I.1", None)
    assert [
        (row["Kiến nghị"], row["Ý kiến ghi đã trả lời"], row["Kỳ này"])
        for row in shown["Kiến nghị kỳ trước"]
    ] == [("Bổ sung kinh phí", "Có", "Nêu lại"), ("Thêm người", None, "Không còn nêu")]


def test_a_round_without_an_earlier_one_has_no_sheet_of_it() -> None:
    names = set(sheets(after(None), collect()))
    assert "Nhịp độ chỉ tiêu" in names
    assert not names & {"Quá hạn kỳ trước", "Kiến nghị kỳ trước"}


@pytest.mark.parametrize(
    ("comparator", "difference", "judged"),
    [
        ("at_least", 0.1, "better"), ("at_least", -0.1, "worse"), ("at_most", 0.1, "worse"),
        ("at_most", -0.1, "better"), ("exact", 0.1, ""), ("about", -0.1, ""), ("range", 1.0, ""),
        ("at_least", 0.0, ""), ("at_least", None, ""),
    ],
)  # fmt: skip
def test_only_a_target_that_says_at_least_or_at_most_judges_a_change(
    comparator: str, difference: float | None, judged: str
) -> None:
    raw = {"first_year": 2025, "last_year": 2025, "basis": "year", "comparator": comparator,
           "value": 5, "wording": "", "source": ""}  # fmt: skip
    assert judge_change(msgspec.convert(raw, Target), difference) == judged
    assert judge_change(None, 1.0) == ""
