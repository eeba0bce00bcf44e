from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import openpyxl
import pytest
from mini_return import COVER, PAPERS, TASK_FORM, TASKS, Return, return_edition, told, value

from khreport.edges.reader import Reader
from khreport.edges.xlsx import write_book
from khreport.edition import Token
from khreport.frames import Submission, answers_schema
from khreport.layout.workbook import lay_out_workbook
from khreport.raw import Problem, RawSheet, RawWorkbook
from khreport.read.identify import identify
from khreport.read.submissions import read_submission


def test_an_empty_template_reads_clean_with_every_asked_row() -> None:
    submission = Return().read()
    assert told(submission) == []
    assert submission.answers["PL2"].schema == answers_schema(TASK_FORM)
    assert submission.answers["PL2"].select("key", "kind", "parent", "row").rows() == [
        ("PL2.I.1", "dated", "PL2.I.1", 9),
        ("PL2.I.1.m1", "milestone", "PL2.I.1", 10),
        ("PL2.I.1.m2", "milestone", "PL2.I.1", 11),
        ("PL2.I.3", "recurrent", "PL2.I.3", 13),
    ]
    assert submission.answers["VB"].is_empty()
    assert submission.columns["PL2"]["documents"] == 8
    assert (submission.agency, submission.plan, submission.period) == ("sxd", "mini", "2024")


def test_answers_are_read_at_their_keys() -> None:
    back = Return()
    back.put(TASKS, "E10", "Đang thực hiện").put(TASKS, "F10", 62.5)
    back.put(TASKS, "G11", dt.date(2024, 4, 10)).put(TASKS, "I10", "1; 3")
    back.put(TASKS, "C13", "Phân khu A").put(PAPERS, "C10", "12/KH-SXD").put(COVER, "C17", "")
    submission = back.read()
    assert told(submission) == []
    assert value(submission, "PL2.I.1", "status") == "in_progress"
    assert value(submission, "PL2.I.1", "percent") == 62.5
    assert value(submission, "PL2.I.1", "documents") == "1; 3"
    assert value(submission, "PL2.I.1.m1", "completed_on") == dt.date(2024, 4, 10)
    assert value(submission, "PL2.I.1.a", "task") == "Phân khu A"
    assert value(submission, "VB.2", "symbol", "VB") == "12/KH-SXD"
    assert value(submission, "PL2.I.1", "task") is None
    assert submission.repairs == ()


def test_an_added_sheet_is_kept_and_noted() -> None:
    back = Return()
    back.grids["Sheet1"] = [["Số liệu", 12.0]]
    submission = back.read()
    assert told(submission) == [("sheet.added", "Sheet1")]
    assert submission.extra == {"Sheet1": [["Số liệu", "12"]]}


def test_a_renamed_sheet_is_known_by_its_token() -> None:
    back = Return().put(TASKS, "H10", "một")
    back.grids["Phu luc 2"] = back.grids.pop(TASKS)
    submission = back.read()
    assert told(submission) == []
    assert submission.sheets["PL2"] == "Phu luc 2"
    assert value(submission, "PL2.I.1", "result") == "một"


def test_a_deleted_sheet_is_named() -> None:
    back = Return()
    del back.grids[TASKS]
    (finding,) = back.read().findings
    assert (finding.code, finding.message) == ("sheet.missing", "Thiếu sheet “Nhiệm vụ”.")


def test_of_two_equal_sheets_one_is_read() -> None:
    back = Return().put(TASKS, "H10", "một")
    back.grids["Nhiệm vụ (2)"] = [list(row) for row in back.grids[TASKS]]
    assert told(back.read()) == [("sheet.copied", "Nhiệm vụ (2)")]


def test_of_two_different_sheets_the_officer_is_asked_which_counts() -> None:
    back = Return()
    copy = [list(row) for row in back.grids[TASKS]]
    back.grids = {"Nhiệm vụ (2)": copy, **back.grids}
    submission = back.put(TASKS, "H10", "một").read()
    assert told(submission) == [("sheet.doubled", "Nhiệm vụ (2)")]
    assert value(submission, "PL2.I.1", "result") == "một"


def test_a_sheet_of_another_agency_is_not_read() -> None:
    back = Return()
    back.grids["Của sở khác"] = Return("sdl").grids[TASKS]
    assert told(back.read()) == [("sheet.foreign", "Của sở khác")]


def renamed(**changes: str) -> Submission:
    """The return with another token in every form sheet."""
    back = Return()
    for grid in back.grids.values():
        token = Token.parse(str(grid[0][0]))
        if token is not None:
            grid[0][0] = str(msgspec.structs.replace(token, **changes))
    return back.read()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"plan": "other"}, "file.other_plan"),
        ({"period": "2023"}, "file.other_period"),
        ({"digest": "0" * 12}, "file.unknown_edition"),
        ({"agency": "nobody"}, "file.unknown_agency"),
    ],
)
def test_a_file_of_another_round_has_one_finding(changes: dict[str, str], code: str) -> None:
    submission = renamed(**changes)
    assert [f.code for f in submission.findings] == [code]
    assert not submission.readable


def test_a_workbook_without_our_sheets_is_not_ours() -> None:
    raw = RawWorkbook(sheets=[RawSheet(name="Sheet1", rows=[["x"]])])
    assert identify(raw) is None
    assert told(read_submission(raw, return_edition(), "a.xlsx", "id")) == [("file.not_ours", "")]


def test_an_edition_that_nobody_knows_is_said_so() -> None:
    submission = read_submission(Return().raw(), None, "a.xlsx", "id")
    assert told(submission) == [("file.unknown_edition", "")]


def test_what_the_reader_refused_is_the_only_thing_told() -> None:
    raw = RawWorkbook(problems=[Problem("file.not_workbook", {"kind": "pdf"})])
    (finding,) = read_submission(raw, return_edition(), "a.xlsx", "id").findings
    assert str(finding).startswith("Tệp là tệp PDF, không phải là bảng tính.")


def test_macros_are_noted_and_the_answers_read() -> None:
    raw = Return().put(TASKS, "H10", "một").raw()
    raw = msgspec.structs.replace(raw, problems=[Problem("file.macros")])
    submission = read_submission(raw, return_edition(), "a.xlsm", "id")
    assert told(submission) == [("file.macros", "")]
    assert value(submission, "PL2.I.1", "result") == "một"


def test_a_sheet_pasted_elsewhere_keeps_its_addresses() -> None:
    back = Return().put(TASKS, "F10", "mười")
    sheets = [
        msgspec.structs.replace(sheet, row=3, column=2) if sheet.name == TASKS else sheet
        for sheet in back.raw().sheets
    ]
    submission = read_submission(RawWorkbook(sheets=sheets), return_edition(), "a.xlsx", "id")
    assert told(submission) == [("cell.not_number", "H13")]
    assert submission.columns["PL2"]["percent"] == 7
    assert value(submission, "PL2.I.1", "row") == 12


def test_a_workbook_that_was_written_filled_and_saved_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "xd.xlsx"
    write_book(lay_out_workbook(return_edition(), "sxd"), path)
    book = openpyxl.load_workbook(path)
    book[TASKS]["E10"] = "Hoàn thành"
    book[TASKS]["F10"] = 100
    book[TASKS]["G10"] = dt.date(2024, 6, 28)
    book[TASKS]["H10"] = "=1/0"
    book[TASKS]["F11"] = "mười"
    book.save(path)
    with Reader() as reader:
        submission = read_submission(reader.read(path), return_edition(), "xd.xlsx", "id")
    assert told(submission) == [("cell.formula", "H10"), ("cell.not_number", "F11")]
    assert value(submission, "PL2.I.1", "status") == "completed"
    assert value(submission, "PL2.I.1", "percent") == 100.0
    assert value(submission, "PL2.I.1", "completed_on") == dt.date(2024, 6, 28)


def test_where_every_token_is_lost_the_identity_sheet_says_whose_file_it_is() -> None:
    back = Return().put(TASKS, "H10", "một")
    for name in (COVER, TASKS, PAPERS):
        back.grids[name][0][0] = ""
    submission = back.read()
    assert told(submission) == [
        ("sheet.by_columns", COVER),
        ("sheet.by_columns", TASKS),
        ("sheet.by_columns", PAPERS),
    ]
    assert submission.agency == "sxd"
    assert value(submission, "PL2.I.1", "result") == "một"


def test_a_sheet_whose_key_column_was_deleted_is_read_by_its_texts() -> None:
    back = Return().put(TASKS, "H10", "một")
    for row in back.grids[TASKS]:
        del row[0]
    submission = back.read()
    assert told(submission)[:2] == [("row.keyless", TASKS), ("sheet.by_columns", TASKS)]
    assert not any(finding.blocks for finding in submission.findings)
    assert {repair.column for repair in submission.repairs} == {0}
    assert value(submission, "PL2.I.1", "result") == "một"


def test_a_form_sheet_that_lost_its_hidden_row_is_said_so() -> None:
    back = Return()
    del back.grids[TASKS][0]
    (finding,) = back.read().findings
    assert (finding.code, finding.sheet) == ("sheet.unmarked", TASKS)


def test_contents_pasted_into_another_workbook_are_recognised_by_the_texts_of_tasks() -> None:
    grid = [row[1:] for row in Return().grids[TASKS][1:]]
    raw = RawWorkbook(sheets=[RawSheet(name="Sheet1", rows=grid)])
    (finding,) = read_submission(raw, return_edition(), "a.xlsx", "id").findings
    assert finding.code == "file.pasted"
    assert "2 nhiệm vụ, chỉ tiêu" in finding.message
