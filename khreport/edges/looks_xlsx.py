"""What .xlsx parts tell of cells beside their values: strike-through, fonts, merges, comments.

Regular expressions on raw parts, cheap where there is nothing to find. Runs in the child
process only.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from khreport.anatomy import NOTE_AUTHOR, NOTE_HEAD
from khreport.cells import column_index
from khreport.legacy import font_encoding
from khreport.raw import Look, Traces

SHEET_END = b"</sheetData>"
MOST_COMMENTS = 500
MOST_COMMENT = 1_000
BINARY = ("xl/styles.bin", "xl/sharedstrings.bin")
PERCENT_FORMATS = {b"9", b"10"}
_FONT_HINTS = (b"strike", b".vn", b"vni-")
_HINTS = (*_FONT_HINTS, b"%")
_PER_CENT = re.compile(rb"numfmtid=.(?:9|10)\b")
"""What the styles of a workbook, in small letters, have somewhere where a cell has a look."""
# None looks beyond the next tag of its kind, so that tags which never end cost no more.
_FONT = re.compile(
    rb"<(?:\w+:)?font(?:\s*/>|\s*>((?:[^<]++|<(?!/?(?:\w+:)?font\b))*+)</(?:\w+:)?font>)"
)
_FONTS = re.compile(rb"<(?:\w+:)?fonts\b(?:[^<]++|<(?!/?(?:\w+:)?fonts\b))*+</(?:\w+:)?fonts>")
_FORMATS = re.compile(
    rb"<(?:\w+:)?cellXfs\b(?:[^<]++|<(?!/?(?:\w+:)?cellXfs\b))*+</(?:\w+:)?cellXfs>"
)
_FORMAT = re.compile(rb"<(?:\w+:)?xf\s([^>]*)>")
_NUMBER_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^>]*)>")
_STRUCK = re.compile(rb"""<(?:\w+:)?strike(?:\s+val\s*=\s*["'](?:1|true)["'])?\s*/?>""")
_FONT_NAME = re.compile(rb"""<(?:\w+:)?(?:name|rFont)\s+val\s*=\s*["']([^"']*)["']""")
_ATTRIBUTE = re.compile(rb"""(?<![\w:])([\w:]++)\s*+=\s*+["']([^"']*)["']""")
_MERGE = re.compile(
    rb"""<(?:\w+:)?mergeCell\s+ref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']"""
)
_STRING = re.compile(
    rb"<(?:\w+:)?si\b[^<>]*?(?:/>|>((?:[^<]++|<(?!/?(?:\w+:)?si\b))*+)</(?:\w+:)?si>)"
)
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c\s*>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>\s*(\d+)\s*<")
_REF = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.IGNORECASE)
_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>(.*?)</(?:\w+:)?t\s*>", re.DOTALL)
_AUTHOR = re.compile(
    rb"<(?:\w+:)?author(?:\s*/>|(?:\s[^>]*)?>(.*?)</(?:\w+:)?author\s*>)", re.DOTALL
)
_COMMENT = re.compile(
    rb"<(?:\w+:)?comment\s([^<>]*+)>((?:[^<]++|<(?!/?(?:\w+:)?comment\b))*+)"
    rb"</(?:\w+:)?comment\s*>"
)
_THREADED = re.compile(
    rb"<(?:\w+:)?threadedComment\s([^>]*)>.*?<(?:\w+:)?text[^>]*>(.*?)</(?:\w+:)?text\s*>",
    re.DOTALL,
)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
THREAD = "tc="
"""How the author of the stand-in for a threaded comment begins."""


def is_wanted(name: str, part: bytes) -> bool:
    """Whether the part must be kept until all parts were seen."""
    if name in BINARY:
        return True
    if name == "xl/sharedstrings.xml":
        return b"rPr>" in part and any(hint in part.lower() for hint in _FONT_HINTS)
    return (
        name == "xl/styles.xml"
        or name.startswith("xl/worksheets/_rels/")
        or ("comment" in name and name.startswith("xl/") and name.endswith((".xml", ".bin")))
    )


def trace_cells(
    parts: Mapping[str, bytes],
    names: Iterable[str],
    found: dict[str, Traces],
    reopen: Callable[[str], bytes],
) -> None:
    """Nothing; `found` holds the looks and comments of each sheet part that has any.

    `parts` are those that were wanted, `names` those of all parts; `reopen` gives a part's
    text again.
    """
    by_format = read_formats(parts.get("xl/styles.xml", b""))
    by_string = read_strings(parts.get("xl/sharedstrings.xml", b""))
    for name in names:
        folder, _, file = name.rpartition("/")
        if folder != "xl/worksheets" or not file.endswith(".xml"):
            continue
        traces = found.get(name, Traces())
        comments = (said for part in related_parts(parts, name) for said in read_comments(part))
        traces.comments = list(islice(comments, MOST_COMMENTS))
        if by_format or by_string:
            looks = find_looks(reopen(name), by_format, by_string)
            traces.looks = list(dict.fromkeys([*looks, *traces.looks]))
        if traces:
            found[name] = traces


def _attributes(tag: bytes) -> dict[str, str]:
    pairs = _ATTRIBUTE.findall(tag)
    return {
        key.rpartition(b":")[2].decode().lower(): html.unescape(value.decode("utf-8", "replace"))
        for key, value in pairs
    }


def read_formats(styles: bytes) -> dict[bytes, list[Look]]:
    """The looks of each cell format that has any, by its number as cells write it."""
    small = styles.lower()
    if not any(hint in small for hint in _HINTS) and not _PER_CENT.search(small):
        return {}
    fonts = _FONTS.search(styles)
    by_font = [font_looks(font or b"") for font in _FONT.findall(fonts[0] if fonts else b"")]
    percents = set(PERCENT_FORMATS)
    for tag in _NUMBER_FORMAT.findall(styles):
        about = _attributes(tag)
        if shows_percent(about.get("formatcode", "")):
            percents.add(about.get("numfmtid", "").encode())
    formats = _FORMATS.search(styles)
    by_format: dict[bytes, list[Look]] = {}
    for number, tag in enumerate(_FORMAT.findall(formats[0] if formats else b"")):
        about = _attributes(tag)
        font = about.get("fontid", "0")
        known = font.isdigit() and int(font) < len(by_font)
        looks = list(by_font[int(font)]) if known else []
        if about.get("numfmtid", "").encode() in percents:
            looks.append("per_cent")
        if looks:
            by_format[str(number).encode()] = looks
    return by_format


def shows_percent(code: str) -> bool:
    r"""Whether a number format shows a number in per cent.

    >>> shows_percent("0,0%"), shows_percent('0"%"'), shows_percent(r"0\%")
    (True, False, False)
    """
    return "%" in re.sub(r'"[^"]*"|\\.', "", code)


def font_looks(font: bytes) -> list[Look]:
    """How a font makes a cell look, where that changes what the cell says."""
    looks: list[Look] = ["struck"] if _STRUCK.search(font) else []
    name = _FONT_NAME.search(font)
    encoding = font_encoding(name[1].decode("utf-8", "replace")) if name else None
    return [*looks, encoding] if encoding else looks


def read_strings(strings: bytes) -> dict[bytes, list[Look]]:
    """The looks of shared texts that are set in several fonts, by number as cells write it."""
    found = {}
    for number, inside in enumerate(_STRING.findall(strings) if strings else ()):
        if looks := font_looks(inside):
            found[str(number).encode()] = looks
    return found


def find_looks(
    part: bytes, by_format: Mapping[bytes, list[Look]], by_string: Mapping[bytes, list[Look]]
) -> list[tuple[int, int, Look]]:
    """The cells of a sheet that have a look."""
    numbers = b"|".join(by_format)
    if not by_string and not re.search(rb"""\bs\s*=\s*["'](?:%s)["']""" % numbers, part):
        return []
    found: list[tuple[int, int, Look]] = []
    for tag, inside in _CELL.findall(part):
        about = _attributes(tag)
        ref = _REF.fullmatch(about.get("r", ""))
        if ref is None or not inside:
            continue
        looks = by_format.get(about.get("s", "").encode(), [])
        value = _VALUE.search(inside) if by_string and about.get("t") == "s" else None
        if value is not None:
            looks = [*looks, *by_string.get(value[1], [])]
        found += [(int(ref[2]) - 1, column_index(ref[1]), look) for look in dict.fromkeys(looks)]
    return found


def find_runs(part: bytes) -> list[tuple[int, int, Look]]:
    """The cells of a sheet with a text of their own, parts of which have a look."""
    if b"rPr>" not in part or not any(hint in part.lower() for hint in _FONT_HINTS):
        return []
    found: list[tuple[int, int, Look]] = []
    for tag, inside in _CELL.findall(part):
        about = _attributes(tag) if b"rPr>" in inside else {}
        ref = _REF.fullmatch(about.get("r", ""))
        if ref is not None and about.get("t") == "inlineStr":
            cell = int(ref[2]) - 1, column_index(ref[1])
            found += [(*cell, look) for look in font_looks(inside)]
    return found


def find_merges(part: bytes) -> list[tuple[int, int, int, int]]:
    """The areas of a sheet that are merged."""
    behind = max(part.rfind(SHEET_END), 0)  # merged cells stand behind the rows
    areas = []
    for left, top, right, bottom in _MERGE.findall(part, behind):
        columns = column_index(left.decode()), column_index(right.decode())
        areas.append((int(top) - 1, columns[0], int(bottom) - 1, columns[1]))
    return areas


def related_parts(parts: Mapping[str, bytes], name: str) -> Iterator[bytes]:
    """The parts with comments that a sheet part refers to."""
    folder, _, file = name.rpartition("/")
    relations = parts.get(f"{folder}/_rels/{file}.rels", b"")
    for tag in _RELATION.findall(relations) if b"omment" in relations else ():
        target = _attributes(tag).get("target", "").lower()
        full = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        yield parts.get(posixpath.normpath(full), b"")


def read_comments(part: bytes) -> Iterable[tuple[int, int, str]]:
    """What people wrote beside cells; our own comments are left out."""
    authors = [html.unescape(name.decode("utf-8", "replace")) for name in _AUTHOR.findall(part)]
    for tag, inside in [*_COMMENT.findall(part), *_THREADED.findall(part)]:
        about = _attributes(tag)
        number = about.get("authorid", "")
        author = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
        ref = _REF.fullmatch(about.get("ref", ""))
        if ref is None or author == NOTE_AUTHOR or author.startswith(THREAD):
            continue
        texts = b"".join(_TEXT.findall(inside)) if b"<" in inside else inside
        said = html.unescape(texts.decode("utf-8", "replace")).strip()
        if said and not said.startswith(NOTE_HEAD):
            yield int(ref[2]) - 1, column_index(ref[1]), said[:MOST_COMMENT]
