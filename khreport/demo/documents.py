"""The documents that an agency says it issued: made up as tasks cite them, listed once."""

from __future__ import annotations

import datetime as dt

import msgspec

from khreport.dates import format_date
from khreport.demo.phrases import DocumentType, Teller

DAYS_OF_YEAR = 365
SPREAD = 4
"""Numbers of a type of document rise with the days, within so many."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One document; `number` is its line in the agency's list."""

    number: int
    name: str
    symbol: str
    issued_on: dt.date
    issuer: str
    subject: str

    @property
    def cited(self) -> str:
        """How a sentence names it: "Kế hoạch số 12/KH-SXD ngày 05/3/2024"."""
        return f"{self.name} số {self.symbol} ngày {format_date(self.issued_on)}"


class Shelf:
    """The documents of one agency, at most `room`."""

    def __init__(self, teller: Teller, room: int) -> None:
        self.teller = teller
        self.room = room
        self.documents: list[Document] = []

    def issue(self, subject: str, *, first_of_its_kind: bool = False) -> Document | None:
        """A new document about a subject, or one that is there where the list is full.

        `first_of_its_kind` makes a plan of work, which most tasks ask for.
        """
        if len(self.documents) == self.room:
            return self.teller.dice.choice(self.documents) if self.documents else None
        types = self.teller.phrases.documents
        kind = types[0] if first_of_its_kind else self.teller.dice.choice(types)
        period = self.teller.period
        issued_on = self.teller.day(self.teller.work_begins, min(period.closing, period.end))
        document = Document(
            number=len(self.documents) + 1,
            name=kind.name,
            symbol=self._symbol(kind, issued_on),
            issued_on=issued_on,
            issuer=self.teller.edition.plan.issuer if kind.by_issuer else self.teller.agency.name,
            subject=self.teller.say(kind.subject, subject=subject),
        )
        self.documents.append(document)
        return document

    def _symbol(self, kind: DocumentType, day: dt.date) -> str:
        days = (day - self.teller.period.start).days
        number = 1 + days * kind.per_year // DAYS_OF_YEAR + self.teller.dice.randrange(SPREAD)
        office = self.teller.edition.plan.number.rpartition("-")[2]
        letters = office if kind.by_issuer else self.teller.symbol
        taken = {document.symbol for document in self.documents}
        while f"{number}/{kind.type}-{letters}" in taken:
            number += 1
        return f"{number}/{kind.type}-{letters}"
