"""``khreport close`` and ``khreport unlock``: when a round takes no more returns, and whose."""

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
    """When a round was closed last, if it is, and the agencies that were unlocked since.

    `reopened_at` is when a round that is open again was opened, `reason` why.
    """

    closed_at: dt.datetime | None
    unlocked: frozenset[str]
    reopened_at: dt.datetime | None = None
    reason: str = ""

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
        elif event.kind == "reopened":
            lock = Lock(None, frozenset(), event.at, event.detail.get("reason", ""))
        elif event.kind == "unlocked":
            lock = msgspec.structs.replace(lock, unlocked=lock.unlocked | {event.agency})
    return lock


def was_released(waiting: Event, events: Iterable[Event]) -> bool:
    """Whether the round was opened, for all or for its agency, since a return waits."""
    return any(
        event.kind == "reopened" or (event.kind == "unlocked" and event.agency == waiting.agency)
        for event in events
        if event.id > waiting.id
    )


def tell_lock(lock: Lock) -> Iterator[str]:
    """That the round is closed, or open again, and since when, if it is."""
    if lock.closed_at:
        yield f"Đợt báo cáo đã khóa ngày {format_date(lock.closed_at.date())}."
    elif lock.reopened_at:
        day = format_date(lock.reopened_at.date())
        yield f"Đợt báo cáo đã mở lại ngày {day}: {lock.reason}."


def close(campaign: Campaign) -> Lock:
    """The round takes no more returns; agencies that were unlocked before are locked again.

    >>> import khreport
    >>> from khreport.testing import trial_campaign
    >>> with trial_campaign("stp") as campaign:
    ...     khreport.close(campaign).holds("stp")
    True

    Raises:
        CampaignError: there are no templates yet, so that there is nothing to close.

    """
    newest_edition(campaign)
    with Ledger(campaign.ledger) as ledger, ledger.together():
        ledger.append("closed", "", "", {}, now(), user())
        return read_lock(ledger.events())


def reopen(campaign: Campaign, reason: str) -> Lock:
    """The round that was closed takes returns of everybody again; the ledger holds why.

    Raises:
        CampaignError: no reason is given, or the round is not closed.

    """
    newest_edition(campaign)
    if not clean(reason):
        raise CampaignError("Chưa ghi lý do mở lại. Hãy ghi, ví dụ --reason “Gia hạn nộp báo cáo”.")
    with Ledger(campaign.ledger) as ledger, ledger.together():
        if read_lock(ledger.events()).closed_at is None:
            raise CampaignError("Đợt báo cáo chưa khóa sổ nên không phải mở lại.")
        ledger.append("reopened", "", "", {"reason": clean(reason)}, now(), user())
        return read_lock(ledger.events())


def unlock(campaign: Campaign, called: str, reason: str) -> str:
    """The key of the agency whose returns are taken again; the ledger holds why, and who said so.

    >>> import khreport
    >>> from khreport.testing import trial_campaign
    >>> with trial_campaign("stp") as campaign:
    ...     _ = khreport.close(campaign)
    ...     khreport.unlock(campaign, "Sở Tư pháp", "Xin nộp bổ sung, công văn 12/STP-VP")
    'stp'

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
