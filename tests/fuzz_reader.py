"""Workbooks changed at random, read as if they had come back: `python tests/fuzz_reader.py 120`.

Found is whatever raises in this process, a problem without a sentence, a reading that takes
longer or more memory than it may, and a sound file that is not read any more afterwards. A file
that ends the reading process is counted only: that is what the process is for. The seed is an
argument, so that a run can be repeated; what was found is kept in the folder that is named last.
With atheris installed, `--atheris` lets it choose the changes to the scan by what they reach.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import inspect
import io
import os
import random
import struct
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from binary_files import xls, xlsb_parts
from malformed import ods, ods_row, pack, samples, sound
from mini_return import TASKS, Return, return_edition

from khreport.edges import (
    archive,
    compound,
    file_kind,
    looks_ods,
    looks_xls,
    looks_xlsb,
    looks_xlsx,
    scan,
    scan_binary,
    scan_ods,
)
from khreport.edges.child import read_file
from khreport.edges.reader import Reader
from khreport.edges.xlsx import write_book
from khreport.layout.correction import lay_out_correction
from khreport.layout.workbook import lay_out_workbook
from khreport.messages import MESSAGES
from khreport.raw import Limits, RawWorkbook, Refusal
from khreport.read.submissions import read_submission

LIMITS = Limits()
SLOW_SECONDS = LIMITS.seconds + 3
WORDS = (
    *(b"NaN", b"inf", b"1e999", b"-1", b"0", b"4294967295", b"18446744073709551616", b"1048576"),
    *(b"XFD1048576", b"A0", b"ZZZZ1", b"A1:XFD1048576", b"<c>", b"</c>", b"<row>", b"<is><t>"),
    *(b"<f>cmd|'/C calc'!A0</f>", b' t="e"', b' t="d"', b' t="s"', b' t="inlineStr"', b"&#0;"),
    *(b"&lt;", b"&x;", b"<!--", b"-->", b"<![CDATA[", b"\xef\xbb\xbf", b"\xff\xfe"),
    *(b"\xed\xa0\x80", b"9" * 400, b"x" * 40_000),
    *(b"=1+1", b"@x", b"\0", b'"', b"'", b">", b"<", b"2024-13-45T99:99:99"),
    *(b' table:number-rows-repeated="2147483647"', b' table:number-columns-repeated="99999999"'),
    *(b"1" * 20, b"\xff\xff\xff\xff", b"\0\0\0\x80", b"PK\1\2", b"PK\5\6", b"PK\3\4", b"../"),
)  # fmt: skip


ANSWERS = {
    "E11": "Hoàn thành",
    "F11": 100,
    "G11": dt.date(2024, 6, 28),
    "H11": "Đã ban hành",
    "I11": "1",
    "E14": "Đang thực hiện",
    "F14": "75 %",
    "G14": "28/6/2024",
    "H14": "x" * 900,
    "I14": "1; 3",
}
SOUND = 6
"""So many of the seeds are sound."""


def seeds(folder: Path) -> list[bytes]:
    """Workbooks in every format, the first ones sound, two of these ours."""
    path, filled = folder / "bieu.xlsx", folder / "da-dien.xlsx"
    write_book(lay_out_workbook(return_edition(), "sxd"), path)
    returned = Return()
    for cell, value in ANSWERS.items():
        returned.put(TASKS, cell, value)
    with xlsxwriter.Workbook(filled) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, grid in returned.grids.items():
            sheet = book.add_worksheet(name)
            for row, values in enumerate(grid):
                for column, value in enumerate(values):
                    sheet.write(row, column, value, day if isinstance(value, dt.date) else None)
    cells: list[tuple[int, int, str | float]] = [(0, 0, "Nhiệm vụ"), (0, 1, 12.5), (2, 1, "#REF!")]
    return [
        path.read_bytes(),
        filled.read_bytes(),
        xls(cells),
        pack(xlsb_parts(cells)),
        ods(ods_row(2, 3) + ods_row()),
        pack(sound()),
        *(sample.content for sample in samples() if len(sample.content) < 20_000),
    ]


def change_bytes(content: bytes, chance: random.Random, kinds: int = 6) -> bytes:
    """The content with a few of its bytes flipped, cut out, doubled or replaced."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at = chance.randrange(len(changed) + 1)
        to = at + chance.choice((0, 1, 2, 4, 8, 50))
        match chance.randrange(kinds):
            case 0:
                changed[at:to] = b""
            case 1:
                changed[at:at] = changed[at:to] * chance.choice((1, 1, 2, 100))
            case 2:
                changed[at:to] = chance.choice(WORDS)
            case 3:
                changed[at:at] = chance.choice(WORDS)
            case 4 if at < len(changed):
                changed[at] ^= 1 << chance.randrange(8)
            case _:
                number = chance.choice((0, 1, 0x7F, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE))
                changed[at : at + 4] = struct.pack("<I", number)
    return bytes(changed)


def change_file(content: bytes, chance: random.Random) -> bytes:
    """The file changed as a whole, or some parts of it, if it is an archive."""
    if chance.random() < 0.1 or not content.startswith(b"PK\3\4"):
        return change_bytes(content, chance)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [(name, archive.read(name)) for name in archive.namelist()]
    except Exception:  # noqa: BLE001 - it was changed before
        return change_bytes(content, chance)
    for _ in range(chance.choice((1, 1, 2, 3))):
        if not parts:
            break
        at = chance.randrange(len(parts))
        name, part = parts[at]
        match chance.randrange(25):
            case 0:
                parts.pop(at)
            case 1:
                parts[at] = (chance.choice(parts)[0], part)
            case 2:
                parts[at] = (change_bytes(name.encode(), chance).decode("latin-1"), part)
            case _:
                text = part.startswith(b"<")
                parts[at] = (name, change_bytes(part, chance, 4 if text else 6))
    try:
        return pack({}, None) if not parts else pack_pairs(parts)
    except (ValueError, OSError, struct.error):
        return content


def pack_pairs(parts: Sequence[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts:
            archive.writestr(zipfile.ZipInfo(name or "x"), part, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def understand(raw: RawWorkbook, folder: Path, *, whole: bool) -> None:
    """Nothing, if all that follows on a reading can deal with it."""
    for problem in raw.problems:
        assert problem.code in MESSAGES, problem
    submission = read_submission(raw, return_edition(), "tep.xlsx", "id")
    for finding in submission.findings:
        assert str(finding)
    if whole and submission.readable:
        book = lay_out_correction(return_edition(), submission, list(submission.findings))
        write_book(book, folder / "tra-lai.xlsx")


def fuzz(seconds: float, seed: int, kept: Path) -> int:
    """How many changed files were not dealt with as they should be; they are in `kept`."""
    chance = random.Random(seed)  # noqa: S311 - it keeps no secret
    outcomes: Counter[str] = Counter()
    faults = rounds = 0
    slowest = 0.0
    until = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as place, Reader(LIMITS) as reader:
        folder = Path(place)
        pool = seeds(folder)
        good, path = folder / "bieu.xlsx", folder / "tep.xlsx"
        while time.monotonic() < until:
            among = pool[:SOUND] if chance.random() < 0.7 else pool
            content = change_file(chance.choice(among), chance)
            while chance.random() < 0.3:
                content = change_file(content, chance)
            path.write_bytes(content)
            rounds += 1
            begun = time.monotonic()
            try:
                raw = reader.read(path)
                took = time.monotonic() - begun
                slowest = max(slowest, took)
                assert took < SLOW_SECONDS, took
                understand(raw, folder, whole=rounds % 20 == 0)
                if rounds % 100 == 0:
                    assert reader.read(good).sheets
            except Exception:  # noqa: BLE001 - that is what is looked for
                faults += 1
                kept.mkdir(parents=True, exist_ok=True)
                (kept / f"{seed}-{rounds}").write_bytes(content)
                traceback.print_exc()
                continue
            codes = [problem.code for problem in raw.problems]
            outcomes.update(codes or ["read"])
            if {"file.crash", "file.slow"} & set(codes):
                kept.mkdir(parents=True, exist_ok=True)
                (kept / f"{codes[0]}-{seed}-{rounds}").write_bytes(content)
    sys.stdout.write(f"{rounds} files, {faults} faults, slowest {slowest:.2f} s\n")
    sys.stdout.writelines(f"{count:7} {code}\n" for code, count in outcomes.most_common())
    return faults


def fuzz_by_reach(arguments: list[str]) -> None:
    """Nothing; atheris has tried the scan with what it made up, and ends the process itself."""
    atheris = importlib.import_module("atheris")  # optional

    def look(content: bytes) -> None:
        try:
            scan.inspect(content, LIMITS)
        except (Refusal, zipfile.BadZipFile, struct.error, ValueError, IndexError):
            return

    looks = looks_xls, looks_xlsb, looks_xlsx, looks_ods
    for module in (scan, archive, compound, file_kind, scan_binary, scan_ods, *looks):
        for function in filter(inspect.isfunction, vars(module).values()):
            atheris.instrument_func(function)
    atheris.Setup([sys.argv[0], *arguments], look)
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / "khreport-fuzz")
    parser.add_argument("--replay", type=Path, help="read one file that was kept, in this process")
    parser.add_argument("--atheris", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # doubled names are meant
    if options.atheris is not None:
        fuzz_by_reach(options.atheris)
    if options.replay:
        sys.stdout.write(f"{read_file(os.fsencode(options.replay), LIMITS)}\n")
        return 0
    return int(fuzz(options.seconds, options.seed, options.kept) > 0)


if __name__ == "__main__":
    sys.exit(main())
