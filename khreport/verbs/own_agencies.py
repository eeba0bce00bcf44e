"""Who answers today in a campaign: its own file on bodies, read, and written to be filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from khreport.campaign import Campaign
from khreport.edges.folder import load_own_register
from khreport.edges.shipped import load_register
from khreport.edges.store import write_atomically
from khreport.edition import Edition
from khreport.plan import Plan
from khreport.rows import name_some
from khreport.succession import Register

HEAD = """\
# Cơ quan trả lời hiện nay, khi cơ quan nêu trong kế hoạch không còn.
# Dòng bắt đầu bằng dấu # là lời giải thích. Sửa bằng Notepad, lưu mã UTF-8.
# Xem đủ những gì cần xác nhận bằng lệnh: khreport agencies check

# Xã, phường, đặc khu: mỗi đơn vị một khối như dưới đây, bỏ dấu # rồi sửa.
# former_province: tên tỉnh trước khi sáp nhập.
# [[agency]]
# key = "xa-mau"
# name = "UBND xã …"
# short = "UBND xã …"
# abbreviation = "UBND-XAMAU"  # không dấu, dùng trong tên tệp
# kind = "commune"
# former_province = "{province}"
#
# Sửa hoặc xác nhận một thay đổi mà chương trình ghi “cần xác nhận”:
# [[change]]
# of = ["{body}"]  # cơ quan cũ
# how = "merged"  # hợp nhất; hoặc "renamed" (đổi tên), "split" (chia việc),
#                 # "abolished" (thôi hoạt động), "unchanged" (giữ nguyên)
# since = 2025-03-01
# into = ["…"]  # mã cơ quan kế thừa
# basis = "Nghị quyết số …"
# confidence = "stated"
"""
DECISION = """
# {lead}: {text}
# Cơ quan không còn: {bodies}
[[decision]]
task = "{task}"
answering = []  # mã cơ quan trả lời, ví dụ ["{example}"]
reason = ""  # căn cứ: số, ngày văn bản
"""
MOST_TEXT, MOST_BODIES = 60, 3


def campaign_register(campaign: Campaign, plan: Plan) -> Register:
    """The register of a campaign's plan with what its own file says.

    Raises:
        CampaignError: the file cannot be used; the message names file and line.

    """
    shipped = load_register(campaign.settings.plan, plan)
    return load_own_register(campaign, plan, shipped)


def write_own_agencies(campaign: Campaign, edition: Edition) -> None:
    """Write the file in which the officer says who answers the undecided rows; never a second time.

    Raises:
        KhreportError: the file cannot be written.

    """
    if not campaign.agencies_file.exists():
        register = load_register(campaign.settings.plan)
        text = "".join(_blocks(edition.plan, register, edition.undecided))
        write_atomically(campaign.agencies_file, text.encode())


def _blocks(
    plan: Plan, register: Register, undecided: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    provinces = [group.former_province for group in register.groups]
    lost = [key for bodies in undecided.values() for key in bodies]
    yield HEAD.format(province=provinces[0] if provinces else "…", body=lost[0])
    standing = [a for a in plan.agencies if a.answers and a.valid_to is None]
    yield "\n# Mã các cơ quan hiện nay:\n"
    yield from (f"#   {agency.key}: {agency.name}\n" for agency in standing)
    yield from (f"#   {group.key}: {group.name}\n" for group in register.groups)
    for row, bodies in undecided.items():
        task = plan.task[row]
        yield DECISION.format(
            lead=" ".join(task.lead_text.split()),
            text=" ".join(task.text.split())[:MOST_TEXT].rpartition(" ")[0] + "…",
            bodies=name_some([plan.agency[key].name for key in bodies], MOST_BODIES),
            task=row,
            example=standing[0].key,
        )
