"""The rules that follow from a form's own declaration, so that no card repeats them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from khreport.forms import Column, Form
from khreport.rules import Kind, Rule

REQUIRED_WITH = "required_with"
"""The id of the rule that a column is answered together with another."""

WORDS: dict[Kind, tuple[str, str, str]] = {
    "required": (
        "Còn để trống.",
        "Điền thông tin này để liên hệ khi cần hỏi lại.",
        "Mẫu biểu: dòng bắt buộc điền.",
    ),
    "max_length": (
        "Nội dung dài quá {limit} ký tự, bản in sẽ bị cắt.",
        "Rút gọn lại; phần chi tiết gửi bằng văn bản kèm theo.",
        "Mẫu biểu: độ dài tối đa của cột, để in đủ nội dung.",
    ),
    "minimum": (
        "Số {value} nhỏ hơn {limit}.",
        "Nhập số từ {limit} trở lên.",
        "Mẫu biểu: giá trị nhỏ nhất của cột.",
    ),
    "maximum": (
        "Số {value} lớn hơn {limit}.",
        "Nhập số không quá {limit}.",
        "Mẫu biểu: giá trị lớn nhất của cột.",
    ),
}
"""Message, fix and basis of the rules that every form brings along."""

TOGETHER = (
    "Còn để trống.",
    "Chọn trong danh sách, ví dụ “{example}”.",
    "Mẫu biểu: đã ghi số liệu thì phải ghi số liệu tính trên địa bàn nào.",
)
"""The same of a column that is answered together with another."""


OWN = "form."
"""How the ids of these rules begin."""


def form_rules(form: Form) -> tuple[Rule, ...]:
    """The rules of a form's lengths, bounds and required fields, coded "form.<kind>"."""
    return tuple(_rules(form))


def _rules(form: Form) -> Iterator[Rule]:
    fields = tuple(field.key for field in form.fields if field.required)
    for column in form.answers:
        if fields:
            yield _rule(form, column, "required", rows=fields)
        if column.required_with:
            message, fix, basis = TOGETHER
            yield msgspec.structs.replace(
                _rule(form, column, "required"),
                id=OWN + REQUIRED_WITH,
                when={column.required_with: ("*",)},
                message=message,
                fix=fix,
                basis=basis,
            )
        if column.max_length is not None:
            yield _rule(form, column, "max_length", limit=column.max_length)
        if column.minimum is not None:
            yield _rule(form, column, "minimum", limit=column.minimum)
        if column.maximum is not None:
            yield _rule(form, column, "maximum", limit=column.maximum)


def _rule(
    form: Form,
    column: Column,
    kind: Kind,
    *,
    rows: tuple[str, ...] = (),
    limit: float | None = None,
) -> Rule:
    message, fix, basis = WORDS[kind]
    return Rule(
        id=OWN + kind,
        kind=kind,
        form=form.key,
        columns=(column.key,),
        severity="error",
        message=message,
        fix=fix,
        basis=basis,
        rows=rows,
        limit=limit,
    )
