"""What a file holds, before anything in it is understood."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Visibility = Literal["visible", "hidden", "very_hidden"]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a file may cost before it is refused; `cells` counts used ranges, blanks included."""

    file_bytes: int = 25 * 2**20
    inflated_bytes: int = 150 * 2**20
    entries: int = 2_000
    sheets: int = 200
    cells: int = 2_000_000
    reply_bytes: int = 64 * 2**20
    memory_bytes: int = 512 * 2**20
    seconds: float = 10


class Problem(msgspec.Struct, frozen=True):
    """Something about the file itself: a code of the message catalogue, and its parts."""

    code: str
    parts: dict[str, str] = {}


class RawSheet(msgspec.Struct, frozen=True, kw_only=True):
    """The used range of one sheet, which begins at `row`, `column` (from zero).

    A cell is a str ("" where it is empty), float, int, bool, date or datetime. `marks` holds
    cells that look empty and are not: (row, column, text), the text being an error such as
    "#REF!", or a formula (it begins with "=") that was saved without its result.
    """

    name: str
    visibility: Visibility = "visible"
    row: int = 0
    column: int = 0
    rows: list[list[Any]] = []
    marks: list[tuple[int, int, str]] = []


class RawWorkbook(msgspec.Struct, frozen=True, kw_only=True):
    """A file's sheets in order. One that was refused has a problem and no sheets."""

    sheets: list[RawSheet] = []
    problems: list[Problem] = []
