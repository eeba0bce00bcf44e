"""The index of a correction: everything is told, leads to its cell, and nothing is left behind."""

from __future__ import annotations

import datetime as dt
from random import Random

import msgspec
import pytest
from mini_return import TASKS, Return, return_edition
from mutilated import fill_return
from mutilations import ANYWHERE, LAST, Mutilation

from khreport.anatomy import KEY_COLUMN, KEY_ROW, REVIEW_SHEET
from khreport.cells import CellRef, column_index
from khreport.checks.check import check_submissions
from khreport.edges.shipped import load_plan
from khreport.findings import Finding
from khreport.frames import Submission
from khreport.layout.correction import lay_out_correction
from khreport.layout.fault_index import HEADINGS
from khreport.layout.styles import MISSING_FILL
from khreport.raw import RawSheet, RawWorkbook
from khreport.read.submissions import read_submission
from khreport.rules import Rule
from khreport.sheet import Book, Sheet
from khreport.verbs.init import default_settings
from khreport.verbs.templates import shipped_edition

Texts = dict[str, str]
"""The texts of a line of the index by heading; "link" is where it leads."""


def index_of(book: Book) -> list[Texts]:
    """The lines of the index, the headings and bands left out."""
    sheet = book.sheets[0]
    rows: dict[int, Texts] = {}
    for cell in sheet.cells:
        rows.setdefault(cell.row, {})[HEADINGS[cell.column]] = str(cell.value)
        if cell.link:
            rows[cell.row]["link"] = cell.link
    return [row for row in rows.values() if row["TT"].isdecimal()]


def grid(sheet: Sheet) -> list[list[object]]:
    height = max((cell.row for cell in sheet.cells), default=-1) + 1
    width = max((cell.column for cell in sheet.cells), default=-1) + 1
    rows: list[list[object]] = [[""] * width for _ in range(height)]
    for cell in sheet.cells:
        rows[cell.row][cell.column] = "" if cell.value is None else cell.value
    return rows


def read_again(book: Book) -> Submission:
    """The correction as it comes back when nobody mended anything."""
    raw = RawWorkbook(sheets=[RawSheet(name=sheet.name, rows=grid(sheet)) for sheet in book.sheets])
    return read_submission(raw, return_edition(), "sua.xlsx", "id2")


def correct(submission: Submission) -> Book:
    return lay_out_correction(return_edition(), submission, submission.findings)


def stands_at(book: Book, link: str) -> tuple[str, str]:
    """Row key and column key of the cell to which a link leads."""
    name, _, address = link.rpartition("!")
    sheet = next(s for s in book.sheets if s.name == name.strip("'").replace("''", "'"))
    cells = {str(CellRef(c.row, c.column)): c for c in sheet.cells}
    cell = cells[address]
    keys = {(c.row, c.column): str(c.value) for c in sheet.cells}
    return keys.get((cell.row, KEY_COLUMN), ""), keys.get((KEY_ROW, cell.column), "")


def answers(submission: Submission) -> set[tuple[object, ...]]:
    """What is answered, without where it stood; added rows by their task and words."""
    found: set[tuple[object, ...]] = set()
    for form, frame in submission.answers.items():
        for row in frame.iter_rows(named=True):
            added = ".+" in row["key"]
            place = row["parent"] if added else row["key"]
            said = {name: v for name, v in row.items() if name in answered(form)}
            found |= {(form, place, name, v) for name, v in said.items() if v is not None}
    return found


def answered(form: str) -> set[str]:
    return {column.key for column in return_edition().form[form].answers}


def faults(findings: tuple[Finding, ...]) -> set[tuple[str, ...]]:
    """The errors of single cells, but for what a merged cell hid, which nobody entered there."""
    return {
        (f.code, f.row_key or "", f.column_key or "", f.value or "")
        for f in findings
        if f.blocks and f.row_key and f.column_key and f.code.startswith("cell.")
        if not f.code.startswith("cell.merged") and ".+" not in f.row_key
    }


@pytest.mark.parametrize("change", [*ANYWHERE, *LAST])
def test_whatever_was_done_is_told_and_nothing_is_left_behind(change: Mutilation) -> None:
    for seed in range(12):
        chance = Random(seed)  # noqa: S311 - nothing to guess
        book = fill_return(chance)
        change(book, chance.choice([sheet for sheet in book.sheets if sheet.form]), chance)
        submission = book.read()
        correction = correct(submission)
        lines, again = index_of(correction), read_again(correction)
        told = {line["Nội dung"] for line in lines}
        keys = [stands_at(correction, line["link"]) for line in lines if "link" in line]
        for finding in submission.findings:
            if finding.severity != "note":
                assert finding.message in told, (seed, str(finding))
            if finding.row_key and finding.column_key and finding.severity != "note":
                where = finding.row_key, finding.column_key
                assert where in keys or any(
                    line["Nội dung"] == finding.message and "các ô" in line["Ở đâu"]
                    for line in lines
                ), (seed, str(finding))
        assert answers(submission) <= answers(again), seed
        assert faults(submission.findings) == faults(again.findings), seed
        carried = {str(c.value) for sheet in correction.sheets for c in sheet.cells}
        extra = {text for rows in submission.extra.values() for row in rows for text in row}
        assert extra - {""} <= carried, seed


def line_of(book: Book, message: str) -> Texts:
    return next(line for line in index_of(book) if message in line["Nội dung"])


def test_cells_with_the_same_fault_are_one_line_that_names_them_all() -> None:
    back = Return().put(TASKS, "F10", "mười").put(TASKS, "F11", "mười").put(TASKS, "F13", "mười")
    line = line_of(correct(back.read()), "“mười” không phải là số")
    assert (line["Đến ô"], line["link"]) == ("F10", f"'{TASKS}'!F10")
    assert line["Ở đâu"].startswith(f"{TASKS}, các ô F10–F11, F13")


def test_where_a_row_stands_elsewhere_now_both_places_are_told() -> None:
    back = Return().put(TASKS, "F10", "mười")
    back.grids[TASKS].insert(8, [""] * len(back.grids[TASKS][0]))
    line = line_of(correct(back.read()), "“mười” không phải là số")
    assert (line["Đến ô"], line["Ô ở tệp đã nhận"]) == ("F10", "F11")


def test_what_stood_outside_the_form_is_told_with_where_it_was_and_where_it_is() -> None:
    back = Return().put(TASKS, "Z10", "Hỏi anh Tám").put(TASKS, "Z11", "Xong")
    submission = back.read()
    book = correct(submission)
    line = line_of(book, "Nay ở sheet")
    assert line["Ở đâu"] == f"Ngoài các ô của sheet “{TASKS}”"
    assert line["Ô ở tệp đã nhận"] == "Z10–Z11"
    assert line["link"] == f"'{TASKS} (ghi thêm)'!A1"
    added = next(s for s in book.sheets if s.name == f"{TASKS} (ghi thêm)")
    assert grid(added) == [
        ["Ô ở tệp đã nhận", "Nội dung"], ["Z10", "Hỏi anh Tám"], ["Z11", "Xong"],
    ]  # fmt: skip


def test_what_an_earlier_correction_carried_is_carried_on_beside_what_came_since() -> None:
    once = correct(Return().put(TASKS, "Z10", "Hỏi anh Tám").read())
    back = Return()
    back.grids |= {sheet.name: grid(sheet) for sheet in once.sheets[1:]}
    submission = back.put(TASKS, "Z11", "Xong").read()
    assert submission.extra[f"{TASKS} (ghi thêm)"] == [
        ["Ô ở tệp đã nhận", "Nội dung"], ["Z10", "Hỏi anh Tám"], ["Z11", "Xong"],
    ]  # fmt: skip
    book = correct(submission)
    assert [s.name for s in book.sheets].count(f"{TASKS} (ghi thêm)") == 1


def test_what_was_mended_alike_is_one_line() -> None:
    back = Return().put(TASKS, "E10", "HOÀN THÀNH").put(TASKS, "E11", "HOÀN THÀNH")
    line = line_of(correct(back.read()), "“HOÀN THÀNH” được hiểu là “Hoàn thành”")
    assert (line["Mức độ"], line["Ở đâu"]) == ("Đã chỉnh", f"{TASKS}, các ô E10–E11")
    assert line["link"] == f"'{TASKS}'!E10"


def test_what_a_merged_cell_hid_is_asked_and_not_filled_in() -> None:
    back = Return().put(TASKS, "E10", "Hoàn thành")
    back.traces.merges.append((9, 4, 10, 4))
    submission = back.read()
    assert [f.code for f in submission.findings if f.blocks] == ["cell.merged"]
    sheet = next(s for s in correct(submission).sheets if s.name == TASKS)
    cells = {str(CellRef(c.row, c.column)): c for c in sheet.cells}
    assert (cells["E10"].value, cells["E11"].value) == ("Hoàn thành", None)
    assert "ở đây cũng là “Hoàn thành”?" in str(cells["E11"].note)


def test_a_row_that_was_missing_is_marked_where_it_begins() -> None:
    back = Return()
    del back.grids[TASKS][9]
    sheet = next(s for s in correct(back.read()).sheets if s.name == TASKS)
    (note,) = [c.note for c in sheet.cells if c.note]
    assert note.startswith("Thiếu dòng của nhiệm vụ I.1.")


def test_a_formula_without_a_result_is_not_taken_for_words_when_it_comes_back() -> None:
    back = Return()
    back.marks.append((9, 7, "=SUM(A1:A3)"))
    again = read_again(correct(back.read()))
    assert [(f.code, f.row_key, f.column_key) for f in again.findings if f.blocks] == [
        ("cell.formula", "PL2.I.1", "result")
    ]


def test_where_nothing_blocks_the_index_asks_for_nothing() -> None:
    submission = Return().put(TASKS, "C10", "Nhiệm vụ khác").read()
    sheet = correct(submission).sheets[0]
    told = [str(cell.value) for cell in sheet.cells]
    assert sheet.name == REVIEW_SHEET
    assert told[0].startswith("NỘI DUNG CẦN XEM LẠI - ")
    assert told[2].startswith("Bản nộp đã đạt; không bắt buộc gửi lại. Có 1 ô cần xem lại")
    assert read_again(correct(submission)).extra == {}


def test_a_warning_says_where_a_word_settles_it() -> None:
    edition = shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))
    back = Return("sxd", edition)
    dated = [q.key for q in edition.asked["sxd"] if (q.form, q.kind) == ("PL2", "dated")][:3]
    for key in dated:
        back.fill("Phụ lục II", key, "status", "Hoàn thành")
        back.fill("Phụ lục II", key, "completed_on", dt.date(2024, 6, 28))
        back.fill("Phụ lục II", key, "result", "Đã phê duyệt đồ án quy hoạch")
    given = back.read()
    findings = [f for f in check_submissions(edition, [given]) if f.code == "PL2-13"]
    book = lay_out_correction(edition, given, findings)
    (line,) = index_of(book)
    assert line["Cách sửa"].endswith(" ở cột giải trình. Giải trình: cột S.")
    sheet = next(s for s in book.sheets if s.name == "Phụ lục II")
    cells = {(c.row, c.column): c for c in sheet.cells}
    assert cells[KEY_ROW, column_index("S")].value == "explanation"
    notes = [c for c in sheet.cells if c.note]
    assert [cells[c.row, KEY_COLUMN].value for c in notes] == dated
    assert all("Giải trình: cột S." in str(c.note) for c in notes)


def test_of_a_rule_s_warnings_three_are_told_and_the_rest_named() -> None:
    told = [
        Finding(
            code="X-1", severity="warning", message=f"Số {n} lạ.", fix="Xem lại.", file="xd.xlsx",
            sheet=TASKS, form="PL2", row=row, column=5, row_key=key, column_key="percent",
        )
        for n, (row, key) in enumerate(
            zip(range(9, 14), ("PL2.I.1", "PL2.I.1.m1", "PL2.I.1.m2", "PL2.I.1.a", "PL2.I.3"),
                strict=True)
        )
    ]  # fmt: skip
    card = Rule(
        id="X-1", kind="minimum", form="PL2", columns=("percent",), severity="warning", limit=-1,
        message="", fix="", basis="",
    )  # fmt: skip
    edition = msgspec.structs.replace(return_edition(), rules=(card,))
    book = lay_out_correction(edition, Return().read(), told)
    lines = index_of(book)
    assert [line["Đến ô"] for line in lines] == ["F10", "F11", "F12", "F13"]
    assert lines[-1]["Nội dung"] == "Còn 2 ô khác cần xem lại vì cùng lý do với F10–F12."
    assert lines[-1]["Ở đâu"].startswith(f"{TASKS}, các ô F13–F14")
    sheet = next(s for s in book.sheets if s.name == TASKS)
    assert sum(bool(cell.note) for cell in sheet.cells) == len(told)


def test_a_text_that_is_a_number_is_said_to_be_read_as_one() -> None:
    lines = index_of(
        correct(Return().put(TASKS, "F10", "75").put(TASKS, "G10", "28/6/2024").read())
    )
    told = [line["Nội dung"] for line in lines if line["Mức độ"] == "Đã chỉnh"]
    assert told == [
        "“75” ghi dạng chữ, được đọc là số",
        "“28/6/2024” ghi dạng chữ, được đọc là ngày",
    ]


def test_the_head_counts_cells_and_what_is_missing_is_blue() -> None:
    edition = shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))
    back = Return("sxd", edition)
    key = next(q.key for q in edition.asked["sxd"] if (q.form, q.kind) == ("PL2", "dated"))
    given = back.fill("Phụ lục II", key, "status", "Hoàn thành").read()
    findings = [*given.findings, *check_submissions(edition, [given])]
    book = lay_out_correction(edition, given, findings)
    errors = [f for f in findings if f.severity == "error"]
    cells = {(f.sheet, f.cell) for f in errors}
    assert any(f"Có {len(cells)} ô phải sửa" in str(cell.value) for cell in book.sheets[0].cells)
    sheet = next(sheet for sheet in book.sheets if sheet.name == "Phụ lục II")
    at = next(f for f in errors if (f.row_key, f.column_key) == (key, "completed_on"))
    place = (at.row, at.column)
    (mark,) = [
        c
        for c in sheet.conditions
        if (c.area.row, c.area.column) == place == (c.area.last_row, c.area.last_column)
    ]
    assert mark.fill == MISSING_FILL
