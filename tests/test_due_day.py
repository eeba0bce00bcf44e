"""The due day in letters and reminders: where it is a day off, and where one was put off."""

from __future__ import annotations

import datetime as dt

import pytest
from mail_round import list_contacts, no_wait
from small_campaign import put

import khreport
from khreport.campaign import Campaign
from khreport.dates import ZONE
from khreport.edges.folder import open_campaign
from khreport.verbs.deliver import Delivery
from khreport.verbs.remind import Reminded

DUE, MONDAY = dt.date(2024, 12, 13), dt.date(2024, 12, 16)
LEADER = dt.date(2024, 12, 20)
TOLD = "13/12/2024 (ngày nghỉ, tính đến hết ngày 16/12/2024)"


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """A campaign with somebody to write to at two agencies."""
    return list_contacts(campaign, ("sxd", "stp"))


def with_reminders(campaign: Campaign, lines: str) -> Campaign:
    with (campaign.folder / "khreport.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[reminders]\n{lines}\n")
    return open_campaign(campaign.folder)


def letter_to(delivery: Delivery, agency: str = "stp") -> str:
    (letter,) = (o.message.letter for o in delivery.outcomes if o.message.agency == agency)
    return f"{letter.subject}\n{letter.text}"


def test_letters_tell_of_a_due_day_that_is_a_day_off_with_the_day_that_counts(
    campaign: Campaign,
) -> None:
    campaign = with_reminders(campaign, "days_off = [2024-12-13]")
    sent = letter_to(khreport.send(campaign))
    assert f"hạn gửi {TOLD}\n" in sent
    assert f"chậm nhất ngày {TOLD}." in sent
    on_the_day = letter_to(khreport.remind(campaign, today=MONDAY, dry_run=True))
    assert f"hạn {TOLD}\n" in on_the_day
    assert "Hạn gửi là hôm nay, ngày 16/12/2024." in on_the_day
    late = letter_to(khreport.remind(campaign, today=dt.date(2024, 12, 17), dry_run=True))
    assert f"Hạn gửi là ngày {TOLD}, đã quá 1 ngày." in late
    put(campaign, "a.xlsx", minute=1, status="dang lam")
    khreport.collect(campaign)
    reply = letter_to(khreport.reply(campaign, today=MONDAY, dry_run=True))
    assert f"Hạn gửi: ngày {TOLD}." in reply
    reply = letter_to(khreport.reply(campaign, today=LEADER, dry_run=True))
    assert f"Hạn gửi là ngày {TOLD}, nay đã quá" in reply


@pytest.mark.parametrize(
    ("settings", "today", "coming"),
    [
        # nothing comes after the leader's step, and it still holds on the Monday
        ("", LEADER, dt.date(2024, 12, 23)),
        # on the next working day another step has come
        ("", DUE, MONDAY),
        ("on_day = false\nafter = [3]", dt.date(2024, 12, 12), DUE),
        # and here none holds any more until then
        ("after = [3]\nleader = []", DUE, dt.date(2024, 12, 18)),
    ],
)
def test_who_was_put_off_is_thought_of_where_the_next_day_is_told(
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
    settings: str,
    today: dt.date,
    coming: dt.date,
) -> None:
    campaign = with_reminders(campaign, settings)
    khreport.send(campaign)
    at = dt.datetime.combine(today, dt.time(9), ZONE)
    put(campaign, "a.xlsx", minute=1, status="dang lam")
    khreport.collect(campaign)
    with monkeypatch.context() as that_day:
        that_day.setattr("khreport.verbs.post.now", lambda: at)
        khreport.reply(campaign, today=today)
    reminded: Reminded = khreport.remind(campaign, today=today, wait=no_wait)
    states = {outcome.message.agency: outcome.state for outcome in reminded.outcomes}
    assert states["stp"] == "waiting"
    assert reminded.coming == coming
