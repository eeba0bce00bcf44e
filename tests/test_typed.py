from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from mini_return import COVER, PAPERS, Return, entered, told, value

from khreport.cells import CellRef


@pytest.mark.parametrize(
    ("cell", "what", "read", "after"),
    [
        ("F10", "75", 75.0, "75"),
        ("F10", "75,5 %", 75.5, "75,5"),
        ("G10", "15-12-24", dt.date(2024, 12, 15), "15/12/2024"),
        ("E10", "hoàn  thành", "completed", "Hoàn thành"),
        ("I10", "1, 3", "1; 3", "1; 3"),
        ("H10", unicodedata.normalize("NFD", "Đã trình"), "Đã trình", "Đã trình"),
    ],
)
def test_what_is_mended_is_listed(cell: str, what: str, read: object, after: str) -> None:
    submission = entered(cell, what)
    (repair,) = submission.repairs
    assert told(submission) == []
    assert value(submission, "PL2.I.1", repair.column_key) == read
    assert (str(CellRef(repair.row, repair.column)), repair.after) == (cell, after)
    assert repair.why


@pytest.mark.parametrize(
    ("cell", "what", "read"),
    [
        ("H10", 12.0, "12"),
        ("H10", 7.5, "7,5"),
        ("H10", " Đã  xong ", "Đã xong"),
        ("H10", "\u00a0\u200b ", None),
        ("H10", "#1 trong kế hoạch", "#1 trong kế hoạch"),
        ("I10", 1.0, "1"),
        ("G10", dt.datetime(2024, 6, 28, 0, 0), dt.date(2024, 6, 28)),  # noqa: DTZ001
    ],
)
def test_what_needs_no_word_is_read_in_silence(cell: str, what: object, read: object) -> None:
    submission = entered(cell, what)
    key = {"H": "result", "I": "documents", "G": "completed_on"}[cell[0]]
    assert value(submission, "PL2.I.1", key) == read
    assert (told(submission), submission.repairs) == ([], ())


@pytest.mark.parametrize(
    ("cell", "what", "code"),
    [
        ("F10", "mười", "cell.not_number"),
        ("F10", "ước 7", "cell.number_words"),
        ("F10", "5-7", "cell.number_several"),
        ("F10", "7 tỷ", "cell.number_unit"),
        ("F10", "1.234", "cell.number_ambiguous"),
        ("F10", "1" * 20, "cell.number_long"),
        ("F10", True, "cell.not_number"),
        ("F10", float("inf"), "cell.not_number"),
        ("F10", float("nan"), "cell.not_number"),
        ("F10", dt.date(2024, 1, 5), "cell.not_number"),
        ("G10", "sớm", "cell.not_date"),
        ("G10", 45631.0, "cell.not_date"),
        ("G10", dt.date(1905, 7, 16), "cell.not_date"),
        ("G10", "31/11/2024", "cell.date_impossible"),
        ("G10", "tháng 6/2024", "cell.date_imprecise"),
        ("E10", "da hoan thanh", "cell.choice_near"),
        ("E10", "xyz", "cell.not_choice"),
        ("E10", 1.0, "cell.not_choice"),
        ("I10", "12/KH", "cell.not_references"),
        ("I10", 1.3, "cell.not_references"),
        ("I10", dt.date(2024, 3, 1), "cell.not_references"),
        ("H10", "#REF!", "cell.error"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_cell(cell: str, what: object, code: str) -> None:
    submission = entered(cell, what)
    (finding,) = submission.findings
    assert told(submission) == [(code, cell)]
    assert finding.blocks
    assert len(str(finding)) <= 200
    assert submission.unread == {("PL2", "PL2.I.1", finding.column_key)}
    assert value(submission, "PL2.I.1", str(finding.column_key)) is None


def test_a_fault_is_told_in_one_whole_sentence() -> None:
    (finding,) = entered("F11", "mười").findings
    assert str(finding) == (
        "Nhiệm vụ, ô F11 (Tỷ lệ hoàn thành (%), mốc 1 của nhiệm vụ I.1): “mười” không phải là số. "
        "Nhập số từ 0 đến 100. Ví dụ 75."
    )


def test_a_misspelt_choice_is_asked_about() -> None:
    (finding,) = entered("E10", "da hoan thanh").findings
    assert finding.message.endswith("Có phải “Hoàn thành”?")


def test_a_year_in_a_date_cell_is_shown_as_it_was_typed() -> None:
    (finding,) = entered("G10", dt.date(1905, 7, 16)).findings
    assert finding.value == "2024"


def test_a_document_count_is_a_whole_number() -> None:
    submission = Return().put(PAPERS, "D9", 1.5).read()
    assert told(submission) == [("cell.not_whole", "D9")]


def test_error_cells_and_formulas_without_result_are_not_empty() -> None:
    back = Return()
    back.marks = [(9, 5, "#REF!"), (9, 7, "=A1"), (9, 1, "#N/A")]
    assert told(back.read()) == [
        ("cell.error", "F10"),
        ("cell.formula", "H10"),
        ("text.changed", "B10"),
    ]


def test_an_answer_where_none_is_asked_is_a_warning() -> None:
    submission = entered("F14", 50.0)
    assert told(submission) == [("cell.not_asked", "F14")]
    assert not submission.findings[0].blocks
    assert value(submission, "PL2.I.3", "percent") is None


def test_a_field_of_the_cover_may_have_a_list() -> None:
    back = Return()
    row = next(n for n, r in enumerate(back.grids[COVER], 1) if r[0] == "BIA.progress")
    submission = back.put(COVER, f"C{row}", "Đã xong").put(COVER, f"C{row + 1}", 258.0).read()
    assert told(submission) == []
    assert submission.answers["BIA"]["value"].to_list() == ["done", "258"]
