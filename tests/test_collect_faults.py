"""What is odd, lost or secret among what comes back: told, kept apart, and never in the way."""

from __future__ import annotations

import datetime as dt
import io
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from mail_round import list_contacts
from mailed_returns import NAME, disposition, drop, letter, part, words, workbook, zipped
from small_campaign import accepted_file, put

from khreport.campaign import Campaign
from khreport.edges.folder import open_campaign
from khreport.edges.ledger import Ledger, now
from khreport.edges.mailbox import Envelope, Mailbox
from khreport.edges.store import store_bytes, stored_path
from khreport.raw import Limits
from khreport.verbs import take_in
from khreport.verbs.collect import Collected, collect
from khreport.verbs.fetch import _take_letters as take_letters
from khreport.verbs.opening import Ours, open_letter
from khreport.verbs.progress import be_silent
from khreport.verbs.rebuild import rebuild_ledger
from khreport.verbs.reply import reply
from khreport.verbs.status import read_status
from khreport.verbs.templates import write_templates

ATTACHED = disposition(f'filename="{words(NAME)}"')
RAR = part(b"Rar!\x1a\x07\x00" + b"x" * 99, disposition("filename=them.rar"), "application/x-rar")


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    return list_contacts(campaign, ("stp", "sxd"))


def secret(campaign: Campaign) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook(campaign)))
    book["Phụ lục II"]["S10"].value = "TỐI MẬT"
    with io.BytesIO() as file:
        book.save(file)
        return file.getvalue()


def fetched(campaign: Campaign, data: bytes) -> str:
    """The id of a letter that was taken from a mailbox."""
    with Ledger(campaign.ledger) as ledger:
        digest = store_bytes(campaign.state / "store", data)
        detail = {
            "file": "thư 1", "came": "2024-12-12T09:00:00+07:00",
            "mailbox": "u@h/INBOX", "validity": 1, "uid": 1,
        }  # fmt: skip
        ledger.append("fetched", "", digest, detail, now(), "")
    return digest


def large(campaign: Campaign) -> list[int]:
    """The sizes of stored files that are no accounts."""
    files = (file for file in (campaign.state / "store").rglob("*") if file.is_file())
    return [file.stat().st_size for file in files if not file.read_bytes().startswith(b"{")]


def codes(collected: Collected) -> list[str]:
    return [finding.code for file in collected.files for finding in file.findings]


def noted(collected: Collected) -> list[str]:
    return [note.code for note in collected.notes]


def test_a_secret_file_that_comes_again_does_not_stay(campaign: Campaign) -> None:
    marked = secret(campaign)
    drop(campaign, "1.eml", letter(part(marked, ATTACHED), id="1"))
    assert codes(collect(campaign)) == ["file.secret"]
    drop(campaign, "2.eml", letter(part(marked, ATTACHED), id="2"))
    again = collect(campaign)
    assert [item.name for item in again.taken.again] == [f"2.eml/{NAME}"]
    assert large(campaign) == []


def test_what_is_secret_goes_only_after_the_verdict_is_entered(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    fetched(campaign, letter(part(secret(campaign), ATTACHED)))
    with monkeypatch.context() as patch:
        patch.setattr(take_in, "enter_bounces", stop)
        with pytest.raises(KeyboardInterrupt):
            collect(campaign)
    assert codes(collect(campaign)) == ["file.secret"]
    assert large(campaign) == []


def test_a_secret_file_that_is_gone_keeps_none_beside_it_from_being_read(
    campaign: Campaign,
) -> None:
    drop(campaign, "d/s.xlsx", secret(campaign))
    collect(campaign)
    drop(campaign, "d/cv.pdf", b"%PDF-1.4 x")
    (file,) = collect(campaign).files
    assert file.submission.file == "d/cv.pdf"


def test_a_stored_letter_that_was_lost_keeps_nothing_else_from_being_read(
    campaign: Campaign,
) -> None:
    lost = fetched(campaign, letter(part(workbook(campaign), ATTACHED)))
    stored_path(campaign.state / "store", lost).unlink()
    put(campaign, "b.xlsx", minute=1)
    assert codes(collect(campaign)) == ["file.lost"]
    assert accepted_file(campaign) == "b.xlsx"


def test_an_older_return_never_displaces_a_newer_one(campaign: Campaign) -> None:
    put(campaign, "moi.xlsx", minute=100)
    collect(campaign)
    put(campaign, "cu.xlsx", minute=1, result="Bản cũ, gửi trước bản kia một giờ.")
    assert noted(collect(campaign)) == ["file.older"]
    assert accepted_file(campaign) == "moi.xlsx"


def test_an_older_faulty_return_is_not_the_latest(campaign: Campaign) -> None:
    put(campaign, "moi.xlsx", minute=100, status="dang lam", cause=None)
    collect(campaign)
    errors = read_status(campaign, agencies=["stp"]).agencies[0].errors
    put(campaign, "cu.xlsx", minute=1, status="dang lam")
    assert noted(collect(campaign)) == ["file.older"]
    (stp,) = read_status(campaign, agencies=["stp"]).agencies
    assert (stp.file, stp.errors) == ("moi.xlsx", errors)
    (outcome,) = reply(campaign).outcomes
    assert "moi.xlsx" in outcome.message.letter.text


def test_a_correction_that_was_lost_or_overwritten_is_drawn_again(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, status="dang lam")
    (faulty,) = collect(campaign).files
    assert faulty.correction is not None
    faulty.correction.unlink()
    assert "khreport collect" in reply(campaign).lacking["stp"]
    collect(campaign)
    shutil.copy(campaign.outgoing / "SXD-qd1165-2024.xlsx", faulty.correction)
    collect(campaign)
    (outcome,) = reply(campaign).outcomes
    assert [path.name for path in outcome.message.attachments] == [faulty.correction.name]
    assert len(list(campaign.corrections.iterdir())) == 2


def test_a_return_to_unknown_forms_that_was_moved_is_judged_once_they_are_known(
    campaign: Campaign, tmp_path: Path
) -> None:
    other = Campaign(tmp_path / "other", campaign.settings)
    shutil.copytree(campaign.folder, other.folder)
    settings = (campaign.folder / "khreport.toml").read_text(encoding="utf-8")
    settings = settings.replace("due = 2024-12-13", "due = 2024-12-16")
    (other.folder / "khreport.toml").write_text(settings, encoding="utf-8")
    write_templates(open_campaign(other.folder))
    came = put(other, "a.xlsx", minute=1)
    came.rename(campaign.inbox / "a.xlsx")
    assert codes(collect(campaign)) == ["file.unknown_edition"]
    (campaign.inbox / "a.xlsx").unlink()
    assert collect(campaign).files == ()
    (campaign.folder / "khreport.toml").write_text(settings, encoding="utf-8")
    campaign = open_campaign(campaign.folder)
    write_templates(campaign)
    (file,) = collect(campaign).files
    assert file.accepted
    assert collect(campaign).files == ()


def test_what_came_beside_a_return_is_noted(campaign: Campaign) -> None:
    link = "Xem thêm https://drive.google.com/file/d/abc"
    drop(campaign, "a.eml", letter(part(workbook(campaign), ATTACHED), RAR, text=link))
    collected = collect(campaign)
    assert accepted_file(campaign) == f"a.eml/{NAME}"
    assert noted(collected) == ["file.beside", "file.links_beside"]


def test_a_letter_in_an_archive_is_opened(campaign: Campaign) -> None:
    drop(campaign, "a.zip", zipped({"t.eml": letter(part(workbook(campaign), ATTACHED))}))
    (file,) = collect(campaign).files
    assert file.accepted


def test_a_letter_is_read_with_the_mark_that_notepad_writes(campaign: Campaign) -> None:
    drop(campaign, "a.eml", b"\xef\xbb\xbf" + letter(part(workbook(campaign), ATTACHED)))
    (file,) = collect(campaign).files
    assert file.accepted


def opened(data: bytes, sender: str = "tonghop@dot.example") -> tuple[str, list[str]]:
    ours = Ours(addresses=frozenset({sender}), letters=frozenset(), files=frozenset())
    found = open_letter(data, Limits(), ours)
    return found.what, [code for _, code in found.told]


def test_only_a_letter_of_ours_that_says_nothing_is_passed_over() -> None:
    own = "tonghop@dot.example"
    assert opened(letter(sender=own)) == ("own", [])
    link = letter(sender=own, text="https://drive.google.com/file/d/abc")
    assert opened(link) == ("letter", ["file.mail_links"])


def test_nobody_s_address_is_ours(campaign: Campaign) -> None:
    drop(campaign, "a.eml", letter(text="Kính gửi.").replace(b"From:", b"X-From:"))
    assert [each.opened.what for each in collect(campaign).taken.opened] == ["letter"]


def test_an_automatic_answer_with_a_picture_is_one() -> None:
    picture = part(b"\x89PNG" + b"x" * 90_000, "\r\nContent-ID: <x>", "image/png")
    assert opened(letter(picture, more="Auto-Submitted: auto-replied\r\n")) == ("automatic", [])


def test_many_archives_in_a_letter_have_one_limit() -> None:
    archives = [
        part(zipped({f"{n}.xls": b"x" * 900_000}), disposition(f"filename={n}.zip"))
        for n in range(3)
    ]
    ours = Ours(addresses=frozenset(), letters=frozenset(), files=frozenset())
    found = open_letter(letter(*archives), Limits(inflated_mb=2), ours)
    assert [piece.name for piece in found.files] == ["0.zip/0.xls", "1.zip/1.xls"]
    assert found.told == (("2.zip", "file.archive_large"),)


def test_a_day_is_a_day_in_vietnam(campaign: Campaign) -> None:
    path = put(campaign, "a.xlsx", minute=1)
    night = dt.datetime(2024, 12, 13, 23, 0, tzinfo=dt.UTC).timestamp()
    os.utime(path, (night, night))
    (file,) = collect(campaign).files
    assert file.received is not None
    assert file.received.isoformat() == "2024-12-14T06:00:00+07:00"


def test_a_rebuilt_ledger_knows_when_the_forms_were_made(campaign: Campaign) -> None:
    (edition,) = (campaign.state / "editions").glob("*.json")
    made = dt.datetime(2024, 12, 1, 8, 0, tzinfo=dt.UTC)
    os.utime(edition, (made.timestamp(), made.timestamp()))
    for file in (campaign.ledger, campaign.ledger.with_suffix(".jsonl")):
        file.unlink()
    rebuild_ledger(campaign)
    with Ledger(campaign.ledger) as ledger:
        (prepared,) = ledger.events("prepared")
    assert prepared.at == made


def test_a_due_day_off_lasts_until_the_next_that_is_worked(campaign: Campaign) -> None:
    settings = campaign.folder / "khreport.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("due = 2024-12-13", "due = 2024-12-14"), encoding="utf-8")
    campaign = open_campaign(campaign.folder)
    write_templates(campaign)
    put(campaign, "a.xlsx", minute=4 * 24 * 60)
    collect(campaign)
    monday = dt.date(2024, 12, 16)
    (stp,) = read_status(campaign, monday, agencies=["stp"]).agencies
    (sxd,) = read_status(campaign, monday, agencies=["sxd"]).agencies
    assert (stp.days_late, stp.time_words) == (0, "đúng hạn")
    assert (sxd.time_words, "overdue" in sxd.tags) == ("hạn hôm nay", False)


class _Odd(Mailbox):
    """A mailbox whose server says this."""

    def __init__(self, *said: bytes) -> None:
        self._said = said

    def _ask(self, command: str, *arguments: str) -> list[bytes]:  # noqa: ARG002 - as it is called
        return list(self._said)


@pytest.mark.parametrize("said", [b"", b" INTERNALDATE NIL", b' INTERNALDATE "00-Jan-0000 0 +0"'])
def test_a_letter_without_a_day_of_the_server_s_is_known(said: bytes) -> None:
    assert _Odd(b"1 (UID 7 RFC822.SIZE 10" + said + b")").describe([7]) == [(7, 10, None)]


def test_a_letter_that_the_server_quotes_is_read_and_one_that_it_withholds_is_none() -> None:
    assert _Odd(rb'1 (UID 7 BODY[] "From: \"a\" <a@b.example>")').read(7) == (
        b'From: "a" <a@b.example>'
    )
    assert _Odd(b"1 (UID 7 BODY[] NIL)").read(7) is None


class _Withholding(_Odd):
    validity = 1

    def list_since(self, day: dt.date) -> list[int]:  # noqa: ARG002 - as it is called
        return [7, 8]

    def describe(self, uids: Sequence[int]) -> list[Envelope]:  # noqa: ARG002 - as it is called
        return [Envelope(7, 10, None)]

    def list_marked(self) -> set[int]:
        return {7}


def test_each_letter_that_was_not_given_is_told(campaign: Campaign) -> None:
    with Ledger(campaign.ledger) as ledger:
        found = take_letters(campaign, ledger, _Withholding(), be_silent)
    assert [(f.code, f.file) for f in found.refused] == [
        ("file.mail_unread", "thư 8"),
        ("file.mail_unread", "thư 7"),
    ]
