"""What is looked at in a file before it is parsed: its kind, its size, its dangers.

Runs in the child process only. The scan reads raw parts; it never believes a declared size.
"""

from __future__ import annotations

import html
import os
import re
import stat
from collections.abc import Iterable, Iterator

from khreport.cells import CellRef, column_index
from khreport.edges.archive import Parts, list_entries
from khreport.edges.compound import SIGNATURE, Compound
from khreport.edges.file_kind import refuse_kind, refuse_storage
from khreport.edges.looks_ods import trace_content
from khreport.edges.looks_xlsb import trace_binary
from khreport.edges.looks_xlsx import find_merges, find_runs, is_wanted, trace_cells
from khreport.edges.scan_binary import inspect_xls, mark_xlsb, name_xlsb_sheets, place_cells
from khreport.edges.scan_ods import close_gaps, inspect_ods
from khreport.edges.stamps import bears_mark
from khreport.raw import MB, Limits, Mark, Problem, Refusal, Traces

NOT_READ = ("xl/vbaproject", "xl/printersettings", "xl/embeddings/", "xl/activex/", "xl/media/")
"""Parts that are never opened: they count, and are looked into no further."""
ROWS = b"<sheetData>"
MANIFEST = "meta-inf/manifest.xml"
OPENING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""So that a pipe without a writer, put in a file's place, keeps nobody waiting."""
FAR = re.compile(rb"""r\s*+=\s*+(?:"(?:[A-Za-z]{3,}+\d|[A-Za-z]*+\d{5})|')""")
# Neither looks beyond the next cell, so that cells which never end cost no more than others.
CELL = re.compile(
    rb"""<(?:\w+:)?c\b(?P<attributes>(?:[^<>"'/]++|"[^"<]*+"|'[^'<]*+'|/(?!>))*+)"""
    rb"""(?:/>|>(?P<inside>(?:[^<]++|<(?!/?(?:\w+:)?c\b))*+)</(?:\w+:)?c\s*>)"""
)
PLACED = re.compile(
    rb"""<(?:\w+:)?row\b(?P<row>(?:[^<>"'/]++|"[^"<]*+"|'[^'<]*+'|/(?!>))*+)/?>|""" + CELL.pattern
)
UNPLACED = re.compile(rb"<(?:\w+:)?c(?:>|\s(?![^<>]*?\br\s*+=))")
ROW_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d{1,10})["']""")
REF = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,10})["']""")
TYPE = re.compile(rb"""\bt\s*=\s*["'](\w+)["']""")
RESULT = re.compile(rb"<(?:\w+:)?(?:v|is)(?:\s[^>]*)?>(.*?)</(?:\w+:)?(?:v|is)\s*>", re.DOTALL)
FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</)", re.DOTALL)
FORMULA_TAG = re.compile(rb"<f[\s/>]")
# An empty group, so that of each find no more is kept.
WITH_RESULT = re.compile(rb"<f(?:>|\s[^<>]*+>)(?:(?<=/>)|[^<]*+</f>)<v>()[^<]")
# As most programs write a formula that has no result.
BARE = re.compile(
    rb"""<c r="([A-Z]{1,3})(\d{1,7})"(?: s="\d+")?(?: t="(\w+)")?>"""
    rb"<f(?:>|\s[^<>]*+>)(?:(?<=/>)|([^<]*+)</f>)(?:<v\s*/>|<v></v>)?</c>"
)
MOST_FORMULA = 100
"""The bytes of a formula that is quoted; what people type is shorter."""
BYTE_ORDERS = (b"\xff\xfe", b"\xfe\xff")
ENCODING = re.compile(rb"""<\?xml[^>]{0,80}encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)>")
RELATION_TAG = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
# Linear in the length of what it looks through, whatever stands there.
ATTRIBUTE = re.compile(rb"""(?<![\w:])([\w:]++)\s*+=\s*+["']([^"']*)["']""")


def load_bytes(path: bytes, limits: Limits) -> bytes:
    """The file's content, if it has one and is not too big."""
    most = int(limits.file_mb * MB)
    try:
        _check_regular(os.stat(path))  # noqa: PTH116 - the path is bytes
        handle = os.open(path, OPENING)
        with open(handle, "rb") as file:  # noqa: PTH123 - the path is bytes
            found = os.fstat(handle)
            _check_regular(found)
            if found.st_size > most:
                raise Refusal("file.too_big", limit=f"{limits.file_mb:g}")
            data = file.read(most + 1)
            left = os.fstat(handle)
    except FileNotFoundError as error:
        raise Refusal("file.vanished") from error
    except PermissionError as error:
        raise Refusal("file.locked") from error
    except OSError as error:
        raise Refusal("file.unopenable") from error
    if (left.st_size, left.st_mtime_ns) != (found.st_size, found.st_mtime_ns):
        raise Refusal("file.changing")
    if not data:
        raise Refusal("file.empty")
    return data


def _check_regular(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise Refusal("file.special")


Inspected = tuple[bytes, list[Problem], dict[str, Traces]]
"""What is to be parsed, things to know of the file, and what is traced by sheet name."""


def inspect(data: bytes, limits: Limits) -> Inspected:
    """What may be parsed of a file, what there is to know of it, and traces by sheet name."""
    if data.startswith(SIGNATURE):
        file = Compound(data)
        refusal = refuse_storage(file.top | (file.names & {"DRMEncryptedDataSpace"}))
        if refusal is not None:
            raise refusal
        return data, *inspect_xls(file, limits)
    if not data.startswith(b"PK\3\4"):
        raise refuse_kind(data)
    return inspect_zip(data, limits)


def inspect_zip(data: bytes, limits: Limits) -> Inspected:
    """What may be parsed of a zipped workbook: its parts, unpacked, where they are not big."""
    entries = list_entries(data, limits)
    opened = Parts(data, entries, int(limits.inflated_mb * MB))
    problems = list(note_parts(entries))
    parts: dict[str, bytes] = {}
    found: dict[str, Traces] = {}
    named: dict[str, Traces] = {}
    # The manifest first: it says whether the others are encrypted.
    for name in sorted(entries, key=MANIFEST.__ne__):
        part = open_part(opened, name)
        if name.startswith(NOT_READ):
            continue
        check_part(name, part, limits)
        if bears_mark(name, part):
            raise Refusal("file.secret")
        if is_wanted(name, part):
            parts[name] = part
        elif name.startswith("xl/worksheets/"):
            if traces := trace_sheet(name, part, limits):
                found[name] = traces
        elif name == "content.xml":
            noted, named = trace_ods(part, limits)
            problems += noted
        elif name.startswith(("xl/workbook.", "xl/_rels/workbook.")):
            parts[name] = part
        elif name.startswith("xl/externallinks/") and b"ddeLink" in part:
            problems.append(Problem("file.dde"))
    trace_cells(parts, entries, found, opened.reopen)
    spare_rereading(opened)
    problems += trace_binary(parts, entries, found, opened.reopen)
    return opened.pack(), problems, named | (name_sheets(parts, found) if found else {})


def open_part(opened: Parts, name: str) -> bytes:
    """The content of a part, as the parser needs it where some programs write it otherwise."""
    part = placed = opened.open(name)
    if name == "content.xml":
        placed = close_gaps(part)
    elif name.startswith("xl/worksheets/") and name.endswith(".bin"):
        placed = place_cells(part)
    if placed is not part:
        opened.replace(name, placed)
    return placed


def spare_rereading(opened: Parts) -> None:
    """Nothing; small sheets have a list of merged cells, of none, before their rows.

    The parser looks for that list once it has read the rows, and would read them all again. What
    is merged was found already.
    """
    for name in opened.entries if opened.are_small else ():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            part = opened.reopen(name)
            opened.replace(name, part.replace(ROWS, b"<mergeCells></mergeCells>" + ROWS, 1))


def trace_ods(part: bytes, limits: Limits) -> tuple[list[Problem], dict[str, Traces]]:
    """Things to know of the content of an .ods, and what is traced by sheet name."""
    problems, marks = inspect_ods(part, limits)
    named = trace_content(part)
    for sheet, marked in marks.items():
        named.setdefault(sheet, Traces()).marks = marked
    return problems, named


def trace_sheet(name: str, part: bytes, limits: Limits) -> Traces:
    """What is traced in a sheet part, if it can be held."""
    if name.endswith(".bin"):
        return Traces(marks=mark_xlsb(part, limits))
    if not name.endswith(".xml"):
        return Traces()
    check_reach(part, limits)
    return Traces(marks=find_marks(part), merges=find_merges(part), looks=find_runs(part))


def is_markup(name: str, part: bytes) -> bool:
    """Whether a part is text with tags, whatever its name."""
    if name.endswith((".xml", ".rels")) or part.startswith((b"<", *BYTE_ORDERS)):
        return True
    return part[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def note_parts(names: Iterable[str]) -> Iterator[Problem]:
    """What a workbook carries beside its cells."""
    held = tuple(names)

    def holds(*starts: str) -> bool:
        return any(name.startswith(starts) for name in held)

    if holds("xl/macrosheets/", "basic/", "scripts/") or any("vbaproject" in n for n in held):
        yield Problem("file.macros")
    if holds("xl/externallinks/", "xl/connections", "xl/querytables/"):
        yield Problem("file.links")
    if holds("xl/embeddings/", "xl/activex/"):
        yield Problem("file.objects")


def check_part(name: str, part: bytes, limits: Limits) -> None:
    """Nothing, if the part is plain text without entities of its own, or no text at all."""
    if name == MANIFEST and b"encryption-data" in part:
        raise Refusal("file.encrypted")
    if not is_markup(name, part):
        return
    if part.startswith(BYTE_ORDERS) or b"\0" in part or ENCODING.match(part):
        declared = b"<!DOCTYPE" in part.replace(b"\0", b"")
        raise Refusal("file.entities" if declared else "file.encoding")
    if b"<!DOCTYPE" in part:
        raise Refusal("file.entities")
    if name == "xl/sharedstrings.xml" and part.count(b"si>") // 2 > limits.texts:
        raise Refusal("file.texts", limit=str(limits.texts))
    if name.startswith(("xl/sharedstrings", "xl/worksheets/", "content.xml")):
        check_longest(part, limits)


def check_longest(part: bytes, limits: Limits) -> None:
    """Nothing, if no text between two tags is longer than a cell may hold."""
    step = max(limits.text_length // 2, 1)
    for at in range(0, len(part) - step, step):
        if part.find(b"<", at, at + step) < 0:  # a longer text covers at least one such stretch
            begin = part.rfind(b">", 0, at) + 1
            end = part.find(b"<", at)
            text = part[begin : end if end >= 0 else None].decode("utf-8", "replace")
            if len(text) > limits.text_length and len(html.unescape(text)) > limits.text_length:
                raise Refusal("file.long_text", limit=str(limits.text_length))


def check_reach(part: bytes, limits: Limits) -> None:
    """Nothing, if the sheet's filled cells span a range that can be held."""
    if FAR.search(part) is None and UNPLACED.search(part) is None:
        return
    rows, columns, far = 1, 1, ""
    row, column = 0, 0
    for found in PLACED.finditer(part):
        if found["row"] is not None:
            number = ROW_NUMBER.search(found["row"])
            row, column = int(number[1]) if number else row + 1, 0
            continue
        ref = REF.search(found["attributes"])
        at = row
        # a cell without an address stands beside the one before
        if ref is None:
            column += 1
        else:
            at, column = int(ref[2]), column_index(ref[1].decode()) + 1
        if not found["inside"]:
            continue
        if at > rows or column > columns:
            far = str(CellRef(at - 1, column - 1))
        rows, columns = max(rows, at), max(columns, column)
    if rows * columns > limits.cells:
        raise Refusal("file.far_cell", cell=far)


def find_marks(part: bytes) -> list[Mark]:
    """The cells of a sheet that hold an error, or a formula without its result."""
    usual = b"<worksheet" in part[:1000] and b"='" not in part[:1000]
    if usual and b'="e"' not in part:
        rest = len(FORMULA_TAG.findall(part))
        rest -= len(WITH_RESULT.findall(part)) if rest else 0
        bare = BARE.findall(part) if rest else []
        if len(bare) == rest:
            return [
                _mark(column, row, _quote(formula))
                for column, row, kind, formula in bare
                if kind != b"str"
            ]
    marks = []
    odd = b"e'" in part
    for cell in CELL.finditer(part):
        inside = cell["inside"] or b""
        if b"f" not in inside and b'e"' not in cell["attributes"] and not odd:
            continue
        kind = TYPE.search(cell["attributes"])
        ref = REF.search(cell["attributes"])
        result = RESULT.search(inside)
        text = None
        if kind is not None and kind[1] == b"e":
            text = result[1] if result else b"#N/A"
        elif b"f" in inside and not (result and result[1]) and not (kind and kind[1] == b"str"):
            formula = FORMULA.search(inside)
            text = None if formula is None else _quote(formula[1] or b"")
        if text is not None and ref is not None:
            marks.append(_mark(ref[1], ref[2], text))
    return marks


def _mark(column: bytes, row: bytes, text: bytes) -> Mark:
    shown = html.unescape(text.decode("utf-8", "replace"))
    return int(row) - 1, column_index(column.decode()), shown


def _quote(formula: bytes) -> bytes:
    return b"=" + (formula if len(formula) <= MOST_FORMULA else "…".encode())


def name_sheets(parts: dict[str, bytes], found: dict[str, Traces]) -> dict[str, Traces]:
    """What was found in sheet parts, by the name of the sheet."""

    def attributes(tag: bytes) -> dict[str, str]:
        pairs = ((k.decode(), v.decode("utf-8", "replace")) for k, v in ATTRIBUTE.findall(tag))
        return {k.rpartition(":")[2].lower(): html.unescape(v) for k, v in pairs}

    names = name_xlsb_sheets(parts.get("xl/workbook.bin", b""))
    for tag in SHEET_TAG.findall(parts.get("xl/workbook.xml", b"")):
        sheet = attributes(tag)
        names[sheet.get("id", "")] = sheet.get("name", "")
    named = {}
    for about in ("xl/_rels/workbook.xml.rels", "xl/_rels/workbook.bin.rels"):
        for tag in RELATION_TAG.findall(parts.get(about, b"")):
            relation = attributes(tag)
            target = relation.get("target", "").replace("\\", "/").lower()
            full = target[1:] if target.startswith("/") else "xl/" + target
            if full in found and relation.get("id") in names:
                named[names[relation["id"]]] = found[full]
    return named
