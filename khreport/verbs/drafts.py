"""Drafts of letters that lie in the campaign's folder, where an officer may have edited them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from khreport.campaign import Campaign
from khreport.edges.ledger import Ledger
from khreport.edges.store import move_file
from khreport.letters import Message


def digest_of(data: bytes) -> str:
    """The SHA-256 by which a draft is known as ours."""
    return hashlib.sha256(data).hexdigest()


def written_drafts(ledger: Ledger, message: Message) -> list[str]:
    """The digests of all that we wrote under the name of the letter's draft, in that order."""
    return [
        event.detail["digest"]
        for event in ledger.events("drafted", message.agency)
        if event.detail.get("file") == message.file and "digest" in event.detail
    ]


def keep_aside(path: Path) -> Path:
    """Where a draft that somebody edited is afterwards."""
    number = 1
    while (kept := path.with_name(f"{path.stem}-da-sua-{number}{path.suffix}")).exists():
        number += 1
    move_file(path, kept)
    return kept


def drop_draft(campaign: Campaign, ledger: Ledger, message: Message) -> str:
    """The name of the letter's draft, which is gone or, where it was edited, kept aside."""
    path = campaign.drafts / message.file
    if not path.is_file():
        return ""
    if digest_of(path.read_bytes()) in written_drafts(ledger, message):
        path.unlink()
    else:
        keep_aside(path)
    return path.name
