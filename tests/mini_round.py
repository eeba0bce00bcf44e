"""A round of three agencies, small enough to be counted by hand."""

from __future__ import annotations

import datetime as dt
from functools import cache

import polars as pl

from khreport.agencies import Agency
from khreport.assign import assign
from khreport.consolidation import Consolidation, Receipt
from khreport.edges.shipped import load_forms
from khreport.edition import Edition, Sender
from khreport.frames import Submission, answers_schema
from khreport.layout.form_head import FIRST_ROW
from khreport.merge.consolidate import consolidate_submissions
from khreport.periods import Period
from khreport.plan import Appendix, Deadline, Indicator, Milestone, Plan, Section, Target, Task
from khreport.rows import form_rows

Answers = dict[tuple[str, str], object]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _task(key: str, text: str, leads: tuple[str, ...], deadline: Deadline) -> Task:
    appendix, _, rest = key.partition(".")
    section, _, number = key.rpartition(".")
    return Task(
        key=key,
        appendix=appendix,
        section=section,
        number=number,
        text=text,
        lead_text="; ".join(leads),
        leads=leads,
        coordinating_text="Sở Tài chính",
        coordinating=("stc",),
        deadline_text=deadline.wording,
        deadline=deadline,
        products=(f"Báo cáo {rest}",),
        source="001:1",
    )


RECURRENT = Deadline(wording="Hàng năm", kind="recurrent")
STEPS = (
    Milestone(key="m1", text="Trình duyệt: quý I/2024", due=day("2024-03-31")),
    Milestone(key="m2", text="Hoàn thành: quý II/2025", due=day("2025-06-30")),
)


@cache
def small_plan() -> Plan:
    headings = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Tiến độ thực hiện")
    return Plan(
        key="mini",
        number="1/QĐ-UBND",
        date=day("2022-01-15"),
        issuer="UBND tỉnh",
        title="Kế hoạch thử",
        short_title="Kế hoạch thử",
        collector="skhdt",
        first_year=2021,
        last_year=2025,
        appendices=(
            Appendix(key="PL1", label="Phụ lục I", title="Chỉ tiêu", headings=headings),
            Appendix(
                key="PL2", label="Phụ lục II", title="Nhiệm vụ", headings=(*headings, "Sản phẩm")
            ),
        ),
        sections=tuple(
            Section(key=f"{a}.I", appendix=a, number="I", level=1, title=title, source="001:1")
            for a, title in (("PL1", "CHỈ TIÊU KINH TẾ"), ("PL2", "QUY HOẠCH"))
        ),
        tasks=(
            _task("PL1.I.1", "Hoàn thành chỉ tiêu về du lịch", ("sdl",), RECURRENT),
            _task(
                "PL2.I.1",
                "Lập quy hoạch phân khu",
                ("sxd",),
                Deadline(wording="2024-2025", kind="dated", milestones=STEPS),
            ),
            _task(
                "PL2.I.2",
                "Ban hành quy chế quản lý",
                ("stc",),
                Deadline(wording="Quý II/2024", kind="dated", due=day("2024-06-30")),
            ),
            _task("PL2.I.3", "Tuyên truyền quy hoạch", ("sxd", "sdl"), RECURRENT),
        ),
        indicators=(
            Indicator(
                key="CT.visitors",
                name="Khách lưu trú",
                measure="triệu lượt",
                targets=(
                    Target(
                        first_year=2025,
                        last_year=2025,
                        basis="year",
                        comparator="at_least",
                        value=11,
                        wording="11 triệu lượt",
                        source="001:9",
                    ),
                ),
                tracked_by="PL1.I.1",
                link="stated",
            ),
        ),
        agencies=tuple(
            Agency(key=key, name=name, short=name, abbreviation=key.upper(), kind="department")
            for key, name in (
                ("skhdt", "Sở Kế hoạch và Đầu tư"),
                ("sxd", "Sở Xây dựng"),
                ("sdl", "Sở Du lịch"),
                ("stc", "Sở Tài chính"),
            )
        ),
        groups=(),
        group_rows=(),
        duties=(),
        errata=(),
    )


@cache
def small_edition() -> Edition:
    plan = small_plan()
    period = Period(
        key="2024",
        name="Năm 2024",
        start=day("2024-01-01"),
        end=day("2024-12-31"),
        closing=day("2024-11-30"),
        due=day("2024-12-13"),
        report_due=day("2024-12-30"),
    )
    forms = load_forms()
    return Edition(
        plan=plan,
        period=period,
        sender=Sender(name="Sở Kế hoạch và Đầu tư"),
        forms=forms,
        rules=(),
        questions=assign(plan, period, forms).questions,
    )


def submit(agency: str, answers: Answers) -> Submission:
    """The agency's workbook with these answers by (row key, column key), rows as laid out."""
    edition = small_edition()
    frames, columns, known = {}, {}, set()
    for form in edition.forms:
        schema = answers_schema(form)
        rows = [
            {
                "submission": f"hash-{agency}",
                "agency": agency,
                "key": row.key,
                "kind": row.kind,
                "parent": row.parent,
                "row": FIRST_ROW + offset,
                **{c: answers[row.key, c] for c in schema if (row.key, c) in answers},
            }
            for offset, row in enumerate(form_rows(edition, agency, form))
            if row.kind is not None
        ]
        known |= {(str(row["key"]), c) for row in rows for c in schema}
        frames[form.key] = pl.DataFrame(rows, schema=schema)
        columns[form.key] = {c.key: place for place, c in enumerate(form.columns, start=1)}
    assert set(answers) <= known, set(answers) - known
    return Submission(
        id=f"hash-{agency}",
        file=f"{agency}.xlsx",
        agency=agency,
        answers=frames,
        sheets={form.key: form.sheet for form in edition.forms},
        columns=columns,
    )


CONSTRUCTION: Answers = {
    ("PL2.I.1", "status"): "in_progress",
    ("PL2.I.1", "percent"): 62.5,
    ("PL2.I.1", "documents"): "2; 9",
    ("PL2.I.1", "difficulty"): "Chậm giải phóng mặt bằng",
    ("PL2.I.1", "cause"): "objective",
    ("PL2.I.1", "proposal"): "=Bổ sung kinh phí",
    ("PL2.I.1", "addressee"): "UBND tỉnh",
    ("PL2.I.1.m1", "status"): "completed",
    ("PL2.I.1.m1", "completed_on"): day("2024-04-10"),
    ("PL2.I.1.a", "task"): "Phân khu A",
    ("PL2.I.3", "status"): "carried_out",
    ("PL2.I.3", "result"): "Đã tổ chức 3 hội nghị",
    ("VB.2", "symbol"): "12/KH-SXD",
    ("VB.2", "issued_on"): day("2024-03-05"),
    ("DC.1", "proposed"): "Hoàn thành trong năm 2026",
    ("DC.1", "change"): "amend",
    ("BIA.phone", "value"): "0258 000",
    ("BIA.progress", "value"): "done",
}
TOURISM: Answers = {
    ("PL1.I.1", "status"): "reaches",
    ("PL1.I.1", "causes"): "Giá vé cao",
    ("PL2.I.3", "status"): "partly",
    ("CT.visitors", "plan_year"): 9.0,
    ("CT.visitors", "estimate_year"): 9.9,
    ("CT.visitors", "previous_final"): 7.2,
    ("CT.visitors", "outlook"): "reaches",
}


def small_round(construction: Answers = CONSTRUCTION, tourism: Answers = TOURISM) -> Consolidation:
    """Sở Xây dựng and Sở Du lịch have reported, Sở Tài chính has not."""
    received = dt.datetime(2024, 12, 10, 9, 30)  # noqa: DTZ001 - as an officer reads the clock
    return consolidate_submissions(
        small_edition(),
        [submit("sxd", construction), submit("sdl", tourism)],
        [
            Receipt(
                agency=agency,
                state="accepted",
                submission=f"hash-{agency}",
                file=f"{agency}.xlsx",
                received_at=received,
            )
            for agency in ("sxd", "sdl")
        ],
    )
