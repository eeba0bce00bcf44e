"""``khreport remind``: the agencies that owe an answer are reminded, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import sleep

import msgspec

from khreport.campaign import Campaign
from khreport.contacts import Contact, find_agency
from khreport.dates import format_date
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Event, Ledger, now, user
from khreport.edition import Edition
from khreport.layout.workbook import workbook_name
from khreport.letters import Message
from khreport.reminders import Lack, Step, lay_ladder, next_step, step_on
from khreport.status import AgencyStatus, Status
from khreport.verbs.closing import read_lock
from khreport.verbs.contacts import read_contacts
from khreport.verbs.corrections import Correction, sound_corrections
from khreport.verbs.deliver import Delivery, Outcome, deliver
from khreport.verbs.letters import make_message, own_agency
from khreport.verbs.progress import Progress, be_silent
from khreport.verbs.send import doubt_workbooks
from khreport.verbs.standing import working_days
from khreport.verbs.status import read_status
from khreport.workdays import WorkingDays

TEMPLATES: dict[Lack, str] = {
    "nothing": "nhac-chua-nop.txt",
    "part": "nhac-nop-thieu.txt",
    "faulty": "nhac-con-loi.txt",
}
TO_LEADER = "nhac-lanh-dao.txt"


class Reminded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the reminders of one day.

    `step` is the one that has come, None where none has or `day_off` says why the day is not
    worked; `coming` is the day on which to run it next. `lacks` tells of what each agency is
    reminded, `lacking` why one that owes an answer gets no letter, both by key. `for_leader`
    are the agencies at the leader's step without a leader's address: the letter goes to the
    contact, and the officer's own leader is told of them. `own` is the name of the agency that
    collects, and gets no letter.
    """

    today: dt.date
    due: dt.date
    step: Step | None = None
    coming: dt.date | None = None
    day_off: str = ""
    outcomes: tuple[Outcome, ...] = ()
    lacks: dict[str, Lack] = {}
    lacking: dict[str, str] = {}
    for_leader: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    fault: str = ""
    own: str = ""

    @property
    def complete(self) -> bool:
        """Whether every agency that owes an answer was reminded at all its addresses."""
        went = ("sent", "before", "drafted", "waiting")
        return not (self.fault or self.lacking) and all(
            outcome.state in went and not outcome.refused for outcome in self.outcomes
        )


def remind(  # noqa: PLR0913 - each is a wish of the officer
    campaign: Campaign,
    *,
    today: dt.date | None = None,
    again: Sequence[str] = (),
    unsure: bool = False,
    dry_run: bool = False,
    progress: Progress = be_silent,
    wait: Callable[[float], None] = sleep,
) -> Reminded:
    """Remind every agency that got its form and has no accepted return, as `today` asks for.

    The latest step that has come is the one that is sent, once for each agency; steps before it
    are past. On a day off nothing is sent. `again`, `unsure`, `dry_run` and `wait` are as in
    :func:`khreport.send`.

    Raises:
        CampaignError: there are no templates yet, or the contact list cannot be used.
        MailError: the server cannot be used.

    """
    edition = newest_edition(campaign)
    wanted = frozenset(find_agency(called, edition.agencies) for called in again)
    status = read_status(campaign, today)
    working = working_days(campaign)
    ladder = lay_ladder(campaign.settings.reminders, status.due, working)
    step = step_on(ladder, status.today, working)
    coming = next_step(ladder, status.today)
    found = Reminded(
        today=status.today,
        due=status.due,
        day_off=working.why_off(status.today),
        coming=coming.day if coming else None,
        warnings=(
            *status.notes,
            *working.unconfirmed(ladder[0].day if ladder else status.due, status.today),
        ),
    )
    if found.day_off:
        return msgspec.structs.replace(
            found, coming=working.on_or_after(status.today) if step else found.coming
        )
    if step is None:
        return found
    with Ledger(campaign.ledger) as ledger:
        events = ledger.events()
    later = _later_step(ladder, step, events)
    if later:
        return msgspec.structs.replace(
            found,
            fault=f"Đã nhắc bước {later.words}, nên không nhắc lại bước trước đó: {step.words}. "
            "Hãy chạy lại với ngày khác ở --date, hoặc bỏ --date.",
        )
    contacts = read_contacts(campaign, edition)
    lock = read_lock(events)
    messages: list[Message] = []
    lacks: dict[str, Lack] = {}
    lacking: dict[str, str] = {}
    for_leader: list[str] = []
    writer = _Writer(
        campaign,
        edition,
        step,
        status.today,
        working,
        _sound_workbooks(campaign, edition, status) | _corrections(campaign, events),
    )
    own = own_agency(campaign, edition)
    for agency in status.agencies:
        if agency.agency == own or agency.state == "accepted" or lock.holds(agency.agency):
            continue
        contact = contacts.reachable(agency.agency)
        why = (
            _why_not(agency, campaign)
            if contact
            else contacts.tell_missing(edition.plan.agency[agency.agency])
        )
        if why or contact is None:
            lacking[agency.agency] = why
            continue
        lacks[agency.agency] = find_lack(agency, edition)
        if step.kind == "leader" and not contact.leader:
            for_leader.append(agency.agency)
        messages.append(writer.write(agency, contact))
    if not dry_run:
        _drop_drafts(campaign, edition, [message.agency for message in messages])
    delivery = deliver(
        campaign,
        messages,
        again=wanted,
        unsure=unsure,
        dry_run=dry_run,
        progress=progress,
        wait=wait,
    )
    if not dry_run:
        _enter(campaign, delivery, step, lacks)
    return msgspec.structs.replace(
        found,
        step=step,
        outcomes=delivery.outcomes,
        lacks=lacks,
        lacking=lacking,
        for_leader=tuple(for_leader),
        warnings=(*found.warnings, *contacts.warnings),
        fault=delivery.fault,
        own=edition.plan.agency[own].name if own else "",
    )


def _later_step(ladder: Sequence[Step], step: Step, events: Iterable[Event]) -> Step | None:
    """The last step after this one, to the same due day, of which somebody was reminded."""
    gone = {event.detail.get("about") for event in events if event.kind == "reminded"}
    after = ladder[ladder.index(step) + 1 :]
    return next((each for each in reversed(after) if each.key in gone), None)


def find_lack(agency: AgencyStatus, edition: Edition) -> Lack:
    """What an agency that has no accepted return is reminded of."""
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


def _why_not(agency: AgencyStatus, campaign: Campaign) -> str:
    """Why an agency that owes an answer is not to be reminded, in words; "" if it is."""
    if agency.state == "unsent":
        return f"{agency.name}: chưa gửi biểu. Hãy chạy: khreport send {campaign.folder}"
    if agency.state == "received" or agency.waiting:
        return (
            f"{agency.name}: đã gửi về, chưa kiểm tra. Hãy chạy: khreport collect {campaign.folder}"
        )
    if agency.bounced and agency.received_at is None:
        return (
            f"{agency.name}: thư gửi biểu không tới nơi. Hãy sửa địa chỉ rồi chạy: "
            f'khreport send {campaign.folder} --again "{agency.short}"'
        )
    return ""


class _Writer:
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
        self._attached = attached
        last = working.on_or_after(step.due)
        self._times = {
            "left": str(working.count_between(today, last)) if today < last else "",
            "today": format_date(today) if today == last else "",
            "over": str((today - step.due).days) if today > last else "",
        }

    def write(self, agency: AgencyStatus, contact: Contact) -> Message:
        """The reminder of an agency: to its people or, at the last step, to its leader."""
        lack = find_lack(agency, self.edition)
        to_leader = self.step.kind == "leader" and bool(contact.leader)
        attached = self._attached.get(agency.agency)
        received = agency.received_at
        values = {
            **self._times,
            "person": contact.person,
            "sent_on": format_date(agency.sent_on) if agency.sent_on else "",
            "received": format_date(received.date()) if received else "",
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


def _sound_workbooks(campaign: Campaign, edition: Edition, status: Status) -> dict[str, Path]:
    """The form of each agency that returned nothing, where it is there as it was sent."""
    paths = {
        agency.agency: campaign.outgoing / workbook_name(edition, agency.agency)
        for agency in status.agencies
        if agency.received_at is None
    }
    unsound = dict(doubt_workbooks(campaign, edition, paths))
    return {key: path for key, path in paths.items() if key not in unsound}


def _corrections(campaign: Campaign, events: Iterable[Event]) -> dict[str, Path]:
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


def _drop_drafts(campaign: Campaign, edition: Edition, reminded: Sequence[str]) -> None:
    """Nothing; no draft is left for an agency that is not to be reminded any more."""
    for agency in edition.asked.keys() - set(reminded):
        (campaign.drafts / reminder_draft(edition, agency)).unlink(missing_ok=True)


def _enter(campaign: Campaign, delivery: Delivery, step: Step, lacks: Mapping[str, Lack]) -> None:
    """Nothing; the ledger holds each reminder that went or was drafted, once for its step."""
    with Ledger(campaign.ledger) as ledger, ledger.together():
        entered = {(e.agency, e.detail.get("about")) for e in ledger.events("reminded")}
        for outcome in delivery.outcomes:
            agency = outcome.message.agency
            # one that went before an interruption was not entered yet
            went = outcome.state in ("sent", "before", "drafted")
            if went and (agency, step.key) not in entered:
                detail = {"about": step.key, "reason": step.words, "lack": lacks[agency]}
                ledger.append("reminded", agency, "", detail, now(), user())
