"""What a report is written from: tasks and indicators with their answers, as they were settled."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec
import polars as pl

from khreport.campaign import Settings
from khreport.columns import (
    ESTIMATE_YEAR,
    EXCEEDS,
    FAILS,
    NOT_OURS,
    OUTLOOK,
    PARTLY,
    PLAN_YEAR,
    REACHES,
    SECRET,
)
from khreport.compose.sentences import fill_pattern
from khreport.compose.states import INDICATOR_STATES, OUTLOOKS, Kind
from khreport.consolidation import Consolidation, Edits
from khreport.dates import format_date
from khreport.edition import Edition
from khreport.merge.assess import settle_tasks
from khreport.parse.outline import Outline
from khreport.plan import Indicator, Task
from khreport.quantities import roman
from khreport.text import fold, join_and

Row = dict[str, Any]

_ASSESSED = {
    EXCEEDS: "target_exceeded",
    REACHES: "target_reached",
    PARTLY: "target_partly",
    FAILS: "target_failed",
}
_REMARK = re.compile(r"\s*[,;.:(–]")
_UNFIGURED = {SECRET: "indicator_secret", NOT_OURS: "indicator_set_aside"}


class TaskResult(msgspec.Struct, frozen=True, kw_only=True):
    """A task of the plan and what was reported of it.

    `answers` are its own rows, by agency in the order of the plan, or that of the chosen
    agency alone; `steps` those of its milestones, `lines` those of its projects.
    `state` is one that `khreport.compose.states` has for its kind.
    """

    task: Task
    kind: Kind
    state: str
    status: str | None
    due: dt.date | None
    days_late: int
    disagree: bool
    asked: int
    answered: int
    missing: tuple[str, ...]
    answers: tuple[Row, ...]
    steps: tuple[Row, ...]
    lines: tuple[Row, ...]
    edited: str

    @property
    def partly_answered(self) -> bool:
        """Whether only some of the agencies that are asked have answered."""
        return 0 < self.answered < self.asked

    @property
    def number(self) -> str:
        """The task's number within its appendix: "III.4"."""
        return self.task.key.partition(".")[2]


class IndicatorResult(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator that somebody is asked for, and its figures of the year.

    `state` is what the officer assessed, else compares the year with the plan of the year, and
    with nothing else; `outlook` is what the agency expects of the target of the whole period.
    """

    indicator: Indicator
    row: Row
    state: str
    outlook: str
    lower_is_better: bool

    @property
    def has_figure(self) -> bool:
        """Whether the figure of the year was reported, and is neither secret nor another's."""
        told = self.row.get(ESTIMATE_YEAR) is not None
        return told and self.row.get(OUTLOOK) not in _UNFIGURED


class Figure(msgspec.Struct, frozen=True):
    """A number of the report: its id, and the keys of the rows that it counts."""

    id: str
    rows: tuple[str, ...]


class Material(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Everything that the parts of a report are written from."""

    edition: Edition
    consolidation: Consolidation
    edits: Edits
    settings: Settings
    outline: Outline
    tasks: tuple[TaskResult, ...]
    indicators: tuple[IndicatorResult, ...]
    figures: dict[str, Figure]

    def count(self, figure: str) -> int:
        """The number behind a figure's id."""
        return len(self.figures[figure].rows)

    @cached_property
    def task(self) -> dict[str, TaskResult]:
        """Tasks by key."""
        return {result.task.key: result for result in self.tasks}

    @cached_property
    def values(self) -> dict[str, str]:
        """What any pattern of the outline may name."""
        plan, period, office = self.edition.plan, self.edition.period, self.settings.office
        estimated = period.closing < period.end
        return {
            "number": plan.number,
            "decided": format_date(plan.date),
            "plan_issuer": plan.issuer,
            "plan": plan.short_title,
            "plan_title": plan.title,
            "office": " ".join(office.issuer.split()),
            "addressees": join_and(office.addressees),
            "year": str(period.year),
            "following_year": str(period.year + 1),
            "previous_year": str(period.year - 1),
            "start": format_date(period.start),
            "closing": format_date(period.closing),
            "closing_day": format_date(period.closing).rpartition("/")[0],
            "due": format_date(period.due),
            "estimate": self.outline.words.estimate if estimated else "",
        }

    def agency_name(self, key: str) -> str:
        """The name of an agency of the plan."""
        return self.edition.plan.agency[key].name

    @cached_property
    def extra_appendices(self) -> tuple[str, ...]:
        """The lists that are too long for the body, in the order of their appendices."""
        limits = self.outline.limits
        most = {"indicators": limits.indicator_rows, "proposals": limits.proposals}
        return tuple(figure for figure, limit in most.items() if self.count(figure) > limit)

    @property
    def has_several_appendices(self) -> bool:
        """Whether its appendices bear numbers."""
        return len(self.edition.plan.appendices) + len(self.extra_appendices) > 1

    def extra_label(self, figure: str) -> str:
        """What the appendix of such a list is called: it follows those of the plan."""
        place = len(self.edition.plan.appendices) + self.extra_appendices.index(figure) + 1
        return fill_pattern(self.outline.words.appendix, {"number": roman(place)})

    def appendix_label(self, key: str) -> str:
        """What the report's own appendix on an appendix of the plan is called."""
        return self.edition.plan.appendix[key].label


def settle(consolidation: Consolidation, edition: Edition, edits: Edits) -> tuple[TaskResult, ...]:
    """The tasks in the order of the plan, as the officer settled them."""
    answers = consolidation.answers
    as_of = edition.period.closing
    settled = settle_tasks(consolidation.tasks, answers, edits, as_of)
    rows: dict[str, list[Row]] = {}
    for row in answers.filter(pl.col("asked")).iter_rows(named=True):
        rows.setdefault(row["task"], []).append(row)
    return tuple(
        _task_result(edition.plan.task[stand["task"]], stand, rows.get(stand["task"], []), edits)
        for stand in settled.iter_rows(named=True)
    )


def _task_result(task: Task, stand: Row, rows: list[Row], edits: Edits) -> TaskResult:
    chosen = edits.chosen.get(task.key)
    standing = [row for row in rows if row["agency"] == chosen] or rows
    return TaskResult(
        task=task,
        kind=stand["kind"],
        state=_task_state(stand),
        status=stand["status"],
        due=stand["due"],
        days_late=stand["days_late"] or 0,
        disagree=bool(stand["disagree"]),
        asked=stand["asked"],
        answered=stand["answered"],
        missing=tuple(stand["missing"] or ()),
        answers=tuple(row for row in standing if row["key"] == task.key),
        steps=tuple(row for row in standing if row["kind"] == "milestone"),
        lines=tuple(row for row in standing if row["kind"] == "line"),
        edited=edits.results.get(task.key, ""),
    )


def _task_state(stand: Row) -> str:
    if stand["timeliness"]:
        return str(stand["timeliness"])
    return _ASSESSED.get(stand["status"] or "", "no_report")


def gather_indicators(
    consolidation: Consolidation, edition: Edition, edits: Edits, words: Mapping[str, str]
) -> tuple[IndicatorResult, ...]:
    """The indicators that the round asks for, in the order of the plan, as the officer assessed.

    `words` are those of the states, by which an assessment is understood.
    """
    asked = {q.parent for q in edition.questions if q.kind == "indicator"}
    rows: dict[str, Row] = {}
    for row in _with_figures_first(consolidation.indicators):
        rows.setdefault(row["indicator"], row)
    return tuple(
        _indicator_result(
            indicator,
            rows.get(indicator.key, {}),
            edition.period.year,
            read_assessment(edits.assessments.get(indicator.key, ""), words),
        )
        for indicator in edition.plan.indicators
        if indicator.key in asked
    )


def read_assessment(text: str, words: Mapping[str, str]) -> str:
    """The state that an assessment begins with, in the words of the states; "" if with none.

    >>> read_assessment("Đạt, chưa vững chắc", {"indicator_met": "Đạt"})
    'indicator_met'
    >>> read_assessment("Đạt một phần", {"indicator_met": "Đạt"})
    ''
    """
    said = fold(_REMARK.split(text, maxsplit=1)[0])
    states = {fold(words[state]): state for state in INDICATOR_STATES if state in words}
    return states.get(said, "")


def _with_figures_first(indicators: pl.DataFrame) -> list[Row]:
    # Where two bodies answer, one of them often leaves the figure to the other.
    rows = indicators.to_dicts()
    return sorted(rows, key=lambda row: row.get(ESTIMATE_YEAR) is None)


def _indicator_result(indicator: Indicator, row: Row, year: int, assessed: str) -> IndicatorResult:
    targets = [t for t in indicator.targets if t.first_year <= year <= t.last_year]
    lower = any(t.comparator == "at_most" for t in targets or indicator.targets)
    outlook = f"outlook_{row.get(OUTLOOK)}"
    return IndicatorResult(
        indicator=indicator,
        row=row,
        state=assessed or _indicator_state(row, lower_is_better=lower),
        outlook=outlook if outlook in OUTLOOKS else "outlook_none",
        lower_is_better=lower,
    )


def _indicator_state(row: Row, *, lower_is_better: bool) -> str:
    if not row:
        return "indicator_no_report"
    if row.get(OUTLOOK) in _UNFIGURED:
        return _UNFIGURED[row[OUTLOOK]]
    estimate, plan = row.get(ESTIMATE_YEAR), row.get(PLAN_YEAR)
    if estimate is None or plan is None:
        return "indicator_no_figure" if estimate is None else "indicator_unplanned"
    ahead = plan - estimate if lower_is_better else estimate - plan
    if ahead == 0:
        return "indicator_met"
    return "indicator_exceeded" if ahead > 0 else "indicator_below"
