"""What a report says of shortcomings, difficulties and their causes."""

from __future__ import annotations

from khreport.columns import DIFFICULTY
from khreport.compose.material import Material, Row
from khreport.compose.sentences import (
    end_sentence,
    shorten_quote,
    tidy_quote,
    write_split,
)
from khreport.compose.states import CAUSES, OVERDUE
from khreport.compose.words import (
    agencies_id,
    cite_rest,
    cut_tasks,
    join_sentences,
    list_agencies,
    list_item,
    name_agencies,
    name_task,
    name_tasks,
    say,
    tasks_id,
    write,
    write_share_of,
)
from khreport.evidence import rest_id
from khreport.quantities import format_count
from khreport.report import Block, Paragraph
from khreport.text import fold, join_and


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
                appendix=join_and(sorted(map(material.attached_label, of_targets))),
            ),
        ]
    )
    blocks: list[Block] = [*say(head, ["difficulties.tasks", *figures, targets])]
    for cause in CAUSES:
        blocks += _write_group(material, cause)
    return blocks


def _tasks_of(material: Material, figure: str) -> set[str]:
    ids = set(material.figures[figure].rows)
    rows = material.consolidation.difficulties.iter_rows(named=True)
    return {row["task"] for row in rows if row["id"] in ids}


def _write_group(material: Material, cause: str) -> list[Block]:
    outline = material.outline
    told, rest = part_difficulties(material, cause)
    if not told:
        return []
    blocks: list[Block] = [
        *say(write(material, outline.sentences.difficulty_group, cause=outline.states[cause]))
    ]
    blocks += told
    if rest:
        text = write(
            material, outline.sentences.more_difficulties,
            count=format_count(len(rest)), cause=outline.states[cause],
        )  # fmt: skip
        blocks += say(text, [rest_id(f"difficulties.{cause}")])
    return blocks


def part_difficulties(material: Material, cause: str) -> tuple[list[Paragraph], list[str]]:
    """The difficulties of a cause that are told, overdue tasks' first, and the ids of the rest."""
    groups = join_difficulties(material, cause)
    paragraphs = [(group, _tell_difficulty(material, group)) for group in groups]
    told = [(group, told) for group, told in paragraphs if told]
    shown = told[: material.outline.limits.difficulties]
    named = {row["id"] for group, _ in shown for row in group}
    rest = [row["id"] for group in groups for row in group if row["id"] not in named]
    return [paragraph for _, paragraph in shown], rest


Shared = tuple[Row, ...]
"""The rows in which several agencies name the same difficulty in the same words."""


def join_difficulties(material: Material, cause: str) -> list[Shared]:
    """The same difficulties drawn together: overdue tasks' first, then those that most share."""
    counted = set(material.figures[f"difficulties.{cause}"].rows)
    joined: dict[str, list[Row]] = {}
    for row in material.consolidation.difficulties.iter_rows(named=True):
        if row["id"] in counted:
            joined.setdefault(fold(tidy_quote(row[DIFFICULTY])), []).append(row)

    def is_pressing(group: Shared) -> bool:
        return any(material.task[row["task"]].state in OVERDUE for row in group)

    return sorted(map(tuple, joined.values()), key=lambda g: (not is_pressing(g), -len(g)))


def _tell_difficulty(material: Material, group: Shared) -> Paragraph | None:
    outline, first = material.outline, group[0]
    quote = shorten_quote(tidy_quote(first[DIFFICULTY]), outline.limits.quote_words)
    if not quote:
        return None
    agencies = list_agencies(material, (row["agency"] for row in group))
    tasks = [*dict.fromkeys(row["task"] for row in group)]
    text = write(
        material,
        outline.sentences.difficulty_item,
        quote=quote,
        agency=name_agencies(material, agencies, outline.limits.agencies),
        task=name_task(material, first["key"]) if len(tasks) == 1 else name_tasks(material, tasks),
    )
    cited = [
        *(row["id"] for row in group),
        *cite_rest(agencies_id(first["id"]), agencies, outline.limits.agencies),
        *(rest_id(tasks_id(first["id"])) for _ in cut_tasks(material, tasks)[:1]),
    ]
    return list_item(end_sentence(text), cited)
