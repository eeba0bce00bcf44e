"""``khreport demo``: a whole round in one go, with answers that the maker makes up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import msgspec

from khreport.campaign import Campaign
from khreport.consolidation import AgencyState
from khreport.demo.returns import Return, plan_returns, write_return
from khreport.edges.shipped import plan_text
from khreport.edges.store import write_atomically
from khreport.errors import KhreportError
from khreport.layout.workbook import workbook_name
from khreport.periods import read_key
from khreport.verbs.check import check
from khreport.verbs.consolidate import consolidate
from khreport.verbs.init import init_campaign
from khreport.verbs.progress import Progress, be_silent
from khreport.verbs.report import write_report
from khreport.verbs.templates import Templates, write_templates

PLAN, PERIOD, SEED = "qd1165", "2024", 1165
DECISIONS = "vi-du-co-quan.toml"
"""The plan's file of made-up decisions on who answers for bodies that are gone."""

Showing = Callable[[str], AbstractContextManager[Progress]]
"""Shows how far a step is while it runs: called with the words for the step."""


class DemoRound(msgspec.Struct, frozen=True, kw_only=True):
    """What a made-up round came to, and what to open, by what it is."""

    folder: Path
    templates: int
    returns: int
    agencies: dict[AgencyState, int]
    open_slots: int
    to_open: dict[str, Path]


def run_demo_round(
    folder: Path,
    showing: Showing = lambda _: nullcontext(be_silent),
    seed: int = SEED,
    say: Callable[[str], None] = print,
    period: str = PERIOD,
) -> DemoRound:
    """A whole round in an empty folder; each step is said, then what to open.

    >>> import khreport
    >>> khreport.run_demo_round(Path("demo")).to_open["báo cáo"]  # doctest: +SKIP
    PosixPath('demo/bao-cao/bao-cao-2024-du-thao.docx')

    Raises:
        KhreportError: the folder holds something already.

    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KhreportError(
            f"Thư mục “{folder}” không trống. Hãy chọn thư mục khác, ví dụ: "
            f"khreport demo {folder}-2"
        )
    campaign = init_campaign(folder, PLAN, period)
    say(f"1. Mở đợt báo cáo {read_key(period).spoken}: {campaign.folder}")
    if campaign.agencies_file.exists():
        write_atomically(campaign.agencies_file, plan_text(PLAN, DECISIONS).encode())
        say(f"   ai trả lời thay cơ quan không còn (minh họa): {campaign.agencies_file}")
    with showing("Ghi biểu mẫu") as progress:
        templates = write_templates(campaign, progress)
    say(f"2. Phát {len(templates.files)} biểu mẫu: {campaign.outgoing}")
    returns = [r for r in plan_returns(templates.edition, seed) if r.day is not None]
    say("3. Các cơ quan điền và gửi lại (số liệu minh họa do máy tạo):")
    first = _take_in(campaign, templates, [r for r in returns if r.kind != "mended"], seed, showing)
    say(f"   lần đầu {first}; bản trả lại: {campaign.corrections}")
    second = _take_in(
        campaign, templates, [r for r in returns if r.kind == "mended"], seed, showing
    )
    say(f"   sửa và gửi lại {second}")
    with showing("Tổng hợp") as progress:
        consolidated = consolidate(campaign, progress)
    counts = consolidated.counts
    say(
        f"4. Tổng hợp {counts['accepted']} cơ quan ({counts['faulty']} còn chưa đạt, "
        f"{counts['missing']} chưa nộp): {consolidated.workbook}"
    )
    written = write_report(campaign)
    say(f"5. Báo cáo (dự thảo, còn {len(written.open_slots)} chỗ người viết phải điền)")
    to_open = _what_to_open(campaign, templates, written.path)
    say("Mở xem:")
    for what, path in to_open.items():
        say(f"  {path}  ({what})")
    return DemoRound(
        folder=folder,
        templates=len(templates.files),
        returns=len(returns),
        agencies=counts,
        open_slots=len(written.open_slots),
        to_open=to_open,
    )


def _take_in(
    campaign: Campaign, templates: Templates, returns: list[Return], seed: int, showing: Showing
) -> str:
    with showing("Điền biểu") as progress:
        for done, returned in enumerate(returns, start=1):
            template = templates.files[returned.agency]
            write_return(returned, templates.edition, template, campaign.inbox, seed)
            progress(done, len(returns), returned.file_name)
    with showing("Kiểm tra") as progress:
        result = check([campaign.folder], progress=progress)
    accepted = sum(file.accepted for file in result.files)
    return f"{len(result.files)} tệp: {accepted} đạt, {len(result.files) - accepted} chưa đạt"


def _what_to_open(campaign: Campaign, templates: Templates, report: Path | None) -> dict[str, Path]:
    edition = templates.edition
    longest = max(edition.asked, key=lambda agency: len(edition.asked[agency]))
    correction = next(iter(sorted(campaign.corrections.glob("*.xlsx"))), None)
    paths = {
        "biểu mẫu của một cơ quan": campaign.outgoing / workbook_name(edition, longest),
        "bản trả lại có đánh dấu chỗ sai": correction,
        "tổng hợp": campaign.consolidated / "tong-hop.xlsx",
        "nơi biên tập, ghi ý kiến": campaign.editing_file,
        "báo cáo": report,
    }
    return {what: path for what, path in paths.items() if path}
