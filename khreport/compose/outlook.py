"""What a report says of the year to come: next year's tasks, proposals with their opinions."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import polars as pl

from khreport.columns import ADDRESSEE, NEXT_YEAR, PROPOSAL
from khreport.compose.figures import plans_of
from khreport.compose.material import Material, TaskResult
from khreport.compose.raised import list_dropped, tell_again, write_raised
from khreport.compose.sentences import (
    end_sentence,
    fill_pattern,
    shorten_quote,
    tidy_quote,
    write_sentence,
)
from khreport.compose.words import (
    Quote,
    agencies_id,
    cite_rest,
    cut_tasks,
    join_sentences,
    list_agencies,
    list_item,
    name_agencies,
    name_tasks,
    passage_id,
    say,
    slot_or_text,
    tasks_id,
    write,
    write_unless_unreported,
)
from khreport.consolidation import Consolidation
from khreport.edition import Edition
from khreport.evidence import cell_id, rest_id
from khreport.forms import Form
from khreport.merge.wording import word_changes
from khreport.plan import Plan
from khreport.quantities import format_count
from khreport.report import Appendix, Block, Slot, Table
from khreport.text import begin_sentence, clean, collation_key, fold, join_and

OPINION = "opinion:"


def write_plans(material: Material) -> list[Block]:
    """How many tasks say what is to be done next year, and a few by section."""
    outline = material.outline
    figures = ["tasks.next_year", "tasks.plan.works"]
    items: list[Block] = []
    told: list[Quote] = []
    for section in material.edition.plan.sections:
        inside = [t for t in material.tasks if f"{t.task.section}.".startswith(f"{section.key}.")]
        quotes = _tell_plans(material, inside, told) if section.level == 1 else []
        if quotes:
            told += quotes
            lead = fill_pattern(outline.words.section, {"number": section.number})
            text = end_sentence("; ".join(quote.text for quote in quotes))
            items.append(list_item(text, [q.figure for q in quotes], lead=lead))
    asked = dict.fromkeys(
        material.appendix_label(task.task.appendix)
        for task in material.tasks
        if task.kind != "target"
    )
    head = write_unless_unreported(
        material,
        outline.sentences.next_year_unreported,
        outline.sentences.next_year,
        *figures,
        appendix=join_and([*asked]),
    )
    lead = write(material, outline.sentences.next_year_lead) if items else ""
    blocks = [*say(join_sentences([head, lead]), figures), *items]
    if material.count("tasks.next_year") > len(told):
        appendices = [material.task[key].task.appendix for key in material.figures[figures[0]].rows]
        labels = join_and([*dict.fromkeys(map(material.attached_label, appendices))])
        blocks += say(write(material, outline.sentences.next_year_more, appendix=labels))
    return blocks


def _tell_plans(material: Material, tasks: list[TaskResult], before: list[Quote]) -> list[Quote]:
    """What is planned for a few of the tasks, and was not told in the same words before."""
    outline = material.outline
    told: list[Quote] = []
    for task in tasks:
        for row in plans_of(task)[:1]:
            quote = shorten_quote(tidy_quote(row[NEXT_YEAR]), outline.limits.plan_words)
            pattern, agency = outline.sentences.section_result, material.agency_name(row["agency"])
            if quote and not any(each.text.startswith(quote) for each in (*before, *told)):
                text = write(material, pattern, quote=quote, agency=agency)
                told.append(Quote(agency, text, cell_id(row["key"], NEXT_YEAR, row["agency"])))
    return told[: outline.limits.next_year]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What an agency asks for: of whom, concerning what; `task` is empty for plan changes.

    What of the plan these are to change is their `subject`, in words.
    """

    id: str
    agency: str
    text: str
    addressee: str
    task: str = ""
    subject: str = ""


Asking = tuple[Proposal, ...]
"""What several agencies ask of the same body in the same words, about the same or not: one
opinion stands for all of them, unless the officer wrote different ones."""


def gather_proposals(
    consolidation: Consolidation, edition: Edition, no_addressee: str
) -> tuple[Proposal, ...]:
    """Proposals and changes to the plan, by addressee in Vietnamese order."""
    proposals = [
        Proposal(
            id=row["id"],
            agency=row["agency"],
            text=tidy_quote(row[PROPOSAL]),
            addressee=" ".join(clean(row[ADDRESSEE] or "").split()) or no_addressee,
            task=row["key"],
        )
        for row in consolidation.proposals.iter_rows(named=True)
    ]
    if not consolidation.adjustments.is_empty():
        for (key,), rows in consolidation.adjustments.group_by("form", maintain_order=True):
            proposals += _gather_changes(edition.plan, edition.form[str(key)], rows)
    return tuple(sorted(proposals, key=lambda proposal: collation_key(proposal.addressee)))


def join_proposals(proposals: Iterable[Proposal]) -> tuple[Asking, ...]:
    """The same proposals drawn together, in the order of the first of each."""
    joined: dict[tuple[str, str, bool], list[Proposal]] = {}
    for proposal in proposals:
        said = (fold(proposal.addressee), fold(proposal.text), bool(proposal.task))
        joined.setdefault(said, []).append(proposal)
    return tuple(map(tuple, joined.values()))


def _gather_changes(plan: Plan, form: Form, rows: pl.DataFrame) -> list[Proposal]:
    """Proposed changes of the plan, which ask the body that issued it."""
    return [
        Proposal(
            id=row["id"],
            agency=row["agency"],
            text=change.text,
            addressee=plan.issuer,
            subject=change.subject,
        )
        for row, change in zip(
            rows.iter_rows(named=True), word_changes(plan, form, rows), strict=True
        )
    ]


def write_proposals(material: Material) -> list[Block]:
    """Each proposal with its addressee and the opinion on it, or the slot for one."""
    outline, askings = material.outline, list_askings(material)
    if not material.count("agencies.accepted"):
        told = write(material, outline.sentences.proposals_unreported)
        return [*say(told, ["agencies.accepted"])]
    total = material.count("proposals")
    head = write_sentence(
        outline.sentences.proposals,
        total,
        total,
        **{**material.values, "agencies": format_count(material.count("agencies.proposing"))},
    )
    blocks: list[Block] = [*say(head, ["proposals", "agencies.proposing"])]
    shown, raised = askings[: outline.limits.proposals], material.raised
    for asking in shown:
        again, cited = tell_again(material, raised, (proposal.id for proposal in asking))
        text = " ".join(filter(None, [_tell_asking(material, asking), again]))
        blocks.append(list_item(text, [*_cite_asking(material, asking), *cited]))
        blocks += _write_opinion(material, asking)
    if "proposals" in material.extra_appendices:
        more = write(
            material,
            outline.sentences.proposals_more,
            count=format_count(total - sum(map(len, shown))),
            total=format_count(total),
            appendix=material.extra_label("proposals"),
        )
        blocks += say(more, ["proposals", rest_id("proposals")])
    return blocks + write_raised(material)


def list_askings(material: Material) -> tuple[Asking, ...]:
    """The proposals drawn together: those that several agencies share first."""
    no_addressee = material.outline.words.no_addressee
    proposals = gather_proposals(material.consolidation, material.edition, no_addressee)
    return tuple(sorted(join_proposals(proposals), key=lambda asking: -len(asking)))


def _tell_asking(material: Material, asking: Asking) -> str:
    sentences, first = material.outline.sentences, asking[0]
    pattern = sentences.proposal_item if first.task else sentences.change_item
    return write(
        material,
        pattern,
        addressee=first.addressee,
        quote=first.text,
        agency=_name_askers(material, asking),
        task=_topic(material, asking),
    )


def _cite_asking(material: Material, asking: Asking) -> list[str]:
    """The ids of the proposals, and of the agencies and tasks that the sentence leaves out."""
    limits, first = material.outline.limits, asking[0].id
    return [
        *(proposal.id for proposal in asking),
        *cite_rest(agencies_id(first), list_askers(material, asking), limits.agencies),
        *(rest_id(tasks_id(first)) for _ in cut_topics(material, asking)[:1]),
    ]


def list_askers(material: Material, asking: Asking) -> list[str]:
    """The agencies that ask, in Vietnamese order."""
    return list_agencies(material, (proposal.agency for proposal in asking))


def cut_topics(material: Material, asking: Asking) -> list[str]:
    """The tasks that the sentence does not name."""
    return cut_tasks(material, (proposal.task for proposal in asking if proposal.task))


def _name_askers(material: Material, asking: Asking) -> str:
    limit = material.outline.limits.agencies
    return name_agencies(material, {proposal.agency for proposal in asking}, limit)


def _topic(material: Material, asking: Asking) -> str:
    """The tasks that it is about; none for changes to the plan."""
    return name_tasks(material, (proposal.task for proposal in asking if proposal.task))


def _opinions(material: Material, asking: Asking) -> dict[str, str]:
    """What the officer wrote on them, by the id of the proposal with which it stands first.

    Opinions that differ say on whose proposal each is: none may be left out without a word.
    """
    distinct: dict[str, tuple[str, list[Proposal]]] = {}
    for proposal in asking:
        opinion = tidy_quote(material.edits.opinions.get(proposal.id, ""))
        if opinion:
            distinct.setdefault(fold(opinion), (opinion, []))[1].append(proposal)
    if len(distinct) == 1:
        ((opinion, told),) = distinct.values()
        return {told[0].id: opinion}
    pattern = material.outline.words.opinion_of
    return {
        told[0].id: write(
            material,
            pattern,
            opinion=opinion,
            agency=_name_askers(material, tuple(told)),
            topic=_topic(material, tuple(told)) or material.outline.words.plan_change,
        )
        for opinion, told in distinct.values()
    }


def _write_opinion(material: Material, asking: Asking) -> list[Block]:
    pattern, opinions = material.outline.sentences.opinion, _opinions(material, asking)
    if not pattern:
        return []
    if not opinions:
        key = OPINION + asking[0].id
        return slot_or_text(key, _ask_opinion(material, asking), "")
    return [
        block
        for id_, opinion in opinions.items()
        for block in say(
            end_sentence(write(material, pattern, opinion=opinion)), [passage_id(OPINION + id_)]
        )
    ]


def _ask_opinion(material: Material, asking: Asking) -> str:
    words = material.outline.words
    return write(
        material,
        words.opinion_prompt,
        agency=name_agencies(material, {proposal.agency for proposal in asking}, 1),
        topic=_topic(material, asking[:1]) or words.plan_change,
    )


def write_proposals_appendix(material: Material) -> Appendix:
    """All proposals as a table with the opinions on them, open ones as slots of the table.

    The slots of those that the body tells stand there.
    """
    outline, askings = material.outline, list_askings(material)
    rest = askings[outline.limits.proposals :]
    raised = material.raised
    repeats = [tell_again(material, raised, (p.id for p in asking)) for asking in askings]
    opinions_on = [_opinions(material, asking) for asking in askings]
    table = Table(
        header=tuple(fill_pattern(cell, material.values) for cell in outline.tables.proposals),
        rows=tuple(
            (
                str(number),
                "\n".join(filter(None, [asking[0].text, again[0]])),
                name_agencies(material, {proposal.agency for proposal in asking}),
                begin_sentence(_topic(material, asking) or asking[0].subject),
                asking[0].addressee,
                "\n".join(opinions.values()) or outline.words.open_opinion,
            )
            for number, (asking, again, opinions) in enumerate(
                zip(askings, repeats, opinions_on, strict=True), start=1
            )
        ),
        widths_mm=(10, 82, 42, 33, 32, 53),
        aligns=("center", "left", "left", "left", "left", "left"),
        size_pt=11,
        figures=tuple(
            (
                *(proposal.id for proposal in asking),
                *(rest_id(tasks_id(asking[0].id)) for _ in cut_topics(material, asking)[:1]),
                *(OPINION + id_ for id_ in opinions),
                *again[1],
            )
            for asking, again, opinions in zip(askings, repeats, opinions_on, strict=True)
        ),
        slots=tuple(
            Slot(OPINION + asking[0].id, _ask_opinion(material, asking))
            for asking in rest
            if not _opinions(material, asking)
        ),
        open_cells=frozenset(
            (place, 5) for place, opinions in enumerate(opinions_on) if not opinions
        ),
    )
    return Appendix(
        title=outline.words.proposals_title,
        blocks=(table, *list_dropped(material)),
        landscape=True,
    )
