"""Who signs, and by what authority: how Nghị định 30/2020/NĐ-CP has the lines above a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

TITLES = ("GIÁM ĐỐC", "CHỦ TỊCH", "PHÓ ", "CHÁNH ", "TRƯỞNG ", "CHỈ HUY", "BỘ TRƯỞNG", "CỤC ")
"""How the titles of those who sign begin."""

_AUTHORITY = re.compile(r"(?:TM|KT|TL|TUQ|Q)\. \S")
_PARTY = re.compile(r"(?:T/M|K/T|T/L|TU/Q|TUQ/)")
_LOOSE = re.compile(r"(?:TM|KT|TL|TUQ|Q)(?:\.|\s|$)")
_DEPUTIES = ("PHÓ ", "THỨ TRƯỞNG")
_FOR_HEAD = ("KT", "K/T")
_BY_ORDER = ("TL", "TUQ", "T/L", "TU/Q")
_OF_BODY = ("TM", "T/M")


def find_mark_fault(line: str) -> str | None:
    """What is wrong with how a line says its authority, where it does.

    >>> find_mark_fault("KT. GIÁM ĐỐC"), find_mark_fault("KT GIÁM ĐỐC")
    (None, 'ghi quyền hạn ký chưa đúng')
    """
    if _PARTY.match(line):
        return "ghi quyền hạn ký kiểu văn bản Đảng"
    wrong = _LOOSE.match(line) and not _AUTHORITY.match(line)
    return "ghi quyền hạn ký chưa đúng" if wrong else None


def find_deputy_faults(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Where a deputy signs and nothing above lets one, or nobody does beneath "KT.".

    A deputy signs beneath "KT." and the head's title, beneath TL. or TUQ., or beneath the own
    title in a body of which another is a deputy: "TM. BAN CHỈ ĐẠO / TRƯỞNG BAN / PHÓ CHỦ TỊCH
    UBND TỈNH".

    >>> list(find_deputy_faults(["KT. GIÁM ĐỐC"]))
    [(0, 'dưới dòng “KT.” không có chức vụ cấp phó')]
    """
    for at, line in enumerate(lines):
        above, below = lines[:at], lines[at + 1 :]
        if line.startswith(_DEPUTIES):
            if not any(_lets_sign(each, line, above) for each in above):
                yield at, "cấp phó ký mà dòng trên không ghi “KT.”"
        elif line.startswith(_FOR_HEAD) and not any(each.startswith(_DEPUTIES) for each in below):
            yield at, "dưới dòng “KT.” không có chức vụ cấp phó"


def _lets_sign(line: str, deputy: str, above: Sequence[str]) -> bool:
    """Whether a line above a deputy's title says why a deputy signs."""
    if line.startswith((*_FOR_HEAD, *_BY_ORDER)):
        return True
    in_body = line.startswith(TITLES) and any(each.startswith(_OF_BODY) for each in above)
    return in_body and not deputy.startswith(f"PHÓ {line}")
