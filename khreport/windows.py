"""The days that a round is proposed to have: its window of data, when to close and to answer."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from khreport.campaign import Dates
from khreport.dates import format_date
from khreport.errors import CampaignError
from khreport.periods import SPANS, Key, Kind, Period, read_key, shift_months
from khreport.plan import Duty, Plan
from khreport.workdays import DAY, WorkingDays

TO_CONFIRM = "cần xác nhận"
FREQUENCIES = {"year": "year", "six_months": "half_year"}
"""The frequency of duties that each kind of period answers."""

Confidence = Literal["stated", "unconfirmed"]


class Window(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The data of a kind: from day `opens` of the month before it to `closes` of its last."""

    kind: Kind
    opens: int
    closes: int
    source: str
    confidence: Confidence


class Delay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many working days after the closing day."""

    working_days: int
    source: str
    confidence: Confidence


class MonthDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day of the last month of a period."""

    day: int
    source: str
    confidence: Confidence


class PeriodRules(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of windows and due days, each with its source.

    `gap` lies at least between closing and due day; `due` and `report_due` stand in where a
    plan has no duty.
    """

    windows: dict[Kind, Window]
    gap: Delay
    due: Delay
    report_due: MonthDay


class Day(msgspec.Struct, frozen=True):
    """A proposed day, and why it is that one."""

    day: dt.date
    why: str


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """The days of a round; `start` and `end` are None where they are those of the calendar."""

    closing: Day
    due: Day
    report_due: Day
    start: Day | None = None
    end: Day | None = None


def covered_key(plan: Plan, text: str) -> Key:
    """What a key says, of a period within the years of the plan.

    Raises:
        CampaignError: it is no key, or of years that the plan does not cover.

    """
    key = read_key(text)
    if not plan.first_year <= key.first_year <= key.year <= plan.last_year:
        raise CampaignError(
            f"Kỳ báo cáo “{text}” không thuộc {plan.short_title}. Hãy ghi một kỳ từ "
            f"{plan.first_year} đến {plan.last_year}, ví dụ {plan.first_year} hoặc "
            f"{plan.first_year}-Q4."
        )
    return key


def kind_in(plan: Plan, key: Key) -> Kind:
    """The kind of a period of the plan: a span of years is "whole" where it is the plan's own."""
    whole = (key.first_year, key.year) == (plan.first_year, plan.last_year)
    return "whole" if key.kind in SPANS and whole else key.kind


def make_period(plan: Plan, text: str, dates: Dates) -> Period:
    """The period of a round, whose window is the calendar's where its settings name none.

    Raises:
        CampaignError: the plan has no such period.

    """
    key = covered_key(plan, text)
    return Period(
        key=key.text,
        name=key.name,
        start=dates.start or key.first,
        end=dates.end or key.last,
        closing=dates.closing,
        due=dates.due,
        report_due=dates.report_due,
        kind=kind_in(plan, key),
    )


def duty_days(plan: Plan, key: Key, working: WorkingDays) -> dict[str, tuple[Duty, dt.date]]:
    """The duties of all for such a period, and the last working day in time, by their key.

    A duty that names its tasks binds nobody else.
    """
    return {
        duty.key: (
            duty,
            working.shift(dt.date(key.year, duty.before_month, duty.before_day), -1),
        )
        for duty in plan.duties
        if duty.frequency == FREQUENCIES.get(key.kind) and not duty.tasks
    }


def propose_days(plan: Plan, key: Key, rules: PeriodRules, working: WorkingDays) -> Proposal:
    """The days that a round of that period is proposed to have.

    The plan's own due days go first: where they leave no working day after the window that the
    rules give, the calendar bounds the data, and what follows the closing day is estimated.
    """
    duties = duty_days(plan, key, working)
    duty, collector = duties.get("agencies"), duties.get("collector")
    window = rules.windows.get(key.kind)
    start = end = None
    if window and not (duty and _is_too_early(duty[1], closing_of(window, key), rules, working)):
        first = shift_months(key.first, -1).replace(day=window.opens)
        start = Day(first, _tell(window.source, window.confidence))
        end = Day(closing_of(window, key), start.why)
        closing = Day(end.day, "ngày cuối kỳ số liệu; chốt sớm hơn thì sau ngày chốt là số ước")
    else:
        why = "Quyết định không quy định" if duty else "theo văn bản yêu cầu báo cáo"
        told = f"sau ngày này là số ước {key.short} ({TO_CONFIRM}: {why})"
        closing = Day(key.last.replace(day=1) - DAY, told)
    due = _on_duty(duty) if duty else _due_after(closing.day, rules.due, working)
    return Proposal(
        closing=closing,
        due=due,
        report_due=_on_duty(collector)
        if collector
        else _latest(key, due.day, rules.report_due, working),
        start=start,
        end=end,
    )


def _on_duty(duty: tuple[Duty, dt.date]) -> Day:
    told, last = duty
    before = format_date(dt.date(2000, told.before_month, told.before_day)).removesuffix("/2000")
    return Day(last, f"“trước ngày {before}”, lùi về ngày làm việc liền trước")


def _due_after(closing: dt.date, rule: Delay, working: WorkingDays) -> Day:
    told = f"{rule.working_days:02} ngày làm việc sau ngày chốt số liệu"
    day = working.shift(closing, rule.working_days)
    return Day(day, f"{told} ({_tell(rule.source, rule.confidence)})" + _tell_unsure(day, working))


def _latest(key: Key, due: dt.date, rule: MonthDay, working: WorkingDays) -> Day:
    """The day of the period's last month, or the last working day before; not before `due`."""
    told = f"chậm nhất ngày {rule.day} tháng cuối kỳ, lùi về ngày làm việc liền trước"
    day = max(due, working.shift(key.last.replace(day=rule.day) + DAY, -1))
    return Day(day, f"{told} ({_tell(rule.source, rule.confidence)})" + _tell_unsure(day, working))


def _tell_unsure(day: dt.date, working: WorkingDays) -> str:
    """Which days off about a day no notice tells yet, so that it may be one of them."""
    names = [name for name, _, _ in working.unsettled(day, day)]
    return "".join(f"; có thể trùng {name}, lịch nghỉ {TO_CONFIRM}" for name in names)


def closing_of(window: Window, key: Key) -> dt.date:
    """The day on which the window of a period closes."""
    return key.last.replace(day=window.closes)


def _is_too_early(due: dt.date, closing: dt.date, rules: PeriodRules, working: WorkingDays) -> bool:
    return due < working.shift(closing, rules.gap.working_days)


def _tell(source: str, confidence: Confidence) -> str:
    return f"{source}; {TO_CONFIRM}" if confidence == "unconfirmed" else source
