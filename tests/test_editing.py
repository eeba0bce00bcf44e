from __future__ import annotations

from pathlib import Path

import msgspec
import openpyxl
from editing_round import (
    CHANGE_ID,
    FILE,
    PROPOSAL_ID,
    SLOTS,
    WRITTEN,
    cell,
    editing_book,
    find_sheet,
    places,
    read,
    read_one_finding,
    typed,
)
from mini_round import TOURISM, small_edition, small_round

from khreport.consolidation import Edits
from khreport.edges.reader import Reader
from khreport.edges.xlsx import write_book
from khreport.layout.editing import lay_out_editing
from khreport.raw import RawSheet, RawWorkbook


def test_an_untouched_workbook_says_nothing() -> None:
    assert read(typed(editing_book())) == (Edits(), ())


def test_what_was_written_is_poured_in_and_read_back_the_same() -> None:
    assert read(typed(editing_book(WRITTEN))) == (WRITTEN, ())


def test_what_was_written_survives_a_real_file(tmp_path: Path) -> None:
    path = tmp_path / FILE
    write_book(editing_book(WRITTEN), path)
    workbook = openpyxl.load_workbook(path)
    rows, columns = places(find_sheet(editing_book(WRITTEN), "Nhiệm vụ"))
    workbook["Nhiệm vụ"].cell(rows["PL2.I.2"] + 1, columns["edited_result"] + 1, "Đang trình")
    workbook.save(path)
    with Reader() as reader:
        edits, findings = read(reader.read(path))
    assert findings == ()
    assert edits.results == {"PL2.I.1": "Đã lập xong đồ án", "PL2.I.2": "Đang trình"}
    assert msgspec.structs.replace(edits, results=WRITTEN.results) == WRITTEN


def test_only_the_officers_cells_are_open() -> None:
    open_cells = {
        (key, column)
        for sheet in editing_book().sheets[:-1]
        for key, row in places(sheet)[0].items()
        for column, place in places(sheet)[1].items()
        for c in sheet.cells
        if (c.row, c.column) == (row, place) and not c.style.locked
    }
    tasks = ("PL1.I.1", "PL2.I.1", "PL2.I.2", "PL2.I.3")
    assert open_cells == {
        *((task, column) for task in tasks for column in ("edited_status", "edited_result")),
        ("PL2.I.3", "chosen_agency"),
        ("CT.visitors", "assessment"),
        *((task, "edited_day") for task in ("PL2.I.1", "PL2.I.2")),
        (PROPOSAL_ID, "opinion"),
        (CHANGE_ID, "opinion"),
        ("boi-canh", "passage"),
    }
    assert all(sheet.protected for sheet in editing_book().sheets)


def test_answers_stand_beneath_their_task_with_their_source() -> None:
    sheet = find_sheet(editing_book(), "Nhiệm vụ")
    assert list(places(sheet)[0])[-4:] == [
        "PL2.I.2",
        "PL2.I.3",
        "#PL2.I.3.sxd",
        "#PL2.I.3.sdl",
    ]
    assert cell(sheet, "#PL2.I.3.sxd", "name").value == "Sở Xây dựng"
    assert cell(sheet, "#PL2.I.3.sxd", "result").value == "Đã tổ chức 3 hội nghị"
    assert cell(sheet, "#PL2.I.3.sxd", "source").value == "sxd.xlsx, Phụ lục II, dòng 14"
    assert cell(sheet, "#PL2.I.1.m1.sxd", "name").value == (
        "Sở Xây dựng. Mốc: Trình duyệt: quý I/2024"
    )
    assert cell(sheet, "PL2.I.2", "result").value == "Chưa trả lời: Sở Tài chính."


def test_statuses_are_chosen_from_the_list_of_the_tasks_kind() -> None:
    book = editing_book()
    sheet = find_sheet(book, "Nhiệm vụ")
    rows, columns = places(sheet)
    sources = {
        area.row: check.source
        for check in sheet.checks
        if check.kind == "list"
        for area in check.areas
        if area.column == columns["edited_status"]
    }
    assert sources == {
        rows["PL1.I.1"]: "DS_PL1_assessment",
        rows["PL2.I.1"]: "DS_PL2_dated",
        rows["PL2.I.2"]: "DS_PL2_dated",
        rows["PL2.I.3"]: "DS_PL2_recurrent",
    }
    named = {name for name, _, _ in book.names}
    assert {check.source for check in sheet.checks if check.source} <= named


def test_the_agencies_to_choose_from_are_those_that_answered() -> None:
    book = editing_book()
    name, sheet_name, area = next(entry for entry in book.names if entry[0] == "CQ_1")
    listed = [
        c.value
        for c in find_sheet(book, sheet_name).cells
        if c.column == area.column and area.row <= c.row <= area.last_row
    ]
    assert (name, listed) == ("CQ_1", ["Sở Xây dựng", "Sở Du lịch"])


def test_rows_that_disagree_are_coloured_until_one_is_settled() -> None:
    sheet = find_sheet(editing_book(), "Nhiệm vụ")
    rows, _ = places(sheet)
    (condition,) = sheet.conditions
    assert (condition.area.row, condition.area.last_row) == (
        rows["PL2.I.3"],
        rows["#PL2.I.3.sdl"],
    )
    line = rows["PL2.I.3"] + 1
    assert condition.formula == f'=AND($G${line}="",$I${line}="")'


def test_a_status_in_other_letters_is_understood() -> None:
    raw = typed(editing_book(), ("Nhiệm vụ", "PL2.I.1", "edited_status", " HOÀN  THÀNH "))
    assert read(raw)[0].statuses == {"PL2.I.1": "completed"}


def test_an_unknown_status_is_told_with_the_one_that_was_meant() -> None:
    raw = typed(editing_book(), ("Nhiệm vụ", "PL2.I.3", "edited_status", "Trien khai 1 phần"))
    edits, found = read_one_finding(raw)
    assert edits.statuses == {}
    assert (found.code, found.row_key, str(found.cell)) == ("edit.status", "PL2.I.3", "G15")
    assert "“Trien khai 1 phần”" in found.message
    assert found.fix.endswith("Có phải “Triển khai một phần”?")


def test_a_status_of_the_other_kind_of_task_is_not_taken() -> None:
    raw = typed(editing_book(), ("Nhiệm vụ", "PL2.I.3", "edited_status", "Hoàn thành"))
    assert read_one_finding(raw)[1].code == "edit.status"


def test_an_agency_that_was_not_asked_cannot_be_chosen() -> None:
    raw = typed(editing_book(), ("Nhiệm vụ", "PL2.I.3", "chosen_agency", "Sở Tài chính"))
    edits, found = read_one_finding(raw)
    assert (edits.chosen, found.code) == ({}, "edit.agency")


def test_an_edit_for_an_unknown_row_is_told_with_its_words() -> None:
    raw = typed(
        editing_book(),
        ("Nhiệm vụ", "PL2.I.2", "edited_result", "Đã ban hành"),
    )
    sheet = raw.sheets[0]
    next(row for row in sheet.rows if row[0] == "PL2.I.2")[0] = "PL2.IX.9"
    edits, found = read_one_finding(raw)
    assert edits.results == {}
    assert (found.code, found.value) == ("edit.unknown_row", "Đã ban hành")


def test_an_entry_without_a_key_or_in_a_locked_row_is_told() -> None:
    book = editing_book()
    raw = typed(book, ("Nhiệm vụ", "#PL2.I.3.sxd", "edited_result", "Lạc dòng"))
    assert read_one_finding(raw)[1].code == "edit.misplaced"
    raw = typed(book, ("Kiến nghị", PROPOSAL_ID, "opinion", "Lạc dòng"))
    next(row for row in raw.sheets[2].rows if row[0] == PROPOSAL_ID)[0] = ""
    assert read_one_finding(raw)[1].code == "edit.no_key"


def test_two_copies_of_a_row_with_different_words_are_told() -> None:
    raw = typed(editing_book(), ("Chỉ tiêu", "CT.visitors", "assessment", "Đạt"))
    copy = list(raw.sheets[1].rows[-1])
    copy[places(find_sheet(editing_book(), "Chỉ tiêu"))[1]["assessment"]] = "Vượt"
    raw.sheets[1].rows.append(copy)
    edits, found = read_one_finding(raw)
    assert (edits.assessments, found.code) == ({"CT.visitors": "Đạt"}, "edit.doubled")


def test_numbers_and_formulas_without_a_result_are_not_lost() -> None:
    book = editing_book()
    raw = typed(book, ("Chỉ tiêu", "CT.visitors", "assessment", 9.5))
    assert read(raw)[0].assessments == {"CT.visitors": "9,5"}
    rows, columns = places(find_sheet(book, "Chỉ tiêu"))
    raw = typed(book)
    raw.sheets[1].marks.append((rows["CT.visitors"], columns["assessment"], "=A1"))
    assert read_one_finding(raw)[1].code == "edit.formula"


def test_words_that_equal_the_heading_are_words_all_the_same() -> None:
    raw = typed(editing_book(), ("Chỉ tiêu", "CT.visitors", "assessment", "Đánh giá"))
    assert read(raw) == (Edits(assessments={"CT.visitors": "Đánh giá"}), ())


def test_a_missing_sheet_or_another_rounds_sheet_is_told() -> None:
    raw = typed(editing_book())
    raw.sheets[3].rows[0][0] = raw.sheets[3].rows[0][0].replace(":2024:", ":2023:")
    codes = [f.code for f in read(raw)[1]]
    assert sorted(codes) == ["edit.other_round", "edit.sheet_missing"]


def test_a_file_that_is_something_else_gets_one_sentence() -> None:
    raw = RawWorkbook(sheets=[RawSheet(name="Sheet1", rows=[["Sổ", "tay"]]), RawSheet(name="2")])
    edits, found = read_one_finding(raw)
    assert (edits.results, found.code) == ({}, "edit.not_ours")


def test_an_opinion_on_a_withdrawn_proposal_is_kept_in_the_next_workbook() -> None:
    withdrawn = Edits(opinions={"KN.PL2.I.3.sdl": "Thống nhất"}, slots={"cu": "Đoạn cũ"})
    book = editing_book(withdrawn)
    assert cell(find_sheet(book, "Kiến nghị"), "KN.PL2.I.3.sdl", "opinion").value == "Thống nhất"
    assert read(typed(book)) == (withdrawn, ())


def test_a_choice_stays_open_when_the_agencies_agree_again() -> None:
    agreed = small_round(tourism=TOURISM | {("PL2.I.3", "status"): "carried_out"})
    edits = Edits(chosen={"PL2.I.3": "sdl"})
    book = lay_out_editing(small_edition(), agreed, edits, SLOTS)
    assert cell(find_sheet(book, "Nhiệm vụ"), "PL2.I.3", "chosen_agency").value == "Sở Du lịch"
    assert find_sheet(book, "Nhiệm vụ").conditions == ()
    assert read(typed(book))[0] == edits
