"""``khreport init``: a folder for a new round, with settings that an officer can read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from khreport.campaign import SETTINGS_FILE, Campaign, Settings
from khreport.edges.folder import open_campaign, parse_settings
from khreport.edges.shipped import load_plan, plan_text
from khreport.edges.store import write_atomically
from khreport.errors import CampaignError
from khreport.periods import working_day_before
from khreport.plan import Plan

CLOSING = (11, 30)
"""The closing day proposed for figures (month, day); no source names one, the file says so."""


def init_campaign(folder: Path, plan_name: str, period: str) -> Campaign:
    """The campaign in a new folder.

    Raises:
        CampaignError: the folder already holds one, or the plan does not cover the period.

    """
    path = folder / SETTINGS_FILE
    if path.exists():
        raise CampaignError(
            f"Thư mục “{folder}” đã có đợt báo cáo (tệp {SETTINGS_FILE}). Hãy chọn thư mục khác."
        )
    text = settings_text(load_plan(plan_name), plan_name, period)
    write_atomically(path, text.encode())
    campaign = open_campaign(folder)
    campaign.inbox.mkdir(parents=True, exist_ok=True)
    return campaign


def default_settings(plan: Plan, plan_name: str, period: str) -> Settings:
    """What a round's settings are before an officer changes them."""
    return parse_settings(settings_text(plan, plan_name, period), SETTINGS_FILE)


def settings_text(plan: Plan, plan_name: str, period: str) -> str:
    """The text of a new khreport.toml: the plan's own, with the days of the period worked out.

    Raises:
        CampaignError: `period` is no year of the plan.

    """
    if not (period.isdecimal() and plan.first_year <= int(period) <= plan.last_year):
        raise CampaignError(
            f"Kỳ báo cáo “{period}” không thuộc {plan.short_title}. "
            f"Hãy ghi một năm từ {plan.first_year} đến {plan.last_year}, ví dụ 2024."
        )
    year = int(period)
    limits = {duty.key: dt.date(year, duty.before_month, duty.before_day) for duty in plan.duties}
    filling = {
        "plan": plan_name,
        "period": period,
        "closing": dt.date(year, *CLOSING),
        "due": working_day_before(limits["agencies"]),
        "report_due": working_day_before(limits["collector"]),
        "group_rows": "\n".join(_group_row_lines(plan)),
    }
    text = plan_text(plan_name, SETTINGS_FILE)
    for name, value in filling.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def _group_row_lines(plan: Plan) -> Iterable[str]:
    for row in plan.group_rows:
        names = ", ".join(plan.agency[key].name for key in row.answering)
        keys = ", ".join(f'"{key}"' for key in row.answering)
        task = plan.task[row.task]
        yield f"# {row.task}: {task.lead_text}"
        yield f"#   {row.reason}" + (f" ({names})" if names else "")
        yield f'# [group_rows."{row.task}"]'
        yield f'# mode = "{row.mode}"'
        if keys:
            yield f"# answering = [{keys}]"
        yield "#"
