"""The rows of the editing workbook: what each says, and which of its cells are the officer's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec
import polars as pl

from khreport.anatomy import SECTION_MARK
from khreport.columns import (
    ADDRESSEE,
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
from khreport.edition import Edition
from khreport.forms import Form
from khreport.layout.form import headings
from khreport.layout.input import list_name
from khreport.layout.table import plain_value
from khreport.merge.consolidate import LINE, task_forms
from khreport.merge.edits import (
    ASSESSMENT,
    CHOSEN,
    EDITED_RESULT,
    EDITED_STATUS,
    OPINION,
    PASSAGE,
    task_statuses,
)
from khreport.merge.wording import label_codes, word_answers
from khreport.plan import Indicator
from khreport.rows import describe_target
from khreport.sheet import Value

NUMBER, NAME, DEADLINE, TIMELINESS, OTHER, SOURCE = (
    "number", "name", "deadline", "timeliness", "other", "source",
)  # fmt: skip
MEASURE, TARGETS, AGENCY, PROMPT = "measure", "targets", "agency", "prompt"
AGENCIES_LIST = "CQ_{}"
SHOWN = (STATUS, PERCENT, COMPLETED_ON, EXPECTED_ON, RESULT, DIFFICULTY, PROPOSAL)
"""The answers that have a column of their own; the others share one."""


class EditingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row: `lists` names the drop-down of a cell; `group` is the row that settles it."""

    key: str
    look: Literal["own", "answer", "band"]
    values: dict[str, Value]
    opened: tuple[str, ...] = ()
    lists: dict[str, str] = {}
    group: str = ""
    disagree: bool = False


def band(key: str, text: str) -> EditingRow:
    """A heading across the sheet."""
    return EditingRow(key=SECTION_MARK + key, look="band", values={NUMBER: text})


def differing_agencies(found: Consolidation, edits: Edits) -> dict[str, tuple[str, ...]]:
    """The agencies to choose from, for each task that several have answered."""
    own = found.answers.filter(pl.col("key") == pl.col("task"), pl.col(STATUS).is_not_null())
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
                CHOSEN: plan.agency[chosen].name if chosen else None,
                RESULT: _missing(standing["missing"]),
                EDITED_RESULT: edits.results.get(task.key),
            },
            opened=(EDITED_STATUS, EDITED_RESULT, *((CHOSEN,) if several else ())),
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
    label = labels.get(task[STATUS], "Chưa có trả lời")
    return f"{label} (các cơ quan báo cáo khác nhau)" if task["disagree"] else label


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
            "key", "task", "agency", "timeliness", "days_late",
            *(_shown(form, key) for key in SHOWN),
            _answerer(edition).alias(NAME),
            _others(edition, form).alias(OTHER),
            _source().alias(SOURCE),
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
    agency = _agency_name(edition)
    return (
        pl.when(pl.col("kind") == "milestone")
        .then(agency + ". Mốc: " + pl.col("key").replace(steps))
        .when(pl.col("kind") == "line")
        .then(agency + ". Dự án: " + pl.col(LINE).fill_null("(chưa ghi tên)"))
        .otherwise(agency)
    )


def _agency_name(edition: Edition) -> pl.Expr:
    return pl.col("agency").replace({a.key: a.name for a in edition.plan.agencies})


def _others(edition: Edition, form: Form) -> pl.Expr:
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


def _source() -> pl.Expr:
    return pl.format("{}, {}, dòng {}", "file", "sheet", pl.col("row") + 1)


def indicator_rows(edition: Edition, found: Consolidation, edits: Edits) -> Iterator[EditingRow]:
    """Each indicator that still runs, with the figures of those who answer for it."""
    figures: dict[str, list[dict[str, Any]]] = {}
    form = next((form for form in edition.forms if form.rows == "indicators"), None)
    if form is not None and found.indicators.height:
        rows = found.indicators.with_columns(pl.lit("indicator").alias("kind"))
        rows = rows.with_columns(
            *(label_codes(form, column) for column in form.answers),
            _agency_name(edition).alias("agency name"),
            _source().alias(SOURCE),
        )
        for row in rows.iter_rows(named=True):
            figures.setdefault(row["indicator"], []).append(row)
    live = [i for i in edition.plan.indicators if i.key in figures or _runs(edition, i)]
    for number, indicator in enumerate(live, start=1):
        answers: Sequence[dict[str, Any]] = figures.get(indicator.key) or [{}]
        for nth, answer in enumerate(answers):
            unnamed = "Chưa có số liệu" if indicator.tracked_by else "Chưa rõ cơ quan theo dõi"
            figure = {key: plain_value(value) for key, value in answer.items()}
            first = nth == 0
            yield EditingRow(
                key=indicator.key if first else f"{SECTION_MARK}{indicator.key}.{nth}",
                look="own" if first else "answer",
                values={
                    **figure,
                    NUMBER: number if first else None,
                    NAME: indicator.name,
                    MEASURE: indicator.measure,
                    TARGETS: "\n".join(map(describe_target, indicator.targets)),
                    AGENCY: figure.get("agency name", unnamed),
                    ASSESSMENT: edits.assessments.get(indicator.key) if first else None,
                },
                opened=(ASSESSMENT,) if first else (),
            )


def _runs(edition: Edition, indicator: Indicator) -> bool:
    return max(target.last_year for target in indicator.targets) >= edition.period.year


def proposal_rows(edition: Edition, found: Consolidation, edits: Edits) -> Iterator[EditingRow]:
    """Each proposal, then each change of the plan that is proposed, then opinions left over."""
    yield band("KN", "Kiến nghị, đề xuất")
    listed: set[str] = set()
    proposals = found.proposals.with_columns(_agency_name(edition), _source().alias(SOURCE))
    for number, row in enumerate(proposals.iter_rows(named=True), start=1):
        task = edition.plan.task[row["task"]]
        label = edition.plan.appendix[task.appendix].label
        listed.add(row["id"])
        values = {
            NUMBER: number,
            NAME: f"{label}, {task.key.partition('.')[2]}. {task.text}",
            AGENCY: row["agency"],
            PROPOSAL: row[PROPOSAL],
            ADDRESSEE: row[ADDRESSEE],
            SOURCE: row[SOURCE],
        }
        yield _opinion(row["id"], values, edits)
    for form in edition.forms:
        if form.rows == "records" and found.adjustments.height:
            rows = found.adjustments.filter(pl.col("form") == form.key)
            if rows.height:
                yield band(form.key, form.sheet)
                rows = rows.with_columns(pl.lit("record").alias("kind")).select(
                    "id",
                    _agency_name(edition).alias(AGENCY),
                    _others(edition, form).alias(PROPOSAL),
                    _source().alias(SOURCE),
                )
            for number, row in enumerate(rows.iter_rows(named=True), start=1):
                listed.add(row["id"])
                yield _opinion(row["id"], {NUMBER: number, **row}, edits)
    left = [key for key in edits.opinions if key not in listed]
    if left:
        yield band("cu", "Ý kiến đã ghi cho kiến nghị không còn trong báo cáo của cơ quan")
    for key in left:
        yield _opinion(key, {NAME: key}, edits)


def _opinion(key: str, values: dict[str, Value], edits: Edits) -> EditingRow:
    return EditingRow(
        key=key,
        look="own",
        values={**values, OPINION: edits.opinions.get(key)},
        opened=(OPINION,),
    )


def slot_rows(slots: Sequence[tuple[str, str]], edits: Edits) -> Iterator[EditingRow]:
    """Each passage to write, then passages that no part of the report asks for any more."""
    prompts = dict(slots)
    left = [key for key in edits.slots if key not in prompts]
    asked = {**prompts, **dict.fromkeys(left, "Nội dung đã ghi, báo cáo không còn dùng.")}
    for number, (key, prompt) in enumerate(asked.items(), start=1):
        yield EditingRow(
            key=key,
            look="own",
            values={NUMBER: number, PROMPT: prompt, PASSAGE: edits.slots.get(key)},
            opened=(PASSAGE,),
        )
