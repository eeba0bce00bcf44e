"""Answers to returns: one for each, by mail or as a draft, with what is to be mended."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from pathlib import Path

import openpyxl
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
from mailed_returns import (
    disposition,
    drop,
    letter,
    part,
    text_only,
    words,
    workbook,
    zipped,
)
from small_campaign import mend, put

import khreport
from khreport.campaign import Campaign
from khreport.cli import main
from khreport.dates import ZONE
from khreport.edges.ledger import Event, Ledger
from khreport.edges.shipped import shipped_letters
from khreport.verbs.collect import collect
from khreport.verbs.reply import Replied, reply
from khreport.verbs.status import read_status

ATTACHED = disposition(f'filename="{words("Biểu của Sở.xlsx")}"')
BEFORE_DUE = dt.date(2024, 12, 12)
MISSPELT = "trien khai nam nay roi"


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """A campaign with somebody to write to at some agencies."""
    return list_contacts(campaign, ("stp", "sxd"))


def events(campaign: Campaign, kind: str) -> list[Event]:
    with Ledger(campaign.ledger) as ledger:
        return [event for event in ledger.events() if event.kind == kind]


def answer(campaign: Campaign) -> str:
    """The text of the one answer that was drafted just now."""
    replied = reply(campaign, today=BEFORE_DUE)
    assert replied.complete
    (outcome,) = replied.outcomes
    assert outcome.state == "drafted"
    return f"{outcome.message.letter.subject}\n{outcome.message.letter.text}"


def test_an_accepted_return_is_thanked_for_once(campaign: Campaign) -> None:
    put(campaign, "bieu.xlsx", minute=1)
    collect(campaign)
    told = answer(campaign)
    assert told.startswith("Đã nhận báo cáo năm 2024 của Sở Tư pháp: đạt yêu cầu\n")
    assert "đã nhận bản nộp bieu.xlsx ngày 12/12/2024" in told
    assert "{" not in told
    assert "So với bản trước" not in told
    (replied,) = events(campaign, "replied")
    assert (replied.agency, replied.submission) == (
        "stp", events(campaign, "accepted")[0].submission
    )  # fmt: skip
    assert reply(campaign).outcomes == ()
    assert len(list(campaign.drafts.glob("STP-qd1165-2024-tra-loi-*.eml"))) == 1


def test_a_faulty_return_gets_its_correction_and_the_count_of_what_was_mended(
    campaign: Campaign,
) -> None:
    moved = put(campaign, "a.xlsx", minute=1, status=MISSPELT, result=None)
    book = openpyxl.load_workbook(moved)
    book["Phụ lục II"].insert_rows(7)
    book.save(moved)
    (faulty,) = collect(campaign).files
    told = answer(campaign)
    assert told.startswith("Báo cáo năm 2024 của Sở Tư pháp: còn 1 lỗi cần sửa\n")
    # where it is in the correction, not a row lower as in what came
    assert "- Phụ lục II, ô H10" in told
    assert "Phụ lục II, ô H11" in str(faulty.findings[0])
    assert "Hạn gửi: ngày 13/12/2024." in told
    (draft,) = campaign.drafts.iterdir()
    names = [p.get_filename() for p in parse(draft.read_bytes()).walk() if p.get_filename()]
    assert faulty.correction is not None
    assert names == [faulty.correction.name]
    assert f"mở tệp đính kèm {faulty.correction.name}" in told
    mend(
        faulty.correction, campaign.inbox / "b.xlsx", minute=2,
        status="Đã triển khai theo kế hoạch năm", result="Đã mở ba hội nghị, 90 lượt người.",
    )  # fmt: skip
    collect(campaign)
    assert "So với bản trước, quý cơ quan đã sửa 2 ô, không còn lỗi." in answer(campaign)
    put(campaign, "c.xlsx", minute=3, status="dang lam", result="Đã mở ba hội nghị, 90 lượt người.")
    collect(campaign)
    told = answer(campaign)
    assert "quý cơ quan đã sửa 1 ô, còn 1 lỗi." in told
    assert "Bản b.xlsx đã đạt trước đó vẫn được dùng" in told
    put(campaign, "d.xlsx", minute=4, status=None, result="Đã mở ba hội nghị, 90 lượt người.")
    collect(campaign)
    told = answer(campaign)
    assert "quý cơ quan đã để trống 1 ô mà bản trước đã ghi, còn 1 lỗi." in told
    assert "Bản b.xlsx đã đạt trước đó vẫn được dùng" in told


def test_an_accepted_return_with_something_to_look_at_is_told_so_without_a_correction(
    campaign: Campaign,
) -> None:
    put(campaign, "a.xlsx", minute=1)
    put(campaign, "b.xlsx", minute=2, result="Đã mở ba hội nghị, 90 lượt người.")
    # both were made from the form, so that the second is asked about
    collect(campaign)
    told = answer(campaign)
    assert "Có 1 chỗ không bắt buộc sửa nhưng đề nghị xem lại" in told
    assert "- Phụ lục II, ô L10" in told
    (draft,) = campaign.drafts.iterdir()
    assert not any(part.get_filename() for part in parse(draft.read_bytes()).walk())


def test_after_the_due_day_the_answer_says_so(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, status=MISSPELT)
    collect(campaign)
    (outcome,) = reply(campaign, today=dt.date(2024, 12, 20)).outcomes
    text = outcome.message.letter.text
    assert "Hạn gửi là ngày 13/12/2024, nay đã quá" in text
    assert "Hạn gửi: " not in text


def test_two_new_returns_of_an_agency_have_one_answer_which_names_both(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, status=MISSPELT)
    put(campaign, "b.xlsx", minute=2)
    collect(campaign)
    assert "Thư này trả lời cả các bản: a.xlsx (12/12/2024)." in answer(campaign)
    assert len(events(campaign, "replied")) == 2
    assert reply(campaign).outcomes == ()


def test_an_answer_to_a_letter_names_it_and_does_not_go_to_another_agency_s_sender(
    campaign: Campaign,
) -> None:
    drop(campaign, "a.eml", letter(part(workbook(campaign), ATTACHED), sender=mailed("sxd")))
    collect(campaign)
    postbox = Postbox()
    with Server(postbox) as server:
        replied = reply(with_server(campaign, server.port), wait=no_wait)
        assert replied.complete
        reply(campaign, wait=no_wait)
    ((to, data),) = postbox.arrived
    assert to == [mailed("stp")]
    (note,) = replied.notes
    assert note.endswith(f"Sở Tư pháp tới {mailed('sxd')}: địa chỉ của Sở Xây dựng.")
    message = parse(data)
    assert message["In-Reply-To"] == message["References"] == "<1@dot.example>"
    assert header(message, "Subject") == "Đã nhận báo cáo năm 2024 của Sở Tư pháp: đạt yêu cầu"
    assert [event.detail["state"] for event in events(campaign, "replied")] == ["sent"]


def test_what_was_copied_over_a_correction_is_not_sent(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, status=MISSPELT)
    (faulty,) = collect(campaign).files
    assert faulty.correction is not None
    shutil.copy(campaign.outgoing / "SXD-qd1165-2024.xlsx", faulty.correction)
    swapped = reply(campaign)
    assert swapped.outcomes == ()
    assert "không phải bản trả lại" in swapped.lacking["stp"]


def test_an_unreadable_file_beside_a_paper_is_answered(campaign: Campaign) -> None:
    paper = part(b"%PDF-1.7 x", disposition("filename=cv.pdf"), "application/pdf")
    word = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    drop(campaign, "a.eml", letter(paper, part(word, disposition("filename=bc.docx"))))
    assert len(collect(campaign).taken.papers) == 1
    assert "Chưa nhận được biểu" in answer(campaign)


def test_a_sender_who_is_not_listed_is_not_written_to_and_told(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    drop(campaign, "a.eml", letter(part(workbook(campaign), ATTACHED), sender="la@x.example"))
    collect(campaign)
    assert main(["reply", str(campaign.folder)]) == 0
    told = capsys.readouterr().out
    assert "Không trả lời la@x.example: địa chỉ chưa có trong danh sách liên hệ." in told
    (draft,) = campaign.drafts.iterdir()
    assert b"la@x.example" not in draft.read_bytes()


def test_a_letter_without_a_usable_file_is_answered_if_its_sender_is_listed(
    campaign: Campaign,
) -> None:
    rar = part(b"Rar!\x1a\x07\x01\0", disposition("filename=nop.rar"), "application/vnd.rar")
    drop(campaign, "a.eml", letter(rar))
    other = part(b"Rar!\x1a\x07\x01\1", disposition("filename=nop.rar"), "application/vnd.rar")
    drop(campaign, "b.eml", letter(other, sender="la@x.example", id="2"))
    drop(campaign, "c.eml", text_only("Cảm ơn."))
    drop(campaign, "d.eml", text_only("Tự động", Auto_Submitted="auto-replied"))
    collect(campaign)
    told = answer(campaign)
    assert told.startswith("Chưa nhận được biểu báo cáo năm 2024 của Sở Tư pháp\n")
    assert "đã nhận “Báo cáo nam 2024” ngày 12/12/2024" in told
    assert "- Đây là tệp nén, không phải là bảng tính. Đề nghị gửi tệp biểu .xlsx" in told
    again = reply(campaign)
    assert again.outcomes == ()
    unlisted, thanks = again.notes
    assert unlisted.startswith("Chưa trả lời thư “Báo cáo nam 2024” của la@x.example")
    assert unlisted.endswith("Địa chỉ chưa có trong danh sách liên hệ.")
    assert "Chưa trả lời thư “c.eml”" in thanks
    assert read_status(campaign).unclaimed == ("b.eml/nop.rar",)


def test_a_refused_answer_is_tried_again_and_a_sent_one_is_not(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1)
    collect(campaign)
    postbox = Postbox()
    postbox.refused[mailed("stp")] = "550 Unknown"
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        assert not reply(campaign, wait=no_wait).complete
        assert events(campaign, "replied") == []
        change_contacts(campaign, mailed("stp"), mailed("moi.stp"))
        assert reply(campaign, wait=no_wait).complete
        assert reply(campaign, wait=no_wait).outcomes == ()
    assert postbox.recipients == [mailed("moi.stp")]


def test_who_is_killed_between_sending_and_noting_it_does_not_send_twice(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(campaign, "a.xlsx", minute=1)
    collect(campaign)
    postbox = Postbox()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        with monkeypatch.context() as context:
            context.setattr("khreport.verbs.reply._enter", die)
            with pytest.raises(KeyboardInterrupt):
                reply(campaign, wait=no_wait)
        (outcome,) = reply(campaign, wait=no_wait).outcomes
        assert outcome.state == "before"
    assert len(postbox.arrived) == len(events(campaign, "replied")) == 1


def test_an_agency_without_address_or_correction_is_told(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, status=MISSPELT)
    (faulty,) = collect(campaign).files
    assert faulty.correction is not None
    kept = Path(shutil.copy(faulty.correction, campaign.folder / "giu.xlsx"))
    faulty.correction.unlink()
    lost: Replied = khreport.reply(campaign)
    assert "Không còn bản trả lại STP-qd1165-2024-can-sua" in lost.lacking["stp"]
    shutil.copy(kept, faulty.correction)
    change_contacts(campaign, mailed("stp"), "")
    assert "chưa có e-mail" in reply(campaign).lacking["stp"]
    assert events(campaign, "replied") == []


def test_a_dry_run_shows_and_does_nothing(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    put(campaign, "a.xlsx", minute=1)
    collect(campaign)
    before = campaign.ledger.read_bytes()
    assert main(["reply", str(campaign.folder), "--dry-run"]) == 0
    assert "1 thư, 1 thư sẽ ghi nháp. Đây là xem trước" in capsys.readouterr().out
    assert main(["reply", str(campaign.folder), "--dry-run", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["version"] == 1
    assert shown["letters"][0]["state"] == "waiting"
    assert campaign.ledger.read_bytes() == before
    assert not campaign.drafts.exists()


def test_a_return_that_waits_is_answered_when_it_was_unlocked(campaign: Campaign) -> None:
    close_at(campaign, dt.datetime(2024, 12, 12, 9, 0, tzinfo=ZONE))
    put(campaign, "a.xlsx", minute=1)
    collect(campaign)
    assert reply(campaign).outcomes == ()
    khreport.unlock(campaign, "STP", "Xin nộp bổ sung")
    collect(campaign)
    assert "đạt yêu cầu" in answer(campaign)


@pytest.mark.parametrize("name", [n for n in shipped_letters() if n.startswith("tra-loi")])
def test_the_texts_tell_the_officer_what_is_filled_in(name: str) -> None:
    text = shipped_letters()[name]
    comments = " ".join(line for line in text.splitlines() if line.startswith("#"))
    rest = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for field in set(re.findall(r"\{\w+\}", rest)):
        assert field in comments


def test_a_newer_answer_takes_the_place_of_an_older_draft(campaign: Campaign) -> None:
    rar = part(b"Rar!\x1a\x07\x01\0", disposition("filename=nop.rar"), "application/vnd.rar")
    drop(campaign, "a.eml", letter(rar))
    collect(campaign)
    answer(campaign)
    put(campaign, "a.xlsx", minute=1, status=MISSPELT)
    collect(campaign)
    answer(campaign)
    (draft,) = campaign.drafts.iterdir()
    draft.write_bytes(edited := draft.read_bytes() + b"\r\nadded\r\n")
    put(campaign, "b.xlsx", minute=2)
    collect(campaign)
    (outcome,) = reply(campaign).outcomes
    newer, kept = sorted(campaign.drafts.iterdir(), key=lambda path: len(path.name))
    assert b"Auto-Submitted" in newer.read_bytes()
    assert kept.read_bytes() == edited
    assert outcome.reason == f"bản nháp đã sửa tay được giữ ở {kept.name}"
    # one to a letter without a return leaves the answer to the return alone
    other = part(b"Rar!\x1a\x07\x01\1", disposition("filename=nop.rar"), "application/vnd.rar")
    drop(campaign, "b.eml", letter(other, id="2"))
    collect(campaign)
    answer(campaign)
    assert newer.exists()
    assert len(list(campaign.drafts.iterdir())) == 3


def test_an_edited_draft_that_a_newer_answer_stands_for_is_kept_and_named(
    campaign: Campaign,
) -> None:
    rar = part(b"Rar!\x1a\x07\x01\0", disposition("filename=nop.rar"), "application/vnd.rar")
    drop(campaign, "a.eml", letter(rar))
    collect(campaign)
    answer(campaign)
    (draft,) = campaign.drafts.iterdir()
    draft.write_bytes(edited := draft.read_bytes() + b"\r\nadded\r\n")
    put(campaign, "a.xlsx", minute=1)
    collect(campaign)
    (note,) = (n for n in reply(campaign).notes if "thư nháp" in n)
    kept = draft.with_name(f"{draft.stem}-da-sua-1.eml")
    assert note == (
        f"Sở Tư pháp: thư nháp {draft.name} đã sửa tay, nay không còn dùng, được giữ ở {kept.name}."
    )
    assert kept.read_bytes() == edited
    assert not draft.exists()


WAIVER = """[[waivers]]
agency = "stp"
rule = "PL2-05"
period = "2024"
reason = "Đã báo cáo bằng văn bản riêng"
by = "Trưởng phòng"
on = 2024-12-10
"""


@pytest.mark.parametrize("by_server", [False, True])
def test_a_return_that_a_waiver_lets_pass_after_its_answer_is_answered_anew(
    campaign: Campaign, *, by_server: bool
) -> None:
    put(campaign, "a.xlsx", minute=1, result=None)
    collect(campaign)
    postbox = Postbox()
    with Server(postbox) as server:
        served = with_server(campaign, server.port) if by_server else campaign
        (first,) = reply(served, wait=no_wait).outcomes
        assert "còn 1 lỗi cần sửa" in first.message.letter.subject
        campaign.waivers_file.write_text(WAIVER, encoding="utf-8")
        (mended,) = collect(campaign).files
        assert mended.accepted
        (anew,) = reply(served, wait=no_wait).outcomes
        assert anew.message.letter.subject.endswith("đạt yêu cầu")
        assert anew.message_id != first.message_id
        assert reply(served, wait=no_wait).outcomes == ()
    assert len(events(campaign, "replied")) == 2
    if by_server:
        assert len(postbox.arrived) == 2
    else:
        # the unsent draft gave way
        (draft,) = campaign.drafts.iterdir()
        assert header(parse(draft.read_bytes()), "Subject").endswith("đạt yêu cầu")
