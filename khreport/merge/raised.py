"""What became of the last period's proposals: raised again, no longer raised, or not known."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from khreport.consolidation import Consolidation, Edits
from khreport.edition import Edition
from khreport.merge.handed_on import list_proposals
from khreport.previous import Proposed
from khreport.quantities import format_percent
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
    heirs = {each.id: frozenset(edition.heirs(each.agency, each.task)) for each in before}
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
        own = again.agency in heirs[then.id]
        if own and then.id not in pairs and again.id not in pairs.values():
            pairs[then.id] = again.id
    for *_, then, again in alike:
        own = again.agency in heirs[then.id]
        if (again.task == then.task) if then.task else own:
            pairs.setdefault(then.id, again.id)
    agencies = consolidation.agencies
    told = {
        key for key, state in agencies.select("agency", "state").iter_rows() if state == "accepted"
    }
    return tuple(
        Raised(each, "again", pairs[each.id])
        if each.id in pairs
        else Raised(each, "dropped" if heirs[each.id] <= told else "silent")
        for each in before
    )


def tell_measure() -> str:
    """How a proposal is known to be raised again, for evidence and sheets."""
    share = format_percent(100 * SAME_SHARE)
    return (
        "Coi là nêu lại khi cơ quan đó, cơ quan nay làm thay, hoặc cơ quan khác ở cùng nhiệm vụ"
        f" có kiến nghị trùng ít nhất {share} số chữ"
    )
