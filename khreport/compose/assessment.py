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
from khreport.compose.words import (
    join_sentences,
    list_item,
    name_task,
    say,
    write,
    write_share_of,
)
from khreport.quantities import format_count
from khreport.report import Block, Paragraph
from khreport.text import join_and


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
    if not material.count("agencies.accepted"):
        told = write(material, outline.sentences.difficulties_unreported)
        return [*say(told, ["agencies.accepted"])]
    figures = [f"difficulties.{cause}" for cause in CAUSES]
    parts = [
        (material.count(figure), outline.states[cause])
        for figure, cause in zip(figures, CAUSES, strict=True)
    ]
    targets = "difficulties.targets"
    of_targets = {material.task[key].task.appendix for key in _tasks_of(material, targets)}
    head = join_sentences(
        [
            write_split(outline.sentences.difficulties, parts, **material.values),
            write_share_of(
                material,
                outline.sentences.difficulties_targets,
                targets,
                targets,
                appendix=join_and(sorted(map(material.appendix_label, of_targets))),
            ),
        ]
    )
    blocks: list[Block] = [*say(head, ["difficulties.tasks", *figures, targets])]
    unsorted = set(material.figures[targets].rows)
    difficulties = material.consolidation.difficulties.iter_rows(named=True)
    rows = [row for row in difficulties if row["id"] not in unsorted]
    for cause in CAUSES:
        blocks += _write_group(material, cause, [row for row in rows if cause_of(row) == cause])
    return blocks


def _tasks_of(material: Material, figure: str) -> set[str]:
    ids = set(material.figures[figure].rows)
    rows = material.consolidation.difficulties.iter_rows(named=True)
    return {row["task"] for row in rows if row["id"] in ids}


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
                ),
                [f"difficulties.{cause}"],
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
