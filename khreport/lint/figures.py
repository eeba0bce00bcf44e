"""Figures that must agree: totals in the text and in appendices, parts and wholes, estimates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from khreport.document import Cell, Paragraph, Table, walk_paragraphs, walk_tables
from khreport.lint.anatomy import Anatomy, Appendix
from khreport.lint.appendix import number_of
from khreport.lint.names import closing_day, document_day, read_day, spoken_of
from khreport.lint.verdict import Fault, Unjudged, Verdict, place_of
from khreport.lint.words import around
from khreport.profile import LintRule
from khreport.text import fold

_NOUN = r"(?:nhiệm vụ|chỉ tiêu|văn bản|kiến nghị|đề xuất|dự án|đề án|công trình|nội dung)"
_COUNT = r"(\d{1,3}(?:\.\d{3})*|\d+)"
_LABEL = r"[Pp]hụ lục ([IVXLC]+|\d+)"
# a count of some of them only, "11 nhiệm vụ thường xuyên", is at most that of the whole appendix
_SOME = r"(?P<some> (?:có|thường|cần|đã|chưa) ?\w*)?"
_HAS = re.compile(rf"{_LABEL}(?: kèm theo)?(?: ?:| có| gồm| nêu| liệt kê) {_COUNT} {_NOUN}{_SOME}")
_IN = re.compile(
    rf"(?<![\d/]){_COUNT} {_NOUN} \((?:(?:chi tiết|nêu|xem|danh mục) )*(?:(?:tại|ở|theo) )?"
    rf"{_LABEL}(?: kèm theo)?\)"
)
_ROW_NUMBER = re.compile(r"\d{1,4}\.?")
_LEAD = r"(?<![\d/.,])(?<![Nn]ăm )(?<![Nn]gày )(?<![Tt]háng )"
# the whole: the last count of tasks and the like before "trong đó", else the only number there
_SPLIT = re.compile(
    rf"{_LEAD}{_COUNT} {_NOUN}(?:(?!{_LEAD}\d+ {_NOUN})[^.;:]){{0,70}}?,? trong đó:? "
    r"(?P<parts>[^.]+)"
)
_SPLIT_ONLY = re.compile(
    rf"(?:^|[.;:] )(?:(?!{_LEAD}\d)[^.;:])*?{_LEAD}{_COUNT} (?!{_NOUN})"
    rf"(?:(?!{_LEAD}\d)[^.;:]){{3,80}}?,? trong đó:? (?P<parts>[^.]+)"
)
_PART = re.compile(rf"(?:^|, |; |và ){_COUNT}(?= \D)")
# parts behind a colon, without the words "trong đó"
_OF = re.compile(rf"\b[Tt]rong {_COUNT} {_NOUN}(?:(?!trong đó)[^.;:]){{0,80}}: (?P<parts>[^.:;]+)")
# so too "của 29 chỉ tiêu có số liệu cả hai năm", "58 khó khăn; phân theo nguyên nhân"
_OF_THOSE = re.compile(
    rf"\b(?:của {_COUNT} {_NOUN} có\b[^.;:]{{0,80}}|"
    rf"(?<![\d/.,]){_COUNT} [^.;:\d]{{3,60}}[;,] phân theo [^.;:]{{3,40}}): (?P<parts>[^.:;]+)"
)
_ASIDE = re.compile(r" ?\([^()]*\)")
# all the parts, in brackets or behind "gồm"
_LISTED = re.compile(
    rf"(?<![\d/.,]){_COUNT} (?P<noun>{_NOUN})[^.;:(]{{0,60}}?"
    r"(?: \((?P<inside>[^()]+)\)|,? (?:bao )?gồm:? (?P<parts>[^.:(]+)(?=\.(?:\s|$)|$))"
)
_APART = re.compile(r"; |(?:, | và )(?=\d+ |[Pp]hụ lục [IVXLC\d]+:)")
_OTHERS = re.compile(r"\b(?:còn lại|khác|chưa kể|v\.v)\b|…|\.\.")
# so many out of so many, and so many that are not
_SHARE = re.compile(
    r"(?<![\d/.,])(?<!ngày )(?<!tháng )(?<!đến )(?<!hết )(?<!trước )"
    rf"{_COUNT}/{_COUNT} (?P<noun>{_NOUN})"
    rf"(?:[^.;]{{0,120}}?, {_COUNT} (?P=noun)(?: (?:còn lại|ước|đều|vẫn|dự kiến))* chưa)?"
)
_WINDOW = re.compile(
    r"[Tt]ừ (?:ngày )?{day} (?:đến|tới)(?: hết)?(?: ngày)? {day}".format(
        day=r"(\d{1,2})(?:[/-]| tháng )(\d{1,2})(?:[/-]| năm )(\d{4})"
    )
)
_TOTAL = re.compile(r"(?:tổng cộng|tổng số|cộng|tổng)\W*")
_WHOLE_YEAR = re.compile(
    r"cả năm(?: \d{4})?(?: \w+){0,4}? (?:đạt|là|tăng|giảm|bằng|thực hiện|giải ngân)"
    r"(?: \w+){0,3}? \d"
    # indicators that reach the plan of a year that goes on
    r"|có kế hoạch năm(?: \d{4})?(?: \w+){0,2}? (?:đạt|vượt)\b"
)
_ESTIMATED = re.compile(r"\b(?i:ước|dự kiến|dự báo)\b")
# what is set for the year, not what was done: "kế hoạch cả năm là 100", "phấn đấu cả năm đạt 9%"
_SET = re.compile(
    r"\b(?<!so với )(?<!bằng )(?i:phấn đấu|mục tiêu|kế hoạch|dự toán|chỉ tiêu)\b[^,;]{0,40}\Z"
)


def check_totals(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """What the text says that an appendix holds is as much as its rows that bear a number."""
    del rule
    judged = False
    appendices = {number_of(each.label.text): each for each in seen.appendices}
    for paragraph in walk_paragraphs(seen.body):
        said = [(m[1], m[2], m["some"], m) for m in _HAS.finditer(paragraph.text)]
        said += [(m[2], m[1], None, m) for m in _IN.finditer(paragraph.text)]
        for label, count, some, match in said:
            appendix = appendices.get(number_of(" " + label))
            rows = count_rows(appendix) if appendix else 0
            if rows:
                judged = True
                number = _number(count)
                titles = fold(" ".join(line.text for line in appendix.titles)) if appendix else ""
                is_all = not some or fold(some) in titles
                if number > rows or (number < rows and is_all):
                    found = f"lời văn ghi {count}, Phụ lục {label} có {rows} dòng đánh số"
                    yield Fault(place_of(paragraph, around(paragraph.text, match)), found)
    if not judged:
        yield Unjudged("lời văn không nêu số lượng của một phụ lục có bảng đánh số")


def count_rows(appendix: Appendix) -> int:
    """The rows of an appendix's tables whose first cell is a number."""
    return sum(
        _ROW_NUMBER.fullmatch(_cells(row.cells[:1])[0]) is not None
        for table in walk_tables(appendix.blocks)
        for row in table.rows
        if row.cells and not row.header
    )


def _cells(cells: Sequence[Cell]) -> list[str]:
    return ["\n".join(p.text for p in walk_paragraphs(cell.blocks)).strip() for cell in cells]


def check_parts(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The parts that a sentence counts come to no more than their whole."""
    del rule
    judged = False
    for paragraph in seen.paragraphs:
        for match, parts, whole, is_all in _find_splits(paragraph.text):
            judged = True
            if sum(parts) > whole or (is_all and sum(parts) != whole):
                found = f"các phần cộng lại là {sum(parts)}, tổng ghi {whole}"
                yield Fault(place_of(paragraph, match[0]), found)
    if not judged:
        yield Unjudged("lời văn không có câu “…, trong đó: …” cộng được")


def _find_splits(text: str) -> Iterator[tuple[re.Match[str], list[int], int, bool]]:
    """The sentences that count parts of a whole: parts, whole, whether these are all its parts."""
    for pattern in (_SPLIT, _SPLIT_ONLY, _OF, _OF_THOSE):
        for match in pattern.finditer(_ASIDE.sub("", text)):
            parts = [_number(each) for each in _PART.findall(match["parts"])]
            if len(parts) > 1 and "trong đó" not in match["parts"] and "(" not in match["parts"]:
                whole = next(group for group in match.groups() if group)
                yield match, parts, _number(whole), False
    for match in _LISTED.finditer(text):
        pieces = _APART.split(match["inside"] or match["parts"])
        counts = re.compile(rf"(?:{_LABEL}: )?{_COUNT} {match['noun']}\b(?!.*\d)")
        found = [counts.match(piece) for piece in pieces]
        if len(found) > 1 and all(found):
            parts = [_number(each[2]) for each in found if each]
            yield match, parts, _number(match[1]), not _OTHERS.search(match[0])
    for match in _SHARE.finditer(text):
        parts = [_number(each) for each in (match[1], match[4]) if each]
        yield match, parts, _number(match[2]), False


def _number(text: str) -> int:
    return int(text.replace(".", ""))


def check_sums(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The total row of a table is the sum of the rows above it, or of their main rows."""
    del rule
    judged = False
    blocks = (*seen.body, *(block for each in seen.appendices for block in each.blocks))
    for table in walk_tables(blocks):
        rows = [_cells(row.cells) for row in table.rows]
        for at, row in enumerate(rows):
            if not any(_TOTAL.fullmatch(fold(text)) for text in row[:2]):
                continue
            others = rows[at + 1 :] if at <= 1 else rows[:at]
            for column, text in enumerate(row):
                total = _whole(text)
                sums = _sums(others, column, len(row)) if column else []
                if total is None or not sums:
                    continue
                judged = True
                if total not in sums:
                    found = f"cột {column + 1}: ghi {text}, cộng các hàng là {sums[0]}"
                    yield Fault(place_of(_first(table, at), " ".join(row[:2])), found)
    if not judged:
        yield Unjudged("không có bảng với hàng cộng")


def _whole(text: str) -> int | None:
    return int(text.replace(".", "")) if re.fullmatch(_COUNT, text) else None


def _sums(rows: list[list[str]], column: int, width: int) -> list[int]:
    """What the column may come to: all rows, those with Roman figures, those with Arabic ones."""
    full = [row for row in rows if len(row) == width]
    values = [(row[0], _whole(row[column])) for row in full]
    known = [(label, value) for label, value in values if value is not None]
    if len(known) < 2 or len(known) < len(full) - 1:  # noqa: PLR2004 - a header has no number
        return []
    choices = [
        [value for _, value in known],
        [value for label, value in known if re.fullmatch("[IVXLC]+\\.?", label)],
        [value for label, value in known if re.fullmatch("[A-ZĐ]\\.?", label)],
        [value for label, value in known if re.fullmatch(r"\d+\.?", label)],
    ]
    return [sum(each) for each in choices if each]


def _first(table: Table, row: int) -> Paragraph:
    return next(p for cell in table.rows[row].cells for p in walk_paragraphs(cell.blocks))


def check_estimates(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """A figure of a whole year that had not ended is said to be an estimate."""
    del rule
    known = closing_day(seen) or document_day(seen)
    if known is None:
        yield Unjudged("không biết ngày chốt số liệu và ngày của văn bản")
        return
    about = spoken_of(seen, known)
    for paragraph in seen.paragraphs:
        for sentence in re.split(r"(?<=[.;])\s", paragraph.text):
            found = _WHOLE_YEAR.search(sentence)
            if found is None or _ESTIMATED.search(sentence):
                continue
            is_set = found[0].startswith("cả") and _SET.search(sentence[: found.start()])
            year = re.search(r"năm (\d{4})", found[0])
            end = dt.date(int(year[1]) if year else about.year, 12, 31)
            if known < end and not is_set:
                yield Fault(place_of(paragraph, sentence), f"“{found[0]}…” mà không ghi “ước”")


def check_windows(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The days between which figures were counted are days, the first before the last."""
    del rule
    judged = False
    for paragraph in seen.paragraphs:
        for match in _WINDOW.finditer(paragraph.text):
            judged = True
            first, last = read_day(*match.groups()[:3]), read_day(*match.groups()[3:])
            if first is None or last is None:
                yield Fault(place_of(paragraph, match[0]), "có ngày không có trong lịch")
            elif first > last:
                yield Fault(place_of(paragraph, match[0]), "ngày đầu sau ngày cuối")
    if not judged:
        yield Unjudged("lời văn không ghi số liệu từ ngày nào đến ngày nào")


def check_closing(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """A report is dated at least one working day behind the closing of its figures."""
    del rule
    closing, issued = closing_day(seen), document_day(seen)
    place = seen.head.place
    if closing is None or issued is None or (place and not re.search(r"ngày\s*\d", place.shown)):
        yield Unjudged("không biết ngày chốt số liệu hoặc ngày ký")
        return
    text = " ".join(paragraph.text for paragraph in seen.paragraphs)
    if issued <= closing and not re.search(r"\bước\b", text):
        found = f"chốt số liệu {closing:%d/%m/%Y}, văn bản ngày {issued:%d/%m/%Y}"
        yield Fault(place_of(place.paragraph) if place else place_of(seen.paragraphs[0]), found)
