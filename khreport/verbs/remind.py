"""``khreport remind``: the agencies that owe an answer are reminded, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from time import sleep

import msgspec

from khreport.campaign import Campaign
from khreport.contacts import find_agency
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Event, Ledger, now, user
from khreport.edition import Edition
from khreport.reminders import Lack, Step, lay_ladder, next_step, step_on
from khreport.verbs.closing import Lock, read_lock, tell_lock
from khreport.verbs.contacts import read_contacts
from khreport.verbs.deliver import Delivery, deliver
from khreport.verbs.drafts import drop_draft, tell_kept
from khreport.verbs.due_day import working_days
from khreport.verbs.letters import own_agency
from khreport.verbs.progress import Progress, be_silent
from khreport.verbs.reminder_cases import Judge
from khreport.verbs.reminder_letters import (
    ReminderWriter,
    find_lack,
    latest_corrections,
    reminder_draft,
    sound_workbooks,
)
from khreport.verbs.status import read_status

PUT_OFF = "hôm nay đã gửi hoặc soạn thư khác cho cơ quan này nên chưa nhắc"


class Reminded(Delivery, frozen=True, kw_only=True):
    """What became of the reminders of one day.

    `step` is the one that has come, None where none has or `day_off` says why the day is not
    worked; `coming` is the day on which to run it next, `last_day` the last day in time.
    `lacks` tells of what each agency is reminded, `lacking` why one that owes an answer gets no
    letter, both by key. `for_leader` are the agencies at the leader's step without a leader's
    address: the letter goes to the contact, and the officer's own leader is told of them. `own`
    is the name of the agency that collects, and gets no letter.
    """

    today: dt.date
    due: dt.date
    last_day: dt.date
    step: Step | None = None
    coming: dt.date | None = None
    day_off: str = ""
    lacks: dict[str, Lack] = {}  # noqa: RUF012 - msgspec copies it
    for_leader: tuple[str, ...] = ()
    own: str = ""


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

    Where lateness goes by the signed paper, one that lacks that alone is reminded of it. The latest
    step that has come is the one that is sent, once for each agency; steps before it are past.
    Nothing is sent on a day off, nor to an agency that got another letter that day, nor to one that
    is locked out. `again`, `unsure`, `dry_run` and `wait` are as in :func:`khreport.send`.

    >>> import datetime as dt
    >>> import khreport
    >>> from khreport.testing import trial_campaign
    >>> with trial_campaign("stp") as campaign:
    ...     reminded = khreport.remind(campaign, today=dt.date(2024, 12, 13), dry_run=True)
    >>> reminded.step.words, len(reminded.lacking)
    ('ngày đến hạn (13/12/2024)', 33)

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
        last_day=status.last_day,
        day_off=working.why_off(status.today),
        coming=coming.day if coming else None,
        warnings=(
            *status.notes,
            *working.unconfirmed(ladder[0].day if ladder else status.due, status.today),
        ),
    )
    with Ledger(campaign.ledger) as ledger:
        events = ledger.events()
    lock = read_lock(events)
    if lock.closed_at and not lock.unlocked:
        kept = () if dry_run else tuple(_drop_drafts(campaign, edition, ()))
        return _tell_closed(campaign, found, lock, kept)
    if found.day_off:
        return msgspec.structs.replace(
            found, coming=working.on_or_after(status.today) if step else found.coming
        )
    if step is None:
        return found
    later = _later_step(ladder, step, events)
    if later:
        return msgspec.structs.replace(
            found,
            fault=f"Đã nhắc bước {later.words}, nên không nhắc lại bước trước đó: {step.words}. "
            "Hãy chạy lại với ngày khác ở --date, hoặc bỏ --date.",
        )
    contacts = read_contacts(campaign, edition)
    writer = ReminderWriter(
        campaign,
        edition,
        step,
        status.today,
        working,
        sound_workbooks(campaign, edition, status) | latest_corrections(campaign, events),
    )
    own = own_agency(campaign, edition)
    judge = Judge(campaign, contacts, events, writer, wanted)
    cases = [
        judge.judge(agency, lack)
        for agency in status.agencies
        if (lack := find_lack(agency, edition))
        and agency.agency != own
        and not lock.holds(agency.agency)
    ]
    messages = [case.message for case in cases if case.message]
    lacks = {case.agency: case.lack for case in cases if case.message}
    put_off = {case.agency: PUT_OFF for case in cases if case.put_off}
    doubts = [case.doubt for case in cases if case.doubt]
    if not dry_run:
        doubts += _drop_drafts(campaign, edition, lacks.keys() - put_off.keys())
    delivery = deliver(
        campaign,
        messages,
        again=wanted,
        put_off=put_off,
        unsure=unsure,
        dry_run=dry_run,
        progress=progress,
        wait=wait,
    )
    if not dry_run:
        _enter(campaign, delivery, step, lacks)
    tomorrow = working.shift(status.today, 1)
    # who was put off is reminded of the same step while it holds
    waits = put_off and step_on(ladder, tomorrow, working) == step
    return msgspec.structs.replace(
        found,
        step=step,
        coming=tomorrow if waits else found.coming,
        outcomes=delivery.outcomes,
        lacks=lacks,
        lacking={case.agency: case.why for case in cases if case.why},
        for_leader=tuple(case.agency for case in cases if case.for_leader),
        warnings=(*found.warnings, *contacts.warnings, *doubts),
        fault=delivery.fault,
        own=edition.plan.agency[own].name if own else "",
    )


def _tell_closed(
    campaign: Campaign, found: Reminded, lock: Lock, kept: tuple[str, ...]
) -> Reminded:
    """What is found of a closed round: that nobody is reminded, and what to do about that.

    `kept` says where edited drafts of reminders are that are not to go any more.
    """
    (closed,) = tell_lock(lock)
    return msgspec.structs.replace(
        found,
        day_off="",
        coming=None,
        warnings=(*(warning for warning in found.warnings if warning != closed), *kept),
        fault=f"{closed} Không nhắc cơ quan nào. Muốn nhận thêm của một cơ quan, hãy chạy: "
        f'khreport unlock {campaign.folder} CƠ_QUAN --reason "LÝ DO"',
    )


def _later_step(ladder: Sequence[Step], step: Step, events: Iterable[Event]) -> Step | None:
    """The last step after this one, to the same due day, of which somebody was reminded."""
    gone = {event.detail.get("about") for event in events if event.kind == "reminded"}
    after = ladder[ladder.index(step) + 1 :]
    return next((each for each in reversed(after) if each.key in gone), None)


def _drop_drafts(campaign: Campaign, edition: Edition, reminded: Collection[str]) -> Iterator[str]:
    """Where edited drafts are, in words; none is left for an agency that is not to be reminded."""
    with Ledger(campaign.ledger) as ledger:
        for agency in (key for key in edition.asked if key not in reminded):
            dropped = drop_draft(campaign, ledger, agency, reminder_draft(edition, agency))
            if dropped and dropped.kept:
                yield tell_kept(edition.plan.agency[agency].name, dropped)


def _enter(campaign: Campaign, delivery: Delivery, step: Step, lacks: Mapping[str, Lack]) -> None:
    """Nothing; the ledger holds each reminder that went or was drafted, once for its step."""
    with Ledger(campaign.ledger) as ledger, ledger.together(patiently=True):
        entered = {(e.agency, e.detail.get("about")) for e in ledger.events("reminded")}
        for outcome in delivery.outcomes:
            agency = outcome.message.agency
            # one that went before an interruption was not entered yet
            went = outcome.state in ("sent", "before", "drafted")
            if went and not outcome.missed_all and (agency, step.key) not in entered:
                detail = {
                    "about": step.key,
                    "reason": step.words,
                    "lack": lacks[agency],
                    "message_id": outcome.message_id,
                }
                ledger.append("reminded", agency, "", detail, now(), user())
