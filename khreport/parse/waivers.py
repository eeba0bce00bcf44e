"""Waivers from TOML: what names no agency or rule of the round is refused with its line."""

from __future__ import annotations

import msgspec

from khreport.checks.form_rules import form_rules
from khreport.edition import Edition
from khreport.errors import CampaignError, PlanError
from khreport.parse.toml import Entry, Source
from khreport.rules import Waiver


def parse_waivers(text: str, file_name: str, edition: Edition) -> tuple[Waiver, ...]:
    """The waivers of one file, in its order; an agency may be named by its key or its name.

    Raises:
        CampaignError: a waiver cannot be used; the message names file and line.

    """
    try:
        source = Source(text, file_name)
        whole = Entry(source, "", 0, "")
        for field in source.content:
            whole.expect(field, "mục", field, ["waivers"])
        entries = enumerate(source.tables("waivers"))
        return tuple(
            _parse(Entry(source, "waivers", nth, f"dòng miễn thứ {nth + 1}"), raw, edition)
            for nth, raw in entries
        )
    except PlanError as error:
        raise CampaignError(str(error)) from error


def _parse(entry: Entry, raw: dict[str, object], edition: Edition) -> Waiver:
    agencies = {agency.name.casefold(): agency.key for agency in edition.agencies}
    named = str(raw.get("agency", ""))
    raw = raw | {"agency": agencies.get(named.casefold(), named)} if named else raw
    waiver = entry.convert(raw, Waiver)
    entry.expect("agency", "cơ quan", waiver.agency, edition.asked)
    own = (rule for form in edition.forms for rule in form_rules(form))
    entry.expect("rule", "quy tắc", waiver.rule, [rule.id for rule in (*edition.rules, *own)])
    entry.expect("period", "kỳ báo cáo", waiver.period, [edition.period.key])
    for name, value in msgspec.structs.asdict(waiver).items():
        if not str(value).strip():
            entry.refuse(name, f"mục “{name}” đang trống. Hãy ghi mục này.")
    return waiver
