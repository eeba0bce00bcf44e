"""What a report says of the indicators against the last year, and of the pace to their targets."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

from khreport.columns import ESTIMATE_YEAR
from khreport.compose.material import IndicatorResult, Material
from khreport.compose.pace import (
    difference_of,
    is_of_another_scope,
    is_off_target,
    pace_of,
    previous_figure,
    scopes_of,
)
from khreport.compose.sentences import fill_pattern, write_list
from khreport.compose.words import (
    cite_rest,
    join_sentences,
    list_item,
    say,
    write,
    write_share_of,
)
from khreport.evidence import DIFFERENCE, PACE, cell_id
from khreport.merge.consolidate import measures_per_cent
from khreport.merge.pace import Pace, subtract
from khreport.plan import Indicator, Target
from khreport.quantities import format_count, format_number
from khreport.report import Block
from khreport.text import begin_sentence, join_and

DECIMALS = 2
PER_YEAR = "/năm"


def say_amount(material: Material, value: float, indicator: Indicator) -> str:
    """A value with its measure: "46,5%", "11 triệu lượt", "thứ hạng 20"."""
    measure = indicator.measure
    if measure in material.outline.words.leading_measures:
        return f"{measure} {_number(value)}"
    gap = "" if measures_per_cent(measure) else " "
    return f"{_number(value)}{gap}{measure}"


def say_step(material: Material, value: float, indicator: Indicator, points: str) -> str:
    """A difference with its measure, of shares as `points` has it, of ranks in places.

    "0,4 điểm %", "1,2 triệu lượt", "02 bậc".
    """
    measure = indicator.measure
    if measures_per_cent(measure):
        return fill_pattern(points, {"number": _number(value)})
    if indicator.is_rank:
        number = format_count(int(value)) if value == int(value) else _number(value)
        return fill_pattern(material.outline.words.rank_steps, {"number": number})
    return f"{_number(value)} {measure.removesuffix(PER_YEAR)}"


def _number(value: float) -> str:
    """With two decimals, or as many as show the first figure of a smaller value."""
    small = 0 < abs(value) < 10**-DECIMALS
    return format_number(value, math.ceil(-math.log10(abs(value))) if small else DECIMALS)


def write_change(material: Material, result: IndicatorResult, points: str = "") -> str:
    """How the year stands to the last one: "tăng 0,4 điểm phần trăm"; "" where nobody knows.

    `points` is the pattern for points of per cent where it is not that of sentences.
    """
    words, change = material.outline.words, difference_of(material.edition, result)
    if change is None:
        if not is_of_another_scope(material.edition, result):
            return ""
        scopes = scopes_of(material.edition, result)
        if not scopes.now and material.edition.scope is not None:
            return words.scope_unsaid
        before = scopes.before or words.no_scope
        return fill_pattern(words.other_scope, {"before": before})
    if not change:
        return words.same
    pattern = words.up if (change > 0) != result.indicator.is_rank else words.down
    step = say_step(material, abs(change), result.indicator, points or words.points_long)
    return fill_pattern(pattern, {"amount": step})


def tell_difference(material: Material, result: IndicatorResult) -> str:
    """The change since last year as a cell has it: "+0,4 điểm %", "+0,9 (+10%)".

    What is no share itself, and no rank, has its growth in per cent beside it.
    """
    words, difference = material.outline.words, difference_of(material.edition, result)
    before = previous_figure(result)
    if difference is None or before is None or result.indicator.is_rank:
        return begin_sentence(write_change(material, result, words.points))
    number = _signed(difference, _number)
    if measures_per_cent(result.indicator.measure):
        return fill_pattern(words.points, {"number": number})
    if not before:
        return number
    growth = _signed(100 * difference / abs(before), lambda value: format_number(value, 1))
    return f"{number} ({fill_pattern(words.per_cent, {'number': growth})})"


def _signed(value: float, write_number: Callable[[float], str]) -> str:
    return ("+" if value > 0 else "") + write_number(value)


def write_pace(material: Material, result: IndicatorResult, points: str = "") -> str:
    """How far it is to the target, in words; "" where none lies ahead.

    `points` is the pattern for points of per cent where it is not that of sentences.
    """
    edition, patterns = material.edition, material.outline.pace
    pace, scopes = pace_of(edition, result), scopes_of(edition, result)
    words = material.outline.words
    if pace is None:
        if not is_off_target(edition, result):
            return ""
        pattern = patterns.other_scope if scopes.now else patterns.scope_unsaid
        return fill_pattern(pattern, {"plan": scopes.plan or words.no_scope})
    target, level = pace.target, pace.target.basis == "year"
    # what a year left must come to is an amount, how far it is to a level a difference
    points = points or words.points_long
    step = "" if pace.step is None else say_step(material, pace.step, result.indicator, points)
    if pace.step is not None and pace.state in {"rise", "cap"} and not level:
        step = say_amount(material, pace.step, result.indicator).removesuffix(PER_YEAR)
    span = patterns.average if target.basis == "yearly_average" else patterns.total
    told = write(
        material,
        getattr(patterns, _name_pattern(result, pace, edition.period.year)),
        target=_say_target(material, target, result.indicator),
        target_year=str(target.last_year),
        next_year=str(edition.period.year + 1),
        step=step,
        gap=_say_gap(material, result, pace, points),
        span=fill_pattern(span, {"first": str(target.first_year), "last": str(target.last_year)}),
        so_far=_say_so_far(material, pace, result.indicator),
        years=_say_years(pace.years),
    )
    return told + (fill_pattern(words.of_scope, {"scope": scopes.now}) if scopes.now else "")


def _name_pattern(result: IndicatorResult, pace: Pace, year: int) -> str:
    """Which wording tells the pace: by the target's basis, its state, and the years left."""
    basis = "year" if pace.target.basis == "year" else "span"
    if basis == "year" and pace.state == "fall" and result.indicator.is_rank:
        return "year_rank"
    single = pace.target.last_year == year + 1 and pace.state in {"rise", "fall", "cap"}
    return f"{basis}_{pace.state}" + ("_next" if single else "")


def _say_gap(material: Material, result: IndicatorResult, pace: Pace, points: str) -> str:
    """How far the figure of the year is from the target; "" where there is none."""
    if not result.has_figure:
        return ""
    gap = abs(subtract(pace.bound, result.row[ESTIMATE_YEAR]))
    return say_step(material, gap, result.indicator, points)


def _say_target(material: Material, target: Target, indicator: Indicator) -> str:
    """The value as the decision bounds it: "ít nhất 46,5%", "thứ hạng 20 trở lên"."""
    pattern = getattr(material.outline.pace, target.comparator)
    if indicator.is_rank and target.comparator == "at_most":
        pattern = material.outline.words.rank_least
    amounts = {
        "value": say_amount(material, target.value, indicator),
        "lower": _number(target.value),
        "upper": say_amount(material, target.upper or target.value, indicator),
    }
    return fill_pattern(pattern, amounts)


def _say_so_far(material: Material, pace: Pace, indicator: Indicator) -> str:
    """What there is of a total or an average, and what it was put together of."""
    if pace.so_far is None:
        return ""
    patterns = material.outline.pace
    average = pace.target.basis == "yearly_average"
    if pace.years:
        pattern = patterns.averaged if average else patterns.summed
    else:
        pattern = patterns.told_average if average else patterns.told_total
    amount = say_amount(material, pace.so_far, indicator)
    return fill_pattern(pattern, {"amount": amount, "years": _say_years(pace.years)})


def _say_years(years: Sequence[int]) -> str:
    """The years of a list: "năm 2021", "các năm 2021 và 2023", "các năm 2021-2023"."""
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:  # noqa: PLR2004 - more than two
        return f"các năm {years[0]}-{years[-1]}"
    return ("năm " if len(years) == 1 else "các năm ") + join_and([*map(str, years)])


def write_behind(material: Material) -> list[Block]:
    """The indicators whose pace is not enough for their targets, each with what it would take."""
    outline, figures = material.outline, ("indicators.behind", "indicators.paced")
    head = write_share_of(material, outline.sentences.behind, *figures)
    keys = material.figures["indicators.behind"].rows
    if not head or not keys:
        return [*say(head, figures)]
    limit = outline.limits.behind
    results = {result.indicator.key: result for result in material.indicators}
    blocks: list[Block] = [*say(head, figures)]
    for key in keys[:limit]:
        ids = [cell_id(key, column) for column in (ESTIMATE_YEAR, PACE)]
        if difference_of(material.edition, results[key]) is not None:
            ids.insert(1, cell_id(key, DIFFERENCE))
        blocks.append(list_item(_write_item(material, results[key]), ids))
    if len(keys) > limit:
        listed = "indicators" in material.extra_appendices
        more = write(
            material,
            outline.sentences.behind_more if listed else outline.sentences.behind_rest,
            count=format_count(len(keys) - limit),
            appendix=material.extra_label("indicators") if listed else "",
        )
        blocks += say(more, cite_rest(figures[0], keys, limit))
    return blocks


def _write_item(material: Material, result: IndicatorResult) -> str:
    sentences, change = material.outline.sentences, write_change(material, result)
    if difference_of(material.edition, result) is not None:
        change = write(material, sentences.behind_since, change=change)
    return write(
        material,
        sentences.behind_item,
        name=result.indicator.name,
        value=say_amount(material, result.row[ESTIMATE_YEAR], result.indicator),
        change=f", {change}" if change else "",
        pace=write_pace(material, result),
    )


def write_other_scopes(material: Material) -> str:
    """Which indicators cannot be set against last year, since they cover another area."""
    outline, by_reason = material.outline, dict[str, list[str]]()
    keys = {*material.figures["indicators.other_scope"].rows}
    for result in material.indicators:
        if result.indicator.key in keys:
            reason = write_change(material, result)
            by_reason.setdefault(reason, []).append(result.indicator.name)
    limit, rest = outline.limits.indicators, outline.words.other_indicators
    items = [f"{write_list(names, limit, rest)}, {reason}" for reason, names in by_reason.items()]
    return write(material, outline.sentences.other_scopes, names="; ".join(items)) if items else ""


def write_off_target(material: Material) -> str:
    """Of how many indicators no pace is told, as their figures are not of the target's area."""
    outline, found = material.outline, {*material.figures["indicators.off_target"].rows}
    scopes = [
        scopes_of(material.edition, result)
        for result in material.indicators
        if result.indicator.key in found
    ]
    return join_sentences(
        write(
            material,
            outline.sentences.off_target,
            count=format_count(count),
            plan=area.plan or outline.words.no_scope,
            now=fill_pattern(outline.words.scope_of, {"scope": area.now})
            if area.now
            else outline.words.scope_unsaid,
        )
        for area, count in Counter(each._replace(before="") for each in scopes).items()
    )


def pace_cell(material: Material, result: IndicatorResult) -> str:
    """The pace as it stands in the cell of a table."""
    return begin_sentence(write_pace(material, result, material.outline.words.points))
