"""Headings of the body and their labels: I., 1., a), Phần, Chương, Mục, Điều."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import msgspec

from khreport.document import Paragraph
from khreport.lint.anatomy import Anatomy
from khreport.lint.lines import Line, split_lines
from khreport.lint.look import find_wrong
from khreport.lint.verdict import Fault, Unjudged, Verdict, place_of
from khreport.profile import LintRule

Level = Literal["part", "law_section", "article", "roman", "arabic", "letter"]

_BEHIND = r"(?P<sign>[.:]?)\s*(?P<rest>{})"
_UNIT = rf"\s+(?P<label>[IVXLC]+|\d+){_BEHIND}"
_PATTERNS: dict[Level, re.Pattern[str]] = {
    "part": re.compile(r"(?i:phần|chương)" + _UNIT.format(".*")),
    "law_section": re.compile(r"(?i:tiểu mục|mục)" + _UNIT.format(r"\D.*|")),
    "article": re.compile("Điều" + _UNIT.format(".*")),
    "roman": re.compile(r"(?P<label>[IVX]+)(?P<sign>[.)/-])\s+(?P<rest>\D.*)"),
    "arabic": re.compile(r"(?P<label>\d{1,2}(?:\.\d{1,2})*)(?P<sign>[.)/-])\s+(?P<rest>\D.*)"),
    "letter": re.compile(r"(?P<label>[a-zăâđêôơư])(?P<sign>[.)/-])\s+(?P<rest>.+)"),
}
_SHORT = {"part": 120, "law_section": 120}
_LONGEST_TITLE = 150
_ORDER = "abcdđeghiklmnopqrstuvxy"
_UNTITLED_END = (".", ";", ",")


class Head(msgspec.Struct, frozen=True):
    """A labelled paragraph of the body; `rest` is what stands behind the label."""

    level: Level
    line: Line
    label: str
    sign: str
    rest: str

    @property
    def paragraph(self) -> Paragraph:
        """Its paragraph."""
        return self.line.paragraph

    @property
    def is_title(self) -> bool | None:
        """Whether it is a title on its own line; None where that cannot be told."""
        if self.rest.endswith(":"):
            return None
        return len(self.rest) <= _LONGEST_TITLE and not self.rest.endswith(_UNTITLED_END)


def read_heads(seen: Anatomy) -> list[Head]:
    """The labelled paragraphs of the body, in order."""
    found = []
    for line in split_lines(seen.paragraphs):
        if line.runs[0].text != line.paragraph.runs[0].text:
            continue  # not the first line of its paragraph
        for level, pattern in _PATTERNS.items():
            match = pattern.fullmatch(line.text.replace("\n", " "))
            if match and len(line.text) <= _SHORT.get(level, 10_000):
                found.append(Head(level, line, match["label"], match["sign"], match["rest"]))
                break
    return found


def check_headings(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Labelled paragraphs of one level look as the rule says, and their labels are its kind.

    `words`: "title" and "text" for those with and without a title of their own, "roman" and
    "arabic" for labels.
    """
    level = rule.component
    heads = [head for head in read_heads(seen) if head.level == level]
    if "title" in rule.words or "text" in rule.words:
        heads = [head for head in heads if head.is_title is ("title" in rule.words)]
    if not heads:
        yield Unjudged("văn bản không có đề mục loại này")
    for head in heads:
        wrong = list(find_wrong(head.line, rule))
        if "text" in rule.words and "in đậm" in wrong and not head.line.is_bold:
            wrong.remove("in đậm")  # the first words may be
        if "roman" in rule.words and not re.fullmatch("[IVXLC]+|thứ .*", head.label):
            wrong.append(f"số “{head.label}” không phải chữ số La Mã")
        if "arabic" in rule.words and not head.label[0].isdigit():
            wrong.append(f"số “{head.label}” không phải chữ số Ả Rập")
        signs = [word for word in rule.words if word in {".", ")"}]
        if signs and head.sign not in signs:
            wrong.append(f"sau “{head.label}” là dấu “{head.sign or ' '}”")
        if wrong:
            yield Fault(place_of(head.paragraph, head.line.text), ", ".join(wrong))


def check_letters(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The letters of "điểm" follow one another as Vietnamese counts them, with "đ"."""
    del rule
    heads = [head for head in read_heads(seen) if head.level in {"letter", "arabic", "roman"}]
    runs: list[list[Head]] = [[]]
    for head in heads:
        if head.level != "letter" or head.label == "a":
            runs.append([])
        if head.level == "letter":
            runs[-1].append(head)
    if not any(runs):
        yield Unjudged("văn bản không có điểm a), b)")
    for run in filter(None, runs):
        if run[0].label != "a":
            yield Fault(place_of(run[0].paragraph), f"điểm đầu tiên là “{run[0].label})”")
        for before, head in pairwise(run):
            at = _ORDER.find(before.label)
            wanted = _ORDER[at + 1] if 0 <= at < len(_ORDER) - 1 else None
            if wanted and head.label != wanted:
                found = f"sau “{before.label})” là “{head.label})”"
                yield Fault(
                    place_of(head.paragraph), found, f"Sau “{before.label})” là “{wanted})”."
                )


def check_titles(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Phần, chương, mục and điều have titles."""
    del rule
    lines = list(split_lines(seen.paragraphs))
    levels = {"part", "law_section", "article", "roman"}
    heads = [head for head in read_heads(seen) if head.level in levels]
    if not heads:
        yield Unjudged("văn bản không có phần, chương, mục, điều")
    behind = dict(pairwise(lines))
    labelled = {head.line for head in heads}
    for head in heads:
        following = behind.get(head.line)
        has_title = bool(head.rest) or (
            following is not None and following not in labelled and following.is_bold
        )
        if not has_title:
            yield Fault(place_of(head.paragraph), "không có tiêu đề")
