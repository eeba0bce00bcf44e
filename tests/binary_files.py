"""Small .xls and .xlsb files and the container of old Office files, written bit by bit.

No program at hand writes them, and the tests need them odd.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence

SECTOR = 512
FREE, END_OF_CHAIN, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
ERRORS = {"#DIV/0!": 7, "#REF!": 23}

Cell = tuple[int, int, str | float]


def compound(streams: Mapping[str, bytes], storages: Iterable[str] = ()) -> bytes:
    """A container that holds the streams (filled up to 4096 bytes) and empty storages."""
    padded = {
        name: body.ljust(max(4096, -(-len(body) // SECTOR) * SECTOR), b"\0")
        for name, body in streams.items()
    }
    entries = [("Root Entry", 5, END_OF_CHAIN, 0)]
    entries += [(name, 1, 0, 0) for name in storages]
    directory_sectors = -(-(len(entries) + len(padded)) // 4)
    content_sectors = sum(len(body) // SECTOR for body in padded.values())
    tables = -(-(directory_sectors + content_sectors + 1) // (SECTOR // 4 - 1))
    links = [FAT] * tables + chain(tables, directory_sectors)
    for name, body in padded.items():
        entries.append((name, 2, len(links), len(body)))
        links += chain(len(links), len(body) // SECTOR)
    links += [FREE] * (tables * SECTOR // 4 - len(links))
    directory = b"".join(
        directory_entry(entry, place, len(entries)) for place, entry in enumerate(entries)
    )
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 62, 3, 0xFFFE, 9, 6,
        0, tables, tables, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0,
    )  # fmt: skip
    header += b"".join(struct.pack("<I", n if n < tables else FREE) for n in range(109))
    body = struct.pack(f"<{len(links)}I", *links)
    body += directory.ljust(directory_sectors * SECTOR, b"\0") + b"".join(padded.values())
    return header + body


def chain(start: int, count: int) -> list[int]:
    return [*range(start + 1, start + count), END_OF_CHAIN] if count else []


def directory_entry(entry: tuple[str, int, int, int], place: int, count: int) -> bytes:
    """A line of the list; those at the top form a chain by their right-hand neighbours."""
    name, kind, start, size = entry
    text = name.encode("utf-16-le") + b"\0\0"
    following = place + 1 if 0 < place < count - 1 else FREE
    first = 1 if place == 0 and count > 1 else FREE
    return struct.pack(
        "<64sHBBIII36xIII", text, len(text), kind, 1, FREE, following, first, start, size, 0
    )


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls_stream(cells: Iterable[Cell], *globals_: bytes, name: str = "A") -> bytes:
    """The stream of an .xls of one sheet; `globals_` are further records at its beginning."""
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 1997, 0, 0))
    held = b"".join(globals_)
    at = len(begin) + len(held) + 4 + 8 + 2 * len(name) + 4
    sheet = record(0x0085, struct.pack("<IBBBB", at, 0, 0, len(name), 1) + name.encode("utf-16-le"))
    content = b"".join(map(xls_cell, cells))
    begin_sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 16, 0, 1997, 0, 0))
    return begin + held + sheet + record(0x000A) + begin_sheet + content + record(0x000A)


def xls_cell(cell: Cell) -> bytes:
    row, column, value = cell
    where = struct.pack("<HHH", row, column, 0)
    if value in ERRORS:
        return record(0x0205, where + bytes([ERRORS[str(value)], 1]))
    if isinstance(value, str):
        text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
        return record(0x0204, where + text)
    return record(0x0203, where + struct.pack("<d", value))


def xls(cells: Iterable[Cell], *globals_: bytes, storages: Iterable[str] = ()) -> bytes:
    return compound({"Workbook": xls_stream(cells, *globals_)}, storages)


def part_record(kind: int, body: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = b"", len(body)
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return number + length + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_sheet(cells: Iterable[Cell], looks: Mapping[tuple[int, int], int], behind: bytes) -> bytes:
    """A sheet's part; `looks` are the numbers of cells' formats, `behind` stands at its end."""
    content, last = b"", -1
    for row, column, value in cells:
        if row != last:
            content += part_record(0, struct.pack("<IIHH5x", row, 0, 300, 0))
            last = row
        where = struct.pack("<II", column, looks.get((row, column), 0))
        if value in ERRORS:
            content += part_record(3, where + bytes([ERRORS[str(value)]]))
        elif isinstance(value, str):
            content += part_record(6, where + wide(value))
        else:
            content += part_record(5, where + struct.pack("<d", value))
    size = part_record(148, struct.pack("<IIII", 0, max(last, 0), 0, 3))
    begin = part_record(129) + size + part_record(145)
    return begin + content + part_record(146) + behind + part_record(130)


def xlsb_font(name: str, *, struck: bool = False) -> bytes:
    about = struct.pack("<HHHHBBBB8xB", 220, 8 * struck, 400, 0, 0, 0, 0, 0, 2)
    return part_record(43, about + wide(name))


def xlsb_styles(formats: Sequence[tuple[int, int]]) -> bytes:
    """The styles of three fonts, the second struck, the third .VnTime; 164 is per cent.

    Each format is a number format and a font, by number.
    """
    fonts = xlsb_font("Arial") + xlsb_font("Arial", struck=True) + xlsb_font(".VnTime")
    numbers = part_record(615, struct.pack("<I", 2))
    numbers += part_record(44, struct.pack("<H", 164) + wide("0.0%"))
    numbers += part_record(44, struct.pack("<H", 165) + wide('0"%"'))
    cells = part_record(617, struct.pack("<I", len(formats)))
    cells += b"".join(part_record(47, struct.pack("<HHH10x", 0, *each)) for each in formats)
    base = part_record(626) + part_record(47, struct.pack("<HHH10x", 0xFFFF, 164, 1))
    base += part_record(627)
    return (
        part_record(278) + numbers + part_record(616) + part_record(611) + fonts
        + part_record(612) + base + cells + part_record(618) + part_record(279)
    )  # fmt: skip


def xlsb_text(text: str, runs: Iterable[tuple[int, int]] = ()) -> bytes:
    """A text, from some characters on in other fonts."""
    held = b"".join(struct.pack("<HH", *run) for run in runs)
    count = struct.pack("<I", len(held) // 4) if held else b""
    return bytes([bool(held)]) + wide(text) + count + held


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsb_texts(*texts: bytes) -> bytes:
    """The part of shared texts, each as `xlsb_text` makes it."""
    begin = part_record(159, struct.pack("<II", len(texts), len(texts)))
    return begin + b"".join(part_record(19, text) for text in texts) + part_record(160)


def xlsb_parts(
    cells: Iterable[Cell], looks: Mapping[tuple[int, int], int] | None = None, behind: bytes = b""
) -> dict[str, bytes]:
    """The parts of an .xlsb of one sheet named "A"."""
    sheet = part_record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("A"))
    book = part_record(131) + part_record(143) + sheet + part_record(144) + part_record(132)
    relation = '<Relationship Id="rId1" Type="{}/{}" Target="{}"/>'
    relations = f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
    types = f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types"/>'
    return {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": (
            relations + relation.format(RELATIONS, "officeDocument", "xl/workbook.bin")
            + "</Relationships>"
        ).encode(),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": (
            relations + relation.format(RELATIONS, "worksheet", "worksheets/sheet1.bin")
            + "</Relationships>"
        ).encode(),
        "xl/worksheets/sheet1.bin": xlsb_sheet(cells, looks or {}, behind),
    }  # fmt: skip
