"""Evidence: what each figure and each quoted passage of a report rests on, down to the cells.

Records are named by id: figures by those of `khreport.compose.figures`; what one row says by
"<row>.<column>" ("PL2.III.4.status", "CT.grdp_growth.plan_year"); what one agency says there by
"<row>.<column>.<agency>"; difficulties, proposals and passages of the officer by their own ids.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec

RATIO, ASSESSED = "ratio", "assessment"
DIFFERENCE, PACE = "difference", "pace"
"""What a report says of an indicator beside the columns of its form, as ids call it."""

RecordKind = Literal["count", "value", "quote", "officer"]


def cell_id(row: str, column: str, agency: str = "") -> str:
    """The id of what a row says in a column: of the row as a whole, or of one agency.

    >>> cell_id("PL2.III.4", "result", "sxd")
    'PL2.III.4.result.sxd'
    """
    return ".".join(filter(None, (row, column, agency)))


def rest_id(figure: str) -> str:
    """The id of what a list leaves out at its end: "và 24 cơ quan khác".

    >>> rest_id("agencies.documented")
    'agencies.documented.rest'
    """
    return f"{figure}.rest"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A cell that was read: of an agency's return, or of the officer's editing workbook.

    `agency` is "" for the officer. Where a file counts as a whole, `sheet` and `cell` are "".
    `value` is as people read it; `digest` is the SHA-256 of the file, as the store keeps it.
    """

    agency: str
    name: str
    column: str
    heading: str
    value: str
    file: str
    digest: str
    sheet: str = ""
    cell: str = ""
    received_at: dt.datetime | None = None

    @property
    def place(self) -> str:
        """Where it stands, as people say it: "STP.xlsx, Phụ lục II!J14"."""
        return f"{self.file}, {self.sheet}!{self.cell}" if self.cell else self.file


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """A row that a record rests on, with its cells; `basis` says what else it rests on."""

    row: str
    label: str
    words: str
    sources: tuple[Source, ...] = ()
    basis: str = ""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A figure or a quoted passage: what it says in words, its value, the rows behind it.

    `places` are where the report prints it.
    """

    id: str
    kind: RecordKind
    words: str
    value: str
    grounds: tuple[Ground, ...]
    places: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """The cells behind it, each once."""
        found = (source for ground in self.grounds for source in ground.sources)
        return tuple(dict.fromkeys(found))


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Records by id, and which of them stand for a whole row: "PL2.III.4"."""

    records: dict[str, Record]
    rows: dict[str, tuple[str, ...]] = {}

    def find(self, ids: Iterable[str]) -> tuple[Record, ...]:
        """The records of these ids, a row's id standing for all that is said of the row.

        Raises:
            KeyError: an id is that of no record and no row.

        """
        wanted: dict[str, Record] = {}
        for id_ in ids:
            if id_ in self.records:
                wanted[id_] = self.records[id_]
            else:
                wanted |= {each: self.records[each] for each in self.rows[id_]}
        return tuple(wanted.values())
