"""``khreport agencies``: who stands today for the bodies of a decision, and what is still asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from khreport.agency_table import (
    FATE_WORDS,
    AgencyTable,
    Body,
    agency_table,
    bodies_of,
    name_all,
    start_of,
)
from khreport.campaign import Campaign
from khreport.edges.shipped import load_plan, load_register
from khreport.parse.settings import toml_text
from khreport.plan import Plan
from khreport.succession import Change, Collector, Register
from khreport.verbs.init import default_settings
from khreport.verbs.own_agencies import campaign_register
from khreport.verbs.templates import campaign_edition, shipped_edition


class ToConfirm(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be confirmed of some bodies, and the block that does it in the officer's file."""

    agencies: tuple[Body, ...]
    assumed: str
    block: str


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """How many bodies a group has, as far as they are declared."""

    key: str
    name: str
    members: int


class OpenRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that nobody answers any more for some bodies."""

    row: str
    text: str
    agencies: tuple[Body, ...]


class CheckedAgencies(msgspec.Struct, frozen=True, kw_only=True):
    """What is open about the bodies of a plan.

    `without_source` are those of which nothing is known; `block` settles them
    where they stand as they did.
    """

    to_confirm: tuple[ToConfirm, ...]
    without_source: tuple[Body, ...]
    block: str
    groups: tuple[Members, ...]
    undecided: tuple[OpenRow, ...]


def list_agencies(plan: str | Path | Campaign) -> AgencyTable:
    """What became of the bodies of a shipped plan, of one in a folder, or of a campaign's.

    >>> import khreport
    >>> table = khreport.list_agencies("qd1165")
    >>> table.agencies[0].name, table.agencies[0].today[0].name
    ('Sở Kế hoạch và Đầu tư', 'Sở Tài chính')

    Raises:
        PlanError: there is no such plan.
        CampaignError: the campaign's own file cannot be used.

    """
    asked, register = _plan_and_register(plan)
    return agency_table(asked, register)


def check_agencies(plan: str | Path | Campaign) -> CheckedAgencies:
    """What has to be confirmed, what has no source, and which rows nobody answers.

    Without a campaign, rows are those of the plan's last year.

    >>> import khreport
    >>> len(khreport.check_agencies("qd1165").undecided) > 0
    True

    Raises:
        PlanError: there is no such plan.
        CampaignError: the campaign's settings or its own file cannot be used.

    """
    asked, register = _plan_and_register(plan)
    bodies = bodies_of(asked, register)
    unknown = [a.key for a in asked.agencies if a.answers and a.key not in register.fates]
    if isinstance(plan, Campaign):
        undecided = campaign_edition(plan).undecided
    else:
        settings = default_settings(asked, str(plan), str(asked.last_year))
        undecided = shipped_edition(settings, asked, register=register).undecided
    return CheckedAgencies(
        to_confirm=tuple(_to_confirm(register, bodies)),
        without_source=tuple(bodies[key] for key in unknown),
        block=_unchanged_block(unknown, register, bodies),
        groups=tuple(
            Members(key=group.key, name=group.name, members=len(register.members(group.key)))
            for group in register.groups
        ),
        undecided=tuple(
            OpenRow(
                row=row,
                text=start_of(asked.task[row].text),
                agencies=tuple(bodies[key] for key in lost),
            )
            for row, lost in undecided.items()
        ),
    )


def _plan_and_register(plan: str | Path | Campaign) -> tuple[Plan, Register]:
    if isinstance(plan, Campaign):
        asked = load_plan(plan.settings.plan)
        return asked, campaign_register(plan, asked)
    asked = load_plan(plan)
    return asked, load_register(plan, asked)


def _to_confirm(register: Register, bodies: Mapping[str, Body]) -> Iterator[ToConfirm]:
    for change in register.changes:
        if change.assumed:
            yield ToConfirm(
                agencies=tuple(bodies[key] for key in change.of),
                assumed=change.assumed,
                block=_change_block(change, bodies),
            )
    doubted = [collector for collector in register.collectors if collector.assumed]
    if doubted:
        yield ToConfirm(
            agencies=tuple(bodies[collector.agency] for collector in doubted),
            assumed="; ".join(dict.fromkeys(collector.assumed for collector in doubted)),
            block="\n".join(_collector_block(each, bodies) for each in register.collectors),
        )


def _change_block(change: Change, bodies: Mapping[str, Body]) -> str:
    lines = [
        f"[[change]]  # {name_all(bodies[key] for key in change.of)}",
        f"of = {_quoted(change.of)}",
        f'how = "{change.how}"  # {FATE_WORDS[change.how]}',
        f"since = {change.since}  # sửa theo văn bản của tỉnh",
    ]
    if change.into:
        into = name_all(bodies[key] for key in change.into)
        lines.append(f"into = {_quoted(change.into)}  # {into}")
    lines += ['basis = "Nghị quyết số …"  # số, ngày văn bản', 'confidence = "stated"']
    if change.tasks:
        lines += ["[change.tasks]  # dòng nào giao cơ quan nào"]
        lines += [f'"{row}" = {_quoted(takers)}' for row, takers in change.tasks.items()]
    return "\n".join(lines) + "\n"


def _collector_block(collector: Collector, bodies: Mapping[str, Body]) -> str:
    return (
        f"[[collector]]  # {bodies[collector.agency].name}\n"
        f'agency = "{toml_text(collector.agency)}"\n'
        f"since = {collector.since}\n"
        f'symbol = "{toml_text(collector.symbol)}"\n'
    )


def _unchanged_block(keys: Iterable[str], register: Register, bodies: Mapping[str, Body]) -> str:
    lines = [f'  "{toml_text(key)}",  # {bodies[key].name}' for key in keys]
    if not lines:
        return ""
    since = max((change.since for change in register.changes), default=dt.date.min)
    return "\n".join(
        [
            "[[change]]  # chỉ để lại cơ quan vẫn giữ nguyên",
            "of = [",
            *lines,
            "]",
            'how = "unchanged"',
            f"since = {since}  # sửa theo văn bản",
            'basis = "Quyết định số …"  # số, ngày văn bản',
            'confidence = "stated"\n',
        ]
    )


def _quoted(keys: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{toml_text(key)}"' for key in keys) + "]"
