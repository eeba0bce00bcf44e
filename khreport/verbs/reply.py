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
from khreport.verbs.deliver import Delivery, deliver
from khreport.verbs.drafts import drop_draft, tell_kept
from khreport.verbs.given_answers import find_given, tell_lost_answers
from khreport.verbs.letters import make_message
from khreport.verbs.post import DRAFTED, Outcome
from khreport.verbs.progress import Progress, be_silent

REPLY, TO_LETTER = "tra-loi-bieu", "tra-loi-thu"
"""How drafts of answers are named: a later one to a return takes the place of any earlier one."""


class Replied(Delivery, frozen=True, kw_only=True):
    """What became of each answer, and why a return has none yet.

    `unlisted` are senders who were not written to, as no contact has their address; `notes` say
    which letters get no answer, that the round is closed, and which edited drafts are kept.
    """

    unlisted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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

    >>> import khreport
    >>> from khreport.testing import make_return, trial_campaign
    >>> with trial_campaign("snv") as campaign:
    ...     path = make_return(campaign, "snv")
    ...     _ = khreport.collect(campaign)
    ...     [*khreport.reply(campaign).lacking]  # no contact is listed yet
    ['snv']

    Raises:
        CampaignError: there are no templates yet, or the contact list cannot be used.
        MailError: the server cannot be used.

    """
    edition = newest_edition(campaign)
    contacts = read_contacts(campaign, edition)
    with Ledger(campaign.ledger) as ledger:
        events = ledger.events()
    lacking: dict[str, dict[str, None]] = {}
    unlisted: dict[str, None] = {}
    messages: list[Message] = []
    answered: dict[str, Answer] = {}
    answers = find_answers(campaign, edition, contacts, events, today or now().date())
    sound = _sound(campaign, answers)
    for answer in answers:
        contact = contacts.reachable(answer.agency)
        senders = [s for s in (answer.origin.senders if answer.origin else ()) if s]
        unlisted |= dict.fromkeys(s for s in senders if not contacts.agencies_of(s))
        told = lacking.setdefault(answer.agency, {})
        if contact is None:
            told[contacts.tell_missing(edition.plan.agency[answer.agency])] = None
        elif answer.correction and answer.id not in sound:
            told[_tell_lost(answer.correction)] = None
        else:
            contact = _with_senders(contact, senders, contacts)
            messages.append(_write(campaign, edition, contact, answer))
            answered[answer.about] = answer
    tried = {message.agency for message in messages}
    for agency, words in tell_lost_answers(contacts, edition, events).items():
        if agency not in tried:
            lacking[agency] = {words: None} | lacking.get(agency, {})
    delivery = deliver(
        campaign, messages, unsure=unsure, dry_run=dry_run, progress=progress, wait=wait
    )
    kept: list[str] = []
    if not dry_run:
        _enter(campaign, delivery.outcomes, answered)
        kept += _drop_drafts(campaign, delivery.outcomes)
    return Replied(
        outcomes=delivery.outcomes,
        lacking={agency: " ".join(told) for agency, told in lacking.items() if told},
        unlisted=tuple(unlisted),
        warnings=contacts.warnings,
        notes=(
            *tell_unanswered(campaign, edition, contacts, events),
            *_tell_others(answered.values(), contacts, edition),
            *kept,
            *tell_lock(read_lock(events)),
        ),
        fault=delivery.fault,
    )


def _sound(campaign: Campaign, answers: Iterable[Answer]) -> frozenset[str]:
    """The returns that are answered, by id, whose correction can go out as it is."""
    wanted = (
        Correction(agency=answer.agency, submission=answer.id, path=answer.correction)
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
        file=f"{stem}-{REPLY if answer.of_return else f'{TO_LETTER}-{answer.id[:8]}'}.eml",
        values=answer.values,
        attachments=[answer.correction] if answer.correction else [],
        in_reply_to=answer.origin.message_id if answer.origin else "",
    )


def _enter(campaign: Campaign, outcomes: tuple[Outcome, ...], answered: dict[str, Answer]) -> None:
    """Nothing; the ledger holds what was answered, and with which letter."""
    with Ledger(campaign.ledger) as ledger, ledger.together(patiently=True):
        known = {name for name, given in find_given(ledger.events()).items() if given.holds}
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


def _drop_drafts(campaign: Campaign, outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Where edited drafts are, in words; none is left of answers that a later one stands for."""
    going = [outcome for outcome in outcomes if outcome.state in ("sent", "drafted")]
    keep = {outcome.message.file for outcome in outcomes}
    with Ledger(campaign.ledger) as ledger:
        for outcome in going:
            message = outcome.message
            if outcome.dropped and outcome.dropped.kept:
                yield tell_kept(message.agency_name, outcome.dropped)
            events = ledger.events("drafted", message.agency)
            files = {e.detail.get("file", "") for e in events if e.detail["letter"] == "reply"}
            to_return = f"-{REPLY}" in message.file
            for file in sorted(files - keep):
                if to_return or f"-{TO_LETTER}" in file:
                    dropped = drop_draft(campaign, ledger, message.agency, file)
                    if dropped and dropped.kept:
                        yield tell_kept(message.agency_name, dropped)


def _tell_lost(path: Path) -> str:
    if path.is_file():
        told = f"Tệp {path.name} không phải bản trả lại đã ghi cho bản nộp này."
    else:
        told = f"Không còn bản trả lại {path.name}."
    return f"{told} Hãy chạy khreport collect để lập lại rồi trả lời."
