"""What a figure of a report counts, in words."""

from __future__ import annotations

from khreport.compose.figures import WHOLE_PLAN
from khreport.compose.material import Material
from khreport.compose.sentences import begin_sentence
from khreport.compose.states import STATES

_WHOLE = {
    "agencies": "cơ quan được hỏi",
    "agencies.accepted": "cơ quan có bản nộp đạt",
    "agencies.faulty": "cơ quan có bản nộp còn lỗi",
    "agencies.missing": "cơ quan chưa nộp",
    "agencies.not_accepted": "cơ quan chưa có bản nộp đạt",
    "agencies.late": "cơ quan nộp sau thời hạn",
    "agencies.sent": "cơ quan đã nộp",
    "agencies.in_time": "cơ quan nộp đúng hạn",
    "documents": "văn bản các cơ quan đã ban hành",
    "documents_plans": "văn bản là kế hoạch",
    "difficulties": "khó khăn, vướng mắc",
    "difficulties.tasks": "khó khăn, vướng mắc của nhiệm vụ",
    "difficulties.targets": "nguyên nhân chưa đạt chỉ tiêu",
    "proposals": "đề xuất, kiến nghị",
    "milestones.overdue": "mốc thời gian quá hạn",
    "tasks.due_unreported": "nhiệm vụ đã hết thời hạn, chưa có báo cáo",
    "tasks.next_year": "nhiệm vụ có nội dung năm tới",
    "tasks.plan.works": "nhiệm vụ có thời hạn và thường xuyên",
    "indicators": "chỉ tiêu được hỏi",
    "indicators.planned": "chỉ tiêu có đủ số liệu để so với kế hoạch năm",
    "indicators.reached": "chỉ tiêu đạt và vượt kế hoạch năm",
    "indicators.unassigned": "chỉ tiêu chưa có cơ quan được giao theo dõi",
    "indicators.figures": "chỉ tiêu có số liệu cả năm",
}
_GROUPS = {
    "overdue": "quá hạn",
    "late": "chậm so với thời hạn",
    "behind": "chưa triển khai đủ",
    "partly_answered": "mới có một số cơ quan trả lời",
}


def name_figure(material: Material, figure: str) -> str:
    """What a figure counts: "Nhiệm vụ có thời hạn đang thực hiện (quá hạn), Phụ lục II"."""
    return begin_sentence(_WHOLE.get(figure) or _name(material, figure))


def _name(material: Material, figure: str) -> str:
    head, _, rest = figure.partition(".")
    words, states = material.outline.words, material.outline.states
    kinds = {"dated": words.dated, "recurrent": words.recurrent, "target": words.target}
    if head in {"previous", "compared"}:
        kind = rest.partition(".")[0]
        when = "kỳ trước" if head == "previous" else "kỳ này"
        return f"nhiệm vụ {kinds[kind]} đã xong trong {when}, có trả lời của cả hai kỳ"
    if head == "documents":
        return f"văn bản đã ban hành, {material.agency_name(rest)}"
    if head == "difficulties":
        late = "của nhiệm vụ chậm, " if rest.startswith("late.") else ""
        return f"khó khăn {late}nguyên nhân {states[rest.rpartition('.')[2]]}"
    if head == "indicators":
        return _name_indicators(states, rest)
    parts = rest.split(".")
    at = next((place for place, part in enumerate(parts) if part in STATES), len(parts))
    scope, ends = parts[:at], parts[at:]
    if scope[-1] in _GROUPS:
        ends = [*ends, scope.pop()]
    counted = [kinds.get(end) or _GROUPS.get(end) or states[end] for end in ends]
    return f"{' '.join(['nhiệm vụ', *counted])}, {_name_scope(material, '.'.join(scope))}"


def _name_indicators(states: dict[str, str], state: str) -> str:
    said = states[state]
    if state.startswith("outlook_"):
        return f"chỉ tiêu được cơ quan đánh giá khả năng đạt mục tiêu giai đoạn: {said}"
    if state.startswith("change_"):
        return f"chỉ tiêu {said} so với năm trước"
    return f"chỉ tiêu của năm: {said}"


def _name_scope(material: Material, scope: str) -> str:
    if scope == WHOLE_PLAN:
        return "cả kế hoạch"
    label = material.appendix_label(scope.partition(".")[0])
    section = material.edition.plan.section.get(scope)
    return f"mục {section.number} {label}" if section else label
