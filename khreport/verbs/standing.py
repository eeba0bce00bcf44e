"""How far each agency of a round is, by the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec

from khreport.campaign import Campaign
from khreport.consolidation import Receipt
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Event, Ledger
from khreport.edition import Edition
from khreport.text import collation_key
from khreport.verbs.take_in import accepted_submissions


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a round stands: the names of agencies by state, in Vietnamese order."""

    accepted: tuple[str, ...]
    faulty: tuple[str, ...]
    missing: tuple[str, ...]


def read_standing(campaign: Campaign) -> Standing:
    """Where the round of a campaign stands."""
    edition = newest_edition(campaign)
    with Ledger(campaign.ledger) as ledger:
        receipts = make_receipts(edition, ledger.events(), accepted_submissions(ledger))
    names: dict[str, list[str]] = {"accepted": [], "faulty": [], "missing": []}
    for agency, receipt in receipts.items():
        names[receipt.state].append(edition.plan.agency[agency].name)
    return Standing(**{state: tuple(sorted(n, key=collation_key)) for state, n in names.items()})


def make_receipts(
    edition: Edition, events: list[Event], accepted: Mapping[str, str]
) -> dict[str, Receipt]:
    """How far each asked agency is, by the ledger.

    Who returned in time and had to mend what was faulty is in time: its first return that
    answers anything counts.
    """
    came = {
        event.submission: dt.datetime.fromisoformat(event.detail["came"])
        for event in events
        if event.kind == "received"
    }
    last_checked = {event.agency: event for event in events if event.kind == "checked"}
    checked = {event.submission: event for event in events if event.kind == "checked"}
    first: dict[str, dt.datetime] = {}
    for submission, its in checked.items():
        if its.detail.get("blank"):
            continue
        first[its.agency] = min(came[submission], first.get(its.agency, came[submission]))
    receipts: dict[str, Receipt] = {}
    for agency in edition.asked:
        event = checked[accepted[agency]] if agency in accepted else last_checked.get(agency)
        if event is None:
            receipts[agency] = Receipt(agency=agency, state="missing")
            continue
        receipts[agency] = Receipt(
            agency=agency,
            state="accepted" if agency in accepted else "faulty",
            submission=event.submission,
            file=event.detail["file"],
            received_at=came[event.submission],
            errors=event.detail["errors"],
            days_late=max(
                0, (first.get(agency, came[event.submission]).date() - edition.period.due).days
            ),
        )
    return receipts
