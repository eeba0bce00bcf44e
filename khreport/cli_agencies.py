"""What ``khreport agencies`` takes and prints."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from khreport.cli_output import CLEAN, FINDINGS, print_json

if TYPE_CHECKING:
    from khreport.agency_table import AgencyTable
    from khreport.campaign import Campaign
    from khreport.verbs.agencies import CheckedAgencies


class TakeFolder(argparse.Action):
    """A folder that may be left out, after the word "check" that may be left out."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        _: str | None = None,
    ) -> None:
        """Set the action and the folder, or refuse a second folder."""
        words = list(values or ())
        if words[:1] == ["check"]:
            namespace.action = words.pop(0)
        if len(words) > 1:
            parser.error(f"không hiểu: {' '.join(words[1:])}")
        namespace.folder = Path(words[0]) if words else None


def add_agencies(agencies: argparse.ArgumentParser) -> None:
    """The parser takes what ``khreport agencies`` takes."""
    agencies.usage = "khreport agencies [check] [THƯ_MỤC] [--plan KẾ_HOẠCH] [--markdown] [--json]"
    agencies.set_defaults(action=None, folder=None)
    agencies.add_argument(
        "folder",
        metavar="check THƯ_MỤC",
        nargs="*",
        action=TakeFolder,
        help="check: nêu điều cần xác nhận và dòng chưa có cơ quan trả lời; "
        "THƯ_MỤC: đợt báo cáo, kèm tệp co-quan.toml của đợt",
    )
    agencies.add_argument(
        "--plan",
        default="qd1165",
        metavar="KẾ_HOẠCH",
        help="khi chưa có đợt: mã hoặc thư mục kế hoạch (mặc định qd1165)",
    )
    agencies.add_argument(
        "--markdown", action="store_true", help="in trang docs/co-quan.md của chương trình"
    )


def run_agencies(options: argparse.Namespace) -> int:
    """``khreport agencies`` and ``khreport agencies check``."""
    from khreport.agency_table import agencies_page
    from khreport.edges.folder import open_campaign
    from khreport.verbs.agencies import check_agencies, list_agencies

    plan: Campaign | str = open_campaign(options.folder) if options.folder else options.plan
    if options.action == "check":
        checked = check_agencies(plan)
        if options.json:
            print_json(_as_json(checked))
        else:
            print_checked(checked)
        return FINDINGS if checked.undecided else CLEAN
    table = list_agencies(plan)
    if options.json:
        print_json(_as_json(table))
    elif options.markdown:
        print(agencies_page(table), end="")
    else:
        print_agencies(table)
    return CLEAN


def _as_json(value: AgencyTable | CheckedAgencies) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def print_agencies(table: AgencyTable) -> None:
    """Print what became of each body, then the rows of those that were split."""
    from khreport.agency_table import CONFIDENCE_WORDS, FATE_WORDS, name_all
    from khreport.dates import format_date

    for line in table.agencies:
        print(line.name)
        if line.since is None:
            print("  chưa có nguồn; biểu vẫn gửi theo tên này")
            continue
        today = name_all(line.today) or "không có cơ quan kế thừa"
        print(f"  nay: {today} ({FATE_WORDS[line.fate]}, {format_date(line.since)})")
        print(f"  {line.basis} ({CONFIDENCE_WORDS[line.confidence]})")
        if line.assumed:
            print(f"  {line.assumed}")
    for row in table.rows:
        print(f"{row.row}: {row.text}")
        print(f"  {row.name}, nay: {name_all(row.today)}")
    print("\nViệc còn phải xác nhận, dòng chưa có cơ quan trả lời: khreport agencies check THƯ_MỤC")


def print_checked(checked: CheckedAgencies) -> None:
    """Print what is open, each with what to copy into the officer's own file."""
    from khreport.agency_table import name_all
    from khreport.rows import MOST_NAMED, name_some

    if checked.to_confirm:
        print("Cần xác nhận. Tra cứu rồi chép khối đã sửa vào co-quan.toml của đợt báo cáo:\n")
    for each in checked.to_confirm:
        print(f"- {name_all(each.agencies)}: {each.assumed}\n\n{each.block}")
    if checked.without_source:
        print(
            f"Chưa có nguồn ({len(checked.without_source)} cơ quan): chưa biết nay còn hoạt động "
            "với tên này hay không. Hỏi cơ quan, rồi ghi:\n"
        )
        print(checked.block)
    for group in checked.groups:
        print(f"{group.name} ({group.key}): đã khai báo {group.members} đơn vị.")
    for row in checked.undecided:
        print(f"Chưa có cơ quan trả lời: {row.row}, {row.text}")
        print(f"  Cơ quan không còn: {name_some([body.name for body in row.agencies], MOST_NAMED)}")
    print(
        f"{len(checked.to_confirm)} điều cần xác nhận; {len(checked.without_source)} cơ quan "
        f"chưa có nguồn; {len(checked.undecided)} dòng chưa có cơ quan trả lời."
    )
    if checked.undecided:
        print("Ghi cơ quan trả lời từng dòng vào co-quan.toml (khối [[decision]]), rồi chạy lại.")
