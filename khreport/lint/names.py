"""Names of places and agencies that had ended on the day of the document."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from khreport.dates import format_date
from khreport.lint.anatomy import Anatomy
from khreport.lint.verdict import Fault, Unjudged, Verdict, place_of
from khreport.lint.words import around
from khreport.profile import LintRule, Retired

_DAY = re.compile(r"(?:ngày\s*([\d]{0,2})\D{0,12}?)tháng\s*(\d{1,2})\s*năm\s*(\d{4})")
_FORMER = re.compile(
    r"(?i)\b(?:cũ|trước đây|trước sắp xếp|trước khi|trước ngày|nguyên là|nay là|tiền thân|sáp nhập|"
    r"hợp nhất|giải thể|kết thúc hoạt động|chuyển về|tiếp nhận từ)\b"
)
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]")
_CITED = re.compile(
    r"\bsố \d+[\w/.-]*[^;.]{0,30}ngày (\d{1,2})[/-](\d{1,2})[/-](\d{4})[^;.]{0,200}"
)
_YEAR = re.compile(r"(?<![\d/.,])(?:19|20)\d{2}(?![\d/.,]\d)")
_NEAR, _AROUND = 40, 400


def document_day(seen: Anatomy) -> dt.date | None:
    """The day at the head of a document, or the first of its month where the day is open."""
    place = seen.head.place
    found = _DAY.search(place.shown) if place else None
    if found is None:
        return None
    try:
        return dt.date(int(found[3]), int(found[2]), int(found[1] or 1))
    except ValueError:
        return None


def check_retired(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """No name that had ended on the day stands for what is there now."""
    del rule
    day = document_day(seen)
    if day is None:
        yield Unjudged("không biết ngày, tháng, năm của văn bản")
        return
    for retired in seen.profile.retired:
        if day < retired.since:
            continue
        words = "|".join(re.escape(name) for name in sorted(retired.names, key=len, reverse=True))
        unless = "".join(rf"(?!\s*{re.escape(each)})" for each in retired.unless)
        pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w){unless}")
        for paragraph in seen.paragraphs:
            text = paragraph.text
            for match in pattern.finditer(text):
                if not is_about_then(text, match, retired):
                    now = f" Có thể nay là {retired.now}." if retired.now else ""
                    yield Fault(
                        place_of(paragraph, around(text, match)),
                        f"“{match[0]}” không còn từ {format_date(retired.since)} ({retired.basis})",
                        f"Ghi tên hiện nay, hoặc thêm “cũ”, “trước đây”.{now}",
                    )


def is_about_then(text: str, match: re.Match[str], retired: Retired) -> bool:
    """Whether a name is told as that of the time before: by word, in a title, by its date."""
    first = max(0, match.start() - _AROUND)
    text = text[first : match.end() + _AROUND]
    begin, end = match.start() - first, match.end() - first
    if _FORMER.search(text[max(0, begin - _NEAR) : end + _NEAR]):
        return True
    if any(each.start() < begin and end < each.end() for each in _QUOTED.finditer(text)):
        return True
    since = (retired.since.year, retired.since.month, retired.since.day)
    for cited in _CITED.finditer(text):
        day, month, year = map(int, cited.groups())
        if cited.start() < begin < cited.end() and (year, month, day) < since:
            return True
    sentence = re.split(r"(?<=[.;])\s", text[:begin])[-1] + re.split(r"[.;]\s", text[begin:])[0]
    years = [int(year) for year in _YEAR.findall(sentence)]
    return bool(years) and max(years) < retired.since.year
