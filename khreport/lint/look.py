"""How the parts of a document look: size, weight, slant, capitals, alignment."""

from __future__ import annotations

from collections.abc import Iterator

from khreport.lint.anatomy import Anatomy
from khreport.lint.lines import Line
from khreport.lint.verdict import WHOLE, Fault, Unjudged, Verdict, place_of
from khreport.profile import LintRule
from khreport.quantities import format_number

ALIGNS = {"left": "căn trái", "center": "canh giữa", "right": "căn phải", "both": "căn đều hai bên"}
_MISSING = "không tìm thấy trong văn bản"


def check_look(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The part that the rule is about looks as it says."""
    lines = seen.component(rule.component or "")
    if not lines:
        yield Unjudged(_MISSING)
    for line in lines:
        wrong = list(find_wrong(line, rule))
        if wrong:
            yield Fault(place_of(line.paragraph, line.text), ", ".join(wrong))
    if rule.align and any(line.shared for line in lines):
        yield Unjudged("đặt cạnh chữ khác bằng dấu tab hoặc dấu cách nên không xét được canh lề")


def find_wrong(line: Line, rule: LintRule) -> Iterator[str]:
    """What of the line's look departs from the rule, in words."""
    low, high = rule.size or (0, 999)
    wrong = [size for size in line.sizes if not low <= size <= high]
    if wrong:
        yield f"cỡ chữ {', '.join(map(format_number, wrong))}"
    looks = [run.look for run in line.inked]
    if rule.bold is not None and any(look.bold != rule.bold for look in looks):
        yield "không in đậm" if rule.bold else "in đậm"
    if rule.italic is not None and any(look.italic != rule.italic for look in looks):
        yield "không in nghiêng" if rule.italic else "in nghiêng"
    if rule.caps is not None and line.is_upper != rule.caps:
        yield "không phải chữ in hoa" if rule.caps else "chữ in hoa"
    if rule.align and not line.shared and line.paragraph.align != rule.align:
        yield ALIGNS[line.paragraph.align]


def check_presence(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The parts that every document has are there."""
    lacking = [
        words
        for part in rule.words
        for name, _, words in [part.partition(": ")]
        if not any(seen.component(each) for each in name.split("|"))
    ]
    yield from (Fault(WHOLE, f"không nhận ra {words}") for words in lacking)


def check_motto_spelling(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The motto is spelt and hyphenated as the decree has it."""
    motto = seen.head.motto
    if motto is None:
        yield Unjudged(_MISSING)
    elif motto.text not in rule.words:
        yield Fault(place_of(motto.paragraph, motto.text), f"ghi “{motto.text}”")
