"""What a report says of the year to come: next year's tasks, proposals with their opinions."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import polars as pl

from khreport.columns import ADDRESSEE, NEXT_YEAR, PROPOSAL
from khreport.compose.figures import plans_of
from khreport.compose.material import Material, TaskResult
from khreport.compose.sentences import (
    begin_sentence,
    end_sentence,
    fill_pattern,
    shorten_quote,
    tidy_quote,
    write_sentence,
)
from khreport.compose.words import (
    Quote,
    join_sentences,
    list_item,
    name_agencies,
    name_tasks,
    say,
    slot_or_text,
    write,
    write_unless_unreported,
)
from khreport.consolidation import Consolidation
from khreport.edition import Edition
from khreport.evidence import cell_id
from khreport.forms import Form
from khreport.merge.wording import word_answers
from khreport.quantities import format_count
from khreport.report import Appendix, Block, Slot, Table
from khreport.text import clean, collation_key, fold, join_and

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
        labels = join_and([*dict.fromkeys(map(material.appendix_label, appendices))])
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
    """What an agency asks for: of whom, concerning what; `task` is empty for plan changes."""

    id: str
    agency: str
    text: str
    addressee: str
    task: str = ""


Asking = tuple[Proposal, ...]
"""What several agencies ask of the same body in the same words, about the same or not: one
opinion, the first that the officer wrote, stands for all of them."""


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
            proposals += _gather_changes(edition.form[str(key)], rows, edition.plan.issuer)
    return tuple(sorted(proposals, key=lambda proposal: collation_key(proposal.addressee)))


def join_proposals(proposals: Iterable[Proposal]) -> tuple[Asking, ...]:
    """The same proposals drawn together, in the order of the first of each."""
    joined: dict[tuple[str, str, bool], list[Proposal]] = {}
    for proposal in proposals:
        said = (fold(proposal.addressee), fold(proposal.text), bool(proposal.task))
        joined.setdefault(said, []).append(proposal)
    return tuple(map(tuple, joined.values()))


def _gather_changes(form: Form, rows: pl.DataFrame, addressee: str) -> list[Proposal]:
    """Proposed changes, told by the headings of their form: only the form knows its columns."""
    worded = rows.with_columns(kind=pl.lit("record")).with_columns(
        word_answers(form, column).alias(column.key) for column in form.answers
    )
    return [
        Proposal(
            id=row["id"],
            agency=row["agency"],
            text="; ".join(
                f"{column.heading}: {tidy_quote(row[column.key])}"
                for column in form.answers
                if row[column.key]
            ),
            addressee=addressee,
        )
        for row in worded.iter_rows(named=True)
    ]


def write_proposals(material: Material) -> list[Block]:
    """Each proposal with its addressee and the opinion on it, or the slot for one."""
    outline, askings = material.outline, _askings(material)
    if not material.count("agencies.accepted"):
        told = write(material, outline.sentences.proposals_unreported)
        return [*say(told, ["agencies.accepted"])]
    agencies = len({proposal.agency for asking in askings for proposal in asking})
    total = material.count("proposals")
    head = write_sentence(
        outline.sentences.proposals,
        total,
        total,
        **{**material.values, "agencies": format_count(agencies)},
    )
    blocks: list[Block] = [*say(head, ["proposals"])]
    shown = askings[: outline.limits.proposals]
    for asking in shown:
        blocks.append(list_item(_tell_asking(material, asking), [p.id for p in asking]))
        blocks += _write_opinion(material, asking)
    if "proposals" in material.extra_appendices:
        more = write(
            material,
            outline.sentences.proposals_more,
            count=format_count(total - sum(map(len, shown))),
            total=format_count(total),
            appendix=material.extra_label("proposals"),
        )
        blocks += say(more, ["proposals"])
    return blocks


def _askings(material: Material) -> tuple[Asking, ...]:
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


def _name_askers(material: Material, asking: Asking) -> str:
    limit = material.outline.limits.agencies
    return name_agencies(material, {proposal.agency for proposal in asking}, limit)


def _topic(material: Material, asking: Asking) -> str:
    """The tasks that it is about; none for changes to the plan."""
    return name_tasks(material, (proposal.task for proposal in asking if proposal.task))


def _opinion(material: Material, asking: Asking) -> str:
    return tidy_quote(material.edits.opinions.get(_slot_of(material, asking), ""))


def _slot_of(material: Material, asking: Asking) -> str:
    """The proposal with which the officer's opinion stands, or may be written."""
    opinions = material.edits.opinions
    told = (p.id for p in asking if tidy_quote(opinions.get(p.id, "")))
    return next(told, asking[0].id)


def _write_opinion(material: Material, asking: Asking) -> list[Block]:
    outline, opinion = material.outline, _opinion(material, asking)
    if not outline.sentences.opinion:
        return []
    return slot_or_text(
        OPINION + _slot_of(material, asking),
        _ask_opinion(material, asking),
        end_sentence(write(material, outline.sentences.opinion, opinion=opinion))
        if opinion
        else "",
    )


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
    outline, askings = material.outline, _askings(material)
    rest = askings[outline.limits.proposals :]
    table = Table(
        header=tuple(fill_pattern(cell, material.values) for cell in outline.tables.proposals),
        rows=tuple(
            (
                str(number),
                asking[0].text,
                name_agencies(material, {proposal.agency for proposal in asking}),
                begin_sentence(_topic(material, asking)),
                asking[0].addressee,
                _opinion(material, asking) or outline.words.open_opinion,
            )
            for number, asking in enumerate(askings, start=1)
        ),
        widths_mm=(10, 82, 42, 33, 32, 53),
        aligns=("center", "left", "left", "left", "left", "left"),
        size_pt=11,
        figures=tuple(
            (
                *(proposal.id for proposal in asking),
                *([OPINION + _slot_of(material, asking)] if _opinion(material, asking) else ()),
            )
            for asking in askings
        ),
        slots=tuple(
            Slot(OPINION + asking[0].id, _ask_opinion(material, asking))
            for asking in rest
            if not _opinion(material, asking)
        ),
        open_cells=frozenset(
            (place, 5) for place, asking in enumerate(askings) if not _opinion(material, asking)
        ),
    )
    return Appendix(title=outline.words.proposals_title, blocks=(table,), landscape=True)
