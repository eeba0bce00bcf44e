"""Rows that an agency added: filled ones without a key, beneath a task or in a free list."""

from __future__ import annotations

from collections.abc import Iterator

from khreport.anatomy import ADDED_ROW
from khreport.read.located import Located, as_text, is_blank, row_key
from khreport.rows import FormRow

MOST_OF_A_SIGNATURE = 2
"""Cells that are filled in a row below the table that is no answer."""


def add_rows(located: Located, first: int) -> None:
    """Nothing; filled rows without a key are rows, or told, where nobody knows whose they are.

    `first` is the index of the table's first row.
    """
    form, asked = located.form, located.asked
    owners = {index: asked[key] for key, indexes in located.claims.items() for index in indexes}
    if not owners:
        return
    last = max(owners)
    sure = set(_find_sure(located)) if form.lines else set()
    number = located.place_of("number")
    labelled = {
        (row.parent, row.mirror.get("number")): row
        for row in asked.values()
        if row.kind == "line" and row.key not in located.claims
    }
    above: FormRow | None = None
    surely = top = True  # a free list may be added to above its first line
    counts: dict[str, int] = {}
    for index in range(first, len(located.cells)):
        if index in owners or index in located.headings or row_key(located.cells[index]):
            above, surely, top = owners.get(index), index in sure, False
            continue
        if not located.says_anything(index):
            above = above if index < last else None  # below the table a gap ends it
        elif not (form.records and top) and (above is None or not (form.lines or form.records)):
            # a signature below the table is told as what stands outside
            if index < last or len(_filled(located, index)) > MOST_OF_A_SIGNATURE:
                located.unknown.append(index)
        elif form.lines and (located.sorted or not surely):
            located.unsure.append(index)
        else:
            parent = above.parent if form.lines and above else ""
            label = "" if number is None else as_text(located.cells[index][number])
            row = labelled.pop((parent, label), None)
            if row is None:
                count = counts[parent] = counts.get(parent, 0) + 1
                kind = "line" if form.lines else "record"
                key = f"{parent or form.key}{ADDED_ROW}{count}"
                row = FormRow(key=key, kind=kind, parent=parent, mirror={})  # type: ignore[arg-type]
            located.rows.append(row)
            located.at.append(index)


def _filled(located: Located, index: int) -> list[int]:
    """The places of a row in which something stands."""
    row = located.cells[index]
    return [place for place in located.places if not is_blank(row[place]) and row[place] != ""]


def _find_sure(located: Located) -> Iterator[int]:
    """The indexes of the rows beneath which a line without a key is surely their task's.

    Rows that travelled with their keys left the lines behind that have none. Lines are where
    they were if the rows above and below them are neighbours in the form, or would be if two
    rows had not changed places, or if whatever was moved away there was of the same task.
    """
    asked, claims = located.asked, located.claims
    at = {key: claims[key][0] for key in asked if claims.get(key)}
    sent, found = list(at), sorted(at, key=at.__getitem__)
    if sent == found and all(len(indexes) == 1 for indexes in claims.values()):
        yield from at.values()
        return
    rank = {key: n for n, key in enumerate(sent)}
    for n, key in enumerate(found):
        parent = asked[key].parent
        below = found[n + 1] if n + 1 < len(found) else None
        follows = sent[rank[key] + 1] if rank[key] + 1 < len(sent) else None
        before = sent[rank[below] - 1] if below else sent[-1]
        # the first row of all has nothing before it whose lines these could be
        alone = not (below and rank[below] == 0) and asked[before].parent == parent
        changed_places = below is not None and rank[key] == n and found[rank[below]] == follows
        if below == follows or changed_places or alone:
            yield at[key]
            # a copy of a row among its own task's
            end = at[below] if below else len(located.cells)
            yield from (i for i in claims[key][1:] if at[key] < i < end)
