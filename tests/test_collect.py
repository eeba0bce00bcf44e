"""What comes back by hand, in letters and in archives: drawn out, known by what it says."""

from __future__ import annotations

import datetime as dt
import io
import json
import os

import openpyxl
import pytest
from mail_round import list_contacts, mailed
from mailed_returns import (
    BY_PROGRAM,
    NAME,
    SENDER,
    blank,
    bounced,
    disposition,
    drop,
    forwarded,
    letter,
    part,
    text_only,
    words,
    workbook,
)
from small_campaign import put

from khreport.campaign import Campaign
from khreport.cli import main
from khreport.edges.ledger import Event, Ledger
from khreport.edges.store import stored_path, verified_path
from khreport.verbs.collect import Collected, collect

WINMAIL = b"\x78\x9f\x3e\x22" + bytes(40)
PDF = b"%PDF-1.7\n%made up\n"
ATTACHED = disposition(f'filename="{words(NAME)}"')


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """A campaign with somebody to write to at some agencies."""
    return list_contacts(campaign, ("stp", "sxd", "syt"))


def events(campaign: Campaign, kind: str) -> list[Event]:
    with Ledger(campaign.ledger) as ledger:
        return [event for event in ledger.events() if event.kind == kind]


def codes(collected: Collected) -> list[str]:
    return [f.code for file in collected.files for f in file.findings if f.blocks]


@pytest.mark.parametrize("program", BY_PROGRAM)
def test_a_return_is_drawn_out_of_a_letter_of_any_program_under_its_name(
    campaign: Campaign, program: str
) -> None:
    data = workbook(campaign)
    path = drop(campaign, "thu.eml", letter(part(data, BY_PROGRAM[program])))
    before = path.read_bytes()
    (checked,) = collect(campaign).files
    assert checked.accepted
    assert checked.submission.file == f"thu.eml/{NAME}"
    assert path.read_bytes() == before
    (received,) = events(campaign, "received")
    came = dt.datetime.fromisoformat(received.detail["came"])
    assert came == dt.datetime(2024, 12, 12, 2, 30, tzinfo=dt.UTC)
    mail = received.detail["mail"]
    assert (mail["senders"], mail["name"]) == ([SENDER], "Sở Tư pháp")
    assert (mail["subject"], mail["message_id"]) == ("Báo cáo nam 2024", "<1@dot.example>")
    assert verified_path(campaign.state / "store", mail["mail"]).read_bytes() == before
    assert collect(campaign).files == ()


def test_a_letter_forwarded_as_an_attachment_is_opened_and_both_senders_are_kept(
    campaign: Campaign,
) -> None:
    inner = letter(part(workbook(campaign), ATTACHED))
    drop(campaign, "chuyen.eml", forwarded(inner, sender="la@noikhac.example", id="2"))
    collected = collect(campaign)
    assert codes(collected) == []
    (received,) = events(campaign, "received")
    assert received.detail["mail"]["senders"] == ["la@noikhac.example", SENDER]
    assert received.detail["mail"]["message_id"] == "<2@dot.example>"
    assert collected.notes == ()


def test_a_letter_encoded_or_saved_inside_a_letter_is_opened(campaign: Campaign) -> None:
    inner = letter(part(workbook(campaign), ATTACHED))
    drop(campaign, "a.eml", letter(part(inner, "", "message/rfc822")))
    (checked,) = collect(campaign).files
    assert checked.accepted
    other = letter(part(workbook(campaign, result="Đã mở hội nghị."), ATTACHED))
    saved = disposition('filename="thu goc.eml"')
    drop(campaign, "b.eml", letter(part(other, saved, "application/octet-stream"), id="3"))
    assert [file.accepted for file in collect(campaign).files] == [True]


def test_several_attachments_of_one_name_are_all_judged_in_their_order(
    campaign: Campaign,
) -> None:
    drop(
        campaign,
        "thu.eml",
        letter(
            part(workbook(campaign, status="dang lam"), ATTACHED),
            part(workbook(campaign), ATTACHED),
            part(b"\x89PNG" + bytes(100), "\r\nContent-ID: <logo>", "image/png"),
            part(b"Kinh gui", disposition("filename=kinh-gui.txt"), "text/plain"),
        ),
    )
    collected = collect(campaign)
    assert [file.submission.file for file in collected.files] == [
        f"thu.eml/{NAME.replace('(1)', '(1) (2)')}", f"thu.eml/{NAME}",
    ]  # fmt: skip
    assert sorted(file.accepted for file in collected.files) == [False, True]
    (opened,) = events(campaign, "opened")
    assert opened.detail["left"] == ["khong-ten", "kinh-gui.txt"]


@pytest.mark.parametrize(
    ("name", "kind", "data", "code"),
    [
        ("winmail.dat", "application/ms-tnef", WINMAIL, "file.winmail"),
        ("nop.rar", "application/vnd.rar", b"Rar!\x1a\x07\x01\x00", "file.archive"),
        ("nop.7z", "application/x-7z-compressed", b"7z\xbc\xaf\x27\x1c", "file.archive"),
        ("bang.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(9), "file.not_workbook"),
        ("bc.docx", "application/msword", b"{\\rtf1}", "file.not_workbook"),
    ],
)
def test_what_is_attached_instead_of_a_workbook_is_told_in_a_sentence(
    campaign: Campaign, name: str, kind: str, data: bytes, code: str
) -> None:
    drop(campaign, "thu.eml", letter(part(data, disposition(f"filename={name}"), kind)))
    collected = collect(campaign)
    assert codes(collected) == [code]
    assert "đề nghị" in str(collected.files[0].findings[0]).lower()


def test_a_large_picture_in_the_text_is_told_and_a_small_one_is_an_ornament(
    campaign: Campaign,
) -> None:
    def shown(size: int) -> str:
        return part(b"\x89PNG" + bytes(size), "\r\nContent-ID: <a>", "image/png")

    drop(campaign, "a.eml", letter(shown(90_000)))
    drop(campaign, "b.eml", letter(shown(900), id="2"))
    assert sorted(codes(collect(campaign))) == ["file.mail_empty", "file.not_workbook"]


def test_a_letter_that_only_links_to_a_file_or_has_none_is_told(campaign: Campaign) -> None:
    drop(campaign, "a.eml", text_only("Xem https://drive.google.com/file/d/1x/view nhé"))
    drop(campaign, "b.eml", text_only("Đã gửi."))
    assert codes(collect(campaign)) == ["file.mail_links", "file.mail_empty"]


def test_an_automatic_answer_is_nobody_s_fault(campaign: Campaign) -> None:
    drop(campaign, "a.eml", text_only("Tôi đi công tác.", Auto_Submitted="auto-replied"))
    collected = collect(campaign)
    assert codes(collected) == []
    assert [each.opened.what for each in collected.taken.opened] == ["automatic"]
    assert collected.clean


def test_a_form_that_comes_back_as_it_went_out_is_no_return(campaign: Campaign) -> None:
    drop(campaign, "a.eml", letter(part(blank(campaign), ATTACHED)))
    assert codes(collect(campaign)) == ["file.untouched"]
    assert events(campaign, "received") == []


def test_a_bounce_is_entered_as_refused_and_its_form_is_no_return(campaign: Campaign) -> None:
    with Ledger(campaign.ledger) as ledger:
        detail = {"letter": "form", "about": "x", "message_id": "<form.1@dot.example>"}
        now = dt.datetime.now(dt.UTC)
        ledger.append("sent", "sxd", "", detail | {"to": [], "refused": {}}, now, "")
    data = bounced("ai.do@sxd.example", "<form.1@dot.example>", workbook(campaign))
    drop(campaign, "a.eml", data)
    drop(campaign, "b.eml", bounced(mailed("syt"), "<khac@dot.example>"))
    collected = collect(campaign)
    assert [(b.agency, b.address) for b in collected.taken.bounced] == [
        ("sxd", "ai.do@sxd.example"), ("syt", mailed("syt")),
    ]  # fmt: skip
    assert "550 5.1.1 Unknown mailbox" in collected.taken.bounced[0].said
    first, second = events(campaign, "refused")
    assert (first.agency, first.detail["letter"], first.detail["about"]) == ("sxd", "form", "x")
    assert (second.agency, second.detail["letter"]) == ("syt", "")
    assert events(campaign, "received") == []
    assert collect(campaign).taken.bounced == ()


def test_a_sender_whom_the_contact_list_lacks_is_noted_and_the_return_taken(
    campaign: Campaign,
) -> None:
    drop(campaign, "a.eml", letter(part(workbook(campaign), ATTACHED), sender="rieng@x.example"))
    collected = collect(campaign)
    assert codes(collected) == []
    (note,) = collected.notes
    assert note.code == "file.other_sender"
    assert "Sở Tư pháp đến từ rieng@x.example" in note.message
    assert all(note not in file.findings for file in collected.files)


def test_a_sender_who_is_another_agency_s_contact_is_named_as_that(campaign: Campaign) -> None:
    drop(campaign, "a.eml", letter(part(workbook(campaign), ATTACHED), sender=mailed("sxd")))
    (note,) = collect(campaign).notes
    assert f"đến từ {mailed('sxd')}, là địa chỉ của Sở Xây dựng." in note.message


def test_checking_the_round_tells_what_collecting_would(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    scan = part(PDF, disposition("filename=cong-van.pdf"), "application/pdf")
    data = part(workbook(campaign), ATTACHED)
    drop(campaign, "a.eml", letter(data, scan, sender="x@y.example"))
    drop(campaign, "b.eml", text_only("Cảm ơn.", Subject="Về biểu mẫu"))
    drop(campaign, "c.eml", bounced(mailed("syt"), "<ai@x.example>"))
    assert main(["check", str(campaign.folder)]) == 1
    told = capsys.readouterr().out
    assert "Đã mở 2 thư của các cơ quan." in told
    assert "Văn bản đã ký của Sở Tư pháp: a.eml/cong-van.pdf" in told
    assert f"Thư không tới được địa chỉ {mailed('syt')} của Sở Y tế" in told
    assert "Cần xem lại: Bản nộp của Sở Tư pháp đến từ x@y.example" in told
    assert f"b.eml (thư của {SENDER}, “Về biểu mẫu”): không có tệp dùng được" in told
    assert "Đã kiểm tra 1 tệp: 1 đạt, 0 chưa đạt." in told


def test_a_file_that_is_put_into_the_inbox_again_is_told_once(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(campaign, "a.xlsx", minute=1)
    collect(campaign)
    assert collect(campaign).taken.again == ()
    put_again = path.stat().st_mtime + 3 * 24 * 3600
    os.utime(path, (put_again, put_again))
    assert main(["collect", str(campaign.folder)]) == 0
    told = capsys.readouterr().out
    assert "Đã nhận ngày 12/12/2024, không kiểm tra lại: a.xlsx" in told
    assert collect(campaign).taken.again == ()
    assert [event.detail["came"][:10] for event in events(campaign, "duplicate")] == ["2024-12-15"]


def test_the_same_return_by_another_way_is_a_duplicate(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1)
    collect(campaign)
    data = (campaign.inbox / "a.xlsx").read_bytes()
    drop(campaign, "a (1).xlsx", data)
    drop(campaign, "thu.eml", letter(part(data, ATTACHED)))
    assert collect(campaign).files == ()
    collect(campaign)
    assert [(e.agency, e.detail["file"]) for e in events(campaign, "duplicate")] == [
        ("stp", f"thu.eml/{NAME}"), ("stp", "a (1).xlsx"),
    ]  # fmt: skip
    assert len(events(campaign, "accepted")) == 1


def test_what_changed_between_two_returns_is_kept_cell_by_cell(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, status="dang lam")
    put(campaign, "b.xlsx", minute=2, result="Đã mở ba hội nghị.")
    collect(campaign)
    first, second = events(campaign, "checked")
    assert "changed" not in first.detail
    assert (second.detail["since"], second.detail["changed"]) == (first.submission, 2)
    kept = verified_path(campaign.state / "store", second.detail["account"])
    changes = json.loads(kept.read_text(encoding="utf-8"))["changes"]
    assert [(c["cell"], c["before"], c["after"]) for c in changes] == [
        ("H10", "dang lam", "Đã triển khai theo kế hoạch năm"),
        ("L10", "Đã quán triệt đến 100% đảng viên, công chức của Sở.", "Đã mở ba hội nghị."),
    ]


def test_two_people_s_parts_are_not_merged_but_asked_about(campaign: Campaign) -> None:
    first = workbook(campaign)
    second = workbook(campaign, result="Đã mở bốn hội nghị.")
    drop(campaign, "a.eml", letter(part(first, ATTACHED)))
    collect(campaign)
    drop(campaign, "b.eml", letter(part(second, ATTACHED), sender="nguoi.hai@dot.example", id="2"))
    (checked,) = collect(campaign).files
    assert [(f.code, str(f.cell)) for f in checked.findings if "Bản trước" in f.message] == [
        ("cell.differs", "L10")
    ]


def test_of_a_secret_file_in_a_letter_nothing_stays(campaign: Campaign) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(campaign)))
    book["Phụ lục II"]["L10"].value = "TỐI MẬT"
    with io.BytesIO() as file:
        book.save(file)
        drop(campaign, "a.eml", letter(part(file.getvalue(), ATTACHED)))
    collected = collect(campaign)
    assert codes(collected) == ["file.secret"]
    (opened,) = events(campaign, "opened")
    (received,) = events(campaign, "received")
    for kept in (opened.submission, received.submission):
        assert not stored_path(campaign.state / "store", kept).exists()


def test_the_commands_tell_and_print_json(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    drop(campaign, "a.eml", letter(part(workbook(campaign), ATTACHED), sender="x@y.example"))
    drop(campaign, "b.eml", text_only("Tự động", Auto_Submitted="auto-replied"))
    assert main(["collect", str(campaign.folder)]) == 0
    told = capsys.readouterr().out
    assert "Đã mở 1 thư của các cơ quan." in told
    assert f"a.eml/{NAME} (Sở Tư pháp): đạt" in told
    assert "Cần xem lại: Bản nộp của Sở Tư pháp đến từ x@y.example" in told
    assert main(["close", str(campaign.folder)]) == 0
    drop(
        campaign,
        "c.eml",
        letter(
            part(workbook(campaign, result="Đã mở bốn hội nghị, 120 lượt người dự."), ATTACHED),
            id="4",
            # a day that is not yet counts as today
        ).replace(b"12 Dec 2024", b"12 Dec 2099"),
    )
    assert main(["collect", str(campaign.folder), "--json"]) == 1
    shown = json.loads(capsys.readouterr().out.partition('LÝ DO"\n')[2])
    assert shown["version"] == 1
    assert shown["waiting"] == [{"agency": "stp", "file": f"c.eml/{NAME}"}]
    assert main(["unlock", str(campaign.folder), "Sở Tu pháp", "--reason", "Thử"]) == 2
    assert "Có phải “Sở Tư pháp”?" in capsys.readouterr().err
    assert main(["unlock", str(campaign.folder), "Sở Tư pháp", "--reason", "Thử"]) == 0
    assert main(["collect", str(campaign.folder)]) == 0


def test_a_copy_of_a_letter_that_was_opened_is_told_once(campaign: Campaign) -> None:
    first = drop(campaign, "thu.eml", letter(part(workbook(campaign), ATTACHED)))
    assert collect(campaign).taken.again == ()
    assert collect(campaign).taken.again == ()
    drop(campaign, "ban-sao.eml", first.read_bytes())
    (copy,) = collect(campaign).taken.again
    assert (copy.name, copy.since is not None) == ("ban-sao.eml", True)
    assert collect(campaign).taken.again == ()
