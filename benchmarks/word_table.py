"""How long a table of the report takes, against the same table filled by python-docx.

Run `python benchmarks/word_table.py`; the last line is the ratio, which is to be at most 0.2.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from timeit import repeat

import docx

from khreport.edges.docx_parts import make_table
from khreport.report import Table

ROWS = 116
COLUMNS = 7
TEXT = "Triển khai Kế hoạch cơ cấu lại nền kinh tế gắn với đổi mới mô hình tăng trưởng"
TABLE = Table(
    header=tuple(f"Cột {column}" for column in range(COLUMNS)),
    rows=tuple(tuple(f"{row}.{column} {TEXT}" for column in range(COLUMNS)) for row in range(ROWS)),
    widths_mm=(1.0,) * COLUMNS,
    aligns=("left", "left", "left", "left", "center", "right", "right"),
)


def copy_model_row() -> None:
    """Nothing; the table stands in a new document, as the renderer writes it."""
    body = docx.Document().element.body
    body.append(make_table(TABLE, ("A", "B", "C"), size_pt=12, area_mm=(247, 170)))


def fill_row_cells() -> None:
    """Nothing; the table stands in a new document, each row filled through `row.cells`."""
    table = docx.Document().add_table(ROWS + 1, COLUMNS)
    for row, texts in zip(table.rows, (TABLE.header, *TABLE.rows), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def open_document() -> None:
    """Nothing; what both of the others do besides."""
    _ = docx.Document().element.body


def measure_ms(work: Callable[[], None]) -> float:
    """The least time of several runs, in milliseconds."""
    return min(repeat(work, number=1, repeat=15)) * 1000


if __name__ == "__main__":
    base = measure_ms(open_document)
    ours = measure_ms(copy_model_row) - base
    theirs = measure_ms(fill_row_cells) - base
    sys.stdout.write(f"{ROWS} x {COLUMNS}: {ours:.2f} ms, row.cells {theirs:.2f} ms\n")
    sys.stdout.write(f"{ours / theirs:.2f}\n")
