"""``khreport reply``: each new return is answered once, with thanks or with its correction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import sleep

import msgspec

from khreport.campaign import Campaign
from khreport.contacts import Contact, ContactList
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Ledger, now, user
from khreport.edition import Edition
from khreport.layout.workbook import workbook_name
from khreport.letters import Message
from khreport.text import join_and
from khreport.verbs.answers import Answer, find_answers, tell_unanswered
from khreport.verbs.closing import read_lock, tell_lock
from khreport.verbs.contacts import read_contacts
from khreport.verbs.corrections import Correction, sound_corrections
from khreport.verbs.deliver import DRAFTED, Outcome, deliver
from khreport.verbs.letters import make_message
from khreport.verbs.progress import Progress, be_silent


class Replied(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each answer, and why a return has none yet, in words.

    `unlisted` are senders who were not written to, as no contact has their address; `warnings`
    say what is odd in the contact list; `notes` which letters get no answer, and that the round
    is closed; `fault` why the sending was stopped.
    """

    outcomes: tuple[Outcome, ...]
    lacking: dict[str, str]
    unlisted: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fault: str = ""

    @property
    def complete(self) -> bool:
        """Whether every answer went, was drafted or would go, to all its addresses."""
        went = ("sent", "before", "drafted", "waiting")
        return not (self.fault or self.lacking) and all(
            outcome.state in went and not outcome.refused for outcome in self.outcomes
        )


def reply(  # noqa: PLR0913 - each is a wish of the officer
    campaign: Campaign,
    *,
    today: dt.date | None = None,
    unsure: bool = False,
    dry_run: bool = False,
    progress: Progress = be_silent,
    wait: Callable[[float], None] = sleep,
) -> Replied:
    """Answer every return that was judged and not answered yet, by mail or as a draft.

    An answer goes to the agency's contact, and to who sent the return if the agency's contact
    has that address. `unsure` also sends those of which nobody knows whether they went. With
    `dry_run` nothing is sent or written.

    Raises:
        CampaignError: there are no templates yet, or the contact list cannot be used.
        MailError: the server cannot be used.

    """
    edition = newest_edition(campaign)
    contacts = read_contacts(campaign, edition)
    with Ledger(campaign.ledger) as ledger:
        events = ledger.events()
    lacking: dict[str, str] = {}
    unlisted: dict[str, None] = {}
    messages: list[Message] = []
    answered: dict[str, Answer] = {}
    answers = find_answers(campaign, edition, contacts, events, today or now().date())
    sound = _sound(campaign, answers)
    for answer in answers:
        contact = contacts.reachable(answer.agency)
        senders = [s for s in (answer.origin.senders if answer.origin else ()) if s]
        unlisted |= dict.fromkeys(s for s in senders if not contacts.agencies_of(s))
        if contact is None:
            lacking[answer.agency] = contacts.tell_missing(edition.plan.agency[answer.agency])
        elif answer.correction and answer.about not in sound:
            lacking[answer.agency] = _tell_lost(answer.correction)
        else:
            contact = _with_senders(contact, senders, contacts)
            messages.append(_write(campaign, edition, contact, answer))
            answered[answer.about] = answer
    delivery = deliver(
        campaign, messages, unsure=unsure, dry_run=dry_run, progress=progress, wait=wait
    )
    if not dry_run:
        _enter(campaign, delivery.outcomes, answered)
    return Replied(
        outcomes=delivery.outcomes,
        lacking=lacking,
        unlisted=tuple(unlisted),
        warnings=contacts.warnings,
        notes=(
            *tell_unanswered(campaign, edition, contacts, events),
            *_tell_others(answered.values(), contacts, edition),
            *tell_lock(read_lock(events)),
        ),
        fault=delivery.fault,
    )


def _sound(campaign: Campaign, answers: Iterable[Answer]) -> frozenset[str]:
    """The returns that are answered, by id, whose correction can go out as it is."""
    wanted = (
        Correction(agency=answer.agency, submission=answer.about, path=answer.correction)
        for answer in answers
        if answer.correction
    )
    return frozenset(dict(sound_corrections(wanted, campaign.settings.limits)))


def _with_senders(contact: Contact, senders: list[str], contacts: ContactList) -> Contact:
    """The contact, with those who sent the return in copy if they are of the same agency.

    A correction holds the agency's data, which another agency must not get.
    """
    there = {address.casefold() for address in (*contact.emails, *contact.cc)}
    own = [s for s in senders if contact.agency in contacts.agencies_of(s)]
    more = [s for s in own if s.casefold() not in there]
    return msgspec.structs.replace(contact, cc=(*contact.cc, *dict.fromkeys(more)))


def _tell_others(
    answered: Iterable[Answer], contacts: ContactList, edition: Edition
) -> Iterator[str]:
    """The senders who get no copy, as they are contacts of another agency."""
    for answer in answered:
        for sender in dict.fromkeys(answer.origin.senders if answer.origin else ()):
            whose = contacts.agencies_of(sender) if sender else ()
            if whose and answer.agency not in whose:
                names = join_and([edition.plan.agency[key].name for key in whose])
                agency = edition.plan.agency[answer.agency].name
                yield f"Không đồng gửi thư trả lời {agency} tới {sender}: địa chỉ của {names}."


def _write(campaign: Campaign, edition: Edition, contact: Contact, answer: Answer) -> Message:
    stem = Path(workbook_name(edition, answer.agency)).stem
    return make_message(
        campaign,
        edition,
        contact,
        kind="reply",
        about=answer.about,
        template=answer.template,
        file=f"{stem}-tra-loi-{answer.about[:8]}.eml",
        values=answer.values,
        attachments=[answer.correction] if answer.correction else [],
        in_reply_to=answer.origin.message_id if answer.origin else "",
    )


def _enter(campaign: Campaign, outcomes: tuple[Outcome, ...], answered: dict[str, Answer]) -> None:
    """Nothing; the ledger holds what was answered, and with which letter."""
    with Ledger(campaign.ledger) as ledger, ledger.together():
        known = {event.submission for event in ledger.events("replied")}
        for outcome in outcomes:
            # a draft that is gone was sent by hand
            gone = outcome.state == "unsure" and outcome.reason == DRAFTED
            if outcome.state not in ("sent", "before", "drafted") and not gone:
                continue
            answer = answered[outcome.message.about]
            for about in answer.files.keys() - known:
                detail = {
                    "file": answer.files[about],
                    "message_id": outcome.message_id,
                    "state": outcome.state,
                }
                ledger.append("replied", answer.agency, about, detail, now(), user())


def _tell_lost(path: Path) -> str:
    if path.is_file():
        told = f"Tệp {path.name} không phải bản trả lại đã ghi cho bản nộp này."
    else:
        told = f"Không còn bản trả lại {path.name}."
    return f"{told} Hãy chép lại đúng tệp vào {path.parent}."
