"""Taking in a campaign's inbox: stored, checked, entered in the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import msgspec

from khreport.campaign import Campaign
from khreport.contacts import ContactList
from khreport.edges.folder import newest_edition, nothing_sent
from khreport.edges.ledger import Event, Ledger, now, user
from khreport.edges.store import content_digest, stored_path
from khreport.edges.turns import taking_turns
from khreport.findings import Finding
from khreport.merge.tally import tally_forms
from khreport.messages import finding, quote
from khreport.rules import Waiver
from khreport.status import Paper as PaperData
from khreport.verbs.account import store_account
from khreport.verbs.arrivals import (
    Container,
    Item,
    Paper,
    Waiting,
    find_arrivals,
    list_returned,
)
from khreport.verbs.bounces import Bounced, enter_bounces
from khreport.verbs.chain import Chain
from khreport.verbs.contacts import known_contacts
from khreport.verbs.judge import Checked, Editions, judge_files
from khreport.verbs.opening import Ours
from khreport.verbs.paper import record_paper
from khreport.verbs.progress import Progress, be_silent

PASSING = ("file.slow", "file.crash", "file.unknown_edition", "file.not_asked")
"""Why a file was refused that may be read the next time."""
JUDGED_BY = (
    "prepared", "fetched", "opened", "received", "waiting", "checked",
    "closed", "reopened", "unlocked",
)  # fmt: skip
"""The events by which it depends what a return is judged to be, or whether it is judged."""


class TakenIn(msgspec.Struct, frozen=True, kw_only=True):
    """What taking in gave: files that could not be taken and files that were judged, in order.

    Beside them: the papers that were recorded, the returns that wait for an unlocking, the
    letters and archives that were opened, and the addresses that letters of ours did not reach.
    `notes` are on returns that came from an address that their agency's contacts lack, or that
    is another agency's, on files beside returns, and on returns older than what stands.
    `again` came before already.
    """

    files: tuple[Checked, ...]
    papers: tuple[Paper, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    opened: tuple[Container, ...] = ()
    bounced: tuple[Bounced, ...] = ()
    notes: tuple[Finding, ...] = ()
    again: tuple[Item, ...] = ()


def take_in(
    campaign: Campaign, *, corrections: Path | None = None, progress: Progress = be_silent
) -> list[Checked]:
    """The files of :func:`take_in_all`."""
    return list(take_in_all(campaign, corrections=corrections, progress=progress).files)


def take_in_all(
    campaign: Campaign, *, corrections: Path | None = None, progress: Progress = be_silent
) -> TakenIn:
    """Check what is new in a campaign's inbox: stored by content, entered in the ledger.

    Letters and archives there are opened, and so are letters that were fetched. A file whose
    content was judged before is passed over. A newer return that can be accepted
    replaces an older one; one that cannot never displaces it. One that was not made from the
    agency's latest is asked where the two differ. Corrections go to the campaign's folder for
    them, or to `corrections`.

    Raises:
        CampaignError: no templates were written yet, so that nothing can be read.
        KhreportError: another process is taking in at this moment.

    """
    newest_edition(campaign)
    with campaign_turn(campaign):
        return take_in_alone(campaign, corrections=corrections, progress=progress)


def campaign_turn(campaign: Campaign) -> AbstractContextManager[None]:
    """A block in which nobody else takes anything in; the ledger is free for other verbs."""
    return taking_turns(campaign.state / "nhan-tep.lock")


def take_in_alone(
    campaign: Campaign, *, corrections: Path | None = None, progress: Progress = be_silent
) -> TakenIn:
    """The same as :func:`take_in_all`, for one who has the campaign's turn."""
    taken = None
    while taken is None:
        taken = _take_in(campaign, corrections or campaign.corrections, progress)
    return taken


def _take_in(campaign: Campaign, corrections: Path, progress: Progress) -> TakenIn | None:
    """What was taken in; None where what it was judged by was not the latest at its end."""
    with Ledger(campaign.ledger) as ledger:
        events = ledger.events()
    editions = Editions(campaign)
    if editions.present is None:
        raise nothing_sent(campaign)
    contacts, store = known_contacts(campaign, editions.present), campaign.state / "store"
    ours, waivers = _find_ours(campaign, events), editions.waivers
    agencies = editions.present.agencies
    arrivals = find_arrivals(campaign, events, ours, contacts, waivers=waivers, agencies=agencies)
    with Chain(campaign, editions, [*events, *arrivals.events]) as chain:
        returned = list_returned(arrivals, store)
        files = judge_files(returned, editions, corrections, progress, chain.receive)
    items = arrivals.items
    files = [msgspec.structs.replace(c, received=items[c.submission.id].came) for c in files]
    files = [_tell_scan(c) if c.submission.id in arrivals.scans else c for c in files]
    accounts = {c.submission.id: _account(campaign, c, chain, waivers) for c in files}
    # one transaction: who is stopped half-way takes the same files in the next time
    with Ledger(campaign.ledger) as ledger, ledger.together(patiently=True):
        if any(event.kind in JUDGED_BY for event in ledger.events()[len(events) :]):
            return None
        for event in arrivals.events:
            ledger.enter(event)
        accepted = accepted_submissions(ledger)
        latest = _latest_returns(ledger)
        came = {e.submission: e.detail["came"] for e in ledger.events("received")}
        notes = list(arrivals.notes)
        for checked in files:
            item = items[checked.submission.id]
            notes += _doubt_sender(checked, item, contacts)
            older = _is_older(checked, accepted if checked.accepted else latest, came)
            if older:
                notes.append(finding("file.older", file=item.name))
            account = accounts[checked.submission.id]
            if older:
                account["older"] = True
            else:
                latest[checked.submission.agency] = checked.submission.id
            _enter(ledger, checked, accepted, account)
            _enter_waivers(ledger, checked, waivers)
        for paper in arrivals.papers:
            _enter_paper(ledger, campaign, paper)
        bounced = [
            entered
            for each in arrivals.opened
            if each.opened.mail
            for entered in enter_bounces(ledger, events, each.opened.mail, contacts)
        ]
    with Ledger(campaign.ledger) as ledger:
        # not before the verdicts are on the disk: what is read again then must be there
        _drop_secrets(ledger, store, arrivals.inside)
    return TakenIn(
        files=(*arrivals.refused, *files),
        papers=tuple(arrivals.papers),
        waiting=tuple(arrivals.waiting),
        opened=tuple(arrivals.opened),
        bounced=tuple(bounced),
        notes=tuple(notes),
        again=tuple(arrivals.again),
    )


def _account(
    campaign: Campaign, checked: Checked, chain: Chain, waivers: Iterable[Waiver]
) -> dict[str, Any]:
    """What the ledger is to hold of a verdict beside what it says of every return."""
    submission = checked.submission
    account = store_account(campaign, checked, chain.changes.get(submission.id))
    account["waivers"] = [w.rule for w in waivers if w.agency == submission.agency]
    if checked.state == "set_aside":
        account["set_aside"] = True
    if checked.edition is not None and submission.readable:
        account["edition"] = submission.digest
        account["forms"] = tally_forms(checked.edition, submission, checked.findings)
    return account


def _tell_scan(checked: Checked) -> Checked:
    """What is told of a file that is no workbook, and may be a signed paper."""
    told = (
        finding("file.paper", file=each.file) if each.code == "file.not_workbook" else each
        for each in checked.findings
    )  # fmt: skip
    return msgspec.structs.replace(checked, findings=tuple(told))


def _drop_secrets(ledger: Ledger, store: Path, inside: Iterable[tuple[str, str]]) -> None:
    """Nothing of what was set aside as secret stays with us, nor of the letters that it was in.

    The officer moves the file where it belongs.
    """
    last = {event.submission: event for event in ledger.events("checked")}
    secret = {id for id, event in last.items() if event.detail.get("set_aside")}  # noqa: A001
    entered = [
        (event.submission, event.detail.get("inside", ""))
        for event in (*ledger.events("received"), *ledger.events("duplicate"))
    ]
    for pair in (*entered, *inside):
        for kept in filter(None, pair if pair[0] in secret else ()):
            stored_path(store, kept).unlink(missing_ok=True)


def _latest_returns(ledger: Ledger) -> dict[str, str]:
    """The return of each agency that was judged last, and came after those judged before."""
    return {
        event.agency: event.submission
        for event in ledger.events("checked")
        if event.agency and not event.detail.get("older")
    }


def _is_older(checked: Checked, latest: Mapping[str, str], came: Mapping[str, str]) -> bool:
    """Whether a return came before the latest of its agency or, if accepted, what stands."""
    submission = checked.submission
    stands = latest.get(submission.agency, "")
    # one that was made from what stands is newer, whatever its day says
    if stands not in came or submission.base == stands:
        return False
    its, standing = (dt.datetime.fromisoformat(came[each]) for each in (submission.id, stands))
    return its < standing


def _enter(
    ledger: Ledger, checked: Checked, accepted: dict[str, str], account: Mapping[str, Any]
) -> None:
    """Nothing; the ledger holds the verdict, and `accepted` what now stands for the agency."""
    submission = checked.submission
    errors = sum(finding.blocks for finding in checked.findings)
    again = any(finding.code in PASSING for finding in checked.findings)
    detail = {
        "file": submission.file, "errors": errors, "base": submission.base, "again": again,
        "blank": checked.edition is not None and submission.is_blank(checked.edition.form),
    }  # fmt: skip
    told = {**detail, **account}
    ledger.append("checked", submission.agency, submission.id, told, now(), user())
    if "older" in account:
        return
    if checked.accepted:
        before = accepted.get(submission.agency)
        if before:
            ledger.append(
                "replaced", submission.agency, before, {"by": submission.id}, now(), user()
            )
        ledger.append("accepted", submission.agency, submission.id, detail, now(), user())
        accepted[submission.agency] = submission.id
    else:
        ledger.append("rejected", submission.agency, submission.id, detail, now(), user())


def _enter_paper(ledger: Ledger, campaign: Campaign, paper: Paper) -> None:
    """Nothing; the ledger holds the paper, which is stored already."""
    item = paper.item
    record_paper(
        ledger,
        campaign,
        paper.agency,
        PaperData(number="", date=None, came=item.came.date(), file=item.name, digest=item.id),
    )


def _doubt_sender(checked: Checked, item: Item, contacts: ContactList | None) -> Iterator[Finding]:
    """A note where a return came by mail from an address that its agency's contacts lack."""
    agency, origin = checked.submission.agency, item.origin
    if contacts and origin and agency and checked.submission.readable:
        senders = [sender for sender in origin.senders if sender]
        whose = [key for sender in senders for key in contacts.agencies_of(sender)]
        if agency in whose:
            return
        named = checked.edition.plan.agency if checked.edition else {}
        others = [named[key].name for key in dict.fromkeys(whose) if key in named]
        sender, name = quote(senders[-1] if senders else "?"), checked.agency_name
        if others:
            other = quote(others[0])
            yield finding(
                "file.others_sender", file=item.name, sender=sender, agency=name, other=other
            )
        else:
            yield finding("file.other_sender", file=item.name, sender=sender, agency=name)


def _find_ours(campaign: Campaign, events: Iterable[Event]) -> Ours:
    """By what our own letters and files are known when they come back."""
    settings = campaign.settings
    return Ours(
        addresses=frozenset({settings.smtp.address.casefold(), settings.sender.email.casefold()})
        - {""},
        letters=frozenset(
            event.detail["message_id"]
            for event in events
            if event.kind in ("sent", "drafted", "sending")
        )
        - {""},
        files=frozenset(
            content_digest(path)
            for folder in (campaign.outgoing, campaign.corrections)
            for path in folder.glob("*.xlsx")
        ),
    )


def _enter_waivers(ledger: Ledger, checked: Checked, waivers: Iterable[Waiver]) -> None:
    """Nothing; the ledger holds each waiver that took effect, once as it stands."""
    agency = checked.submission.agency
    known = [event.detail["waiver"] for event in ledger.events("waived", agency)]
    waived = {finding.code for finding in checked.findings if finding.aside == "waived"}
    for waiver in waivers:
        entered = msgspec.to_builtins(waiver)
        if waiver.agency == agency and waiver.rule in waived and entered not in known:
            detail = {"file": checked.submission.file, "waiver": entered}
            ledger.append("waived", agency, checked.submission.id, detail, now(), user())


def accepted_submissions(ledger: Ledger) -> dict[str, str]:
    """The accepted submission of each agency that has one."""
    return {event.agency: event.submission for event in ledger.events("accepted")}
