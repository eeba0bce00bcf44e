"""What a return was judged to be, kept so that it can be told to its agency later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from khreport.campaign import Campaign
from khreport.edges.ledger import Event
from khreport.edges.store import store_bytes, verified_path
from khreport.read.changes import Change
from khreport.verbs.chain import Changes
from khreport.verbs.judge import Checked


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict in words: errors and warnings as sentences, and what changed since `since`.

    Errors name the cells of the correction, if there is one: the agency mends them there.
    """

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    since: str = ""
    changes: tuple[Change, ...] = ()


def store_account(campaign: Campaign, checked: Checked, changes: Changes | None) -> dict[str, Any]:
    """What the ledger holds of a verdict beside its figures; the account itself is stored."""
    marked = checked.marked or checked.findings
    account = Account(
        errors=tuple(str(each) for each in marked if each.severity == "error"),
        warnings=tuple(str(each) for each in checked.findings if each.severity == "warning"),
        since=changes.since if changes else "",
        changes=tuple(changes.cells) if changes else (),
    )
    detail: dict[str, Any] = {"warnings": len(account.warnings)}
    if account != Account():
        detail["account"] = store_bytes(campaign.state / "store", msgspec.json.encode(account))
    if changes:
        detail |= {"since": changes.since, "changed": len(account.changes)}
    if checked.correction:
        detail["correction"] = _within(checked.correction, campaign.folder)
    return detail


def read_account(campaign: Campaign, checked: Event) -> Account:
    """The account of a return that was checked; an empty one where the ledger has none.

    Raises:
        KhreportError: it was lost or changed.

    """
    digest = checked.detail.get("account")
    if not digest:
        return Account()
    path = verified_path(campaign.state / "store", digest)
    return msgspec.json.decode(path.read_bytes(), type=Account)


def _within(path: Path, folder: Path) -> str:
    # as it is read on any machine
    path = path.relative_to(folder) if path.is_relative_to(folder) else path.resolve()
    return path.as_posix()
