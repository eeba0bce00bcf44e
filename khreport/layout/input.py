"""What a program lets one type into the answer cells of a form, and the prompts there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from khreport.columns import STATUS
from khreport.dates import format_date
from khreport.forms import Column, Form
from khreport.quantities import format_number
from khreport.rows import FormRow
from khreport.sheet import Area, InputCheck

FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
MOST_TITLE, MOST_PROMPT = 32, 255
MOST_TEXT = 1500
WIDEST = 1e12
PHRASE_END = re.compile(r"[,;:] | (?=và |\()|(?<=\)) ")


def input_checks(form: Form, rows: Sequence[FormRow], first_row: int) -> Iterable[InputCheck]:
    """The input checks of a form whose rows begin at `first_row`."""
    for place, column in enumerate(form.columns, start=1):
        by_list: dict[tuple[str | None, bool], list[int]] = {}
        for offset, row in enumerate(rows):
            if row.kind is not None and column.asks(row.kind):
                kind = row.kind
                list_key = _field_list(form, row) if kind == "field" else column.list_for(kind)
                closed = row.closed and column.key == STATUS
                by_list.setdefault((list_key, closed), []).append(first_row + offset)
        for (list_key, closed), at in by_list.items():
            yield input_check(form, column, list_key, tuple(_areas(at, place)), closed=closed)


def _field_list(form: Form, row: FormRow) -> str | None:
    return next(field.list for field in form.fields if field.key == row.parent)


def _areas(rows: list[int], column: int) -> Iterable[Area]:
    first = previous = rows[0]
    for row in rows[1:]:
        if row != previous + 1:
            yield Area(first, column, previous, column)
            first = row
        previous = row
    yield Area(first, column, previous, column)


def list_name(form: Form, list_key: str, *, closed: bool = False) -> str:
    """The defined name under which a form's list stands in the workbook.

    Rows that an earlier period `closed` have a list of their own, with that choice in it.
    """
    return f"DS_{form.key}_{list_key}" + ("_closed" if closed else "")


def shorten_title(text: str) -> str:
    """As much of a prompt's title as programs take, ended where a phrase or else a word ends.

    >>> shorten_title("Khó khăn, vướng mắc và nguyên nhân")
    'Khó khăn, vướng mắc'
    >>> shorten_title("Lũy kế (hoặc bình quân) từ đầu giai đoạn")
    'Lũy kế (hoặc bình quân)'
    """
    if len(text) <= MOST_TITLE:
        return text
    phrases = [text[: end.start()] for end in PHRASE_END.finditer(text, 0, MOST_TITLE + 1)]
    whole = [phrase for phrase in phrases if phrase.count("(") == phrase.count(")")]
    return whole[-1] if whole else text[: MOST_TITLE + 1].rpartition(" ")[0]


def input_check(
    form: Form,
    column: Column,
    list_key: str | None,
    areas: tuple[Area, ...],
    *,
    closed: bool = False,
) -> InputCheck:
    """What a program lets one type into an answer column, with the prompt that it shows."""
    title = shorten_title(column.heading)
    prompt = column.prompt[:MOST_PROMPT]
    if list_key is not None:
        return InputCheck(
            areas=areas, kind="list", source=list_name(form, list_key, closed=closed),
            title=title, prompt=prompt,
            error="Hãy chọn một giá trị trong danh sách của ô này.",
        )  # fmt: skip
    if column.type == "date":
        example = column.example or format_date(LAST_DAY)
        return InputCheck(
            areas=areas, kind="date", minimum=FIRST_DAY, maximum=LAST_DAY, title=title,
            prompt=prompt, error=f"Hãy nhập ngày dạng ngày/tháng/năm, ví dụ {example}.",
        )  # fmt: skip
    if column.type in ("number", "whole"):
        low = -WIDEST if column.minimum is None else column.minimum
        high = WIDEST if column.maximum is None else column.maximum
        bounded = column.minimum is not None and column.maximum is not None
        within = f" từ {format_number(low)} đến {format_number(high)}" if bounded else ""
        return InputCheck(
            areas=areas, kind="number", minimum=low, maximum=high, title=title, prompt=prompt,
            error=f"Hãy nhập số{within}, không ghi đơn vị tính. Ví dụ {column.example}.",
        )  # fmt: skip
    most = column.max_length or MOST_TEXT
    return InputCheck(
        areas=areas, kind="length", minimum=0, maximum=most, title=title, prompt=prompt,
        error=f"Nội dung dài hơn {most} ký tự sẽ không hiện hết khi in. Hãy viết gọn lại.",
    )  # fmt: skip
