"""The process that opens returned files: hostile content is met here and nowhere else.

Requests and replies are msgpack behind a length of four bytes: first come the limits,
answered by an empty reply, then paths, each answered by a `khreport.raw.RawWorkbook`.
Nothing that is imported here imports polars, which alone reserves a gigabyte.
"""

from __future__ import annotations

import datetime as dt
import faulthandler
import io
import signal
import struct
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from khreport.edges.scan import Mark, Refusal, inspect, load_bytes
from khreport.raw import Limits, Problem, RawSheet, RawWorkbook, Visibility

LENGTH = struct.Struct("<I")
DAY, MOMENT = 1, 2
"""Extension codes of dates and of dates with a time, both as ISO text."""
VISIBILITIES: dict[str, Visibility] = {
    "Visible": "visible",
    "Hidden": "hidden",
    "VeryHidden": "very_hidden",
}
TEMPORAL = frozenset((dt.date, dt.datetime, dt.time, dt.timedelta))
TOO_COMPLEX = RawWorkbook(problems=[Problem("file.too_complex")])


def read_file(path: bytes, limits: Limits) -> RawWorkbook:
    """What the file holds, or the one problem for which it was refused."""
    try:
        data = load_bytes(path, limits)
        problems, marks = inspect(data, limits)
        return RawWorkbook(sheets=list(parse(data, marks, limits)), problems=problems)
    except Refusal as refusal:
        return RawWorkbook(problems=[refusal.problem])
    except (MemoryError, RecursionError):
        return TOO_COMPLEX
    except BaseException:  # noqa: BLE001 - a panic of the parser is no Exception
        return RawWorkbook(problems=[Problem("file.damaged")])


def parse(data: bytes, marks: dict[str, list[Mark]], limits: Limits) -> Iterator[RawSheet]:
    """The sheets of a file that passed inspection; days are in the shape of `wire`."""
    import python_calamine as calamine  # noqa: PLC0415 - the parent never parses

    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError as error:
        raise Refusal("file.encrypted") from error
    if len(workbook.sheets_metadata) > limits.sheets:
        raise Refusal("file.too_complex")
    cells = 0
    for number, about in enumerate(workbook.sheets_metadata):
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(number)
        cells += sheet.height * sheet.width
        if cells > limits.cells:
            raise Refusal("file.too_complex")
        rows: list[list[Any]] = sheet.to_python()
        for at, row in enumerate(rows):
            if not TEMPORAL.isdisjoint(map(type, row)):
                rows[at] = [wire(value) for value in row]
        top, left = sheet.start or (0, 0)
        yield RawSheet(
            name=about.name,
            visibility=VISIBILITIES[str(about.visible).rpartition(".")[2]],
            row=top,
            column=left,
            rows=rows,
            marks=marks.get(about.name, []),
        )


def wire(value: object) -> object:
    """The value in a shape that goes through the pipe and stays what it is."""
    if isinstance(value, dt.datetime):
        return msgspec.msgpack.Ext(MOMENT, value.isoformat().encode())
    if isinstance(value, dt.date):
        return msgspec.msgpack.Ext(DAY, value.isoformat().encode())
    return str(value) if isinstance(value, dt.time | dt.timedelta) else value


def confine(limits: Limits) -> None:
    """Nothing; from now on the process can take no more memory and write no file (POSIX)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def receive(pipe: BinaryIO) -> bytes | None:
    """The next message, or None where the other side has closed."""
    head = pipe.read(LENGTH.size)
    return pipe.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def send(pipe: BinaryIO, message: bytes) -> None:
    """Nothing; the message is on its way."""
    pipe.write(LENGTH.pack(len(message)) + message)
    pipe.flush()


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Nothing, once the other side has no more files to read."""
    first = receive(requests)
    if first is None:
        return
    limits = msgspec.msgpack.decode(first, type=Limits)
    import python_calamine  # noqa: F401, PLC0415 - loaded before memory is confined

    confine(limits)
    send(replies, b"")
    encoder = msgspec.msgpack.Encoder()
    while (path := receive(requests)) is not None:
        # The parent ends a slow child; this ends one whose parent is gone.
        faulthandler.dump_traceback_later(2 * limits.seconds + 5, exit=True)
        try:
            reply = encoder.encode(read_file(path, limits))
        except (MemoryError, UnicodeEncodeError, OverflowError):
            reply = encoder.encode(TOO_COMPLEX)
        if len(reply) > limits.reply_bytes:
            reply = encoder.encode(TOO_COMPLEX)
        faulthandler.cancel_dump_traceback_later()
        send(replies, reply)


def main() -> None:
    """Nothing, once the parent has closed the pipe."""
    serve(sys.stdin.buffer, sys.stdout.buffer)
