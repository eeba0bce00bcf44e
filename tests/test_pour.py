"""Answers to an older form: poured into the present one, and what did not fit is told."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from mini_return import (
    COVER,
    PAPER_FORM,
    PAPERS,
    TASK_FORM,
    TASKS,
    Return,
    column,
    return_edition,
    told,
    value,
)

from khreport.agencies import GroupRow
from khreport.anatomy import REVIEW_SHEET
from khreport.assign import assign
from khreport.checks.check import check_submissions
from khreport.edition import Edition
from khreport.findings import Finding
from khreport.forms import Choice, ChoiceList, Column, Form
from khreport.frames import Submission, answers_schema
from khreport.layout.correction import lay_out_correction
from khreport.read.pour import pour_answers

replace = msgspec.structs.replace


def present(*forms: Form, modes: tuple[GroupRow, ...] = ()) -> Edition:
    """The edition of `mini_return` with other forms, or other modes of group rows."""
    base = return_edition()
    changed = {form.key: form for form in forms}
    new = tuple(changed.pop(form.key, form) for form in base.forms)
    forms = (*new, *changed.values())
    return replace(
        base, forms=forms, questions=assign(base.plan, base.period, forms, modes).questions
    )


def with_columns(form: Form, change: Callable[[Column], Column | None], *more: Column) -> Form:
    columns = tuple(new for old in form.columns if (new := change(old)))
    return replace(form, columns=(*columns, *more))


def with_choices(*choices: Choice) -> Form:
    return replace(TASK_FORM, lists=(ChoiceList(key="status", choices=choices),))


def poured(back: Return, to: Edition) -> Submission:
    return pour_answers(back.read(), return_edition(), to)


def only(submission: Submission) -> Finding:
    (finding,) = submission.findings
    return finding


STATUS = TASK_FORM.lists[0].choices
ONE_LEADS = (GroupRow(task="PL2.I.3", mode="one", answering=("sdl",), reason="Thử"),)


def test_a_form_that_asks_the_same_is_poured_without_a_word() -> None:
    back = Return().put(TASKS, "E10", "Hoàn thành").put(PAPERS, "C9", "1/KH")
    to = replace(return_edition(), sender=replace(return_edition().sender, phone="0258"))
    submission = poured(back, to)
    assert told(submission) == []
    assert submission.digest == to.digest != return_edition().digest
    assert value(submission, "PL2.I.1", "status") == "completed"


def test_one_more_choice_and_one_more_optional_form_lose_nothing() -> None:
    back = Return().put(TASKS, "E10", "Hoàn thành").put(TASKS, "C13", "Khu A")
    back.put(PAPERS, "C9", "1/KH").put(COVER, "C17", "Đã xong")
    submission = poured(back, present(with_choices(*STATUS, Choice("submitted", "Đã trình"))))
    assert told(submission) == []
    before = back.read()
    for key, frame in before.answers.items():
        assert frame.equals(submission.answers[key]), key


def test_a_choice_that_came_later_is_read_though_it_was_not_listed() -> None:
    back = Return().put(TASKS, "E10", "Đã trình")
    assert told(back.read()) == [("cell.not_choice", "E10")]
    submission = poured(back, present(with_choices(*STATUS, Choice("submitted", "Đã trình"))))
    assert told(submission) == []
    assert submission.unread == frozenset()
    assert value(submission, "PL2.I.1", "status") == "submitted"


def test_a_choice_that_is_listed_no_more_is_asked_about() -> None:
    back = Return().put(TASKS, "E10", "Hoàn thành").put(TASKS, "E14", "Đang thực hiện")
    submission = poured(back, present(with_choices(*STATUS[1:])))
    assert told(submission) == [("cell.choice_gone", "E10")]
    finding = only(submission)
    assert (finding.severity, finding.value) == ("warning", "Hoàn thành")
    assert value(submission, "PL2.I.1", "status") is None
    assert value(submission, "PL2.I.3", "status") == "in_progress"


def test_a_choice_that_was_misspelt_is_suggested_out_of_the_present_list() -> None:
    back = Return().put(TASKS, "E10", "hoan thanh roi")
    choices = (Choice("done", "Hoàn thành rồi"), *STATUS[1:])
    submission = poured(back, present(with_choices(*choices)))
    assert told(submission) == [("cell.choice_near", "E10")]
    assert "“Hoàn thành rồi”" in only(submission).message
    assert ("PL2", "PL2.I.1", "status") in submission.unread


def test_a_column_that_is_gone_is_told_with_its_text_and_kept() -> None:
    back = Return().put(TASKS, "H10", "Đã ban hành").put(TASKS, "E10", "Hoàn thành")
    form = with_columns(TASK_FORM, lambda c: None if c.key == "result" else c)
    submission = poured(back, present(form))
    assert told(submission) == [("column.not_asked", "H10")]
    assert str(only(submission)) == (
        "Nhiệm vụ, ô H10 (Kết quả, nhiệm vụ I.1): “Đã ban hành” không được tổng hợp: biểu mới "
        "không hỏi ô này. Nội dung vẫn được lưu."
    )
    assert submission.answers["PL2"].schema == answers_schema(form)
    assert submission.extra["Không còn hỏi"][1:] == [
        ["Nhiệm vụ", "H10", "Kết quả, nhiệm vụ I.1", "Đã ban hành"]
    ]


def test_a_column_of_another_type_is_asked_again_and_words_become_text() -> None:
    back = Return().put(TASKS, "F10", 62.5).put(TASKS, "E10", "Hoàn thành")

    def change(c: Column) -> Column:
        if c.key == "percent":
            return replace(c, type="date")
        return replace(c, type="text", lists={}) if c.key == "status" else c

    submission = poured(back, present(with_columns(TASK_FORM, change)))
    assert told(submission) == [("cell.retyped", "F10")]
    assert only(submission).value == "62,5"
    assert value(submission, "PL2.I.1", "status") == "Hoàn thành"


@pytest.mark.parametrize(("typed", "codes"), [(62.0, []), (62.5, [("cell.retyped", "F10")])])
def test_a_number_stays_where_it_is_one_of_the_kind(typed: float, codes: list[object]) -> None:
    form = with_columns(TASK_FORM, lambda c: replace(c, type="whole") if c.key == "percent" else c)
    submission = poured(Return().put(TASKS, "F10", typed), present(form))
    assert told(submission) == codes


def test_a_row_that_another_agency_answers_now_is_told_by_its_name() -> None:
    back = Return().put(TASKS, "E14", "Hoàn thành").put(TASKS, "H14", "Ba hội nghị")
    submission = poured(back, present(modes=ONE_LEADS))
    assert told(submission) == [("row.other_agency", "E14"), ("row.other_agency", "H14")]
    assert submission.findings[1].message == (
        "“Ba hội nghị” không được tổng hợp: nay Sở Du lịch trả lời dòng này."
    )
    assert "PL2.I.3" not in submission.answers["PL2"]["key"].to_list()
    assert [row[3] for row in submission.extra["Không còn hỏi"][1:]] == [
        "Hoàn thành",
        "Ba hội nghị",
    ]


def test_what_was_wrong_in_a_row_that_is_gone_blocks_nobody() -> None:
    back = Return().put(TASKS, "F14", "mười").put(TASKS, "E14", "xong hết cả")
    blocking = {f.code for f in back.read().findings if f.blocks}
    assert blocking == {"cell.not_choice"}
    submission = poured(back, present(modes=ONE_LEADS))
    assert {(f.code, str(f.cell), f.value) for f in submission.findings} == {
        ("row.other_agency", "E14", "xong hết cả"),
        ("row.other_agency", "F14", "mười"),
    }
    assert submission.unread == frozenset()


def test_a_sheet_or_a_column_that_was_missing_and_is_gone_blocks_nobody() -> None:
    back = Return()
    del back.grids[COVER]
    edition = return_edition()
    forms = (TASK_FORM, PAPER_FORM)
    to = replace(
        edition, forms=forms, questions=assign(edition.plan, edition.period, forms).questions
    )
    assert told(back.read()) == [("sheet.missing", "")]
    assert told(poured(back, to)) == []

    back = Return()
    for row in back.grids[TASKS]:
        del row[7]
    assert told(back.read()) == [("column.missing", TASKS)]
    form = with_columns(TASK_FORM, lambda c: None if c.key == "result" else c)
    assert told(poured(back, present(form))) == []


def test_a_row_that_came_later_is_asked_for_where_it_must_be_answered() -> None:
    required = with_columns(
        TASK_FORM, lambda c: replace(c, required=True) if c.key == "status" else c
    )
    sent, now = present(required, modes=ONE_LEADS), present(required)
    grown = pour_answers(_read_by(sent), sent, now)
    (finding,) = grown.findings
    assert (finding.code, finding.severity) == ("row.later", "warning")
    assert (finding.row_key, finding.column_key, finding.cell) == ("PL2.I.3", "status", None)
    assert str(finding) == (
        "Nhiệm vụ (Tình trạng, nhiệm vụ I.3): Dòng này được thêm sau khi phát biểu này. "
        "Đề nghị điền thêm dòng này trong tệp biểu mới."
    )
    assert value(grown, "PL2.I.3", "row") == -1
    assert {f.row_key for f in check_submissions(now, [grown])} == {"BIA.phone"}


def test_a_sheet_and_a_column_that_came_later_are_asked_for() -> None:
    form = with_columns(TASK_FORM, lambda c: c, column("reason", "Lý do"))
    survey = replace(PAPER_FORM, key="KS", sheet="Khảo sát")
    submission = poured(Return(), present(form, survey))
    assert [(f.code, f.message) for f in submission.findings] == [
        ("sheet.later", "Sheet “Khảo sát” được thêm sau khi phát biểu này."),
        ("column.later", "Cột “Lý do” được thêm sau khi phát biểu này."),
    ]
    assert submission.answers["KS"].is_empty()
    assert {f.row_key for f in check_submissions(present(form, survey), [submission])} == {
        "BIA.phone"
    }


def test_an_agency_that_is_asked_no_more_is_told_once() -> None:
    edition = return_edition()
    nobody = tuple(q for q in edition.questions if q.agency != "sxd")
    submission = poured(Return().put(TASKS, "F10", "mười"), replace(edition, questions=nobody))
    assert told(submission) == [("file.not_asked", "")]
    assert only(submission).blocks
    assert not submission.readable
    assert submission.agency == "sxd"


def test_lines_of_a_shorter_list_keep_their_numbers() -> None:
    back = Return().put(PAPERS, "C9", "1/KH").put(PAPERS, "C11", "3/KH").put(PAPERS, "D11", "x")
    submission = poured(back, present(replace(PAPER_FORM, records=2)))
    assert submission.answers["VB"]["key"].to_list() == ["VB.1", "VB.+1"]
    assert told(submission) == [("cell.not_number", "D11")]
    assert only(submission).row_key == "VB.+1"
    assert submission.unread == {("VB", "VB.+1", "copies")}


def test_project_lines_outlive_fewer_letters() -> None:
    sent, now = present(replace(TASK_FORM, lines=2)), present()
    back = Return()
    submission = _read_by(sent, {("PL2.I.1.a", "task"): "Khu A", ("PL2.I.1.b", "task"): "Khu B"})
    assert back.read().readable
    fewer = pour_answers(submission, sent, now)
    assert told(fewer) == []
    assert value(fewer, "PL2.I.1.+1", "task") == "Khu B"
    none = present(replace(TASK_FORM, lines=0))
    gone = pour_answers(submission, sent, none)
    assert [(f.code, f.value) for f in gone.findings] == [
        ("row.not_asked", "Khu A"),
        ("row.not_asked", "Khu B"),
    ]


def test_every_answer_is_poured_or_told() -> None:
    back = Return().put(TASKS, "E10", "Hoàn thành").put(TASKS, "F10", 50).put(TASKS, "H10", "một")
    back.put(TASKS, "I10", "1").put(TASKS, "E14", "Hoàn thành").put(TASKS, "C13", "Khu A")
    back.put(PAPERS, "C9", "1/KH").put(PAPERS, "D9", 2).put(COVER, "C17", "Đã xong")
    form = with_columns(with_choices(*STATUS[1:]), lambda c: None if c.key == "percent" else c)
    to = present(form, replace(PAPER_FORM, records=0), modes=ONE_LEADS)
    before, after = back.read(), poured(back, to)

    def cells(submission: Submission) -> set[tuple[str, int, str]]:
        return {
            (key, row["row"], name)
            for key, frame in submission.answers.items()
            for row in frame.iter_rows(named=True)
            for name, held in row.items()
            if held is not None and name in {c.key for c in return_edition().form[key].answers}
        }

    lost = {(f.form or "", f.row or 0, f.column_key or "") for f in after.findings}
    assert cells(before) == cells(after) | lost
    assert not cells(after) & lost


def test_a_correction_shows_what_did_not_fit() -> None:
    back = Return().put(TASKS, "E10", "Hoàn thành").put(TASKS, "H14", "Ba hội nghị")
    to = present(with_choices(*STATUS[1:]), modes=ONE_LEADS)
    submission = poured(back, to)
    book = lay_out_correction(to, submission, submission.findings)
    sheets = {sheet.name: {str(cell.value) for cell in sheet.cells} for sheet in book.sheets}
    assert "Ba hội nghị" in sheets["Không còn hỏi"]
    assert "Hoàn thành" in sheets[TASKS]
    assert any("không còn trong danh sách" in text for text in sheets[REVIEW_SHEET])


def _read_by(edition: Edition, answers: dict[tuple[str, str], object] | None = None) -> Submission:
    """A return of Sở Xây dựng to the forms of `edition`."""
    back = Return(edition=edition)
    for (key, name), entry in (answers or {}).items():
        back.fill(TASKS, key, name, entry)
    return back.read()
