"""How far each agency of a round is, by the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from khreport.campaign import Campaign, LateBy
from khreport.consolidation import Receipt
from khreport.dates import ZONE
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Event, Ledger
from khreport.edition import Edition
from khreport.text import collation_key
from khreport.verbs.paper import valid_papers
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
    edition: Edition,
    events: list[Event],
    accepted: Mapping[str, str],
    late_by: LateBy = "file",
    last: dt.date | None = None,
) -> dict[str, Receipt]:
    """How far each asked agency is, by the ledger; `last` is the last day in time, or the due day.

    Who returned in time and had to mend what was faulty is in time: its first return that
    answers anything counts, or the first signed paper where lateness goes by that.
    """
    came = _days_of(events)
    latest = latest_checked(events)
    checked = {event.submission: event for event in events if event.kind == "checked"}
    first = first_days(events, late_by)
    receipts: dict[str, Receipt] = {}
    for agency in edition.asked:
        event = checked.get(accepted.get(agency, "")) or latest.get(agency)
        if event is None:
            receipts[agency] = Receipt(agency=agency, state="missing")
            continue
        # nobody is late by a paper that is not there yet, nor by a form that came back empty
        open_yet = late_by == "paper" or agency not in accepted
        day = edition.period.due if open_yet else came[event.submission].date()
        receipts[agency] = Receipt(
            agency=agency,
            state="accepted" if agency in accepted else "faulty",
            submission=event.submission,
            file=event.detail["file"],
            received_at=came[event.submission],
            errors=event.detail["errors"],
            days_late=max(0, (first.get(agency, day) - (last or edition.period.due)).days),
        )
    return receipts


def _days_of(events: Iterable[Event]) -> dict[str, dt.datetime]:
    """When each return came, by its id; where that was lost, when it was judged."""
    judged = {event.submission: event.at for event in events if event.kind == "checked"}
    came = {
        event.submission: dt.datetime.fromisoformat(event.detail["came"])
        for event in events
        if event.kind == "received"
    }
    return {id: at.astimezone(ZONE) for id, at in (judged | came).items()}  # noqa: A001


def latest_checked(events: Iterable[Event]) -> dict[str, Event]:
    """The verdict on each agency's latest return; one that came before it is none."""
    latest: dict[str, Event] = {}
    for event in events:
        if event.kind == "checked" and not (event.agency in latest and event.detail.get("older")):
            latest[event.agency] = event
    return latest


def first_days(events: Sequence[Event], late_by: LateBy = "file") -> dict[str, dt.date]:
    """The day of each agency's first return that answers anything, or of its first paper."""
    came = _days_of(events)
    checked = {event.submission: event for event in events if event.kind == "checked"}
    days = (
        ((event.agency, day_of_paper(event)) for event in valid_papers(events))
        if late_by == "paper"
        else (
            (its.agency, came[submission].date())
            for submission, its in checked.items()
            if not its.detail.get("blank")
        )
    )
    first: dict[str, dt.date] = {}
    for agency, day in days:
        first[agency] = min(day, first.get(agency, day))
    return first


def day_of_paper(event: Event) -> dt.date:
    """The day on which a signed paper came, by its event."""
    return dt.date.fromisoformat(event.detail["came"])
