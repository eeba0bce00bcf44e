"""A plain file of lines that only grows, beside the ledger: what a kill tears is passed over."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

Line = dict[str, Any]
CHUNK = 65_536


def append_lines(path: Path, lines: Iterable[msgspec.Struct]) -> None:
    """Nothing; the file holds these values too, a line of JSON each, unless it cannot be written.

    They are handed to the system in one go and not synced: who appends keeps them elsewhere.
    """
    data = b"".join(msgspec.json.encode(line, order="deterministic") + b"\n" for line in lines)
    if not data:
        return
    # whoever only reads a round may not be allowed to write there
    with suppress(OSError), path.open("ab+") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            # what a killed process began to write ends here
            data = data if file.read(1) == b"\n" else b"\n" + data
        file.write(data)


def read_lines(path: Path) -> list[Line]:
    """The values in the file, in its order; lines that are torn are left out."""
    try:
        data = path.read_bytes()
    except OSError:
        return []
    return [line for text in data.splitlines() if (line := _read(text))]


def is_torn(path: Path) -> bool:
    """Whether something stands after the last whole line: the file may lack its end."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return False
    return bool(lines) and _read(lines[-1]) is None


def last_line(path: Path) -> Line | None:
    """The last value in the file whose line is whole; None where there is no such line."""
    try:
        with path.open("rb") as file:
            left, end = file.seek(0, os.SEEK_END), b""
            while left:
                size = min(CHUNK, left)
                left -= size
                file.seek(left)
                end = file.read(size) + end
                # what stands before the first line's end may be half a line
                whole = end if not left else end.partition(b"\n")[2]
                for text in reversed(whole.splitlines()):
                    if line := _read(text):
                        return line
    except OSError:
        pass
    return None


def _read(text: bytes) -> Line | None:
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        line = msgspec.json.decode(text)
        return line if isinstance(line, dict) and isinstance(line.get("id"), int) else None
    return None
