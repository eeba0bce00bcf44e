"""The parts of an official document, recognised by what they say and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

import msgspec

from khreport.document import Block, Document, Paragraph, Table, walk_paragraphs
from khreport.lint.letterhead import BASIS, Letterhead, read_letterhead
from khreport.lint.lines import Line, split_lines
from khreport.profile import Profile
from khreport.signing import TITLES
from khreport.text import fold

_APPENDIX = re.compile(r"phụ lục(?: (?:[ivxlc]+|\d+|[a-z]))?\W*")
_AUTHORITY = re.compile(r"(?:TM|KT|TL|TUQ|Q|T/M|K/T|T/L|TU/Q)[./]?\s+\S")
_SIGNED = re.compile(r"\(?(?:đã ký|ký,? ?ghi rõ|chữ ký|ký tên).*")
_UNITS = (
    "tỉnh", "thành phố", "xã", "phường", "đặc khu",
    # until 30/6/2025
    "huyện", "quận", "thị xã", "thị trấn",
)  # fmt: skip
_ONE_PAGE = 4000
_ADDRESSEE_BLOCKS = 12
_MOST_ABOVE, _SHORT = 15, 60
_LAST_LINES = 6
_LONGEST_NAME = 6


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beneath the text: Nơi nhận with its list, the lines of who signs, the name."""

    label: Line | None = None
    recipients: tuple[Line, ...] = ()
    authorities: tuple[Line, ...] = ()
    name: Line | None = None
    blocks: tuple[Block, ...] = ()


class Appendix(msgspec.Struct, frozen=True, kw_only=True):
    """An appendix: its label, the lines of its title, "(Kèm theo …)", and all of its blocks."""

    label: Line
    titles: tuple[Line, ...]
    enclosure: Line | None
    blocks: tuple[Block, ...]


class Anatomy(msgspec.Struct, frozen=True, kw_only=True):
    """A document taken apart; `body` stands between its head and its ending."""

    profile: Profile
    document: Document
    head: Letterhead
    addressing: Line | None
    addressees: tuple[Line, ...]
    bases: tuple[Line, ...]
    body: tuple[Block, ...]
    ending: Ending
    appendices: tuple[Appendix, ...]

    def component(self, name: str) -> tuple[Line, ...]:
        """The lines of a part by the name that rules have for it; none where it is not there."""
        head, ending = self.head, self.ending
        parts: dict[str, tuple[Line | None, ...]] = {
            "nation": (head.nation,),
            "motto": (head.motto,),
            "superior": self._names[0],
            "issuer": self._names[1],
            "number": (head.number,),
            "place": (head.place,),
            "kind": (head.kind,),
            "subject": head.subjects,
            "letter_subject": head.letter_subjects,
            "urgent": head.urgent,
            "circulation": head.circulation,
            "addressing": (self.addressing,),
            "addressees": self.addressees,
            "basis": self.bases,
            "authority": ending.authorities,
            "signatory": (ending.name,),
            "recipients_label": (ending.label,),
            "recipients": ending.recipients,
            "appendix_label": tuple(each.label for each in self.appendices),
            "appendix_title": tuple(line for each in self.appendices for line in each.titles),
            "enclosure": tuple(each.enclosure for each in self.appendices),
        }
        return tuple(line for line in parts[name] if line is not None)

    @property
    def _names(self) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """The lines of the body above, and of the one that issues the document.

        The second are bold. Where that does not tell, "ỦY BAN NHÂN DÂN / TỈNH KHÁNH HÒA" is
        one name on two lines, and else the first line is the body above.
        """
        lines = self.head.issuers
        above = next((at for at, line in enumerate(lines) if line.is_bold), 0)
        is_one = len(lines) < 2 or lines[-1].key.startswith(_UNITS)  # noqa: PLR2004
        if not above and not is_one:
            above = 1
        return lines[:above], lines[above:]

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs of the body that show something, those in tables left out."""
        apart = (self.addressing, *self.addressees, *self.bases)
        known = {id(line.paragraph) for line in apart if line}
        return tuple(
            block
            for block in self.body
            if isinstance(block, Paragraph) and block.text.strip() and id(block) not in known
        )

    @property
    def texts(self) -> Iterator[Paragraph]:
        """All paragraphs that show something: body, tables, appendices, ending."""
        whole = (*self.body, *self.ending.blocks, *(b for a in self.appendices for b in a.blocks))
        return (each for each in walk_paragraphs(whole) if each.text.strip())

    @property
    def is_long(self) -> bool:
        """Whether it certainly fills more than one page."""
        letters = sum(len(paragraph.text) for paragraph in walk_paragraphs(self.body))
        return bool(self.appendices) or letters > _ONE_PAGE


def take_apart(document: Document, profile: Profile) -> Anatomy:
    """The parts of a document."""
    blocks = document.blocks
    starts = [at for at, block in enumerate(blocks) if at and _opens_appendix(block)]
    main = blocks[: starts[0]] if starts else blocks
    tail = _find_tail(main)
    head = read_letterhead(main[:tail], profile)
    body = main[len(head.blocks) : tail]
    addressing, addressees = _find_addressees(body)
    return Anatomy(
        profile=profile,
        document=document,
        head=head,
        addressing=addressing,
        addressees=addressees,
        bases=_find_bases(body),
        body=body,
        ending=_read_ending(main[tail:]),
        appendices=tuple(
            _read_appendix(blocks[start:end]) for start, end in pairwise([*starts, len(blocks)])
        ),
    )


def _opens_appendix(block: Block) -> bool:
    if not isinstance(block, Paragraph):
        return False
    line = next(split_lines([block]), None)
    return line is not None and _APPENDIX.fullmatch(fold(line.text)) is not None


def _find_tail(main: Sequence[Block]) -> int:
    """Where Nơi nhận and the signature begin."""
    shown = 0
    for at in range(len(main) - 1, -1, -1):
        lines = list(split_lines([main[at]], beside=True))
        shown += len(lines)
        # at the very end a title in capitals is one whatever its letters look like
        signs = _is_title if shown <= _LAST_LINES else _signs
        if any(line.key.startswith("nơi nhận") or signs(line) for line in lines):
            break
    else:
        return len(main)
    # without a table, who signs may stand above Nơi nhận
    above = range(at - 1, max(-1, at - _MOST_ABOVE), -1)
    short = list(takewhile(lambda place: _is_short(main[place]), above))
    signing = [place for place in short if any(map(_signs, split_lines([main[place]])))]
    return min([at, *signing])


def _is_short(block: Block) -> bool:
    return isinstance(block, Paragraph) and len(block.text) <= _SHORT


def _signs(line: Line) -> bool:
    """Whether a line is one of authority ("KT. GIÁM ĐỐC"), or a title in bold capitals."""
    return _is_title(line) and (line.is_bold or _AUTHORITY.match(line.text) is not None)


def _is_title(line: Line) -> bool:
    """Whether a line is one of authority, or a title in capitals."""
    if line.paragraph.label or not line.is_upper:
        return False
    return bool(_AUTHORITY.match(line.text)) or line.text.startswith(TITLES)


def _find_addressees(inner: Sequence[Block]) -> tuple[Line | None, tuple[Line, ...]]:
    """The line "Kính gửi:", and the addressees on lines of their own."""
    lines = list(split_lines(inner[:_ADDRESSEE_BLOCKS]))
    for at, line in enumerate(lines):
        if line.key.startswith("kính gửi"):
            listed: list[Line] = []
            for each in lines[at + 1 :]:
                if not each.text.startswith(("-", "–", "•", "+")):
                    break
                listed.append(each)
                if each.text.endswith("."):
                    break
            return line, tuple(listed)
    return None, ()


def _find_bases(inner: Sequence[Block]) -> tuple[Line, ...]:
    """The legal bases, which stand together before anything else is said."""
    bases: list[Line] = []
    for line in split_lines(inner):
        if BASIS.match(line.key) and not line.text.endswith(":"):
            bases.append(line)
        elif bases:
            break
    alone = len(bases) == 1 and not all(run.look.italic for run in bases[0].inked)
    return () if alone and not bases[0].text.endswith(";") else tuple(bases)


def _read_ending(blocks: tuple[Block, ...]) -> Ending:
    label: Line | None = None
    recipients: list[Line] = []
    authorities: list[Line] = []
    names: list[Line] = []
    for line in split_lines(blocks, beside=True):
        if line.key.startswith("nơi nhận"):
            label = line
        elif line.text.startswith(("-", "–")) or (label and _same_cell(label, line)):
            recipients.append(line)
        elif line.is_upper and not names:
            authorities.append(line)
        elif not line.is_typed_rule and not _SIGNED.match(line.key):
            names.append(line)
    if not names and _is_name(authorities):
        names.append(authorities.pop())
    return Ending(
        label=label,
        recipients=tuple(recipients),
        authorities=tuple(authorities),
        name=names[-1] if names and authorities else None,
        blocks=blocks,
    )


def _is_name(signing: Sequence[Line]) -> bool:
    """Whether the last line of who signs is a name in capitals, room for a hand above it."""
    if len(signing) < 2:  # noqa: PLR2004 - a title and a name
        return False
    title, last = signing[-2:]
    apart = last.paragraph.spot.number - title.paragraph.spot.number > 1
    is_short = 1 < len(last.text.split()) <= _LONGEST_NAME
    return apart and is_short and not (last.text.startswith(TITLES) or _AUTHORITY.match(last.text))


def _same_cell(one: Line, other: Line) -> bool:
    spots = one.paragraph.spot, other.paragraph.spot
    cells = {(spot.table, spot.row, spot.column) for spot in spots}
    return len(cells) == 1 and spots[0].table > 0


def _read_appendix(blocks: tuple[Block, ...]) -> Appendix:
    top: list[Line] = []
    for block in blocks:
        if isinstance(block, Table):
            break
        top += split_lines([block])
    label, *rest = top
    titles: list[Line] = []
    enclosure = None
    for line in rest:
        if line.key.startswith("(") and "kèm theo" in line.key:
            enclosure = line
            break
        if line.paragraph.align != "center" or line.is_typed_rule:
            break
        titles.append(line)
    return Appendix(label=label, titles=tuple(titles), enclosure=enclosure, blocks=blocks)
