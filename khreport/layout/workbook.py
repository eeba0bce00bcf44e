"""A whole workbook for one agency, as it is sent out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from khreport.anatomy import ANSWERED, FORMAT_VERSION, IDENTITY_SHEET, LISTS_SHEET
from khreport.checks.formulas import HOLLOW_NAME, POINTERS, POINTERS_NAME
from khreport.checks.reach import HOLLOW, NONE_SAID
from khreport.checks.terms import NONE_NAME
from khreport.edition import Edition
from khreport.layout.cover import lay_out_cover
from khreport.layout.form import Filled, all_rows, draw_form, fill_fresh
from khreport.layout.input import list_name
from khreport.layout.row_check import lines_name
from khreport.layout.self_check import (
    DONE_NAME,
    Around,
    Tally,
    begun_lines,
    done_field,
    is_done,
)
from khreport.layout.styles import KEY
from khreport.sheet import Area, Book, Cell, Sheet
from khreport.text import file_name_part

TOLD_BY = ((HOLLOW_NAME, HOLLOW), (NONE_NAME, NONE_SAID), (POINTERS_NAME, POINTERS))
"""What stands in the first columns of the sheet of lists, where formulas look for answers."""


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
    poured = {
        form.key: filled.get(form.key) or fill_fresh(edition, agency, form)
        for form in edition.forms
    }
    around = _look_around(edition, agency, poured)
    drawn = {
        form.key: draw_form(edition, agency, form, poured[form.key], around)
        for form in edition.forms
        if form.rows != "fields"
    }
    tallies = [each[1] for each in drawn.values() if each]
    for form in edition.forms:
        if form.rows == "fields":
            drawn[form.key] = lay_out_cover(
                edition, agency, form, poured[form.key], around, tallies
            )
    sheets = [each[0] for form in edition.forms if (each := drawn[form.key])]
    lists, names = _lists(edition)
    return Book(
        sheets=(*sheets, lists, _identity(edition, agency, answered)),
        names=(*names, *_own_names(edition, drawn)),
        title=f"{edition.plan.agency[agency].name} - {edition.period.name}",
    )


def _look_around(edition: Edition, agency: str, poured: Mapping[str, Filled]) -> Around:
    done = any(is_done(form, poured[form.key].values) for form in edition.forms if form.fields)
    return Around(
        done=done,
        listed={
            form.key: begun_lines(
                form, all_rows(edition, agency, form, poured[form.key]), poured[form.key].values
            )
            for form in edition.forms
            if form.rows == "records"
        },
    )


def _own_names(
    edition: Edition, drawn: Mapping[str, tuple[Sheet, Tally] | None]
) -> Iterable[tuple[str, str, Area]]:
    """The names by which formulas call what stands on other sheets."""
    for column, (name, texts) in enumerate(TOLD_BY):
        yield name, LISTS_SHEET, Area(0, column, len(texts) - 1, column)
    for form in edition.forms:
        found = drawn[form.key]
        if found is None:
            continue
        sheet, tally = found
        if form.rows == "records":
            yield lines_name(form), sheet.name, tally.lines
        field = done_field(form)
        if field is not None:
            at = tally.lines.row + form.fields.index(field)
            yield DONE_NAME, sheet.name, Area(at, len(form.columns), at, len(form.columns))


def _lists(edition: Edition) -> tuple[Sheet, tuple[tuple[str, str, Area], ...]]:
    cells: list[Cell] = []
    names: list[tuple[str, str, Area]] = []
    for place, (_, texts) in enumerate(TOLD_BY):
        cells += [Cell(row, place, text, KEY) for row, text in enumerate(texts)]
    column = len(TOLD_BY)
    for form in edition.forms:
        for choices in form.lists:
            cells += [Cell(row, column, label, KEY) for row, label in enumerate(choices.labels)]
            last = len(choices.labels) - 1
            # what only closed rows offer stands first
            first = last + 1 - len(choices.open.labels)
            for start in sorted({first, 0}, reverse=True):
                name = list_name(form, choices.key, closed=start < first)
                names.append((name, LISTS_SHEET, Area(start, column, last, column)))
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
