"""Words: capitals and citations as the decree has them, numbers, tidy letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from khreport.document import Paragraph
from khreport.lint.anatomy import Anatomy
from khreport.lint.verdict import Fault, Unjudged, Verdict, place_of
from khreport.profile import LintRule

_NUMBERED_LAW = re.compile(
    r"\b(?:Luật|Bộ luật|Pháp lệnh)\b(?:(?!\b(?:Nghị|Thông|Quyết|của)\b)[^.;,()]){0,80}?\bsố:?\s*"
    r"\d+/\d{4}/(?:QH\d+|UBTVQH\d+|PL-\w+)"
)
_PARTED_BASIS = ("ngày", "của")
_NUMBERED_BASIS = re.compile(
    r"căn cứ (?!luật|bộ luật|pháp lệnh|hiến pháp).{0,40}?\bsố\b", re.IGNORECASE
)
_CODES = (*range(0x61, 0x7B), *range(0xE0, 0x1B2), *range(0x1EA0, 0x1EFA))
LOWER = "".join(chr(code) for code in _CODES if chr(code).islower())
UPPER = LOWER.upper()
"""The letters of Vietnamese, small and capital, as classes of a pattern hold them."""
_ARTICLES = re.compile(
    r"\b(?i:khoản|điểm) [\da-zđ]+ (?:khoản \d+ )?điều \d+"
    rf"|(?<=[{LOWER},] )(?:Khoản|Điểm) (?:\d+|[a-zđ]) (?i:khoản|điều)\b"
)
_UNIT = re.compile(
    rf"(?<=[{LOWER},] )(?:Tỉnh|Huyện|Xã|Thị xã|Thị trấn|Đặc khu) [{UPPER}][{LOWER}]+"
)
_NUMBERED_UNIT = re.compile(r"\b(?:quận|phường) \d{1,2}(?=[,.;)]|, (?:quận|Quận|thành))")
_KINDS = "nghị quyết|nghị định|quyết định|thông tư|chỉ thị|kế hoạch|công văn|chương trình"
_DOCUMENT = re.compile(rf"\b(?:{_KINDS}) số \d+[\w-]*[/-]")
_ENGLISH = re.compile(
    r"(?<![\d.,/])(?:\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d{1,3}(?:,\d{3})+\.\d+"
    r"|\d+\.\d{1,2}(?= ?%))(?![\d,])"
)
_PERCENT = re.compile(r"\d[ \xa0]+%")
_UNTIDY = {
    "hai dấu cách liền nhau": re.compile(r"(?<=\S) {2,}(?=\S)"),
    "dấu cách trước dấu câu": re.compile(r"(?<=[\w)”])[ \xa0]+[,.;:!?](?=\s|$)"),
    "ký tự không nhìn thấy": re.compile("[\u200b\ufeff\u2060]"),
}


def check_composed(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Letters are stored whole, not apart from their marks."""
    del rule
    for paragraph in seen.texts:
        if not unicodedata.is_normalized("NFC", paragraph.text):
            found = "chữ và dấu lưu rời nhau (Unicode tổ hợp)"
            yield Fault(place_of(paragraph, unicodedata.normalize("NFC", paragraph.text)), found)


def check_wordings(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """None of the wrong spellings that stand under the rule occurs."""
    wordings = [each for each in seen.profile.wordings if each.rule == rule.id]
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(each.wrong)}(?!\w)" for each in wordings))
    right = {each.wrong: each.right for each in wordings}
    for paragraph in _prose(seen):
        for match in pattern.finditer(paragraph.text):
            yield Fault(
                place_of(paragraph, around(paragraph.text, match)),
                f"viết “{match[0]}”",
                f"Viết “{right[match[0]]}”.",
            )


def check_laws(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Laws and ordinances are cited without number, symbol and issuer."""
    del rule
    yield from _find(_prose(seen), _NUMBERED_LAW, "luật, pháp lệnh kèm số, ký hiệu")


def check_full_bases(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """A legal basis names its document with day and issuer."""
    del rule
    numbered = [line for line in seen.bases if _NUMBERED_BASIS.match(line.text)]
    if not numbered:
        yield Unjudged("không có căn cứ ghi số, ký hiệu văn bản")
    for line in numbered:
        lacking = [word for word in _PARTED_BASIS if f" {word} " not in line.text]
        if lacking:
            words = {"ngày": "thời gian ban hành", "của": "cơ quan ban hành"}
            found = "thiếu " + ", ".join(words[word] for word in lacking)
            yield Fault(place_of(line.paragraph), found)


def check_articles(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """In citations "Điều" has a capital, "khoản" and "điểm" have none."""
    del rule
    yield from _find(_prose(seen), _ARTICLES, "viết hoa, viết thường chưa đúng")


def check_units(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """What an administrative unit is has no capital before its name."""
    del rule
    yield from _find(_prose(seen), _UNIT, "viết hoa danh từ chung")


def check_numbered_units(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """A unit that bears a number has a capital."""
    del rule
    yield from _find(_prose(seen), _NUMBERED_UNIT, "viết thường")


def check_documents(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """What kind of document is cited has a capital."""
    del rule
    yield from _find(_prose(seen), _DOCUMENT, "viết thường tên loại văn bản")


def check_numbers(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Decimals stand behind a comma, thousands are grouped by dots."""
    del rule
    yield from _find(seen.texts, _ENGLISH, "viết số kiểu tiếng Anh")


def check_percents(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """No space stands before the sign of per cent."""
    del rule
    yield from _find(seen.texts, _PERCENT, "dấu cách trước %")


def check_tidy(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """No doubled blanks, no blank before a mark, no invisible characters in running text."""
    del rule
    for paragraph in seen.paragraphs:
        for found, pattern in _UNTIDY.items():
            for match in pattern.finditer(paragraph.text):
                yield Fault(place_of(paragraph, around(paragraph.text, match)), found)


def around(text: str, match: re.Match[str]) -> str:
    """A match with the words about it."""
    begin, end = max(0, match.start() - 20), match.end() + 20
    before, after = text[begin : match.start()], text[match.end() : end]
    before = before.partition(" ")[2] if begin else before
    after = after.rpartition(" ")[0] if end < len(text) else after
    return f"{before}{match[0]}{after}"


def _find(paragraphs: Iterable[Paragraph], pattern: re.Pattern[str], found: str) -> Iterator[Fault]:
    for paragraph in paragraphs:
        for match in pattern.finditer(paragraph.text):
            yield Fault(
                place_of(paragraph, around(paragraph.text, match)), f"{found}: “{match[0]}”"
            )


def _prose(seen: Anatomy) -> Iterator[Paragraph]:
    """The running text, not all in capitals; tables quote what other documents say."""
    appended = (block for appendix in seen.appendices for block in appendix.blocks)
    texts = (*seen.body, *appended)
    return (
        block
        for block in texts
        if isinstance(block, Paragraph) and block.text.upper() != block.text
    )
