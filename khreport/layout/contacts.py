"""An empty contact list: every agency named, people and addresses to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from khreport.agencies import Agency
from khreport.layout.table import TableColumn, lay_out_table
from khreport.parse.contacts import HEADINGS
from khreport.sheet import Book

WIDTHS = {"agency": 46, "person": 28, "emails": 38, "cc": 38, "leader": 30, "phone": 16}
GUIDANCE = (
    "Mỗi cơ quan một dòng. Nhiều địa chỉ thì cách nhau bằng dấu chấm phẩy. "
    "Cơ quan chưa có e-mail thì để trống, khi gửi sẽ được nhắc. "
    "E-mail lãnh đạo chỉ dùng cho lần nhắc cuối; không có thì để trống."
)


NOTES = TableColumn("Ghi chú", 30)


def lay_out_contact_list(agencies: Iterable[Agency], notes: Mapping[str, str]) -> Book:
    """The list as a workbook; its headings are those that are looked for when it is read.

    `notes` say by key which agencies get no letter, and why; nothing reads them.
    """
    title = "Danh sách liên hệ"
    sheet = lay_out_table(
        title,
        title,
        GUIDANCE,
        [*(TableColumn(heading, WIDTHS[field]) for field, heading in HEADINGS.items()), NOTES],
        [
            (agency.name, *[None] * (len(HEADINGS) - 1), notes.get(agency.key))
            for agency in agencies
        ],
        size_pt=11,
        fixed_columns=1,
        paper="A4",
    )
    return Book(sheets=(sheet,), title=title)
