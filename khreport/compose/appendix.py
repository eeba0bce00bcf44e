"""The report's appendices: the plan's own tables with what became of each row."""

from __future__ import annotations

from khreport.columns import CAUSES, NEXT_YEAR, RESULT, SOLUTIONS, STATUS
from khreport.compose.figures import overdue_steps, plans_of
from khreport.compose.material import Material, Row, TaskResult
from khreport.compose.sentences import fill_pattern, tidy_quote, write_list
from khreport.compose.words import (
    cite_task,
    describe_days_late,
    describe_deadline,
    name_lead,
    quote_results,
    write,
)
from khreport.evidence import cell_id, rest_id
from khreport.forms import Form
from khreport.merge.consolidate import LINE
from khreport.plan import Appendix as PlanAppendix
from khreport.plan import Section
from khreport.quantities import format_count, lettered
from khreport.report import Appendix, Table
from khreport.text import begin_sentence, fold

SIZE_PT = 11
MISSING, STEPS = "missing", "steps"
"""What ids call the agencies that have not told of a task, and its overdue milestones."""
_TOLD_TASKS = (STATUS, RESULT, NEXT_YEAR)
_TOLD_TARGETS = (STATUS, RESULT, CAUSES, SOLUTIONS)


def write_appendix(material: Material, appendix: PlanAppendix) -> Appendix:
    """An appendix of the plan, a row for each task under its section, with its results."""
    tasks = [result for result in material.tasks if result.task.appendix == appendix.key]
    form = form_of(material, appendix.key)
    targets = form is not None and form.kind == "target"
    rows: list[tuple[str, ...]] = []
    figures: list[tuple[str, ...]] = []
    bands: set[int] = set()
    above: list[Section] = []
    for result in tasks:
        sections = _sections_above(material, result)
        for section in sections:
            if section not in above:
                bands.add(len(rows))
                rows.append((f"{section.number}. {section.title}", *[""] * (5 if targets else 6)))
                figures.append(())
        above = sections
        tell = _target_cells if targets else _task_cells
        rows.append(tell(material, result, form))
        columns = _TOLD_TARGETS if targets else _TOLD_TASKS
        left = list_left(material, result, form)
        figures.append((*cite_task(result, columns), *map(rest_id, left)))
    tables, values = material.outline.tables, material.values
    header = tables.targets if targets else tables.tasks
    table = Table(
        header=tuple(fill_pattern(cell, values) for cell in header),
        rows=tuple(rows),
        widths_mm=(10, 48, 26, 23, 90, 50) if targets else (9, 62, 23, 22, 23, 78, 30),
        aligns=("center", "left", "left", "left", "left", "left")
        if targets
        else ("center", "left", "left", "center", "left", "left", "left"),
        band_rows=frozenset(bands),
        size_pt=SIZE_PT,
        figures=tuple(figures),
    )
    title = write(material, material.outline.words.results_title, appendix=appendix.label)
    return Appendix(title=title, blocks=(table,), landscape=True)


def form_of(material: Material, appendix: str) -> Form | None:
    """The form in which agencies answered the tasks of an appendix of the plan."""
    forms = material.edition.forms
    return next((f for f in forms if f.rows == "tasks" and f.appendix == appendix), None)


def _sections_above(material: Material, result: TaskResult) -> list[Section]:
    parts = result.task.section.split(".")
    keys = [".".join(parts[: n + 1]) for n in range(1, len(parts))]
    return [material.edition.plan.section[key] for key in keys]


def _task_cells(material: Material, result: TaskResult, form: Form | None) -> tuple[str, ...]:
    return (
        result.task.number,
        result.task.text,
        name_lead(result),
        describe_deadline(material, result),
        _describe_state(material, result, form),
        _describe_results(material, result, form),
        "\n".join(_by_agency(material, result, plans_of(result), NEXT_YEAR)),
    )


def _target_cells(material: Material, result: TaskResult, form: Form | None) -> tuple[str, ...]:
    return (
        result.task.number,
        result.task.text,
        name_lead(result),
        _describe_state(material, result, form),
        _describe_results(material, result, form),
        "\n".join(
            line
            for column in (CAUSES, SOLUTIONS)
            for line in _by_agency(material, result, list(result.answers), column)
        ),
    )


def _describe_state(material: Material, result: TaskResult, form: Form | None) -> str:
    """The status in the form's words, in time or how late, and who has not told."""
    words, state = material.outline.words, result.state
    if form is not None and result.status:
        lines = [form.label(STATUS, result.status, form.kind or result.task.kind)]
    else:
        lines = [begin_sentence(material.outline.states[state])]
    if state == "completed_undated":
        lines.append(begin_sentence(words.no_day))
    elif result.days_late:
        lines.append(begin_sentence(describe_days_late(material, result.days_late)))
    elif state.endswith("_in_time"):
        done = state == "completed_in_time"
        lines.append(begin_sentence(words.in_time if done else words.still_in_time))
    if result.disagree:
        lines.append(words.disagree)
    if result.partly_answered:
        limit = material.outline.limits.appendix_agencies
        counts = {
            "count": format_count(result.answered),
            "total": format_count(result.asked),
            "names": write_list(result.missing, limit, words.other_agencies),
        }
        lines.append(fill_pattern(words.missing_agencies, counts))
    return "\n".join(lines)


def _describe_results(material: Material, result: TaskResult, form: Form | None) -> str:
    quotes = quote_results(material, result)
    several = len(quotes) > 1
    lines = [f"{q.agency}: {q.text}" if several and q.agency else q.text for q in quotes]
    lines = _cap(material, lines, material.outline.words.more_agencies)
    named = [line for line in result.lines if line.get(LINE)]
    answering = {row["agency"] for row in (*named, *result.answers)}
    if named:
        lines.append(material.outline.words.lines_lead)
    for number, line in enumerate(named, start=1):
        agency = material.edition.plan.agency[line["agency"]].short if len(answering) > 1 else ""
        told = _tell_standing(line, tidy_quote(line[LINE]), form)
        lines.append(f"{lettered(number)}) {': '.join(filter(None, [agency, told]))}")
    lines += _tell_steps(material, result, form)
    return "\n".join(lines)


def _tell_standing(row: Row, name: str, form: Form | None) -> str:
    """The name of a line or milestone, how it stands, what was done; nothing told twice."""
    label = (
        form.label(STATUS, row[STATUS], row["kind"]) if form is not None and row.get(STATUS) else ""
    )
    done = tidy_quote(row.get(RESULT) or "")
    if label and fold(done).startswith(fold(label)):
        label = ""
    return "; ".join(filter(None, [name, label, done]))


def _tell_steps(material: Material, result: TaskResult, form: Form | None) -> list[str]:
    """The milestones that are overdue, each with how late it is."""
    lines = [*_line_steps(material, result, form)]
    return _cap(material, lines, material.outline.words.more_milestones)


def _line_steps(material: Material, result: TaskResult, form: Form | None) -> dict[str, str]:
    """What is told of milestones that are overdue, each in a line, with their keys."""
    names = {f"{result.task.key}.{step.key}": step.text for step in result.task.deadline.milestones}
    lines = {}
    for step in overdue_steps(result):
        name = write(material, material.outline.words.milestone, name=names[step["key"]])
        late = describe_days_late(material, step["days_late"])
        lines[f"{_tell_standing(step, name, form)} ({late})"] = step["key"]
    return lines


def _by_agency(material: Material, result: TaskResult, rows: list[Row], column: str) -> list[str]:
    several = len(result.answers) > 1
    lines = [
        (f"{material.agency_name(row['agency'])}: " if several else "") + tidy_quote(row[column])
        for row in rows
        if row.get(column)
    ]
    return _cap(material, lines, material.outline.words.more_agencies)


def _cap(material: Material, lines: list[str], pattern: str) -> list[str]:
    """The first lines, and how many more there are."""
    limit = material.outline.limits.appendix_agencies
    more = {"count": format_count(len(lines) - limit)}
    rest = [fill_pattern(pattern, more)] if lines[limit:] else []
    return lines[:limit] + rest


def list_left(material: Material, result: TaskResult, form: Form | None) -> dict[str, list[str]]:
    """What the cells of a task leave out at the end of a list, by the id of the list.

    That are agencies by key; those that have not told, by name; milestones by key.
    """
    key, limit = result.task.key, material.outline.limits.appendix_agencies
    targets = form is not None and form.kind == "target"
    columns = (CAUSES, SOLUTIONS) if targets else (NEXT_YEAR,)
    if not result.edited:
        columns = (RESULT, *columns)
    lists = {
        cell_id(key, column): [
            row["agency"] for row in result.answers if tidy_quote(row.get(column) or "")
        ]
        for column in columns
    }
    lists[cell_id(key, MISSING)] = [*result.missing] if result.partly_answered else []
    lists[cell_id(key, STEPS)] = [*_line_steps(material, result, form).values()]
    return {id_: rows[limit:] for id_, rows in lists.items() if rows[limit:]}
