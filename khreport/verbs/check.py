"""``khreport check``: read what came back, check it, and say what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from khreport.campaign import SETTINGS_FILE
from khreport.cells import CellRef
from khreport.edges.folder import campaign_above, open_campaign
from khreport.errors import CampaignError
from khreport.findings import Finding, FindingGroup, group_findings
from khreport.verbs.inbox import returned_files
from khreport.verbs.judge import Checked, Editions, Returned, display_name, judge_files, spell_path
from khreport.verbs.progress import Progress, be_silent
from khreport.verbs.standing import Standing, read_standing
from khreport.verbs.summary import EXAMPLE, recall_files, refuse_place, write_summary
from khreport.verbs.take_in import TakenIn, take_in_all


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """What checking gave, file by file in the order they were taken.

    `standing` is where the round now stands, if a campaign's inbox was taken in; `taken` is what
    else came there, by the campaign's folder.
    """

    files: tuple[Checked, ...]
    standing: Standing | None = None
    taken: dict[Path, TakenIn] = {}

    @property
    def clean(self) -> bool:
        """Whether every file can be accepted."""
        return all(file.accepted for file in self.files)


def check(
    paths: Sequence[Path],
    *,
    campaign: Path | None = None,
    corrections: Path | None = None,
    summary: Path | None = None,
    progress: Progress = be_silent,
) -> CheckResult:
    """Check files, folders of files, or a campaign's inbox.

    A campaign folder among `paths` has its inbox taken in: stored, entered in the ledger and
    corrected in its own folder for that, or in `corrections`. Other files are read by the
    edition that their token names: one of `campaign`, or of the campaign whose folder they
    stand in, or the plan's present forms. `summary` becomes an index of the files, of a
    campaign of all that ever came; neither it nor what is in `corrections` is checked.

    >>> import khreport
    >>> from khreport.testing import make_return, trial_campaign
    >>> with trial_campaign("snv") as campaign:
    ...     path = make_return(campaign, "snv", faults=1)
    ...     (file,) = khreport.check([path]).files
    >>> file.accepted, file.submission.agency
    (False, 'snv')

    Raises:
        CampaignError: a path does not exist, a campaign cannot be opened, or no index can be
            written to `summary`.

    """
    if summary:
        refuse_place(summary)
    listed: list[Checked] = []
    frozen = open_campaign(campaign) if campaign else None
    files: list[Checked] = []
    standing, taken = None, dict[Path, TakenIn]()
    for path in paths:
        if not path.exists():
            raise CampaignError(f"Không có tệp hoặc thư mục “{path}”. Hãy kiểm tra lại đường dẫn.")
        if (path / SETTINGS_FILE).is_file():
            if frozen is not None:
                raise CampaignError(
                    f"“{path}” đã là thư mục của một đợt báo cáo. Hãy bỏ tùy chọn --campaign."
                )
            taken_in = open_campaign(path)
            if summary and summary.resolve().is_relative_to(taken_in.inbox.resolve()):
                raise CampaignError(
                    f"Không ghi bảng kê vào “{taken_in.inbox}”, nơi nhận tệp của các cơ quan. "
                    f"Hãy ghi ví dụ {taken_in.folder / EXAMPLE}"
                )
            taken[path] = take_in_all(taken_in, corrections=corrections, progress=progress)
            new = list(taken[path].files)
            files += new
            listed += recall_files(taken_in, new, progress) if summary else []
            standing = read_standing(taken_in)
        else:
            folder = path if path.is_dir() else path.parent
            returned = [
                Returned(
                    path=file,
                    place=file,
                    name=display_name(file, folder),
                    id=str(file),
                )
                for file in returned_files(path)
                if not _is_ours(file, summary, corrections)
            ]
            editions = Editions(frozen or campaign_above(path))
            new = judge_files(returned, editions, corrections, progress)
            files += new
            listed += new
    if summary:
        write_summary(summary, listed, standing)
    return CheckResult(files=tuple(files), standing=standing, taken=taken)


def _is_ours(file: Path, summary: Path | None, corrections: Path | None) -> bool:
    """Whether a file of the folder that is checked is one that checking writes."""
    place = file.resolve()
    return (summary is not None and place == summary.resolve()) or (
        corrections is not None and corrections.resolve() in place.parents
    )


def result_as_json(result: CheckResult) -> dict[str, Any]:
    """The result as values for JSON: files with their findings, each with its cell."""
    return {
        "clean": result.clean,
        "standing": result.standing,
        "files": [_file_as_json(checked) for checked in result.files],
        **taken_as_json(result.taken.values()),
    }


def taken_as_json(taken: Iterable[TakenIn]) -> dict[str, Any]:
    """What came beside the files, as values for JSON: what was opened, papers, what waits."""
    taken = tuple(taken)
    opened = [each for one in taken for each in one.opened]
    return {
        "opened": Counter(each.opened.what for each in opened),
        "containers": [
            {
                "name": each.name,
                "what": each.opened.what,
                "sender": each.opened.mail.sender.email if each.opened.mail else None,
                "subject": each.opened.mail.subject if each.opened.mail else None,
            }
            for each in opened
        ],
        "papers": [
            {"agency": paper.agency, "file": paper.item.name}
            for one in taken
            for paper in one.papers
        ],
        "waiting": [
            {"agency": each.agency, "file": each.file} for one in taken for each in one.waiting
        ],
        "again": [item.name for one in taken for item in one.again],
        "bounced": [bounced for one in taken for bounced in one.bounced],
        "notes": [finding_as_json(note) for one in taken for note in one.notes],
    }


def _file_as_json(checked: Checked) -> dict[str, Any]:
    submission = checked.submission
    weights = [finding.severity for finding in checked.findings]
    return {
        "file": spell_path(checked.path),
        "name": submission.file,
        "agency": submission.agency or None,
        "agency_name": checked.agency_name or None,
        "plan": submission.plan or None,
        "period": submission.period or None,
        "received": checked.received.isoformat() if checked.received else None,
        "state": checked.state,
        "accepted": checked.accepted,
        "correction": str(checked.correction) if checked.correction else None,
        "counts": {
            "errors": weights.count("error"),
            "warnings": weights.count("warning"),
            "notes": weights.count("note"),
            "explained": len(checked.explained),
            "repairs": len(submission.repairs),
        },
        "findings": [finding_as_json(finding) for finding in checked.findings],
        "groups": [_group_as_json(group) for group in group_findings(checked.findings)],
        "explained": [finding_as_json(finding) for finding in checked.explained],
        "repairs": [
            msgspec.to_builtins(repair)
            | {"cell": str(CellRef(repair.row, repair.column)), "visible": repair.is_visible}
            for repair in submission.repairs
        ],
        "added": [
            {"sheet": name, "cells": sum(bool(text) for row in rows for text in row)}
            for name, rows in submission.extra.items()
        ],
    }


def _group_as_json(group: FindingGroup) -> dict[str, Any]:
    first = group.first
    return {
        "code": first.code,
        "severity": first.severity,
        "aside": first.aside,
        "sheet": first.sheet,
        "cells": [str(finding.cell) for finding in group.findings if finding.cell],
        "message": str(group),
    }


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """A finding as values for JSON."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "aside": finding.aside,
        "file": finding.file,
        "sheet": finding.sheet,
        "cell": str(finding.cell) if finding.cell else None,
        "row_key": finding.row_key,
        "column": finding.column_key,
        "value": finding.value,
        "place": finding.place,
        "fix": finding.fix,
        "message": str(finding),
    }
