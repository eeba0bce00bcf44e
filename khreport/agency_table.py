"""Bodies of a decision and those that stand for them today, as a table and as a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from textwrap import shorten

import msgspec

from khreport.agencies import Agency
from khreport.campaign import AGENCIES_FILE
from khreport.dates import format_date
from khreport.plan import Plan
from khreport.succession import Confidence, Fate, Register

FATE_WORDS: dict[Fate | None, str] = {
    "merged": "hợp nhất, sáp nhập",
    "split": "chia việc",
    "renamed": "đổi tên",
    "abolished": "thôi hoạt động",
    "unchanged": "giữ nguyên",
    None: "chưa có nguồn",
}
CONFIDENCE_WORDS: dict[Confidence | None, str] = {
    "stated": "nguồn nêu rõ",
    "pattern": "theo khung chung",
    None: "chưa có nguồn",
}
MOST_TEXT = 90
"""Characters of a row's text that tell which row it is."""


class Body(msgspec.Struct, frozen=True):
    """A body by its key and its name."""

    agency: str
    name: str


class AgencyLine(msgspec.Struct, frozen=True, kw_only=True):
    """One body of the decision and the bodies that stand for it today.

    `fate`, `since` and `confidence` are None where nothing is known of it: it is asked as the
    decision names it. `assumed` says what has to be confirmed.
    """

    agency: str
    name: str
    today: tuple[Body, ...]
    fate: Fate | None
    since: dt.date | None
    basis: str
    confidence: Confidence | None
    assumed: str


class RowLine(msgspec.Struct, frozen=True, kw_only=True):
    """A row, or an indicator, of a body that was split, and who took it."""

    row: str
    text: str
    agency: str
    name: str
    today: tuple[Body, ...]


class AgencyTable(msgspec.Struct, frozen=True, kw_only=True):
    """What became of all bodies that a plan may ask."""

    plan: str
    agencies: tuple[AgencyLine, ...]
    rows: tuple[RowLine, ...]


def agency_table(plan: Plan, register: Register) -> AgencyTable:
    """What became of the bodies of a plan, in its order, and of the rows of those that split."""
    bodies = bodies_of(plan, register)
    return AgencyTable(
        plan=plan.number,
        agencies=tuple(_line(a, register, bodies) for a in plan.agencies if a.answers),
        rows=tuple(_rows(plan, register, bodies)),
    )


def bodies_of(plan: Plan, register: Register) -> dict[str, Body]:
    """The bodies of the plan, and those that came later, by key."""
    return {body.key: Body(body.key, body.name) for body in (*plan.agencies, *register.bodies)}


def name_all(bodies: Iterable[Body]) -> str:
    """The names of bodies, parted so that names with commas stay apart."""
    return "; ".join(body.name for body in bodies)


def _line(agency: Agency, register: Register, bodies: Mapping[str, Body]) -> AgencyLine:
    followed = register.follow(agency.key, dt.date.max)
    own = register.fates.get(agency.key, ())
    changes = (*own, *(change for change in followed.changes if change not in own))
    given = (heir for c in changes if agency.key in c.into for heir in c.into if heir != agency.key)
    parts = [key for heir in given for key in register.follow(heir, dt.date.max).agencies]
    doubted = any(change.confidence == "pattern" for change in changes)
    return AgencyLine(
        agency=agency.key,
        name=agency.name,
        today=tuple(bodies[key] for key in dict.fromkeys((*followed.agencies, *parts))),
        fate=changes[0].how if changes else None,
        since=changes[0].since if changes else None,
        basis=_joined(change.basis for change in changes),
        confidence=("pattern" if doubted else "stated") if changes else None,
        assumed=_joined(change.assumed for change in changes),
    )


def start_of(text: str) -> str:
    """The first words of a row, enough to know it by."""
    return shorten(text, MOST_TEXT, placeholder="…")


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


def _rows(plan: Plan, register: Register, bodies: Mapping[str, Body]) -> Iterator[RowLine]:
    order = [*plan.task, *plan.indicator]
    for agency in plan.agencies:
        split = [change for change in register.fates.get(agency.key, ()) if change.tasks]
        for change in split:
            for row in sorted(change.tasks, key=order.index):
                text = plan.task[row].text if row in plan.task else plan.indicator[row].name
                yield RowLine(
                    row=row,
                    text=start_of(text),
                    agency=agency.key,
                    name=agency.name,
                    today=tuple(bodies[key] for key in change.tasks[row]),
                )


def agencies_page(table: AgencyTable) -> str:
    """The table as a page of Markdown, such as docs/co-quan.md."""
    head = ("Cơ quan trong Quyết định", "Hiện nay", "Thay đổi", "Ngày", "Căn cứ", "Độ tin cậy")
    lines = [
        (
            line.name,
            name_all(line.today) or "—",
            FATE_WORDS[line.fate],
            format_date(line.since) if line.since else "—",
            line.basis or "—",
            ". ".join(filter(None, [CONFIDENCE_WORDS[line.confidence], line.assumed])),
        )
        for line in table.agencies
    ]
    rows = [(line.row, line.text, line.name, name_all(line.today)) for line in table.rows]
    parts = [PAGE.format(number=table.plan, file=AGENCIES_FILE), *_table(head, lines)]
    if rows:
        parts += [ROWS, *_table(("Dòng", "Nội dung", "Cơ quan cũ", "Hiện nay"), rows)]
    return "".join(parts)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"


PAGE = """\
# Cơ quan trả lời hiện nay

Cơ quan nêu trong Quyết định số {number} nay ra sao. Chương trình dùng đúng bảng này; trang được in
bằng lệnh `khreport agencies --markdown > docs/co-quan.md`, đừng sửa tay.

- **nguồn nêu rõ**: nguồn nói về chính tỉnh này.
- **theo khung chung**: suy từ quy định của cả nước; phải tra cứu điều ghi sau chữ “cần xác nhận”.
- **chưa có nguồn**: chưa biết cơ quan còn hoạt động với tên đó hay không; biểu vẫn gửi theo tên cũ.

Xác nhận, sửa, bổ sung: ghi vào tệp `{file}` trong thư mục của đợt báo cáo. Lệnh
`khreport agencies check THƯ_MỤC` in sẵn đoạn để chép.

"""

ROWS = """
## Cơ quan có việc chia cho nhiều nơi

Dòng không nêu ở đây vẫn do cơ quan cũ trả lời, nếu cơ quan đó còn hoạt động.

"""
