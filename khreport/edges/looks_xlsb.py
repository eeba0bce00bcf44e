"""What the parts of an .xlsb tell of cells beside their values: looks, merges, comments.

Runs in the child process only.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from khreport.anatomy import NOTE_AUTHOR, NOTE_HEAD
from khreport.edges.looks_xls import PERCENT_FORMATS, STRUCK, Styles, looks_of
from khreport.edges.looks_xlsx import (
    MOST_COMMENT,
    MOST_COMMENTS,
    THREAD,
    related_parts,
    shows_percent,
)
from khreport.edges.records import MALFORMED, split_parts
from khreport.edges.stamps import any_page_mark
from khreport.raw import Look, Problem, Refusal, Traces

FONT, FORMAT, CELL_FORMAT, FORMATS_BEGIN, FORMATS_END = 43, 44, 47, 617, 618
SHARED_TEXT, MERGE, PAGES = 19, 176, 479
ROW, TEXT_BY_NUMBER, TEXT_IN_FONTS = 0, 7, 62
FILLED = {*range(2, 12), TEXT_IN_FONTS}
AUTHOR, COMMENT, COMMENT_TEXT = 632, 635, 637
NO_TEXT = 0xFFFFFFFF


def trace_binary(
    parts: Mapping[str, bytes],
    names: Iterable[str],
    found: dict[str, Traces],
    reopen: Callable[[str], bytes],
) -> list[Problem]:
    """What is to be said of the looks; `found` holds those of each sheet part that has any.

    The arguments are those of `looks_xlsx.trace_cells`.
    """
    if "xl/workbook.bin" not in parts:
        return []
    try:
        fonts, by_format = read_formats(parts.get("xl/styles.bin", b""))
        by_text = dict(read_texts(parts.get("xl/sharedstrings.bin", b""), fonts))
        for name in names:
            if name.startswith("xl/worksheets/") and name.endswith(".bin"):
                traces = found.setdefault(name, Traces())
                traces.looks, traces.merges = trace_sheet(reopen(name), (by_format, by_text), fonts)
                comments = (c for part in related_parts(parts, name) for c in read_comments(part))
                traces.comments = list(islice(comments, MOST_COMMENTS))
    except MALFORMED:
        return [Problem("file.looks_unread")]
    return []


def read_text(body: bytes, at: int) -> tuple[str, int]:
    """The text that stands at a place, and where it ends."""
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + (0 if length == NO_TEXT else 2 * length)
    if end > len(body):
        raise IndexError(at)
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def read_formats(styles: bytes) -> tuple[list[list[Look]], dict[int, list[Look]]]:
    """The looks of each font, and those of each cell format that has any, by number."""
    fonts: list[list[Look]] = []
    percents, by_format = set(PERCENT_FORMATS), {}
    number = -1
    for kind, body in split_parts(styles):
        if kind == FONT:
            (flags,) = struct.unpack_from("<H", body, 2)
            fonts.append(looks_of(read_text(body, 21)[0], struck=bool(flags & STRUCK)))
        elif kind == FORMAT and shows_percent(read_text(body, 2)[0]):
            percents.add(struct.unpack_from("<H", body)[0])
        elif kind == FORMATS_BEGIN:
            number = 0
        elif kind == FORMATS_END:
            number = -1
        elif kind == CELL_FORMAT and number >= 0:
            shown_as, font = struct.unpack_from("<HH", body, 2)
            looks = list(fonts[font]) if font < len(fonts) else []
            looks += ["per_cent"] if shown_as in percents else []
            if looks:
                by_format[number] = looks
            number += 1
    return fonts, by_format


def read_texts(strings: bytes, fonts: list[list[Look]]) -> Iterator[tuple[int, list[Look]]]:
    """The number and looks of each shared text of which a part is set in a font that has any."""
    number = 0
    for kind, body in split_parts(strings):
        if kind == SHARED_TEXT:
            if looks := _looks_within(body, 0, fonts):
                yield number, looks
            number += 1


def _looks_within(body: bytes, at: int, fonts: list[list[Look]]) -> list[Look]:
    """The looks of the fonts in which parts of a text are set."""
    text, end = read_text(body, at + 1)
    if not body[at] & 1:
        return []
    (count,) = struct.unpack_from("<I", body, end)
    runs = struct.iter_unpack("<HH", body[end + 4 : end + 4 + 4 * count])
    length = len(text.encode("utf-16-le")) // 2
    within = (fonts[font] for start, font in runs if start < length and font < len(fonts))
    return list(dict.fromkeys(look for looks in within for look in looks))


def trace_sheet(
    part: bytes, styles: Styles, fonts: list[list[Look]]
) -> tuple[list[tuple[int, int, Look]], list[tuple[int, int, int, int]]]:
    """The cells of a sheet that have a look, and the areas of merged cells."""
    looks: list[tuple[int, int, Look]] = []
    merges = []
    row = 0
    for kind, body in split_parts(part):
        if kind == ROW:
            (row,) = struct.unpack_from("<I", body)
        elif kind in FILLED:
            column, number = struct.unpack_from("<II", body)
            seen = list(styles[0].get(number & 0xFFFFFF, ()))
            if kind == TEXT_BY_NUMBER:
                seen += styles[1].get(struct.unpack_from("<I", body, 8)[0], ())
            elif kind == TEXT_IN_FONTS:
                seen += _looks_within(body, 8, fonts)
            looks += [(row, column, look) for look in dict.fromkeys(seen)]
        elif kind == MERGE:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            merges.append((top, left, bottom, right))
        elif kind == PAGES and any_page_mark(_read_pages(body)):
            raise Refusal("file.secret")
    return looks, merges


def _read_pages(body: bytes) -> Iterator[str]:
    """What the headers and footers of a sheet say."""
    at = 2
    for _ in range(6):
        said, at = read_text(body, at)
        yield said


def read_comments(part: bytes) -> Iterator[tuple[int, int, str]]:
    """What people wrote beside cells; our own comments are left out."""
    authors: list[str] = []
    row = column = 0
    author = ""
    for kind, body in split_parts(part):
        if kind == AUTHOR:
            authors.append(read_text(body, 0)[0])
        elif kind == COMMENT:
            number, row, _, column = struct.unpack_from("<IIII", body)
            author = authors[number] if number < len(authors) else ""
        elif kind == COMMENT_TEXT and author != NOTE_AUTHOR and not author.startswith(THREAD):
            said = read_text(body, 1)[0].strip()
            if said and not said.startswith(NOTE_HEAD):
                yield row, column, said[:MOST_COMMENT]
