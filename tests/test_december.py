"""An officer's December: six weeks, 45 agencies, and the status on the days that matter.

`KHREPORT_WRITE_GOLDENS=1 pytest tests/test_december.py` writes the goldens anew, to be read line
by line before they are kept.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from december_round import AGENCIES, Officer, agencies, numbers
from mail_round import mailed
from mail_server import Postbox, Server, parse

import khreport
from khreport.cli_status import print_status
from khreport.status import Status
from khreport.verbs.judge import Checked
from khreport.verbs.remind import PUT_OFF, Reminded

EXPECTED = Path(__file__).with_name("expected")
WIDTH, WHOLE = 100, 190
"""Columns of a terminal that shows each agency in one line, and of one that shows each form."""
RETURNED, NOT_YET = {"accepted", "faulty"}, {"sent", "unsent"}
OTHER = "Đã tổ chức 02 hội nghị, 150 lượt người dự; các phòng đã thực hiện theo kế hoạch năm."
"""What somebody else of an agency says of its task."""


@pytest.fixture(scope="module")
def patching() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patched:
        yield patched


def show(status: Status, width: int, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    print_status(status, width)
    return "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines()) + "\n"


def is_as_expected(
    officer: Officer, capsys: pytest.CaptureFixture[str], width: int = WIDTH
) -> None:
    """The status of the day is the golden of that day, and its numbers add up."""
    status = officer.status()
    adds_up(status)
    told = show(status, width, capsys)
    path = EXPECTED / f"thang-12-{officer.today:%m-%d}.txt"
    if os.environ.get("KHREPORT_WRITE_GOLDENS"):
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")


def adds_up(status: Status) -> None:
    """Every agency is counted in one state, and what is overdue is what is not accepted."""
    states = Counter(agency.state for agency in status.agencies)
    assert states.total() == len(AGENCIES)
    assert {state: status.counts[state] for state in states} == dict(states)
    over = status.today > status.due
    owing = {agency.agency for agency in status.agencies if agency.state != "accepted"}
    assert {agency.agency for agency in status.overdue} == (owing if over else set())
    for agency in status.agencies:
        returned = agency.received_at is not None
        assert agency.state in (RETURNED if returned else NOT_YET | {"received"})
        assert (agency.state == "received") == (agency.waiting > 0)
        assert ("no_paper" in agency.tags) == (returned and agency.paper is None)
        here = returned or agency.waiting
        assert ("no_file" in agency.tags) == (agency.paper is not None and not here)
        assert (
            agency.errors == 0
            or agency.errors >= sum(f.errors for f in agency.forms) > 0
            or (agency.state == "accepted")
        )


def verdicts(files: Iterable[Checked]) -> dict[str, bool]:
    return {file.submission.agency: file.accepted for file in files}


def reminded_of(reminded: Reminded) -> dict[str, list[int]]:
    """The agencies that were reminded just now, by what they lack."""
    told: dict[str, list[int]] = {}
    for outcome in reminded.outcomes:
        if outcome.state == "waiting":
            continue
        assert outcome.state == "sent"
        agency = outcome.message.agency
        told.setdefault(reminded.lacks[agency], []).append(int(agency[2:]))
    return told


def run(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


def test_a_december(
    tmp_path: Path, patching: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    postbox = Postbox()
    with Server(postbox) as server:
        officer = Officer(tmp_path, server.port, patching)
        the_forms_go_out(officer, postbox, capsys)
        the_first_come_back(officer, postbox, capsys)
        the_last_days_before_it_is_due(officer, capsys)
        it_is_due(officer, capsys)
        it_is_over(officer, postbox, capsys)
        the_round_is_closed(officer, capsys)
        the_report_is_written(officer, capsys)
        what_went_and_what_is_kept(officer, postbox)


def the_forms_go_out(
    officer: Officer, postbox: Postbox, capsys: pytest.CaptureFixture[str]
) -> None:
    officer.begin("18/11")
    assert len(khreport.templates(officer.campaign).files) == len(AGENCIES)
    postbox.refused["cu@dot.example"] = "550 5.1.1 Unknown mailbox"
    officer.list_contacts({"dv44": "cu@dot.example", "dv45": ""})
    sent = officer.send()
    assert list(sent.lacking) == ["dv45"]
    assert Counter(o.state for o in sent.outcomes) == {"sent": 43, "refused": 1}
    is_as_expected(officer, capsys)
    officer.begin("20/11")
    officer.list_contacts({})
    sent = officer.send()
    assert sent.complete
    assert Counter(o.state for o in sent.outcomes) == {"before": 43, "sent": 2}
    assert officer.status().counts["sent"] == len(AGENCIES)


def the_first_come_back(
    officer: Officer, postbox: Postbox, capsys: pytest.CaptureFixture[str]
) -> None:
    officer.begin("02/12")
    for agency in agencies(1, 10):
        officer.drop(agency, officer.fill(agency))
    for agency in agencies(11, 12):
        officer.drop(agency, officer.fill(agency, faults=2))
    came = verdicts(officer.collect().files)
    assert came == dict.fromkeys(agencies(1, 10), True) | dict.fromkeys(agencies(11, 12), False)
    assert Counter(o.state for o in officer.reply().outcomes) == {"sent": 12}
    for agency in agencies(1, 5):
        officer.take_paper(agency)
    # a paper whose workbook has not come
    officer.take_paper("dv20")
    is_as_expected(officer, capsys)
    officer.begin("06/12")
    assert reminded_of(officer.remind()) == {"faulty": [11, 12], "nothing": run(13, 45)}
    before = len(postbox.arrived)
    assert {o.state for o in officer.remind().outcomes} == {"before"}
    assert len(postbox.arrived) == before


def the_last_days_before_it_is_due(officer: Officer, capsys: pytest.CaptureFixture[str]) -> None:
    officer.begin("10/12")
    for agency in agencies(13, 20):
        officer.mail(agency, officer.fill(agency))
    # mended in the workbook that was handed back
    officer.mail("dv11", officer.fill("dv11", form=officer.correction("dv11")), "DV11 sua.xlsx")
    # again, anew, and anew with faults: of agencies whose return was accepted
    again = officer.campaign.inbox / "12-02"
    officer.drop("dv01", again / "DV01-thu-2024.xlsx", "DV01-thu-2024 (1).xlsx")
    officer.drop("dv02", officer.fill("dv02", result=OTHER))
    officer.drop("dv03", officer.fill("dv03", faults=2, seed=7))
    collected = officer.collect()
    assert collected.letters == {"letter": 9}
    came = verdicts(collected.files)
    assert came == dict.fromkeys((*agencies(13, 20), "dv11", "dv02"), True) | {"dv03": False}
    (repeated,) = officer.events("duplicate")
    assert (repeated.agency, repeated.detail["file"]) == ("dv01", "12-10/DV01-thu-2024 (1).xlsx")
    (replaced,) = officer.events("replaced")
    assert replaced.agency == "dv02"
    assert Counter(o.state for o in officer.reply().outcomes) == {"sent": 11}
    is_as_expected(officer, capsys)
    officer.begin("12/12")
    assert reminded_of(officer.remind()) == {"faulty": [12], "nothing": run(21, 45)}


def it_is_due(officer: Officer, capsys: pytest.CaptureFixture[str]) -> None:
    officer.begin("13/12")
    for agency in agencies(21, 30):
        officer.drop(agency, officer.fill(agency))
    for agency in agencies(31, 34):
        officer.mail(agency, officer.fill(agency, faults=3))
    # two persons of one agency, who do not know of each other
    officer.mail("dv35", officer.fill("dv35"))
    officer.mail("dv35", officer.fill("dv35", result=OTHER), "phong-2.xlsx")
    collected = officer.collect()
    came = verdicts(collected.files)
    assert came == dict.fromkeys((*agencies(21, 30), "dv35"), True) | dict.fromkeys(
        agencies(31, 34), False
    )
    (second,) = (f for f in collected.files if f.submission.file.endswith("phong-2.xlsx"))
    asked = [f for f in second.findings if f.code == "cell.differs"]
    assert [f.column_key for f in asked] == ["result"]
    officer.reply()
    reminded = officer.remind()
    assert reminded_of(reminded) == {"faulty": [12], "nothing": run(36, 45)}
    # who got its correction that day is left alone until the next
    put_off = {o.message.agency: o.reason for o in reminded.outcomes if o.state == "waiting"}
    assert put_off == dict.fromkeys(agencies(31, 34), PUT_OFF)
    is_as_expected(officer, capsys)


def it_is_over(officer: Officer, postbox: Postbox, capsys: pytest.CaptureFixture[str]) -> None:
    officer.begin("14/12")
    reminded = officer.remind()
    assert (reminded.outcomes, reminded.day_off) == ((), "ngày nghỉ cuối tuần")
    officer.begin("16/12")
    assert reminded_of(officer.remind()) == {"faulty": [12, *run(31, 34)], "nothing": run(36, 45)}
    is_as_expected(officer, capsys)
    officer.begin("17/12")
    for agency in agencies(31, 32):
        officer.mail(agency, officer.fill(agency, form=officer.correction(agency)))
    for agency in agencies(36, 38):
        officer.mail(agency, officer.fill(agency))
    # nothing but the form as it was sent, and a file that is nobody's
    officer.drop("dv40", officer.campaign.outgoing / "DV40-thu-2024.xlsx")
    nobody = officer.fill("dv41")
    nobody.write_bytes(b"\xff\xd8\xff\xe0")
    officer.drop("dv41", nobody, "anh chup bieu.jpg")
    came = verdicts(officer.collect().files)
    assert came == dict.fromkeys((*agencies(31, 32), *agencies(36, 38)), True) | {
        "dv40": False, "": False,
    }  # fmt: skip
    officer.reply()
    officer.begin("18/12")
    owing = {"faulty": [12, 33, 34], "part": [40], "nothing": [39, *run(41, 45)]}
    assert reminded_of(officer.remind()) == owing
    officer.begin("20/12")
    officer.leaders = {"dv12", "dv39", "dv44", "dv45"}
    officer.list_contacts({})
    before = len(postbox.arrived)
    reminded = officer.remind()
    assert reminded_of(reminded) == owing
    assert numbers(reminded.for_leader) == [33, 34, 40, 41, 42, 43]
    led = [to for to, _ in postbox.arrived[before:] if to[0].startswith("gd.")]
    assert led == [[mailed(f"gd.{a}"), mailed(a)] for a in ("dv12", "dv39", "dv44", "dv45")]
    is_as_expected(officer, capsys)


def the_round_is_closed(officer: Officer, capsys: pytest.CaptureFixture[str]) -> None:
    officer.begin("23/12")
    officer.mail("dv39", officer.fill("dv39"))
    officer.drop("dv40", officer.fill("dv40"), "DV40-day-du.xlsx")
    officer.collect()
    officer.reply()
    officer.begin("24/12")
    khreport.close(officer.campaign)
    officer.begin("25/12")
    officer.mail("dv43", officer.fill("dv43"))
    officer.mail("dv44", officer.fill("dv44"))
    collected = officer.collect()
    assert collected.files == ()
    assert [waiting.agency for waiting in collected.taken.waiting] == ["dv43", "dv44"]
    assert officer.reply().outcomes == ()
    # who is locked out is not reminded
    assert officer.remind().outcomes == ()
    is_as_expected(officer, capsys)
    officer.begin("26/12")
    khreport.unlock(officer.campaign, "ĐV 43", "Công văn xin nộp bổ sung")
    collected = officer.collect()
    assert verdicts(collected.files) == {"dv43": True}
    assert [waiting.agency for waiting in collected.taken.waiting] == ["dv44"]
    assert [o.message.agency for o in officer.reply().outcomes] == ["dv43"]


def the_report_is_written(officer: Officer, capsys: pytest.CaptureFixture[str]) -> None:
    officer.begin("27/12")
    # also of one whose workbook waits for an unlocking
    for agency in (*agencies(6, 39), "dv44"):
        officer.take_paper(agency)
    consolidated = khreport.consolidate(officer.campaign)
    assert consolidated.counts == {"accepted": 38, "faulty": 3, "missing": 4}
    tasks = consolidated.consolidation.tasks
    assert tasks.height == len(AGENCIES) + 1
    written = khreport.write_report(officer.campaign)
    assert written.path is not None
    assert written.path.is_file()
    officer.begin("30/12")
    is_as_expected(officer, capsys, WHOLE)
    status = officer.status()
    late = {a.agency: a.days_late for a in status.agencies if a.days_late}
    assert late == dict.fromkeys(agencies(36, 38), 4) | {"dv39": 10, "dv40": 10, "dv43": 12}


def what_went_and_what_is_kept(officer: Officer, postbox: Postbox) -> None:
    """No letter went twice, and each went to the people of its agency."""
    ids = [parse(data)["Message-ID"] for _, data in postbox.arrived]
    assert len(ids) == len(set(ids))
    events = officer.events("sent")
    assert [event.detail["message_id"] for event in events] == ids
    kinds = Counter(event.detail["letter"] for event in events)
    assert kinds["form"] == len(AGENCIES)
    assert kinds["reminder"] == len(officer.events("reminded"))
    for (to, data), event in zip(postbox.arrived, events, strict=True):
        assert {address.removeprefix("gd.") for address in to} == {mailed(event.agency)}, data
    judged = {event.submission for event in officer.events("checked")}
    replied = [event.submission for event in officer.events("replied")]
    assert len(replied) == len(set(replied))
    # a picture of a table names nobody to be answered
    assert len(judged - set(replied)) == 1
