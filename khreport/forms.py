"""Forms: the sheets that an agency fills, declared once in templates/xlsx/*.toml."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Literal

import msgspec

from khreport.columns import CLOSED, SCOPE

RowKind = Literal[
    "field", "indicator", "target", "dated", "recurrent", "milestone", "line", "remark", "record"
]
"""What a row asks for: a field of the cover; an indicator; a task of the appendix of targets;
a dated or recurrent task; a milestone or project line beneath one; a coordinated task; a
numbered line of a free list."""

SUMMARY = "summary"
"""The source of a given column that tells an earlier period's row in a few words."""

ColumnType = Literal["text", "number", "whole", "date", "choice", "references"]


class Choice(
    msgspec.Struct, frozen=True, omit_defaults=True, array_like=True, forbid_unknown_fields=True
):
    """One value of a list: the code that frames hold and the words that people read."""

    code: str
    label: str


class ChoiceList(
    msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, dict=True
):
    """The values that a cell may take."""

    key: str
    choices: tuple[Choice, ...]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What the drop-down shows."""
        return tuple(choice.label for choice in self.choices)

    @cached_property
    def code_of(self) -> dict[str, str]:
        """Codes by label."""
        return {choice.label: choice.code for choice in reversed(self.choices)}

    @cached_property
    def open(self) -> ChoiceList:
        """The values of a row that was not closed in an earlier period: those but CLOSED."""
        choices = tuple(choice for choice in self.choices if choice.code != CLOSED)
        return self if choices == self.choices else ChoiceList(self.key, choices)


class Computed(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A locked column worked out from two others: `of` / `to`, or its growth over `to`, in %.

    `cumulated` is the column that stands for `of` where a period tells its own part alone of an
    amount that adds up through the year (`Edition.cumulated`).
    """

    kind: Literal["ratio", "growth"]
    of: str
    to: str
    cumulated: str = ""


class Column(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """One column of a form.

    role: "mirror" repeats the plan (`source` names what), "given" is filled by us and
    locked (what last period was told: the answer in the column `source`, or where that
    is SUMMARY the whole row in short), "computed" is a formula, "answer" is the agency's.
    `kinds` are the row kinds that answer it (empty: every kind of the form); `open_kinds`
    those for which a mirror cell is the agency's to write (the name of a project line).
    `lists` maps a row kind, or "*", to a list. `max_length` is in characters and fits a row
    of 409 pt at this `width`. `required` marks the heading; the rules say when,
    or the form itself: with an answer in the column `required_with`. A mirror
    column without a heading takes the one that the plan's appendix prints. `measure` is the
    unit of a column's numbers where the row has none of its own.
    """

    key: str
    heading: str
    role: Literal["mirror", "given", "computed", "answer"]
    width: float
    type: ColumnType = "text"
    source: str = ""
    kinds: tuple[RowKind, ...] = ()
    open_kinds: tuple[RowKind, ...] = ()
    lists: dict[str, str] = {}
    minimum: float | None = None
    maximum: float | None = None
    measure: str = ""
    max_length: int | None = None
    computed: Computed | None = None
    required: bool = False
    required_with: str = ""
    prompt: str = ""
    example: str = ""

    def asks(self, kind: RowKind) -> bool:
        """Whether a row of this kind answers the column."""
        if kind in self.open_kinds:
            return True
        return self.role == "answer" and (not self.kinds or kind in self.kinds)

    def list_for(self, kind: RowKind) -> str | None:
        """The key of the list that a row of this kind chooses from."""
        return self.lists.get(kind, self.lists.get("*"))


class Field(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """A line of the cover that the agency fills in."""

    key: str
    label: str
    required: bool = False
    list: str | None = None
    prompt: str = ""


EXAMPLE_YEAR = 2024
"""The year in which the examples and prompts of the forms' files are set."""
_YEAR = re.compile(r"\b20[0-9]{2}\b")


def set_examples(form: Form, year: int) -> Form:
    """The form with its examples and prompts set in a reporting year.

    >>> _set_years("Đạt ngày 30/6/2025", 2026)
    'Đạt ngày 30/6/2027'
    """
    columns = tuple(
        msgspec.structs.replace(
            column, example=_set_years(column.example, year), prompt=_set_years(column.prompt, year)
        )
        for column in form.columns
    )
    fields = tuple(
        msgspec.structs.replace(field, prompt=_set_years(field.prompt, year))
        for field in form.fields
    )
    note = _set_years(form.note, year)
    return msgspec.structs.replace(form, columns=columns, fields=fields, note=note)


def _set_years(text: str, year: int) -> str:
    return _YEAR.sub(lambda found: str(int(found[0]) + year - EXAMPLE_YEAR), text)


def set_scopes(form: Form, before: str = "", after: str = "") -> Form:
    """The form with the two areas that figures may cover named; without names it asks for none."""
    if SCOPE not in form.column:
        return form
    if not after:
        return msgspec.structs.replace(
            form,
            columns=tuple(column for column in form.columns if column.key != SCOPE),
            lists=tuple(choices for choices in form.lists if choices.key != SCOPE),
        )

    def named(text: str) -> str:
        return text.replace("{before}", before).replace("{after}", after)

    columns = tuple(
        msgspec.structs.replace(c, prompt=named(c.prompt), example=named(c.example))
        if c.key == SCOPE
        else c
        for c in form.columns
    )
    lists = tuple(
        ChoiceList(each.key, tuple(Choice(c.code, named(c.label)) for c in each.choices))
        if each.key == SCOPE
        else each
        for each in form.lists
    )
    return msgspec.structs.replace(form, columns=columns, lists=lists)


class Form(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    kw_only=True,
    forbid_unknown_fields=True,
    dict=True,
):
    """One sheet.

    rows: "fields" (the cover), "indicators", "tasks" of `appendix`, "coordinating" tasks,
    or "records" (a free list of `records` numbered lines). `lines` blank project lines
    stand beneath each task. `kind` is the kind of the tasks' rows where the appendix does
    not tell dated from recurrent. Text is set in `size_pt`.
    """

    key: str
    sheet: str
    title: str
    rows: Literal["fields", "indicators", "tasks", "coordinating", "records"]
    columns: tuple[Column, ...]
    note: str = ""
    appendix: str | None = None
    kind: RowKind | None = None
    size_pt: float = 11.0
    lines: int = 0
    records: int = 0
    fields: tuple[Field, ...] = ()
    lists: tuple[ChoiceList, ...] = ()

    @cached_property
    def column(self) -> dict[str, Column]:
        """Columns by key."""
        return {column.key: column for column in self.columns}

    @cached_property
    def answers(self) -> tuple[Column, ...]:
        """The columns that the agency fills, in whole or for some kinds of rows."""
        return tuple(c for c in self.columns if c.role == "answer" or c.open_kinds)

    @cached_property
    def choice_list(self) -> dict[str, ChoiceList]:
        """Lists by key."""
        return {choices.key: choices for choices in self.lists}

    def choices_for(
        self, column: Column, kind: RowKind, parent: str, *, closed: bool = False
    ) -> ChoiceList | None:
        """The list that a row's cell takes its value from; `parent` tells a field.

        A row that an earlier period `closed` may stay so, others cannot become so.
        """
        key = column.list_for(kind)
        if kind == "field":
            key = next((field.list for field in self.fields if field.key == parent), None)
        if key is None:
            return None
        return self.choice_list[key] if closed else self.choice_list[key].open

    def labels(self, column_key: str) -> dict[str, str]:
        """The words of each code that the column may hold; the first where lists share one."""
        keys = list(self.column[column_key].lists.values())
        if keys and self.rows == "fields":
            keys += [field.list for field in self.fields if field.list]
        labels: dict[str, str] = {}
        for choice in (choice for key in keys for choice in self.choice_list[key].choices):
            labels.setdefault(choice.code, choice.label)
        return labels

    def label(
        self, column_key: str, code: str, kind: RowKind | None = None, parent: str = ""
    ) -> str:
        """The words of a code of one of the column's lists.

        Lists may word a code differently: where the row's `kind` is known, and the `parent` of a
        field, the words are those of its own list.
        """
        column = self.column[column_key]
        own = self.choices_for(column, kind, parent, closed=True) if kind else None
        labels = {choice.code: choice.label for choice in own.choices} if own else {}
        return labels.get(code) or self.labels(column_key)[code]
