"""Which returns and letters were answered, and whose answer arrived and holds until now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from khreport.contacts import ContactList
from khreport.edges.ledger import Event
from khreport.edition import Edition
from khreport.text import join_and
from khreport.verbs.posted import Posted, fold_addresses, follow_each


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """How many times something was answered; the last answer's letter, and errors it told of.

    `holds` says whether the verdict is still the one that it told.
    """

    times: int
    errors: int | None
    message_id: str
    holds: bool = True


def count_overtaken(given: Given | None) -> int:
    """How many answers to something were given by verdicts that hold no more."""
    return given.times - given.holds if given else 0


def _lost_answers(events: Sequence[Event]) -> dict[str, Posted]:
    """The latest answer to each agency, where it reached none of its main addresses."""
    latest: dict[str, Posted] = {}
    for (agency, kind, _), how in follow_each(events).items():
        before = latest.get(agency)
        if kind == "reply" and (before is None or before.events[-1].id < how.events[-1].id):
            latest[agency] = how
    return {agency: how for agency, how in latest.items() if how.is_lost}


def _is_dead(contacts: ContactList, agency: str, how: Posted) -> bool:
    """Whether the contact list has no other address yet than those at which a letter bounced."""
    contact = contacts.reachable(agency)
    return contact is None or fold_addresses(contact.emails) <= how.bounced


def find_replied(contacts: ContactList, events: Sequence[Event]) -> frozenset[str]:
    """What was answered, but for what is to be answered anew."""
    anew = {
        message_id
        for agency, how in _lost_answers(events).items()
        if not _is_dead(contacts, agency, how)
        for message_id in how.ids("sent")
    }
    return frozenset(
        submission
        for submission, given in find_given(events).items()
        if given.holds and given.message_id not in anew
    )


def find_given(events: Iterable[Event]) -> dict[str, Given]:
    """The answers that returns and letters were given, by id."""
    errors: dict[str, int] = {}
    given: dict[str, Given] = {}
    for event in events:
        name = event.submission
        if event.kind == "checked":
            errors[name] = event.detail["errors"]
        elif event.kind == "replied":
            given[name] = Given(
                times=given[name].times + 1 if name in given else 1,
                errors=errors.get(name),
                message_id=event.detail.get("message_id", ""),
            )
    return {
        # a waiver may have let pass what the answer told of
        name: msgspec.structs.replace(each, holds=each.errors == errors.get(name))
        for name, each in given.items()
    }


def tell_lost_answers(
    contacts: ContactList, edition: Edition, events: Sequence[Event]
) -> dict[str, str]:
    """The agencies that an answer did not reach, with what to do about it, in words."""
    return {
        agency: f"{edition.plan.agency[agency].name}: thư trả lời không tới "
        f"{join_and(sorted(how.bounced))}. Hãy sửa địa chỉ trong {contacts.file} rồi chạy lại."
        for agency, how in _lost_answers(events).items()
        if agency in edition.asked and _is_dead(contacts, agency, how)
    }
