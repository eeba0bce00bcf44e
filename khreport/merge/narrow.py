"""A round narrowed to one agency: what it was asked, and what it answered."""

from __future__ import annotations

import msgspec
import polars as pl

from khreport.consolidation import Consolidation
from khreport.edition import Edition
from khreport.merge.consolidate import asked_tasks, stand_tasks
from khreport.merge.handed_on import narrow_previous

_BY_AGENCY = (
    "indicators", "documents", "difficulties", "proposals", "adjustments", "agencies", "cells",
    "remarks",
)  # fmt: skip


def narrow_edition(edition: Edition, agency: str) -> Edition:
    """The edition with only the questions of that agency, and only its part of the plan."""
    questions = edition.asked[agency]
    asked = {question.parent for question in questions if question.kind != "remark"}
    plan = edition.plan
    tasks = tuple(task for task in plan.tasks if task.key in asked)
    appendices = {task.appendix for task in tasks}
    previous = edition.previous
    if previous is not None:
        previous = narrow_previous(previous, agency)
    return msgspec.structs.replace(
        edition,
        questions=questions,
        previous=previous,
        told=None,
        plan=msgspec.structs.replace(
            plan,
            tasks=tasks,
            indicators=tuple(each for each in plan.indicators if each.key in asked),
            appendices=tuple(each for each in plan.appendices if each.key in appendices),
        ),
    )


def narrow_consolidation(consolidation: Consolidation, narrowed: Edition) -> Consolidation:
    """The frames with only what the agency of a narrowed edition said; tasks stand as it says."""
    (agency,) = narrowed.asked
    own = pl.col("agency") == agency
    answers = consolidation.answers.filter(own, pl.col("asked"))
    frames = {name: getattr(consolidation, name) for name in _BY_AGENCY}
    return msgspec.structs.replace(
        consolidation,
        answers=answers,
        tasks=stand_tasks(narrowed, asked_tasks(narrowed), answers),
        **{
            name: frame.filter(own) if "agency" in frame.columns else frame
            for name, frame in frames.items()
        },
    )
