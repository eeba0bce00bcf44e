"""``khreport trace``: the way from a figure of the report to the cells that it was read from."""

from __future__ import annotations

import datetime as dt

import msgspec

from khreport.campaign import Campaign
from khreport.compose.cited import cite_evidence
from khreport.compose.evidence import gather_evidence
from khreport.compose.material import Material
from khreport.compose.report import compose_material, prepare_material
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Ledger
from khreport.edges.shipped import load_outline
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.evidence import Evidence, Record
from khreport.text import suggest_codes
from khreport.verbs.consolidated import (
    Editing,
    consolidation_digest,
    load_consolidation,
    read_editing,
)


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """The records of one id. `report` is the last report that was written, "" if there is none.

    It is not `current` if it was written from another consolidation or other edits.
    """

    id: str
    records: tuple[Record, ...]
    report: str = ""
    current: bool = False


def trace(campaign: Campaign, wanted: str) -> Trace:
    """What a figure, a row ("PL2.III.4") or a passage rests on, down to the cells.

    Raises:
        CampaignError: nothing is called so, or the campaign was not consolidated yet.

    """
    edition = newest_edition(campaign)
    consolidation = load_consolidation(campaign)
    editing = read_editing(campaign, edition)
    material = prepare_material(
        edition, consolidation, editing.edits, campaign.settings, load_outline()
    )
    evidence = find_evidence(campaign, material, editing)
    records = _find(evidence, wanted.strip(), edition)
    cited = cite_evidence(compose_material(material, draft=True), evidence)
    with Ledger(campaign.ledger) as ledger:
        written = ledger.events("reported")
    last = written[-1].detail if written else {}
    sources = (consolidation_digest(campaign), editing.digest)
    return Trace(
        id=wanted.strip(),
        records=tuple(cited.records.get(record.id, record) for record in records),
        report=last.get("file", ""),
        current=(last.get("consolidation"), last.get("editing")) == sources,
    )


def find_evidence(campaign: Campaign, material: Material, editing: Editing) -> Evidence:
    """The evidence of all that a report may print; when each file came is as the ledger has it."""
    with Ledger(campaign.ledger) as ledger:
        received = {
            event.submission: dt.datetime.fromisoformat(event.detail["came"])
            for event in ledger.events("received")
        }
    return gather_evidence(material, received, editing.places)


def _find(evidence: Evidence, wanted: str, edition: Edition) -> tuple[Record, ...]:
    known = {id_.casefold(): id_ for id_ in (*evidence.records, *evidence.rows)}
    found = known.get(wanted.casefold())
    if found is not None:
        return evidence.find([found])
    told = [*evidence.rows, *(r.id for r in evidence.records.values() if r.kind != "quote")]
    near = suggest_codes(wanted, told)
    hint = f" Có phải: {', '.join(near)}?" if near else ""
    example = next(iter(evidence.rows), next(iter(edition.plan.task)))
    raise CampaignError(
        f"Không có số liệu, dòng nào mang mã “{wanted}”.{hint} Mã có trong ghi chú của bản dự "
        f"thảo và trong tệp bằng chứng (khreport report … --evidence), ví dụ {example}."
    )
