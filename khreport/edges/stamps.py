"""Secrecy marks outside cells: in the headers and footers of pages, and in drawings."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from khreport.edges.looks_xlsx import SHEET_END
from khreport.secrecy import is_secrecy_mark

_PAGE = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)(?:\s[^>]*)?>(.*?)</", re.DOTALL)
_SECTION = re.compile(r"&(?=[LCR])")
_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d+|.)')
_MASTER = re.compile(
    rb"<style:(?:header|footer)[\w-]*(?:\s[^>]*)?>(.*?)</style:(?:header|footer)", re.DOTALL
)
_PARAGRAPH = re.compile(rb"<(?:a|text):p\b[^>]*>(.*?)</(?:a|text):p>", re.DOTALL)
_TAG = re.compile(rb"<[^>]*>")
_HEAD = b"eaderFooter"
MOST_KEPT = 1_000
"""The bytes of a header or footer that is remembered: the sheets of a round have the same."""


def bears_mark(name: str, part: bytes) -> bool:
    """Whether a part of a workbook has a secrecy mark outside the cells."""
    return any(map(is_secrecy_mark, _texts(name, part)))


def _texts(name: str, part: bytes) -> Iterator[str]:
    if name.startswith("xl/worksheets/"):
        at = part.find(_HEAD, max(part.rfind(SHEET_END), 0))
        for said in _PAGE.findall(part, at) if at >= 0 else ():
            yield from (_known_sections if len(said) <= MOST_KEPT else _sections)(said)
    elif name.startswith("xl/drawings/"):
        yield from _paragraphs(part)
    elif name == "content.xml":
        for behind in part.split(b"<draw:")[1:]:
            yield from _paragraphs(behind.partition(b"</table:")[0])
    elif name == "styles.xml":
        for said in _MASTER.findall(part):
            yield from _paragraphs(said)


def any_page_mark(pages: Iterable[str]) -> bool:
    """Whether one of these headers and footers, as programs write them, has a secrecy mark."""
    return any(is_secrecy_mark(text) for said in pages for text in split_page(said))


def _sections(said: bytes) -> list[str]:
    return split_page(html.unescape(said.decode("utf-8", "replace")))


def split_page(said: str) -> list[str]:
    """What stands to the left, in the middle and to the right of a header or footer."""
    sections = _SECTION.split(said)
    return [_CODE.sub("", "&" + s if s[:1] in ("L", "C", "R") else s) for s in sections]


_known_sections = lru_cache(maxsize=1_000)(_sections)


def _paragraphs(part: bytes) -> Iterator[str]:
    for said in _PARAGRAPH.findall(part):
        yield html.unescape(_TAG.sub(b"", said).decode("utf-8", "replace"))
