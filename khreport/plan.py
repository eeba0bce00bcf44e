"""A plan: who must do what by when, and which targets, as its decision says."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Literal

import msgspec

from khreport.agencies import Agency, Group, GroupRow
from khreport.text import fold

TaskKind = Literal["dated", "recurrent"]
Comparator = Literal["exact", "at_least", "at_most", "about", "range"]
Basis = Literal["year", "yearly_average", "total"]
RANKS = ("thứ hạng", "hạng", "bậc")
"""The measures, folded, of what is ranked."""


class Milestone(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """One step of a deadline that names several; its row key is the task's plus "." and `key`."""

    key: str
    text: str
    due: dt.date
    start: dt.date | None = None


class Deadline(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """A wording of "Tiến độ thực hiện" and what it was read as.

    `due` is the last day in time; it is None for recurrent tasks and where the wording
    gives only a beginning.
    """

    wording: str
    kind: TaskKind
    start: dt.date | None = None
    due: dt.date | None = None
    milestones: tuple[Milestone, ...] = ()
    note: str = ""


class Section(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A heading row of an appendix; `level` 1 is the outermost."""

    key: str
    appendix: str
    number: str
    level: int
    title: str
    source: str


class Task(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One row of an appendix.

    `leads` and `coordinating` are keys of agencies and groups in the order of the wording.
    `source` is "file:line" in the recognised text.
    """

    key: str
    appendix: str
    section: str
    number: str
    text: str
    lead_text: str
    leads: tuple[str, ...]
    coordinating_text: str
    coordinating: tuple[str, ...]
    deadline_text: str
    deadline: Deadline
    products: tuple[str, ...]
    source: str

    @property
    def kind(self) -> TaskKind:
        """Whether it is done once by a day, or year after year."""
        return self.deadline.kind


class Target(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """A value that an indicator is to reach.

    `basis` says what the value is of: one year (`last_year`), a yearly average over
    `first_year`-`last_year`, or a total over them. A range has `value` and `upper`.
    """

    first_year: int
    last_year: int
    basis: Basis
    comparator: Comparator
    value: float
    upper: float | None = None
    wording: str
    source: str


class Indicator(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """A figure that the plan sets targets for.

    `tracked_by` is the task that names who answers; `link` says whether the decision links
    them ("stated") or we do ("reading", explained in `note`); both are None where nobody
    is named. `part_of` is the indicator of which the decision calls this one a part ("trong
    đó"); the parts of one whole do not overlap. `adds_up` tells of an amount for which no
    target is a total, as of visitors, that it is one.
    """

    key: str
    name: str
    measure: str
    targets: tuple[Target, ...]
    tracked_by: str | None = None
    link: Literal["stated", "reading"] | None = None
    part_of: str | None = None
    adds_up: bool = False
    note: str = ""

    @property
    def is_flow(self) -> bool:
        """Whether what it comes to in the parts of a year adds up to the year's figure."""
        return self.adds_up or any(target.basis == "total" for target in self.targets)

    @property
    def is_rank(self) -> bool:
        """Whether its figures are places, of which the first is the best and none is an amount."""
        return fold(self.measure) in RANKS


class Duty(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """Who reports to whom, how often, and before which day of the year (month, day)."""

    key: str
    by: str
    to: str
    frequency: Literal["year", "half_year"]
    before_month: int
    before_day: int
    tasks: tuple[str, ...] = ()
    wording: str
    source: str
    assumed: str = ""


class Appendix(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """A table of the plan: its label, title and column headings as printed."""

    key: str
    label: str
    title: str
    headings: tuple[str, ...]


class Erratum(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A correction of the recognised text, with the passage that proves it.

    "unresolved": the scan is plainly wrong, no passage proves the right text, so that
    `corrected` repeats `scanned` and the cell stands as it was scanned.
    """

    row: str
    column: str
    scanned: str
    corrected: str
    evidence: str
    confidence: Literal["certain", "likely", "unresolved"]


class Plan(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, dict=True):
    """A decision's plan, complete."""

    key: str
    number: str
    date: dt.date
    issuer: str
    title: str
    short_title: str
    collector: str
    first_year: int
    last_year: int
    appendices: tuple[Appendix, ...]
    sections: tuple[Section, ...]
    tasks: tuple[Task, ...]
    indicators: tuple[Indicator, ...]
    agencies: tuple[Agency, ...]
    groups: tuple[Group, ...]
    group_rows: tuple[GroupRow, ...]
    duties: tuple[Duty, ...]
    errata: tuple[Erratum, ...]

    @cached_property
    def task(self) -> dict[str, Task]:
        """Tasks by key."""
        return {task.key: task for task in self.tasks}

    @cached_property
    def agency(self) -> dict[str, Agency]:
        """Agencies by key."""
        return {agency.key: agency for agency in self.agencies}

    @cached_property
    def group(self) -> dict[str, Group]:
        """Groups by key."""
        return {group.key: group for group in self.groups}

    @cached_property
    def indicator(self) -> dict[str, Indicator]:
        """Indicators by key."""
        return {indicator.key: indicator for indicator in self.indicators}

    @cached_property
    def section(self) -> dict[str, Section]:
        """Sections by key."""
        return {section.key: section for section in self.sections}

    @cached_property
    def appendix(self) -> dict[str, Appendix]:
        """Appendices by key."""
        return {appendix.key: appendix for appendix in self.appendices}

    def members(self, key: str) -> tuple[str, ...]:
        """The agencies that a lead or coordinating key stands for."""
        return self.group[key].members if key.startswith("@") else (key,)
