"""How the collecting body signs, tidied: marks taken off, what no document may have refused."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from khreport.campaign import Office
from khreport.parse.toml import Entry
from khreport.signing import find_deputy_faults, find_mark_fault
from khreport.text import clean

_DASHES, _MARKS = "-–—•+* ", " ;,."
_AUTHORITY_FORM = (
    "Ghi TM., KT., TL., TUQ. hoặc Q., dấu cách rồi chức vụ, mỗi chức vụ một dòng, ví dụ "
    'authority = ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"].'
)


def tidy_office(entry: Entry, office: Office) -> Office:
    """The lines without the dashes and marks that the document sets itself.

    Raises PlanError, with line and example, for an authority or a place that cannot be.
    """
    office = msgspec.structs.replace(
        office,
        place=office.place.strip(_MARKS),
        addressees=_tidy_lines(line.removeprefix("Kính gửi:") for line in office.addressees),
        recipients=_tidy_lines(office.recipients),
        authority=_tidy_lines(office.authority),
    )
    if office.place[:1].islower():
        entry.refuse(
            "place", f"địa danh “{office.place}” viết thường. Hãy viết hoa, ví dụ Khánh Hòa."
        )
    signing = [line.upper() for line in office.authority]
    marks = [(line, wrong) for line in signing if (wrong := find_mark_fault(line))]
    places = [(signing[at], wrong) for at, wrong in find_deputy_faults(signing)]
    for line, wrong in marks + places:
        entry.refuse("authority", f"dòng “{line}” {wrong}. {_AUTHORITY_FORM}")
    return office


def _tidy_lines(lines: Iterable[str]) -> tuple[str, ...]:
    tidy = (clean(line).lstrip(_DASHES).rstrip(_MARKS) for line in lines)
    return tuple(line for line in tidy if line)
