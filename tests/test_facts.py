"""What rules know beside a row's answers: the last period, other sheets, the measure, like rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from test_check import CARRIED_OUT, DONE, EDITION, FORMS, Row, submission

from khreport.checks.check import check_submissions
from khreport.edition import Edition
from khreport.plan import Indicator, Target
from khreport.previous import Previous, Values

Answers = dict[str, dict[str, dict[str, Values]]]
DOCUMENT = {
    "key": "VB.1", "kind": "record", "symbol": "12/KH-SXD",
    "issued_on": dt.date(2024, 3, 5), "abstract": "Kế hoạch triển khai năm 2024",
}  # fmt: skip
EMPTY = {"key": "VB.1", "kind": "record"}
FIGURE = {
    "key": "CT.it", "kind": "indicator", "outlook": "reaches", "data_source": "Cục Thống kê",
}  # fmt: skip


def check(edition: Edition = EDITION, /, **rows: Sequence[Row]) -> list[str]:
    return [f"{f.code} {f.cell}" for f in check_submissions(edition, [submission(**rows)])]


def cover(**values: str) -> list[dict[str, str]]:
    given = {"prepared_by": "Cán bộ tổng hợp", "phone": "0258 000 0001"} | values
    fields = next(form for form in FORMS if form.key == "BIA").fields
    return [
        {"key": f"BIA.{field.key}", "kind": "field", "parent": field.key}
        | ({"value": given[field.key]} if field.key in given else {})
        for field in fields
    ]


@pytest.mark.parametrize(
    ("chosen", "document", "expected"),
    [
        ("nil", EMPTY, []),
        ("some", DOCUMENT, []),
        ("nil", DOCUMENT, ["BIA-02 C18"]),
        ("some", EMPTY, ["BIA-03 C18"]),
        (None, EMPTY, ["BIA-04 C18"]),
        (None, DOCUMENT, []),
    ],
)
def test_nothing_to_report_is_an_answer_that_the_list_must_not_contradict(
    chosen: str | None, document: dict[str, Any], expected: list[str]
) -> None:
    filled = cover(nil_documents=chosen) if chosen else cover()
    assert check(BIA=filled, VB=[document]) == expected


def test_nothing_is_said_of_a_list_whose_sheet_is_missing() -> None:
    assert check(BIA=cover(nil_documents="some")) == []


def test_a_document_listed_twice_is_told_at_its_second_line() -> None:
    again = DOCUMENT | {"key": "VB.2", "symbol": "12/KH–SXD"}
    later = DOCUMENT | {"key": "VB.3", "issued_on": dt.date(2024, 4, 5)}
    assert check(VB=[DOCUMENT, again, later]) == ["VB-30 C13"]


def test_documents_of_two_agencies_are_not_held_against_each_other() -> None:
    sent = [submission("a.xlsx", VB=[DOCUMENT]), submission("b.xlsx", VB=[DOCUMENT])]
    assert check_submissions(EDITION, sent) == []


def with_indicator(name: str, measure: str, previous: dict[str, float] | None = None) -> Edition:
    target = Target(
        first_year=2021, last_year=2025, basis="total", comparator="exact", value=354,
        wording="", source="",
    )  # fmt: skip
    indicator = Indicator(key="CT.it", name=name, measure=measure, targets=(target,))
    plan = msgspec.structs.replace(EDITION.plan, indicators=(indicator,))
    answers: Answers = {"sxd": {"CT": {"CT.it": {**(previous or {})}}}}
    return msgspec.structs.replace(
        EDITION, plan=plan, previous=Previous(period="2023", name="Năm 2023", answers=answers)
    )


@pytest.mark.parametrize(
    ("name", "measure", "value", "expected"),
    [
        ("Tỷ lệ che phủ rừng", "%", 46.5, []),
        ("Tỷ lệ che phủ rừng", "%", 465.0, ["CT-21 J12"]),
        ("Tỷ lệ che phủ rừng", "%", -4.0, ["CT-20 J12"]),
        ("Tốc độ tăng trưởng GRDP", "%/năm", -4.0, []),
        ("Thu ngân sách so với dự toán", "% dự toán", 112.0, []),
        ("Số lượng khách du lịch", "triệu lượt khách", -1.0, ["CT-20 J12"]),
        ("Số lượng khách du lịch", "triệu lượt khách", 465.0, []),
    ],
)
def test_a_figure_stays_within_what_its_measure_allows(
    name: str, measure: str, value: float, expected: list[str]
) -> None:
    figure = FIGURE | {"estimate_year": value}
    assert check(with_indicator(name, measure), CT=[figure]) == expected


@pytest.mark.parametrize(
    ("measure", "given", "expected"),
    [
        ("%/năm", {"estimate_year": 7.3}, []),
        ("%/năm", {"estimate_year": 73.0}, ["CT-52 J12"]),
        ("%/năm", {"estimate_year": 73.0, "previous_final": 71.0}, []),
        ("%/năm", {"estimate_year": 73.0, "previous_final": 7.1}, ["CT-50 J12"]),
        ("nghìn tỷ đồng", {"estimate_year": 8.0}, []),
        ("nghìn tỷ đồng", {"estimate_year": 8000.0}, ["CT-53 J12"]),
        ("nghìn tỷ đồng", {"estimate_year": 8000.0, "previous_final": 8.0}, ["CT-51 J12"]),
        ("nghìn tỷ đồng", {"estimate_year": 8.0, "cumulative": 20.0}, ["CT-54 M12"]),
        ("nghìn tỷ đồng", {"estimate_year": 8.0, "cumulative": 28.0}, []),
    ],
)
def test_a_figure_is_held_against_the_last_period(
    measure: str, given: dict[str, float], expected: list[str]
) -> None:
    edition = with_indicator("Tốc độ", measure, {"estimate_year": 7.0, "cumulative": 21})
    assert check(edition, CT=[FIGURE | given]) == expected


def test_a_total_that_begins_anew_may_be_smaller() -> None:
    edition = with_indicator("Tổng vốn", "nghìn tỷ đồng", {"cumulative": 300})
    period = msgspec.structs.replace(
        edition.period, start=dt.date(2021, 1, 1), end=dt.date(2021, 12, 31)
    )
    first = msgspec.structs.replace(edition, period=period)
    assert check(first, CT=[FIGURE | {"estimate_year": 8.0, "cumulative": 8.0}]) == []


def test_a_completed_task_that_is_reopened_and_a_share_that_falls_are_asked_about() -> None:
    said: Values = {"status": "completed", "completed_on": "2023-06-28", "percent": 100}
    previous = Previous(
        period="2023", name="Năm 2023", answers={"sxd": {"PL2": {"PL2.III.3": said}}}
    )
    edition = msgspec.structs.replace(EDITION, previous=previous)
    reopened = DONE | {
        "key": "PL2.III.3", "status": "in_progress", "completed_on": None, "percent": 60.0,
    }  # fmt: skip
    assert check(edition, PL2=[reopened, CARRIED_OUT]) == ["PL2-51 H12", "PL2-50 I12"]
    assert check(PL2=[reopened, CARRIED_OUT]) == []


def test_what_is_reported_under_secrecy_is_not_written_here_too() -> None:
    secret = {
        "key": "PL2.III.2", "kind": "recurrent", "status": "secret",
        "explanation": "Văn bản số 15 gửi theo đường mật", "result": "Kiểm tra 14 dự án",
    }  # fmt: skip
    assert check(PL2=[secret]) == ["PL2-37 L12"]


def test_a_project_that_is_not_finished_contradicts_its_finished_task() -> None:
    line = {
        "key": "PL2.III.1.a", "kind": "line", "parent": "PL2.III.1",
        "task": "Quy hoạch phân khu 5", "status": "in_progress",
    }  # fmt: skip
    assert check(PL2=[DONE, line]) == ["PL2-38 H13"]
