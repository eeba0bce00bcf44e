"""Taking in a campaign's inbox: stored, checked, entered in the ledger."""

from __future__ import annotations

import datetime as dt
import getpass
from pathlib import Path

from khreport.campaign import Campaign
from khreport.edges.ledger import Ledger
from khreport.edges.store import store_file, stored_path
from khreport.verbs.judge import Checked, Editions, Returned, judge_files
from khreport.verbs.progress import Progress, be_silent


def returned_files(path: Path) -> list[Path]:
    """The file itself, or the files of a folder and its subfolders, by name.

    Left out are hidden files and what office programs leave beside an open document.
    """
    if path.is_file():
        return [path]
    return sorted(
        file for file in path.rglob("*") if file.is_file() and not file.name.startswith((".", "~$"))
    )


def take_in(campaign: Campaign, *, progress: Progress = be_silent) -> list[Checked]:
    """Check what is new in a campaign's inbox: stored by content, entered in the ledger.

    A file whose content was taken in before is passed over. A newer return that can be
    accepted replaces an older one; one that cannot never displaces it (design decision 10).
    """
    store = campaign.state / "store"
    campaign.state.mkdir(parents=True, exist_ok=True)
    with Ledger(campaign.state / "ledger.sqlite") as ledger:
        known = {event.submission for event in ledger.events("checked")}
        arrived: list[tuple[Path, str]] = []
        for file in sorted(returned_files(campaign.inbox), key=lambda p: (p.stat().st_mtime, p)):
            digest = store_file(store, file)
            if digest not in known:
                known.add(digest)
                arrived.append((file, digest))
                received = dt.datetime.fromtimestamp(file.stat().st_mtime).astimezone()
                ledger.append(
                    "received", "", digest, {"file": file.name, "came": received.isoformat()},
                    now(), user(),
                )  # fmt: skip
        returned = [
            Returned(
                path=file,
                place=stored_path(store, digest),
                name=file.relative_to(campaign.inbox).as_posix(),
                id=digest,
            )
            for file, digest in arrived
        ]
        files = judge_files(returned, Editions(campaign), campaign.corrections, progress)
        with ledger.together():
            for checked in files:
                _enter(ledger, checked)
    return files


def _enter(ledger: Ledger, checked: Checked) -> None:
    submission = checked.submission
    errors = sum(finding.blocks for finding in checked.findings)
    detail = {"file": submission.file, "errors": errors}
    ledger.append("checked", submission.agency, submission.id, detail, now(), user())
    if not submission.agency:
        ledger.append("rejected", "", submission.id, detail, now(), user())
        return
    if checked.accepted:
        before = accepted_submissions(ledger).get(submission.agency)
        if before:
            ledger.append(
                "replaced", submission.agency, before, {"by": submission.id}, now(), user()
            )
        ledger.append("accepted", submission.agency, submission.id, detail, now(), user())
    else:
        ledger.append("rejected", submission.agency, submission.id, detail, now(), user())


def accepted_submissions(ledger: Ledger) -> dict[str, str]:
    """The accepted submission of each agency that has one."""
    return {event.agency: event.submission for event in ledger.events("accepted")}


def now() -> dt.datetime:
    """The present moment, with its zone."""
    return dt.datetime.now().astimezone()


def user() -> str:
    """Who works at this machine, or "" where it cannot be told."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
