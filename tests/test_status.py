"""Who is missing: the status by the ledger, its table and its workbook."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest
from mail_round import list_contacts
from mini_round import CONSTRUCTION, small_edition, submit
from small_campaign import put
from told_round import AFTER, BEFORE, FULL, Told, forms, of, whole_round

import khreport
from khreport.campaign import Campaign
from khreport.cli import main
from khreport.cli_status import print_status
from khreport.dates import format_date
from khreport.edges.folder import open_campaign
from khreport.edges.ledger import (
    Ledger,
)
from khreport.errors import CampaignError
from khreport.findings import Finding
from khreport.merge.tally import tally_forms
from khreport.status import FILTERS, narrow_status
from khreport.verbs.consolidate import consolidate
from khreport.verbs.paper import take_paper
from khreport.verbs.status import export_status, read_status
from khreport.verbs.take_in import take_in

EXPECTED = Path(__file__).with_name("expected")


@pytest.mark.parametrize("width", [80, 180])
def test_the_table_says_what_the_golden_says(
    width: int, capsys: pytest.CaptureFixture[str]
) -> None:
    print_status(whole_round().status(), width)
    told = "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines()) + "\n"
    assert told == (EXPECTED / f"tinh-hinh-{width}.txt").read_text(encoding="utf-8")
    assert max(map(len, told.splitlines())) <= width


def test_before_anything_is_sent_nobody_has_anything() -> None:
    status = Told().status(BEFORE)
    assert [(a.state, a.time_words, a.tags) for a in status.agencies] == [
        ("unsent", "còn 4 ngày", ())
    ] * 3
    assert "Chưa gửi thư nào" in status.notes[0]


def test_letters_tell_who_has_the_form() -> None:
    status = Told().letter("sxd").letter("sdl", "drafted").letter("stc", "refused").status(BEFORE)
    assert {a.agency: (a.state, a.tags) for a in status.agencies} == {
        "sxd": ("sent", ()),
        "sdl": ("drafted", ()),
        "stc": ("unsent", ("bounced",)),
    }


def test_a_letter_that_came_back_after_it_was_sent_is_told() -> None:
    status = Told().letter("sxd").letter("sxd", "refused").status(BEFORE)
    assert of(status, "sxd").tags == ("bounced",)
    assert of(status, "sxd").state_words == "Thư kèm biểu bị trả lại, chưa nộp"
    # of a report that does not say which letter it is about
    refused = {"sxd@dot.example": "550 Unknown"}
    told = Told().letter("sxd").enter("refused", "sxd", letter="", refused=refused, bounced=True)
    assert of(told.status(BEFORE), "sxd").tags == ("bounced",)


def test_who_is_in_time_by_a_first_return_that_was_mended_late_is_told_with_its_day() -> None:
    agency = of(Told().returned("sxd", 12, errors=2).returned("sxd", 16).status(), "sxd")
    assert agency.time_words == "đúng hạn (lần đầu 12/12)"
    assert of(Told().returned("sxd", 12).status(), "sxd").time_words == "đúng hạn"


def test_a_file_that_was_answered_is_nobody_s_question_any_more() -> None:
    assert whole_round().status().unclaimed == ("ảnh.pdf",)
    assert whole_round().enter("replied", "sxd", "x").status().unclaimed == ()


def test_every_state_is_explained_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["status", "--help"])
    told = capsys.readouterr().out
    assert [state for state in FILTERS if f"{state} (" not in " ".join(told.split())] == []


def test_each_form_of_a_return_has_its_state() -> None:
    status = whole_round().status()
    assert forms(status, "sxd") == {
        "BIA": "đạt", "CT": "—", "PL1": "—", "PL2": "đạt, 1 mật", "PH": "—",
        "VB": "đạt", "DC": "không phát sinh",
    }  # fmt: skip
    assert forms(status, "sdl") == {
        "BIA": "đã nhận", "CT": "3 lỗi", "PL1": "đã nhận, 1 mật", "PL2": "đã nhận, 1 mật",
        "PH": "—", "VB": "đã nhận", "DC": "đã nhận",
    }  # fmt: skip
    assert set(forms(status, "stc").values()) == {"chưa nộp", "—"}


def test_a_form_all_of_which_is_secret_says_so() -> None:
    secret = FULL | {"PL2": {"asked": 4, "answered": 4, "secret": 4}}
    status = Told().returned("sxd", 10, forms=secret).status()
    assert forms(status, "sxd")["PL2"] == "báo cáo mật"
    assert "secret" in of(status, "sxd").tags


def test_forms_that_an_older_version_did_not_count_show_a_dash() -> None:
    status = Told().returned("sxd", 10).status()
    assert of(status, "sxd").state == "accepted"
    assert set(forms(status, "sxd").values()) == {"—"}


def test_an_accepted_return_stands_beside_a_newer_faulty_one() -> None:
    told = Told().returned("sxd", 10, forms=FULL).returned("sxd", 12, errors=2, forms=FULL)
    agency = of(told.status(), "sxd")
    assert agency.state_words == "Đạt; bản gửi sau còn 2 lỗi"
    assert agency.done


def test_a_return_after_the_round_was_closed_waits() -> None:
    told = Told().letter("sxd").enter("closed", "").enter("waiting", "sxd", "muộn", file="a.xlsx")
    status = told.status()
    assert (of(status, "sxd").state, of(status, "sxd").waiting) == ("received", 1)
    assert status.notes == ("Đợt báo cáo đã khóa ngày 20/11/2024.",)
    told.enter("unlocked", "sxd", reason="xin nộp bổ sung").returned("sxd", 19, forms=FULL)
    assert of(told.status(), "sxd").state == "accepted"


def test_an_agency_that_was_unlocked_is_told_until_it_is_done() -> None:
    told = Told().letter("sxd").enter("closed", "").enter("waiting", "sxd", "muộn", file="a.xlsx")
    assert of(told.status(), "sxd").state_words == "Đã nhận, chờ mở khóa"
    told.enter("unlocked", "sxd", reason="xin nộp bổ sung")
    agency = of(told.status(), "sxd")
    assert agency.tags == ("overdue", "unlocked")
    assert agency.state_words == "Đã nhận, chưa kiểm tra; đã mở khóa"
    assert "unlocked" not in of(told.status(), "sdl").tags
    told.returned("sxd", 19, forms=FULL)
    assert of(told.status(), "sxd").state_words == "Đạt"


def test_lateness_goes_by_the_file_or_by_the_paper() -> None:
    told = Told().returned("sxd", 16, forms=FULL).paper("sxd", "2024-12-19", number="1")
    told.paper("sxd", "2024-12-17", number="2")
    assert of(told.status(), "sxd").days_late == 3
    assert of(told.status(late_by="paper"), "sxd").days_late == 4


def test_where_lateness_goes_by_the_paper_a_file_alone_is_not_enough() -> None:
    told = Told().returned("sxd", 10, forms=FULL)
    assert of(told.status(), "sxd").tags == ("no_paper", "nil", "secret")
    by_paper = of(told.status(late_by="paper"), "sxd")
    assert by_paper.tags == ("overdue", "no_paper", "nil", "secret")
    assert by_paper.time_words == "chậm văn bản 7 ngày"
    due = dt.date(2024, 12, 13)
    waits = [of(told.status(day, late_by="paper"), "sxd").time_words for day in (BEFORE, due)]
    assert waits == ["còn 4 ngày gửi văn bản", "hạn văn bản hôm nay"]
    # who owes the file, too, is over the day with it
    told.returned("sdl", 10, errors=1)
    assert of(told.status(late_by="paper"), "sdl").time_words == "quá hạn 7 ngày"


def test_who_is_late_by_the_paper_is_not_said_to_be_late_with_the_file() -> None:
    told = Told().returned("sxd", 10, forms=FULL).paper("sxd", "2024-12-17", number="1")
    status = told.status(late_by="paper")
    assert of(status, "sxd").time_words == "chậm văn bản 4 ngày"
    assert status.remarks[-1] == "Nộp muộn tính theo ngày văn bản giấy đến."
    assert of(told.status(), "sxd").time_words == "đúng hạn"


def test_a_due_day_off_is_over_for_everybody_on_the_same_day() -> None:
    off, last = dt.date(2024, 12, 13), dt.date(2024, 12, 16)
    told = Told().letter("sxd")
    expected = {15: ("còn 1 ngày", "còn 1 ngày"), 16: ("hôm nay là hạn", "hạn hôm nay"),
                17: ("đã quá 1 ngày", "quá hạn 1 ngày")}  # fmt: skip
    for today, words in expected.items():
        status = told.status(dt.date(2024, 12, today), last=last)
        assert (status.days_words, of(status, "sxd").time_words) == words
        assert status.due == off
        assert status.due_words == "13/12/2024 (ngày nghỉ, tính đến hết ngày 16/12/2024)"
    assert told.status().due_words == "13/12/2024"


def test_letters_count_the_days_from_the_day_that_the_status_counts_from(
    campaign: Campaign,
) -> None:
    path = campaign.folder / "khreport.toml"
    with path.open("a", encoding="utf-8") as file:
        file.write("\n[reminders]\ndays_off = [2024-12-13]\n")
    campaign = list_contacts(open_campaign(campaign.folder), ("stp",))
    khreport.send(campaign)
    monday, tuesday = dt.date(2024, 12, 16), dt.date(2024, 12, 17)
    assert read_status(campaign, tuesday).days_words == "đã quá 1 ngày"
    (reminder,) = khreport.remind(campaign, today=tuesday, dry_run=True).outcomes
    assert "đã quá 1 ngày" in reminder.message.letter.text
    with pytest.raises(CampaignError, match="tính đến hết ngày 16/12/2024"):
        khreport.letter(campaign, "late", today=monday)
    with pytest.raises(CampaignError, match="Hãy dùng late"):
        khreport.letter(campaign, "remind", today=tuesday)
    put(campaign, "a.xlsx", minute=1, status="lạ")
    take_in(campaign)
    (answer,) = khreport.reply(campaign, today=monday, dry_run=True).outcomes
    assert "nay đã quá" not in answer.message.letter.text


def test_a_letter_that_was_only_written_is_told_as_not_sent() -> None:
    told = Told().letter("sxd", "drafted")
    agency = of(told.status(), "sxd")
    assert (agency.state, agency.state_words) == ("drafted", "Đã soạn thư, chưa gửi")
    letter = {"letter": "reminder", "about": "due-0", "message_id": "<1@x>"}
    told.enter("drafted", "sxd", **letter).enter("reminded", "sxd", **letter)
    agency = of(told.status(), "sxd")
    assert (agency.reminders, agency.drafts) == (0, 1)
    assert agency.reminder_words == "đã soạn 1 thư nhắc, chưa gửi"
    # a server that was set meanwhile took it
    told.enter("sent", "sxd", **letter | {"message_id": "<1@dot.example>"})
    agency = of(told.status(), "sxd")
    assert (agency.reminders, agency.drafts) == (1, 0)
    assert agency.reminder_words == "đã nhắc 1 lần"


def test_a_later_draft_of_a_reminder_takes_the_place_of_the_earlier_one() -> None:
    told = Told()
    for number in (1, 2):
        letter = {"letter": "reminder", "about": f"due-{number}", "message_id": f"<{number}@x>"}
        told.enter("drafted", "sxd", **letter, file="SXD-nhac.eml")
        told.enter("reminded", "sxd", **letter)
    assert of(told.status(), "sxd").reminder_words == "đã soạn 1 thư nhắc, chưa gửi"


def test_a_letter_that_was_begun_and_not_ended_is_told_as_not_known() -> None:
    agency = of((status := Told().letter("sxd", "sending").status()), "sxd")
    assert agency.state_words == "Chưa rõ đã gửi biểu hay chưa"
    assert set(forms(status, "sxd").values()) == {"chưa rõ đã gửi", "—"}
    assert not any("Chưa gửi thư nào" in note for note in status.notes)
    assert of(Told().letter("sxd", "sending").letter("sxd").status(), "sxd").state == "sent"


def test_a_paper_without_a_file_is_told_and_so_is_the_reverse() -> None:
    told = Told().paper("sxd", "2024-12-12", number="1/BC").returned("sdl", 10, forms=FULL)
    status = told.status()
    assert (of(status, "sxd").paper_words, of(status, "sxd").tags) == (
        "1/BC (chưa có tệp)",
        ("overdue", "no_file"),
    )
    assert of(status, "sdl").paper_words == "chưa có"


def test_a_scan_and_the_number_that_is_typed_in_are_one_paper() -> None:
    told = Told().paper("sxd", "2024-12-12", file="quet.pdf", digest="ab")
    scan = of(told.status(), "sxd")
    assert scan.paper_words == "có bản PDF (chưa có tệp)"
    told.paper("sxd", "2024-12-13", number="1/BC", date="2024-12-11")
    paper = of(told.status(), "sxd").paper
    assert paper is not None
    assert (paper.words, paper.file) == ("1/BC, 11/12/2024", "quet.pdf")
    assert paper.came == dt.date(2024, 12, 12)


def test_who_is_to_be_chased_comes_with_those_first_who_sent_nothing() -> None:
    assert [a.agency for a in whole_round().status().overdue] == ["stc", "sdl"]
    assert whole_round().status(BEFORE).overdue == ()


def test_a_status_is_narrowed_to_agencies_and_states() -> None:
    status = whole_round().status()
    assert [a.agency for a in narrow_status(status, states=["faulty", "late"]).agencies] == [
        "sxd",
        "sdl",
    ]
    assert [a.agency for a in narrow_status(status, agencies=["stc"]).agencies] == ["stc"]
    assert narrow_status(status, agencies=["stc"], states=["accepted"]).agencies == ()


def test_a_return_is_counted_form_by_form() -> None:
    secret = CONSTRUCTION | {("PL2.I.3", "status"): "secret"}
    blocks = Finding(code="x", severity="error", message="", fix="", file="sxd.xlsx", form="PL2")
    tallies = tally_forms(small_edition(), submit("sxd", secret), [blocks, blocks])
    assert tallies["PL2"] == {"asked": 4, "answered": 3, "secret": 1, "errors": 2}
    assert tallies["VB"] == {"asked": 0, "answered": 1, "secret": 0, "errors": 0}
    assert tallies["CT"] == {"asked": 0, "answered": 0, "secret": 0, "errors": 0}


def test_taking_in_leaves_what_the_status_needs_in_the_ledger(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1)
    take_in(campaign)
    agency = of(khreport.read_status(campaign, AFTER), "stp")
    told = {form.form: (form.words, form.answered_of) for form in agency.forms}
    assert told["PL2"] == ("đạt", "1/1")
    assert (told["VB"][0], told["DC"][0]) == ("không phát sinh", "không phát sinh")
    assert agency.received_at is not None
    assert format_date(agency.received_at.date()) == "12/12/2024"


def test_the_setting_by_which_one_is_late_counts_in_the_consolidation_too(
    campaign: Campaign,
) -> None:
    put(campaign, "a.xlsx", minute=1)
    take_in(campaign)
    take_paper(campaign, "Sở Tư pháp", number="12/BC-STP", came=dt.date(2024, 12, 18))
    path = campaign.folder / "khreport.toml"
    text = path.read_text(encoding="utf-8").replace("[dates]", '[dates]\nlate_by = "paper"')
    path.write_text(text, encoding="utf-8")
    (row,) = (
        consolidate(open_campaign(campaign.folder))
        .consolidation.agencies.filter(agency="stp")
        .to_dicts()
    )
    assert row["days_late"] == 5


def test_a_wrong_way_to_be_late_is_refused_with_its_line(campaign: Campaign) -> None:
    path = campaign.folder / "khreport.toml"
    text = path.read_text(encoding="utf-8").replace("[dates]", '[dates]\nlate_by = "papre"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CampaignError, match=r"dòng \d+.*không nhận “papre”. Có phải “paper”"):
        open_campaign(campaign.folder)


def test_a_due_day_that_was_changed_after_the_forms_went_out_is_told(campaign: Campaign) -> None:
    path = campaign.folder / "khreport.toml"
    text = path.read_text(encoding="utf-8").replace("due = 2024-12-13", "due = 2024-12-20", 1)
    path.write_text(text, encoding="utf-8")
    notes = read_status(open_campaign(campaign.folder), BEFORE).notes
    assert "khreport.toml ghi hạn 20/12/2024, khác hạn 13/12/2024" in notes[-1]


def test_a_state_that_is_none_is_told(campaign: Campaign) -> None:
    with pytest.raises(CampaignError, match=r"Không có tình trạng “xong”\. Hãy ghi một trong: acc"):
        read_status(campaign, states=["xong"])


def test_workbook_and_page_are_written_alike_and_the_ledger_says_so(
    campaign: Campaign, tmp_path: Path
) -> None:
    put(campaign, "a.xlsx", minute=1, status="lạ")
    take_in(campaign)
    for name in ("mot", "hai"):
        status = read_status(campaign, AFTER)
        export_status(
            campaign, status, book=tmp_path / f"{name}.xlsx", page=tmp_path / f"{name}.html"
        )
    for suffix in ("xlsx", "html"):
        data = [(tmp_path / f"{name}.{suffix}").read_bytes() for name in ("mot", "hai")]
        assert data[0] == data[1]
    sheet = openpyxl.load_workbook(tmp_path / "mot.xlsx")["Tình hình nộp"]
    row = next(row for row in sheet.values if row[1] == "Sở Tư pháp")
    assert row[2:4] == ("Có lỗi phải sửa (1)", "quá hạn 7 ngày")
    with Ledger(campaign.ledger) as ledger:
        exported = [event.detail["file"] for event in ledger.events("exported")]
    assert exported == ["mot.xlsx", "mot.html", "hai.xlsx", "hai.html"]


def test_the_command_gives_values_for_other_programs(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["status", str(campaign.folder), "--json", "--date", "20/12/2024"]
    assert main([*arguments, "--agency", "stp", "--state", "overdue"]) == 0
    told = json.loads(capsys.readouterr().out)
    (agency,) = told["agencies"]
    assert (told["version"], told["today"], told["counts"]["unsent"]) == (1, "2024-12-20", 1)
    assert (agency["state"], agency["days_left"], agency["tags"]) == ("unsent", -7, ["overdue"])
