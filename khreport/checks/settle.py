"""What is shown of the findings on a file: waived ones as notes, of like warnings only a few."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from khreport.cells import list_cells
from khreport.dates import format_date
from khreport.findings import Finding, sort_findings
from khreport.messages import MOST_SAID
from khreport.rules import Waiver

MOST_WARNINGS = 3
"""Warnings of one rule that are shown in one file; the rest are counted in a sentence."""


class Settled(NamedTuple):
    """Findings to show, in order; and warnings whose rows say why, which are accepted.

    `whole` is what is shown, with each warning that `shown` only counts.
    """

    shown: list[Finding]
    explained: list[Finding]
    whole: list[Finding]


def settle_findings(
    findings: Iterable[Finding], agency: str, period: str, waivers: Iterable[Waiver]
) -> Settled:
    """The findings on one file of an agency as they are shown.

    What is waived for the agency, rule and period becomes a note that says why.
    """
    waived = {w.rule: w for w in waivers if (w.agency, w.period) == (agency, period)}
    settled = [_waive(f, waived[f.code]) if f.code in waived else f for f in findings]
    explained = [f for f in settled if f.aside == "explained"]
    shown = [f for f in settled if f.aside != "explained"]
    return Settled(
        sort_findings(_tell_briefly(shown)), sort_findings(explained), sort_findings(shown)
    )


def _waive(finding: Finding, waiver: Waiver) -> Finding:
    by = f" ({waiver.by}, {format_date(waiver.on)})."
    plain = msgspec.structs.replace(finding, severity="note", aside="waived", fix="Được miễn:")
    room = MOST_SAID - len(str(plain)) - len(by) - 1
    reason = waiver.reason.rstrip(".")
    if len(reason) > room:
        reason = f"{reason[: max(room - 1, 0)].rstrip()}…"
    return msgspec.structs.replace(plain, fix=f"Được miễn: {reason}{by}")


def _tell_briefly(findings: Sequence[Finding]) -> Iterable[Finding]:
    """The findings, of each rule's warnings the first three and a sentence on the others."""
    warnings: dict[tuple[str, str, str | None], list[Finding]] = {}
    for finding in sort_findings(findings):
        if finding.severity == "warning" and finding.cell:
            warnings.setdefault((finding.file, finding.code, finding.sheet), []).append(finding)
        else:
            yield finding
    for alike in warnings.values():
        yield from alike[:MOST_WARNINGS]
        if len(alike) > MOST_WARNINGS:
            yield _count(alike)


def _count(alike: Sequence[Finding]) -> Finding:
    cells = list_cells(finding.cell for finding in alike[:MOST_WARNINGS] if finding.cell)
    return Finding(
        code=alike[0].code,
        severity="warning",
        message=f"Còn {len(alike) - MOST_WARNINGS} ô khác cần xem lại vì cùng lý do với {cells}.",
        fix="Hãy xem lại cả cột.",
        file=alike[0].file,
        sheet=alike[0].sheet,
        form=alike[0].form,
    )
