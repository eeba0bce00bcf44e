"""Checking submissions of a small plan: code and cell of every finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import polars as pl
import pytest

from khreport.agencies import Agency
from khreport.checks.check import check_submissions, find_faults
from khreport.checks.facts import gather_rows
from khreport.checks.prove import EXAMPLE_PERIOD
from khreport.checks.reach import days_of
from khreport.edges.shipped import load_forms, load_rules
from khreport.edition import Edition, Question, Sender
from khreport.errors import KhreportError
from khreport.findings import Finding, group_findings
from khreport.forms import Form
from khreport.frames import Submission, answers_schema
from khreport.plan import Appendix, Deadline, Indicator, Milestone, Plan, Task

FORMS = load_forms()
FORM = {form.key: form for form in FORMS}
RULES = load_rules(FORMS)


def task(key: str, text: str, due: dt.date | None, *steps: Milestone) -> Task:
    return Task(
        key=key,
        appendix=key.partition(".")[0],
        section=key.rpartition(".")[0],
        number=key.rpartition(".")[2],
        text=text,
        lead_text="Sở Xây dựng",
        leads=("sxd",),
        coordinating_text="",
        coordinating=(),
        deadline_text="",
        deadline=Deadline(
            wording="", kind="dated" if due else "recurrent", due=due, milestones=steps
        ),
        products=(),
        source="",
    )


PLAN = Plan(
    key="mau",
    number="1/QĐ-UBND",
    date=dt.date(2022, 4, 29),
    issuer="UBND tỉnh",
    title="Kế hoạch",
    short_title="Kế hoạch",
    collector="sxd",
    first_year=2022,
    last_year=2025,
    appendices=(
        Appendix(key="PL1", label="Phụ lục I", title="", headings=()),
        Appendix(key="PL2", label="Phụ lục II", title="", headings=()),
    ),
    sections=(),
    tasks=(
        task("PL2.III.1", "Phủ kín quy hoạch phân khu", dt.date(2023, 12, 31)),
        task("PL2.III.2", "Kiểm tra, giám sát quy hoạch", None),
        task(
            "PL2.III.3",
            "Xây dựng Đề án thành phố",
            dt.date(2028, 12, 31),
            Milestone(key="m1", text="Báo cáo Tỉnh ủy", due=dt.date(2023, 3, 31)),
            Milestone(key="m2", text="Trình Quốc hội", due=dt.date(2028, 12, 31)),
        ),
    ),
    indicators=(Indicator(key="CT.grdp", name="Tăng trưởng GRDP", measure="%", targets=()),),
    agencies=(
        Agency(key="sxd", name="Sở Xây dựng", short="SXD", abbreviation="SXD", kind="department"),
    ),
    groups=(),
    group_rows=(),
    duties=(),
    errata=(),
)

EDITION = Edition(
    plan=PLAN,
    period=EXAMPLE_PERIOD,
    sender=Sender(name="Sở Kế hoạch và Đầu tư"),
    forms=FORMS,
    rules=RULES,
    questions=(
        Question(agency="sxd", form="PL2", key="PL2.III.1", kind="dated", parent="PL2.III.1"),
    ),
)

DONE = {
    "key": "PL2.III.1", "kind": "dated", "status": "completed",
    "completed_on": dt.date(2024, 6, 28), "result": "Quyết định số 1520 phê duyệt 9 đồ án",
    "documents": "1", "difficulty": "Chậm giải phóng mặt bằng 2 ha", "cause": "objective",
}  # fmt: skip
CARRIED_OUT = {
    "key": "PL2.III.2", "kind": "recurrent", "status": "carried_out",
    "result": "Kiểm tra 14 dự án, xử phạt 3 trường hợp",
}  # fmt: skip

Row = Mapping[str, Any]


def frame(form: Form, file: str, rows: Sequence[Row]) -> pl.DataFrame:
    """Rows as the reader gives them, the first on sheet row 11 (which people call 12)."""
    full = [
        {"submission": file, "agency": "sxd", "parent": row["key"], "row": 11 + n} | dict(row)
        for n, row in enumerate(rows)
    ]
    return pl.DataFrame(full, schema=answers_schema(form))


def submission(file: str = "sxd.xlsx", /, **rows: Sequence[Row]) -> Submission:
    return Submission(
        id=file,
        file=file,
        agency="sxd",
        answers={key: frame(FORM[key], file, given) for key, given in rows.items()},
        sheets={key: FORM[key].sheet for key in rows},
        columns={
            key: {column.key: n for n, column in enumerate(FORM[key].columns, start=1)}
            for key in rows
        },
    )


def check(*submissions: Submission) -> list[str]:
    """Code and cell of every finding."""
    return [f"{f.code} {f.cell}" for f in check_submissions(EDITION, submissions)]


def find(given: Submission) -> Finding:
    """The only finding."""
    [finding] = check_submissions(EDITION, [given])
    return finding


def test_a_well_filled_sheet_has_no_findings() -> None:
    assert check(submission(PL2=[DONE, CARRIED_OUT])) == []


def test_a_finding_says_where_what_was_entered_and_what_to_do() -> None:
    finding = find(submission(PL2=[DONE | {"percent": 80.5}]))
    assert str(finding) == (
        "Phụ lục II, ô I12 (Tỷ lệ hoàn thành (%), nhiệm vụ III.1): Tình trạng là “Hoàn thành”"
        " nhưng tỷ lệ chỉ 80,5%. Ghi 100 hoặc để trống, hoặc chọn “Đang thực hiện”."
    )
    assert msgspec.to_builtins(finding) == {
        "code": "PL2-33",
        "severity": "error",
        "message": "Tình trạng là “Hoàn thành” nhưng tỷ lệ chỉ 80,5%.",
        "fix": "Ghi 100 hoặc để trống, hoặc chọn “Đang thực hiện”.",
        "file": "sxd.xlsx",
        "sheet": "Phụ lục II",
        "form": "PL2",
        "row": 11,
        "column": 8,
        "row_key": "PL2.III.1",
        "column_key": "percent",
        "value": "80,5",
        "place": "Tỷ lệ hoàn thành (%), nhiệm vụ III.1",
        "aside": None,
    }


def test_days_are_told_as_people_write_them() -> None:
    finding = find(submission(PL2=[DONE | {"completed_on": dt.date(2025, 1, 15)}]))
    assert (finding.code, finding.value) == ("PL2-20", "15/01/2025")
    assert "15/01/2025" in finding.message
    assert "31/12/2024" in finding.message


def test_many_submissions_are_checked_together_and_told_apart() -> None:
    late = DONE | {"completed_on": None}
    findings = check_submissions(
        EDITION,
        [
            submission("b.xlsx", PL2=[DONE, late]),
            submission("a.xlsx", PL2=[late]),
            submission("c.xlsx", PL2=[DONE]),
        ],
    )
    assert [(f.file, f.code, str(f.cell)) for f in findings] == [
        ("a.xlsx", "PL2-06", "J12"),
        ("b.xlsx", "PL2-06", "J13"),
    ]


def test_the_same_content_in_two_files_is_faulty_in_both() -> None:
    first = submission("a.xlsx", PL2=[DONE | {"completed_on": None}])
    findings = check_submissions(EDITION, [first, msgspec.structs.replace(first, file="b.xlsx")])
    assert [(f.file, f.code) for f in findings] == [("a.xlsx", "PL2-06"), ("b.xlsx", "PL2-06")]


def test_an_overdue_task_needs_its_cause_and_a_new_date() -> None:
    overdue = {
        "key": "PL2.III.1", "kind": "dated", "status": "in_progress",
        "result": "Đã thẩm định 4 trong 9 đồ án",
    }  # fmt: skip
    assert check(submission(PL2=[overdue])) == ["PL2-07 K12", "PL2-08 N12"]
    future = overdue | {"key": "PL2.III.3"}
    assert check(submission(PL2=[future])) == []


def test_a_row_left_empty_gives_one_finding() -> None:
    assert check(submission(PL2=[{"key": "PL2.III.2", "kind": "recurrent"}])) == ["PL2-01 H12"]
    assert check(submission(CT=[{"key": "CT.grdp", "kind": "indicator"}])) == ["CT-01 N12"]


def test_a_sheet_left_empty_is_told_in_one_sentence() -> None:
    empty = [{"key": f"PL2.III.{n}", "kind": "recurrent"} for n in (1, 2, 3)]
    [group] = group_findings(check_submissions(EDITION, [submission(PL2=empty)]))
    assert str(group).startswith("Phụ lục II, các ô H12–H14: Nhiệm vụ chưa được báo cáo.")


def test_a_secret_report_counts_as_an_answer() -> None:
    secret = {
        "key": "PL2.III.1", "kind": "dated", "status": "secret",
        "explanation": "Văn bản số 15 gửi theo đường mật",
    }  # fmt: skip
    assert check(submission(PL2=[secret])) == []


def test_a_milestone_is_asked_for_once_due_unless_its_task_is_not_ours() -> None:
    def rows(status: str) -> list[Row]:
        parent = {"key": "PL2.III.3", "kind": "dated", "status": status, "explanation": "Sở Nội vụ"}
        steps = [
            {"key": f"PL2.III.3.{m}", "kind": "milestone", "parent": "PL2.III.3"}
            for m in ("m1", "m2")
        ]
        return [parent, *steps]

    assert check(submission(PL2=rows("not_started"))) == ["PL2-02 H13"]
    assert check(submission(PL2=rows("not_ours"))) == []


def test_a_parent_is_looked_for_in_its_own_submission() -> None:
    parent = {"key": "PL2.III.3", "kind": "dated", "status": "not_started"}
    step = {"key": "PL2.III.3.m1", "kind": "milestone", "parent": "PL2.III.3"}
    assert check(submission("a.xlsx", PL2=[parent]), submission("b.xlsx", PL2=[step])) == []


def test_a_project_line_is_checked_once_it_is_begun() -> None:
    line = {"key": "PL2.III.1.a", "kind": "line", "parent": "PL2.III.1"}
    assert check(submission(PL2=[line])) == []
    assert check(submission(PL2=[line | {"percent": 40}])) == ["PL2-03 C12", "PL2-04 H12"]


def test_documents_are_looked_up_in_the_same_submission() -> None:
    document = {
        "key": "VB.1", "kind": "record", "symbol": "12/KH-SXD",
        "issued_on": dt.date(2024, 3, 5), "abstract": "Kế hoạch triển khai năm 2024",
    }  # fmt: skip
    blank = {"key": "VB.2", "kind": "record"}
    added = document | {"key": "VB.+1", "symbol": "13/KH-SXD"}
    row = CARRIED_OUT | {"documents": "1; 2; 7; 41"}
    given = submission(PL2=[row], VB=[document, blank, added])
    other = submission("b.xlsx", VB=[document | {"key": "VB.2"}])
    [finding] = check_submissions(EDITION, [given, other])
    assert str(finding) == (
        "Phụ lục II, ô M12 (Văn bản (số TT), nhiệm vụ III.2): Sheet “Danh mục văn bản” chưa có"
        " văn bản số 2, 7. Ghi văn bản vào danh mục, hoặc sửa số thứ tự ở ô này."
    )


def test_documents_are_not_looked_up_in_a_sheet_that_is_missing() -> None:
    assert check(submission(PL2=[CARRIED_OUT | {"documents": "7"}])) == []


@pytest.mark.parametrize(
    ("text", "hollow"),
    [
        ("ok", True),
        ("...", True),
        ("Đã hoàn thành!", True),
        ("Đã thực hiện theo quy định của pháp luật", True),
        ("Đang triển khai thực hiện.", True),
        ("đang rà soát", True),
        ("Hoàn thành 100%", True),
        ("Không phát sinh", True),
        ("Đang rà soát 12 quy hoạch phân khu", False),
        ("KIỂM TRA,  giám sát quy hoạch", True),
        ("Đạt 95%", False),
        ("Kiểm tra, giám sát quy hoạch tại 14 dự án", False),
    ],
)
def test_a_result_says_something(text: str, *, hollow: bool) -> None:
    expected = ["PL2-40 L12"] if hollow else []
    assert check(submission(PL2=[CARRIED_OUT | {"result": text}])) == expected


def test_a_value_that_the_form_refuses_is_not_also_called_a_contradiction() -> None:
    beyond = DONE | {"status": "in_progress", "completed_on": None, "percent": 150.0}
    given = submission(PL2=[beyond | {"key": "PL2.III.3"}])
    assert check(given) == ["form.maximum I12"]


def test_the_cover_needs_its_required_fields_only() -> None:
    rows = [
        {"key": f"BIA.{key}", "kind": "field", "parent": key}
        for key in ("progress", "prepared_by", "phone", "email")
    ]
    assert check(submission(BIA=rows)) == ["form.required C13", "form.required C14"]


def test_a_long_answer_is_told_without_repeating_it() -> None:
    finding = find(submission(PL2=[CARRIED_OUT | {"result": "Kết quả " * 200}]))
    assert finding.code == "form.max_length"
    assert finding.message == "Nội dung dài quá 1.500 ký tự, bản in sẽ bị cắt."


def test_nothing_is_said_of_what_could_not_be_read() -> None:
    unread_day = msgspec.structs.replace(
        submission(PL2=[DONE | {"completed_on": None}]),
        unread=frozenset({("PL2", "PL2.III.1", "completed_on")}),
    )
    assert check(unread_day) == []
    unread_status = msgspec.structs.replace(
        submission(PL2=[DONE | {"status": None}]),
        unread=frozenset({("PL2", "PL2.III.1", "status")}),
    )
    assert check(unread_status) == []


def test_a_line_that_could_not_be_read_is_begun_all_the_same() -> None:
    document = {"key": "VB.1", "kind": "record"}
    given = msgspec.structs.replace(
        submission(VB=[document]), unread=frozenset({("VB", "VB.1", "issued_on")})
    )
    assert check(given) == ["VB-01 C12", "VB-03 F12"]


def test_nothing_is_said_of_rows_and_columns_that_are_missing() -> None:
    assert check(submission(PL2=[{"key": "PL2.III.2", "kind": "recurrent", "row": -1}])) == []
    cut = submission(PL2=[DONE | {"completed_on": None}])
    columns = {"PL2": {k: v for k, v in cut.columns["PL2"].items() if k != "completed_on"}}
    assert check(msgspec.structs.replace(cut, columns=columns)) == []


def test_a_submission_that_could_not_be_read_is_passed_over() -> None:
    assert check(Submission(id="x", file="x.pdf")) == []


def test_a_sheet_is_called_as_it_was_returned() -> None:
    renamed = msgspec.structs.replace(
        submission(PL2=[DONE | {"completed_on": None}]), sheets={"PL2": "PL II (sửa)"}
    )
    assert str(find(renamed)).startswith("PL II (sửa), ô J12 (Ngày hoàn thành, nhiệm vụ III.1): ")


def test_a_frozen_edition_checks_as_the_one_that_was_sent_out() -> None:
    thawed = msgspec.json.decode(msgspec.json.encode(EDITION), type=Edition)
    given = [submission(PL2=[DONE | {"completed_on": dt.date(2025, 1, 15)}, CARRIED_OUT])]
    assert check_submissions(thawed, given) == check_submissions(EDITION, given)
    assert thawed.digest == EDITION.digest


def test_a_rule_that_cannot_be_evaluated_is_our_fault_and_named() -> None:
    broken = msgspec.structs.replace(RULES[0], form="PL2", columns=("result",), kind="minimum")
    broken = msgspec.structs.replace(broken, id="PL2-99", limit="nowhere", when={})
    edition = msgspec.structs.replace(EDITION, rules=(broken,))
    with pytest.raises(KhreportError, match=r"biểu PL2, cột result, quy tắc PL2-99"):
        check_submissions(edition, [submission(PL2=[DONE])])


def test_a_column_of_another_type_is_our_fault() -> None:
    given = submission(PL2=[DONE])
    wrong = given.answers["PL2"].with_columns(pl.col("percent").cast(pl.String))
    with pytest.raises(KhreportError, match="biểu PL2"):
        check_submissions(EDITION, [msgspec.structs.replace(given, answers={"PL2": wrong})])
    with pytest.raises(KhreportError, match="kiểu cột khác nhau"):
        check_submissions(
            EDITION,
            [
                submission("a.xlsx", PL2=[DONE]),
                msgspec.structs.replace(given, answers={"PL2": wrong}),
            ],
        )


def test_a_frame_that_lost_a_type_is_our_fault() -> None:
    rows = gather_rows(EDITION, FORM["PL2"], RULES, [submission(PL2=[DONE])])
    lost = rows.with_columns(pl.col("completed_on").cast(pl.String))
    with pytest.raises(KhreportError, match=r"biểu PL2, cột completed_on"):
        find_faults(lost, FORM["PL2"], [], days_of(PLAN, EDITION.period))
