"""What each command does: call its verb, print what came of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from khreport.campaign import Campaign
    from khreport.report import Slot
    from khreport.verbs.check import CheckResult
    from khreport.verbs.progress import Progress

CLEAN, FINDINGS = 0, 1
"""Exit codes: nothing blocks; a file's content blocks."""


@contextmanager
def showing_progress(words: str) -> Iterator[Progress]:
    """A progress line on the terminal while the block runs; silent where nobody watches."""
    if not sys.stderr.isatty():
        from khreport.verbs.progress import be_silent

        yield be_silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TextColumn("{task.fields[name]}"), console=Console(stderr=True)) as bar:
        line = bar.add_task(words, total=None, name="")

        def progress(done: int, total: int, name: str) -> None:
            bar.update(line, completed=done, total=total, name=name)

        yield progress


def print_json(value: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Print a value as JSON that people can read, too."""
    import msgspec

    print(msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode())


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
    from khreport.verbs.init import init_campaign

    campaign = init_campaign(options.folder, options.plan, options.period)
    dates = campaign.settings.dates
    if options.json:
        print_json({"folder": str(campaign.folder), "settings": campaign.settings})
        return CLEAN
    print(f"Đã tạo đợt báo cáo năm {options.period} trong thư mục {campaign.folder}.")
    print(f"Hạn các cơ quan gửi: {dates.due:%d/%m/%Y}; chốt số liệu: {dates.closing:%d/%m/%Y}.")
    print(f"Xem và sửa {campaign.folder / 'khreport.toml'}, rồi chạy:")
    print(f"  khreport templates {campaign.folder}")
    return CLEAN


def run_templates(options: argparse.Namespace) -> int:
    """``khreport templates``."""
    from khreport.edges.folder import open_campaign
    from khreport.verbs.templates import write_templates

    campaign = open_campaign(options.folder)
    with showing_progress("Ghi biểu mẫu") as progress:
        written = write_templates(campaign, progress)
    if options.json:
        print_json(
            {
                "edition": written.edition.digest,
                "files": {key: str(path) for key, path in written.files.items()},
                "not_asked": written.not_asked,
                "moved": [str(path) for path in written.moved],
                "warnings": written.warnings,
            }
        )
        return CLEAN
    plan = written.edition.plan
    for warning in written.warnings:
        print(f"Cần xem lại khreport.toml: {warning}")
    print(f"Đã ghi {len(written.files)} biểu mẫu vào {campaign.outgoing}.")
    if written.not_asked:
        names = ", ".join(plan.agency[key].name for key in written.not_asked)
        print(f"Không gửi biểu (không chủ trì nhiệm vụ nào): {names}.")
    if written.moved:
        names = ", ".join(path.name for path in written.moved)
        print(f"Đã chuyển biểu không còn dùng vào {written.moved[0].parent}: {names}.")
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
            progress=progress,
        )
    if options.json:
        print_json(result_as_json(result))
    else:
        print_check(result)
    return CLEAN if result.clean else FINDINGS


def print_check(result: CheckResult) -> None:
    """Print what was found, file by file, equal findings drawn together."""
    from khreport.findings import group_findings

    words = {"error": "Phải sửa", "warning": "Cần xem lại", "note": "Để biết"}
    for file in result.files:
        state = "đạt" if file.accepted else "chưa đạt"
        whose = f" ({file.agency_name})" if file.agency_name else ""
        print(f"{file.submission.file}{whose}: {state}")
        for group in group_findings(file.findings):
            print(f"  {words[group.first.severity]}: {group}")
        if file.correction:
            print(f"  Bản trả lại: {file.correction}")
    accepted = sum(file.accepted for file in result.files)
    if result.files:
        print(
            f"Đã kiểm tra {len(result.files)} tệp: {accepted} đạt, "
            f"{len(result.files) - accepted} chưa đạt."
        )
    else:
        print("Không có tệp mới để kiểm tra.")
    standing = result.standing
    if standing:
        asked = sum(map(len, (standing.accepted, standing.faulty, standing.missing)))
        print(f"Đến nay {len(standing.accepted)}/{asked} cơ quan có bản nộp đạt.")
        for called, names in (("Chưa đạt", standing.faulty), ("Chưa nộp", standing.missing)):
            if names:
                print(f"  {called} ({len(names)}): {', '.join(names)}.")


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


def run_report(options: argparse.Namespace) -> int:
    """``khreport report``."""
    from khreport.edges.folder import open_campaign
    from khreport.verbs.report import write_report

    campaign = open_campaign(options.folder)
    result = write_report(campaign, final=options.final)
    warnings = list(warn_of_final(campaign)) if options.final else []
    if options.json:
        print_json(
            {
                "file": str(result.path) if result.path else None,
                "kept": str(result.kept) if result.kept else None,
                "open_slots": [
                    {"key": slot.key, "sheet": slot_sheet(slot.key), "prompt": slot.prompt}
                    for slot in result.open_slots
                ],
                "findings": [str(finding) for finding in result.findings],
                "warnings": warnings,
            }
        )
    else:
        for finding in (*result.findings, *warnings):
            print(f"Cần xem lại: {finding}")
        if result.path:
            print(f"Đã viết báo cáo: {result.path}")
        if result.kept:
            print(f"Bản trước đã có người sửa, được giữ lại: {result.kept}")
        print_open_slots(result.open_slots, campaign.editing_file.name)
    if result.path is None:
        print(
            "Chưa viết bản chính thức vì còn chỗ chưa viết, hoặc chỗ biên tập chưa hiểu được. "
            "Bản dự thảo: bỏ --final.",
            file=sys.stderr,
        )
        return FINDINGS
    return CLEAN


def slot_sheet(key: str) -> str:
    """The sheet of the editing workbook in which a slot of the report is written."""
    from khreport.compose.outlook import OPINION
    from khreport.merge.edits import PROPOSALS_SHEET, SHEET_NAMES, SLOTS_SHEET

    return SHEET_NAMES[PROPOSALS_SHEET if key.startswith(OPINION) else SLOTS_SHEET]


def print_open_slots(slots: Sequence[Slot], file: str) -> None:
    """Print what is left to write, under the sheets in which it is written."""
    by_sheet: dict[str, list[str]] = {}
    for slot in slots:
        by_sheet.setdefault(slot_sheet(slot.key), []).append(slot.prompt)
    for sheet, prompts in by_sheet.items():
        print(f"Còn {len(prompts)} chỗ phải viết trong {file}, sheet “{sheet}”:")
        for prompt in prompts:
            print(f"  - {prompt}")


def warn_of_final(campaign: Campaign) -> Iterator[str]:
    """What a final report lacks though all its passages are written."""
    from khreport.verbs.consolidate import load_consolidation

    settings = campaign.settings
    empty = {
        "họ tên người ký (signatory, phần [office])": not settings.office.signatory.strip(),
        "số báo cáo (number, phần [office])": settings.office.number is None,
        "ngày ký (issued, phần [dates])": settings.dates.issued is None,
    }
    lacking = [what for what, lacks in empty.items() if lacks]
    if lacking:
        yield f"khreport.toml chưa có {'; '.join(lacking)}."
    states = load_consolidation(campaign).agencies["state"].to_list()
    for state, words in (
        ("missing", "cơ quan chưa nộp"),
        ("faulty", "cơ quan có bản nộp chưa đạt"),
    ):
        if state in states:
            yield f"Còn {states.count(state)} {words}; báo cáo chưa có kết quả của các cơ quan này."


def run_limits(options: argparse.Namespace) -> int:
    """``khreport limits``."""
    from khreport.verbs.limits import list_limits

    limits = list_limits(options.folder)
    if options.json:
        print_json({limit.name: limit for limit in limits})
        return CLEAN
    print("Giới hạn khi đọc một tệp gửi về; tệp vượt giới hạn nào thì không được đọc:")
    for limit in limits:
        print(f"  {limit}")
    print("Đổi giới hạn: ghi vào khreport.toml của đợt báo cáo, ví dụ:")
    print("  [limits]")
    print("  file_mb = 50")
    return CLEAN


def run_demo(options: argparse.Namespace) -> int:
    """``khreport demo``."""
    from khreport.demo.round import run_demo_round

    return run_demo_round(options.folder, showing_progress)


COMMANDS = {
    "plan": run_plan,
    "init": run_init,
    "templates": run_templates,
    "check": run_check,
    "consolidate": run_consolidate,
    "report": run_report,
    "limits": run_limits,
    "demo": run_demo,
}
