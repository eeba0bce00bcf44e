"""Drafts of letters that lie in the campaign's folder, where an officer may have edited them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from khreport.campaign import Campaign
from khreport.edges.ledger import Ledger
from khreport.edges.store import move_file


class Dropped(NamedTuple):
    """A draft that is not needed any more, and where it is `kept` as somebody edited it, or ""."""

    file: str
    kept: str


def tell_kept(agency: str, dropped: Dropped) -> str:
    """Where a draft to an agency is that was edited and is not needed any more, in words."""
    return (
        f"{agency}: thư nháp {dropped.file} đã sửa tay, nay không còn dùng, "
        f"được giữ ở {dropped.kept}."
    )


def digest_of(data: bytes) -> str:
    """The SHA-256 by which a draft is known as ours."""
    return hashlib.sha256(data).hexdigest()


def written_drafts(ledger: Ledger, agency: str, file: str) -> list[str]:
    """The digests of all that we wrote for an agency under that name, in that order."""
    return [
        event.detail["digest"]
        for event in ledger.events("drafted", agency)
        if event.detail.get("file") == file and "digest" in event.detail
    ]


def keep_aside(path: Path) -> Path:
    """Where a draft that somebody edited is afterwards."""
    number = 1
    while (kept := path.with_name(f"{path.stem}-da-sua-{number}{path.suffix}")).exists():
        number += 1
    move_file(path, kept)
    return kept


def drop_draft(campaign: Campaign, ledger: Ledger, agency: str, file: str) -> Dropped | None:
    """The draft of that name, which is gone or, where it was edited, kept aside; None if none was.

    Its letter went, or another takes its place, or it is to be sent no more.
    """
    path = campaign.drafts / file
    if not path.is_file():
        return None
    if digest_of(path.read_bytes()) not in written_drafts(ledger, agency, file):
        return Dropped(file, keep_aside(path).name)
    path.unlink()
    return Dropped(file, "")
