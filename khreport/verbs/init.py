"""``khreport init``: a folder for a new round, with settings that an officer can read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

from khreport.campaign import SETTINGS_FILE, Campaign, Settings
from khreport.edges.shipped import load_plan, load_working_days, plan_names, plan_text
from khreport.edges.store import make_folder, write_atomically
from khreport.errors import CampaignError
from khreport.parse.settings import parse_settings, toml_text
from khreport.plan import Plan
from khreport.verbs.contacts import write_contact_list
from khreport.verbs.letters import write_letter_texts
from khreport.verbs.templates import shipped_edition
from khreport.workdays import last_days

CLOSING = (11, 30)
"""The closing day proposed for figures (month, day); no source names one, the file says so."""


def init_campaign(folder: Path, plan_name: str, period: str | int) -> Campaign:
    """The campaign in a new folder; `plan_name` is a shipped plan or the folder of another.

    >>> import tempfile, khreport
    >>> with tempfile.TemporaryDirectory() as place:
    ...     campaign = khreport.init_campaign(Path(place, "dot-2024"), "qd1165", "2024")
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
    edition = shipped_edition(campaign.settings)
    write_contact_list(campaign, edition, (each for each in plan.agencies if each.answers))
    write_letter_texts(campaign)
    write_atomically(path, text.encode())
    return campaign


def default_settings(plan: Plan, plan_name: str, period: str) -> Settings:
    """What a round's settings are before an officer changes them."""
    return parse_settings(settings_text(plan, plan_name, period), SETTINGS_FILE)


def settings_text(plan: Plan, plan_name: str, period: str) -> str:
    """The text of a new khreport.toml: the plan's own, with the days of the period worked out.

    Raises:
        CampaignError: `period` is no year of the plan.

    """
    if not (
        period.isascii() and period.isdecimal() and plan.first_year <= int(period) <= plan.last_year
    ):
        raise CampaignError(
            f"Kỳ báo cáo “{period}” không thuộc {plan.short_title}. "
            f"Hãy ghi một năm từ {plan.first_year} đến {plan.last_year}, ví dụ 2024."
        )
    year = int(period)
    limits = last_days(plan, year, load_working_days())
    filling = {
        "plan": toml_text(plan_name),
        "period": period,
        "closing": dt.date(year, *CLOSING),
        "due": limits["agencies"],
        "report_due": limits["collector"],
        "group_rows": "\n".join(_group_row_lines(plan)),
    }
    # in one go, as a plan's path may hold braces of its own
    return re.sub(
        "{(" + "|".join(filling) + ")}",
        lambda found: str(filling[found[1]]),
        plan_text(plan_name, SETTINGS_FILE),
    )


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
