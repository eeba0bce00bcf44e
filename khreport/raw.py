"""What a file holds, before anything in it is understood."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Visibility = Literal["visible", "hidden", "very_hidden"]
Look = Literal["struck", "per_cent", "cut", "tcvn3", "tcvn3_capitals", "vni"]
"""How a cell is shown, where that changes what it says: crossed out, a number in per cent, as
long as some programs cut texts, or in a font of an encoding before Unicode."""
CUT_AT = 255
"""Where some writers of .xls cut a text, because a record of theirs holds no longer one."""
Mark = tuple[int, int, str]
MB = 2**20


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a file may cost before it is refused. A megabyte (MB) is 2**20 bytes.

    `cells` counts used ranges, blanks included; `texts` the entries of the table of texts;
    `text_length` is Excel's own limit. `reply_mb` bounds what the parsing process sends,
    `memory_mb` what it may take, `seconds` how long a file may keep it.
    """

    file_mb: Annotated[float, Meta(gt=0, le=1024)] = 25
    inflated_mb: Annotated[float, Meta(gt=0, le=1024)] = 150
    entries: Annotated[int, Meta(ge=1)] = 2_000
    sheets: Annotated[int, Meta(ge=1)] = 200
    cells: Annotated[int, Meta(ge=1)] = 500_000
    texts: Annotated[int, Meta(ge=1)] = 500_000
    text_length: Annotated[int, Meta(ge=1)] = 32_767
    reply_mb: Annotated[float, Meta(gt=0, le=1024)] = 64
    memory_mb: Annotated[float, Meta(ge=256)] = 512
    seconds: Annotated[float, Meta(gt=0, le=600)] = 5


class Problem(msgspec.Struct, frozen=True):
    """Something about the file itself: a code of the message catalogue, and its parts."""

    code: str
    parts: dict[str, str] = {}


class Refusal(Exception):  # noqa: N818 - the file is at fault, not the program
    """The file is not read; the problem says why."""

    def __init__(self, code: str, **parts: str) -> None:
        super().__init__(code)
        self.problem = Problem(code, parts)


class RawSheet(msgspec.Struct, frozen=True, kw_only=True):
    """The used range of one sheet, which begins at `row`, `column` (from zero).

    A cell is a str ("" where it is empty), float, int, bool, date or datetime. `marks` holds
    cells that look empty and are not: (row, column, text), the text being an error such as
    "#REF!", or a formula (it begins with "=") that was saved without its result. `merges` are
    the areas of merged cells: (row, column, last row, last column). `comments` are
    what people wrote beside cells, `looks` how cells are shown.
    """

    name: str
    visibility: Visibility = "visible"
    row: int = 0
    column: int = 0
    rows: list[list[Any]] = []
    marks: list[tuple[int, int, str]] = []
    merges: list[tuple[int, int, int, int]] = []
    comments: list[tuple[int, int, str]] = []
    looks: list[tuple[int, int, Look]] = []


class Traces(msgspec.Struct, kw_only=True):
    """What the raw text of a sheet shows and the parser hides, as `RawSheet` has it."""

    marks: list[tuple[int, int, str]] = []
    merges: list[tuple[int, int, int, int]] = []
    comments: list[tuple[int, int, str]] = []
    looks: list[tuple[int, int, Look]] = []

    def __bool__(self) -> bool:
        return bool(self.marks or self.merges or self.comments or self.looks)


class RawWorkbook(msgspec.Struct, frozen=True, kw_only=True):
    """A file's sheets in order. One that was refused has a problem and no sheets."""

    sheets: list[RawSheet] = []
    problems: list[Problem] = []
