from __future__ import annotations

import datetime as dt
import unicodedata

import msgspec
import pytest
from mini_return import COVER, PAPERS, TASKS, Return, entered, return_edition, told, value

from khreport.cells import CellRef
from khreport.findings import Finding
from khreport.forms import Column
from khreport.raw import RawWorkbook
from khreport.read.entries import read_entry
from khreport.read.submissions import read_submission
from khreport.rows import FormRow
from khreport.rules import Rule


@pytest.mark.parametrize(
    ("cell", "what", "read", "after"),
    [
        ("F10", "75", 75.0, "75"),
        ("F10", "75,5 %", 75.5, "75,5"),
        ("F10", "7.1%", 7.1, "7,1"),
        ("F10", "75%", 75.0, "75"),
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
        ("G10", 45631.0, "cell.date_serial"),
        ("G10", "45631", "cell.date_serial"),
        ("G10", 12.0, "cell.not_date"),
        ("G10", "quý I/2024", "cell.date_imprecise"),
        ("F10", "1,234", "cell.number_ambiguous"),
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
        ("H10", "như trên", "cell.elsewhere"),
        ("H10", "-nt-", "cell.elsewhere"),
        ("H10", "(Như báo cáo kèm theo)", "cell.elsewhere"),
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


@pytest.mark.parametrize(
    ("first", "second", "value"), [("1.234", "1,234", "1.234"), ("1.234", "1,234", "1,234")]
)
def test_an_ambiguous_number_is_asked_about_with_both_readings(
    first: str, second: str, value: str
) -> None:
    (finding,) = entered("F10", value).findings
    assert finding.message == f"“{value}” có thể hiểu là {first} hoặc {second}."


def test_a_number_that_shows_per_cent_is_read_as_it_shows() -> None:
    submission = Return().put(TASKS, "F10", 0.071).show("F10", "per_cent").read()
    assert (told(submission), value(submission, "PL2.I.1", "percent")) == ([], 7.1)
    (repair,) = submission.repairs
    assert (repair.before, repair.after) == ("7,1%", "7,1")


@pytest.mark.parametrize(
    ("what", "measure", "read"),
    [
        ("104 triệu", "triệu đồng/người", 104.0),
        ("104 tr", "triệu đồng/người", 104.0),
        ("11 tr lượt", "triệu lượt khách", 11.0),
        ("7.1%", "%", 7.1),
        ("7,1 %/năm", "%/năm", 7.1),
        ("1.234,5", "nghìn tỷ đồng", 1234.5),
        ("104 triÖu", "triệu đồng/người", 104.0),
    ],
)
def test_a_number_may_name_the_measure_of_its_row(what: str, measure: str, read: float) -> None:
    entry = read_entry(what, FIGURE, measured(measure), None)
    assert (entry.code, entry.value) == (None, read)
    assert entry.why


@pytest.mark.parametrize(
    ("what", "measure", "code"),
    [
        ("104 triệu", "nghìn tỷ đồng", "cell.number_unit"),
        ("75%", "triệu đồng/người", "cell.number_unit"),
        ("11 triệu 500", "triệu lượt khách", "cell.number_several"),
        ("1.234", "sản phẩm", "cell.number_ambiguous"),
        ("khoảng 7%", "%", "cell.number_words"),
    ],
)
def test_a_number_in_another_measure_is_asked_about(what: str, measure: str, code: str) -> None:
    assert read_entry(what, FIGURE, measured(measure), None).code == code


FIGURE = Column(key="figure", heading="Số liệu", role="answer", width=9, type="number")


def measured(measure: str) -> FormRow:
    return FormRow(key="CT.x", kind="indicator", parent="CT.x", mirror={"measure": measure})


def test_per_cent_in_a_column_of_another_unit_is_told() -> None:
    submission = Return().put(PAPERS, "D9", 0.5)
    sheets = [
        msgspec.structs.replace(sheet, looks=[(8, 3, "per_cent")] if sheet.name == PAPERS else [])
        for sheet in submission.raw().sheets
    ]
    read = read_submission(RawWorkbook(sheets=sheets), return_edition(), "a.xlsx", "id")
    assert told(read) == [("cell.number_unit", "D9")]
    assert read.findings[0].value == "50%"


@pytest.mark.parametrize("what", [0.75, "0,75"])
def test_a_share_of_one_in_a_column_of_per_cent_stands_but_is_doubted(what: object) -> None:
    submission = entered("F10", what)
    assert told(submission) == [("cell.percent_small", "F10")]
    assert not submission.findings[0].blocks
    assert submission.findings[0].fix == "Nếu là 75%, hãy nhập 75."
    assert value(submission, "PL2.I.1", "percent") == 0.75


@pytest.mark.parametrize("what", [0, 1, 1.5, "0,75%"])
def test_other_small_numbers_are_not_doubted(what: object) -> None:
    assert told(entered("F10", what)) == []


@pytest.mark.parametrize("what", ["5/7/2024", dt.date(2024, 7, 5)])
def test_a_day_that_fits_the_rules_only_when_swapped_is_asked_about(what: object) -> None:
    (finding,) = entered_by_june(what)
    assert (finding.code, str(finding.cell)) == ("cell.date_swapped", "G10")
    assert finding.message.endswith("đổi chỗ ngày và tháng là 07/5/2024.")


@pytest.mark.parametrize("what", ["5/6/2024", "15/7/2024", "7/7/2024", dt.date(2024, 5, 7)])
def test_a_day_that_fits_or_that_no_swap_mends_is_no_question(what: object) -> None:
    assert entered_by_june(what) == []


def entered_by_june(what: object) -> list[Finding]:
    """The findings where tasks must be completed by 30 June."""
    edition = msgspec.structs.replace(return_edition(), rules=(last_day(dt.date(2024, 6, 30)),))
    raw = Return().put(TASKS, "G10", what).raw()
    submission = read_submission(raw, edition, "a.xlsx", "id", any_edition=True)
    return [finding for finding in submission.findings if finding.cell]


def last_day(day: dt.date) -> Rule:
    return Rule(
        id="X-1",
        kind="not_after",
        form="PL2",
        columns=("completed_on",),
        severity="error",
        message="muộn",
        fix="sửa",
        basis="x",
        limit=day.isoformat(),
    )
