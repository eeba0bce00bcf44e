"""Cards proved by their own examples: the good one is clean, the bad one breaks the card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from khreport.checks.check import find_faults, without_echoes
from khreport.checks.facts import example_rows
from khreport.findings import Finding
from khreport.forms import Form
from khreport.messages import MOST_QUOTED, MOST_SAID, place
from khreport.periods import Period
from khreport.quantities import format_number
from khreport.rules import Rule

EXAMPLE_PERIOD = Period(
    key="2024",
    name="Năm 2024",
    start=dt.date(2024, 1, 1),
    end=dt.date(2024, 12, 31),
    closing=dt.date(2024, 11, 30),
    due=dt.date(2024, 12, 13),
    report_due=dt.date(2024, 12, 30),
)
"""The made-up period in which the examples of all cards take place, as the cards' files say."""

EXAMPLE_DAYS = {
    "plan.start": dt.date(2022, 1, 1),
    "plan.end": dt.date(2030, 12, 31),
    "period.start": EXAMPLE_PERIOD.start,
    "period.end": EXAMPLE_PERIOD.end,
    "period.closing": EXAMPLE_PERIOD.closing,
    "period.due": EXAMPLE_PERIOD.due,
}
"""The days that a limit may name, as they are in the examples."""

LONG_ENTRIES = {
    "text": "x" * MOST_QUOTED,
    "hollow": "Đã thực hiện theo kế hoạch",
    "references": "12; 13; 14; 15",
    "date": "28/12/2024",
    "number": "1.234.567,89",
    "whole": "1.234.567",
    "choice": "",
}
LONG_ROWS = {
    "fields": "Văn bản gửi kèm (số, ký hiệu, ngày)",
    "indicators": f"chỉ tiêu {'x' * MOST_QUOTED}",
    "tasks": "nhiệm vụ VIII.18",
    "coordinating": "nhiệm vụ VIII.18",
    "records": "dòng thêm 12",
}
"""Entries and names of rows as long as sentences quote them."""

GOOD, BAD = 0, 1
"""The rows of a card's examples."""


def find_in_examples(rule: Rule, form: Form, rules: Iterable[Rule]) -> list[tuple[str, str, int]]:
    """Rule, column and example (GOOD, BAD) of all that `rules` find in a card's examples."""
    own = [each for card in rules if card.form == form.key for each in card.spread()]
    rows = example_rows(rule, form, own, EXAMPLE_PERIOD)
    faults = without_echoes(find_faults(rows, form, own, EXAMPLE_DAYS))
    return [(broken.id, broken.column, row["row"]) for broken, row in faults]


def prove_card(rule: Rule, form: Form) -> dict[str, str]:
    """What is wrong with the card's examples, by the field to be mended; empty if nothing."""
    found = find_in_examples(rule, form, [rule])
    wrong = {}
    if any(example == GOOD for _, _, example in found):
        wrong["good"] = "ví dụ “good” lại bị chính quy tắc này báo. Sửa ví dụ hoặc quy tắc."
    if (rule.id, rule.column, BAD) not in found:
        wrong["bad"] = "ví dụ “bad” không bị quy tắc này báo. Sửa ví dụ hoặc quy tắc."
    length = max(len(sentence(each, form)) for each in rule.spread())
    if length > MOST_SAID:
        wrong["message"] = (
            f"câu báo cho cơ quan có thể dài {length} ký tự, chỉ được {MOST_SAID}. "
            "Viết ngắn “message” hoặc “fix” lại."
        )
    return wrong


def sentence(rule: Rule, form: Form) -> str:
    """What a finding of the rule says where place, entry and limit are as long as they get."""
    column = form.column[rule.column]
    long = LONG_ENTRIES["hollow" if rule.kind == "substantial" else column.type]
    limit = format_number(rule.limit) if isinstance(rule.limit, int | float) else long
    parts = {
        "value": column_label(form, column.key) or long,
        "limit": limit,
        "since": long,
        "missing": "12, 13",
        "label": column.heading,
        "example": column.example,
    }
    finding = Finding(
        code=rule.id,
        severity=rule.severity,
        message=rule.message.format_map(parts),
        fix=rule.fix.format_map(parts),
        file="",
        sheet=form.sheet,
        row=29,
        column=13,
        place=place(form, column.key, LONG_ROWS[form.rows]),
    )
    return str(finding)


def column_label(form: Form, column_key: str) -> str:
    """The longest words that a cell of a column can be chosen from; "" where it has no list."""
    return max(form.labels(column_key).values(), key=len, default="")
