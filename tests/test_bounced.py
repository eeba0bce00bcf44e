"""Letters that did not arrive: who is written to then, at which address, and what is said of it."""

from __future__ import annotations

import datetime as dt

import pytest
from mail_round import (
    bounce,
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
from khreport.edges.ledger import Ledger
from khreport.verbs.collect import collect
from khreport.verbs.reply import reply

FIRST, SECOND = dt.date(2024, 12, 6), dt.date(2024, 12, 12)
LEADER, AFTER_THAT = dt.date(2024, 12, 20), dt.date(2024, 12, 23)


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """A campaign with somebody to write to at some agencies."""
    return list_contacts(campaign, ("stc", "sxd", "stp"))


def test_a_main_address_that_did_not_get_the_letter_gets_it_when_it_is_mended(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    postbox = Postbox()
    postbox.refused[mailed("sxd")] = "550 Unknown"
    change_contacts(campaign, f"{mailed('sxd')};", f"{mailed('sxd')};{mailed('phong.sxd')}")
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        main(["send", str(campaign.folder)])
        assert "sửa địa chỉ trong danh sách liên hệ rồi chạy lại" in capsys.readouterr().out
        change_contacts(campaign, f"{mailed('sxd')};", f"{mailed('moi.sxd')};")
        assert states(khreport.send(campaign, wait=no_wait))["sxd"] == "sent"
        assert states(khreport.send(campaign, wait=no_wait))["sxd"] == "before"
    # who had it already does not get it twice
    assert postbox.recipients.count(mailed("phong.sxd")) == 1
    assert postbox.recipients.count(mailed("moi.sxd")) == 1


def test_a_letter_that_bounced_goes_to_the_address_that_takes_its_place(
    campaign: Campaign,
) -> None:
    postbox = Postbox()
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        khreport.send(campaign, wait=no_wait)
        bounce(campaign, "sxd", mailed("sxd"))
        held = khreport.send(campaign, wait=no_wait)
        assert not went(held)
        assert states(held)["sxd"] == "before"
        change_contacts(campaign, mailed("sxd"), mailed("moi.sxd"))
        assert went(khreport.send(campaign, wait=no_wait))
    assert postbox.recipients.count(mailed("sxd")) == 1
    assert postbox.recipients.count(mailed("moi.sxd")) == 1


def test_an_answer_that_bounced_is_given_anew_at_another_address(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1)
    collect(campaign)
    postbox = Postbox()
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        assert reply(campaign, wait=no_wait).complete
        bounce(campaign, "stp", mailed("stp"), letter="reply")
        lost = reply(campaign, wait=no_wait)
        assert lost.outcomes == ()
        assert lost.lacking["stp"] == (
            f"Sở Tư pháp: thư trả lời không tới {mailed('stp')}. "
            "Hãy sửa địa chỉ trong lien-he.csv rồi chạy lại."
        )
        change_contacts(campaign, mailed("stp"), mailed("moi.stp"))
        (outcome,) = reply(campaign, wait=no_wait).outcomes
        assert outcome.state == "sent"
        assert reply(campaign, wait=no_wait).outcomes == ()
    assert postbox.recipients == [mailed("stp"), mailed("moi.stp")]
    assert len({parse(data)["Message-ID"] for _, data in postbox.arrived}) == 2
    with Ledger(campaign.ledger) as ledger:
        assert len(ledger.events("replied")) == 1


def test_an_answer_that_only_a_copy_reached_goes_to_the_main_address_when_it_is_mended(
    campaign: Campaign,
) -> None:
    change_contacts(campaign, f"{mailed('stp')};", f"{mailed('stp')};{mailed('phong.stp')}")
    put(campaign, "a.xlsx", minute=1)
    collect(campaign)
    postbox = Postbox()
    postbox.refused[mailed("stp")] = "550 Unknown"
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        assert not reply(campaign, wait=no_wait).complete
        change_contacts(campaign, f"{mailed('stp')};", f"{mailed('moi.stp')};")
        for _ in range(2):
            assert reply(campaign, wait=no_wait).complete
    assert postbox.recipients == [mailed("phong.stp"), mailed("moi.stp")]


def test_an_answer_of_which_a_copy_bounced_is_not_given_again(campaign: Campaign) -> None:
    change_contacts(campaign, f"{mailed('stp')};", f"{mailed('stp')};{mailed('phong.stp')}")
    put(campaign, "a.xlsx", minute=1)
    collect(campaign)
    with Server(Postbox()) as server:
        campaign = with_server(campaign, server.port)
        reply(campaign, wait=no_wait)
        bounce(campaign, "stp", mailed("phong.stp"), letter="reply")
        change_contacts(campaign, mailed("stp"), mailed("moi.stp"))
        replied = reply(campaign, wait=no_wait)
    assert (replied.outcomes, replied.lacking) == ((), {})


def test_a_copy_that_bounced_does_not_keep_the_reminder_back_and_is_named(
    campaign: Campaign,
) -> None:
    postbox = Postbox()
    change_contacts(campaign, f"{mailed('stp')};", f"{mailed('stp')};{mailed('phong.stp')}")
    with Server(postbox) as server:
        served = with_server(campaign, server.port)
        khreport.send(served, wait=no_wait)
        bounce(served, "stp", mailed("phong.stp"))
        bounce(served, "stc", mailed("stc"))
        reminded = khreport.remind(served, today=FIRST, wait=no_wait)
        assert set(states(reminded)) == {"sxd", "stp"}
        assert "Sở Tài chính: thư gửi biểu không tới nơi." in reminded.lacking["stc"]
        (told,) = (w for w in reminded.warnings if "Sở Tư pháp" in w)
        assert told.startswith(f"Sở Tư pháp: thư trước không tới {mailed('phong.stp')}. Thư nhắc")
        # of all its main addresses none is left
        bounce(served, "stp", mailed("stp"), letter="reminder")
        held = khreport.remind(served, today=SECOND, wait=no_wait)
        assert set(states(held)) == {"sxd"}
        assert held.lacking["stp"].startswith(f"Sở Tư pháp: thư trước không tới {mailed('stp')}.")
        change_contacts(campaign, f"{mailed('stp')};", f"{mailed('moi.stp')};")
        khreport.send(served, wait=no_wait)
        assert set(states(khreport.remind(served, today=SECOND, wait=no_wait))) == {"sxd", "stp"}
    assert mailed("moi.stp") in postbox.recipients


def test_a_leader_s_address_that_bounced_gives_way_to_the_contact_s(campaign: Campaign) -> None:
    postbox = Postbox()
    rows = ["Cơ quan;E-mail;E-mail lãnh đạo", "stp;stp@dot.example;gd.stp@dot.example"]
    (campaign.folder / "lien-he.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    with Server(postbox) as server:
        served = with_server(campaign, server.port)
        khreport.send(served, wait=no_wait)
        khreport.remind(served, today=LEADER, wait=no_wait)
        bounce(served, "stp", "gd.stp@dot.example", letter="reminder")
        later = khreport.remind(served, today=AFTER_THAT, wait=no_wait)
    assert later.for_leader == ("stp",)
    # who had the leader's letter as a copy does not get the same step again
    assert states(later) == {"stp": "before"}
    assert postbox.recipients.count(mailed("stp")) == 2


def test_a_form_that_a_main_address_took_has_arrived_whatever_came_back_beside_it(
    campaign: Campaign,
) -> None:
    change_contacts(campaign, f"{mailed('stp')};", f"{mailed('stp')};{mailed('phong.stp')}")
    with Server(Postbox()) as server:
        campaign = with_server(campaign, server.port)
        khreport.send(campaign, wait=no_wait)
        bounce(campaign, "stp", mailed("phong.stp"))
        bounce(campaign, "sxd", mailed("sxd"))
        assert told_of(campaign) == {"stp": ("sent", False), "sxd": ("unsent", True)}
        change_contacts(campaign, mailed("sxd"), mailed("moi.sxd"))
        khreport.send(campaign, wait=no_wait)
        # a report that comes late
        bounce(campaign, "sxd", mailed("sxd"))
    assert told_of(campaign) == {"stp": ("sent", False), "sxd": ("sent", False)}


def test_what_only_a_copy_took_is_neither_sent_nor_reminded(campaign: Campaign) -> None:
    postbox = Postbox()
    change_contacts(campaign, f"{mailed('stp')};", f"{mailed('stp')};{mailed('phong.stp')}")
    change_contacts(campaign, f"{mailed('sxd')};", f"{mailed('sxd')};{mailed('phong.sxd')}")
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        postbox.refused[mailed("stp")] = "550 Unknown"
        khreport.send(campaign, wait=no_wait)
        assert told_of(campaign) == {"stp": ("unsent", True), "sxd": ("sent", False)}
        postbox.refused[mailed("sxd")] = "550 Unknown"
        reminded = khreport.remind(campaign, today=FIRST, wait=no_wait)
        assert "Sở Tư pháp: thư gửi biểu không tới nơi." in reminded.lacking["stp"]
        assert states(reminded)["sxd"] == "sent"
        counts = {a.agency: a.reminders for a in khreport.read_status(campaign).agencies}
        assert (counts["sxd"], counts["stc"]) == (0, 1)


def told_of(campaign: Campaign) -> dict[str, tuple[str, bool]]:
    agencies = khreport.read_status(campaign).agencies
    return {a.agency: (a.state, a.bounced) for a in agencies if a.agency in ("stp", "sxd")}


def test_a_letter_that_was_cut_off_is_told_alike_by_the_reminder_and_by_the_sending(
    campaign: Campaign,
) -> None:
    postbox = Postbox()
    postbox.before_answer = lambda number: number == 3
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        assert states(khreport.send(campaign, wait=no_wait))["stp"] == "unsure"
        reminded = khreport.remind(campaign, today=FIRST, wait=no_wait)
        assert "stp" not in states(reminded)
        assert reminded.lacking["stp"] == (
            "Sở Tư pháp: chưa rõ đã gửi biểu hay chưa. Hãy hỏi cơ quan; chưa nhận được thì chạy: "
            f'khreport send {campaign.folder} --again "Sở TP"'
        )


def test_two_things_that_keep_answers_back_are_both_told(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1)
    collect(campaign)
    with Server(Postbox()) as server:
        campaign = with_server(campaign, server.port)
        reply(campaign, wait=no_wait)
        bounce(campaign, "stp", mailed("stp"), letter="reply")
        put(campaign, "b.xlsx", minute=2, status="dang lam")
        (faulty,) = collect(campaign).files
        assert faulty.correction is not None
        faulty.correction.unlink()
        told = reply(campaign, wait=no_wait).lacking["stp"]
    assert told.startswith("Sở Tư pháp: thư trả lời không tới")
    assert "Không còn bản trả lại" in told
