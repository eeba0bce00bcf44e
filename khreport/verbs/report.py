"""``khreport report``: the year-end report of the collecting body, or of one agency, in Word."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from khreport.campaign import Campaign
from khreport.compose.cited import cite_evidence, comment_report
from khreport.compose.own_report import compose_own_report
from khreport.compose.report import compose_material, prepare_material
from khreport.compose.review import review_report
from khreport.contacts import find_agency
from khreport.edges.docx import write_report as write_document
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Ledger, now, user
from khreport.edges.shipped import load_agency_outline, load_outline
from khreport.edges.store import move_file, store_file
from khreport.edges.xlsx import write_book
from khreport.errors import CampaignError
from khreport.findings import Finding, any_block
from khreport.layout.evidence import lay_out_evidence
from khreport.merge.doubts import doubt_edits
from khreport.report import Report, Slot
from khreport.text import file_name_part
from khreport.verbs.consolidated import consolidation_digest, load_consolidation, read_editing
from khreport.verbs.trace import find_evidence


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The report's file (None: refused), the passages still open, and edits not understood.

    `kept` is where an earlier report went that somebody had changed by hand, `evidence` the
    workbook that traces its figures.
    """

    path: Path | None
    kept: Path | None = None
    evidence: Path | None = None
    open_slots: tuple[Slot, ...]
    findings: tuple[Finding, ...]


def write_report(campaign: Campaign, *, final: bool = False, evidence: bool = False) -> Written:
    """Write the report from the consolidation and the officer's edits.

    A final report with an open passage, or with an edit that nobody can understand, is not
    written; a draft marks the one and leaves out the other. A draft says in its margin where
    figures and quotes come from; with `evidence` a workbook beside the report traces them.

    Raises:
        CampaignError: the campaign was not consolidated yet.
        KhreportError: the report is open in another program.

    """
    edition = newest_edition(campaign)
    consolidation = load_consolidation(campaign)
    editing = read_editing(campaign, edition)
    edits = editing.edits
    findings = editing.findings
    findings += doubt_edits(edits, consolidation, edition, campaign.editing_file.name)
    material = prepare_material(edition, consolidation, edits, campaign.settings, load_outline())
    report = compose_material(material, draft=not final)
    name = f"bao-cao-{edition.period.key}{'' if final else '-du-thao'}.docx"
    findings += review_report(material, report, name, campaign.editing_file.name)
    slots = report.open_slots
    if final and (slots or any_block(findings)):
        return Written(path=None, open_slots=slots, findings=findings)
    path = campaign.reports / name
    annex = campaign.reports / f"bang-chung{path.stem.removeprefix('bao-cao')}.xlsx"
    annex_digest = ""
    if evidence or not final:
        found = find_evidence(campaign, material, editing)
        if evidence:
            cited = cite_evidence(report, found)
            write_book(lay_out_evidence(edition, path.name, cited), annex)
            annex_digest = store_file(campaign.state / "store", annex)
        if not final:
            report = comment_report(report, found)
    kept = write_kept(
        campaign, report, path, "reported",
        final=final, open=len(slots), consolidation=consolidation_digest(campaign),
        editing=editing.digest, evidence=annex_digest,
    )  # fmt: skip
    return Written(
        path=path,
        kept=kept,
        evidence=annex if evidence else None,
        open_slots=slots,
        findings=findings,
    )


def write_own_report(campaign: Campaign, called: str) -> Written:
    """Write an agency's own report from its accepted answers, for its leader to sign.

    Raises:
        CampaignError: no such agency, or nothing of it was accepted or consolidated yet.
        KhreportError: the report is open in another program.

    """
    edition = newest_edition(campaign)
    key = find_agency(called, edition.agencies)
    agency = edition.plan.agency[key]
    consolidation = load_consolidation(campaign)
    standing = dict(consolidation.agencies.select("agency", "state").iter_rows())
    if standing.get(key) != "accepted":
        raise CampaignError(
            f"{agency.name} chưa có bản nộp đạt, nên chưa lập được báo cáo riêng. "
            f"Hãy nhận bản nộp của cơ quan này rồi chạy: khreport consolidate {campaign.folder}"
        )
    report = compose_own_report(
        edition, consolidation, campaign.settings, load_agency_outline(), key
    )
    name = file_name_part(f"bao-cao-{edition.period.key}-{agency.abbreviation}")
    path = campaign.reports / f"{name}.docx"
    kept = write_kept(campaign, report, path, "exported", agency=key)
    return Written(path=path, kept=kept, open_slots=report.open_slots, findings=())


def write_kept(
    campaign: Campaign,
    report: Report,
    path: Path,
    kind: Literal["reported", "exported"],
    *,
    agency: str = "",
    **detail: object,
) -> Path | None:
    """Where the document now is that stood at `path` and somebody had changed, if there was one.

    The new one stands at `path`, is in the store, and in the ledger.
    """
    with Ledger(campaign.ledger) as ledger:
        kept = _keep_aside(campaign, ledger, path)
        write_document(report, path)
        digest = store_file(campaign.state / "store", path)
        ledger.append(kind, agency, digest, {"file": path.name, **detail}, now(), user())
    return kept


def _keep_aside(campaign: Campaign, ledger: Ledger, path: Path) -> Path | None:
    """Where a report that is about to be replaced now is, if it is not as we wrote it."""
    if not path.exists():
        return None
    digest = store_file(campaign.state / "store", path)
    ours = (*ledger.events("reported"), *ledger.events("exported"))
    if any(event.submission == digest for event in ours):
        return None
    number = 1
    while (kept := path.with_name(f"{path.stem}-da-sua-{number}{path.suffix}")).exists():
        number += 1
    move_file(path, kept)
    return kept
