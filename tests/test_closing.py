"""A round that was closed: late returns wait, and are not lost."""

from __future__ import annotations

import datetime as dt

import pytest
from mail_round import close_at, list_contacts
from mailed_returns import NAME, disposition, drop, letter, part, words, workbook
from small_campaign import put
from test_collect import events

import khreport
from khreport.campaign import Campaign
from khreport.cli import main
from khreport.dates import ZONE
from khreport.errors import CampaignError
from khreport.verbs.collect import collect

ATTACHED = disposition(f'filename="{words(NAME)}"')


def test_a_late_return_waits_for_an_unlocking_and_is_not_lost(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1)
    collect(campaign)
    close_at(campaign, dt.datetime(2024, 12, 12, 9, 25, tzinfo=ZONE))
    late = drop(
        campaign,
        "thu.eml",
        letter(part(workbook(campaign, result="Đã mở bốn hội nghị, 120 lượt người dự."), ATTACHED)),
    )
    for _ in range(2):
        collected = collect(campaign)
        assert collected.files == ()
        assert [(w.agency, w.file) for w in collected.taken.waiting] == [("stp", f"thu.eml/{NAME}")]
    assert len(events(campaign, "waiting")) == 1
    late.unlink()
    with pytest.raises(CampaignError, match="Chưa ghi lý do"):
        khreport.unlock(campaign, "STP", " ")
    assert khreport.unlock(campaign, "Sở Tư pháp", "Xin nộp bổ sung") == "stp"
    (checked,) = collect(campaign).files
    assert checked.accepted
    assert collect(campaign).taken.waiting == ()
    (unlocked,) = events(campaign, "unlocked")
    assert unlocked.detail == {"reason": "Xin nộp bổ sung"}
    came = {e.submission: e.detail["came"][:10] for e in events(campaign, "received")}
    assert came[checked.submission.id] == "2024-12-12"


def test_closing_tells_who_is_not_done_and_so_does_every_answer(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    put(campaign, "a.xlsx", minute=1)
    collect(campaign)
    assert main(["close", str(campaign.folder)]) == 0
    told = capsys.readouterr().out
    assert "Còn 33 cơ quan chưa xong." in told
    assert "khreport unlock" in told
    list_contacts(campaign, ("stp",))
    assert "Đợt báo cáo đã khóa ngày" in khreport.reply(campaign).notes[-1]


def test_what_came_before_the_closing_is_taken_in_after_it(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1)
    khreport.close(campaign)
    collected = collect(campaign)
    assert [file.accepted for file in collected.files] == [True]
    assert collected.taken.waiting == ()


def test_an_open_round_needs_no_unlocking(campaign: Campaign) -> None:
    with pytest.raises(CampaignError, match="chưa khóa sổ"):
        khreport.unlock(campaign, "STP", "Thử")
