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
from contextlib import suppress
from typing import Any, BinaryIO

import msgspec

from khreport.edges.compound import SIGNATURE
from khreport.edges.scan import inspect, load_bytes
from khreport.raw import (
    MB,
    Limits,
    Problem,
    RawSheet,
    RawWorkbook,
    Refusal,
    Traces,
    Visibility,
)
from khreport.secrecy import any_secrecy_mark

LENGTH = struct.Struct("<I")
DAY, MOMENT = 1, 2
"""Extension codes of dates and of dates with a time, both as ISO text."""
VISIBILITIES: dict[str, Visibility] = {
    "Visible": "visible",
    "Hidden": "hidden",
    "VeryHidden": "very_hidden",
}
TEMPORAL = frozenset((dt.date, dt.datetime, dt.time, dt.timedelta))
BINARY = b"xl/workbook.bin"
ENDLESS = (b"\xcb\x7f\xf0", b"\xcb\xff\xf0", b"\xcb\x7f\xf8", b"\xcb\xff\xf8")
"""How numbers without end begin in a reply. The parser makes no others of digits; of bits, in
binary workbooks, it may."""
TOO_COMPLEX = RawWorkbook(problems=[Problem("file.too_complex")])


def read_file(path: bytes, limits: Limits) -> RawWorkbook:
    """What the file holds, or the one problem for which it was refused."""
    try:
        data = load_bytes(path, limits)
        content, problems, traces = inspect(data, limits)
        sheets = list(parse(content, traces, limits))
        if data.startswith(SIGNATURE) or BINARY in data:
            settle(sheets, limits)
        return RawWorkbook(sheets=sheets, problems=problems)
    except Refusal as refusal:
        return RawWorkbook(problems=[refusal.problem])
    except (MemoryError, RecursionError):
        return TOO_COMPLEX
    except BaseException:  # noqa: BLE001 - a panic of the parser is no Exception
        return RawWorkbook(problems=[Problem("file.damaged")])


def parse(data: bytes, traces: dict[str, Traces], limits: Limits) -> Iterator[RawSheet]:
    """The sheets of a file that passed inspection; days are in the shape of `wire`."""
    import python_calamine as calamine  # noqa: PLC0415 - the parent never parses

    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError as error:
        raise Refusal("file.encrypted") from error
    if len(workbook.sheets_metadata) > limits.sheets:
        raise Refusal("file.sheets", limit=str(limits.sheets))
    cells, old = 0, data.startswith(SIGNATURE)
    for number, about in enumerate(workbook.sheets_metadata):
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(number)
        cells += sheet.height * sheet.width
        if cells > limits.cells:
            raise Refusal("file.cells", limit=str(limits.cells))
        rows = wire_rows(sheet.to_python())
        top, left = sheet.start or (0, 0)
        traced = traces.get(about.name) or Traces()
        if any_secrecy_mark([[about.name, *(c[2] for c in traced.comments)], *rows]):
            raise Refusal("file.secret")
        if old:  # the scan does not look for them there
            traced.merges = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
        yield RawSheet(
            name=about.name,
            visibility=VISIBILITIES[str(about.visible).rpartition(".")[2]],
            row=top,
            column=left,
            rows=rows,
            marks=traced.marks,
            merges=traced.merges,
            comments=traced.comments,
            looks=traced.looks,
        )


def settle(sheets: list[RawSheet], limits: Limits) -> None:
    """Nothing; no sheet holds a number without end any more, which is marked as an error."""
    for sheet in sheets:
        for at, row in enumerate(sheet.rows):
            for column, value in enumerate(row):
                if isinstance(value, float) and value - value != 0:
                    row[column] = ""
                    sheet.marks.append((at + sheet.row, column + sheet.column, "#NUM!"))
                elif isinstance(value, str) and len(value) > limits.text_length:
                    raise Refusal("file.long_text", limit=str(limits.text_length))


def is_odd(reply: bytes) -> bool:
    """Whether a number without end or a text of 32,768 bytes may be in a reply.

    That costs less than to look each cell over: the bytes looked for are rare in texts.
    """
    if (b"\x7f" in reply or b"\xff" in reply) and any(number in reply for number in ENDLESS):
        return True
    at = reply.find(b"\xda")  # a text of more than 255 bytes, its length behind it
    while at >= 0:
        if reply[at + 1 : at + 2] >= b"\x80":
            return True
        at = reply.find(b"\xda", at + 1)
    return b"\xdb" in reply and b"\xdb\0" in reply


def pack(encoder: msgspec.msgpack.Encoder, raw: RawWorkbook, limits: Limits) -> bytes:
    """The reply that tells what was read, if it is not too big."""
    try:
        reply = encoder.encode(raw)
        if is_odd(reply):
            settle(raw.sheets, limits)
            reply = encoder.encode(raw)
    except Refusal as refusal:
        return encoder.encode(RawWorkbook(problems=[refusal.problem]))
    except (MemoryError, UnicodeEncodeError, OverflowError):
        return encoder.encode(TOO_COMPLEX)
    return reply if len(reply) <= limits.reply_mb * MB else encoder.encode(TOO_COMPLEX)


def wire_rows(rows: list[list[Any]]) -> list[list[Any]]:
    """The rows, days and times in them in the shape of `wire`."""
    for at, row in enumerate(rows):
        if not TEMPORAL.isdisjoint(map(type, row)):
            rows[at] = [wire(value) if type(value) in TEMPORAL else value for value in row]
    return rows


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
        (resource.RLIMIT_AS, int(limits.memory_mb * MB)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS does not know every limit
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
        reply = pack(encoder, read_file(path, limits), limits)
        faulthandler.cancel_dump_traceback_later()
        send(replies, reply)


def main() -> None:
    """Nothing, once the parent has closed the pipe."""
    serve(sys.stdin.buffer, sys.stdout.buffer)
