"""Lines: the pieces of paragraphs that stand for one thing each, and how they look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from khreport.document import Block, Paragraph, Run, walk_paragraphs
from khreport.text import clean, fold

NATION = fold("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
MOTTO = fold("Độc lập - Tự do - Hạnh phúc")
_DOUBLED = re.compile(r"[;.,:]\s*[;.,:]$")
_UNDERSCORES = re.compile(r"[_\-–—─.…*\s]*[_\-–—─]{3,}[_\-–—─.…*\s]*")
# where one line is set beside another by tabs or blanks, as people do without tables
_BESIDE = re.compile(
    r"(?<=\S)(?:[ \xa0]{2,}|[ \xa0]*\t\s*)"
    r"(?=CỘNG H|Độc lập|[_\-–—]{4,}|[^\s,]+(?: [^\s,]+){0,4}, ngày\b)"
    r"|(?<=Nơi nhận:)\s{2,}(?=\S)|\t+(?=\S)"
)


class Line(msgspec.Struct, frozen=True):
    """A line of text: a paragraph, what stands before a line break, or a piece beside another.

    `shared`: another line stands beside it in the paragraph, so that its place is not known.
    """

    paragraph: Paragraph
    runs: tuple[Run, ...]
    shared: bool = False

    @property
    def text(self) -> str:
        """The text as it is shown, blanks tidied."""
        label = f"{self.paragraph.label} " if self.paragraph.label else ""
        return clean(label + self.shown)

    @property
    def shown(self) -> str:
        """The text as it is shown, with every blank, without a label."""
        return "".join(run.shown for run in self.runs)

    @property
    def key(self) -> str:
        """The text for comparing."""
        return fold(self.shown)

    @property
    def inked(self) -> tuple[Run, ...]:
        """The runs that show something."""
        return tuple(run for run in self.runs if run.text.strip())

    @property
    def sizes(self) -> tuple[float, ...]:
        """The sizes of its letters, ascending."""
        return tuple(sorted({run.look.size_pt for run in self.inked}))

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold."""
        return all(run.look.bold for run in self.inked)

    @property
    def is_upper(self) -> bool:
        """Whether it has letters, and no small ones."""
        return self.shown.upper() == self.shown and self.shown.lower() != self.shown

    @property
    def is_typed_rule(self) -> bool:
        """Whether it is a line of underscores or dashes, typed to look drawn."""
        return _UNDERSCORES.fullmatch(self.shown) is not None and len(self.shown.strip()) > 2  # noqa: PLR2004


def find_wrong_end(text: str, end: str) -> str | None:
    """What is wrong with the end of a line in a list, where it is not right.

    >>> find_wrong_end("- Như trên", ";"), find_wrong_end("- Như trên;;", ";")
    ('cuối dòng không có dấu “;”', 'cuối dòng thừa dấu câu')
    """
    if not text.endswith(end):
        return f"cuối dòng không có dấu “{end}”"
    return "cuối dòng thừa dấu câu" if _DOUBLED.search(text) else None


def split_lines(blocks: Iterable[Block], *, beside: bool = False) -> Iterator[Line]:
    """The lines of the blocks that show something; with `beside`, those set side by side too."""
    for paragraph in walk_paragraphs(blocks):
        for runs in _split(paragraph.runs, re.compile("\n")):
            text = "".join(run.text for run in runs)
            if not text.strip():
                continue
            pieces = list(_split(runs, _BESIDE)) if beside else [runs]
            pieces = [p for p in pieces if "".join(run.text for run in p).strip()]
            yield from (Line(paragraph, piece, len(pieces) > 1) for piece in pieces)


def _split(runs: tuple[Run, ...], at: re.Pattern[str]) -> Iterator[tuple[Run, ...]]:
    """The runs cut at each match in their joined text; what matches is left out."""
    text = "".join(run.text for run in runs)
    begin = 0
    for found in at.finditer(text):
        yield _cut(runs, begin, found.start())
        begin = found.end()
    yield _cut(runs, begin, len(text)) if begin else runs


def _cut(runs: tuple[Run, ...], begin: int, end: int) -> tuple[Run, ...]:
    pieces, at = [], 0
    for run in runs:
        text = run.text[max(0, begin - at) : max(0, end - at)]
        at += len(run.text)
        if text:
            pieces.append(Run(text, run.look))
    return tuple(pieces)
