"""Pages: paper, margins, fonts, and the number at the head of each."""

from __future__ import annotations

from collections.abc import Iterator

from khreport.document import Block, Paragraph, Section, walk_paragraphs, walk_tables
from khreport.legacy import font_encoding, read_legacy
from khreport.lint.anatomy import Anatomy
from khreport.lint.verdict import (
    WHOLE,
    Fault,
    Place,
    Unjudged,
    Verdict,
    place_of,
    place_of_section,
)
from khreport.profile import LintRule
from khreport.quantities import format_number

_A4_TW = (11906, 16838)
_TOLERANCE_TW = 20
_TWIPS = 1440 / 25.4
_BLACK = {"auto", "000000"}


def _mm(length_tw: int) -> str:
    return f"{format_number(length_tw / _TWIPS, 1)} mm"


def check_paper(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Every section is on A4."""
    del rule
    for section in seen.document.sections:
        size = sorted((section.width_tw, section.height_tw))
        if any(abs(a - b) > _TOLERANCE_TW for a, b in zip(size, _A4_TW, strict=True)):
            found = f"khổ giấy {_mm(section.width_tw)} × {_mm(section.height_tw)}"
            yield Fault(place_of_section(section), found)


def check_orientation(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Pages lie on their side only for a table."""
    del rule
    for section in seen.document.sections:
        if section.landscape and not any(walk_tables(section.blocks)):
            yield Fault(place_of_section(section), "trang nằm ngang mà không có bảng")


def check_margins(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The margins of upright pages, or of those on their side, are in their ranges."""
    wanted = "landscape" in rule.words
    sections = [each for each in seen.document.sections if each.landscape == wanted]
    if not sections:
        yield Unjudged("không có trang nằm ngang" if wanted else "không có trang đứng")
    words = {"top": "trên", "bottom": "dưới", "left": "trái", "right": "phải"}
    for section in sections:
        wrong = [
            f"lề {word} {_mm(size)}"
            for side, word in words.items()
            if side in rule.ranges
            and not _within(size := _margin(section, side), rule.ranges[side])
        ]
        if section.gutter_tw:
            wrong.append(f"lề đóng gáy {_mm(section.gutter_tw)}")
        if wrong:
            yield Fault(place_of_section(section), ", ".join(wrong))


def _margin(section: Section, side: str) -> int:
    return int(getattr(section, f"{side}_tw"))


def _within(size_tw: int, range_mm: tuple[float, float]) -> bool:
    low, high = (length * _TWIPS for length in range_mm)
    return low - _TOLERANCE_TW <= size_tw <= high + _TOLERANCE_TW


def check_header_distance(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The header is as far from the edge of the paper as in the official files."""
    headed = [section for section in seen.document.sections if _numbers(section.headers)]
    if not headed:
        yield Unjudged("không có số trang ở đầu trang")
    for section in headed:
        if not _within(section.header_tw, rule.ranges["header"]):
            found = f"đầu trang cách mép giấy {_mm(section.header_tw)}"
            yield Fault(place_of_section(section), found)


def _everything(seen: Anatomy) -> Iterator[Paragraph]:
    for section in seen.document.sections:
        yield from walk_paragraphs(section.blocks)
        for edges in (section.headers, section.footers):
            for blocks in edges.values():
                yield from walk_paragraphs(blocks)


def check_font(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """All letters are in the one font, and black."""
    told = set()
    for paragraph in _everything(seen):
        for run in paragraph.runs:
            if not run.text.strip():
                continue
            fonts = [font for font in run.look.fonts if font not in rule.words]
            wrong = [f"phông chữ {font}" for font in fonts if not font_encoding(font)]
            if run.look.color.lower() not in _BLACK:
                wrong.append("chữ không phải màu đen")
            found = ", ".join(wrong)
            if found and (found, paragraph.spot) not in told:
                told.add((found, paragraph.spot))
                yield Fault(place_of(paragraph, run.text), found)


def check_other_fonts(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Scripts that Vietnamese does not use are set in the one font, too."""
    fonts = {
        font
        for paragraph in _everything(seen)
        for run in paragraph.runs
        for font in run.look.other_fonts
        if run.text.strip() and font not in rule.words
    }
    if fonts:
        yield Fault(WHOLE, f"phông chữ đặt cho tiếng khác: {', '.join(sorted(fonts))}")


def check_legacy_fonts(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """No text is typed in an encoding from before Unicode."""
    del rule
    for paragraph in _everything(seen):
        fonts = {font for run in paragraph.runs for font in run.look.fonts if run.text.strip()}
        legacy = sorted(filter(font_encoding, fonts))
        if legacy:
            yield Fault(place_of(paragraph), f"phông chữ cũ {', '.join(legacy)}")
        elif read_legacy(paragraph.text) is not None:
            yield Fault(place_of(paragraph), "chữ gõ bằng bảng mã cũ (TCVN3, VNI)")


def check_page_numbers(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Each page but the first bears its number, in the middle of its head."""
    numbered = False
    for section in seen.document.sections:
        for paragraph in _numbers(section.footers):
            numbered = True
            yield Fault(place_of(paragraph, ""), "số trang đặt ở chân trang")
        for kind, blocks in section.headers.items():
            found = list(walk_paragraphs(blocks))
            if kind == "even" and not seen.document.even_and_odd:
                continue
            numbers = [each for each in found if "PAGE" in each.fields]
            numbered |= bool(numbers)
            if kind == "first" and section.title_page:
                yield from (
                    Fault(place_of(each, ""), "trang đầu hiện số trang") for each in numbers
                )
            else:
                for each in numbers:
                    yield from _judge_number(each, rule)
        if _numbers(section.headers) and not section.title_page and section.number == 1:
            yield Fault(place_of_section(section), "số trang hiện cả ở trang thứ nhất")
    if not numbered and seen.is_long:
        yield Fault(Place(part="body"), "không đánh số trang")
    elif not numbered:
        yield Unjudged("văn bản ngắn, có thể chỉ có một trang")


def _numbers(edges: dict[str, tuple[Block, ...]]) -> list[Paragraph]:
    blocks = (block for each in edges.values() for block in each)
    return [each for each in walk_paragraphs(blocks) if "PAGE" in each.fields]


def _judge_number(paragraph: Paragraph, rule: LintRule) -> Iterator[Fault]:
    wrong = [] if paragraph.align == "center" else ["không canh giữa"]
    low, high = rule.size or (0, 99)
    for run in paragraph.runs:
        if run.text.strip():
            if not low <= run.look.size_pt <= high:
                wrong.append(f"cỡ chữ {format_number(run.look.size_pt)}")
            if run.look.bold:
                wrong.append("in đậm")
            if run.look.italic:
                wrong.append("in nghiêng")
    if wrong:
        yield Fault(place_of(paragraph, ""), "số trang " + ", ".join(dict.fromkeys(wrong)))
