"""Bodies that lead, coordinate and answer, and the groups that decisions name them by."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

AgencyKind = Literal[
    "department", "district", "commune", "vertical", "unit", "ministry", "organisation"
]


class Agency(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """One body, once, with all its spellings.

    `abbreviation` is ASCII and goes into file names. `assumed` says what about the record
    has no source ("cần xác nhận"), and is empty where everything has one. A body stands from
    `valid_from` to `valid_to`; None: since before the decision, or as far as is known.
    `former_province` names the province in which a commune stood before provinces merged.
    """

    key: str
    name: str
    short: str
    abbreviation: str
    kind: AgencyKind
    spellings: tuple[str, ...] = ()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    former_province: str = ""
    assumed: str = ""

    @property
    def answers(self) -> bool:
        """Whether a provincial round may ask it: ministries are never sent a workbook."""
        return self.kind != "ministry"


class Group(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """A wording that stands for several bodies; its key begins with "@".

    `members` is empty where the wording does not tell who is meant ("các đơn vị liên quan").
    """

    key: str
    name: str
    spellings: tuple[str, ...]
    members: tuple[str, ...] = ()
    assumed: str = ""


class GroupRow(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """How a task whose lead is a group, or a ministry, is asked.

    mode "one": the first of `answering` answers for all; "representatives": those named;
    "all": every body that the lead wording stands for (`answering` stays empty).
    """

    task: str
    mode: Literal["one", "representatives", "all"]
    answering: tuple[str, ...] = ()
    reason: str
    assumed: bool = True
