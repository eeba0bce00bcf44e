"""Secrecy marks: the stamps that say that a document must not go this way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from khreport.legacy import read_legacy
from khreport.text import clean, fold

MOST_CHARACTERS = 60
_BETWEEN = "\0"
"""What no cell holds."""
_HINT = re.compile(
    rf"[Mm](?<!\w.)[^\w{_BETWEEN}]*(?:[aA]\W*)?[^ -~{_BETWEEN}][^\w{_BETWEEN}]*[Tt](?!\w)"
)
"""The word "mật" at least in outline: in any encoding, its letters apart or not."""
_NO_LETTERS = re.compile(r"[\W_]+")
_APART = re.compile(r"\w(?: \w)+")
_DEGREE = "(?:tuyệt ?|tối ?)?mật"
_MARK = re.compile(
    r"(?:(?:dấu )?(?:chỉ )?(?:mức )?(?:độ )?mật |dấu |tài liệu |(?:hỏa tốc|thượng khẩn|khẩn) )?"
    + _DEGREE
)
_LINE = re.compile("(?:TUYỆT |TỐI )?MẬT")
"""A stamp on a line of its own."""
_LED = re.compile(
    r"(?:(?:TUYỆT |TỐI )?MẬT|(?i:(?:tuyệt|tối) mật)) ?[-–—,;/|([](?P<rest>.*)"
    r"|(?i:mật) ?[(\[](?:đến|thời hạn|bảo vệ|giải mật)(?P<until>.*)",
    re.DOTALL,
)
"""A stamp with something small behind it: whose it is, until when it holds."""
_SAYS_MORE = re.compile(r"văn bản|chế độ|đã|gửi|\d+ ?(?:tài liệu|công văn)", re.IGNORECASE)
"""What makes a sentence of it: "MẬT - đã gửi văn bản riêng"."""


def is_secrecy_mark(text: str) -> bool:
    """Whether the text is a secrecy mark and little else: MẬT, TỐI MẬT, TUYỆT MẬT.

    >>> [is_secrecy_mark(text) for text in ("M Ậ T", "Độ mật: Tối mật", "MẬT - Sở Nội vụ")]
    [True, True, True]
    >>> [is_secrecy_mark(text) for text in ("Báo cáo theo chế độ mật", "Mật ong", "Bí mật")]
    [False, False, False]
    """
    return len(text) <= MOST_CHARACTERS and bool(_HINT.search(text)) and _says_secret(text)


@lru_cache(maxsize=10_000)
def _says_secret(text: str) -> bool:
    shown = clean(read_legacy(text) or text)
    said = _NO_LETTERS.sub(" ", fold(shown)).strip()
    if _APART.fullmatch(said):
        said = said.replace(" ", "")
    if _MARK.fullmatch(said) or any(map(_LINE.fullmatch, shown.split("\n"))):
        return True
    return _LED.fullmatch(shown) is not None and _SAYS_MORE.search(shown) is None


def any_secrecy_mark(rows: Iterable[Iterable[object]]) -> bool:
    """Whether a cell of these rows is a secrecy mark."""
    texts = {value for row in rows for value in row if type(value) is str}
    short = _BETWEEN.join([text for text in texts if len(text) <= MOST_CHARACTERS])
    # nearly every sheet is done with one look at all its texts
    for hint in _HINT.finditer(short):
        begins = short.rfind(_BETWEEN, 0, hint.start()) + 1
        ends = short.find(_BETWEEN, hint.end())
        if _says_secret(short[begins : ends if ends >= 0 else None]):
            return True
    return False
