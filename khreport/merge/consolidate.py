"""The answers of a round, drawn together: accepted submissions in, frames out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import polars as pl

from khreport.columns import (
    ADDRESSEE,
    CAUSE,
    CAUSES,
    COMPLETED_ON,
    DIFFICULTY,
    DOCUMENTS,
    ISSUED_ON,
    PROPOSAL,
    RESULT,
    STATUS,
    SYMBOL,
    TASK,
)
from khreport.consolidation import (
    AGENCIES,
    DIFFICULTIES,
    PROPOSALS,
    TASKS,
    TRACE,
    Consolidation,
    Receipt,
)
from khreport.edition import Edition
from khreport.forms import Column, Form
from khreport.frames import Submission
from khreport.merge.assess import assess_rows, combine_answers, own_answers
from khreport.merge.carried import CITED_BEFORE, take_over
from khreport.merge.gather import gather_answers, is_written, list_cells
from khreport.merge.opinions import PROPOSAL_MARK, mark_words

MEANT = {
    STATUS: pl.String, COMPLETED_ON: pl.Date, RESULT: pl.String, DOCUMENTS: pl.String,
    DIFFICULTY: pl.String,
    CAUSE: pl.String, CAUSES: pl.String, PROPOSAL: pl.String, ADDRESSEE: pl.String,
}  # fmt: skip
"""Answers that are worked with, and stand in the frame even if no form asks for them."""

LINE = "line"
"""What a project line is called by its agency; its column in the form mirrors the task."""


def consolidate_submissions(
    edition: Edition, submissions: Iterable[Submission], receipts: Iterable[Receipt]
) -> Consolidation:
    """The frames of a round, out of the submissions that the receipts say are accepted."""
    received = {receipt.agency: receipt for receipt in receipts}
    accepted = {r.submission for r in received.values() if r.state == "accepted"}
    gathered, taken = gather_answers(edition, (s for s in submissions if s.id in accepted))
    documents = _list_documents(edition, gathered)
    asked = asked_tasks(edition)
    answers = _cite(_draw_answers(edition, gathered, asked), documents)
    tasks = stand_tasks(edition, asked, answers)
    return Consolidation(
        answers=answers,
        tasks=tasks,
        indicators=_draw_indicators(edition, gathered),
        documents=_count_citations(documents, answers),
        difficulties=_pick(
            answers.with_columns(pl.coalesce(DIFFICULTY, CAUSES).alias(DIFFICULTY)),
            DIFFICULTY, "KK", DIFFICULTIES,
        ),
        proposals=mark_words(_pick(answers, PROPOSAL, PROPOSAL_MARK, PROPOSALS), [PROPOSAL]),
        agencies=_list_agencies(edition, received, asked, answers),
        cells=list_cells(edition, gathered, taken),
        adjustments=_draw_adjustments(edition, gathered),
        remarks=_draw_forms(
            gathered, [f for f in edition.forms if f.rows == "coordinating"]
        ).rename({"parent": "task"}),
    )  # fmt: skip


def task_forms(edition: Edition) -> list[Form]:
    """The forms whose rows are the plan's tasks."""
    return [form for form in edition.forms if form.rows == "tasks"]


def record_forms(edition: Edition) -> list[Form]:
    """The free lists; the one that knows a SYMBOL lists documents."""
    return [form for form in edition.forms if form.rows == "records"]


def _draw_answers(
    edition: Edition, gathered: Mapping[str, pl.DataFrame], asked: pl.DataFrame
) -> pl.DataFrame:
    dues = {
        key: due
        for task in edition.plan.tasks
        for key, due in (
            (task.key, _task_due(edition, task.key)),
            *((f"{task.key}.{step.key}", step.due) for step in task.deadline.milestones),
        )
    }
    due = pl.DataFrame(list(dues.items()), schema={"key": pl.String, "due": pl.Date}, orient="row")
    empty = pl.DataFrame(schema={"task": pl.String, "key": pl.String, "kind": pl.String, **TRACE})
    rows = pl.concat(
        [empty]
        + [
            gathered[form.key]
            .filter(is_written(form))
            .rename({TASK: LINE} if form.column[TASK].open_kinds else {})
            .rename({"parent": "task"})
            .drop("layout")
            for form in task_forms(edition)
        ],
        how="diagonal",
    )
    own = pl.when(pl.col("key").is_in(list(dues))).then("key").otherwise("task")
    return (
        _with_missing(rows, {LINE: pl.String, **MEANT})
        .pipe(take_over, edition.previous)
        .with_columns(own.alias("dated by"))
        .join(due.rename({"key": "dated by"}), on="dated by", how="left", maintain_order="left")
        .drop("dated by")
        .join(
            asked.with_columns(pl.lit(value=True).alias("asked")),
            on=["task", "agency"],
            how="left",
            maintain_order="left",
        )
        .with_columns(pl.col("asked").fill_null(value=False))
        .pipe(assess_rows, edition.period.closing)
    )


def _task_due(edition: Edition, task: str) -> object:
    """The day by which the whole of a task is due: that of its last step."""
    deadline = edition.plan.task[task].deadline
    return max((step.due for step in deadline.milestones), default=deadline.due)


def _with_missing(rows: pl.DataFrame, columns: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    return rows.with_columns(
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in columns.items()
        if name not in rows.columns
    )


def asked_tasks(edition: Edition) -> pl.DataFrame:
    """Pairs of `task` and `agency`: whom the round asks about what."""
    forms = {form.key for form in task_forms(edition)}
    return pl.DataFrame(
        [(q.parent, q.agency) for q in edition.questions if q.form in forms and q.key == q.parent],
        schema={"task": pl.String, "agency": pl.String},
        orient="row",
    )


def stand_tasks(edition: Edition, asked: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """The tasks of the plan (`TASKS`) as the answers tell them; `asked` is from `asked_tasks`."""
    kinds = {form.appendix: form.kind for form in task_forms(edition)}
    plan = pl.DataFrame(
        [
            (t.key, t.appendix, t.section, t.number, t.text, kinds.get(t.appendix) or t.kind,
             _task_due(edition, t.key))
            for t in edition.plan.tasks
        ],
        schema={name: TASKS[name] for name in list(TASKS)[:7]},
        orient="row",
    )  # fmt: skip
    own = own_answers(answers)
    names = {agency.key: agency.name for agency in edition.plan.agencies}
    missing = (
        asked.join(own, on=["task", "agency"], how="anti", maintain_order="left")
        .with_columns(pl.col("agency").replace(names))
        .group_by("task")
        .agg(pl.col("agency").alias("missing"))
    )
    counts = asked.group_by("task").agg(pl.col("agency").n_unique().alias("asked"))
    return (
        plan.join(counts, on="task", how="left", maintain_order="left")
        .join(combine_answers(own), on="task", how="left", maintain_order="left")
        .join(missing, on="task", how="left", maintain_order="left")
        .with_columns(
            pl.col("asked", "answered").fill_null(0),
            pl.col("disagree").fill_null(value=False),
            pl.col("missing").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        )
        .pipe(assess_rows, edition.period.closing)
        .select(TASKS.names())
        .cast(TASKS)
    )


def _list_documents(edition: Edition, gathered: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    forms = [form for form in record_forms(edition) if SYMBOL in form.column]
    rows = _draw_forms(gathered, forms)
    number = pl.col("key").str.extract(r"([^.]+)$")
    # rows that were added are numbered on from the last of the form, as the rules count them
    added = number.str.extract(r"^\+(\d+)$").cast(pl.Int32) + max(
        (f.records for f in forms), default=0
    )
    return _with_missing(
        rows.with_columns(pl.coalesce(added.cast(pl.String), number).alias("number")),
        {SYMBOL: pl.String, ISSUED_ON: pl.Date},
    )


def _references(answers: pl.DataFrame) -> pl.DataFrame:
    """One row per reference: `place` of the answer's row, its `key`, `agency` and a `number`."""
    return (
        answers.with_row_index("place")
        .select("place", "key", "agency", pl.col(DOCUMENTS).str.split(";").alias("number"))
        .explode("number", empty_as_null=False)
        .with_columns(pl.col("number").str.strip_chars())
        .filter(pl.col("number").str.len_chars() > 0)
    )


def _cite(answers: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The answers with `cited`, the documents that they refer to in words."""
    day = pl.col(ISSUED_ON).dt.to_string(" ngày %d/%m/%Y").fill_null("")
    words = pl.coalesce(
        pl.col(SYMBOL) + day,
        pl.lit("văn bản số TT ") + pl.col("number") + pl.lit(" (không có trong danh mục)"),
    )
    cited = (
        _references(answers)
        .join(documents, on=["agency", "number"], how="left", maintain_order="left")
        .group_by("place", maintain_order=True)
        .agg(words.str.join("; ").alias("cited"))
    )
    return (
        answers.with_row_index("place")
        .join(cited, on="place", how="left", maintain_order="left")
        .with_columns(pl.coalesce("cited", CITED_BEFORE))
        .drop("place", CITED_BEFORE)
    )


def _count_citations(documents: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    cited = (
        _references(answers)
        .group_by("agency", "number", maintain_order=True)
        .agg(pl.col("key").unique(maintain_order=True).alias("tasks"))
    )
    return documents.join(
        cited, on=["agency", "number"], how="left", maintain_order="left"
    ).with_columns(pl.col("tasks").fill_null(pl.lit([], dtype=pl.List(pl.String))))


def _draw_indicators(edition: Edition, gathered: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    forms = [form for form in edition.forms if form.rows == "indicators"]
    in_per_cent = [i.key for i in edition.plan.indicators if measures_per_cent(i.measure)]
    drawn = [
        gathered[form.key]
        .filter(is_written(form))
        .with_columns(
            _compute(edition, column, in_per_cent) for column in form.columns if column.computed
        )
        for form in forms
    ]
    empty = pl.DataFrame(schema={"key": pl.String, **TRACE})
    return (
        pl.concat([empty, *drawn], how="diagonal")
        .rename({"key": "indicator"})
        .drop("kind", "parent", "layout", strict=False)
    )


def _compute(edition: Edition, column: Column, in_per_cent: Collection[str]) -> pl.Expr:
    """A computed column, as its formula in the workbook has it: one decimal, none over zero.

    What is itself a share grows by percentage points: from 4% to 5% is 1 point, not 25%. Of
    places in a ranking there is none.
    """
    computed = column.computed
    if computed is None:
        raise ValueError(column.key)
    of, to, key = pl.col(computed.of), pl.col(computed.to), pl.col("key")
    if computed.cumulated:
        summed = key.is_in(list(edition.cumulated))
        of = pl.when(summed).then(pl.col(computed.cumulated)).otherwise(of)
    percent = pl.when(to != 0).then(of / to * 100)
    points, ranked = key.is_in(list(in_per_cent)), key.is_in(list(edition.ranks))
    grown = pl.when(points).then(of - to).otherwise(percent - 100)
    found = percent if computed.kind == "ratio" else grown
    return pl.when(~ranked).then(found.round(1)).alias(column.key)


def measures_per_cent(measure: str) -> bool:
    """Whether a measure is a share: "%", "%/năm", "% dân số".

    >>> measures_per_cent("%/năm"), measures_per_cent("triệu lượt")
    (True, False)
    """
    return measure.strip().startswith("%")


def _draw_forms(gathered: Mapping[str, pl.DataFrame], forms: Iterable[Form]) -> pl.DataFrame:
    """The answered rows of several forms, with `form` and an `id` ("DC.1.sxd")."""
    empty = pl.DataFrame(
        schema={"id": pl.String, "form": pl.String, "key": pl.String, "parent": pl.String, **TRACE}
    )
    drawn = [
        gathered[form.key].filter(is_written(form)).with_columns(form=pl.lit(form.key))
        for form in forms
    ]
    rows = pl.concat([empty, *drawn], how="diagonal")
    return rows.with_columns(id=pl.format("{}.{}", "key", "agency")).drop(
        "kind", "layout", strict=False
    )


def _draw_adjustments(edition: Edition, gathered: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    forms = [form for form in record_forms(edition) if SYMBOL not in form.column]
    words = dict.fromkeys(column.key for form in forms for column in form.answers)
    return mark_words(_draw_forms(gathered, forms), list(words))


def _pick(answers: pl.DataFrame, column: str, mark: str, schema: pl.Schema) -> pl.DataFrame:
    own = answers.filter(pl.col(column).is_not_null())
    return own.with_columns(id=pl.format(mark + ".{}.{}", "key", "agency")).select(schema.names())


def _list_agencies(
    edition: Edition,
    received: Mapping[str, Receipt],
    asked: pl.DataFrame,
    answers: pl.DataFrame,
) -> pl.DataFrame:
    rows = []
    for agency in edition.agencies:
        got = received.get(agency.key) or Receipt(agency=agency.key, state="missing")
        at = got.received_at.replace(tzinfo=None) if got.received_at else None
        rows.append(
            (agency.key, agency.name, got.state, at, got.days_late, got.errors, got.submission,
             got.file)
        )  # fmt: skip
    schema = {name: AGENCIES[name] for name in AGENCIES if name not in ("asked", "answered")}
    counts = asked.group_by("agency").agg(pl.len().alias("asked"))
    own = own_answers(answers).group_by("agency")
    answered = own.agg(pl.col("task").n_unique().alias("answered"))
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .join(counts, on="agency", how="left", maintain_order="left")
        .join(answered, on="agency", how="left", maintain_order="left")
        .with_columns(pl.col("asked", "answered").fill_null(0))
        .select(AGENCIES.names())
    )
