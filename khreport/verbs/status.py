"""``khreport status``: who has sent what, and who is missing, by the ledger alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from khreport.agencies import Agency
from khreport.campaign import Campaign, LateBy
from khreport.consolidation import Receipt
from khreport.contacts import find_agency
from khreport.dates import format_date
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Event, Ledger, now, user
from khreport.edges.shipped import shipped_text
from khreport.edges.store import write_atomically
from khreport.edges.xlsx import write_book
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.forms import Form
from khreport.layout.status import lay_out_status
from khreport.layout.status_page import Page, write_page
from khreport.merge.tally import Tally, count_asked
from khreport.status import (
    FILTERS,
    AgencyState,
    AgencyStatus,
    FormHead,
    FormState,
    FormStatus,
    Status,
    narrow_status,
)
from khreport.verbs.closing import read_lock, tell_lock
from khreport.verbs.paper import merge_papers, read_paper
from khreport.verbs.standing import first_days, last_day, make_receipts


def read_status(
    campaign: Campaign,
    today: dt.date | None = None,
    *,
    agencies: Iterable[str] = (),
    states: Iterable[str] = (),
) -> Status:
    """How far a round is, counting the days from `today`; all of it, or a part.

    `agencies` are named by name, abbreviation or key; `states` are of `khreport.status.FILTERS`.

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
    of_agency: dict[str, list[Event]] = {key: [] for key in edition.asked}
    for event in events:
        of_agency.setdefault(event.agency, []).append(event)
    return Status(
        title=edition.plan.short_title,
        period=edition.period.name,
        sender=edition.sender.name,
        today=today,
        due=edition.period.due,
        late_by=late_by,
        forms=tuple(FormHead(form.key, form.sheet) for form in edition.forms),
        agencies=tuple(
            _agency_status(
                edition,
                agency,
                of_agency[agency.key],
                receipts[agency.key],
                first.get(agency.key),
                (last - today).days,
                late_by,
            )
            for agency in edition.agencies
        ),
        unclaimed=tuple(_unclaimed(events)),
        notes=tuple(_notes(events)),
    )


NOT_MAILED = (
    "Chưa gửi thư nào bằng lệnh khreport send. Nếu đã gửi biểu bằng cách khác, "
    "“Chưa gửi biểu” nghĩa là chưa nộp."
)


def _notes(events: Sequence[Event]) -> Iterator[str]:
    yield from tell_lock(read_lock(events))
    if not any(_is_form_letter(event) for event in events):
        yield NOT_MAILED


def _is_form_letter(event: Event) -> bool:
    return event.kind in ("sent", "drafted") and event.detail.get("letter") == "form"


def _is_stray_bounce(event: Event) -> bool:
    """Whether a letter of which nobody knows what it was did not arrive."""
    return event.kind == "refused" and event.detail.get("letter") == ""


def _unclaimed(events: Sequence[Event]) -> Iterator[str]:
    """The files that were checked last without anybody knowing whose they are, nor answering."""
    last = {event.submission: event for event in events if event.kind == "checked"}
    replied = {event.submission for event in events if event.kind == "replied"}
    inside = {e.submission: e.detail.get("inside") for e in events if e.kind == "received"}
    for event in last.values():
        if not (event.agency or replied & {event.submission, inside.get(event.submission)}):
            yield event.detail["file"]


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
    last = next(reversed([event for event in events if event.kind == "checked"]), shown)
    letters = [e for e in events if e.detail.get("letter") == "form" or _is_stray_bounce(e)]
    sent = [event for event in letters if event.kind == "sent"]
    held = {event.submission for event in events if event.kind == "waiting"}
    state = _state(events, receipt, shown)
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
        sent_on=sent[-1].at.date() if sent else None,
        received_at=receipt.received_at,
        first_on=first_on,
        file=receipt.file or "",
        paper=merge_papers(read_paper(event) for event in events if event.kind == "paper"),
        needs_paper=late_by == "paper",
        reminders=sum(event.kind == "reminded" for event in events),
        waiting=len(held - checked.keys()),
        bounced=bool(letters) and letters[-1].kind == "refused",
    )


def _state(events: Sequence[Event], receipt: Receipt, shown: Event | None) -> AgencyState:
    if receipt.state == "accepted":
        return "accepted"
    if shown is not None:
        return "received" if shown.detail.get("again") else "faulty"
    kinds = {event.kind for event in events if event.kind == "waiting" or _is_form_letter(event)}
    order: dict[str, AgencyState] = {"waiting": "received", "sent": "sent", "drafted": "drafted"}
    return next((state for kind, state in order.items() if kind in kinds), "unsent")


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
