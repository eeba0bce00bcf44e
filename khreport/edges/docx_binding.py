"""What a line must not part: a number from its unit, the number of a document within itself."""

from __future__ import annotations

import re

BLANK, HYPHEN = "\u00a0", "\u2011"
"""The blank and the hyphen at which no line ends."""

_UNITS = (
    "tỷ|triệu|nghìn|trăm|đồng|USD|lượt|người|hộ|ngày|giờ|phút|điểm|ha|km|km²|m|m²|m³|kg|"
    "tấn|tạ|lít|kW|MW|MWp|kWh|giường|phòng"
)
_MEASURED = re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))|(?<=tỷ) (?=đồng)|(?<=triệu) (?=đồng)")
_CITED = re.compile(r"\bsố \d+(?:/\d{4})?[/-][A-ZĐ][\w/-]*")
_FIRM = str.maketrans(" -", f"{BLANK}{HYPHEN}")
_SOFT = str.maketrans(f"{BLANK}{HYPHEN}", " -")


def bind(text: str) -> str:
    """The text with such blanks and hyphens.

    >>> ascii(bind("Nghị quyết số 09-NQ/TW, 12 tỷ đồng")).replace(chr(92), "~")
    "'Ngh~u1ecb quy~u1ebft s~u1ed1~xa009~u2011NQ/TW, 12~xa0t~u1ef7~xa0~u0111~u1ed3ng'"
    """
    if not any(map(str.isdigit, text)):
        return text
    text = _CITED.sub(lambda found: found[0].translate(_FIRM), text)
    return _MEASURED.sub(BLANK, text)


def unbind(text: str) -> str:
    """The text with ordinary blanks and hyphens again.

    >>> unbind(bind("Nghị quyết số 09-NQ/TW, 12 tỷ đồng"))
    'Nghị quyết số 09-NQ/TW, 12 tỷ đồng'
    """
    return text.translate(_SOFT)
