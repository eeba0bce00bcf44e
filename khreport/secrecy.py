"""Secrecy marks: the stamps that say that a document must not go this way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from khreport.legacy import read_legacy
from khreport.text import fold

MOST_CHARACTERS = 40
LAST = frozenset("tT.,;:!*)]-–— \n\xa0”\"'")
"""What the last character of a mark may be."""
_NO_LETTERS = re.compile(r"[\W_]+")
_MARK = re.compile("(?:(?:dấu )?(?:chỉ )?(?:mức )?(?:độ )?mật )?(?:tuyệt |tối )?mật")


def is_secrecy_mark(text: str) -> bool:
    """Whether the text is a secrecy mark and nothing else: MẬT, TỐI MẬT, TUYỆT MẬT.

    >>> [is_secrecy_mark(text) for text in ("MẬT", "Độ mật: Tối mật", "Báo cáo theo chế độ mật")]
    [True, True, False]
    """
    return len(text) <= MOST_CHARACTERS and text[-1:] in LAST and _says_secret(text)


@lru_cache(maxsize=10_000)
def _says_secret(text: str) -> bool:
    said = _NO_LETTERS.sub(" ", fold(read_legacy(text) or text)).strip()
    return _MARK.fullmatch(said) is not None


def any_secrecy_mark(rows: Iterable[Iterable[object]]) -> bool:
    """Whether a cell of these rows is a secrecy mark."""
    # Forms repeat themselves, so that most texts need no second look.
    texts = {value for row in rows for value in row if type(value) is str}
    return any(text and text[-1] in LAST and is_secrecy_mark(text) for text in texts)
