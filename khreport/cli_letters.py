"""What commands that send letters have in common: how they run, and what is said of each letter."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from khreport.cli_output import CLEAN, FINDINGS, print_json, showing_progress

if TYPE_CHECKING:
    from khreport.verbs.deliver import Delivery
    from khreport.verbs.post import Outcome

STATES = {
    "sent": "đã gửi",
    "drafted": "đã soạn thư, chưa gửi",
    "before": "đã gửi từ trước",
    "waiting": "chưa gửi",
    "unsure": "chưa rõ",
    "refused": "bị từ chối",
}


KINDS = {"form": "thư gửi biểu", "reply": "thư trả lời", "reminder": "thư nhắc"}


def run_letters(
    options: argparse.Namespace,
    called: str,
    verb: Callable[..., Delivery],
    as_json: Callable[[Any], dict[str, Any]],
    show: Callable[..., None],
    **wishes: object,
) -> int:
    """The exit code of a verb that sends letters, once its result is printed."""
    from khreport.edges.folder import open_campaign

    campaign = open_campaign(options.folder)
    with showing_progress(called) as progress:
        delivery = verb(
            campaign,
            unsure=options.unsure,
            dry_run=options.dry_run,
            progress=progress,
            **wishes,
        )
    if options.json:
        print_json(as_json(delivery))
    else:
        show(delivery, campaign, dry_run=options.dry_run)
    return CLEAN if delivery.complete else FINDINGS


def delivery_as_json(delivery: Delivery) -> dict[str, Any]:
    """What all verbs that send letters say to other programs."""
    return {
        "letters": [outcome_as_json(outcome) for outcome in delivery.outcomes],
        "lacking": delivery.lacking,
        "warnings": delivery.warnings,
        "fault": delivery.fault,
    }


def outcome_as_json(outcome: Outcome) -> dict[str, Any]:
    """One letter and what became of it."""
    message = outcome.message
    return {
        "agency": message.agency,
        "agency_name": message.agency_name,
        "kind": message.kind,
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
        "went_to": outcome.went_to,
        "address_changed": address_changed(outcome),
        "dropped": outcome.dropped.file if outcome.dropped else None,
    }


def print_letters(outcomes: Sequence[Outcome], *, dry_run: bool) -> None:
    """Print what became of the letters or, if nothing was to be done, how they would go."""
    (_show_letters if dry_run else _print_outcomes)(outcomes)


def _print_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Print what became of each letter that did not go long ago, and how many of each there are."""
    from khreport.verbs.post import DRAFT_THERE

    there = sum(outcome.reason == DRAFT_THERE for outcome in outcomes)
    for outcome in outcomes:
        if outcome.state == "before" and not (outcome.refused or address_changed(outcome)):
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
    if counts["refused"] or any(outcome.missed_all for outcome in outcomes):
        print("Thư bị từ chối: sửa địa chỉ trong danh sách liên hệ rồi chạy lại.")
    if counts["unsure"]:
        print(
            "Thư chưa rõ: hỏi cơ quan nhận; chưa nhận được thì gửi lại bằng --again CƠ_QUAN "
            "(từng cơ quan) hoặc --unsure (tất cả)."
        )


def _show_letters(outcomes: Sequence[Outcome]) -> None:
    """Print every letter as it would go, and the whole text of the first."""
    for outcome in outcomes:
        message = outcome.message
        print(f"{message.agency_name} → {', '.join(address.email for address in message.to)}")
        if message.cc:
            print(f"  Đồng gửi: {', '.join(address.email for address in message.cc)}")
        print(f"  Tiêu đề: {message.letter.subject}")
        print(f"  Đính kèm: {', '.join(path.name for path in message.attachments) or 'không'}")
        state = "sẽ ghi nháp" if outcome.draft else "sẽ gửi"
        if outcome.state != "waiting" or outcome.reason:
            state = f"không gửi: {outcome.reason or STATES[outcome.state]}"
        print(f"  {state}")
    if outcomes:
        print(f"Nội dung thư đầu:\n\n{outcomes[0].message.letter.text}\n")
    going = sum(outcome.state == "waiting" and not outcome.reason for outcome in outcomes)
    will = "sẽ ghi nháp" if any(outcome.draft for outcome in outcomes) else "sẽ đi"
    print(f"{len(outcomes)} thư, {going} thư {will}. Đây là xem trước, chưa gửi thư nào.")


def print_lacking(lacking: Mapping[str, str]) -> None:
    """Print the agencies that get no letter, and why."""
    if lacking:
        print(f"{len(lacking)} cơ quan không có thư:")
        for why in lacking.values():
            print(f"  {why}")


def address_changed(outcome: Outcome) -> bool:
    """Whether a letter that went before would now go to somebody who did not get it."""
    listed = {address.casefold() for address in outcome.message.recipients}
    return outcome.state == "before" and not listed <= set(map(str.casefold, outcome.went_to))
