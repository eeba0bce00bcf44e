from __future__ import annotations

import unicodedata

from mini_return import PAPERS, TASKS, Return, told, value


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
    assert told(submission) == [("row.unknown", "B18")]
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
    assert told(submission) == [("row.unsure", "B13"), ("row.moved", TASKS)]
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
    assert told(submission) == [("row.moved", TASKS)]
    assert value(submission, "PL2.I.1", "result") == "một"


def test_a_copied_row_that_says_something_else_is_asked_about() -> None:
    back = Return().put(TASKS, "H10", "một")
    back.grids[TASKS][10:10] = [[*back.grids[TASKS][9][:7], "hai", ""]]
    submission = back.read()
    (finding,) = submission.findings
    assert (finding.code, str(finding.cell)) == ("row.doubled", "B11")
    assert "nhiệm vụ I.1 (dòng 10 và dòng 11)" in finding.message
    assert value(submission, "PL2.I.1", "result") == "một"


def test_a_copied_row_that_says_the_same_goes_without_a_word() -> None:
    back = Return().put(TASKS, "H10", "một")
    back.grids[TASKS][10:10] = [list(back.grids[TASKS][9])]
    assert told(back.read()) == []


def test_a_key_that_is_not_of_this_agency_is_told() -> None:
    submission = Return().put(TASKS, "A13", "PL2.I.2").put(TASKS, "H13", "một").read()
    assert told(submission) == [("row.unknown", "B13")]
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
    submission = Return().put(TASKS, "K10", "ghi chú").read()
    assert told(submission) == [("cell.outside", "K10")]
    assert submission.extra == {"Nhiệm vụ (ghi thêm)": [["K10", "ghi chú"]]}


def test_a_line_above_the_first_task_is_asked_about() -> None:
    back = Return()
    back.grids[TASKS][9:9] = [["", "", "Việc khác", "", "Hoàn thành", 100.0, "", "", ""]]
    submission = back.read()
    assert told(submission) == [("row.unknown", "B10")]
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
