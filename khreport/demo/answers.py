"""The plausible answers of one agency to everything that it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from khreport.columns import (
    ABSTRACT,
    CHANGE,
    COMPLETED,
    EXPECTED_ON,
    GROUNDS,
    IN_PROGRESS,
    ISSUED_ON,
    ISSUER,
    PRESENT,
    PROPOSED,
    REMARK,
    STATUS,
    STOP,
    SUBJECT_TASK,
    SYMBOL,
    VALUE,
)
from khreport.dates import format_date
from khreport.demo.documents import Shelf
from khreport.demo.figures import estimate_indicators
from khreport.demo.phrases import Teller
from khreport.demo.standing import draw_standing
from khreport.demo.tasks import SET_ASIDE, WITH_PROJECT, Row, TaskTeller
from khreport.edition import Edition, Question
from khreport.forms import Form, RowKind
from khreport.plan import Task
from khreport.rows import form_rows
from khreport.sheet import Value

Cells = dict[tuple[str, str], Value]
"""What is typed, by row key and column key."""

Answers = dict[str, Cells]
"""Cells by form."""

ADDED = ".+1"
"""The end of the key of a project line that an agency inserts, as the reader names it."""
WITH_ADDED_LINE = 12
WITH_REMARK = 8
PROPOSES_CHANGE = 50


def make_answers(edition: Edition, agency: str, seed: int) -> Answers:
    """What an agency types: for each form, values by row key and column key.

    Choices are the words of the list, days are dates. The rules find no error in them.
    """
    teller = Teller(edition, agency, seed)
    asked = edition.asked.get(agency, ())
    lists = {form.key: form for form in edition.forms if SYMBOL in form.column}
    shelf = Shelf(teller, sum(form.records for form in lists.values()))
    figures = estimate_indicators(teller, [q.key for q in asked if q.kind == "indicator"])
    tasks = TaskTeller(teller, shelf, figures)
    rows: dict[str, dict[str, Row]] = {form.key: {} for form in edition.forms}
    for form in edition.forms:
        own = [q for q in asked if q.form == form.key]
        if form.rows == "indicators":
            rows[form.key] = {q.key: figures[q.key].row for q in own}
        elif form.rows == "tasks":
            rows[form.key] = _answer_tasks(tasks, own)
        elif form.rows == "coordinating":
            rows[form.key] = {
                q.key: {REMARK: teller.say(teller.pick(teller.phrases.general.remarks))}
                for q in own
                if teller.happens(WITH_REMARK)
            }
    changes = list(_propose_changes(teller, rows))
    for form in edition.forms:
        if form.rows == "records":
            records = changes if CHANGE in form.column else list(_list_documents(shelf))
            numbered = enumerate(records[: form.records], start=1)
            rows[form.key] = {f"{form.key}.{number}": row for number, row in numbered}
        elif form.rows == "fields":
            rows[form.key] = dict(_fill_cover(teller, form))
    return {form.key: _type(edition, agency, form, rows[form.key]) for form in edition.forms}


def _answer_tasks(tasks: TaskTeller, asked: Iterable[Question]) -> dict[str, Row]:
    teller, plan = tasks.teller, tasks.teller.edition.plan
    rows: dict[str, Row] = {}
    lines: dict[str, list[str]] = {}
    for question in asked:
        task = plan.task[question.parent]
        if question.kind == "target":
            rows[question.key] = tasks.answer_target(task)
        elif question.kind == "recurrent":
            rows[question.key] = tasks.answer_recurrent(task)
        elif question.kind == "dated":
            deadline = task.deadline
            standing = draw_standing(teller, deadline.due, deadline.start)
            rows[question.key] = tasks.answer_dated(task, standing)
            rows |= tasks.answer_steps(task, standing)
        elif question.kind == "line":
            lines.setdefault(task.key, []).append(question.key)
    adds = teller.happens(WITH_ADDED_LINE)
    for key, keys in lines.items():
        over = rows[key][STATUS] in (*SET_ASIDE, COMPLETED)
        if over or not teller.happens(WITH_PROJECT):
            continue
        if adds:
            keys.append(key + ADDED)
            adds = False
        rows |= tasks.answer_lines(plan.task[key], keys)
    return rows


def _propose_changes(teller: Teller, rows: Mapping[str, Mapping[str, Row]]) -> Iterable[Row]:
    """Changes of the plan for tasks that will be late or are to be stopped."""
    plan, adjustments = teller.edition.plan, teller.phrases.adjustments
    for cells in rows.values():
        for key, row in cells.items():
            task = plan.task.get(key)
            if task is None:
                continue
            name = _task_name(teller, task)
            if row.get(STATUS) == STOP:
                change, present = adjustments["stop"], task.text
            elif _is_late(teller, task, row) and teller.happens(PROPOSES_CHANGE):
                change, present = adjustments["late"], task.deadline_text
            else:
                continue
            expected = row.get(EXPECTED_ON)
            day = format_date(expected) if isinstance(expected, dt.date) else ""
            yield {
                SUBJECT_TASK: name,
                CHANGE: change.change,
                PRESENT: present,
                PROPOSED: teller.say(change.proposed, expected=day),
                GROUNDS: teller.say(change.reason),
            }


def _is_late(teller: Teller, task: Task, row: Row) -> bool:
    due = task.deadline.due
    return row.get(STATUS) == IN_PROGRESS and due is not None and due <= teller.period.closing


def _task_name(teller: Teller, task: Task) -> str:
    appendix = teller.edition.plan.appendix[task.appendix]
    return f"{appendix.label}, {task.key.partition('.')[2]}"


def _list_documents(shelf: Shelf) -> Iterable[Row]:
    for document in shelf.documents:
        yield {
            SYMBOL: document.symbol,
            ISSUED_ON: document.issued_on,
            ISSUER: document.issuer,
            ABSTRACT: document.subject,
        }


def _fill_cover(teller: Teller, form: Form) -> Iterable[tuple[str, Row]]:
    edition, period = teller.edition, teller.period
    place = list(edition.asked).index(teller.agency.key) + 1
    day = teller.day(period.closing, min(period.due, period.end))
    paper = f"{teller.dice.randint(500, 590)}/BC-{teller.symbol} ngày {format_date(day)}"
    for field in form.fields:
        template = teller.phrases.cover.get(field.key)
        if template is not None:
            value = teller.say(template, number=f"{place:02}", paper=paper)
            yield f"{form.key}.{field.key}", {VALUE: value}


def _type(edition: Edition, agency: str, form: Form, rows: Mapping[str, Row]) -> Cells:
    """The cells of a form as they are typed, without those that a row does not ask."""
    kinds: dict[str, RowKind | None] = {
        row.key: row.kind for row in form_rows(edition, agency, form)
    }
    cells: Cells = {}
    for key, row in rows.items():
        kind = kinds.get(key, "line")
        for name, value in row.items():
            column = form.column.get(name)
            if column is None or kind is None or value is None or not column.asks(kind):
                continue
            list_key = column.list_for(kind)
            if kind == "field":
                parent = key.removeprefix(form.key + ".")
                list_key = next(field.list for field in form.fields if field.key == parent)
            if list_key is not None:
                labels = {
                    choice.code: choice.label for choice in form.choice_list[list_key].choices
                }
                value = labels[str(value)]  # noqa: PLW2901 - typed as the list says it
            elif isinstance(value, str) and column.max_length is not None:
                value = _shorten(value, column.max_length)  # noqa: PLW2901
            cells[key, name] = value
    return cells


def _shorten(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"
