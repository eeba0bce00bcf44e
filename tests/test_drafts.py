"""Letters that went or were drafted before: older forms, edited drafts, changed addresses."""

from __future__ import annotations

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
from khreport.edges.folder import open_campaign
from khreport.edges.ledger import now


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """A campaign with somebody to write to at some agencies."""
    return list_contacts(campaign, LISTED)


def change_due(campaign: Campaign) -> Campaign:
    """The campaign with another due day, and the forms of that written."""
    settings = campaign.folder / "khreport.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("due = 2024-12-13", "due = 2024-12-12"), encoding="utf-8")
    campaign = open_campaign(campaign.folder)
    khreport.templates(campaign)
    return campaign


def test_drafts_of_an_older_form_give_way_and_a_server_asks_before(campaign: Campaign) -> None:
    khreport.send(campaign)
    (campaign.drafts / "SXD-qd1165-2024.eml").unlink()
    campaign = change_due(campaign)
    today = format_date(now().date())
    with Server(Postbox()) as server:
        served = with_server(campaign, server.port)
        held = khreport.send(served, wait=no_wait)
        assert set(states(held).values()) == {"unsure"}
        assert f"ngày {today}, chưa rõ cơ quan đã nhận hay chưa" in held.outcomes[0].reason
    settings = campaign.folder / "khreport.toml"
    text = settings.read_text(encoding="utf-8").partition("\n[smtp]")[0]
    settings.write_text(text, encoding="utf-8")
    drafted = khreport.send(open_campaign(campaign.folder))
    assert set(states(drafted).values()) == {"drafted"}
    for outcome in drafted.outcomes:
        assert f"thay bản đã gửi khoảng ngày {today}, nếu quý" in outcome.message.letter.text
    assert "8 cơ quan đã có thư nháp bản cũ" in drafted.warnings[-1]
    # the same again, as nothing happened since
    repeated = khreport.send(open_campaign(campaign.folder))
    assert {outcome.reason for outcome in repeated.outcomes} == {"đã có nháp từ trước"}


def test_an_older_form_of_which_nobody_knows_goes_by_a_server_when_asked(
    campaign: Campaign,
) -> None:
    khreport.send(campaign)
    campaign = change_due(campaign)
    postbox = Postbox()
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        assert states(khreport.send(campaign, again=["STC"], wait=no_wait))["stc"] == "sent"
        assert went(khreport.send(campaign, unsure=True, wait=no_wait))
    assert sorted(postbox.recipients) == sorted(map(mailed, LISTED))


def test_a_draft_that_somebody_edited_is_never_lost(campaign: Campaign) -> None:
    khreport.send(campaign)
    draft = campaign.drafts / "SXD-qd1165-2024.eml"
    draft.write_bytes(edited := draft.read_bytes() + b"\r\nadded\r\n")
    told = {o.message.agency: o.reason for o in khreport.send(campaign).outcomes}
    assert told["sxd"] == "nháp từ trước đã được sửa tay, giữ nguyên"
    assert told["syt"] == "đã có nháp từ trước"
    assert draft.read_bytes() == edited
    change_contacts(campaign, mailed("sxd"), mailed("vanthu.sxd"))
    told = {o.message.agency: o.reason for o in khreport.send(campaign).outcomes}
    kept = campaign.drafts / "SXD-qd1165-2024-da-sua-1.eml"
    assert told["sxd"] == f"bản nháp đã sửa tay được giữ ở {kept.name}"
    assert kept.read_bytes() == edited
    assert b"vanthu.sxd@" in draft.read_bytes()


def test_a_letter_that_goes_takes_its_draft_away(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    khreport.send(campaign)
    edited = campaign.drafts / "SXD-qd1165-2024.eml"
    edited.write_bytes(edited.read_bytes() + b"\r\nadded\r\n")
    with Server(Postbox()) as server:
        with_server(campaign, server.port)
        main(["send", str(campaign.folder), "--unsure"])
    assert "Đã cất 8 thư nháp cũ của các thư vừa gửi" in capsys.readouterr().out
    assert [path.name for path in campaign.drafts.iterdir()] == ["SXD-qd1165-2024-da-sua-1.eml"]


def test_an_address_that_changed_since_is_told_and_the_others_are_not_listed(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    with Server(Postbox()) as server:
        campaign = with_server(campaign, server.port)
        khreport.send(campaign, wait=no_wait)
        change_contacts(campaign, f"{mailed('syt')};", f"{mailed('syt')};{mailed('moi.syt')}")
        main(["send", str(campaign.folder)])
        told = capsys.readouterr().out
        assert f"Sở Y tế, thư gửi biểu → {mailed('syt')}: đã gửi từ trước lúc" in told
        assert 'Địa chỉ đã đổi sau khi gửi; gửi lại bằng: --again "Sở Y tế"\n' in told
        assert "→" not in told.replace("Sở Y tế, thư gửi biểu →", "")
        assert "8 thư: đã gửi từ trước 8." in told


def test_letters_wished_again_that_were_not_reached_are_named(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    postbox = Postbox()
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        khreport.send(campaign, wait=no_wait)
        postbox.no_more_after = len(postbox.arrived) + 1
        main(["send", str(campaign.folder), "--again", "STC", "--again", "SYT", "--again", "SXD"])
    told = capsys.readouterr().out
    assert 'Gửi tiếp bằng: --again "Sở Xây dựng" --again "Sở Y tế" (' in told


def test_a_run_with_nothing_to_do_prints_no_letter(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    khreport.send(campaign)
    main(["send", str(campaign.folder)])
    told = capsys.readouterr().out
    assert "8 thư: đã có nháp từ trước 8.\n" in told
    assert "→" not in told


def test_another_address_in_the_place_of_one_that_had_the_letter_gets_it_only_when_wished(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    postbox = Postbox()
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        khreport.send(campaign, wait=no_wait)
        change_contacts(campaign, mailed("syt"), mailed("moi.syt"))
        main(["send", str(campaign.folder)])
        told = capsys.readouterr().out
        assert 'Địa chỉ đã đổi sau khi gửi; gửi lại bằng: --again "Sở Y tế"\n' in told
        assert mailed("moi.syt") not in postbox.recipients
        assert went(khreport.send(campaign, again=["SYT"], wait=no_wait))
    assert postbox.recipients.count(mailed("moi.syt")) == 1


def test_the_draft_of_an_older_form_does_not_stay_for_who_answered_it(campaign: Campaign) -> None:
    khreport.send(campaign)
    put(campaign, "stp.xlsx", minute=1)
    khreport.collect(campaign)
    campaign = change_due(campaign)
    draft = campaign.drafts / "STP-qd1165-2024.eml"
    khreport.send(campaign, dry_run=True)
    assert draft.exists()
    assert "stp" in khreport.send(campaign).answered
    assert not draft.exists()
    assert (campaign.drafts / "SXD-qd1165-2024.eml").exists()


def test_what_is_only_drafted_is_told_as_not_sent(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["send", str(campaign.folder)])
    told = capsys.readouterr().out
    assert f"Sở Y tế, thư gửi biểu → {mailed('syt')}: đã soạn thư, chưa gửi" in told
    assert "8 thư: đã soạn thư, chưa gửi 8.\n" in told


def test_a_draft_that_was_taken_away_and_is_wished_again_is_another_letter(
    campaign: Campaign,
) -> None:
    khreport.send(campaign)
    draft = campaign.drafts / "SXD-qd1165-2024.eml"
    first = parse(draft.read_bytes())["Message-ID"]
    draft.unlink()
    khreport.send(campaign, again=["SXD"])
    second = parse(draft.read_bytes())["Message-ID"]
    assert second != first
    # the same again, as nothing happened since
    assert {o.reason for o in khreport.send(campaign).outcomes} == {"đã có nháp từ trước"}
