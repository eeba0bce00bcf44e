"""Taking in a campaign's inbox: stored, checked, entered in the ledger."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from khreport.campaign import Campaign
from khreport.edges.folder import nothing_sent
from khreport.edges.ledger import Ledger, now, user
from khreport.edges.store import content_digest, store_file, stored_path
from khreport.errors import ChangingFileError
from khreport.frames import Submission
from khreport.messages import finding
from khreport.verbs.chain import Chain
from khreport.verbs.judge import Checked, Editions, Returned, display_name, judge_files
from khreport.verbs.progress import Progress, be_silent

PASSING = ("file.slow", "file.crash", "file.unknown_edition", "file.not_asked")
"""Why a file was refused that may be read the next time."""
LITTER = ("desktop.ini", "thumbs.db")
SECRET = "file.secret"  # noqa: S105 - the code of a finding


def returned_files(path: Path) -> list[Path]:
    """The file itself, or the files of a folder and its subfolders, by name.

    Left out are hidden files and folders, what office programs and Windows leave beside
    documents, and whatever is no regular file.
    """
    if path.exists() and not path.is_dir():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if file.is_file()
        and file.name.casefold() not in LITTER
        and not any(part.startswith((".", "~$")) for part in file.relative_to(path).parts)
    )


def take_in(
    campaign: Campaign, *, corrections: Path | None = None, progress: Progress = be_silent
) -> list[Checked]:
    """Check what is new in a campaign's inbox: stored by content, entered in the ledger.

    A file whose content was judged before is passed over. A newer return that can be accepted
    replaces an older one; one that cannot never displaces it. One that was not made from the
    agency's latest is asked where the two differ. Corrections go to the campaign's folder for
    them, or to `corrections`.

    Raises:
        CampaignError: no templates were written yet, so that nothing can be read.
        KhreportError: another process is taking in at this moment.

    """
    editions = Editions(campaign)
    if editions.present is None:
        raise nothing_sent(campaign)
    # one transaction: who is stopped half-way takes the same files in the next time
    with Ledger(campaign.ledger) as ledger, ledger.together():
        arrived, refused = _store_new(campaign, ledger)
        with Chain(campaign, editions, ledger.events()) as chain:
            files = judge_files(
                arrived, editions, corrections or campaign.corrections, progress, chain.compare
            )
        accepted = accepted_submissions(ledger)
        for checked in files:
            _enter(ledger, checked, accepted)
            if any(finding.code == SECRET for finding in checked.findings):
                # nothing of it stays with us; the officer moves the file where it belongs
                stored_path(campaign.state / "store", checked.submission.id).unlink()
    return [*refused, *files]


def _store_new(campaign: Campaign, ledger: Ledger) -> tuple[list[Returned], list[Checked]]:
    """The files of the inbox that were not judged before, stored; and those that could not be."""
    store = campaign.state / "store"
    known = {e.submission: not e.detail.get("again") for e in ledger.events("checked")}
    arrived: dict[str, Returned] = {}
    refused: list[Checked] = []
    for time, file in sorted((_changed_at(f), f) for f in returned_files(campaign.inbox)):
        name = display_name(file, campaign.inbox)
        code = _why_unreadable(file)
        digest = "" if code else content_digest(file)
        if known.get(digest) or digest in arrived:
            continue
        try:
            digest = "" if code else store_file(store, file)
        except ChangingFileError:
            code = "file.changing"
        if code:
            refused.append(_refuse(file, name, code))
        else:
            place = stored_path(store, digest)
            arrived[digest] = Returned(path=file, place=place, name=name, id=digest)
            came = dt.datetime.fromtimestamp(time).astimezone().isoformat()
            ledger.append("received", "", digest, {"file": name, "came": came}, now(), user())
    return list(arrived.values()), refused


def _changed_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0


def _why_unreadable(file: Path) -> str | None:
    """The code of what keeps a file from being stored, if anything does."""
    try:
        file.open("rb").close()
    except FileNotFoundError:
        return "file.vanished"
    except PermissionError:
        return "file.locked"
    except OSError:
        return "file.unopenable"
    return None


def _refuse(file: Path, name: str, code: str) -> Checked:
    """What is told of a file that could not be taken in; it is tried again the next time."""
    findings = (finding(code, file=name),)
    submission = Submission(id="", file=name, findings=findings)
    return Checked(path=file, submission=submission, edition=None, findings=findings)


def _enter(ledger: Ledger, checked: Checked, accepted: dict[str, str]) -> None:
    """Nothing; the ledger holds the verdict, and `accepted` what now stands for the agency."""
    submission = checked.submission
    errors = sum(finding.blocks for finding in checked.findings)
    again = any(finding.code in PASSING for finding in checked.findings)
    detail = {
        "file": submission.file, "errors": errors, "base": submission.base, "again": again,
        "blank": submission.blank,
    }  # fmt: skip
    ledger.append("checked", submission.agency, submission.id, detail, now(), user())
    if checked.accepted:
        before = accepted.get(submission.agency)
        if before:
            ledger.append(
                "replaced", submission.agency, before, {"by": submission.id}, now(), user()
            )
        ledger.append("accepted", submission.agency, submission.id, detail, now(), user())
        accepted[submission.agency] = submission.id
    else:
        ledger.append("rejected", submission.agency, submission.id, detail, now(), user())


def accepted_submissions(ledger: Ledger) -> dict[str, str]:
    """The accepted submission of each agency that has one."""
    return {event.agency: event.submission for event in ledger.events("accepted")}
