"""The table of all rules, in words for people: generated from the cards and the forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import NamedTuple

from khreport.checks.form_rules import form_rules
from khreport.checks.reach import asked_kinds, row_kinds
from khreport.findings import Severity
from khreport.forms import Form, RowKind
from khreport.quantities import format_number
from khreport.rules import FACTS, PARENT, PREVIOUS, SHEET, SHEET_STATES, Rule

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

ON_TRIAL = "Thử nghiệm"
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


def rule_table(
    rules: Iterable[Rule], forms: Iterable[Form], every: Iterable[Form] = ()
) -> list[RuleLine]:
    """All rules by sheet: first those that follow from the form, then its cards.

    `every` are all the forms, where `forms` are only some of them.
    """
    rules = tuple(rules)
    forms = tuple(forms)
    sheets = {form.key: form.sheet for form in (every or forms)}
    return [
        _line(rule, form, sheets)
        for form in forms
        for rule in (*form_rules(form), *(r for r in rules if r.form == form.key))
    ]


def _line(rule: Rule, form: Form, sheets: Mapping[str, str]) -> RuleLine:
    heading = _heading(form, rule.column)
    words = {
        "value": "…",
        "missing": "…",
        "since": "…",
        "limit": format_number(rule.limit) if isinstance(rule.limit, (int, float)) else "…",
        "label": heading,
        "example": form.column[rule.column].example,
    }
    return RuleLine(
        id=rule.id,
        sheet=form.sheet,
        heading="; ".join(_heading(form, column) for column in rule.columns),
        severity=ON_TRIAL if rule.trial else SEVERITY_WORDS[rule.severity],
        when="; ".join(_conditions(rule, form, sheets)) or "mọi dòng",
        message=rule.message.format_map(words),
        fix=rule.fix.format_map(words),
        basis=rule.basis,
    )


def _heading(form: Form, column_key: str) -> str:
    return form.column[column_key].heading or OPEN_HEADING


def _conditions(rule: Rule, form: Form, sheets: Mapping[str, str]) -> Iterable[str]:
    if rule.kinds:
        yield ", ".join(KIND_WORDS[kind] for kind in rule.kinds)
    if rule.rows:
        labels = {field.key: field.label for field in form.fields}
        yield ", ".join(f"dòng “{labels[row]}”" if row in labels else row for row in rule.rows)
    for name, wanted in rule.when.items():
        if name in FACTS:
            yield " hoặc ".join(FACTS[name][value] for value in wanted)
        elif name.startswith(SHEET):
            states = " hoặc ".join(SHEET_STATES[value] for value in wanted)
            yield f"sheet “{sheets[name.removeprefix(SHEET)]}” {states}"
        else:
            yield _asks(rule, form, name, wanted)


def _asks(rule: Rule, form: Form, name: str, wanted: Iterable[str]) -> str:
    key = name.removeprefix(PARENT).removeprefix(PREVIOUS)
    of = {PARENT: " của nhiệm vụ", PREVIOUS: " kỳ trước"}
    whose = f"“{_heading(form, key)}”{of.get(name.removesuffix(key), '')}"
    if wanted == ("*",):
        return f"{whose} đã điền"
    kinds = row_kinds(rule, form)
    if name.startswith(PARENT):
        # only dated tasks have milestones
        of_dated = kinds == ("milestone",)
        kinds = ("dated",) if of_dated else asked_kinds(form, form.column[key])
    values = [word for code in wanted for word in _words(form, key, kinds, code)]
    verb = "" if "" in wanted else "là "
    return f"{whose} {verb}{' hoặc '.join(values)}"


def _words(form: Form, column_key: str, kinds: Iterable[RowKind], code: str) -> list[str]:
    """What people choose for a code, which kinds of rows may word differently."""
    if not code:
        return ["để trống"]
    column = form.column[column_key]
    lists = [form.choices_for(column, kind, "", closed=True) for kind in kinds]
    choices = [choice for each in lists if each for choice in each.choices]
    labels = dict.fromkeys(choice.label for choice in choices if choice.code == code)
    return [f"“{label}”" for label in labels or (form.label(column_key, code),)]


PAGE = """\
# Quy tắc kiểm tra

Trang này do lệnh `khreport rules --markdown` viết ra từ các tệp quy tắc; sửa quy tắc ở đó.

- **Phải sửa**: biểu chưa được nhận. **Cần xem lại**: không chặn; nếu đúng thì ghi lý do ở cột
  giải trình của dòng, khi đó coi như đã giải trình. **Để biết**: không phải làm gì.
- **Thử nghiệm**: chỉ hiện ra để xem quy tắc có dùng được không; không tính, không chặn.
- Trong một tệp, mỗi quy tắc cần xem lại chỉ chỉ ra ba ô, các ô khác được đếm trong một câu.
"""
"""What stands above the table on its page."""


ACROSS = """
## Khi tổng hợp

Các quy tắc này so các cơ quan, các chỉ tiêu với nhau; chỗ nghi ngờ hiện khi chạy
`khreport consolidate` và được đánh dấu trong tệp biên tập, không chặn.

- Các cơ quan cùng chủ trì một nhiệm vụ báo cáo tình trạng khác nhau mà chưa được biên tập.
- Các cơ quan ghi số ước cả năm khác nhau cho cùng một chỉ tiêu.
- Các phần của một chỉ tiêu (kế hoạch ghi “trong đó”) cộng lại lớn hơn cả chỉ tiêu.
"""
"""What stands below it: the rules of khreport.merge.across."""


def table_as_markdown(lines: Iterable[RuleLine]) -> str:
    """The table as a page, one section for each sheet."""
    parts = [PAGE]
    columns = [name for name in RuleLine._fields if name != "sheet"]
    head = [getattr(HEADINGS, name) for name in columns]
    for sheet, group in groupby(lines, key=lambda line: line.sheet):
        rows = [[getattr(line, name).replace("|", "\\|") for name in columns] for line in group]
        table = [head, ["---"] * len(columns), *rows]
        parts.append(f"\n## {sheet}\n\n")
        parts += [f"| {' | '.join(row)} |\n" for row in table]
    return "".join(parts) + ACROSS
