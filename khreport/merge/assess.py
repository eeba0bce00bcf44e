"""How answers stand against their deadlines, and what several answers come to."""

from __future__ import annotations

import datetime as dt

import polars as pl

from khreport.columns import (
    CARRIED_OUT,
    COMPLETED,
    COMPLETED_ON,
    EXCEEDS,
    FAILS,
    IN_PROGRESS,
    NOT_OURS,
    NOT_STARTED,
    PARTLY,
    REACHES,
    SECRET,
    STATUS,
    STOP,
    SUBMITTED,
)
from khreport.consolidation import Edits

ADVANCE = (
    NOT_STARTED, FAILS, PARTLY, IN_PROGRESS, SUBMITTED, COMPLETED, CARRIED_OUT, REACHES, EXCEEDS,
    STOP, SECRET, NOT_OURS,
)  # fmt: skip
"""Statuses from the least advanced on. The last three tell nothing of progress: they stand
only where no other answer does."""

WITH_DEADLINE = ("dated", "milestone", "line")


def timeliness(as_of: dt.date) -> pl.Expr:
    """The `Timeliness` of rows with `kind`, `status`, `completed_on` and `due`; null if unanswered.

    What has no `due`, or is done before it, is in time. What was completed on a day that
    nobody gave is not called in time once its deadline has passed.
    """
    status = pl.col(STATUS)
    undated = pl.col(COMPLETED_ON).is_null() & (pl.col("due") < as_of)
    late = (_days_late(as_of) > 0).fill_null(value=False)

    def either(state: str) -> pl.Expr:
        return pl.when(late).then(pl.lit(f"{state}_late")).otherwise(pl.lit(f"{state}_in_time"))

    dated = (
        pl.when((status == COMPLETED) & undated.fill_null(value=False))
        .then(pl.lit("completed_undated"))
        .when(status == COMPLETED)
        .then(either("completed"))
        .when(status.is_in([SUBMITTED, IN_PROGRESS]))
        .then(either("running"))
        .when(status == NOT_STARTED)
        .then(either("not_started"))
    )
    recurrent = status.replace_strict(
        {CARRIED_OUT: "carried_out", PARTLY: "partly", NOT_STARTED: "not_carried_out"},
        default=None,
        return_dtype=pl.String,
    )
    return (
        pl.when(status.is_in([STOP, NOT_OURS]))
        .then(pl.lit("set_aside"))
        .when(status == SECRET)
        .then(pl.lit("secret"))
        .when(pl.col("kind").is_in(WITH_DEADLINE))
        .then(dated)
        .when(pl.col("kind") == "recurrent")
        .then(recurrent)
        .alias("timeliness")
    )


def days_late(as_of: dt.date) -> pl.Expr:
    """The days after `due` on which a row was completed, or stands open; null unless late."""
    days = _days_late(as_of)
    return pl.when(days > 0).then(days).alias("days_late")


def _days_late(as_of: dt.date) -> pl.Expr:
    reached = (
        pl.when(pl.col(STATUS) == COMPLETED)
        .then(pl.col(COMPLETED_ON))
        .when(pl.col(STATUS).is_in([SUBMITTED, IN_PROGRESS, NOT_STARTED]))
        .then(pl.lit(as_of))
    )
    days = (reached - pl.col("due")).dt.total_days()
    return pl.when(pl.col("kind").is_in(WITH_DEADLINE)).then(days)


def assess_rows(rows: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """The rows with `timeliness` and `days_late`."""
    return rows.with_columns(timeliness(as_of), days_late(as_of))


def combine_answers(answers: pl.DataFrame) -> pl.DataFrame:
    """`task`, `status`, `completed_on`, `disagree` and `answered`, out of tasks' own answers.

    Several statuses come to the least advanced; the day is the last on which one who gives
    that status was done.
    """
    rank = pl.col(STATUS).replace_strict(
        {status: place for place, status in enumerate(ADVANCE)},
        default=len(ADVANCE),
        return_dtype=pl.UInt8,
    )
    given = answers.filter(pl.col(STATUS).is_not_null()).with_columns(rank.alias("rank"))
    least = pl.col("rank") == pl.col("rank").min()
    return given.group_by("task", maintain_order=True).agg(
        pl.col(STATUS).sort_by("rank").first(),
        pl.col(COMPLETED_ON).filter(least).max(),
        (pl.col(STATUS).n_unique() > 1).alias("disagree"),
        pl.col("agency").n_unique().alias("answered"),
    )


def own_answers(answers: pl.DataFrame) -> pl.DataFrame:
    """The answers that settle tasks: to the task itself, by agencies that are asked for it."""
    return answers.filter(
        pl.col("key") == pl.col("task"), pl.col(STATUS).is_not_null(), pl.col("asked")
    )


def settle_tasks(
    tasks: pl.DataFrame, answers: pl.DataFrame, edits: Edits, as_of: dt.date
) -> pl.DataFrame:
    """The tasks (`TASKS`) as the officer settled them, assessed anew.

    An edited status comes first, then that of the chosen agency; `disagree` stays only where
    neither was said. An edited day is that of any completed task.
    """
    own = own_answers(answers)
    given = pl.DataFrame(
        list(edits.days.items()), schema={"task": pl.String, "edited on": pl.Date}, orient="row"
    )
    settled = pl.DataFrame(
        [(task, edits.statuses.get(task), edits.chosen.get(task)) for task in tasks["task"]],
        schema={"task": pl.String, "edited": pl.String, "agency": pl.String},
        orient="row",
    ).join(
        own.select("task", "agency", chosen=STATUS), on=["task", "agency"], how="left",
        maintain_order="left",
    )  # fmt: skip
    settled = settled.select("task", settled=pl.coalesce("edited", "chosen"), by="agency")
    days = (
        own.join(settled, on="task")
        .filter(
            pl.col(STATUS) == pl.col("settled"),
            pl.col("by").is_null() | (pl.col("by") == pl.col("agency")),
        )
        .group_by("task")
        .agg(pl.col(COMPLETED_ON).max().alias("settled on"))
    )
    said = pl.col("settled").is_not_null()
    reported = pl.when(said).then("settled on").otherwise(COMPLETED_ON)
    completed = pl.coalesce("settled", STATUS) == COMPLETED
    return (
        tasks.join(settled, on="task", how="left", maintain_order="left")
        .join(days, on="task", how="left", maintain_order="left")
        .join(given, on="task", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("settled", STATUS).alias(STATUS),
            pl.when(completed)
            .then(pl.coalesce("edited on", reported))
            .otherwise(reported)
            .alias(COMPLETED_ON),
            pl.col("disagree") & ~said,
        )
        .pipe(assess_rows, as_of)
        .select(tasks.columns)
    )
