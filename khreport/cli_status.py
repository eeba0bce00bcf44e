"""What ``khreport status``, ``log`` and ``paper`` print."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from khreport.cli_output import CLEAN, print_json

if TYPE_CHECKING:
    from khreport.status import AgencyStatus, Status

WIDE = 130
"""Columns of a terminal in which there is room for the whole matrix."""


def add_status_commands(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The command line takes ``paper``, ``status`` and ``log``."""
    _add_paper(add("paper", "ghi nhận văn bản giấy gửi kèm biểu"))
    _add_status(add("status", "xem cơ quan nào đã nộp, còn lỗi, chưa nộp, quá hạn"))
    _add_log(add("log", "đọc sổ theo dõi của đợt báo cáo"))


def _add_status(status: argparse.ArgumentParser) -> None:
    status.add_argument("folder", metavar="THƯ_MỤC", type=Path)
    status.add_argument(
        "--agency", action="append", default=[], metavar="CƠ_QUAN",
        help="chỉ cơ quan này; ghi tên hoặc tên viết tắt, dùng được nhiều lần",
    )  # fmt: skip
    status.add_argument(
        "--state", action="append", default=[], metavar="TÌNH_TRẠNG",
        help="chỉ cơ quan ở tình trạng này, dùng được nhiều lần: accepted (đạt), faulty (có lỗi), "
        "received (đã nhận), sent (đã gửi biểu), drafted (đã soạn thư, chưa gửi), "
        "unsure (chưa rõ đã gửi biểu hay chưa), "
        "unsent (chưa gửi biểu), overdue (quá hạn), late (nộp muộn), waiting (có bản chờ mở khóa), "
        "unlocked (đã mở khóa), "
        "bounced (thư kèm biểu bị trả lại), no_paper (chưa có văn bản), no_file (chưa có tệp), "
        "nil (không phát sinh), secret (mật)",
    )  # fmt: skip
    status.add_argument(
        "--date", type=parse_day, metavar="NGÀY", help="ngày để tính còn mấy ngày, mặc định hôm nay"
    )
    status.add_argument("--xlsx", type=Path, metavar="TỆP", help="ghi thêm thành tệp Excel này")
    status.add_argument("--html", type=Path, metavar="TỆP", help="ghi thêm thành trang này để xem")


def _add_log(log: argparse.ArgumentParser) -> None:
    log.add_argument("folder", metavar="THƯ_MỤC", type=Path)
    log.add_argument("--agency", default="", metavar="CƠ_QUAN", help="chỉ việc của cơ quan này")
    log.add_argument(
        "--rebuild",
        action="store_true",
        help="dựng lại sổ bị mất hoặc hỏng từ các tệp đã lưu; sổ cũ được để riêng, không xóa",
    )
    log.add_argument(
        "--kind",
        default="",
        metavar="LOẠI",
        help="chỉ loại việc này: prepared (phát biểu), drafted (soạn thư), sending (bắt đầu gửi), "
        "sent (đã gửi), refused (bị từ chối), fetched (tải thư), opened (mở thư, tệp nén), "
        "received (nhận tệp), waiting (chờ mở khóa), duplicate (trùng), checked (kiểm tra), "
        "accepted (đạt), rejected (chưa đạt), replaced (thay bản), corrected (ghi bản trả lại), "
        "waived (miễn quy tắc), paper (văn bản), withdrawn (rút văn bản), reminded (nhắc), "
        "replied (trả lời), closed (khóa sổ), reopened (mở lại), unlocked (mở khóa), "
        "consolidated (tổng hợp), reported (viết báo cáo), "
        "exported (xuất), rebuilt (dựng lại sổ)",
    )


def _add_paper(paper: argparse.ArgumentParser) -> None:
    paper.add_argument("folder", metavar="THƯ_MỤC", type=Path)
    paper.add_argument("agency", metavar="CƠ_QUAN", help="tên hoặc tên viết tắt")
    paper.add_argument(
        "--number", default="", metavar="SỐ", help="số, ký hiệu văn bản, ví dụ 12/BC-STP"
    )
    paper.add_argument("--date", type=parse_day, metavar="NGÀY", help="ngày ghi trên văn bản")
    paper.add_argument("--signer", default="", metavar="NGƯỜI_KÝ", help="người ký văn bản")
    paper.add_argument(
        "--received", type=parse_day, metavar="NGÀY", help="ngày văn bản đến, mặc định hôm nay"
    )
    paper.add_argument("--file", type=Path, metavar="TỆP", help="bản quét, được lưu lại")
    wrong = paper.add_mutually_exclusive_group()
    wrong.add_argument(
        "--correct", default="", metavar="SỐ_CŨ",
        help="ghi lại văn bản đã ghi nhầm, nêu số hoặc tên tệp đã ghi; phần không nêu giữ nguyên",
    )  # fmt: skip
    wrong.add_argument(
        "--withdraw", default="", metavar="SỐ_CŨ", help="rút văn bản đã ghi nhầm, cần có --reason"
    )
    paper.add_argument("--reason", default="", metavar="LÝ_DO", help="vì sao rút, ghi vào sổ")


def parse_day(text: str) -> dt.date:
    """The day that an option names.

    Raises:
        argparse.ArgumentTypeError: it is no day.

    """
    from khreport.dates import parse_date

    day = parse_date(text).value
    if day is None:
        raise argparse.ArgumentTypeError(
            f"“{text}” không phải một ngày; hãy ghi ngày/tháng/năm, ví dụ 13/12/2024"
        )
    return day


def run_status(options: argparse.Namespace) -> int:
    """``khreport status``."""
    from khreport.edges.folder import open_campaign
    from khreport.verbs.status import export_status, read_status, status_as_json

    campaign = open_campaign(options.folder)
    status = read_status(campaign, options.date, agencies=options.agency, states=options.state)
    export_status(campaign, status, book=options.xlsx, page=options.html)
    written = [path for path in (options.xlsx, options.html) if path]
    if options.json:
        print_json({**status_as_json(status), "written": written})
        return CLEAN
    print_status(status)
    for path in written:
        print(f"Đã ghi {path}")
    return CLEAN


def print_status(status: Status, width: int | None = None) -> None:
    """Print the matrix, or where the terminal is narrow what is to be seen to in each line."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from khreport.dates import format_date
    from khreport.layout.status import count_words

    console = Console(width=width, highlight=False)
    wide = console.width >= WIDE
    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("Cơ quan", max_width=34 if wide else 24)
    table.add_column("Tình trạng")
    table.add_column("Thời hạn")
    if wide:
        for form in status.forms:
            table.add_column(form.name)
        table.add_column("Văn bản giấy")
    else:
        table.add_column("Biểu")
    heads = {form.key: form.name for form in status.forms}
    for agency in status.agencies:
        cells = [agency.name if wide else agency.short, agency.state_words, agency.time_words]
        if wide:
            cells += [form.words for form in agency.forms]
            cells.append(agency.paper_words)
        else:
            cells.append(_worth_telling(agency, heads))
        # what agencies are called and what files are named is no markup
        table.add_row(*map(Text, cells))
    days = f"Hạn nộp {status.due_words}, tính đến {format_date(status.today)}"
    console.print(Text(f"{status.period}. {days}: {status.days_words}."))
    console.print(table)
    console.print(Text(count_words(status)))
    for remark in status.remarks:
        console.print(Text(remark))


def _worth_telling(agency: AgencyStatus, heads: dict[str, str]) -> str:
    from khreport.status import TAGS

    forms = (
        f"{heads[form.form]}: {form.words}"
        for form in agency.forms
        if form.state == "faulty" or form.secret
    )
    return "; ".join([*forms, *(TAGS[t] for t in agency.tags if t == "waiting")])


def run_log(options: argparse.Namespace) -> int:
    """``khreport log``."""
    from khreport.edges.folder import open_campaign
    from khreport.verbs.log import log_as_json, read_log

    campaign = open_campaign(options.folder)
    rebuilt = None
    if options.rebuild:
        from khreport.verbs.rebuild import rebuild_ledger

        rebuilt = rebuild_ledger(campaign)
        if not options.json:
            aside = f" Sổ cũ: {rebuilt.aside}." if rebuilt.aside else ""
            print(
                f"Đã dựng lại sổ theo dõi: đọc được {rebuilt.salvaged} việc của sổ cũ, "
                f"nhận lại {len(rebuilt.files)} tệp.{aside}"
            )
            if rebuilt.last_at:
                print(
                    f"Việc cuối đọc được: lúc {rebuilt.last_at:%H:%M %d/%m/%Y}. Hãy xem lại những "
                    "gì làm sau lúc đó: khóa sổ, thư trả lời, thư nhắc."
                )
            if not rebuilt.complete:
                print(
                    "Thư đã gửi cho ai có thể không còn ghi. Thư kèm biểu chưa rõ thì không tự gửi "
                    "lại; thư trả lời, thư nhắc có thể gửi lần hai: hãy xem trước bằng --dry-run."
                )
            return CLEAN
    entries = read_log(campaign, agency=options.agency, kind=options.kind)
    if options.json:
        told = rebuilt and {
            "aside": rebuilt.aside,
            "salvaged": rebuilt.salvaged,
            "complete": rebuilt.complete,
            "files": len(rebuilt.files),
            "last_at": rebuilt.last_at,
        }
        print_json({**log_as_json(entries), "rebuilt": told})
        return CLEAN
    for entry in entries:
        print(entry)
    print(f"{len(entries)} việc." if entries else "Chưa có việc nào như vậy.")
    return CLEAN


def run_paper(options: argparse.Namespace) -> int:
    """``khreport paper``."""
    from khreport.edges.folder import newest_edition, open_campaign
    from khreport.verbs.paper import correct_paper, take_paper, withdraw_paper

    campaign = open_campaign(options.folder)
    parts = {
        "number": options.number, "date": options.date, "signer": options.signer,
        "came": options.received, "file": options.file,
    }  # fmt: skip
    is_new, number = True, options.number
    if options.withdraw:
        number, done = options.withdraw, "Đã rút"
        agency = withdraw_paper(campaign, options.agency, number, options.reason)
    elif options.correct:
        number, done = options.number or options.correct, "Đã ghi lại"
        agency = correct_paper(campaign, options.agency, options.correct, **parts)
    else:
        agency, is_new = take_paper(campaign, options.agency, **parts)
        done = "Đã ghi nhận" if is_new else "Đã ghi nhận từ trước"
    if options.json:
        print_json({"agency": agency, "recorded": is_new and not options.withdraw})
        return CLEAN
    name = newest_edition(campaign).plan.agency[agency].name
    print(f"{done} văn bản {number} của {name}.")
    return CLEAN
