from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from mini_round import day, small_edition, small_round

from khreport.columns import COMPLETED_ON, STATUS
from khreport.consolidation import Edits
from khreport.edition import Edition
from khreport.merge.assess import ADVANCE, assess_rows, combine_answers, settle_tasks

AS_OF = dt.date(2024, 11, 30)
SCHEMA = {"kind": pl.String, STATUS: pl.String, COMPLETED_ON: pl.Date, "due": pl.Date}


def assess(
    kind: str, status: str | None, *, due: str | None = None, done: str | None = None
) -> tuple[str | None, int | None]:
    row = (kind, status, day(done) if done else None, day(due) if due else None)
    rows = assess_rows(pl.DataFrame([row], schema=SCHEMA, orient="row"), AS_OF)
    return rows.select("timeliness", "days_late").row(0)


def test_what_is_completed_on_its_last_day_is_in_time() -> None:
    found = assess("dated", "completed", due="2024-06-30", done="2024-06-30")
    assert found == ("completed_in_time", None)


def test_what_is_completed_a_day_later_is_a_day_late() -> None:
    assert assess("dated", "completed", due="2024-06-30", done="2024-07-01") == (
        "completed_late",
        1,
    )


def test_what_is_completed_on_a_day_that_nobody_gave_is_called_neither_late_nor_in_time() -> None:
    assert assess("dated", "completed", due="2024-06-30") == ("completed_undated", None)
    assert assess("line", "completed", due="2024-12-31") == ("completed_in_time", None)
    assert assess("milestone", "completed", due="2024-11-30") == ("completed_in_time", None)


@pytest.mark.parametrize("status", ["in_progress", "submitted"])
def test_what_still_runs_is_late_from_the_day_after_its_deadline(status: str) -> None:
    assert assess("milestone", status, due="2024-11-30") == ("running_in_time", None)
    assert assess("milestone", status, due="2024-11-29") == ("running_late", 1)


def test_what_was_not_begun_is_late_by_the_days_to_the_closing_day() -> None:
    assert assess("dated", "not_started", due="2024-06-30") == ("not_started_late", 153)


def test_what_has_no_deadline_is_in_time() -> None:
    assert assess("dated", "completed", done="2024-12-31") == ("completed_in_time", None)
    assert assess("line", "not_started") == ("not_started_in_time", None)


@pytest.mark.parametrize(
    ("status", "expected"),
    [("carried_out", "carried_out"), ("partly", "partly"), ("not_started", "not_carried_out")],
)
def test_recurrent_rows_are_never_late(status: str, expected: str) -> None:
    assert assess("recurrent", status, due="2020-01-01") == (expected, None)


@pytest.mark.parametrize("kind", ["dated", "recurrent", "target"])
def test_what_is_set_aside_or_secret_is_neither_late_nor_in_time(kind: str) -> None:
    assert assess(kind, "stop", due="2020-01-01") == ("set_aside", None)
    assert assess(kind, "not_ours", due="2020-01-01") == ("set_aside", None)
    assert assess(kind, "secret", due="2020-01-01") == ("secret", None)


def test_no_answer_is_no_verdict() -> None:
    assert assess("dated", None, due="2020-01-01") == (None, None)
    assert assess("recurrent", None) == (None, None)


def test_targets_are_assessed_by_their_status_alone() -> None:
    assert assess("target", "reaches") == (None, None)
    assert assess("target", "partly") == (None, None)


def combine(*answers: tuple[str | None, str | None]) -> dict[str, object]:
    rows = [
        ("T", f"agency {n}", status, day(done) if done else None)
        for n, (status, done) in enumerate(answers)
    ]
    schema = {"task": pl.String, "agency": pl.String, STATUS: pl.String, COMPLETED_ON: pl.Date}
    return combine_answers(pl.DataFrame(rows, schema=schema, orient="row")).row(0, named=True)


def test_equal_answers_are_one_answer() -> None:
    assert combine(("completed", "2024-03-01"), ("completed", "2024-05-01")) == {
        "task": "T",
        "status": "completed",
        "completed_on": day("2024-05-01"),
        "disagree": False,
        "answered": 2,
    }


def test_of_different_answers_the_least_advanced_counts() -> None:
    found = combine(("completed", "2024-03-01"), ("in_progress", None), ("submitted", None))
    assert (found["status"], found["disagree"]) == ("in_progress", True)
    assert found["completed_on"] is None


def test_a_body_whose_task_it_is_not_does_not_hide_who_has_done_it() -> None:
    found = combine(("not_ours", None), ("completed", "2024-03-01"))
    assert (found["status"], found["completed_on"]) == ("completed", day("2024-03-01"))
    assert found["disagree"] is True


def test_silence_is_no_answer() -> None:
    assert combine(("carried_out", None), (None, None))["answered"] == 1


def test_every_status_of_the_task_forms_has_its_rank(edition: Edition) -> None:
    codes = {
        choice.code
        for form in edition.forms
        if form.rows == "tasks"
        for list_key in form.column[STATUS].lists.values()
        for choice in form.choice_list[list_key].choices
    }
    assert codes <= set(ADVANCE)


@pytest.fixture
def edition() -> Edition:
    return small_edition()


def test_the_chosen_agency_settles_a_task() -> None:
    found = small_round()
    settled = settle_tasks(found.tasks, found.answers, Edits(chosen={"PL2.I.3": "sxd"}), AS_OF)
    assert settled.columns == found.tasks.columns
    assert settled.row(3, named=True)["status"] == "carried_out"
    assert settled.row(3, named=True)["disagree"] is False
    assert settled.head(3).equals(found.tasks.head(3))


def test_an_edited_status_goes_before_the_chosen_agency_and_is_assessed_anew() -> None:
    found = small_round()
    statuses = {"PL2.I.2": "not_started", "PL2.I.3": "not_started"}
    edits = Edits(statuses=statuses, chosen={"PL2.I.3": "sxd"})
    settled = settle_tasks(found.tasks, found.answers, edits, AS_OF)
    assert settled["timeliness"].to_list()[2:] == ["not_started_late", "not_carried_out"]
    assert settled["days_late"].to_list()[2:] == [153, None]


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (None, ("completed_undated", None)),
        ("2024-06-30", ("completed_in_time", None)),
        ("2024-07-10", ("completed_late", 10)),
    ],
)
def test_an_edited_completion_needs_an_edited_day(
    done: str | None, expected: tuple[str, int | None]
) -> None:
    found = small_round()
    edits = Edits(statuses={"PL2.I.2": "completed"}, days={"PL2.I.2": day(done)} if done else {})
    task = settle_tasks(found.tasks, found.answers, edits, AS_OF).row(2, named=True)
    assert (task["timeliness"], task["days_late"]) == expected


def test_an_edited_day_says_nothing_of_a_task_that_is_not_completed() -> None:
    found = small_round()
    edits = Edits(statuses={"PL2.I.2": "in_progress"}, days={"PL2.I.2": day("2024-06-01")})
    task = settle_tasks(found.tasks, found.answers, edits, AS_OF).row(2, named=True)
    assert (task["timeliness"], task["completed_on"]) == ("running_late", None)
