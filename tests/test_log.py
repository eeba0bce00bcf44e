"""What the ledger says in sentences, signed papers, and a ledger that was lost."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from small_campaign import accepted_file, put
from told_round import AFTER, Told, of

from khreport.campaign import Campaign
from khreport.cli import main
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Event, EventKind, Ledger, now
from khreport.edges.ledger_files import journal_events, ledger_is_whole, salvage_events
from khreport.edges.store import content_digest
from khreport.errors import CampaignError, KhreportError, LostLedgerError
from khreport.verbs.closing import close, unlock
from khreport.verbs.consolidate import consolidate
from khreport.verbs.log import read_log, tell_event
from khreport.verbs.paper import take_paper
from khreport.verbs.rebuild import rebuild_ledger
from khreport.verbs.reply import reply
from khreport.verbs.report import write_report
from khreport.verbs.send import send
from khreport.verbs.status import read_status
from khreport.verbs.take_in import take_in
from khreport.verbs.templates import write_templates


def test_the_log_tells_what_happened_in_sentences(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1)
    take_in(campaign)
    take_paper(campaign, "stp", number="12/BC-STP", came=dt.date(2024, 12, 18), signer="Giám đốc")
    lines = [re.sub(r"^\S+ \S+  | \([^()]*\)$", "", str(entry)) for entry in read_log(campaign)]
    assert lines == [
        "Phát biểu mẫu",
        "Sở Tư pháp: nhận tệp “a.xlsx”, ngày 12/12/2024",
        "Sở Tư pháp: đã kiểm tra “a.xlsx”: không có lỗi",
        "Sở Tư pháp: bản nộp “a.xlsx” đạt",
        "Sở Tư pháp: văn bản 12/BC-STP, người ký Giám đốc, đến ngày 18/12/2024",
    ]
    assert [entry.event.kind for entry in read_log(campaign, agency="STP", kind="accepted")] == [
        "accepted"
    ]


def test_a_letter_that_is_a_draft_until_now_is_told_as_not_sent(campaign: Campaign) -> None:
    reminder = {"letter": "reminder", "about": "due-0", "to": ["a@dot.example"], "message_id": "1"}
    answer = {"letter": "reply", "about": "ab", "to": ["a@dot.example"], "message_id": "2"}

    def enter(kind: EventKind, **detail: object) -> None:
        with Ledger(campaign.ledger) as ledger:
            ledger.append(kind, "stp", "", detail, now(), "")

    def told() -> list[str]:
        return [entry.words for entry in read_log(campaign, agency="stp")]

    enter("drafted", **reminder)
    enter("reminded", message_id="1", reason="")
    enter("drafted", **answer)
    enter("replied", message_id="2", file="a.xlsx")
    assert told() == [
        "đã soạn thư nhắc tới a@dot.example, chưa gửi",
        "đã soạn thư nhắc, chưa gửi",
        "đã soạn thư trả lời tới a@dot.example, chưa gửi",
        "đã soạn thư trả lời về “a.xlsx”, chưa gửi",
    ]
    enter("sent", **answer)
    assert told()[3:] == ["đã trả lời về “a.xlsx”", "đã gửi thư trả lời tới a@dot.example"]


def test_an_event_of_a_newer_version_is_shown(campaign: Campaign) -> None:
    with Ledger(campaign.ledger) as ledger:
        ledger.append("archived", "stp", "", {"x": 1}, now(), "")  # type: ignore[arg-type]
    entry = read_log(campaign, kind="archived")[0]
    assert entry.words == "việc “archived” do bản khreport khác ghi, bản này chưa biết"
    assert read_status(campaign, AFTER).agencies
    with pytest.raises(CampaignError, match="không có loại việc “arrived”"):
        read_log(campaign, kind="arrived")


@pytest.mark.parametrize("detail", [{}, {"reason": "hoãn họp", "errors": 2, "file": "a.xlsx"}])
def test_every_kind_of_event_has_words(detail: dict[str, object]) -> None:
    for kind in get_args(EventKind):
        event = Told().enter(kind, "stp", "x", **detail).events[0]
        assert "chưa biết" not in tell_event(event), kind


def test_every_kind_of_event_is_listed_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["log", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert [kind for kind in get_args(EventKind) if f"{kind} (" not in told] == []


def test_what_is_written_for_others_is_entered_with_its_hash(campaign: Campaign) -> None:
    consolidated = consolidate(campaign)
    written = write_report(campaign)
    assert written.path is not None
    digests = [content_digest(path)[:12] for path in (consolidated.workbook, written.path)]
    assert [entry.words for entry in read_log(campaign, kind="exported")] == [
        f"đã xuất “tong-hop.xlsx”, mã nội dung {digests[0]}",
        f"đã xuất “bao-cao-2024-du-thao.docx”, mã nội dung {digests[1]}",
    ]


def break_ledger(campaign: Campaign, how: str) -> None:
    if how == "lost":
        campaign.ledger.unlink()
    elif how == "emptied":
        campaign.ledger.write_bytes(b"")
    elif how == "overwritten":
        campaign.ledger.write_bytes(b"no ledger" * 1000)
    else:
        data = campaign.ledger.read_bytes()
        campaign.ledger.write_bytes(data[:4096].ljust(len(data), b"\xff"))


def all_events(campaign: Campaign) -> list[Event]:
    with Ledger(campaign.ledger) as ledger:
        return ledger.events()


@pytest.mark.parametrize("how", ["lost", "emptied", "torn", "overwritten"])
def test_a_ledger_is_rebuilt_of_its_journal(campaign: Campaign, how: str) -> None:
    put(campaign, "a.xlsx", minute=1)
    take_in(campaign)
    (campaign.folder / "lien-he.xlsx").unlink()
    (campaign.folder / "lien-he.csv").write_text(
        "Cơ quan;E-mail\nstp;stp@dot.example", encoding="utf-8"
    )
    reply(campaign)
    close(campaign)
    unlock(campaign, "STP", "Xin nộp bổ sung")
    take_paper(campaign, "stp", number="12/BC-STP", came=dt.date(2024, 12, 18))
    before = all_events(campaign)
    # what was stored and not entered any more is taken in anew
    put(campaign, "b.xlsx", minute=2, result="Bản gửi sau, đã bổ sung số liệu quý IV.")
    break_ledger(campaign, how)
    with pytest.raises(KhreportError, match="--rebuild"):
        read_status(campaign, AFTER)
    rebuilt = rebuild_ledger(campaign)
    assert (rebuilt.complete, rebuilt.salvaged) == (True, len(before))
    assert [file.submission.file for file in rebuilt.files] == ["b.xlsx"]
    after = all_events(campaign)
    assert after[: len(before)] == before
    assert [event.kind for event in after[len(before) :]] == [
        "rebuilt", "received", "checked", "replaced", "accepted",
    ]  # fmt: skip
    assert journal_events(campaign.ledger) == after
    assert not list(campaign.state.glob("dung-lai*"))


def test_a_ledger_that_was_put_back_from_an_old_copy_is_completed(campaign: Campaign) -> None:
    old = campaign.ledger.read_bytes()
    take_paper(campaign, "stp", number="12/BC-STP", came=dt.date(2024, 12, 18))
    before = all_events(campaign)
    campaign.ledger.write_bytes(old)
    with pytest.raises(LostLedgerError):
        read_status(campaign, AFTER)
    rebuild_ledger(campaign)
    assert all_events(campaign)[: len(before)] == before


def move_some(left: list[int], path: Path, target: Path) -> None:
    """Move a file, as long as there is something left to take away."""
    if not left:
        raise KeyboardInterrupt
    left.pop()
    path.replace(target)


def test_a_rebuilding_that_is_stopped_anywhere_is_done_again(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_paper(campaign, "stp", number="12/BC-STP", came=dt.date(2024, 12, 18))
    before = all_events(campaign)
    for step in range(4):
        break_ledger(campaign, "torn")
        with monkeypatch.context() as patch:
            patch.setattr("khreport.edges.ledger_files.move_file", partial(move_some, [0] * step))
            with suppress(KeyboardInterrupt):
                rebuild_ledger(campaign)
        if not ledger_is_whole(campaign.ledger):
            rebuild_ledger(campaign)
        kept = [event for event in all_events(campaign) if event.kind != "rebuilt"]
        assert [msgspec.structs.replace(event, id=0) for event in kept] == [
            msgspec.structs.replace(event, id=0) for event in before
        ]


@pytest.mark.parametrize("how", ["lost", "emptied", "torn", "overwritten"])
def test_a_ledger_without_a_journal_is_rebuilt_of_the_stored_files(
    campaign: Campaign, how: str
) -> None:
    put(campaign, "a.xlsx", minute=1)
    gone = put(campaign, "b.xlsx", minute=2, result="Bản gửi sau, đã bổ sung số liệu quý IV.")
    take_in(campaign)
    before = of(read_status(campaign, AFTER), "stp")
    gone.unlink()
    break_ledger(campaign, how)
    # as a version left it that kept none
    campaign.ledger.with_suffix(".jsonl").unlink()
    with pytest.raises(KhreportError):
        read_status(campaign, AFTER)
    rebuilt = rebuild_ledger(campaign)
    after = of(read_status(campaign, AFTER), "stp")
    assert (after.state, after.forms) == (before.state, before.forms)
    assert (rebuilt.aside is None) == (how == "lost")
    assert [e.event.kind for e in read_log(campaign, kind="rebuilt")] == ["rebuilt"]
    # nobody is written to a second time unless the officer says so
    shutil.copy(campaign.folder / "lien-he.xlsx", campaign.folder / "cu.xlsx")
    (campaign.folder / "lien-he.xlsx").unlink()
    (campaign.folder / "lien-he.csv").write_text(
        "Cơ quan;E-mail\nsxd;sxd@dot.example", encoding="utf-8"
    )
    assert [outcome.state for outcome in send(campaign, dry_run=True).outcomes] == ["unsure"]


def test_a_ledger_that_can_be_read_is_not_rebuilt(campaign: Campaign) -> None:
    before = campaign.ledger.read_bytes()
    with pytest.raises(CampaignError, match="vẫn đọc được"):
        rebuild_ledger(campaign)
    assert campaign.ledger.read_bytes() == before


def test_of_a_torn_ledger_what_can_still_be_read_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger, ledger.together():
        for n in range(400):
            ledger.append("received", "stp", f"{n:064}", {"file": "a.xlsx"}, now(), "")
    assert len(salvage_events(path)) == 400
    data = bytearray(path.read_bytes())
    data[4096 * 5 : 4096 * 6] = b"\xff" * 4096
    path.write_bytes(bytes(data))
    kept = [int(event.submission) for event in salvage_events(path)]
    assert not ledger_is_whole(path)
    assert 300 < len(kept) < 400
    assert kept == sorted(kept)
    assert (kept[0], kept[-1]) == (0, 399)


def mailed(campaign: Campaign, *agencies: str, about: str, kind: EventKind = "sent") -> None:
    """The ledger holds that agencies were sent a form."""
    detail = {"letter": "form", "about": about, "message_id": "x", "to": ["a@dot.example"]}
    with Ledger(campaign.ledger) as ledger:
        for agency in agencies:
            ledger.append(kind, agency, "", detail, now(), "")


def begun(campaign: Campaign) -> set[str]:
    """The agencies whose letter counts as begun."""
    with Ledger(campaign.ledger) as ledger:
        return {event.agency for event in ledger.events("sending")}


def test_who_lost_ledger_and_journal_is_led_to_the_rebuilding(campaign: Campaign) -> None:
    campaign.ledger.unlink()
    campaign.ledger.with_suffix(".jsonl").unlink()
    for verb in (read_status, read_log, close, send, write_templates, take_in):
        with pytest.raises(LostLedgerError, match="--rebuild"):
            verb(campaign)
    rebuilt = rebuild_ledger(campaign)
    assert not rebuilt.complete
    assert "stp" in begun(campaign)


def test_a_journal_of_another_round_is_never_merged(campaign: Campaign, tmp_path: Path) -> None:
    before = all_events(campaign)
    other = Campaign(tmp_path / "other", campaign.settings)
    write_templates(other)
    close(other)
    journal = campaign.ledger.with_suffix(".jsonl")
    shutil.copy(other.ledger.with_suffix(".jsonl"), journal)
    with pytest.raises(LostLedgerError):
        read_status(campaign, AFTER)
    rebuilt = rebuild_ledger(campaign)
    assert rebuilt.aside is not None
    assert (rebuilt.complete, rebuilt.aside.suffix) == (True, ".jsonl")
    assert all_events(campaign) == before == journal_events(campaign.ledger)


def test_a_journal_whose_end_is_torn_or_cut_does_not_tell_all(campaign: Campaign) -> None:
    about = newest_edition(campaign).digest
    mailed(campaign, "stp", "syt", about=about)
    mailed(campaign, "sxd", about="anh")
    journal = campaign.ledger.with_suffix(".jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    for cut, complete in (
        (b"".join(lines[:2]) + lines[2][:40], False),
        (b"".join(lines[:2]), True),
    ):
        journal.write_bytes(cut)
        campaign.ledger.unlink()
        assert rebuild_ledger(campaign).complete == complete
        assert begun(campaign).isdisjoint({"stp"})
        assert begun(campaign) >= {"syt", "sxd"}
        break_ledger(campaign, "lost")
        journal.write_bytes(b"".join(lines))
        rebuild_ledger(campaign)


def test_only_a_letter_with_the_newest_form_tells_that_it_went(campaign: Campaign) -> None:
    mailed(campaign, "stp", about="anh")
    mailed(campaign, "sxd", about=newest_edition(campaign).digest)
    journal = campaign.ledger.with_suffix(".jsonl")
    # the first line is gone
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[1:]))
    campaign.ledger.unlink()
    assert not rebuild_ledger(campaign).complete
    assert "stp" in begun(campaign)
    assert "sxd" not in begun(campaign)


def test_of_two_machines_histories_the_return_that_came_last_stands(
    campaign: Campaign, tmp_path: Path
) -> None:
    put(campaign, "cu.xlsx", minute=1)
    other = Campaign(tmp_path / "other", campaign.settings)
    shutil.copytree(campaign.folder, other.folder)
    put(campaign, "moi.xlsx", minute=60, result="Đã mở thêm hai hội nghị trong quý IV.")
    take_in(campaign)
    for number in range(8):
        take_paper(other, "stp", number=f"{number}/BC", came=dt.date(2024, 12, 18))
    take_in(other)
    shutil.copy(other.ledger.with_suffix(".jsonl"), campaign.ledger.with_suffix(".jsonl"))
    rebuild_ledger(campaign)
    assert accepted_file(campaign) == "moi.xlsx"
    days = [event.at for event in all_events(campaign)]
    assert days == sorted(days)


@pytest.mark.parametrize("kind", ["received", "checked", "accepted"])
def test_a_verdict_that_lost_a_part_is_given_anew(campaign: Campaign, kind: str) -> None:
    put(campaign, "a.xlsx", minute=1)
    take_in(campaign)
    journal = campaign.ledger.with_suffix(".jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    torn = [line[:40] + b"\n" if f'"kind":"{kind}"'.encode() in line else line for line in lines]
    journal.write_bytes(b"".join(torn))
    campaign.ledger.unlink()
    rebuilt = rebuild_ledger(campaign)
    assert [file.submission.file for file in rebuilt.files] == ["a.xlsx"]
    assert of(read_status(campaign, AFTER), "stp").state == "accepted"
    assert accepted_file(campaign) == "a.xlsx"


def test_a_lock_that_cannot_be_used_is_told(campaign: Campaign) -> None:
    lock = campaign.state / "nhan-tep.lock"
    lock.write_bytes(b"x" * 5000)
    with pytest.raises(KhreportError, match=r"nhan-tep\.lock"):
        take_in(campaign)
    lock.unlink()
    lock.mkdir()
    with pytest.raises(KhreportError, match="quyền ghi"):
        take_in(campaign)


def test_a_verdict_that_is_half_lost_is_given_again_by_the_day_on_which_the_return_came(
    campaign: Campaign,
) -> None:
    """The round was closed since then, and the file is in the store alone."""
    path = put(campaign, "a.xlsx", minute=1)
    take_in(campaign)
    close(campaign)
    path.unlink()
    (came,) = [e.detail["came"] for e in all_events(campaign) if e.kind == "received"]
    journal = campaign.ledger.with_suffix(".jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(line for line in lines if b'"accepted"' not in line))
    campaign.ledger.unlink()
    rebuild_ledger(campaign)
    again = all_events(campaign)
    assert [e.detail["came"] for e in again if e.kind == "received"][-1] == came
    assert [e.kind for e in again if e.kind in ("accepted", "waiting")] == ["accepted"]


def test_what_a_lost_ledger_leaves_behind_does_no_harm_to_the_new_one(campaign: Campaign) -> None:
    close(campaign)
    begun = campaign.ledger.with_name(campaign.ledger.name + "-journal")
    begun.write_bytes(b"half a transaction")
    before = all_events(campaign)
    campaign.ledger.unlink()
    rebuilt = rebuild_ledger(campaign)
    assert not begun.exists()
    assert (rebuilt.complete, rebuilt.last_at) == (True, before[-1].at)
    assert all_events(campaign)[: len(before)] == before
