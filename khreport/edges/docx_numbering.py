"""The labels that Word's numbering puts in front of paragraphs."""

from __future__ import annotations

import re
from collections import defaultdict

from khreport.edges.docx_package import Package
from khreport.edges.docx_parts import Element
from khreport.edges.docx_styles import Properties, W, child_value, paragraph_properties, value
from khreport.quantities import roman

_MOST = 3999
_LEVEL = re.compile("%([1-9])")
_BULLETS = {"\uf0b7": "•", "\uf02d": "-", "o": "o", "–": "-", "\uf0a7": "•"}


class Numbering:
    """The lists of one document, which count as its paragraphs are read in order."""

    def __init__(self, package: Package) -> None:
        root = package.related("numbering")
        self._levels: dict[str, dict[int, Element]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        abstract = {value(each, "abstractNumId"): each for each in root.iter(W + "abstractNum")}
        for number in root.iterfind(W + "num"):
            key = value(number, "numId") or ""
            source = child_value(number, "abstractNumId")
            levels = _levels(abstract.get(source))
            for override in number.iterfind(W + "lvlOverride"):
                own = override.find(W + "lvl")
                if own is not None:
                    levels[_whole(value(override, "ilvl"))] = own
            self._levels[key] = levels
            # lists of one kind count on, unless one says where it begins
            restarts = number.find(f"{W}lvlOverride/{W}startOverride") is not None
            self._lists[key] = key if restarts else f"abstract {source}"

    def layout(self, said: Properties, style: str) -> Properties:
        """The indents of the level that a paragraph is on."""
        level = self._find(said, style)
        return {} if level is None else paragraph_properties(level[1].find(W + "pPr"))

    def label(self, said: Properties, style: str) -> str:
        """The next label of that list, or "" where the paragraph is not numbered."""
        found = self._find(said, style)
        if found is None:
            return ""
        at, level = found
        kind = child_value(level, "numFmt") or "decimal"
        text = child_value(level, "lvlText") or ""
        if kind == "bullet":
            return _BULLETS.get(text, text if text.isprintable() else "•")
        levels = self._levels[said["numId"]]
        counts = self._counts[self._lists[said["numId"]]]
        counts[at] = counts.get(at, _whole(child_value(level, "start"), 1) - 1) + 1
        for deeper in [key for key in counts if key > at]:
            del counts[deeper]

        def fill(found: re.Match[str]) -> str:
            shown = int(found[1]) - 1
            element = levels.get(shown)
            start = _whole(child_value(element, "start"), 1)
            count = counts.setdefault(shown, start)
            return _format(count, child_value(element, "numFmt") or "decimal")

        return _LEVEL.sub(fill, text)

    def _find(self, said: Properties, style: str) -> tuple[int, Element] | None:
        levels = self._levels.get(said.get("numId", ""))
        if not levels:
            return None
        if "ilvl" in said:
            at = _whole(said["ilvl"])
        else:
            linked = (at for at, each in levels.items() if child_value(each, "pStyle") == style)
            at = next(linked, 0)
        return (at, levels[at]) if at in levels else None


def _levels(abstract: Element | None) -> dict[int, Element]:
    if abstract is None:
        return {}
    return {_whole(value(level, "ilvl")): level for level in abstract.iterfind(W + "lvl")}


def _whole(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,6}", text) else otherwise


def _format(count: int, kind: str) -> str:
    count = min(count, _MOST)
    if kind in {"upperRoman", "lowerRoman"} and count > 0:
        return roman(count) if kind == "upperRoman" else roman(count).lower()
    if kind in {"upperLetter", "lowerLetter"} and count > 0:
        letter = chr(ord("a") + (count - 1) % 26) * (1 + (count - 1) // 26)
        return letter.upper() if kind == "upperLetter" else letter
    if kind == "decimalZero":
        return f"{count:02d}"
    return "" if kind == "none" else str(count)
