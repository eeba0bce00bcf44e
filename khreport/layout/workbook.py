"""A whole workbook for one agency, as it is sent out."""

from __future__ import annotations

from collections.abc import Mapping

from khreport.anatomy import ANSWERED, FORMAT_VERSION, IDENTITY_SHEET, LISTS_SHEET
from khreport.edition import Edition
from khreport.layout.cover import lay_out_cover
from khreport.layout.form import EMPTY, Filled, lay_out_form
from khreport.layout.input import list_name
from khreport.layout.styles import KEY
from khreport.sheet import Area, Book, Cell, Sheet
from khreport.text import file_name_part


def workbook_name(edition: Edition, agency: str) -> str:
    """The file name of an agency's workbook: sorts by agency, ASCII, safe to mail."""
    abbreviation = edition.plan.agency[agency].abbreviation
    return file_name_part(f"{abbreviation}_{edition.plan.key}_{edition.period.key}") + ".xlsx"


def lay_out_workbook(
    edition: Edition,
    agency: str,
    filled: Mapping[str, Filled] | None = None,
    *,
    answered: str = "",
) -> Book:
    """The workbook of one agency; `filled` gives answers and marks by form key.

    `answered` is the id of the submission that the workbook hands back for correction.
    """
    filled = filled or {}
    sheets: list[Sheet] = []
    for form in edition.forms:
        poured = filled.get(form.key, EMPTY)
        if form.rows == "fields":
            sheets.append(lay_out_cover(edition, agency, form, poured))
        else:
            sheet = lay_out_form(edition, agency, form, poured)
            if sheet is not None:
                sheets.append(sheet)
    lists, names = _lists(edition)
    return Book(
        sheets=(*sheets, lists, _identity(edition, agency, answered)),
        names=names,
        title=f"{edition.plan.agency[agency].name} - {edition.period.name}",
    )


def _lists(edition: Edition) -> tuple[Sheet, tuple[tuple[str, str, Area], ...]]:
    cells: list[Cell] = []
    names: list[tuple[str, str, Area]] = []
    column = 0
    for form in edition.forms:
        for choices in form.lists:
            cells += [Cell(row, column, label, KEY) for row, label in enumerate(choices.labels)]
            last = len(choices.labels) - 1
            names.append((list_name(form, choices.key), LISTS_SHEET, Area(0, column, last, column)))
            column += 1
    return Sheet(name=LISTS_SHEET, cells=tuple(cells), visibility="hidden"), tuple(names)


def _identity(edition: Edition, agency: str, answered: str) -> Sheet:
    facts = {
        "khreport": FORMAT_VERSION,
        "plan": edition.plan.key,
        "period": edition.period.key,
        "agency": agency,
        "digest": edition.digest,
    }
    if answered:
        facts[ANSWERED] = answered
    cells = [
        Cell(row, column, text, KEY)
        for row, pair in enumerate(facts.items())
        for column, text in enumerate(pair)
    ]
    return Sheet(name=IDENTITY_SHEET, cells=tuple(cells), visibility="very_hidden")
