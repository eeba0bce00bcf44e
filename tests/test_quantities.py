import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khreport.quantities import (
    NARROWED,
    format_count,
    format_number,
    format_percent,
    lettered,
    parse_number,
    roman,
)
from khreport.text import clean

figures = st.integers(-(10**15) + 1, 10**15 - 1).flatmap(
    lambda digits: st.integers(0, 12).map(lambda places: float(f"{digits}e-{places}"))
)


@pytest.mark.parametrize(
    ("entered", "value"),
    [
        ("7,1", 7.1),
        (" 104 ", 104.0),
        ("1.234,5", 1234.5),
        ("11.000.000", 11000000.0),
        ("8.555,86", 8555.86),
        ("0,234", 0.234),
        ("007", 7.0),
        ("-1,5", -1.5),
        ("−1,5", -1.5),
        ("+5", 5.0),
        ("5.", 5.0),
        ("1234,567", 1234.567),
    ],
)
def test_vietnamese_figures_are_read_without_repair(entered: str, value: float) -> None:
    reading = parse_number(entered)
    assert (reading.value, reading.why, reading.problem) == (value, None, None)


@pytest.mark.parametrize(
    ("entered", "measure", "value", "why"),
    [
        ("7.1", "", 7.1, "đọc dấu chấm là dấu thập phân"),
        ("0.123", "", 0.123, "đọc dấu chấm là dấu thập phân"),
        ("1 234,5", "", 1234.5, "bỏ dấu cách giữa các nhóm chữ số"),
        ("10\u00a0000", "", 10000.0, "bỏ dấu cách giữa các nhóm chữ số"),
        ("1,234,567.8", "", 1234567.8, "đọc dấu phẩy là dấu phân nhóm hàng nghìn"),
        ("75%", "%", 75.0, "bỏ đơn vị “%”"),
        ("7.1 %", "%/năm", 7.1, "đọc dấu chấm là dấu thập phân; bỏ đơn vị “%”"),
        ("50 phần trăm", "%", 50.0, "bỏ đơn vị “phần trăm”"),
        ("104 triệu", "triệu đồng/người", 104.0, "bỏ đơn vị “triệu”"),
        ("664 ngàn tỉ đồng", "nghìn tỷ đồng", 664.0, "bỏ đơn vị “ngàn tỉ đồng”"),
        ("12 km2", "km²", 12.0, "bỏ đơn vị “km2”"),
        ("6３", "", 63.0, NARROWED),
        ("６３，５％", "%", 63.5, f"{NARROWED}; bỏ đơn vị “%”"),
        ("－٧", "", -7.0, NARROWED),
    ],
)
def test_a_repair_is_told(entered: str, measure: str, value: float, why: str) -> None:
    reading = parse_number(entered, measure)
    assert (reading.value, reading.why, reading.problem) == (value, why, None)


@pytest.mark.parametrize(
    ("entered", "measure", "problem"),
    [
        ("", "", "empty"),
        ("\u00a0\u200b", "", "empty"),
        ("ước 8,2", "", "words"),
        ("khoảng 5", "", "words"),
        ("8,2 (ước)", "", "words"),
        ("- 5", "", "signs"),
        ("(1,5)", "", "signs"),
        ("63,6*", "%", "signs"),
        ("63,6 (*)", "%", "signs"),
        (">75", "", "signs"),
        ("~7", "", "signs"),
        ("5-7", "", "several"),
        ("5 đến 7", "", "several"),
        ("3/5", "", "several"),
        ("1 2 3", "", "several"),
        ("75%", "", "unit"),
        ("104 tỷ", "triệu đồng", "unit"),
        ("723 người", "nghìn người", "unit"),
        ("5 h", "ha", "unit"),
        ("mười", "", "not_number"),
        ("-", "", "not_number"),
        ("...", "", "not_number"),
        ("nan", "", "not_number"),
        ("inf", "", "not_number"),
        ("1,2,3", "", "not_number"),
        ("12.34.56", "", "not_number"),
        ("0.123.456", "", "not_number"),
        ("1e999", "", "too_long"),
        ("-1E+16", "", "too_long"),
        ("1e-999", "", "too_long"),
        ("1.234.567e3", "", "not_number"),
        ("9" * 16, "", "too_long"),
        ("1" + "0" * 400, "", "too_long"),
    ],
)
def test_what_is_not_one_number_has_a_named_problem(
    entered: str, measure: str, problem: str
) -> None:
    reading = parse_number(entered, measure)
    assert (reading.value, reading.problem) == (None, problem)


@pytest.mark.parametrize(
    ("entered", "between"),
    [
        ("1.234", (1234.0, 1.234)),
        ("1,234", (1234.0, 1.234)),
        ("-12.500", (-12500.0, -12.5)),
        ("104.000 người", (104000.0, 104.0)),
    ],
)
def test_one_mark_before_three_digits_is_ambiguous(
    entered: str, between: tuple[float, float]
) -> None:
    reading = parse_number(entered, "người")
    assert (reading.value, reading.problem, reading.between) == (None, "ambiguous", between)


@pytest.mark.parametrize(
    ("entered", "whole"),
    [("1e3", 1000.0), ("1,23E+05", 123000.0), ("1.234E+05", 123400.0), ("-6,36E-01", -0.636)],
)
def test_what_a_power_comes_to_is_known_but_not_taken(entered: str, whole: float) -> None:
    reading = parse_number(entered)
    assert (reading.value, reading.problem, reading.between) == (None, "power", (whole, whole))


@given(figures)
def test_a_printed_figure_reads_back_as_itself_or_as_one_of_two(value: float) -> None:
    reading = parse_number(format_number(value))
    assert reading.why is None
    assert value == reading.value or value in (reading.between or ())


@given(figures)
def test_only_a_lone_group_of_three_digits_is_ambiguous(value: float) -> None:
    printed = format_number(value)
    _, _, tail = printed.replace(".", ",").partition(",")
    lone = len(tail) == 3 and tail.isdigit() and not printed.lstrip("-").startswith("0")
    assert (parse_number(printed).problem == "ambiguous") == lone


@given(st.text(max_size=30) | st.text("0123456789.,- e%(/", max_size=30))
def test_any_text_gives_either_a_finite_value_or_a_problem(text: str) -> None:
    reading = parse_number(text, "%")
    assert (reading.value is None) != (reading.problem is None)
    assert reading.value is None or math.isfinite(reading.value)
    assert (reading.problem == "empty") == (clean(text) == "")


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (1234.5, None, "1.234,5"),
        (20443.2, None, "20.443,2"),
        (0.1 + 0.2, None, "0,3"),
        (7, None, "7"),
        (7.0, None, "7"),
        (-0.0, None, "0"),
        (11000000, None, "11.000.000"),
        (1e-7, None, "0,0000001"),
        (1e21, None, "1.000.000.000.000.000.000.000"),
        (10**18 + 1, None, "1.000.000.000.000.000.001"),
        (7.126, 2, "7,13"),
        (2.675, 2, "2,68"),
        (0.5, 0, "1"),
        (-0.004, 2, "0"),
        (7.1, 2, "7,1"),
        (1e300, 2, "1" + ".000" * 100),
        (100, 0, "100"),
    ],
)
def test_numbers_are_printed_the_vietnamese_way(
    value: float, decimals: int | None, printed: str
) -> None:
    assert format_number(value, decimals) == printed


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_figure_is_never_printed(value: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        format_number(value)


def test_a_percentage_has_no_space_before_its_sign() -> None:
    assert format_percent(10.16) == "10,16%"
    assert format_percent(66.6667, 1) == "66,7%"


def test_counts_below_ten_have_a_leading_zero() -> None:
    counts = [format_count(n) for n in (0, 1, 9, 10, 99, 1000)]
    assert counts == ["0", "01", "09", "10", "99", "1.000"]


def test_roman_figures_number_the_sections() -> None:
    assert " ".join(map(roman, range(1, 12))) == "I II III IV V VI VII VIII IX X XI"
    assert roman(3999) == "MMMCMXCIX"
    with pytest.raises(ValueError, match="0"):
        roman(0)


def test_letters_follow_the_decree_and_never_run_out() -> None:
    letters = "a b c d đ e g h i k l m n o p q r s t u v x y"
    assert " ".join(map(lettered, range(1, 24))) == letters
    assert [lettered(24), lettered(46), lettered(47)] == ["aa", "ay", "ba"]
    with pytest.raises(ValueError, match="0"):
        lettered(0)
