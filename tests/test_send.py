"""Letters to the agencies: by a real server on loopback, or as drafts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from mail_round import (
    LISTED,
    change_contacts,
    list_contacts,
    mailed,
    no_wait,
    states,
    went,
    with_server,
)
from mail_server import Postbox, Server, parse
from small_campaign import put

import khreport
from khreport.campaign import Campaign
from khreport.cli import main
from khreport.dates import format_date
from khreport.edges.folder import newest_edition, open_campaign
from khreport.edges.ledger import Ledger, now
from khreport.errors import KhreportError
from khreport.verbs.post import CUT_OFF
from khreport.verbs.send import Sent


@pytest.fixture
def province(campaign: Campaign) -> Campaign:
    """A campaign with somebody to write to at every agency."""
    return list_contacts(campaign, newest_edition(campaign).asked)


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """A campaign with somebody to write to at some agencies."""
    return list_contacts(campaign, LISTED)


def test_every_agency_gets_its_own_workbook_once(province: Campaign) -> None:
    postbox = Postbox()
    # who collects does not write to itself
    asked = [key for key in newest_edition(province).asked if key != "skhdt"]
    with Server(postbox) as server:
        province = with_server(province, server.port)
        sent = khreport.send(province, wait=no_wait)
        assert sent.complete
        assert sent.own == "Sở Kế hoạch và Đầu tư"
        assert set(states(sent).values()) == {"sent"}
        again = khreport.send(province, wait=no_wait)
    assert set(states(again).values()) == {"before"}
    assert postbox.recipients == [mailed(key) for key in asked]
    ids = [parse(data)["Message-ID"] for _, data in postbox.arrived]
    assert len(set(ids)) == len(asked)
    with Ledger(province.ledger) as ledger:
        assert [e.agency for e in ledger.events("sending")] == asked
        assert [e.detail["message_id"] for e in ledger.events("sent")] == ids


def test_a_refused_address_is_told_and_tried_again_when_mended(campaign: Campaign) -> None:
    postbox = Postbox()
    postbox.refused[mailed("sxd")] = "550 5.1.1 Unknown mailbox"
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        sent = khreport.send(campaign, wait=no_wait)
        assert not went(sent)
        assert {a for a, state in states(sent).items() if state != "sent"} == {"sxd"}
        (refused,) = (o for o in sent.outcomes if o.state == "refused")
        assert refused.refused == {mailed("sxd"): "550 5.1.1 Unknown mailbox"}
        change_contacts(campaign, mailed("sxd"), mailed("vanthu.sxd"))
        assert went(khreport.send(campaign, wait=no_wait))
    assert postbox.recipients.count(mailed("vanthu.sxd")) == 1
    assert len(postbox.arrived) == len(sent.outcomes)
    with Ledger(campaign.ledger) as ledger:
        kinds = [e.kind for e in ledger.events(agency="sxd")]
        assert kinds == ["sending", "refused", "sending", "sent"]


def test_one_refused_address_of_several_does_not_make_the_letter_go_again(
    campaign: Campaign,
) -> None:
    postbox = Postbox()
    postbox.refused["cu@sxd.example"] = "550 Gone"
    change_contacts(campaign, f"{mailed('sxd')};", f"{mailed('sxd')};cu@sxd.example")
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        first = khreport.send(campaign, wait=no_wait)
        second = khreport.send(campaign, wait=no_wait)
        postbox.refused[mailed("sxd")] = "550 Gone"
        khreport.send(campaign, again=["Sở Xây dựng"], wait=no_wait)
        third = khreport.send(campaign, wait=no_wait)
    for sent in (first, second, third):
        assert not went(sent)
        (outcome,) = (o for o in sent.outcomes if o.message.agency == "sxd")
        assert outcome.refused == {"cu@sxd.example": "550 Gone"}
    assert states(second)["sxd"] == states(third)["sxd"] == "before"
    assert postbox.recipients.count(mailed("sxd")) == 1


@pytest.mark.parametrize("kept", [True, False])
def test_a_line_that_goes_dead_stops_the_sending_which_goes_on_without_doubling(
    campaign: Campaign, *, kept: bool
) -> None:
    postbox = Postbox()

    def go_dead(number: int) -> bool:
        if number == 5 and not kept:
            postbox.arrived.pop()
        return number == 5

    postbox.before_answer = go_dead
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        sent = khreport.send(campaign, wait=no_wait)
        assert "Đã dừng gửi: mất kết nối" in sent.fault
        assert list(states(sent).values()) == ["sent"] * 4 + ["unsure"] + ["waiting"] * 3
        postbox.before_answer = lambda _: False
        rest = khreport.send(campaign, wait=no_wait)
        assert list(states(rest).values()) == ["before"] * 4 + ["unsure"] + ["sent"] * 3
        assert rest.outcomes[4].reason == CUT_OFF
        assert postbox.recipients.count(mailed(LISTED[4])) == kept
        last = khreport.send(campaign, again=[LISTED[4]], wait=no_wait)
        assert went(last)
    copies = [
        parse(data)["Message-ID"] for to, data in postbox.arrived if to == [mailed(LISTED[4])]
    ]
    # where it had come after all, the second has the same id, by which it is known as the same
    assert len(copies) == 1 + kept
    assert len(set(copies)) == 1
    assert sorted(set(postbox.recipients)) == sorted(map(mailed, LISTED))


def test_a_line_that_goes_dead_before_the_text_loses_and_doubles_nothing(
    campaign: Campaign,
) -> None:
    postbox = Postbox()
    postbox.no_more_after = 3
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        sent = khreport.send(campaign, wait=no_wait)
        assert list(states(sent).values()) == ["sent"] * 3 + ["refused"] + ["waiting"] * 4
        assert sent.fault
        postbox.no_more_after = None
        assert went(khreport.send(campaign, wait=no_wait))
    assert sorted(postbox.recipients) == sorted(map(mailed, LISTED))


def test_a_server_that_ends_each_connection_early_is_asked_again(campaign: Campaign) -> None:
    postbox = Postbox()
    postbox.one_each = True
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        assert went(khreport.send(campaign, wait=no_wait))
    assert len(postbox.arrived) == len(LISTED)


def test_who_is_killed_half_way_sends_the_rest_and_asks_about_one(campaign: Campaign) -> None:
    postbox = Postbox()
    running: list[subprocess.Popen[str]] = []

    def kill(number: int) -> bool:
        if number == 4:
            running[0].kill()
        return False

    postbox.before_answer = kill
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        command = [sys.executable, "-m", "khreport", "send", str(campaign.folder)]
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, text=True))
        assert running[0].wait(timeout=60) != 0
        assert len(postbox.arrived) == 4
        rest = khreport.send(campaign, wait=no_wait)
    assert list(states(rest).values()) == ["before"] * 3 + ["unsure"] + ["sent"] * 4
    assert sorted(postbox.recipients) == sorted(map(mailed, LISTED))


def test_letters_go_at_the_stated_rate(campaign: Campaign) -> None:
    waits: list[float] = []
    with Server(Postbox()) as server:
        campaign = with_server(campaign, server.port)
        settings = campaign.folder / "khreport.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("per_minute = 600", "per_minute = 2"), encoding="utf-8")
        khreport.send(open_campaign(campaign.folder), wait=waits.append)
    assert waits[0] == 0
    assert all(25 < seconds <= 30 for seconds in waits[1:])
    assert len(waits) == 8


def test_without_a_server_drafts_are_written_the_same_each_time(campaign: Campaign) -> None:
    sent = khreport.send(campaign)
    assert went(sent)
    assert set(states(sent).values()) == {"drafted"}
    drafts = {path.name: path.read_bytes() for path in campaign.drafts.iterdir()}
    assert len(drafts) == 8
    message = parse(drafts["SXD-qd1165-2024.eml"])
    assert message["X-Unsent"] == "1"
    assert message["Date"] is None
    assert message["To"].endswith("<sxd@dot.example>")
    khreport.send(campaign)
    assert {path.name: path.read_bytes() for path in campaign.drafts.iterdir()} == drafts
    with Ledger(campaign.ledger) as ledger:
        assert len(ledger.events("drafted")) == 8


def test_a_draft_that_was_taken_away_is_not_written_again_unasked(campaign: Campaign) -> None:
    khreport.send(campaign)
    draft = campaign.drafts / "SXD-qd1165-2024.eml"
    draft.unlink()
    change_contacts(campaign, mailed("stc"), mailed("vanthu.stc"))
    sent = khreport.send(campaign)
    assert states(sent)["sxd"] == "unsure"
    assert not draft.exists()
    assert b"vanthu.stc@" in (campaign.drafts / "STC-qd1165-2024.eml").read_bytes()
    assert states(khreport.send(campaign, again=["SXD"]))["sxd"] == "drafted"
    assert draft.exists()


def test_drafts_are_not_sent_by_a_server_unasked(campaign: Campaign) -> None:
    khreport.send(campaign)
    postbox = Postbox()
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        assert set(states(khreport.send(campaign, wait=no_wait)).values()) == {"unsure"}
        assert postbox.arrived == []
        assert went(khreport.send(campaign, unsure=True, wait=no_wait))
    assert len(postbox.arrived) == 8


def test_an_agency_without_address_or_workbook_is_told_and_the_others_are_sent(
    campaign: Campaign,
) -> None:
    change_contacts(campaign, mailed("syt"), "")
    (campaign.outgoing / "SXD-qd1165-2024.xlsx").unlink()
    shutil.copy(
        campaign.outgoing / "SCT-qd1165-2024.xlsx", campaign.outgoing / "STC-qd1165-2024.xlsx"
    )
    (campaign.outgoing / "SNV-qd1165-2024.xlsx").write_bytes(b"")
    sent = khreport.send(campaign)
    assert {"syt", "sxd", "stc", "snv"} <= sent.lacking.keys()
    assert "chưa có Sở Du lịch" in sent.lacking["sdl"]
    assert "Sở Y tế chưa có e-mail" in sent.lacking["syt"]
    assert "chưa có biểu mẫu. Hãy chạy: khreport templates" in sent.lacking["sxd"]
    assert "không phải biểu mẫu đang dùng của cơ quan này" in sent.lacking["stc"]
    assert sent.lacking.keys().isdisjoint(states(sent))
    assert len(sent.outcomes) == 4
    assert not sent.complete


def test_a_dry_run_shows_everything_and_does_nothing(
    province: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    before = province.ledger.read_bytes()
    assert main(["send", str(province.folder), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert told.count("Tiêu đề: Biểu mẫu báo cáo năm 2024") == 33
    assert "Đính kèm: SXD-qd1165-2024.xlsx" in told
    assert "33 thư, 33 thư sẽ ghi nháp. Đây là xem trước, chưa gửi thư nào." in told
    assert "Không gửi thư cho Sở Kế hoạch và Đầu tư, nơi nhận báo cáo" in told
    assert told.count("phần [sender]: chưa ghi người liên hệ, điện thoại, e-mail") == 1
    assert told.count("hạn gửi 13/12/2024 đã qua") == 1
    assert not province.drafts.exists()
    assert province.ledger.read_bytes() == before
    assert main(["send", str(province.folder), "--dry-run", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {letter["state"] for letter in shown["letters"]} == {"waiting"}
    assert "Kính gửi" in shown["letters"][0]["text"]


def test_the_command_tells_what_is_left_to_do(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    postbox = Postbox()
    postbox.refused[mailed("sxd")] = "550 Unknown"
    postbox.before_answer = lambda number: number == 5
    with Server(postbox) as server:
        with_server(campaign, server.port)
        assert main(["send", str(campaign.folder)]) == 1
        told = capsys.readouterr().out
        assert f"Máy chủ không nhận địa chỉ {mailed('sxd')}: 550 Unknown" in told
        assert "8 thư: đã gửi 4; chưa gửi 2; chưa rõ 1; bị từ chối 1." in told
        assert "Chạy lại lệnh để gửi tiếp" in told
        assert main(["send", str(campaign.folder), "--again", "Sở Xay dựng"]) == 2
        assert "Có phải “Sở Xây dựng”?" in capsys.readouterr().err


def test_the_ledger_s_lock_is_told_and_nothing_is_sent(campaign: Campaign) -> None:
    postbox = Postbox()
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        with (
            Ledger(campaign.ledger) as other,
            other.together(),
            pytest.raises(KhreportError, match="đang được một lệnh khreport khác ghi"),
        ):
            khreport.send(campaign, wait=no_wait)
    assert postbox.arrived == []


def test_a_form_that_changed_is_sent_again_and_says_so(campaign: Campaign) -> None:
    postbox = Postbox()
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        khreport.send(campaign, wait=no_wait)
        settings = campaign.folder / "khreport.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("due = 2024-12-13", "due = 2024-12-12"), encoding="utf-8")
        campaign = open_campaign(campaign.folder)
        khreport.templates(campaign)
        sent = khreport.send(campaign, wait=no_wait)
        assert went(sent)
        assert "8 cơ quan đã nhận bản cũ" in sent.warnings[-1]
        assert not any("bản cũ" in told for told in khreport.send(campaign, wait=no_wait).warnings)
    today = format_date(now().date())
    for outcome in sent.outcomes:
        assert f"thay bản đã gửi ngày {today}" in outcome.message.letter.text
    ids = {parse(data)["Message-ID"] for _, data in postbox.arrived}
    assert len(ids) == len(postbox.arrived) == 16


@pytest.mark.parametrize("again", [(), LISTED])
def test_two_at_once_send_each_letter_once(campaign: Campaign, again: tuple[str, ...]) -> None:
    postbox = Postbox()
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        inner: list[Sent] = []

        def meanwhile(_: float) -> None:
            if not inner:
                inner.append(Sent(outcomes=(), lacking={}))
                inner[0] = khreport.send(campaign, wait=no_wait)

        outer = khreport.send(campaign, again=again, unsure=True, wait=meanwhile)
    assert went(inner[0])
    assert set(states(outer).values()) == {"before"}
    assert len(postbox.arrived) == 8


def test_a_letter_that_is_wished_again_is_another_letter(campaign: Campaign) -> None:
    postbox = Postbox()
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        khreport.send(campaign, wait=no_wait)
        for _ in range(2):
            khreport.send(campaign, again=["SXD"], wait=no_wait)
        (known,) = (
            o for o in khreport.send(campaign, wait=no_wait).outcomes if o.message.agency == "sxd"
        )
    ids = [parse(data)["Message-ID"] for to, data in postbox.arrived if to == [mailed("sxd")]]
    assert len(set(ids)) == len(ids) == 3
    assert (known.state, known.message_id) == ("before", ids[-1])


def test_a_form_that_changed_does_not_go_to_who_answered_unless_it_is_wished(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    postbox = Postbox()
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        khreport.send(campaign, wait=no_wait)
        put(campaign, "stp.xlsx", minute=1)
        khreport.check([campaign.folder])
        settings = campaign.folder / "khreport.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("due = 2024-12-13", "due = 2024-12-12"), encoding="utf-8")
        khreport.templates(open_campaign(campaign.folder))
        main(["send", str(campaign.folder)])
        told = capsys.readouterr().out
        assert "1 cơ quan đã nộp và được nhận, không gửi lại: Sở Tư pháp." in told
        assert "Muốn gửi thì thêm --again CƠ_QUAN." in told
        assert "7 cơ quan đã nhận bản cũ và được gửi bản mới" in told
        assert postbox.recipients.count(mailed("stp")) == 1
        main(["send", str(campaign.folder), "--again", "STP", "--json"])
        assert json.loads(capsys.readouterr().out)["answered"] == []
    assert postbox.recipients.count(mailed("stp")) == 2
