"""Appendices: announced, numbered, on pages of their own; and the tables in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from khreport.document import Paragraph, walk_tables
from khreport.lint.anatomy import Anatomy, Appendix
from khreport.lint.lines import split_lines
from khreport.lint.verdict import Fault, Place, Unjudged, Verdict, place_of
from khreport.profile import LintRule
from khreport.quantities import roman
from khreport.text import fold

_NUMBER = r"(?:[IVXLC]+|\d+)"
_MENTION = re.compile(
    rf"[Pp]hụ lục(?: số)? ({_NUMBER}(?:(?:, ?| và | đến |-|–)(?:[Pp]hụ lục )?{_NUMBER})*)"
)
_ANY = re.compile(
    r"(?:các|những|tại|theo|xem|có) phụ lục|phụ lục(?:[^.;]{0,20})kèm theo", re.IGNORECASE
)
_ATTACHED = re.compile(rf"({_MENTION.pattern})(?: (?:và|,)[^.;(]{{0,40}})? kèm theo(?! [A-ZQ])")
_SPAN = re.compile(rf"({_NUMBER})(?: đến |-|–)(?:[Pp]hụ lục )?({_NUMBER})")
_MOST = 60
_LABELS = {roman(number): number for number in range(1, _MOST)}
_NONE = "văn bản không có phụ lục"
_DOCUMENT = re.compile(r"số\s*(?P<number>[\d\s.…_]*/\s*[\w.-]+)")
_DATE = re.compile(r"ngày\s*[\d.…_]*\s*tháng\s*[\d.…_]*\s*năm\s*[\d.…_]+")
_SHORT_DATE = re.compile(r"ngày\s*[\d.…_]*/[\d.…_]*/[\d.…_]+")
_FIELDS = re.compile("/|ngày|tháng|năm")


def number_of(label: str) -> int | None:
    """The number that a label says ("Phụ lục IV"), or None where it has none."""
    last = label.strip(" .:").rpartition(" ")[2].upper()
    return _LABELS.get(last) or (int(last) if last.isdigit() and int(last) < _MOST else None)


def mentions(text: str) -> set[int]:
    """The numbers of the appendices that a text names.

    >>> sorted(mentions("nêu tại Phụ lục I, II và Phụ lục IV đến VI"))
    [1, 2, 4, 5, 6]
    """
    found: set[int] = set()
    for match in _MENTION.finditer(text):
        named = [number_of(" " + each) for each in re.findall(_NUMBER, match[1])]
        found |= {number for number in named if number}
        for span in _SPAN.finditer(match[1]):
            first, last = number_of(" " + span[1]), number_of(" " + span[2])
            found |= set(range(first or 0, (last or 0) + 1)) - {0}
    return found


def check_announced(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The text points to each of its appendices."""
    del rule
    if not seen.appendices:
        yield Unjudged(_NONE)
        return
    text = _body_text(seen)
    named = mentions(text)
    for appendix in seen.appendices:
        number = number_of(appendix.label.text)
        if number in named or ((number is None or not named) and _ANY.search(text)):
            continue
        yield Fault(_place(appendix), f"lời văn không nhắc tới {appendix.label.text}")


def check_attached(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The appendices that the text says go with it are there."""
    del rule
    if not seen.appendices:
        yield Unjudged("văn bản không có phụ lục trong cùng tệp")
        return
    there = {number_of(appendix.label.text) for appendix in seen.appendices}
    for paragraph in seen.paragraphs:
        for match in _ATTACHED.finditer(paragraph.text):
            lacking = sorted(mentions(match[1]) - there)
            if lacking and there != {None}:
                names = ", ".join(f"Phụ lục {roman(number)}" for number in lacking)
                yield Fault(place_of(paragraph, match[0]), f"không có {names}")


def _body_text(seen: Anatomy) -> str:
    lines = split_lines(seen.body)
    return "\n".join(line.text for line in lines)


def _place(appendix: Appendix) -> Place:
    return place_of(appendix.label.paragraph)


def check_labels(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Several appendices bear Roman figures in order, a single one none."""
    del rule
    if not seen.appendices:
        yield Unjudged(_NONE)
    for at, appendix in enumerate(seen.appendices, start=1):
        wanted = f"Phụ lục {roman(at)}" if len(seen.appendices) > 1 else "Phụ lục"
        label = appendix.label.text.strip(" .:")
        if fold(label) != fold(wanted):
            yield Fault(_place(appendix), f"ghi “{label}”", f"Ghi “{wanted}”.")


def check_enclosures(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Each appendix says what it goes with, as the document's own head says it."""
    del rule
    if not seen.appendices:
        yield Unjudged(_NONE)
    for appendix in seen.appendices:
        line = appendix.enclosure
        if line is None:
            yield Fault(_place(appendix), "không có dòng “(Kèm theo …)”")
            continue
        number, place = seen.head.number, seen.head.place
        said = _DOCUMENT.search(line.shown)
        if said and number and not _agrees(said["number"], number.shown.partition(":")[2]):
            found = f"ghi số {said['number'].strip()}, đầu văn bản ghi {number.text}"
            yield Fault(place_of(line.paragraph), found)
        day = _DATE.search(line.shown) or _SHORT_DATE.search(line.shown)
        head_day = place and _DATE.search(place.shown)
        if day and head_day and not _agrees(day[0], head_day[0]):
            yield Fault(place_of(line.paragraph), f"ghi {day[0]}, đầu văn bản ghi {head_day[0]}")


def _agrees(one: str, other: str) -> bool:
    """Whether two writings of a number, or of a day, agree; what was left open fits anything."""
    fields = [[part.strip(" \xa0._…") for part in _FIELDS.split(each)] for each in (one, other)]
    first, second = fields
    return len(first) == len(second) and all(
        not a or not b or a.lstrip("0") == b.lstrip("0") for a, b in zip(first, second, strict=True)
    )


def check_restart(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Each appendix begins a section that counts its pages from one."""
    del rule
    if not seen.appendices:
        yield Unjudged(_NONE)
    sections = {section.number: section for section in seen.document.sections}
    for appendix in seen.appendices:
        spot = appendix.label.paragraph.spot
        section = sections[spot.section]
        first = next((b for b in section.blocks if isinstance(b, Paragraph)), None)
        if first is None or first.spot != spot:
            yield Fault(_place(appendix), "không bắt đầu một phân đoạn (section) mới")
        elif section.page_start != 1:
            yield Fault(_place(appendix), "số trang không đánh lại từ 1")


def check_first_pages(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The first page of an appendix shows no number."""
    del rule
    if not seen.appendices:
        yield Unjudged(_NONE)
    for appendix in seen.appendices:
        section = seen.document.sections[appendix.label.paragraph.spot.section - 1]
        headers = section.headers.get("default", ())
        has_number = any("PAGE" in each.fields for each in headers if isinstance(each, Paragraph))
        if not section.title_page and has_number:
            yield Fault(_place(appendix), "trang đầu của phụ lục hiện số trang")


def check_appendix_rules(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """A short rule stands beneath "(Kèm theo …)"."""
    del rule
    enclosed = [appendix for appendix in seen.appendices if appendix.enclosure]
    if not enclosed:
        yield Unjudged("không có phụ lục với dòng “(Kèm theo …)”")
    for appendix in enclosed:
        line = appendix.enclosure
        top = [block for block in appendix.blocks if isinstance(block, Paragraph)][:8]
        drawn = any(each.lines for each in top)
        typed = any(each.is_typed_rule for each in split_lines(top))
        if line and not drawn and not typed:
            yield Fault(place_of(line.paragraph), "không có đường kẻ ngắn bên dưới")


def check_appendix_ends(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Each appendix ends with its mark."""
    if not seen.appendices:
        yield Unjudged(_NONE)
    for appendix in seen.appendices:
        lines = list(split_lines(appendix.blocks))
        if lines and not lines[-1].text.endswith(rule.words):
            yield Fault(_place(appendix), "cuối phụ lục không có “./.”")


def check_tables(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """A long table repeats its first row on each page, and its rows stay whole."""
    _, few = rule.ranges["rows"]
    blocks = (*seen.body, *(block for each in seen.appendices for block in each.blocks))
    tables = [t for t in walk_tables(blocks) if t.ruled and len(t.rows) > few]
    if not tables:
        yield Unjudged("không có bảng dài")
    for table in tables:
        first = next(iter(split_lines([table])), None)
        if first is None:
            continue
        if not table.rows[0].header:
            yield Fault(place_of(first.paragraph), "hàng đầu bảng không lặp lại ở trang sau")
        if not any(row.whole for row in table.rows):
            yield Fault(place_of(first.paragraph), "hàng của bảng có thể bị tách sang hai trang")
