"""Returned files read, checked and answered: what every kind of checking shares."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from khreport.campaign import Campaign
from khreport.checks.check import check_submissions
from khreport.checks.settle import settle_findings
from khreport.dates import ZONE
from khreport.edges.folder import frozen_editions, load_waivers
from khreport.edges.reader import read_files
from khreport.edges.shipped import load_forms, load_plan, plan_names
from khreport.edges.xlsx import write_book
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.findings import Finding, any_asks, any_block, sort_findings
from khreport.forms import SUMMARY
from khreport.frames import Submission
from khreport.layout.correction import lay_out_correction, locate_findings
from khreport.layout.workbook import workbook_name
from khreport.previous import UNKNOWN
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


State = Literal["accepted", "review", "faulty", "unreadable", "set_aside"]

SECRET = "file.secret"  # noqa: S105 - the code of a finding


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """One file, checked: `path` as given, what was read, all findings, and the correction.

    `explained` are warnings that the agency answered in the column for it; nothing is open.
    `marked` are the findings at the cells of the correction, which may be others than the file's.
    `received` is when the file was last changed, the day it came (None: it is gone).
    """

    path: Path
    submission: Submission
    edition: Edition | None
    findings: tuple[Finding, ...]
    explained: tuple[Finding, ...] = ()
    correction: Path | None = None
    marked: tuple[Finding, ...] = ()
    received: dt.datetime | None = None

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

    @property
    def state(self) -> State:
        """Accepted as it is, accepted with something to look at again, faulty or not read.

        What bears a secrecy mark is set aside.
        """
        if any(finding.code == SECRET for finding in self.findings):
            return "set_aside"
        if not self.submission.readable:
            return "unreadable"
        if not self.accepted:
            return "faulty"
        return "review" if any_asks(self.findings) else "accepted"


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """A returned file: where the agency's file is, where it is read from, its name, its id."""

    path: Path
    place: Path
    name: str
    id: str


class Editions:
    """The editions that returns may name: a campaign's frozen ones, else those of shipped plans.

    Outside a campaign nobody knows the settings that a form was sent with; it is read by the
    plan and period that its token names, with the forms and rules as they are now, and with
    room for last period's answers if it has them.
    """

    def __init__(self, campaign: Campaign | None) -> None:
        self.campaign = campaign
        self.limits = campaign.settings.limits if campaign else Limits()
        self.frozen = frozen_editions(campaign) if campaign else {}
        self.present = next(reversed(self.frozen.values()), None)
        """The newest edition that the campaign sent."""
        self.waivers = load_waivers(campaign, self.present) if campaign and self.present else ()
        self._shipped: dict[tuple[str, str, bool], Edition | None] = {}

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
        key = (token.plan, token.period, shows_previous(raw))
        if key not in self._shipped:
            self._shipped[key] = self._make(*key)
        return self._shipped[key]

    @staticmethod
    def _make(plan: str, period: str, shows: bool) -> Edition | None:  # noqa: FBT001 - of a key
        if plan not in plan_names():
            return None
        try:
            asked = load_plan(plan)
            settings = default_settings(asked, plan, period)
            return shipped_edition(settings, asked, UNKNOWN if shows else None)
        except CampaignError:
            return None


def shows_previous(raw: RawWorkbook) -> bool:
    """Whether a return has a column that tells what was reported last period."""
    keys = _previous_keys()
    return any(not keys.isdisjoint(map(str, sheet.rows[0])) for sheet in raw.sheets if sheet.rows)


@cache
def _previous_keys() -> frozenset[str]:
    columns = (column for form in load_forms(with_previous=True) for column in form.columns)
    return frozenset(column.key for column in columns if column.source == SUMMARY)


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


def stand_alone(submission: Submission) -> Submission:
    """The return as it is: what is checked alone has no chain."""
    return submission


def judge_files(
    files: Sequence[Returned],
    editions: Editions,
    corrections: Path | None,
    progress: Progress,
    receive: Callable[[Submission], Submission] = stand_alone,
) -> list[Checked]:
    """Each file read and checked, in order; its correction is in `corrections`.

    A return that was accepted has one, too, where an officer should look at something again.

    `receive` gives a return beside those that came before it, with what is asked about it.
    """
    judged: list[Checked] = []
    batch: list[Read] = []
    taken: set[Path] = set()
    for item in _read(files, editions, receive):
        batch.append(item)
        if len(batch) == BATCH:
            judged += _judge_batch(batch, editions, corrections, taken)
            batch = []
        progress(len(judged) + len(batch), len(files), item[0].name)
    return judged + _judge_batch(batch, editions, corrections, taken)


def _judge_batch(
    batch: Sequence[Read], editions: Editions, corrections: Path | None, taken: set[Path]
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
        aside = [each for each in submission.findings if each.aside]
        seen = [each for each in submission.findings if not each.aside]
        settled = settle_findings(
            [*aside, *found.get(submission.file, ())],
            submission.agency,
            submission.period,
            editions.waivers,
        )
        findings = sort_findings([*seen, *settled.shown])
        whole = sort_findings([*seen, *settled.whole])
        correction, marked = None, list[Finding]()
        if corrections and edition and submission.readable and any_asks(findings):
            name = correction_name(edition, submission, blocks=any_block(findings))
            correction = corrections / name
            if correction in taken:
                own = hashlib.sha256(submission.id.encode()).hexdigest()[:6]
                correction = correction.with_stem(f"{correction.stem}-{own}")
            taken.add(correction)
            book = lay_out_correction(edition, submission, whole)
            write_book(book, correction)
            marked = locate_findings(edition, submission, book, findings)
        judged.append(
            Checked(
                path=path,
                submission=submission,
                edition=edition,
                findings=tuple(findings),
                explained=tuple(settled.explained),
                correction=correction,
                marked=tuple(marked),
                received=_changed_at(path),
            )
        )
    return judged


def _changed_at(path: Path) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(path.stat().st_mtime, ZONE)
    except OSError:
        return None


Read = tuple[Path, Submission, Edition | None]


def _read(
    files: Sequence[Returned],
    editions: Editions,
    receive: Callable[[Submission], Submission],
) -> Iterable[Read]:
    raws = read_files((file.place for file in files), len(files), editions.limits)
    with closing(raws):
        for file, raw in zip(files, raws, strict=True):
            submission, edition = read_return(raw, editions, file.name, file.id)
            yield file.path, receive(submission), edition


def display_name(file: Path, folder: Path) -> str:
    """The file's name within a folder; bytes in it that are no Unicode are spelt out."""
    return _spell(file.relative_to(folder).as_posix())


def spell_path(path: Path) -> str:
    """A path as text that can be printed and written anywhere."""
    return _spell(str(path))


def _spell(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def correction_name(edition: Edition, submission: Submission, *, blocks: bool) -> str:
    """The file name of a correction: the agency's workbook's, and the return's if it differs.

    It tells whether the return has to be mended, since something `blocks`, or was accepted.
    """
    ours = Path(workbook_name(edition, submission.agency)).stem
    # not the folder, letter or archive that it came in: the agency gets this file
    theirs = file_name_part(Path(submission.file).stem)
    extra = f"-{theirs}".removeprefix(f"-{ours}")
    return f"{ours}-{'can-sua' if blocks else 'can-xem-lai'}{extra}.xlsx"
