"""Forms from TOML: what contradicts itself is refused with its line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from khreport.columns import CLOSED
from khreport.forms import SUMMARY, ChoiceList, Column, Field, Form, RowKind
from khreport.parse.toml import Entry, Source
from khreport.period_words import YEAR_WORDS, set_words

TABLES = {"columns": "cột", "fields": "dòng", "lists": "danh sách"}
ENTRIES: dict[str, type[msgspec.Struct]] = {"columns": Column, "fields": Field, "lists": ChoiceList}
NUMBERS = ("number", "whole")
TEXTS = ("text", "references")
BESIDE = "_beside_previous"
"""What the name of an entry ends in that holds only where last period's answers are shown."""


def parse_form(
    text: str,
    file_name: str,
    *,
    with_previous: bool = False,
    words: Mapping[str, str] = YEAR_WORDS,
) -> Form:
    """The form of one file, with room for last period's answers or without.

    `words` are what it calls the period.

    Raises:
        PlanError: the form cannot be used; the message names file, line and what is wrong.

    """
    source = Source(set_words(text, words), file_name)
    whole = Entry(source, "", 0, "")
    tables = {table: source.tables(table) for table in TABLES}
    content = _choose(source.content, with_previous=with_previous)
    entries = {
        (table, nth): Entry(source, table, nth, f"{TABLES[table]} {raw.get('key', nth + 1)}")
        for table, members in tables.items()
        for nth, raw in enumerate(members)
    }
    for (table, nth), entry in entries.items():
        # what only the other form holds must be right, too
        entry.convert(_choose(tables[table][nth], with_previous=True), ENTRIES[table])
    form = whole.convert(content, Form)
    for nth, column in enumerate(form.columns):
        _check_column(entries["columns", nth], column, form)
    for nth, field in enumerate(form.fields):
        if field.list is not None:
            entries["fields", nth].expect("list", "danh sách", field.list, form.choice_list)
    for nth, choices in enumerate(form.lists):
        _check_list(entries["lists", nth], choices)
    _check_unique(form, entries)
    if form.rows == "tasks" and form.appendix is None:
        whole.refuse("rows", "biểu nhiệm vụ cần ghi phụ lục (appendix).")
    if form.rows == "records" and not form.records:
        whole.refuse("rows", "biểu danh mục cần ghi số dòng (records).")
    return form if with_previous else _without_previous(form)


def _choose(raw: dict[str, Any], *, with_previous: bool) -> dict[str, Any]:
    """The entries of a form and of its columns as they are where last period is shown, or not."""
    chosen = {name: value for name, value in raw.items() if not name.endswith(BESIDE)}
    if with_previous:
        beside = {n.removesuffix(BESIDE): v for n, v in raw.items() if n.endswith(BESIDE)}
        chosen |= beside
    if "columns" in chosen:
        chosen["columns"] = [_choose(c, with_previous=with_previous) for c in chosen["columns"]]
    return chosen


def _without_previous(form: Form) -> Form:
    """The form without the column that sums last period up, and with no closed rows."""
    return msgspec.structs.replace(
        form,
        columns=tuple(column for column in form.columns if column.source != SUMMARY),
        lists=tuple(choices.open for choices in form.lists),
    )


def parse_form_files(
    texts: Mapping[str, str],
    *,
    with_previous: bool = False,
    words: Mapping[str, str] = YEAR_WORDS,
) -> tuple[Form, ...]:
    """The forms of several files, in the order of their names.

    Raises:
        PlanError: a form cannot be used, or two share a key or a sheet.

    """
    forms: list[Form] = []
    for name, text in texts.items():
        form = parse_form(text, name, with_previous=with_previous, words=words)
        for other in forms:
            for field in ("key", "sheet"):
                if getattr(form, field) == getattr(other, field):
                    Entry(Source(text, name), "", 0, "").refuse(
                        field, f"“{getattr(form, field)}” đã dùng cho biểu khác. Đặt tên khác."
                    )
        forms.append(form)
    return tuple(forms)


def _check_column(entry: Entry, column: Column, form: Form) -> None:
    for kind, key in column.lists.items():
        entry.expect("lists", "loại dòng", kind, ["*", *get_args(RowKind)])
        entry.expect("lists", "danh sách", key, form.choice_list)
    if column.computed is not None:
        numbers = [c.key for c in form.columns if c.type in NUMBERS]
        computed = column.computed
        for key in filter(None, (computed.of, computed.to, computed.cumulated)):
            entry.expect("computed", "cột số", key, numbers)
    if column.required_with:
        entry.expect("required_with", "cột", column.required_with, form.column)
    bounded = column.minimum is not None or column.maximum is not None
    for field, wrong, complaint in (
        (
            "type",
            column.type == "choice" and not column.lists,
            "cột chọn theo danh sách cần ghi danh sách (lists).",
        ),
        (
            "role",
            (column.role == "computed") != (column.computed is not None),
            "cột tự tính (role computed) phải ghi cách tính (computed), và chỉ cột đó.",
        ),
        (
            "role",
            column.role == "mirror" and not column.source,
            "cột ghi lại nội dung kế hoạch cần ghi lấy từ đâu (source).",
        ),
        (
            "source",
            column.role == "given" and column.source not in {"", SUMMARY, *form.column},
            f"cột ghi sẵn lấy từ một cột của biểu này, hoặc “{SUMMARY}” (cả dòng, ghi gọn).",
        ),
        (
            "max_length",
            column.max_length is not None and column.type not in TEXTS,
            "chỉ cột chữ có độ dài tối đa (max_length).",
        ),
        (
            "minimum" if column.minimum is not None else "maximum",
            bounded and column.type not in NUMBERS,
            "chỉ cột số có giá trị nhỏ nhất, lớn nhất (minimum, maximum).",
        ),
    ):
        if wrong:
            entry.refuse(field, complaint)


def _check_list(entry: Entry, choices: ChoiceList) -> None:
    if CLOSED in [choice.code for choice in choices.choices[1:]]:
        entry.refuse("choices", f"“{CLOSED}” phải đứng đầu danh sách.")


def _check_unique(form: Form, entries: dict[tuple[str, int], Entry]) -> None:
    keys = {
        "columns": [column.key for column in form.columns],
        "fields": [field.key for field in form.fields],
        "lists": [choices.key for choices in form.lists],
    }
    for table, members in keys.items():
        for nth, key in enumerate(members):
            if key in members[:nth]:
                entries[table, nth].refuse("key", f"mã “{key}” đã dùng. Đặt mã khác.")
