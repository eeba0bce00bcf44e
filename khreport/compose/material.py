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
    TO_CLOSING,
)
from khreport.compose.round import name_period, name_round
from khreport.compose.sentences import fill_pattern
from khreport.compose.states import INDICATOR_STATES, OUTLOOKS, Kind
from khreport.consolidation import Consolidation, Edits
from khreport.dates import format_date
from khreport.edition import Edition
from khreport.merge.assess import settle_tasks
from khreport.merge.raised import Raised
from khreport.parse.outline import Outline
from khreport.periods import SPANS, Period
from khreport.plan import Appendix, Indicator, Target, Task
from khreport.quantities import roman
from khreport.report import Chart
from khreport.rows import MOST_NAMED, name_some, tell_stand_ins
from khreport.text import fold

Row = dict[str, Any]

_ASSESSED = {
    EXCEEDS: "target_exceeded",
    REACHES: "target_reached",
    PARTLY: "target_partly",
    FAILS: "target_failed",
}
CHARTS = "charts"
"""What the appendix of the charts is called among the extra ones."""
_REMARK = re.compile(r"\s*[,;.:(–]")
_UNFIGURED = {SECRET: "indicator_secret", NOT_OURS: "indicator_set_aside"}


class TaskResult(msgspec.Struct, frozen=True, kw_only=True):
    """A task of the plan and what was reported of it.

    `answers` are its own rows, by agency in the order of the plan, or that of the chosen
    agency alone; `steps` those of its milestones, `lines` those of its projects.
    `state` is one that `khreport.compose.states` has for its kind.
    """

    task: Task
    lead: str
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
    In a round of several years the decision's own `target` that ends with them stands as the
    plan in `row`, whatever the agency typed. `told` is the column that is set against the plan
    of the year: of what adds up, a later part of the year tells what came since its beginning.
    `apart` are the figures that several agencies give, where they differ: (agency, figure), the
    first of them that of `row`.
    """

    indicator: Indicator
    row: Row
    state: str
    outlook: str
    lower_is_better: bool
    target: Target | None = None
    told: str = ESTIMATE_YEAR
    apart: tuple[tuple[str, float], ...] = ()

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
    """Everything that the parts of a report are written from.

    `raised` says what became of the last period's proposals.
    `charts` are what is drawn in an appendix of its own; it has none where nobody wished for any.
    """

    edition: Edition
    consolidation: Consolidation
    edits: Edits
    settings: Settings
    outline: Outline
    tasks: tuple[TaskResult, ...]
    indicators: tuple[IndicatorResult, ...]
    raised: tuple[Raised, ...]
    figures: dict[str, Figure]
    charts: tuple[Chart, ...] = ()

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
        period = self.edition.period
        return {
            **name_round(self.edition, self.settings.office, self.outline.words.estimate),
            "following_year": str(period.year + 1),
            "previous_year": str(period.year - 1),
            **name_period(self.edition),
            "closing_day": format_date(period.closing).rpartition("/")[0],
        }

    def agency_name(self, key: str) -> str:
        """The name of an agency of the plan; with its heirs in brackets where it is gone."""
        agency = self.edition.plan.agency[key]
        if agency.valid_to is None:
            return agency.name
        heirs = [self.edition.plan.agency[heir].name for heir in self.edition.heirs(key)]
        now = "trước đây" if heirs == [agency.name] else f"nay là {name_some(heirs, MOST_NAMED)}"
        return f"{agency.name} ({now})"

    @cached_property
    def extra_appendices(self) -> tuple[str, ...]:
        """What is told behind the plan's appendices: lists too long for the body, then charts."""
        limits = self.outline.limits
        most = {"indicators": limits.indicator_rows, "proposals": limits.proposals}
        long = [figure for figure, limit in most.items() if self.count(figure) > limit]
        return (*long, *([CHARTS] if self.charts else []))

    @property
    def has_several_appendices(self) -> bool:
        """Whether its appendices bear numbers."""
        return len(self.told_appendices) + len(self.extra_appendices) > 1

    @cached_property
    def told_appendices(self) -> tuple[Appendix, ...]:
        """The appendices of the plan that hold tasks: the report has one on each of them."""
        plan = self.edition.plan
        return tuple(each for each in plan.appendices if self.count(f"tasks.{each.key}"))

    def extra_label(self, figure: str) -> str:
        """What such an appendix is called: it follows those of the plan."""
        return self._label(len(self.told_appendices) + self.extra_appendices.index(figure))

    def appendix_label(self, key: str) -> str:
        """What the plan calls an appendix of its own."""
        return self.edition.plan.appendix[key].label

    def attached_label(self, key: str) -> str:
        """What the report's own appendix on an appendix of the plan is called."""
        return self._label(next(n for n, a in enumerate(self.told_appendices) if a.key == key))

    def plan_label(self, key: str) -> str:
        """What the text calls an appendix of the plan, told apart from the report's own."""
        label = self.appendix_label(key)
        if label == self.attached_label(key):
            return label
        return fill_pattern(self.outline.words.plan_appendix, {"appendix": label})

    def _label(self, place: int) -> str:
        pattern = self.outline.words.appendix
        if not self.has_several_appendices:
            return pattern.partition(" {")[0]
        return fill_pattern(pattern, {"number": roman(place + 1)})


def settle(consolidation: Consolidation, edition: Edition, edits: Edits) -> tuple[TaskResult, ...]:
    """The tasks in the order of the plan, as the officer settled them."""
    answers = consolidation.answers
    as_of = edition.period.closing
    settled = settle_tasks(consolidation.tasks, answers, edits, as_of)
    rows: dict[str, list[Row]] = {}
    for row in answers.filter(pl.col("asked")).iter_rows(named=True):
        rows.setdefault(row["task"], []).append(row)
    return tuple(
        _task_result(edition, stand, rows.get(stand["task"], []), edits)
        for stand in settled.iter_rows(named=True)
    )


def _task_result(edition: Edition, stand: Row, rows: list[Row], edits: Edits) -> TaskResult:
    task = edition.plan.task[stand["task"]]
    chosen = edits.chosen.get(task.key)
    standing = [row for row in rows if row["agency"] == chosen] or rows
    today = tell_stand_ins(edition, task)
    return TaskResult(
        task=task,
        lead=" ".join(task.lead_text.split()) + (f", {today}" if today else ""),
        kind=stand["kind"],
        state=state_of(stand),
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


def state_of(stand: Row) -> str:
    """The state of a task, or of one agency's answer to it."""
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
    rows: dict[str, list[Row]] = {}
    for row in _with_figures_first(consolidation.indicators):
        rows.setdefault(row["indicator"], []).append(row)
    return tuple(
        _indicator_result(
            indicator,
            rows.get(indicator.key, []),
            edition,
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


def _indicator_result(
    indicator: Indicator, rows: list[Row], edition: Edition, assessed: str
) -> IndicatorResult:
    row, period = next(iter(rows), {}), edition.period
    year, target = period.year, _span_target(indicator, period)
    if row and target is not None:
        row = row | {PLAN_YEAR: target.value}
    targets = [t for t in indicator.targets if t.first_year <= year <= t.last_year]
    capped = any(t.comparator == "at_most" for t in targets or indicator.targets)
    lower = capped or indicator.is_rank
    outlook = f"outlook_{row.get(OUTLOOK)}"
    return IndicatorResult(
        indicator=indicator,
        row=row,
        state=assessed or _indicator_state(row, period, target, lower_is_better=lower),
        outlook=outlook if outlook in OUTLOOKS else "outlook_none",
        lower_is_better=lower,
        target=target,
        told=TO_CLOSING if indicator.key in edition.cumulated else ESTIMATE_YEAR,
        apart=_tell_apart(rows),
    )


def _tell_apart(rows: list[Row]) -> tuple[tuple[str, float], ...]:
    given = tuple(
        (row["agency"], row[ESTIMATE_YEAR])
        for row in rows
        if row.get(ESTIMATE_YEAR) is not None and row.get(OUTLOOK) not in _UNFIGURED
    )
    return given if len({figure for _, figure in given}) > 1 else ()


def _span_target(indicator: Indicator, period: Period) -> Target | None:
    """The decision's own target that a span of years is measured against: it ends with it."""
    ending = (target for target in indicator.targets if target.last_year == period.year)
    return next(ending, None) if period.kind in SPANS else None


def _indicator_state(
    row: Row, period: Period, target: Target | None, *, lower_is_better: bool
) -> str:
    if not row:
        return "indicator_no_report"
    if row.get(OUTLOOK) in _UNFIGURED:
        return _UNFIGURED[row[OUTLOOK]]
    estimate, plan = row.get(ESTIMATE_YEAR), row.get(PLAN_YEAR)
    if estimate is None or plan is None:
        return "indicator_no_figure" if estimate is None else "indicator_unplanned"
    if period.is_part_of_year:
        return "indicator_under_way"
    ahead = plan - estimate if lower_is_better else estimate - plan
    upper = target.upper if target is not None and target.upper is not None else plan
    if ahead == 0 or plan <= estimate <= upper:
        return "indicator_met"
    return "indicator_exceeded" if ahead > 0 else "indicator_below"
