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
# "giai đoạn 2021-2025 năm 2024": the year, not the end of the period
_OF_YEAR = re.compile(r"(?<!đến )\b[Nn]ăm (\d{4})\b(?! ?[-–])")
_CLOSING = re.compile(
    r"(?:[Ss]ố liệu|[Tt]ính|[Cc]hốt)[^.;()]{0,40}?(?:đến|tới)(?: hết)?(?: ngày)? "
    r"(\d{1,2})/(\d{1,2})/(\d{4})"
)
_NEAR, _AROUND = 40, 400


def document_day(seen: Anatomy) -> dt.date | None:
    """The day at the head of a document, or the first of its month where the day is open."""
    place = seen.head.place
    found = _DAY.search(place.shown) if place else None
    if found is None:
        return None
    return read_day(found[1] or "1", found[2], found[3])


def closing_day(seen: Anatomy) -> dt.date | None:
    """The day on which the figures of a document are closed, as its text says first."""
    for paragraph in seen.paragraphs:
        found = _CLOSING.search(paragraph.text)
        if found:
            day, month, year = found.groups()
            return read_day(day, month, year)
    return None


def read_day(day: str, month: str, year: str) -> dt.date | None:
    """The day, if the calendar has it."""
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def spoken_of(seen: Anatomy, written: dt.date) -> dt.date:
    """The last day of the time that a document is about, no later than the day it is written.

    It is the day on which its figures are closed, else the end of the year in its subject.
    """
    subjects = " ".join(line.text for line in (*seen.head.subjects, *seen.head.letter_subjects))
    years = [int(year) for year in _OF_YEAR.findall(subjects)]
    end = dt.date(max(years), 12, 31) if years else written
    return min(closing_day(seen) or end, written)


def check_retired(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """No name that had ended stands for what was there in the time that the document is about."""
    del rule
    written = document_day(seen)
    if written is None:
        yield Unjudged("không biết ngày, tháng, năm của văn bản")
        return
    day = spoken_of(seen, written)
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
