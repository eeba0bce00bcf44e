"""What the ledger says in sentences, signed papers, and a ledger that was lost."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import get_args

import pytest
from small_campaign import put
from told_round import AFTER, BEFORE, Told, of

from khreport.campaign import Campaign
from khreport.cli import main
from khreport.edges.ledger import (
    EventKind,
    Ledger,
    ledger_is_whole,
    now,
    salvage_events,
)
from khreport.errors import CampaignError, KhreportError
from khreport.verbs.log import read_log, tell_event
from khreport.verbs.paper import take_paper
from khreport.verbs.rebuild import rebuild_ledger
from khreport.verbs.send import send
from khreport.verbs.status import read_status
from khreport.verbs.take_in import take_in


def test_a_paper_is_recorded_once_and_its_file_kept(
    campaign: Campaign, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scan = tmp_path / "quet.pdf"
    scan.write_bytes(b"%PDF-1.7")
    arguments = ["paper", str(campaign.folder), "STP", "--number", "12/BC-STP"]
    arguments += ["--date", "10/12/2024", "--received", "11/12/2024", "--file", str(scan)]
    assert main(arguments) == 0
    assert capsys.readouterr().out == "Đã ghi nhận văn bản 12/BC-STP của Sở Tư pháp.\n"
    assert main(arguments) == 0
    assert "từ trước" in capsys.readouterr().out
    paper = of(read_status(campaign, AFTER), "stp").paper
    assert paper is not None
    assert (campaign.state / "store" / paper.digest[:2] / paper.digest).read_bytes() == b"%PDF-1.7"
    with pytest.raises(CampaignError, match="sau ngày đến"):
        take_paper(campaign, "stp", number="1", date=AFTER, came=BEFORE)


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


@pytest.mark.parametrize("how", ["lost", "emptied", "torn", "overwritten"])
def test_a_ledger_is_rebuilt_of_the_stored_files(campaign: Campaign, how: str) -> None:
    put(campaign, "a.xlsx", minute=1)
    gone = put(campaign, "b.xlsx", minute=2, result="Bản gửi sau, đã bổ sung số liệu quý IV.")
    take_in(campaign)
    before = of(read_status(campaign, AFTER), "stp")
    gone.unlink()
    break_ledger(campaign, how)
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
        "Cơ quan;E-mail\nstp;stp@dot.example", encoding="utf-8"
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
