"""``khreport send``: each agency's workbook to its people, with a letter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import sleep

from khreport.campaign import Campaign
from khreport.contacts import find_agency
from khreport.dates import format_date
from khreport.edges.folder import frozen_editions, newest_edition
from khreport.edges.ledger import Ledger, now
from khreport.edges.reader import Reader
from khreport.edition import Edition
from khreport.layout.workbook import workbook_name
from khreport.read.identify import identify, tell_problems
from khreport.verbs.asked_more import list_asked_more
from khreport.verbs.contacts import read_contacts
from khreport.verbs.deliver import Delivery, deliver
from khreport.verbs.drafts import drop_draft, tell_kept
from khreport.verbs.due_day import last_day
from khreport.verbs.letters import make_message, own_agency
from khreport.verbs.posted import MAIL_EVENTS
from khreport.verbs.progress import Progress, be_silent
from khreport.verbs.take_in import accepted_submissions

TEMPLATE = "gui-bieu.txt"
OLDER = "bản trước của biểu này ghi nháp hoặc gửi dở ngày {day}, chưa rõ cơ quan đã nhận hay chưa"


class Sent(Delivery, frozen=True, kw_only=True):
    """What became of each agency's letter with its form.

    `own` is the name of the agency that collects, and gets no letter; `answered` are the keys of
    those that get none either, as an earlier form of theirs came back and was accepted.
    """

    own: str = ""
    answered: tuple[str, ...] = ()


def send(  # noqa: PLR0913 - each is a wish of the officer
    campaign: Campaign,
    *,
    again: Sequence[str] = (),
    unsure: bool = False,
    dry_run: bool = False,
    progress: Progress = be_silent,
    wait: Callable[[float], None] = sleep,
) -> Sent:
    """Send every agency its workbook or, where no server is set, write the letters as drafts.

    Nothing goes twice: letters sent before are passed over, and agencies whose return to an
    earlier form was accepted, unless `again` names the agency; those of which nobody knows
    whether they went wait for `unsure`. With `dry_run` nothing is sent or written. `wait` is
    called with the seconds between two letters.

    >>> import khreport
    >>> from khreport.testing import trial_campaign
    >>> with trial_campaign("stp") as campaign:
    ...     sent = khreport.send(campaign, dry_run=True)
    >>> len(sent.outcomes), len(sent.lacking)  # no contact is listed yet
    (0, 33)

    Raises:
        CampaignError: there are no templates yet, or the contact list cannot be used.
        MailError: the server cannot be used.

    """
    edition = newest_edition(campaign)
    wanted = frozenset(find_agency(called, edition.agencies) for called in again)
    earlier, doubtful, answered = _sent_earlier(campaign, edition)
    answered -= wanted
    contacts = read_contacts(campaign, edition)
    lacking: dict[str, str] = {}
    messages = []
    paths = {key: campaign.outgoing / workbook_name(edition, key) for key in edition.asked}
    wrong = dict(doubt_workbooks(campaign, edition, paths))
    own = own_agency(campaign, edition)
    kept = () if dry_run else tuple(_drop_drafts(campaign, edition, answered))
    for agency in edition.agencies:
        if agency.key == own or agency.key in answered:
            continue
        contact = contacts.reachable(agency.key)
        if contact is None or agency.key in wrong:
            lacking[agency.key] = wrong.get(agency.key) or contacts.tell_missing(agency)
            continue
        path = paths[agency.key]
        messages.append(
            make_message(
                campaign,
                edition,
                contact,
                kind="form",
                about=edition.digest,
                template=TEMPLATE,
                file=form_draft(edition, agency.key),
                values={
                    "file": path.name,
                    "earlier": earlier.get(agency.key, ""),
                    "perhaps": doubtful.get(agency.key, ""),
                },
                attachments=[path],
            )
        )
    delivery = deliver(
        campaign,
        messages,
        again=wanted,
        doubtful={key: OLDER.format(day=day) for key, day in doubtful.items()},
        unsure=unsure,
        dry_run=dry_run,
        progress=progress,
        wait=wait,
    )
    return Sent(
        outcomes=delivery.outcomes,
        lacking=lacking,
        warnings=(
            *_doubt_settings(campaign, edition),
            *contacts.warnings,
            *_tell_earlier(campaign, earlier.keys() - answered, doubtful.keys() - answered),
            *kept,
        ),
        fault=delivery.fault,
        own=edition.plan.agency[own].name if own else "",
        answered=tuple(key for key in edition.asked if key in answered),
    )


def _sent_earlier(
    campaign: Campaign, edition: Edition
) -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """The day on which an agency got an older form, and on which it perhaps got one; who answered.

    Who answered has an accepted return of a form that asked no less, and no letter with the
    present form was begun to it.
    Agencies that have got the present form are in none.
    """
    with Ledger(campaign.ledger) as ledger:
        all_events = ledger.events()
        more = list_asked_more(edition, partial(frozen_editions, campaign), all_events)
        accepted = frozenset(accepted_submissions(ledger)) - more.keys()
        events = [
            event
            for event in all_events
            if event.kind in MAIL_EVENTS and event.detail.get("letter") == "form"
        ]
    present = [event for event in events if event.detail["about"] == edition.digest]
    has_present = {event.agency for event in present if event.kind == "sent"}
    older = [
        event
        for event in events
        if event.detail["about"] != edition.digest and event.agency not in has_present
    ]
    sent = {e.agency: format_date(e.at.date()) for e in older if e.kind == "sent"}
    last = {(event.agency, event.detail["about"]): event for event in older}
    perhaps = {
        event.agency: format_date(event.at.date())
        for event in last.values()
        if event.kind in ("drafted", "sending") and event.agency not in sent
    }
    return sent, perhaps, accepted - {event.agency for event in present}


def _drop_drafts(campaign: Campaign, edition: Edition, answered: Collection[str]) -> Iterator[str]:
    """Where edited drafts are, in words; none of an older form is left for who answered it."""
    with Ledger(campaign.ledger) as ledger:
        for agency in (key for key in edition.asked if key in answered):
            dropped = drop_draft(campaign, ledger, agency, form_draft(edition, agency))
            if dropped and dropped.kept:
                yield tell_kept(edition.plan.agency[agency].name, dropped)


def form_draft(edition: Edition, agency: str) -> str:
    """The name of the letter with an agency's form as a draft."""
    return f"{Path(workbook_name(edition, agency)).stem}.eml"


def _tell_earlier(
    campaign: Campaign, sent: Collection[str], perhaps: Collection[str]
) -> Iterator[str]:
    if sent:
        yield (
            f"biểu mẫu đã đổi sau lần gửi trước: {len(sent)} cơ quan đã nhận bản cũ "
            "và được gửi bản mới."
        )
    if perhaps and not campaign.settings.smtp.host:
        yield (
            f"biểu mẫu đã đổi: {len(perhaps)} cơ quan đã có thư nháp bản cũ, chưa rõ đã gửi "
            "hay chưa; thư nháp mới ghi rõ là thay bản đó nếu đã nhận."
        )


def _doubt_settings(campaign: Campaign, edition: Edition) -> Iterator[str]:
    sender = edition.sender
    if not (sender.contact or sender.phone or sender.email):
        yield (
            "khreport.toml, phần [sender]: chưa ghi người liên hệ, điện thoại, e-mail, nên thư "
            'không nói hỏi ai. Hãy điền, ví dụ phone = "0258 3 000 000".'
        )
    if last_day(campaign, edition) < now().date():
        yield (
            f"hạn gửi {format_date(edition.period.due)} đã qua. Nếu đổi hạn, hãy sửa khreport.toml "
            f"rồi chạy: khreport templates {campaign.folder}"
        )


def doubt_workbooks(
    campaign: Campaign, edition: Edition, paths: dict[str, Path]
) -> Iterator[tuple[str, str]]:
    """The agencies whose workbook must not go out as it is, and why."""
    told = f"Hãy chạy: khreport templates {campaign.folder}"
    there = {key: path for key, path in paths.items() if path.is_file()}
    yield from (
        (key, f"{path.name}: chưa có biểu mẫu. {told}")
        for key, path in paths.items()
        if key not in there
    )
    with Reader(campaign.settings.limits) as reader:
        for (key, path), raw in zip(there.items(), reader.read_each(there.values()), strict=True):
            token = identify(raw)
            if raw.problems:
                yield key, str(tell_problems(raw, path.name)[0])
            elif token is None or (token.agency, token.digest) != (key, edition.digest):
                yield key, f"{path.name}: không phải biểu mẫu đang dùng của cơ quan này. {told}"
