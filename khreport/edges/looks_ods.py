"""What the content of an .ods file tells of cells beside their values: looks, merges, comments.

Runs in the child process only. Cells carry no address there: they are counted.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right

from khreport.anatomy import NOTE_HEAD
from khreport.edges.looks_xlsx import MOST_COMMENT, MOST_COMMENTS
from khreport.legacy import font_encoding
from khreport.raw import Look, Traces

_WORTH = re.compile(
    rb"""<office:annotation|number-rows-spanned="(?!1")|"percentage\""""
    rb"""|line-through-(?:style|type)=["'](?!none)|font-name=["'](?:\.Vn|VNI-)""",
    re.IGNORECASE,
)
_QUOTED = rb"""(?:[^>"']|"[^"]*"|'[^']*')*?"""
_TABLE = re.compile(rb"<table:table\s(" + _QUOTED + rb")>(.*?)</table:table>", re.DOTALL)
_PLACE = re.compile(
    rb"<table:table-column\b(?P<column>" + _QUOTED + rb")/?>|"
    rb"<table:table-row\b(?P<row>" + _QUOTED + rb")/?>|"
    rb"<table:(?:covered-)?table-cell\b(?P<cell>" + _QUOTED + rb")"
    rb"(?:/>|>(?P<inside>.*?)</table:(?:covered-)?table-cell>)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_STYLE = re.compile(rb"<style:style\s([^>]*?)(?:/>|>(.*?)</style:style>)", re.DOTALL)
_STRUCK = re.compile(rb"""line-through-(?:style|type)\s*=\s*["'](?!none)""")
_FONT_NAME = re.compile(rb"""style:font-name\s*=\s*["']([^"']*)["']""")
_SPAN = re.compile(rb"""<text:span\s[^>]*style-name\s*=\s*["']([^"']*)["']""")
_COMMENT = re.compile(rb"<office:annotation\b.*?</office:annotation>", re.DOTALL)
_PARAGRAPH = re.compile(rb"<text:p\b[^>]*?(?:/>|>(.*?)</text:p>)", re.DOTALL)
_TAG = re.compile(rb"<[^>]*>")
MOST_COUNT_DIGITS = 7
STYLE, USUAL = "table:style-name", "table:default-cell-style-name"


def trace_content(content: bytes) -> dict[str, Traces]:
    """What there is to know of the cells of each sheet, by the name of the sheet."""
    if _WORTH.search(content) is None:
        return {}
    styles = _read_styles(content)
    found = {}
    for tag, inside in _TABLE.findall(content):
        traces = _trace_table(inside, styles)
        if traces:
            found[_attributes(tag).get("table:name", "")] = traces
    return found


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        key.decode(): html.unescape((double or single).decode("utf-8", "replace"))
        for key, double, single in _ATTRIBUTE.findall(tag)
    }


def _read_styles(content: bytes) -> dict[str, list[Look]]:
    styles = {}
    for tag, inside in _STYLE.findall(content, 0, max(content.find(b"<office:body"), 0)):
        looks: list[Look] = ["struck"] if _STRUCK.search(inside) else []
        name = _FONT_NAME.search(inside)
        encoding = font_encoding(name[1].decode("utf-8", "replace")) if name else None
        looks += [encoding] if encoding else []
        if looks:
            styles[_attributes(tag).get("style:name", "")] = looks
    return styles


def _trace_table(table: bytes, styles: dict[str, list[Look]]) -> Traces:
    traces = Traces()
    row, column, repeated = -1, 0, 1
    usual = UsualStyles()
    for found in _PLACE.finditer(table):
        if found["column"] is not None:
            usual.add_columns(_attributes(found["column"]))
        elif found["row"] is not None:
            row, column = row + repeated, 0
            of_row = _attributes(found["row"])
            repeated = _count(of_row, "table:number-rows-repeated")
            usual.row = of_row.get(USUAL, "")
        else:
            about = _attributes(found["cell"])
            if found["inside"] and STYLE not in about:
                about[STYLE] = usual.row or usual.of_column(column)
            if found["inside"] or "table:number-rows-spanned" in about:
                _trace_cell(traces, (row, column), about, found["inside"] or b"", styles)
            column += _count(about, "table:number-columns-repeated")
    return traces


class UsualStyles:
    """The styles of cells that name none: that of the row, else that of the column."""

    def __init__(self) -> None:
        self.row = ""
        self._ends: list[int] = [0]
        self._styles: list[str] = []

    def add_columns(self, about: dict[str, str]) -> None:
        """Nothing; the next columns are known."""
        self._ends.append(self._ends[-1] + _count(about, "table:number-columns-repeated"))
        self._styles.append(about.get(USUAL, ""))

    def of_column(self, column: int) -> str:
        """The style's name, or nothing."""
        place = bisect_right(self._ends, column) - 1
        return self._styles[place] if place < len(self._styles) else ""


def _trace_cell(
    traces: Traces,
    at: tuple[int, int],
    about: dict[str, str],
    inside: bytes,
    styles: dict[str, list[Look]],
) -> None:
    comments = _COMMENT.findall(inside)
    shown = _COMMENT.sub(b"", inside) if comments else inside
    for comment in comments:
        said = _text(comment)[:MOST_COMMENT]
        if said and not said.startswith(NOTE_HEAD) and len(traces.comments) < MOST_COMMENTS:
            traces.comments.append((*at, said))
    down = _count(about, "table:number-rows-spanned")
    across = _count(about, "table:number-columns-spanned")
    if down > 1 or across > 1:
        traces.merges.append((*at, at[0] + down - 1, at[1] + across - 1))
    if not shown:
        return
    looks = list(styles.get(about.get(STYLE, ""), []))
    for span in _SPAN.findall(shown):
        looks += styles.get(span.decode("utf-8", "replace"), [])
    if about.get("office:value-type") == "percentage":
        looks.append("per_cent")
    traces.looks += [(*at, look) for look in dict.fromkeys(looks)]


def _count(about: dict[str, str], name: str) -> int:
    number = about.get(name, "1")
    return int(number) if number.isdigit() and len(number) <= MOST_COUNT_DIGITS else 1


def _text(inside: bytes) -> str:
    lines = (_TAG.sub(b"", line).decode("utf-8", "replace") for line in _PARAGRAPH.findall(inside))
    return html.unescape("\n".join(lines)).strip()
