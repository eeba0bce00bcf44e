"""``khreport trace``: the way from a figure of the report to the cells that it was read from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NoReturn

import msgspec

from khreport.campaign import Campaign
from khreport.compose.cited import cite_evidence
from khreport.compose.evidence import gather_evidence
from khreport.compose.material import Material
from khreport.compose.report import compose_material, prepare_material
from khreport.contacts import fold_name, spellings_of
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Ledger
from khreport.edges.shipped import load_outline
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.evidence import Evidence, Record
from khreport.text import fold, suggest_codes
from khreport.verbs.consolidated import (
    Editing,
    consolidation_digest,
    load_consolidation,
    read_editing,
)

_SHORTEST = 3
"""As many letters of a figure's words must be asked for."""


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """The records of one id. `report` is the last report that was written, "" if there is none.

    It is not `current` if it was written from another consolidation or other edits. The records
    are `listed` where no id was asked for: they were searched, or are all counts of the report.
    """

    id: str
    records: tuple[Record, ...]
    report: str = ""
    current: bool = False
    listed: bool = False


def trace(campaign: Campaign, wanted: str = "") -> Trace:
    """What a figure, a row ("PL2.III.4") or a passage rests on, down to the cells.

    What is no id is searched: a value ("56,7"), words of a figure, an agency. Without anything
    wanted the counts that the report prints are listed.

    >>> import khreport
    >>> from khreport.testing import make_return, trial_campaign
    >>> with trial_campaign("snv") as campaign:
    ...     path = make_return(campaign, "snv")
    ...     _ = khreport.collect(campaign), khreport.consolidate(campaign)
    ...     found = khreport.trace(campaign, "PL2.I.1")
    >>> [record.id for record in found.records]
    ['PL2.I.1.status', 'PL2.I.1.result', 'PL2.I.1.next_year']

    Raises:
        CampaignError: nothing is called so, or the campaign was not consolidated yet.

    """
    edition = newest_edition(campaign)
    consolidation = load_consolidation(campaign)
    editing = read_editing(campaign, edition)
    with Ledger(campaign.ledger) as ledger:
        written = ledger.events("reported")
    last = written[-1].detail if written else {}
    material = prepare_material(
        edition, consolidation, editing.edits, campaign.settings, load_outline(),
        charts=last.get("charts", False),
    )  # fmt: skip
    evidence = find_evidence(campaign, material, editing)
    cited = cite_evidence(compose_material(material, draft=True), evidence)
    wanted = wanted.strip()
    records = _find_id(evidence, wanted)
    listed = not records
    if not wanted:
        counts = (r for r in cited.records.values() if r.kind == "count" and r.places)
        records = tuple(counts)
    elif listed:
        records = _search(evidence, wanted, edition) or _refuse(evidence, wanted, edition)
    sources = (consolidation_digest(campaign), editing.digest)
    return Trace(
        id=wanted,
        records=tuple(cited.records.get(record.id, record) for record in records),
        report=last.get("file", ""),
        current=(last.get("consolidation"), last.get("editing")) == sources,
        listed=listed,
    )


def find_evidence(
    campaign: Campaign, material: Material, editing: Editing | None = None
) -> Evidence:
    """The evidence of all that a report may print; when each file came is as the ledger has it."""
    with Ledger(campaign.ledger) as ledger:
        received = {
            event.submission: dt.datetime.fromisoformat(event.detail["came"])
            for event in ledger.events("received")
        }
    return gather_evidence(material, received, editing.places if editing else {})


def _find_id(evidence: Evidence, wanted: str) -> tuple[Record, ...]:
    known = {id_.casefold(): id_ for id_ in (*evidence.records, *evidence.rows)}
    found = known.get(wanted.casefold())
    return () if found is None else evidence.find([found])


def _search(evidence: Evidence, wanted: str, edition: Edition) -> tuple[Record, ...]:
    """The records of a value, those that an agency wrote, else those whose words say it."""
    said = [r for r in evidence.records.values() if r.kind != "quote" and r.value not in {"", "0"}]
    names = spellings_of(agency for agency in edition.plan.agencies if agency.key in edition.asked)
    agency = {fold_name(name): key for name, key in names.items()}.get(fold_name(wanted))
    tests: tuple[Callable[[Record], bool], ...] = (
        lambda record: wanted in {record.value, record.value.partition(" ")[0].rstrip("%")},
        lambda record: agency in {source.agency for source in record.sources},
        lambda record: len(wanted) >= _SHORTEST and fold(wanted) in fold(record.words),
    )
    for test in tests:
        found = tuple(record for record in said if test(record))
        if found:
            return found
    return ()


def _refuse(evidence: Evidence, wanted: str, edition: Edition) -> NoReturn:
    told = [*evidence.rows, *(r.id for r in evidence.records.values() if r.kind != "quote")]
    beside = f"{wanted.rpartition('.')[0]}."
    near = suggest_codes(wanted, told) or [id_ for id_ in told if id_.startswith(beside)][:3]
    hint = f" Có phải: {', '.join(near)}?" if near else ""
    example = next(iter(evidence.rows), next(iter(edition.plan.task)))
    raise CampaignError(
        f"Không có số liệu, dòng nào mang mã “{wanted}”, và không tìm thấy giá trị hay tên nào "
        f"như vậy.{hint} Xem các mã: khreport trace THƯ_MỤC, ví dụ {example}."
    )
