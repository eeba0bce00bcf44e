"""The formulas of one row that checks itself: begun or not, its first open cell, its state.

Rows of one make have the same formulas but for the numbers of rows, and one pattern.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from khreport.anatomy import STATES
from khreport.cells import column_letters
from khreport.checks.form_rules import form_rules
from khreport.checks.formulas import DOUBTFUL, FAULTY, MISSING, Check, check_cells
from khreport.checks.reach import adds_up, days_of, kind_of_measure
from khreport.checks.terms import BEGUN, OWN, TEXT, Facts, Row
from khreport.edition import Edition
from khreport.forms import Form, RowKind
from khreport.periods import Period
from khreport.rows import FormRow
from khreport.rules import PREVIOUS, Rule

NAME_ROW, DONE_ROW = 6, 7
"""Where the names of the columns stand above the rows, and whether the form is done."""
ROWS_APART = 1000
"""An open cell is its row times this, plus its column, both as people count them."""
UNTOUCHED, COMPLETE = STATES[:2]
WORDS = dict(zip((MISSING, FAULTY, DOUBTFUL), STATES[2:], strict=True))
MOST_WORDS = 999


class Grid(msgspec.Struct, frozen=True):
    """Where a form's checks stand: in hidden columns from `begun` on."""

    form: Form
    begun: int

    def letters(self, kind: RowKind) -> dict[str, str]:
        """The letters of the form's columns by key, of BEGUN, and of the plan's text in the row."""
        found = {BEGUN: column_letters(self.begun)}
        for place, column in enumerate(self.form.columns, start=1):
            found[column.key] = column_letters(place)
            if column.source == "text" and not column.asks(kind):
                found[TEXT] = column_letters(place)
        return found

    @property
    def open(self) -> int:
        """The column that holds the first open cell of each row."""
        return self.begun + 1

    @property
    def first(self) -> int:
        """The first column of the form that is ever answered."""
        return next(n for n, c in enumerate(self.form.columns, start=1) if c in self.form.answers)

    @property
    def last(self) -> int:
        """The last column that holds checks."""
        return self.at(len(self.form.columns))

    def at(self, place: int) -> int:
        """The column that holds the checks of a column of the form."""
        return self.open + 1 + place - self.first

    @property
    def block(self) -> str:
        """The checks of one row, as formulas name them."""
        first = column_letters(self.at(self.first))
        return f"{first}{OWN}:{column_letters(self.last)}{OWN}"

    @property
    def done(self) -> str:
        """The cell that says whether the form is done."""
        return f"${column_letters(self.begun)}${DONE_ROW + 1}"


class Pattern(NamedTuple):
    """What rows of one make have in common; formulas have signs for the numbers of rows.

    `asked` are the places of the columns that are answered, `owed` says that the row must be.
    """

    asked: tuple[int, ...]
    checks: tuple[tuple[int, Check], ...]
    owed: bool
    begun: str
    open: str
    state: str

    def find_open(self, codes: Iterable[int], *, begun: bool) -> int | None:
        """The place of the first open cell of a row whose checks come to `codes`."""
        wanting = (place for (place, _), code in zip(self.checks, codes, strict=True) if code)
        return next(wanting, self.asked[0] if self.owed and not begun else None)

    def tell(self, names: Mapping[str, str], codes: Sequence[int], *, begun: bool) -> str:
        """The state of a row that is begun, or must be by now."""
        parts = []
        for sought, word in WORDS.items():
            found = [
                names[check.column]
                for (_, check), code in zip(self.checks, codes, strict=True)
                if code == sought
            ]
            if found:
                parts.append(f"{word}: {'; '.join(found)}")
        return ". ".join(parts) or (COMPLETE if begun else "")


class Known(msgspec.Struct, frozen=True):
    """The rules of a form, and the facts that they want of its rows before these are filled."""

    rules: tuple[Rule, ...]
    names: frozenset[str]
    days: Mapping[str, dt.date]
    lists: Mapping[str, str]


def lines_name(form: Form) -> str:
    """The defined name of the numbers of a list's begun lines."""
    return f"DS_{form.key}_begun"


def know(edition: Edition, form: Form) -> Known:
    """What the checks of a form are made from."""
    kept: Known | None = edition.kept.get((know, form.key))
    if kept is None:
        cards = (rule for rule in edition.rules if rule.form == form.key)
        rules = (*form_rules(form), *(each for card in cards for each in card.spread()))
        kept = edition.kept[know, form.key] = Known(
            rules=rules,
            names=frozenset(name for rule in rules for name in rule.names),
            days=days_of(edition.plan, edition.period),
            lists={each.key: lines_name(each) for each in edition.forms if each.rows == "records"},
        )
    return kept


def find_pattern(
    edition: Edition, agency: str, grid: Grid, row: FormRow, parent_kind: RowKind | None
) -> Pattern:
    """The pattern of a row that asks something."""
    form, kind = grid.form, row.kind
    if kind is None:
        raise ValueError(row.key)
    known = know(edition, form)
    facts = known_facts(edition, agency, form, row, known.names)
    tail = row.key.rpartition(".")[2] if form.fields else ""
    made_of = (kind, parent_kind, tail, row.closed, bool(row.given), tuple(facts.items()))
    make = (find_pattern, form.key, grid.begun, made_of)
    pattern: Pattern | None = edition.kept.get(make)
    if pattern is None:
        letters = grid.letters(kind)
        kept = row.closed and bool(row.given)
        ground = Row(form, kind, parent_kind, tail, facts, letters, known.lists, row.closed, kept)
        checks = check_cells(known.rules, ground, known.days)
        pattern = edition.kept[make] = _make_pattern(grid, kind, checks)
    return pattern


def known_facts(
    edition: Edition, agency: str, form: Form, row: FormRow, names: Iterable[str]
) -> dict[str, Any]:
    """The facts of a row that are known before it is filled, of those that are named."""
    found: dict[str, Any] = {}
    plan = edition.plan
    if form.rows == "indicators":
        indicator = plan.indicator[row.parent]
        found["indicator.measure"] = kind_of_measure(indicator)
        found["indicator.adds_up"] = "yes" if adds_up(indicator, edition.period) else "no"
    elif form.rows != "fields":
        due = _due(edition, row)
        found |= {"task.due": due, "task.timing": _timing(due, edition.period)}
    said = edition.previous.row(agency, form.key, row.key) if edition.previous else {}
    for name in names:
        if name.startswith(PREVIOUS):
            key = name.removeprefix(PREVIOUS)
            value = said.get(key)
            if value is not None and form.column[key].type == "date":
                value = dt.date.fromisoformat(str(value))  # type: ignore[assignment]
            found[name] = value
    return {name: found.get(name) for name in sorted(names) if name in found}


def _due(edition: Edition, row: FormRow) -> dt.date | None:
    task = edition.plan.task.get(row.parent)
    if task is None:
        return None
    steps = {f"{task.key}.{step.key}": step.due for step in task.deadline.milestones}
    return steps.get(row.key, task.deadline.due)


def _timing(due: dt.date | None, period: Period) -> str | None:
    if due is None:
        return None
    return "passed" if due <= period.closing else "this_period" if due <= period.end else "later"


def _make_pattern(grid: Grid, kind: RowKind, checks: Sequence[Check]) -> Pattern:
    form = grid.form
    places = {column.key: place for place, column in enumerate(form.columns, start=1)}
    asked = tuple(places[column.key] for column in form.columns if column.asks(kind))
    empty: Facts = {}
    owed = any(check.code(empty) == MISSING for check in checks)
    begun = column_letters(grid.begun) + OWN
    codes = sorted({code for check in checks for code in check.codes})
    first_asked = f"ROW()*{ROWS_APART}+{asked[0] + 1}"
    untouched = f'IF({begun}=0,{first_asked},"")' if owed else '""'
    found = ",".join(f"IFERROR(MATCH({code},{grid.block},0),{ROWS_APART})" for code in codes)
    wanting = f"ROW()*{ROWS_APART}+{grid.first}+MIN({found})"
    return Pattern(
        asked=asked,
        checks=tuple((places[check.column], check) for check in checks),
        owed=owed,
        begun=f"COUNTA({','.join(_runs(asked))})>0",
        open=f"IF(SUM({grid.block})>0,{wanting},{untouched})" if checks else untouched,
        state=_state(grid, places, checks, begun, owed=owed),
    )


def _runs(places: Sequence[int]) -> Iterable[str]:
    first = previous = places[0]
    for place in (*places[1:], None):
        if place is None or place != previous + 1:
            yield f"{column_letters(first)}{OWN}:{column_letters(previous)}{OWN}"
            first = place or 0
        previous = place or 0


def _state(
    grid: Grid, places: Mapping[str, int], checks: Sequence[Check], begun: str, *, owed: bool
) -> str:
    done = f'IF({begun}>0,"{COMPLETE}","")'
    parts = []
    for code, word in WORDS.items():
        letters = [column_letters(grid.at(places[c.column])) for c in checks if code in c.codes]
        if letters:
            listed = "&".join(f'IF({at}{OWN}={code},"; "&{at}${NAME_ROW + 1},"")' for at in letters)
            told = f'". {word}: "&MID({listed},3,{MOST_WORDS})'
            parts.append(f'IF(COUNTIF({grid.block},{code})=0,"",{told})')
    if not parts:
        return done
    told = f"IF(SUM({grid.block})=0,{done},MID({'&'.join(parts)},3,{MOST_WORDS}))"
    return f'IF({begun}+{grid.done}=0,"{UNTOUCHED if owed else ""}",{told})'
