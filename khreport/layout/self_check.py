"""What a form says of itself as one types: a word for each row, colours, counts for the cover.

To the right of a form stands one visible column, the state of each row, and behind it hidden
ones: whether the row is begun, its first open cell, and what the rules say of each answer cell
(`khreport.checks.formulas`). Colours and counts look at these cells alone, so that they work in
every spreadsheet program. Nothing is said of rows that nobody has begun, until the cover says
that the form is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from khreport.anatomy import ADDED_ROW, KEY_ROW, OWN_COLUMN
from khreport.cells import CellRef, column_letters
from khreport.checks.formulas import DOUBTFUL, FAULTY, MISSING
from khreport.checks.terms import ABOVE, BEGUN, OWN, PARENTS, TEXT, TOP, Facts, is_told
from khreport.columns import DONE
from khreport.edition import Edition
from khreport.forms import Field, Form
from khreport.layout.input import shorten_title
from khreport.layout.row_check import (
    DONE_ROW,
    NAME_ROW,
    ROWS_APART,
    UNTOUCHED,
    Grid,
    Pattern,
    find_pattern,
)
from khreport.layout.styles import ERROR_FILL, KEY, MISSING_FILL, WARNING_FILL
from khreport.rows import FormRow
from khreport.rules import PARENT, SHEET
from khreport.sheet import Area, Cell, Condition, Value

ANSWERED_ROW, MISSING_ROW, FAULTY_ROW, DOUBTFUL_ROW, OPEN_ROW = range(1, 6)
"""Where the counts of a sheet stand above its rows: rows answered, cells by what is wrong with
them, the first open cell."""
DONE_NAME = "DS_done"
"""The defined name of the cover's cell that says whether the form is done."""
FILLS = {MISSING: MISSING_FILL, FAULTY: ERROR_FILL, DOUBTFUL: WARNING_FILL}
OWED, OPTIONAL = 1, 2
"""What a begun row counts as; the line of a list counts as its number."""


class Around(NamedTuple):
    """What the rest of the workbook says: whether it is done, the begun lines of its lists."""

    done: bool = False
    listed: Mapping[str, frozenset[str]] = {}


ALONE = Around()


class Tally(NamedTuple):
    """What a sheet comes to: where its counts stand, the rows that must be answered, the counts.

    `counts` are by row, from ANSWERED_ROW on; `lines` are the cells that say which rows are begun.
    """

    sheet: str
    column: int
    lines: Area
    owed: int
    counts: tuple[int, ...]

    def cell(self, row: int) -> str:
        """The cell of a count, as formulas of any sheet name it."""
        name = self.sheet.replace("'", "''")
        return f"'{name}'!{CellRef(row, self.column).absolute}"


class SelfCheck(NamedTuple):
    """The hidden cells and the colours that check a sheet, and the state of each row.

    `states` are by sheet row: a formula, and what it comes to.
    """

    cells: list[Cell]
    conditions: tuple[Condition, ...]
    last_column: int
    states: dict[int, tuple[str, str]]
    tally: Tally


def done_field(form: Form) -> Field | None:
    """The line of a cover that says whether the form is done; None where there is none."""
    return next((field for field in form.fields if _done_label(form, field)), None)


def _done_label(form: Form, field: Field) -> str:
    choices = form.choice_list[field.list].choices if field.list else ()
    return next((choice.label for choice in choices if choice.code == DONE), "")


def is_done(form: Form, values: Mapping[tuple[str, str], Value]) -> bool:
    """Whether a cover's answers say that the form is done."""
    field = done_field(form)
    if field is None:
        return False
    label, key = _done_label(form, field), f"{form.key}.{field.key}"
    return any(value == label for (row, _), value in values.items() if row == key)


def line_number(form: Form, row: FormRow) -> int:
    """The number by which people refer to a line of a list; lines added beneath go on counting."""
    tail = row.key.rpartition(".")[2]
    return form.records + int(tail[1:]) if ADDED_ROW in row.key else int(tail)


def begun_lines(
    form: Form, rows: Iterable[FormRow], values: Mapping[tuple[str, str], Value]
) -> frozenset[str]:
    """The numbers of the lines of a list in which something stands."""
    return frozenset(
        str(line_number(form, row))
        for row in rows
        if any(is_told(values.get((row.key, column.key))) for column in form.answers)
    )


def check_rows(  # noqa: PLR0913, PLR0917 - whose form, where it stands and what is in it
    edition: Edition,
    agency: str,
    grid: Grid,
    rows: Sequence[tuple[int, FormRow]],
    values: Mapping[tuple[int, int], Value],
    around: Around,
) -> SelfCheck:
    """The checks of a form whose `rows` stand at their sheet rows, `values` by row and column."""
    form = grid.form
    asked = [(at, row) for at, row in rows if row.kind is not None]
    area = Area(asked[0][0], grid.begun, rows[-1][0], grid.begun)
    places = {row.key: at for at, row in asked}
    kinds = {row.key: row.kind for _, row in asked}
    titles = {column.key: shorten_title(column.heading) for column in form.columns}
    facts = {row.key: _facts(form, at, row, values) for at, row in asked}
    lists = {f"{SHEET}{key}": numbers for key, numbers in around.listed.items()}
    cells: list[Cell] = []
    states: dict[int, tuple[str, str]] = {}
    codes: list[int] = []
    opened: list[int] = []
    owed = answered = filled = 0
    above: list[Facts] = []
    for at, row in asked:
        pattern = find_pattern(edition, agency, grid, row, kinds.get(row.parent))
        own = facts[row.key]
        keys = [form.columns[place - 1].key for place in pattern.asked]
        begun = any(is_told(own.get(key)) for key in keys)
        found = [0] * len(pattern.checks)
        if begun or around.done:
            task = {f"{PARENT}{k}": v for k, v in facts.get(row.parent, {}).items()}
            text = row.mirror.get("text")
            known: dict[str, Any] = {**own, **task, **lists, BEGUN: begun, TEXT: text, ABOVE: above}
            found = [check.code(known) for _, check in pattern.checks]
        numbers = {OWN: at + 1, PARENTS: places.get(row.parent, at) + 1, ABOVE: at, TOP: area.row}
        place = pattern.find_open(found, begun=begun)
        first = None if place is None else (at + 1) * ROWS_APART + place + 1
        cells += _row_cells(grid, pattern, row, numbers, found, begun=begun, first=first)
        told = pattern.tell(titles, found, begun=begun)
        if not begun and not around.done:
            told = UNTOUCHED if pattern.owed else ""
        states[at] = "=" + _number(pattern.state, numbers), told
        codes += found
        opened += [first] if first else []
        owed += pattern.owed
        answered += begun and pattern.owed
        filled += begun
        above.append(own)
    wrong = (codes.count(code) for code in FILLS)
    counts = (answered if owed else filled, *wrong, min(opened, default=0))
    tally = Tally(form.sheet, grid.begun, area, owed, counts)
    head = _head_cells(edition, grid, titles, area, tally, done=around.done)
    return SelfCheck([*head, *cells], tuple(_colours(grid, area)), grid.last, states, tally)


def _facts(
    form: Form, at: int, row: FormRow, values: Mapping[tuple[int, int], Value]
) -> dict[str, Any]:
    return {
        column.key: values.get((at, place))
        for place, column in enumerate(form.columns, start=1)
        if row.kind and (column.asks(row.kind) or column.role == "given")
    }


def _number(text: str, numbers: Mapping[str, int]) -> str:
    for sign, number in numbers.items():
        text = text.replace(sign, str(number))
    return text


def _row_cells(  # noqa: PLR0913 - a row, its formulas and what they come to
    grid: Grid,
    pattern: Pattern,
    row: FormRow,
    numbers: Mapping[str, int],
    codes: Sequence[int],
    *,
    begun: bool,
    first: int | None,
) -> Iterable[Cell]:
    at = numbers[OWN] - 1
    weight = OWED if pattern.owed else OPTIONAL
    if grid.form.records:
        weight = line_number(grid.form, row)
    text = f"=IF({_number(pattern.begun, numbers)},{weight},0)"
    yield Cell(at, grid.begun, weight if begun else 0, KEY, formula=text)
    text = "=" + _number(pattern.open, numbers)
    yield Cell(at, grid.open, "" if first is None else first, KEY, formula=text)
    gate = _number(f"{column_letters(grid.begun)}{OWN}+{grid.done}=0", numbers)
    for (place, check), code in zip(pattern.checks, codes, strict=True):
        text = f"=IF({gate},0,{_number(check.text, numbers)})"
        yield Cell(at, grid.at(place), code, KEY, formula=text)


def _head_cells(  # noqa: PLR0913 - whose sheet, where it stands and what it comes to
    edition: Edition,
    grid: Grid,
    titles: Mapping[str, str],
    lines: Area,
    tally: Tally,
    *,
    done: bool,
) -> Iterable[Cell]:
    for name, column in (("begun", grid.begun), ("open", grid.open)):
        yield Cell(KEY_ROW, column, f"{OWN_COLUMN}{name}", KEY)
    for place in range(grid.first, len(grid.form.columns) + 1):
        key = grid.form.columns[place - 1].key
        yield Cell(KEY_ROW, grid.at(place), f"{OWN_COLUMN}{key}", KEY)
        yield Cell(NAME_ROW, grid.at(place), titles[key], KEY)

    def span(first: int, last: int) -> str:
        ends = CellRef(lines.row, first), CellRef(lines.last_row, last)
        return ":".join(end.absolute for end in ends)

    begun, block = span(grid.begun, grid.begun), span(grid.at(grid.first), grid.last)
    rows = str(OWED) if tally.owed else '">0"'
    formulas = [
        f"COUNTIF({begun},{rows})", *(f"COUNTIF({block},{code})" for code in FILLS),
        f"MIN({span(grid.open, grid.open)})",
    ]  # fmt: skip
    for at, (text, count) in enumerate(zip(formulas, tally.counts, strict=True), ANSWERED_ROW):
        yield Cell(at, grid.begun, count, KEY, formula=f"={text}")
    labels = (_done_label(form, field) for form in edition.forms for field in form.fields)
    label = next(filter(None, labels), "")
    text = f'=IF({DONE_NAME}="{label}",1,0)' if label else "=0"
    yield Cell(DONE_ROW, grid.begun, int(done), KEY, formula=text)


def _colours(grid: Grid, lines: Area) -> Iterable[Condition]:
    area = Area(lines.row, grid.first, lines.last_row, len(grid.form.columns))
    check = CellRef(lines.row, grid.at(grid.first))
    for code, fill in FILLS.items():
        yield Condition(area=area, formula=f"={check}={code}", fill=fill)


def line_of_progress(tally: Tally) -> tuple[str, str]:
    """What a sheet's head says of its rows: the formula, and what it comes to."""
    cells = [CellRef(row, tally.column).absolute for row in range(ANSWERED_ROW, OPEN_ROW)]
    rows = f"/{tally.owed} dòng" if tally.owed else " dòng"
    words = ("còn thiếu", "cần sửa", "xem lại")
    parts = [
        f'IF({cell}=0,"","; {word} "&{cell}&" ô")'
        for cell, word in zip(cells[1:], words, strict=True)
    ]
    told = f"Đã điền {tally.counts[0]}{rows}" + "".join(
        f"; {word} {count} ô"
        for count, word in zip(tally.counts[1:OPEN_ROW], words, strict=False)
        if count
    )
    return f'="Đã điền "&{cells[0]}&"{rows}"&' + "&".join(parts), told
