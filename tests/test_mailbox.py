"""Returns out of a real mailbox: taken once, marked, never deleted, whatever goes wrong."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import imap_server
import pytest
from imap_server import HOST, PASSWORD, USER, Dovecot
from mail_round import list_contacts
from mailed_returns import disposition, drop, letter, part, text_only, words, workbook
from small_campaign import put

from khreport.campaign import Campaign
from khreport.cli import main
from khreport.dates import ZONE
from khreport.edges.folder import open_campaign
from khreport.edges.ledger import Event, Ledger
from khreport.edges.mailbox import Mailbox
from khreport.errors import CampaignError
from khreport.verbs.collect import collect

NAME = "Báo cáo của Sở Tư pháp (1).xlsx"
ATTACHED = disposition(f'filename="{words(NAME)}"')
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    # not below a folder that only we may enter: parts of the server run as others
    folder = Path(tempfile.mkdtemp(prefix="khreport-imap-"))
    folder.chmod(0o755)
    try:
        server, process = imap_server.start(folder)
        yield server
        process.terminate()
        process.wait(timeout=20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


numbers = count(1)


@pytest.fixture
def box(dovecot: Dovecot) -> str:
    """The name of an empty folder of the mailbox."""
    name = f"Nop-{next(numbers)}"
    with dovecot.connect() as server:
        server.create(name)
    return name


@pytest.fixture
def campaign(
    campaign: Campaign, dovecot: Dovecot, box: str, monkeypatch: pytest.MonkeyPatch
) -> Campaign:
    """A campaign whose returns come into that folder."""
    monkeypatch.setenv("KHREPORT_IMAP_PASSWORD", PASSWORD)
    return with_mailbox(list_contacts(campaign, ("stp", "sxd")), dovecot, box)


def with_mailbox(campaign: Campaign, server: Dovecot, box: str, **more: str | int) -> Campaign:
    lines = {"host": HOST, "port": server.port, "security": "none", "user": USER, "folder": box}
    path = campaign.folder / "khreport.toml"
    text = path.read_text(encoding="utf-8").partition("\n[imap]")[0] + "\n[imap]\n"
    text += "".join(f"{key} = {json.dumps(value)}\n" for key, value in (lines | more).items())
    path.write_text(text, encoding="utf-8")
    return open_campaign(campaign.folder)


def events(campaign: Campaign, kind: str) -> list[Event]:
    with Ledger(campaign.ledger) as ledger:
        return [event for event in ledger.events() if event.kind == kind]


def returned(campaign: Campaign, id: str = "1", **changes: str | None) -> bytes:  # noqa: A002
    return letter(part(workbook(campaign, **changes), ATTACHED), id=id)


def test_letters_are_taken_once_marked_and_left_where_they_are(
    campaign: Campaign, dovecot: Dovecot, box: str
) -> None:
    came = NOW - dt.timedelta(minutes=7)
    dovecot.deliver(returned(campaign), came, box)
    dovecot.deliver(text_only("Xin chào."), came, box)
    collected = collect(campaign)
    assert (collected.fetched, collected.fault) == (2, "")
    assert [file.agency_name for file in collected.files if file.accepted] == ["Sở Tư pháp"]
    (received,) = events(campaign, "received")
    assert dt.datetime.fromisoformat(received.detail["came"]) == came
    assert received.detail["file"].endswith(f"/{NAME}")
    flags = dovecot.flags(box)
    assert len(flags) == 2
    assert all("$khreport" in each and "\\Seen" not in each for each in flags)
    again = collect(campaign)
    assert (again.fetched, again.files) == (0, ())


def test_what_came_before_the_forms_went_out_is_not_taken(
    campaign: Campaign, dovecot: Dovecot, box: str
) -> None:
    dovecot.deliver(text_only("Thư cũ."), NOW - dt.timedelta(days=9), box)
    assert collect(campaign).fetched == 0
    assert "$khreport" not in dovecot.flags(box)[0]


def test_a_letter_of_the_first_morning_is_taken_from_a_server_behind_our_day(
    campaign: Campaign, dovecot: Dovecot, box: str
) -> None:
    """One o'clock here is the day before for a server that counts by UTC."""
    morning = NOW.astimezone(ZONE).replace(hour=1, minute=0)
    dovecot.deliver(returned(campaign), morning, box)
    assert collect(campaign).fetched == 1


def test_a_letter_is_known_by_its_number_and_not_by_its_mark(
    campaign: Campaign, dovecot: Dovecot, box: str
) -> None:
    dovecot.deliver(returned(campaign), NOW, box)
    collect(campaign)
    with dovecot.connect(box) as server:
        server.store("1", "-FLAGS", "($khreport)")
    assert collect(campaign).fetched == 0
    assert "$khreport" in dovecot.flags(box)[0]
    dovecot.deliver(returned(campaign, "2", result="Đã mở ba hội nghị, 90 lượt người."), NOW, box)
    with dovecot.connect(box) as server:
        server.store("2", "+FLAGS", "(\\Seen)")
    collected = collect(campaign)
    assert (collected.fetched, len(collected.files)) == (1, 1)


def test_a_folder_made_anew_is_read_anew_and_nothing_is_doubled(
    campaign: Campaign, dovecot: Dovecot, box: str
) -> None:
    data = returned(campaign)
    dovecot.deliver(data, NOW, box)
    collect(campaign)
    with dovecot.connect() as server:
        server.delete(box)
        server.create(box)
    dovecot.deliver(data, NOW, box)
    collected = collect(campaign)
    assert collected.files == ()
    assert len(events(campaign, "accepted")) == len(events(campaign, "opened")) == 1


def test_a_line_that_goes_dead_keeps_what_was_taken_and_the_next_run_goes_on(
    campaign: Campaign, dovecot: Dovecot, box: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        result = f"Đã mở {number + 2} hội nghị, 90 lượt người."
        dovecot.deliver(returned(campaign, str(number), result=result), NOW, box)
    read, seen = Mailbox.read, []

    def go_dead(mailbox: Mailbox, uid: int) -> bytes | None:
        seen.append(uid)
        if len(seen) == 3:
            mailbox._server.shutdown()  # noqa: SLF001 - as a broken line would
        return read(mailbox, uid)

    monkeypatch.setattr(Mailbox, "read", go_dead)
    collected = collect(campaign)
    assert "mất kết nối" in collected.fault
    assert (collected.fetched, len(collected.files)) == (2, 2)
    assert not collected.clean
    rest = collect(campaign)
    assert (rest.fetched, len(rest.files), rest.fault) == (2, 2, "")
    assert len(events(campaign, "fetched")) == 4
    assert all("$khreport" in each for each in dovecot.flags(box))


def test_a_run_that_is_stopped_before_the_check_checks_the_next_time(
    campaign: Campaign, dovecot: Dovecot, box: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(returned(campaign), NOW, box)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr("khreport.verbs.take_in.judge_files", stop)
        with pytest.raises(KeyboardInterrupt):
            collect(campaign)
    assert len(events(campaign, "fetched")) == 1
    assert [file.accepted for file in collect(campaign).files] == [True]


def test_a_letter_that_is_too_large_is_told_and_left_for_the_officer(
    campaign: Campaign, dovecot: Dovecot, box: str
) -> None:
    path = campaign.folder / "khreport.toml"
    text = path.read_text(encoding="utf-8").replace("\n[imap]", "\n[limits]\nfile_mb = 0.1\n[imap]")
    path.write_text(text, encoding="utf-8")
    data = letter(part(bytes(500_000), ATTACHED))
    dovecot.deliver(data, NOW, box)
    collected = collect(open_campaign(campaign.folder))
    (note,) = collected.notes
    assert note.code == "file.mail_large"
    assert "lớn hơn 0,4 MB" in str(note)
    assert not collected.clean
    assert "$khreport" not in dovecot.flags(box)[0]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_its_own_is_trusted_when_it_is_named(
    campaign: Campaign, dovecot: Dovecot, box: str, security: str
) -> None:
    dovecot.deliver(returned(campaign), NOW, box)
    port = dovecot.tls_port if security == "tls" else dovecot.port
    campaign = with_mailbox(campaign, dovecot, box, security=security, port=port)
    assert "Không tin được chứng thư" in collect(campaign).fault
    shutil.copy(dovecot.certificate, campaign.folder / "ca.pem")
    campaign = with_mailbox(campaign, dovecot, box, security=security, port=port, ca_file="ca.pem")
    collected = collect(campaign)
    assert (collected.fetched, collected.fault) == (1, "")


def test_a_folder_with_a_vietnamese_name_is_found(
    campaign: Campaign, dovecot: Dovecot, box: str
) -> None:
    coded = '"B&AOE-o c&AOE-o &- &Hqk-n"'  # as RFC 3501 writes it
    with dovecot.connect() as server:
        server.rename(box, coded)
    dovecot.deliver(text_only("Xin chào."), NOW, coded)
    assert collect(with_mailbox(campaign, dovecot, "Báo cáo & ẩn")).fetched == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"port": 9}, "Không kết nối được với máy chủ nhận thư 127.0.0.1, cổng 9"),
        ({"folder": "Khong co"}, "Hộp thư không có thư mục “Khong co”"),
        ({"user": "khac"}, "không nhận tên đăng nhập hoặc mật khẩu"),
        ({"ca_file": "thieu.pem", "security": "tls"}, "Không đọc được chứng thư “thieu.pem”"),
    ],
)
def test_what_keeps_us_out_is_told_and_the_inbox_is_taken_in_nevertheless(
    campaign: Campaign, dovecot: Dovecot, box: str, change: dict[str, str | int], told: str
) -> None:
    put(campaign, "a.xlsx", minute=1)
    collected = collect(with_mailbox(campaign, dovecot, box, **change))
    assert told in collected.fault
    assert len(collected.fault) <= 200
    assert [file.accepted for file in collected.files] == [True]


@pytest.mark.parametrize("password", ["", "mật khẩu"])
def test_a_password_is_asked_for_in_the_environment(
    campaign: Campaign,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    password: str,
) -> None:
    monkeypatch.setenv("KHREPORT_IMAP_PASSWORD", password)
    drop(campaign, "a.eml", text_only("Tự động.", Auto_Submitted="auto-replied"))
    assert main(["collect", str(campaign.folder)]) == 1
    told = capsys.readouterr().out
    assert "biến môi trường KHREPORT_IMAP_PASSWORD" in told
    assert "Đã mở 1 thư trả lời tự động." in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('password = "x"', "không ghi mật khẩu vào tệp"),
        ('security = "none"\nhost = "imap.coquan.example"', 'security = "none" chỉ dùng cho'),
        ('user = ""', "mục “user” đang trống"),
        ('thu_muc = "x"', "thu_muc"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_their_line(
    sent: Path, tmp_path: Path, line: str, told: str
) -> None:
    folder = tmp_path / "dot"
    shutil.copytree(sent, folder)
    path = folder / "khreport.toml"
    lines = {"host": 'host = "localhost"', "user": 'user = "a"'}
    lines |= {each.partition(" ")[0]: each for each in line.split("\n")}
    text = path.read_text(encoding="utf-8") + "\n[imap]\n" + "\n".join(lines.values()) + "\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CampaignError, match=r"dòng \d+ ") as raised:
        open_campaign(folder)
    assert told in str(raised.value)


def test_a_mailbox_without_marks_of_its_own_has_its_letters_read(
    campaign: Campaign, dovecot: Dovecot, box: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    select = Mailbox._select  # noqa: SLF001 - what servers without keywords say cannot be had

    def without_keywords(mailbox: Mailbox) -> int:
        validity = select(mailbox)
        mailbox._flag = "\\Seen"  # noqa: SLF001
        return validity

    monkeypatch.setattr(Mailbox, "_select", without_keywords)
    dovecot.deliver(returned(campaign), NOW, box)
    assert collect(campaign).fetched == 1
    assert "\\Seen" in dovecot.flags(box)[0]
    assert collect(campaign).fetched == 0
