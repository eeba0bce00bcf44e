from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from mini_return import COVER, PAPERS, TASKS, Return, entered, told, value

from khreport.cells import CellRef
from khreport.edges.shipped import load_plan
from khreport.forms import Column
from khreport.quantities import format_number
from khreport.read.entries import read_entry, read_references
from khreport.rows import FormRow, form_rows
from khreport.verbs.init import default_settings
from khreport.verbs.templates import shipped_edition


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
        ("E10", unicodedata.normalize("NFD", "Hoàn thành"), "completed", "Hoàn thành"),
        ("E10", "Hoàn\u200b thành", "completed", "Hoàn thành"),
        ("E10", "Hoàn\u00a0thành", "completed", "Hoàn thành"),
        ("F10", "6３", 63.0, "63"),
        ("G10", "１5/12/2024", dt.date(2024, 12, 15), "15/12/2024"),
        ("I10", "１; 3", "1; 3", "1; 3"),
        ("I10", "1;\u200b3", "1; 3", "1; 3"),
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
        ("E10", " Hoàn  thành ", "completed"),
        ("H10", "#1 trong kế hoạch", "#1 trong kế hoạch"),
        ("I10", 1.0, "1"),
        ("G10", dt.datetime(2024, 6, 28, 0, 0), dt.date(2024, 6, 28)),  # noqa: DTZ001
    ],
)
def test_what_needs_no_word_is_read_in_silence(cell: str, what: object, read: object) -> None:
    submission = entered(cell, what)
    key = {"E": "status", "H": "result", "I": "documents", "G": "completed_on"}[cell[0]]
    assert value(submission, "PL2.I.1", key) == read
    assert (told(submission), submission.repairs) == ([], ())


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        (dt.datetime(2024, 6, 27, 17, 0), "27/6/2024 17:00"),  # noqa: DTZ001
        (dt.datetime(2024, 6, 27, 12, 0), "27/6/2024 12:00"),  # noqa: DTZ001
        ("2024-06-27T17:00:00", "27/6/2024 17:00"),
        ("2024-06-27T13:30:00.000Z", "27/6/2024 13:30"),
        ("27/6/2024 17:00", "27/6/2024 17:00"),
    ],
)
def test_a_day_with_an_hour_after_noon_may_be_the_next_and_is_asked_about(
    what: object, shown: str
) -> None:
    submission = entered("G10", what)
    (finding,) = submission.findings
    assert (finding.code, str(finding.cell), finding.blocks) == ("cell.date_clock", "G10", True)
    assert finding.message.startswith(
        f"“{shown}” có giờ kèm theo, có thể là ngày 27/6/2024 hoặc 28"
    )
    assert value(submission, "PL2.I.1", "completed_on") is None
    assert told(entered("G10", finding.value)) == [("cell.date_clock", "G10")]


@pytest.mark.parametrize(
    ("what", "before"),
    [
        (dt.datetime(2024, 6, 28, 11, 59), "28/6/2024 11:59"),  # noqa: DTZ001
        ("2024-06-28T02:00:00Z", "2024-06-28T02:00:00Z"),
        ("2024-06-27T17:00:00.000Z", "2024-06-27T17:00:00.000Z"),
    ],
)
def test_a_time_that_leaves_no_doubt_of_the_day_is_left_out_and_that_is_listed(
    what: object, before: str
) -> None:
    submission = entered("G10", what)
    assert (told(submission), value(submission, "PL2.I.1", "completed_on")) == (
        [],
        dt.date(2024, 6, 28),
    )
    (repair,) = submission.repairs
    assert (repair.before, repair.after) == (before, "28/6/2024")
    assert "giờ" in repair.why


def test_half_a_minute_is_no_hour_and_the_last_day_of_all_has_no_next() -> None:
    late = dt.datetime(2024, 6, 28, 0, 0, 30)  # noqa: DTZ001
    assert entered("G10", late).repairs == ()
    last = dt.datetime(9999, 12, 31, 23, 0)  # noqa: DTZ001
    assert told(entered("G10", last)) == [("cell.date_clock", "G10")]


@pytest.mark.parametrize(
    ("cell", "what", "code"),
    [
        ("F10", "mười", "cell.not_number"),
        ("F10", "ước 7", "cell.number_words"),
        ("F10", "5-7", "cell.number_several"),
        ("F10", "7 tỷ", "cell.number_unit"),
        ("F10", "1.234", "cell.number_ambiguous"),
        ("F10", "1" * 20, "cell.number_long"),
        ("F10", "1e999", "cell.number_long"),
        ("F10", "6e1", "cell.number_power"),
        ("F10", "63,6*", "cell.number_signs"),
        ("F10", ">75", "cell.number_signs"),
        ("F10", "########", "cell.hashes"),
        ("G10", "########", "cell.hashes"),
        ("E10", "####", "cell.hashes"),
        ("H10", "##", "cell.hashes"),
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
        ("H10", "Theo Báo cáo số 12/BC-SXD", "cell.elsewhere"),
        ("H10", "như mục II.4", "cell.elsewhere"),
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


TOLD = {
    key: Column(key=key, heading=key, role="answer", width=9)
    for key in ("difficulty", "proposal", "causes", "result")
}


@pytest.mark.parametrize(
    "said",
    [
        "Không",
        "không có.",
        "-",
        "0",
        "Không có khó khăn, vướng mắc",
        "không có kiến nghị",
        "Đơn vị không có kiến nghị, đề xuất gì",
    ],
)
@pytest.mark.parametrize("key", ["difficulty", "proposal", "causes"])
def test_that_there_is_nothing_is_read_as_an_empty_cell_and_listed(key: str, said: str) -> None:
    entry = read_entry(said, TOLD[key], measured(""), None)
    assert (entry.value, entry.code, entry.parts["shown"]) == (None, None, "không có")
    assert entry.why


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("difficulty", "Không có hướng dẫn của cấp trên"),
        ("difficulty", "Không có khó khăn lớn, chỉ thiếu 2 cán bộ"),
        ("proposal", "Không giao thêm chỉ tiêu"),
        ("difficulty", "..."),
        ("result", "Không"),
    ],
)
def test_what_says_something_or_is_asked_for_stays(key: str, said: str) -> None:
    assert read_entry(said, TOLD[key], measured(""), None).value == said


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        ("Văn bản 1 và 2", "1; 2"),
        ("1-3", "1; 2; 3"),
        ("số 4", "4"),
        ("VB 1, 3 đến 5", "1; 3; 4; 5"),
    ],
)
def test_numbers_of_documents_are_read_as_people_write_them(what: str, shown: str) -> None:
    entry = read_references(what)
    assert (entry.value, entry.parts["shown"]) == (shown, shown)
    assert read_references("12-5").code == "cell.not_references"


def test_a_day_that_begins_with_its_month_is_asked_about_turned_round() -> None:
    (finding,) = entered("G10", "6/30/2025").findings
    assert finding.code == "cell.date_impossible"
    assert finding.fix.endswith("Có phải 30/6/2025?")


def test_an_ambiguous_number_is_mended_by_typing_one_of_its_own_readings() -> None:
    (finding,) = entered("F10", "10.500").findings
    assert finding.fix == "Hãy nhập 10500 hoặc 10,5."


def test_the_examples_of_days_lie_in_the_year_that_is_reported() -> None:
    plan = load_plan("qd1165")
    edition = shipped_edition(default_settings(plan, "qd1165", "2025"))
    columns = edition.form["PL2"].column
    assert columns["completed_on"].example == "28/6/2025"
    assert columns["expected_on"].example == "30/6/2026"
    assert "2024" not in edition.form["PL1"].column["report_date"].prompt


def test_a_figure_in_another_unit_has_its_own_target_for_an_example() -> None:
    edition = shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))
    agency, key, target = next(
        (agency, row.key, edition.plan.indicator[row.key].targets[-1].value)
        for agency in edition.asked
        for row in form_rows(edition, agency, edition.form["CT"])
        if not row.mirror["measure"].startswith(("triệu", "%"))
    )
    back = Return(agency, edition).fill("Chỉ tiêu", key, "estimate_year", "104 triệu")
    (finding,) = [f for f in back.read().findings if f.column_key == "estimate_year"]
    assert finding.fix.endswith(f"Ví dụ {format_number(target)}.")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("§· ban hµnh kÕ ho¹ch triÓn khai thùc hiÖn", "Đã ban hành kế hoạch triển khai thực hiện"),
        ("Ñaõ ban haønh keá hoaïch", "Đã ban hành kế hoạch"),
    ],
)
def test_a_legacy_text_in_an_ordinary_font_is_converted_and_listed(typed: str, shown: str) -> None:
    submission = entered("H10", typed)
    assert value(submission, "PL2.I.1", "result") == shown
    (repair,) = submission.repairs
    assert (repair.before, repair.after) == (typed, shown)
