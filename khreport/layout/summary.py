"""The index of all files that were checked: one line each, and all that was found in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from khreport.cells import list_cells
from khreport.findings import FindingGroup
from khreport.layout.fault_index import WORDS
from khreport.layout.table import Linked, TableColumn, lay_out_table
from khreport.sheet import Book, Value

TITLE = "BẢNG KÊ KẾT QUẢ KIỂM TRA"
FILES_SHEET, GROUPS_SHEET = "Các tệp", "Lỗi và lưu ý"
STATES = {
    "accepted": "Đạt",
    "review": "Đạt, cần xem lại",
    "faulty": "Chưa đạt",
    "unreadable": "Không đọc được",
    "set_aside": "Để riêng, có dấu mật",
}
OPEN = "Mở"
SIZE_PT = 10
FILE_COLUMNS = (
    TableColumn("TT", 5, "whole"),
    TableColumn("Cơ quan", 36),
    TableColumn("Tệp", 40),
    # a link stands alone: LibreOffice does not wrap a linked cell
    TableColumn("Tệp gốc", 8, "choice"),
    TableColumn("Kết quả", 16),
    TableColumn("Ô phải sửa", 9, "whole"),
    TableColumn("Ô cần xem lại", 9, "whole"),
    TableColumn("Đã giải trình", 9, "whole"),
    TableColumn("Đã tự chỉnh", 9, "whole"),
    TableColumn("Ngày nhận", 12, "date"),
    TableColumn("Bản trả lại", 8, "choice"),
    TableColumn("Tệp mới hơn của cơ quan", 36),
)
GROUP_COLUMNS = (
    TableColumn("TT", 5, "whole"),
    TableColumn("Cơ quan", 30),
    TableColumn("Tệp", 30),
    TableColumn("Bản trả lại", 8, "choice"),
    TableColumn("Mức độ", 12),
    TableColumn("Mã", 16),
    TableColumn("Sheet", 16),
    TableColumn("Các ô", 18),
    TableColumn("Số ô", 7, "whole"),
    TableColumn("Nội dung", 50),
    TableColumn("Cách sửa", 45),
)


class CheckedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file and what was found in it. `original` and `correction` are paths to link to.

    `newer` is the file that the same agency sent later, if it did.
    """

    agency: str
    file: str
    state: str
    groups: tuple[FindingGroup, ...]
    explained: int
    repairs: int
    received: dt.date | None
    original: str | None
    correction: str | None
    newer: str = ""

    def count(self, severity: str) -> int:
        """How many findings of a weight it has."""
        return sum(len(g.findings) for g in self.groups if g.first.severity == severity)


def lay_out_summary(files: Sequence[CheckedFile], standing: str = "") -> Book:
    """The workbook; `standing` tells in a sentence where the round stands."""
    told = _count(files) + (f"\n{standing}" if standing else "")
    sheets = (
        lay_out_table(
            FILES_SHEET, TITLE, told, FILE_COLUMNS, _file_rows(files),
            size_pt=SIZE_PT, fixed_columns=3,
        ),
        lay_out_table(
            GROUPS_SHEET,
            GROUPS_SHEET.upper(),
            "Mỗi dòng là một nội dung, có thể ở nhiều ô. Dùng nút lọc ở đầu cột để xem theo cơ "
            "quan, mức độ, mã. Địa chỉ ô là ở tệp cơ quan đã gửi.",
            GROUP_COLUMNS,
            _group_rows(files),
            size_pt=SIZE_PT,
            fixed_columns=3,
        ),
    )  # fmt: skip
    return Book(sheets=sheets, title=TITLE)


def _count(files: Sequence[CheckedFile]) -> str:
    states = [file.state for file in files]
    parts = (
        f"{states.count(state)} {words.lower()}"
        for state, words in STATES.items()
        if state in states or state != "set_aside"
    )
    errors, warnings = (sum(f.count(severity) for f in files) for severity in ("error", "warning"))
    return (
        f"Đã kiểm tra {len(files)} tệp: {'; '.join(parts)}. "
        f"Có {errors} ô phải sửa, {warnings} ô cần xem lại."
    )


def _file_rows(files: Sequence[CheckedFile]) -> Iterable[Sequence[Value | Linked]]:
    for number, file in enumerate(files, start=1):
        yield (
            number,
            file.agency,
            file.file,
            _lead_to(file.original),
            STATES[file.state],
            file.count("error"),
            file.count("warning"),
            file.explained,
            file.repairs,
            file.received,
            _lead_to(file.correction),
            file.newer,
        )


def _group_rows(files: Sequence[CheckedFile]) -> Iterable[Sequence[Value | Linked]]:
    pairs = ((file, group) for file in files for group in file.groups)
    for number, (file, group) in enumerate(pairs, start=1):
        first = group.first
        yield (
            number,
            file.agency,
            file.file,
            _lead_to(file.correction),
            WORDS[first.severity],
            first.code,
            first.sheet or "",
            list_cells(finding.cell for finding in group.findings if finding.cell),
            len(group.findings),
            first.message,
            first.fix,
        )


def _lead_to(path: str | None) -> Linked | None:
    return Linked(OPEN, path) if path else None
