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


def test_a_round_that_was_closed_can_be_opened_again_for_everybody(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(campaign.folder)
    assert main(["close", folder, "--reopen", "--reason", "Thử"]) == 2
    assert "chưa khóa sổ" in capsys.readouterr().err
    close_at(campaign, dt.datetime(2024, 12, 12, 9, 25, tzinfo=ZONE))
    put(campaign, "a.xlsx", minute=60)
    assert len(collect(campaign).taken.waiting) == 1
    assert main(["close", folder, "--reopen"]) == 2
    assert "Chưa ghi lý do mở lại" in capsys.readouterr().err
    assert main(["close", folder, "--reopen", "--reason", "Gia hạn"]) == 0
    collected = collect(campaign)
    assert [file.accepted for file in collected.files] == [True]
    assert collected.taken.waiting == ()
    (note,) = (n for n in khreport.read_status(campaign).notes if "mở lại" in n)
    assert note.endswith(": Gia hạn.")
    (entry,) = khreport.log(campaign, kind="reopened")
    assert entry.words == "đã mở lại đợt báo cáo: Gia hạn"
    khreport.close(campaign)
    put(campaign, "b.xlsx", minute=60 * 24 * 3650, result="Bản gửi sau, đã bổ sung số liệu.")
    assert len(collect(campaign).taken.waiting) == 1


def test_what_came_before_the_closing_is_taken_in_after_it(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1)
    khreport.close(campaign)
    collected = collect(campaign)
    assert [file.accepted for file in collected.files] == [True]
    assert collected.taken.waiting == ()


def test_an_open_round_needs_no_unlocking(campaign: Campaign) -> None:
    with pytest.raises(CampaignError, match="chưa khóa sổ"):
        khreport.unlock(campaign, "STP", "Thử")


def test_after_the_closing_no_draft_of_a_reminder_stays(campaign: Campaign) -> None:
    list_contacts(campaign, ("stp", "sxd"))
    khreport.send(campaign)
    khreport.remind(campaign, today=dt.date(2024, 12, 18))
    edited = campaign.drafts / "SXD-qd1165-2024-nhac.eml"
    edited.write_bytes(edited.read_bytes() + b"\r\nadded\r\n")
    khreport.close(campaign)
    khreport.remind(campaign, today=dt.date(2024, 12, 20), dry_run=True)
    assert edited.exists()
    reminded = khreport.remind(campaign, today=dt.date(2024, 12, 20))
    assert [path.name for path in campaign.drafts.glob("*-nhac*")] == [
        f"{edited.stem}-da-sua-1.eml"
    ]
    assert "thư nháp SXD-qd1165-2024-nhac.eml đã sửa tay" in reminded.warnings[-1]


def test_a_held_return_is_judged_after_a_reopening_even_if_closed_again(
    campaign: Campaign,
) -> None:
    close_at(campaign, dt.datetime(2024, 12, 12, 9, 0, tzinfo=ZONE))
    put(campaign, "a.xlsx", minute=1)
    assert len(collect(campaign).taken.waiting) == 1
    khreport.close(campaign)
    assert len(collect(campaign).taken.waiting) == 1
    khreport.reopen(campaign, "Gia hạn")
    status = khreport.read_status(campaign, agencies=["stp"])
    (stp,) = status.agencies
    assert stp.state_words == "Đã nhận, chưa kiểm tra"
    assert any("chưa kiểm tra. Hãy chạy khreport collect" in note for note in status.notes)
    assert "waiting" not in stp.tags
    khreport.close(campaign)
    (file,) = collect(campaign).files
    assert file.accepted
