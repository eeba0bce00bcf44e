from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from khreport.assign import answering, assign
from khreport.campaign import Mode
from khreport.edges.shipped import load_plan
from khreport.edition import Edition
from khreport.errors import PlanError
from khreport.verbs.init import default_settings
from khreport.verbs.templates import shipped_edition

EXPECTED = Path(__file__).with_name("expected") / "rows-qd1165-2024.txt"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))


def led_rows(edition: Edition, agency: str) -> list[str]:
    kinds = ("target", "dated", "recurrent", "indicator")
    return [q.key for q in edition.asked[agency] if q.kind in kinds]


def test_together_the_agencies_are_asked_all_114_rows(edition: Edition) -> None:
    asked = {q.key for q in edition.questions if q.kind in ("target", "dated", "recurrent")}
    assert asked == {task.key for task in edition.plan.tasks}
    assert len(asked) == 114


def test_each_agency_is_asked_the_rows_that_were_read_through_by_hand(edition: Edition) -> None:
    rows = "".join(f"{key}: {' '.join(led_rows(edition, key))}\n" for key in edition.asked)
    assert rows == EXPECTED.read_text(encoding="utf-8")


def test_every_milestone_is_asked_beneath_its_task(edition: Edition) -> None:
    steps = [q.key for q in edition.questions if q.kind == "milestone"]
    assert steps == [
        "PL2.VIII.6.m1", "PL2.VIII.6.m2", "PL2.II.10.m1", "PL2.II.10.m2", "PL2.IV.11.m1",
        "PL2.IV.11.m2",
    ]  # fmt: skip


def test_ministries_are_not_asked_and_their_rows_have_an_answerer(edition: Edition) -> None:
    assert not {"bgddt", "bqp"} & set(edition.asked)
    answerers = {q.key: q.agency for q in edition.questions if q.kind == "dated"}
    assert answerers["PL2.VIII.2"] == "sgddt"


def test_nobody_coordinates_a_task_that_it_answers_for(edition: Edition) -> None:
    for agency, questions in edition.asked.items():
        led = {q.parent for q in questions if q.form == "PL2"}
        remarks = {q.parent for q in questions if q.kind == "remark"}
        assert not led & remarks, agency


def test_a_campaign_may_let_all_answer_a_row_that_one_answers_by_default() -> None:
    plan = load_plan("qd1165")
    settings = default_settings(plan, "qd1165", "2024")
    changed = type(settings)(
        plan=settings.plan,
        period=settings.period,
        dates=settings.dates,
        sender=settings.sender,
        office=settings.office,
        group_rows={"PL2.VII.1": Mode(mode="all")},
    )
    before = Counter(q.key for q in shipped_edition(settings).questions)
    after = Counter(q.key for q in shipped_edition(changed).questions)
    assert (before["PL2.VII.1"], after["PL2.VII.1"]) == (1, 30)


def test_a_task_that_nobody_can_answer_is_told_with_what_to_do() -> None:
    plan = load_plan("qd1165")
    with pytest.raises(PlanError, match=r"PL2\.X\.1 \(Bộ Quốc phòng\) chưa có cơ quan trả lời"):
        answering(plan, plan.task["PL2.X.1"], {})


def test_an_indicator_whose_targets_are_past_is_not_asked() -> None:
    plan = load_plan("qd1165")
    edition = shipped_edition(default_settings(plan, "qd1165", "2030"))
    past = {i.key for i in plan.indicators if max(t.last_year for t in i.targets) < 2030}
    assert past
    assert not past & {q.key for q in edition.questions}
    assert assign(plan, edition.period, ()).questions == ()
