"""The ladder of reminders: which step is due on a day, and when it goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from khreport.dates import format_date
from khreport.workdays import WorkingDays

WorkingDayCount = Annotated[int, Meta(ge=1, le=60)]
StepKind = Literal["before", "due", "after", "leader"]

Lack = Literal["nothing", "part", "faulty", "paper"]
"""What an agency is reminded of: nothing came; forms or rows are empty; faults are not mended;
all is well with the file, and the signed paper by which it is late or not has not come."""


class Reminders(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When agencies are reminded, in working days before and after the due day.

    `leader` is the day on which it goes to the agency's leader; empty, it never does.
    `days_off` and `days_worked` are days off, and Saturdays worked, beside those of the law.
    """

    before: tuple[WorkingDayCount, ...] = (5, 1)
    on_day: bool = True
    after: tuple[WorkingDayCount, ...] = (1, 3)
    leader: tuple[WorkingDayCount, ...] = (5,)
    days_off: tuple[dt.date, ...] = ()
    days_worked: tuple[dt.date, ...] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the ladder to a due day: so many working days from it, gone on `day`."""

    kind: StepKind
    count: int
    due: dt.date
    day: dt.date

    @property
    def key(self) -> str:
        """What the ledger calls it; with another due day it is another step."""
        return f"{self.kind}-{self.count}/{self.due}"

    @property
    def words(self) -> str:
        """The step in words."""
        words = {
            "before": f"trước hạn {self.count} ngày làm việc",
            "due": "ngày đến hạn",
            "after": f"sau hạn {self.count} ngày làm việc",
            "leader": f"gửi lãnh đạo, sau hạn {self.count} ngày làm việc",
        }
        return f"{words[self.kind]} ({format_date(self.day)})"


def lay_ladder(settings: Reminders, due: dt.date, working: WorkingDays) -> tuple[Step, ...]:
    """The steps by day, each on a working day; the leader's comes last of those of one day.

    >>> ladder = lay_ladder(Reminders(), dt.date(2024, 12, 13), WorkingDays())
    >>> [f"{step.kind} {step.day:%d/%m}" for step in ladder]
    ['before 06/12', 'before 12/12', 'due 13/12', 'after 16/12', 'after 18/12', 'leader 20/12']
    """
    counts: dict[StepKind, tuple[int, ...]] = {
        "before": settings.before,
        "due": (0,) if settings.on_day else (),
        "after": settings.after,
        "leader": settings.leader,
    }
    # a due day that is a day off is answered on the next working day
    last = working.on_or_after(due)
    steps = [
        Step(
            kind=kind,
            count=count,
            due=due,
            day=working.shift(last, -count if kind == "before" else count),
        )
        for kind, each in counts.items()
        for count in dict.fromkeys(each)
    ]
    return tuple(sorted(steps, key=lambda step: step.day))


def step_on(ladder: Sequence[Step], today: dt.date, working: WorkingDays) -> Step | None:
    """The latest step that has come, which stands for those before it; None if there is none.

    Once the due day is over, what was to be said before it is past.
    """
    come = [
        step
        for step in ladder
        if step.day <= today
        and (step.kind in ("after", "leader") or today <= working.on_or_after(step.due))
    ]
    return come[-1] if come else None


def is_too_soon(letters: Iterable[dt.date], today: dt.date, working: WorkingDays) -> bool:
    """Whether a reminder would come on the working day on which another letter of ours is read.

    >>> saturday, monday = dt.date(2024, 12, 14), dt.date(2024, 12, 16)
    >>> is_too_soon([saturday], monday, WorkingDays()), is_too_soon([], monday, WorkingDays())
    (True, False)
    """
    return any(working.on_or_after(day) == today for day in letters)


def next_step(ladder: Sequence[Step], today: dt.date) -> Step | None:
    """The step that comes next after a day."""
    return next((step for step in ladder if step.day > today), None)
