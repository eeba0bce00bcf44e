"""What a figure of a report counts, in words."""

from __future__ import annotations

from khreport.compose.figures import WHOLE_PLAN
from khreport.compose.material import Material
from khreport.compose.states import STATES
from khreport.compose.words import write
from khreport.text import begin_sentence

_WHOLE = {
    "agencies": "cơ quan được hỏi",
    "agencies.accepted": "cơ quan có bản nộp đạt",
    "agencies.faulty": "cơ quan có bản nộp còn lỗi",
    "agencies.missing": "cơ quan chưa nộp",
    "agencies.not_accepted": "cơ quan chưa có bản nộp đạt",
    "agencies.late": "cơ quan nộp sau thời hạn",
    "agencies.sent": "cơ quan đã nộp",
    "agencies.in_time": "cơ quan nộp đúng hạn",
    "agencies.documented": "cơ quan đã ban hành văn bản",
    "agencies.proposing": "cơ quan có đề xuất, kiến nghị",
    "documents": "văn bản các cơ quan đã ban hành",
    "documents_plans": "văn bản là kế hoạch",
    "difficulties": "khó khăn, vướng mắc",
    "difficulties.tasks": "khó khăn, vướng mắc của nhiệm vụ",
    "difficulties.targets": "nguyên nhân chưa đạt chỉ tiêu",
    "proposals": "đề xuất, kiến nghị",
    "milestones.overdue": "mốc thời gian quá hạn",
    "tasks.due_unreported": "nhiệm vụ đã hết thời hạn, chưa có báo cáo",
    "tasks.next_year": "nhiệm vụ có nội dung {period_after}",
    "tasks.plan.works": "nhiệm vụ có thời hạn và thường xuyên",
    "indicators": "chỉ tiêu được hỏi",
    "indicators.planned": "chỉ tiêu có đủ số liệu để so với {period_plan}",
    "indicators.reached": "chỉ tiêu đạt và vượt {period_plan}",
    "indicators.unassigned": "chỉ tiêu chưa có cơ quan được giao theo dõi",
    "indicators.answered": "chỉ tiêu có báo cáo",
    "indicators.compared": "chỉ tiêu có số liệu cả hai {period_unit}",
    "indicators.unfigured": "chỉ tiêu có báo cáo nhưng chưa có số liệu {whole_period}",
    "indicators.paced": "chỉ tiêu so được nhịp độ của năm với mức cần để đạt mục tiêu",
    "indicators.behind": "chỉ tiêu có nhịp độ của năm chưa đủ để đạt mục tiêu",
    "indicators.scope_before": "chỉ tiêu có số liệu tính trên địa bàn trước khi tỉnh thay đổi",
    "indicators.scope_after": "chỉ tiêu có số liệu tính trên địa bàn hiện nay",
    "indicators.scope_unsaid": "chỉ tiêu có số liệu chưa ghi phạm vi",
    "indicators.other_scope": "chỉ tiêu không cùng phạm vi với số của kỳ trước",
    "indicators.off_target": "chỉ tiêu có số liệu không cùng phạm vi với mục tiêu",
    "indicators.apart": "chỉ tiêu mà các cơ quan báo cáo khác nhau",
    "tasks.still_late": "nhiệm vụ đã quá hạn từ kỳ trước, nay vẫn quá hạn",
    "raised": "kiến nghị của kỳ trước",
    "raised.again": "kiến nghị của kỳ trước được nêu lại",
    "raised.dropped": "kiến nghị của kỳ trước không còn nêu",
    "raised.silent": "kiến nghị của kỳ trước, cơ quan nêu chưa có báo cáo kỳ này",
    "raised.answered": "kiến nghị của kỳ trước có ý kiến ghi là đã trả lời",
    "indicators.figures": "chỉ tiêu có số liệu {whole_period}",
}
_GROUPS = {
    "overdue": "quá hạn",
    "late": "chậm so với thời hạn",
    "behind": "chưa triển khai đủ",
    "partly_answered": "mới có một số cơ quan trả lời",
    "disagreeing": "các cơ quan trả lời khác nhau, tính theo mức thấp nhất",
}


def name_figure(material: Material, figure: str) -> str:
    """What a figure counts: "Nhiệm vụ có thời hạn đang thực hiện (quá hạn), Phụ lục II"."""
    known = _WHOLE.get(figure)
    return begin_sentence(write(material, known) if known else _name(material, figure))


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
        return _name_indicators(material, rest)
    parts = rest.split(".")
    at = next((place for place, part in enumerate(parts) if part in STATES), len(parts))
    scope, ends = parts[:at], parts[at:]
    if scope[-1] in _GROUPS:
        ends = [*ends, scope.pop()]
    counted = [kinds.get(end) or _GROUPS.get(end) or states[end] for end in ends]
    return f"{' '.join(['nhiệm vụ', *counted])}, {_name_scope(material, '.'.join(scope))}"


def _name_indicators(material: Material, state: str) -> str:
    said = material.outline.states[state]
    if state.startswith("outlook_"):
        return f"chỉ tiêu được cơ quan đánh giá khả năng đạt mục tiêu giai đoạn: {said}"
    if state.startswith("change_"):
        return f"chỉ tiêu {said} so với {material.values['year_ago']}"
    return f"chỉ tiêu của {material.values['period_unit']}: {said}"


def _name_scope(material: Material, scope: str) -> str:
    if scope == WHOLE_PLAN:
        return "cả kế hoạch"
    label = material.appendix_label(scope.partition(".")[0])
    section = material.edition.plan.section.get(scope)
    return f"mục {section.number} {label}" if section else label
