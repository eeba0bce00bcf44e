import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khreport.dates import format_date, format_long_date, parse_date
from khreport.quantities import NARROWED

days = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))


@pytest.mark.parametrize(
    ("entered", "day"),
    [
        ("15/12/2024", dt.date(2024, 12, 15)),
        ("15.12.2024", dt.date(2024, 12, 15)),
        ("15 / 12 / 2024 ", dt.date(2024, 12, 15)),
        ("5/3/2024", dt.date(2024, 3, 5)),
        ("ngày 15 tháng 12 năm 2024", dt.date(2024, 12, 15)),
        ("Ngày 05 tháng 3 năm 2024.", dt.date(2024, 3, 5)),
        ("15 tháng 12, 2024", dt.date(2024, 12, 15)),
        ("15-thg 12-2024", dt.date(2024, 12, 15)),
        ("2024-12-15", dt.date(2024, 12, 15)),
        ("29/02/2024", dt.date(2024, 2, 29)),
    ],
)
def test_days_are_read_in_vietnamese_order(entered: str, day: dt.date) -> None:
    reading = parse_date(entered)
    assert (reading.value, reading.why, reading.problem) == (day, None, None)


@pytest.mark.parametrize(
    ("entered", "why"),
    [
        ("15-12-24", "hiểu năm “24” là 2024"),
        ("2024-12-15T00:00:00", "bỏ giờ"),
        ("15/12/24 08:30", "hiểu năm “24” là 2024; bỏ giờ"),
        ("15/12/202４", NARROWED),
        ("１５／１２／24", f"{NARROWED}; hiểu năm “24” là 2024"),
    ],
)
def test_a_repaired_day_tells_its_repair(entered: str, why: str) -> None:
    reading = parse_date(entered)
    assert (reading.value, reading.why) == (dt.date(2024, 12, 15), why)


@pytest.mark.parametrize(
    ("entered", "problem"),
    [
        ("", "empty"),
        ("31/11/2024", "impossible"),
        ("29/02/2023", "impossible"),
        ("12/25/2024", "impossible"),
        ("0/0/0000", "impossible"),
        ("15/12/0024", "impossible"),
        ("tháng 13/2024", "impossible"),
        ("15/12", "no_year"),
        ("ngày 15 tháng 12", "no_year"),
        ("dự kiến 15/12/2024", "words"),
        ("01/6/2024 - 15/6/2024", "words"),
        ("chưa xác định", "not_date"),
        ("quý V/2024", "not_date"),
        ("45641", "not_date"),
        ("122024", "not_date"),
    ],
)
def test_what_is_not_one_day_has_a_named_problem(entered: str, problem: str) -> None:
    reading = parse_date(entered)
    assert (reading.value, reading.problem, reading.between) == (None, problem, None)


@pytest.mark.parametrize(
    ("entered", "first", "last"),
    [
        ("tháng 6/2024", dt.date(2024, 6, 1), dt.date(2024, 6, 30)),
        ("tháng 12 năm 2024", dt.date(2024, 12, 1), dt.date(2024, 12, 31)),
        ("2/2024", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("quý I/2024", dt.date(2024, 1, 1), dt.date(2024, 3, 31)),
        ("Qúy 4 năm 2024", dt.date(2024, 10, 1), dt.date(2024, 12, 31)),
        ("6 tháng đầu năm 2024", dt.date(2024, 1, 1), dt.date(2024, 6, 30)),
        ("6 tháng cuối năm 2024", dt.date(2024, 7, 1), dt.date(2024, 12, 31)),
        ("cuối năm 2024", dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
        ("2024", dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
    ],
)
def test_an_imprecise_day_knows_its_span(entered: str, first: dt.date, last: dt.date) -> None:
    reading = parse_date(entered)
    assert (reading.value, reading.problem, reading.between) == (None, "imprecise", (first, last))


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (dt.date(2026, 12, 5), "ngày 05 tháng 12 năm 2026"),
        (dt.date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (dt.date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (dt.date(2026, 1, 1), "ngày 01 tháng 01 năm 2026"),
        (dt.date(2026, 10, 10), "ngày 10 tháng 10 năm 2026"),
    ],
)
def test_long_dates_follow_the_decree(day: dt.date, printed: str) -> None:
    assert format_long_date(day) == printed


def test_short_dates_pad_the_day_and_the_first_two_months() -> None:
    assert format_date(dt.date(2020, 3, 5)) == "05/3/2020"
    assert format_date(dt.date(2020, 1, 15)) == "15/01/2020"
    assert format_date(dt.date(2020, 10, 31)) == "31/10/2020"


@given(days)
def test_a_printed_day_reads_back_as_itself(day: dt.date) -> None:
    for printed in (format_date(day), format_long_date(day), day.isoformat()):
        assert parse_date(printed).value == day


@given(st.text(max_size=30) | st.text("0123456789/.- tTháng", max_size=30))
def test_any_text_gives_either_a_day_or_a_problem(text: str) -> None:
    reading = parse_date(text)
    assert (reading.value is None) != (reading.problem is None)
