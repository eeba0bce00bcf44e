"""Letters and archives opened: which of their files are returns, papers, or neither."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec

from khreport.edges.file_kind import refuse_kind
from khreport.edges.mail_parts import read_mail
from khreport.edges.unzip import is_archive, why_no_workbook
from khreport.mails import Mail, Piece
from khreport.raw import MB, Limits, Refusal
from khreport.verbs.unpacking import ZIP, Unpacked, is_zipped

What = Literal["letter", "automatic", "bounce", "own", "archive"]
"""What was opened; "own" is a letter of ours that came back or was kept as a copy."""

PDF = b"%PDF"
WORKBOOKS = (".xls", ".xlsx", ".xlsm", ".xlsb", ".ods")
LARGEST_LOGO = 60_000
"""Bytes of a picture in the text of a letter up to which it is taken for an ornament."""
SAYS_NOTHING = ("file.mail_empty", "file.untouched")
"""What a letter of our own may be told for, which is nobody's fault."""
TIMES = 4
"""How many times as large as a return may be a letter or an archive with several in it may be."""


class Ours(msgspec.Struct, frozen=True):
    """What tells letters and files of our own: addresses, ids of letters, SHA-256 of files."""

    addresses: frozenset[str]
    letters: frozenset[str]
    files: frozenset[str]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A letter or an archive: the files that are returns or may be, and the papers beside them.

    `told` are codes of what to say of the whole, by the name of the file within, "" for the
    whole itself; `beside` are notes alike, on what came with returns and may belong to them.
    `left` are names of files that nothing is done with.
    """

    what: What
    mail: Mail | None = None
    files: tuple[Piece, ...] = ()
    papers: tuple[Piece, ...] = ()
    told: tuple[tuple[str, str], ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()


def container_kind(path: Path, limits: Limits) -> Literal["letter", "archive", ""]:
    """Whether a file is a letter or an archive that is to be opened; "" if it is to be read."""
    with path.open("rb") as file:
        start = file.read(4000)
    if path.stat().st_size > TIMES * limits.file_mb * MB:
        return ""
    if start.startswith(ZIP):
        return "archive" if is_archive(str(path)) else ""
    if not start or b"\0" in start[:100]:
        return ""
    return "letter" if refuse_kind(start).problem.code == "file.email" else ""


def open_letter(data: bytes, limits: Limits, ours: Ours) -> Opened:
    """What came in a letter."""
    try:
        mail = read_mail(data)
    except Refusal as refusal:
        return Opened(what="letter", told=(("", refusal.problem.code),))
    if mail.message_id in ours.letters:
        return Opened(what="own", mail=mail)
    pieces, told = _unzip_each(mail.pieces, limits)
    if mail.kind == "automatic":
        return Opened(what="automatic", mail=mail, left=tuple(piece.name for piece in pieces))
    opened = _sort_out(pieces, ours)
    told, beside = (*told, *opened.told), opened.beside
    if opened.files or opened.papers:
        beside += (("", "file.links_beside"),) if mail.links else ()
    elif not told and mail.kind == "letter":
        told = (("", "file.mail_links" if mail.links else "file.mail_empty"),)
    what: What = mail.kind
    nothing = all(code in SAYS_NOTHING for _, code in told)
    if mail.sender.email in ours.addresses and nothing and not (opened.files or opened.papers):
        what, told = "own", ()
    return msgspec.structs.replace(opened, what=what, mail=mail, told=told, beside=beside)


def open_archive(data: bytes, limits: Limits) -> Opened:
    """What is in an archive that somebody put into the inbox."""
    try:
        unpacked = Unpacked(limits).take_out(data)
    except Refusal as refusal:
        return Opened(what="archive", told=(("", refusal.problem.code),))
    pieces, closed = unpacked.pieces, tuple(unpacked.closed)
    opened = _sort_out(pieces, None)
    if not any(map(_is_workbook, opened.files)):
        left = tuple(piece.name for piece in pieces)
        told = closed or (("", "file.archive_empty"),)
        return Opened(what="archive", told=told, left=left)
    return msgspec.structs.replace(opened, what="archive", told=(*opened.told, *closed))


def _unzip_each(
    pieces: Iterable[Piece], limits: Limits
) -> tuple[list[Piece], tuple[tuple[str, str], ...]]:
    """The files of a letter with those of its archives in their place, and what is wrong there."""
    found: list[Piece] = []
    told: list[tuple[str, str]] = []
    unpacked = Unpacked(limits)
    for piece in pieces:
        if not is_zipped(piece):
            found.append(piece)
            continue
        try:
            inner = unpacked.take_out(piece.data).pieces
        except Refusal as refusal:
            told.append((piece.name, refusal.problem.code))
            continue
        closed = [(f"{piece.name}/{name}", code) for name, code in unpacked.closed]
        told += closed
        if not closed and not any(
            _is_workbook(each) or each.data.startswith(PDF) for each in inner
        ):
            told.append((piece.name, "file.archive_empty"))
            continue
        found += [
            msgspec.structs.replace(
                each, name=f"{piece.name}/{each.name}", senders=(*piece.senders, *each.senders)
            )
            for each in inner
        ]
    return found, tuple(told)


def _sort_out(pieces: Collection[Piece], ours: Ours | None) -> Opened:
    """Workbooks and papers or, where there is no workbook, whatever may have been meant as one."""
    untouched = [piece for piece in pieces if ours and _digest(piece.data) in ours.files]
    pieces = [piece for piece in pieces if piece not in untouched and piece.data]
    papers = [piece for piece in pieces if piece.data.startswith(PDF)]
    files = [piece for piece in pieces if _is_workbook(piece)]
    if not files and not untouched:
        files = [piece for piece in pieces if not piece.shown and piece not in papers]
    if not (files or papers or untouched):
        files = [piece for piece in pieces if len(piece.data) > LARGEST_LOGO]
    told = ((untouched[0].name, "file.untouched"),) if untouched and not files else ()
    left = [piece for piece in pieces if piece not in files and piece not in papers]
    return Opened(
        what="letter",
        files=_named_apart(files),
        papers=_named_apart(papers),
        told=told,
        beside=tuple((p.name, "file.beside") for p in left if not p.shown),
        left=tuple(p.name for p in left),
    )


def _is_workbook(piece: Piece) -> bool:
    if piece.data.startswith(ZIP):
        # by what it is: people rename files
        return not why_no_workbook(io.BytesIO(piece.data))
    return PurePosixPath(piece.name.lower()).suffix in WORKBOOKS


def _named_apart(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The files under names that differ: two of a letter's may be called the same."""
    taken: dict[str, int] = {}
    named = []
    for piece in pieces:
        count = taken[piece.name] = taken.get(piece.name, 0) + 1
        path = PurePosixPath(piece.name)
        name = str(path.with_stem(f"{path.stem} ({count})")) if count > 1 else piece.name
        named.append(msgspec.structs.replace(piece, name=name))
    return tuple(named)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
