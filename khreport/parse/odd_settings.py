"""What is allowed in a round's settings and yet seldom meant."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from khreport.campaign import Dates, Settings
from khreport.dates import format_date
from khreport.plan import Plan
from khreport.windows import PeriodRules, Proposal, covered_key, duty_days, propose_days
from khreport.workdays import WorkingDays


def odd_settings(
    settings: Settings, plan: Plan, working: WorkingDays, rules: PeriodRules
) -> Iterator[str]:
    """What is allowed in settings and yet seldom meant, each in a sentence for the officer."""
    dates = settings.dates
    if dates.closing > dates.due:
        yield (
            f"Ngày chốt số liệu (closing) {format_date(dates.closing)} sau hạn gửi (due) "
            f"{format_date(dates.due)}: khi gửi, các cơ quan chưa có số liệu đến ngày chốt."
        )
    key_of = covered_key(plan, settings.period)
    yield from _odd_window(dates, propose_days(plan, key_of, rules, working))
    reminders = settings.reminders
    own = msgspec.structs.replace(
        working, days_off=reminders.days_off, days_worked=reminders.days_worked
    )
    yield from own.unconfirmed(dates.closing, dates.report_due)
    lasts = duty_days(plan, key_of, own)
    for key, day, reason, duty in (
        ("due", dates.due, dates.due_reason, "agencies"),
        ("report_due", dates.report_due, dates.report_due_reason, "collector"),
    ):
        last = lasts[duty][1] if duty in lasts else day
        if day != last and not reason.strip():
            yield (
                f"Mục “{key}” ghi {format_date(day)}, {'muộn' if day > last else 'sớm'} hơn hạn "
                f"theo kế hoạch là {format_date(last)}. Nếu đúng, hãy ghi căn cứ vào mục "
                f'“{key}_reason”, ví dụ "Công văn số …".'
            )
        off = own.why_off(day)
        if off:
            yield f"Mục “{key}” ghi {format_date(day)} là {off}."


def _odd_window(dates: Dates, proposed: Proposal) -> Iterator[str]:
    """Which days of a window are not those that a decree or a decision names."""
    if dates.window_reason.strip() or proposed.start is None or proposed.end is None:
        return
    for name, day, ruled in (
        ("start", dates.start, proposed.start),
        ("end", dates.end, proposed.end),
        ("closing", dates.closing, proposed.closing),
    ):
        if day is not None and day != ruled.day:
            yield (
                f"Mục “{name}” ghi {format_date(day)}, khác ngày {format_date(ruled.day)} theo quy "
                f"định. Nếu đúng, hãy ghi căn cứ vào mục “window_reason”, ví dụ "
                '"Công văn số …".'
            )
