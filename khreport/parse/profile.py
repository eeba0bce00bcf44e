"""Profiles from TOML: a rule that no check knows, or heavier than its source, is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import msgspec

from khreport.findings import SEVERITIES
from khreport.parse.toml import Entry, Source
from khreport.profile import WEIGHTS, Kind, LintRule, Profile, Retired, Wording


class _About(msgspec.Struct, frozen=True):
    key: str
    basis: str
    checked_on: dt.date
    kinds: dict[str, str]


def parse_profile(text: str, name: str, retired: str, checks: Collection[str]) -> Profile:
    """The profile that a file holds, with the names that `retired`, another file, says ended.

    `checks` are what rules may look at. Raises PlanError, with file and line.
    """
    source = Source(text, name)
    raw = {key: value for key, value in source.content.items() if not isinstance(value, list)}
    about = Entry(source, "", 0, "").convert(raw, _About)
    rules = tuple(_parse_rule(source, nth, checks) for nth in range(len(source.tables("rule"))))
    known = {rule.id for rule in rules}
    wordings = []
    for nth, table in enumerate(source.tables("wording")):
        entry = Entry(source, "wording", nth, "")
        wording = entry.convert(table, Wording)
        entry.expect("rule", "quy tắc", wording.rule, known)
        wordings.append(wording)
    names = Source(retired, "ten-cu.toml")
    return Profile(
        key=about.key,
        basis=about.basis,
        checked_on=about.checked_on,
        rules=rules,
        kinds=tuple(Kind(kind, symbol) for kind, symbol in about.kinds.items()),
        wordings=tuple(wordings),
        retired=tuple(
            Entry(names, "retired", nth, "").convert(table, Retired)
            for nth, table in enumerate(names.tables("retired"))
        ),
    )


def _parse_rule(source: Source, nth: int, checks: Collection[str]) -> LintRule:
    raw = source.tables("rule")[nth]
    entry = Entry(source, "rule", nth, f"quy tắc {raw.get('id', '?')}")
    rule = entry.convert(raw, LintRule)
    entry.expect("check", "cách kiểm tra", rule.check, checks)
    heaviest = WEIGHTS[rule.confidence]
    if SEVERITIES.index(rule.severity) < SEVERITIES.index(heaviest):
        entry.refuse("severity", f"nguồn “{rule.confidence}” chỉ cho phép nhẹ như “{heaviest}”.")
    return rule
