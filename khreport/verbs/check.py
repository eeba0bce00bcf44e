"""``khreport check``: read what came back, check it, and say what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from khreport.campaign import SETTINGS_FILE
from khreport.edges.folder import campaign_above, open_campaign
from khreport.errors import CampaignError
from khreport.findings import Finding
from khreport.verbs.judge import Checked, Editions, Returned, display_name, judge_files
from khreport.verbs.progress import Progress, be_silent
from khreport.verbs.standing import Standing, read_standing
from khreport.verbs.take_in import returned_files, take_in


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """What checking gave, file by file in the order they were taken.

    `standing` is where the round now stands, if a campaign's inbox was taken in.
    """

    files: tuple[Checked, ...]
    standing: Standing | None = None

    @property
    def clean(self) -> bool:
        """Whether every file can be accepted."""
        return all(file.accepted for file in self.files)


def check(
    paths: Sequence[Path],
    *,
    campaign: Path | None = None,
    corrections: Path | None = None,
    progress: Progress = be_silent,
) -> CheckResult:
    """Check files, folders of files, or a campaign's inbox.

    A campaign folder among `paths` has its inbox taken in: stored, entered in the ledger and
    corrected in its own folder for that, or in `corrections`. Other files are read by the
    edition that their token names: one of `campaign`, or of the campaign whose folder they
    stand in, or the plan's present forms.

    Raises:
        CampaignError: a path does not exist, or a campaign cannot be opened.

    """
    frozen = open_campaign(campaign) if campaign else None
    files: list[Checked] = []
    standing = None
    for path in paths:
        if not path.exists():
            raise CampaignError(f"Không có tệp hoặc thư mục “{path}”. Hãy kiểm tra lại đường dẫn.")
        if (path / SETTINGS_FILE).is_file():
            if frozen is not None:
                raise CampaignError(
                    f"“{path}” đã là thư mục của một đợt báo cáo. Hãy bỏ tùy chọn --campaign."
                )
            taken_in = open_campaign(path)
            files += take_in(taken_in, corrections=corrections, progress=progress)
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
            ]
            editions = Editions(frozen or campaign_above(path))
            files += judge_files(returned, editions, corrections, progress)
    return CheckResult(files=tuple(files), standing=standing)


def result_as_json(result: CheckResult) -> dict[str, Any]:
    """The result as values for JSON: files with their findings, each with its cell."""
    return {
        "version": 1,
        "clean": result.clean,
        "standing": result.standing,
        "files": [
            {
                "file": str(checked.path),
                "agency": checked.submission.agency or None,
                "accepted": checked.accepted,
                "correction": str(checked.correction) if checked.correction else None,
                "findings": [_finding_as_json(finding) for finding in checked.findings],
                "repairs": [msgspec.to_builtins(r) for r in checked.submission.repairs],
            }
            for checked in result.files
        ],
    }


def _finding_as_json(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file,
        "sheet": finding.sheet,
        "cell": str(finding.cell) if finding.cell else None,
        "row_key": finding.row_key,
        "column": finding.column_key,
        "value": finding.value,
        "message": str(finding),
    }
