"""Official letters of a round and an agency's own report: written, and opened by python-docx."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import docx
import msgspec
import openpyxl
import pytest
from composed_round import CONSTRUCTION, FINANCE, SETTINGS, body, collect
from mini_round import day, small_edition
from small_campaign import put

from khreport.agencies import Agency
from khreport.campaign import Campaign
from khreport.compose.letter import Addressed, Occasion, compose_letter
from khreport.compose.own_report import compose_own_report, own_office
from khreport.edges.docx import write_report
from khreport.edges.shipped import load_agency_outline, load_letters, shipped_text
from khreport.errors import CampaignError, PlanError
from khreport.parse.letter import LetterKind, LetterTexts, parse_letters
from khreport.report import Report, Table
from khreport.verbs.check import check
from khreport.verbs.consolidate import consolidate
from khreport.verbs.init import init_campaign
from khreport.verbs.letter import write_official_letter
from khreport.verbs.lint import lint
from khreport.verbs.report import write_own_report
from khreport.verbs.templates import write_templates

LATE_DAY = day("2024-12-16")


def letter_texts(most: int) -> LetterTexts:
    return msgspec.structs.replace(load_letters(), most_addressees=most)


def letter(
    kind: LetterKind, *agencies: str, today: dt.date = LATE_DAY, faulty: bool = False, most: int = 4
) -> Report:
    occasion = Occasion(
        kind=kind, texts=letter_texts(most), edition=small_edition(), settings=SETTINGS, today=today
    )
    addressed = [Addressed(agency=key, file=f"{key}.xlsx", faulty=faulty) for key in agencies]
    return compose_letter(occasion, addressed, draft=True)


def test_a_letter_names_each_agency_in_vietnamese_order() -> None:
    written = letter("cover", "sxd", "sdl")
    assert written.addressees == ("Sở Du lịch", "Sở Xây dựng")
    assert "đề nghị Sở Du lịch và Sở Xây dựng báo cáo kết quả" in body(written)
    assert "(tệp sdl.xlsx, sxd.xlsx)" in body(written)
    assert written.appendices == ()


def test_many_agencies_stand_in_a_list_that_the_letter_announces() -> None:
    written = letter("cover", "sxd", "sdl", "stc", most=2)
    assert written.addressees == (
        "Các cơ quan, đơn vị, địa phương (danh sách tại Phụ lục kèm theo)",
    )
    assert "nêu tại Phụ lục kèm theo" in body(written)
    (table,) = written.appendices[0].blocks
    assert isinstance(table, Table)
    assert table.rows[0] == ("1", "Sở Du lịch", "2", "1", "sdl.xlsx")
    assert table.rows[2] == ("3", "Sở Xây dựng", "2", "0", "sxd.xlsx")


def test_who_is_late_is_told_how_late_and_whether_anything_came() -> None:
    assert "Sở Xây dựng chưa gửi báo cáo, quá hạn 03 ngày." in body(letter("late", "sxd"))
    assert "đã gửi báo cáo nhưng còn lỗi" in body(letter("late", "sxd", faulty=True))
    assert "Đề nghị Sở Xây dựng sửa theo bản trả lại rồi gửi lại" in body(
        letter("late", "sxd", faulty=True, today=day("2025-01-02"))
    )
    several = letter("late", "sxd", "stc", most=1)
    (table,) = several.appendices[0].blocks
    assert isinstance(table, Table)
    assert table.rows[0] == ("1", "Sở Tài chính", "Chưa gửi báo cáo", "03")


def test_a_day_that_is_over_is_not_asked_for() -> None:
    assert "Để kịp báo cáo Ủy ban nhân dân tỉnh Khánh Hòa chậm nhất ngày 30/12/2024" in body(
        letter("late", "sxd")
    )
    afterwards = body(letter("late", "sxd", today=day("2025-01-02")))
    assert "30/12/2024" not in afterwards
    assert "2. Đề nghị Sở Xây dựng hoàn thành và gửi" in afterwards


def test_who_sent_something_faulty_is_late_by_the_day_on_which_it_came() -> None:
    in_time = body(letter("late", "sxd", faulty=True))
    assert "Sở Xây dựng đã gửi báo cáo nhưng còn lỗi, chưa tổng hợp được." in in_time
    assert "quá hạn" not in in_time
    occasion = Occasion(
        kind="late", texts=load_letters(), edition=small_edition(), settings=SETTINGS,
        today=LATE_DAY,
    )  # fmt: skip
    addressed = [
        Addressed(agency="sxd", file="sxd.xlsx", faulty=True, days_late=1),
        Addressed(agency="stc", file="stc.xlsx"),
    ]
    both = body(compose_letter(occasion, addressed, draft=True))
    assert (
        "Sở Tài chính chưa gửi báo cáo, quá hạn 03 ngày; Sở Xây dựng đã gửi báo cáo, quá hạn "
        "01 ngày; báo cáo còn lỗi, chưa tổng hợp được."
    ) in both
    one = msgspec.structs.replace(occasion, texts=letter_texts(most=1))
    (table,) = compose_letter(one, addressed, draft=True).appendices[0].blocks
    assert isinstance(table, Table)
    assert [row[-1] for row in table.rows] == ["03", "01"]


def test_a_reminder_asks_who_sent_something_faulty_to_mend_it() -> None:
    told = body(letter("remind", "sxd", faulty=True, today=day("2024-12-10")))
    assert "đã gửi báo cáo nhưng còn lỗi" in told
    assert "Đề nghị Sở Xây dựng sửa theo bản trả lại rồi gửi lại tệp biểu kèm văn bản" in told


def test_a_letter_is_polite() -> None:
    told = body(letter("late", "sxd")) + body(letter("late", "sxd", faulty=True))
    assert "ngay theo" not in told
    assert "gửi ngay" not in told
    assert "sẽ được nêu trong báo cáo của" in told


def test_a_contact_is_that_of_the_settings_and_else_not_mentioned() -> None:
    assert "Đầu mối" not in body(letter("cover", "sxd"))
    sender = msgspec.structs.replace(SETTINGS.sender, contact="Phòng Tổng hợp", phone="0258 1")
    occasion = Occasion(
        kind="cover", texts=load_letters(), edition=small_edition(),
        settings=msgspec.structs.replace(SETTINGS, sender=sender), today=LATE_DAY,
    )  # fmt: skip
    told = body(compose_letter(occasion, [Addressed(agency="sxd", file="x")], draft=True))
    assert "Đầu mối liên hệ: Phòng Tổng hợp, điện thoại 0258 1." in told


@pytest.mark.parametrize("kind", ["cover", "remind", "late"])
def test_the_paper_has_its_subject_under_the_number_and_no_title(
    kind: LetterKind, tmp_path: Path
) -> None:
    path = tmp_path / "cong-van.docx"
    write_report(letter(kind, "sxd"), path)
    document = docx.Document(str(path))
    number = document.tables[0].rows[1].cells[0].text
    assert number.startswith("Số:        /SKHĐT-TH\nV/v ")
    assert "BÁO CÁO" not in [paragraph.text for paragraph in document.paragraphs]
    assert document.paragraphs[0].text == "Kính gửi: Sở Xây dựng."
    end = next(p.text for p in reversed(document.paragraphs) if p.text)
    assert end.endswith("./.")
    assert document.core_properties.title.startswith("Công văn về ")


def test_a_mistake_in_the_words_of_letters_is_told_with_its_line() -> None:
    text = shipped_text("templates/docx/cong-van.toml").replace("at_once =", "at_onse =", 1)
    with pytest.raises(PlanError, match=r"cong-van\.toml, dòng \d+"):
        parse_letters(text, "cong-van.toml")


def own(agency: str) -> Report:
    consolidation = collect(finance=FINANCE)
    return compose_own_report(
        small_edition(), consolidation, SETTINGS, load_agency_outline(), agency
    )


def test_an_agency_reports_its_own_tasks_to_committee_and_collector() -> None:
    report = own("sxd")
    head = report.letterhead
    assert (head.superior, head.issuer, head.symbol) == ("UBND tỉnh Khánh Hòa", "Sở Xây dựng",
                                                         "BC-....")  # fmt: skip
    assert report.addressees == ("Ủy ban nhân dân tỉnh Khánh Hòa", "Sở Kế hoạch và Đầu tư")
    written = body(report)
    assert "Sở Xây dựng được giao 02 nhiệm vụ của Kế hoạch (02 nhiệm vụ tại Phụ lục II)" in written
    assert "nêu tại Phụ lục kèm theo." in written
    assert "Trong kỳ, Sở Xây dựng đã ban hành 01 văn bản (là kế hoạch)" in written
    assert (
        "Kiến nghị UBND tỉnh: Bổ sung kinh phí (nhiệm vụ I.1 Phụ lục II của Kế hoạch)." in written
    )
    for other in ("Sở Du lịch", "Sở Tài chính", "I.2", "Thiếu nhân lực", "Khách lưu trú"):
        assert other not in written.replace("Sở Kế hoạch và Đầu tư", "")


def test_an_agency_whose_only_task_with_a_deadline_is_in_time_says_so_plainly() -> None:
    written = body(own("sxd"))
    assert "Đến ngày 30/11/2024, Sở Xây dựng không có nhiệm vụ quá hạn." in written
    assert "Sở Xây dựng không có nhiệm vụ chậm so với thời hạn." in written
    silent = collect(finance={("PL2.I.2", "difficulty"): "Thiếu nhân lực"})
    report = compose_own_report(small_edition(), silent, SETTINGS, load_agency_outline(), "stc")
    assert "Có 01 nhiệm vụ đã hết thời hạn nhưng chưa nêu kết quả" in body(report)
    for cleared in ("Sở Tài chính không có nhiệm vụ quá hạn", "không có nhiệm vụ chậm"):
        assert cleared not in body(report)


def test_an_agency_s_report_says_of_the_plan_only_what_the_agency_was_given() -> None:
    written = body(own("sdl"))
    assert "Sở Du lịch không được giao nhiệm vụ có thời hạn." in written
    assert "Kế hoạch không có" not in written
    assert (
        "Trong các nhiệm vụ tại Phụ lục II của Kế hoạch, Sở Du lịch được giao 01 nhiệm vụ"
        " thường xuyên, đã triển khai một phần." in written
    )
    assert "Phụ lục II có" not in written
    assert "\n- *I. QUY HOẠCH: *Được giao 01 nhiệm vụ thường xuyên, đã" in written
    assert "Đã thực hiện một phần" not in body(own("sxd"))


def test_an_agency_s_symbol_is_the_one_of_its_own_plans_else_room_is_left() -> None:
    consolidation = collect(CONSTRUCTION | {("VB.1", "issuer"): "sở xây dựng"})
    report = compose_own_report(
        small_edition(), consolidation, SETTINGS, load_agency_outline(), "sxd"
    )
    assert report.letterhead.symbol == "BC-SXD"
    assert own("sxd").letterhead.symbol == "BC-...."


def test_an_agency_that_leads_with_others_says_what_it_said_itself() -> None:
    # Sở Du lịch says "partly" of the task of which Sở Xây dựng says "carried out"
    assert "01 nhiệm vụ thường xuyên, đã triển khai một phần" in body(own("sdl"))
    assert "01 nhiệm vụ thường xuyên, đã triển khai theo kế hoạch năm" in body(own("sxd"))
    assert "khác nhau" not in str(own("sdl").appendices)


def test_nothing_of_the_collectors_opinions_is_asked_of_an_agency() -> None:
    assert [slot.key for slot in own("sxd").open_slots] == [
        "direction", "strengths", "shortcomings", "outlook",
    ]  # fmt: skip


def test_a_local_committee_signs_for_the_body_and_has_no_superior() -> None:
    committee = Agency(
        key="x", name="UBND huyện Cam Lâm", short="x", abbreviation="X", kind="district"
    )
    office = own_office(committee, SETTINGS.office, load_agency_outline())
    assert (office.superior, office.issuer, office.place) == (
        None, "Ủy ban nhân dân\nhuyện Cam Lâm", "Cam Lâm",
    )  # fmt: skip
    assert office.authority == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    central = msgspec.structs.replace(committee, name="Công an tỉnh", kind="vertical")
    office = own_office(central, SETTINGS.office, load_agency_outline())
    assert (office.superior, office.place) == ("[Cơ quan chủ quản]", "Khánh Hòa")


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    campaign = init_campaign(tmp_path_factory.mktemp("dot") / "2024", "qd1165", "2024")
    write_templates(campaign)
    return campaign


def test_a_letter_to_everybody_goes_to_all_but_the_sender(campaign: Campaign) -> None:
    written = write_official_letter(campaign, "cover")
    assert written.path.name == "cong-van-gui-bieu-mau-du-thao.docx"
    assert "skhdt" not in written.agencies
    assert len(written.agencies) == 33
    assert write_official_letter(campaign, "cover").kept is None


def test_a_letter_that_was_changed_by_hand_is_kept_aside(campaign: Campaign) -> None:
    path = write_official_letter(campaign, "cover", agencies=["Sở Y tế"], final=True).path
    assert path.name == "cong-van-gui-bieu-mau-SYT.docx"
    document = docx.Document(str(path))
    document.add_paragraph("Lãnh đạo sửa.")
    document.save(str(path))
    again = write_official_letter(campaign, "cover", agencies=["SYT"], final=True)
    assert again.kept is not None
    assert docx.Document(str(again.kept)).paragraphs[-1].text == "Lãnh đạo sửa."


def test_a_letter_of_the_wrong_day_is_refused_with_the_right_one(campaign: Campaign) -> None:
    with pytest.raises(CampaignError, match=r"Chưa quá thời hạn .* 13/12/2024.*remind"):
        write_official_letter(campaign, "late", today=day("2024-12-13"))
    with pytest.raises(CampaignError, match="dùng late"):
        write_official_letter(campaign, "remind", today=day("2024-12-14"))
    late = write_official_letter(campaign, "late", agencies=["stc"], today=day("2024-12-14"))
    assert late.agencies == ("stc",)


def test_a_letter_warns_of_a_day_that_is_over_and_of_no_contact(campaign: Campaign) -> None:
    in_time = write_official_letter(campaign, "cover", today=day("2024-12-13")).warnings
    assert [words.partition(".")[0] for words in in_time] == ["Công văn không có đầu mối liên hệ"]
    day_over, _ = write_official_letter(campaign, "cover", today=day("2024-12-14")).warnings
    assert "chậm nhất ngày 13/12/2024, ngày này đã qua" in day_over


@pytest.mark.parametrize("today", ["2024-12-16", "2026-11-21"])
def test_a_letter_about_a_round_of_an_earlier_year_has_no_findings(
    campaign: Campaign, today: str
) -> None:
    """Its districts and departments were there in the year that it is about."""
    for kind in ("cover", "late"):
        linted = lint(write_official_letter(campaign, kind, today=day(today)).path)
        assert [each.rule.id for each in linted.outcomes if each.faults] == []


def test_an_agency_without_an_accepted_return_has_no_report_of_its_own(
    campaign: Campaign,
) -> None:
    consolidate(campaign)
    with pytest.raises(CampaignError, match="Sở Y tế chưa có bản nộp đạt"):
        write_own_report(campaign, "syt")
    with pytest.raises(CampaignError, match="Có phải “Sở Y tế”"):
        write_own_report(campaign, "Sở Y tê")


def test_an_agency_s_report_leads_to_its_cells_where_that_is_wished(campaign: Campaign) -> None:
    put(campaign, "STP.xlsx", minute=0)
    check([campaign.folder])
    consolidate(campaign)
    plain = write_own_report(campaign, "stp")
    assert (plain.path and plain.path.name, plain.evidence) == ("bao-cao-2024-STP.docx", None)
    assert not has_comments(plain.path)
    traced = write_own_report(campaign, "stp", comments=True, evidence=True)
    assert has_comments(traced.path)
    assert traced.evidence is not None
    assert traced.evidence.name == "bang-chung-2024-STP.xlsx"
    cells = openpyxl.load_workbook(traced.evidence)["Ô"]
    files = {row[4] for row in cells.iter_rows(min_row=4, values_only=True)}
    assert "STP.xlsx" in files
    assert not {file for file in files if file} - {"STP.xlsx"}


def has_comments(path: Path | None) -> bool:
    assert path is not None
    with zipfile.ZipFile(path) as package:
        return any("comments" in name for name in package.namelist())
