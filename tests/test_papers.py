"""Signed papers: known by what they came with or typed in, corrected, withdrawn."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from mail_round import list_contacts
from mailed_returns import disposition, drop, letter, part, workbook
from small_campaign import put
from test_collect import ATTACHED, PDF, codes, events
from told_round import AFTER, BEFORE, of

import khreport
from khreport.campaign import Campaign
from khreport.cli import main
from khreport.edges.ledger import Ledger
from khreport.errors import CampaignError
from khreport.status import Paper
from khreport.verbs.collect import collect
from khreport.verbs.log import read_log
from khreport.verbs.paper import take_paper, withdraw_paper
from khreport.verbs.standing import first_days
from khreport.verbs.status import read_status


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """A campaign with somebody to write to at some agencies."""
    return list_contacts(campaign, ("stp", "sxd", "syt"))


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


def test_a_paper_is_corrected_and_withdrawn_and_the_last_word_counts(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["paper", str(campaign.folder), "STP"]
    assert main([*command, "--number", "21/BC-STP", "--received", "11/12/2024"]) == 0
    assert main([*command, "--correct", "12/BC-STP", "--number", "13/BC-STP"]) == 2
    assert "Đã ghi nhận: 21/BC-STP." in capsys.readouterr().err
    assert main([*command, "--correct", "21/bc-stp", "--number", "12/BC-STP"]) == 0
    assert "Đã ghi lại văn bản 12/BC-STP của Sở Tư pháp." in capsys.readouterr().out
    paper = of(read_status(campaign, AFTER), "stp").paper
    assert paper == Paper(number="12/BC-STP", date=None, came=dt.date(2024, 12, 11))
    assert main([*command, "--withdraw", "12/BC-STP"]) == 2
    assert "Chưa ghi lý do" in capsys.readouterr().err
    withdraw = [*command, "--withdraw", "12/BC-STP", "--reason", "Ghi nhầm cơ quan"]
    assert main(withdraw) == 0
    assert of(read_status(campaign, AFTER), "stp").paper is None
    assert main(withdraw) == 2
    assert [entry.words for entry in read_log(campaign, kind="withdrawn")] == [
        "rút văn bản 21/BC-STP, đến ngày 11/12/2024: ghi lại cho đúng",
        "rút văn bản 12/BC-STP, đến ngày 11/12/2024: Ghi nhầm cơ quan",
    ]
    assert take_paper(campaign, "stp", number="12/BC-STP", came=dt.date(2024, 12, 12))[1]
    paper = of(read_status(campaign, AFTER), "stp").paper
    assert paper is not None
    assert paper.came == dt.date(2024, 12, 12)


def test_lateness_goes_by_the_papers_that_count(campaign: Campaign) -> None:
    for number, came in (("1", dt.date(2024, 12, 9)), ("2", dt.date(2024, 12, 18))):
        take_paper(campaign, "stp", number=number, came=came)
    withdraw_paper(campaign, "stp", "1", "Của đợt trước")
    with Ledger(campaign.ledger) as ledger:
        assert first_days(ledger.events(), "paper") == {"stp": dt.date(2024, 12, 18)}


def test_a_signed_paper_beside_a_return_is_its_agency_s(campaign: Campaign) -> None:
    scan = part(PDF, disposition("filename=cong-van.pdf"), "application/pdf")
    drop(campaign, "a.eml", letter(part(workbook(campaign), ATTACHED), scan))
    collected = collect(campaign)
    assert codes(collected) == []
    assert [(p.agency, p.item.name) for p in collected.taken.papers] == [
        ("stp", "a.eml/cong-van.pdf")
    ]
    (paper,) = events(campaign, "paper")
    assert paper.agency == "stp"
    assert paper.detail["came"] == "2024-12-12"
    assert paper.submission == events(campaign, "checked")[0].submission
    assert collect(campaign).taken.papers == ()


def test_a_paper_alone_is_its_sender_s_if_one_agency_lists_him(campaign: Campaign) -> None:
    scan = part(PDF, disposition("filename=cong-van.pdf"), "application/pdf")
    drop(campaign, "a.eml", letter(scan))
    other = part(PDF + b"2", disposition("filename=b.pdf"), "application/pdf")
    drop(campaign, "b.eml", letter(other, sender="la@x.example", id="2"))
    collected = collect(campaign)
    assert [p.agency for p in collected.taken.papers] == ["stp"]
    assert codes(collected) == ["file.not_workbook"]


def test_a_paper_in_an_agency_s_folder_goes_with_the_workbook_there(campaign: Campaign) -> None:
    put(campaign, "STP/bieu.xlsx", minute=1)
    drop(campaign, "STP/cong van.pdf", PDF)
    collected = collect(campaign)
    assert [p.agency for p in collected.taken.papers] == ["stp"]
    assert codes(collected) == []
    assert codes(collect(campaign)) == []


def test_a_scan_in_the_inbox_is_told_as_a_paper_and_recorded_once_it_is_known_whose(
    campaign: Campaign,
) -> None:
    scan = drop(campaign, "cong van.pdf", PDF)
    other = drop(campaign, "12.pdf", PDF + b"2")
    collected = collect(campaign)
    assert codes(collected) == ["file.paper", "file.paper"]
    assert "khreport paper" in str(collected.files[0].findings[0])
    assert len(read_status(campaign).unclaimed) == 2
    put(campaign, "STP/bieu.xlsx", minute=1)
    scan.rename(campaign.inbox / "STP" / "cong van.pdf")
    assert [p.agency for p in collect(campaign).taken.papers] == ["stp"]
    khreport.paper(campaign, "syt", number="12/BC-SYT", file=other)
    assert read_status(campaign).unclaimed == ()
    again = collect(campaign).taken
    assert (again.papers, again.again, again.files) == ((), (), ())


def paper_of_stp(campaign: Campaign) -> Paper | None:
    return of(read_status(campaign, AFTER), "stp").paper


def test_what_is_typed_after_the_scan_came_is_recorded(campaign: Campaign) -> None:
    put(campaign, "STP/bieu.xlsx", minute=1)
    scan = drop(campaign, "STP/cong van.pdf", PDF)
    collect(campaign)
    typed = {"number": "12/BC-STP", "date": dt.date(2024, 12, 10), "file": scan}
    came = dt.date(2024, 12, 12)
    assert take_paper(campaign, "stp", came=came, **typed) == ("stp", True)  # type: ignore[arg-type]
    paper = paper_of_stp(campaign)
    assert paper is not None
    assert (paper.number, paper.date) == ("12/BC-STP", dt.date(2024, 12, 10))
    assert not take_paper(campaign, "stp", number="12/bc-stp", came=came)[1]
    assert take_paper(campaign, "stp", number="12/BC-STP", signer="Giám đốc", came=came)[1]
    khreport.correct_paper(campaign, "stp", "12/BC-STP", number="13/BC-STP", file=scan)
    paper = paper_of_stp(campaign)
    assert paper is not None
    assert (paper.number, paper.signer) == ("13/BC-STP", "Giám đốc")


def test_a_paper_that_was_entered_twice_is_corrected_and_withdrawn_as_one(
    campaign: Campaign, tmp_path: Path
) -> None:
    scan = tmp_path / "quet.pdf"
    scan.write_bytes(PDF)
    early, late = dt.date(2024, 12, 10), dt.date(2024, 12, 20)
    take_paper(campaign, "stp", number="12/BC-STP", came=early)
    take_paper(campaign, "stp", number="12/BC-STP", came=early, file=scan)
    take_paper(campaign, "stp", number="99/BC-STP", came=early)
    khreport.correct_paper(campaign, "stp", "12/BC-STP", came=late)
    withdraw_paper(campaign, "stp", "99/BC-STP", "Ghi nhầm")
    paper = paper_of_stp(campaign)
    assert paper is not None
    assert (paper.number, paper.came) == ("12/BC-STP", late)
    withdraw_paper(campaign, "stp", "12/BC-STP", "Ghi nhầm")
    assert paper_of_stp(campaign) is None


def test_a_paper_in_a_folder_that_is_called_otherwise_is_told(campaign: Campaign) -> None:
    put(campaign, "12-12/bieu.xlsx", minute=1)
    drop(campaign, "12-12/BC so 5 So Noi vu.pdf", PDF)
    collected = collect(campaign)
    assert collected.taken.papers == ()
    assert codes(collected) == ["file.paper"]
