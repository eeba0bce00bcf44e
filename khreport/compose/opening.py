"""How a report opens and closes: basis, who reported, what is overdue, documents issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from khreport.columns import ADDRESSEE, DIFFICULTY, EXPECTED_ON, STATUS
from khreport.compose.figures import late_tasks, overdue_steps
from khreport.compose.material import CHARTS, Material, Row, TaskResult
from khreport.compose.sentences import (
    fill_pattern,
    join_parts,
    shorten_quote,
    shorten_title,
    write_list,
    write_sentence,
)
from khreport.compose.states import OVERDUE
from khreport.compose.words import (
    cite_rest,
    describe_days_late,
    join_sentences,
    name_agencies,
    name_lead,
    name_task,
    quote_difficulties,
    say,
    stay_careful,
    write,
    write_share_of,
    write_unless_unreported,
)
from khreport.dates import format_date
from khreport.evidence import cell_id, rest_id
from khreport.quantities import format_count, format_number
from khreport.report import Block, Paragraph, Run, Table
from khreport.text import begin_sentence, clean, collation_key, join_and


def write_opening(material: Material) -> list[Block]:
    """The basis of the report and the window of its data."""
    sentences, period = material.outline.sentences, material.edition.period
    estimated = period.closing < period.end
    return [*say(write(material, sentences.opening if estimated else sentences.opening_final))]


def write_coverage(material: Material) -> list[Block]:
    """Whose reports it is drawn from, over how many tasks, and where each is told."""
    sentences = material.outline.sentences
    appendices = material.told_appendices
    figures = [f"tasks.{appendix.key}" for appendix in appendices]
    by_appendix = [
        write(
            material,
            sentences.by_appendix,
            appendix=appendix.label,
            plan_appendix=material.plan_label(appendix.key),
            count=format_count(material.count(figure)),
        )
        for appendix, figure in zip(appendices, figures, strict=True)
    ]
    announced = write(
        material,
        sentences.announcement,
        tasks=format_count(material.count("tasks.plan")),
        by_appendix="; ".join(by_appendix),
        appendices=join_and([material.attached_label(appendix.key) for appendix in appendices]),
    )
    text = join_sentences(
        [
            write_share_of(material, sentences.coverage, "agencies.accepted", "agencies"),
            announced,
            write(material, sentences.changed_bodies) if material.edition.handovers else "",
            write(material, sentences.charts, appendix=material.extra_label(CHARTS))
            if material.charts
            else "",
        ]
    )
    return [*say(text, ["agencies.accepted", "agencies", "tasks.plan", *figures])]


def write_overdue(material: Material) -> list[Block]:
    """What leaders see first: the overdue tasks, who is stuck, since when, with what."""
    outline = material.outline
    figures = ["tasks.plan.dated.overdue", "tasks.plan.dated"]
    title = Paragraph((Run(outline.words.overdue_title, bold=True),))
    overdue_of = stay_careful(material, outline.sentences.overdue)
    unreported = outline.sentences.overdue_unreported
    counted = write_unless_unreported(material, unreported, overdue_of, *figures)
    steps = "milestones.overdue"
    milestones = write_share_of(material, outline.sentences.overdue_milestones, steps, steps)
    overdue = gather_overdue(material)
    shown = overdue[: outline.limits.overdue]
    rows = {**material.values, "rows": _count_rows(material, shown)}
    lead = write_sentence(outline.sentences.overdue_table, len(shown), len(overdue), **rows)
    head = join_sentences([counted, milestones, lead])
    blocks: list[Block] = [title, *say(head, [*figures, steps])]
    if shown:
        blocks.append(
            Table(
                header=outline.tables.overdue,
                rows=tuple(_overdue_row(material, n, o) for n, o in enumerate(shown, start=1)),
                widths_mm=(9, 43, 21, 22, 14, 35, 21),
                aligns=("center", "left", "left", "center", "center", "left", "center"),
                size_pt=11,
                figures=tuple(row.figures for row in shown),
            )
        )
    return blocks + _write_more_overdue(material, overdue)


def _count_rows(material: Material, shown: Sequence[Overdue]) -> str:
    """What the table for leaders holds: "02 nhiệm vụ và 01 mốc trung gian"."""
    words = material.outline.words
    milestones = sum(row.milestone for row in shown)
    counts = ((len(shown) - milestones, words.tasks), (milestones, words.milestones))
    return join_parts(counts)


OVERDUE_ROWS = ("tasks.plan.dated.overdue", "milestones.overdue")
"""The figures of what the table for leaders tells."""


class Overdue(msgspec.Struct, frozen=True, kw_only=True):
    """An overdue task, or an overdue milestone of a task that is in time: a row for leaders."""

    task: TaskResult
    text: str
    due: dt.date | None
    days: int
    rows: tuple[Row, ...]
    milestone: bool = False

    @property
    def key(self) -> str:
        """The key of its row."""
        return str(self.rows[0]["key"]) if self.milestone else self.task.task.key

    @property
    def figures(self) -> tuple[str, ...]:
        """The ids of the evidence of what is told of it."""
        columns = (STATUS, EXPECTED_ON, DIFFICULTY, ADDRESSEE)
        said = [cell_id(row["key"], c) for row in self.rows for c in columns if row.get(c)]
        if self.milestone:
            # how the task stands is not how its milestone does
            asked = (DIFFICULTY, ADDRESSEE)
            own = [cell_id(r["key"], c) for r in self.task.answers for c in asked if r.get(c)]
        else:
            own = [cell_id(self.task.task.key, STATUS)]
        return tuple(dict.fromkeys((*said, *own)))


def gather_overdue(material: Material) -> list[Overdue]:
    """Tasks and milestones that are overdue, the latest first."""
    limit = material.outline.limits.task_words
    found = [
        Overdue(
            task=task,
            text=_name_shortly(task, limit),
            due=task.due,
            days=task.days_late,
            rows=(*task.answers, *task.steps),
        )
        for task in late_tasks(material.tasks, OVERDUE)
    ]
    for task in material.tasks:
        late = overdue_steps(task)
        for step in task.task.deadline.milestones:
            rows = tuple(row for row in late if row["key"] == f"{task.task.key}.{step.key}")
            if rows:
                text = write(
                    material,
                    material.outline.words.milestone_of,
                    name=shorten_title(" ".join(step.text.split()), limit),
                    task=_name_shortly(task, material.outline.limits.title_words),
                )
                days = max(row["days_late"] for row in rows)
                found.append(
                    Overdue(
                        task=task, text=text, due=step.due, days=days, rows=rows, milestone=True
                    )
                )
    return sorted(found, key=lambda overdue: -overdue.days)


def _name_shortly(task: TaskResult, words: int) -> str:
    return shorten_title(" ".join(task.task.text.split()), words)


def _write_more_overdue(material: Material, overdue: list[Overdue]) -> list[Block]:
    """What the table leaves out: further tasks and milestones, tasks that nobody told of."""
    outline = material.outline
    sentences: list[str] = []
    figure = "tasks.due_unreported"
    figures = [figure]
    rest = overdue[outline.limits.overdue :]
    if rest:
        milestones = [row for row in rest if row.milestone]
        tasks = [row for row in rest if not row.milestone]
        patterns = (outline.words.other_tasks, outline.words.other_milestones)
        left = [
            (fill_pattern(words, {"count": format_count(len(rows))}), rest_id(id_))
            for id_, words, rows in zip(OVERDUE_ROWS, patterns, (tasks, milestones), strict=True)
            if rows
        ]
        labels = dict.fromkeys(material.attached_label(o.task.task.appendix) for o in rest)
        sentences.append(
            write(
                material, outline.sentences.overdue_more,
                more=join_and([words for words, _ in left]), appendix=join_and([*labels]),
            )
        )  # fmt: skip
        figures += [id_ for _, id_ in left]
    items = [_name_with_silent(material, key) for key in material.figures[figure].rows]
    figures += cite_rest(figure, items, outline.limits.late)
    names = write_list(items, outline.limits.late, outline.words.other_tasks)
    pattern = outline.sentences.due_unreported
    sentences.append(write_share_of(material, pattern, figure, figure, names=names))
    return [*say(join_sentences(sentences), figures)]


def _name_with_silent(material: Material, key: str) -> str:
    """A task, and those who were asked for it and have not told; nobody else is named for it."""
    words, limit = material.outline.words, material.outline.limits.agencies
    silent = write_list(material.task[key].missing, limit, words.other_agencies)
    return f"{name_task(material, key)} ({silent})" if silent else name_task(material, key)


def _overdue_row(material: Material, number: int, overdue: Overdue) -> tuple[str, ...]:
    words = material.outline.words
    rows = overdue.rows
    if overdue.milestone and not any(row.get(DIFFICULTY) for row in rows):
        # forms ask for difficulties in the row of the task
        rows = overdue.task.answers
    told = [_overdue_cause(material, rows), _stuck_with(material, rows)]
    return (
        str(number),
        f"{overdue.text} ({overdue.task.number})",
        name_lead(overdue.task),
        format_date(overdue.due) if overdue.due else "",
        format_number(overdue.days),
        "; ".join(filter(None, told)) or words.no_cause,
        _new_date(overdue.rows) or words.no_date,
    )


def _overdue_cause(material: Material, rows: Iterable[Row]) -> str:
    quotes = quote_difficulties(material, [row for row in rows if row.get(DIFFICULTY)])
    for quote in quotes:
        short = shorten_quote(quote.text, material.outline.limits.cause_words)
        if short:
            return short
    # a long clause is told whole rather than by half
    return quotes[0].text if quotes else ""


def _stuck_with(material: Material, rows: Iterable[Row]) -> str:
    """Whom the agencies wait for: those that they ask for something."""
    asked = [" ".join(clean(row[ADDRESSEE]).split()) for row in rows if row.get(ADDRESSEE)]
    names = join_and([*dict.fromkeys(asked)])
    return fill_pattern(material.outline.words.stuck_with, {"names": names}) if names else ""


def _new_date(rows: Iterable[Row]) -> str:
    days = [row[EXPECTED_ON] for row in rows if row.get(EXPECTED_ON)]
    return format_date(max(days)) if days else ""


def write_documents(material: Material) -> list[Block]:
    """How many documents were issued, and by which agencies."""
    outline = material.outline
    issuers = material.count("agencies.documented")
    plans = write_share_of(
        material, outline.sentences.documents_plans, "documents_plans", "documents"
    )
    sentence = write_unless_unreported(
        material,
        outline.sentences.documents_unreported,
        outline.sentences.documents,
        "documents",
        "documents",
        agencies=format_count(issuers),
        plans=plans,
    )
    if not issuers:
        return [*say(sentence, ["documents"])]
    order = order_issuers(material)
    items = [
        f"{material.agency_name(key)} ({format_count(material.count(f'documents.{key}'))})"
        for key in order
    ]
    names = write_list(items, outline.limits.agencies, outline.words.other_agencies)
    text = join_sentences([sentence, write(material, outline.sentences.documents_by, names=names)])
    shown = order[: outline.limits.agencies] if outline.sentences.documents_by else []
    figures = [
        "documents", "documents_plans", "agencies.documented",
        *(f"documents.{key}" for key in shown),
    ]  # fmt: skip
    if shown:
        figures += cite_rest("agencies.documented", order, outline.limits.agencies)
    return [*say(text, figures)]


def order_issuers(material: Material) -> list[str]:
    """The agencies that issued documents, those with the most first."""
    keys = material.figures["agencies.documented"].rows
    return sorted(
        keys,
        key=lambda key: (
            -material.count(f"documents.{key}"), collation_key(material.agency_name(key))
        ),
    )  # fmt: skip


def write_reporting(material: Material) -> list[Block]:
    """Who has reported, who late, and by name who has not."""
    sentences, figures = material.outline.sentences, material.figures
    days = {
        row["agency"]: row["days_late"]
        for row in material.consolidation.agencies.iter_rows(named=True)
    }
    accepted = ["agencies.accepted", "agencies"]
    in_time = ["agencies.in_time", "agencies.sent"]
    head = join_sentences(
        [
            write_share_of(material, sentences.reporting, *accepted),
            write_share_of(material, sentences.in_time, *in_time),
        ]
    )
    blocks: list[Block] = [*say(head, dict.fromkeys([*accepted, *in_time, "agencies.late"]))]
    for figure, pattern in (
        ("agencies.missing", sentences.missing),
        ("agencies.faulty", sentences.faulty),
    ):
        if figures[figure].rows:
            names = name_agencies(material, figures[figure].rows)
            blocks.append(_named(write(material, pattern, names=names), figure))
    late = sorted(
        figures["agencies.late"].rows, key=lambda k: collation_key(material.agency_name(k))
    )
    if late:
        items = [
            f"{material.agency_name(key)} ({describe_days_late(material, days[key])})"
            for key in late
        ]
        text = write(material, sentences.late_agencies, names=join_and(items))
        blocks.append(_named(text, "agencies.late"))
    return blocks


def _named(text: str, figure: str) -> Paragraph:
    return say(text, [figure])[0]


def write_closing(material: Material) -> list[Block]:
    """The closing sentence; its end mark is the renderer's."""
    return [*say(begin_sentence(clean(write(material, material.outline.sentences.closing))))]
