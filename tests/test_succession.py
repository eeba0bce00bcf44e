"""What became of bodies: the register's data, its file, and who answers by made-up histories."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_histories import (
    OLD,
    ROWS,
    START,
    History,
    answerers,
    assigned_on,
    histories,
    holders,
    period_to,
    plan_of,
    task_form,
)

from khreport.columns import RESULT
from khreport.edges.shipped import load_plan, load_register
from khreport.edition import Edition, Sender
from khreport.errors import PlanError
from khreport.merge.inherit import inherit_answers
from khreport.parse.succession import parse_register
from khreport.previous import Previous
from khreport.succession import Decision, Register
from khreport.verbs.lint import load_profile

PLAN = load_plan("qd1165")
SHIPPED = load_register("qd1165")
TODAY = dt.date(2026, 12, 14)
BEFORE = dt.date(2024, 12, 13)


def parse(text: str, shipped: Register | None = SHIPPED) -> Register:
    return parse_register(text, "co-quan.toml", PLAN, shipped)


# What ships


def test_a_plan_of_which_nothing_is_known_has_an_empty_register(tmp_path: Path) -> None:
    assert load_register(tmp_path) == Register()


def test_bodies_are_settled_or_known_to_be_without_source() -> None:
    unknown = [a.key for a in PLAN.agencies if a.answers and a.key not in SHIPPED.fates]
    assert unknown == [
        "sngv", "bqldapt", "congan", "bchqs", "nhnn", "cucthue", "haiquan", "cucthongke", "kbnn",
        "bhxh", "mttq", "hhdl", "dhnt",
    ]  # fmt: skip


def test_before_2025_every_body_answers_for_itself() -> None:
    for agency in PLAN.agencies:
        assert SHIPPED.follow(agency.key, BEFORE).agencies == (agency.key,)


def test_whatever_follows_the_national_frame_says_what_to_look_up() -> None:
    for change in SHIPPED.changes:
        assert change.basis
        if change.confidence == "pattern":
            assert change.assumed.startswith("cần xác nhận: tra ")


def led_by(agency: str) -> list[str]:
    tasks = [
        task.key
        for task in PLAN.tasks
        if agency in {member for lead in task.leads for member in PLAN.members(lead)}
        or any(agency in row.answering for row in PLAN.group_rows if row.task == task.key)
    ]
    return [*tasks, *(i.key for i in PLAN.indicators if i.tracked_by in tasks)]


def test_every_row_and_indicator_of_a_split_body_has_a_taker() -> None:
    split = {key for change in SHIPPED.changes if change.how == "split" for key in change.of}
    assert split == {"snv", "stttt", "sldtbxh"}
    for agency in split:
        for row in led_by(agency):
            assert not SHIPPED.follow(agency, TODAY, row).lost, (agency, row)


def test_every_indicator_of_a_changed_area_is_marked() -> None:
    assert SHIPPED.scope is not None
    assert {*PLAN.indicator} - {*SHIPPED.scope.indicators} == {
        "CT.grdp_growth",
        "CT.labour_productivity_growth",
        "CT.budget_revenue",
        "CT.digital_rank",
    }


def test_a_body_that_gave_work_away_keeps_the_rest() -> None:
    assert SHIPPED.end_of("snv") is None
    assert SHIPPED.follow("snv", TODAY, "PL2.VIII.14").agencies == ("sdttg",)
    assert SHIPPED.follow("snv", TODAY, "PL2.XI.2").agencies == ("snv",)
    assert SHIPPED.follow("snv", TODAY).agencies == ("snv",)


def test_the_districts_end_without_a_successor_but_for_truong_sa() -> None:
    for key in PLAN.group["@ubnd-cap-huyen"].members:
        followed = SHIPPED.follow(key, TODAY)
        expected = ("ubnd-dk-truong-sa",) if key == "ubnd-truong-sa" else ()
        assert (followed.agencies, followed.lost) == (expected, not expected)


def test_names_in_file_names_are_ascii_and_nobody_elses() -> None:
    names = [body.abbreviation for body in (*PLAN.agencies, *SHIPPED.bodies)]
    assert all(name.isascii() for name in names)
    assert len({*names}) == len(names)


def test_the_checker_of_documents_knows_the_same_departments() -> None:
    """templates/docx/ten-cu.toml holds for documents of no plan; it may not say otherwise."""
    names = {body.key: body.name for body in (*PLAN.agencies, *SHIPPED.bodies)}
    keys = {spelling: a.key for a in PLAN.agencies for spelling in (a.name, *a.spellings)}
    told = [(each, name) for each in load_profile().retired for name in each.names if name in keys]
    assert len(told) >= 8
    for retired, name in told:
        end = SHIPPED.end_of(keys[name])
        assert end is not None, name
        assert end.since <= retired.since, name
        if retired.now:
            assert retired.now in {names[key] for key in end.into}, name


# Its file


def change(of: str, how: str, into: str = "", more: str = "") -> str:
    lines = [
        "[[change]]",
        f'of = ["{of}"]',
        f'how = "{how}"',
        "since = 2025-05-01",
        'basis = "Nghị quyết số 1"',
        'confidence = "stated"',
    ]
    lines += [f'into = ["{into}"]'] if into else []
    return "\n".join([*lines, more]) + "\n"


SCOPE = '[scope]\nsince = 2025-07-01\nbefore = "a"\nafter = "b"\nbasis = "c"\n'
GROUP = '[[group]]\nkey = "{}"\nname = "x"\nkind = "commune"\nformer_province = "Ninh Thuận"\n'
AGENCY = '[[agency]]\nkey = "{}"\nname = "x"\nshort = "x"\nabbreviation = "X"\nkind = "commune"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            change("sxdd", "renamed", "sct"),
            r"dòng 2 \(.*\): không có cơ quan “sxdd”. Có phải “sxd”",
        ),
        (change("sxd", "renamed", "sctt"), r"dòng 7 .*không có cơ quan “sctt”. Có phải “sct”"),
        (
            change("sxd", "renamed", "sct") + change("sct", "renamed", "sxd"),
            r"dòng 7 .*“sxd” trở lại chính mình",
        ),
        (
            change("stc", "renamed", "sct") + change("sct", "split", 'stc", "sct'),
            r"dòng 7 .*“stc” trở lại chính mình",
        ),
        (change("sxd", "split"), r"dòng 1 .*phải nêu cơ quan kế thừa \(into\)"),
        (change("sxd", "merged"), r"dòng 1 .*phải nêu cơ quan kế thừa \(into\)"),
        (change("sxd", "abolished", "sct"), r"dòng 7 .*“abolished”, “unchanged” thì không"),
        (
            change("sxd", "split", "sct", 'tasks = {"PL2.V.1" = ["syt"]}'),
            r"dòng 8 .*không có cơ quan trong into “syt”",
        ),
        (
            change("sxd", "split", "sct", 'tasks = {"PL2.V.99" = ["sct"]}'),
            r"dòng 8 .*không có nhiệm vụ hoặc chỉ tiêu “PL2.V.99”",
        ),
        (
            change("sxd", "renamed", "sct", 'tasks = {"PL2.V.1" = ["sct"]}'),
            r"dòng 8 .*chỉ “split” mới chia",
        ),
        (
            change("sxd", "renamed", "sct") + change("sxd", "abolished"),
            r"dòng 10 .*“sxd” đã thôi hoạt động ở một khối khác",
        ),
        (
            change("sxd", "abolished").replace("stated", "pattern"),
            r"dòng 6 .*ghi điều cần xác nhận vào mục “assumed”",
        ),
        (change("sxd", "gone"), r"dòng 3 .*mục “how” không nhận “gone”"),
        (AGENCY.format("sxd"), r"dòng 2 \(cơ quan sxd\): mã “sxd” đã có"),
        (GROUP.format("xa"), r"dòng 2 \(nhóm xa\): mã nhóm “xa” phải bắt đầu bằng “@”"),
        (
            '[[decision]]\ntask = "PL2.I.1"\nanswering = ["@xa-ninh-thuan-cu"]\nreason = "x"\n',
            r"dòng 3 \(.* PL2\.I\.1\): nhóm “@xa-ninh-thuan-cu” chưa có cơ quan nào",
        ),
        (
            '[[decision]]\ntask = "PL2.I.99"\nanswering = []\nreason = ""\n',
            r"dòng 2 .*không có nhiệm vụ “PL2\.I\.99”",
        ),
        (
            '[[collector]]\nagency = "stcc"\nsince = 2025-03-01\nsymbol = "STC"\n',
            r"dòng 2 .*không có cơ quan “stcc”. Có phải “stc”",
        ),
        (
            SCOPE + '[scope.indicators]\n"CT.forest" = "diện tích"\n',
            r"không có chỉ tiêu “CT\.forest”. Có phải “CT\.forest_cover”",
        ),
        ("[[changes]]\n", r"dòng 1: không có mục “changes”. Có phải “change”"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_with_its_line(text: str, told: str) -> None:
    with pytest.raises(PlanError, match=told) as caught:
        parse(text)
    assert str(caught.value).startswith("co-quan.toml, dòng ")


def test_an_officers_own_file_stands_in_place_of_what_ships_on_the_same_body() -> None:
    register = parse(change("snnptnt", "renamed", "sct") + change("ubnd-nha-trang", "unchanged"))
    assert register.follow("snnptnt", TODAY).agencies == ("sct",)
    assert register.follow("stnmt", TODAY).agencies == ("snnmt",)
    assert register.follow("ubnd-nha-trang", TODAY).agencies == ("ubnd-nha-trang",)
    assert register.follow("ubnd-cam-ranh", TODAY).lost


def test_a_body_may_give_work_away_and_end_later() -> None:
    stays = change("sct", "split", 'sct", "syt', 'tasks = {"PL2.III.1" = ["syt", "sct"]}')
    ends = change("sct", "renamed", "sxd").replace("2025-05", "2026-05")
    register = parse(ends + stays, shipped=None)
    assert register.follow("sct", dt.date(2025, 6, 1), "PL2.III.1").agencies == ("syt", "sct")
    assert register.follow("sct", TODAY, "PL2.III.1").agencies == ("syt", "sxd")
    assert register.follow("sct", TODAY, "PL2.III.2").agencies == ("sxd",)


# Made-up histories


@settings(max_examples=150, deadline=None)
@given(histories())
def test_each_row_is_answered_by_exactly_those_whom_its_history_leads_to(history: History) -> None:
    _, assigned = assigned_on(history, history.day, history.register)
    expected: dict[str, set[str]] = {row: set() for row in ROWS}
    handed = {(handover.task, handover.of): handover for handover in assigned.handovers}
    for row, leads in history.leads.items():
        for lead in leads:
            held = holders(history, row, lead)
            answer = set() if held.lost else held.by
            expected[row] |= answer
            if handed:
                assert {*handed[row, lead].to} == answer
                assert {*handed[row, lead].through} == held.passed
            else:
                assert held == ({lead}, set(), False)
    assert answerers(assigned) == expected
    gone = {key for key, since in history.ended.items() if since <= history.day}
    assert not gone & {question.agency for question in assigned.questions}


@settings(max_examples=50, deadline=None)
@given(histories())
def test_before_the_first_change_everything_is_as_the_decision_says(history: History) -> None:
    day = START - dt.timedelta(days=1)
    plan, assigned = assigned_on(history, day, history.register)
    assert plan == plan_of(history.leads)
    assert assigned == assigned_on(history, day, Register())[1]
    assert answerers(assigned) == {row: {*leads} for row, leads in history.leads.items()}


@settings(max_examples=100, deadline=None)
@given(histories(), st.data())
def test_a_decision_gives_every_row_that_lost_a_body_somebody(
    history: History, data: st.DataObject
) -> None:
    lost = {
        row: lead
        for row, leads in history.leads.items()
        for lead in leads
        if holders(history, row, lead).lost
    }
    standing = [key for key in OLD if history.ended.get(key, dt.date.max) > history.day]
    if not (lost and standing):
        return
    decisions = tuple(
        Decision(task=row, answering=(data.draw(st.sampled_from(standing)),), reason="CV 1")
        for row in lost
    )
    register = msgspec.structs.replace(history.register, decisions=decisions)
    _, assigned = assigned_on(history, history.day, register)
    assert all(handover.to for handover in assigned.handovers)
    for row, (key,) in {each.task: each.answering for each in decisions}.items():
        assert key in answerers(assigned)[row]


@settings(max_examples=150, deadline=None)
@given(histories())
def test_every_answer_finds_its_row_again(history: History) -> None:
    """Back: each question stands for bodies that the decision names. Forth: beside it stands what
    these said before, and who answered for them in between."""
    plan, assigned = assigned_on(history, history.day, history.register)
    edition = Edition(
        plan=plan, period=period_to(history.day), sender=Sender(name="x"), forms=(task_form(),),
        rules=(), questions=assigned.questions, handovers=assigned.handovers,
    )  # fmt: skip
    back: dict[tuple[str, str], set[str]] = {}
    told_by: dict[tuple[str, str], set[str]] = {}
    for row, leads in history.leads.items():
        for lead in leads:
            held = holders(history, row, lead)
            for key in () if held.lost else held.by:
                back.setdefault((key, row), set()).add(lead)
                before = {key, lead, *held.passed} & {*leads}
                told_by.setdefault((key, row), set()).update(before)
    for question in edition.questions:
        of = {h.of for h in edition.handed.get(question.parent, ()) if question.agency in h.to}
        of = of or {question.agency}
        assert of == back[question.agency, question.parent]
        assert of <= {*history.leads[question.parent]}
    told = Previous(
        period="2024",
        name="Năm 2024",
        answers={
            lead: {
                "PL2": {row: {RESULT: f"<{lead}>"} for row in ROWS if lead in history.leads[row]}
            }
            for lead in OLD
        },
    )
    now = inherit_answers(told, edition)
    for (key, row), before in told_by.items():
        said = str(now.row(key, "PL2", row)[RESULT])
        assert {lead for lead in OLD if f"<{lead}>" in said} == before
