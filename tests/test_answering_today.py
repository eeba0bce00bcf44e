"""A round after the reorganisation: today's bodies answer the decision's rows."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from todays_round import COMMUNES, TO_COMMUNES, edition_of, register_with

from khreport.campaign import Mode
from khreport.columns import SCOPE
from khreport.compose.own_report import own_office
from khreport.edges.folder import open_campaign
from khreport.edges.shipped import load_agency_outline, load_plan, plan_text
from khreport.edition import Edition
from khreport.errors import CampaignError, PlanError, UndecidedError
from khreport.previous import Previous, YearFigure
from khreport.rows import form_rows, lead_words
from khreport.verbs.init import default_settings, init_campaign
from khreport.verbs.templates import write_templates


@pytest.fixture(scope="module")
def decided() -> Edition:
    return edition_of("2026", COMMUNES + TO_COMMUNES)


def test_rounds_before_the_reorganisation_stay_as_they_were() -> None:
    for period in ("2022", "2023", "2024"):
        edition = edition_of(period)
        assert (edition.handovers, edition.scope, edition.plan) == ((), None, load_plan("qd1165"))
        assert len(edition.asked) == 34
        assert SCOPE not in edition.form["CT"].column


def test_every_row_has_one_record_of_who_answers_for_each_body_of_the_decision(
    decided: Edition,
) -> None:
    assert not decided.undecided
    assert set(decided.plan.task) <= set(decided.handed)
    for handed in decided.handed.values():
        assert len({handover.of for handover in handed}) == len(handed)
    tasks = {question.key for question in decided.questions if question.kind != "remark"}
    assert set(decided.plan.task) <= tasks


def test_only_bodies_that_stand_today_are_asked(decided: Edition) -> None:
    ended = {agency.key for agency in decided.plan.agencies if agency.valid_to}
    assert {"skhdt", "stttt", "ubnd-nha-trang"} <= ended
    assert not ended & set(decided.asked)
    assert {"snnmt", "svhttdl", "sdttg", "ubnd-dk-truong-sa"} <= set(decided.asked)


def test_no_commune_of_the_other_former_province_gets_a_workbook(decided: Edition) -> None:
    assert "xa-mau-mot" in decided.asked
    assert "xa-mau-hai" not in decided.asked


def test_a_split_body_hands_each_row_to_who_does_that_work_now(decided: Edition) -> None:
    def heirs(row: str) -> list[str]:
        return [key for handover in decided.handed[row] for key in handover.to]

    assert heirs("PL2.I.2") == ["svhttdl"]
    assert heirs("PL2.V.5") == ["skhcn"]
    assert heirs("PL1.I.b.1") == ["snv", "snnmt"]
    assert heirs("CT.poverty_reduction") == ["snnmt"]
    trained = [q.agency for q in decided.questions if q.key == "CT.trained_labour"]
    assert trained == ["snv"]


def test_of_a_group_all_who_answer_are_told_and_not_that_it_became_some_of_them(
    decided: Edition,
) -> None:
    def lead(row: str) -> str:
        return lead_words(decided, decided.plan.task[row]).rpartition("\n")[2]

    assert lead("PL2.I.1") == "(nay 17 cơ quan báo cáo)"
    assert lead("PL2.II.8") == (
        "(nay báo cáo: Sở Xây dựng; Sở Nông nghiệp và Môi trường; Sở Tài chính)"
    )


def test_the_decision_keeps_its_wording_with_the_successor_beside_it(decided: Edition) -> None:
    rows = {row.key: row for row in form_rows(decided, "stc", decided.form["PL1"])}
    assert rows["PL1.I.a.1"].mirror["lead_text"] == "Sở Kế hoạch và Đầu tư\n(nay là Sở Tài chính)"
    rows = {row.key: row for row in form_rows(decided, "sct", decided.form["PL1"])}
    assert rows["PL1.I.a.2"].mirror["lead_text"] == "Sở Công Thương"


def test_every_figure_is_asked_for_its_scope_and_changed_indicators_are_marked(
    decided: Edition,
) -> None:
    form = decided.form["CT"]
    assert form.labels(SCOPE) == {"before": "Khánh Hòa cũ", "after": "toàn tỉnh mới"}
    assert form.column[SCOPE].required
    names = {row.key: row.mirror["name"] for row in form_rows(decided, "stc", form)}
    assert names["CT.grdp_per_capita"] == (
        "GRDP bình quân đầu người\n(số liệu đổi theo dân số của tỉnh)"
    )
    assert names["CT.grdp_growth"] == "Tốc độ tăng trưởng GRDP"


def test_rows_without_a_decision_stop_the_templates_with_a_file_to_fill_in(tmp_path: Path) -> None:
    campaign = init_campaign(tmp_path / "dot", "qd1165", "2026")
    with pytest.raises(UndecidedError, match="Còn 3 dòng") as caught:
        write_templates(campaign)
    assert "Phụ lục II, V.6: UBND thành phố Nha Trang" in str(caught.value)
    assert not campaign.outgoing.exists()
    blank = campaign.agencies_file.read_text(encoding="utf-8")
    assert blank.count("[[decision]]") == 3
    with pytest.raises(UndecidedError):
        write_templates(open_campaign(campaign.folder))
    campaign.agencies_file.write_text(plan_text("qd1165", "vi-du-co-quan.toml"), encoding="utf-8")
    written = write_templates(open_campaign(campaign.folder))
    assert set(written.files) == set(written.edition.asked)
    assert not {"ubnd-nha-trang", "skhdt"} & {*written.files, *written.not_asked}
    assert "Việc sắp xếp 11 cơ quan cần xác nhận" in written.warnings[-1]


def test_the_workbook_of_a_body_that_is_gone_is_moved_aside(tmp_path: Path) -> None:
    campaign = init_campaign(tmp_path / "dot", "qd1165", "2026")
    campaign.agencies_file.write_text(plan_text("qd1165", "vi-du-co-quan.toml"), encoding="utf-8")
    campaign.outgoing.mkdir()
    (campaign.outgoing / "SKHDT-qd1165-2026.xlsx").write_bytes(b"")
    assert [path.name for path in write_templates(campaign).moved] == ["SKHDT-qd1165-2026.xlsx"]


def test_a_lost_file_of_decisions_is_written_again_and_never_over_what_was_filled_in(
    tmp_path: Path,
) -> None:
    campaign = init_campaign(tmp_path / "dot", "qd1165", "2026")
    campaign.agencies_file.unlink()
    with pytest.raises(UndecidedError):
        write_templates(campaign)
    assert campaign.agencies_file.is_file()
    one = TO_COMMUNES[TO_COMMUNES.index("[[decision]]", 20) :]
    campaign.agencies_file.write_text(one, encoding="utf-8")
    with pytest.raises(UndecidedError, match="Còn 1 dòng"):
        write_templates(campaign)
    assert campaign.agencies_file.read_text(encoding="utf-8") == one


def test_a_decision_on_a_row_that_lost_nobody_is_refused() -> None:
    needless = '[[decision]]\ntask = "PL2.II.9"\nanswering = ["sxd"]\nreason = "x"\n'
    with pytest.raises(CampaignError, match=r"dòng PL2\.II\.9: dòng này đã có cơ quan trả lời"):
        edition_of("2026", TO_COMMUNES + needless)


def test_a_decision_without_its_basis_is_refused_with_its_line() -> None:
    with pytest.raises(PlanError, match=r"co-quan\.toml, dòng 5 .*ghi căn cứ"):
        register_with(TO_COMMUNES.replace('"Công văn minh họa"', '" "', 1))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("xa-mau-hai", "xa-mau-mot"), r"dòng 11 .*mã “xa-mau-mot” đã có"),
        (("UBND-MAU2", "UBND-MAU1"), r"dòng 14 .*“UBND-MAU1” đã dùng"),
        (("UBND-MAU2", "UBND Mẫu"), r"dòng 14 .*có khoảng trắng"),
        (('"Ninh Thuận"', '"Ninh Thuan"'), r"dòng 16 .*Có phải “Ninh Thuận”"),
        (('"sxd"', '"Sở Xây dựng"'), r"ghi mã “sxd” thay cho “Sở Xây dựng”"),
        (('"Công văn minh họa"', '"Công văn số …"'), "ghi căn cứ"),
        (('reason = "Công văn minh họa"', "reason = “Công văn”"), "dấu nháy thẳng"),
        (("PL2.V.6", "PL2.V.66"), r"Có phải “PL2\.V\.6”"),
    ],
)
def test_what_people_mistype_in_the_file_is_told_with_its_line_and_its_mending(
    change: tuple[str, str], complaint: str
) -> None:
    old, new = change
    with pytest.raises(PlanError, match=complaint):
        register_with((COMMUNES + TO_COMMUNES).replace(old, new))


def test_a_day_as_people_write_it_is_told_as_it_must_stand() -> None:
    block = '[[change]]\nof = ["sngv"]\nhow = "abolished"\nsince = 01/3/2025\nbasis = "NQ 1"\n'
    with pytest.raises(PlanError, match=r"dòng 4: .*2025-03-01"):
        register_with(block + 'confidence = "stated"\n')


def test_a_block_copied_as_it_was_printed_confirms_nothing() -> None:
    block = '[[change]]\nof = ["sngv"]\nhow = "unchanged"\nsince = 2025-03-01\n'
    with pytest.raises(PlanError, match="thay “…” bằng số, ngày"):
        register_with(block + 'basis = "Nghị quyết số …"\nconfidence = "stated"\n')


def test_group_rows_may_name_the_bodies_of_today() -> None:
    modes = {"PL2.VII.1": Mode(mode="representatives", answering=("snnmt", "stttt"))}
    edition = edition_of("2026", TO_COMMUNES.replace("@xa-khanh-hoa-cu", "snv"), group_rows=modes)
    asked = [q.agency for q in edition.questions if q.key == "PL2.VII.1"]
    assert sorted(asked) == ["skhcn", "snnmt", "svhttdl"]


def test_the_new_bodies_collector_signs_the_settings_of_the_new_round() -> None:
    plan = load_plan("qd1165")
    old = default_settings(plan, "qd1165", "2024").office
    new = default_settings(plan, "qd1165", "2026").office
    assert (old.issuer, old.symbol) == ("Sở Kế hoạch và Đầu tư", "SKHĐT")
    assert (new.issuer, new.symbol) == ("Sở Tài chính", "STC")


def test_last_years_figure_says_which_area_it_covers(decided: Edition) -> None:
    figures = tuple(
        YearFigure(indicator=key, year=2025, value=7.1, agency="stc", period="2025", scope=scope)
        for key, scope in (("CT.grdp_growth", "Khánh Hòa cũ"), ("CT.budget_revenue", ""))
    )
    told = msgspec.structs.replace(
        decided, previous=Previous(period="2025", name="Năm 2025", figures=figures)
    )
    names = {row.key: row.mirror["name"] for row in form_rows(told, "stc", told.form["CT"])}
    assert names["CT.grdp_growth"] == (
        "Tốc độ tăng trưởng GRDP\n(số năm trước đã báo cáo: Khánh Hòa cũ)"
    )
    assert "năm trước" not in names["CT.budget_revenue"]


COMMUNE_ENDED = COMMUNES.replace(
    'former_province = "Khánh Hòa"', 'former_province = "Khánh Hòa"\nvalid_to = 2025-12-31'
)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (TO_COMMUNES.replace("@xa-khanh-hoa-cu", "ubnd-nha-trang"), "UBND thành phố Nha Trang"),
        (COMMUNE_ENDED + TO_COMMUNES.replace("@xa-khanh-hoa-cu", "xa-mau-mot"), "xã Mẫu Một"),
        (
            COMMUNE_ENDED.replace("valid_to = 2025-12-31", "valid_from = 2027-01-01")
            + TO_COMMUNES.replace("@xa-khanh-hoa-cu", "xa-mau-mot"),
            "xa-mau-mot",
        ),
    ],
)
def test_a_decision_for_a_body_that_does_not_stand_on_the_due_day_is_refused(
    text: str, body: str
) -> None:
    with pytest.raises(CampaignError, match=f"PL2.I.1 .*{body}.* không hoạt động vào hạn gửi"):
        edition_of("2026", text)


def test_a_group_holds_those_that_stand_and_a_named_body_is_followed_to_its_heir() -> None:
    assert "xa-mau-mot" not in edition_of("2026", COMMUNE_ENDED + TO_COMMUNES).asked
    edition = edition_of("2026", TO_COMMUNES.replace('["skhcn"]', '["skhdt"]'))
    assert edition.handed["PL2.V.6"][0].to == ("stc",)


def test_a_commune_signs_its_report_as_its_committee(decided: Edition) -> None:
    office = default_settings(decided.plan, "qd1165", "2026").office
    body = decided.plan.agency["ubnd-dk-truong-sa"]
    own = own_office(body, office, load_agency_outline())
    assert own.superior is None
    assert own.issuer == "Ủy ban nhân dân\nđặc khu Trường Sa"
    assert own.place == "Trường Sa"


def test_who_collects_is_followed_to_the_body_of_the_day() -> None:
    renamed = (
        COMMUNES.replace("xa-mau-mot", "skt").replace(
            '"commune"\nformer_province = "Khánh Hòa"', '"department"'
        )
        + '[[change]]\nof = ["stc"]\nhow = "renamed"\nsince = 2026-01-01\ninto = ["skt"]\n'
        'basis = "Nghị quyết số 1"\nconfidence = "stated"\n'
    )
    edition = edition_of("2026", renamed + TO_COMMUNES.replace("@xa-khanh-hoa-cu", "snv"))
    assert edition.plan.collector == "skt"
