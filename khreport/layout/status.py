"""The status of a round as a workbook: agencies by forms, and who is to be chased."""

from __future__ import annotations

from khreport.dates import format_date
from khreport.layout.table import TableColumn, lay_out_table
from khreport.sheet import Book
from khreport.status import FILTERS, TAGS, AgencyStatus, Status
from khreport.text import begin_small

SHEET = "Tình hình nộp"
OVERDUE_SHEET = "Cần đôn đốc"


def lay_out_status(status: Status) -> Book:
    """The workbook: all agencies, then those that are overdue."""
    title = f"Tình hình nộp báo cáo {begin_small(status.period)}"
    columns = [
        TableColumn("TT", 5, "whole"),
        TableColumn("Cơ quan", 34),
        TableColumn("Tình trạng", 20),
        TableColumn("Thời hạn", 16),
        TableColumn("Ngày gửi biểu", 12, "date"),
        TableColumn("Ngày nhận", 12, "date"),
        TableColumn("Văn bản giấy", 18),
        TableColumn("Ghi chú", 22),
        *(TableColumn(form.name, 14) for form in status.forms),
    ]
    rows = [
        (
            number,
            agency.name,
            agency.state_words,
            agency.time_words,
            agency.sent_on,
            agency.received_at and agency.received_at.date(),
            agency.paper_words,
            tag_words(agency),
            *(
                "\n".join(filter(None, [form.words, form.answered_of and f"({form.answered_of})"]))
                for form in agency.forms
            ),
        )
        for number, agency in enumerate(status.agencies, 1)
    ]
    subtitle = " ".join([
        f"{status.title}. Hạn nộp {status.due_words}, tính đến {format_date(status.today)}.",
        count_words(status),
        *status.remarks,
    ])  # fmt: skip
    overdue = [
        (number, agency.name, agency.state_words, agency.time_words, agency.reminder_words)
        for number, agency in enumerate(status.overdue, 1)
    ]
    sheets = (
        lay_out_table(SHEET, title, subtitle, columns, rows),
        lay_out_table(
            OVERDUE_SHEET,
            f"Cơ quan quá hạn chưa xong (hạn {status.due_words})",
            f"Tính đến {format_date(status.today)}",
            [*columns[:4], TableColumn("Đã nhắc", 18)],
            overdue,
            size_pt=11,
            landscape=False,
            paper="A4",
        ),
    )
    return Book(sheets=sheets, title=title)


def tag_words(agency: AgencyStatus) -> str:
    """What no other column says of an agency, in words."""
    return "; ".join(TAGS[tag] for tag in agency.tags if tag in ("waiting", "bounced", "secret"))


def count_words(status: Status) -> str:
    """How many agencies there are, and how many of each kind, in a sentence."""
    counts = status.counts
    told = "; ".join(f"{FILTERS[key].lower()} {n}" for key, n in counts.items() if n)
    return f"{len(status.agencies)} cơ quan: {told}." if told else "Không có cơ quan nào."
