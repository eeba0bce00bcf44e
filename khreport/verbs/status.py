"""``khreport status``: who has sent what, and who is missing, by the ledger alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from khreport.agencies import Agency
from khreport.campaign import Campaign, LateBy
from khreport.consolidation import Receipt
from khreport.contacts import find_agency
from khreport.dates import format_date
from khreport.edges.folder import frozen_editions, newest_edition
from khreport.edges.ledger import Event, Ledger, now, user
from khreport.edges.shipped import shipped_text
from khreport.edges.store import write_atomically
from khreport.edges.xlsx import write_book
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.form_status import FormHead, FormState, FormStatus
from khreport.forms import Form
from khreport.layout.status import lay_out_status
from khreport.layout.status_page import Page, write_page
from khreport.merge.tally import Tally, count_asked
from khreport.status import FILTERS, AgencyState, AgencyStatus, Status, narrow_status
from khreport.verbs.asked_more import list_asked_more
from khreport.verbs.closing import read_lock, tell_lock, was_released
from khreport.verbs.due_day import last_day
from khreport.verbs.paper import merge_papers, read_paper, valid_papers
from khreport.verbs.posted import MAIL_EVENTS, Posted, count_reminders, follow_forms
from khreport.verbs.standing import first_days, latest_checked, make_receipts


def read_status(
    campaign: Campaign,
    today: dt.date | None = None,
    *,
    agencies: Iterable[str] = (),
    states: Iterable[str] = (),
) -> Status:
    """How far a round is, counting the days from `today`; all of it, or a part.

    `agencies` are named by name, abbreviation or key; `states` are of `khreport.status.FILTERS`.

    >>> import datetime as dt
    >>> import khreport
    >>> from khreport.testing import trial_campaign
    >>> with trial_campaign("stp") as campaign:
    ...     status = khreport.read_status(campaign, dt.date(2024, 12, 20), agencies=["STP"])
    >>> [(agency.state, agency.days_left) for agency in status.agencies]
    [('unsent', -7)]

    Raises:
        CampaignError: there are no templates yet, or no asked agency or state is called so.

    """
    unknown = sorted(set(states := tuple(states)) - FILTERS.keys())
    if unknown:
        raise CampaignError(
            f"Không có tình trạng “{unknown[0]}”. Hãy ghi một trong: {', '.join(FILTERS)}."
        )
    edition = newest_edition(campaign)
    wanted = [find_agency(called, edition.agencies) for called in agencies]
    with Ledger(campaign.ledger) as ledger:
        events = ledger.events()
    dates = campaign.settings.dates
    last = last_day(campaign, edition)
    status = make_status(edition, events, today or now().date(), dates.late_by, last)
    if dates.due != edition.period.due:
        note = (
            f"khreport.toml ghi hạn {format_date(dates.due)}, khác hạn "
            f"{format_date(edition.period.due)} trên biểu đã phát. "
            f"Muốn đổi hạn, hãy chạy: khreport templates {campaign.folder}"
        )
        status = msgspec.structs.replace(status, notes=(*status.notes, note))
    more = list_asked_more(edition, partial(frozen_editions, campaign), events)
    notes = tuple(
        f"{edition.plan.agency[key].name}: biểu mới hỏi thêm {count} dòng so với bản đã đạt. "
        f"Hãy gửi biểu mới bằng lệnh: khreport send {campaign.folder}"
        for key, count in more.items()
    )
    status = msgspec.structs.replace(status, notes=(*status.notes, *notes))
    return narrow_status(status, agencies=wanted, states=states)


def make_status(
    edition: Edition,
    events: list[Event],
    today: dt.date,
    late_by: LateBy = "file",
    last: dt.date | None = None,
) -> Status:
    """The status of every asked agency, as the events of a ledger tell it.

    `last` is the last day in time, where that is not the due day.
    """
    last = last or edition.period.due
    accepted = {event.agency: event.submission for event in events if event.kind == "accepted"}
    receipts = make_receipts(edition, events, accepted, late_by, last)
    first = first_days(events)
    unlocked = read_lock(events).unlocked
    held, free = _find_held(events)
    waiting = Counter(e.agency for e in (*held, *free) if e in held or e.agency in unlocked)
    of_agency: dict[str, list[Event]] = {key: [] for key in edition.asked}
    for event in events:
        of_agency.setdefault(event.agency, []).append(event)
    return Status(
        title=edition.plan.short_title,
        period=edition.period.name,
        sender=edition.sender.name,
        today=today,
        due=edition.period.due,
        last_day=last,
        late_by=late_by,
        forms=tuple(FormHead(form.key, form.sheet) for form in edition.forms),
        agencies=tuple(
            msgspec.structs.replace(
                _agency_status(
                    edition,
                    agency,
                    of_agency[agency.key],
                    receipts[agency.key],
                    first.get(agency.key),
                    (last - today).days,
                    late_by,
                ),
                unlocked=agency.key in unlocked,
                waiting=waiting[agency.key],
            )
            for agency in edition.agencies
        ),
        unclaimed=tuple(_unclaimed(events)),
        notes=(*_notes(events), *_tell_free(len(free))),
    )


NOT_MAILED = (
    "Chưa gửi thư nào bằng lệnh khreport send. Nếu đã gửi biểu bằng cách khác, "
    "“Chưa gửi biểu” nghĩa là chưa nộp."
)


def _notes(events: Sequence[Event]) -> Iterator[str]:
    yield from tell_lock(read_lock(events))
    if not any(_is_form_letter(event) for event in events):
        yield NOT_MAILED


def _find_held(events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    """What waits for an unlocking, and what waits no longer and was not judged yet."""
    judged = {event.submission for event in events if event.kind == "checked"}
    held: list[Event] = []
    free: list[Event] = []
    for event in events:
        if event.kind == "waiting" and event.submission not in judged:
            (free if was_released(event, events) else held).append(event)
    return held, free


def _tell_free(count: int) -> Iterator[str]:
    if count:
        yield (
            f"{count} bản nộp đến sau khi khóa, nay được mở khóa, chưa kiểm tra."
            " Hãy chạy khreport collect."
        )


def _is_form_letter(event: Event) -> bool:
    begun = event.kind in MAIL_EVENTS and event.kind != "refused"
    return begun and event.detail.get("letter") == "form"


def _unclaimed(events: Sequence[Event]) -> Iterator[str]:
    """The files of which nobody knows whose they are, or that were not opened, nor answered."""
    last = {event.submission: event for event in events if event.kind == "checked"}
    replied = {event.submission for event in events if event.kind == "replied"}
    inside = {e.submission: e.detail.get("inside") for e in events if e.kind == "received"}
    # a scan that was put into the inbox and recorded later
    seen_to = replied | {event.detail.get("digest") for event in valid_papers(events)}
    for event in last.values():
        if not (event.agency or seen_to & {event.submission, inside.get(event.submission)}):
            yield event.detail["file"]
    answered = replied | {inside.get(id) for id in replied}  # noqa: A001
    for event in events:
        if event.kind == "opened" and event.submission not in answered:
            file, told = event.detail["file"], event.detail.get("told", ())
            names = [name for name, code in told if code.startswith("file.archive")]
            yield from dict.fromkeys(f"{file}/{name}" if name else file for name in names)


def _agency_status(  # noqa: PLR0913, PLR0917 - what the round says of an agency
    edition: Edition,
    agency: Agency,
    events: Sequence[Event],
    receipt: Receipt,
    first_on: dt.date | None,
    days_left: int,
    late_by: LateBy,
) -> AgencyStatus:
    checked = {event.submission: event for event in events if event.kind == "checked"}
    shown = checked.get(receipt.submission or "")
    last = latest_checked(events).get(agency.key, shown)
    letters = follow_forms(events)
    arrived = [event for how in letters for event in how.arrived]
    reminders, drafts = count_reminders(events)
    state = _state(events, letters, receipt, shown)
    tallies = shown.detail.get("forms") if shown else {}
    return AgencyStatus(
        agency=agency.key,
        name=agency.name,
        short=agency.short,
        state=state,
        forms=tuple(
            _form_status(edition, agency.key, form, state, tallies) for form in edition.forms
        ),
        days_left=days_left,
        days_late=receipt.days_late,
        errors=last.detail["errors"] if last else 0,
        sent_on=max(event.at for event in arrived).date() if arrived else None,
        received_at=receipt.received_at,
        first_on=first_on,
        file=receipt.file or "",
        paper=merge_papers(read_paper(event) for event in valid_papers(events)),
        needs_paper=late_by == "paper",
        reminders=reminders,
        drafts=drafts,
        bounced=letters[0].is_refused,
    )


def _state(
    events: Sequence[Event], letters: Sequence[Posted], receipt: Receipt, shown: Event | None
) -> AgencyState:
    if receipt.state == "accepted":
        return "accepted"
    if shown is not None:
        return "received" if shown.detail.get("again") else "faulty"
    told = [event for how in letters for event in how.events]
    holds: dict[AgencyState, bool] = {
        "received": any(event.kind == "waiting" for event in events),
        "sent": any(how.arrived for how in letters),
        # begun, and nobody knows how it ended
        "unsure": any(how.events and how.events[-1].kind == "sending" for how in letters),
        "drafted": any(event.kind == "drafted" for event in told),
    }
    return next((state for state, does in holds.items() if does), "unsent")


def _form_status(
    edition: Edition,
    agency: str,
    form: Form,
    state: AgencyState,
    tallies: Mapping[str, Tally] | None,
) -> FormStatus:
    asked = count_asked(edition, agency, form)
    if not asked and form.rows not in ("fields", "records"):
        return FormStatus(form=form.key, state="not_asked")
    if tallies is None:
        # the return could not be read, or was entered by a version that did not count
        return FormStatus(form=form.key, state="unknown", asked=asked)
    tally = tallies.get(form.key)
    if tally is None:
        return FormStatus(form=form.key, state=state, asked=asked)
    return FormStatus(
        form=form.key, state=_form_state(form, state, tally),
        **{name: tally[name] for name in ("asked", "answered", "errors", "secret")},
    )  # fmt: skip


def _form_state(form: Form, state: AgencyState, tally: Tally) -> FormState:
    if tally["errors"]:
        return "faulty"
    if state != "accepted":
        return "received"
    if not tally["answered"]:
        # that there is nothing to list was confirmed, or the return was not accepted
        return "nil" if form.rows == "records" else "blank"
    return "secret" if tally["secret"] == tally["answered"] else "accepted"


def status_as_json(status: Status) -> dict[str, Any]:
    """The status as values for JSON, with what is said of each agency in words beside it."""
    return {
        **msgspec.to_builtins(status),
        "days_left": (status.last_day - status.today).days,
        "counts": status.counts,
        "agencies": [
            {
                **msgspec.to_builtins(agency),
                "tags": agency.tags,
                "words": [agency.state_words, agency.time_words],
            }
            for agency in status.agencies
        ],
    }


def export_status(
    campaign: Campaign, status: Status, *, book: Path | None = None, page: Path | None = None
) -> None:
    """The status as a workbook and as a page that needs nothing else, where they are wished for.

    >>> import khreport
    >>> from khreport.testing import trial_campaign
    >>> with trial_campaign("stp") as campaign:
    ...     page = campaign.folder / "tinh-hinh.html"
    ...     khreport.export_status(campaign, khreport.read_status(campaign), page=page)
    ...     page.is_file()
    True

    Raises:
        KhreportError: a file is open in another program, or its folder cannot be written.

    """
    if book:
        write_book(lay_out_status(status), book)
    if page:
        looks = Page(
            style=shipped_text("templates/html/status.css"),
            script=shipped_text("templates/html/status.js"),
        )
        write_atomically(page, write_page(status, looks).encode())
    with Ledger(campaign.ledger) as ledger, ledger.together():
        for path in filter(None, (book, page)):
            detail = {"what": "status", "file": path.name, "date": status.today.isoformat()}
            ledger.append("exported", "", "", detail, now(), user())
