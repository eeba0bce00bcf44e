"""A round of the demo with its report, and its returns as openpyxl reads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl

import khreport
from khreport.compose.cited import cite_evidence
from khreport.compose.report import compose_material, prepare_material
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Ledger
from khreport.edges.shipped import load_outline
from khreport.edges.store import stored_path
from khreport.text import clean
from khreport.verbs.consolidated import load_consolidation, read_editing
from khreport.verbs.trace import find_evidence

Rows = dict[str, dict[str, str]]
"""What stands in a return, by row key and column key."""


def tell(value: object) -> str:
    """A cell's value as the report would print it."""
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float):
        return f"{value:,.10g}".translate(str.maketrans(",.", ".,"))
    return clean(str(value))


class DemoRound:
    """A round of the demo with its report, and each accepted return as openpyxl reads it."""

    def __init__(self, folder: Path) -> None:
        self.campaign = khreport.open_campaign(folder)
        self.edition = newest_edition(self.campaign)
        consolidation = load_consolidation(self.campaign)
        editing = read_editing(self.campaign, self.edition)
        self.material = prepare_material(
            self.edition, consolidation, editing.edits, self.campaign.settings, load_outline()
        )
        self.report = compose_material(self.material, draft=True)
        self.evidence = find_evidence(self.campaign, self.material, editing)
        self.cited = cite_evidence(self.report, self.evidence)
        self._books: dict[str, Any] = {}

    def book(self, digest: str) -> Any:  # noqa: ANN401 - openpyxl has no types
        if digest not in self._books:
            with stored_path(self.campaign.state / "store", digest).open("rb") as file:
                self._books[digest] = openpyxl.load_workbook(file)
        return self._books[digest]

    def count(self, figure: str) -> int:
        return int(self.evidence.records[figure].value.replace(".", ""))

    @cached_property
    def accepted(self) -> dict[str, str]:
        """The stored return of each agency whose last one was accepted, as the ledger has it."""
        with Ledger(self.campaign.ledger) as ledger:
            return {event.agency: event.submission for event in ledger.events("accepted")}

    @cached_property
    def returned(self) -> dict[str, Rows]:
        """What every accepted return says, by agency: keys stand in column A and in row 1."""
        return {agency: self._read(digest) for agency, digest in self.accepted.items()}

    def _read(self, digest: str) -> Rows:
        rows: Rows = {}
        for sheet in self.book(digest).worksheets:
            if not str(sheet["A1"].value).startswith("khreport:"):
                continue
            names = [cell.value for cell in sheet[1]]
            for cells in sheet.iter_rows(min_row=2, values_only=True):
                if cells[0] and not str(cells[0]).startswith("#"):
                    said = zip(names[1:], cells[1:], strict=False)
                    filled = {str(n): tell(v) for n, v in said if n and v not in (None, "")}
                    rows.setdefault(str(cells[0]), {}).update(filled)
        return rows

    def asked(self, row: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Who is asked about a row and has returned it, with what its cells say."""
        for question in self.edition.questions:
            if question.key == row and question.form != "PH" and question.agency in self.returned:
                yield question.agency, self.returned[question.agency].get(row, {})
