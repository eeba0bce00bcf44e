"""The zip archive that a workbook is: its entries checked, and inflated under a limit."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from copy import copy

from khreport.edges.file_kind import refuse_archive
from khreport.raw import MB, Limits, Refusal

ENTRY, END = b"PK\1\2", b"PK\5\6"
LOCAL_HEADER = 30
ABOUT, PLACE = struct.Struct("<HHHHHIIIHH"), struct.Struct("<HHHII")
CLOSING = struct.Struct("<HHHHIIH")
UNICODE_NAME = 0x800
MOST_KEPT = 8 * MB
"""The size of all parts up to which they are kept."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def list_entries(data: bytes, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """The entries by name, in small letters, if an office program packs a workbook so."""
    if END not in data:
        raise Refusal("file.truncated")
    if data.count(ENTRY) > limits.entries:
        raise Refusal("file.entries", limit=str(limits.entries))
    archive = read_directory(io.BytesIO(data))
    entries = archive.infolist()
    named = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
    refusal = refuse_archive(named, _media_type(data, named))
    if refusal is not None:
        raise refusal
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refusal("file.encrypted")
    if len(named) < len(entries):
        raise Refusal("file.doubled_parts")
    if any(map(_leads_outside, entries)):
        raise Refusal("file.outside_paths")
    # Another reader must not be able to find another list of entries than we did.
    lists = data.count(END, archive.start_dir)
    if lists != 1 or any(entry.compress_type not in METHODS for entry in entries):
        raise Refusal("file.odd")
    _refuse_overlaps(data, entries, archive.start_dir)
    return named


def read_directory(file: str | io.BytesIO) -> zipfile.ZipFile:
    """A zipped file, by path or in memory, of which only the list of entries is read.

    Raises:
        Refusal: the list cannot be read.

    """
    try:
        with zipfile.ZipFile(file) as archive:
            return archive
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refusal("file.damaged") from error


def _media_type(data: bytes, named: dict[str, zipfile.ZipInfo]) -> bytes:
    entry = named.get("mimetype")
    return b"" if entry is None else inflate(data, entry, 200)


def _leads_outside(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename.replace("\\", "/")
    return name.startswith("/") or "\0" in name or ":" in name or ".." in name.split("/")


def _refuse_overlaps(data: bytes, entries: list[zipfile.ZipInfo], end_of_parts: int) -> None:
    ends = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < ends:
            raise Refusal("file.overlapping")
        ends = content_start(data, entry) + entry.compress_size
    if ends > end_of_parts:
        raise Refusal("file.overlapping")


def content_start(data: bytes, entry: zipfile.ZipInfo) -> int:
    """Where an entry's content begins, behind the header that stands before it."""
    at = entry.header_offset
    if at < 0 or at + LOCAL_HEADER > len(data) or not data.startswith(b"PK\3\4", at):
        raise Refusal("file.damaged")
    name_length, extra_length = struct.unpack_from("<HH", data, at + 26)
    return int(at + LOCAL_HEADER + name_length + extra_length)


class Parts:
    """The parts of an archive, inflated one by one under a common limit; small ones are kept."""

    def __init__(self, data: bytes, entries: dict[str, zipfile.ZipInfo], most: int) -> None:
        self.data, self.entries = data, entries
        self._most = self._left = most
        self._kept: dict[str, bytes] = {}
        self._replaced: dict[str, bytes] = {}

    def open(self, name: str) -> bytes:
        """The content of a part, which counts against the limit."""
        part = inflate(self.data, self.entries[name], self._left)
        self._left -= len(part)
        if self.are_small:
            self._kept[name] = part
        return part

    def reopen(self, name: str) -> bytes:
        """The content of a part that was opened before."""
        known = self._replaced.get(name) or self._kept.get(name)
        return known or inflate(self.data, self.entries[name], self._most)

    def replace(self, name: str, part: bytes) -> None:
        """Nothing; this content stands for the part that was opened under the name."""
        if zlib.crc32(self.reopen(name)) != self.entries[name].CRC:
            raise Refusal("file.damaged")
        self._replaced[name] = part
        entry = copy(self.entries[name])
        entry.CRC = zlib.crc32(part)
        self.entries[name] = entry

    def pack(self) -> bytes:
        """The opened parts as an archive that need not be inflated again; else the file itself."""
        if not self.are_small and not self._replaced:
            return self.data
        names = self._kept if self.are_small else self.entries
        return store_parts((self.entries[name], self.reopen(name)) for name in names)

    @property
    def are_small(self) -> bool:
        """Whether all parts that were opened are kept."""
        return self._most - self._left <= MOST_KEPT


def store_parts(parts: Iterable[tuple[zipfile.ZipInfo, bytes]]) -> bytes:
    """An archive of these parts as they are, under the checksums that their entries declare.

    Who reads it finds what was looked at and nothing else, and need not inflate it again.
    """
    pieces: list[bytes] = []
    listed: list[bytes] = []
    at = 0
    for entry, part in parts:
        unicode = entry.flag_bits & UNICODE_NAME
        name = entry.orig_filename.encode("utf-8" if unicode else "cp437")
        size, day = len(part), 33
        about = ABOUT.pack(20, unicode, 0, 0, day, entry.CRC, size, size, len(name), 0)
        pieces += (b"PK\3\4", about, name, part)
        listed += (ENTRY, b"\x14\0", about, PLACE.pack(0, 0, 0, 0, at), name)
        at += LOCAL_HEADER + len(name) + size
    count, length = len(pieces) // 4, sum(map(len, listed))
    return b"".join([*pieces, *listed, END, CLOSING.pack(0, 0, count, count, length, at, 0)])


def inflate(data: bytes, entry: zipfile.ZipInfo, most: int) -> bytes:
    """An entry's content, of which no more than `most` bytes are ever held."""
    start = content_start(data, entry)
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
        raise Refusal("file.inflated")
    if not whole:
        raise Refusal("file.damaged")
    return part
