"""Faults planted into answers, in the ways in which people are faulty."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from khreport.columns import COMPLETED, COMPLETED_ON, IN_PROGRESS, PERCENT, STATUS
from khreport.demo.answers import Answers
from khreport.edition import Edition
from khreport.forms import Column, Form
from khreport.quantities import parse_number
from khreport.rows import FormRow, form_rows
from khreport.sheet import Value
from khreport.text import fold_plain

FaultKind = Literal[
    "number in words", "number with a percent sign", "number with a unit", "impossible day",
    "required and empty", "not in the list", "completed without a day", "completed too late",
    "more than the maximum", "document that is not listed", "contradiction", "too long",
    "closed cell",
]  # fmt: skip

TASK_KINDS = ("dated", "recurrent", "target", "indicator")
LONG_ENOUGH = 120
UNLISTED = 99


class Planted(msgspec.Struct, frozen=True):
    """A fault: where it was planted, and of which kind. A closed cell gives but a warning."""

    form: str
    row: str
    column: str
    kind: FaultKind


class Unfit(Exception):  # noqa: N818 - says that a cell cannot have the fault, which is no error
    """The fault cannot be planted in this cell."""


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """A cell with what is known of it."""

    edition: Edition
    form: Form
    row: FormRow
    column: Column
    value: Value
    status: Value

    @property
    def asked(self) -> bool:
        """Whether the cell is for the agency to fill."""
        return self.row.kind is not None and self.column.asks(self.row.kind)

    def has_status(self, code: str) -> bool:
        """Whether the row has a status."""
        return any(
            choice.code == code and choice.label == self.status
            for choices in self.form.lists
            for choice in choices.choices
        )


def spoil(
    answers: Answers, edition: Edition, agency: str, seed: int, *, faults: int = 3
) -> tuple[Answers, list[Planted]]:
    """The answers with faults, each in another task, and what was planted where.

    At least the first of them blocks. Fewer than wished for where too little was answered.
    """
    dice = random.Random(f"{seed}:{agency}:faults")  # noqa: S311 - answers, no secrets
    places = list(spots(answers, edition, agency))
    dice.shuffle(places)
    kinds = [*SPOILERS]
    dice.shuffle(kinds)
    spoiled: Answers = {form: dict(cells) for form, cells in answers.items()}
    planted: list[Planted] = []
    taken: set[tuple[str, str]] = set()
    while kinds and len(planted) < faults:
        kind = kinds.pop(0)
        if kind == "closed cell" and not planted:
            kinds += [kind] if kinds else []
            continue
        for spot in places:
            place = (spot.form.key, spot.row.parent or spot.row.key)
            if place in taken:
                continue
            try:
                value = SPOILERS[kind](spot)
            except Unfit:
                continue
            taken.add(place)
            spoiled[spot.form.key][spot.row.key, spot.column.key] = value
            planted.append(Planted(spot.form.key, spot.row.key, spot.column.key, kind))
            kinds.append(kind)
            break
    return spoiled, planted


def spots(answers: Answers, edition: Edition, agency: str) -> Iterable[Spot]:
    """The cells of an agency's workbook in which a fault may be planted."""
    for form in edition.forms:
        cells = answers[form.key]
        for row in form_rows(edition, agency, form):
            # A free line that was left empty is no place for a fault.
            if not any((row.key, column.key) in cells for column in form.columns):
                continue
            for column in form.columns:
                if column.role == "answer" or column.open_kinds:
                    yield Spot(
                        edition=edition,
                        form=form,
                        row=row,
                        column=column,
                        value=cells.get((row.key, column.key)),
                        status=cells.get((row.key, STATUS)),
                    )


def _require(*, that: bool) -> None:
    if not that:
        raise Unfit


def _measure(spot: Spot) -> str:
    return spot.row.mirror.get("measure") or spot.column.measure


def _unlike_number(spot: Spot, text: str) -> Value:
    """A text in a number's place that cannot be mended."""
    _require(that=isinstance(spot.value, int | float) and spot.asked)
    _require(that=parse_number(text, _measure(spot)).value is None)
    return text


def _impossible_day(spot: Spot) -> Value:
    _require(that=isinstance(spot.value, dt.date))
    return f"31/02/{spot.edition.period.year}"


def _empty(spot: Spot) -> Value:
    required = any(f.required and f.key == spot.row.parent for f in spot.form.fields) or (
        spot.column.required and spot.row.kind in TASK_KINDS and spot.column.type != "number"
    )
    _require(that=required and spot.value is not None)
    return None


def _misspelt(spot: Spot) -> Value:
    list_key = spot.column.list_for(spot.row.kind) if spot.row.kind else None
    _require(that=isinstance(spot.value, str) and list_key is not None)
    _require(that=spot.row.kind != "field")
    return fold_plain(str(spot.value))


def _no_day(spot: Spot) -> Value:
    _require(that=spot.column.key == COMPLETED_ON and spot.value is not None)
    _require(that=spot.row.kind in ("dated", "milestone"))
    return None


def _day_to_come(spot: Spot) -> Value:
    _require(that=spot.column.key == COMPLETED_ON and spot.value is not None)
    return spot.edition.period.end + dt.timedelta(days=16)


def _too_much(spot: Spot) -> Value:
    most = spot.column.maximum
    _require(that=spot.asked and (spot.value is not None or spot.has_status(IN_PROGRESS)))
    if most is None:
        raise Unfit
    return most * 1.2


def _unlisted(spot: Spot) -> Value:
    _require(that=spot.column.type == "references" and spot.value is not None)
    return f"{spot.value}; {UNLISTED}"


def _contradiction(spot: Spot) -> Value:
    _require(that=spot.column.key == PERCENT and spot.asked and spot.has_status(COMPLETED))
    return 60


def _too_long(spot: Spot) -> Value:
    most = spot.column.max_length
    _require(that=isinstance(spot.value, str) and spot.column.type == "text")
    text = str(spot.value)
    if most is None or len(text) < LONG_ENOUGH:
        raise Unfit
    return " ".join([text] * (most // len(text) + 2))


def _closed(spot: Spot) -> Value:
    _require(that=not spot.asked and spot.column.role == "answer")
    _require(that=spot.column.type == "number" and spot.status is not None)
    return 50


SPOILERS: dict[FaultKind, Callable[[Spot], Value]] = {
    "number in words": lambda spot: _unlike_number(spot, "mười"),
    "number with a percent sign": lambda spot: _unlike_number(spot, "75%"),
    "number with a unit": lambda spot: _unlike_number(spot, "104 triệu"),
    "impossible day": _impossible_day,
    "required and empty": _empty,
    "not in the list": _misspelt,
    "completed without a day": _no_day,
    "completed too late": _day_to_come,
    "more than the maximum": _too_much,
    "document that is not listed": _unlisted,
    "contradiction": _contradiction,
    "too long": _too_long,
    "closed cell": _closed,
}
"""What stands in a cell after a fault of each kind was planted; None empties it."""
