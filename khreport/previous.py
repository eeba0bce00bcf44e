"""What the round before was told and accepted: it stands beside what is asked now."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

CITED = "cited"
REPORTED_IN = "reported_in"

Values = dict[str, str | float]
"""What a row said, by column key: codes, texts and numbers as frames hold them, a day as
"2023-06-28". Beside the columns of its form, CITED holds the row's documents in words, and
REPORTED_IN the name of an older period where the row has been closed since then."""


class Previous(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An earlier period and its answers, by agency, form key and row key, as they were settled.

    Only what was answered and accepted is in it; lines that agencies add are left out. It is
    not `known` where a form is read that tells of a period whose answers are elsewhere.
    """

    period: str
    name: str
    known: bool = True
    answers: dict[str, dict[str, dict[str, Values]]] = {}

    def row(self, agency: str, form: str, key: str) -> Mapping[str, str | float]:
        """What the agency said in a row; empty if nothing.

        >>> row = {"PL2": {"PL2.I.1": {"status": "completed"}}}
        >>> Previous(period="2023", name="Năm 2023", answers={"sxd": row}).row(
        ...     "sxd", "PL2", "PL2.I.1"
        ... )
        {'status': 'completed'}
        """
        return self.answers.get(agency, {}).get(form, {}).get(key, {})


UNKNOWN = Previous(period="", name="", known=False)
