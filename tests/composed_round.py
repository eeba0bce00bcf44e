"""The report on the small round: composed, and shown as lines to read."""

from __future__ import annotations

import datetime as dt

import msgspec
from mini_round import Answers, day, small_edition, submit

from khreport.campaign import Dates, Office, Settings
from khreport.compose.report import compose_report
from khreport.consolidation import Consolidation, Edits, Receipt
from khreport.edges.shipped import load_outline
from khreport.edition import Edition, Sender
from khreport.merge.consolidate import consolidate_submissions
from khreport.report import Appendix, Block, Chart, Heading, Paragraph, Report, Slot, Table

SETTINGS = Settings(
    plan="mini",
    period="2024",
    dates=Dates(closing=day("2024-11-30"), due=day("2024-12-13"), report_due=day("2024-12-30")),
    sender=Sender(name="Sở Kế hoạch và Đầu tư"),
    office=Office(
        superior="UBND tỉnh Khánh Hòa",
        issuer="Sở Kế hoạch và Đầu tư",
        symbol="SKHĐT",
        place="Khánh Hòa",
        addressees=("Ủy ban nhân dân tỉnh Khánh Hòa",),
        recipients=("Như trên", "Lưu: VT, TH"),
        authority=("GIÁM ĐỐC",),
    ),
)
CONSTRUCTION: Answers = {
    ("PL2.I.1", "status"): "in_progress",
    ("PL2.I.1", "result"): "- đã trình quy hoạch;\n- lấy ý kiến 12 sở, ngành.",
    ("PL2.I.1", "documents"): "1",
    ("PL2.I.1", "difficulty"): "chậm giải phóng mặt bằng.",
    ("PL2.I.1", "cause"): "objective",
    ("PL2.I.1", "proposal"): "bổ sung kinh phí",
    ("PL2.I.1", "addressee"): "UBND tỉnh",
    ("PL2.I.1", "next_year"): "Hoàn thành quy hoạch phân khu",
    ("PL2.I.1.m1", "status"): "not_started",
    ("PL2.I.1.a", "task"): "Phân khu A",
    ("PL2.I.3", "status"): "carried_out",
    ("PL2.I.3", "result"): "Đã tổ chức 3 hội nghị",
    ("VB.1", "symbol"): "12/KH-SXD",
    ("VB.1", "issued_on"): day("2024-03-05"),
    ("DC.1", "change"): "amend",
    ("DC.1", "proposed"): "Hoàn thành trong năm 2026",
}
TOURISM: Answers = {
    ("PL1.I.1", "status"): "reaches",
    ("PL1.I.1", "result"): "Thu hút 9,9 triệu lượt khách",
    ("PL1.I.1", "causes"): "Giá vé cao",
    ("PL2.I.3", "status"): "partly",
    ("CT.visitors", "plan_year"): 9.0,
    ("CT.visitors", "to_closing"): 8.25,
    ("CT.visitors", "estimate_year"): 9.9,
    ("CT.visitors", "outlook"): "reaches",
}
FINANCE: Answers = {
    ("PL2.I.2", "status"): "in_progress",
    ("PL2.I.2", "expected_on"): day("2025-03-31"),
    ("PL2.I.2", "difficulty"): "Thiếu nhân lực chuyên trách",
    ("PL2.I.2", "cause"): "subjective",
}


def collect(
    construction: Answers = CONSTRUCTION,
    tourism: Answers = TOURISM,
    finance: Answers | None = None,
) -> Consolidation:
    """Sở Xây dựng was three days late; Sở Tài chính has reported only if it has answers."""
    answers = {"sxd": construction, "sdl": tourism} | ({"stc": finance} if finance else {})
    return consolidate_submissions(
        small_edition(),
        [submit(agency, rows) for agency, rows in answers.items()],
        [
            Receipt(
                agency=agency,
                state="accepted",
                submission=f"hash-{agency}",
                received_at=dt.datetime(2024, 12, 16, 9),  # noqa: DTZ001 - an officer's clock
                days_late=3 if agency == "sxd" else 0,
            )
            for agency in answers
        ],
    )


def compose(
    consolidation: Consolidation,
    edits: Edits | None = None,
    edition: Edition | None = None,
    *,
    limits: dict[str, int] | None = None,
) -> Report:
    outline = load_outline()
    changed = msgspec.structs.replace(outline.limits, **(limits or {}))
    return compose_report(
        edition or small_edition(),
        consolidation,
        edits or Edits(),
        SETTINGS,
        msgspec.structs.replace(outline, limits=changed),
        draft=True,
    )


def show(block: Block) -> list[str]:
    match block:
        case Heading(level=level, text=text):
            return [f"{'#' * level} {text}"]
        case Paragraph(runs=runs, style=style):
            mark = {"item": "- "}.get(style, "")
            return [mark + "".join(f"*{r.text}*" if r.bold else r.text for r in runs)]
        case Slot(key=key, prompt=prompt):
            return [f"[{key}: {prompt}]"]
        case Table(header=header, rows=rows):
            return [
                " | ".join(cell.replace("\n", " / ") for cell in row) for row in (header, *rows)
            ]
        case Chart(caption=caption, alt=alt):
            return [f"<{caption}> {alt}"]


def lines(blocks: tuple[Block, ...]) -> list[str]:
    return [line for block in blocks for line in show(block)]


def dump(report: Report) -> str:
    shown = [report.subject, *lines(report.body)]
    for appendix in report.appendices:
        shown += ["", f"=== {appendix.title}", *lines(appendix.blocks)]
    return "\n".join(shown) + "\n"


def body(report: Report) -> str:
    return "\n".join(lines(report.body))


def row(table: Block, number: str) -> tuple[str, ...]:
    assert isinstance(table, Table)
    return next(cells for cells in table.rows if cells[0] == number)


def appendix(report: Report, number: int) -> Appendix:
    return report.appendices[number - 1]


def tables(report: Report) -> dict[str, Table]:
    """The tables of the body by the text of their second column."""
    return {block.header[1]: block for block in report.body if isinstance(block, Table)}
