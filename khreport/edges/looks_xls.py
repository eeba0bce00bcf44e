"""What the records of an .xls tell of cells beside their values: looks, comments, page headers.

Runs in the child process only. Records may lie: whoever calls must expect `records.MALFORMED`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from khreport.anatomy import NOTE_AUTHOR, NOTE_HEAD
from khreport.edges.looks_xlsx import MOST_COMMENT, MOST_COMMENTS, shows_percent
from khreport.edges.records import Record
from khreport.legacy import font_encoding
from khreport.raw import CUT_AT, Look

FONT, FORMAT, CELL_FORMAT, TEXTS, CONTINUED = 0x0031, 0x041E, 0x00E0, 0x00FC, 0x003C
HEADER, FOOTER, MORE_HEADERS = 0x0014, 0x0015, 0x089C
NOTE, OBJECT, OBJECT_TEXT = 0x001C, 0x005D, 0x01B6
SHARED_TEXT, OWN_TEXT, SEVERAL_NUMBERS = 0x00FD, 0x0204, 0x00BD
FORMATTED = {SHARED_TEXT, OWN_TEXT, 0x00D6, 0x0203, 0x027E, 0x0006, 0x0205}
"""Records of a filled cell: its row, column and format, then its value."""
STRUCK = 8
NO_FONT = 4
"""The number that no font has: those behind it are counted one too high."""
PERCENT_FORMATS = {9, 10}

Styles = tuple[dict[int, list[Look]], dict[int, list[Look]]]
"""The looks of cell formats and of shared texts, by number, of those that have any."""


def looks_of(font: str, *, struck: bool) -> list[Look]:
    """How a font makes a cell look, where that changes what the cell says."""
    looks: list[Look] = ["struck"] if struck else []
    encoding = font_encoding(font)
    return [*looks, encoding] if encoding else looks


def read_styles(records: Iterable[Record]) -> Styles:
    """The looks that the workbook's own records define."""
    fonts: list[list[Look]] = []
    percents, by_format = set(PERCENT_FORMATS), {}
    formats: list[tuple[int, int]] = []
    texts: list[bytes] = []
    goes_on = False
    for kind, body in records:
        if kind == FONT:
            if len(fonts) == NO_FONT:
                fonts.append([])
            flags = struct.unpack_from("<H", body, 2)[0]
            fonts.append(looks_of(read_text(body, 15, body[14]), struck=bool(flags & STRUCK)))
        elif kind == FORMAT:
            number, length = struct.unpack_from("<HH", body)
            if shows_percent(read_text(body, 4, length)):
                percents.add(number)
        elif kind == CELL_FORMAT:
            formats.append(struct.unpack_from("<HH", body))
        goes_on = kind == TEXTS or (goes_on and kind == CONTINUED)
        if goes_on:
            texts.append(body)
    for place, (font, number) in enumerate(formats):
        looks = list(fonts[font]) if font < len(fonts) else []
        looks += ["per_cent"] if number in percents else []
        if looks:
            by_format[place] = looks
    by_text = {n: looks for n, looks in enumerate(walk_texts(texts, fonts)) if looks}
    return by_format, by_text


def read_text(body: bytes, at: int, length: int) -> str:
    """The text of so many characters, before which a byte says how wide they are."""
    wide = body[at] & 1 if length else 0
    said = body[at + 1 : at + 1 + length * (1 + wide)]
    return said.decode("utf-16-le" if wide else "latin-1", "replace")


def walk_texts(blocks: list[bytes], fonts: list[list[Look]]) -> Iterator[list[Look]]:
    """The looks of each shared text: of the fonts that parts of it are set in, of its length."""
    cursor = Cursor(blocks)
    count = struct.unpack("<II", cursor.take(8))[1] if blocks else 0
    for _ in range(count):
        length, flags = struct.unpack("<HB", cursor.take(3))
        runs = struct.unpack("<H", cursor.take(2))[0] if flags & 8 else 0
        behind = struct.unpack("<I", cursor.take(4))[0] if flags & 4 else 0
        cursor.skip_text(length, wide=bool(flags & 1))
        looks: list[Look] = ["cut"] if length == CUT_AT else []
        for start, font in struct.iter_unpack("<HH", cursor.take(4 * runs)):
            if start < length and font < len(fonts):
                looks += fonts[font]
        cursor.take(behind)
        yield list(dict.fromkeys(looks))


class Cursor:
    """A place in a record that is continued in others."""

    def __init__(self, blocks: list[bytes]) -> None:
        self._blocks, self._block, self._at = blocks, 0, 0

    def take(self, count: int) -> bytes:
        """The next bytes, wherever they stand."""
        pieces = []
        while count > 0:
            piece = self._here()[self._at : self._at + count]
            pieces.append(piece)
            count -= len(piece)
            self._at += len(piece)
        return b"".join(pieces)

    def skip_text(self, length: int, *, wide: bool) -> None:
        """Nothing; so many characters are behind. Where a text goes on, it tells anew how wide."""
        while length > 0:
            if self._at >= len(self._blocks[self._block]):
                wide, self._at = bool(self._here()[0] & 1), 1
            size = 1 + wide
            step = min(length, (len(self._blocks[self._block]) - self._at) // size)
            if step == 0 and self._at < len(self._blocks[self._block]):
                raise IndexError(length)  # half a character
            length -= step
            self._at += step * size

    def _here(self) -> bytes:
        """The block in which there is something left."""
        while self._at >= len(self._blocks[self._block]):
            self._block, self._at = self._block + 1, 0
        return self._blocks[self._block]


def find_looks(records: Iterable[Record], styles: Styles) -> Iterator[tuple[int, int, Look]]:
    """The cells of a sheet that have a look."""
    by_format, _ = styles
    for kind, body in records:
        if kind in FORMATTED:
            row, column, number = struct.unpack_from("<HHH", body)
            for look in _looks_at(kind, body, number, styles):
                yield row, column, look
        elif kind == SEVERAL_NUMBERS:
            row, first = struct.unpack_from("<HH", body)
            numbers = struct.iter_unpack("<H4x", body[4:-2])
            for column, (number,) in enumerate(numbers, start=first):
                for look in by_format.get(number, ()):
                    yield row, column, look


def read_pages(records: Iterable[Record]) -> Iterator[str]:
    """What the headers and footers of a sheet say."""
    for kind, body in records:
        if kind in (HEADER, FOOTER) and body:
            yield read_text(body, 2, struct.unpack_from("<H", body)[0])
        elif kind == MORE_HEADERS:
            at = 38
            for length in struct.unpack_from("<HHHH", body, 30):
                if length:
                    yield read_text(body, at + 2, length)
                    at += 3 + length * (1 + (body[at + 2] & 1))


def read_shapes(records: Iterable[Record]) -> tuple[list[tuple[int, int, str]], list[str]]:
    """What people wrote beside cells, our own comments left out; what other shapes say."""
    said: dict[int, str] = {}
    notes: list[tuple[int, int, int, str]] = []
    shape = left = 0
    for kind, body in records:
        if kind == OBJECT:
            (shape,) = struct.unpack_from("<H", body, 6)
        elif kind == OBJECT_TEXT:
            (left,) = struct.unpack_from("<H", body, 10)
            said[shape] = ""
        elif kind == CONTINUED and left > 0:
            part = read_text(body, 0, left)
            said[shape] += part
            left -= max(len(part), 1)
        elif kind == NOTE and len(notes) < MOST_COMMENTS:
            row, column, _, of_note, length = struct.unpack_from("<HHHHH", body)
            notes.append((row, column, of_note, read_text(body, 10, length)))
    comments = []
    for row, column, shape, author in notes:
        text = said.pop(shape, "").strip()
        if text and author != NOTE_AUTHOR and not text.startswith(NOTE_HEAD):
            comments.append((row, column, text[:MOST_COMMENT]))
    return comments, list(said.values())


def _looks_at(kind: int, body: bytes, number: int, styles: Styles) -> list[Look]:
    by_format, by_text = styles
    looks = list(by_format.get(number, ()))
    if kind == SHARED_TEXT:
        looks += by_text.get(struct.unpack_from("<I", body, 6)[0], ())
    elif kind == OWN_TEXT and struct.unpack_from("<H", body, 6)[0] == CUT_AT:
        looks.append("cut")
    return list(dict.fromkeys(looks))
