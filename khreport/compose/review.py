"""What an officer should look at again in a report: its length, assessments not understood."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from khreport.compose.material import Material, read_assessment
from khreport.compose.states import INDICATOR_STATES
from khreport.findings import Finding
from khreport.merge.edits import ASSESSMENT, INDICATORS_SHEET, SHEET_NAMES
from khreport.messages import finding
from khreport.quantities import format_count
from khreport.report import Block, Heading, Paragraph, Report, Slot, Table
from khreport.text import join_and

MOST_PAGES = 8
NAMED = 3
"""How many of the longest passages are named."""
# Measured on printed reports: 14 points on A4, and the space between paragraphs.
_PAGE_LINES, _LINE_LETTERS, _GAP_LINES = 42.0, 78, 0.4
_FRAME_LINES = 24.0
"""The head, the title, and the signature with the recipients."""
_BASE_PT, _LETTER_MM, _CELL_MARGINS_MM, _PAGE_MM = 14.0, 2.1, 3.0, 160.0


def review_report(
    material: Material, report: Report, file: str, editing: str
) -> tuple[Finding, ...]:
    """A warning for a body that is too long, and for each assessment that is not understood."""
    return (*_review_length(report, file), *_review_assessments(material, editing))


def _review_length(report: Report, file: str) -> Iterator[Finding]:
    passages: dict[str, float] = {}
    title = report.kind
    for block in report.body:
        if isinstance(block, Heading):
            title = block.text
        passages[title] = passages.get(title, 0.0) + _count_lines(block)
    pages = count_pages(report)
    if pages > MOST_PAGES:
        longest = sorted(passages, key=lambda passage: -passages[passage])[:NAMED]
        names = join_and([f"“{name}”" for name in longest])
        yield finding(
            "report.long", file=file, pages=format_count(pages),
            most=format_count(MOST_PAGES), names=names,
        )  # fmt: skip


def count_pages(report: Report) -> int:
    """About how many pages the body fills, with head and signature."""
    return ceil((_FRAME_LINES + sum(map(_count_lines, report.body))) / _PAGE_LINES)


def _count_lines(block: Block) -> float:
    """About how many lines of the body a block takes."""
    match block:
        case Heading(text=text) | Slot(prompt=text):
            return ceil(len(text) / _LINE_LETTERS) + _GAP_LINES
        case Paragraph(runs=runs):
            letters = sum(len(run.text) for run in runs)
            return ceil(letters / _LINE_LETTERS) + _GAP_LINES
        case Table():
            return _count_table_lines(block)


def _count_table_lines(table: Table) -> float:
    scale = (table.size_pt or _BASE_PT) / _BASE_PT
    stretch = _PAGE_MM / sum(table.widths_mm)
    room = [
        max(1.0, (width * stretch - _CELL_MARGINS_MM) / (_LETTER_MM * scale))
        for width in table.widths_mm
    ]
    rows = (table.header, *table.rows)
    lines = (
        max(
            sum(max(1, ceil(len(line) / letters)) for line in cell.split("\n"))
            for cell, letters in zip(row, room, strict=True)
        )
        for row in rows
    )
    return scale * sum(lines) + 1


def _review_assessments(material: Material, file: str) -> Iterator[Finding]:
    states = material.outline.states
    levels = join_and([f"“{states[state]}”" for state in INDICATOR_STATES[:3]])
    for key, text in material.edits.assessments.items():
        if not read_assessment(text, states):
            yield finding(
                "edit.assessment", file=file, sheet=SHEET_NAMES[INDICATORS_SHEET],
                form=INDICATORS_SHEET, row_key=key, column_key=ASSESSMENT, value=text,
                levels=levels,
            )  # fmt: skip
