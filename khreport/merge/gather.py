"""The answers of many submissions by form, each row and cell with the place it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
import polars as pl

from khreport.cells import column_letters
from khreport.columns import VALUE
from khreport.consolidation import CELLS
from khreport.edition import Edition
from khreport.forms import Form
from khreport.frames import Submission, answers_schema, join_answers
from khreport.merge.wording import word_answers

ORIGINS = {
    "agency": pl.String, "form": pl.String, "key": pl.String, "column": pl.String,
    "submission": pl.String, "file": pl.String, "sheet": pl.String, "row": pl.Int32,
    "at": pl.Int32, "whole": pl.Boolean,
}  # fmt: skip
"""An agency's answers that stand in an earlier return of its (`frames.Taken`)."""
BATCH = 250
"""Submissions whose answers are joined at a time."""


def gather_answers(
    edition: Edition, submissions: Iterable[Submission]
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The answered rows of every form, with `file`, `sheet` and `layout`, in the order of the plan.

    `layout` says in which columns the answers stood ("status=7 percent=8"). Submissions are
    taken one by one; of each only its answers are kept. With them come the cells (`ORIGINS`)
    that were taken over from earlier returns.
    """
    forms = edition.form
    joined: dict[str, list[pl.DataFrame]] = {key: [] for key in forms}
    waiting: dict[str, list[Mapping[str, pl.DataFrame]]] = {key: [] for key in forms}
    traces: dict[str, list[tuple[str, str, str, str]]] = {key: [] for key in forms}
    taken: list[tuple[object, ...]] = []
    for submission in submissions:
        taken += [(submission.agency, *msgspec.structs.astuple(t)) for t in submission.taken]
        for key in submission.answers:
            if key in forms:
                waiting[key].append(submission.answers)
                if len(waiting[key]) >= BATCH:
                    joined[key].append(_join(forms[key], waiting[key]))
                    waiting[key].clear()
                columns = submission.columns.get(key, {})
                layout = " ".join(f"{name}={place}" for name, place in columns.items())
                sheet = submission.sheets.get(key, forms[key].sheet)
                traces[key].append((submission.id, submission.file, sheet, layout))
    trace = dict.fromkeys(("submission", "file", "sheet", "layout"), pl.String)
    origins = pl.DataFrame(taken, schema=ORIGINS, orient="row")
    rows = {
        key: pl.concat([*parts, _join(forms[key], waiting[key])], rechunk=True)
        .join(pl.DataFrame(traces[key], schema=trace, orient="row"), on="submission", how="left")
        .pipe(_name_origins, origins.filter(pl.col("form") == key, pl.col("whole")))
        .pipe(_sort_rows, edition)
        for key, parts in joined.items()
    }
    return rows, origins


def _name_origins(rows: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    """The rows, those that were taken over whole with the place where they stand."""
    if whole.is_empty():
        return rows
    place = ("submission", "file", "sheet", "row")
    origins = whole.unique(("agency", "key")).select(
        "agency", "key", *(pl.col(name).alias(f"taken {name}") for name in place)
    )
    return (
        rows.join(origins, on=("agency", "key"), how="left", maintain_order="left")
        .with_columns(pl.coalesce(f"taken {name}", name).alias(name) for name in place)
        .drop(f"taken {name}" for name in place)
    )


def _join(form: Form, answers: Iterable[Mapping[str, pl.DataFrame]]) -> pl.DataFrame:
    schema = answers_schema(form)
    frames = [_fit(frame, schema) for frame in join_answers(form.key, answers)]
    # most rows of a return are empty: to keep them would take most of the memory
    return pl.concat([pl.DataFrame(schema=schema), *frames]).filter(is_written(form))


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


def list_cells(
    edition: Edition, gathered: Mapping[str, pl.DataFrame], taken: pl.DataFrame
) -> pl.DataFrame:
    """The answered cells (`CELLS`) by agency, form, row and column.

    `taken` are those that stand in earlier returns (`ORIGINS`).
    """
    parts = [
        _cells_of_form(form, gathered[form.key]).with_columns(place=pl.lit(place))
        for place, form in enumerate(edition.forms)
    ]
    return (
        pl.concat(parts)
        .sort(place_in(pl.col("agency"), list(edition.asked)), "place", "row", "at")
        .pipe(_name_cells, taken)
        .select(CELLS.names())
    )


def _name_cells(cells: pl.DataFrame, taken: pl.DataFrame) -> pl.DataFrame:
    """The cells, those that were taken over with the place where they stand."""
    if taken.is_empty():
        return cells
    place, index = ("submission", "file", "sheet", "cell"), ("agency", "form", "key", "column")
    letters = pl.col("at").map_elements(column_letters, return_dtype=pl.String)
    origins = taken.with_columns((letters + (pl.col("row") + 1).cast(pl.String)).alias("cell"))
    return cells.join(
        origins.select(*index, *(pl.col(name).alias(f"taken {name}") for name in place)),
        on=index, how="left", maintain_order="left",
    ).with_columns(pl.coalesce(f"taken {name}", name).alias(name) for name in place)  # fmt: skip


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
    worded = rows.select(*index, *(word_answers(form, column) for column in form.answers))
    # column by column: all of them at once would hold the empty cells too, which are most
    filled = [
        worded.select(*index, pl.lit(key).alias("column"), pl.col(key).alias(VALUE)).drop_nulls(
            VALUE
        )
        for key in keys
    ]
    return (
        pl.concat(filled)
        .join(at, on=["layout", "column"], how="left")
        .with_columns(
            (pl.col("letters") + (pl.col("row") + 1).cast(pl.String)).alias("cell"),
            form=pl.lit(form.key),
        )
        .drop("layout", "letters")
    )
