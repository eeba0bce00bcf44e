"""Corrections before they go out: each must be the one that was written for its return."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from khreport.edges.reader import Reader
from khreport.raw import Limits
from khreport.read.identify import find_base, identify


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """A correction as the ledger knows it: whose it is, of which return, and where."""

    agency: str
    submission: str
    path: Path


def sound_corrections(
    corrections: Iterable[Correction], limits: Limits
) -> Iterator[tuple[str, Path]]:
    """Each return, by id, whose correction still stands where it was written.

    What was copied over it may hold another agency's answers. What an officer added to the
    correction itself does not matter.
    """
    there = [each for each in corrections if each.path.is_file()]
    with Reader(limits) as reader:
        raws = reader.read_each(each.path for each in there)
        for each, raw in zip(there, raws, strict=True):
            token = identify(raw)
            if token and (token.agency, find_base(raw)) == (each.agency, each.submission):
                yield each.submission, each.path
