"""What a report says of the last period's proposals: those raised again, those that are not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from khreport.compose.material import Material
from khreport.compose.sentences import (
    begin_sentence,
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
from khreport.consolidation import Consolidation, Edits
from khreport.edition import Edition
from khreport.merge.handed_on import list_proposals
from khreport.previous import Proposed
from khreport.quantities import format_count, format_percent
from khreport.report import Block, Table
from khreport.text import fold, share_words

Fate = Literal["again", "dropped", "silent"]
FATES: tuple[Fate, ...] = ("again", "dropped", "silent")

SAME_SHARE = 0.8
"""The share of words that a proposal of each period must have in common to be the same."""

_ANSWERED = re.compile(r"\bđã (?:được |có (?:văn bản |công văn )?)?trả lời\b")
_NOT_SAID = re.compile(r"\b(?:chưa|không|nếu|khi|sẽ|đề nghị|rà soát|kiểm tra)\b|\?")
_CLAUSE = re.compile(r"[.;,](?=\s|\Z)")


class Raised(NamedTuple):
    """A proposal of the last period, what became of it, and the id of that which repeats it.

    "silent": the agency has no accepted return, so that nobody knows whether it still asks.
    """

    proposal: Proposed
    fate: Fate
    again: str = ""

    @property
    def id(self) -> str:
        """The id of its evidence record, and of the row that figures count."""
        return f"raised.{self.proposal.id}"

    @property
    def answered(self) -> bool:
        """Whether the opinion of then says that it was answered."""
        return says_answered(self.proposal.opinion)


def says_answered(opinion: str) -> bool:
    """Whether an opinion says of a proposal that it has been answered.

    >>> says_answered("UBND tỉnh đã trả lời tại Công văn số 12/UBND-TH")
    True
    >>> says_answered("Đồng ý"), says_answered("Đề nghị Sở rà soát nội dung đã trả lời")
    (False, False)
    """
    clauses = _CLAUSE.split(fold(opinion))
    return any(_ANSWERED.search(clause) and not _NOT_SAID.search(clause) for clause in clauses)


def follow_proposals(edition: Edition, consolidation: Consolidation) -> tuple[Raised, ...]:
    """What became of each proposal of the last period.

    It is raised again where the same agency, or one that stands for it now, says it in the same
    words, but for a fifth of them; each proposal of now repeats one at most, of the same row
    first. What is left over is raised again where anybody says it of the same task, or, of a
    change of the plan, who stands for the agency now.
    """
    before = edition.previous.proposals if edition.previous else ()
    if not before:
        return ()
    now = list_proposals(edition, consolidation, Edits())
    alike = sorted(
        (
            (-share, then.row != again.row, then.id, again.id, then, again)
            for then in before
            for again in now
            if (share := share_words(then.text, again.text)) >= SAME_SHARE
        ),
        key=lambda each: each[:4],
    )
    pairs: dict[str, str] = {}
    for *_, then, again in alike:
        own = again.agency in edition.heirs(then.agency, then.task)
        if own and then.id not in pairs and again.id not in pairs.values():
            pairs[then.id] = again.id
    for *_, then, again in alike:
        own = again.agency in edition.heirs(then.agency, then.task)
        if (again.task == then.task) if then.task else own:
            pairs.setdefault(then.id, again.id)
    agencies = consolidation.agencies
    told = {
        key for key, state in agencies.select("agency", "state").iter_rows() if state == "accepted"
    }
    return tuple(
        Raised(each, "again", pairs[each.id])
        if each.id in pairs
        else Raised(
            each, "dropped" if told.issuperset(edition.heirs(each.agency, each.task)) else "silent"
        )
        for each in before
    )


def tell_measure() -> str:
    """How a proposal is known to be raised again, for evidence and sheets."""
    share = format_percent(100 * SAME_SHARE)
    return (
        "Coi là nêu lại khi cơ quan đó, cơ quan nay làm thay, hoặc cơ quan khác ở cùng nhiệm vụ"
        f" có kiến nghị trùng ít nhất {share} số chữ"
    )


def count_raised(edition: Edition, consolidation: Consolidation) -> dict[str, tuple[str, ...]]:
    """The figures of the last period's proposals: the ids of their records."""
    raised = follow_proposals(edition, consolidation)
    return {
        "raised": tuple(each.id for each in raised),
        "raised.answered": tuple(each.id for each in raised if each.answered),
        **{
            f"raised.{fate}": tuple(each.id for each in raised if each.fate == fate)
            for fate in FATES
        },
    }


def raised_of(material: Material) -> tuple[Raised, ...]:
    """The last period's proposals of the report."""
    return follow_proposals(material.edition, material.consolidation)


def write_raised(material: Material) -> list[Block]:
    """How many of the last period's proposals are raised again, and those that are not."""
    outline, raised = material.outline, raised_of(material)
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
    dropped = [each for each in raised_of(material) if each.fate == "dropped"]
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
    return previous.name[:1].lower() + previous.name[1:] if previous else ""


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
