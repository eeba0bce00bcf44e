from __future__ import annotations

import unicodedata

import pytest
from mini_return import PAPERS, TASKS, Return, told, value

from khreport.edges.shipped import load_plan
from khreport.read.located import as_text
from khreport.read.submissions import MOST_OUTSIDE
from khreport.verbs.init import default_settings
from khreport.verbs.templates import shipped_edition

PARENTS = ["PL2.I.1", "PL2.I.1.m1", "PL2.I.1.m2", "PL2.I.3"]
"""The rows of the tasks that are there whether anything was answered or not."""


def test_lines_that_were_inserted_belong_to_the_task_above() -> None:
    back = Return()
    inserted = [["", "b)", "Phân khu B", "", "Hoàn thành", 100.0, "", "", ""]]
    back.grids[TASKS][13:13] = inserted
    submission = back.read()
    assert told(submission) == []
    assert value(submission, "PL2.I.1.+1", "parent") == "PL2.I.1"
    assert value(submission, "PL2.I.1.+1", "row") == 13
    assert value(submission, "PL2.I.1.+1", "task") == "Phân khu B"
    assert value(submission, "PL2.I.3", "row") == 14


def test_records_go_on_below_the_numbered_rows() -> None:
    submission = Return().put(PAPERS, "C12", "99/QĐ-SXD").read()
    assert told(submission) == []
    assert submission.answers["VB"]["key"].to_list() == ["VB.+1"]


def test_a_signature_below_the_table_is_no_answer() -> None:
    submission = Return().put(TASKS, "H18", "Người lập biểu").read()
    assert told(submission) == [("cell.outside", "H18")]
    assert submission.findings[0].severity == "note"
    assert "PL2.I.3.+1" not in submission.answers["PL2"]["key"]
    assert submission.extra == {"Nhiệm vụ (ghi thêm)": [["H18", "Người lập biểu"]]}


def test_a_deleted_row_is_named_and_still_stands_in_the_frame() -> None:
    back = Return()
    del back.grids[TASKS][9]
    submission = back.read()
    (finding,) = submission.findings
    assert (finding.code, finding.row_key) == ("row.missing", "PL2.I.1")
    assert finding.message == "Thiếu dòng của nhiệm vụ I.1."
    assert value(submission, "PL2.I.1", "row") == -1
    assert value(submission, "PL2.I.3", "row") == 12


def test_an_emptied_line_may_go() -> None:
    back = Return()
    del back.grids[TASKS][12]
    assert told(back.read()) == []


def test_rows_sorted_with_their_keys_are_read_at_their_keys() -> None:
    back = Return().put(TASKS, "H10", "một").put(TASKS, "H14", "hai")
    grid = back.grids[TASKS]
    grid[9], grid[13] = grid[13], grid[9]
    submission = back.read()
    assert (told(submission), submission.repairs) == ([], ())
    assert value(submission, "PL2.I.1", "result") == "một"


def test_rows_sorted_without_their_keys_are_read_by_their_text() -> None:
    back = Return().put(TASKS, "H10", "một").put(TASKS, "H14", "hai").put(TASKS, "C13", "Khu A")
    grid = back.grids[TASKS]
    grid[9][1:], grid[13][1:] = grid[13][1:], grid[9][1:]
    submission = back.read()
    assert told(submission) == [("row.unsure", "C13"), ("row.moved", TASKS)]
    assert value(submission, "PL2.I.1", "result") == "một"
    assert value(submission, "PL2.I.3", "result") == "hai"
    assert [(r.before, r.after) for r in submission.repairs] == [
        ("nhiệm vụ I.1", "nhiệm vụ I.3"),
        ("nhiệm vụ I.3", "nhiệm vụ I.1"),
    ]
    assert submission.extra["Nhiệm vụ (ghi thêm)"] == [["B13", "a)"], ["C13", "Khu A"]]


def test_a_row_that_lost_its_key_is_known_by_its_text() -> None:
    back = Return().put(TASKS, "A10", "").put(TASKS, "H10", "một")
    submission = back.read()
    assert told(submission) == [("row.keyless", TASKS)]
    assert value(submission, "PL2.I.1", "result") == "một"
    assert "sắp xếp" not in str(submission.findings[0]) + submission.repairs[0].why


def test_a_copied_row_that_says_something_else_is_asked_about() -> None:
    back = Return().put(TASKS, "H10", "một")
    back.grids[TASKS][10:10] = [[*back.grids[TASKS][9][:7], "hai", ""]]
    submission = back.read()
    (finding,) = submission.findings
    assert (finding.code, str(finding.cell)) == ("row.doubled", "B11")
    assert "nhiệm vụ I.1 (dòng 10 và dòng 11)" in finding.message
    assert value(submission, "PL2.I.1", "result") == "một"


@pytest.mark.parametrize("key", ["PL2.I.1", ""])
def test_a_copied_row_that_says_the_same_is_dropped_and_told(key: str) -> None:
    back = Return().put(TASKS, "H10", "một")
    back.grids[TASKS][10:10] = [[key, *back.grids[TASKS][9][1:]]]
    submission = back.read()
    (finding,) = submission.findings
    assert str(finding) == (
        "Nhiệm vụ, ô B11 (nhiệm vụ I.1): Dòng này giống hệt dòng 10 của nhiệm vụ I.1 nên được "
        "bỏ qua. Không phải làm gì thêm."
    )
    assert (finding.severity, submission.extra) == ("note", {})
    assert submission.answers["PL2"]["key"].to_list() == PARENTS


@pytest.mark.parametrize("key", ["PL2.I.1", ""])
def test_of_a_row_and_its_empty_copy_the_filled_one_is_read(key: str) -> None:
    back = Return().put(TASKS, "H10", "một")
    copied = [key, *back.grids[TASKS][9][1:4], *[""] * 5]
    back.grids[TASKS][9:9] = [copied]
    submission = back.read()
    assert (told(submission), submission.extra) == ([], {})
    assert value(submission, "PL2.I.1", "result") == "một"


def test_a_row_that_was_copied_without_its_key_is_no_line_but_asked_about() -> None:
    back = Return().put(TASKS, "E11", "Hoàn thành").put(TASKS, "H10", "một")
    for at in (10, 9):  # the milestone, then the task
        row = back.grids[TASKS][at]
        back.grids[TASKS][at + 1 : at + 1] = [["", *row[1:4], "Đang thực hiện", *row[5:]]]
    submission = back.read()
    assert [(f.code, str(f.cell), f.row_key) for f in submission.findings] == [
        ("row.doubled", "B11", "PL2.I.1"),
        ("row.doubled", "B13", "PL2.I.1.m1"),
    ]
    assert submission.answers["PL2"]["key"].to_list() == PARENTS
    assert ["E13", "Đang thực hiện"] in submission.extra["Nhiệm vụ (ghi thêm)"]


def test_a_line_may_be_called_what_its_task_is_called() -> None:
    submission = Return().put(TASKS, "C13", "Lập quy hoạch phân khu").read()
    assert told(submission) == []
    assert value(submission, "PL2.I.1.a", "task") == "Lập quy hoạch phân khu"


@pytest.mark.parametrize("first", [0, 1])
def test_without_keys_headings_and_labels_are_ours_and_lines_keep_their_names(first: int) -> None:
    back = Return().put(TASKS, "H10", "một").put(TASKS, "C13", "Khu A").put(TASKS, "H14", "hai")
    back.grids[TASKS][13:13] = [["", "b)", "Khu B", "", "", 100.0, "", "", ""]]
    for row in back.grids[TASKS][first:]:
        row[0] = ""
    submission = back.read()
    assert {f.code for f in submission.findings} - {"sheet.by_columns"} == {"row.keyless"}
    assert value(submission, "PL2.I.1", "result") == "một"
    assert value(submission, "PL2.I.1.a", "task") == "Khu A"
    assert value(submission, "PL2.I.1.+1", "task") == "Khu B"
    assert submission.extra == {}


def test_what_is_written_on_a_heading_is_kept_and_noted() -> None:
    for key in ("", "#PL2.I"):
        submission = Return().put(TASKS, "A9", key).put(TASKS, "E9", "Hoàn thành").read()
        assert told(submission) == [("cell.outside", "E9")]


def line(name: str) -> list[object]:
    """A row that an agency inserted."""
    return ["", "", name, "", "", 50.0, "", "", ""]


def test_lines_stay_with_their_tasks_when_two_rows_change_places() -> None:
    back = Return().put(TASKS, "H10", "một").put(TASKS, "H14", "hai")
    grid = back.grids[TASKS]
    grid.insert(15, line("của I.3"))
    grid.insert(13, line("của I.1"))
    grid[9], grid[14] = grid[14], grid[9]
    submission = back.read()
    assert told(submission) == []
    assert value(submission, "PL2.I.1", "result") == "một"
    assert value(submission, "PL2.I.1.+1", "task") == "của I.1"
    assert value(submission, "PL2.I.3.+1", "task") == "của I.3"


def test_of_a_line_right_beneath_a_row_that_changed_places_the_task_is_asked() -> None:
    back = Return()
    grid = back.grids[TASKS]
    grid.insert(13, line("của I.1"))
    grid.insert(10, line("của ai"))
    grid[9], grid[15] = grid[15], grid[9]
    submission = back.read()
    assert told(submission) == [("row.unsure", "C11")]
    assert value(submission, "PL2.I.1.+1", "task") == "của I.1"


def test_where_a_row_was_moved_away_only_lines_at_both_places_are_asked_about() -> None:
    back = Return()
    grid = back.grids[TASKS]
    grid.insert(15, line("của I.3"))
    grid.insert(14, line("của ai"))  # beneath I.3 and above its line a)
    grid.insert(13, line("của I.1"))
    grid.insert(9, grid.pop(14))
    submission = back.read()
    assert told(submission) == [("row.unsure", "C15"), ("row.unsure", "C16")]
    assert value(submission, "PL2.I.3.+1", "task") == "của I.3"


def test_a_key_that_is_not_of_this_agency_is_told() -> None:
    submission = Return().put(TASKS, "A13", "PL2.I.2").put(TASKS, "H13", "một").read()
    assert told(submission) == [("row.unknown", "H13")]
    assert ["H13", "một"] in submission.extra["Nhiệm vụ (ghi thêm)"]


def test_changed_wording_of_the_plan_is_a_warning_and_the_plan_stands() -> None:
    back = Return().put(TASKS, "C10", "Lập quy hoạch khác").put(TASKS, "D10", "Sở khác")
    submission = back.put(TASKS, "H10", "một").read()
    assert told(submission) == [("text.changed", "C10"), ("text.changed", "D10")]
    assert value(submission, "PL2.I.1", "result") == "một"


def test_other_spellings_of_the_same_wording_are_no_change() -> None:
    text = unicodedata.normalize("NFD", "LẬP QUY  HOẠCH phân khu")
    submission = Return().put(TASKS, "C10", text).read()
    assert (told(submission), submission.repairs) == ([], ())


def test_a_missing_column_is_told_and_its_values_are_null() -> None:
    back = Return()
    for row in back.grids[TASKS]:
        del row[5]
    submission = back.read()
    (finding,) = submission.findings
    assert finding.message == "Thiếu cột “Tỷ lệ hoàn thành (%)”."
    assert submission.answers["PL2"]["percent"].null_count() == 4
    assert submission.columns["PL2"]["result"] == 6


def test_a_copied_column_that_says_something_else_is_asked_about() -> None:
    back = Return().put(TASKS, "H10", "một").put(TASKS, "J1", "result").put(TASKS, "J10", "hai")
    submission = back.read()
    assert ("column.doubled", "J1") in told(submission)
    assert value(submission, "PL2.I.1", "result") == "một"


def test_what_stands_beside_the_form_is_kept_and_noted() -> None:
    submission = Return().put(TASKS, "Z10", "ghi chú").read()
    assert told(submission) == [("cell.outside", "Z10")]
    assert submission.extra == {"Nhiệm vụ (ghi thêm)": [["Z10", "ghi chú"]]}


def test_a_task_whose_words_landed_on_a_heading_is_read_and_no_heading_blocks() -> None:
    back = Return().put(TASKS, "H10", "một").put(TASKS, "H14", "hai")
    grid = back.grids[TASKS]
    # row 9 holds the heading's key, and after the sort the words of I.3
    grid[8][1:], grid[9][1:], grid[13][1:] = grid[13][1:], grid[8][1:], grid[9][1:]
    submission = back.read()
    assert told(submission) == [("row.moved", TASKS)]
    assert value(submission, "PL2.I.1", "result") == "một"
    assert value(submission, "PL2.I.3", "result") == "hai"
    assert value(submission, "PL2.I.3", "row") == 8


def test_a_changed_number_of_a_list_is_no_change_of_the_plan() -> None:
    back = Return().fill(PAPERS, "VB.1", "number", "số 1")
    submission = back.fill(PAPERS, "VB.1", "symbol", "12/KH-SXD").read()
    (finding,) = submission.findings
    assert (finding.code, finding.severity) == ("number.changed", "warning")
    assert submission.answers["VB"]["symbol"].to_list() == ["12/KH-SXD"]


def test_a_line_above_the_first_task_is_asked_about() -> None:
    back = Return()
    back.grids[TASKS][9:9] = [["", "", "Việc khác", "", "Hoàn thành", 100.0, "", "", ""]]
    submission = back.read()
    assert told(submission) == [("row.unknown", "C10")]
    assert ["C10", "Việc khác"] in submission.extra["Nhiệm vụ (ghi thêm)"]


def test_a_note_below_an_empty_list_is_kept() -> None:
    submission = Return().put(PAPERS, "B14", "Không có văn bản").read()
    assert told(submission) == [("cell.outside", "B14")]
    assert submission.extra == {"Văn bản (ghi thêm)": [["B14", "Không có văn bản"]]}


def test_in_sorted_rows_no_answer_goes_to_a_key_alone() -> None:
    back = Return().put(TASKS, "H13", "của dòng a")
    grid = back.grids[TASKS]
    shown = [row[1:] for row in grid[9:14]]
    for row, cells in zip(grid[9:14], [shown[-1], *shown[:-1]], strict=True):
        row[1:] = cells
    del grid[9]  # the words of PL2.I.3; its key stands beside the line a) of PL2.I.1
    submission = back.read()
    assert [(f.code, f.row_key) for f in submission.findings] == [
        ("row.missing", "PL2.I.3"),
        ("row.unsure", None),
        ("row.moved", None),
    ]
    assert value(submission, "PL2.I.3", "result") is None


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("D13", "Sở Xây dựng chủ trì"),  # the lead of a project line that is filled
        ("D15", "Sở Xây dựng chủ trì"),  # and of one that is not
        ("D11", "Sở Xây dựng chủ trì"),  # the lead of a milestone
        ("B11", "mốc đã xong"),
        ("C9", "Phát triển đô thị (đã xong)"),
        ("J10", "Đủ rồi"),
        ("J10", 75.5),
    ],
)
def test_what_is_written_where_a_row_asks_nothing_is_kept_and_told(cell: str, what: object) -> None:
    back = Return().put(TASKS, "C13", "Dự án A").put(TASKS, cell, what)
    submission = back.read()
    assert ("cell.outside", cell) in told(submission)
    assert [cell, as_text(what)] in submission.extra[f"{TASKS} (ghi thêm)"]


@pytest.mark.parametrize(("what", "codes"), [("chưa có số", ["cell.outside"]), (12.5, [])])
def test_a_text_over_a_computed_figure_is_told(what: object, codes: list[str]) -> None:
    edition = shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))
    submission = Return("sdl", edition).fill("Chỉ tiêu", "CT.visitors", "ratio", what).read()
    assert [code for code, _ in told(submission) if code == "cell.outside"] == codes


def test_an_unfilled_line_of_a_list_keeps_what_stands_for_its_number() -> None:
    submission = Return().put(PAPERS, "B9", "Không phát sinh").read()
    assert [code for code, _ in told(submission)] == ["cell.outside"]


def test_an_answer_that_a_row_is_given_by_its_words_alone_is_listed() -> None:
    back = Return().put(TASKS, "A13", "").put(TASKS, "C13", "Lập quy hoạch phân khu")
    submission = back.put(TASKS, "H13", "Đã duyệt đồ án").read()
    assert value(submission, "PL2.I.1", "result") == "Đã duyệt đồ án"
    (repair,) = submission.repairs
    assert (repair.row, repair.row_key, repair.after) == (12, "PL2.I.1", "nhiệm vụ I.1")


def test_columns_exchanged_below_the_hidden_keys_are_read_by_their_headings() -> None:
    back = Return().put(TASKS, "H10", "Đã duyệt đồ án").put(TASKS, "I10", "1; 3")
    for row in back.grids[TASKS][5:]:
        row[7], row[8] = row[8], row[7]
    submission = back.read()
    assert told(submission) == [("column.exchanged", "H1"), ("column.exchanged", "I1")]
    assert value(submission, "PL2.I.1", "result") == "Đã duyệt đồ án"
    assert value(submission, "PL2.I.1", "documents") == "1; 3"
    assert submission.columns["PL2"]["result"] == 8


def test_a_heading_that_says_the_same_twice_exchanges_nothing() -> None:
    back = Return().put(TASKS, "H10", "Đã duyệt đồ án").put(TASKS, "I7", "Kết quả")
    assert value(back.read(), "PL2.I.1", "result") == "Đã duyệt đồ án"


def test_of_many_cells_outside_the_form_the_first_are_told_and_the_rest_counted() -> None:
    back = Return()
    for row in range(40, 40 + MOST_OUTSIDE + 25):
        back.put(TASKS, f"H{row}", "Ghi chép riêng")
    findings = back.read().findings
    assert sum(finding.code == "cell.outside" for finding in findings) == MOST_OUTSIDE
    (rest,) = [finding for finding in findings if finding.code == "sheet.much_outside"]
    assert "Còn 25 ô khác" in rest.message
