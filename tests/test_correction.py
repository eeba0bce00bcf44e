"""The correction on its way out and back: whole, marked, and read like any other return."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import openpyxl
import pytest
from mini_return import Return, grids_of
from openpyxl.workbook.workbook import Workbook

from khreport.cli_back import print_files
from khreport.edges.shipped import load_plan
from khreport.edges.xlsx import write_book
from khreport.findings import Finding
from khreport.layout.correction import lay_out_correction
from khreport.layout.workbook import lay_out_workbook
from khreport.messages import MOST_SAID
from khreport.rows import form_rows
from khreport.verbs.check import check
from khreport.verbs.init import default_settings
from khreport.verbs.judge import Checked, display_name
from khreport.verbs.templates import shipped_edition

ANSWERS = {
    ("Bìa", "C25"): "Cán bộ tổng hợp",
    ("Bìa", "C26"): "0258 000 0001",
    ("Phụ lục II", "H10"): "da trien khai",
    ("Phụ lục II", "L10"): "Đã quán triệt đến 100% đảng viên, công chức của Sở.",
    ("Phụ lục II", "O10"): "Không có khó khăn, kiến nghị",
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    edition = shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))
    path = tmp_path_factory.mktemp("mau") / "STP.xlsx"
    write_book(lay_out_workbook(edition, "stp"), path)
    return path


def fill(template: Path, path: Path, change: Callable[[Workbook], object] | None = None) -> Path:
    workbook = openpyxl.load_workbook(template)
    for (sheet, cell), text in ANSWERS.items():
        workbook[sheet][cell].value = text
    if change:
        change(workbook)
    workbook.save(path)
    return path


def judge(path: Path) -> Checked:
    (checked,) = check([path], corrections=path.parent / "tra-lai").files
    return checked


def correct(path: Path) -> Path:
    correction = judge(path).correction
    assert correction is not None
    return correction


def add_lines(workbook: Workbook) -> None:
    sheet = workbook["Phụ lục II"]
    sheet["C11"].value, sheet["H11"].value = "Dự án thứ nhất", "Đang thực hiện"
    sheet["C12"].value, sheet["H12"].value = "Dự án thứ hai", "Hoàn thành"
    sheet["J12"].value = "12/6/2024"


def test_lines_that_an_agency_added_survive_the_way_out_and_back(
    template: Path, tmp_path: Path
) -> None:
    first = fill(template, tmp_path / "a.xlsx", add_lines)
    correction = correct(first)
    workbook = openpyxl.load_workbook(correction)
    workbook["Phụ lục II"]["H10"].value = "Đã triển khai theo kế hoạch năm"
    mended = tmp_path / "b.xlsx"
    workbook.save(mended)
    checked = judge(mended)
    assert [str(f) for f in checked.findings if f.severity != "note"] == []
    frame = checked.submission.answers["PL2"]
    lines = frame.filter(frame["kind"] == "line")
    assert lines["task"].to_list() == ["Dự án thứ nhất", "Dự án thứ hai"]
    assert lines["parent"].to_list() == ["PL2.I.1", "PL2.I.1"]


def test_a_correction_that_comes_back_still_faulty_is_corrected_again(
    template: Path, tmp_path: Path
) -> None:
    again = correct(correct(fill(template, tmp_path / "a.xlsx")))
    names = openpyxl.load_workbook(again).sheetnames
    assert names[0] == "Cần sửa"
    assert len(names) == len(set(names))
    checked = judge(again)
    assert [f.code for f in checked.findings if f.code.startswith("sheet.")] == []


@pytest.mark.parametrize("name", ["Cần sửa", "cần sửa", "'x'", "History", "Phụ lục ii", "a" * 31])
def test_a_sheet_of_their_own_is_carried_under_a_name_that_works(
    template: Path, tmp_path: Path, name: str
) -> None:
    def add_sheet(workbook: Workbook) -> None:
        if name == "Phụ lục ii":
            workbook["Phụ lục II"].title = "Bảng của tôi"
        workbook.create_sheet().title = name
        workbook.worksheets[-1]["B2"].value = "Ghi chú riêng"

    correction = correct(fill(template, tmp_path / "a.xlsx", add_sheet))
    workbook = openpyxl.load_workbook(correction)
    assert len({n.casefold() for n in workbook.sheetnames}) == len(workbook.sheetnames)
    assert any(sheet["B2"].value == "Ghi chú riêng" for sheet in workbook.worksheets)


def test_the_index_leads_to_the_cell_and_says_what_to_do(template: Path, tmp_path: Path) -> None:
    correction = correct(fill(template, tmp_path / "a.xlsx"))
    sheet = openpyxl.load_workbook(correction)["Cần sửa"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "1")
    assert [cell.value for cell in row[1:4]] == [
        "Phải sửa", "H10", "Phụ lục II, ô H10 (Tình trạng, nhiệm vụ I.1)",
    ]  # fmt: skip
    assert row[2].hyperlink is not None
    assert row[2].hyperlink.location == "'Phụ lục II'!H10"
    assert "“da trien khai” không có trong danh sách" in str(row[4].value)


def test_a_row_that_was_deleted_is_whole_again_and_led_to(template: Path, tmp_path: Path) -> None:
    first = fill(
        template, tmp_path / "a.xlsx", lambda workbook: workbook["Phụ lục II"].delete_rows(10)
    )
    workbook = openpyxl.load_workbook(correct(first))
    assert workbook["Phụ lục II"]["A10"].value == "PL2.I.1"
    links = [row[2].value for row in workbook["Cần sửa"].iter_rows() if row[2].hyperlink]
    assert links == ["H10"]


def test_a_sheet_that_nobody_must_fill_may_be_missing(template: Path, tmp_path: Path) -> None:
    def mend_and_drop(workbook: Workbook) -> None:
        workbook["Phụ lục II"]["H10"].value = "Đã triển khai theo kế hoạch năm"
        del workbook["Đề xuất điều chỉnh"]

    checked = judge(fill(template, tmp_path / "a.xlsx", mend_and_drop))
    assert checked.accepted
    assert [f.code for f in checked.findings] == ["sheet.left_out"]


def test_what_was_written_where_nothing_is_asked_can_be_taken_out(
    template: Path, tmp_path: Path
) -> None:
    def write_percent(workbook: Workbook) -> None:
        workbook["Phụ lục II"]["I10"].value = 50

    correction = correct(fill(template, tmp_path / "a.xlsx", write_percent))
    cell = openpyxl.load_workbook(correction)["Phụ lục II"]["I10"]
    assert cell.value in (50, "50")
    assert not cell.protection.locked


def test_a_document_put_on_top_of_the_list_is_read(template: Path, tmp_path: Path) -> None:
    def put_on_top(workbook: Workbook) -> None:
        workbook["Phụ lục II"]["H10"].value = "Đã triển khai theo kế hoạch năm"
        sheet = workbook["Danh mục văn bản"]
        first = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "VB.1")
        sheet.insert_rows(first)
        for column, text in enumerate(("12/KH-STP", "05/3/2024", "Sở Tư pháp", "Kế hoạch"), 3):
            sheet.cell(first, column).value = text

    checked = judge(fill(template, tmp_path / "a.xlsx", put_on_top))
    frame = checked.submission.answers["VB"]
    assert frame["symbol"].to_list() == ["12/KH-STP"]
    assert [finding.code for finding in checked.findings if finding.blocks] == []


def test_names_that_are_no_unicode_keep_returns_apart() -> None:
    names = [
        display_name(Path(os.fsdecode(raw)), Path()) for raw in (b"B\xe1o.xlsx", b"B\xe2o.xlsx")
    ]
    assert len(set(names)) == 2
    assert all(name.isprintable() for name in names)


def list_documents(workbook: Workbook) -> None:
    workbook["Phụ lục II"]["H10"].value = "Đã triển khai theo kế hoạch năm"
    workbook["Phụ lục II"]["M10"].value = "2"
    sheet = workbook["Danh mục văn bản"]
    for row, symbol in enumerate(("30/KH-STP", "12/KH-STP", "25/BC-STP"), 9):
        for column, text in enumerate((symbol, "05/3/2024", "Sở Tư pháp", "Văn bản"), 3):
            sheet.cell(row, column).value = text


def symbols(checked: Checked) -> dict[str, str]:
    frame = checked.submission.answers["VB"]
    return dict(frame.select("key", "symbol").iter_rows())


LISTED = {"VB.1": "30/KH-STP", "VB.2": "12/KH-STP", "VB.3": "25/BC-STP"}


def test_documents_sorted_without_their_keys_keep_the_numbers_that_tasks_refer_to(
    template: Path, tmp_path: Path
) -> None:
    def sort_visible(workbook: Workbook) -> None:
        list_documents(workbook)
        sheet = workbook["Danh mục văn bản"]
        rows = [[sheet.cell(r, c).value for c in range(2, 7)] for r in range(9, 12)]
        for r, values in enumerate(sorted(rows, key=lambda row: str(row[1])), 9):
            for c, value in enumerate(values, 2):
                sheet.cell(r, c).value = value

    checked = judge(fill(template, tmp_path / "a.xlsx", sort_visible))
    assert symbols(checked) == LISTED
    assert [f.code for f in checked.findings if f.code == "text.changed"] == []


@pytest.mark.parametrize("how", ["cleared", "deleted"])
def test_documents_whose_hidden_keys_are_gone_are_known_by_their_number(
    template: Path, tmp_path: Path, how: str
) -> None:
    def lose_keys(workbook: Workbook) -> None:
        list_documents(workbook)
        sheet = workbook["Danh mục văn bản"]
        if how == "deleted":
            sheet.delete_cols(1)
        else:
            for row in range(2, 60):
                sheet.cell(row, 1).value = None

    checked = judge(fill(template, tmp_path / "a.xlsx", lose_keys))
    assert symbols(checked) == LISTED
    assert [str(f) for f in checked.findings if f.blocks] == []


def warn(workbook: Workbook) -> None:
    sheet = workbook["Phụ lục II"]
    sheet["H10"].value = "Đã triển khai theo kế hoạch năm"
    sheet["C10"].value = "Nội dung khác"


def test_an_accepted_return_with_warnings_has_a_correction_that_nobody_must_send(
    template: Path, tmp_path: Path
) -> None:
    checked = judge(fill(template, tmp_path / "a.xlsx", warn))
    assert checked.state == "review"
    assert checked.correction is not None
    assert checked.correction.name == "STP-qd1165-2024-can-xem-lai-a.xlsx"
    assert openpyxl.load_workbook(checked.correction).sheetnames[0] == "Cần xem lại"
    again = judge(checked.correction)
    assert (again.state, again.submission.extra) == ("accepted", {})
    assert again.correction is None


def test_a_folder_is_checked_without_the_corrections_that_stand_in_it(
    template: Path, tmp_path: Path
) -> None:
    fill(template, tmp_path / "a.xlsx")
    for _ in range(2):
        files = check([tmp_path], corrections=tmp_path / "tra-lai").files
        assert [file.submission.file for file in files] == ["a.xlsx"]


@pytest.mark.parametrize("agency", ["skhcn", "sdl", "snnptnt"])
def test_every_choice_of_every_row_comes_back_from_a_correction_as_it_was(agency: str) -> None:
    edition = shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))
    for number in range(8):
        back = Return(agency, edition)
        chosen = {}
        for form in edition.forms:
            for row in form_rows(edition, agency, form):
                for column in form.columns if row.kind else ():
                    asks = row.kind is not None and column.asks(row.kind)
                    choices = form.choices_for(column, row.kind, row.parent) if row.kind else None
                    if asks and choices and number < len(choices.choices):
                        code, label = choices.choices[number].code, choices.labels[number]
                        back.fill(form.sheet, row.key, column.key, label)
                        chosen[form.key, row.key, column.key] = code
        again = Return(agency, edition)
        again.grids |= grids_of(lay_out_correction(edition, back.read(), []))
        read = again.read()
        assert [str(f) for f in read.findings if f.code.startswith("cell.")] == []
        assert chosen or number
        for (form_key, key, column_key), code in chosen.items():
            frame = read.answers[form_key]
            assert frame.filter(frame["key"] == key)[column_key].item() == code


@pytest.mark.parametrize(
    ("length", "told"),
    [(150, "Nếu đúng, ghi giải trình ở cột"), (175, "Giải trình: cột"), (195, "Ghi văn bản.")],
)
def test_where_to_explain_is_said_as_far_as_the_sentence_has_room(length: int, told: str) -> None:
    edition = shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))
    doubt = Finding(
        code="PL2-13", severity="warning", message="x", fix="Ghi văn bản.", file="",
        sheet="Phụ lục II", form="PL2", row=17, column=12, row_key="PL2.VIII.6",
        column_key="documents",
    )  # fmt: skip
    doubt = msgspec.structs.replace(doubt, message="x" * (length + 1 - len(str(doubt))))
    assert len(str(doubt)) == length
    book = lay_out_correction(edition, Return("skhcn", edition).read(), [doubt])
    notes = [str(cell.value) for cell in book.sheets[0].cells if "Ghi văn bản." in str(cell.value)]
    (note,) = notes
    assert told in note
    assert length - len(doubt.fix) + len(note) <= MOST_SAID


def test_a_small_share_that_its_row_explains_is_asked_about_no_more(tmp_path: Path) -> None:
    def report_little(workbook: Workbook, why: str) -> None:
        sheet = workbook["Phụ lục II"]
        row = next(r for r in sheet.iter_rows() if r[0].value == "PL2.VIII.6")
        names = [cell.value for cell in sheet[1]]
        row[names.index("status")].value = "Đang thực hiện"
        row[names.index("percent")].value = 0.5
        row[names.index("explanation")].value = why

    edition = shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))
    form = tmp_path / "SKHCN.xlsx"
    write_book(lay_out_workbook(edition, "skhcn"), form)
    shown = []
    for number, why in enumerate(("", "Mới lập xong đề cương, chưa giải ngân")):
        workbook = openpyxl.load_workbook(form)
        report_little(workbook, why)
        workbook.save(tmp_path / f"{number}.xlsx")
        checked = judge(tmp_path / f"{number}.xlsx")
        shown.append([f.code for f in checked.findings if f.code == "cell.percent_small"])
        explained = [f.code for f in checked.explained]
    assert shown == [["cell.percent_small"], []]
    assert "cell.percent_small" in explained


def test_check_says_how_many_places_it_mended(
    template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def type_legacy(workbook: Workbook) -> None:
        workbook["Phụ lục II"]["L10"].value = "§· ban hµnh kÕ ho¹ch triÓn khai thùc hiÖn"

    file = judge(fill(template, tmp_path / "a.xlsx", type_legacy))
    print_files([file])
    assert file.submission.repairs
    told = capsys.readouterr().out
    assert f"Đã tự chỉnh {len(file.submission.repairs)} chỗ khi đọc (" in told
    assert "tệp gốc giữ nguyên" in told
    assert ": đổi từ bảng mã cũ (TCVN3, VNI) sang Unicode (" in told
    assert "json" not in told
