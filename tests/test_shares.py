"""Shares of one where per cent are asked for: 0,635 for 63,5 %."""

from __future__ import annotations

import msgspec
import pytest
from mini_return import Return, told

from khreport.assign import make_edition
from khreport.columns import ESTIMATE_YEAR
from khreport.edges.shipped import load_forms, load_plan
from khreport.edition import Edition
from khreport.forms import Column
from khreport.raw import Look
from khreport.read.entries import read_entry
from khreport.read.typed import find_aim
from khreport.rows import FormRow
from khreport.verbs.init import default_settings

FIGURE = Column(key="figure", heading="Số liệu", role="answer", width=9, type="number")


def measured(measure: str) -> FormRow:
    return FormRow(key="CT.x", kind="indicator", parent="CT.x", mirror={"measure": measure})


@pytest.mark.parametrize("what", [0.635, "0,635"])
@pytest.mark.parametrize("measure", ["%", "% dự toán"])
def test_a_share_of_one_is_doubted_where_the_plan_aims_at_ten_per_cent_or_more(
    what: object, measure: str
) -> None:
    entry = read_entry(what, FIGURE, measured(measure), None, aim=62)
    assert (entry.code, entry.value, entry.doubt) == (None, 0.635, "cell.percent_small")
    assert entry.parts["second"] == "63,5"


@pytest.mark.parametrize(
    ("what", "measure", "aim", "looks"),
    [
        (0.635, "%", 7.1, ()),
        (0.635, "%", None, ()),
        (0.635, "triệu lượt khách", 11, ()),
        ("0,635%", "%", 62, ()),
        (63.5, "%", 62, ()),
        (-0.5, "%", 62, ()),
        (0, "%", 62, ()),
        (0.00635, "%", 62, ("per_cent",)),
    ],
)
def test_where_a_hundredfold_does_not_fit_nothing_is_asked(
    what: object, measure: str, aim: float | None, looks: tuple[Look, ...]
) -> None:
    assert read_entry(what, FIGURE, measured(measure), None, looks=looks, aim=aim).doubt is None


def test_what_the_plan_aims_at_is_the_least_target_of_the_row() -> None:
    plan = load_plan("qd1165")
    aims = {i.key: find_aim(plan, target_row(i.key)) for i in plan.indicators}
    assert (aims["CT.grdp_growth"], aims["CT.budget_revenue"]) == (7.1, 100)
    assert (
        find_aim(plan, msgspec.structs.replace(target_row("CT.grdp_growth"), kind="dated")) is None
    )
    ceiling = plan.indicator["CT.budget_revenue"]
    targets = tuple(msgspec.structs.replace(t, comparator="at_most") for t in ceiling.targets)
    capped = msgspec.structs.replace(ceiling, targets=targets)
    plan = msgspec.structs.replace(plan, indicators=(capped,))
    assert find_aim(plan, target_row("CT.budget_revenue")) is None


def target_row(key: str) -> FormRow:
    return FormRow(key=key, kind="indicator", parent=key, mirror={})


@pytest.fixture(scope="module")
def edition() -> Edition:
    plan = load_plan("qd1165")
    return make_edition(plan, default_settings(plan, "qd1165", "2024"), load_forms(), ())


@pytest.mark.parametrize(("figure", "codes"), [(0.635, ["cell.percent_small"]), (63.5, [])])
def test_a_share_typed_for_an_indicator_is_asked_about_and_stands(
    edition: Edition, figure: float, codes: list[str]
) -> None:
    plan, form = edition.plan, next(f for f in edition.forms if f.rows == "indicators")
    key, agency = next(
        (question.key, question.agency)
        for question in edition.questions
        if question.form == form.key
        and plan.indicator[question.parent].measure == "%"
        and min(target.value for target in plan.indicator[question.parent].targets) >= 10
    )
    back = Return(agency, edition).fill(form.sheet, key, ESTIMATE_YEAR, figure)
    read = back.read()
    assert [code for code, _ in told(read)] == codes
    assert all(not f.blocks and f.fix == "Nếu là 63,5%, hãy nhập 63,5." for f in read.findings)
    assert read.answers[form.key].filter(key=key)[ESTIMATE_YEAR].to_list() == [figure]
