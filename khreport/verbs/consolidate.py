"""``khreport consolidate``: the accepted submissions as frames and two workbooks."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import polars as pl

from khreport.campaign import Campaign
from khreport.consolidation import AgencyState, Consolidation, Edits, Receipt
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Ledger, now, user
from khreport.edges.reader import Reader
from khreport.edges.shipped import load_outline
from khreport.edges.store import store_file, stored_path, verified_path, write_atomically
from khreport.edges.xlsx import write_book
from khreport.edition import Edition
from khreport.errors import CampaignError, KhreportError
from khreport.findings import Finding
from khreport.frames import Submission
from khreport.layout.consolidated import lay_out_consolidated
from khreport.layout.editing import lay_out_editing
from khreport.merge.consolidate import consolidate_submissions
from khreport.merge.doubts import doubt_edits
from khreport.merge.edits import read_edits
from khreport.parse.outline import slots_of
from khreport.verbs.judge import Editions, read_return
from khreport.verbs.progress import Progress, be_silent
from khreport.verbs.standing import make_receipts
from khreport.verbs.take_in import accepted_submissions

MISSING_SHEET = "edit.sheet_missing"
FRAMES = tuple(field.name for field in msgspec.structs.fields(Consolidation))


class Consolidated(msgspec.Struct, frozen=True, kw_only=True):
    """What consolidating wrote, and how many agencies are in which state.

    `findings` tell what in the editing workbook could not be understood and was left out.
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
    receipts = make_receipts(edition, events, accepted)
    submissions = _read_stored(campaign, edition, receipts, progress)
    consolidation = consolidate_submissions(edition, submissions, receipts.values())
    findings += doubt_edits(edits, consolidation, edition, campaign.editing_file.name)
    files = []
    for name in FRAMES:
        path = campaign.consolidated / f"{name}.parquet"
        buffer = io.BytesIO()
        getattr(consolidation, name).write_parquet(buffer)
        write_atomically(path, buffer.getvalue())
        files.append(path)
    workbook = campaign.consolidated / "tong-hop.xlsx"
    write_book(lay_out_consolidated(edition, consolidation), workbook)
    slots = slots_of(load_outline())
    write_book(lay_out_editing(edition, consolidation, edits, slots), campaign.editing_file)
    counts = Counter(receipt.state for receipt in receipts.values())
    with Ledger(campaign.ledger) as ledger:
        detail = {str(state): n for state, n in counts.items()}
        ledger.append("consolidated", "", "", detail, now(), user())
    return Consolidated(
        consolidation=consolidation,
        files=(*files, workbook, campaign.editing_file),
        workbook=workbook,
        counts={state: counts[state] for state in ("accepted", "faulty", "missing")},
        findings=findings,
    )


def read_editing_file(campaign: Campaign, edition: Edition) -> tuple[Edits, tuple[Finding, ...]]:
    """What the officer wrote so far; the file as it is now is kept in the store first.

    Raises:
        CampaignError: the file is there and cannot be read.

    """
    path = campaign.editing_file
    if not path.exists():
        return Edits(), ()
    digest = store_file(campaign.state / "store", path)
    with Reader(campaign.settings.limits) as reader:
        raw = reader.read(stored_path(campaign.state / "store", digest))
    if raw.problems and not raw.sheets:
        raise CampaignError(
            f"Không đọc được {path}. Hãy đóng tệp, lưu lại bằng Excel dạng .xlsx rồi chạy lại."
        )
    return read_edits(raw, edition, path.name)


def _read_stored(
    campaign: Campaign,
    edition: Edition,
    receipts: Mapping[str, Receipt],
    progress: Progress,
) -> Iterator[Submission]:
    editions = Editions(campaign)
    wanted = [r for r in receipts.values() if r.state == "accepted" and r.submission]
    store = campaign.state / "store"
    with Reader(campaign.settings.limits) as reader:
        raws = reader.read_each(verified_path(store, str(r.submission)) for r in wanted)
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
            yield submission
            progress(done, len(wanted), file)


def load_consolidation(campaign: Campaign) -> Consolidation:
    """The frames that :func:`consolidate` wrote.

    Raises:
        CampaignError: the campaign was not consolidated yet, or forms went out or returns
            were accepted since.

    """
    paths = {name: campaign.consolidated / f"{name}.parquet" for name in FRAMES}
    if not all(path.exists() for path in paths.values()):
        raise CampaignError(
            f"Đợt báo cáo chưa tổng hợp. Hãy chạy: khreport consolidate {campaign.folder}"
        )
    if _is_outdated(campaign):
        raise CampaignError(
            "Đã phát biểu mẫu hoặc nhận thêm bản nộp sau lần tổng hợp cuối. "
            f"Hãy chạy lại: khreport consolidate {campaign.folder}"
        )
    try:
        frames = {name: pl.read_parquet(path) for name, path in paths.items()}
    except (pl.exceptions.PolarsError, OSError) as error:
        raise CampaignError(
            f"Số liệu tổng hợp trong {campaign.consolidated} đã hỏng. "
            f"Hãy chạy lại: khreport consolidate {campaign.folder}"
        ) from error
    return Consolidation(**frames)


def _is_outdated(campaign: Campaign) -> bool:
    with Ledger(campaign.ledger) as ledger:
        events = ledger.events()
    last = max((event.id for event in events if event.kind == "consolidated"), default=0)
    return any(event.id > last for event in events if event.kind in ("prepared", "accepted"))
