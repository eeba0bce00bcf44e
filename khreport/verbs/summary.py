"""``khreport check --summary``: the index of all files that were checked, as a workbook."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from khreport.campaign import Campaign
from khreport.edges.ledger import Event, Ledger
from khreport.edges.reader import Reader
from khreport.edges.store import stored_path
from khreport.edges.xlsx import write_book
from khreport.errors import CampaignError
from khreport.findings import Finding, group_findings
from khreport.frames import Submission
from khreport.layout.summary import TITLE, CheckedFile, lay_out_summary
from khreport.verbs.account import read_account
from khreport.verbs.chain import Chain
from khreport.verbs.judge import SECRET, Checked, Editions, Returned, judge_files
from khreport.verbs.progress import Progress
from khreport.verbs.standing import Standing

EXAMPLE = "bang-ke.xlsx"


def refuse_place(path: Path) -> None:
    """Nothing, where an index may be written: a new .xlsx file, or an older index.

    Raises:
        CampaignError: it is a folder, a file of somebody's, or open in another program.

    """
    if path.is_dir():
        raise CampaignError(f"“{path}” là thư mục. Hãy ghi tên tệp bảng kê, ví dụ {path / EXAMPLE}")
    if path.suffix.casefold() != ".xlsx":
        raise CampaignError(f"Bảng kê là tệp .xlsx. Hãy ghi ví dụ {path.with_suffix('.xlsx')}")
    if not path.exists():
        return
    try:
        path.open("r+b").close()
    except OSError:
        raise CampaignError(
            f"Tệp “{path.name}” đang mở trong chương trình khác hoặc không được ghi. "
            "Hãy đóng tệp rồi chạy lại."
        ) from None
    if not _is_summary(path):
        raise CampaignError(
            f"Tệp “{path.name}” đã có và không phải là bảng kê kết quả kiểm tra. "
            f"Hãy ghi tên khác, ví dụ {path.with_name(EXAMPLE)}"
        )


def _is_summary(path: Path) -> bool:
    with Reader() as reader:
        sheets = reader.read(path).sheets
    return bool(sheets and sheets[0].rows and sheets[0].rows[0][0] == TITLE)


def recall_files(campaign: Campaign, files: Sequence[Checked], progress: Progress) -> list[Checked]:
    """All files of a campaign that were ever checked, in order; `files` are those of today.

    What was checked before is judged again, as it was stored: neither ledger nor corrections
    change.
    """
    today = {checked.submission.id: checked for checked in files}
    with Ledger(campaign.ledger) as ledger:
        events = ledger.events()
    came = {
        event.submission: dt.datetime.fromisoformat(event.detail["came"])
        for event in events
        if event.kind == "received"
    }
    checks = {event.submission: event for event in events if event.kind == "checked"}
    store = campaign.state / "store"
    before = [
        Returned(
            path=_find_original(campaign, event),
            place=stored_path(store, id),
            name=event.detail["file"],
            id=id,
        )
        for id, event in checks.items()  # noqa: A001 - as the field
        if id not in today and stored_path(store, id).is_file()
    ]
    editions = Editions(campaign)

    with Chain(campaign, editions, events) as chain:

        def receive(submission: Submission) -> Submission:
            return chain.bring_together(submission) if submission.readable else submission

        judged = {
            checked.submission.id: checked
            for checked in judge_files(before, editions, None, progress, receive)
        } | today
    found = [
        msgspec.structs.replace(
            judged.get(id) or _recall(campaign, event),
            received=came.get(id),
            correction=_find_correction(campaign, event),
        )
        for id, event in checks.items()  # noqa: A001 - as the field
    ]
    return [*found, *(checked for checked in files if checked.submission.id not in checks)]


def _find_original(campaign: Campaign, event: Event) -> Path:
    """The file in the inbox, or the letter or archive there in which it came."""
    path = campaign.inbox / str(event.detail["file"])
    return next((each for each in (path, *path.parents) if each.is_file()), path)


def _find_correction(campaign: Campaign, event: Event) -> Path | None:
    name = event.detail.get("correction")
    return campaign.folder / name if name else None


def _recall(campaign: Campaign, event: Event) -> Checked:
    """What was told of a file of which nothing was kept."""
    name = event.detail["file"]
    code = SECRET if event.detail.get("set_aside") else ""
    told = tuple(
        Finding(code=code, severity="error", message=error, fix="", file=name)
        for error in read_account(campaign, event).errors
    )
    submission = Submission(id=event.submission, file=name, findings=told)
    path = _find_original(campaign, event)
    return Checked(path=path, submission=submission, edition=None, findings=told)


def write_summary(path: Path, files: Sequence[Checked], standing: Standing | None) -> None:
    """The index is at `path`, whole or as it was before.

    Raises:
        KhreportError: it is open in another program, or its folder cannot be written.

    """
    folder = path.resolve().parent
    book = lay_out_summary(
        [_tell(checked, folder, files[n + 1 :]) for n, checked in enumerate(files)],
        _tell_standing(standing) if standing else "",
    )
    write_book(book, path)


def _tell(checked: Checked, folder: Path, later: Iterable[Checked]) -> CheckedFile:
    submission = checked.submission
    newer = [
        other.submission.file
        for other in later
        if submission.agency and other.submission.agency == submission.agency
    ]
    return CheckedFile(
        agency=checked.agency_name,
        file=submission.file,
        state=checked.state,
        groups=tuple(group_findings(checked.findings)),
        explained=len(checked.explained),
        repairs=len(submission.repairs),
        received=checked.received.date() if checked.received else None,
        original=None if checked.state == "set_aside" else _link(checked.path, folder),
        correction=_link(checked.correction, folder) if checked.correction else None,
        newer=newer[-1] if newer else "",
    )


def _link(path: Path, folder: Path) -> str | None:
    """The way from the index to a file that is there; None where no link can say it."""
    if not path.is_file():
        return None
    try:
        way = os.path.relpath(path.resolve(), folder)
        way.encode()
    except UnicodeEncodeError:
        return None
    except ValueError:  # another drive of Windows
        return path.resolve().as_posix()
    return Path(way).as_posix()


def _tell_standing(standing: Standing) -> str:
    asked = sum(map(len, (standing.accepted, standing.faulty, standing.missing)))
    parts = [f"Đến nay {len(standing.accepted)}/{asked} cơ quan có bản nộp đạt."]
    for called, names in (("Chưa đạt", standing.faulty), ("Chưa nộp", standing.missing)):
        if names:
            parts.append(f"{called} ({len(names)}): {', '.join(names)}.")
    return "\n".join(parts)
