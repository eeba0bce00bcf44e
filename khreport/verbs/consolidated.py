"""What consolidating left in a campaign's folder, read again: frames and the officer's edits."""

from __future__ import annotations

import hashlib

import msgspec
import polars as pl

from khreport.campaign import Campaign
from khreport.consolidation import Consolidation, Edits
from khreport.edges.ledger import Ledger
from khreport.edges.reader import Reader
from khreport.edges.store import content_digest, store_file, stored_path
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.evidence import Source
from khreport.findings import Finding
from khreport.merge.edits import locate_edits, read_edits

FRAMES = tuple(field.name for field in msgspec.structs.fields(Consolidation))


class Editing(msgspec.Struct, frozen=True, kw_only=True):
    """The editing workbook as it is now: its edits, what is wrong with them, the cell of each.

    `places` are by column and row key; `digest` is that of the file, "" where there is none.
    """

    edits: Edits = Edits()
    findings: tuple[Finding, ...] = ()
    places: dict[tuple[str, str], Source] = {}
    digest: str = ""


def read_editing_file(campaign: Campaign, edition: Edition) -> tuple[Edits, tuple[Finding, ...]]:
    """What the officer wrote so far, and what of it cannot be used (:func:`read_editing`)."""
    editing = read_editing(campaign, edition)
    return editing.edits, editing.findings


def read_editing(campaign: Campaign, edition: Edition) -> Editing:
    """What the officer wrote so far; the file as it is now is kept in the store first.

    Raises:
        CampaignError: the file is there and cannot be read.

    """
    path = campaign.editing_file
    if not path.exists():
        return Editing()
    digest = store_file(campaign.state / "store", path)
    with Reader(campaign.settings.limits) as reader:
        raw = reader.read(stored_path(campaign.state / "store", digest))
    if raw.problems and not raw.sheets:
        raise CampaignError(
            f"Không đọc được {path}. Hãy đóng tệp, lưu lại bằng Excel dạng .xlsx rồi chạy lại."
        )
    edits, findings = read_edits(raw, edition, path.name)
    places = {
        place: msgspec.structs.replace(source, digest=digest)
        for place, source in locate_edits(raw, edition, path.name).items()
    }
    return Editing(edits=edits, findings=findings, places=places, digest=digest)


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


def consolidation_digest(campaign: Campaign) -> str:
    """The SHA-256 of what consolidating wrote, in hexadecimal: of the digests of its frames."""
    digests = (content_digest(campaign.consolidated / f"{name}.parquet") for name in FRAMES)
    return hashlib.sha256(" ".join(digests).encode()).hexdigest()


def _is_outdated(campaign: Campaign) -> bool:
    with Ledger(campaign.ledger) as ledger:
        events = ledger.events()
    last = max((event.id for event in events if event.kind == "consolidated"), default=0)
    return any(event.id > last for event in events if event.kind in ("prepared", "accepted"))
