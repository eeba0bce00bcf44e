"""Sheets of the consolidated workbook that set a round against the last one, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from khreport.columns import ESTIMATE_YEAR
from khreport.compose.material import IndicatorResult, gather_indicators
from khreport.compose.pace import (
    difference_of,
    falls_behind,
    is_of_another_scope,
    is_off_target,
    is_paced,
    pace_of,
    previous_figure,
    scopes_of,
)
from khreport.consolidation import TIMELINESS_LABELS, Consolidation, Edits
from khreport.edition import Edition
from khreport.layout.form_head import subtitle
from khreport.layout.table import TableColumn, lay_out_table
from khreport.merge.pace import Pace, judge_change
from khreport.merge.raised import follow_proposals, tell_measure
from khreport.sheet import Sheet, Value

INDICATORS, OVERDUE, PROPOSALS = "Nhịp độ chỉ tiêu", "Quá hạn kỳ trước", "Kiến nghị kỳ trước"
INDICATOR_COLUMNS = (
    TableColumn("Chỉ tiêu", 40),
    TableColumn("Đơn vị tính", 12),
    TableColumn("Năm trước", 11, "number"),
    TableColumn("Năm nay", 11, "number"),
    TableColumn("Chênh lệch (theo đơn vị tính; chỉ tiêu tính bằng %: điểm %)", 14, "number"),
    TableColumn("So với năm trước (chỉ ghi khi mục tiêu là ít nhất, không quá)", 14),
    TableColumn("Mục tiêu theo văn bản", 40),
    TableColumn("Hết năm", 8),
    TableColumn("Đến mục tiêu", 30),
    TableColumn("Mức mỗi năm, hoặc còn thiếu, vượt", 13, "number"),
    TableColumn("Lũy kế, bình quân đã tính", 13, "number"),
    TableColumn("Nhịp độ năm nay", 12),
    TableColumn("Ghi chú", 40),
)
OVERDUE_COLUMNS = (
    TableColumn("Phụ lục", 9),
    TableColumn("TT", 7),
    TableColumn("Nhiệm vụ", 60),
    TableColumn("Cơ quan chủ trì", 26),
    TableColumn("Số ngày chậm kỳ trước", 10, "whole"),
    TableColumn("Kỳ này", 24),
    TableColumn("Số ngày chậm kỳ này", 10, "whole"),
)
PROPOSAL_COLUMNS = (
    TableColumn("Cơ quan", 26),
    TableColumn("Dòng", 12),
    TableColumn("Kiến nghị", 60),
    TableColumn("Gửi cơ quan nào", 22),
    TableColumn("Ý kiến khi đó", 50),
    TableColumn("Ý kiến ghi đã trả lời", 12),
    TableColumn("Kỳ này", 22),
)
STEPS = {
    "rise": "Cần tăng bình quân mỗi năm",
    "fall": "Cần giảm bình quân mỗi năm",
    "cap": "Mỗi năm còn lại bình quân không quá",
    "reached": "Đã đạt",
    "short": "Năm cuối, còn thiếu",
    "over": "Đã quá mức",
    "above": "Cao hơn mục tiêu",
    "unknown": "Chưa có số liệu năm nay",
    "missing": "Thiếu số liệu các năm trước",
}
SPAN_RISE = "Mỗi năm còn lại cần bình quân"
SINGLE = {
    "rise": "Cần tăng trong năm {year}",
    "fall": "Cần giảm trong năm {year}",
    "cap": "Năm {year} không quá",
}
SINGLE_SPAN_RISE = "Năm {year} cần"
RANK_FALL = "Cần tăng bình quân mỗi năm (bậc)"
UNSAID = "Chưa ghi phạm vi số liệu"
JUDGED = {"better": "Tốt hơn", "worse": "Kém hơn", "": None}
FATES = {
    "again": "Nêu lại",
    "dropped": "Không còn nêu",
    "silent": "Cơ quan chưa có báo cáo",
}


def lay_out_against_previous(edition: Edition, found: Consolidation) -> Iterator[Sheet]:
    """A sheet on the indicators, and, where the last period is known, on what it left open."""
    results = gather_indicators(found, edition, Edits(), {})
    if results:
        yield lay_out_table(
            INDICATORS, "CHỈ TIÊU: SO VỚI NĂM TRƯỚC VÀ NHỊP ĐỘ ĐẾN MỤC TIÊU", subtitle(edition),
            INDICATOR_COLUMNS, (_tell_indicator(edition, result) for result in results),
        )  # fmt: skip
    previous = edition.previous
    if previous is not None and previous.overdue:
        yield lay_out_table(
            OVERDUE, f"NHIỆM VỤ QUÁ HẠN Ở KỲ TRƯỚC ({previous.name.upper()})", subtitle(edition),
            OVERDUE_COLUMNS, _list_overdue(edition, found, previous.overdue),
        )  # fmt: skip
    if previous is not None and previous.proposals:
        yield lay_out_table(
            PROPOSALS, f"KIẾN NGHỊ CỦA KỲ TRƯỚC ({previous.name.upper()})",
            f"{subtitle(edition)}. {tell_measure()}",
            PROPOSAL_COLUMNS, _list_proposals(edition, found),
        )  # fmt: skip


def _tell_indicator(edition: Edition, result: IndicatorResult) -> tuple[Value, ...]:
    pace, difference = pace_of(edition, result), difference_of(edition, result)
    target = pace.target if pace else None
    value = result.row[ESTIMATE_YEAR] if result.has_figure else None
    paced = is_paced(edition, result)
    return (
        result.indicator.name,
        result.indicator.measure,
        previous_figure(result),
        value,
        difference,
        JUDGED[judge_change(target, difference)],
        target.wording if target else None,
        str(target.last_year) if target else None,
        _name_step(result, pace, edition.period.year),
        pace.step if pace else None,
        pace.so_far if pace else None,
        ("Chưa đủ" if falls_behind(edition, result) else "Đủ") if paced else None,
        "; ".join(_note(edition, result, pace)) or None,
    )


def _name_step(result: IndicatorResult, pace: Pace | None, year: int) -> str | None:
    if pace is None:
        return None
    span = pace.target.basis != "year"
    if pace.state == "fall" and result.indicator.is_rank:
        return RANK_FALL
    single = SINGLE_SPAN_RISE if span and pace.state == "rise" else SINGLE.get(pace.state)
    if single and pace.target.last_year == year + 1:
        return single.format(year=year + 1)
    return SPAN_RISE if span and pace.state == "rise" else STEPS[pace.state]


def _note(edition: Edition, result: IndicatorResult, pace: Pace | None) -> Iterator[str]:
    scopes = scopes_of(edition, result)
    if edition.scope is not None and result.has_figure and not scopes.now:
        yield UNSAID
    elif is_of_another_scope(edition, result):
        yield f"Không cùng phạm vi (kỳ trước: {scopes.before or 'chưa ghi'})"
    if scopes.now and is_off_target(edition, result):
        yield f"Không cùng phạm vi với mục tiêu ({scopes.plan or 'chưa ghi'})"
    if pace is None or pace.target.basis == "year":
        return
    whole = "Bình quân" if pace.target.basis == "yearly_average" else "Tổng"
    yield f"{whole} giai đoạn {pace.target.first_year}-{pace.target.last_year}"
    years = ", ".join(map(str, pace.years))
    if pace.state == "missing":
        yield f"thiếu số liệu năm {years}"
    elif pace.so_far is not None:
        yield f"cộng số các năm {years}" if years else "theo lũy kế, bình quân cơ quan báo cáo"


def _list_overdue(
    edition: Edition, found: Consolidation, overdue: dict[str, int]
) -> Iterator[tuple[Value, ...]]:
    stands = {row["task"]: row for row in found.tasks.iter_rows(named=True)}
    for key, days in overdue.items():
        if key in stands:
            task, now = edition.plan.task[key], stands[key]
            yield (
                edition.plan.appendix[task.appendix].label,
                key.partition(".")[2],
                task.text,
                task.lead_text,
                days,
                TIMELINESS_LABELS.get(now["timeliness"], "Chưa có trả lời"),
                now["days_late"],
            )


def _list_proposals(edition: Edition, found: Consolidation) -> Iterator[tuple[Value, ...]]:
    for raised in follow_proposals(edition, found):
        proposal = raised.proposal
        yield (
            edition.plan.agency[proposal.agency].name,
            proposal.row,
            proposal.text,
            proposal.addressee or None,
            proposal.opinion or None,
            "Có" if raised.answered else None,
            FATES[raised.fate],
        )
