from __future__ import annotations

import datetime as dt

from mini_return import TASKS, Return, entered, return_edition, told, value

from khreport.cells import CellRef
from khreport.layout.correction import lay_out_correction


def test_the_answer_of_cells_merged_over_tasks_is_offered_to_each_row() -> None:
    back = Return().put(TASKS, "H10", "Đã duyệt đồ án")
    back.traces.merges = [(9, 7, 13, 7)]
    submission = back.read()
    assert told(submission) == [
        ("cell.merged", "H11"),
        ("cell.merged", "H12"),
        ("cell.merged", "H14"),
    ]
    offered = submission.findings[-1]
    assert offered.value == "Đã duyệt đồ án"
    assert offered.message == "Ô gộp với ô H10; ở đây cũng là “Đã duyệt đồ án”?"
    assert value(submission, "PL2.I.1", "result") == "Đã duyệt đồ án"
    assert value(submission, "PL2.I.3", "result") is None
    assert ("PL2", "PL2.I.3", "result") in submission.unread


def test_the_correction_asks_in_each_row_whether_the_merged_answer_is_meant_there_too() -> None:
    back = Return().put(TASKS, "F10", 75.0)
    back.traces.merges = [(9, 5, 11, 5)]
    submission = back.read()
    book = lay_out_correction(return_edition(), submission, submission.findings)
    (sheet,) = [sheet for sheet in book.sheets if sheet.name == TASKS]
    poured = {str(CellRef(cell.row, cell.column)): cell for cell in sheet.cells}
    assert [poured[at].value for at in ("F10", "F11", "F12")] == [75.0, None, None]
    for address in ("F11", "F12"):
        assert "ở đây cũng là “75”?" in str(poured[address].note)


def test_merged_cells_without_an_answer_say_nothing() -> None:
    back = Return()
    back.traces.merges = [(9, 7, 13, 7), (0, 1, 2, 3), (30, 1, 40, 1)]
    assert told(back.read()) == []


def test_of_cells_merged_across_columns_the_answer_that_was_lost_is_asked_for() -> None:
    back = Return().put(TASKS, "G10", dt.date(2024, 6, 28)).put(TASKS, "D14", "Sở khác")
    back.traces.merges = [(9, 6, 9, 7), (8, 2, 8, 8), (13, 3, 13, 5)]
    submission = back.read()
    assert told(submission) == [
        ("cell.merged_across", "H10"),
        ("cell.merged_across", "E14"),  # no percentage is asked there
        ("text.changed", "D14"),
    ]
    assert str(submission.findings[0]) == (
        "Nhiệm vụ, ô H10 (Kết quả, nhiệm vụ I.1): Ô gộp với ô G10 nên không giữ được nội dung "
        "riêng. Hãy bỏ gộp rồi ghi câu trả lời của ô này; không có thì để trống."
    )
    assert submission.findings[0].blocks
    assert value(submission, "PL2.I.1", "completed_on") == dt.date(2024, 6, 28)
    assert ("PL2", "PL2.I.1", "result") in submission.unread


def test_an_area_merged_both_ways_asks_for_each_cell_once() -> None:
    back = Return().put(TASKS, "G10", dt.date(2024, 6, 28))
    back.traces.merges = [(9, 6, 10, 7), (9, 6, 10, 7), (9, 6, 99_999, 9_999)]
    assert told(back.read()) == [
        ("cell.merged_across", "H10"),
        ("cell.merged", "G11"),
        ("cell.merged_across", "H11"),
    ]


def test_a_crossed_out_answer_is_never_taken_as_final() -> None:
    back = Return().put(TASKS, "H10", "Chưa xong").put(TASKS, "F10", 50.0)
    submission = back.show("H10", "struck").show("F10", "struck").read()
    assert told(submission) == [("cell.struck", "F10"), ("cell.struck", "H10")]
    assert submission.findings[1].blocks
    assert value(submission, "PL2.I.1", "result") is None
    assert ("PL2", "PL2.I.1", "percent") in submission.unread


def test_crossed_out_text_of_the_plan_is_a_warning_and_the_plan_stands() -> None:
    submission = Return().put(TASKS, "H10", "một").show("C10", "struck").read()
    assert told(submission) == [("text.struck", "C10")]
    assert not submission.findings[0].blocks
    assert value(submission, "PL2.I.1", "result") == "một"


def test_a_comment_is_a_note_and_no_answer() -> None:
    back = Return().put(TASKS, "H10", "một")
    back.traces.comments = [(9, 7, "số liệu chưa chốt"), (2, 1, "xem lại")]
    submission = back.read()
    assert told(submission) == [("cell.comment", "B3"), ("cell.comment", "H10")]
    note = submission.findings[1]
    assert (note.severity, note.value) == ("note", None)
    assert "“số liệu chưa chốt”" in note.message
    assert value(submission, "PL2.I.1", "result") == "một"


def test_text_in_a_legacy_font_is_converted_and_listed() -> None:
    submission = Return().put(TASKS, "H10", "§· tr×nh").show("H10", "tcvn3").read()
    assert told(submission) == []
    assert value(submission, "PL2.I.1", "result") == "Đã trình"
    (repair,) = submission.repairs
    assert (repair.before, repair.after) == ("§· tr×nh", "Đã trình")
    assert "TCVN3" in repair.why


def test_legacy_text_is_known_by_its_letters_too() -> None:
    submission = entered("H10", "Ñang thöïc hieän")
    assert value(submission, "PL2.I.1", "result") == "Đang thực hiện"
    assert [repair.after for repair in submission.repairs] == ["Đang thực hiện"]


def test_a_choice_in_a_legacy_encoding_is_the_choice() -> None:
    submission = entered("E10", "Hoµn thµnh")
    assert (told(submission), value(submission, "PL2.I.1", "status")) == ([], "completed")
    assert [repair.after for repair in submission.repairs] == ["Hoàn thành"]


def test_capitals_come_from_the_font() -> None:
    submission = Return().put(TASKS, "H10", "®· tr×nh").show("H10", "tcvn3_capitals").read()
    assert value(submission, "PL2.I.1", "result") == "ĐÃ TRÌNH"


def test_unicode_text_in_a_legacy_font_is_left_alone() -> None:
    submission = Return().put(TASKS, "H10", "Báo cáo").show("H10", "tcvn3").read()
    assert value(submission, "PL2.I.1", "result") == "Báo cáo"
    assert submission.repairs == ()
