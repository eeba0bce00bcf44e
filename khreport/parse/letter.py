"""The words of official letters (công văn), parsed from TOML: an office may word them anew."""

from __future__ import annotations

from typing import Literal

import msgspec

from khreport.parse.toml import Entry, Source

LetterKind = Literal["cover", "remind", "late"]
"""Letters that send the forms out, remind before the day, and chase those who are late."""


class Pattern(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One letter: its file's name, its subject without "V/v", what it says, item by item."""

    file: str
    subject: str
    opening: str
    items: tuple[str, ...]
    closing: str


class Patterns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The letters by kind."""

    cover: Pattern
    remind: Pattern
    late: Pattern


class LetterWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Short wordings that the letters share."""

    everyone: str
    listed: str
    those_listed: str
    list_title: str
    contact: str
    phone: str
    email: str
    estimate: str
    missing: str
    missing_late: str
    faulty: str
    faulty_late: str
    owing: str
    send: str
    mend: str
    send_or_mend: str
    in_time: str
    at_once: str
    own_file: str
    listed_files: str


Four = tuple[str, str, str, str]
Five = tuple[str, str, str, str, str]


class LetterTables(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The header rows of the lists of agencies."""

    cover: Five
    owing: Four


class LetterTexts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that the letters say; `most_addressees` are named on the letter, more in a list."""

    most_addressees: int
    words: LetterWords
    tables: LetterTables
    letters: Patterns


def parse_letters(text: str, name: str) -> LetterTexts:
    """The letters that a TOML text words; `name` is the file's, for complaints.

    Raises PlanError with file and line for what is missing, unknown or of another type.
    """
    source = Source(text, name)
    for table, wanted in (("words", LetterWords), ("tables", LetterTables)):
        Entry(source, "", 0, table).convert(source.content.get(table, {}), wanted)
    return Entry(source, "", 0, "").convert(source.content, LetterTexts)
