"""An agency's own report, from its accepted answers, for its leader to sign."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec
import polars as pl

from khreport.agencies import Agency
from khreport.campaign import Office, Settings
from khreport.columns import ISSUER, SYMBOL
from khreport.compose.material import Material
from khreport.compose.report import compose_material, prepare_material
from khreport.consolidation import Consolidation, Edits
from khreport.edition import Edition
from khreport.merge.narrow import narrow_consolidation, narrow_edition
from khreport.parse.outline import Outline
from khreport.report import Report
from khreport.text import fold

_PLAN = re.compile(r"/KH-(\S+)\Z")
_COMMITTEE = re.compile(r"(?:UBND|Ủy ban nhân dân) (?:thành phố|thị xã|huyện|xã|phường|đặc khu) ")


def compose_own_report(
    edition: Edition,
    consolidation: Consolidation,
    settings: Settings,
    outline: Outline,
    agency: str,
) -> Report:
    """The report of one agency to those to whom the collecting office reports, and to that office.

    Nothing of the officer's edits is in it: it says what the agency itself has said.
    """
    material = prepare_own_material(edition, consolidation, settings, outline, agency)
    return compose_material(material, draft=True)


def prepare_own_material(
    edition: Edition,
    consolidation: Consolidation,
    settings: Settings,
    outline: Outline,
    agency: str,
) -> Material:
    """What the report of one agency is written from, as :func:`compose_own_report` writes it."""
    narrowed = narrow_edition(edition, agency)
    own = narrow_consolidation(consolidation, narrowed)
    body = edition.plan.agency[agency]
    office = own_office(body, settings.office, outline)
    names = (office.issuer, body.name, body.short, *body.spellings)
    symbol = find_symbol(own.documents, names) or office.symbol
    office = msgspec.structs.replace(office, symbol=symbol)
    settings = msgspec.structs.replace(settings, office=office)
    return prepare_material(narrowed, own, Edits(), settings, outline)


def find_symbol(documents: pl.DataFrame, names: Iterable[str]) -> str:
    """How the body of these names abbreviates itself in the numbers of its plans, if one way.

    >>> import polars as pl
    >>> listed = {"symbol": ["76/KH-SXD", "9/KH-UBND"], "issuer": ["Sở Xây dựng", "UBND"]}
    >>> find_symbol(pl.DataFrame(listed), ["Sở Xây dựng"])
    'SXD'
    """
    if not {SYMBOL, ISSUER} <= {*documents.columns}:
        return ""
    called = set(map(fold, names))
    own = documents.drop_nulls([SYMBOL, ISSUER])
    rows = zip(own[SYMBOL], own[ISSUER], strict=True)
    plans = (_PLAN.search(symbol) for symbol, by in rows if fold(by) in called)
    found = {match[1] for match in plans if match}
    return found.pop() if len(found) == 1 else ""


def own_office(agency: Agency, collector: Office, outline: Outline) -> Office:
    """How the agency signs, as far as that is known; the rest stands open for it to fill in.

    A local committee has no superior on paper and signs for the body (NĐ 30/2020, Phụ lục I,
    II.2, II.7); the superior of a body of the central government is not known here.
    """
    words = outline.words
    local = agency.kind in ("district", "commune")
    superiors = {
        "department": collector.superior,
        "unit": collector.superior,
        "district": None,
        "commune": None,
    }
    return Office(
        superior=superiors.get(agency.kind, words.open_superior),
        issuer=agency.name.replace("UBND ", "Ủy ban nhân dân\n", 1) if local else agency.name,
        symbol=words.open_symbol,
        place=_COMMITTEE.sub("", agency.name) if local else collector.place,
        addressees=(*collector.addressees, " ".join(collector.issuer.split())),
        recipients=words.own_recipients,
        authority=words.committee_signs if local else words.head_signs,
    )
