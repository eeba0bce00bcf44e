"""Forms: the sheets that an agency fills, declared once in templates/xlsx/*.toml."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

import msgspec

RowKind = Literal[
    "field", "indicator", "target", "dated", "recurrent", "milestone", "line", "remark", "record"
]
"""What a row asks for: a field of the cover; an indicator; a task of the appendix of targets;
a dated or recurrent task; a milestone or project line beneath one; a coordinated task; a
numbered line of a free list."""

ColumnType = Literal["text", "number", "whole", "date", "choice", "references"]


class Choice(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One value of a list: the code that frames hold and the words that people read."""

    code: str
    label: str


class ChoiceList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
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


class Computed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A locked column worked out from two others: `of` / `to`, or its growth over `to`, in %."""

    kind: Literal["ratio", "growth"]
    of: str
    to: str


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One column of a form.

    role: "mirror" repeats the plan (`source` names what), "given" is filled by us and
    locked (last period's figure), "computed" is a formula, "answer" is the agency's.
    `kinds` are the row kinds that answer it (empty: every kind of the form); `open_kinds`
    those for which a mirror cell is the agency's to write (the name of a project line).
    `lists` maps a row kind, or "*", to a list. `max_length` is in characters and fits a row
    of 409 pt at this `width`. `required` marks the heading; the rules say when. A mirror
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


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the cover that the agency fills in."""

    key: str
    label: str
    required: bool = False
    list: str | None = None
    prompt: str = ""


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
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

    def choices_for(self, column: Column, kind: RowKind, parent: str) -> ChoiceList | None:
        """The list that a row's cell takes its value from; `parent` tells a field."""
        key = column.list_for(kind)
        if kind == "field":
            key = next((field.list for field in self.fields if field.key == parent), None)
        return self.choice_list[key] if key else None

    def label(self, column_key: str, code: str) -> str:
        """The words of a code of one of the column's lists."""
        for list_key in self.column[column_key].lists.values():
            for choice in self.choice_list[list_key].choices:
                if choice.code == code:
                    return choice.label
        raise KeyError(code)
