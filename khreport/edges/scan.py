"""What is looked at in a file before it is parsed: its kind, its size, its dangers.

Runs in the child process only. The scan reads raw parts; it never believes a declared size.
"""

from __future__ import annotations

import html
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from khreport.raw import Limits, Problem

Mark = tuple[int, int, str]


class Refusal(Exception):  # noqa: N818 - the file is at fault, not the program
    """The file is not read; the code says why."""

    def __init__(self, code: str, **parts: str) -> None:
        super().__init__(code)
        self.problem = Problem(code, parts)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"{\\rtf", "document"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
)
WORKBOOKS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
UNREAD = ("xl/vbaproject", "xl/printersettings", "xl/embeddings", "xl/activex")
"""Parts that the parser never opens, and that need no scan."""
FAR = re.compile(rb' r="(?:[A-Z]{3}|[A-Z]*\d{5})')
CELL = re.compile(
    rb"""<(?:\w+:)?c\b(?P<attributes>(?:[^>"']|"[^"]*"|'[^']*')*?)(?:/>|>(?P<inside>.*?)</(?:\w+:)?c\s*>)""",
    re.DOTALL,
)
REF = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
TYPE = re.compile(rb"""\bt\s*=\s*["'](\w+)["']""")
RESULT = re.compile(rb"<(?:\w+:)?(?:v|is)(?:\s[^>]*)?>(.*?)</(?:\w+:)?(?:v|is)\s*>", re.DOTALL)
FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</)", re.DOTALL)
FORMULA_TAG = re.compile(rb"<f[ />]")
ENCODING = re.compile(rb"""<\?xml[^>]{0,80}encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
RELATION_TAG = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")


def load_bytes(path: bytes, limits: Limits) -> bytes:
    """The file's content, if it has one and is not too big."""
    try:
        found = os.stat(path)  # noqa: PTH116 - the path is bytes
        if not stat.S_ISREG(found.st_mode):
            raise Refusal("file.unopenable")
        if found.st_size > limits.file_bytes:
            raise Refusal("file.too_big", limit=str(limits.file_bytes // 2**20))
        with open(path, "rb") as file:  # noqa: PTH123 - the path is bytes
            data = file.read(limits.file_bytes + 1)
    except OSError as error:
        raise Refusal("file.unopenable") from error
    if not data:
        raise Refusal("file.empty")
    return data


def inspect(data: bytes, limits: Limits) -> tuple[list[Problem], dict[str, list[Mark]]]:
    """Things to know of a file that may be parsed, and marks by sheet name."""
    if data.startswith(OLE):
        return inspect_ole(data), {}
    if not data.startswith(b"PK\3\4"):
        raise Refusal("file.not_workbook", kind=guess_kind(data))
    return inspect_zip(data, limits)


def guess_kind(data: bytes) -> str:
    """What kind of file it seems to be, of those that a person would name."""
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            return kind
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml")):
        return "web"
    return "unknown" if b"\0" in start else "text"


def inspect_ole(data: bytes) -> list[Problem]:
    """Things to know of a file in the old format, if it is an open workbook."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise Refusal("file.encrypted")
    if not (holds("Workbook") or holds("Book")):
        raise Refusal("file.not_workbook", kind="document")
    return [Problem("file.macros")] if holds("_VBA_PROJECT") else []


def inspect_zip(data: bytes, limits: Limits) -> tuple[list[Problem], dict[str, list[Mark]]]:
    """Things to know of a zipped workbook, and marks by sheet name."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refusal("file.damaged") from error
    names = [entry.filename.lower() for entry in entries]
    check_entries(data, entries, names, limits)
    left = limits.inflated_bytes
    parts: dict[str, bytes] = {}
    found: dict[str, list[Mark]] = {}
    for entry, name in zip(entries, names, strict=True):
        if not name.endswith((".xml", ".rels", ".bin")) or name.startswith(UNREAD):
            continue
        part = inflate(data, entry, left)
        left -= len(part)
        if not name.endswith(".bin"):
            check_part(part)
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            check_reach(part, limits)
            if marks := find_marks(part):
                found[name] = marks
        elif name == "content.xml" and b'value-type="error"' in part:
            raise Refusal("file.formula_errors")
        elif name in {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}:
            parts[name] = part
    return list(note_parts(names)), name_sheets(parts, found) if found else {}


def note_parts(names: list[str]) -> Iterator[Problem]:
    """What a workbook carries beside its cells."""
    if any(name.endswith("vbaproject.bin") or name.startswith("basic/") for name in names):
        yield Problem("file.macros")
    if any(name.startswith("xl/externallinks/") for name in names):
        yield Problem("file.links")


def check_entries(
    data: bytes, entries: list[zipfile.ZipInfo], names: list[str], limits: Limits
) -> None:
    """Nothing, if the archive holds a workbook as an office program packs it."""
    if not WORKBOOKS.intersection(names):
        kind = "document" if any(n.startswith(("word/", "ppt/")) for n in names) else "archive"
        raise Refusal("file.not_workbook", kind=kind)
    if len(entries) > limits.entries:
        raise Refusal("file.too_complex")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refusal("file.encrypted")
    if len(set(names)) < len(names) or any(e.compress_type not in (0, 8) for e in entries):
        raise Refusal("file.odd")
    ends = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < ends or entry.header_offset + 30 > len(data):
            raise Refusal("file.odd")
        ends = entry.header_offset + 30 + entry.compress_size


def inflate(data: bytes, entry: zipfile.ZipInfo, most: int) -> bytes:
    """An entry's content, of which no more than `most` bytes are ever held."""
    name_length, extra_length = struct.unpack_from("<HH", data, entry.header_offset + 26)
    start = entry.header_offset + 30 + name_length + extra_length
    packed = data[start : start + entry.compress_size]
    if len(packed) < entry.compress_size:
        raise Refusal("file.damaged")
    if entry.compress_type == zipfile.ZIP_STORED:
        part, whole = packed, True
    else:
        inflater = zlib.decompressobj(-15)
        try:
            part = inflater.decompress(packed, most + 1)
        except zlib.error as error:
            raise Refusal("file.damaged") from error
        whole = inflater.eof
    if len(part) > most:
        raise Refusal("file.too_complex")
    if not whole:
        raise Refusal("file.damaged")
    return part


def check_part(part: bytes) -> None:
    """Nothing, if the part is plain text that defines no entities of its own."""
    if part.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in part or ENCODING.match(part):
        raise Refusal("file.encoding")
    if b"<!DOCTYPE" in part:
        raise Refusal("file.entities")


def check_reach(part: bytes, limits: Limits) -> None:
    """Nothing, if the sheet's filled cells span a range that can be held."""
    if FAR.search(part) is None and b" r='" not in part:
        return
    rows, columns, far = 1, 1, b""
    for cell in CELL.finditer(part):
        ref = REF.search(cell["attributes"])
        if ref is None or not cell["inside"]:
            continue
        row, column = int(ref[2]), column_number(ref[1]) + 1
        if row > rows or column > columns:
            far = ref[1] + ref[2]
        rows, columns = max(rows, row), max(columns, column)
    if rows * columns > limits.cells:
        raise Refusal("file.far_cell", cell=far.decode())


def column_number(letters: bytes) -> int:
    """The column, counted from zero, that the letters name."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def find_marks(part: bytes) -> list[Mark]:
    """The cells of a sheet that hold an error, or a formula without its result."""
    usual = b"<worksheet" in part[:1000] and b"='" not in part[:1000]
    if usual and b'="e"' not in part and FORMULA_TAG.search(part) is None:
        return []
    marks = []
    for cell in CELL.finditer(part):
        inside = cell["inside"] or b""
        kind = TYPE.search(cell["attributes"])
        ref = REF.search(cell["attributes"])
        result = RESULT.search(inside)
        text = None
        if kind is not None and kind[1] == b"e":
            text = result[1] if result else b"#N/A"
        elif b"f" in inside and not (result and result[1]) and not (kind and kind[1] == b"str"):
            formula = FORMULA.search(inside)
            text = None if formula is None else b"=" + (formula[1] or b"")
        if text is not None and ref is not None:
            shown = html.unescape(text.decode("utf-8", "replace"))
            marks.append((int(ref[2]) - 1, column_number(ref[1]), shown))
    return marks


def name_sheets(parts: dict[str, bytes], found: dict[str, list[Mark]]) -> dict[str, list[Mark]]:
    """What was found in sheet parts, by the name of the sheet."""

    def attributes(tag: bytes) -> dict[str, str]:
        pairs = ATTRIBUTE.findall(tag)
        return {k.rpartition(b":")[2].decode().lower(): html.unescape(v.decode()) for k, v in pairs}

    targets = {}
    for tag in RELATION_TAG.findall(parts.get("xl/_rels/workbook.xml.rels", b"")):
        relation = attributes(tag)
        target = relation.get("target", "").lower()
        full = target[1:] if target.startswith("/") else "xl/" + target
        targets[relation.get("id")] = full
    named = {}
    for tag in SHEET_TAG.findall(parts.get("xl/workbook.xml", b"")):
        sheet = attributes(tag)
        marks = found.get(targets.get(sheet.get("id"), ""))
        if marks:
            named[sheet.get("name", "")] = marks
    return named
