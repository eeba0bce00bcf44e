"""The running text: size, alignment, indents, gaps, line heights, legal bases, the end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from khreport.document import Paragraph
from khreport.lint.anatomy import Anatomy
from khreport.lint.headings import read_heads
from khreport.lint.lines import Line, split_lines
from khreport.lint.look import ALIGNS, find_wrong
from khreport.lint.verdict import Fault, Unjudged, Verdict, place_of
from khreport.profile import LintRule
from khreport.quantities import format_number

_TOLERANCE_TW = 20
_WHOLE_LINE = 100
_CAPTION = 150
_BULLETS = ("-", "–", "+", "•", "*")
_NO_TEXT = "không tìm thấy lời văn"


def _prose(seen: Anatomy) -> list[Paragraph]:
    """Paragraphs of running text: neither labelled, nor captions in the middle or on the right."""
    labelled = {head.paragraph.spot for head in read_heads(seen)}
    return [
        paragraph
        for paragraph in seen.paragraphs
        if paragraph.spot not in labelled and not paragraph.label and not _is_caption(paragraph)
    ]


def _is_caption(paragraph: Paragraph) -> bool:
    return paragraph.align in {"center", "right"} and len(paragraph.text) <= _CAPTION


def check_text_look(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Running text has a size of the range and stands upright."""
    prose = _prose(seen)
    if not prose:
        yield Unjudged(_NO_TEXT)
    for paragraph in prose:
        wrong = list(find_wrong(Line(paragraph, paragraph.runs), rule))
        if "in nghiêng" in wrong and not all(run.look.italic for run in paragraph.runs):
            wrong.remove("in nghiêng")  # single words may be
        if wrong:
            yield Fault(place_of(paragraph), ", ".join(wrong))


def check_one_size(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Running text has one size throughout."""
    del rule
    sizes: dict[float, list[Paragraph]] = {}
    for paragraph in _prose(seen):
        for size in Line(paragraph, paragraph.runs).sizes:
            sizes.setdefault(size, []).append(paragraph)
    if not sizes:
        yield Unjudged(_NO_TEXT)
        return
    usual = max(sizes, key=lambda size: len(sizes[size]))
    for size, paragraphs in sizes.items():
        for paragraph in paragraphs:
            if size != usual:
                found = f"cỡ chữ {format_number(size)}, chỗ khác {format_number(usual)}"
                yield Fault(place_of(paragraph), found)


def check_justified(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Running text of more than a line fills its lines on both sides."""
    long = [each for each in _prose(seen) if len(each.text) > _WHOLE_LINE]
    if not long:
        yield Unjudged("không có đoạn văn dài quá một dòng")
    for paragraph in long:
        if paragraph.align != rule.align:
            yield Fault(place_of(paragraph), ALIGNS[paragraph.align])


def check_indents(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The first line of running text is set in, and not by blanks."""
    plain = [each for each in _prose(seen) if not each.text.lstrip().startswith(_BULLETS)]
    allowed = [length * 1440 / 25.4 for length in rule.ranges["indent_mm"]]
    if not plain:
        yield Unjudged(_NO_TEXT)
    for paragraph in plain:
        start = paragraph.left_tw + paragraph.first_tw
        text = "".join(run.text for run in paragraph.runs)
        if text[:1] in {" ", "\t", "\xa0"} and len(text) - len(text.lstrip()) > 1 - (
            text[0] == "\t"
        ):
            yield Fault(place_of(paragraph), "lùi đầu dòng bằng dấu cách hoặc tab")
        elif not any(
            abs(each - wanted) <= _TOLERANCE_TW
            for each in (start, paragraph.first_tw)
            for wanted in allowed
        ):
            found = f"đầu dòng lùi {format_number(start / 1440 * 2.54, 2)} cm"
            yield Fault(place_of(paragraph), found)


def check_gaps(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Between two paragraphs of running text is a gap."""
    low, _ = rule.ranges["gap_pt"]
    prose = {paragraph.spot.number: paragraph for paragraph in _prose(seen)}
    pairs = [(a, b) for a, b in pairwise(prose.values()) if b.spot.number - a.spot.number == 1]
    if not pairs:
        yield Unjudged("không có hai đoạn văn liền nhau")
    for above, below in pairs:
        same = above.style == below.style
        after = 0 if above.contextual and same else above.after_tw
        before = 0 if below.contextual and same else below.before_tw
        if after + before < low * 20:
            found = f"cách đoạn trên {format_number((after + before) / 20, 1)} pt"
            yield Fault(place_of(below), found)


def check_line_spacing(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Lines of running text stand at one to one and a half lines."""
    prose = _prose(seen)
    if not prose:
        yield Unjudged(_NO_TEXT)
    low, high = rule.ranges["lines"]
    natural, _ = rule.ranges["natural"]
    for paragraph in prose:
        size = max((run.look.size_pt for run in paragraph.runs), default=14)
        if paragraph.line_rule == "auto":
            lines = paragraph.line / 240
        else:
            lines = paragraph.line / 20 / (natural * size)
            if paragraph.line_rule == "atLeast":
                lines = max(1.0, lines)
        # an exact height below one line is another rule's
        below = paragraph.line_rule == "auto" and lines < low - 0.01
        if below or lines > high + 0.01:
            yield Fault(place_of(paragraph), f"cách dòng {format_number(lines, 2)} dòng")


def check_clipped(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """No exact line height cuts off the marks of letters."""
    del rule
    exact = [each for each in seen.texts if each.line_rule == "exact"]
    for paragraph in exact:
        size = max(run.look.size_pt for run in paragraph.runs)
        if paragraph.line < size * 20:
            found = (
                f"dòng cao {format_number(paragraph.line / 20, 1)} pt, chữ {format_number(size)}"
            )
            yield Fault(place_of(paragraph), found)


def check_bases(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Legal bases end with a semicolon each, the last with a full stop."""
    del rule
    if not seen.bases:
        yield Unjudged("không có phần căn cứ")
    for line in seen.bases:
        end = "." if line is seen.bases[-1] else ";"
        if not line.text.endswith(end):
            yield Fault(place_of(line.paragraph), f"cuối dòng không có dấu “{end}”")


def check_base_dashes(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Legal bases begin with no dash."""
    del rule
    if not seen.bases:
        yield Unjudged("không có phần căn cứ")
    for line in seen.bases:
        if line.text.startswith(_BULLETS):
            yield Fault(place_of(line.paragraph), "đầu dòng có gạch đầu dòng")


def check_end_mark(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The text ends with its mark."""
    shown, lines = seen.paragraphs, list(split_lines(seen.body))
    # behind a table at the end it may stand in the table's last row
    last = [p.text.rstrip() for p in shown[-1:]] + [line.text for line in lines[-1:]]
    if not shown:
        yield Unjudged(_NO_TEXT)
    elif not any(text.endswith(rule.words) for text in last):
        yield Fault(place_of(shown[-1]), "cuối nội dung không có “./.”")
