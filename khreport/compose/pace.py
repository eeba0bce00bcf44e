"""Where an indicator stands: the year against the last one, and the pace to its target."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from khreport.columns import (
    CUMULATIVE,
    ESTIMATE_YEAR,
    PREVIOUS_FINAL,
    PREVIOUS_REPORTED,
    SCOPE,
)
from khreport.compose.material import IndicatorResult
from khreport.edition import Edition
from khreport.merge.handed_on import name_scope
from khreport.merge.pace import (
    Pace,
    comparable,
    is_behind,
    measure_pace,
    pick_target,
    shortfall,
    subtract,
)
from khreport.previous import YearFigure


class Scopes(NamedTuple):
    """The areas that the figures of an indicator cover, "" where nobody named one.

    `now` is that of this period's figure, `before` of last year's, `plan` of the target.
    """

    now: str
    before: str
    plan: str


def scopes_of(edition: Edition, result: IndicatorResult) -> Scopes:
    """Which area this period's figure, last year's and the target are about.

    Where the province changed, targets, and figures of years before it of which nobody said,
    are about the area that the decision knew. The form asks for one area for all figures of a
    row: a final figure of last year is of it too, unless it is what was handed on.
    """
    told, final = figure_before(edition, result), result.row.get(PREVIOUS_FINAL)
    year, known = edition.period.year, edition.scope.before if edition.scope else ""
    said = name_scope(edition, result.row.get(SCOPE))
    handed = told is not None and final in {None, told.value}
    before = _scope_of(edition, told) if told and handed else _scope_in(edition, year - 1)
    if final is not None and not handed:
        before = said or before
    return Scopes(said or _scope_in(edition, year), before, known)


def same_area(edition: Edition, one: str, other: str) -> bool:
    """Whether two figures cover the same area; where the province changed, both must say which."""
    known = edition.scope is None or bool(one)
    return known and comparable(one, other)


def _scope_of(edition: Edition, figure: YearFigure) -> str:
    return figure.scope or _scope_in(edition, figure.year)


def _scope_in(edition: Edition, year: int) -> str:
    """The area of a figure of which nobody said it: certain for years before the change alone."""
    scope = edition.scope
    return scope.before if scope is not None and year < scope.since.year else ""


def _handed_on(edition: Edition, result: IndicatorResult) -> dict[int, YearFigure]:
    figures = edition.previous.figures if edition.previous else ()
    return {f.year: f for f in figures if f.indicator == result.indicator.key}


def figure_before(edition: Edition, result: IndicatorResult) -> YearFigure | None:
    """What earlier rounds handed on of last year, of whatever area."""
    return _handed_on(edition, result).get(edition.period.year - 1)


def earlier_figures(edition: Edition, result: IndicatorResult) -> tuple[YearFigure, ...]:
    """What earlier rounds handed on of the years before this one, of the same area."""
    now = scopes_of(edition, result).now
    found = _handed_on(edition, result).values()
    return tuple(
        f
        for f in found
        if f.year < edition.period.year and same_area(edition, now, _scope_of(edition, f))
    )  # fmt: skip


def previous_figure(result: IndicatorResult) -> float | None:
    """What the indicator was last year: the final figure, else what was reported then."""
    figures = (result.row.get(PREVIOUS_FINAL), result.row.get(PREVIOUS_REPORTED))
    return next((float(figure) for figure in figures if figure is not None), None)


def difference_of(edition: Edition, result: IndicatorResult) -> float | None:
    """The year's figure less last year's, in the indicator's own measure.

    None where one is missing, or where they cover different areas.
    """
    before, scopes = previous_figure(result), scopes_of(edition, result)
    both = before is not None and result.has_figure
    if before is None or not both or not same_area(edition, scopes.now, scopes.before):
        return None
    return subtract(result.row[ESTIMATE_YEAR], before)


def change_of(edition: Edition, result: IndicatorResult) -> str | None:
    """How the year stands to the last one, one of CHANGES; None where that cannot be said.

    A place in a ranking is higher up the smaller its figure is.
    """
    difference = difference_of(edition, result)
    if difference is None:
        return None
    if not difference:
        return "change_none"
    return "change_up" if (difference > 0) != result.indicator.is_rank else "change_down"


def is_of_another_scope(edition: Edition, result: IndicatorResult) -> bool:
    """Whether there are figures of both years that cannot be set against each other."""
    scopes = scopes_of(edition, result)
    both = result.has_figure and previous_figure(result) is not None
    return both and not same_area(edition, scopes.now, scopes.before)


def is_off_target(edition: Edition, result: IndicatorResult) -> bool:
    """Whether there is a figure of a year, and a target ahead that is not of the same area."""
    scopes, period = scopes_of(edition, result), edition.period
    ahead = pick_target(result.indicator.targets, period.year) is not None
    apart = not same_area(edition, scopes.now, scopes.plan)
    return result.has_figure and period.kind == "year" and ahead and apart


def pace_of(edition: Edition, result: IndicatorResult) -> Pace | None:
    """How far it is to the next target; None where no target lies ahead.

    A figure of another area than the target's tells nothing of it, nor does one of a part of a
    year, or of several: there is no pace either.
    """
    year, scopes = edition.period.year, scopes_of(edition, result)
    target = pick_target(result.indicator.targets, year)
    yearly = edition.period.kind == "year"
    if target is None or not yearly or not same_area(edition, scopes.now, scopes.plan):
        return None
    figures = {f.year: f.value for f in earlier_figures(edition, result)}
    before = previous_figure(result)
    if before is not None and same_area(edition, scopes.now, scopes.before):
        figures[year - 1] = before
    told = None
    if result.has_figure:
        figures[year] = result.row[ESTIMATE_YEAR]
        told = result.row.get(CUMULATIVE)
    return measure_pace(target, year, figures, told)


def is_paced(edition: Edition, result: IndicatorResult) -> bool:
    """Whether it can be said that the year's pace is enough for the target, or not."""
    pace = pace_of(edition, result)
    if pace is None or pace.state in {"unknown", "missing", "above"}:
        return False
    level = pace.target.basis == "year" and pace.state in {"rise", "fall"}
    return not level or difference_of(edition, result) is not None


def falls_behind(edition: Edition, result: IndicatorResult) -> bool:
    """Whether the year's pace is not enough for the target."""
    pace = pace_of(edition, result)
    return (
        pace is not None
        and is_paced(edition, result)
        and is_behind(pace, result.row[ESTIMATE_YEAR], difference_of(edition, result))
    )


def list_behind(edition: Edition, indicators: Iterable[IndicatorResult]) -> tuple[str, ...]:
    """The indicators whose pace is not enough: by the target's year, the furthest behind first."""
    found = [
        (pace.target.last_year, -shortfall(pace, result.row[ESTIMATE_YEAR]), result.indicator.key)
        for result in indicators
        if falls_behind(edition, result) and (pace := pace_of(edition, result))
    ]
    return tuple(key for _, _, key in sorted(found, key=lambda each: each[:2]))
