"""The figures of a report: each a name and the rows that it counts.

Text, tables and evidence take a number from here and nowhere else. Ids are paths:
"tasks.PL2.III.dated.running_late" counts tasks, "agencies.accepted" agencies,
"indicators.indicator_met" indicators, "documents.sxd" documents by id, and so on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import polars as pl

from khreport.columns import CAUSE, ESTIMATE_YEAR, NEXT_YEAR, PLAN_YEAR, SCOPE, SYMBOL
from khreport.compose.comparison import compare_done, list_still_late
from khreport.compose.material import Figure, IndicatorResult, Row, TaskResult
from khreport.compose.pace import (
    change_of,
    is_of_another_scope,
    is_off_target,
    is_paced,
    list_behind,
)
from khreport.compose.raised import count_raised
from khreport.compose.states import (
    BEHIND,
    CAUSES,
    CHANGES,
    INDICATOR_STATES,
    LATE,
    OTHER_STATES,
    OUTLOOKS,
    OVERDUE,
    SCOPES,
    STATES,
    UNSAID,
)
from khreport.consolidation import Consolidation
from khreport.edition import Edition
from khreport.merge.assess import WITH_DEADLINE
from khreport.merge.raised import Raised

T = TypeVar("T")
WHOLE_PLAN = "plan"
"""The scope of figures that count over all appendices."""

_PLAN_SYMBOL = r"/KH\b"
"""How a plan is numbered (NĐ 30/2020, Phụ lục III, I)."""

GROUPS = {"overdue": OVERDUE, "late": LATE, "behind": BEHIND}
"""States that are counted together."""


def count_figures(
    edition: Edition,
    consolidation: Consolidation,
    tasks: Iterable[TaskResult],
    indicators: Iterable[IndicatorResult],
    raised: Iterable[Raised],
) -> dict[str, Figure]:
    """Every figure that a report may state, by id."""
    tasks, as_of = tuple(tasks), edition.period.closing
    targets = {task.task.key for task in tasks if task.kind == "target"}
    rows = (
        _count_tasks(tasks, [appendix.key for appendix in edition.plan.appendices])
        | _count_indicators(edition, tuple(indicators))
        | _count_agencies(consolidation.agencies)
        | _count_lists(consolidation, {task.task.key for task in tasks if task.state in LATE})
        | _count_difficulties(consolidation.difficulties, targets)
    )
    rows |= compare_done(edition, tasks)
    rows["tasks.still_late"] = list_still_late(edition, tasks)
    rows |= count_raised(raised)
    rows["milestones.overdue"] = tuple(
        dict.fromkeys(step["key"] for task in tasks for step in overdue_steps(task))
    )
    rows["tasks.due_unreported"] = tuple(
        task.task.key
        for task in tasks
        if task.state == "no_report" and task.due and task.due < as_of
    )
    rows["indicators.unassigned"] = _list_unassigned(edition, rows["indicators"])
    rows["tasks.plan.works"] = rows["tasks.plan.dated"] + rows["tasks.plan.recurrent"]
    rows["tasks.next_year"] = tuple(task.task.key for task in tasks if plans_of(task))
    return {id_: Figure(id_, keys) for id_, keys in rows.items()}


def _list_unassigned(edition: Edition, asked: Iterable[str]) -> tuple[str, ...]:
    """The indicators with a target for the year or a later one that nobody is asked for."""
    asked = set(asked)
    return tuple(
        indicator.key
        for indicator in edition.plan.indicators
        if indicator.key not in asked
        and max(target.last_year for target in indicator.targets) >= edition.period.year
    )


def overdue_steps(task: TaskResult) -> list[Row]:
    """The milestones that are overdue, of a task that is not overdue itself."""
    if task.state in OVERDUE:
        return []
    return [step for step in task.steps if step["timeliness"] in OVERDUE]


def plans_of(task: TaskResult) -> list[Row]:
    """The answers of a task that say what is to be done next year."""
    return [row for row in task.answers if row.get(NEXT_YEAR)]


def late_tasks(tasks: Iterable[TaskResult], states: Iterable[str]) -> list[TaskResult]:
    """The dated tasks in one of the states, the latest first."""
    wanted = set(states)
    found = [task for task in tasks if task.kind in WITH_DEADLINE and task.state in wanted]
    return sorted(found, key=lambda task: -task.days_late)


def _scopes(task: TaskResult) -> list[str]:
    """What a task is counted in: the plan, its appendix, each section above it."""
    parts = task.task.section.split(".")
    return [WHOLE_PLAN, *(".".join(parts[:n]) for n in range(1, len(parts) + 1))]


def _count_tasks(
    tasks: tuple[TaskResult, ...], appendices: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    rows: dict[str, list[str]] = {}
    scopes = (scope for task in tasks for scope in _scopes(task))
    for scope in dict.fromkeys((WHOLE_PLAN, *appendices, *scopes)):
        rows[f"tasks.{scope}"] = []
        rows[f"tasks.{scope}.partly_answered"] = []
        rows[f"tasks.{scope}.disagreeing"] = []
        for kind, states in STATES.items():
            rows[f"tasks.{scope}.{kind}"] = []
            for state in (*states, *OTHER_STATES, *GROUPS):
                rows[f"tasks.{scope}.{kind}.{state}"] = []
    for task in tasks:
        groups = [task.state, *(group for group, states in GROUPS.items() if task.state in states)]
        for scope in _scopes(task):
            base = f"tasks.{scope}.{task.kind}"
            for id_ in (f"tasks.{scope}", base, *(f"{base}.{group}" for group in groups)):
                rows[id_].append(task.task.key)
            if task.partly_answered:
                rows[f"tasks.{scope}.partly_answered"].append(task.task.key)
            if task.disagree:
                rows[f"tasks.{scope}.disagreeing"].append(task.task.key)
    return {id_: tuple(keys) for id_, keys in rows.items()}


def _group(
    items: Iterable[T], key: Callable[[T], str], by: Callable[[T], str], groups: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    rows: dict[str, list[str]] = {group: [] for group in groups}
    for item in items:
        rows.setdefault(by(item), []).append(key(item))
    return {group: tuple(keys) for group, keys in rows.items()}


def _count_indicators(
    edition: Edition, indicators: tuple[IndicatorResult, ...]
) -> dict[str, tuple[str, ...]]:
    def key(result: IndicatorResult) -> str:
        return result.indicator.key

    answered = [result for result in indicators if result.row]
    states = _group(indicators, key, lambda result: result.state, INDICATOR_STATES)
    outlooks = _group(answered, key, lambda result: result.outlook, OUTLOOKS)
    compared = {key(result): change_of(edition, result) for result in indicators}
    changes = _group(
        (k for k, change in compared.items() if change), str, lambda k: compared[k] or "", CHANGES
    )
    planned = [
        result
        for result in indicators
        if result.state in ("indicator_exceeded", "indicator_met", "indicator_below")
    ]
    return {
        "indicators": tuple(map(key, indicators)),
        "indicators.planned": tuple(map(key, planned)),
        "indicators.answered": tuple(map(key, answered)),
        "indicators.compared": tuple(k for k, change in compared.items() if change),
        "indicators.reached": states["indicator_exceeded"] + states["indicator_met"],
        "indicators.figures": tuple(key(result) for result in indicators if result.has_figure),
        "indicators.apart": tuple(key(result) for result in indicators if result.apart),
        "indicators.paced": tuple(key(r) for r in indicators if is_paced(edition, r)),
        "indicators.behind": list_behind(edition, indicators),
        "indicators.other_scope": tuple(
            key(r) for r in indicators if is_of_another_scope(edition, r)
        ),
        "indicators.off_target": tuple(key(r) for r in indicators if is_off_target(edition, r)),
        **_group(
            (result for result in indicators if edition.scope and result.has_figure),
            key,
            lambda result: f"indicators.scope_{result.row.get(SCOPE) or UNSAID}",
            [f"indicators.scope_{code}" for code in SCOPES],
        ),
        "indicators.unfigured": tuple(map(key, filter(_is_unfigured, indicators))),
        **{f"indicators.{state}": keys for state, keys in (states | outlooks | changes).items()},
    }


def _is_unfigured(result: IndicatorResult) -> bool:
    """Whether its body has reported, but not the figure of the year, which is no secret."""
    told = bool(result.row) and result.row.get(ESTIMATE_YEAR) is None
    return told and result.state not in ("indicator_secret", "indicator_set_aside")


def _count_agencies(agencies: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    came = pl.col("state") != "missing"
    late = pl.col("days_late").fill_null(0) > 0
    wanted = {
        "agencies": pl.lit(value=True),
        "agencies.accepted": pl.col("state") == "accepted",
        "agencies.faulty": pl.col("state") == "faulty",
        "agencies.missing": ~came,
        "agencies.not_accepted": pl.col("state") != "accepted",
        "agencies.late": came & late,
        "agencies.sent": came,
        "agencies.in_time": came & ~late,
    }
    return {id_: tuple(agencies.filter(rows)["agency"]) for id_, rows in wanted.items()}


def _count_lists(consolidation: Consolidation, late: set[str]) -> dict[str, tuple[str, ...]]:
    documents = consolidation.documents
    difficulties = consolidation.difficulties.to_dicts()
    plans = _pick_plans(documents)
    proposals = list(consolidation.proposals["id"])
    if "id" in consolidation.adjustments.columns:
        proposals += list(consolidation.adjustments["id"])
    by_agency = _group(
        documents.iter_rows(named=True), lambda row: row["id"], lambda row: row["agency"], ()
    )
    of_late = [row for row in difficulties if row["task"] in late]
    late_causes = _group(of_late, lambda row: row["id"], cause_of, CAUSES)
    return {
        "documents": tuple(documents["id"]),
        "documents_plans": plans,
        "agencies.documented": tuple(by_agency),
        "agencies.proposing": _list_agencies(consolidation.proposals, consolidation.adjustments),
        **{f"documents.{agency}": ids for agency, ids in by_agency.items()},
        **{f"difficulties.late.{cause}": ids for cause, ids in late_causes.items()},
        "proposals": tuple(proposals),
    }


def _list_agencies(*frames: pl.DataFrame) -> tuple[str, ...]:
    """The agencies of which a row stands in one of the frames."""
    found = (key for frame in frames if "agency" in frame.columns for key in frame["agency"])
    return tuple(dict.fromkeys(found))


def _pick_plans(documents: pl.DataFrame) -> tuple[str, ...]:
    """The documents that are plans, by their symbol: "194/KH-UBND"."""
    if SYMBOL not in documents.columns:
        return ()
    plans = documents.filter(pl.col(SYMBOL).str.contains(_PLAN_SYMBOL))
    return tuple(plans["id"])


def _count_difficulties(
    difficulties: pl.DataFrame, targets: set[str]
) -> dict[str, tuple[str, ...]]:
    """Difficulties by the kind of their cause; forms of targets ask for causes without a kind."""
    rows = difficulties.to_dicts()
    sorted_out = [row for row in rows if row["task"] not in targets]
    by_cause = _group(sorted_out, lambda row: row["id"], cause_of, CAUSES)
    return {
        "difficulties": tuple(row["id"] for row in rows),
        "difficulties.tasks": tuple(row["id"] for row in sorted_out),
        "difficulties.targets": tuple(row["id"] for row in rows if row["task"] in targets),
        **{f"difficulties.{cause}": ids for cause, ids in by_cause.items()},
    }


def cause_of(row: Row) -> str:
    """The kind of cause that a row gives, one of CAUSES."""
    cause = f"cause_{row.get(CAUSE)}"
    return cause if cause in CAUSES else "cause_none"


def ratio_of(result: IndicatorResult) -> float | None:
    """What is told of the year in per cent of its plan; None of ranks, and where less is better.

    Three quarters of a rank, or of a ceiling, would read as a shortfall.
    """
    figure, plan = result.row.get(result.told), result.row.get(PLAN_YEAR)
    if result.lower_is_better or result.indicator.is_rank or figure is None or not plan:
        return None
    return float(100 * figure / plan)
