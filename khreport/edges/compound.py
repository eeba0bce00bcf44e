"""The container of old Office files (and of encrypted new ones): its streams, by name.

Every number in it may lie: chains may loop, sectors may lie beyond the end.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from khreport.raw import Refusal

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTRY_LENGTH = 128
MINI_LIMIT = 4096
"""A shorter stream stands in the small sectors of the root's own stream."""
STORAGE, STREAM, ROOT = 1, 2, 5


class Compound:
    """A container that was opened: `top` names what stands at its top, `names` all there is."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512:  # noqa: PLR2004 - the length of its header
            raise Refusal("file.truncated")
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:  # noqa: PLR2004 - the two versions there are
            raise Refusal("file.damaged")
        self._size = 1 << shift
        self._links = self._read_links()
        directory = self._chain(struct.unpack_from("<I", data, 48)[0])
        self._entries = [
            directory[at : at + ENTRY_LENGTH]
            for at in range(0, len(directory) - ENTRY_LENGTH + 1, ENTRY_LENGTH)
        ]
        if not self._entries or self._entries[0][66] != ROOT:
            raise Refusal("file.damaged")
        self._places = {self._name(n): n for n in self._beneath(0)}
        self.top = set(self._places)
        self.names = {self._name(n) for n in range(len(self._entries))}

    def stream(self, name: str) -> bytes:
        """The content of a stream at the top, or nothing if there is none."""
        number = self._places.get(name)
        if number is None or self._entries[number][66] != STREAM:
            return b""
        start, length = struct.unpack_from("<II", self._entries[number], 116)
        if length >= MINI_LIMIT:
            return self._chain(start)[:length]
        small = self._chain(struct.unpack_from("<I", self._entries[0], 116)[0])
        table = self._chain(struct.unpack_from("<I", self.data, 60)[0])
        links = [link for (link,) in struct.iter_unpack("<I", table)]
        parts = [small[at * 64 : at * 64 + 64] for at in follow(start, links)]
        return b"".join(parts)[:length]

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        return self.data[at : at + self._size]

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in follow(start, self._links))

    def _read_links(self) -> list[int]:
        """For each sector the one that follows it."""
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        (more,) = struct.unpack_from("<I", self.data, 68)
        last = len(self.data) // self._size
        while more < last and len(sectors) <= last:
            table = self._sector(more)
            if len(table) < self._size:
                break
            *others, more = struct.unpack(f"<{self._size // 4}I", table)
            sectors += others
        tables = (self._sector(number) for number in sectors if number < last)
        whole = (table[: len(table) // 4 * 4] for table in tables)
        return [link for table in whole for (link,) in struct.iter_unpack("<I", table)][: last + 1]

    def _name(self, number: int) -> str:
        entry = self._entries[number]
        length = min(struct.unpack_from("<H", entry, 64)[0], 64)
        return entry[: max(length - 2, 0)].decode("utf-16-le", "replace").lstrip("\1\5\6\t")

    def _beneath(self, storage: int) -> Iterator[int]:
        """The entries that stand in a storage itself."""
        seen: set[int] = set()
        waiting = [struct.unpack_from("<I", self._entries[storage], 76)[0]]
        while waiting:
            number = waiting.pop()
            if number >= len(self._entries) or number in seen:
                continue
            seen.add(number)
            waiting += struct.unpack_from("<II", self._entries[number], 68)
            yield number


def follow(start: int, links: list[int]) -> Iterator[int]:
    """The numbers of a chain, which ends where it leaves the table or comes back to itself."""
    seen = bytearray(len(links))
    while start < len(links) and not seen[start]:
        seen[start] = 1
        yield start
        start = links[start]
