"""``khreport report``: the year-end report of the collecting body, as a Word document."""

from __future__ import annotations

from pathlib import Path

import msgspec

from khreport.campaign import Campaign
from khreport.compose.report import compose_report
from khreport.edges.docx import write_report as write_document
from khreport.edges.ledger import Ledger
from khreport.edges.shipped import load_outline
from khreport.edges.store import store_file
from khreport.findings import Finding
from khreport.report import Slot
from khreport.verbs.consolidate import load_consolidation, newest_edition, read_editing_file
from khreport.verbs.take_in import now, user


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The report's file (None: refused), the passages still open, and edits not understood."""

    path: Path | None
    open_slots: tuple[Slot, ...]
    findings: tuple[Finding, ...]


def write_report(campaign: Campaign, *, final: bool = False) -> Written:
    """Write the report from the consolidation and the officer's edits.

    A final report with an open passage is not written; a draft marks it.

    Raises:
        CampaignError: the campaign was not consolidated yet.
        KhreportError: the report is open in another program.

    """
    edition = newest_edition(campaign)
    consolidation = load_consolidation(campaign)
    edits, findings = read_editing_file(campaign, edition)
    report = compose_report(
        edition, consolidation, edits, campaign.settings, load_outline(), draft=not final
    )
    slots = report.open_slots
    if final and slots:
        return Written(path=None, open_slots=slots, findings=findings)
    suffix = "" if final else "-du-thao"
    path = campaign.reports / f"bao-cao-{edition.period.key}{suffix}.docx"
    write_document(report, path)
    digest = store_file(campaign.state / "store", path)
    with Ledger(campaign.state / "ledger.sqlite") as ledger:
        detail = {"file": path.name, "final": final, "open": len(slots)}
        ledger.append("reported", "", digest, detail, now(), user())
    return Written(path=path, open_slots=slots, findings=findings)
