"""What a report says of the last period's proposals: those raised again, those that are not."""

from __future__ import annotations

from collections.abc import Iterable

from khreport.compose.material import Material
from khreport.compose.sentences import (
    fill_pattern,
    shorten_quote,
    tidy_quote,
    write_split,
)
from khreport.compose.words import (
    cite_rest,
    join_sentences,
    list_item,
    name_task,
    say,
    write,
    write_share_of,
)
from khreport.merge.raised import FATES, Raised
from khreport.previous import Proposed
from khreport.quantities import format_count
from khreport.report import Block, Table
from khreport.text import begin_sentence, begin_small


def count_raised(raised: Iterable[Raised]) -> dict[str, tuple[str, ...]]:
    """The figures of the last period's proposals: the ids of their records."""
    raised = tuple(raised)
    return {
        "raised": tuple(each.id for each in raised),
        "raised.answered": tuple(each.id for each in raised if each.answered),
        **{
            f"raised.{fate}": tuple(each.id for each in raised if each.fate == fate)
            for fate in FATES
        },
    }


def write_raised(material: Material) -> list[Block]:
    """How many of the last period's proposals are raised again, and those that are not."""
    outline, raised = material.outline, material.raised
    if not raised:
        return []
    words = {
        "again": outline.words.raised_again,
        "dropped": outline.words.raised_dropped,
        "silent": outline.words.raised_silent,
    }
    parts = [(material.count(f"raised.{fate}"), words[fate]) for fate in FATES]
    values = {**material.values, "previous": name_previous(material)}
    head = join_sentences(
        [
            write_split(outline.sentences.raised, parts, **values),
            write_share_of(
                material, outline.sentences.raised_answered, "raised.answered", "raised"
            ),
        ]
    )
    cited = ["raised", *(f"raised.{fate}" for fate in FATES), "raised.answered"]
    blocks: list[Block] = [*say(head, cited)]
    dropped = [each for each in raised if each.fate == "dropped"]
    limit = outline.limits.raised
    blocks += [list_item(_tell_dropped(material, each), [each.id]) for each in dropped[:limit]]
    if len(dropped) > limit:
        count = format_count(len(dropped) - limit)
        blocks += say(
            write(material, outline.sentences.raised_more, count=count),
            cite_rest("raised.dropped", dropped, limit),
        )
    return blocks


def list_dropped(material: Material) -> tuple[Block, ...]:
    """All that is no longer raised, as a table under a title, with the opinions of then."""
    outline = material.outline
    dropped = [each for each in material.raised if each.fate == "dropped"]
    if not dropped:
        return ()
    title = write(material, outline.words.dropped_title, previous=name_previous(material))
    table = Table(
        header=tuple(fill_pattern(cell, material.values) for cell in outline.tables.proposals),
        rows=tuple(
            (
                str(number),
                tidy_quote(each.proposal.text),
                material.agency_name(each.proposal.agency),
                begin_sentence(_topic(material, each.proposal)),
                " ".join(each.proposal.addressee.split()) or outline.words.no_addressee,
                tidy_quote(each.proposal.opinion) or begin_sentence(outline.words.no_opinion_then),
            )
            for number, each in enumerate(dropped, start=1)
        ),
        widths_mm=(10, 82, 42, 33, 32, 53),
        aligns=("center", "left", "left", "left", "left", "left"),
        size_pt=11,
        figures=tuple((each.id,) for each in dropped),
    )
    return (*say(title, ["raised.dropped"]), table)


def name_previous(material: Material) -> str:
    """What the last period is called within a sentence."""
    previous = material.edition.previous
    return begin_small(previous.name) if previous else ""


def _tell_dropped(material: Material, raised: Raised) -> str:
    limits, proposal = material.outline.limits, raised.proposal
    text = tidy_quote(proposal.text)
    return write(
        material,
        material.outline.sentences.raised_item,
        # a long clause is told whole rather than by half
        quote=shorten_quote(text, limits.quote_words) or text,
        agency=material.agency_name(proposal.agency),
        topic=_topic(material, proposal),
        opinion=_tell_opinion(material, proposal),
    )


def _topic(material: Material, proposal: Proposed) -> str:
    if proposal.task in material.task:
        return name_task(material, proposal.task)
    return material.outline.words.plan_change


def _tell_opinion(material: Material, proposal: Proposed) -> str:
    words, opinion = material.outline.words, tidy_quote(proposal.opinion)
    if not opinion:
        return words.no_opinion_then
    short = shorten_quote(opinion, material.outline.limits.quote_words) or opinion
    return fill_pattern(words.opinion_then, {"opinion": short})


def tell_again(
    material: Material, raised: Iterable[Raised], proposals: Iterable[str]
) -> tuple[str, list[str]]:
    """That one of these proposals repeats one of the last period, with the opinion on it then.

    With it come the ids of the records of those that they repeat; "" where none does.
    """
    ids = {*proposals}
    before = [each for each in raised if each.again in ids]
    if not before:
        return "", []
    opinions = [each.proposal for each in before if each.proposal.opinion]
    told = write(
        material,
        material.outline.sentences.raised_before,
        previous=name_previous(material),
        opinion=_tell_opinion(material, (opinions or [before[0].proposal])[0]),
    )
    return told, [each.id for each in before]
