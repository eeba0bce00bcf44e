"""How far each agency of a round is, form by form: what a status table is drawn from."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Literal

import msgspec

from khreport.campaign import LateBy
from khreport.dates import format_date
from khreport.form_status import FormHead, FormStatus
from khreport.workdays import tell_due

AgencyState = Literal["unsent", "drafted", "unsure", "sent", "received", "faulty", "accepted"]

AGENCY_STATES: dict[AgencyState, str] = {
    "accepted": "Đạt",
    "faulty": "Có lỗi phải sửa",
    "received": "Đã nhận, chưa kiểm tra",
    "sent": "Đã gửi biểu, chưa nộp",
    "unsure": "Chưa rõ đã gửi biểu hay chưa",
    "drafted": "Đã soạn thư, chưa gửi",
    "unsent": "Chưa gửi biểu",
}
"""The states in words, from the best."""

Tag = Literal[
    "overdue", "late", "waiting", "unlocked", "bounced", "no_paper", "no_file", "secret", "nil"
]
TAGS: dict[Tag, str] = {
    "overdue": "Quá hạn, chưa xong",
    "late": "Nộp muộn",
    "waiting": "Có bản chờ mở khóa",
    "unlocked": "Đã mở khóa, chưa xong",
    "bounced": "Thư kèm biểu bị trả lại",
    "no_paper": "Có tệp, chưa có văn bản",
    "no_file": "Có văn bản, chưa có tệp",
    "nil": "Có biểu không phát sinh",
    "secret": "Có nội dung báo cáo mật",
}
"""What may be said of an agency beside its state."""

FILTERS = dict[str, str](chain(AGENCY_STATES.items(), TAGS.items()))
"""What a status can be narrowed to, in words."""


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """The signed paper that follows a workbook: its number, date and signer; the day it came.

    What was scanned and not read has a file and no number yet.
    `digest` is the content's in the store, where a file of it was kept.
    """

    number: str
    date: dt.date | None
    came: dt.date
    signer: str = ""
    file: str = ""
    digest: str = ""

    @property
    def words(self) -> str:
        """What it is called: "12/BC-STP, 10/12/2024"."""
        date = format_date(self.date) if self.date else ""
        return ", ".join(filter(None, [self.number, date])) or "có bản PDF"


class AgencyStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How far one agency is.

    `days_left` counts from the day of the status to the last day in time, below zero once it
    is past.
    `days_late` is how late the agency was, by its file or paper, 0 where it was not or nothing
    came. `errors` are those of its latest return, which need not be the accepted one.
    `needs_paper` says that lateness goes by the paper. `reminders` went, `drafts` are reminders
    that were written and, as far as the ledger tells, not sent. `waiting` returns came after the
    round was closed, which `unlocked` says is open again for this agency; `bounced`: the letter
    with the form reached no main address. `first_on` is the day of the first return that answered
    anything, `received_at` of the one that counts.
    """

    agency: str
    name: str
    short: str
    state: AgencyState
    forms: tuple[FormStatus, ...]
    days_left: int
    days_late: int = 0
    errors: int = 0
    sent_on: dt.date | None = None
    received_at: dt.datetime | None = None
    first_on: dt.date | None = None
    file: str = ""
    paper: Paper | None = None
    needs_paper: bool = False
    reminders: int = 0
    drafts: int = 0
    waiting: int = 0
    unlocked: bool = False
    bounced: bool = False

    @property
    def done(self) -> bool:
        """Whether nothing is waited for any more."""
        return self.state == "accepted" and not (self.needs_paper and self.paper is None)

    @property
    def _has_file(self) -> bool:
        # what waits for an unlocking is here, though nobody looked at it
        return self.received_at is not None or self.waiting > 0

    @property
    def tags(self) -> tuple[Tag, ...]:
        """What is to be said beside the state, in the order of TAGS."""
        states = {form.state for form in self.forms}
        holds: dict[Tag, bool] = {
            "overdue": self.days_left < 0 and not self.done,
            "late": self.days_late > 0,
            "waiting": self.waiting > 0 and not self.unlocked,
            "unlocked": self.unlocked and not self.done,
            "bounced": self.bounced and self.received_at is None,
            "no_paper": self.received_at is not None and self.paper is None,
            "no_file": self.paper is not None and not self._has_file,
            "nil": "nil" in states,
            "secret": any(form.secret for form in self.forms),
        }
        return tuple(tag for tag in TAGS if holds[tag])

    @property
    def state_words(self) -> str:
        """The state in words, with its errors: "Có lỗi phải sửa (3)"."""
        return self._state_words + ("; đã mở khóa" if "unlocked" in self.tags else "")

    @property
    def _state_words(self) -> str:
        words = AGENCY_STATES[self.state]
        if self.state == "accepted" and self.errors:
            return f"{words}; bản gửi sau còn {self.errors} lỗi"
        if self.state == "received" and "waiting" in self.tags:
            return "Đã nhận, chờ mở khóa"
        if "bounced" in self.tags and self.state not in ("accepted", "faulty", "received"):
            return f"{TAGS['bounced']}, chưa nộp"
        if "waiting" in self.tags:
            count = f" ({self.errors})" if self.state == "faulty" else ""
            return f"{words}{count}; bản gửi sau chờ mở khóa"
        return f"{words} ({self.errors})" if self.state == "faulty" else words

    @property
    def time_words(self) -> str:
        """How it stands against the due day, in words."""
        lags = "chậm văn bản" if self.needs_paper else "nộp muộn"
        late = f"{lags} {self.days_late} ngày" if self.days_late else ""
        if self.done:
            return late or f"đúng hạn{self._first_words}"
        # the file is in order, and lateness goes by the paper
        lacks_paper = self.state == "accepted"
        if self.days_left > 0:
            return f"còn {self.days_left} ngày" + (" gửi văn bản" if lacks_paper else "")
        if self.days_left == 0:
            over = "hạn văn bản hôm nay" if lacks_paper else "hạn hôm nay"
        else:
            over = f"{'chậm văn bản' if lacks_paper else 'quá hạn'} {-self.days_left} ngày"
        return "; ".join(filter(None, [over, late]))

    @property
    def reminder_words(self) -> str:
        """How often it was reminded, and how many reminders were only written; "" for never."""
        sent = f"đã nhắc {self.reminders} lần" if self.reminders else ""
        drafts = f"đã soạn {self.drafts} thư nhắc, chưa gửi" if self.drafts else ""
        return "; ".join(filter(None, [sent, drafts]))

    @property
    def _first_words(self) -> str:
        """The day by which it is in time, where that is not the one on which its file came."""
        if self.needs_paper or self.first_on is None or self.received_at is None:
            return ""
        mended = self.first_on < self.received_at.date()
        return f" (lần đầu {self.first_on:%d/%m})" if mended else ""

    @property
    def paper_words(self) -> str:
        """The paper, or that it or the file is lacking."""
        if self.paper is None:
            return "chưa có" if self.received_at else ""
        return self.paper.words + ("" if self._has_file else " (chưa có tệp)")


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A round on one day: `agencies` in the order of the plan, each with its `forms`.

    `last_day` is the last day in time: `due` or, where that is a day off, the next working day.
    `unclaimed` names returned files of which nobody knows whose they are, and
    archives of no use; `notes` say what else the reader must know.
    """

    title: str
    period: str
    sender: str
    today: dt.date
    due: dt.date
    last_day: dt.date
    late_by: LateBy
    forms: tuple[FormHead, ...]
    agencies: tuple[AgencyStatus, ...]
    unclaimed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many agencies there are of each state and tag."""
        found: Counter[str] = Counter()
        for agency in self.agencies:
            found.update([agency.state, *agency.tags])
        return {name: found[name] for name in FILTERS}

    @property
    def days_words(self) -> str:
        """How many days are left of the round, or by how many it is over."""
        left = (self.last_day - self.today).days
        if left == 0:
            return "hôm nay là hạn"
        return f"còn {left} ngày" if left > 0 else f"đã quá {-left} ngày"

    @property
    def due_words(self) -> str:
        """The due day and, where that is a day off, the day that counts."""
        return tell_due(self.due, self.last_day)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the reader must know beside what is said of each agency, in sentences."""
        by_paper = "Nộp muộn tính theo ngày văn bản giấy đến." if self.late_by == "paper" else ""
        names = "; ".join(self.unclaimed)
        unclaimed = f"Tệp chưa biết của cơ quan nào: {names}." if names else ""
        return tuple(filter(None, [*self.notes, by_paper, unclaimed]))

    @property
    def overdue(self) -> tuple[AgencyStatus, ...]:
        """The agencies to chase: past the due day and not accepted, nothing at all first."""
        order = list(AGENCY_STATES)
        return tuple(
            sorted(
                (agency for agency in self.agencies if "overdue" in agency.tags),
                key=lambda agency: -order.index(agency.state),
            )
        )


def narrow_status(
    status: Status, *, agencies: Iterable[str] = (), states: Iterable[str] = ()
) -> Status:
    """The status of those agencies, and of those that are in one of `states` (of FILTERS)."""
    wanted, states = frozenset(agencies), frozenset(states)
    kept = tuple(
        agency
        for agency in status.agencies
        if (not wanted or agency.agency in wanted)
        and (not states or states & {agency.state, *agency.tags})
    )
    return msgspec.structs.replace(status, agencies=kept)
