"""Letters of ours that did not arrive: a server's report, entered with the agency it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from khreport.contacts import ContactList
from khreport.edges.ledger import Event, Ledger, now, user
from khreport.mails import Mail


class Bounced(msgspec.Struct, frozen=True, kw_only=True):
    """An agency that a letter of ours did not reach: at which address, and why.

    `agency` is "" where neither the letter nor the address tells.
    """

    agency: str
    address: str
    said: str


def enter_bounces(
    ledger: Ledger, events: Sequence[Event], mail: Mail, contacts: ContactList | None
) -> list[Bounced]:
    """What a report says of our letters; the ledger holds each as refused, with its letter."""
    letter = _find_letter(events, mail.about)
    bounced = []
    for bounce in mail.bounces:
        listed = contacts.agencies_of(bounce.address) if contacts else ()
        agency = letter.agency if letter else listed[0] if len(listed) == 1 else ""
        bounced.append(Bounced(agency=agency, address=bounce.address, said=bounce.said))
        detail = {
            "letter": "", "about": "", "message_id": "", "to": [bounce.address],
            "refused": {bounce.address: bounce.said}, "reason": "", "bounced": True,
        }  # fmt: skip
        if letter:
            detail |= {name: letter.detail[name] for name in ("letter", "about", "message_id")}
        if agency:
            ledger.append("refused", agency, "", detail, now(), user())
    return bounced


def _find_letter(events: Iterable[Event], ids: Sequence[str]) -> Event | None:
    """The sending of the letter that a report is about."""
    return next((e for e in events if e.kind == "sent" and e.detail.get("message_id") in ids), None)
