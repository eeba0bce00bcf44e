"""What a workbook says of itself where last period closed a row, and where it did not."""

from __future__ import annotations

import pytest
from two_years import CLOSED_WORDS

from khreport.checks.formulas import DOUBTFUL, FAULTY, check_cells
from khreport.checks.terms import Row
from khreport.edges.shipped import load_forms

FORM = next(form for form in load_forms(with_previous=True) if form.key == "PL2")


def codes(row: Row, **said: object) -> dict[str, int]:
    """What the checks of the row's cells come to, those in which nothing is wrong left out."""
    found = {check.column: check.code(said) for check in check_cells((), row, {})}
    return {column: code for column, code in found.items() if code}


def make_row(*, closed: bool, kept: bool) -> Row:
    letters = {column.key: "A" for column in FORM.columns}
    return Row(FORM, "dated", None, "", {}, letters, {}, closed, kept)


def test_what_is_typed_into_a_row_that_stays_closed_is_doubted() -> None:
    row = make_row(closed=True, kept=True)
    assert codes(row, status=CLOSED_WORDS, result="Đã bổ sung đề án") == {"result": DOUBTFUL}
    assert codes(row, status=CLOSED_WORDS) == {}
    assert codes(row, status="Đang thực hiện", result="Đã bổ sung đề án") == {}


@pytest.mark.parametrize("closed", [True, False])
def test_only_a_closed_row_may_say_that_it_is(*, closed: bool) -> None:
    found = codes(make_row(closed=closed, kept=False), status=CLOSED_WORDS, result="Đã có đề án")
    assert found == ({} if closed else {"status": FAULTY})
