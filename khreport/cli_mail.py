"""What ``khreport send`` and ``remind`` take, and what is printed of letters."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from khreport.cli_output import CLEAN, FINDINGS, print_json, showing_progress
from khreport.cli_status import parse_day

if TYPE_CHECKING:
    from khreport.campaign import Campaign
    from khreport.verbs.deliver import Outcome
    from khreport.verbs.remind import Reminded
    from khreport.verbs.send import Sent

STATES = {
    "sent": "đã gửi",
    "drafted": "đã ghi thư nháp",
    "before": "đã gửi từ trước",
    "waiting": "chưa gửi",
    "unsure": "chưa rõ",
    "refused": "bị từ chối",
}


KINDS = {"form": "thư gửi biểu", "reply": "thư trả lời", "reminder": "thư nhắc"}


LACKS = {
    "nothing": "chưa gửi biểu về",
    "part": "còn biểu hoặc dòng bỏ trống",
    "faulty": "chưa gửi lại bản đã sửa",
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


def run_remind(options: argparse.Namespace) -> int:
    """``khreport remind``."""
    from khreport.edges.folder import open_campaign
    from khreport.verbs.remind import remind

    campaign = open_campaign(options.folder)
    with showing_progress("Nhắc") as progress:
        reminded = remind(
            campaign,
            today=options.date,
            again=options.again,
            unsure=options.unsure,
            dry_run=options.dry_run,
            progress=progress,
        )
    if options.json:
        print_json(reminded_as_json(reminded))
    else:
        print_reminded(reminded, campaign, dry_run=options.dry_run)
    return CLEAN if reminded.complete else FINDINGS


def reminded_as_json(reminded: Reminded) -> dict[str, Any]:
    """The result of ``remind`` for other programs."""
    step = reminded.step
    return {
        "date": reminded.today,
        "due": reminded.due,
        "step": {"kind": step.kind, "working_days": step.count, "day": step.day} if step else None,
        "coming": reminded.coming,
        "day_off": reminded.day_off,
        "letters": [
            {**outcome_as_json(outcome), "lack": reminded.lacks[outcome.message.agency]}
            for outcome in reminded.outcomes
        ],
        "lacking": reminded.lacking,
        "for_leader": reminded.for_leader,
        "warnings": reminded.warnings,
        "fault": reminded.fault,
    }


def print_reminded(reminded: Reminded, campaign: Campaign, *, dry_run: bool) -> None:
    """Print which step it is, what became of each letter, then what is left to do."""
    from khreport.dates import format_date

    for warning in reminded.warnings:
        print(f"Cần xem lại: {warning}")
    print(f"Hạn các cơ quan gửi: {format_date(reminded.due)}.")
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
    if dry_run:
        show_letters(reminded.outcomes)
    else:
        print_outcomes(reminded.outcomes)
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
    return {
        "letters": [outcome_as_json(outcome) for outcome in sent.outcomes],
        "lacking": sent.lacking,
        "warnings": sent.warnings,
        "fault": sent.fault,
    }


def outcome_as_json(outcome: Outcome) -> dict[str, Any]:
    """One letter and what became of it."""
    message = outcome.message
    return {
        "agency": message.agency,
        "state": outcome.state,
        "at": outcome.at,
        "message_id": outcome.message_id,
        "to": [address.email for address in message.to],
        "cc": [address.email for address in message.cc],
        "subject": message.letter.subject,
        "text": message.letter.text,
        "attachments": [str(path) for path in message.attachments],
        "draft": str(outcome.draft) if outcome.draft else None,
        "refused": outcome.refused,
        "reason": outcome.reason,
    }


def print_sent(sent: Sent, campaign: Campaign, *, dry_run: bool) -> None:
    """Print what became of each letter, then what is left to do."""
    for warning in sent.warnings:
        print(f"Cần xem lại: {warning}")
    if dry_run:
        show_letters(sent.outcomes)
    else:
        print_outcomes(sent.outcomes)
    print_lacking(sent.lacking)
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
    moved = [o.message.agency_name for o in outcomes if _address_changed(o)]
    if moved:
        print(f"Địa chỉ đã đổi sau khi gửi; gửi lại bằng: {_again(moved)}")
    dropped = sum(bool(outcome.dropped) for outcome in outcomes)
    if dropped:
        print(f"Đã cất {dropped} thư nháp cũ của các thư vừa gửi khỏi {campaign.drafts}.")
    if any(outcome.state == "drafted" for outcome in outcomes):
        print(f"Mở từng tệp trong {campaign.drafts} bằng chương trình thư, xem rồi bấm gửi.")


def _again(names: Sequence[str]) -> str:
    return " ".join(f'--again "{name}"' for name in names)


def _address_changed(outcome: Outcome) -> bool:
    """Whether a letter that went before would now go to somebody who did not get it."""
    listed = {address.casefold() for address in outcome.message.recipients}
    return outcome.state == "before" and not listed <= set(map(str.casefold, outcome.went_to))


def print_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Print what became of each letter that did not go long ago, and how many of each there are."""
    from khreport.verbs.deliver import DRAFT_THERE

    there = sum(outcome.reason == DRAFT_THERE for outcome in outcomes)
    for outcome in outcomes:
        if outcome.state == "before" and not (outcome.refused or _address_changed(outcome)):
            continue
        if outcome.reason == DRAFT_THERE:
            continue
        message = outcome.message
        to = ", ".join(outcome.went_to or message.recipients)
        when = f" lúc {outcome.at:%H:%M %d/%m/%Y}" if outcome.at and outcome.went_to else ""
        why = f" ({outcome.reason})" if outcome.reason and not outcome.refused else ""
        what = f"{message.agency_name}, {KINDS[message.kind]}"
        print(f"{what} → {to}: {STATES[outcome.state]}{when}{why}")
        for address, said in outcome.refused.items():
            print(f"  Máy chủ không nhận địa chỉ {address}: {said}")
    counts = Counter[str](o.state for o in outcomes if o.reason != DRAFT_THERE)
    told = "; ".join(f"{STATES[state]} {counts[state]}" for state in STATES if counts[state])
    if there:
        told = "; ".join(filter(None, [told, f"{DRAFT_THERE} {there}"]))
    print(f"{len(outcomes)} thư: {told}." if outcomes else "Không có thư nào để gửi.")
    if counts["refused"]:
        print("Thư bị từ chối: sửa địa chỉ trong danh sách liên hệ rồi chạy lại.")
    if counts["unsure"]:
        print(
            "Thư chưa rõ: hỏi cơ quan nhận; chưa nhận được thì gửi lại bằng --again CƠ_QUAN "
            "(từng cơ quan) hoặc --unsure (tất cả)."
        )


def show_letters(outcomes: Sequence[Outcome]) -> None:
    """Print every letter as it would go, and the whole text of the first."""
    for outcome in outcomes:
        message = outcome.message
        print(f"{message.agency_name} → {', '.join(address.email for address in message.to)}")
        if message.cc:
            print(f"  Đồng gửi: {', '.join(address.email for address in message.cc)}")
        print(f"  Tiêu đề: {message.letter.subject}")
        print(f"  Đính kèm: {', '.join(path.name for path in message.attachments) or 'không'}")
        state = "sẽ ghi nháp" if outcome.draft else "sẽ gửi"
        if outcome.state != "waiting":
            state = f"không gửi: {outcome.reason or STATES[outcome.state]}"
        print(f"  {state}")
    if outcomes:
        print(f"Nội dung thư đầu:\n\n{outcomes[0].message.letter.text}\n")
    going = sum(outcome.state == "waiting" for outcome in outcomes)
    will = "sẽ ghi nháp" if any(outcome.draft for outcome in outcomes) else "sẽ đi"
    print(f"{len(outcomes)} thư, {going} thư {will}. Đây là xem trước, chưa gửi thư nào.")


def print_lacking(lacking: Mapping[str, str]) -> None:
    """Print the agencies that get no letter, and why."""
    if lacking:
        print(f"{len(lacking)} cơ quan không có thư:")
        for why in lacking.values():
            print(f"  {why}")
