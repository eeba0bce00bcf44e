"""The charts of a report: how the tasks of each section stand, and the indicators."""

from __future__ import annotations

from collections.abc import Iterable

from khreport.compose.material import Material
from khreport.compose.sentences import join_parts, shorten_title
from khreport.compose.states import INDICATOR_STATES, Kind
from khreport.compose.tasks import WORKS, count_shown, sections_of, state_figures
from khreport.compose.words import write
from khreport.plan import Section
from khreport.quantities import format_count
from khreport.report import Appendix, Chart, Series
from khreport.text import begin_sentence, begin_small

_BAR_MM, _LEGEND_MM, _MOST_MM = 11.0, 14.0, 200.0
"""The height of a bar with its name, of the legend, and the most that a page has room for."""


def write_charts_appendix(material: Material) -> Appendix:
    """The charts on pages of their own."""
    return Appendix(title=material.outline.charts.title, blocks=material.charts)


def draw_charts(material: Material) -> tuple[Chart, ...]:
    """The indicators, then each kind of task of each appendix by section; none of nothing."""
    tasks = (
        _draw_tasks(material, appendix.key, kind)
        for appendix in material.told_appendices
        for kind in WORKS
    )
    return tuple(chart for chart in (_draw_indicators(material), *tasks) if chart is not None)


def _draw_tasks(material: Material, appendix: str, kind: Kind) -> Chart | None:
    """The tasks of one kind as a bar for each section that has any."""
    words = material.outline.charts
    kinds = {"dated": material.outline.words.dated, "recurrent": material.outline.words.recurrent}
    sections = [
        section
        for section in sections_of(material, appendix)
        if material.count(f"tasks.{section.key}.{kind}")
    ]
    names = words.dated if kind == "dated" else words.recurrent
    counts = [count_shown(material, section.key, kind) for section in sections]
    caption = write(
        material, words.tasks, kind=kinds[kind], appendix=material.appendix_label(appendix)
    )
    told = (
        write(
            material,
            words.section_alt,
            number=section.number,
            total=format_count(sum(row)),
            parts=_tell(row, names),
        )
        for section, row in zip(sections, counts, strict=True)
    )
    return _draw(
        caption,
        write(material, words.tasks_alt, sections="; ".join(told)),
        [_name_section(material, section) for section in sections],
        [Series(name, row) for name, row in zip(names, zip(*counts, strict=True), strict=False)],
        [figure for section in sections for figure in state_figures(section.key, kind)],
    )


def _name_section(material: Material, section: Section) -> str:
    title = shorten_title(section.title, material.outline.limits.title_words)
    return f"{section.number}. {title}"


def _draw_indicators(material: Material) -> Chart | None:
    """How many indicators stand in each state to the plan, a bar for each state.

    None where none is measured against it, as in a part of a year.
    """
    if not material.count("indicators.planned"):
        return None
    words, states = material.outline.charts, material.outline.states
    counts = {state: material.count(f"indicators.{state}") for state in INDICATOR_STATES}
    found = {states[state]: count for state, count in counts.items() if count}
    return _draw(
        write(material, words.indicators),
        write(
            material,
            words.indicators_alt,
            total=format_count(material.count("indicators")),
            parts=_tell(found.values(), found),
        ),
        [*found],
        [Series(words.count, tuple(found.values()))],
        ["indicators", *(f"indicators.{state}" for state in INDICATOR_STATES)],
    )


def _tell(counts: Iterable[int], names: Iterable[str]) -> str:
    """Counts with what they count, those of none left out: "05 hoàn thành và 02 quá hạn"."""
    lowered = map(begin_small, names)
    return join_parts([*zip(counts, lowered, strict=True)])


def _draw(
    caption: str,
    alt: str,
    categories: list[str],
    series: list[Series],
    figures: list[str],
) -> Chart | None:
    """The chart; None where there is nothing to draw."""
    if not any(count for each in series for count in each.counts):
        return None
    return Chart(
        caption=caption,
        alt=f"{caption}. {begin_sentence(alt)}",
        categories=tuple(categories),
        series=tuple(series),
        height_mm=min(_MOST_MM, _LEGEND_MM + _BAR_MM * len(categories)),
        figures=tuple(figures),
    )
