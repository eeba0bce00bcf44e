"""The end of a document: Nơi nhận, who signs and by what authority."""

from __future__ import annotations

import re
from collections.abc import Iterator

from khreport.document import Paragraph, Table
from khreport.lint.anatomy import Anatomy
from khreport.lint.lines import find_wrong_end
from khreport.lint.verdict import Fault, Unjudged, Verdict, place_of
from khreport.profile import LintRule
from khreport.signing import find_deputy_faults, find_mark_fault

_KEPT = re.compile(r"- ?lưu\b")
_NO_SIGNATURE = "không tìm thấy phần ký"


def check_recipients(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Each place stands behind a dash and before a semicolon; the last keeps the document."""
    del rule
    lines = [line for line in seen.ending.recipients if line.text.startswith(("-", "–"))]
    if not lines:
        yield Unjudged("không có danh sách nơi nhận")
        return
    for line in lines:
        end = "." if line is lines[-1] else ";"
        wrong = find_wrong_end(line.text, end)
        if wrong:
            yield Fault(place_of(line.paragraph, line.text), wrong)
    if not _KEPT.match(lines[-1].key):
        yield Fault(place_of(lines[-1].paragraph, lines[-1].text), "dòng cuối không phải “Lưu”")


def check_as_above(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Who is addressed at the head stands first in Nơi nhận, as "Như trên"."""
    lines = seen.ending.recipients
    if seen.addressing is None or not lines:
        yield Unjudged("không có “Kính gửi” hoặc không có danh sách nơi nhận")
    elif not lines[0].key.lstrip("-– ").startswith(rule.words):
        yield Fault(place_of(lines[0].paragraph, lines[0].text), "dòng đầu không phải “Như trên”")


def check_authority(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Authority is written TM., KT., TL., TUQ. or Q., with a blank behind."""
    del rule
    lines = seen.ending.authorities
    if not lines:
        yield Unjudged(_NO_SIGNATURE)
    for line in lines:
        wrong = find_mark_fault(line.text)
        if wrong:
            yield Fault(place_of(line.paragraph, line.text), wrong)


def check_deputy(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """A deputy signs for the head ("KT."), unless by another authority; and nobody else does."""
    del rule
    lines = seen.ending.authorities
    if not lines:
        yield Unjudged(_NO_SIGNATURE)
        return
    for at, wrong in find_deputy_faults([line.text for line in lines]):
        yield Fault(place_of(lines[at].paragraph, lines[at].text), wrong)


def check_name(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The name bears no degree or honorary title."""
    name = seen.ending.name
    if name is None:
        yield Unjudged("không tìm thấy họ tên người ký")
    elif name.shown.strip().lower().startswith(rule.words):
        yield Fault(place_of(name.paragraph, name.text), "trước họ tên có học hàm, học vị")


def check_kept_together(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """The signature stays in one piece, and with the end of the text."""
    del rule
    tables = [block for block in seen.ending.blocks if isinstance(block, Table)]
    if not seen.ending.authorities:
        yield Unjudged(_NO_SIGNATURE)
        return
    if not tables:
        yield Unjudged("chỗ ký không đặt trong bảng")
        return
    table = tables[0]
    place = place_of(seen.ending.authorities[0].paragraph)
    if any(not row.whole for row in table.rows):
        yield Fault(place, "hàng của bảng ký có thể bị tách sang hai trang")
    before = [block for block in seen.body if isinstance(block, Paragraph) and block.text.strip()]
    if before and seen.body[-1] is before[-1] and not before[-1].keep_next:
        yield Fault(place, "đoạn văn cuối không giữ cùng trang với phần ký")


def check_level(seen: Anatomy, rule: LintRule) -> Iterator[Verdict]:
    """Nơi nhận stands level with the authority."""
    del rule
    label, lines = seen.ending.label, seen.ending.authorities
    if label is None or not lines:
        yield Unjudged("không có “Nơi nhận” hoặc không tìm thấy phần ký")
        return
    one, other = label.paragraph.spot, lines[0].paragraph.spot
    if one.table and one.table == other.table and one.row != other.row:
        yield Fault(place_of(label.paragraph), "không ngang hàng với chức vụ người ký")
    elif not one.table and one.number != other.number:
        yield Unjudged("chỗ ký không đặt trong bảng")
