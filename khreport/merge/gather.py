"""The answers of many submissions by form, each row and cell with the place it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from khreport.cells import column_letters
from khreport.columns import VALUE
from khreport.consolidation import CELLS
from khreport.edition import Edition
from khreport.forms import Form
from khreport.frames import Submission, answers_schema, join_answers
from khreport.merge.wording import word_answers

BATCH = 1000
"""Submissions whose answers are joined at a time."""


def gather_answers(edition: Edition, submissions: Iterable[Submission]) -> dict[str, pl.DataFrame]:
    """The rows of every form, with `file`, `sheet` and `layout`, in the order of the plan.

    `layout` says in which columns the answers stood ("status=7 percent=8"). Submissions are
    taken one by one; of each only its answers are kept.
    """
    schemas = {form.key: answers_schema(form) for form in edition.forms}
    joined: dict[str, list[pl.DataFrame]] = {key: [] for key in schemas}
    waiting: dict[str, list[Mapping[str, pl.DataFrame]]] = {key: [] for key in schemas}
    traces: dict[str, list[tuple[str, str, str, str]]] = {key: [] for key in schemas}
    for submission in submissions:
        for key in submission.answers:
            if key in schemas:
                waiting[key].append(submission.answers)
                if len(waiting[key]) >= BATCH:
                    joined[key].append(_join(key, waiting[key], schemas[key]))
                    waiting[key].clear()
                columns = submission.columns.get(key, {})
                layout = " ".join(f"{name}={place}" for name, place in columns.items())
                sheet = submission.sheets.get(key, edition.form[key].sheet)
                traces[key].append((submission.id, submission.file, sheet, layout))
    trace = dict.fromkeys(("submission", "file", "sheet", "layout"), pl.String)
    return {
        key: pl.concat([*parts, _join(key, waiting[key], schemas[key])], rechunk=True)
        .join(pl.DataFrame(traces[key], schema=trace, orient="row"), on="submission", how="left")
        .pipe(_sort_rows, edition)
        for key, parts in joined.items()
    }


def _join(
    key: str, answers: Iterable[Mapping[str, pl.DataFrame]], schema: pl.Schema
) -> pl.DataFrame:
    frames = [_fit(frame, schema) for frame in join_answers(key, answers)]
    return pl.concat([pl.DataFrame(schema=schema), *frames], rechunk=True)


def _fit(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """The frame in the schema of today's form: an older edition may lack columns or have more."""
    if frame.schema == schema:
        return frame
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )


def _sort_rows(rows: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    plan = edition.plan
    parents = [task.key for task in plan.tasks] + [indicator.key for indicator in plan.indicators]
    return rows.sort(
        place_in(pl.col("parent"), parents),
        place_in(pl.col("agency"), list(edition.asked)),
        "row",
        maintain_order=True,
    )


def place_in(column: pl.Expr, order: list[str]) -> pl.Expr:
    """The place of each value in an order; what is not in it comes last."""
    places = {key: place for place, key in enumerate(order)}
    return column.replace_strict(places, default=len(order), return_dtype=pl.UInt32)


def is_written(form: Form) -> pl.Expr:
    """Whether anything was answered in a row."""
    return pl.any_horizontal(pl.col(column.key).is_not_null() for column in form.answers)


def list_cells(edition: Edition, gathered: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The answered cells (`CELLS`) by agency, form, row and column."""
    parts = [
        _cells_of_form(form, gathered[form.key]).with_columns(place=pl.lit(place))
        for place, form in enumerate(edition.forms)
    ]
    return (
        pl.concat(parts)
        .sort(place_in(pl.col("agency"), list(edition.asked)), "place", "row", "at")
        .select(CELLS.names())
    )


def _cells_of_form(form: Form, rows: pl.DataFrame) -> pl.DataFrame:
    """The form's answered cells, with `row` and `at` (the column, from zero)."""
    keys = [column.key for column in form.answers]
    places = [
        (layout, name, int(place), column_letters(int(place)))
        for layout in rows["layout"].unique()
        for name, _, place in (pair.partition("=") for pair in layout.split())
    ]
    at = pl.DataFrame(
        places,
        schema={"layout": pl.String, "column": pl.String, "at": pl.Int32, "letters": pl.String},
        orient="row",
    )
    index = ["agency", "key", "submission", "file", "sheet", "layout", "row"]
    return (
        rows.select(*index, *(word_answers(form, column) for column in form.answers))
        .unpivot(on=keys, index=index, variable_name="column", value_name="found")
        .rename({"found": VALUE})  # a form may have a column of that name
        .drop_nulls(VALUE)
        .join(at, on=["layout", "column"], how="left")
        .with_columns(
            (pl.col("letters") + (pl.col("row") + 1).cast(pl.String)).alias("cell"),
            form=pl.lit(form.key),
        )
        .drop("layout", "letters")
    )
