"""``khreport send``: each agency's workbook to its people, with a letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from time import sleep

import msgspec

from khreport.campaign import Campaign
from khreport.contacts import find_agency
from khreport.dates import format_date
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Ledger, now
from khreport.edges.reader import Reader
from khreport.edition import Edition
from khreport.layout.workbook import workbook_name
from khreport.read.identify import identify, tell_problems
from khreport.verbs.contacts import read_contacts
from khreport.verbs.deliver import MAIL_EVENTS, Outcome, deliver
from khreport.verbs.letters import make_message, own_agency
from khreport.verbs.progress import Progress, be_silent

TEMPLATE = "gui-bieu.txt"
OLDER = "bản trước của biểu này ghi nháp hoặc gửi dở ngày {day}, chưa rõ cơ quan đã nhận hay chưa"


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each agency's letter, and why an agency has none, by its key.

    `warnings` say what is odd in the contact list; `fault` why the sending was stopped. `own` is
    the name of the agency that collects, and gets no letter.
    """

    outcomes: tuple[Outcome, ...]
    lacking: dict[str, str]
    warnings: tuple[str, ...] = ()
    fault: str = ""
    own: str = ""

    @property
    def complete(self) -> bool:
        """Whether every agency's letter went, was drafted or would go, to all its addresses."""
        went = ("sent", "before", "drafted", "waiting")
        return not (self.fault or self.lacking) and all(
            outcome.state in went and not outcome.refused for outcome in self.outcomes
        )


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

    Nothing goes twice: letters sent before are passed over, unless `again` names their agency;
    those of which nobody knows whether they went wait for `unsure`. With `dry_run` nothing
    is sent or written. `wait` is called with the seconds between two letters.

    Raises:
        CampaignError: there are no templates yet, or the contact list cannot be used.
        MailError: the server cannot be used.

    """
    edition = newest_edition(campaign)
    wanted = frozenset(find_agency(called, edition.agencies) for called in again)
    earlier, doubtful = _sent_earlier(campaign, edition)
    contacts = read_contacts(campaign, edition)
    lacking: dict[str, str] = {}
    messages = []
    paths = {key: campaign.outgoing / workbook_name(edition, key) for key in edition.asked}
    wrong = dict(doubt_workbooks(campaign, edition, paths))
    own = own_agency(campaign, edition)
    for agency in edition.agencies:
        if agency.key == own:
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
                file=f"{path.stem}.eml",
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
            *_tell_earlier(campaign, earlier, doubtful),
        ),
        fault=delivery.fault,
        own=edition.plan.agency[own].name if own else "",
    )


def _sent_earlier(campaign: Campaign, edition: Edition) -> tuple[dict[str, str], dict[str, str]]:
    """The day on which an agency got an older form, and on which it perhaps got one.

    Agencies that have got the present form are in neither.
    """
    with Ledger(campaign.ledger) as ledger:
        events = [
            event
            for event in ledger.events()
            if event.kind in MAIL_EVENTS and event.detail.get("letter") == "form"
        ]
    has_present = {
        event.agency
        for event in events
        if event.kind == "sent" and event.detail["about"] == edition.digest
    }
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
    return sent, perhaps


def _tell_earlier(
    campaign: Campaign, sent: Mapping[str, str], perhaps: Mapping[str, str]
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
    if edition.period.due < now().date():
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
