"""Returned files read, checked and answered: what every kind of checking shares."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from khreport.campaign import Campaign
from khreport.checks.check import check_submissions
from khreport.edges.folder import frozen_editions
from khreport.edges.reader import Reader
from khreport.edges.shipped import load_plan, plan_names
from khreport.edges.xlsx import write_book
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.findings import Finding, any_block, sort_findings
from khreport.frames import Submission
from khreport.layout.correction import lay_out_correction
from khreport.layout.workbook import workbook_name
from khreport.raw import Limits, RawWorkbook
from khreport.read.identify import identify
from khreport.read.pour import pour_answers
from khreport.read.submissions import read_submission
from khreport.text import file_name_part
from khreport.verbs.init import default_settings
from khreport.verbs.progress import Progress
from khreport.verbs.templates import shipped_edition

BATCH = 500
"""Submissions that are checked together: a check has a fixed price."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """One file, checked: `path` as given, what was read, all findings, and the correction."""

    path: Path
    submission: Submission
    edition: Edition | None
    findings: tuple[Finding, ...]
    correction: Path | None = None

    @property
    def agency_name(self) -> str:
        """The agency's name, or "" where the file does not tell whose it is."""
        if self.edition is None or not self.submission.agency:
            return ""
        agency = self.edition.plan.agency.get(self.submission.agency)
        return agency.name if agency else ""

    @property
    def accepted(self) -> bool:
        """Whether nothing in it blocks."""
        return self.submission.readable and not any_block(self.findings)


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """A returned file: where the agency's file is, where it is read from, its name, its id."""

    path: Path
    place: Path
    name: str
    id: str


class Editions:
    """The editions that returns may name: a campaign's frozen ones, else those of shipped plans.

    Outside a campaign nobody knows the settings that a form was sent with; it is read by the
    plan and period that its token names, with the forms and rules as they are now.
    """

    def __init__(self, campaign: Campaign | None) -> None:
        self.campaign = campaign
        self.limits = campaign.settings.limits if campaign else Limits()
        self.frozen = frozen_editions(campaign) if campaign else {}
        self.present = next(reversed(self.frozen.values()), None)
        """The newest edition that the campaign sent."""
        self._shipped: dict[tuple[str, str], Edition | None] = {}

    def of(self, raw: RawWorkbook) -> Edition | None:
        """The edition by which a return is read, or None if nothing tells.

        A return that names none of the campaign's editions is held against its newest, which
        says how it differs.
        """
        token = identify(raw)
        if self.campaign is not None:
            return self.frozen.get(token.digest, self.present) if token else self.present
        if token is None:
            return None
        key = (token.plan, token.period)
        if key not in self._shipped:
            self._shipped[key] = self._make(*key)
        return self._shipped[key]

    @staticmethod
    def _make(plan: str, period: str) -> Edition | None:
        if plan not in plan_names():
            return None
        try:
            return shipped_edition(default_settings(load_plan(plan), plan, period))
        except CampaignError:
            return None


def read_return(
    raw: RawWorkbook,
    editions: Editions,
    file: str,
    id: str,  # noqa: A002 - as the field
) -> tuple[Submission, Edition | None]:
    """A returned workbook as a submission, and the edition by which it is checked.

    In a campaign that is the newest: answers to an older one were poured into it.
    """
    edition = editions.of(raw)
    outside = editions.campaign is None
    submission = read_submission(raw, edition, file, id, any_edition=outside)
    if edition is None or editions.present is None:
        return submission, edition
    return pour_answers(submission, edition, editions.present), editions.present


def ask_nothing(submission: Submission) -> list[Finding]:  # noqa: ARG001 - as those who ask
    """Nothing to ask about a return beside others: what is checked alone has no chain."""
    return []


def judge_files(
    files: Sequence[Returned],
    editions: Editions,
    corrections: Path | None,
    progress: Progress,
    compare: Callable[[Submission], list[Finding]] = ask_nothing,
) -> list[Checked]:
    """Each file read and checked, in order; a faulty one has a correction in `corrections`.

    `compare` gives what is to be asked about a return beside those that came before it.
    """
    judged: list[Checked] = []
    batch: list[Read] = []
    taken: set[Path] = set()
    for item in _read(files, editions, compare):
        batch.append(item)
        if len(batch) == BATCH:
            judged += _judge_batch(batch, corrections, taken)
            batch = []
        progress(len(judged) + len(batch), len(files), item[0].name)
    return judged + _judge_batch(batch, corrections, taken)


def _judge_batch(
    batch: Sequence[Read], corrections: Path | None, taken: set[Path]
) -> list[Checked]:
    by_edition: dict[str, tuple[Edition, list[Submission]]] = {}
    for _, submission, edition in batch:
        if edition is not None and submission.readable:
            by_edition.setdefault(edition.digest, (edition, []))[1].append(submission)
    found: dict[str, list[Finding]] = {}
    for edition, submissions in by_edition.values():
        for finding in check_submissions(edition, submissions):
            found.setdefault(finding.file, []).append(finding)
    judged = []
    for path, submission, edition in batch:
        findings = sort_findings([*submission.findings, *found.get(submission.file, [])])
        correction = None
        if corrections and edition and submission.readable and any_block(findings):
            correction = corrections / correction_name(edition, submission)
            if correction in taken:
                own = hashlib.sha256(submission.id.encode()).hexdigest()[:6]
                correction = correction.with_stem(f"{correction.stem}-{own}")
            taken.add(correction)
            write_book(lay_out_correction(edition, submission, findings), correction)
        judged.append(
            Checked(
                path=path,
                submission=submission,
                edition=edition,
                findings=tuple(findings),
                correction=correction,
            )
        )
    return judged


Read = tuple[Path, Submission, Edition | None]


def _read(
    files: Sequence[Returned],
    editions: Editions,
    compare: Callable[[Submission], list[Finding]],
) -> Iterable[Read]:
    with Reader(editions.limits) as reader:
        raws = reader.read_each(file.place for file in files)
        for file, raw in zip(files, raws, strict=True):
            submission, edition = read_return(raw, editions, file.name, file.id)
            findings = sort_findings([*submission.findings, *compare(submission)])
            submission = msgspec.structs.replace(submission, findings=tuple(findings))
            yield file.path, submission, edition


def display_name(file: Path, folder: Path) -> str:
    """The file's name within a folder; bytes in it that are no Unicode are spelt out."""
    name = file.relative_to(folder).as_posix()
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def correction_name(edition: Edition, submission: Submission) -> str:
    """The file name of a correction: the agency's workbook's, and the return's if it differs."""
    ours = Path(workbook_name(edition, submission.agency)).stem
    theirs = file_name_part(submission.file.removesuffix(Path(submission.file).suffix))
    extra = f"-{theirs}".removeprefix(f"-{ours}")
    return f"{ours}-can-sua{extra}.xlsx"
