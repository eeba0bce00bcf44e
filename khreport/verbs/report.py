"""``khreport report``: the year-end report of the collecting body, as a Word document."""

from __future__ import annotations

from pathlib import Path

import msgspec

from khreport.campaign import Campaign
from khreport.compose.report import compose_report
from khreport.edges.docx import write_report as write_document
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Ledger, now, user
from khreport.edges.shipped import load_outline
from khreport.edges.store import move_file, store_file
from khreport.findings import Finding, any_block
from khreport.merge.doubts import doubt_edits
from khreport.report import Slot
from khreport.verbs.consolidate import load_consolidation, read_editing_file


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The report's file (None: refused), the passages still open, and edits not understood.

    `kept` is where an earlier report went that somebody had changed by hand.
    """

    path: Path | None
    kept: Path | None = None
    open_slots: tuple[Slot, ...]
    findings: tuple[Finding, ...]


def write_report(campaign: Campaign, *, final: bool = False) -> Written:
    """Write the report from the consolidation and the officer's edits.

    A final report with an open passage, or with an edit that nobody can understand, is not
    written; a draft marks the one and leaves out the other.

    Raises:
        CampaignError: the campaign was not consolidated yet.
        KhreportError: the report is open in another program.

    """
    edition = newest_edition(campaign)
    consolidation = load_consolidation(campaign)
    edits, findings = read_editing_file(campaign, edition)
    findings += doubt_edits(edits, consolidation, edition, campaign.editing_file.name)
    report = compose_report(
        edition, consolidation, edits, campaign.settings, load_outline(), draft=not final
    )
    slots = report.open_slots
    if final and (slots or any_block(findings)):
        return Written(path=None, open_slots=slots, findings=findings)
    suffix = "" if final else "-du-thao"
    path = campaign.reports / f"bao-cao-{edition.period.key}{suffix}.docx"
    with Ledger(campaign.ledger) as ledger:
        kept = _keep_aside(campaign, ledger, path)
        write_document(report, path)
        digest = store_file(campaign.state / "store", path)
        detail = {"file": path.name, "final": final, "open": len(slots)}
        ledger.append("reported", "", digest, detail, now(), user())
    return Written(path=path, kept=kept, open_slots=slots, findings=findings)


def _keep_aside(campaign: Campaign, ledger: Ledger, path: Path) -> Path | None:
    """Where a report that is about to be replaced now is, if it is not as we wrote it."""
    if not path.exists():
        return None
    digest = store_file(campaign.state / "store", path)
    if any(event.submission == digest for event in ledger.events("reported")):
        return None
    number = 1
    while (kept := path.with_name(f"{path.stem}-da-sua-{number}{path.suffix}")).exists():
        number += 1
    move_file(path, kept)
    return kept
