"""The head of a form's sheet: whose it is, what it asks, and what its rows come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from khreport.anatomy import KEY_COLUMN, KEY_ROW, STATE_COLUMN, STATE_HEADING
from khreport.dates import format_date
from khreport.edition import Edition, Token
from khreport.forms import Column, Form
from khreport.layout.heights import column_width_pt, text_height_pt, text_width_pt
from khreport.layout.self_check import Tally, line_of_progress
from khreport.layout.styles import (
    ANSWER_HEAD_FILL,
    CLOSED_FILL,
    HEAD_FILL,
    ISSUER,
    KEY,
    NOTE,
    PROGRESS,
    SUBTITLE,
    TITLE,
    table,
)
from khreport.sheet import Area, Cell

ISSUER_ROW, TITLE_ROW, SUBTITLE_ROW, NOTE_ROW, BAND_ROW, HEADING_ROW, NUMBER_ROW, FIRST_ROW = range(
    1, 9
)


def headings(edition: Edition, form: Form) -> list[str]:
    """The column headings; a mirror column without one takes the appendix's, in order."""
    printed = iter(edition.plan.appendix[form.appendix].headings if form.appendix else ())
    return [next(printed) if not column.heading else column.heading for column in form.columns]


def token_cells(edition: Edition, agency: str, form: Form) -> Iterable[Cell]:
    """The hidden cells that say whose sheet it is and which column is which."""
    token = Token(
        plan=edition.plan.key,
        period=edition.period.key,
        agency=agency,
        form=form.key,
        digest=edition.digest,
    )
    yield Cell(KEY_ROW, KEY_COLUMN, str(token), KEY)
    for place, column in enumerate(form.columns, start=1):
        yield Cell(KEY_ROW, place, column.key, KEY)


def head_cells(edition: Edition, agency: str, form: Form) -> Iterable[Cell]:
    """The cells above the rows of a form."""
    yield from token_cells(edition, agency, form)
    yield Cell(ISSUER_ROW, 1, edition.plan.agency[agency].name.upper(), ISSUER)
    yield Cell(TITLE_ROW, 1, form.title, TITLE)
    yield Cell(SUBTITLE_ROW, 1, subtitle(edition), SUBTITLE)
    yield Cell(NOTE_ROW, 1, form.note, NOTE)
    for area in band_areas(form):
        column = form.columns[area.column - 1]
        mirrors = column.role == "mirror"
        text = _mirror_band(edition, form) if mirrors else "CƠ QUAN BÁO CÁO ĐIỀN"
        look = table(
            form.size_pt, fill=_head_fill(column), bold=True, align="center", valign="vcenter"
        )
        yield Cell(area.row, area.column, text, look)
    for place, (column, heading) in enumerate(
        zip(form.columns, headings(edition, form), strict=True), start=1
    ):
        fill = _head_fill(column)
        look = table(form.size_pt, fill=fill, bold=True, align="center", valign="vcenter")
        yield Cell(HEADING_ROW, place, heading + (" (*)" if column.required else ""), look)
        small = table(form.size_pt, fill=fill, italic=True, align="center", valign="vcenter")
        yield Cell(NUMBER_ROW, place, f"({place})", small)
        if column.role == "given" and not any(
            area.column <= place <= area.last_column for area in band_areas(form)
        ):
            yield Cell(BAND_ROW, place, "GHI SẴN", look)


def subtitle(edition: Edition) -> str:
    """The line under a form's title: which decision, which period, figures to which day."""
    plan, period = edition.plan, edition.period
    return (
        f"(Quyết định số {plan.number} ngày {format_date(plan.date)} của {plan.issuer}; "
        f"kỳ báo cáo: {period.spoken}; số liệu đến ngày {format_date(period.closing)})"
    )


def _mirror_band(edition: Edition, form: Form) -> str:
    if form.appendix is None:
        return "NỘI DUNG"
    return f"THEO {edition.plan.appendix[form.appendix].label.upper()} CỦA KẾ HOẠCH"


def _head_fill(column: Column) -> str:
    if column.role == "given":
        return CLOSED_FILL
    return HEAD_FILL if column.role == "mirror" else ANSWER_HEAD_FILL


def band_areas(form: Form) -> list[Area]:
    """The cells that say over several columns whose they are."""
    places = list(enumerate((column.role for column in form.columns), start=1))
    last_mirror = next(place for place, role in places if role != "mirror") - 1
    first_answer = next(place for place, role in places if role not in ("mirror", "given"))
    spans = [(1, last_mirror), (first_answer, len(form.columns))]
    return [Area(BAND_ROW, a, BAND_ROW, b) for a, b in spans if b > a]


def head_heights(edition: Edition, form: Form) -> Iterable[tuple[int, float]]:
    """The heights of the rows above those of a form."""
    yield ISSUER_ROW, 18
    yield TITLE_ROW, 24
    yield SUBTITLE_ROW, 18
    width = sum(column.width + 0.7 for column in form.columns)
    yield NOTE_ROW, text_height_pt(form.note, width, NOTE.size_pt) + 3
    yield BAND_ROW, 16
    yield (
        HEADING_ROW,
        max(
            text_height_pt(heading + " (*)", column.width, form.size_pt, bold=True)
            for column, heading in zip(form.columns, headings(edition, form), strict=True)
        ),
    )
    yield NUMBER_ROW, 14


def state_cells(
    edition: Edition, agency: str, form: Form, states: Mapping[int, tuple[str, str]], tally: Tally
) -> Iterable[Cell]:
    """The column that tells the state of each row, and the line that tells that of the sheet."""
    column = len(form.columns) + 1
    yield Cell(KEY_ROW, column, STATE_COLUMN, KEY)
    look = table(form.size_pt, fill=HEAD_FILL, bold=True, align="center", valign="vcenter")
    yield Cell(HEADING_ROW, column, STATE_HEADING, look)
    yield Cell(NUMBER_ROW, column, None, look)
    state = table(form.size_pt, italic=True)
    for at, (formula, told) in states.items():
        yield Cell(at, column, told, state, formula=formula)
    # the line stands where the issuer's name, which runs on to the right, has ended
    free = text_width_pt(edition.plan.agency[agency].name.upper(), ISSUER.size_pt, bold=True)
    place = 1
    while free > 0 and place < len(form.columns) - 1:
        free -= column_width_pt(form.columns[place - 1].width)
        place += 1
    formula, told = line_of_progress(tally)
    yield Cell(ISSUER_ROW, place, told, PROGRESS, formula=formula)
