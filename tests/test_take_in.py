"""Returns in a campaign: a chain for each agency, and nothing lost."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from small_campaign import GOOD, accepted_file, kinds, put

from khreport.campaign import Campaign
from khreport.edges.folder import open_campaign
from khreport.edges.ledger import Ledger, now
from khreport.edges.store import stored_path
from khreport.edges.turns import taking_turns
from khreport.errors import KhreportError
from khreport.verbs.check import check
from khreport.verbs.closing import close
from khreport.verbs.consolidate import consolidate
from khreport.verbs.init import init_campaign
from khreport.verbs.judge import Checked, judge_files
from khreport.verbs.take_in import accepted_submissions, take_in, take_in_all
from khreport.verbs.templates import write_templates


def codes(checked: Checked) -> list[str]:
    return [finding.code for finding in checked.findings if finding.blocks]


def test_a_clean_return_is_accepted_and_its_original_kept(campaign: Campaign) -> None:
    path = put(campaign, "tra loi.xlsx", minute=1)
    (checked,) = take_in(campaign)
    assert codes(checked) == []
    assert checked.accepted
    assert checked.agency_name == "Sở Tư pháp"
    assert kinds(campaign) == ["received", "checked", "accepted"]
    kept = stored_path(campaign.state / "store", checked.submission.id)
    assert kept.read_bytes() == path.read_bytes()


def test_the_same_content_is_taken_in_once(campaign: Campaign) -> None:
    path = put(campaign, "a.xlsx", minute=1)
    take_in(campaign)
    shutil.copy(path, campaign.inbox / "a (1).xlsx")
    assert take_in(campaign) == []
    assert accepted_file(campaign) == "a.xlsx"


def test_a_newer_clean_return_replaces_the_older(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1)
    take_in(campaign)
    put(campaign, "b.xlsx", minute=2, result="Đã quán triệt thêm hai hội nghị trong quý IV.")
    take_in(campaign)
    assert accepted_file(campaign) == "b.xlsx"
    assert kinds(campaign)[3:] == ["received", "checked", "replaced", "accepted"]


def test_a_newer_faulty_return_does_not_displace_a_clean_one(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1)
    take_in(campaign)
    put(campaign, "b.xlsx", minute=2, status="dang lam")
    (checked,) = take_in(campaign)
    assert not checked.accepted
    assert checked.correction is not None
    assert checked.correction.is_file()
    assert accepted_file(campaign) == "a.xlsx"
    assert kinds(campaign)[3:] == ["received", "checked", "rejected"]


def test_of_two_returns_that_come_together_the_later_stands(campaign: Campaign) -> None:
    put(campaign, "z/bieu.xlsx", minute=1)
    put(campaign, "a/bieu.xlsx", minute=2, result="Bản gửi sau, đã bổ sung số liệu quý IV.")
    first, second = take_in(campaign)
    assert (first.submission.file, second.submission.file) == ("z/bieu.xlsx", "a/bieu.xlsx")
    with Ledger(campaign.state / "ledger.sqlite") as ledger:
        assert accepted_submissions(ledger)["stp"] == second.submission.id


def test_what_was_stored_but_not_yet_checked_is_checked_the_next_time(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(campaign, "a.xlsx", minute=1)

    def stop(*_: object) -> list[Checked]:
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr("khreport.verbs.take_in.judge_files", stop)
        with pytest.raises(KeyboardInterrupt):
            take_in(campaign)
    assert "checked" not in kinds(campaign)
    (checked,) = take_in(campaign)
    assert checked.accepted
    assert accepted_file(campaign) == "a.xlsx"


def test_while_returns_are_judged_others_may_write_and_what_they_change_counts(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(campaign, "a.xlsx", minute=1)
    judged = []

    def judge_while_others_write(*given: Any) -> list[Checked]:  # noqa: ANN401 - as it is called
        judged.append(judge_files(*given))
        with Ledger(campaign.ledger, wait_s=0) as ledger:
            sent = {"letter": "form", "about": "x", "message_id": "<1@dot.example>", "to": []}
            ledger.append("sending", "stp", "", sent, now(), "")
        with pytest.raises(KhreportError, match="đang nhận tệp"), taking_turns(turn, wait_s=0):
            pass
        if len(judged) == 1:
            close(campaign)
            put(campaign, "b.xlsx", minute=60 * 24 * 3650, result="Bản nộp sau khi khóa sổ.")
        return judged[-1]

    turn = campaign.state / "nhan-tep.lock"
    monkeypatch.setattr("khreport.verbs.take_in.judge_files", judge_while_others_write)
    taken = take_in_all(campaign)
    assert len(judged) == 2
    assert [file.submission.file for file in taken.files] == ["a.xlsx"]
    assert [each.file for each in taken.waiting] == ["b.xlsx"]
    entered = [kind for kind in kinds(campaign) if kind != "sending"]
    assert entered == ["closed", "received", "received", "waiting", "checked", "accepted"]


def test_a_correction_that_was_mended_at_its_marks_is_accepted(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, status="da trien khai", result=None)
    (faulty,) = take_in(campaign)
    assert faulty.correction is not None
    marked = {(f.row_key, f.column_key) for f in faulty.findings if f.blocks}
    assert marked == {("PL2.I.1", "status")}
    workbook = openpyxl.load_workbook(faulty.correction)
    assert workbook.sheetnames[0] == "Cần sửa"
    assert workbook["Bìa"]["C26"].value == "0258 000 0001"
    sheet = workbook["Phụ lục II"]
    assert sheet["H10"].value == "da trien khai"
    assert sheet["H10"].comment is not None
    sheet["H10"].value = "Đã triển khai theo kế hoạch năm"
    sheet["L10"].value = GOOD["Phụ lục II", "PL2.I.1", "result"]
    workbook.save(campaign.inbox / "da sua.xlsx")
    (mended,) = take_in(campaign)
    assert codes(mended) == []
    assert mended.accepted


def test_a_return_of_another_year_is_told_so(campaign: Campaign, tmp_path: Path) -> None:
    other = init_campaign(tmp_path / "khac", "qd1165", "2023")
    write_templates(other)
    shutil.copy(other.outgoing / "STP-qd1165-2023.xlsx", campaign.inbox / "cu.xlsx")
    (checked,) = take_in(campaign)
    assert codes(checked) == ["file.other_period"]


def test_an_older_form_of_the_same_round_is_still_read(campaign: Campaign) -> None:
    path = put(campaign, "cu.xlsx", minute=1)
    settings = campaign.folder / "khreport.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('phone = ""', 'phone = "0258 000 0002"'), encoding="utf-8")
    changed = open_campaign(campaign.folder)
    assert write_templates(changed).edition.sender.phone == "0258 000 0002"
    (checked,) = take_in(changed)
    assert checked.path == path
    assert checked.accepted


def test_a_lone_file_beside_no_campaign_is_read_by_what_it_says(
    campaign: Campaign, tmp_path: Path
) -> None:
    path = put(campaign, "a.xlsx", minute=1)
    alone = Path(shutil.copy(path, tmp_path / "mot minh.xlsx"))
    (checked,) = check([alone]).files
    assert checked.accepted
    assert checked.agency_name == "Sở Tư pháp"
    (in_folder,) = check([alone.parent / "mot minh.xlsx"], campaign=campaign.folder).files
    assert in_folder.accepted


def test_an_accepted_original_that_is_gone_stops_the_consolidation(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1)
    (checked,) = take_in(campaign)
    stored_path(campaign.state / "store", checked.submission.id).write_bytes(b"")
    with pytest.raises(KhreportError, match="bị mất hoặc bị sửa"):
        consolidate(campaign)


def test_who_returned_in_time_and_mended_later_is_in_time(campaign: Campaign) -> None:
    week = 7 * 24 * 60
    put(campaign, "a.xlsx", minute=1, status="dang lam")
    put(campaign, "b.xlsx", minute=week)
    take_in(campaign)
    (row,) = consolidate(campaign).consolidation.agencies.filter(agency="stp").to_dicts()
    assert (row["state"], row["days_late"]) == ("accepted", 0)
    assert row["received_at"].day == 19
