"""The letters that remind agencies: the words for what each lacks, and what goes with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from khreport.campaign import Campaign
from khreport.contacts import Contact
from khreport.dates import format_date
from khreport.edges.ledger import Event
from khreport.edition import Edition
from khreport.layout.workbook import workbook_name
from khreport.letters import Message
from khreport.reminders import Lack, Step
from khreport.status import AgencyStatus, Status
from khreport.verbs.corrections import Correction, sound_corrections
from khreport.verbs.letters import make_message
from khreport.verbs.send import doubt_workbooks
from khreport.workdays import WorkingDays

TEMPLATES: dict[Lack, str] = {
    "nothing": "nhac-chua-nop.txt",
    "part": "nhac-nop-thieu.txt",
    "faulty": "nhac-con-loi.txt",
    "paper": "nhac-chua-co-van-ban.txt",
}
TO_LEADER = "nhac-lanh-dao.txt"


def find_lack(agency: AgencyStatus, edition: Edition) -> Lack | None:
    """What an agency is reminded of; None if nothing is waited for."""
    if agency.state == "accepted":
        return None if agency.done else "paper"
    if agency.received_at is None:
        return "nothing"
    return "part" if any(_empty_rows(agency, edition)) else "faulty"


def _empty_rows(agency: AgencyStatus, edition: Edition) -> Iterator[str]:
    """Each form of which the latest return leaves tasks or indicators empty, and how many."""
    for status in agency.forms:
        form = edition.form[status.form]
        empty = status.asked - status.answered
        if form.rows in ("tasks", "indicators") and status.state != "unknown" and empty > 0:
            yield f"{form.sheet}: {empty} dòng"


class ReminderWriter:
    """Writes the reminders of one step, as they read on one day."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a reminder depends on
        self,
        campaign: Campaign,
        edition: Edition,
        step: Step,
        today: dt.date,
        working: WorkingDays,
        attached: Mapping[str, Path],
    ) -> None:
        self.campaign, self.edition, self.step = campaign, edition, step
        self.today, self.working = today, working
        self._attached = attached
        last = working.on_or_after(step.due)
        self._is_over = today > last
        self._times = {
            "left": str(working.count_between(today, last)) if today < last else "",
            "today": format_date(today) if today == last else "",
            "over": str((today - last).days) if today > last else "",
        }

    def write(self, agency: AgencyStatus, lack: Lack, contact: Contact) -> Message:
        """The reminder of an agency: to its people or, at the last step, to its leader."""
        to_leader = self.step.kind == "leader" and bool(contact.leader)
        attached = self._attached.get(agency.agency) if lack != "paper" else None
        received = agency.received_at if lack != "paper" else None
        came = agency.received_at if lack == "paper" else None
        unsigned = received and agency.paper is None and (agency.needs_paper or self._is_over)
        values = {
            **self._times,
            "person": contact.person,
            "sent_on": format_date(agency.sent_on) if agency.sent_on else "",
            "received": format_date(received.date()) if received else "",
            "came": format_date(came.date()) if came else "",
            "unsigned": "chưa" if unsigned else "",
            "errors": str(agency.errors) if received and agency.errors else "",
            "empty": "; ".join(_empty_rows(agency, self.edition)) if received else "",
            "nothing": "chưa" if lack == "nothing" and agency.paper is None else "",
            "paper": _name_paper(agency) if lack == "nothing" else "",
            "file": attached.name if attached else "",
        }
        if to_leader:
            contact = msgspec.structs.replace(
                contact, emails=contact.leader, cc=(*contact.emails, *contact.cc), person=""
            )
        return make_message(
            self.campaign,
            self.edition,
            contact,
            kind="reminder",
            about=self.step.key,
            template=TO_LEADER if to_leader else TEMPLATES[lack],
            file=reminder_draft(self.edition, agency.agency),
            values=values,
            attachments=[attached] if attached else [],
        )


def _name_paper(agency: AgencyStatus) -> str:
    if agency.paper is None:
        return ""
    return agency.paper.number or f"đến ngày {format_date(agency.paper.came)}"


def sound_workbooks(campaign: Campaign, edition: Edition, status: Status) -> dict[str, Path]:
    """The form of each agency that returned nothing, where it is there as it was sent."""
    paths = {
        agency.agency: campaign.outgoing / workbook_name(edition, agency.agency)
        for agency in status.agencies
        if agency.received_at is None
    }
    unsound = dict(doubt_workbooks(campaign, edition, paths))
    return {key: path for key, path in paths.items() if key not in unsound}


def latest_corrections(campaign: Campaign, events: Iterable[Event]) -> dict[str, Path]:
    """The correction of each agency's latest return, where it has one that is still there."""
    last = {e.agency: e for e in events if e.kind == "checked" and e.agency}
    wanted = [
        Correction(agency=key, submission=e.submission, path=campaign.folder / name)
        for key, e in last.items()
        if (name := e.detail.get("correction"))
    ]
    sound = dict(sound_corrections(wanted, campaign.settings.limits))
    return {key: sound[e.submission] for key, e in last.items() if e.submission in sound}


def reminder_draft(edition: Edition, agency: str) -> str:
    """The name of an agency's reminder as a draft: a later one takes the place of an earlier."""
    return f"{Path(workbook_name(edition, agency)).stem}-nhac.eml"
