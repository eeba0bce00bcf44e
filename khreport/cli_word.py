"""The commands that write Word documents: the report, an agency's own, official letters."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from khreport.cli_output import CLEAN, FINDINGS, print_json

if TYPE_CHECKING:
    from khreport.campaign import Campaign
    from khreport.report import Slot


def add_report(report: argparse.ArgumentParser) -> None:
    """Give the command ``report`` its arguments."""
    report.add_argument("folder", metavar="THƯ_MỤC", type=Path)
    version = report.add_mutually_exclusive_group()
    version.add_argument(
        "--draft",
        action="store_true",
        help="bản dự thảo, ghi chú nguồn số liệu bên lề từng đoạn, từng dòng (mặc định; với "
        "--agency thì phải ghi --draft mới có ghi chú)",
    )
    version.add_argument(
        "--final",
        action="store_true",
        help="bản chính thức, không có ghi chú; từ chối khi còn chỗ chưa viết",
    )
    report.add_argument(
        "--evidence",
        action="store_true",
        help="ghi thêm tệp Excel dẫn từng số liệu, trích dẫn đến tệp, sheet, ô đã đọc",
    )
    report.add_argument(
        "--charts",
        action="store_true",
        help="thêm một phụ lục biểu đồ (in đen trắng vẫn rõ): nhiệm vụ theo mục, các chỉ tiêu",
    )
    report.add_argument(
        "--agency",
        metavar="CƠ_QUAN",
        help="báo cáo riêng của một cơ quan, từ bản nộp đã đạt, để cơ quan đó hoàn thiện và ký",
    )


def add_letter(letter: argparse.ArgumentParser) -> None:
    """Give the command ``letter`` its arguments."""
    letter.add_argument("folder", metavar="THƯ_MỤC", type=Path)
    letter.add_argument(
        "kind",
        metavar="LOẠI",
        choices=("cover", "remind", "late"),
        help="cover: gửi biểu mẫu; remind: nhắc trước hạn; late: đề nghị gửi báo cáo quá hạn",
    )
    letter.add_argument(
        "--agency",
        metavar="CƠ_QUAN",
        action="append",
        default=[],
        help="chỉ gửi cơ quan này; ghi tên hoặc tên viết tắt, dùng được nhiều lần",
    )
    letter.add_argument("--final", action="store_true", help="bản trình ký, không có chữ DỰ THẢO")


def run_letter(options: argparse.Namespace) -> int:
    """``khreport letter``."""
    from khreport.edges.folder import open_campaign
    from khreport.verbs.letter import write_official_letter

    written = write_official_letter(
        open_campaign(options.folder), options.kind, agencies=options.agency, final=options.final
    )
    if options.json:
        print_json(
            {
                "file": str(written.path),
                "kept": str(written.kept) if written.kept else None,
                "agencies": list(written.agencies),
                "warnings": list(written.warnings),
            }
        )
        return CLEAN
    for warning in written.warnings:
        print(f"Cần xem lại: {warning}")
    print(f"Đã viết công văn gửi {len(written.agencies)} cơ quan: {written.path}")
    if written.kept:
        print(f"Bản trước đã có người sửa, được giữ lại: {written.kept}")
    print("Mở bằng Word, đọc lại, ghi số và ngày rồi trình ký.")
    return CLEAN


def run_own_report(options: argparse.Namespace) -> int:
    """``khreport report --agency``."""
    from khreport.edges.folder import open_campaign
    from khreport.errors import KhreportError
    from khreport.verbs.report import write_own_report

    if options.final:
        raise KhreportError(
            "Báo cáo riêng của một cơ quan luôn là bản để cơ quan đó hoàn thiện và ký. "
            "Hãy bỏ --final."
        )
    if options.charts:
        raise KhreportError(
            "Phụ lục biểu đồ chỉ có trong báo cáo chung của đợt, không có trong báo cáo riêng của "
            "một cơ quan. Hãy bỏ --charts."
        )
    written = write_own_report(
        open_campaign(options.folder),
        options.agency,
        comments=options.draft,
        evidence=options.evidence,
    )
    prompts = [slot.prompt for slot in written.open_slots]
    if options.json:
        print_json(
            {
                "file": str(written.path),
                "kept": str(written.kept) if written.kept else None,
                "evidence": str(written.evidence) if written.evidence else None,
                "open_slots": [
                    {"key": slot.key, "sheet": None, "prompt": slot.prompt}
                    for slot in written.open_slots
                ],
                "findings": [],
                "warnings": [],
            }
        )
        return CLEAN
    print(f"Đã viết báo cáo: {written.path}")
    if written.kept:
        print(f"Bản trước đã có người sửa, được giữ lại: {written.kept}")
    if written.evidence:
        print(f"Nguồn từng số liệu: {written.evidence}")
    print(f"Cơ quan viết {len(prompts)} chỗ tô vàng trong tệp, ghi số, ký hiệu, người ký:")
    for prompt in prompts:
        print(f"  - {prompt}")
    return CLEAN


def run_report(options: argparse.Namespace) -> int:
    """``khreport report``."""
    from khreport.edges.folder import open_campaign
    from khreport.verbs.report import write_report

    if options.agency:
        return run_own_report(options)
    campaign = open_campaign(options.folder)
    result = write_report(
        campaign, final=options.final, evidence=options.evidence, charts=options.charts
    )
    warnings = list(warn_of_final(campaign)) if options.final else []
    if options.json:
        print_json(
            {
                "file": str(result.path) if result.path else None,
                "kept": str(result.kept) if result.kept else None,
                "evidence": str(result.evidence) if result.evidence else None,
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
        if result.evidence:
            print(f"Nguồn từng số liệu: {result.evidence}")
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
    from khreport.verbs.consolidated import load_consolidation

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
