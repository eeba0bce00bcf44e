"""What a report says of the indicators: the year against the plan of the year."""

from __future__ import annotations

import msgspec

from khreport.columns import ESTIMATE_YEAR, PLAN_YEAR, PREVIOUS_FINAL, SCOPE, TO_CLOSING
from khreport.compose.comparison import write_indicator_changes
from khreport.compose.figures import ratio_of
from khreport.compose.material import IndicatorResult, Material
from khreport.compose.pace import previous_figure
from khreport.compose.pace_words import (
    pace_cell,
    say_amount,
    tell_difference,
    write_behind,
    write_off_target,
    write_other_scopes,
)
from khreport.compose.sentences import fill_pattern, write_list, write_split
from khreport.compose.states import CHANGES, OUTLOOKS, SCOPES, UNSAID
from khreport.compose.words import cite_rest, join_sentences, say, write, write_share_of
from khreport.evidence import ASSESSED, DIFFERENCE, PACE, RATIO, cell_id
from khreport.merge.handed_on import name_scope
from khreport.quantities import format_count, format_number
from khreport.report import Appendix, Block, Table
from khreport.text import join_and

DECIMALS = 2
BELOW, DOUBTED = "indicator_below", ("outlook_fails", "outlook_at_risk")
WIDTHS_MM = (9, 45, 24, 16, 16, 17, 15, 18)
WIDE_MM = (10, 43, 22, 17, 17, 17, 17, 17, 25, 20, 48)


def write_indicators(material: Material) -> list[Block]:
    """How many indicators reached the plan of the year, and a table of all or of the worst.

    A figure of one year is set against the plan of that year alone; how the target of the
    whole period stands is the agencies' own estimate, and is told apart.
    """
    blocks: list[Block] = [
        *say(_write_reached(material), [*_REACHED, *_cite_names(material, "indicators.unfigured")]),
        *say(_write_apart(material), _cite_names(material, "indicators.apart")),
        *say(
            write_indicator_changes(material),
            ["indicators.compared", *(f"indicators.{change}" for change in CHANGES)],
        ),
        *say(_write_scopes(material), [f"indicators.scope_{code}" for code in SCOPES]),
        *say(write_other_scopes(material), ["indicators.other_scope"]),
        *say(
            _write_outlook(material),
            ["indicators.answered", *(f"indicators.{state}" for state in OUTLOOKS)],
        ),
        *say(
            _write_names(material, material.outline.sentences.unassigned, "indicators.unassigned"),
            _cite_names(material, "indicators.unassigned"),
        ),
        *write_behind(material),
        *say(write_off_target(material), ["indicators.off_target"]),
    ]
    shown = _pick_shown(material)
    if "indicators" in material.extra_appendices:
        sentences = material.outline.sentences
        more = write(
            material,
            sentences.indicators_more if shown else sentences.indicators_listed,
            parts=_tell_shown(material, shown),
            appendix=material.extra_label("indicators"),
        )
        blocks += say(more, [cell_id(result.indicator.key, ASSESSED) for result in shown])
    return [*blocks, _indicator_table(material, shown, WIDTHS_MM)] if shown else blocks


def write_indicators_appendix(material: Material) -> Appendix:
    """All indicators as a table of its own, with the last year and a year's pace to the targets."""
    # a part of a year, and several of them, have no pace: its width goes to the names
    paced = material.edition.period.kind == "year"
    number, name, *rest, pace = WIDE_MM
    widths = WIDE_MM if paced else (number, name + pace, *rest)
    plain = _indicator_table(material, material.indicators, widths)
    tables = material.outline.tables
    before = (fill_pattern(cell, material.values) for cell in tables.year_before)
    table = msgspec.structs.replace(
        plain,
        header=(*_insert(plain.header, *before), *([tables.pace] if paced else [])),
        aligns=("center", "left", "center", *("right",) * 6, *("left",) * (1 + paced)),
        rows=tuple(
            (
                *_insert(row, _number(previous_figure(result)), tell_difference(material, result)),
                *([pace_cell(material, result)] if paced else []),
            )
            for row, result in zip(plain.rows, material.indicators, strict=True)
        ),
        figures=tuple(
            _cite(result) + _cite_change(material, result) for result in material.indicators
        ),
    )
    return Appendix(title=material.outline.words.indicators_title, blocks=(table,), landscape=True)


def _insert(cells: tuple[str, ...], before: str, change: str) -> tuple[str, ...]:
    """The cells of a row with the last year before the plan, and the change after the ratio."""
    *rest, assessed = cells
    return (*rest[:3], before, *rest[3:], change, assessed)


_REACHED = (
    "indicators.figures", "indicators", "indicators.reached", "indicators.planned",
    "indicators.indicator_exceeded", "indicators.indicator_below", "indicators.indicator_no_figure",
    "indicators.indicator_under_way",
)  # fmt: skip


def _cite_names(material: Material, figure: str) -> list[str]:
    limit = material.outline.limits.indicators
    return [figure, *cite_rest(figure, material.figures[figure].rows, limit)]


def _pick_shown(material: Material) -> tuple[IndicatorResult, ...]:
    """The indicators of the table in the body: all, or those that need a leader's eye.

    These are those below the plan of the year, then those whose target for the whole period is
    in doubt; of each the furthest from the plan first.
    """
    if "indicators" not in material.extra_appendices:
        return material.indicators
    behind = sorted(material.indicators, key=_lag, reverse=True)
    below = [result for result in behind if result.state == BELOW]
    doubted = [result for state in DOUBTED for result in behind if result.outlook == state]
    picked = {result.indicator.key: result for result in (*below, *doubted)}
    return tuple(picked.values())[: material.outline.limits.indicator_rows]


def _lag(result: IndicatorResult) -> float:
    """By which share of the plan of the year the figure is on the wrong side of it."""
    figure, plan = result.row.get(result.told), result.row.get(PLAN_YEAR)
    if figure is None or plan is None:
        return 0.0
    gap = figure - plan if result.lower_is_better else plan - figure
    return float(gap / (abs(plan) or 1))


def _tell_shown(material: Material, shown: tuple[IndicatorResult, ...]) -> str:
    """By what the table's indicators were picked, and how many there are of each kind."""
    words, total = material.outline.words, material.count(f"indicators.{BELOW}")
    below = sum(result.state == BELOW for result in shown)
    doubted = [r for r in material.indicators if r.outlook in DOUBTED and r.state != BELOW]
    parts = (
        (words.shown_below, below, total),
        (words.shown_outlook, len(shown) - below, len(doubted)),
    )
    return join_and(
        [
            write(material, pattern, count=format_count(count), total=format_count(total))
            for pattern, count, total in parts
            if count
        ]
    )


def _write_reached(material: Material) -> str:
    sentences = material.outline.sentences
    running = "indicators.indicator_under_way"
    figures = write_share_of(material, sentences.figures, "indicators.figures", "indicators")
    if not material.indicators:
        return figures
    exceeded = write_share_of(
        material, sentences.exceeded, "indicators.indicator_exceeded", "indicators.reached"
    )
    return join_sentences(
        [
            figures,
            write_share_of(
                material,
                sentences.reached,
                "indicators.reached",
                "indicators.planned",
                exceeded=exceeded,
            )
            if material.count("indicators.planned") or not material.count(running)
            else "",
            write_share_of(material, sentences.under_way, running, "indicators"),
            _write_names(material, sentences.without_figure, "indicators.unfigured"),
        ]
    )


def _write_apart(material: Material) -> str:
    """The indicators of which agencies give different figures, with all of them."""
    outline = material.outline
    found = [result for result in material.indicators if result.apart]
    items = [
        write(
            material,
            outline.words.apart,
            name=result.indicator.name,
            figures="; ".join(
                f"{material.agency_name(agency)}: {say_amount(material, figure, result.indicator)}"
                for agency, figure in result.apart
            ),
            agency=material.agency_name(result.row["agency"]),
        )
        for result in found
    ]
    listed = write_list(items, outline.limits.indicators, outline.words.other_indicators)
    return (
        write(
            material, outline.sentences.figures_apart,
            names=listed, count=format_count(len(found)),
        )
        if found
        else ""
    )  # fmt: skip


def _write_scopes(material: Material) -> str:
    """How many of the figures cover which area; "" where the province did not change."""
    if material.edition.scope is None:
        return ""
    words, parts = material.outline.words, []
    for code in SCOPES:
        area = name_scope(material.edition, code)
        said = (
            words.scope_unsaid if code == UNSAID else fill_pattern(words.scope_of, {"scope": area})
        )
        parts.append((material.count(f"indicators.scope_{code}"), said))
    return write_split(material.outline.sentences.scoped, parts, **material.values)


def _write_names(material: Material, pattern: str, figure: str) -> str:
    """The names of the indicators that a figure counts, the first of them, and how many they are.

    "" where it counts none.
    """
    outline, keys = material.outline, material.figures[figure].rows
    names = [material.edition.plan.indicator[key].name for key in keys]
    listed = write_list(names, outline.limits.indicators, outline.words.other_indicators)
    count = format_count(len(names))
    return write(material, pattern, names=listed, count=count) if names else ""


def _write_outlook(material: Material) -> str:
    states = material.outline.states
    parts = [(material.count(f"indicators.{state}"), states[state]) for state in OUTLOOKS]
    return write_split(material.outline.sentences.outlook, parts, **material.values)


def _indicator_table(
    material: Material, shown: tuple[IndicatorResult, ...], widths_mm: tuple[float, ...]
) -> Table:
    tables = material.outline.tables
    period = material.edition.period
    header = tables.indicators if period.closing < period.end else tables.indicators_final
    return Table(
        header=tuple(fill_pattern(cell, material.values) for cell in header),
        rows=tuple(
            _indicator_row(material, number, result) for number, result in enumerate(shown, start=1)
        ),
        widths_mm=widths_mm,
        aligns=("center", "left", "center", "right", "right", "right", "right", "left"),
        size_pt=11,
        figures=tuple(_cite(result) for result in shown),
    )


def _indicator_row(material: Material, number: int, result: IndicatorResult) -> tuple[str, ...]:
    assessed = material.edits.assessments.get(result.indicator.key)
    return (
        str(number),
        _name_with_scope(material, result),
        result.indicator.measure,
        *(_number(result.row.get(column)) for column in (PLAN_YEAR, TO_CLOSING, ESTIMATE_YEAR)),
        _number(ratio_of(result), 1),
        assessed or material.outline.states[result.state],
    )


def _name_with_scope(material: Material, result: IndicatorResult) -> str:
    """The name, with the area of the figure, and whether agencies differ, in brackets."""
    scope = name_scope(material.edition, result.row.get(SCOPE)) if result.has_figure else ""
    notes = [scope, material.outline.words.apart_cell if result.apart else ""]
    told = "; ".join(filter(None, notes))
    return result.indicator.name + (f" ({told})" if told else "")


def _cite(result: IndicatorResult) -> tuple[str, ...]:
    """The ids of the evidence of a row of the table."""
    columns = (PLAN_YEAR, TO_CLOSING, ESTIMATE_YEAR)
    told = [column for column in columns if result.row.get(column) is not None]
    told += [ASSESSED] if ratio_of(result) is None else [RATIO, ASSESSED]
    return tuple(cell_id(result.indicator.key, column) for column in told)


def _cite_change(material: Material, result: IndicatorResult) -> tuple[str, ...]:
    """The ids of the evidence of the last year, the change since, and the pace to the target."""
    told = [PREVIOUS_FINAL] if previous_figure(result) is not None else []
    told += [DIFFERENCE] if tell_difference(material, result) else []
    told += [PACE] if pace_cell(material, result) else []
    return tuple(cell_id(result.indicator.key, column) for column in told)


def _number(value: float | None, decimals: int = DECIMALS) -> str:
    return "" if value is None else format_number(value, decimals)
