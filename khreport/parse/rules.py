"""Rule cards from TOML: what contradicts the forms or the vocabulary is refused with its line."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterable, Mapping

from khreport.checks.kinds import COMPARISONS, KINDS, asked_kinds, documents_column, row_kinds
from khreport.forms import Column, Form
from khreport.frames import held
from khreport.parse.toml import Entry, Source, plain_days
from khreport.rules import DAYS, FACTS, PARENT, Rule

PLACEHOLDERS = ("value", "limit", "label", "example", "missing")


def parse_rules(text: str, file_name: str, forms: Iterable[Form]) -> tuple[Rule, ...]:
    """The cards of one file, in its order.

    Raises:
        PlanError: a card cannot be used; the message names file, line and card.

    """
    form_by_key = {form.key: form for form in forms}
    source = Source(text, file_name)
    whole = Entry(source, "", 0, "")
    for field in source.content:
        whole.expect(field, "mục", field, ["rules"])
    cards = source.tables("rules")
    if not cards:
        whole.refuse("", "chưa có quy tắc nào. Mỗi quy tắc bắt đầu bằng dòng [[rules]].")
    rules: list[Rule] = []
    for nth, card in enumerate(cards):
        entry = Entry(source, "rules", nth, f"quy tắc {card.get('id', f'thứ {nth + 1}')}")
        rule = _parse_card(entry, plain_days(card), form_by_key)
        if any(rule.id == other.id for other in rules):
            entry.refuse("id", f"mã “{rule.id}” đã dùng cho quy tắc khác. Đặt mã khác.")
        rules.append(rule)
    return tuple(rules)


def parse_rule_files(texts: Mapping[str, str], forms: Iterable[Form]) -> tuple[Rule, ...]:
    """The cards of several files, by file name.

    Raises:
        PlanError: a card cannot be used, or two share an id.

    """
    forms = tuple(forms)
    rules: dict[str, Rule] = {}
    for name, text in texts.items():
        for nth, rule in enumerate(parse_rules(text, name, forms)):
            if rule.id in rules:
                Entry(Source(text, name), "rules", nth, f"quy tắc {rule.id}").refuse(
                    "id", "mã này đã dùng ở tệp khác. Đặt mã khác."
                )
            rules[rule.id] = rule
    return tuple(rules.values())


def _parse_card(entry: Entry, card: dict[str, object], forms: Mapping[str, Form]) -> Rule:
    for field in ("good", "bad"):
        if not card.get(field):
            entry.refuse(
                field, f"thiếu ví dụ “{field}”. Mỗi quy tắc cần một ví dụ đúng và một ví dụ sai."
            )
    rule = entry.convert(card, Rule)
    entry.expect("form", "biểu", rule.form, forms)
    if rule.id.startswith("form."):
        entry.refuse("id", "mã bắt đầu bằng “form.” dành cho quy tắc của biểu. Đặt mã khác.")
    form = forms[rule.form]
    _check_columns(entry, rule, form)
    _check_rows(entry, rule, form)
    _check_limit(entry, rule, form, forms)
    _check_words(entry, rule, form)
    _check_examples(entry, rule, form)
    return rule


def _check_columns(entry: Entry, rule: Rule, form: Form) -> None:
    if not rule.columns or (len(rule.columns) > 1 and rule.kind != "required"):
        entry.refuse("columns", "ghi đúng một cột; chỉ loại “required” nhận nhiều cột.")
    for key in rule.columns:
        entry.expect("columns", "cột", key, [column.key for column in form.answers])
        column_type = form.column[key].type
        if column_type not in KINDS[rule.kind].types:
            entry.refuse(
                "columns", f"loại “{rule.kind}” không dùng cho cột “{key}” (kiểu {column_type})."
            )


def _check_rows(entry: Entry, rule: Rule, form: Form) -> None:
    column = form.column[rule.column]
    for kind in rule.kinds:
        entry.expect("kinds", "loại dòng", kind, asked_kinds(form, column))
    for name, wanted in rule.when.items():
        if not wanted:
            entry.refuse("when", f"điều kiện “{name}” chưa có giá trị nào.")
        known = _values_of(entry, name, form)
        for value in wanted:
            entry.expect("when", f"giá trị của “{name}”", value, ["*", "", *known])
        if "*" in wanted and len(wanted) > 1:
            entry.refuse("when", f"điều kiện “{name}”: dấu * đứng một mình.")


def _values_of(entry: Entry, name: str, form: Form, field: str = "when") -> list[str]:
    if name in FACTS:
        return list(FACTS[name])
    columns = {column.key: column for column in held(form)}
    known = [*columns, *FACTS, *(PARENT + key for key in columns)]
    entry.expect(field, "cột", name, known)
    return _codes(columns[name.removeprefix(PARENT)], form)


def _codes(column: Column, form: Form) -> list[str]:
    lists = dict.fromkeys(column.lists.values())
    codes = (choice.code for key in lists for choice in form.choice_list[key].choices)
    return list(dict.fromkeys(codes))


def _check_limit(entry: Entry, rule: Rule, form: Form, forms: Mapping[str, Form]) -> None:
    if (rule.op is not None) != (rule.kind == "compare"):
        entry.refuse(
            "op", f"phép so sánh (op) là một trong {' '.join(COMPARISONS)}, chỉ cho “compare”."
        )
    wanted, limit = KINDS[rule.kind].limit, rule.limit
    if wanted == "none":
        if limit is not None:
            entry.refuse("limit", f"loại “{rule.kind}” không có giới hạn (limit).")
    elif limit is None:
        entry.refuse("", f"loại “{rule.kind}” cần giới hạn (limit).")
    elif wanted == "form":
        entry.expect("limit", "biểu", str(limit), forms)
    elif wanted == "length" or (wanted == "number" and not isinstance(limit, str)):
        if isinstance(limit, str):
            entry.refuse("limit", "giới hạn phải là số.")
    elif wanted == "number":
        entry.expect("limit", "cột số", str(limit), _columns_of(form, "number", "whole"))
    elif not _is_day(str(limit)):
        entry.expect("limit", "ngày", str(limit), [*DAYS, "task.due", *_columns_of(form, "date")])


def _columns_of(form: Form, *types: str) -> list[str]:
    return [c.key for c in form.columns if c.type in types and c.role in ("answer", "given")]


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _check_words(entry: Entry, rule: Rule, form: Form) -> None:
    column = form.column[rule.column]
    there = {
        "value": rule.kind != "required",
        "limit": rule.limit is not None,
        "label": bool(column.heading),
        "example": bool(column.example),
        "missing": rule.kind == "references",
    }
    for field, words in (("message", rule.message), ("fix", rule.fix)):
        try:
            names = [name for _, name, _, _ in string.Formatter().parse(words) if name is not None]
        except ValueError:
            entry.refuse(field, "dấu ngoặc nhọn trong câu không khớp.")
        for name in names:
            entry.expect(field, "chỗ thay trong câu", name, PLACEHOLDERS)
            if not there[name]:
                entry.refuse(field, f"quy tắc này không có gì để thay vào {{{name}}}.")


def _check_examples(entry: Entry, rule: Rule, form: Form) -> None:
    for field, row in (("good", rule.good), ("bad", rule.bad)):
        for name, value in row.items():
            if name in ("kind", "key") or name == documents_column(str(rule.limit)):
                continue
            known = _values_of(entry, name, form, field)
            if known and value != "":
                entry.expect(field, f"giá trị của “{name}”", str(value), known)
        if "kind" in row:
            entry.expect(field, "loại dòng", str(row["kind"]), row_kinds(rule, form))
