"""Zip archives that people pack returns into, opened under limits; a workbook is none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath

from khreport.edges.archive import METHODS, UNICODE_NAME, inflate, read_directory
from khreport.edges.file_kind import refuse_archive
from khreport.mails import Piece
from khreport.raw import MB, Limits, Refusal
from khreport.text import clean

ARCHIVES = ("file.archive", "file.nested")
MOST_ENTRIES = 500
LITTER = ("__MACOSX", ".DS_Store", "desktop.ini", "thumbs.db")


def is_archive(file: str | io.BytesIO) -> bool:
    """Whether a zipped file, by path or in memory, holds files of people and is no document."""
    return why_no_workbook(file) in ARCHIVES


def why_no_workbook(file: str | io.BytesIO) -> str:
    """The code of what a zipped file is instead of a workbook; "" if it may be one."""
    try:
        entries = read_directory(file).infolist()
    except Refusal:
        return ""
    names = [entry.filename.replace("\\", "/").lower() for entry in entries]
    refusal = refuse_archive(names, b"")
    return refusal.problem.code if refusal else ""


def unzip(data: bytes, limits: Limits, left: int) -> list[Piece]:
    """The files in a zip archive by the names that stand there, `left` bytes at most in all.

    Raises:
        Refusal: it has a password, holds more than the limits allow, or is damaged.

    """
    pieces: list[Piece] = []
    for name, content in _files(data, limits):
        left -= len(content)
        if left < 0:
            raise Refusal("file.archive_large")
        pieces.append(Piece(name=name, data=content))
    return pieces


def _files(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    listed = read_directory(io.BytesIO(data)).infolist()
    entries = [entry for entry in listed if not entry.filename.endswith("/")]
    if len(entries) > MOST_ENTRIES:
        raise Refusal("file.archive_large")
    for entry in entries:
        name = _name(entry)
        if any(
            part in LITTER or part.startswith(("._", "~$")) for part in PurePosixPath(name).parts
        ):
            continue
        if entry.flag_bits & 1:
            raise Refusal("file.archive_locked")
        if entry.compress_type not in METHODS:
            raise Refusal("file.archive")
        try:
            yield name, inflate(data, entry, int(limits.file_mb * MB))
        except Refusal as refusal:
            if refusal.problem.code == "file.inflated":
                raise Refusal("file.archive_large") from refusal
            raise


def _name(entry: zipfile.ZipInfo) -> str:
    """An entry's name without what leads out of its folder."""
    name = entry.filename
    if not entry.flag_bits & UNICODE_NAME:
        # read as code page 437 by the standard; programs write others and do not say which
        with suppress(UnicodeEncodeError):
            raw = name.encode("cp437")
            for encoding in ("utf-8", "cp1258"):
                with suppress(UnicodeDecodeError):
                    name = raw.decode(encoding)
                    break
    parts = clean(name).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..")) or "khong-ten"
