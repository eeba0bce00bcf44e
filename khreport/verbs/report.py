"""``khreport report``: the year-end report of the collecting body, or of one agency, in Word."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from khreport.campaign import Campaign
from khreport.compose.cited import cite_evidence, comment_report
from khreport.compose.own_report import prepare_own_material
from khreport.compose.report import compose_material, prepare_material
from khreport.compose.review import review_report
from khreport.contacts import find_agency
from khreport.edges.docx import write_report as write_document
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Ledger, now, user
from khreport.edges.shipped import load_agency_outline, load_outline
from khreport.edges.store import move_file, store_file
from khreport.edges.xlsx import write_book
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.evidence import Evidence
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


def write_report(
    campaign: Campaign, *, final: bool = False, evidence: bool = False, charts: bool = False
) -> Written:
    """Write the report from the consolidation and the officer's edits.

    A final report with an open passage, or with an edit that nobody can understand, is not
    written; a draft marks the one and leaves out the other. A draft says in its margin where
    figures and quotes come from; with `evidence` a workbook beside the report traces them. With
    `charts` an appendix of its own draws how tasks and indicators stand.

    >>> import khreport
    >>> from khreport.testing import trial_campaign
    >>> with trial_campaign("stp") as campaign:
    ...     _ = khreport.consolidate(campaign)
    ...     khreport.write_report(campaign).path.name
    'bao-cao-2024-du-thao.docx'

    Raises:
        CampaignError: the campaign was not consolidated yet.
        KhreportError: the report is open in another program.

    """
    edition = newest_edition(campaign)
    consolidation = load_consolidation(campaign)
    editing = read_editing(campaign, edition)
    edits = editing.edits
    findings = editing.findings
    outline, file = load_outline(), campaign.editing_file.name
    findings += doubt_edits(edits, consolidation, edition, file, outline.states)
    material = prepare_material(
        edition, consolidation, edits, campaign.settings, outline, charts=charts
    )
    report = compose_material(material, draft=not final)
    name = f"bao-cao-{edition.period.key}{'' if final else '-du-thao'}.docx"
    findings += review_report(material, report, name, campaign.editing_file.name)
    slots = report.open_slots
    if final and (slots or any_block(findings)):
        return Written(path=None, open_slots=slots, findings=findings)
    path = campaign.reports / name
    annex = None
    if evidence or not final:
        found = find_evidence(campaign, material, editing)
        if evidence:
            annex = _write_annex(campaign, edition, path, report, found)
        if not final:
            report = comment_report(report, found)
    kept = write_kept(
        campaign, report, path, "reported",
        final=final, open=len(slots), consolidation=consolidation_digest(campaign),
        editing=editing.digest, evidence=_digest(annex), charts=charts,
    )  # fmt: skip
    return Written(
        path=path,
        kept=kept,
        evidence=annex.path if annex else None,
        open_slots=slots,
        findings=findings,
    )


def write_own_report(
    campaign: Campaign, called: str, *, comments: bool = False, evidence: bool = False
) -> Written:
    """Write an agency's own report from its accepted answers, for its leader to sign.

    With `comments` it says in its margin where figures and quotes come from; with `evidence` a
    workbook beside it traces them.

    >>> import khreport
    >>> from khreport.testing import make_return, trial_campaign
    >>> with trial_campaign("snv") as campaign:
    ...     path = make_return(campaign, "snv")
    ...     _ = khreport.collect(campaign), khreport.consolidate(campaign)
    ...     khreport.write_own_report(campaign, "Sở Nội vụ").path.name
    'bao-cao-2024-SNV.docx'

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
    material = prepare_own_material(
        edition, consolidation, campaign.settings, load_agency_outline(), key
    )
    report = compose_material(material, draft=True)
    name = file_name_part(f"bao-cao-{edition.period.key}-{agency.abbreviation}")
    path = campaign.reports / f"{name}.docx"
    found = find_evidence(campaign, material) if comments or evidence else None
    annex = _write_annex(campaign, edition, path, report, found) if found and evidence else None
    if found and comments:
        report = comment_report(report, found)
    kept = write_kept(campaign, report, path, "exported", agency=key, evidence=_digest(annex))
    return Written(
        path=path,
        kept=kept,
        evidence=annex.path if annex else None,
        open_slots=report.open_slots,
        findings=(),
    )


class _Annex(NamedTuple):
    path: Path
    digest: str


def _write_annex(
    campaign: Campaign, edition: Edition, report: Path, composed: Report, found: Evidence
) -> _Annex:
    """The workbook of evidence beside a report, stored."""
    path = campaign.reports / f"bang-chung{report.stem.removeprefix('bao-cao')}.xlsx"
    write_book(lay_out_evidence(edition, report.name, cite_evidence(composed, found)), path)
    return _Annex(path, store_file(campaign.state / "store", path))


def _digest(annex: _Annex | None) -> str:
    return annex.digest if annex else ""


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
        told = {"file": path.name, "digest": digest, **detail}
        with ledger.together():
            for each in dict.fromkeys((kind, "exported")):
                ledger.append(each, agency, digest, told, now(), user())
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
