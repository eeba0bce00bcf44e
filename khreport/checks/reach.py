"""What a rule is about, known before any answer is: rows, days, limits, empty phrases."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from khreport.columns import ADDRESSEE, CAUSES, DIFFICULTY, PROPOSAL, SOLUTIONS
from khreport.forms import Column, Form, RowKind
from khreport.periods import Period
from khreport.plan import Indicator, Plan
from khreport.rules import Rule
from khreport.text import fold, narrow

FEWEST_LETTERS = 6
HOLLOW = (
    "không", "không có", "không có gì", "chưa có", "ok", "tốt", "xong",
    "đã xong", "đã làm", "đang làm", "chưa làm", "hoàn thành", "đã hoàn thành", "chưa hoàn thành",
    "thực hiện", "đã thực hiện", "đang thực hiện", "chưa thực hiện", "đã triển khai",
    "đang triển khai", "thực hiện tốt", "đã thực hiện tốt", "thực hiện theo kế hoạch",
    "đã thực hiện theo kế hoạch", "thực hiện theo quy định", "đạt yêu cầu", "bình thường",
    "đã thực hiện theo quy định", "thực hiện theo quy định của pháp luật",
    "đã thực hiện theo quy định của pháp luật", "triển khai thực hiện",
    "đã triển khai thực hiện", "đang triển khai thực hiện", "đã và đang thực hiện",
    "đã và đang triển khai thực hiện", "tiếp tục thực hiện", "tiếp tục triển khai thực hiện",
    "thường xuyên thực hiện", "thực hiện thường xuyên", "đang rà soát", "đang xây dựng",
    "đang nghiên cứu", "đang tham mưu", "đang tổng hợp", "hoàn thành tốt", "hoàn thành 100",
    "đã hoàn thành 100", "thực hiện 100", "đạt 100", "không phát sinh", "chưa phát sinh",
)  # fmt: skip
"""Answers that tell the reader nothing, without their punctuation; those that only point
elsewhere ("như trên") are told as they are read."""

NONE_COLUMNS = frozenset((DIFFICULTY, CAUSES, SOLUTIONS, PROPOSAL, ADDRESSEE))
"""Columns that many fill with "không" although they may stay empty."""
NONE_SAID = (
    "-", "--", "–", "0", "/", "không", "không có", "không có gì", "chưa có", "không phát sinh",
    "không có khó khăn", "không khó khăn", "không vướng mắc", "không có vướng mắc",
    "không có khó khăn vướng mắc", "không khó khăn vướng mắc", "không có khó khăn và vướng mắc",
    "không có kiến nghị", "không kiến nghị", "không có đề xuất", "không đề xuất",
    "không có kiến nghị đề xuất", "không kiến nghị đề xuất", "không có đề xuất kiến nghị",
    "không có khó khăn kiến nghị", "không có khó khăn vướng mắc kiến nghị", "không có ý kiến",
    "không có nguyên nhân", "không có giải pháp",
)  # fmt: skip
"""The usual ways to say there that there is nothing, without full stops and commas: what the
workbook's own formulas look for. `says_none` knows more of them."""
_NONE = re.compile(
    r"|0|(?:(?:hiện|hiện nay|hiện tại|tạm thời|đến nay|trong kỳ|cơ quan|đơn vị) )*"
    r"(?:không|chưa|ko)(?: (?:có|phát sinh|gặp|còn|gì|nào|khó khăn|vướng mắc|tồn tại|hạn chế"
    r"|bất cập|nguyên nhân|kiến nghị|đề xuất|giải pháp|ý kiến|nội dung|và|hoặc|khác|thêm))*"
)
_DOTS = re.compile(r"[.…\s]+")
_SIGNS = re.compile(r"[\W_]+")
_LONGEST_NONE = 80


ROW_KINDS: dict[str, RowKind] = {
    "fields": "field",
    "indicators": "indicator",
    "coordinating": "remark",
    "records": "record",
}


def says_none(text: str) -> bool:
    """Whether an answer says nothing but that there is nothing.

    >>> [says_none(text) for text in ("Không.", "-", "Không có khó khăn, vướng mắc", "...")]
    [True, True, True, False]
    >>> says_none("Không có hướng dẫn của cấp trên")
    False
    """
    if len(text) > _LONGEST_NONE or _DOTS.fullmatch(text):
        return False
    return bool(text) and _NONE.fullmatch(_SIGNS.sub(" ", fold(narrow(text))).strip()) is not None


def days_of(plan: Plan, period: Period) -> dict[str, dt.date]:
    """The days that a rule's limit may name (`khreport.rules.DAYS`)."""
    return {
        "plan.start": dt.date(plan.first_year, 1, 1),
        "plan.end": dt.date(plan.last_year, 12, 31),
        "period.start": period.start,
        "period.end": period.end,
        "period.closing": period.closing,
        "period.due": period.due,
    }


def kind_of_measure(indicator: Indicator) -> str:
    """The fact "indicator.measure": what its unit and its name say that it measures."""
    if not indicator.measure.strip().startswith("%"):
        return "amount"
    return "share" if indicator.name.casefold().startswith("tỷ lệ ") else "rate"


def adds_up(indicator: Indicator, period: Period) -> bool:
    """Whether a target is the total of years of which one has passed before the period."""
    return any(
        target.basis == "total" and target.first_year < period.year <= target.last_year
        for target in indicator.targets
    )


def row_kinds(rule: Rule, form: Form) -> tuple[RowKind, ...]:
    """The kinds of rows that the rule is about: its own, or all that answer its column."""
    return rule.kinds or asked_kinds(form, form.column[rule.column])


def asked_kinds(form: Form, column: Column) -> tuple[RowKind, ...]:
    """The kinds of a form's rows that answer a column."""
    return tuple(kind for kind in _form_kinds(form) if column.asks(kind))


def _form_kinds(form: Form) -> tuple[RowKind, ...]:
    if form.rows != "tasks":
        return (ROW_KINDS[form.rows],)
    tasks: tuple[RowKind, ...] = (form.kind,) if form.kind else ("dated", "recurrent")
    return (*tasks, "milestone", "line") if form.lines else (*tasks, "milestone")


def constant_limit(rule: Rule, days: Mapping[str, dt.date]) -> float | dt.date | None:
    """The rule's limit where it is the same for all rows: a number or a day."""
    limit = rule.limit
    if not isinstance(limit, str):
        return limit
    return dt.date.fromisoformat(limit) if limit[:1].isdigit() else days.get(limit)
