"""``khreport init``: a folder for a new round, with settings that an officer can read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

from khreport.campaign import SETTINGS_FILE, Campaign, Settings
from khreport.edges.shipped import (
    load_period_rules,
    load_plan,
    load_register,
    load_working_days,
    plan_names,
    plan_text,
)
from khreport.edges.store import make_folder, write_atomically
from khreport.errors import CampaignError
from khreport.parse.settings import parse_settings, toml_text
from khreport.plan import Plan
from khreport.verbs.contacts import write_contact_list
from khreport.verbs.letters import write_letter_texts
from khreport.verbs.own_agencies import write_own_agencies
from khreport.verbs.templates import shipped_edition
from khreport.windows import Day, Proposal, covered_key, propose_days


def init_campaign(folder: Path, plan_name: str, period: str | int) -> Campaign:
    """The campaign in a new folder; `plan_name` is a shipped plan or the folder of another.

    >>> import tempfile, khreport
    >>> with tempfile.TemporaryDirectory() as place:
    ...     campaign = khreport.init(Path(place, "dot-2024"), "qd1165", "2024")
    ...     sorted(path.name for path in campaign.folder.iterdir())
    ['inbox', 'khreport.toml', 'lien-he.xlsx', 'thu']

    Raises:
        CampaignError: the folder already holds one, or the plan does not cover the period.
        KhreportError: the folder cannot be made or written.

    """
    path = folder / SETTINGS_FILE
    if path.exists():
        raise CampaignError(
            f"Thư mục “{folder}” đã có đợt báo cáo (tệp {SETTINGS_FILE}). Hãy chọn thư mục khác."
        )
    plan = load_plan(plan_name)
    if plan_name not in plan_names():
        plan_name = str(Path(plan_name).resolve())  # the round is run from other folders later
    text = settings_text(plan, plan_name, str(period))
    campaign = Campaign(folder, parse_settings(text, str(path)))
    make_folder(campaign.inbox)
    edition = shipped_edition(campaign.settings, plan)
    standing = (each for each in edition.plan.agencies if each.answers and each.valid_to is None)
    write_contact_list(campaign, edition, standing)
    if edition.undecided:
        write_own_agencies(campaign, edition)
    write_letter_texts(campaign)
    write_atomically(path, text.encode())
    return campaign


def default_settings(plan: Plan, plan_name: str, period: str) -> Settings:
    """What a round's settings are before an officer changes them."""
    return parse_settings(settings_text(plan, plan_name, period), SETTINGS_FILE)


def settings_text(plan: Plan, plan_name: str, period: str) -> str:
    """The text of a new khreport.toml: the plan's own, with the days of the period worked out.

    Raises:
        CampaignError: the plan has no such period.

    """
    key = covered_key(plan, period)
    working = load_working_days()
    days = propose_days(plan, key, load_period_rules(), working)
    filling = {
        "plan": toml_text(plan_name),
        "period": key.text,
        "window": "".join(_window_lines(days)),
        "closing": days.closing.day,
        "closing_why": days.closing.why,
        "due": days.due.day,
        "due_why": days.due.why,
        "report_due": days.report_due.day,
        "report_due_why": days.report_due.why,
        "issued": working.shift(days.report_due.day, -1),
        **_collector(plan, plan_name, days.due.day),
        "group_rows": "\n".join(_group_row_lines(plan)),
    }
    # in one go, as a plan's path may hold braces of its own
    return re.sub(
        "{(" + "|".join(filling) + ")}",
        lambda found: str(filling[found[1]]),
        plan_text(plan_name, SETTINGS_FILE),
    )


def _collector(plan: Plan, plan_name: str, day: dt.date) -> dict[str, str]:
    """Who collects on a day: its name and symbol, and as a comment what has to be confirmed."""
    register = load_register(plan_name)
    known = register.collector_on(day)
    agency = plan.agency.get(known.agency if known else plan.collector)
    bodies = [agency] if agency else [b for b in register.bodies if known and b.key == known.agency]
    return {
        "collector": bodies[0].name,
        "collector_symbol": known.symbol if known else bodies[0].abbreviation,
        "collector_assumed": f"  # {known.assumed}" if known and known.assumed else "",
    }


def _window_lines(days: Proposal) -> Iterable[str]:
    """The lines of the window where it is not the calendar's."""
    told: list[tuple[str, Day | None, str]] = [
        ("start", days.start, "ngày đầu của kỳ số liệu"),
        ("end", days.end, "ngày cuối của kỳ số liệu"),
    ]
    for name, day, what in told:
        if day:
            yield f"{name} = {day.day}  # {what} ({day.why})\n"


def _group_row_lines(plan: Plan) -> Iterable[str]:
    for row in plan.group_rows:
        names = ", ".join(plan.agency[key].name for key in row.answering)
        keys = ", ".join(f'"{key}"' for key in row.answering)
        task = plan.task[row.task]
        # a comment ends with its line, whatever the plan's texts hold
        yield f"# {row.task}: {' '.join(task.lead_text.split())}"
        yield f"#   {' '.join(row.reason.split())}" + (f" ({names})" if names else "")
        yield f'# [group_rows."{row.task}"]'
        yield f'# mode = "{row.mode}"'
        if keys:
            yield f"# answering = [{keys}]"
        yield "#"
