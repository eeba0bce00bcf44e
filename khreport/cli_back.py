"""What brings returns in, answers them, and closes the round: taken, run and printed."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from khreport.cli_output import CLEAN, FINDINGS, print_json, showing_progress

if TYPE_CHECKING:
    from khreport.campaign import Campaign
    from khreport.findings import Finding
    from khreport.mails import Mail
    from khreport.verbs.arrivals import Container
    from khreport.verbs.check import CheckResult
    from khreport.verbs.collect import Collected
    from khreport.verbs.judge import Checked
    from khreport.verbs.reply import Replied
    from khreport.verbs.standing import Standing
    from khreport.verbs.take_in import TakenIn

LETTERS = {
    "letter": "thư của các cơ quan",
    "automatic": "thư trả lời tự động",
    "bounce": "thư báo không gửi được",
    "own": "thư của chính mình",
    "archive": "tệp nén",
}
"""What was opened, in words."""
_MOST_REASONS = 2


def add_folder(command: argparse.ArgumentParser) -> None:
    """The parser takes the folder of a round."""
    command.add_argument("folder", metavar="THƯ_MỤC", type=Path)


def add_reply(command: argparse.ArgumentParser) -> None:
    """The parser takes what ``khreport reply`` takes."""
    add_folder(command)
    command.add_argument(
        "--dry-run", action="store_true", help="chỉ cho xem các thư, không gửi và không ghi gì"
    )
    command.add_argument(
        "--unsure",
        action="store_true",
        help="gửi cả các thư chưa rõ đã gửi hay chưa (thư bị ngắt giữa chừng)",
    )


def add_close(command: argparse.ArgumentParser) -> None:
    """The parser takes what ``khreport close`` takes."""
    add_folder(command)
    command.add_argument(
        "--reopen", action="store_true", help="mở lại đợt đã khóa, nhận bản nộp của mọi cơ quan"
    )
    command.add_argument(
        "--reason", default="", metavar="LÝ_DO", help="vì sao mở lại, ghi vào sổ theo dõi"
    )


def add_unlock(command: argparse.ArgumentParser) -> None:
    """The parser takes what ``khreport unlock`` takes."""
    add_folder(command)
    command.add_argument("agency", metavar="CƠ_QUAN", help="tên hoặc tên viết tắt của cơ quan")
    command.add_argument(
        "--reason", required=True, metavar="LÝ_DO", help="vì sao nhận thêm, ghi vào sổ theo dõi"
    )


def run_collect(options: argparse.Namespace) -> int:
    """``khreport collect``."""
    from khreport.edges.folder import open_campaign
    from khreport.verbs.collect import collect

    campaign = open_campaign(options.folder)
    with showing_progress("Nhận") as progress:
        collected = collect(campaign, progress=progress)
    if options.json:
        print_json(collected_as_json(collected))
    else:
        print_collected(collected, campaign)
    return CLEAN if collected.clean else FINDINGS


def run_reply(options: argparse.Namespace) -> int:
    """``khreport reply``."""
    from khreport.cli_letters import run_letters
    from khreport.verbs.reply import reply

    return run_letters(options, "Trả lời", reply, replied_as_json, print_replied)


def run_close(options: argparse.Namespace) -> int:
    """``khreport close``."""
    from khreport.edges.folder import open_campaign
    from khreport.verbs.closing import close, reopen
    from khreport.verbs.standing import read_standing

    campaign = open_campaign(options.folder)
    lock = reopen(campaign, options.reason) if options.reopen else close(campaign)
    standing = read_standing(campaign)
    if options.json:
        told = {"closed_at": lock.closed_at, "reopened_at": lock.reopened_at}
        print_json({**told, "standing": standing})
        return CLEAN
    if lock.reopened_at:
        print(f"Đã mở lại đợt báo cáo lúc {lock.reopened_at:%H:%M %d/%m/%Y}.")
        print(f"Nhận các bản nộp đang chờ: khreport collect {campaign.folder}")
        return CLEAN
    print(f"Đã khóa sổ đợt báo cáo lúc {lock.closed_at:%H:%M %d/%m/%Y}.")
    open_yet = len(standing.faulty) + len(standing.missing)
    print(f"Còn {open_yet} cơ quan chưa xong." if open_yet else "Mọi cơ quan đã có bản nộp đạt.")
    print("Bản nộp đến sau được giữ lại, chưa kiểm tra.")
    print(f"Mở lại cả đợt: thêm --reopen và --reason vào lệnh khreport close {campaign.folder}")
    print("Nhận thêm của một cơ quan:")
    print(f'  khreport unlock {campaign.folder} CƠ_QUAN --reason "LÝ DO"')
    return CLEAN


def run_unlock(options: argparse.Namespace) -> int:
    """``khreport unlock``."""
    from khreport.edges.folder import newest_edition, open_campaign
    from khreport.verbs.closing import unlock

    campaign = open_campaign(options.folder)
    agency = unlock(campaign, options.agency, options.reason)
    if options.json:
        print_json({"agency": agency})
        return CLEAN
    name = newest_edition(campaign).plan.agency[agency].name
    print(f"Đã mở khóa cho {name}. Nhận bản nộp đang chờ: khreport collect {campaign.folder}")
    return CLEAN


def collected_as_json(collected: Collected) -> dict[str, Any]:
    """The result of ``collect`` for other programs."""
    from khreport.verbs.check import (
        CheckResult,
        finding_as_json,
        result_as_json,
        taken_as_json,
    )

    checked = CheckResult(files=collected.files, standing=collected.standing)
    return {
        **result_as_json(checked),
        **taken_as_json([collected.taken]),
        "clean": collected.clean,
        "fetched": collected.fetched,
        "notes": [finding_as_json(note) for note in collected.notes],
        "fault": collected.fault,
    }


def replied_as_json(replied: Replied) -> dict[str, Any]:
    """The result of ``reply`` for other programs."""
    from khreport.cli_letters import delivery_as_json

    return {
        **delivery_as_json(replied),
        "unlisted": replied.unlisted,
        "notes": replied.notes,
    }


def print_collected(collected: Collected, campaign: Campaign) -> None:
    """Print what came, what it was judged to be, and what is left to do."""
    if collected.fetched:
        print(f"Đã lấy {collected.fetched} thư mới từ hộp thư.")
    names = _names(campaign)
    _print_opened(collected.taken)
    print_files(collected.files, collected.taken.opened)
    _print_beside(collected.taken, collected.notes, names)
    print_standing(collected.standing, [names[each.agency] for each in collected.taken.waiting])
    if any(file.submission.agency for file in collected.files):
        print(f"Trả lời các cơ quan: khreport reply {campaign.folder}")
    if collected.fault:
        print(f"{collected.fault} Thư đã lấy về được giữ lại; chạy lại lệnh để lấy tiếp.")


def _names(campaign: Campaign) -> dict[str, str]:
    from khreport.edges.folder import newest_edition

    return {agency.key: agency.name for agency in newest_edition(campaign).plan.agencies}


def _print_opened(taken: TakenIn) -> None:
    """Print how many letters and archives were opened."""
    counts = Counter[str](each.opened.what for each in taken.opened)
    for what, words in LETTERS.items():
        if counts[what]:
            print(f"Đã mở {counts[what]} {words}.")


def _print_beside(taken: TakenIn, notes: Sequence[Finding], names: Mapping[str, str]) -> None:
    """Print what came beside the returns, what waits, and what is for the officer alone."""
    from khreport.dates import format_date

    for paper in taken.papers:
        print(f"Văn bản đã ký của {names[paper.agency]}: {paper.item.name}")
    for each in taken.waiting:
        print(f"Đợt đã khóa sổ, bản nộp của {names[each.agency]} đang chờ mở khóa: {each.file}")
    for item in taken.again:
        since = f"ngày {format_date(item.since.date())}" if item.since else "trước đây"
        print(f"Đã nhận {since}, không kiểm tra lại: {item.name}")
    for bounced in taken.bounced:
        whose = f" của {names[bounced.agency]}" if bounced.agency else ""
        print(f"Thư không tới được địa chỉ {bounced.address}{whose}: {bounced.said or 'không rõ'}")
    for note in notes:
        print(f"Cần xem lại: {note}")


def print_replied(replied: Replied, campaign: Campaign, *, dry_run: bool) -> None:
    """Print what became of each answer, then what is left to do."""
    from khreport.cli_letters import print_lacking, print_letters

    for warning in replied.warnings:
        print(f"Cần xem lại: {warning}")
    print_letters(replied.outcomes, dry_run=dry_run)
    print_lacking(replied.lacking)
    for sender in replied.unlisted:
        print(f"Không trả lời {sender}: địa chỉ chưa có trong danh sách liên hệ.")
    for note in replied.notes:
        print(note)
    if replied.fault:
        print(f"{replied.fault} Chạy lại lệnh để gửi tiếp; thư đã gửi không bị gửi lại.")
    if any(outcome.state == "drafted" for outcome in replied.outcomes):
        print(f"Mở từng tệp trong {campaign.drafts} bằng chương trình thư, xem rồi bấm gửi.")


def print_check(result: CheckResult) -> None:
    """Print what was found, file by file, what else came, and where the round stands."""
    from khreport.edges.folder import open_campaign

    for taken in result.taken.values():
        _print_opened(taken)
    print_files(result.files, [each for taken in result.taken.values() for each in taken.opened])
    waiting: list[str] = []
    for folder, taken in result.taken.items():
        names = _names(open_campaign(folder))
        _print_beside(taken, taken.notes, names)
        waiting += [names[each.agency] for each in taken.waiting]
    if result.standing:
        print_standing(result.standing, waiting)


def print_files(files: Sequence[Checked], opened: Sequence[Container] = ()) -> None:
    """Print what was found, file by file, equal findings drawn together.

    A letter in which was no file to check is no file, and is told by sender and subject.
    """
    from khreport.findings import group_findings

    words = {"error": "Phải sửa", "warning": "Cần xem lại", "note": "Để biết"}
    letters = {each.name: _sender_words(each.opened.mail) for each in opened if each.opened.mail}
    empty = [file for file in files if file.submission.file in letters]
    for letter in empty:
        name = letter.submission.file
        print(f"{name} ({letters[name]}): không có tệp dùng được")
        for group in group_findings(letter.findings):
            print(f"  {group}")
    files = [file for file in files if file not in empty]
    for file in files:
        state = "đạt" if file.accepted else "chưa đạt"
        inside = next((n for n in letters if file.submission.file.startswith(f"{n}/")), "")
        known = file.agency_name or letters.get(inside, "")
        whose = f" ({known})" if known else ""
        print(f"{file.submission.file}{whose}: {state}")
        for group in group_findings(file.findings):
            print(f"  {words[group.first.severity]}: {group}")
        if file.explained:
            print(f"  Đã giải trình: {len(file.explained)} chỗ cần xem lại.")
        mended = [repair.why for repair in file.submission.repairs if repair.is_visible]
        if mended:
            where = "; kê ở trang đầu của bản trả lại" if file.correction else ""
            print(
                f"  Đã tự chỉnh {len(mended)} chỗ khi đọc (tệp gốc giữ nguyên{where}): "
                f"{_tell_mended(mended)}."
            )
        if file.correction:
            optional = " (không bắt buộc gửi)" if file.accepted else ""
            print(f"  Bản trả lại{optional}: {file.correction}")
    accepted = sum(file.accepted for file in files)
    if files:
        print(f"Đã kiểm tra {len(files)} tệp: {accepted} đạt, {len(files) - accepted} chưa đạt.")
    else:
        print("Không có tệp mới để kiểm tra.")


def _tell_mended(reasons: Sequence[str]) -> str:
    """The commonest reasons for which cells were read otherwise than written, and how often."""
    counts = Counter(reasons).most_common(_MOST_REASONS)
    told = [f"{why} ({count} chỗ)" for why, count in counts]
    rest = len(reasons) - sum(count for _, count in counts)
    return ", ".join([*told, *([f"lý do khác ({rest} chỗ)"] if rest else [])])


def _sender_words(mail: Mail) -> str:
    """Whose letter it is, and what it is about."""
    from khreport.messages import quote

    subject = f", “{quote(mail.subject)}”" if mail.subject else ""
    return f"thư của {quote(mail.sender.email or '?')}{subject}"


def print_standing(standing: Standing, waiting: Sequence[str] = ()) -> None:
    """Print how many agencies are done, and who is not; `waiting` are those whose return waits."""
    asked = sum(map(len, (standing.accepted, standing.faulty, standing.missing)))
    print(f"Đến nay {len(standing.accepted)}/{asked} cơ quan có bản nộp đạt.")
    missing = [name for name in standing.missing if name not in waiting]
    held = [name for name in standing.missing if name in waiting]
    groups = {"Chưa đạt": standing.faulty, "Chờ mở khóa": held, "Chưa nộp": missing}
    for called, names in groups.items():
        if names:
            print(f"  {called} ({len(names)}): {', '.join(names)}.")
