"""``khreport log --rebuild``: a ledger that was lost or broken, made again of what is stored."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from khreport.campaign import Campaign
from khreport.dates import ZONE
from khreport.edges.folder import frozen_edition
from khreport.edges.ledger import Event, Ledger, ledger_is_whole, now, salvage_events, user
from khreport.edges.reader import Reader
from khreport.edges.store import content_digest, move_file, replacing
from khreport.errors import CampaignError
from khreport.read.identify import identify
from khreport.verbs.inbox import returned_files
from khreport.verbs.judge import Checked
from khreport.verbs.progress import Progress, be_silent
from khreport.verbs.take_in import take_in

RESCUED = "khoi-phuc"
"""The folder of the inbox into which originals go that are in the store alone."""


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """Where the old ledger is now, if there was one, and how many events of it could be read.

    `files` were taken in anew.
    """

    aside: Path | None
    salvaged: int
    files: tuple[Checked, ...]


def rebuild_ledger(campaign: Campaign, progress: Progress = be_silent) -> Rebuilt:
    """The campaign has a ledger again: of all that the old one still tells, and of its files.

    The old one is moved aside, never deleted. What no file tells is lost where the old one
    cannot be read: who was written to, waivers, numbers of papers. So that nobody is written to
    twice, letters with forms count as begun: `send` asks before it sends them again.

    Raises:
        CampaignError: the ledger can be read, or no form ever went out.

    """
    if ledger_is_whole(campaign.ledger):
        raise CampaignError("Sổ theo dõi vẫn đọc được, không phải dựng lại.")
    editions = sorted((campaign.state / "editions").glob("*.json"), key=lambda p: p.stat().st_mtime)
    if not editions:
        raise CampaignError(
            f"Không còn biểu mẫu đã phát trong {campaign.state}. "
            "Hãy khôi phục thư mục .khreport từ bản sao lưu."
        )
    old = salvage_events(campaign.ledger)
    aside = _move_aside(campaign.ledger)
    with Ledger(campaign.ledger) as ledger, ledger.together():
        for event in old:
            ledger.append(
                event.kind, event.agency, event.submission, event.detail, event.at, event.who
            )
        reason = f"đọc lại được {len(old)} việc của sổ cũ"
        ledger.append("rebuilt", "", "", {"reason": reason}, now(), user())
        sent = {event.detail["digest"] for event in old if event.kind == "prepared"}
        for path in editions:
            if path.stem not in sent:
                # its day, as letters are fetched since then
                made = dt.datetime.fromtimestamp(path.stat().st_mtime, ZONE)
                ledger.append("prepared", "", "", {"digest": path.stem}, made, user())
        newest = frozen_edition(editions[-1])
        told = {event.agency for event in old if event.kind == "sent"}
        for agency in (key for key in newest.asked if key not in told):
            detail = {"letter": "form", "about": newest.digest, "message_id": "", "to": []}
            ledger.append("sending", agency, "", detail, now(), user())
    _rescue(campaign, old)
    files = take_in(campaign, progress=progress)
    return Rebuilt(aside=aside, salvaged=len(old), files=tuple(files))


def _move_aside(ledger: Path) -> Path | None:
    if not ledger.exists():
        return None
    number = 1
    while (aside := ledger.with_name(f"{ledger.stem}-hong-{number}{ledger.suffix}")).exists():
        number += 1
    move_file(ledger, aside)
    return aside


def _rescue(campaign: Campaign, old: list[Event]) -> None:
    """Nothing; returns that are in the store alone stand in the inbox, with their day."""
    there = {content_digest(path) for path in returned_files(campaign.inbox)}
    there |= {event.submission for event in old if event.kind == "checked"}
    with Reader(campaign.settings.limits) as reader:
        for path in _stored(campaign):
            if path.name in there or identify(reader.read(path)) is None:
                continue
            with replacing(campaign.inbox / RESCUED / f"{path.name[:12]}.xlsx") as beside:
                shutil.copyfile(path, beside)
                stat = path.stat()
                os.utime(beside, (stat.st_atime, stat.st_mtime))


def _stored(campaign: Campaign) -> Iterator[Path]:
    files = (path for path in (campaign.state / "store").rglob("*") if path.is_file())
    yield from sorted(files, key=lambda path: (path.stat().st_mtime, path.name))
