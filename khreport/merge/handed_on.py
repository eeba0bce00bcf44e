"""What the next period is told beside answers: overdue tasks, yearly figures, proposals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import polars as pl

from khreport.columns import (
    ADDRESSEE,
    ESTIMATE_YEAR,
    IN_PROGRESS,
    NOT_OURS,
    NOT_STARTED,
    OUTLOOK,
    PREVIOUS_FINAL,
    PROPOSAL,
    SCOPE,
    SECRET,
    STATUS,
    SUBMITTED,
)
from khreport.consolidation import Consolidation, Edits
from khreport.edition import Edition
from khreport.merge.assess import settle_tasks
from khreport.merge.wording import word_changes
from khreport.previous import Previous, Proposed, YearFigure
from khreport.text import fold

OPEN_STATES = ("running_late", "not_started_late")
OPEN_STATUSES = (NOT_STARTED, IN_PROGRESS, SUBMITTED)


def list_overdue(edition: Edition, consolidation: Consolidation, edits: Edits) -> dict[str, int]:
    """The days by which tasks are overdue, as the officer settled them, by task key."""
    tasks = settle_tasks(consolidation.tasks, consolidation.answers, edits, edition.period.closing)
    overdue = tasks.filter(pl.col("timeliness").is_in(OPEN_STATES))
    return dict(overdue.select("task", "days_late").iter_rows())


def list_figures(edition: Edition, consolidation: Consolidation) -> tuple[YearFigure, ...]:
    """The yearly figures of the indicators: those that were handed on to it, then its own.

    Where two rounds tell of a year, the later one stands: it knows the final figure.
    """
    found = {
        (f.indicator, f.year): f for f in (edition.previous.figures if edition.previous else ())
    }
    # a part of a year, or several of them, tell of no year
    asked = edition.period.kind == "year"
    rows = consolidation.indicators.iter_rows(named=True) if asked else ()
    year = edition.period.year
    for row in rows:
        if row.get(OUTLOOK) in (SECRET, NOT_OURS):
            continue
        for column, of_year in ((PREVIOUS_FINAL, year - 1), (ESTIMATE_YEAR, year)):
            told = found.get((row["indicator"], of_year))
            # of two bodies that answer, the first to give a figure stands, as in the report
            if row.get(column) is not None and (told is None or told.period != edition.period.name):
                found[row["indicator"], of_year] = YearFigure(
                    indicator=row["indicator"],
                    year=of_year,
                    value=row[column],
                    agency=row["agency"],
                    period=edition.period.name,
                    scope=name_scope(edition, row.get(SCOPE)),
                    final=column == PREVIOUS_FINAL,
                )
    return tuple(found[key] for key in sorted(found))


def name_scope(edition: Edition, code: str | None) -> str:
    """The area that a row of the indicators' form is about, by its name; "" where none is given."""
    scope = edition.scope
    names = {"before": scope.before, "after": scope.after} if scope else {}
    return names.get(code or "", code or "")


def list_proposals(
    edition: Edition, consolidation: Consolidation, edits: Edits
) -> tuple[Proposed, ...]:
    """What agencies ask for, tasks that they are not asked about left out, with opinions.

    An opinion on one of several proposals of the same words stands for all of them.
    """
    asked = consolidation.answers.filter("asked").select("agency", "task").unique()
    proposals = consolidation.proposals.join(asked, on=["agency", "task"], how="semi")
    found = [
        Proposed(
            id=row["id"],
            agency=row["agency"],
            text=row[PROPOSAL],
            row=row["key"],
            task=row["task"],
            addressee=row[ADDRESSEE] or "",
            opinion=edits.opinions.get(row["id"], ""),
        )
        for row in proposals.sort("id").iter_rows(named=True)
    ]
    found += _list_changes(edition, consolidation, edits)
    shared: dict[tuple[str, str, bool], str] = {}
    for proposal in found:
        if proposal.opinion:
            shared.setdefault(_said(proposal), proposal.opinion)
    return tuple(
        msgspec.structs.replace(each, opinion=each.opinion or shared.get(_said(each), ""))
        for each in found
    )


def _said(proposal: Proposed) -> tuple[str, str, bool]:
    return fold(proposal.addressee), fold(proposal.text), bool(proposal.task)


def _list_changes(
    edition: Edition, consolidation: Consolidation, edits: Edits
) -> Iterator[Proposed]:
    if consolidation.adjustments.is_empty():
        return
    for (key,), rows in consolidation.adjustments.group_by("form", maintain_order=True):
        texts = word_changes(edition.plan, edition.form[str(key)], rows)
        told: list[dict[str, Any]] = rows.to_dicts()
        for row, text in zip(told, texts, strict=True):
            yield Proposed(
                id=row["id"],
                agency=row["agency"],
                text=text.text,
                row=row["key"],
                addressee=edition.plan.issuer,
                opinion=edits.opinions.get(row["id"], ""),
            )


def narrow_previous(previous: Previous, agency: str) -> Previous:
    """What one agency said itself, without what the officer thought of it."""
    answers = {key: forms for key, forms in previous.answers.items() if key == agency}
    open_rows = {
        row
        for forms in answers.values()
        for rows in forms.values()
        for row, values in rows.items()
        if values.get(STATUS) in OPEN_STATUSES
    }
    return msgspec.structs.replace(
        previous,
        answers=answers,
        overdue={task: days for task, days in previous.overdue.items() if task in open_rows},
        figures=tuple(figure for figure in previous.figures if figure.agency == agency),
        proposals=tuple(
            msgspec.structs.replace(proposal, opinion="")
            for proposal in previous.proposals
            if proposal.agency == agency
        ),
    )
