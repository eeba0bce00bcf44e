"""How our letters went, by the ledger: which address took one, and which never did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from khreport.edges.ledger import Event

MAIL_EVENTS = ("drafted", "sending", "sent", "refused")


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """How letters went: one, or all of an agency. Addresses are in small letters.

    `took` are the addresses that letters reached, as far as is known; `refused` gives the words
    of the server by address of those that took none since, and `bounced` are those of them of
    which it was said only after a server had taken the letter.
    """

    events: tuple[Event, ...] = ()
    took: frozenset[str] = frozenset()
    refused: dict[str, str] = {}
    bounced: frozenset[str] = frozenset()

    @property
    def sent(self) -> tuple[Event, ...]:
        """Each time that a server took it."""
        return tuple(event for event in self.events if event.kind == "sent")

    @property
    def days(self) -> frozenset[dt.date]:
        """The days on which it went or was written for the officer to send; none if it is lost."""
        if self.is_lost:
            return frozenset()
        return frozenset(e.at.date() for e in self.events if e.kind in ("sent", "drafted"))

    @property
    def arrived(self) -> tuple[Event, ...]:
        """Each time that it reached a main address, as far as is known."""
        return tuple(e for e in self.sent if not (to := _main_addresses(e)) or to & self.took)

    @property
    def is_lost(self) -> bool:
        """Whether a server took it, and it reached none of its main addresses."""
        return bool(self.sent) and not self.arrived

    @property
    def is_refused(self) -> bool:
        """Whether it reached no main address, and servers refused all that it was to go to last."""
        *_, last = (None, *(e for e in self.events if not e.detail.get("bounced")))
        to = _main_addresses(last) if last else frozenset()
        begun = bool(self.events) and self.events[-1].kind in ("sent", "refused")
        return begun and not self.arrived and bool(self.refused) and to <= self.refused.keys()

    def refused_of(self, addresses: Iterable[str]) -> dict[str, str]:
        """The words of the servers by those of the addresses that took nothing since."""
        return {a: self.refused[a.casefold()] for a in addresses if a.casefold() in self.refused}

    def ids(self, *kinds: str) -> tuple[str, ...]:
        """The ids of the copies of which events of these kinds tell, in their order."""
        ids = (e.detail.get("message_id", "") for e in self.events if e.kind in kinds)
        return tuple(dict.fromkeys(filter(None, ids)))


def fold_addresses(addresses: Iterable[str]) -> frozenset[str]:
    """The addresses as they are compared."""
    return frozenset(map(str.casefold, addresses))


def _main_addresses(event: Event) -> frozenset[str]:
    """Those of the addresses of a letter that are not in copy; all where one stands in both."""
    to = fold_addresses(event.detail.get("to", ()))
    return to - fold_addresses(event.detail.get("cc", ())) or to


def follow(events: Iterable[Event]) -> Posted:
    """How the letters went of which these events tell, in their order."""
    told = tuple(event for event in events if event.kind in MAIL_EVENTS)
    took: set[str] = set()
    bounced: set[str] = set()
    refused: dict[str, str] = {}
    for event in told:
        said = {a.casefold(): words for a, words in event.detail.get("refused", {}).items()}
        if event.kind == "sent":
            reached = fold_addresses(event.detail.get("to", ())) - said.keys()
            took |= reached
            bounced -= reached
        elif event.detail.get("bounced"):
            # a server may take a letter and report later that it did not arrive
            took -= said.keys()
            bounced |= said.keys()
        refused = {a: words for a, words in (refused | said).items() if a not in took}
    return Posted(events=told, took=frozenset(took), refused=refused, bounced=frozenset(bounced))


def follow_each(events: Iterable[Event]) -> dict[tuple[str, str, str], Posted]:
    """How each letter went, by its agency, its kind and what it is about."""
    told: dict[tuple[str, str, str], list[Event]] = {}
    for event in events:
        if event.kind in MAIL_EVENTS and event.detail.get("letter"):
            name = event.agency, event.detail["letter"], event.detail.get("about", "")
            told.setdefault(name, []).append(event)
    return {name: follow(own) for name, own in told.items()}


def follow_forms(events: Iterable[Event]) -> list[Posted]:
    """How each letter with a form went to an agency, by all events on it; the latest begun first.

    A report that does not tell which letter it is about concerns each of them.
    """
    told = [e for e in events if e.kind in MAIL_EVENTS and e.detail.get("letter") in ("form", "")]
    abouts = dict.fromkeys(e.detail.get("about", "") for e in reversed(told) if e.detail["letter"])
    return [
        follow(e for e in told if not e.detail["letter"] or e.detail.get("about", "") == about)
        for about in abouts
    ] or [follow(told)]


def drafted_letters(events: Iterable[Event]) -> list[Event]:
    """The letters that were written as drafts and, as far as the ledger tells, not sent."""
    last: dict[tuple[str, str, str], Event] = {}
    for event in events:
        if event.kind in MAIL_EVENTS and event.detail.get("about"):
            last[event.agency, event.detail["letter"], event.detail["about"]] = event
    return [event for event in last.values() if event.kind == "drafted"]


def count_reminders(events: Sequence[Event]) -> tuple[int, int]:
    """How many reminders reached an agency, and how many lie there as drafts.

    A later draft takes the place of an earlier one.
    """
    drafts = {event.detail["message_id"]: event for event in drafted_letters(events)}
    lost = {about for (_, kind, about), how in follow_each(events).items()
            if kind == "reminder" and how.is_lost}  # fmt: skip
    count, files = 0, set[str]()
    for detail in (event.detail for event in events if event.kind == "reminded"):
        id = detail.get("message_id", "")  # noqa: A001 - as the field
        if id in drafts:
            files.add(drafts[id].detail.get("file", ""))
        elif detail.get("about") not in lost:
            count += 1
    return count, len(files)
