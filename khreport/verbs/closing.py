"""``khreport close`` and ``khreport unlock``: when a round takes no more returns, and from whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec

from khreport.campaign import Campaign
from khreport.contacts import find_agency
from khreport.dates import format_date
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Event, Ledger, now, user
from khreport.errors import CampaignError
from khreport.text import clean


class Lock(msgspec.Struct, frozen=True):
    """When a round was closed last, if it was, and the agencies that were unlocked since."""

    closed_at: dt.datetime | None
    unlocked: frozenset[str]

    def holds(self, agency: str, came: dt.datetime | None = None) -> bool:
        """Whether returns of an agency wait for an unlocking, or the one that `came` then does."""
        if self.closed_at is None or agency in self.unlocked:
            return False
        return came is None or came > self.closed_at


def read_lock(events: Iterable[Event]) -> Lock:
    """How the round stands by the events of its ledger."""
    lock = Lock(None, frozenset())
    for event in events:
        if event.kind == "closed":
            lock = Lock(event.at, frozenset())
        elif event.kind == "unlocked":
            lock = Lock(lock.closed_at, lock.unlocked | {event.agency})
    return lock


def tell_lock(lock: Lock) -> Iterator[str]:
    """That the round is closed, and since when, if it is."""
    if lock.closed_at:
        yield f"Đợt báo cáo đã khóa ngày {format_date(lock.closed_at.date())}."


def close(campaign: Campaign) -> Lock:
    """The round takes no more returns; agencies that were unlocked before are locked again.

    Raises:
        CampaignError: there are no templates yet, so that there is nothing to close.

    """
    newest_edition(campaign)
    with Ledger(campaign.ledger) as ledger, ledger.together():
        ledger.append("closed", "", "", {}, now(), user())
        return read_lock(ledger.events())


def unlock(campaign: Campaign, called: str, reason: str) -> str:
    """The key of the agency whose returns are taken again; the ledger holds why, and who said so.

    Raises:
        CampaignError: no asked agency is called so, no reason is given, or nothing is locked.

    """
    agency = find_agency(called, newest_edition(campaign).agencies)
    if not clean(reason):
        raise CampaignError(
            "Chưa ghi lý do mở khóa. Hãy ghi, ví dụ --reason “Xin nộp bổ sung, công văn 12/STP-VP”."
        )
    with Ledger(campaign.ledger) as ledger, ledger.together():
        lock = read_lock(ledger.events())
        if lock.closed_at is None:
            raise CampaignError("Đợt báo cáo chưa khóa sổ nên không phải mở khóa.")
        if lock.holds(agency):
            ledger.append("unlocked", agency, "", {"reason": clean(reason)}, now(), user())
    return agency
