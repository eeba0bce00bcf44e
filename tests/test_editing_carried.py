from __future__ import annotations

from typing import Any

import pytest
from editing_round import (
    CHANGE_ID,
    FILE,
    PROPOSAL_ID,
    SLOTS,
    WRITTEN,
    cell,
    editing_book,
    find_sheet,
    read,
    read_one_finding,
    typed,
)
from mini_round import CONSTRUCTION, TOURISM, day, small_edition, small_round

from khreport.consolidation import Edits, Unread
from khreport.layout.editing import lay_out_editing
from khreport.layout.editing_carried import NOT_USED
from khreport.merge.doubts import doubt_edits
from khreport.raw import RawSheet, RawWorkbook


def rewritten(edits: Edits) -> RawWorkbook:
    """The next workbook with these edits, as it is read back."""
    return typed(editing_book(edits))


def test_a_day_is_read_as_people_write_it_and_never_from_after_the_closing_day() -> None:
    book = editing_book()
    for written in ("15/6/2024", day("2024-06-15"), "ngày 15 tháng 6 năm 2024"):
        raw = typed(book, ("Nhiệm vụ", "PL2.I.2", "edited_day", written))
        assert read(raw) == (Edits(days={"PL2.I.2": day("2024-06-15")}), ())
    for written in ("tháng 6", "01/12/2024"):
        raw = typed(book, ("Nhiệm vụ", "PL2.I.2", "edited_day", written))
        edits, found = read_one_finding(raw)
        assert (edits.days, found.code) == ({}, "edit.day")
        assert found.fix == "Hãy nhập ngày/tháng/năm không sau ngày 30/11/2024, ví dụ 30/11/2024."


@pytest.mark.parametrize(
    ("key", "column", "text", "code"),
    [
        ("PL2.I.3", "edited_status", "Xong rồi", "edit.status"),
        ("PL2.I.3", "chosen_agency", "Sở Tài chính", "edit.agency"),
        ("PL2.I.2", "edited_result", "=A1", "edit.formula"),
        ("PL2.I.2", "edited_result", "#REF!", "edit.formula"),
        ("PL2.I.2", "edited_day", "giữa năm", "edit.day"),
        ("#PL2.I.3.sxd", "edited_result", "Lạc dòng", "edit.misplaced"),
    ],
)
def test_what_is_not_understood_stands_marked_in_its_cell_again(
    key: str, column: str, text: str, code: str
) -> None:
    edits, found = read_one_finding(typed(editing_book(), ("Nhiệm vụ", key, column, text)))
    assert (found.code, edits.unread) == (code, (Unread("BT1", key, column, text),))
    sheet = find_sheet(editing_book(edits), "Nhiệm vụ")
    again = cell(sheet, key, column)
    assert (again.value, again.note, again.style.locked) == (text, NOT_USED, False)
    marked = [(c.area.row, c.area.column) for c in sheet.conditions]
    assert marked.count((again.row, again.column)) == 1
    assert read_one_finding(rewritten(edits)) == (edits, found)


def test_what_has_no_cell_any_more_stands_below_the_table_and_is_told_again() -> None:
    raw = typed(
        editing_book(),
        ("Nhiệm vụ", "PL2.I.2", "edited_result", "Đã ban hành"),
        ("Nhiệm vụ", "PL2.I.1", "edited_result", "Không có mã"),
    )
    rows = {row[0]: row for row in raw.sheets[0].rows}
    rows["PL2.I.2"][0], rows["PL2.I.1"][0] = "PL2.IX.9", ""
    edits, findings = read(raw)
    assert sorted(f.code for f in findings) == ["edit.no_key", "edit.unknown_row"]
    for _ in range(2):
        again, findings = read(rewritten(edits))
        assert sorted(f.code for f in findings) == ["edit.no_key", "edit.unknown_row"]
        assert sorted(again.unread, key=str) == sorted(edits.unread, key=str)
        edits = again


def test_sheets_and_notes_of_the_officer_are_carried_along() -> None:
    raw = typed(editing_book())
    own: list[list[Any]] = [["Việc", 3, day("2024-12-01")], ["", "=gọi lại", ""]]
    raw.sheets.insert(0, RawSheet(name="Ghi chú", row=1, rows=own))
    tasks = raw.sheets[1]
    width = len(tasks.rows[0])
    for row in tasks.rows:
        row += ["", ""]
    next(row for row in tasks.rows if row[0] == "PL2.I.2")[width + 1] = "hỏi lại"
    tasks.rows[2][width] = "của Phòng Tổng hợp"
    tasks.rows.extend([[""] * (width + 2), ["", "", "Dưới bảng", *[""] * (width - 1)]])
    edits, findings = read(raw)
    assert findings == ()
    assert edits.extra == {
        "Ghi chú": ((), ("Việc", 3, day("2024-12-01")), (None, "=gọi lại", None))
    }
    assert [(j.key, j.row, j.column, j.value) for j in edits.jottings] == [
        ("", -2, "+1", "của Phòng Tổng hợp"),
        ("PL2.I.2", 0, "+2", "hỏi lại"),
        ("", 2, "name", "Dưới bảng"),
    ]
    assert read(rewritten(edits))[0].jottings == edits.jottings
    again = read(rewritten(edits))[0].extra["Ghi chú"]
    assert again[1:] == edits.extra["Ghi chú"][1:]


def test_choosing_an_agency_that_has_not_answered_is_told_and_marked() -> None:
    silent = {place: value for place, value in TOURISM.items() if place[0] != "PL2.I.3"}
    found = small_round(tourism=silent)
    edits = Edits(
        chosen={"PL2.I.3": "sdl"},
        statuses={"PL2.I.2": "completed"},
        days={"PL2.I.1": day("2024-06-01")},
    )
    doubts = doubt_edits(edits, found, small_edition(), FILE, {})
    assert [f.code for f in doubts] == [
        "edit.not_answered",
        "edit.day_missing",
        "edit.day_unused",
    ]
    assert doubts[0].message.startswith(
        "Sở Du lịch được chọn ở nhiệm vụ I.3 Phụ lục II nhưng chưa trả lời nhiệm vụ này;"
    )
    assert all(not f.blocks and len(str(f)) <= 200 for f in doubts)
    book = lay_out_editing(small_edition(), found, edits, SLOTS)
    assert "chưa trả lời" in cell(find_sheet(book, "Nhiệm vụ"), "PL2.I.3", "chosen_agency").note


def test_an_opinion_stays_with_the_words_that_it_is_on() -> None:
    edits = Edits(opinions={PROPOSAL_ID: "Thống nhất", CHANGE_ID: "Trình"})
    changed = small_round(
        construction=CONSTRUCTION
        | {("PL2.I.1", "proposal"): "Xin thôi", ("DC.1", "proposed"): "Bỏ nhiệm vụ"}
    )
    book = lay_out_editing(small_edition(), changed, edits, SLOTS)
    sheet = find_sheet(book, "Kiến nghị")
    assert cell(sheet, changed.proposals["id"][0], "opinion").value is None
    assert cell(sheet, changed.adjustments["id"][0], "opinion").value is None
    assert cell(sheet, PROPOSAL_ID, "opinion").value == "Thống nhất"
    assert cell(sheet, PROPOSAL_ID, "name").value == (
        "Ý kiến trước đây về kiến nghị của Sở Xây dựng, nhiệm vụ I.1 Phụ lục II"
        " (kiến nghị đã thay đổi)"
    )
    assert cell(sheet, CHANGE_ID, "name").value == (
        "Ý kiến trước đây về đề xuất điều chỉnh kế hoạch của Sở Xây dựng, dòng 1"
        " (đề xuất đã thay đổi)"
    )
    assert read(typed(book)) == (edits, ())


def test_a_task_of_which_not_all_have_told_says_how_many_have() -> None:
    silent = {place: value for place, value in TOURISM.items() if place[0] != "PL2.I.3"}
    book = lay_out_editing(small_edition(), small_round(tourism=silent), Edits(), SLOTS)
    status = cell(find_sheet(book, "Nhiệm vụ"), "PL2.I.3", "status").value
    assert status == "Đã triển khai theo kế hoạch năm (1/2 cơ quan đã báo cáo)"


def test_a_sheet_of_another_round_is_kept_and_told_again() -> None:
    raw = typed(editing_book(WRITTEN))
    raw.sheets[3].rows[0][0] = raw.sheets[3].rows[0][0].replace(":2024:", ":2023:")
    edits, _ = read(raw)
    book = editing_book(edits)
    assert [s.name for s in book.sheets][3:] == [
        "Nội dung báo cáo",
        "Nội dung báo cáo (2)",
        "_lists",
    ]
    assert [f.code for f in read(typed(book))[1]] == ["edit.other_round"]
