"""The head of a document: its table, the rules beneath its lines, number, place and day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from khreport.document import walk_paragraphs, walk_tables
from khreport.lint.anatomy import Anatomy
from khreport.lint.lines import find_wrong_end
from khreport.lint.verdict import Fault, Unjudged, Verdict, place_of
from khreport.profile import LintRule
from khreport.quantities import format_number
from khreport.text import fold

_NO_TABLE = "đầu văn bản không đặt trong bảng"
_DAY = re.compile(
    r"(?P<place>.*?)\s*(?P<comma>,?)\s*ngày(?P<day>\s*[\d.…_]*\s*)tháng(?P<month>\s*[\d.…_]*\s*)năm\s*"
    r"(?P<year>[\d.…_]*)"
)
_BLANK = re.compile(r"[\s.…_]*")
_UNITS = re.compile(
    r"\b(tỉnh(?! ủy)|thành phố|xã|phường|đặc khu|thị trấn|huyện|quận|thị xã) "
    r"((?!(?:hội|về|và|theo|thực hiện|trực thuộc)\b)"
    r"(?:[^\W\d]+(?:[ -][^\W\d]+){0,3}|\d{1,2}))$"
)


def check_column(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The nation's name stands on one line."""
    nation = seen.head.nation
    if nation is None or nation.shared or not nation.sizes:
        yield Unjudged("không tìm thấy Quốc hiệu đứng riêng")
        return
    paragraph = nation.paragraph
    free = paragraph.room_mm - (paragraph.left_tw + paragraph.right_tw) / 1440 * 25.4
    low, _ = rule.ranges.get(f"size_{nation.sizes[-1]:g}", (0, 0))
    # other lines in the paragraph may be larger, and are not what this is about
    wraps = len(paragraph.widths_mm) > 1 and "\n" not in paragraph.text.strip()
    if wraps or (low and free < low - 1):
        yield Fault(place_of(paragraph), f"cột rộng {format_number(free, 1)} mm")


def check_invisible_tables(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The tables that only set things side by side have no lines."""
    del rule
    lines = [seen.head.nation, seen.ending.label]
    numbers = {line.paragraph.spot.table for line in lines if line and line.paragraph.spot.table}
    tables = walk_tables((*seen.head.blocks, *seen.ending.blocks))
    found = [table for table in tables if table.number in numbers]
    if not found:
        yield Unjudged("đầu văn bản và chỗ ký không đặt trong bảng")
    for table in found:
        if table.ruled:
            yield Fault(place_of(next(walk_paragraphs([table]))), "bảng có kẻ khung")


def check_same_row(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Number and date stand on one level."""
    del rule
    number, place = seen.head.number, seen.head.place
    if number is None or place is None:
        yield Unjudged("không tìm thấy số, ký hiệu hoặc địa danh, ngày tháng")
        return
    one, other = number.paragraph.spot, place.paragraph.spot
    if one.table and one.table == other.table:
        if one.row != other.row:
            yield Fault(place_of(place.paragraph), "không cùng hàng với số, ký hiệu")
    elif one.number != other.number:
        yield Unjudged(_NO_TABLE)


def check_number(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The number and symbol are written as those of documents with a name, or of letters."""
    number = seen.head.number
    is_letter = seen.head.kind is None
    if number is None or is_letter != ("letter" in rule.words):
        what = "công văn" if "letter" in rule.words else "văn bản có tên loại"
        yield Unjudged("không tìm thấy số, ký hiệu" if number is None else f"không phải {what}")
        return
    text = re.sub(r"\s+", " ", number.shown.strip())
    found = re.fullmatch(r"Số: ?([\d.…_ ]*)/ ?(\S+)", text)
    wrong = list(_find_number_faults(found, seen))
    if wrong:
        yield Fault(place_of(number.paragraph, text), "; ".join(wrong))


def _find_number_faults(found: re.Match[str] | None, seen: Anatomy) -> Iterator[str]:
    if found is None:
        yield "không theo mẫu “Số: 05/BC-UBND”"
        return
    number, symbol = found[1].strip(), found[2]
    if number.isdigit() and re.search(r"\d /|/ ", found[0]):
        yield "có dấu cách cạnh dấu “/”"
    if number.isdigit() and len(number) < 2:  # noqa: PLR2004 - a number below ten takes a zero
        yield f"số {number} thiếu số 0 phía trước"
    first, _, rest = symbol.partition("-")
    kind = seen.head.kind
    if kind is not None:
        symbols = {fold(name): short for name, short in seen.profile.symbols.items()}
        wanted = symbols[kind.key]
        if first != wanted:
            yield f"viết tắt tên loại là “{first}”, cần “{wanted}”"
    elif first == "CV":
        yield "công văn không ghi “CV”"
    if not re.fullmatch(r"[A-ZĐ][\wĐđ.]*(?:-[A-ZĐ][\wĐđ.&]*)*", rest):
        yield f"ký hiệu “{symbol}” thiếu tên cơ quan sau dấu gạch nối"


def check_day(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Day and month have their zeros, and a comma stands behind the place."""
    del rule
    place = seen.head.place
    if place is None:
        yield Unjudged("không tìm thấy địa danh, ngày tháng")
        return
    found = _DAY.match(place.shown.strip())
    wrong = []
    if found is None:
        wrong.append("không theo mẫu “Khánh Hòa, ngày 05 tháng 01 năm 2026”")
    else:
        day, month = found["day"].strip(), found["month"].strip()
        if not found["comma"]:
            wrong.append("thiếu dấu phẩy sau địa danh")
        if not _BLANK.fullmatch(day) and not re.fullmatch(r"0[1-9]|[12]\d|3[01]", day):
            wrong.append(f"ngày ghi “{day}”")
        if not _BLANK.fullmatch(month) and not re.fullmatch(r"0[12]|[3-9]|1[0-2]", month):
            wrong.append(f"tháng ghi “{month}”")
        if not wrong and not _is_day(day, month, found["year"]):
            wrong.append(f"tháng {month} không có ngày {day}")
    if wrong:
        yield Fault(place_of(place.paragraph, place.text), "; ".join(wrong))


def _is_day(day: str, month: str, year: str) -> bool:
    """Whether there is such a day, or it is not wholly said."""
    if not (day.isdigit() and month.isdigit() and year.isdigit()):
        return True
    try:
        dt.date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def check_place(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The place is the unit that the issuing body's name says."""
    place = seen.head.place
    found = _DAY.match(place.shown.strip()) if place else None
    units = _units([line.key for line in seen.head.issuers])
    if found is None or not units:
        yield Unjudged("tên cơ quan không ghi đơn vị hành chính")
    elif place and fold(found["place"]) not in units:
        yield Fault(
            place_of(place.paragraph, place.text),
            f"địa danh “{found['place']}”",
            f"{rule.expect} Ở đây: {units[0].title()}.",
        )


def _units(names: Sequence[str]) -> list[str]:
    """The names of administrative units, with and without what they are, the last one's first.

    Only what ends the name of a body is taken for one: what follows "tỉnh" in a long name may
    be anything.
    """
    found = [match for name in reversed(names) if (match := _UNITS.search(name))]
    return [name for match in found for name in (match[2], match[0])]


def check_full_place(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """A unit that bears a person's name is written with what it is."""
    place = seen.head.place
    found = _DAY.match(place.shown.strip()) if place else None
    if place is None or found is None:
        yield Unjudged("không tìm thấy địa danh")
    elif fold(found["place"]) in {fold(word) for word in rule.words}:
        yield Fault(place_of(place.paragraph, place.text), f"địa danh “{found['place']}”")


def check_addressees(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """One addressee stands behind "Kính gửi:", several beneath it, each on a line that ends so."""
    del rule
    line, listed = seen.addressing, seen.addressees
    if line is None:
        yield Unjudged("không có “Kính gửi”")
        return
    label, colon, rest = line.text.partition(":")
    del label
    if not colon:
        yield Fault(place_of(line.paragraph, line.text), "thiếu dấu hai chấm")
    if not listed and ";" in rest:
        yield Fault(place_of(line.paragraph, line.text), "không ghi mỗi nơi nhận một dòng")
    for each, text in [(line, rest)] * (not listed) + [(each, each.text) for each in listed]:
        if not any(map(str.isalpha, text)):
            yield Fault(place_of(each.paragraph, each.text), "chưa ghi tên nơi nhận")
    for each in listed:
        end = "." if each is listed[-1] else ";"
        wrong = find_wrong_end(each.text, end)
        if wrong:
            yield Fault(place_of(each.paragraph, each.text), wrong)
    starts = {(each.paragraph.left_tw + each.paragraph.first_tw) for each in listed}
    if len(starts) > 1 and len({each.paragraph.align for each in listed}) == 1:
        yield Fault(place_of(listed[0].paragraph), "các gạch đầu dòng không thẳng hàng")


def check_letter_opening(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The subject of a letter stands behind "V/v"."""
    subjects = seen.head.letter_subjects
    if not subjects:
        yield Unjudged("không tìm thấy trích yếu công văn")
    elif not subjects[0].text.startswith(rule.words):
        yield Fault(place_of(subjects[0].paragraph, subjects[0].text), "không ghi “V/v”")


def check_letter_gap(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The subject of a letter stands a little beneath its number."""
    number, subjects = seen.head.number, seen.head.letter_subjects
    if number is None or not subjects or number.paragraph is subjects[0].paragraph:
        yield Unjudged("không phải công văn")
        return
    gap = number.paragraph.after_tw + subjects[0].paragraph.before_tw
    low, _ = rule.ranges["gap_pt"]
    if gap < low * 20:
        found = f"cách số, ký hiệu {format_number(gap / 20, 1)} pt"
        yield Fault(place_of(subjects[0].paragraph), found)
