"""What is wrong with a submission, as values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal

import msgspec

from khreport.cells import CellRef, list_cells

Severity = Literal["error", "warning", "note"]
Aside = Literal["explained", "waived", "trial"]
"""Why a finding is not held against anybody: the row says why, the collector waived it, or
its rule is only tried out."""
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One fault, or one thing to know, in one place.

    `message` says what was entered and what is wrong with it, `fix` what to do, with an
    example. `place` is the part in brackets after the cell ("Tỷ lệ %, nhiệm vụ III.4").
    `row` and `column` count from zero and are None where the finding concerns a whole
    file or sheet; `column_key` names the form's column. `aside` is None where it counts.
    """

    code: str
    severity: Severity
    message: str
    fix: str
    file: str
    sheet: str | None = None
    form: str | None = None
    row: int | None = None
    column: int | None = None
    row_key: str | None = None
    column_key: str | None = None
    value: str | None = None
    place: str | None = None
    aside: Aside | None = None

    @property
    def cell(self) -> CellRef | None:
        """The address of the faulty cell, if the finding has one."""
        if self.row is None or self.column is None:
            return None
        return CellRef(self.row, self.column)

    @property
    def blocks(self) -> bool:
        """Whether the submission cannot be accepted because of it."""
        return self.severity == "error"

    def __str__(self) -> str:
        """The sentence as an officer reads it: where, what was entered, what to do."""
        cell = self.cell
        where = ", ".join(filter(None, [self.sheet, f"ô {cell}" if cell else None]))
        if where and self.place:
            where += f" ({self.place})"
        return " ".join(filter(None, [f"{where}:" if where else None, self.message, self.fix]))


class FindingGroup(msgspec.Struct, frozen=True):
    """Findings that differ only in their cell, told in one sentence."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that stands for the group."""
        return self.findings[0]

    def __str__(self) -> str:
        if len(self.findings) == 1:
            return str(self.first)
        cells = list_cells(f.cell for f in self.findings if f.cell)
        return f"{self.first.sheet}, các ô {cells}: {self.first.message} {self.first.fix}"


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """The findings by file, then by weight, then in reading order; exact repeats dropped."""
    return sorted(
        set(findings),
        key=lambda f: (
            f.file,
            SEVERITIES.index(f.severity),
            f.sheet or "",
            -1 if f.row is None else f.row,
            -1 if f.column is None else f.column,
            f.code,
        ),
    )


def group_findings(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Findings with the same words drawn together, in the order of their first cell."""

    def words(finding: Finding) -> tuple[str, ...]:
        key = (finding.file, finding.code, finding.sheet or "", finding.message, finding.fix)
        return key if finding.cell else (*key, str(finding))

    ordered = sort_findings(findings)
    rank = {words(f): place for place, f in reversed(list(enumerate(ordered)))}
    together = sorted(ordered, key=lambda f: rank[words(f)])
    return [FindingGroup(tuple(group)) for _, group in groupby(together, key=words)]


def any_block(findings: Sequence[Finding]) -> bool:
    """Whether at least one of the findings keeps a submission from being accepted."""
    return any(finding.blocks for finding in findings)


def any_asks(findings: Sequence[Finding]) -> bool:
    """Whether at least one of the findings wants somebody to do or to look at something."""
    return any(finding.severity != "note" for finding in findings)
