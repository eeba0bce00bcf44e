"""What the checker says of a document: rules passed, broken in places, or not evaluated."""

from __future__ import annotations

from typing import Literal

import msgspec

from khreport.document import Paragraph, Section, Spot
from khreport.profile import LintRule
from khreport.text import begin_sentence, clean

State = Literal["passed", "findings", "not_evaluated"]

_EXCERPT = 60
_PARTS = {"body": "", "header": "Đầu trang", "footer": "Chân trang"}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where something stands; everything counts from one, 0 means: not there."""

    part: str = "body"
    section: int = 0
    paragraph: int = 0
    table: int = 0
    row: int = 0
    column: int = 0
    excerpt: str = ""

    @property
    def address(self) -> str:
        """The place in words, without the text that stands there."""
        names = {"table": "bảng", "row": "hàng", "column": "cột"}
        if self.table:
            words = ", ".join(
                f"{word} {getattr(self, name)}"
                for name, word in names.items()
                if getattr(self, name)
            )
        elif self.paragraph:
            words = f"đoạn {self.paragraph}"
        else:
            words = f"phân đoạn trang {self.section}" if self.section else "cả văn bản"
        where = _PARTS[self.part] and f"{_PARTS[self.part]} của phân đoạn {self.section}, "
        return where + words if where else begin_sentence(words)

    def __str__(self) -> str:
        return f"{self.address} “{self.excerpt}”" if self.excerpt else self.address


WHOLE = Place()
"""The document as a whole."""


class Fault(msgspec.Struct, frozen=True):
    """One place that breaks a rule: what is there, and what should be, if the rule says it not."""

    place: Place
    found: str
    expected: str | None = None


class Unjudged(msgspec.Struct, frozen=True):
    """Why a rule, or a part of it, could not be evaluated."""

    reason: str


Verdict = Fault | Unjudged


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one rule."""

    rule: LintRule
    faults: tuple[Fault, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """Broken somewhere, else not evaluated as a whole or in part, else passed."""
        if self.faults:
            return "findings"
        return "not_evaluated" if self.reasons else "passed"


def excerpt_of(text: str) -> str:
    """The beginning of a text, for people to find it by."""
    text = clean(text).replace("\n", " ")
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rsplit(' ', 1)[0]}…"


def place_of(paragraph: Paragraph, text: str | None = None) -> Place:
    """The place of a paragraph, or of a text in it."""
    spot: Spot = paragraph.spot
    return Place(
        part=spot.part,
        section=spot.section,
        paragraph=spot.number,
        table=spot.table,
        row=spot.row,
        column=spot.column,
        excerpt=excerpt_of(paragraph.text if text is None else text),
    )


def place_of_section(section: Section) -> Place:
    """The place of a section's pages."""
    return Place(section=section.number)
