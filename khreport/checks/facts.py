"""What the rules know of a row beside its answers: its task, its parent, documents at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import polars as pl

from khreport.checks.kinds import bare, documents_column
from khreport.checks.reach import adds_up, asked_kinds, kind_of_measure, row_kinds
from khreport.edition import Edition
from khreport.errors import KhreportError
from khreport.forms import Form
from khreport.frames import DTYPES, Submission, answers_schema, join_answers
from khreport.periods import Period
from khreport.plan import Plan
from khreport.rules import PARENT, PREVIOUS, SHEET, Rule, Scalar

ROW = ("submission", "key")
BARE_TEXT = bare(pl.col("task.text")).alias("task.bare")
"""The task's words, as answers that only repeat them are compared with them."""


def gather_rows(
    edition: Edition, form: Form, rules: Iterable[Rule], submissions: Sequence[Submission]
) -> pl.DataFrame:
    """The answers of all submissions to one form (`answers_schema`), with their facts.

    Rows that were missing from a workbook are left out. The facts are those of
    `khreport.rules.FACTS`, and where a rule needs them "parent.<column>", "previous.<column>",
    "sheet.<form>" and "form.<key>".
    """
    sent = [s for s in submissions if form.key in s.answers]
    rows = _join_tasks(_concat(form, sent), edition)
    rows = _join_begun(rows, form, submissions)
    if form.rows == "indicators":
        rows = _join_indicators(rows, edition)
    wanted = _wanted(form, rules)
    rows = _join_parents(rows, wanted.parents)
    rows = _join_previous(rows, form, edition, wanted.previous)
    for key in wanted.documents:
        rows = _join_documents(rows, edition.form[key], submissions)
    return rows.with_columns(map(_sheet_state, wanted.sheets)).filter(pl.col("row") >= 0).collect()


def _concat(form: Form, sent: Sequence[Submission]) -> pl.LazyFrame:
    try:
        return pl.concat(join_answers(form.key, (s.answers for s in sent))).lazy()
    except (pl.exceptions.SchemaError, pl.exceptions.ShapeError) as error:
        raise KhreportError(
            f"Lỗi của chương trình: bảng trả lời của biểu {form.key} có kiểu cột khác nhau."
        ) from error


def _join_tasks(rows: pl.LazyFrame, edition: Edition) -> pl.LazyFrame:
    """The rows with the text, due day and timing of their task, or of their milestone."""
    tasks: pl.DataFrame | None = edition.kept.get(_join_tasks)
    if tasks is None:
        tasks = edition.kept[_join_tasks] = _list_tasks(edition.plan)
    own = pl.when(pl.col("key").is_in(tasks["task.key"].implode())).then("key").otherwise("parent")
    joined = rows.with_columns(own.alias("task.key")).join(
        tasks.lazy(), on="task.key", how="left", maintain_order="left"
    )
    return joined.with_columns(timing(edition.period)).drop("task.key")


def _list_tasks(plan: Plan) -> pl.DataFrame:
    known: dict[str, tuple[dt.date | None, str]] = {}
    for task in plan.tasks:
        known[task.key] = task.deadline.due, task.text
        for step in task.deadline.milestones:
            known[f"{task.key}.{step.key}"] = step.due, step.text
    return pl.DataFrame(
        [(key, due, text) for key, (due, text) in known.items()],
        schema={"task.key": pl.String, "task.due": pl.Date, "task.text": pl.String},
        orient="row",
    ).with_columns(BARE_TEXT)


def timing(period: Period) -> pl.Expr:
    """Whether the task's due day has passed, as "task.timing"; null where it has none."""
    due = pl.col("task.due")
    return (
        pl.when(due <= period.closing)
        .then(pl.lit("passed"))
        .when(due <= period.end)
        .then(pl.lit("this_period"))
        .when(due.is_not_null())
        .then(pl.lit("later"))
        .alias("task.timing")
    )


def _join_indicators(rows: pl.LazyFrame, edition: Edition) -> pl.LazyFrame:
    facts = pl.LazyFrame(
        [
            (i.key, kind_of_measure(i), "yes" if adds_up(i, edition.period) else "no")
            for i in edition.plan.indicators
        ],
        schema=dict.fromkeys(("parent", "indicator.measure", "indicator.adds_up"), pl.String),
        orient="row",
    )
    return rows.join(facts, on="parent", how="left", maintain_order="left")


def _join_previous(
    rows: pl.LazyFrame, form: Form, edition: Edition, facts: Sequence[str]
) -> pl.LazyFrame:
    """The rows with what the same agency answered in the last period; null if nothing is known."""
    if not facts:
        return rows
    previous = edition.previous.answers if edition.previous else {}
    keys = [name.removeprefix(PREVIOUS) for name in facts]
    given = [
        (agency, row, *(typed(cells.get(key), DTYPES[form.column[key].type]) for key in keys))
        for agency, forms in previous.items()
        for row, cells in forms.get(form.key, {}).items()
    ]
    schema = {"agency": pl.String, "key": pl.String} | _previous_schema(form, facts)
    return rows.join(
        pl.LazyFrame(given, schema=schema, orient="row"),
        on=("agency", "key"), how="left", maintain_order="left",
    )  # fmt: skip


def _previous_schema(form: Form, facts: Iterable[str]) -> dict[str, type[pl.DataType]]:
    return {name: DTYPES[form.column[name.removeprefix(PREVIOUS)].type] for name in facts}


def _sheet_state(fact: str) -> pl.Expr:
    """The fact "sheet.<form>" out of the form's begun lines; null where its sheet is missing."""
    begun = pl.col(documents_column(fact.removeprefix(SHEET))).list.len() > 0
    return pl.when(begun).then(pl.lit("begun")).when(~begun).then(pl.lit("empty")).alias(fact)


def filled(form: Form) -> pl.Expr:
    """Whether the agency answered anything in the row."""
    return pl.any_horizontal(
        pl.col(column.key).is_not_null() & pl.col("kind").is_in(asked_kinds(form, column))
        for column in form.answers
    )


def _join_begun(rows: pl.LazyFrame, form: Form, submissions: Sequence[Submission]) -> pl.LazyFrame:
    # What cannot be read was written all the same.
    unread = {(s.id, key) for s in submissions for at, key, _ in s.unread if at == form.key}
    if not unread:
        begun = pl.when(filled(form)).then(pl.lit("yes")).otherwise(pl.lit("no"))
        return rows.with_columns(begun.alias("row.begun"))
    written = pl.LazyFrame(
        sorted(unread), schema={"submission": pl.String, "key": pl.String}, orient="row"
    ).with_columns(unread=pl.lit(value=True))
    begun = pl.when(filled(form) | pl.col("unread").is_not_null()).then(pl.lit("yes"))
    return (
        rows.join(written, on=ROW, how="left", maintain_order="left")
        .with_columns(begun.otherwise(pl.lit("no")).alias("row.begun"))
        .drop("unread")
    )


def _join_parents(rows: pl.LazyFrame, facts: Sequence[str]) -> pl.LazyFrame:
    if not facts:
        return rows
    parents = rows.select(
        "submission",
        pl.col("key").alias("parent"),
        *(pl.col(fact.removeprefix(PARENT)).alias(fact) for fact in facts),
    ).unique(("submission", "parent"), keep="first", maintain_order=True)
    return rows.join(parents, on=("submission", "parent"), how="left", maintain_order="left")


def _join_documents(
    rows: pl.LazyFrame, form: Form, submissions: Sequence[Submission]
) -> pl.LazyFrame:
    """The rows with the numbers of the begun lines of `form`; null where its sheet is missing."""
    sent = [s for s in submissions if form.key in s.answers]
    name = documents_column(form.key)
    if not sent:
        return rows.with_columns(pl.lit(None, dtype=pl.List(pl.String)).alias(name))
    lines = _join_begun(_concat(form, sent), form, sent)
    number = pl.col("key").str.extract(r"([^.]+)$")
    # Lines added beneath the form's own go on counting.
    added = number.str.extract(r"^\+(\d+)$").cast(pl.Int32) + form.records
    number = pl.coalesce(added.cast(pl.String), number)
    begun = lines.group_by("submission").agg(
        number.filter(pl.col("row.begun") == "yes").alias(name)
    )
    return rows.join(begun, on="submission", how="left", maintain_order="left")


def example_rows(rule: Rule, form: Form, rules: Iterable[Rule], period: Period) -> pl.DataFrame:
    """The `good` (row 0) and the `bad` (row 1) example of a card, as `gather_rows` gives rows."""
    wanted = _wanted(form, rules)
    schema = answers_schema(form) | {"task.due": pl.Date, "task.text": pl.String}
    schema |= _previous_schema(form, wanted.previous)
    given = [*wanted.parents, *wanted.sheets, *map(documents_column, wanted.listed)]
    schema |= dict.fromkeys(given, pl.String)
    if form.rows == "indicators":
        schema |= dict.fromkeys(("indicator.measure", "indicator.adds_up"), pl.String)
    place = {"kind": row_kinds(rule, form)[0], "key": f"{form.key}.{(*rule.rows, 1)[0]}"}
    examples = (place | rule.good, place | rule.good | rule.bad)
    # what is unique is so within a submission
    apart = rule.kind != "unique"
    rows = [
        {name: typed(example.get(name), dtype) for name, dtype in schema.items()}
        | {"row": row, "submission": str(row if apart else 0)}
        for row, example in enumerate(examples)
    ]
    begun = pl.when(filled(form)).then(pl.lit("yes")).otherwise(pl.lit("no"))
    return pl.DataFrame(rows, schema=schema).with_columns(
        BARE_TEXT,
        timing(period),
        begun.alias("row.begun"),
        *(pl.col(documents_column(key)).str.split("; ") for key in wanted.listed),
    )


class Wanted(NamedTuple):
    """The facts that a form's rules need: names, and the forms whose lines are listed.

    `documents` are all of these forms, `listed` those whose lines rules refer to one by one.
    """

    parents: list[str]
    previous: list[str]
    sheets: list[str]
    listed: list[str]

    @property
    def documents(self) -> list[str]:
        """The forms whose begun lines are gathered."""
        return sorted({*self.listed, *(name.removeprefix(SHEET) for name in self.sheets)})


def _wanted(form: Form, rules: Iterable[Rule]) -> Wanted:
    own = [rule for rule in rules if rule.form == form.key]
    names = sorted({name for rule in own for name in rule.names})
    parents, previous, sheets = (
        [name for name in names if name.startswith(prefix)] for prefix in (PARENT, PREVIOUS, SHEET)
    )
    listed = sorted({str(rule.limit) for rule in own if rule.kind == "references"})
    return Wanted(parents, previous, sheets, listed)


def typed(value: Scalar | dt.date | None, dtype: pl.DataType | type[pl.DataType]) -> Any:  # noqa: ANN401
    """A value of an example or of an earlier period as a frame of that type holds it."""
    if value is None or value == "":
        return None
    if dtype == pl.Date and not isinstance(value, dt.date):
        return dt.date.fromisoformat(str(value))
    return float(value) if dtype == pl.Float64 and isinstance(value, int) else value
