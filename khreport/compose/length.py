"""How long the body of a report is on paper, and how it is made to fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil
from textwrap import wrap

import msgspec

from khreport.compose.material import Material
from khreport.parse.outline import Limits
from khreport.report import Block, Chart, Heading, Paragraph, Slot, Table

MOST_PAGES = 8
# Measured on printed reports: 14 points on A4, and the space between paragraphs.
_PAGE_LINES, _LINE_LETTERS, _GAP_LINES = 42.0, 78, 0.4
_HEAD_LINES, _END_LINES = 15.0, 9.0
"""The head with the title; the signature with the recipients, which stays on one page."""
_ROW_LINE, _ROW_GAP = 0.9, 0.25
"""How high a line of a table is beside one of the body, and what a row has about its lines."""
_BASE_PT, _LETTER_MM, _CELL_MARGINS_MM, _PAGE_MM = 14.0, 2.1, 3.0, 160.0
_LINE_MM = 257 / _PAGE_LINES


_STEPS: tuple[dict[str, int], ...] = (
    {"section_words": 75, "late": 3, "results": 1, "difficulties": 1},
    {
        "section_words": 50,
        "late": 2,
        "overdue": 6,
        "indicator_rows": 6,
        "indicators": 4,
    },
    {"section_words": 25, "overdue": 5, "indicator_rows": 4, "proposals": 2, "behind": 2},
    {"section_words": 0, "overdue": 4, "agencies": 3, "proposals": 1, "behind": 1, "raised": 1},
    {"task_words": 12},
    {"plan_words": 10, "late": 1},
    {"results": 0},
)
"""What a body that is too long may tell at most, step by step; no step undoes an earlier one."""


def fit_material(material: Material, write_body: Callable[[Material], Iterable[Block]]) -> Material:
    """The material with limits under which the body fits MOST_PAGES, else with the least."""
    for step in ({}, *_STEPS):
        material = _limit(material, step)
        if count_pages(write_body(material)) <= MOST_PAGES:
            break
    return material


def _limit(material: Material, most: dict[str, int]) -> Material:
    limits: Limits = material.outline.limits
    lower = {name: min(limit, getattr(limits, name)) for name, limit in most.items()}
    outline = msgspec.structs.replace(
        material.outline, limits=msgspec.structs.replace(limits, **lower)
    )
    return msgspec.structs.replace(material, outline=outline)


def count_pages(body: Iterable[Block]) -> int:
    """About how many pages the body fills, with head and signature; rows of tables do not split."""
    pages, line = 1, _HEAD_LINES
    for block in body:
        whole = _count_row_lines(block) if isinstance(block, Table) else []
        for lines in whole:
            if line + lines > _PAGE_LINES:
                # the header row stands on each page
                pages, line = pages + 1, whole[0]
            line += lines
        further, line = divmod(line + (1 if whole else count_lines(block)), _PAGE_LINES)
        pages += int(further)
    return pages + (line + _END_LINES > _PAGE_LINES)


def count_lines(block: Block) -> float:
    """About how many lines of the body a block takes."""
    match block:
        case Heading(text=text) | Slot(prompt=text):
            return ceil(len(text) / _LINE_LETTERS) + _GAP_LINES
        case Paragraph(runs=runs):
            letters = sum(len(run.text) for run in runs)
            return ceil(letters / _LINE_LETTERS) + _GAP_LINES
        case Table():
            return sum(_count_row_lines(block)) + 1
        case Chart(caption=caption, height_mm=height):
            return height / _LINE_MM + ceil(len(caption) / _LINE_LETTERS) + _GAP_LINES


def _count_row_lines(table: Table) -> list[float]:
    """The lines of each row, the header first."""
    scale = (table.size_pt or _BASE_PT) / _BASE_PT
    stretch = _PAGE_MM / sum(table.widths_mm)
    room = [
        max(1.0, (width * stretch - _CELL_MARGINS_MM) / (_LETTER_MM * scale))
        for width in table.widths_mm
    ]
    return [
        _ROW_GAP
        + _ROW_LINE
        * scale
        * max(
            sum(max(1, len(wrap(line, max(1, int(letters))))) for line in cell.split("\n"))
            for cell, letters in zip(row, room, strict=True)
        )
        for row in (table.header, *table.rows)
    ]
