"""The rows of the editing workbook: what each says, and which of its cells are the officer's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec
import polars as pl

from khreport.anatomy import SECTION_MARK
from khreport.columns import (
    CAUSES,
    COMPLETED_ON,
    DIFFICULTY,
    DOCUMENTS,
    EXPECTED_ON,
    PERCENT,
    PROPOSAL,
    RESULT,
    STATUS,
)
from khreport.consolidation import TIMELINESS_LABELS, Consolidation, Edits
from khreport.dates import format_date
from khreport.edition import Edition
from khreport.forms import Form
from khreport.layout.form_head import headings
from khreport.layout.input import list_name
from khreport.layout.table import plain_value
from khreport.merge.assess import own_answers
from khreport.merge.consolidate import LINE, task_forms
from khreport.merge.edits import (
    CHOSEN,
    EDITED_DAY,
    EDITED_RESULT,
    EDITED_STATUS,
    task_statuses,
)
from khreport.merge.wording import label_codes, word_answers
from khreport.sheet import Value

NUMBER, NAME, DEADLINE, TIMELINESS, OTHER, SOURCE = (
    "number", "name", "deadline", "timeliness", "other", "source",
)  # fmt: skip
MEASURE, TARGETS, AGENCY, PROMPT = "measure", "targets", "agency", "prompt"
AGENCIES_LIST = "CQ_{}"
NOT_ASKED = "không còn được hỏi về nhiệm vụ này"
NOT_ANSWERED = (
    "Cơ quan này chưa trả lời nhiệm vụ. Hãy chọn cơ quan đã trả lời, hoặc để trống ô này."
)
SHOWN = (STATUS, PERCENT, COMPLETED_ON, EXPECTED_ON, RESULT, DIFFICULTY, PROPOSAL)
"""The answers that have a column of their own; the others share one."""


class EditingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row: `lists` names the drop-down of a cell; `group` is the row that settles it.

    `notes` say what is wrong with cells, by column.
    """

    key: str
    look: Literal["own", "answer", "band"]
    values: dict[str, Value]
    opened: tuple[str, ...] = ()
    lists: dict[str, str] = {}
    group: str = ""
    disagree: bool = False
    notes: dict[str, str] = {}


def band(key: str, text: str) -> EditingRow:
    """A heading across the sheet."""
    return EditingRow(key=SECTION_MARK + key, look="band", values={NUMBER: text})


def differing_agencies(found: Consolidation, edits: Edits) -> dict[str, tuple[str, ...]]:
    """The agencies to choose from, for each task that several have answered."""
    own = own_answers(found.answers)
    answering = own.group_by("task", maintain_order=True).agg("agency").iter_rows()
    return {
        task: tuple(agencies)
        for task, agencies in answering
        if len(agencies) > 1 or task in edits.chosen
    }


def agency_lists(choices: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """The name of the list of each set of agencies."""
    return {
        agencies: AGENCIES_LIST.format(n)
        for n, agencies in enumerate(dict.fromkeys(choices.values()), start=1)
    }


def task_rows(edition: Edition, found: Consolidation, edits: Edits) -> Iterator[EditingRow]:
    """Each task under its headings, then one row for every answer to it."""
    plan = edition.plan
    choices = differing_agencies(found, edits)
    lists = agency_lists(choices)
    answers = _answers_by_task(edition, found)
    answered = {
        key: set(agencies)
        for key, agencies in own_answers(found.answers).group_by("task").agg("agency").iter_rows()
    }
    shown: set[str] = set()
    for standing in found.tasks.iter_rows(named=True):
        task = plan.task[standing["task"]]
        for section in plan.sections:
            inside = f"{task.section}.".startswith(f"{section.key}.")
            if inside and section.key not in shown:
                shown.add(section.key)
                label = f"{plan.appendix[section.appendix].label}: " if section.level == 1 else ""
                yield band(section.key, f"{label}{section.number}. {section.title}")
        form, statuses = task_statuses(edition, task.key)
        labels = {choice.code: choice.label for choice in statuses.choices}
        chosen = edits.chosen.get(task.key)
        several = task.key in choices
        unanswered = chosen is not None and chosen not in answered.get(task.key, ())
        yield EditingRow(
            key=task.key,
            look="own",
            group=task.key,
            disagree=standing["disagree"],
            values={
                NUMBER: task.key.partition(".")[2],
                NAME: task.text,
                DEADLINE: task.deadline_text,
                STATUS: _standing(labels, standing),
                TIMELINESS: _timeliness(standing),
                EDITED_STATUS: labels.get(edits.statuses.get(task.key, "")),
                EDITED_DAY: format_date(edits.days[task.key]) if task.key in edits.days else None,
                CHOSEN: plan.agency[chosen].name if chosen else None,
                RESULT: _missing(standing["missing"]),
                EDITED_RESULT: edits.results.get(task.key),
            },
            opened=(
                EDITED_STATUS,
                *((EDITED_DAY,) if standing["kind"] == "dated" else ()),
                EDITED_RESULT,
                *((CHOSEN,) if several else ()),
            ),
            notes={CHOSEN: NOT_ANSWERED} if unanswered else {},
            lists={
                EDITED_STATUS: list_name(form, statuses.key),
                **({CHOSEN: lists[choices[task.key]]} if several else {}),
            },
        )
        for answer in answers.get(task.key, ()):
            yield EditingRow(
                key=f"{SECTION_MARK}{answer['key']}.{answer['agency']}",
                look="answer",
                group=task.key,
                disagree=standing["disagree"],
                values={
                    **{key: plain_value(answer[key]) for key in (*SHOWN, NAME, OTHER, SOURCE)},
                    TIMELINESS: _timeliness(answer),
                },
            )


def _standing(labels: Mapping[str, str], task: Mapping[str, Any]) -> str:
    told = [labels.get(task[STATUS], "Chưa có trả lời")]
    if task["disagree"]:
        told.append("(các cơ quan báo cáo khác nhau)")
    if 0 < task["answered"] < task["asked"]:
        told.append(f"({task['answered']}/{task['asked']} cơ quan đã báo cáo)")
    return " ".join(told)


def _timeliness(row: Mapping[str, Any]) -> str | None:
    label = TIMELINESS_LABELS.get(row["timeliness"])
    return f"{label} {row['days_late']} ngày" if label and row["days_late"] else label


def _missing(names: Sequence[str]) -> str | None:
    return f"Chưa trả lời: {'; '.join(names)}." if names else None


def _answers_by_task(edition: Edition, found: Consolidation) -> dict[str, list[dict[str, Any]]]:
    by_task: dict[str, list[dict[str, Any]]] = {}
    for form in task_forms(edition):
        own = [task.key for task in edition.plan.tasks if task.appendix == form.appendix]
        rows = found.answers.filter(pl.col("task").is_in(own)).select(
            "key", "task", "agency", "asked", "timeliness", "days_late",
            *(_shown(form, key) for key in SHOWN),
            _answerer(edition).alias(NAME),
            other_answers(edition, form).alias(OTHER),
            source_of().alias(SOURCE),
        )  # fmt: skip
        for row in rows.iter_rows(named=True):
            by_task.setdefault(row["task"], []).append(row)
    return by_task


def _shown(form: Form, key: str) -> pl.Expr:
    if key in form.column:
        return label_codes(form, form.column[key])
    if key == DIFFICULTY and CAUSES in form.column:
        return pl.col(CAUSES).alias(DIFFICULTY)
    return pl.lit(None).alias(key)


def _answerer(edition: Edition) -> pl.Expr:
    steps = {
        f"{task.key}.{step.key}": step.text
        for task in edition.plan.tasks
        for step in task.deadline.milestones
    }
    agency = (
        pl.when("asked")
        .then(agency_name(edition))
        .otherwise(agency_name(edition) + pl.lit(f" ({NOT_ASKED})"))
    )
    return (
        pl.when(pl.col("kind") == "milestone")
        .then(agency + ". Mốc: " + pl.col("key").replace(steps))
        .when(pl.col("kind") == "line")
        .then(agency + ". Dự án: " + pl.col(LINE).fill_null("(chưa ghi tên)"))
        .otherwise(agency)
    )


def agency_name(edition: Edition) -> pl.Expr:
    """The name of the agency of a row."""
    return pl.col("agency").replace({a.key: a.name for a in edition.plan.agencies})


def other_answers(edition: Edition, form: Form) -> pl.Expr:
    """The answers without a column of their own, each under its heading."""
    moved = () if DIFFICULTY in form.column else (CAUSES,)
    return pl.concat_str(
        [
            pl.lit(f"{heading}: ")
            + (pl.col("cited") if column.key == DOCUMENTS else word_answers(form, column))
            for column, heading in zip(form.columns, headings(edition, form), strict=True)
            if column.role == "answer" and column.key not in (*SHOWN, *moved)
        ],
        separator="\n",
        ignore_nulls=True,
    ).replace("", None)


def source_of() -> pl.Expr:
    """Where a row was read: file, sheet, row."""
    return pl.format("{}, {}, dòng {}", "file", "sheet", pl.col("row") + 1)
