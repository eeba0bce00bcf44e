"""Rules over the consolidation: agencies against one another, indicators against one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec
import polars as pl

from khreport.columns import ESTIMATE_YEAR, STATUS
from khreport.consolidation import Consolidation, Edits
from khreport.edition import Edition
from khreport.findings import Finding
from khreport.merge.assess import ADVANCE, own_answers, settle_tasks
from khreport.merge.edits import INDICATORS_SHEET, SHEET_NAMES, TASKS_SHEET, task_statuses
from khreport.messages import finding, quote
from khreport.quantities import format_number

ROUNDING = 0.005
"""By how much of the whole its parts may exceed it: each of them was rounded on its own."""


def doubt_answers(
    found: Consolidation, edits: Edits, edition: Edition, file: str
) -> tuple[Finding, ...]:
    """A warning for each doubt, at its row in the editing workbook called `file`."""
    return tuple(
        msgspec.structs.replace(doubt, file=file)
        for rule in ACROSS
        for doubt in rule(found, edits, edition)
    )


def leads_differ(found: Consolidation, edits: Edits, edition: Edition) -> Iterator[Finding]:
    """Tasks whose leads report different statuses, as long as the officer has settled none."""
    settled = settle_tasks(found.tasks, found.answers, edits, edition.period.closing)
    differing = settled.filter("disagree")["task"].to_list()
    given = own_answers(found.answers).group_by("task").agg(pl.col(STATUS).unique())
    statuses = dict(given.iter_rows())
    for task in differing:
        form, _ = task_statuses(edition, task)
        kind = form.kind or edition.plan.task[task].kind
        low, *_, high = sorted(statuses[task], key=ADVANCE.index)
        appendix = edition.plan.appendix[edition.plan.task[task].appendix].label
        yield finding(
            "edit.leads_differ", file="", sheet=SHEET_NAMES[TASKS_SHEET], form=TASKS_SHEET,
            row_key=task, column_key=STATUS, task=f"nhiệm vụ {task.partition('.')[2]} {appendix}",
            first=form.label(STATUS, low, kind), second=form.label(STATUS, high, kind),
        )  # fmt: skip


def figures_differ(found: Consolidation, edits: Edits, edition: Edition) -> Iterator[Finding]:  # noqa: ARG001 - as all rules
    """Indicators for which agencies give different figures of the year."""
    for key, figures in _figures(found).items():
        low, high = min(figures.values()), max(figures.values())
        if low != high:
            yield _doubt("edit.figures_differ", edition, key, low, high)


def parts_exceed(found: Consolidation, edits: Edits, edition: Edition) -> Iterator[Finding]:  # noqa: ARG001 - as all rules
    """Indicators whose parts, as the plan names them, come to more than the whole."""
    figures = _figures(found)
    parts: dict[str, list[str]] = {}
    for indicator in edition.plan.indicators:
        if indicator.part_of is not None:
            parts.setdefault(indicator.part_of, []).append(indicator.key)
    for whole, keys in parts.items():
        for agency, value in figures.get(whole, {}).items():
            given = [_figure_beside(figures.get(key, {}), agency) for key in keys]
            total = sum(each for each in given if each is not None)
            if total - value > abs(value) * ROUNDING:
                yield _doubt("edit.parts_exceed", edition, whole, total, value)


ACROSS: tuple[Callable[[Consolidation, Edits, Edition], Iterable[Finding]], ...] = (
    leads_differ,
    figures_differ,
    parts_exceed,
)
"""The rules, in the order in which they are told."""


def _figures(found: Consolidation) -> dict[str, dict[str, float]]:
    """The figures of the year by indicator and agency."""
    figures: dict[str, dict[str, float]] = {}
    if ESTIMATE_YEAR in found.indicators.columns:
        given = found.indicators.select("indicator", "agency", ESTIMATE_YEAR).drop_nulls()
        for indicator, agency, value in given.iter_rows():
            figures.setdefault(indicator, {})[agency] = value
    return figures


def _figure_beside(figures: Mapping[str, float], agency: str) -> float | None:
    """The agency's own figure, or that of the only one who gave any."""
    if agency in figures:
        return figures[agency]
    return next(iter(figures.values())) if len(figures) == 1 else None


def _doubt(code: str, edition: Edition, key: str, before: float, after: float) -> Finding:
    return finding(
        code, file="", sheet=SHEET_NAMES[INDICATORS_SHEET], form=INDICATORS_SHEET,
        row_key=key, column_key=ESTIMATE_YEAR, name=quote(edition.plan.indicator[key].name),
        before=format_number(before), after=format_number(after),
    )  # fmt: skip
