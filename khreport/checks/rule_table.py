"""The table of all rules, in words for people: generated from the cards and the forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from khreport.checks.form_rules import form_rules
from khreport.findings import Severity
from khreport.forms import Form, RowKind
from khreport.quantities import format_number
from khreport.rules import FACTS, PARENT, Rule

SEVERITY_WORDS: dict[Severity, str] = {
    "error": "Phải sửa",
    "warning": "Cần xem lại",
    "note": "Để biết",
}

KIND_WORDS: dict[RowKind, str] = {
    "field": "dòng của bìa",
    "indicator": "chỉ tiêu",
    "target": "nhiệm vụ Phụ lục I",
    "dated": "nhiệm vụ có thời hạn",
    "recurrent": "nhiệm vụ thường xuyên",
    "milestone": "mốc tiến độ",
    "line": "dòng dự án",
    "remark": "nhiệm vụ phối hợp",
    "record": "dòng của danh mục",
}

OPEN_HEADING = "Tên dự án, công việc"
"""What a mirror column without a heading of its own holds where the agency writes in it."""


class RuleLine(NamedTuple):
    """One rule, ready to print; every part is Vietnamese."""

    id: str
    sheet: str
    heading: str
    severity: str
    when: str
    message: str
    fix: str
    basis: str


HEADINGS = RuleLine(
    "Mã", "Sheet", "Cột", "Mức", "Khi nào", "Báo gì", "Sửa thế nào", "Căn cứ"
)  # fmt: skip
"""The headings of the table."""


def rule_table(rules: Iterable[Rule], forms: Iterable[Form]) -> list[RuleLine]:
    """All rules by sheet: first those that follow from the form, then its cards."""
    rules = tuple(rules)
    return [
        _line(rule, form)
        for form in forms
        for rule in (*form_rules(form), *(r for r in rules if r.form == form.key))
    ]


def _line(rule: Rule, form: Form) -> RuleLine:
    heading = _heading(form, rule.column)
    words = {
        "value": "…",
        "missing": "…",
        "limit": format_number(rule.limit) if isinstance(rule.limit, (int, float)) else "…",
        "label": heading,
        "example": form.column[rule.column].example,
    }
    return RuleLine(
        id=rule.id,
        sheet=form.sheet,
        heading=heading,
        severity=SEVERITY_WORDS[rule.severity],
        when="; ".join(_conditions(rule, form)) or "mọi dòng",
        message=rule.message.format_map(words),
        fix=rule.fix.format_map(words),
        basis=rule.basis,
    )


def _heading(form: Form, column_key: str) -> str:
    return form.column[column_key].heading or OPEN_HEADING


def _conditions(rule: Rule, form: Form) -> Iterable[str]:
    if rule.kinds:
        yield ", ".join(KIND_WORDS[kind] for kind in rule.kinds)
    if rule.rows:
        labels = {field.key: field.label for field in form.fields}
        yield ", ".join(labels.get(row, row) for row in rule.rows)
    for name, wanted in rule.when.items():
        if name in FACTS:
            yield " hoặc ".join(FACTS[name][value] for value in wanted)
            continue
        key = name.removeprefix(PARENT)
        whose = f"“{_heading(form, key)}”" + (" của nhiệm vụ" if key != name else "")
        if wanted == ("*",):
            yield f"{whose} đã điền"
        else:
            values = [f"“{form.label(key, code)}”" if code else "để trống" for code in wanted]
            verb = "" if "" in wanted else "là "
            yield f"{whose} {verb}{' hoặc '.join(values)}"
