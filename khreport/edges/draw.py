"""Drawing many workbooks, here or in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from khreport.edges.folder import frozen_edition
from khreport.edges.xlsx import write_book
from khreport.edition import Edition
from khreport.errors import KhreportError
from khreport.layout.workbook import lay_out_workbook, workbook_name

TOLD = 3
"""The exit code of the other process when it met a fault that it could put into words."""


def draw_workbooks(
    edition: Edition, agencies: Iterable[str], folder: Path, report: Callable[[str], None]
) -> None:
    """Write the workbook of each agency into a folder, and tell each key when it is there."""
    for agency in agencies:
        write_book(lay_out_workbook(edition, agency), folder / workbook_name(edition, agency))
        report(agency)


def _tell(key: str) -> None:
    sys.stdout.write(f"{key}\n")
    sys.stdout.flush()


def _main(frozen: str, folder: str, *agencies: str) -> int:
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        draw_workbooks(frozen_edition(Path(frozen)), agencies, Path(folder), _tell)
    except KhreportError as error:
        sys.stderr.write(f"{error}\n")
        return TOLD
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
