"""``khreport log --rebuild``: a ledger that was lost or broken, made again of what is stored."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from khreport.campaign import Campaign
from khreport.dates import ZONE
from khreport.edges.folder import frozen_edition
from khreport.edges.ledger import Event, Ledger, now, user
from khreport.edges.ledger_files import (
    drop_ledger,
    end_of_ledger,
    journal_events,
    journal_is_torn,
    ledger_is_whole,
    replace_ledger,
    salvage_events,
    set_journal_aside,
)
from khreport.edges.reader import Reader
from khreport.edges.store import content_digest, replacing
from khreport.errors import CampaignError
from khreport.read.identify import identify
from khreport.verbs.histories import (
    drop_half_verdicts,
    have_common,
    is_of_round,
    merge_histories,
    stand_by_day,
)
from khreport.verbs.inbox import returned_files
from khreport.verbs.judge import Checked
from khreport.verbs.progress import Progress, be_silent
from khreport.verbs.take_in import campaign_turn, take_in_alone

RESCUED = "khoi-phuc"
"""The folder of the inbox into which originals go that are in the store alone."""


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """Where the old ledger is now, if there was one, and how many events of it could be read.

    Where its journal was of another round that is moved instead, and the ledger stays as it was.
    `complete` says that as far as can be told none is missing, up to `last_at`, the moment of the
    last that could be read; what came after is not told by anything. `files` were taken in anew.
    """

    aside: Path | None
    salvaged: int
    complete: bool
    files: tuple[Checked, ...]
    last_at: dt.datetime | None = None


def rebuild_ledger(campaign: Campaign, progress: Progress = be_silent) -> Rebuilt:
    """The campaign has a ledger again: of what the old one and its journal tell, and of its files.

    The old one is moved aside, never deleted. What neither journal nor file tells is lost where
    the old one cannot be read: who was written to, waivers, numbers of papers. So that nobody is
    written to twice, letters with forms then count as begun, and also where some went and the old
    one's end cannot be read: `send` asks before it sends them again. A journal of another round
    is moved aside, too. Who is stopped half-way runs it again.

    >>> import khreport
    >>> from khreport.testing import trial_campaign
    >>> with trial_campaign("stp") as campaign:
    ...     campaign.ledger.unlink()
    ...     khreport.rebuild_ledger(campaign).files  # nothing had come yet
    ()

    Raises:
        CampaignError: the ledger can be read, or no form ever went out.

    """
    with campaign_turn(campaign):
        return _rebuild(campaign, progress)


def _rebuild(campaign: Campaign, progress: Progress) -> Rebuilt:
    if ledger_is_whole(campaign.ledger):
        raise CampaignError("Sổ theo dõi vẫn đọc được, không phải dựng lại.")
    editions = sorted((campaign.state / "editions").glob("*.json"), key=lambda p: p.stat().st_mtime)
    if not editions:
        raise CampaignError(
            f"Không còn biểu mẫu đã phát trong {campaign.state}. "
            "Hãy khôi phục thư mục .khreport từ bản sao lưu."
        )
    digests = [path.stem for path in editions]
    journal, salvaged = journal_events(campaign.ledger), salvage_events(campaign.ledger)
    salvaged = salvaged if is_of_round(salvaged, digests) else []
    if not is_of_round(journal, digests) or (
        journal and salvaged and not have_common(journal, salvaged)
    ):
        journal, foreign = [], set_journal_aside(campaign.ledger)
        if ledger_is_whole(campaign.ledger):
            files = take_in_alone(campaign, progress=progress).files
            return Rebuilt(aside=foreign, salvaged=len(salvaged), complete=True, files=files)
    history = merge_histories(salvaged, journal)
    end_known = bool(salvaged) and end_of_ledger(campaign.ledger) >= history.events[-1].id
    torn = not end_known and journal_is_torn(campaign.ledger)
    old = drop_half_verdicts(history.events)
    there = {event.detail["digest"] for event in old if event.kind == "prepared"}
    complete = history.gapless and not torn and bool(there) and there.issuperset(digests[-1:])
    old = _with_prepared(old, [path for path in editions if path.stem not in there])
    _rescue(campaign, old)
    made_anew = campaign.state / "dung-lai.sqlite"
    drop_ledger(made_anew)
    with Ledger(made_anew) as ledger, ledger.together():
        for event in old:
            ledger.enter(event)
        reason = f"đọc lại được {len(history.events)} việc của sổ cũ"
        ledger.append("rebuilt", "", "", {"reason": reason}, now(), user())
        for newest, older in stand_by_day(old) if history.diverged else ():
            by = {"by": newest.submission}
            ledger.append("replaced", older.agency, older.submission, by, now(), user())
            ledger.enter(msgspec.structs.replace(newest, at=now()))
        if not complete or (_is_mailed(old) and not end_known):
            for agency, detail in _perhaps_sent(campaign, old):
                ledger.append("sending", agency, "", detail, now(), user())
    aside = replace_ledger(campaign.ledger, made_anew)
    files = take_in_alone(campaign, progress=progress).files
    return Rebuilt(
        aside=aside,
        salvaged=len(history.events),
        complete=complete,
        files=files,
        last_at=history.events[-1].at if history.events else None,
    )


def _with_prepared(old: Sequence[Event], editions: Iterable[Path]) -> list[Event]:
    """The events with those of the editions of which none tells, by the days of their files."""
    events = list(old)
    for path in editions:
        # its day, as letters are fetched since then
        made = dt.datetime.fromtimestamp(path.stat().st_mtime, ZONE)
        place = next((n for n, each in enumerate(events) if each.at > made), len(events))
        detail = {"digest": path.stem}
        prepared = Event(
            id=0, at=made, kind="prepared", agency="", submission="", detail=detail, who=user()
        )
        events.insert(place, prepared)
    return events


def _is_mailed(old: Iterable[Event]) -> bool:
    """Whether letters with forms were begun: more may have gone than a lost end tells."""
    return any(event.detail.get("letter") == "form" for event in old)


def _perhaps_sent(campaign: Campaign, old: Sequence[Event]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The agencies of which nothing tells that they got the newest forms, and what to enter."""
    sent = [event.detail["digest"] for event in old if event.kind == "prepared"]
    newest = frozen_edition(campaign.state / "editions" / f"{sent[-1]}.json")
    detail = {"letter": "form", "about": newest.digest, "message_id": "", "to": []}
    told = {
        event.agency
        for event in old
        if event.kind == "sent"
        and (event.detail.get("letter"), event.detail.get("about")) == ("form", newest.digest)
    }
    yield from ((agency, detail) for agency in newest.asked if agency not in told)


def _rescue(campaign: Campaign, old: list[Event]) -> None:
    """Nothing; returns that are in the store alone stand in the inbox, with their day."""
    there = {content_digest(path) for path in returned_files(campaign.inbox)}
    there |= {event.submission for event in old if event.kind == "checked"}
    came = {e.submission: e.detail["came"] for e in old if e.kind == "received"}
    with Reader(campaign.settings.limits) as reader:
        for path in _stored(campaign):
            if path.name in there or identify(reader.read(path)) is None:
                continue
            with replacing(campaign.inbox / RESCUED / f"{path.name[:12]}.xlsx") as beside:
                shutil.copyfile(path, beside)
                day = came.get(path.name)
                # the day on which it came, as lateness and a closing go by it
                at = dt.datetime.fromisoformat(day).timestamp() if day else path.stat().st_mtime
                os.utime(beside, (at, at))


def _stored(campaign: Campaign) -> Iterator[Path]:
    files = (path for path in (campaign.state / "store").rglob("*") if path.is_file())
    yield from sorted(files, key=lambda path: (path.stat().st_mtime, path.name))
