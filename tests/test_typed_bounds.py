"""Numbers that may be shares of one, and days that fit only when day and month are exchanged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
from mini_return import PAPERS, TASKS, Return, entered, return_edition, told, value

from khreport.findings import Finding
from khreport.messages import MOST_SAID
from khreport.raw import RawWorkbook
from khreport.read.submissions import read_submission
from khreport.rules import Rule


def test_per_cent_in_a_column_of_another_unit_is_told() -> None:
    submission = Return().put(PAPERS, "D9", 0.5)
    sheets = [
        msgspec.structs.replace(sheet, looks=[(8, 3, "per_cent")] if sheet.name == PAPERS else [])
        for sheet in submission.raw().sheets
    ]
    read = read_submission(RawWorkbook(sheets=sheets), return_edition(), "a.xlsx", "id")
    assert told(read) == [("cell.number_unit", "D9")]
    assert read.findings[0].value == "50%"


@pytest.mark.parametrize("what", [0.75, "0,75"])
def test_a_share_of_one_in_a_column_of_per_cent_stands_but_is_doubted(what: object) -> None:
    submission = entered("F10", what)
    assert told(submission) == [("cell.percent_small", "F10")]
    assert not submission.findings[0].blocks
    assert submission.findings[0].fix == "Nếu là 75%, hãy nhập 75."
    assert value(submission, "PL2.I.1", "percent") == 0.75


@pytest.mark.parametrize("what", [0, 1, 1.5, "0,75%"])
def test_other_small_numbers_are_not_doubted(what: object) -> None:
    assert told(entered("F10", what)) == []


@pytest.mark.parametrize(
    ("what", "meant"), [(99.99999999999999, 100.0), (100.00000000000001, 100.0), (0.1 + 74.9, 75.0)]
)
def test_a_number_is_what_a_spreadsheet_shows_of_it(what: float, meant: float) -> None:
    submission = entered("F10", what)
    assert told(submission) == []
    assert value(submission, "PL2.I.1", "percent") == meant


def test_a_number_of_hundreds_of_digits_is_asked_about_in_a_short_sentence() -> None:
    (finding,) = entered("F10", 1e-300).findings
    assert finding.code == "cell.percent_small"
    assert len(str(finding)) <= MOST_SAID


@pytest.mark.parametrize("what", ["5/7/2024", dt.date(2024, 7, 5)])
def test_a_day_that_fits_the_rules_only_when_swapped_is_asked_about(what: object) -> None:
    (finding,) = entered_by_june(what)
    assert (finding.code, str(finding.cell)) == ("cell.date_swapped", "G10")
    assert finding.message.endswith("đổi chỗ ngày và tháng là 07/5/2024.")


@pytest.mark.parametrize("what", ["5/6/2024", "15/7/2024", "7/7/2024", dt.date(2024, 5, 7)])
def test_a_day_that_fits_or_that_no_swap_mends_is_no_question(what: object) -> None:
    assert entered_by_june(what) == []


@pytest.mark.parametrize(
    "narrowed",
    [
        {"when": {"status": ("completed",)}},
        {"kinds": ("milestone",)},
        {"rows": ("m1",)},
        {"trial": True},
    ],
)
def test_a_day_that_only_some_rows_may_not_hold_is_no_question(narrowed: dict[str, Any]) -> None:
    assert entered_by_june("5/7/2024", **narrowed) == []


def entered_by_june(what: object, **narrowed: Any) -> list[Finding]:  # noqa: ANN401 - as Rule has it
    """The findings where tasks must be completed by 30 June, or those to which that is narrowed."""
    rule = msgspec.structs.replace(last_day(dt.date(2024, 6, 30)), **narrowed)
    edition = msgspec.structs.replace(return_edition(), rules=(rule,))
    raw = Return().put(TASKS, "G10", what).raw()
    submission = read_submission(raw, edition, "a.xlsx", "id", any_edition=True)
    return [finding for finding in submission.findings if finding.cell]


def last_day(day: dt.date) -> Rule:
    return Rule(
        id="X-1",
        kind="not_after",
        form="PL2",
        columns=("completed_on",),
        severity="error",
        message="muộn",
        fix="sửa",
        basis="x",
        limit=day.isoformat(),
    )
