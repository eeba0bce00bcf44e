"""What a report says of the indicators: the year against the plan of the year."""

from __future__ import annotations

import msgspec

from khreport.columns import ESTIMATE_YEAR, GROWTH, PLAN_YEAR, PREVIOUS_FINAL, TO_CLOSING
from khreport.compose.comparison import previous_figure, write_indicator_changes
from khreport.compose.figures import ratio_of
from khreport.compose.material import IndicatorResult, Material
from khreport.compose.sentences import fill_pattern, write_list, write_split
from khreport.compose.states import CHANGES, OUTLOOKS
from khreport.compose.words import join_sentences, say, write, write_share_of
from khreport.evidence import ASSESSED, RATIO, cell_id
from khreport.merge.consolidate import measures_per_cent
from khreport.quantities import format_count, format_number
from khreport.report import Appendix, Block, Table

DECIMALS = 2
WIDTHS_MM = (9, 45, 24, 16, 16, 17, 15, 18)
WIDE_MM = (10, 68, 28, 19, 19, 19, 19, 19, 25, 26)


def write_indicators(material: Material) -> list[Block]:
    """How many indicators reached the plan of the year, and a table of all or of the worst.

    A figure of one year is set against the plan of that year alone; how the target of the
    whole period stands is the agencies' own estimate, and is told apart.
    """
    blocks: list[Block] = [
        *say(_write_reached(material), ["indicators.figures", "indicators", *_REACHED]),
        *say(write_indicator_changes(material), [f"indicators.{change}" for change in CHANGES]),
        *say(_write_outlook(material), [f"indicators.{state}" for state in OUTLOOKS]),
        *say(_write_unassigned(material), ["indicators.unassigned"]),
    ]
    shown = _pick_shown(material)
    if "indicators" in material.extra_appendices:
        sentences = material.outline.sentences
        more = write(
            material,
            sentences.indicators_more if shown else sentences.indicators_listed,
            shown=format_count(len(shown)),
            appendix=material.extra_label("indicators"),
        )
        blocks += say(more, [cell_id(result.indicator.key, ASSESSED) for result in shown])
    return [*blocks, _indicator_table(material, shown, WIDTHS_MM)] if shown else blocks


def write_indicators_appendix(material: Material) -> Appendix:
    """All indicators as a table of its own, with the figures of the last year."""
    plain = _indicator_table(material, material.indicators, WIDE_MM)
    before = (fill_pattern(cell, material.values) for cell in material.outline.tables.year_before)
    table = msgspec.structs.replace(
        plain,
        header=_insert(plain.header, *before),
        aligns=("center", "left", "center", *("right",) * 6, "left"),
        rows=tuple(
            _insert(row, _number(previous_figure(result)), _change(material, result))
            for row, result in zip(plain.rows, material.indicators, strict=True)
        ),
        figures=tuple(_cite(result) + _cite_change(result) for result in material.indicators),
    )
    return Appendix(title=material.outline.words.indicators_title, blocks=(table,), landscape=True)


def _insert(cells: tuple[str, ...], before: str, change: str) -> tuple[str, ...]:
    """The cells of a row with the last year before the plan, and the change after the ratio."""
    *rest, assessed = cells
    return (*rest[:3], before, *rest[3:], change, assessed)


def _change(material: Material, result: IndicatorResult) -> str:
    """How the year stands to the last one: "+5,3%", or in points where it is a share itself."""
    growth = result.row.get(GROWTH)
    if growth is None:
        return ""
    words = material.outline.words
    pattern = words.points if measures_per_cent(result.indicator.measure) else words.per_cent
    sign = "+" if growth > 0 else ""
    return fill_pattern(pattern, {"number": sign + format_number(growth, 1)})


_REACHED = (
    "indicators.reached", "indicators.planned", "indicators.indicator_exceeded",
    "indicators.indicator_below", "indicators.indicator_no_figure",
)  # fmt: skip

_NEVER_TOLD = ("indicator_secret", "indicator_set_aside")


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
            ),
            _write_names(material, sentences.without_figure),
        ]
    )


def _write_names(material: Material, pattern: str) -> str:
    """The indicators whose body has reported, but not the figure of the year."""
    outline = material.outline
    silent = (r for r in material.indicators if r.row and r.row.get(ESTIMATE_YEAR) is None)
    items = [r.indicator.name for r in silent if r.state not in _NEVER_TOLD]
    names = write_list(items, outline.limits.indicators, outline.words.other_indicators)
    return write(material, pattern, names=names) if items else ""


def _write_outlook(material: Material) -> str:
    states = material.outline.states
    parts = [(material.count(f"indicators.{state}"), states[state]) for state in OUTLOOKS]
    return write_split(material.outline.sentences.outlook, parts, **material.values)


def _write_unassigned(material: Material) -> str:
    keys = material.figures["indicators.unassigned"].rows
    names = [i.name for i in material.edition.plan.indicators if i.key in keys]
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
        figures=tuple(_cite(result) for result in shown),
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


def _cite(result: IndicatorResult) -> tuple[str, ...]:
    """The ids of the evidence of a row of the table."""
    columns = (PLAN_YEAR, TO_CLOSING, ESTIMATE_YEAR)
    told = [column for column in columns if result.row.get(column) is not None]
    told += [ASSESSED] if ratio_of(result) is None else [RATIO, ASSESSED]
    return tuple(cell_id(result.indicator.key, column) for column in told)


def _cite_change(result: IndicatorResult) -> tuple[str, ...]:
    """The ids of the evidence of the figure of the last year and the change since."""
    told = [PREVIOUS_FINAL] if previous_figure(result) is not None else []
    told += [GROWTH] if result.row.get(GROWTH) is not None else []
    return tuple(cell_id(result.indicator.key, column) for column in told)


def _number(value: float | None, decimals: int = DECIMALS) -> str:
    return "" if value is None else format_number(value, decimals)
