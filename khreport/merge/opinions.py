"""What an opinion of the officer is on: ids that depend on a proposal's words, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

import msgspec
import polars as pl

from khreport.edition import Edition
from khreport.text import fold

PROPOSAL_MARK = "KN"
_BYTES = 4
_DIGEST = re.compile(rf"[0-9a-f]{{{2 * _BYTES}}}")


def mark_words(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The rows, their `id` ended by a digest of the words in these columns.

    An opinion is on certain words: where an agency words its proposal anew, or another one
    moves into its row, the id is another.
    """
    found = [column for column in columns if column in rows.columns]
    digests = [
        digest_words("\x1f".join("" if value is None else str(value) for value in values))
        for values in rows.select(found).iter_rows()
    ]
    return rows.with_columns(
        pl.format("{}.{}", "id", pl.Series("digest", digests, dtype=pl.String)).alias("id")
    )


def digest_words(text: str) -> str:
    """A few letters that another wording does not have; case and blanks do not count."""
    return blake2b(fold(text).encode(), digest_size=_BYTES).hexdigest()


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What an opinion was on: the place of the proposal, without its words.

    `task` is empty for a change of the plan, which has the number of its row in `record`.
    """

    place: str
    agency: str
    task: str = ""
    record: str = ""


def place_of(opinion: str) -> str:
    """The id of a proposal without the digest of its words: "KN.PL2.I.1.sxd"."""
    rest, _, last = opinion.rpartition(".")
    return rest if _DIGEST.fullmatch(last) else opinion


def find_subject(opinion: str, edition: Edition) -> Subject | None:
    """What the opinion of that key is on; None where the plan knows no such row."""
    place = place_of(opinion)
    row, _, agency = place.rpartition(".")
    mark, _, key = row.partition(".")
    plan = edition.plan
    if agency not in plan.agency:
        return None
    if mark == PROPOSAL_MARK:
        # a milestone or a project line hangs on its task
        tasks = (key, key.rpartition(".")[0])
        task = next((task for task in tasks if task in plan.task), None)
        return Subject(place=place, agency=agency, task=task) if task else None
    if any(form.key == mark for form in edition.forms if form.rows == "records"):
        return Subject(place=place, agency=agency, record=key)
    return None
