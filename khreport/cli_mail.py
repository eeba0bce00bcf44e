"""What ``khreport send`` and ``remind`` take, and what is printed of letters."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from khreport.cli_letters import (
    address_changed,
    delivery_as_json,
    outcome_as_json,
    print_lacking,
    print_letters,
    run_letters,
)
from khreport.cli_status import parse_day

if TYPE_CHECKING:
    from khreport.campaign import Campaign
    from khreport.verbs.remind import Reminded
    from khreport.verbs.send import Sent

LACKS = {
    "nothing": "chưa gửi biểu về",
    "part": "còn biểu hoặc dòng bỏ trống",
    "faulty": "chưa gửi lại bản đã sửa",
    "paper": "đã có tệp đạt, chưa gửi văn bản đã ký",
}


def add_send(send: argparse.ArgumentParser) -> None:
    """The parser takes what ``khreport send`` takes."""
    send.add_argument("folder", metavar="THƯ_MỤC", type=Path)
    _add_wishes(send)


def add_remind(remind: argparse.ArgumentParser) -> None:
    """The parser takes what ``khreport remind`` takes."""
    remind.add_argument("folder", metavar="THƯ_MỤC", type=Path)
    remind.add_argument(
        "--date", type=parse_day, metavar="NGÀY", help="nhắc như vào ngày này, mặc định hôm nay"
    )
    _add_wishes(remind)


def _add_wishes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--dry-run", action="store_true", help="chỉ cho xem các thư, không gửi và không ghi gì"
    )
    command.add_argument(
        "--again",
        action="append",
        default=[],
        metavar="CƠ_QUAN",
        help="gửi lại cho cơ quan này dù đã gửi; ghi tên hoặc tên viết tắt, dùng được nhiều lần",
    )
    command.add_argument(
        "--unsure",
        action="store_true",
        help="gửi cả các thư chưa rõ đã gửi hay chưa (thư nháp, thư bị ngắt giữa chừng)",
    )


def run_send(options: argparse.Namespace) -> int:
    """``khreport send``."""
    from khreport.verbs.send import send

    return run_letters(options, "Gửi thư", send, sent_as_json, print_sent, again=options.again)


def run_remind(options: argparse.Namespace) -> int:
    """``khreport remind``."""
    from khreport.verbs.remind import remind

    wishes = {"today": options.date, "again": options.again}
    return run_letters(options, "Nhắc", remind, reminded_as_json, print_reminded, **wishes)


def reminded_as_json(reminded: Reminded) -> dict[str, Any]:
    """The result of ``remind`` for other programs."""
    step = reminded.step
    return {
        **delivery_as_json(reminded),
        "date": reminded.today,
        "due": reminded.due,
        "last_day": reminded.last_day,
        "step": step
        and {
            "kind": step.kind,
            "working_days": step.count,
            "day": step.day,
            "words": step.words,
        },
        "coming": reminded.coming,
        "day_off": reminded.day_off,
        "letters": [
            {**outcome_as_json(outcome), "lack": reminded.lacks[outcome.message.agency]}
            for outcome in reminded.outcomes
        ],
        "for_leader": reminded.for_leader,
        "own": reminded.own or None,
    }


def print_reminded(reminded: Reminded, campaign: Campaign, *, dry_run: bool) -> None:
    """Print which step it is, what became of each letter, then what is left to do."""
    from khreport.dates import format_date
    from khreport.workdays import tell_due

    for warning in reminded.warnings:
        print(f"Cần xem lại: {warning}")
    print(f"Hạn các cơ quan gửi: {tell_due(reminded.due, reminded.last_day)}.")
    coming = f" Lần nhắc sau: {format_date(reminded.coming)}." if reminded.coming else ""
    if reminded.day_off:
        print(f"{format_date(reminded.today)} là {reminded.day_off}, không nhắc.{coming}")
        return
    if reminded.step is None and reminded.fault:
        print(reminded.fault)
        return
    if reminded.step is None:
        print(f"Chưa có bước nhắc nào vào ngày {format_date(reminded.today)}.{coming}")
        return
    print(f"Bước nhắc: {reminded.step.words}.{coming}")
    print_letters(reminded.outcomes, dry_run=dry_run)
    lacks = Counter[str](reminded.lacks.values())
    for lack, words in LACKS.items():
        if lacks[lack]:
            print(f"{lacks[lack]} cơ quan {words}.")
    print_lacking(reminded.lacking)
    if reminded.for_leader:
        names = {
            outcome.message.agency: outcome.message.agency_name for outcome in reminded.outcomes
        }
        listed = ", ".join(names[key] for key in reminded.for_leader)
        print(
            f"Báo cáo lãnh đạo để đôn đốc (danh sách liên hệ chưa có e-mail lãnh đạo, "
            f"thư gửi người liên hệ): {listed}."
        )
    _tell_how_to_go_on(reminded, campaign)


def sent_as_json(sent: Sent) -> dict[str, Any]:
    """The result of ``send`` for other programs."""
    return {**delivery_as_json(sent), "own": sent.own or None, "answered": sent.answered}


def print_sent(sent: Sent, campaign: Campaign, *, dry_run: bool) -> None:
    """Print what became of each letter, then what is left to do."""
    from khreport.edges.folder import newest_edition

    for warning in sent.warnings:
        print(f"Cần xem lại: {warning}")
    print_letters(sent.outcomes, dry_run=dry_run)
    print_lacking(sent.lacking)
    if sent.answered:
        plan = newest_edition(campaign).plan
        names = ", ".join(plan.agency[key].name for key in sent.answered)
        print(
            f"{len(sent.answered)} cơ quan đã nộp và được nhận, không gửi lại: {names}. "
            "Muốn gửi thì thêm --again CƠ_QUAN."
        )
    _tell_how_to_go_on(sent, campaign)


def _tell_how_to_go_on(result: Sent | Reminded, campaign: Campaign) -> None:
    outcomes, fault = result.outcomes, result.fault
    if result.own:
        print(f"Không gửi thư cho {result.own}, nơi nhận báo cáo; biểu ở {campaign.outgoing}.")
    rest = [
        outcome.message.agency_name
        for outcome in outcomes
        if outcome.asked_again and outcome.state in ("waiting", "refused")
    ]
    if fault and rest:
        print(f"{fault} Gửi tiếp bằng: {_again(rest)} (bỏ các --again khác, thư đó đã gửi lại).")
    elif fault:
        print(f"{fault} Chạy lại lệnh để gửi tiếp; thư đã gửi không bị gửi lại.")
    moved = [o.message.agency_name for o in outcomes if address_changed(o)]
    if moved:
        print(f"Địa chỉ đã đổi sau khi gửi; gửi lại bằng: {_again(moved)}")
    dropped = [outcome.dropped for outcome in outcomes if outcome.dropped]
    if dropped:
        kept = ", ".join(draft.kept for draft in dropped if draft.kept)
        told = f"; bản đã sửa tay được giữ ở {kept}" if kept else ""
        print(
            f"Đã cất {len(dropped)} thư nháp cũ của các thư vừa gửi khỏi {campaign.drafts}{told}."
        )
    if any(outcome.state == "drafted" for outcome in outcomes):
        print(f"Mở từng tệp trong {campaign.drafts} bằng chương trình thư, xem rồi bấm gửi.")


def _again(names: Sequence[str]) -> str:
    return " ".join(f'--again "{name}"' for name in names)
