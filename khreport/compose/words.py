"""Paragraphs and names that several parts of a report share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from khreport.columns import DIFFICULTY, RESULT, STATUS
from khreport.compose.material import Material, Row, TaskResult
from khreport.compose.sentences import (
    Sentence,
    end_sentence,
    fill_pattern,
    tidy_quote,
    write_list,
    write_sentence,
)
from khreport.dates import format_date
from khreport.evidence import cell_id, rest_id
from khreport.merge.edits import OPINION, PASSAGE
from khreport.quantities import format_count
from khreport.report import Block, Paragraph, Run, Slot
from khreport.text import clean, collation_key, join_and


class Quote(NamedTuple):
    """Words of an agency ("" for the officer's), and the id of their evidence record."""

    agency: str
    text: str
    figure: str


def say(text: str, figures: Iterable[str] = ()) -> list[Paragraph]:
    """A paragraph of the body; none where there is nothing to say."""
    return [Paragraph((Run(text),), figures=tuple(figures))] if text else []


def list_item(text: str, figures: Iterable[str] = (), lead: str = "") -> Paragraph:
    """A line that begins with a dash, with a bold `lead` in front if there is one."""
    runs = (Run(lead, bold=True), Run(text)) if lead else (Run(text),)
    return Paragraph(runs, style="item", figures=tuple(figures))


def write(material: Material, pattern: str, **values: str) -> str:
    """A plain pattern of the outline, filled."""
    return fill_pattern(pattern, {**material.values, **values})


def write_share_of(
    material: Material, sentence: Sentence, figure: str, among: str, **values: str
) -> str:
    """A sentence about one figure among another."""
    return write_sentence(
        sentence, material.count(figure), material.count(among), **material.values, **values
    )


def write_unless_unreported(
    material: Material, unreported: str, sentence: Sentence, figure: str, among: str, **values: str
) -> str:
    """The sentence about one figure among another, or `unreported` where no report was accepted."""
    if not material.count("agencies.accepted"):
        return write(material, unreported)
    return write_share_of(material, sentence, figure, among, **values)


def stay_careful(material: Material, sentence: Sentence) -> Sentence:
    """A sentence about late tasks that does not clear the only one where nobody told of it."""
    if not material.count("tasks.due_unreported"):
        return sentence
    return msgspec.structs.replace(sentence, none_of_one=None)


def cite_task(task: TaskResult, columns: Iterable[str]) -> tuple[str, ...]:
    """The ids of what a task says in those of the columns in which it says anything."""
    return tuple(cell_id(task.task.key, column) for column in columns if says(task, column))


def cite_rest(figure: str, items: Sequence[object], limit: int) -> list[str]:
    """The id of what a list of the items leaves out after `limit`, if it leaves out any."""
    return [rest_id(figure)] if len(items) > limit else []


def says(task: TaskResult, column: str) -> bool:
    """Whether a report has anything to print from that column of a task."""
    if column == STATUS or any(row.get(column) for row in task.answers):
        return True
    return column == RESULT and bool(task.edited or task.lines or task.steps)


def slot(material: Material, key: str) -> list[Block]:
    """What the officer wrote for a slot of the outline, a paragraph for each line, or the slot."""
    written = material.edits.slots.get(key, "")
    return slot_or_text(key, material.outline.prompt(key), written)


def slot_or_text(key: str, prompt: str, written: str) -> list[Block]:
    """The text, a paragraph for each line, or the slot where nothing was written."""
    lines = clean(written).splitlines()
    return [p for line in lines for p in say(line, [passage_id(key)])] or [Slot(key, prompt)]


def passage_id(slot: str) -> str:
    """The id of the record of what the officer wrote for a slot."""
    return slot if slot.startswith(f"{OPINION}:") else f"{PASSAGE}:{slot}"


def name_agencies(material: Material, agencies: Iterable[str], limit: int | None = None) -> str:
    """The names of agencies in Vietnamese order, in one sentence; all of them without `limit`."""
    names = sorted(map(material.agency_name, agencies), key=collation_key)
    words = material.outline.words
    return write_list(names, len(names) if limit is None else limit, words.other_agencies)


def name_task(material: Material, key: str) -> str:
    """How a sentence refers to a task, or to a milestone of one: "nhiệm vụ III.4"."""
    words = material.outline.words
    pattern = words.task_reference if key in material.task else words.milestone_reference
    task = material.task.get(key) or material.task[key.rpartition(".")[0]]
    appendix = material.plan_label(task.task.appendix)
    return fill_pattern(pattern, {"number": task.number, "appendix": appendix})


def name_tasks(material: Material, keys: Iterable[str]) -> str:
    """How a sentence refers to several tasks: "nhiệm vụ I.1 và II.3 Phụ lục II"."""
    by_appendix: dict[str, list[TaskResult]] = {}
    for key in dict.fromkeys(keys):
        task = material.task[key]
        by_appendix.setdefault(task.task.appendix, []).append(task)
    words, limit = material.outline.words, material.outline.limits.late
    return join_and(
        [
            fill_pattern(
                words.task_reference,
                {
                    "number": write_list([t.number for t in tasks], limit, words.other_tasks),
                    "appendix": material.plan_label(appendix),
                },
            )
            for appendix, tasks in by_appendix.items()
        ]
    )


def list_tasks(material: Material, items: list[str], tasks: list[TaskResult]) -> str:
    """The items of the first tasks, then how many more there are, and where they are told."""
    labels = dict.fromkeys(material.attached_label(task.task.appendix) for task in tasks)
    rest = write(
        material,
        material.outline.words.other_tasks_at,
        count=format_count(len(tasks) - len(items)),
        appendix=join_and([*labels]),
    )
    return join_and([*items, *([rest] if len(tasks) > len(items) else [])])


def agencies_id(row: str) -> str:
    """What the list of the agencies is called that write the same as the row of this id."""
    return f"{row}.agencies"


def tasks_id(row: str) -> str:
    """What the list of the tasks is called for which they write it."""
    return f"{row}.tasks"


def list_agencies(material: Material, agencies: Iterable[str]) -> list[str]:
    """Each agency once, in Vietnamese order."""
    return sorted(set(agencies), key=lambda key: collation_key(material.agency_name(key)))


def cut_tasks(material: Material, keys: Iterable[str]) -> list[str]:
    """The tasks that `name_tasks` does not name."""
    by_appendix: dict[str, list[str]] = {}
    for key in dict.fromkeys(keys):
        by_appendix.setdefault(material.task[key].task.appendix, []).append(key)
    limit = material.outline.limits.late
    return [key for keys in by_appendix.values() for key in keys[limit:]]


def name_lead(task: TaskResult) -> str:
    """Who leads a task, as the decision words it, and who answers today where others do."""
    return task.lead


def describe_deadline(material: Material, task: TaskResult) -> str:
    """The day by which a task is due, or why there is none."""
    words = material.outline.words
    if task.kind != "dated":
        return words.no_deadline
    return format_date(task.due) if task.due else words.open_deadline


def describe_days_late(material: Material, days: int) -> str:
    """How late something is: "chậm 45 ngày"."""
    return fill_pattern(material.outline.words.late_days, {"days": format_count(days)})


def quote_results(material: Material, task: TaskResult) -> list[Quote]:
    """What was done: the officer's wording, else each agency's own.

    The officer's wording stands for the task as a whole, so that it has no agency.
    """
    if task.edited:
        return [Quote("", tidy_quote(task.edited), cell_id(task.task.key, RESULT))]
    return quote_answers(material, task.answers)


def quote_answers(material: Material, rows: Sequence[Row]) -> list[Quote]:
    """What was done, as each agency says in its rows."""
    return _quotes(material, rows, RESULT)


def quote_difficulties(material: Material, rows: Sequence[Row]) -> list[Quote]:
    """The difficulties that rows give."""
    return _quotes(material, rows, DIFFICULTY)


def _quotes(material: Material, rows: Sequence[Row], column: str) -> list[Quote]:
    return [
        Quote(
            material.agency_name(row["agency"]),
            tidy_quote(row[column]),
            cell_id(row["key"], column, row["agency"]),
        )
        for row in rows
        if row.get(column) and tidy_quote(row[column])
    ]


def join_sentences(sentences: Iterable[str]) -> str:
    """Sentences that are not empty, each with its full stop, as one paragraph."""
    return " ".join(end_sentence(sentence) for sentence in sentences if sentence)
