"""What a report says of shortcomings, difficulties and their causes."""

from __future__ import annotations

from khreport.columns import DIFFICULTY
from khreport.compose.figures import cause_of
from khreport.compose.material import Material, Row
from khreport.compose.sentences import (
    begin_sentence,
    end_sentence,
    fill_pattern,
    shorten_quote,
    tidy_quote,
    write_split,
)
from khreport.compose.states import CAUSES, OVERDUE
from khreport.compose.words import list_item, name_task, say, write, write_share_of
from khreport.quantities import format_count
from khreport.report import Block, Paragraph

_TOLD = {
    "cause_objective": ("cause_objective", "cause_both"),
    "cause_subjective": ("cause_subjective",),
}
"""The causes under which difficulties are told, each with the groups that it gathers."""


def write_shortcomings(material: Material) -> list[Block]:
    """The shortcomings that can be counted: indicators, overdue tasks, reports not sent."""
    sentences = material.outline.sentences
    told = (
        (sentences.shortcomings_indicators, "indicators.indicator_below", "indicators.planned"),
        (sentences.shortcomings_overdue, "tasks.plan.dated.overdue", "tasks.plan.dated"),
        (
            sentences.shortcomings_recurrent,
            "tasks.plan.recurrent.behind",
            "tasks.plan.recurrent",
        ),
        (sentences.shortcomings_reports, "agencies.not_accepted", "agencies"),
    )
    lines = [(write_share_of(material, pattern, *figures), figures) for pattern, *figures in told]
    return [list_item(text, figures) for text, figures in lines if text]


def write_difficulties(material: Material) -> list[Block]:
    """How many difficulties there are by cause, and a few of each, overdue tasks' first."""
    outline = material.outline
    figures = [f"difficulties.{cause}" for cause in CAUSES]
    parts = [
        (material.count(figure), outline.states[cause])
        for figure, cause in zip(figures, CAUSES, strict=True)
    ]
    blocks: list[Block] = [
        *say(write_split(outline.sentences.difficulties, parts, **material.values), figures)
    ]
    rows = material.consolidation.difficulties.to_dicts()
    for cause, gathered in _TOLD.items():
        group = [row for row in rows if cause_of(row) in gathered]
        blocks += _write_group(material, cause, group)
    return blocks


def _write_group(material: Material, cause: str, rows: list[Row]) -> list[Block]:
    outline = material.outline
    rows = sorted(rows, key=lambda row: material.task[row["task"]].state not in OVERDUE)
    told = [line for row in rows if (line := _tell_difficulty(material, row))]
    told = told[: outline.limits.difficulties]
    if not told:
        return []
    blocks: list[Block] = [
        *say(write(material, outline.sentences.difficulty_group, cause=outline.states[cause]))
    ]
    blocks += told
    if len(rows) > len(told):
        more = {"count": format_count(len(rows) - len(told))}
        blocks.append(
            list_item(
                end_sentence(
                    begin_sentence(fill_pattern(outline.sentences.more_difficulties, more))
                )
            )
        )
    return blocks


def _tell_difficulty(material: Material, row: Row) -> Paragraph | None:
    outline = material.outline
    quote = shorten_quote(tidy_quote(row[DIFFICULTY]), outline.limits.quote_words)
    if not quote:
        return None
    text = write(
        material,
        outline.sentences.difficulty_item,
        quote=quote,
        agency=material.agency_name(row["agency"]),
        task=name_task(material, row["key"]),
    )
    return list_item(end_sentence(text), [row["id"]])
