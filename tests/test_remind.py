"""Reminders: who is reminded of what, when, and by which words."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mail_round import (
    change_contacts,
    close_at,
    list_contacts,
    mailed,
    no_wait,
    with_server,
)
from mail_server import Postbox, Server, header, parse
from small_campaign import put

import khreport
from khreport.campaign import Campaign
from khreport.cli import main
from khreport.dates import ZONE
from khreport.edges.folder import open_campaign
from khreport.edges.ledger import Ledger
from khreport.verbs.paper import take_paper
from khreport.verbs.remind import Reminded

LISTED = ("stc", "sxd", "stp")
FIRST, SECOND, DUE = dt.date(2024, 12, 6), dt.date(2024, 12, 12), dt.date(2024, 12, 13)
OVER, LEADER = dt.date(2024, 12, 16), dt.date(2024, 12, 20)


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """A campaign that sent its forms to some agencies, as drafts."""
    list_contacts(campaign, LISTED)
    khreport.send(campaign)
    return campaign


@contextmanager
def mailing(campaign: Campaign) -> Iterator[tuple[Campaign, Postbox]]:
    postbox = Postbox()
    with Server(postbox) as server:
        yield with_server(campaign, server.port), postbox


def remind(campaign: Campaign, today: dt.date, **more: bool) -> Reminded:
    return khreport.remind(campaign, today=today, wait=no_wait, **more)  # type: ignore[arg-type]


def states(reminded: Reminded) -> dict[str, str]:
    return {outcome.message.agency: outcome.state for outcome in reminded.outcomes}


def texts(reminded: Reminded) -> dict[str, str]:
    return {outcome.message.agency: outcome.message.letter.text for outcome in reminded.outcomes}


def attached(reminded: Reminded, agency: str) -> list[str]:
    (outcome,) = (o for o in reminded.outcomes if o.message.agency == agency)
    return [path.name for path in outcome.message.attachments]


def steps(campaign: Campaign, agency: str) -> list[str]:
    with Ledger(campaign.ledger) as ledger:
        return [event.detail["about"] for event in ledger.events("reminded", agency)]


def test_each_step_goes_once_and_a_later_one_stands_for_those_missed(campaign: Campaign) -> None:
    with mailing(campaign) as (served, postbox):
        assert set(states(remind(served, FIRST)).values()) == {"sent"}
        assert set(states(remind(served, FIRST)).values()) == {"before"}
        assert set(states(remind(served, dt.date(2024, 12, 9))).values()) == {"before"}
        # the step of 12/12 is missed
        assert set(states(remind(served, DUE)).values()) == {"sent"}
    assert postbox.recipients == [mailed(key) for key in LISTED] * 2
    assert steps(campaign, "stp") == ["before-5/2024-12-13", "due-0/2024-12-13"]


def test_before_the_first_step_and_on_days_off_nothing_goes(campaign: Campaign) -> None:
    early, weekend = remind(campaign, dt.date(2024, 12, 5)), remind(campaign, dt.date(2024, 12, 14))
    assert (early.step, early.coming, early.outcomes) == (None, FIRST, ())
    assert (weekend.day_off, weekend.coming) == ("ngày nghỉ cuối tuần", OVER)
    assert weekend.outcomes == ()
    assert early.complete
    assert weekend.complete


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (FIRST, "ngày 13/12/2024, còn 5 ngày làm việc."),
        (DUE, "Hạn gửi là hôm nay, ngày 13/12/2024."),
        (OVER, "Hạn gửi là ngày 13/12/2024, đã quá 3 ngày."),
    ],
)
def test_the_letter_says_how_the_day_stands_to_the_due_day(
    campaign: Campaign, today: dt.date, told: str
) -> None:
    text = texts(remind(campaign, today, dry_run=True))["stp"]
    assert [line for line in text.splitlines() if "Hạn gửi" in line] == [
        next(line for line in text.splitlines() if told in line)
    ]


def test_nothing_part_and_faulty_have_words_of_their_own(campaign: Campaign) -> None:
    put(campaign, "stp.xlsx", minute=1, status="đã làm xong")
    (campaign.inbox / "sxd.xlsx").write_bytes(
        (campaign.outgoing / "SXD-qd1165-2024.xlsx").read_bytes()
    )
    khreport.check([campaign.folder])
    reminded = remind(campaign, OVER, dry_run=True)
    assert reminded.lacks == {"stc": "nothing", "sxd": "part", "stp": "faulty"}
    told = texts(reminded)
    assert "chưa nhận được báo cáo năm 2024 của quý cơ quan" in told["stc"]
    assert "còn phần chưa điền: " in told["sxd"]
    assert "Phụ lục II: " in told["sxd"]
    assert "ngày 12/12/2024; báo cáo còn 1 chỗ phải sửa" in told["stp"]
    assert "chưa nhận được bản đã sửa" in told["stp"]
    assert attached(reminded, "stc") == ["STC-qd1165-2024.xlsx"]
    (correction,) = attached(reminded, "stp")
    assert correction.startswith("STP-qd1165-2024-can-sua")


def test_after_acceptance_nothing_goes_and_a_draft_left_over_is_taken_away(
    campaign: Campaign,
) -> None:
    remind(campaign, FIRST)
    draft = campaign.drafts / "STP-qd1165-2024-nhac.eml"
    assert draft.is_file()
    put(campaign, "stp.xlsx", minute=1)
    khreport.check([campaign.folder])
    assert set(states(remind(campaign, DUE))) == {"stc", "sxd"}
    assert not draft.exists()
    assert (campaign.drafts / "STC-qd1165-2024-nhac.eml").is_file()


def test_who_got_no_form_or_has_no_address_is_told_of(campaign: Campaign) -> None:
    list_contacts(campaign, (*LISTED, "syt"))
    change_contacts(campaign, mailed("sxd"), "")
    reminded = remind(campaign, FIRST)
    assert set(states(reminded)) == {"stc", "stp"}
    assert "Sở Y tế: chưa gửi biểu. Hãy chạy: khreport send" in reminded.lacking["syt"]
    assert "Sở Xây dựng chưa có e-mail" in reminded.lacking["sxd"]
    assert "chưa có Sở Du lịch" in reminded.lacking["sdl"]
    assert not reminded.complete


def test_who_was_never_reached_or_waits_to_be_looked_at_is_told_of(campaign: Campaign) -> None:
    about = {"letter": "form", "about": "x", "refused": {mailed("stc"): "550"}, "reason": "550"}
    with Ledger(campaign.ledger) as ledger:
        at = dt.datetime.now().astimezone()
        ledger.append("refused", "stc", "", about, at, "")
        ledger.append("waiting", "sxd", "0" * 64, {"file": "sxd.xlsx"}, at, "")
    reminded = remind(campaign, FIRST, dry_run=True)
    assert set(states(reminded)) == {"stp"}
    assert "thư gửi biểu không tới nơi. Hãy sửa địa chỉ rồi chạy:" in reminded.lacking["stc"]
    assert "đã gửi về, chưa kiểm tra. Hãy chạy: khreport collect" in reminded.lacking["sxd"]


def test_the_last_step_goes_to_the_leader_where_one_is_listed(campaign: Campaign) -> None:
    rows = ["Cơ quan;Người liên hệ;E-mail;E-mail lãnh đạo"]
    rows += ["stp;Lê Thị Bé;stp@dot.example;gd.stp@dot.example", "stc;;stc@dot.example;"]
    (campaign.folder / "lien-he.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    with mailing(campaign) as (served, postbox):
        reminded = remind(served, LEADER)
    assert reminded.for_leader == ("stc",)
    letters = {str(parse(data)["To"]): parse(data) for _, data in postbox.arrived}
    (to_leader,) = (letter for to, letter in letters.items() if "gd.stp@" in to)
    assert "stp@dot.example" in str(to_leader["Cc"])
    assert header(to_leader, "Subject") == (
        "Đề nghị chỉ đạo gửi báo cáo năm 2024 của Sở Tư pháp, quá hạn 7 ngày"
    )
    text = texts(reminded)["stp"]
    assert "Kính gửi: Lãnh đạo Sở Tư pháp" in text
    assert "chưa nhận được báo cáo của quý cơ quan" in text
    assert "đã nhận một bản nộp" not in text
    assert "Lê Thị Bé" in text
    assert "Kính gửi: Sở Tài chính" in texts(reminded)["stc"]


def test_a_form_that_is_not_as_it_was_sent_is_not_attached(campaign: Campaign) -> None:
    (campaign.outgoing / "STP-qd1165-2024.xlsx").write_bytes(b"")
    reminded = remind(campaign, FIRST, dry_run=True)
    assert attached(reminded, "stp") == []
    assert "tệp đính kèm" not in texts(reminded)["stp"]


def test_the_ladder_is_the_officer_s_and_another_due_day_begins_it_anew(campaign: Campaign) -> None:
    path = campaign.folder / "khreport.toml"
    text = path.read_text(encoding="utf-8")
    remind(campaign, SECOND)
    path.write_text(
        text.replace("due = 2024-12-13", 'due_reason = "Công văn số 9"\ndue = 2024-12-18')
        + "\n[reminders]\nbefore = [4]\ndays_off = [2024-12-12]\n",
        encoding="utf-8",
    )
    campaign = open_campaign(campaign.folder)
    early = remind(campaign, FIRST, dry_run=True)
    assert any("khác hạn 13/12/2024" in told for told in early.warnings)
    assert khreport.templates(campaign).warnings == ()
    khreport.send(campaign)
    assert remind(campaign, SECOND).day_off == "ngày nghỉ ghi trong khreport.toml"
    assert states(remind(campaign, DUE))["stp"] == "drafted"
    assert steps(campaign, "stp") == ["before-1/2024-12-13", "before-4/2024-12-18"]


def test_a_closed_round_reminds_nobody_but_who_was_unlocked(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    close_at(campaign, dt.datetime(2024, 12, 19, 9, 0, tzinfo=ZONE))
    before = campaign.ledger.read_bytes()
    assert main(["remind", str(campaign.folder), "--date", "20/12/2024"]) == 1
    told = capsys.readouterr().out
    assert "Đợt báo cáo đã khóa ngày 19/12/2024. Không nhắc cơ quan nào." in told
    assert f"hãy chạy: khreport unlock {campaign.folder} CƠ_QUAN --reason" in told
    assert told.count("đã khóa ngày") == 1
    assert campaign.ledger.read_bytes() == before
    khreport.unlock(campaign, "STP", "Xin nộp bổ sung")
    assert set(states(remind(campaign, LEADER))) == {"stp"}


def test_a_reminder_that_went_before_we_were_stopped_is_entered_the_next_time(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mailing(campaign) as (served, postbox):
        with monkeypatch.context() as killed:
            killed.setattr("khreport.verbs.remind._enter", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                remind(served, FIRST)
        assert steps(served, "stp") == []
        remind(served, FIRST)
    assert steps(campaign, "stp") == ["before-5/2024-12-13"]
    assert len(postbox.arrived) == len(LISTED)


def test_a_dry_run_shows_the_letters_and_writes_nothing(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    before, drafts = campaign.ledger.read_bytes(), set(campaign.drafts.iterdir())
    command = ["remind", str(campaign.folder), "--date", "16/12/2024", "--dry-run"]
    assert main(command) == 1  # most agencies have no address
    told = capsys.readouterr().out
    assert "Bước nhắc: sau hạn 1 ngày làm việc (16/12/2024). Lần nhắc sau: 18/12/2024." in told
    assert "3 cơ quan chưa gửi biểu về." in told
    assert "3 thư, 3 thư sẽ ghi nháp. Đây là xem trước, chưa gửi thư nào." in told
    assert main([*command, "--json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["step"] == {
        "kind": "after",
        "working_days": 1,
        "day": "2024-12-16",
        "words": "sau hạn 1 ngày làm việc (16/12/2024)",
    }
    assert {letter["lack"] for letter in shown["letters"]} == {"nothing"}
    assert (campaign.ledger.read_bytes(), set(campaign.drafts.iterdir())) == (before, drafts)


def test_the_texts_of_reminders_are_the_officer_s_to_edit(campaign: Campaign) -> None:
    own = Path(campaign.letters, "nhac-chua-nop.txt")
    assert own.read_text(encoding="utf-8-sig").startswith("# Thư nhắc cơ quan chưa gửi báo cáo.")
    own.write_text("Tiêu đề: Nhắc {agency}\n\nCòn {left} ngày.\nQuá {over} ngày.", encoding="utf-8")
    assert texts(remind(campaign, SECOND, dry_run=True))["stp"] == "Còn 1 ngày."


def test_the_leader_reads_of_empty_rows_only_where_something_came(campaign: Campaign) -> None:
    rows = ["Cơ quan;E-mail;E-mail lãnh đạo", "stc;stc@dot.example;gd.stc@dot.example"]
    (campaign.folder / "lien-he.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    text = texts(remind(campaign, LEADER, dry_run=True))["stc"]
    assert "Kính gửi: Lãnh đạo Sở Tài chính" in text
    assert [line for line in text.splitlines() if line.startswith("-")] == []


@pytest.mark.parametrize("day", [FIRST, LEADER])
def test_an_agency_whose_signed_paper_came_is_asked_for_its_form(
    campaign: Campaign, day: dt.date
) -> None:
    rows = ["Cơ quan;E-mail;E-mail lãnh đạo", "stp;stp@dot.example;gd.stp@dot.example"]
    (campaign.folder / "lien-he.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    take_paper(campaign, "STP", number="12/BC-STP")
    text = texts(remind(campaign, day, dry_run=True))["stp"]
    assert "đã nhận văn bản 12/BC-STP của quý cơ quan, nhưng chưa nhận được biểu báo cáo" in text
    assert "chưa nhận được báo cáo" not in text


def test_a_step_before_one_that_went_is_refused(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    remind(campaign, DUE)
    before = campaign.ledger.read_bytes()
    assert main(["remind", str(campaign.folder), "--date", "06/12/2024"]) == 1
    told = capsys.readouterr().out
    assert "Đã nhắc bước ngày đến hạn (13/12/2024), nên không nhắc lại bước trước đó" in told
    assert campaign.ledger.read_bytes() == before
    assert set(states(remind(campaign, OVER)).values()) == {"drafted"}


def test_who_got_another_letter_that_working_day_is_not_reminded_on_it(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(campaign, "stp.xlsx", minute=1, status="dang lam")
    khreport.collect(campaign)
    # on a Saturday, so that it is read on the Monday
    sent_at = dt.datetime(2024, 12, 14, 10, 0, tzinfo=ZONE)
    with mailing(campaign) as (served, _):
        with monkeypatch.context() as saturday:
            saturday.setattr("khreport.verbs.post.now", lambda: sent_at)
            khreport.reply(served, today=OVER, wait=no_wait)
        reminded = remind(served, OVER)
        assert states(reminded) == {"stc": "sent", "sxd": "sent", "stp": "waiting"}
        (outcome,) = (o for o in reminded.outcomes if o.message.agency == "stp")
        assert outcome.reason == "hôm nay đã gửi hoặc soạn thư khác cho cơ quan này nên chưa nhắc"
        assert steps(campaign, "stp") == []
        assert (
            states(khreport.remind(served, today=OVER, again=["STP"], wait=no_wait))["stp"]
            == "sent"
        )


def test_who_was_put_off_is_reminded_the_next_day(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(campaign, "stp.xlsx", minute=1, status="dang lam")
    khreport.collect(campaign)
    with monkeypatch.context() as due:
        due.setattr("khreport.verbs.post.now", lambda: dt.datetime(2024, 12, 16, tzinfo=ZONE))
        khreport.reply(campaign, today=OVER)
    main(["remind", str(campaign.folder), "--date", "16/12/2024", "--dry-run"])
    told = capsys.readouterr().out
    assert "không gửi: hôm nay đã gửi hoặc soạn thư khác" in told
    assert "3 thư, 2 thư sẽ ghi nháp." in told
    assert states(remind(campaign, OVER))["stp"] == "waiting"
    assert states(remind(campaign, dt.date(2024, 12, 17)))["stp"] == "drafted"


def by_paper(campaign: Campaign) -> Campaign:
    path = campaign.folder / "khreport.toml"
    text = path.read_text(encoding="utf-8")
    late = text.replace("\nclosing = ", '\nlate_by = "paper"\nclosing = ')
    path.write_text(late, encoding="utf-8")
    return open_campaign(campaign.folder)


def test_where_lateness_goes_by_the_paper_one_that_lacks_it_alone_is_reminded_of_it(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    put(campaign, "stp.xlsx", minute=1)
    khreport.check([campaign.folder])
    assert "stp" not in states(remind(campaign, OVER, dry_run=True))
    campaign = by_paper(campaign)
    reminded = remind(campaign, FIRST, dry_run=True)
    assert reminded.lacks["stp"] == "paper"
    text = texts(reminded)["stp"]
    assert "đã nhận tệp báo cáo năm 2024 của quý cơ quan ngày 12/12/2024" in text
    assert "chưa nhận được văn bản đã ký (ký số hoặc bản giấy)" in text
    assert attached(reminded, "stp") == []
    main(["remind", str(campaign.folder), "--date", "16/12/2024", "--dry-run"])
    assert "1 cơ quan đã có tệp đạt, chưa gửi văn bản đã ký." in capsys.readouterr().out
    rows = ["Cơ quan;E-mail;E-mail lãnh đạo", "stp;stp@dot.example;gd.stp@dot.example"]
    (campaign.folder / "lien-he.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    text = texts(remind(campaign, LEADER, dry_run=True))["stp"]
    assert "đã nhận tệp báo cáo của quý cơ quan ngày 12/12/2024, nhưng chưa nhận được" in text
    assert "chưa dùng được" not in text
    take_paper(campaign, "STP", number="12/BC-STP")
    assert "stp" not in states(remind(campaign, OVER, dry_run=True))


@pytest.mark.parametrize(("late_by", "day", "asked"), [
    ("file", DUE, False), ("file", OVER, True), ("paper", DUE, True),
])  # fmt: skip
def test_a_paper_that_is_lacking_is_mentioned_beside_what_else_is_asked(
    campaign: Campaign, late_by: str, day: dt.date, *, asked: bool
) -> None:
    put(campaign, "stp.xlsx", minute=1, status="dang lam")
    khreport.check([campaign.folder])
    campaign = by_paper(campaign) if late_by == "paper" else campaign
    told = texts(remind(campaign, day, dry_run=True))
    assert ("cũng chưa nhận được văn bản đã ký" in told["stp"]) == asked
    assert "văn bản đã ký" not in told["stc"]


def test_an_edited_reminder_that_is_needed_no_more_is_kept_and_named(campaign: Campaign) -> None:
    remind(campaign, FIRST)
    draft = campaign.drafts / "STP-qd1165-2024-nhac.eml"
    draft.write_bytes(edited := draft.read_bytes() + b"\r\nadded\r\n")
    put(campaign, "stp.xlsx", minute=1)
    khreport.check([campaign.folder])
    (told,) = (w for w in remind(campaign, DUE).warnings if "thư nháp" in w)
    assert told.endswith("được giữ ở STP-qd1165-2024-nhac-da-sua-1.eml.")
    assert draft.with_name("STP-qd1165-2024-nhac-da-sua-1.eml").read_bytes() == edited
    assert not draft.exists()
