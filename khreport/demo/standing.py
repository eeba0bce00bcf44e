"""How a task stands on the closing day: a status that fits its deadline, and its days."""

from __future__ import annotations

import datetime as dt

import msgspec

from khreport.columns import (
    COMPLETED,
    COMPLETED_ON,
    EXPECTED_ON,
    IN_PROGRESS,
    NOT_STARTED,
    PERCENT,
    STATUS,
    STOP,
    SUBMITTED,
)
from khreport.demo.phrases import Teller
from khreport.periods import Period
from khreport.sheet import Value

PASSED = {COMPLETED: 74, IN_PROGRESS: 14, SUBMITTED: 7, NOT_STARTED: 3, STOP: 2}
THIS_PERIOD = {COMPLETED: 45, SUBMITTED: 20, IN_PROGRESS: 35}
LATER = {COMPLETED: 6, SUBMITTED: 4, IN_PROGRESS: 80, NOT_STARTED: 8, STOP: 2}
"""Statuses by whether the deadline passed before the closing day; of a hundred."""

IN_TIME = 72
LEAD_DAYS = 240
OVERRUN_DAYS = (60, 400)
DAYS_OF_YEAR = 365
DELAY_DAYS = (5, 240)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A status, how far it is, when it was completed, when it is expected to be; late or not."""

    status: str
    percent: int | None = None
    completed_on: dt.date | None = None
    expected_on: dt.date | None = None
    late: bool = False

    @property
    def row(self) -> dict[str, Value]:
        """The standing as answers."""
        return {
            STATUS: self.status,
            PERCENT: self.percent,
            COMPLETED_ON: self.completed_on,
            EXPECTED_ON: self.expected_on,
        }


def draw_standing(
    teller: Teller, due: dt.date | None, start: dt.date | None = None, *, task: bool = True
) -> Standing:
    """How something with a deadline stands; only a whole task is proposed to be stopped."""
    period = teller.period
    weights = dict(_weights(due, period))
    if not task:
        weights.pop(STOP, None)
    status = teller.weigh(weights)
    if status == STOP:
        return Standing(status=status)
    if status == COMPLETED:
        percent = 100 if teller.happens(50) else None
        return Standing(
            status=status, percent=percent, completed_on=_completed_on(teller, due, start)
        )
    late = due is not None and due <= period.closing
    near = due is not None and (due - period.closing).days <= DAYS_OF_YEAR
    low, high = (60, 95) if late else (40, 95) if near else (15, 65)
    percent = 5 * teller.dice.randint(low // 5, high // 5) if teller.happens(75) else None
    return Standing(
        status=status,
        percent=percent if status == IN_PROGRESS else None,
        expected_on=_expected_on(teller, due, late=late),
        late=late,
    )


def complete_by(teller: Teller, due: dt.date, whole: Standing) -> Standing:
    """A step of a task that is completed as a whole."""
    day = _completed_on(teller, due, None)
    done_on = min(day, whole.completed_on) if whole.completed_on else day
    return Standing(status=COMPLETED, completed_on=done_on)


def _weights(due: dt.date | None, period: Period) -> dict[str, int]:
    if due is None or due > period.end:
        return LATER
    return PASSED if due <= period.closing else THIS_PERIOD


def _completed_on(teller: Teller, due: dt.date | None, start: dt.date | None) -> dt.date:
    """A day that has passed: in time mostly, else months after the deadline."""
    plan, closing = teller.edition.plan, teller.period.closing
    first = max(plan.date, dt.date(plan.first_year, 1, 1), start or plan.date)
    if due is None or due > closing:
        return teller.day(min(max(first, teller.work_begins), closing), closing)
    first = min(max(first, due - dt.timedelta(days=LEAD_DAYS)), due)
    if teller.happens(IN_TIME) or due == closing:
        return teller.day(first, due)
    least, most = DELAY_DAYS
    return min(closing, due + dt.timedelta(days=teller.dice.randint(least, most)))


def _expected_on(teller: Teller, due: dt.date | None, *, late: bool) -> dt.date:
    """A day to come: by the deadline where it can still be kept."""
    closing = teller.period.closing
    tomorrow = closing + dt.timedelta(days=1)
    if due is None or late:
        least, most = OVERRUN_DAYS
        return closing + dt.timedelta(days=teller.dice.randint(least, most))
    return teller.day(max(tomorrow, due - dt.timedelta(days=LEAD_DAYS)), due)
