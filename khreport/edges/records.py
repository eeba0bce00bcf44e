"""The records that binary workbooks (.xls, .xlsb) are a sequence of."""

from __future__ import annotations

import struct
from collections.abc import Iterator

Record = tuple[int, bytes]
"""What kind it is of, and its content."""
MALFORMED = (struct.error, IndexError)
"""What is raised where a record is shorter than it must be."""
BOF, EOF = 0x0809, 0x000A


def split_records(stream: bytes, at: int) -> Iterator[Record]:
    """The records of one part of an .xls, up to its end."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == EOF:
            depth -= 1
            if depth <= 0:
                return
        depth += kind == BOF
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def split_parts(part: bytes) -> Iterator[Record]:
    """The records of a part of an .xlsb."""
    at, end = 0, len(part)
    while at < end:
        kind = part[at]
        at += 1
        if kind & 0x80 and at < end:
            kind = (kind & 0x7F) | (part[at] & 0x7F) << 7
            at += 1
        length = 0
        for shift in (0, 7, 14, 21):
            if at >= end:
                return
            length |= (part[at] & 0x7F) << shift
            at += 1
            if not part[at - 1] & 0x80:
                break
        yield kind, part[at : at + length]
        at += length


def join_part(kind: int, body: bytes) -> bytes:
    """A record as it stands in a part of an .xlsb."""
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])  # noqa: PLR2004 - seven bits
    length = len(body)
    sizes = [length >> shift & 0x7F for shift in (0, 7, 14, 21)]
    last = max((place for place, size in enumerate(sizes) if size), default=0)
    marked = [size | 0x80 if place < last else size for place, size in enumerate(sizes)]
    return number + bytes(marked[: last + 1]) + body
