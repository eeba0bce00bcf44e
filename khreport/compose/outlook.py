"""What a report says of the year to come: next year's tasks, proposals with their opinions."""

from __future__ import annotations

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
    shorten_title,
    tidy_quote,
    write_sentence,
)
from khreport.compose.words import (
    join_sentences,
    list_item,
    name_task,
    say,
    slot_or_text,
    write,
    write_share_of,
)
from khreport.consolidation import Consolidation
from khreport.edition import Edition
from khreport.forms import Form
from khreport.merge.wording import word_answers
from khreport.quantities import format_count
from khreport.report import Appendix, Block, Slot, Table
from khreport.text import clean, collation_key, join_and

OPINION = "opinion:"


def write_plans(material: Material) -> list[Block]:
    """How many tasks say what is to be done next year, and a few by section."""
    outline = material.outline
    figures = ["tasks.next_year", "tasks.plan.works"]
    items: list[Block] = []
    told = 0
    for section in material.edition.plan.sections:
        inside = [t for t in material.tasks if f"{t.task.section}.".startswith(f"{section.key}.")]
        quotes = _tell_plans(material, inside) if section.level == 1 else []
        if quotes:
            told += len(quotes)
            title = shorten_title(section.title, outline.limits.title_words)
            items.append(list_item(end_sentence("; ".join(quotes)), lead=f"{title}: "))
    head = write_share_of(material, outline.sentences.next_year, *figures)
    lead = write(material, outline.sentences.next_year_lead) if items else ""
    blocks = [*say(join_sentences([head, lead]), figures), *items]
    if material.count("tasks.next_year") > told:
        appendices = [material.task[key].task.appendix for key in material.figures[figures[0]].rows]
        labels = join_and([*dict.fromkeys(map(material.appendix_label, appendices))])
        blocks += say(write(material, outline.sentences.next_year_more, appendix=labels))
    return blocks


def _tell_plans(material: Material, tasks: list[TaskResult]) -> list[str]:
    outline = material.outline
    told: list[str] = []
    for task in tasks:
        for row in plans_of(task)[:1]:
            quote = shorten_quote(tidy_quote(row[NEXT_YEAR]), outline.limits.plan_words)
            if quote:
                told.append(f"{quote} ({material.agency_name(row['agency'])})")
    return told[: outline.limits.next_year]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What an agency asks for: of whom, concerning what; `task` is empty for plan changes."""

    id: str
    agency: str
    text: str
    addressee: str
    task: str = ""


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
    outline, proposals = material.outline, _proposals(material)
    agencies = len({proposal.agency for proposal in proposals})
    total = material.count("proposals")
    head = write_sentence(
        outline.sentences.proposals,
        total,
        total,
        **{**material.values, "agencies": format_count(agencies)},
    )
    blocks: list[Block] = [*say(head, ["proposals"])]
    for proposal in proposals[: outline.limits.proposals]:
        blocks.append(list_item(_tell_proposal(material, proposal), [proposal.id]))
        blocks += _write_opinion(material, proposal)
    if "proposals" in material.extra_appendices:
        blocks += say(
            write(
                material,
                outline.sentences.proposals_more,
                count=format_count(total - outline.limits.proposals),
                total=format_count(total),
                appendix=material.extra_label("proposals"),
            )
        )
    return blocks


def _proposals(material: Material) -> tuple[Proposal, ...]:
    no_addressee = material.outline.words.no_addressee
    return gather_proposals(material.consolidation, material.edition, no_addressee)


def _tell_proposal(material: Material, proposal: Proposal) -> str:
    sentences = material.outline.sentences
    pattern = sentences.proposal_item if proposal.task else sentences.change_item
    return write(
        material,
        pattern,
        addressee=proposal.addressee,
        quote=proposal.text,
        agency=material.agency_name(proposal.agency),
        task=_topic(material, proposal),
    )


def _topic(material: Material, proposal: Proposal) -> str:
    return name_task(material, proposal.task) if proposal.task else ""


def _opinion(material: Material, proposal: Proposal) -> str:
    return tidy_quote(material.edits.opinions.get(proposal.id, ""))


def _write_opinion(material: Material, proposal: Proposal) -> list[Block]:
    outline, opinion = material.outline, _opinion(material, proposal)
    return slot_or_text(
        OPINION + proposal.id,
        _ask_opinion(material, proposal),
        end_sentence(write(material, outline.sentences.opinion, opinion=opinion))
        if opinion
        else "",
    )


def _ask_opinion(material: Material, proposal: Proposal) -> str:
    words = material.outline.words
    return write(
        material,
        words.opinion_prompt,
        agency=material.agency_name(proposal.agency),
        topic=_topic(material, proposal) or words.plan_change,
    )


def write_proposals_appendix(material: Material) -> Appendix:
    """All proposals as a table with the opinions on them, open ones as slots of the table.

    The slots of those that the body tells stand there.
    """
    outline, proposals = material.outline, _proposals(material)
    rest = proposals[outline.limits.proposals :]
    table = Table(
        header=tuple(fill_pattern(cell, material.values) for cell in outline.tables.proposals),
        rows=tuple(
            (
                str(number),
                proposal.text,
                material.agency_name(proposal.agency),
                begin_sentence(_topic(material, proposal)),
                proposal.addressee,
                _opinion(material, proposal) or outline.words.open_opinion,
            )
            for number, proposal in enumerate(proposals, start=1)
        ),
        widths_mm=(10, 90, 40, 25, 32, 50),
        aligns=("center", "left", "left", "left", "left", "left"),
        size_pt=11,
        slots=tuple(
            Slot(OPINION + proposal.id, _ask_opinion(material, proposal))
            for proposal in rest
            if not _opinion(material, proposal)
        ),
    )
    return Appendix(title=outline.words.proposals_title, blocks=(table,), landscape=True)
