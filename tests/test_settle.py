"""What is held against an agency: not what it explains, what was waived, or what is tried out."""

from __future__ import annotations

import datetime as dt
import os

import msgspec
import openpyxl
import pytest
from small_campaign import kinds, put
from test_check import CARRIED_OUT, DONE, EDITION, submission

from khreport.campaign import Campaign
from khreport.checks.check import check_submissions
from khreport.checks.settle import Settled, settle_findings
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Ledger
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.findings import Finding, any_block
from khreport.frames import Submission
from khreport.parse.waivers import parse_waivers
from khreport.rules import Waiver
from khreport.verbs.check import check, result_as_json
from khreport.verbs.take_in import take_in
from khreport.verbs.templates import write_templates

UNDOCUMENTED = DONE | {"documents": None}
WAIVER = Waiver(
    agency="sxd", rule="PL2-06", period="2024", reason="Hồ sơ bị thất lạc do bão",
    by="Trưởng phòng Tổng hợp", on=dt.date(2024, 12, 10),
)  # fmt: skip


def settle(given: Submission, *waivers: Waiver, edition: Edition = EDITION) -> Settled:
    return settle_findings(check_submissions(edition, [given]), "sxd", "2024", waivers)


def told(findings: list[Finding]) -> list[str]:
    return [f"{f.code} {f.severity} {f.cell} {f.aside}" for f in findings]


def test_a_warning_whose_row_says_why_is_accepted_and_no_longer_shown() -> None:
    explained = UNDOCUMENTED | {"explanation": "Sản phẩm là công trình đã bàn giao"}
    settled = settle(submission(PL2=[explained]))
    assert settled.shown == []
    assert told(settled.explained) == ["PL2-13 warning M12 explained"]


def test_an_explanation_that_says_nothing_explains_nothing() -> None:
    settled = settle(submission(PL2=[UNDOCUMENTED | {"explanation": "ok"}]))
    assert told(settled.shown) == ["PL2-13 warning M12 None", "PL2-43 warning S12 None"]
    assert settled.explained == []


def test_an_error_is_not_explained_away() -> None:
    undated = DONE | {"completed_on": None, "explanation": "Chưa tìm thấy hồ sơ"}
    assert told(settle(submission(PL2=[undated])).shown) == ["PL2-06 error J12 None"]


def test_three_warnings_of_a_rule_are_shown_and_the_others_counted() -> None:
    rows = [UNDOCUMENTED | {"key": f"PL2.III.{n}", "parent": "PL2.III.1"} for n in range(1, 8)]
    first, *others = settle(submission(PL2=rows)).shown
    assert [str(finding.cell) for finding in others] == ["M12", "M13", "M14"]
    assert str(first) == (
        "Phụ lục II: Còn 4 ô khác cần xem lại vì cùng lý do với M12–M14. Hãy xem lại cả cột."
    )


def test_errors_are_never_only_counted() -> None:
    rows = [{"key": f"PL2.III.{n}", "kind": "recurrent"} for n in range(1, 8)]
    assert len(settle(submission(PL2=rows)).shown) == 7


def test_a_rule_on_trial_is_shown_as_such_and_blocks_nobody() -> None:
    rules = tuple(
        msgspec.structs.replace(rule, trial=True) if rule.id == "PL2-06" else rule
        for rule in EDITION.rules
    )
    undated = submission(PL2=[DONE | {"completed_on": None}])
    [finding] = settle(undated, edition=msgspec.structs.replace(EDITION, rules=rules)).shown
    assert (finding.severity, finding.aside) == ("note", "trial")
    assert finding.message.startswith("(Quy tắc thử nghiệm) Đã hoàn thành nhưng")


def test_what_is_waived_is_a_note_that_says_why() -> None:
    undated = submission(PL2=[DONE | {"completed_on": None}, CARRIED_OUT | {"result": None}])
    shown = settle(undated, WAIVER).shown
    assert told(shown) == ["PL2-05 error L13 None", "PL2-06 note J12 waived"]
    assert str(shown[1]) == (
        "Phụ lục II, ô J12 (Ngày hoàn thành, nhiệm vụ III.1): Đã hoàn thành nhưng chưa ghi ngày "
        "hoàn thành. Được miễn: Hồ sơ bị thất lạc do bão (Trưởng phòng Tổng hợp, 10/12/2024)."
    )


@pytest.mark.parametrize("other", [{"agency": "stp"}, {"period": "2023"}, {"rule": "PL2-05"}])
def test_a_waiver_is_for_one_agency_rule_and_period(other: dict[str, str]) -> None:
    undated = submission(PL2=[DONE | {"completed_on": None}])
    assert any_block(settle(undated, msgspec.structs.replace(WAIVER, **other)).shown)


def test_a_long_reason_is_cut_to_what_a_sentence_holds() -> None:
    undated = submission(PL2=[DONE | {"completed_on": None}])
    [finding] = settle(undated, msgspec.structs.replace(WAIVER, reason="Hồ sơ " * 60)).shown
    assert len(str(finding)) <= 200
    assert str(finding).endswith("… (Trưởng phòng Tổng hợp, 10/12/2024).")


WAIVERS = """\
[[waivers]]
agency = "Sở Xây dựng"
rule = "PL2-06"
period = "2024"
reason = "Hồ sơ bị thất lạc do bão"
by = "Trưởng phòng Tổng hợp"
on = 2024-12-10
"""


def test_a_rule_of_the_form_itself_can_be_waived() -> None:
    [waiver] = parse_waivers(WAIVERS.replace("PL2-06", "form.maximum"), "mien-tru.toml", EDITION)
    assert waiver.rule == "form.maximum"


def test_a_waiver_given_after_the_fault_lets_the_refused_return_pass(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, result=None)
    [refused] = take_in(campaign)
    assert not refused.accepted
    text = WAIVERS.replace("Sở Xây dựng", "stp").replace("PL2-06", "PL2-05")
    campaign.waivers_file.write_text(text, encoding="utf-8")
    [again] = take_in(campaign)
    assert again.accepted
    assert again.submission.id == refused.submission.id
    assert take_in(campaign) == []


def test_a_waiver_that_does_not_help_is_tried_once(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, result=None)
    take_in(campaign)
    text = WAIVERS.replace("Sở Xây dựng", "stp").replace("PL2-06", "PL2-22")
    campaign.waivers_file.write_text(text, encoding="utf-8")
    [again] = take_in(campaign)
    assert not again.accepted
    assert take_in(campaign) == []


def test_an_agency_may_be_named_in_full_in_a_waiver() -> None:
    assert parse_waivers(WAIVERS, "mien-tru.toml", EDITION) == (WAIVER,)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("Sở Xây dựng", "sdx", "dòng 2 (dòng miễn thứ 1): không có cơ quan “sdx”. Có phải “sxd”?"),
        ("PL2-06", "PL2-66", "dòng 3 (dòng miễn thứ 1): không có quy tắc “PL2-66”."),
        ("Hồ sơ bị thất lạc do bão", " ", "dòng 5 (dòng miễn thứ 1): mục “reason” đang trống."),
        ("PL2-06", "cell.not_choice", "dòng 3 (dòng miễn thứ 1): không có quy tắc “cell.not_cho"),
        ('"2024"', '"2O24"', "dòng 4 (dòng miễn thứ 1): không có kỳ báo cáo “2O24”."),
        ("2024-12-10", '"mai"', "dòng 7 (dòng miễn thứ 1): mục “on” phải là ngày"),
        ('by = "Trưởng phòng Tổng hợp"\n', "", "dòng 1 (dòng miễn thứ 1): thiếu mục “by”."),
        ("[[waivers]]", "[[waiver]]", "dòng 1: không có mục “waiver”. Có phải “waivers”?"),
    ],
)
def test_a_waiver_that_cannot_be_used_is_told_with_its_line(
    old: str, new: str, complaint: str
) -> None:
    with pytest.raises(CampaignError) as caught:
        parse_waivers(WAIVERS.replace(old, new), "mien-tru.toml", EDITION)
    assert str(caught.value).startswith(f"mien-tru.toml, {complaint}")


def test_a_waived_return_is_accepted_and_the_ledger_says_so_once(campaign: Campaign) -> None:
    text = WAIVERS.replace("Sở Xây dựng", "stp").replace("PL2-06", "PL2-05")
    campaign.waivers_file.write_text(text, encoding="utf-8")
    put(campaign, "a.xlsx", minute=1, result=None)
    put(campaign, "b.xlsx", minute=2, result=None, next_year="Tiếp tục tuyên truyền")
    first, second = take_in(campaign)
    assert first.accepted
    assert second.accepted
    assert [f.code for f in first.findings if f.aside == "waived"] == ["PL2-05"]
    assert kinds(campaign).count("waived") == 1
    with Ledger(campaign.ledger) as ledger:
        [event] = ledger.events("waived")
    assert event.agency == "stp"
    assert event.detail["waiver"]["reason"] == "Hồ sơ bị thất lạc do bão"


def test_json_tells_what_was_explained_apart_from_what_is_open(campaign: Campaign) -> None:
    path = put(
        campaign, "a.xlsx", minute=1, difficulty="Bình thường", cause="Khách quan",
        explanation="Đang rà soát cùng Sở Nội vụ",
    )  # fmt: skip
    [file] = result_as_json(check([path]))["files"]
    [explained] = file["explained"]
    assert (explained["code"], explained["severity"]) == ("PL2-41", "warning")
    assert explained["aside"] == "explained"
    assert "PL2-41" not in [finding["code"] for finding in file["findings"]]


def test_json_tells_all_that_a_correction_tells(campaign: Campaign) -> None:
    path = put(campaign, "a.xlsx", minute=1, status="da trien khai", cause="KHÔNG CÓ KHÓ KHĂN")
    workbook = openpyxl.load_workbook(path)
    workbook.create_sheet("Số liệu")["B2"].value = "Ghi chú riêng"
    workbook.save(path)
    os.utime(path, (1_733_970_000, 1_733_970_000))
    result = result_as_json(check([path], corrections=path.parent.parent / "tra"))
    [file] = result["files"]
    assert (file["state"], file["agency_name"]) == ("faulty", "Sở Tư pháp")
    assert file["correction"].endswith("can-sua-a.xlsx")
    assert dt.datetime.fromisoformat(file["received"]).timestamp() == 1_733_970_000
    assert file["counts"]["errors"] == len(
        [f for f in file["findings"] if f["severity"] == "error"]
    )
    assert {group["code"]: group["cells"] for group in file["groups"]}["cell.choice_near"]
    assert {"code", "cells", "message", "severity", "aside", "sheet"} == file["groups"][0].keys()
    assert file["added"] == [{"sheet": "Số liệu", "cells": 1}]
    told = {repair["cell"] for repair in file["repairs"]}
    assert len(told) == file["counts"]["repairs"]


OWN_CARDS = """\
[[rules]]
id = "PL2-05"
kind = "required"
form = "PL2"
columns = ["result"]
kinds = ["dated", "recurrent"]
when = { status = ["carried_out"] }
severity = "error"
trial = true
message = "Chưa ghi kết quả."
fix = "Ghi việc đã làm, ví dụ “Đã mở 12 lớp”."
basis = "Yêu cầu của đợt báo cáo."
good = { kind = "recurrent", status = "carried_out", result = "Tổ chức 12 hội nghị" }
bad = { result = "" }
"""


def test_a_campaigns_own_card_replaces_the_shipped_one_and_is_frozen(campaign: Campaign) -> None:
    shipped = {rule.id for rule in newest_edition(campaign).rules}
    campaign.cards.mkdir()
    (campaign.cards / "rieng.toml").write_text(OWN_CARDS, encoding="utf-8")
    write_templates(campaign)
    rules = {rule.id: rule for rule in newest_edition(campaign).rules}
    assert rules.keys() == shipped
    assert rules["PL2-05"].trial
    put(campaign, "a.xlsx", minute=1, result=None)
    [checked] = take_in(campaign)
    assert checked.accepted
    assert ("PL2-05", "trial") in [(f.code, f.aside) for f in checked.findings]
