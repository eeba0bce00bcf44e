"""The head of a document, recognised: from the nation's name down to the subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from khreport.document import Block, Paragraph
from khreport.lint.lines import MOTTO, NATION, Line, split_lines
from khreport.profile import Profile
from khreport.text import fold

BASIS = re.compile(r"(?:[-–+] ?)?(?:căn cứ|theo đề nghị|xét đề nghị|xét tờ trình)\b")
"""How a legal basis begins."""

_NUMBER = re.compile(r"số\s*:?\s*[\d\s._…]*/\s*\S")
_PLACE = re.compile(r"ngày.{0,12}tháng.{0,12}năm")
_LETTER = re.compile(r"v/v\b|về việc\b")
_URGENT = {"hỏa tốc", "thượng khẩn", "khẩn"}
_CIRCULATION = {"xem xong trả lại", "lưu hành nội bộ"}
_DRAFT = re.compile(r"dự thảo\b")
_LONGEST_LINE = 100
# a line of running text, behind which nobody is named any more as who issues the document
_SENTENCE = re.compile(r".{20,}[.;:]\s*", re.DOTALL)
_MOST_BLOCKS, _MOST_LINES = 40, 80

Role = Literal[
    "nation", "motto", "number", "place", "kind", "letter", "addressing", "basis", "urgent",
    "circulation", "draft", "issuer", "",
]  # fmt: skip


class Letterhead(msgspec.Struct, frozen=True, kw_only=True):
    """What stands above the text; what was not found is None or empty.

    `issuers` are the names of bodies, the one that issues it last; `letter_subjects` the lines
    of "V/v …" of an official letter. `blocks` are those that it takes.
    """

    nation: Line | None = None
    motto: Line | None = None
    issuers: tuple[Line, ...] = ()
    number: Line | None = None
    place: Line | None = None
    kind: Line | None = None
    subjects: tuple[Line, ...] = ()
    letter_subjects: tuple[Line, ...] = ()
    urgent: tuple[Line, ...] = ()
    circulation: tuple[Line, ...] = ()
    is_draft: bool = False
    blocks: tuple[Block, ...] = ()


def read_letterhead(main: Sequence[Block], profile: Profile) -> Letterhead:
    """The head with which these blocks begin."""
    lines = [
        (at, line)
        for at, block in enumerate(main[:_MOST_BLOCKS])
        for line in split_lines([block], beside=True)
    ][:_MOST_LINES]
    kinds = {fold(name) for name in profile.symbols}
    found: dict[Role, list[Line]] = {}
    end, before, in_text = 0, "", False
    for at, line in lines:
        role = _role(line, kinds)
        if role in {"addressing", "basis"} and "kind" not in found:
            break
        if not role and before == "letter" and line.paragraph.spot.table:
            role = "letter"
        in_text = in_text or (not role and not line.is_upper and _is_text(line))
        named = not in_text and "number" not in found
        if not role and line.is_upper and named and not line.is_typed_rule:
            role = "issuer"
        if role:
            found.setdefault(role, []).append(line)
            end = at + 1 if role not in {"issuer", "draft"} else end
            before = role
        if role == "kind":
            break
    first = {role: each[0] for role, each in found.items()}
    kind = first.get("kind")
    subjects, end = _find_subjects(main, lines, kind, end)
    return Letterhead(
        nation=first.get("nation"),
        motto=first.get("motto"),
        issuers=tuple(found.get("issuer", ())),
        number=first.get("number"),
        place=first.get("place"),
        kind=kind,
        subjects=tuple(subjects),
        letter_subjects=() if kind else tuple(found.get("letter", ())),
        urgent=tuple(found.get("urgent", ())),
        circulation=tuple(found.get("circulation", ())),
        is_draft="draft" in found,
        blocks=tuple(main[:end]),
    )


def _is_text(line: Line) -> bool:
    return len(line.key) > _LONGEST_LINE or _SENTENCE.fullmatch(line.shown) is not None


def _role(line: Line, kinds: set[str]) -> Role:
    key = line.key
    if key == NATION or key.replace(" ", "") == NATION.replace(" ", ""):
        return "nation"
    if key.startswith(MOTTO[:7]) and "hạnh phúc" in key:
        return "motto"
    if len(key) > _LONGEST_LINE:
        return "basis" if BASIS.match(key) else ""
    roles: tuple[tuple[Role, object], ...] = (
        ("draft", _DRAFT.match(key) and line.is_upper),
        ("number", _NUMBER.match(key)),
        ("place", _PLACE.search(key) and not key.startswith("(")),
        ("kind", key in kinds and line.is_upper),
        ("letter", _LETTER.match(key)),
        ("addressing", key.startswith("kính gửi")),
        ("basis", BASIS.match(key)),
        ("urgent", key in _URGENT),
        ("circulation", key in _CIRCULATION),
    )
    return next((role for role, is_it in roles if is_it), "")


def _find_subjects(
    main: Sequence[Block], lines: Iterable[tuple[int, Line]], kind: Line | None, end: int
) -> tuple[list[Line], int]:
    """The lines beneath the kind, and where they end."""
    subjects: list[Line] = []
    if kind is None:
        return subjects, end
    after = False
    for at, line in lines:
        if line is kind:
            after = True
            continue
        if not after or line.is_typed_rule:
            continue
        beside = line.paragraph.align == "center" or line.is_bold
        key = line.key
        if not beside or key.startswith("kính gửi") or BASIS.match(key) or line.text[:2] == "I.":
            break
        if subjects and line.paragraph.align != subjects[0].paragraph.align:
            break
        subjects.append(line)
        end = at + 1
    # the rule beneath them belongs to the head
    while end < len(main) and isinstance(block := main[end], Paragraph) and not block.text.strip():
        end += 1
    return subjects, end
