"""What still has to be answered: returns that were judged, and letters in which none was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from khreport.campaign import Campaign
from khreport.contacts import ContactList
from khreport.dates import ZONE, format_date
from khreport.edges.ledger import Event
from khreport.edition import Edition
from khreport.mails import Origin
from khreport.messages import finding, quote
from khreport.read.changes import Change
from khreport.text import join_and
from khreport.verbs.account import read_account
from khreport.verbs.due_day import due_words, last_day
from khreport.verbs.given_answers import count_overtaken, find_given, find_replied

ACCEPTED, FAULTY, UNREAD = "tra-loi-dat.txt", "tra-loi-can-sua.txt", "tra-loi-chua-doc.txt"
MOST_SHOWN = 3
"""How many faults a letter quotes; the correction shows them all."""
NOT_OPENED = ("file.archive", "file.archive_large", "file.archive_locked")
"""Why an archive beside a return was not looked into."""
UNANSWERED = ("file.mail_empty",)
"""What people also send who owe nothing."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What to write to an agency: the text, what fills it, and what goes with it.

    `id` is the submission, or the letter, that is answered; `files` names it and the earlier
    returns that are answered with it, by id. `anew` counts the answers that it was given before by
    verdicts that hold no more. `origin` tells who sent it, if it came by mail; `of_return` is false
    for a letter in which no return was found.
    """

    agency: str
    id: str
    template: str
    values: dict[str, str]
    files: dict[str, str]
    correction: Path | None = None
    origin: Origin | None = None
    of_return: bool = True
    anew: int = 0

    @property
    def about(self) -> str:
        """What makes it this answer and no other to the agency."""
        return f"{self.id}/{self.anew}" if self.anew else self.id


def find_answers(
    campaign: Campaign,
    edition: Edition,
    contacts: ContactList,
    events: Sequence[Event],
    today: dt.date,
) -> list[Answer]:
    """What has not been answered yet, in the order in which it was judged.

    Of several returns of an agency the latest is answered, and the others with it. One whose
    answer reached none of the main addresses is answered anew, unless it bounced at all that
    the contact list has; and so is one that was judged otherwise since.
    """
    replied, given = find_replied(contacts, events), find_given(events)
    received = {event.submission: event for event in events if event.kind == "received"}
    accepted = {event.agency: event.submission for event in events if event.kind == "accepted"}
    due, past = due_words(campaign, edition), today > last_day(campaign, edition)
    usual = {"due": "" if past else due, "overdue": due if past else ""}
    opened = {event.submission: event for event in events if event.kind == "opened"}
    checked: dict[str, Event] = {}
    for event in events:
        if event.kind == "checked":
            checked.pop(event.submission, None)
            checked[event.submission] = event
    by_agency: dict[str, list[Event]] = {}
    for event in checked.values():
        put_off = event.detail.get("again") or event.detail.get("older")
        open_yet = event.submission not in replied and not put_off
        if open_yet and event.agency in edition.asked and event.submission in received:
            by_agency.setdefault(event.agency, []).append(event)
    answers = [
        msgspec.structs.replace(
            _answer_return(
                campaign,
                group,
                received,
                checked.get(accepted.get(agency, "")),
                usual | {"unread": _tell_unread(group[-1], received, opened)},
            ),
            anew=count_overtaken(given.get(group[-1].submission)),
        )
        for agency, group in by_agency.items()
    ]
    for event in events:
        if event.kind == "opened" and event.submission not in replied:
            answers += _answer_letter(campaign, event, checked, received, contacts, usual)
    return answers


def _answer_return(
    campaign: Campaign,
    group: Sequence[Event],
    received: Mapping[str, Event],
    stands: Event | None,
    usual: Mapping[str, str],
) -> Answer:
    *others, event = group
    detail, account = event.detail, read_account(campaign, event)
    errors = detail["errors"]
    # one of an accepted return is for the officer, who may send it or not
    wanted = errors and "correction" in detail
    correction = campaign.folder / detail["correction"] if wanted else None
    template = ACCEPTED if not errors else FAULTY if correction else UNREAD
    origin = _origin(received[event.submission])
    changed = ""
    if "changed" in detail:
        changed = _tell_changes(detail["changed"], account.changes)
        changed += f", còn {errors} lỗi" if errors else ", không còn lỗi"
    file = _name(event)
    own = {
        "file": file,
        "subject": (origin and origin.subject) or file,
        "came": _day(received[event.submission]),
        "count": str(errors),
        "notes": str(len(account.warnings) or ""),
        "changed": changed,
        "correction": correction.name if correction else "",
        "others": join_and([f"{_name(e)} ({_day(received[e.submission])})" for e in others]),
        "stands": _name(stands) if stands and stands.submission != event.submission else "",
        **_quote(account.errors if errors else account.warnings),
    }
    return Answer(
        agency=event.agency,
        id=event.submission,
        template=template,
        values={**usual, **own},
        files={each.submission: _name(each) for each in group},
        correction=correction,
        origin=origin,
    )


def _tell_unread(
    answered: Event, received: Mapping[str, Event], opened: Mapping[str, Event]
) -> str:
    """What came with a return and could not be opened, in words; "" where all could."""
    container = opened.get(received[answered.submission].detail.get("inside", ""))
    told = container.detail.get("told", ()) if container else ()
    files = dict.fromkeys(n.rpartition("/")[2] for n, code in told if n and code in NOT_OPENED)
    return join_and([*files])


def _tell_changes(count: int, changes: Sequence[Change]) -> str:
    """What was done to the return before, in words: cells that were emptied are no mending."""
    emptied = sum(bool(change.before and not change.after) for change in changes)
    mended = [f"sửa {count - emptied} ô"] if count > emptied else []
    left = [f"để trống {emptied} ô mà bản trước đã ghi"] if emptied else []
    return f"đã {' và '.join(mended + left)}" if count else "không sửa ô nào"


def _answer_letter(  # noqa: PLR0913, PLR0917 - what is known of it
    campaign: Campaign,
    event: Event,
    checked: Mapping[str, Event],
    received: Mapping[str, Event],
    contacts: ContactList,
    usual: Mapping[str, str],
) -> Iterator[Answer]:
    """What to write to a listed sender in whose letter was nothing that could be used."""
    letter = _read_letter(campaign, event, checked, received, contacts)
    if letter and letter.answerable and len(letter.agencies) == 1:
        origin, (agency,) = letter.origin, letter.agencies
        own = {"subject": origin.subject or event.detail["file"], "came": _day(event)}
        yield Answer(
            agency=agency,
            id=event.submission,
            template=UNREAD,
            values={**usual, **own, **_quote(letter.why), "stands": ""},
            files={event.submission: event.detail["file"]},
            origin=origin,
            of_return=False,
        )


class _Letter(msgspec.Struct, frozen=True):
    """A letter in which was nothing that could be used: why, and whose contact its sender is."""

    origin: Origin
    why: tuple[str, ...]
    answerable: bool
    agencies: frozenset[str]


def _read_letter(
    campaign: Campaign,
    event: Event,
    checked: Mapping[str, Event],
    received: Mapping[str, Event],
    contacts: ContactList,
) -> _Letter | None:
    """What is to be said of a letter that was opened; None if it was of use, or nobody's."""
    detail = event.detail
    origin = _origin(event)
    if detail["what"] != "letter" or origin is None:
        return None
    inside = [e for e in received.values() if e.detail.get("inside") == event.submission]
    judged = [checked[e.submission] for e in inside if e.submission in checked]
    if len(judged) < detail["files"] or any(e.agency or e.detail["again"] for e in judged):
        return None
    owing = [finding(code, file=name) for name, code in detail["told"] if code not in UNANSWERED]
    why = [str(each) for each in owing]
    why += [error for e in judged for error in read_account(campaign, e).errors]
    rest = [str(finding(code, file=name)) for name, code in detail["told"]]
    return _Letter(
        origin,
        tuple(why or rest),
        answerable=bool(why),
        agencies=frozenset(a for s in origin.senders for a in contacts.agencies_of(s)),
    )


def tell_unanswered(
    campaign: Campaign, edition: Edition, contacts: ContactList, events: Sequence[Event]
) -> Iterator[str]:
    """Each letter in which was nothing that could be used and that gets no answer, and why not."""
    replied = find_replied(contacts, events)
    received = {event.submission: event for event in events if event.kind == "received"}
    checked = {event.submission: event for event in events if event.kind == "checked"}
    for event in events:
        if event.kind != "opened" or event.submission in replied:
            continue
        letter = _read_letter(campaign, event, checked, received, contacts)
        if letter is None or not letter.why:
            continue
        if not letter.answerable:
            why = letter.why[0]
        elif not letter.agencies:
            why = "Địa chỉ chưa có trong danh sách liên hệ."
        elif len(letter.agencies) > 1:
            names = [edition.plan.agency[key].name for key in sorted(letter.agencies)]
            why = f"Địa chỉ này là của {join_and(names)}."
        else:
            continue
        subject = quote(letter.origin.subject or event.detail["file"])
        sender = quote((*letter.origin.senders, "?")[0])
        yield f"Chưa trả lời thư “{subject}” của {sender}, ngày {_day(event)}. {why}"


def _origin(event: Event) -> Origin | None:
    mail: Any = event.detail.get("mail")
    return msgspec.convert(mail, Origin) if mail else None


def _name(event: Event) -> str:
    """A return's name without the folder, letter or archive that it was in."""
    return str(event.detail["file"]).rpartition("/")[2]


def _day(event: Event) -> str:
    return format_date(dt.datetime.fromisoformat(event.detail["came"]).astimezone(ZONE).date())


def _quote(sentences: Iterable[str]) -> dict[str, str]:
    first = [*dict.fromkeys(sentences), *[""] * MOST_SHOWN][:MOST_SHOWN]
    return dict(zip(("first", "second", "third"), first, strict=True))
