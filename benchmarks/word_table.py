"""How long a table of the report takes, against the same table filled by python-docx.

Run `python benchmarks/word_table.py`; the last line is the ratio, which is to be at most 0.2.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter

import docx
from docx.document import Document

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


def copy_model_row(document: Document) -> None:
    """Nothing; the table stands in the document, as the renderer writes it."""
    document.element.body.append(make_table(TABLE, ("A", "B", "C"), size_pt=12, area_mm=(247, 170)))


def fill_row_cells(document: Document) -> None:
    """Nothing; the table stands in the document, each row filled through `row.cells`."""
    table = document.add_table(ROWS + 1, COLUMNS)
    for row, texts in zip(table.rows, (TABLE.header, *TABLE.rows), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def measure_ms(work: Callable[[Document], None]) -> float:
    """The least time of several runs, each in a new document, in milliseconds."""
    times = []
    for _ in range(15):
        document = docx.Document()
        started = perf_counter()
        work(document)
        times.append(perf_counter() - started)
    return min(times) * 1000


if __name__ == "__main__":
    ours = measure_ms(copy_model_row)
    theirs = measure_ms(fill_row_cells)
    sys.stdout.write(f"{ROWS} x {COLUMNS}: {ours:.2f} ms, row.cells {theirs:.2f} ms\n")
    sys.stdout.write(f"{ours / theirs:.2f}\n")
