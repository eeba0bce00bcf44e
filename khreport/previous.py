"""What the round before was told and accepted: it stands beside what is asked now."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from khreport.succession import Handover

CITED = "cited"
REPORTED_IN = "reported_in"
SUMMED_UP = "summed_up"

Values = dict[str, str | float]
"""What a row said, by column key: codes, texts and numbers as frames hold them, a day as
"2023-06-28". Beside the columns of its form, CITED holds the row's documents in words, and
REPORTED_IN the name of an older period where the row has been closed since then, and SUMMED_UP
what several bodies said that one stands for now, each under its name."""


class YearFigure(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What an indicator was in a year: which agency said so in the forms of which period.

    `period` is the name of that period. `scope` names the area that it covers, "" where nobody
    said; `final` is told of the year by the period after it.
    """

    indicator: str
    year: int
    value: float
    agency: str
    period: str
    scope: str = ""
    final: bool = False


class Proposed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What an agency asked for: `task` is empty for a change of the plan.

    `opinion` is what the officer wrote of it then, "" where nothing.
    """

    id: str
    agency: str
    text: str
    row: str
    task: str = ""
    addressee: str = ""
    opinion: str = ""


class Previous(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An earlier period and its answers, by agency, form key and row key, as they were settled.

    Only what was answered and accepted is in it; lines that agencies add are left out. It is
    not `known` where a form is read that tells of a period whose answers are elsewhere.
    `overdue` are the days by which tasks were overdue when it closed, by task key; `figures`
    those of the indicators in that year and in those before it, as far as rounds told of them.
    `stand_ins` record who answered then for bodies of the plan that were gone already.
    """

    period: str
    name: str
    known: bool = True
    answers: dict[str, dict[str, dict[str, Values]]] = {}
    overdue: dict[str, int] = {}
    figures: tuple[YearFigure, ...] = ()
    proposals: tuple[Proposed, ...] = ()
    stand_ins: tuple[Handover, ...] = ()

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
