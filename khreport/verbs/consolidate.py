"""``khreport consolidate``: the accepted submissions as frames and two workbooks."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from khreport.campaign import Campaign
from khreport.consolidation import AgencyState, Consolidation, Receipt
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Event, Ledger, now, user
from khreport.edges.reader import read_files
from khreport.edges.shipped import load_outline
from khreport.edges.store import content_digest, verified_path, write_atomically
from khreport.edges.xlsx import write_book
from khreport.edition import Edition
from khreport.errors import CampaignError, KhreportError
from khreport.findings import Finding
from khreport.frames import Submission
from khreport.layout.consolidated import lay_out_consolidated
from khreport.layout.editing import lay_out_editing
from khreport.merge.across import doubt_answers
from khreport.merge.consolidate import consolidate_submissions
from khreport.merge.doubts import doubt_edits
from khreport.parse.outline import slots_of
from khreport.period_words import call_period, words_of
from khreport.periods import read_key
from khreport.verbs.chain import Chain
from khreport.verbs.consolidated import FRAMES, read_editing_file
from khreport.verbs.due_day import last_day
from khreport.verbs.judge import Editions, read_return
from khreport.verbs.progress import Progress, be_silent
from khreport.verbs.standing import make_receipts
from khreport.verbs.take_in import accepted_submissions

MISSING_SHEET = "edit.sheet_missing"


class Consolidated(msgspec.Struct, frozen=True, kw_only=True):
    """What consolidating wrote, and how many agencies are in which state.

    `findings` tell what in the editing workbook could not be understood and was left out, and
    which answers do not go together.
    """

    consolidation: Consolidation
    files: tuple[Path, ...]
    workbook: Path
    counts: dict[AgencyState, int]
    findings: tuple[Finding, ...]


def consolidate(campaign: Campaign, progress: Progress = be_silent) -> Consolidated:
    """Write the frames (Parquet), the workbook to read and the editing workbook of a campaign.

    What the officer wrote in an earlier editing workbook is kept: it is read first, the old
    file is stored, and its words are poured into the new one.

    >>> import khreport
    >>> from khreport.testing import trial_campaign
    >>> with trial_campaign("stp") as campaign:
    ...     consolidated = khreport.consolidate(campaign)
    >>> consolidated.counts["missing"], consolidated.workbook.name
    (34, 'tong-hop.xlsx')

    Raises:
        CampaignError: no templates were written yet.
        KhreportError: a file that is to be written is open in another program.

    """
    edition = newest_edition(campaign)
    edits, findings = read_editing_file(campaign, edition)
    if any(finding.code == MISSING_SHEET for finding in findings):
        raise CampaignError(
            f"Không nhận ra đủ các sheet của {campaign.editing_file.name}, nên chưa tổng hợp. "
            "Hãy lấy lại sheet đó; hoặc đổi tên tệp rồi chạy lại để có tệp biên tập mới."
        )
    with Ledger(campaign.ledger) as ledger:
        events = ledger.events()
        accepted = accepted_submissions(ledger)
    late_by, last = campaign.settings.dates.late_by, last_day(campaign, edition)
    receipts = make_receipts(edition, events, accepted, late_by, last)
    submissions = _read_stored(campaign, edition, events, receipts, progress)
    consolidation = consolidate_submissions(edition, submissions, receipts.values())
    states, file = load_outline().states, campaign.editing_file.name
    findings += doubt_edits(edits, consolidation, edition, file, states)
    findings += doubt_answers(consolidation, edits, edition, campaign.editing_file.name)
    files = []
    for name in FRAMES:
        path = campaign.consolidated / f"{name}.parquet"
        buffer = io.BytesIO()
        getattr(consolidation, name).write_parquet(buffer)
        write_atomically(path, buffer.getvalue())
        files.append(path)
    workbook = campaign.consolidated / "tong-hop.xlsx"
    write_book(lay_out_consolidated(edition, consolidation), workbook)
    slots = slots_of(call_period(load_outline(), words_of(read_key(edition.period.key))))
    write_book(lay_out_editing(edition, consolidation, edits, slots), campaign.editing_file)
    counts = Counter(receipt.state for receipt in receipts.values())
    digest = content_digest(workbook)
    with Ledger(campaign.ledger) as ledger, ledger.together():
        detail = {str(state): n for state, n in counts.items()}
        ledger.append("consolidated", "", "", detail, now(), user())
        named = {"file": workbook.name, "digest": digest}
        ledger.append("exported", "", digest, named, now(), user())
    return Consolidated(
        consolidation=consolidation,
        files=(*files, workbook, campaign.editing_file),
        workbook=workbook,
        counts={state: counts[state] for state in ("accepted", "faulty", "missing")},
        findings=findings,
    )


def _read_stored(
    campaign: Campaign,
    edition: Edition,
    events: Sequence[Event],
    receipts: Mapping[str, Receipt],
    progress: Progress,
) -> Iterator[Submission]:
    editions = Editions(campaign)
    wanted = [r for r in receipts.values() if r.state == "accepted" and r.submission]
    store = campaign.state / "store"
    paths = (verified_path(store, str(r.submission)) for r in wanted)
    raws = read_files(paths, len(wanted), campaign.settings.limits)
    with closing(raws), Chain(campaign, editions, events) as chain:
        for done, (receipt, raw) in enumerate(zip(wanted, raws, strict=True), start=1):
            digest = str(receipt.submission)
            file = receipt.file or digest
            submission = read_return(raw, editions, file, digest)[0]
            if not submission.readable:
                agency = edition.plan.agency[receipt.agency]
                why = " ".join(str(finding) for finding in submission.findings[:1])
                raise KhreportError(
                    f"Không đọc lại được bản nộp của {agency.name} (tệp “{file}”). {why} "
                    "Hãy đề nghị cơ quan gửi lại, hoặc khôi phục .khreport từ bản sao lưu."
                )
            yield chain.bring_together(submission)
            progress(done, len(wanted), file)
