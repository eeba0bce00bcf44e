"""A contact list out of CSV or a sheet: all that is wrong in it is told at once, with its lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from email.utils import parseaddr
from itertools import chain

from khreport.agencies import Agency
from khreport.contacts import Contact, ContactList, fold_name, is_address, spellings_of
from khreport.errors import CampaignError
from khreport.raw import RawSheet
from khreport.text import clean, fold_plain, suggest

HEADINGS = {
    "agency": "Cơ quan",
    "person": "Người liên hệ",
    "emails": "E-mail",
    "cc": "Đồng gửi (cc)",
    "phone": "Điện thoại",
    "leader": "E-mail lãnh đạo",
}
"""The headings of a list that we write, by field of :class:`Contact`."""
OTHER_HEADINGS = {
    "agency": ("cơ quan, đơn vị", "đơn vị", "tên cơ quan", "tên đơn vị"),
    "person": ("người nhận", "họ và tên", "họ tên"),
    "emails": ("email", "thư điện tử", "địa chỉ e-mail", "địa chỉ email"),
    "cc": ("cc", "đồng gửi", "đồng kính gửi"),
    "leader": ("email lãnh đạo", "lãnh đạo"),
    "phone": ("số điện thoại", "đt", "sđt"),
}
NEEDED = ("agency", "emails")
MOST_TOLD = 20
DELIMITERS = ";,\t"

Row = tuple[int, Sequence[str]]
"""A line, counted from one, and its cells."""


def csv_rows(file: str, text: str) -> list[Row]:
    """The filled lines of a CSV text; commas, semicolons or tabs part its cells.

    Spreadsheet programs write semicolons where the comma is the decimal sign, as in Vietnam.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    begin = 1
    try:
        for cells in reader:
            rows.append((begin, cells))
            begin = reader.line_num + 1
    except csv.Error:
        raise CampaignError(
            f"{file}, dòng {begin}: không đọc được. Kiểm tra dấu nháy kép của dòng này."
        ) from None
    return rows


def sheet_rows(sheet: RawSheet) -> list[Row]:
    """The lines of a sheet, with numbers as they were typed."""
    return [
        (sheet.row + at + 1, [_as_text(value) for value in row])
        for at, row in enumerate(sheet.rows)
    ]


def _as_text(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) else str(value)


def parse_contacts(file: str, rows: Iterable[Row], agencies: Iterable[Agency]) -> ContactList:
    """The contacts in the rows under the heading.

    An agency is named by key, abbreviation, name or any of its spellings; columns that have
    another heading are the officer's own.

    Raises:
        CampaignError: a heading is missing, an agency is unknown or there twice, an address is
            malformed; the message has a line for each.

    """
    known = {agency.key: agency for agency in agencies if agency.answers}
    keys = {fold_name(called): key for called, key in spellings_of(known.values()).items()}
    rows = iter(rows)
    columns = _find_heading(file, rows)
    faults: list[str] = []
    contacts: dict[str, Contact] = {}
    for line, cells in rows:
        said = {
            field: " ".join(clean(cells[at]).split()) if at < len(cells) else ""
            for field, at in columns.items()
        }
        if not any(said.values()):
            continue
        contact, wrong = _read(said, line, keys, known)
        if contact and contact.agency in contacts:
            before = contacts[contact.agency].line
            wrong.append(
                f"{known[contact.agency].name} đã có ở dòng {before}. Hãy gộp vào một dòng, "
                "các địa chỉ cách nhau bằng dấu chấm phẩy."
            )
        faults += [f"{file}, dòng {line}: {fault}" for fault in wrong]
        if contact and not wrong:
            contacts[contact.agency] = contact
    if faults:
        total = [f"{file}: tất cả {len(faults)} chỗ sai."] if len(faults) > 1 else []
        if len(faults) > MOST_TOLD:
            total[0] += f" Trên đây là {MOST_TOLD} chỗ đầu."
        raise CampaignError("\n".join([*faults[:MOST_TOLD], *total]))
    warnings = tuple(_tell_shared(file, contacts, known))
    return ContactList(file=file, contacts=contacts, warnings=warnings)


def _find_heading(file: str, rows: Iterable[Row]) -> dict[str, int]:
    """The place of each field in the rows that follow the heading, up to which `rows` is read."""
    fields = {
        fold_plain(heading): field
        for field, first in HEADINGS.items()
        for heading in (first, *OTHER_HEADINGS[field])
    }
    for line, cells in rows:
        found: dict[str, int] = {}
        for at, cell in enumerate(cells):
            field = fields.get(fold_plain(cell))
            if field in found:
                raise CampaignError(
                    f"{file}, dòng {line}: có hai cột “{HEADINGS[field]}”. Chỉ giữ một cột."
                )
            if field:
                found[field] = at
        if all(field in found for field in NEEDED):
            return found
    raise CampaignError(
        f"{file}: không thấy dòng tiêu đề có cột “{HEADINGS['agency']}” và “{HEADINGS['emails']}”. "
        f"Các cột: {', '.join(HEADINGS.values())}."
    )


def _read(
    said: Mapping[str, str], line: int, keys: Mapping[str, str], known: Mapping[str, Agency]
) -> tuple[Contact | None, list[str]]:
    """The contact that a row tells of, and what is wrong with the row."""
    called = said["agency"]
    if not called:
        return None, ["chưa ghi cơ quan. Hãy ghi tên hoặc tên viết tắt, ví dụ: " + _example(known)]
    key = keys.get(fold_name(called))
    if key is None:
        near = suggest(called, [agency.name for agency in known.values()])
        hint = (
            f"Có phải “{near}”?"
            if near
            else f"Hãy ghi như trong kế hoạch, ví dụ: {_example(known)}"
        )
        return None, [f"không có cơ quan “{called[:60]}”. {hint}"]
    addresses = {field: _split(said.get(field, "")) for field in ("emails", "cc", "leader")}
    wrong = [
        f"cột “{HEADINGS[field]}”: “{bad[0][:60]}” không phải địa chỉ e-mail. "
        "Hãy ghi dạng ten@coquan.gov.vn, không dấu; nhiều địa chỉ cách nhau bằng dấu chấm phẩy."
        for field, each in addresses.items()
        if (bad := [address for address in each if not is_address(address)])
    ]
    wrong += [
        f"có địa chỉ ở cột “{HEADINGS[other]}” mà cột “{HEADINGS['emails']}” trống. "
        f"Hãy điền cột “{HEADINGS['emails']}”."
        for other in ("cc", "leader")
        if addresses[other] and not addresses["emails"]
    ]
    contact = Contact(
        agency=key,
        line=line,
        emails=addresses["emails"],
        cc=tuple(each for each in addresses["cc"] if each not in addresses["emails"]),
        leader=addresses["leader"],
        person=said.get("person", ""),
        phone=said.get("phone", ""),
    )
    return contact, wrong


def _split(text: str) -> tuple[str, ...]:
    """The addresses of a cell, also as mail programs copy them: "Lê Văn A <a@b.example>"."""
    parts = (part.strip() for part in re.split(r"[;,](?![^<>]*>)", text))
    addresses = (
        [parseaddr(part)[1] or part] if part.endswith(">") else part.split() for part in parts
    )
    return tuple(dict.fromkeys(chain.from_iterable(addresses)))


def _example(known: Mapping[str, Agency]) -> str:
    return next((f"{each.name}, {each.abbreviation}." for each in known.values()), "")


def _tell_shared(
    file: str, contacts: Mapping[str, Contact], known: Mapping[str, Agency]
) -> Iterable[str]:
    """Addresses that two agencies have: often a slip by which one gets the other's letters."""
    seen: dict[str, Contact] = {}
    for contact in contacts.values():
        for address in contact.emails:
            before = seen.setdefault(address.casefold(), contact)
            if before is not contact:
                yield (
                    f"{file}, dòng {contact.line}: {address} cũng là địa chỉ của "
                    f"{known[before.agency].name} (dòng {before.line}). Hãy xem có nhầm không."
                )
