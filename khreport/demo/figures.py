"""Figures of indicators that move towards their targets."""

from __future__ import annotations

import msgspec

from khreport.columns import (
    AT_RISK,
    CUMULATIVE,
    DATA_SOURCE,
    ESTIMATE_YEAR,
    EXCEEDS,
    EXPLANATION,
    OUTLOOK,
    PLAN_YEAR,
    PREVIOUS_FINAL,
    REACHES,
    SCOPE,
    TO_CLOSING,
)
from khreport.demo.phrases import Teller
from khreport.periods import MONTHS, SPANS, Key, read_key
from khreport.plan import Indicator, Target
from khreport.quantities import format_number
from khreport.sheet import Value

OUTLOOKS = {REACHES: 60, EXCEEDS: 22, AT_RISK: 18}
AGAINST_PLAN = {REACHES: (0.995, 1.01), EXCEEDS: (1.03, 1.08), AT_RISK: (0.88, 0.95)}
"""What comes out of what was planned for the year."""
WHOLE = 100
LARGE = 1000
OF_FORMER = 20
"""How many of a hundred figures cover the province of then where it changed."""
LEVEL_STEP = 0.03
"""What a level rises in a year on its way to the target."""
BIG_MEASURES = ("triệu", "nghìn", "tỷ", "%")
"""How measures begin whose values have decimals even where the target has none."""


class Course(msgspec.Struct, frozen=True):
    """How a group of indicators went: they are measured alike and tracked by one task."""

    outlook: str
    factor: float
    step: float


class Figure(msgspec.Struct, frozen=True):
    """An indicator's row of answers, and its figures in a sentence."""

    outlook: str
    row: dict[str, Value]
    sentence: str


def estimate_indicators(teller: Teller, keys: list[str]) -> dict[str, Figure]:
    """The figures of the agency's indicators by key."""
    courses: dict[tuple[str | None, str], Course] = {}
    figures = {}
    for key in keys:
        indicator = teller.edition.plan.indicator[key]
        # Parts and their total go the same way, so that they add up.
        group = (indicator.tracked_by, indicator.measure)
        if group not in courses:
            courses[group] = _draw_course(teller)
        figures[key] = _estimate(teller, indicator, courses[group])
    return figures


def _draw_course(teller: Teller) -> Course:
    outlook = teller.weigh(OUTLOOKS)
    factor = teller.dice.uniform(*AGAINST_PLAN[outlook])
    return Course(outlook, factor, LEVEL_STEP * teller.dice.uniform(0.6, 1.4))


def _estimate(teller: Teller, indicator: Indicator, course: Course) -> Figure:
    year = teller.period.year
    target = next(t for t in indicator.targets if t.last_year >= year)
    falls = target.comparator == "at_most"
    planned = _planned(target, year, -course.step if falls else course.step)
    reached = planned / course.factor if falls else planned * course.factor
    rise = 1 - course.step if falls else 1 + course.step
    before = planned / rise
    places = _places(indicator.measure, target.value)

    def rounded(value: float) -> float:
        if indicator.measure.startswith("%") and target.value < WHOLE:
            value = min(value, WHOLE)
        return round(value, -1 if value >= LARGE and not places else places)

    flows = indicator.is_flow
    key = read_key(teller.period.key)
    # what adds up has come to a part of the year's plan; a span of years is planned as a whole
    part, years = key.share_of_year if flows else 1.0, _years(target, key)
    estimate, plan = rounded(reached * part * years), rounded(planned * years)
    so_far = reached * years * (0.9 if flows else 0.98)
    if flows and teller.period.is_part_of_year:
        so_far = reached * key.last_month / MONTHS
    row: dict[str, Value] = {
        PREVIOUS_FINAL: rounded(before * part * years),
        PLAN_YEAR: plan,
        TO_CLOSING: rounded(so_far),
        ESTIMATE_YEAR: estimate,
        OUTLOOK: course.outlook,
        DATA_SOURCE: teller.say(teller.pick(teller.phrases.figures.sources)),
    }
    if teller.edition.scope is not None:
        row[SCOPE] = "before" if teller.happens(OF_FORMER) else "after"
    if target.basis == "total":
        row[CUMULATIVE] = rounded(reached * max(1, year - target.first_year + 1) * 0.95)
    elif target.basis == "yearly_average":
        row[CUMULATIVE] = rounded((reached + before) / 2)
    if course.outlook == AT_RISK:
        row[EXPLANATION] = teller.say(teller.pick(teller.phrases.figures.at_risk))
    elif course.outlook == EXCEEDS and teller.happens(50):
        row[EXPLANATION] = teller.say(teller.pick(teller.phrases.figures.exceeds))
    sentence = teller.say(
        teller.phrases.figures.sentence,
        name=indicator.name,
        estimate=_measured(estimate, indicator.measure),
        plan=_measured(plan, indicator.measure),
    )
    return Figure(course.outlook, row, sentence)


def _years(target: Target, key: Key) -> int:
    """How many yearly plans make what a period is measured against."""
    years = key.year - target.first_year + 1
    return years if key.kind in SPANS and target.basis == "total" else 1


def _planned(target: Target, year: int, step: float) -> float:
    """What a year of the way to the target plans for."""
    value = target.value if target.upper is None else (target.value + target.upper) / 2
    if target.basis == "total":
        return value / (target.last_year - target.first_year + 1)
    if target.basis == "yearly_average":
        return value
    return value / (1 + step) ** (target.last_year - year)


def _places(measure: str, target: float) -> int:
    """Decimals: those of the target, and one where the measure has large units."""
    own = len(format_number(target).partition(",")[2])
    return max(own, 1 if measure.startswith(BIG_MEASURES) else 0)


def _measured(value: float, measure: str) -> str:
    return format_number(value) + ("" if measure.startswith("%") else " ") + measure
