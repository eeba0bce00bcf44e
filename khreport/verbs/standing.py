"""How far each agency of a round is, by the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from khreport.campaign import Campaign, LateBy
from khreport.consolidation import Receipt
from khreport.dates import ZONE
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Event, Ledger
from khreport.edges.shipped import load_working_days
from khreport.edition import Edition
from khreport.text import collation_key
from khreport.verbs.take_in import accepted_submissions
from khreport.workdays import WorkingDays


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


def working_days(campaign: Campaign) -> WorkingDays:
    """The working days of a round: those of offices, with the days off of its own."""
    own = campaign.settings.reminders
    return msgspec.structs.replace(
        load_working_days(), days_off=own.days_off, days_worked=own.days_worked
    )


def last_day(campaign: Campaign, edition: Edition) -> dt.date:
    """The last day in time: the due day or, where that is not worked, the next that is."""
    return working_days(campaign).on_or_after(edition.period.due)


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
    came = {
        event.submission: dt.datetime.fromisoformat(event.detail["came"]).astimezone(ZONE)
        for event in events
        if event.kind == "received"
    }
    last_checked = {event.agency: event for event in events if event.kind == "checked"}
    checked = {event.submission: event for event in events if event.kind == "checked"}
    first = first_days(events, late_by)
    receipts: dict[str, Receipt] = {}
    for agency in edition.asked:
        event = checked[accepted[agency]] if agency in accepted else last_checked.get(agency)
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


def first_days(events: Sequence[Event], late_by: LateBy = "file") -> dict[str, dt.date]:
    """The day of each agency's first return that answers anything, or of its first paper."""
    came = {
        event.submission: dt.datetime.fromisoformat(event.detail["came"]).astimezone(ZONE).date()
        for event in events
        if event.kind == "received"
    }
    checked = {event.submission: event for event in events if event.kind == "checked"}
    days = (
        ((event.agency, day_of_paper(event)) for event in events if event.kind == "paper")
        if late_by == "paper"
        else (
            (its.agency, came[submission])
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
