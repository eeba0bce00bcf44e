"""What each command does: call its verb, print what came of it."""

from __future__ import annotations

import argparse

from khreport.cli_agencies import run_agencies
from khreport.cli_back import print_check, run_close, run_collect, run_reply, run_unlock
from khreport.cli_mail import run_remind, run_send
from khreport.cli_output import CLEAN, FINDINGS, print_json, showing_progress
from khreport.cli_status import run_log, run_paper, run_status
from khreport.cli_trace import run_trace
from khreport.cli_word import run_letter, run_report
from khreport.dates import format_date


def run_plan(options: argparse.Namespace) -> int:
    """``khreport plan export``."""
    from khreport.edges.shipped import load_plan
    from khreport.parse.plan import export_plan

    plan = load_plan(options.plan)
    if options.json:
        print_json(export_plan(plan))
        return CLEAN
    print(f"{plan.short_title} (Quyết định số {plan.number})")
    for task in plan.tasks:
        kind = "có thời hạn" if task.kind == "dated" else "thường xuyên"
        print(f"{task.key:<12} {kind:<12} {task.lead_text}: {task.text.splitlines()[0][:90]}")
    print(f"{len(plan.tasks)} nhiệm vụ, {len(plan.indicators)} chỉ tiêu. In đầy đủ: thêm --json")
    return CLEAN


def run_init(options: argparse.Namespace) -> int:
    """``khreport init``."""
    from khreport.periods import read_key
    from khreport.verbs.init import init_campaign

    campaign = init_campaign(options.folder, options.plan, options.period)
    dates, spoken = campaign.settings.dates, read_key(campaign.settings.period).spoken
    if options.json:
        print_json({"folder": str(campaign.folder), "settings": campaign.settings})
        return CLEAN
    print(f"Đã tạo đợt báo cáo {spoken} trong thư mục {campaign.folder}.")
    due, closing = format_date(dates.due), format_date(dates.closing)
    print(f"Hạn các cơ quan gửi: {due}; chốt số liệu: {closing}.")
    if campaign.agencies_file.exists():
        print(f"Có dòng giao cho cơ quan không còn: ghi ai trả lời vào {campaign.agencies_file}.")
    print(f"Xem và sửa {campaign.folder / 'khreport.toml'}, rồi chạy:")
    print(f"  khreport templates {campaign.folder}")
    return CLEAN


def run_templates(options: argparse.Namespace) -> int:
    """``khreport templates``."""
    from khreport.edges.folder import open_campaign
    from khreport.text import begin_small
    from khreport.verbs.previous import tell_incomparable
    from khreport.verbs.templates import write_templates

    campaign = open_campaign(options.folder)
    with showing_progress("Ghi biểu mẫu") as progress:
        written = write_templates(campaign, progress, previous=options.previous)
    if options.json:
        print_json(
            {
                "edition": written.edition.digest,
                "files": {key: str(path) for key, path in written.files.items()},
                "not_asked": written.not_asked,
                "moved": [str(path) for path in written.moved],
                "warnings": written.warnings,
                "previous": written.edition.previous and written.edition.previous.period,
            }
        )
        return CLEAN
    plan = written.edition.plan
    for warning in written.warnings:
        print(f"Cần xem lại khreport.toml: {warning}")
    print(f"Đã ghi {len(written.files)} biểu mẫu vào {campaign.outgoing}.")
    if written.edition.previous:
        name = begin_small(written.edition.previous.name)
        print(f"Biểu có ghi sẵn phần các cơ quan đã báo cáo kỳ trước ({name}).")
    if told := tell_incomparable(written.edition):
        print(told)
    if written.not_asked:
        names = ", ".join(plan.agency[key].name for key in written.not_asked)
        print(f"Không gửi biểu (không chủ trì nhiệm vụ nào): {names}.")
    if written.moved:
        names = ", ".join(path.name for path in written.moved)
        print(f"Đã chuyển biểu không còn dùng vào {written.moved[0].parent}: {names}.")
    print("Gửi biểu cho các cơ quan bằng thư điện tử (xem trước: thêm --dry-run):")
    print(f"  khreport send {campaign.folder}")
    print(f"Khi các cơ quan gửi lại, chép tệp vào {campaign.inbox}, rồi chạy:")
    print(f"  khreport check {campaign.folder}")
    return CLEAN


def run_check(options: argparse.Namespace) -> int:
    """``khreport check``."""
    from khreport.verbs.check import check, result_as_json

    with showing_progress("Kiểm tra") as progress:
        result = check(
            options.paths,
            campaign=options.campaign,
            corrections=options.corrections,
            summary=options.summary,
            progress=progress,
        )
    if options.json:
        print_json({**result_as_json(result), "summary": options.summary})
    else:
        print_check(result)
        if options.summary:
            print(f"Bảng kê: {options.summary}")
    return CLEAN if result.clean else FINDINGS


def run_consolidate(options: argparse.Namespace) -> int:
    """``khreport consolidate``."""
    from khreport.edges.folder import open_campaign
    from khreport.verbs.consolidate import consolidate

    campaign = open_campaign(options.folder)
    with showing_progress("Tổng hợp") as progress:
        result = consolidate(campaign, progress)
    if options.json:
        print_json(
            {
                "files": [str(path) for path in result.files],
                "workbook": result.workbook,
                "editing": campaign.editing_file,
                "agencies": result.counts,
                "findings": [str(finding) for finding in result.findings],
            }
        )
        return CLEAN
    for finding in result.findings:
        print(f"Cần xem lại: {finding}")
    counts = result.counts
    print(
        f"Đã tổng hợp {counts['accepted']} cơ quan; "
        f"{counts['faulty']} cơ quan có bản nộp chưa đạt; "
        f"{counts['missing']} cơ quan chưa nộp."
    )
    print(f"Xem: {result.workbook}")
    print(f"Biên tập kết quả, ý kiến: {campaign.editing_file}")
    print(f"Rồi chạy: khreport report {campaign.folder}")
    return CLEAN


def run_lint(options: argparse.Namespace) -> int:
    """``khreport lint``."""
    from khreport.cli_lint import print_linted
    from khreport.verbs.lint import lint, linted_as_json

    linted = lint(options.file, options.profile)
    if options.json:
        print_json(linted_as_json(linted))
    else:
        print_linted(linted, unjudged=options.unjudged)
    return CLEAN if linted.clean else FINDINGS


def run_limits(options: argparse.Namespace) -> int:
    """``khreport limits``."""
    from khreport.verbs.limits import list_limits

    limits = list_limits(options.folder)
    if options.json:
        print_json({"limits": {limit.name: limit for limit in limits}})
        return CLEAN
    print("Giới hạn khi đọc một tệp gửi về; tệp vượt giới hạn nào thì không được đọc:")
    for limit in limits:
        print(f"  {limit}")
    print("Đổi giới hạn: ghi vào khreport.toml của đợt báo cáo, ví dụ:")
    print("  [limits]")
    print("  file_mb = 50")
    return CLEAN


def run_rules(options: argparse.Namespace) -> int:
    """``khreport rules`` and ``khreport rules check``."""
    from khreport.cli_rules import checked_as_json, print_checked_cards, show_rules

    if options.action is None:
        lines = show_rules(options)
        if options.json:
            print_json({"rules": [line._asdict() for line in lines]})
        return CLEAN
    from khreport.verbs.rules import check_cards

    checked = check_cards(options.folder)
    if options.json:
        print_json(checked_as_json(checked))
    else:
        print_checked_cards(checked)
    return FINDINGS if checked.complaints else CLEAN


def run_demo(options: argparse.Namespace) -> int:
    """``khreport demo``."""
    from khreport.demo.round import run_demo_round

    say = (lambda _: None) if options.json else print
    done = run_demo_round(options.folder, showing_progress, say=say, period=options.period)
    if options.json:
        print_json(
            {
                "folder": str(done.folder),
                "templates": done.templates,
                "returns": done.returns,
                "agencies": done.agencies,
                "open_slots": done.open_slots,
                "to_open": [str(path) for path in done.to_open.values()],
            }
        )
    return CLEAN


COMMANDS = {
    "plan": run_plan,
    "init": run_init,
    "templates": run_templates,
    "send": run_send,
    "check": run_check,
    "collect": run_collect,
    "reply": run_reply,
    "close": run_close,
    "unlock": run_unlock,
    "paper": run_paper,
    "status": run_status,
    "log": run_log,
    "remind": run_remind,
    "consolidate": run_consolidate,
    "letter": run_letter,
    "report": run_report,
    "trace": run_trace,
    "lint": run_lint,
    "limits": run_limits,
    "rules": run_rules,
    "agencies": run_agencies,
    "demo": run_demo,
}
