"""Letters taken from the mailbox: each stored once, entered in the ledger, and marked there."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from khreport.campaign import Campaign
from khreport.dates import ZONE
from khreport.edges.ledger import Event, Ledger, now, user
from khreport.edges.mail_parts import read_mail
from khreport.edges.mail_server import find_ca_file, read_password
from khreport.edges.mailbox import PASSWORD, Mailbox
from khreport.edges.store import store_bytes, verified_path
from khreport.errors import KhreportError, MailError
from khreport.findings import Finding
from khreport.messages import finding
from khreport.quantities import format_number
from khreport.raw import MB, Refusal
from khreport.verbs.opening import TIMES
from khreport.verbs.progress import Progress, be_silent


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """How many letters were taken, those that were not, and why the taking stopped, if it did."""

    count: int = 0
    refused: tuple[Finding, ...] = ()
    fault: str = ""


def fetch(campaign: Campaign, progress: Progress = be_silent) -> Fetched:
    """Take the letters that came to the mailbox since the forms were made; it keeps them all.

    A letter is known by its number there. Where the line goes dead, those that were taken stay,
    and the next run goes on.
    """
    if not campaign.settings.imap.host:
        return Fetched()
    try:
        with Ledger(campaign.ledger) as ledger, _open_mailbox(campaign) as mailbox:
            return _take_letters(campaign, ledger, mailbox, progress)
    except MailError as error:
        return Fetched(fault=str(error))


def _take_letters(
    campaign: Campaign, ledger: Ledger, mailbox: Mailbox, progress: Progress
) -> Fetched:
    imap = campaign.settings.imap
    count, fault, store = 0, "", campaign.state / "store"
    refused: list[Finding] = []
    limit = TIMES * campaign.settings.limits.file_mb
    of = f"{imap.user}@{imap.host}/{imap.folder}"
    begun = next((event.at for event in ledger.events("prepared")), now()).astimezone(ZONE).date()
    try:
        there = mailbox.list_since(begun)
        opened = {event.submission for event in ledger.events("opened")}
        kept = [e for e in ledger.events("fetched") if e.submission in opened or _is_kept(e, store)]
        known = _known(kept, of, mailbox.validity)
        new = [uid for uid in there if uid not in known]
        envelopes = mailbox.describe(new)
        untold = sorted(set(new) - {envelope.uid for envelope in envelopes})
        refused += [finding("file.mail_unread", file=_name(uid, None)) for uid in untold]
        for done, envelope in enumerate(envelopes, 1):
            name = _name(envelope.uid, envelope.came)
            if envelope.size > limit * MB:
                large = format_number(limit)
                refused.append(finding("file.mail_large", file=name, limit=large))
                continue
            data = mailbox.read(envelope.uid)
            if data is None:
                refused.append(finding("file.mail_unread", file=name))
            else:
                came = envelope.came or _own_day(data)
                name = _name(envelope.uid, came)
                detail = {
                    "file": name, "came": came.isoformat(),
                    "mailbox": of, "validity": mailbox.validity, "uid": envelope.uid,
                }  # fmt: skip
                digest = hashlib.sha256(data).hexdigest()
                if digest not in opened:
                    # what was opened and is not there any more was taken away for a reason
                    store_bytes(store, data)
                ledger.append("fetched", "", digest, detail, now(), user())
                known.add(envelope.uid)
                count += 1
            progress(done, len(envelopes), name)
        # also those of a run that was stopped between taking and marking
        marked = mailbox.list_marked()
        mailbox.mark([uid for uid in there if uid in known and uid not in marked])
    except MailError as error:
        fault = str(error)
    return Fetched(count=count, refused=tuple(refused), fault=fault)


def _name(uid: int, came: dt.datetime | None) -> str:
    return f"thư {uid} ngày {came:%d-%m-%Y}" if came else f"thư {uid}"


def _own_day(data: bytes) -> dt.datetime:
    """When a letter came by what it says itself, now where it says nothing."""
    with suppress(Refusal):
        mail = read_mail(data)
        return min(mail.came or mail.date or now(), now())
    return now()


def _is_kept(event: Event, store: Path) -> bool:
    """Whether a letter that was taken is still there."""
    try:
        verified_path(store, event.submission)
    except KhreportError:
        return False
    return True


def _known(events: Iterable[Event], mailbox: str, validity: int) -> set[int]:
    """The numbers of the letters that were taken from this mailbox."""
    return {
        event.detail["uid"]
        for event in events
        if (event.detail["mailbox"], event.detail["validity"]) == (mailbox, validity)
    }


def _open_mailbox(campaign: Campaign) -> Mailbox:
    imap = campaign.settings.imap
    password = read_password(PASSWORD, imap.user)
    return Mailbox(imap, password, find_ca_file(campaign.folder, imap.ca_file))
