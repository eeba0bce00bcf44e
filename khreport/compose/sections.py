"""What a report says of each section of the plan: counts, a few results, what is late and why."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from khreport.columns import COMPLETED_ON, STATUS
from khreport.compose.figures import late_tasks
from khreport.compose.material import Material, TaskResult, state_of
from khreport.compose.sentences import (
    count_words,
    end_sentence,
    fill_pattern,
    first_clause,
    shorten_quote,
    shorten_title,
)
from khreport.compose.states import OVERDUE
from khreport.compose.tasks import kinds_of, sections_of, split_tasks, state_figures
from khreport.compose.words import (
    Quote,
    cite_rest,
    describe_days_late,
    join_sentences,
    list_item,
    list_tasks,
    quote_answers,
    quote_difficulties,
    quote_results,
    write,
)
from khreport.evidence import cell_id, rest_id
from khreport.plan import Section
from khreport.report import Block
from khreport.text import begin_sentence

Cut = Callable[[str], str]
"""What leaves whole clauses at the beginning of a quote."""
MOST_WORDS = 150
"""Words of a paragraph."""
_DONE = (
    "completed_in_time", "completed_late", "completed_undated", "carried_out", "target_exceeded",
    "target_reached",
)  # fmt: skip
_PARTLY = ("partly", "target_partly")
_TOLD = (*_DONE, "running_in_time", *_PARTLY)
"""States of tasks that have a result to tell."""


def write_sections(material: Material) -> list[Block]:
    """A paragraph for each section: how its tasks stand, and a few results."""
    return [tell_section(material, section).block for section in told_sections(material)]


def told_sections(material: Material) -> list[Section]:
    """The sections that have a paragraph."""
    return [
        section
        for appendix in material.told_appendices
        if "target" not in kinds_of(material, appendix.key)
        for section in sections_of(material, appendix.key)
    ]


class Told(NamedTuple):
    """A section's paragraph, and the causes of lateness that agencies gave and it leaves out."""

    block: Block
    unsaid: tuple[Quote, ...]


def tell_section(material: Material, section: Section) -> Told:
    """The paragraph of a section: how its tasks stand, a few results, what is overdue and why."""
    outline = material.outline
    kinds = kinds_of(material, section.key)
    clauses = [
        split_tasks(material, outline.sentences.section_tasks, section.key, k) for k in kinds
    ]
    counts = end_sentence(begin_sentence("; ".join(clauses)))
    lead = f"{section.number}. {shorten_title(section.title, outline.limits.title_words)}: "
    said = count_words(f"{lead} {counts} {outline.sentences.section_results}")
    late, late_figures, unsaid = _tell_late(material, section, outline.limits.section_words - said)
    said += count_words(late)
    results = _pick_results(
        material, section, outline.limits.section_words - said, MOST_WORDS - said
    )
    told = write(
        material,
        outline.sentences.section_results,
        results=". ".join(result.text for result in results),
    )
    block = list_item(
        join_sentences([counts, told if results else "", late]),
        [
            *(figure for kind in kinds for figure in state_figures(section.key, kind)),
            *(result.figure for result in results),
            *late_figures,
        ],
        lead=lead,
    )
    return Told(block, unsaid)


def _inside(material: Material, section: Section) -> list[TaskResult]:
    return [t for t in material.tasks if f"{t.task.section}.".startswith(f"{section.key}.")]


def overdue_in(material: Material, section: Section) -> list[TaskResult]:
    """The overdue tasks of a section, the latest first."""
    return late_tasks(_inside(material, section), OVERDUE)


def _tell_late(
    material: Material, section: Section, budget: int
) -> tuple[str, list[str], tuple[Quote, ...]]:
    """The overdue tasks of a section, each with how late it is and the cause that is given.

    Causes are left out, the last first, until `budget` words hold the rest. With them come the
    ids of the evidence of what is told, and the causes that are not.
    """
    overdue, limit = overdue_in(material, section), material.outline.limits.late
    causes = [_why_late(material, task) for task in overdue[:limit]]
    told = _name_late(material, overdue, causes)
    for place in range(len(causes) - 1, -1, -1):
        if count_words(told) <= budget:
            break
        causes[place] = Quote("", "", "")
        told = _name_late(material, overdue, causes)
    said = [cause.figure for cause in causes if cause.figure]
    stated = [q for task in overdue for q in quote_difficulties(material, task.answers)]
    unsaid = tuple(quote for quote in stated if quote.figure not in said)
    figure = f"tasks.{section.key}.dated.overdue"
    figures = [
        *(cell_id(task.task.key, STATUS) for task in overdue[:limit]),
        *said,
        *cite_rest(figure, overdue, limit),
        *([rest_id(causes_id(section))] if unsaid else []),
    ]
    return told, figures, unsaid


def causes_id(section: Section) -> str:
    """What the causes of lateness within a section are called."""
    return f"tasks.{section.key}.causes"


def _name_late(material: Material, overdue: list[TaskResult], causes: list[Quote]) -> str:
    outline = material.outline
    items = [
        write(
            material,
            outline.sentences.section_late_item,
            number=task.number,
            days=describe_days_late(material, task.days_late),
            because=cause.text,
        )
        for task, cause in zip(overdue, causes, strict=False)
    ]
    names = list_tasks(material, items, overdue)
    return write(material, outline.sentences.section_late, names=names) if items else ""


def _why_late(material: Material, task: TaskResult) -> Quote:
    limits, pattern = material.outline.limits, material.outline.words.because
    for quote in quote_difficulties(material, task.answers):
        short = shorten_quote(quote.text, limits.quote_words)
        if short:
            return quote._replace(text=fill_pattern(pattern, {"quote": short}))
    return Quote("", "", "")


def _pick_results(material: Material, section: Section, budget: int, room: int) -> list[Quote]:
    """Results of a few tasks, the officer's first, one of each agency.

    The first may fill the `room` of the paragraph, so that a section's having one does not hang
    on how long the rest of the report is; further ones keep within the `budget` of words. Where
    no result is short, the first sentence of one stands alone.
    """
    ranked = sorted(
        (task for task in _inside(material, section) if not _is_old(material, task)),
        key=lambda task: (not task.edited, task.state not in _DONE),
    )
    short = partial(shorten_quote, words=material.outline.limits.quote_words)
    picked = _pick(material, ranked, budget, room, short)
    return picked or _pick(material, ranked, 0, room, first_clause)


def _pick(
    material: Material, ranked: list[TaskResult], budget: int, room: int, cut: Cut
) -> list[Quote]:
    picked: list[Quote] = []
    for task in ranked:
        if len(picked) == material.outline.limits.results:
            break
        result = _tell_result(material, task, cut)
        told = {each.agency for each in picked if each.agency}
        words = count_words(result.text)
        if result.text and result.agency not in told and words <= (budget if picked else room):
            budget -= words
            picked.append(result)
    return picked


def _is_old(material: Material, task: TaskResult) -> bool:
    """Whether nothing was done for the task in this period: it was completed before."""
    start = material.edition.period.start
    days = (row.get(COMPLETED_ON) for row in task.answers)
    return bool(task.answers) and all(day is not None and day < start for day in days)


def _tell_result(material: Material, task: TaskResult, cut: Cut) -> Quote:
    """Whose result is told of a task, and what `cut` leaves of it; nothing where it leaves none.

    A task that is overdue, failed or was not begun has no result to boast of, unless agencies
    tell different states: then those that have done it may say so.
    """
    sentences = material.outline.sentences
    if task.state in _TOLD and task.edited:
        (quote,) = quote_results(material, task)
        told = _frame(material, task.state, quote.text)
        text = write(material, sentences.section_edited, number=task.number, quote=told)
        return quote._replace(text=text)
    for row in task.answers if task.state in _TOLD or task.disagree else ():
        # an agency is quoted with its own state: the task's may be that of another
        own = state_of(row)
        for quote in quote_answers(material, [row]) if own in _TOLD else ():
            short = cut(quote.text)
            if short:
                told = short if task.state in _DONE else _frame(material, own, short)
                text = write(material, sentences.section_result, agency=quote.agency, quote=told)
                return quote._replace(text=text)
    return Quote("", "", "")


def _frame(material: Material, state: str, quote: str) -> str:
    partly = material.outline.sentences.section_partly
    return write(material, partly, quote=quote) if state in _PARTLY else quote
