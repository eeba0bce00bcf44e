"""Whose each row of a returned sheet is, by its words first, then by its key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from khreport.anatomy import SECTION_MARK
from khreport.read.located import IDENTIFYING, REQUIRED_MARK, Located, as_text, is_blank, row_key
from khreport.rows import FormRow
from khreport.text import fold

Rest = list[tuple[int, str]]
"""Rows that have not been told yet: index and key."""


def claim_rows(located: Located, form_rows: list[FormRow]) -> None:
    """Nothing; each asked row has the indexes of the rows that say they are it.

    Told are also the headings of sections, rows whose keys belong elsewhere, and filled rows
    that are none of the form's.
    """
    _find_headings(located, form_rows)
    if located.form.records:
        _claim_numbered(located)
    else:
        _claim_worded(located)


def _find_headings(located: Located, form_rows: list[FormRow]) -> None:
    """Nothing; headings are known by their keys, and where those are gone by words and number.

    Where words and keys were torn apart, the words of a task on a heading's key make no heading,
    and those of a heading on a task's key do.
    """
    sections = [row for row in form_rows if row.kind is None]
    words = {row.key: row.mirror["text"] for row in form_rows if "text" in row.mirror}
    place, beside = located.place_of("text"), located.place_of("number")
    lost = {row.key for row in sections}
    keyless: list[int] = []
    for index, row in enumerate(located.cells[1:], start=1):
        key = row_key(row)
        said = "" if place is None or not isinstance(row[place], str) else row[place]
        torn = key in words and said not in ("", words[key], words[key] + REQUIRED_MARK)
        if key.startswith(SECTION_MARK):
            if torn and _is_a_tasks(said, located, words):
                continue
            located.headings.add(index)
            lost.discard(key)
        elif said and (torn or not key):
            keyless.append(index)
    alike = fold if lost else str
    numbers = {alike(row.mirror["text"]): row.mirror["number"] for row in sections}
    for index in keyless:
        row = located.cells[index]
        number = numbers.get(alike(row[place]))  # type: ignore[index]
        shown = "" if beside is None else as_text(row[beside])
        if number is not None and shown in (number, ""):
            located.headings.add(index)


def _is_a_tasks(said: str, located: Located, words: Mapping[str, str]) -> bool:
    """Whether a text is that of a row that asks something; `words` are by row key."""
    folded = fold(as_text(said).removesuffix(REQUIRED_MARK))
    return any(fold(words[key]) == folded for key in located.asked if key in words)


def _claim_worded(located: Located) -> None:
    asked, claims = located.asked, located.claims
    place = located.place_of(*IDENTIFYING)
    texts = {
        key: text
        for key, row in asked.items()
        if place is not None
        for source in IDENTIFYING
        if (text := row.mirror.get(source)) is not None
    }
    rest: Rest = []
    for index, row in enumerate(located.cells[1:], start=1):
        key = row_key(row)
        text = texts.get(key)
        found = None if place is None else row[place]
        if text is not None and (found == text or found == text + REQUIRED_MARK):
            claims.setdefault(key, []).append(index)
        elif index not in located.headings:
            rest.append((index, key))
    if place is not None:
        rest = _claim_by_text(located, place, texts, rest)
    taken = {key for _, _, key in located.moved}
    # where rows and keys were torn apart, a key alone is no proof
    taken |= texts.keys() if located.sorted else set()
    for index, key in rest:
        if key in asked and key not in taken:
            claims.setdefault(key, []).append(index)
        elif key and located.says_anything(index):
            (located.unsure if key in asked else located.unknown).append(index)


def _claim_by_text(located: Located, place: int, texts: dict[str, str], rest: Rest) -> Rest:
    """The rows that even folded texts do not tell; the others have claimed theirs."""
    claims = located.claims
    lost = texts.keys() - claims.keys()
    # a row that was copied without its key says what the first one says, letter by letter
    alike = fold if lost else str
    by_text = {alike(text): key for key, text in texts.items()}
    untold: Rest = []
    for index, key in rest:
        found = located.cells[index][place]
        claimed = None
        if (lost or not key) and not is_blank(found):
            claimed = by_text.get(alike(as_text(found).removesuffix(REQUIRED_MARK)))
        if claimed is not None and claimed not in lost and key in located.asked:
            # a project line may be called what its task is called
            claimed = None if located.asked[key].kind == "line" else claimed
        if claimed is None:
            untold.append((index, key))
            continue
        claims.setdefault(claimed, []).append(index)
        if claimed != key and (key or claimed in lost):
            located.moved.append((index, key, claimed))
    return untold


def _claim_numbered(located: Located) -> None:
    """Nothing; the rows of a free list: by the number that people see and refer to, then by key."""
    asked, claims = located.asked, located.claims
    place = located.place_of("number")
    by_number = {row.mirror.get("number"): key for key, row in asked.items()}
    shown = {
        index: by_number[as_text(row[place])]
        for index, row in enumerate(located.cells[1:], start=1)
        if place is not None and as_text(row[place]) in by_number
    }
    once = Counter(shown.values())
    for index, key in shown.items():
        if once[key] == 1:
            claims[key] = [index]
            if row_key(located.cells[index]) != key and located.says_anything(index):
                located.moved.append((index, row_key(located.cells[index]), key))
    numbered = {index for indexes in claims.values() for index in indexes}
    for index, row in enumerate(located.cells[1:], start=1):
        key = row_key(row)
        if index in numbered or not key:
            continue
        if key in asked:
            claims.setdefault(key, []).append(index)
        elif index not in located.headings and located.says_anything(index):
            located.unknown.append(index)
