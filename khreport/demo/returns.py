"""The script of a round: who returns what, when, and in which state."""

from __future__ import annotations

import datetime as dt
import os
import random
from pathlib import Path
from typing import Literal

import msgspec

from khreport.demo.answers import make_answers
from khreport.demo.faults import Planted, spoil
from khreport.demo.fill import Habits, fill_template
from khreport.demo.slips import type_loosely
from khreport.edition import Edition
from khreport.layout.workbook import workbook_name
from khreport.periods import SATURDAY

ReturnKind = Literal["on time", "late", "faulty", "mended", "missing"]
SHARES: dict[ReturnKind, float] = {"missing": 0.07, "faulty": 0.15, "late": 0.11}
MENDED = 2
"""How many of the faulty returns are mended in a second one."""
FAULTS = (2, 5)
EARLY_DAYS = 9
LATE_DAYS = 8
HABITS = {"types_loosely": 10, "adds_sheet": 12, "hides_column": 12, "renames": 10}
"""Of a hundred agencies, those that work differently."""
RENAMED = "Bieu bao cao ({number}).xlsx"
OPENING, HOURS = 8, 9


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """One return: whose, under which name, on which day; "missing" has neither name nor day.

    `faults` are how many are planted. A mended return follows the faulty one of its agency.
    """

    agency: str
    kind: ReturnKind
    file_name: str = ""
    day: dt.date | None = None
    faults: int = 0
    habits: Habits = Habits()


def plan_returns(edition: Edition, seed: int) -> list[Return]:
    """The returns of a round by day, those that never come last; the collector is in time."""
    dice = random.Random(f"{seed}:returns")  # noqa: S311 - a script, no secrets
    kinds = _share_out(edition, dice)
    period, renamed, mends = edition.period, 0, MENDED
    returns: list[Return] = []
    for agency in edition.asked:
        kind = kinds.get(agency, "on time")
        if kind == "missing":
            returns.append(Return(agency=agency, kind=kind))
            continue
        does = {habit: dice.random() * 100 < percent for habit, percent in HABITS.items()}
        name = workbook_name(edition, agency)
        if does.pop("renames"):
            renamed += 1
            name = RENAMED.format(number=renamed)
        days = dice.randint(1, LATE_DAYS) if kind == "late" else -dice.randint(0, EARLY_DAYS)
        day = _working_day(period.due + dt.timedelta(days=days), forth=kind == "late")
        faults = dice.randint(*FAULTS) if kind == "faulty" else 0
        first = Return(
            agency=agency, kind=kind, file_name=name, day=day, faults=faults, habits=Habits(**does)
        )
        returns.append(first)
        if kind == "faulty" and mends:
            mends -= 1
            later = _working_day(max(day, period.due) + dt.timedelta(days=3), forth=True)
            again = name.removesuffix(".xlsx") + "_sua.xlsx"
            returns.append(
                msgspec.structs.replace(first, kind="mended", file_name=again, day=later, faults=0)
            )
    return sorted(returns, key=lambda r: (r.day is None, r.day or period.end))


def write_return(
    returned: Return, edition: Edition, template: Path, folder: Path, seed: int
) -> tuple[Path, list[Planted]]:
    """The file that an agency sends, dated on the day it came, and the faults planted in it.

    The same seed gives a mended return the answers of the faulty one, without the faults.

    Raises:
        ValueError: the return is one that never comes.

    """
    if returned.day is None:
        raise ValueError(f"{returned.agency} returns nothing")
    answers, planted = make_answers(edition, returned.agency, seed), list[Planted]()
    if returned.faults:
        answers, planted = spoil(answers, edition, returned.agency, seed, faults=returned.faults)
    if returned.habits.types_loosely:
        answers = type_loosely(answers, edition)
    path = folder / returned.file_name
    fill_template(template, answers, path, returned.habits)
    dice = random.Random(f"{seed}:{returned.file_name}")  # noqa: S311 - an hour, no secret
    minutes = OPENING * 60 + dice.randrange(HOURS * 60)
    came = dt.datetime.combine(returned.day, dt.time(minutes // 60, minutes % 60)).astimezone()
    os.utime(path, (came.timestamp(), came.timestamp()))
    return path, planted


def _share_out(edition: Edition, dice: random.Random) -> dict[str, ReturnKind]:
    """The kind of each agency that is not in time.

    Who has much to say may be faulty, who has little may be missing: the round stays worth a
    report.
    """
    sizes = {
        agency: sum(question.kind != "remark" for question in asked)
        for agency, asked in edition.asked.items()
    }
    others = sorted(sizes.keys() - {edition.plan.collector}, key=lambda a: (sizes[a], a))
    halves = {"missing": others[: len(others) // 2], "faulty": others[len(others) // 2 :]}
    kinds: dict[str, ReturnKind] = {}
    for kind, share in SHARES.items():
        free = [agency for agency in halves.get(kind, others) if agency not in kinds]
        count = min(len(free), round(share * len(sizes)))
        kinds |= dict.fromkeys(dice.sample(free, count), kind)
    return kinds


def _working_day(day: dt.date, *, forth: bool) -> dt.date:
    """The day itself, or the nearest working day after or before it."""
    while day.weekday() >= SATURDAY:
        day += dt.timedelta(days=1 if forth else -1)
    return day
