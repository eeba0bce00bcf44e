"""An edition: everything that one round sent out, frozen, under a digest.

A return names the edition it was made from, and is read by it, so that old forms stay
readable when plan, forms or rules move on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from functools import cached_property
from typing import Any

import msgspec

from khreport.agencies import Agency
from khreport.forms import Form, RowKind
from khreport.periods import Period, read_key
from khreport.plan import Plan
from khreport.previous import Previous
from khreport.rules import Rule
from khreport.succession import Handover, Scope


class Question(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One row that one agency is asked: `key` is the row key, `kind` what it asks for.

    A milestone or project line names its task in `parent`; for other rows `parent` is the
    row's own task or indicator.
    """

    agency: str
    form: str
    key: str
    kind: RowKind
    parent: str


class Sender(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """Who collects: named on the cover of every workbook."""

    name: str
    contact: str = ""
    phone: str = ""
    email: str = ""


class Edition(msgspec.Struct, frozen=True, kw_only=True, dict=True, omit_defaults=True):
    """Plan, period, forms, rules and questions of one round, and the answers of an earlier one.

    `told` is what the earlier period was told, where `previous` has it under other agencies.
    `handovers` record who answers for whom where bodies of the plan are gone; the `scope` names
    the two areas that figures may cover where the province changed.

    Defaults are left out of what is frozen, so that an edition keeps its digest when later
    versions know of more.
    """

    plan: Plan
    period: Period
    sender: Sender
    forms: tuple[Form, ...]
    rules: tuple[Rule, ...]
    questions: tuple[Question, ...]
    previous: Previous | None = None
    told: Previous | None = None
    handovers: tuple[Handover, ...] = ()
    scope: Scope | None = None

    @cached_property
    def digest(self) -> str:
        """Twelve hexadecimal digits that name this edition."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()[:12]

    @cached_property
    def form(self) -> dict[str, Form]:
        """Forms by key."""
        return {form.key: form for form in self.forms}

    @cached_property
    def asked(self) -> dict[str, tuple[Question, ...]]:
        """The questions of each agency that is asked any, in the order of the plan."""
        asked: dict[str, list[Question]] = {}
        for question in self.questions:
            asked.setdefault(question.agency, []).append(question)
        return {agency: tuple(questions) for agency, questions in asked.items()}

    @cached_property
    def kept(self) -> dict[Hashable, Any]:
        """What other modules work out of this edition again and again, each under its own key."""
        return {}

    @cached_property
    def cumulated(self) -> frozenset[str]:
        """The indicators of which a year's plan is told from its beginning, not by the period.

        They add up, in a period that begins within the year: its own figure is a part of them.
        """
        begins = read_key(self.period.key).first_month if self.period.is_part_of_year else 1
        flows = (each.key for each in self.plan.indicators if each.is_flow)
        return frozenset(flows if begins > 1 else ())

    @cached_property
    def ranks(self) -> frozenset[str]:
        """The indicators that are places in a ranking: nothing is told of them in per cent."""
        return frozenset(each.key for each in self.plan.indicators if each.is_rank)

    @cached_property
    def handed(self) -> dict[str, tuple[Handover, ...]]:
        """The record of who answers each row for whom; empty where no body is gone."""
        handed: dict[str, list[Handover]] = {}
        for handover in self.handovers:
            handed.setdefault(handover.task, []).append(handover)
        return {row: tuple(handovers) for row, handovers in handed.items()}

    def heirs(self, agency: str, row: str = "") -> tuple[str, ...]:
        """Who stands now for an agency of an earlier period: on a row, or on all that it led."""
        record = [h for h in self.handovers if agency in (h.of, *h.through)]
        own = [h for h in record if h.task == row] or record
        return tuple(dict.fromkeys(key for h in own for key in h.to)) or (agency,)

    @property
    def undecided(self) -> dict[str, tuple[str, ...]]:
        """The tasks that nobody answers for a body that is gone, each with those bodies."""
        open_rows = {
            row: tuple(handover.of for handover in handed if not handover.to)
            for row, handed in self.handed.items()
            if row in self.plan.task
        }
        return {row: bodies for row, bodies in open_rows.items() if bodies}

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """The agencies that get a workbook, in the order of the plan."""
        return tuple(self.plan.agency[key] for key in self.asked)


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What A1 of a form sheet says: whose it is, of which round, form and edition."""

    plan: str
    period: str
    agency: str
    form: str
    digest: str

    def __str__(self) -> str:
        return f"khreport:{self.plan}:{self.period}:{self.agency}:{self.form}:{self.digest}"

    @classmethod
    def parse(cls, text: str) -> Token | None:
        """The token in a cell's text, or None if it is none.

        >>> Token.parse("khreport:qd1165:2024:sxd:PL2:0123456789ab").agency
        'sxd'
        """
        match text.strip().split(":"):
            case ["khreport", plan, period, agency, form, digest]:
                return cls(plan=plan, period=period, agency=agency, form=form, digest=digest)
        return None
