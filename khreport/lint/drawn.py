"""The rules beneath lines of the head: drawn, as long as they should be, not typed."""

from __future__ import annotations

from collections.abc import Iterator

from khreport.document import DrawnLine, Paragraph, walk_paragraphs
from khreport.lint.anatomy import Anatomy
from khreport.lint.lines import Line, split_lines
from khreport.lint.verdict import Fault, Unjudged, Verdict, place_of
from khreport.profile import LintRule
from khreport.quantities import format_number

_NO_TABLE = "đầu văn bản không đặt trong bảng"
_SLACK = 0.1


def check_rule_drawn(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """There is a rule beneath the part."""
    found = find_rules(seen, rule.component or "")
    if isinstance(found, Unjudged):
        yield found
    elif not found:
        line = seen.component(rule.component or "")[-1]
        yield Fault(place_of(line.paragraph, line.text), "không có đường kẻ bên dưới")


def check_rule_length(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The rule beneath the part is as long as its share of the text says."""
    found = find_rules(seen, rule.component or "")
    if isinstance(found, Unjudged):
        yield found
        return
    lines = seen.component(rule.component or "")
    if any(line.shared for line in lines):
        yield Unjudged(_NO_TABLE)
        return
    widths = [mm for line in lines for mm in line.paragraph.widths_mm]
    lengths = [each.length_mm for each in found if isinstance(each, DrawnLine)]
    length = next((each for each in lengths if each is not None), None)
    if length is None or not widths:
        yield Unjudged("không đo được độ dài đường kẻ" if found else "không có đường kẻ")
        return
    low, high = rule.ranges["share"]
    if not min(widths) * low * (1 - _SLACK) <= length <= max(widths) * high * (1 + _SLACK):
        text = lines[-1]
        yield Fault(
            place_of(text.paragraph, text.text),
            f"đường kẻ dài {format_number(length, 1)} mm, dòng chữ dài nhất "
            f"{format_number(max(widths), 1)} mm",
        )


def check_typed_rules(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Rules are drawn, neither typed nor underlined."""
    del rule
    for line in split_lines(seen.head.blocks, beside=True):
        if line.is_typed_rule:
            yield Fault(place_of(line.paragraph, line.text), "đường kẻ gõ bằng dấu gạch")
    for name in ("motto", "issuer", "subject"):
        for line in seen.component(name):
            if any(run.look.underline for run in line.inked):
                yield Fault(place_of(line.paragraph, line.text), "chữ gạch chân thay đường kẻ")


def find_rules(seen: Anatomy, component: str) -> list[DrawnLine | str] | Unjudged:
    """What is drawn, typed or underlined beneath a part; none where nothing is."""
    lines = seen.component(component)
    if not lines:
        return Unjudged("không tìm thấy trong văn bản")
    last = lines[-1]
    if any(run.look.underline for run in last.inked):
        return ["underlined"]
    if last.shared:
        # beside another line: which rule is whose cannot be told
        drawn = [line for p in walk_paragraphs(seen.head.blocks) for line in p.lines]
        typed = [each for each in split_lines(seen.head.blocks, beside=True) if each.is_typed_rule]
        return Unjudged(_NO_TABLE) if drawn or typed else []
    around = list(_beneath(seen, last))
    rules: list[DrawnLine | str] = [line for paragraph in around for line in paragraph.lines]
    typed = [line for line in split_lines(around) if line.is_typed_rule]
    if not rules and not typed:
        spot = last.paragraph.spot
        floating = [
            line
            for paragraph in walk_paragraphs(seen.head.blocks)
            for line in paragraph.lines
            if line.kind == "shape" and (paragraph.spot.table != spot.table or not spot.table)
        ]
        if floating:
            return Unjudged("có nét vẽ đặt ở chỗ khác nên không rõ của dòng nào")
    return rules or ["typed" for _ in typed]


def _beneath(seen: Anatomy, last: Line) -> Iterator[Paragraph]:
    """The paragraph of a line with those beneath it, in its column, that show no other text."""
    spot = last.paragraph.spot
    rows = (spot.row, spot.row + 1) if spot.table else (0,)
    after = False
    for paragraph in walk_paragraphs((*seen.head.blocks, *seen.body[:2])):
        at = paragraph.spot
        if at.table != spot.table or at.column != spot.column or at.row not in rows:
            continue
        if paragraph is last.paragraph:
            after = True
            yield paragraph
        elif after:
            if not all(line.is_typed_rule for line in split_lines([paragraph])):
                return
            yield paragraph
        elif spot.table and any(line.kind == "shape" for line in paragraph.lines):
            # a shape is drawn anywhere near the paragraph that it hangs on
            yield paragraph
