"""How a figure stands to last year's, and what is left to a target: how much a year that takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from khreport.plan import Target
from khreport.text import fold

State = Literal["rise", "fall", "cap", "reached", "short", "over", "above", "unknown", "missing"]
"""rise, fall: the figure must do so by `step` a year. cap: of a total or average, each year
left may be `step` at most. short, over: the last year of the target, `step` away from it.
above: `step` higher than a target of which the decision does not say whether more is better.
unknown: no figure of this year. missing: figures of the years in `years` are not known."""


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of a target after a year.

    For a total or an average `so_far` is what there is of it, and `years` are those whose
    figures were put together, or are missing; none where the agency told it itself. `bound` is
    the value that was looked at: of a range the nearer end.
    """

    target: Target
    state: State
    bound: float
    step: float | None = None
    so_far: float | None = None
    years: tuple[int, ...] = ()


_PLACES = 9


def comparable(now: str, before: str) -> bool:
    """Whether two figures cover the same area, by the names of their scopes ("" where unnamed).

    >>> comparable("", ""), comparable("tỉnh mới", "tỉnh cũ"), comparable("tỉnh mới", "")
    (True, False, False)
    """
    return fold(now) == fold(before)


def pick_target(targets: tuple[Target, ...], year: int) -> Target | None:
    """The target whose year, or span of years, ends next; None where all have ended."""
    ahead = [target for target in targets if target.last_year >= year]
    begun = [target for target in ahead if target.basis == "year" or target.first_year <= year]
    return min(begun, key=lambda target: target.last_year, default=None)


def measure_pace(
    target: Target, year: int, figures: Mapping[int, float], told: float | None = None
) -> Pace:
    """How far it is to the target after `year`, by the figures of the years that are known.

    `told` is the total or average since the beginning of the span as the agency gave it.
    """
    if target.basis == "year":
        return _pace_of_level(target, year, figures.get(year))
    years = tuple(range(target.first_year, year + 1))
    if told is None:
        if year not in figures:
            return Pace(target=target, state="unknown", bound=target.value)
        missing = tuple(each for each in years if each not in figures)
        if missing:
            return Pace(target=target, state="missing", bound=target.value, years=missing)
        total = sum(figures[each] for each in years)
    else:
        total = told * (len(years) if target.basis == "yearly_average" else 1)
        years = ()
    return _pace_of_span(target, year, _tidy(total), years)


def _pace_of_level(target: Target, year: int, value: float | None) -> Pace:
    if value is None:
        return Pace(target=target, state="unknown", bound=target.value)
    state, bound = _side(target, value)
    gap = _tidy(abs(bound - value))
    left = target.last_year - year
    if state in {"reached", "above"}:
        return Pace(target=target, state=state, bound=bound, step=gap or None)
    if not left:
        last: State = "short" if state == "rise" else "over"
        return Pace(target=target, state=last, bound=bound, step=gap)
    return Pace(target=target, state=state, bound=bound, step=_tidy(gap / left))


def _side(target: Target, value: float) -> tuple[State, float]:
    """Where a value must go to meet the target, and the bound that it must meet."""
    upper = target.upper if target.comparator == "range" else None
    value = _tidy(value)
    if upper is not None and value > upper:
        return "fall", upper
    if target.comparator == "at_most":
        return ("reached" if value <= target.value else "fall"), target.value
    if value < target.value:
        return "rise", target.value
    met = value == target.value or target.comparator in {"at_least", "range"}
    return ("reached" if met else "above"), target.value


def _pace_of_span(target: Target, year: int, total: float, years: tuple[int, ...]) -> Pace:
    """What each year left must be on average, so that the whole span comes to the target."""
    average = target.basis == "yearly_average"
    done, left = year + 1 - target.first_year, target.last_year - year
    so_far = _tidy(total / done) if average else total
    state, bound = _side(target, so_far)
    whole = bound * (done + left) if average else bound

    def pace(state: State, step: float | None = None) -> Pace:
        return Pace(
            target=target, state=state, bound=bound, step=step, so_far=so_far, years=years
        )  # fmt: skip

    if not left:
        ended: dict[State, State] = {"rise": "short", "fall": "over"}
        gap = _tidy(abs(bound - so_far))
        return pace(ended.get(state, state), gap or None)
    rest = _tidy((whole - total) / left)
    capped = state == "fall" or target.comparator == "at_most"
    if capped:
        return pace("over", _tidy(abs(bound - so_far))) if rest < 0 else pace("cap", rest)
    if average and target.comparator == "range" and state == "reached":
        return pace("reached")
    if rest <= 0:
        return pace(state, _tidy(so_far - bound) or None)
    return pace("rise", rest)


def judge_change(target: Target | None, difference: float | None) -> Literal["better", "worse", ""]:
    """Whether a change brought the figure nearer; "" where the decision does not tell which way.

    Only "at least" and "at most" do.
    """
    if target is None or not difference or target.comparator not in {"at_least", "at_most"}:
        return ""
    wanted = (difference > 0) == (target.comparator == "at_least")
    return "better" if wanted else "worse"


def shortfall(pace: Pace, value: float) -> float:
    """How far the year is from the target, or from what the years left must be, as a share."""
    level = pace.target.basis == "year" or pace.step is None
    wanted = pace.bound if level else pace.step or 0.0
    return abs(wanted - value) / (abs(wanted) or 1.0)


def subtract(value: float, other: float) -> float:
    """The difference, without the dust that binary fractions leave.

    >>> subtract(46.5, 46.1)
    0.4
    """
    return _tidy(value - other)


def _tidy(number: float) -> float:
    return round(number, _PLACES)


def is_behind(pace: Pace, value: float, change: float | None) -> bool:
    """Whether the year left more to do each year than it did itself, or the last year fell short.

    `value` is the year's figure, `change` how it stands to the last year's; where that is not
    known, a level that must rise or fall is not called behind.
    """
    if pace.state in {"short", "over"}:
        return True
    if pace.step is None or pace.state not in {"rise", "fall", "cap"}:
        return False
    if pace.target.basis != "year":
        return value > pace.step if pace.state == "cap" else value < pace.step
    if change is None:
        return False
    return (change if pace.state == "rise" else -change) < pace.step
