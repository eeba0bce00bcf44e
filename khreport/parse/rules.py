"""Rule cards from TOML: what contradicts the forms or the vocabulary is refused with its line."""

from __future__ import annotations

import datetime as dt
import math
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from khreport.checks.kinds import COMPARISONS, KINDS, documents_column
from khreport.checks.reach import asked_kinds, row_kinds
from khreport.errors import PlanError
from khreport.forms import Form
from khreport.frames import held
from khreport.parse.toml import Entry, Source, plain_days
from khreport.period_words import YEAR_WORDS, set_words
from khreport.rules import (
    DAYS,
    FACTS,
    OF_INDICATORS,
    PARENT,
    PREVIOUS,
    SHEET,
    SHEET_STATES,
    Rule,
)

CODE = re.compile(r"[\w.-]+")
"""What a card's id is made of: it stands in messages, waivers and the ledger."""
ALWAYS_KNOWN = ("row.begun", SHEET)
"""Facts that no row lacks, so that "*" and "" say nothing of them."""
PLACEHOLDERS = ("value", "limit", "label", "example", "missing", "since")


def parse_rules(text: str, file_name: str, forms: Iterable[Form]) -> tuple[Rule, ...]:
    """The cards of one file, in its order.

    Raises:
        PlanError: a card cannot be used; the message names file, line and card.

    """
    return parse_rule_files({file_name: text}, forms)


def parse_rule_files(
    texts: Mapping[str, str], forms: Iterable[Form], words: Mapping[str, str] = YEAR_WORDS
) -> tuple[Rule, ...]:
    """The cards of several files, by file name; `words` are what they call the period.

    Raises:
        PlanError: a card cannot be used, or two share an id.

    """
    rules = []
    for each in try_cards(texts, forms, words):
        if isinstance(each, PlanError):
            raise each
        rules.append(each.rule)
    return tuple(rules)


class Card(NamedTuple):
    """A card that can be used, and where it stands."""

    rule: Rule
    entry: Entry


def try_cards(
    texts: Mapping[str, str], forms: Iterable[Form], words: Mapping[str, str] = YEAR_WORDS
) -> Iterator[Card | PlanError]:
    """Each card of several files, or what is wrong with it, in their order."""
    form_by_key = {form.key: form for form in forms}
    places: dict[str, str] = {}
    for name, text in texts.items():
        try:
            source = Source(set_words(text, words), name)
            entries = _entries(source)
        except PlanError as error:
            yield error
            continue
        for entry, raw in entries:
            try:
                rule = _parse_card(entry, plain_days(raw), form_by_key)
                if rule.id in places:
                    where = "ở tệp khác" if places[rule.id] != name else "cho quy tắc khác"
                    entry.refuse("id", f"mã “{rule.id}” đã dùng {where}. Đặt mã khác.")
            except PlanError as error:
                yield error
                continue
            places[rule.id] = name
            yield Card(rule, entry)


def _entries(source: Source) -> list[tuple[Entry, dict[str, object]]]:
    whole = Entry(source, "", 0, "")
    for field in source.content:
        whole.expect(field, "mục", field, ["rules"])
    cards = source.tables("rules")
    if not cards:
        whole.refuse("", "chưa có quy tắc nào. Mỗi quy tắc bắt đầu bằng dòng [[rules]].")
    return [
        (Entry(source, "rules", nth, f"quy tắc {card.get('id', f'thứ {nth + 1}')}"), card)
        for nth, card in enumerate(cards)
    ]


def _parse_card(entry: Entry, card: dict[str, object], forms: Mapping[str, Form]) -> Rule:
    for field in ("good", "bad"):
        if not card.get(field):
            entry.refuse(
                field, f"thiếu ví dụ “{field}”. Mỗi quy tắc cần một ví dụ đúng và một ví dụ sai."
            )
    rule = entry.convert(card, Rule)
    entry.expect("form", "biểu", rule.form, forms)
    if not CODE.fullmatch(rule.id):
        entry.refuse("id", "mã chỉ gồm chữ, số, dấu chấm, gạch nối; ví dụ VP-01.")
    for field in ("message", "fix", "basis"):
        if not getattr(rule, field).strip():
            entry.refuse(field, f"mục “{field}” đang trống. Hãy ghi một câu cho người đọc.")
    if rule.id.startswith("form."):
        entry.refuse("id", "mã bắt đầu bằng “form.” dành cho quy tắc của biểu. Đặt mã khác.")
    form = forms[rule.form]
    _check_columns(entry, rule, form)
    _check_rows(entry, rule, form, forms)
    _check_limit(entry, rule, form, forms)
    _check_words(entry, rule, form)
    _check_examples(entry, rule, form, forms)
    return rule


def _check_columns(entry: Entry, rule: Rule, form: Form) -> None:
    if not rule.columns or len(set(rule.columns)) < len(rule.columns):
        entry.refuse("columns", "ghi ít nhất một cột, mỗi cột một lần.")
    for key in rule.columns:
        entry.expect("columns", "cột", key, [column.key for column in form.answers])
        column_type = form.column[key].type
        if column_type not in KINDS[rule.kind].types:
            entry.refuse(
                "columns", f"loại “{rule.kind}” không dùng cho cột “{key}” (kiểu {column_type})."
            )


def _check_rows(entry: Entry, rule: Rule, form: Form, forms: Mapping[str, Form]) -> None:
    column = form.column[rule.column]
    for kind in rule.kinds:
        entry.expect("kinds", "loại dòng", kind, asked_kinds(form, column))
    if rule.rows and not form.fields:
        entry.refuse("rows", f"biểu “{form.key}” không có dòng đặt tên; bỏ mục “rows”.")
    for row in rule.rows:
        entry.expect("rows", "dòng", row, [field.key for field in form.fields])
    for name, wanted in rule.when.items():
        if not wanted:
            entry.refuse("when", f"điều kiện “{name}” chưa có giá trị nào.")
        known = _values_of(entry, name, form, forms)
        any_or_none = [] if name.startswith(ALWAYS_KNOWN) else ["*", ""]
        for value in wanted:
            entry.expect("when", f"giá trị của “{name}”", value, [*known, *any_or_none])
        if "*" in wanted and len(wanted) > 1:
            entry.refuse("when", f"điều kiện “{name}”: dấu * đứng một mình.")


def _values_of(
    entry: Entry, name: str, form: Form, forms: Mapping[str, Form], field: str = "when"
) -> list[str]:
    """The values that a column or fact may have; none where they cannot be listed."""
    facts = [fact for fact in FACTS if form.rows == "indicators" or fact not in OF_INDICATORS]
    if name in facts:
        return list(FACTS[name])
    sheets = [SHEET + each.key for each in forms.values() if each.rows == "records"]
    if name in sheets:
        return list(SHEET_STATES)
    columns = {column.key: column for column in held(form)}
    of_others = (prefix + key for prefix in (PARENT, PREVIOUS) for key in columns)
    entry.expect(field, "cột", name, [*columns, *facts, *of_others, *sheets])
    return list(form.labels(columns[name.removeprefix(PARENT).removeprefix(PREVIOUS)].key))


def _check_limit(entry: Entry, rule: Rule, form: Form, forms: Mapping[str, Form]) -> None:
    if (rule.op is not None) != (rule.kind == "compare"):
        entry.refuse(
            "op", f"phép so sánh (op) là một trong {' '.join(COMPARISONS)}, chỉ cho “compare”."
        )
    _check_change(entry, rule, form)
    wanted, limit = KINDS[rule.kind].limit, rule.limit
    if wanted == "none":
        if limit is not None:
            entry.refuse("limit", f"loại “{rule.kind}” không có giới hạn (limit).")
    elif limit is None:
        entry.refuse("", f"loại “{rule.kind}” cần giới hạn (limit).")
    elif not isinstance(limit, str):
        if not math.isfinite(limit):
            entry.refuse("limit", "giới hạn phải là một số cụ thể, ví dụ 100.")
        if wanted not in ("length", "constant", "number"):
            entry.refuse("limit", "giới hạn này không phải là số; ghi trong dấu nháy.")
    elif wanted in ("length", "constant"):
        entry.refuse("limit", "giới hạn phải là số, không đặt trong dấu nháy.")
    else:
        _check_named_limit(entry, wanted, limit, form, forms)


def _check_named_limit(
    entry: Entry, wanted: str, limit: str, form: Form, forms: Mapping[str, Form]
) -> None:
    if wanted == "form":
        entry.expect("limit", "biểu", limit, forms)
    elif wanted == "number":
        entry.expect("limit", "cột số", limit, _operands(form, "number", "whole"))
    elif not _is_day(limit):
        entry.expect("limit", "ngày", limit, [*DAYS, "task.due", *_operands(form, "date")])


def _check_change(entry: Entry, rule: Rule, form: Form) -> None:
    for field in ("since", "unit"):
        if (getattr(rule, field) is not None) != (rule.kind == "change_limit"):
            entry.refuse(field, f"mục “{field}” cần cho “change_limit”, và chỉ cho loại này.")
    if rule.since is not None:
        entry.expect("since", "cột số", rule.since, _operands(form, "number", "whole"))


def _operands(form: Form, *types: str) -> list[str]:
    """The columns of these types, now and in the last period."""
    keys = _columns_of(form, *types)
    return [*keys, *(PREVIOUS + key for key in keys)]


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
        "since": rule.since is not None,
    }
    for field, words in (("message", rule.message), ("fix", rule.fix)):
        try:
            parts = [part for part in string.Formatter().parse(words) if part[1] is not None]
        except ValueError:
            entry.refuse(field, "dấu ngoặc nhọn trong câu không khớp.")
        for _, name, form_of, turned in parts:
            entry.expect(field, "chỗ thay trong câu", str(name), PLACEHOLDERS)
            if form_of or turned:
                entry.refuse(field, f"trong dấu ngoặc nhọn chỉ ghi tên, ví dụ {{{name}}}.")
            if not there[str(name)]:
                entry.refuse(field, f"quy tắc này không có gì để thay vào {{{name}}}.")


def _fits(form: Form, name: str, value: str | float) -> bool:
    """Whether an example's value is of the type of its column or fact."""
    column = form.column.get(name.removeprefix(PARENT).removeprefix(PREVIOUS))
    column_type = "date" if name == "task.due" else column.type if column else "text"
    if column_type in ("number", "whole"):
        return not isinstance(value, str) and math.isfinite(value)
    return isinstance(value, str) and (column_type != "date" or _is_day(value))


def _check_examples(entry: Entry, rule: Rule, form: Form, forms: Mapping[str, Form]) -> None:
    listed = [documents_column(each.key) for each in forms.values() if each.rows == "records"]
    for field, row in (("good", rule.good), ("bad", rule.bad)):
        for name, value in row.items():
            if name in ("kind", "key", *listed):
                continue
            known = _values_of(entry, name, form, forms, field)
            if known and value != "":
                entry.expect(field, f"giá trị của “{name}”", str(value), known)
            if value != "" and not _fits(form, name, value):
                entry.refuse(field, f"giá trị của “{name}” không đúng kiểu của cột.")
        if "kind" in row:
            entry.expect(field, "loại dòng", str(row["kind"]), row_kinds(rule, form))
