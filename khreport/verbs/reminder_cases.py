"""Whether an agency that owes something can be reminded today, by what it got until now."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from khreport.campaign import Campaign
from khreport.contacts import ContactList
from khreport.edges.ledger import Event
from khreport.letters import Message
from khreport.reminders import Lack, is_too_soon
from khreport.status import AgencyStatus
from khreport.text import join_and
from khreport.verbs.posted import Posted, fold_addresses, follow, follow_each, follow_forms
from khreport.verbs.reminder_letters import ReminderWriter


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """An agency that owes something: the reminder to it, or why there is none in words.

    `doubt` says what is odd in its addresses, `put_off` that it got a letter that day already, and
    `for_leader` that its leader should be written to and has no address.
    """

    agency: str
    lack: Lack
    message: Message | None = None
    why: str = ""
    doubt: str = ""
    put_off: bool = False
    for_leader: bool = False


class Judge:
    """Finds whether an agency that owes something can be reminded, by the letters to it."""

    def __init__(
        self,
        campaign: Campaign,
        contacts: ContactList,
        events: Sequence[Event],
        writer: ReminderWriter,
        wanted: Collection[str],
    ) -> None:
        self.campaign, self.contacts, self.writer, self.wanted = campaign, contacts, writer, wanted
        self._events: dict[str, list[Event]] = {}
        for event in events:
            self._events.setdefault(event.agency, []).append(event)

    def judge(self, agency: AgencyStatus, lack: Lack) -> Case:
        """How it is with an agency."""
        key, writer = agency.agency, self.writer
        case = Case(agency=key, lack=lack)
        events = self._events.get(key, [])
        letters = {name[1:]: how for name, how in follow_each(events).items()}
        contact = self.contacts.reachable(key)
        if contact is None:
            why = self.contacts.tell_missing(writer.edition.plan.agency[key])
            return msgspec.structs.replace(case, why=why)
        why = self._why_not(agency, follow_forms(events)[0])
        if why:
            return msgspec.structs.replace(case, why=why)
        way = follow(events)
        alive = tuple(a for a in contact.leader if a.casefold() not in way.bounced)
        contact = msgspec.structs.replace(contact, leader=alive)
        message = writer.write(agency, lack, contact)
        lost = join_and(list(way.refused_of(message.recipients)))
        told = f"{agency.name}: thư trước không tới {lost}." if lost else ""
        wanted, file = key in self.wanted, self.contacts.file
        if fold_addresses(a.email for a in message.to) <= way.bounced and not wanted:
            why = f"{told} Hãy sửa địa chỉ trong {file} rồi chạy lại."
            return msgspec.structs.replace(case, why=why)
        begun = (message.kind, message.about) in letters
        days = [day for how in letters.values() for day in how.days]
        return msgspec.structs.replace(
            case,
            message=message,
            doubt=lost and f"{told} Thư nhắc vẫn đi; hãy xem lại địa chỉ trong {file}.",
            put_off=not (begun or wanted) and is_too_soon(days, writer.today, writer.working),
            for_leader=writer.step.kind == "leader" and not contact.leader,
        )

    def _why_not(self, agency: AgencyStatus, form: Posted) -> str:
        """Why an agency that owes something is not to be reminded, in words; "" if it is."""
        folder, name = self.campaign.folder, agency.name
        if form.is_refused and agency.received_at is None and not agency.waiting:
            return (
                f"{name}: thư gửi biểu không tới nơi. Hãy sửa địa chỉ rồi chạy: "
                f'khreport send {folder} --again "{agency.short}"'
            )
        if agency.state == "unsure":
            return (
                f"{name}: chưa rõ đã gửi biểu hay chưa. Hãy hỏi cơ quan; chưa nhận được thì chạy: "
                f'khreport send {folder} --again "{agency.short}"'
            )
        if agency.state == "unsent":
            return f"{name}: chưa gửi biểu. Hãy chạy: khreport send {folder}"
        if agency.state == "received" or agency.waiting:
            return f"{name}: đã gửi về, chưa kiểm tra. Hãy chạy: khreport collect {folder}"
        return ""
