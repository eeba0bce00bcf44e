"""How a report opens and closes: basis, who reported, what is overdue, documents issued."""

from __future__ import annotations

from khreport.columns import DIFFICULTY, EXPECTED_ON
from khreport.compose.figures import late_tasks
from khreport.compose.material import Material, Row, TaskResult
from khreport.compose.sentences import (
    begin_sentence,
    fill_pattern,
    shorten_quote,
    shorten_title,
    write_list,
)
from khreport.compose.states import OVERDUE
from khreport.compose.words import (
    describe_days_late,
    join_sentences,
    name_agencies,
    name_lead,
    name_task,
    quote_difficulties,
    say,
    write,
    write_share_of,
)
from khreport.dates import format_date
from khreport.quantities import format_count, format_number
from khreport.report import Block, Paragraph, Run, Table
from khreport.text import clean, collation_key, join_and


def write_opening(material: Material) -> list[Block]:
    """The basis of the report and the window of its data."""
    sentences, period = material.outline.sentences, material.edition.period
    estimated = period.closing < period.end
    return [*say(write(material, sentences.opening if estimated else sentences.opening_final))]


def write_coverage(material: Material) -> list[Block]:
    """Whose reports it is drawn from, over how many tasks, and where each is told."""
    sentences = material.outline.sentences
    appendices = material.edition.plan.appendices
    figures = [f"tasks.{appendix.key}" for appendix in appendices]
    by_appendix = [
        write(
            material,
            sentences.by_appendix,
            appendix=appendix.label,
            count=format_count(material.count(figure)),
        )
        for appendix, figure in zip(appendices, figures, strict=True)
    ]
    announced = write(
        material,
        sentences.announcement,
        tasks=format_count(material.count("tasks.plan")),
        by_appendix="; ".join(by_appendix),
        appendices=join_and([appendix.label for appendix in appendices]),
    )
    text = join_sentences(
        [
            write_share_of(material, sentences.coverage, "agencies.accepted", "agencies"),
            announced,
        ]
    )
    return [*say(text, ["agencies.accepted", "agencies", "tasks.plan", *figures])]


def write_overdue(material: Material) -> list[Block]:
    """What leaders see first: the overdue tasks, who is stuck, since when, with what."""
    outline = material.outline
    figures = ["tasks.plan.dated.overdue", "tasks.plan.dated"]
    title = Paragraph((Run(outline.words.overdue_title, bold=True),))
    blocks: list[Block] = [
        title,
        *say(write_share_of(material, outline.sentences.overdue, *figures), figures),
    ]
    overdue = late_tasks(material.tasks, OVERDUE)
    if overdue:
        shown = overdue[: outline.limits.overdue]
        blocks.append(
            Table(
                header=outline.tables.overdue,
                rows=tuple(_overdue_row(material, n, t) for n, t in enumerate(shown, start=1)),
                widths_mm=(9, 34, 22, 24, 16, 31, 24),
                aligns=("center", "left", "left", "center", "center", "left", "center"),
                size_pt=11,
            )
        )
    return blocks + _write_more_overdue(material, overdue)


def _write_more_overdue(material: Material, overdue: list[TaskResult]) -> list[Block]:
    """What the table leaves out: further tasks, milestones, and tasks that nobody told of."""
    outline = material.outline
    sentences: list[str] = []
    rest = overdue[outline.limits.overdue :]
    if rest:
        more = fill_pattern(outline.words.other_tasks, {"count": format_count(len(rest))})
        labels = dict.fromkeys(material.appendix_label(t.task.appendix) for t in rest)
        sentences.append(
            write(material, outline.sentences.overdue_more, more=more, appendix=join_and([*labels]))
        )
    figures = ["milestones.overdue", "tasks.due_unreported"]
    patterns = (outline.sentences.overdue_milestones, outline.sentences.due_unreported)
    for figure, pattern in zip(figures, patterns, strict=True):
        items = [_name_with_lead(material, key) for key in material.figures[figure].rows]
        names = write_list(items, outline.limits.late, outline.words.other_tasks)
        sentences.append(write_share_of(material, pattern, figure, figure, names=names))
    return [*say(join_sentences(sentences), figures)]


def _name_with_lead(material: Material, key: str) -> str:
    task = material.task.get(key) or material.task[key.rpartition(".")[0]]
    return f"{name_task(material, key)} ({name_lead(task)})"


def _overdue_row(material: Material, number: int, task: TaskResult) -> tuple[str, ...]:
    words, limits = material.outline.words, material.outline.limits
    text = shorten_title(" ".join(task.task.text.split()), limits.title_words)
    return (
        str(number),
        f"{text} ({task.number})",
        name_lead(task),
        format_date(task.due) if task.due else "",
        format_number(task.days_late),
        _overdue_cause(material, task) or words.no_cause,
        _new_date(task.answers) or words.no_date,
    )


def _overdue_cause(material: Material, task: TaskResult) -> str:
    rows = [row for row in (*task.answers, *task.steps) if row.get(DIFFICULTY)]
    quotes = quote_difficulties(material, rows)
    for _, quote in quotes:
        short = shorten_quote(quote, material.outline.limits.cause_words)
        if short:
            return short
    # a long clause is told whole rather than by half
    return quotes[0][1] if quotes else ""


def _new_date(rows: tuple[Row, ...]) -> str:
    days = [row[EXPECTED_ON] for row in rows if row.get(EXPECTED_ON)]
    return format_date(max(days)) if days else ""


def write_documents(material: Material) -> list[Block]:
    """How many documents were issued, and by which agencies."""
    outline = material.outline
    by_agency = {
        id_.partition(".")[2]: len(figure.rows)
        for id_, figure in material.figures.items()
        if id_.startswith("documents.")
    }
    sentence = write_share_of(
        material,
        outline.sentences.documents,
        "documents",
        "documents",
        agencies=format_count(len(by_agency)),
    )
    if not by_agency:
        return [*say(sentence, ["documents"])]
    order = sorted(by_agency, key=lambda k: (-by_agency[k], collation_key(material.agency_name(k))))
    items = [f"{material.agency_name(key)} ({format_count(by_agency[key])})" for key in order]
    names = write_list(items, outline.limits.agencies, outline.words.other_agencies)
    text = join_sentences([sentence, write(material, outline.sentences.documents_by, names=names)])
    return [*say(text, ["documents", *(f"documents.{key}" for key in order)])]


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
    blocks: list[Block] = [*say(head, dict.fromkeys([*accepted, *in_time]))]
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
