"""The way from a figure to the cells: of the small round, and of a campaign by its command."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import msgspec
import openpyxl
import pytest
from composed_round import FINANCE, SETTINGS, TOURISM, collect, tables
from mini_round import day, small_edition
from small_campaign import put
from two_years import DONE, SECOND_YEAR, make_rounds, send, take_in

from khreport.campaign import Campaign
from khreport.cli import main
from khreport.compose.cited import cite_evidence, tell_records
from khreport.compose.evidence import gather_evidence
from khreport.compose.material import Material
from khreport.compose.report import compose_material, prepare_material
from khreport.consolidation import Edits
from khreport.edges.shipped import load_outline
from khreport.errors import CampaignError
from khreport.evidence import Evidence, Record, Source
from khreport.verbs.check import check
from khreport.verbs.consolidate import consolidate
from khreport.verbs.report import write_report
from khreport.verbs.trace import trace

CAME = dt.datetime(2024, 12, 12, 9, 30)  # noqa: DTZ001 - an officer's clock


def material(edits: Edits | None = None, limits: dict[str, int] | None = None) -> Material:
    outline = load_outline()
    lower = msgspec.structs.replace(outline.limits, **(limits or {}))
    return prepare_material(
        small_edition(),
        collect(finance=FINANCE),
        edits or Edits(),
        SETTINGS,
        msgspec.structs.replace(outline, limits=lower),
    )


def gather(
    edits: Edits | None = None,
    officer: tuple[Source, ...] = (),
    key: str = "",
    limits: dict[str, int] | None = None,
) -> Evidence:
    places = {(source.column, key): source for source in officer}
    return gather_evidence(material(edits, limits), {"hash-sxd": CAME}, places)


def edit(column: str, value: str, cell: str) -> Source:
    return Source(
        agency="", name="Người biên tập", column=column, heading=column, value=value,
        file="bien-tap.xlsx", digest="hash-bt", sheet="Nhiệm vụ", cell=cell,
    )  # fmt: skip


def cells(record: Record) -> list[tuple[str, str, str]]:
    return [(source.agency, source.column, source.value) for source in record.sources]


def test_a_count_leads_to_the_tasks_and_to_the_cells_that_decide_it() -> None:
    record = gather().records["tasks.PL2.dated.running_late"]
    assert record.words == "Nhiệm vụ có thời hạn đang thực hiện (quá hạn), Phụ lục II"
    assert record.value == "01"
    (ground,) = record.grounds
    assert (ground.row, ground.label) == ("PL2.I.2", "I.2")
    assert ground.basis == "Đang thực hiện (quá hạn); thời hạn 30/6/2024; chậm 153 ngày"
    assert cells(record) == [("stc", "status", "Đang thực hiện")]


def test_a_count_of_the_plan_s_rows_leads_to_the_decision() -> None:
    evidence = gather()
    for figure in ("tasks.plan", "tasks.PL2", "tasks.PL2.I", "tasks.PL2.dated", "indicators"):
        record = evidence.records[figure]
        assert record.sources == ()
        assert all(ground.basis.startswith("Quyết định số") for ground in record.grounds)


def test_a_cell_is_told_with_its_file_its_sheet_and_when_it_came() -> None:
    record = gather().records["PL2.I.1.result.sxd"]
    (source,) = record.sources
    assert (source.digest, source.received_at) == ("hash-sxd", CAME)
    assert source.place == f"{source.file}, {source.sheet}!{source.cell}"
    assert record.value == "- đã trình quy hoạch;\n- lấy ý kiến 12 sở, ngành."


def test_a_figure_that_is_worked_out_has_the_cells_of_both_its_parts() -> None:
    evidence = gather()
    ratio = evidence.records["CT.visitors.ratio"]
    assert ratio.value == "110%"
    assert cells(ratio) == [("sdl", "plan_year", "9"), ("sdl", "estimate_year", "9,9")]
    told = [record.id for record in evidence.find(["CT.visitors"])]
    assert {"CT.visitors.plan_year", "CT.visitors.ratio", "CT.visitors.assessment"} <= {*told}
    assert TOURISM["CT.visitors", "plan_year"] == 9.0


def test_what_the_officer_wrote_stands_before_what_agencies_wrote() -> None:
    edits = Edits(results={"PL2.I.1": "Đã trình."}, statuses={"PL2.I.1": "completed"},
                  days={"PL2.I.1": day("2024-06-01")})  # fmt: skip
    officer = (
        edit("edited_result", "Đã trình.", "M9"),
        edit("edited_status", "Hoàn thành", "J9"),
    )
    evidence = gather(edits, officer, "PL2.I.1")
    result = evidence.records["PL2.I.1.result"]
    assert result.value == "Đã trình."
    assert result.sources[0].place == "bien-tap.xlsx, Nhiệm vụ!M9"
    assert ("sxd", "result", "- đã trình quy hoạch;\n- lấy ý kiến 12 sở, ngành.") in cells(result)
    counted = evidence.records["tasks.PL2.dated.completed_in_time"]
    assert ("", "edited_status", "Hoàn thành") in cells(counted)


def test_a_comment_is_short_and_names_rows_and_source() -> None:
    evidence = gather()
    told = tell_records(evidence.find(["tasks.PL2.dated.running_late"]))
    (source,) = evidence.records["tasks.PL2.dated.running_late"].sources
    assert told == (
        "01 nhiệm vụ có thời hạn đang thực hiện (quá hạn), Phụ lục II: I.2"
        f" [tasks.PL2.dated.running_late]\nNguồn: {source.name}, {source.place}."
    )


def test_a_comment_on_an_overdue_milestone_tells_how_the_milestone_stands() -> None:
    report = compose_material(material(), draft=True)
    table = tables(report)["Nhiệm vụ"]
    place = next(at for at, row in enumerate(table.rows) if "Mốc" in row[1])
    told = tell_records(gather().find(table.figures[place])).splitlines()
    assert told[0] == "Chưa thực hiện (quá hạn); thời hạn của mốc 31/3/2024; chậm 244 ngày."
    assert not any(line.startswith("Đang thực hiện (trong hạn)") for line in told)


def test_proposals_lead_to_the_cells_that_ask_and_to_no_others() -> None:
    asked, changed = gather().records["proposals"].grounds
    assert [source.column for source in asked.sources] == ["proposal", "addressee"]
    assert {source.column for source in changed.sources} >= {"change", "proposed"}


def test_what_a_list_leaves_out_is_a_record_with_all_names() -> None:
    limits = {"late": 0, "section_words": 0}
    evidence = gather(limits=limits)
    cited = cite_evidence(compose_material(material(limits=limits), draft=True), evidence).records
    told = cited["agencies.documented"]
    assert (told.value, [ground.words for ground in told.grounds]) == ("01", ["Sở Xây dựng"])
    overdue = cited["tasks.PL2.I.dated.overdue.rest"]
    assert [ground.row for ground in overdue.grounds] == ["PL2.I.2"]
    causes = cited["tasks.PL2.I.causes.rest"]
    assert (causes.value, [s.value for s in causes.sources]) == (
        "01", ["Thiếu nhân lực chuyên trách"],
    )  # fmt: skip
    assert "tasks.PL2.I.causes.rest" not in gather().records


@pytest.fixture
def reported(campaign: Campaign) -> Campaign:
    """A round with one return, its result edited by the officer, and a report on it."""
    put(campaign, "STP.xlsx", minute=0)
    check([campaign.folder])
    consolidate(campaign)
    book = openpyxl.load_workbook(campaign.editing_file)
    sheet = book["Nhiệm vụ"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    row = next(cell.row for cell in sheet["A"] if cell.value == "PL2.I.1")
    sheet.cell(row, columns["edited_result"]).value = "Toàn tỉnh đã quán triệt."
    book.save(campaign.editing_file)
    write_report(campaign)
    return campaign


def test_an_edited_result_leads_to_the_editing_file_and_on_to_the_return(
    reported: Campaign,
) -> None:
    found = trace(reported, "pl2.i.1.RESULT")
    assert (found.report, found.current) == ("bao-cao-2024-du-thao.docx", True)
    (record,) = found.records
    officer, agency = record.sources
    sheet = openpyxl.load_workbook(reported.editing_file)[officer.sheet]
    assert (officer.file, sheet[officer.cell].value) == ("bien-tap.xlsx", record.value)
    assert (agency.agency, agency.file) == ("stp", "STP.xlsx")
    assert agency.received_at is not None
    assert any("bảng, dòng 1 “Triển khai" in place for place in record.places)


def test_the_report_is_not_current_once_something_was_edited_since(
    reported: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.load_workbook(reported.editing_file)
    book["Nội dung báo cáo"]["A30"] = "ghi chú"
    book.save(reported.editing_file)
    assert not trace(reported, "PL2.I.1").current
    assert main(["trace", str(reported.folder), "PL2.I.1.status"]) == 0
    notice, advice, *_ = capsys.readouterr().out.splitlines()
    assert notice.startswith("CHÚ Ý: sau khi viết bao-cao-2024-du-thao.docx đã có thay đổi")
    assert "khreport report" in advice


def test_an_unknown_id_is_told_with_what_was_probably_meant(reported: Campaign) -> None:
    with pytest.raises(CampaignError, match=r"Có phải: .*CT\.grdp_growth"):
        trace(reported, "CT.gdrp_growth")
    with pytest.raises(CampaignError, match=r"Có phải: CT\."):
        trace(reported, "CT.xyz")


def test_what_is_no_id_is_found_by_value_agency_and_words(
    reported: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    by_words = trace(reported, "có bản nộp đạt")
    assert by_words.listed
    assert "agencies.accepted" in [record.id for record in by_words.records]
    by_agency = trace(reported, "Sở Tư pháp").records
    assert all("stp" in {each.agency for each in record.sources} for record in by_agency)
    assert "PL2.I.1.status" in [record.id for record in by_agency]
    value = next(r.value for r in trace(reported, "PL2.I.1").records if r.id.endswith("status"))
    assert "PL2.I.1.status" in [record.id for record in trace(reported, value).records]
    assert main(["trace", str(reported.folder), "có bản nộp đạt"]) == 0
    assert "Cơ quan có bản nộp đạt: 01  (mã agencies.accepted)" in capsys.readouterr().out


def test_without_an_id_the_counts_of_the_report_are_listed(
    reported: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trace", str(reported.folder)]) == 0
    *figures, advice = capsys.readouterr().out.splitlines()
    assert len(figures) > 5
    assert all("(mã " in line for line in figures)
    assert "khreport trace THƯ_MỤC MÃ" in advice


def test_the_command_prints_the_way_and_the_same_as_json(
    reported: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(reported.folder)
    assert main(["trace", folder, "agencies.accepted"]) == 0
    printed = capsys.readouterr().out
    assert "Cơ quan có bản nộp đạt: 01" in printed
    assert "Sở Tư pháp: Bản nộp: “Đã báo cáo” ← STP.xlsx, nhận " in printed
    assert main(["trace", folder, "PL2.I.1.status", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["version"], told["command"], told["current"]) == (1, "trace", True)
    (record,) = told["records"]
    (cell,) = record["rows"][0]["cells"]
    assert (cell["agency"], cell["sheet"], cell["edited"]) == ("stp", "Phụ lục II", False)
    assert cell["value"] == "Đã triển khai theo kế hoạch năm"
    assert main(["trace", folder, "không có"]) == 2
    assert "Không có số liệu, dòng nào mang mã “không có”" in capsys.readouterr().err


def test_draft_and_final_do_not_go_together(
    reported: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(reported.folder), "--draft", "--final"]) == 2
    assert "không dùng cùng --draft" in capsys.readouterr().err


def test_what_was_carried_over_from_the_year_before_says_so(tmp_path: Path) -> None:
    rounds = make_rounds(tmp_path)
    for agency, rows in SECOND_YEAR.items():
        send(rounds.second, rounds.sent, agency, rows)
    take_in(rounds.second)
    consolidate(rounds.second)
    (result,) = trace(rounds.second, f"{DONE}.result.skhcn").records
    assert result.value.endswith("(đã báo cáo kỳ năm 2023).")
    assert [(ground.basis, ground.sources) for ground in result.grounds] == [
        ("Đã báo cáo kỳ năm 2023", ())
    ]
    (status,) = trace(rounds.second, f"{DONE}.status").records
    assert [source.value for source in status.sources] == ["Đã hoàn thành kỳ trước"]
    assert "đã báo cáo kỳ năm 2023" in status.grounds[0].basis.casefold()
    (before,) = trace(rounds.second, "previous.dated.done").records
    assert {ground.basis for ground in before.grounds} == {"Câu trả lời của kỳ trước (Năm 2023)"}
