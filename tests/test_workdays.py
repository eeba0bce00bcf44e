"""Which days are worked, by the law, by known notices, and by a round's own settings."""

from __future__ import annotations

import datetime as dt
import tomllib

import msgspec
import pytest

from khreport.edges.shipped import load_working_days, shipped_path
from khreport.errors import PlanError
from khreport.parse.workdays import parse_working_days
from khreport.reminders import Reminders, lay_ladder, next_step, step_on
from khreport.workdays import WorkingDays

WORKING = load_working_days()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("date", "why"),
    [
        ("2024-12-13", ""),
        ("2024-12-14", "ngày nghỉ cuối tuần"),
        ("2025-01-01", "Tết Dương lịch"),
        ("2023-01-02", "nghỉ bù Tết Dương lịch"),  # 01/01/2023 was a Sunday
        ("2022-05-02", "nghỉ bù Ngày Chiến thắng"),  # a Saturday and a Sunday, one after the other
        ("2022-05-03", "nghỉ bù Ngày Quốc tế lao động"),
        ("2022-05-04", ""),
        ("2024-02-14", "Tết Âm lịch"),
        ("2024-02-15", ""),
        ("2023-09-01", "ngày nghỉ liền kề Quốc khánh"),
        ("2023-09-04", "nghỉ bù Quốc khánh"),  # the notice: up to and with 04/9/2023
        ("2023-09-05", ""),
        ("2024-04-29", "nghỉ hoán đổi dịp 30/4 và 01/5"),
        ("2024-05-04", ""),  # a Saturday worked in its place
    ],
)
def test_a_day_is_worked_or_says_why_not(date: str, why: str) -> None:
    assert WORKING.why_off(day(date)) == why


@pytest.mark.parametrize(
    ("first", "last"), [("2023-01-20", "2023-01-26"), ("2024-02-08", "2024-02-14")]
)
def test_a_notice_s_span_is_off_from_its_first_day_to_its_last(first: str, last: str) -> None:
    assert WORKING.shift(day(first), -1) == day(first) - dt.timedelta(days=1)
    assert WORKING.on_or_after(day(first)) == day(last) + dt.timedelta(days=1)


def test_every_day_off_has_its_source_and_stands_in_its_year() -> None:
    for named in (WORKING.yearly, WORKING.movable, WORKING.notices):
        assert all(each.source for each in named)
    for notice in WORKING.notices:
        assert {each.year for each in (*notice.days, *notice.working)} == {notice.year}
        # a weekend needs no notice, and a day worked in exchange is one
        assert [each for each in notice.days if each.weekday() >= 5] == []
        assert [each for each in notice.working if each.weekday() < 5] == []


def test_what_no_notice_is_known_of_is_to_be_confirmed() -> None:
    (told,) = WORKING.unconfirmed(day("2026-12-31"), day("2027-01-20"))
    assert told.startswith("Lịch nghỉ Tết Âm lịch năm 2027 cần xác nhận")
    assert len(told) <= 200
    assert list(WORKING.unconfirmed(day("2024-12-01"), day("2025-02-28"))) == []
    own = msgspec.structs.replace(WORKING, days_off=(day("2027-02-05"),))
    assert list(own.unconfirmed(day("2026-12-31"), day("2027-01-20"))) == []


def test_a_round_s_own_days_go_before_all_others() -> None:
    own = msgspec.structs.replace(
        WORKING, days_off=(day("2024-12-13"),), days_worked=(day("2024-12-14"),)
    )
    assert own.why_off(day("2024-12-13")) == "ngày nghỉ ghi trong khreport.toml"
    assert own.why_off(day("2024-12-14")) == ""
    assert own.shift(day("2024-12-12"), 1) == day("2024-12-14")


def test_a_slip_in_the_file_is_told_with_its_line() -> None:
    path = shipped_path("khreport/plans/ngay-nghi.toml")
    text = path.read_text(encoding="utf-8").replace("month = 1\n", "moth = 1\n")
    line = text.splitlines().index("moth = 1") + 1
    with pytest.raises(PlanError, match=f"ngay-nghi.toml, dòng {line} .*Có phải “month”"):
        parse_working_days(text, path.name)
    assert tomllib.loads(text)["yearly"]


def test_steps_leap_over_days_off() -> None:
    ladder = lay_ladder(Reminders(), day("2024-12-31"), WORKING)
    assert [f"{step.kind} {step.day:%d/%m}" for step in ladder] == [
        "before 24/12",
        "before 30/12",
        "due 31/12",
        "after 02/01",  # not on Tết Dương lịch
        "after 06/01",
        "leader 08/01",
    ]


def test_a_due_day_that_is_a_day_off_is_asked_for_on_the_next_working_day() -> None:
    ladder = lay_ladder(Reminders(before=(1,), after=(1,)), day("2024-12-15"), WorkingDays())
    assert [f"{step.kind} {step.day:%d/%m}" for step in ladder] == [
        "before 13/12",
        "due 16/12",
        "after 17/12",
        "leader 23/12",
    ]


@pytest.mark.parametrize(
    ("today", "key", "coming"),
    [
        ("2024-12-05", None, "2024-12-06"),
        ("2024-12-06", "before-5/2024-12-13", "2024-12-12"),
        ("2024-12-11", "before-5/2024-12-13", "2024-12-12"),
        ("2024-12-12", "before-1/2024-12-13", "2024-12-13"),
        ("2024-12-13", "due-0/2024-12-13", "2024-12-16"),
        ("2024-12-17", "after-1/2024-12-13", "2024-12-18"),
        ("2024-12-20", "leader-5/2024-12-13", None),
        ("2025-03-20", "leader-5/2024-12-13", None),
    ],
)
def test_the_latest_step_stands_for_those_before_it(
    today: str, key: str | None, coming: str | None
) -> None:
    ladder = lay_ladder(Reminders(), day("2024-12-13"), WORKING)
    step, after = step_on(ladder, day(today), WORKING), next_step(ladder, day(today))
    assert (step and step.key) == key
    assert (after and after.day) == (coming and day(coming))


def test_what_was_to_be_said_before_the_due_day_is_not_said_after_it() -> None:
    ladder = lay_ladder(Reminders(after=(3,)), day("2024-12-13"), WORKING)
    assert step_on(ladder, day("2024-12-16"), WORKING) is None


def test_without_settings_for_it_nothing_is_a_step() -> None:
    none = Reminders(before=(), on_day=False, after=(), leader=())
    assert lay_ladder(none, day("2024-12-13"), WORKING) == ()
