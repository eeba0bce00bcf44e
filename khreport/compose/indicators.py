"""What a report says of the indicators: the year against the plan of the year."""

from __future__ import annotations

from khreport.columns import ESTIMATE_YEAR, PLAN_YEAR, TO_CLOSING
from khreport.compose.figures import ratio_of
from khreport.compose.material import IndicatorResult, Material
from khreport.compose.sentences import fill_pattern, write_list, write_split
from khreport.compose.states import OUTLOOKS
from khreport.compose.words import join_sentences, say, write, write_share_of
from khreport.quantities import format_count, format_number
from khreport.report import Appendix, Block, Table

DECIMALS = 2
WIDTHS_MM = (9, 45, 24, 16, 16, 17, 15, 18)
WIDE_MM = (10, 90, 32, 22, 22, 22, 20, 29)


def write_indicators(material: Material) -> list[Block]:
    """How many indicators reached the plan of the year, and a table of all or of the worst.

    A figure of one year is set against the plan of that year alone; how the target of the
    whole period stands is the agencies' own estimate, and is told apart.
    """
    blocks: list[Block] = [
        *say(_write_reached(material), ["indicators.figures", "indicators", *_REACHED]),
        *say(_write_outlook(material), [f"indicators.{state}" for state in OUTLOOKS]),
        *say(_write_unassigned(material)),
    ]
    shown = _pick_shown(material)
    if "indicators" in material.extra_appendices:
        more = write(
            material,
            material.outline.sentences.indicators_more,
            shown=format_count(len(shown)),
            appendix=material.extra_label("indicators"),
        )
        blocks += say(more)
    return [*blocks, _indicator_table(material, shown, WIDTHS_MM)] if shown else blocks


def write_indicators_appendix(material: Material) -> Appendix:
    """All indicators as a table of its own."""
    table = _indicator_table(material, material.indicators, WIDE_MM)
    return Appendix(title=material.outline.words.indicators_title, blocks=(table,), landscape=True)


_REACHED = ("indicators.reached", "indicators.planned", "indicators.indicator_exceeded")


def _pick_shown(material: Material) -> tuple[IndicatorResult, ...]:
    """The indicators of the table in the body: all, or those that need a leader's eye."""
    if "indicators" not in material.extra_appendices:
        return material.indicators
    worst = [
        [r for r in material.indicators if r.state == "indicator_below"],
        [r for r in material.indicators if r.outlook in ("outlook_fails", "outlook_at_risk")],
    ]
    picked = {r.indicator.key: r for group in worst for r in group}
    chosen = list(picked)[: material.outline.limits.indicator_rows]
    return tuple(r for r in material.indicators if r.indicator.key in chosen)


def _write_reached(material: Material) -> str:
    sentences = material.outline.sentences
    exceeded = write_share_of(
        material, sentences.exceeded, "indicators.indicator_exceeded", "indicators.reached"
    )
    return join_sentences(
        [
            write_share_of(material, sentences.figures, "indicators.figures", "indicators"),
            write_share_of(
                material,
                sentences.reached,
                "indicators.reached",
                "indicators.planned",
                exceeded=exceeded,
            ),
            _write_names(material, sentences.without_figure, "indicator_no_figure"),
        ]
    )


def _write_names(material: Material, pattern: str, state: str) -> str:
    outline = material.outline
    items = [r.indicator.name for r in material.indicators if r.state == state]
    names = write_list(items, outline.limits.indicators, outline.words.other_indicators)
    return write(material, pattern, names=names) if items else ""


def _write_outlook(material: Material) -> str:
    states = material.outline.states
    parts = [(material.count(f"indicators.{state}"), states[state]) for state in OUTLOOKS]
    return write_split(material.outline.sentences.outlook, parts, **material.values)


def _write_unassigned(material: Material) -> str:
    asked = {result.indicator.key for result in material.indicators}
    year = material.edition.period.year
    names = [
        indicator.name
        for indicator in material.edition.plan.indicators
        if indicator.key not in asked and max(t.last_year for t in indicator.targets) >= year
    ]
    outline = material.outline
    if not names:
        return ""
    return write(
        material,
        outline.sentences.unassigned,
        count=format_count(len(names)),
        names=write_list(names, outline.limits.indicators, outline.words.other_indicators),
    )


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
    )


def _indicator_row(material: Material, number: int, result: IndicatorResult) -> tuple[str, ...]:
    assessed = material.edits.assessments.get(result.indicator.key)
    return (
        str(number),
        result.indicator.name,
        result.indicator.measure,
        *(_number(result.row.get(column)) for column in (PLAN_YEAR, TO_CLOSING, ESTIMATE_YEAR)),
        _number(ratio_of(result), 1),
        assessed or material.outline.states[result.state],
    )


def _number(value: float | None, decimals: int = DECIMALS) -> str:
    return "" if value is None else format_number(value, decimals)
