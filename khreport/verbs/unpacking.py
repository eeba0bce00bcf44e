"""Archives and letters in one another, opened down to the files that people put into them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Self

import msgspec

from khreport.edges.mail_parts import read_mail
from khreport.edges.unzip import MOST_ENTRIES, is_archive, unzip
from khreport.mails import Piece
from khreport.raw import MB, Limits, Refusal

ZIP = b"PK\3\4"
DEEPEST = 5
"""How many archives and letters, each in the one before, are opened."""
TOO_LARGE = "file.archive_large"


class Unpacked:
    """The `pieces` of an archive, with those of the archives and letters in it in their place.

    Several archives that are taken out one after the other share the limit of one, as they came
    in one letter. `closed` are the archives in the last that are not opened, each with the code
    of what to say of it.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits, self._left = limits, int(limits.inflated_mb * MB)
        self._room = MOST_ENTRIES
        self.pieces: list[Piece] = []
        self.closed: list[tuple[str, str]] = []

    def take_out(self, data: bytes) -> Self:
        """The same, with what is in this archive instead of what was.

        Raises:
            Refusal: it has a password or is damaged, or it holds too much with all that is in it.

        """
        self.closed, self._room = [], MOST_ENTRIES
        try:
            self.pieces = list(self._open(unzip(data, self._limits, self._left), 1))
        except Refusal as refusal:
            # not so much for each of many archives
            self._left = 0 if refusal.problem.code == TOO_LARGE else self._left
            raise
        return self

    def _open(self, pieces: Sequence[Piece], depth: int) -> Iterator[Piece]:
        self._left -= sum(len(piece.data) for piece in pieces)
        self._room -= len(pieces)
        if self._left < 0 or self._room < 0:
            raise Refusal(TOO_LARGE)
        for piece in pieces:
            if depth == DEEPEST:
                if is_zipped(piece):
                    self.closed.append((piece.name, TOO_LARGE))
                else:
                    yield piece
                continue
            try:
                inner = self._inside(piece)
            except Refusal as refusal:
                if refusal.problem.code == TOO_LARGE:
                    raise
                # what lies beside it can be used
                self.closed.append((piece.name, refusal.problem.code))
                continue
            within = [
                msgspec.structs.replace(
                    each, name=f"{piece.name}/{each.name}", senders=(*piece.senders, *each.senders)
                )
                for each in inner
            ]
            yield from self._open(within, depth + 1) if within else [piece]

    def _inside(self, piece: Piece) -> Sequence[Piece]:
        """What is in a piece that is an archive or a letter itself."""
        if is_zipped(piece):
            return unzip(piece.data, self._limits, self._left)
        if piece.name.lower().endswith(".eml"):
            with suppress(Refusal):
                return read_mail(piece.data).pieces
        return ()


def is_zipped(piece: Piece) -> bool:
    """Whether a piece is an archive that can be opened, and no document."""
    return piece.data.startswith(ZIP) and is_archive(io.BytesIO(piece.data))
