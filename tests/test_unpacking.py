"""Archives and letters in one another: opened down to the returns in them, within limits."""

from __future__ import annotations

import pytest
from mail_round import list_contacts
from mailed_returns import disposition, drop, letter, part, workbook, zipped
from test_collect import codes

from khreport.campaign import Campaign
from khreport.verbs.collect import collect
from khreport.verbs.reply import reply
from khreport.verbs.status import read_status


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """A campaign with somebody to write to at some agencies."""
    return list_contacts(campaign, ("stp", "sxd", "syt"))


def nested(depth: int, files: dict[str, bytes]) -> bytes:
    """An archive in an archive, so many in all."""
    data = zipped(files)
    for _ in range(depth - 1):
        data = zipped({"trong.zip": data})
    return data


def test_an_archive_is_opened_in_the_inbox_and_in_a_letter_two_deep(campaign: Campaign) -> None:
    litter = {"__MACOSX/._a.xlsx": b"x", ".DS_Store": b"x", "ghi chu.txt": b"x"}
    drop(campaign, "nop.zip", zipped({"Sở/biểu.xlsx": workbook(campaign), **litter}))
    (checked,) = collect(campaign).files
    assert checked.accepted
    assert checked.submission.file == "nop.zip/Sở/biểu.xlsx"
    deep = zipped({"trong.zip": zipped({"b.xlsx": workbook(campaign, result="Đã xong.")})})
    drop(campaign, "thu.eml", letter(part(deep, disposition("filename=a.zip"), "application/zip")))
    (checked,) = collect(campaign).files
    assert checked.submission.file == "thu.eml/a.zip/trong.zip/b.xlsx"
    assert collect(campaign).files == ()


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({f"{n}.txt": b"x" for n in range(501)}, "file.archive_large"),
        ({"a.xlsx": bytes(26 * 2**20)}, "file.archive_large"),
        ({f"{n}.xlsx": bytes(20 * 2**20) for n in range(8)}, "file.archive_large"),
        ({"anh.jpg": b"\xff\xd8\xff"}, "file.archive_empty"),
        ({"a.zip": nested(5, {"c.xlsx": b"x"})}, "file.archive_large"),
    ],
)
def test_an_archive_that_holds_too_much_or_nothing_is_told_once(
    campaign: Campaign, files: dict[str, bytes], code: str
) -> None:
    drop(campaign, "nop.zip", zipped(files))
    assert codes(collect(campaign)) == [code]
    assert collect(campaign).files == ()


def test_archives_and_letters_in_one_another_are_opened(campaign: Campaign) -> None:
    drop(campaign, "nop.zip", nested(3, {"c.xlsx": workbook(campaign)}))
    (checked,) = collect(campaign).files
    assert checked.accepted
    assert checked.submission.file == "nop.zip/trong.zip/trong.zip/c.xlsx"
    inner = zipped({"d.xlsx": workbook(campaign, result="Đã mở ba hội nghị.")})
    sent = letter(part(inner, disposition("filename=a.zip"), "application/zip"))
    drop(campaign, "thu.zip", zipped({"thu.eml": sent}))
    (checked,) = collect(campaign).files
    assert checked.submission.file == "thu.zip/thu.eml/a.zip/d.xlsx"


def test_what_lies_too_deep_is_told_beside_what_was_opened(campaign: Campaign) -> None:
    deep = nested(5, {"c.xlsx": b"x"})
    drop(campaign, "nop.zip", zipped({"b.xlsx": workbook(campaign), "a.zip": deep}))
    collected = collect(campaign)
    assert codes(collected) == ["file.archive_large"]
    assert [file.submission.file.count(".zip") for file in collected.files] == [6, 1]


def test_an_entry_without_a_name_does_not_hide_the_others(campaign: Campaign) -> None:
    data = zipped({"trong.txt": b"x", "../../bieu.xlsx": workbook(campaign)})
    drop(campaign, "nop.zip", data.replace(b"trong.txt", b"\0rong.txt"))
    assert [file.submission.file for file in collect(campaign).files] == ["nop.zip/bieu.xlsx"]


def locked(files: dict[str, bytes]) -> bytes:
    """An archive whose first file has a password."""
    data = bytearray(zipped(files))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def test_an_archive_with_a_password_is_told(campaign: Campaign) -> None:
    drop(campaign, "nop.zip", locked({"a.xlsx": b"x" * 50}))
    assert codes(collect(campaign)) == ["file.archive_locked"]
    assert read_status(campaign).unclaimed == ("nop.zip",)


def test_a_return_beside_a_locked_archive_is_taken_and_its_answer_tells_of_it(
    campaign: Campaign,
) -> None:
    files = {"bieu.xlsx": workbook(campaign), "phu-luc.zip": locked({"a.txt": b"x" * 50})}
    drop(campaign, "goi.zip", zipped(files))
    collected = collect(campaign)
    assert [(file.submission.file, file.state) for file in collected.files] == [
        ("goi.zip/phu-luc.zip", "unreadable"),
        ("goi.zip/bieu.xlsx", "accepted"),
    ]
    assert read_status(campaign).unclaimed == ("goi.zip/phu-luc.zip",)
    (outcome,) = reply(campaign).outcomes
    assert "phu-luc.zip" in outcome.message.letter.text
    assert read_status(campaign).unclaimed == ()


def test_an_answer_tells_of_a_locked_archive_in_the_same_letter(campaign: Campaign) -> None:
    beside = part(locked({"a.txt": b"x" * 50}), disposition("filename=khoa.zip"), "application/zip")
    own = part(workbook(campaign), disposition("filename=bieu.xlsx"))
    drop(campaign, "thu.eml", letter(own, beside))
    collect(campaign)
    (outcome,) = reply(campaign).outcomes
    assert "chưa mở được tệp gửi kèm khoa.zip" in outcome.message.letter.text
