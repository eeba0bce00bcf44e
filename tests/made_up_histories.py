"""Made-up histories of bodies, and who holds a row by them, worked out without the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import NamedTuple, get_args

from hypothesis import strategies as st

from khreport.agencies import Agency
from khreport.assign import Assignment, assign, stand_today
from khreport.edges.shipped import load_forms
from khreport.forms import Form
from khreport.periods import Period
from khreport.plan import Appendix, Deadline, Plan, Section, Task
from khreport.succession import Change, Fate, Register

OLD = tuple(f"b{n}" for n in range(5))
ROWS = tuple(f"PL2.I.{n}" for n in range(1, 6))
START = dt.date(2025, 1, 1)


class History(NamedTuple):
    """A plan, what became of its bodies, and a day to look on."""

    leads: dict[str, tuple[str, ...]]
    register: Register
    ended: dict[str, dt.date]
    day: dt.date


def body(key: str, since: dt.date | None = None) -> Agency:
    name = f"Sở {key}"
    return Agency(
        key=key, name=name, short=name, abbreviation=key, kind="department", valid_from=since
    )


def leads_to(changes: Iterable[Change], body: str) -> set[str]:
    """All bodies that may hold what a body held."""
    found = {body}
    for each in changes:
        found |= {*each.into} if found & {*each.of} else set()
    return found


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Bodies merge, split, give work away, are renamed and end, some of them on the same day."""
    leads = {
        row: tuple(draw(st.lists(st.sampled_from(OLD), min_size=1, max_size=3, unique=True)))
        for row in ROWS
    }
    living, ended = [*OLD], dict[str, dt.date]()
    changes, new = list[Change](), list[Agency]()
    since = START
    while living and len(changes) < draw(st.integers(0, 7)):
        since += dt.timedelta(days=draw(st.integers(0, 2)))
        how: Fate = draw(st.sampled_from(get_args(Fate)))
        many = 3 if how in ("merged", "abolished", "unchanged") else 1
        of = draw(st.lists(st.sampled_from(living), min_size=1, max_size=many, unique=True))
        fresh = [f"n{len(changes)}a", f"n{len(changes)}b"]
        # nobody takes over what he had given to others: the parser refuses such a ring
        known = [key for key in living if not {*of} & (leads_to(changes, key) - {key})]
        known = [key for key in known if key not in of or (how != "renamed" and len(of) == 1)]
        most = {"merged": 1, "renamed": 1, "split": 3}.get(how, 0)
        takers = st.sampled_from([*known, *fresh])
        into = draw(st.lists(takers, min_size=min(most, 1), max_size=most, unique=True))
        tasks = {
            row: tuple(draw(st.lists(st.sampled_from(into), min_size=1, unique=True)))
            for row in ROWS
            if how == "split" and draw(st.booleans())
        }
        new += [body(key, since) for key in into if key in fresh]
        changes.append(
            Change(
                of=tuple(of), how=how, since=since, into=tuple(into), tasks=tasks,
                basis=f"NQ {len(changes)}", confidence="stated",
            )
        )  # fmt: skip
        gone = [key for key in of if how != "unchanged" and key not in into]
        ended |= dict.fromkeys(gone, since)
        living = [*(key for key in living if key not in gone), *(k for k in into if k in fresh)]
    day = START + dt.timedelta(days=draw(st.integers(-1, 16)))
    return History(leads, Register(bodies=tuple(new), changes=tuple(changes)), ended, day)


class Held(NamedTuple):
    """Who holds a row for its lead, who held it in between, and whether a part has nobody."""

    by: set[str]
    passed: set[str]
    lost: bool


def holders(history: History, row: str, lead: str) -> Held:
    """Who holds a row for its lead on the day, worked out event by event."""
    held, ever, lost = {lead}, {lead}, False
    for _, group in groupby(history.register.changes, key=lambda event: event.since):
        # what happens on one day happens at once: it goes on until nobody hands on any more
        events = [e for e in group if e.since <= history.day and e.how != "unchanged"]
        while True:
            before = {*held}
            for event in events:
                takers = {each: takers_of(event, row, each) for each in held}
                lost = lost or not all(takers.values())
                held = {taker for each in takers.values() for taker in each}
                ever |= held
            if held == before:
                break
    return Held(held, ever - held - {lead}, lost)


def takers_of(event: Change, row: str, holder: str) -> set[str]:
    if holder not in event.of:
        return {holder}
    if event.how == "split" and row in event.tasks:
        return {*event.tasks[row]}
    if holder in event.into:
        return {holder}
    return {*event.into} if event.how != "split" else set()


@cache
def task_form() -> Form:
    return next(form for form in load_forms() if form.key == "PL2")


def plan_of(leads: dict[str, tuple[str, ...]]) -> Plan:
    deadline = Deadline(wording="Thường xuyên", kind="recurrent")
    return Plan(
        key="thu", number="1/QĐ", date=dt.date(2022, 1, 1), issuer="x", title="x",
        short_title="x", collector="b0", first_year=2022, last_year=2030,
        appendices=(Appendix(key="PL2", label="Phụ lục II", title="x", headings=()),),
        sections=(
            Section(key="PL2.I", appendix="PL2", number="I", level=1, title="x", source=""),
        ),
        tasks=tuple(
            Task(
                key=row, appendix="PL2", section="PL2.I", number=row[-1], text=row, lead_text="x",
                leads=keys, coordinating_text="", coordinating=(), deadline_text="",
                deadline=deadline, products=(), source="",
            )
            for row, keys in leads.items()
        ),
        indicators=(), agencies=tuple(body(key) for key in OLD), groups=(), group_rows=(),
        duties=(), errata=(),
    )  # fmt: skip


def period_to(day: dt.date) -> Period:
    return Period(
        key="2025", name="Năm 2025", start=START, end=day, closing=day, due=day, report_due=day
    )


def assigned_on(history: History, day: dt.date, register: Register) -> tuple[Plan, Assignment]:
    plan = stand_today(plan_of(history.leads), register, day)
    return plan, assign(plan, period_to(day), [task_form()], (), register)


def answerers(assigned: Assignment) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {row: set() for row in ROWS}
    for question in assigned.questions:
        found[question.parent].add(question.agency)
    return found
