"""The rows of an agency's form, with what each mirrors of the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from khreport.anatomy import SECTION_MARK
from khreport.edition import Edition, Question
from khreport.forms import Form, RowKind
from khreport.given import given_values, stands_closed
from khreport.plan import Indicator, Section, Target, Task
from khreport.quantities import format_number
from khreport.sheet import Value

MOST_NAMED = 3
"""How many of today's bodies are named beside the wording of the decision."""

BASES = {"year": "", "yearly_average": " (bình quân mỗi năm)", "total": " (cả giai đoạn)"}
COMPARATORS = {"exact": "", "at_least": "ít nhất ", "at_most": "không quá ", "about": "khoảng "}


class FormRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row: its key, what it asks for (None: a heading), and its mirror cells by source.

    `given` is what stands in its given columns, by column key; `closed` says that last period
    completed it, so that it is answered unless the agency chooses otherwise.
    """

    key: str
    kind: RowKind | None
    parent: str
    mirror: dict[str, str]
    given: dict[str, Value] = {}
    closed: bool = False


def form_rows(edition: Edition, agency: str, form: Form) -> list[FormRow]:
    """The rows of a form as an agency gets them, headings included; empty if it is not asked."""
    kept = edition.kept.get((form_rows, agency, form.key))
    if kept is None or kept[0] is not form:
        rows = _make_rows(edition, agency, form)
        kept = form, tuple(_with_previous(edition, agency, form, row) for row in rows)
        edition.kept[form_rows, agency, form.key] = kept
    return list(kept[1])


def _with_previous(edition: Edition, agency: str, form: Form, row: FormRow) -> FormRow:
    previous = edition.previous
    if previous is None or row.kind is None:
        return row
    return msgspec.structs.replace(
        row,
        given=given_values(previous, agency, form, row.key, row.kind),
        closed=stands_closed(previous, agency, form, row.key, row.kind),
    )


def _make_rows(edition: Edition, agency: str, form: Form) -> list[FormRow]:
    questions = [q for q in edition.asked.get(agency, ()) if q.form == form.key]
    if form.rows == "fields":
        return [
            FormRow(
                key=f"{form.key}.{field.key}",
                kind="field",
                parent=field.key,
                mirror={"label": field.label},
            )
            for field in form.fields
        ]
    if form.rows == "records":
        return [
            FormRow(key=f"{form.key}.{n}", kind="record", parent="", mirror={"number": str(n)})
            for n in range(1, form.records + 1)
        ]
    if form.rows == "indicators":
        return [
            _row(q, _mirror_indicator(edition, edition.plan.indicator[q.parent], n))
            for n, q in enumerate(questions, start=1)
        ]
    return list(_task_rows(edition, form, questions))


def _row(question: Question, mirror: dict[str, str]) -> FormRow:
    return FormRow(key=question.key, kind=question.kind, parent=question.parent, mirror=mirror)


def _task_rows(edition: Edition, form: Form, questions: list[Question]) -> Iterator[FormRow]:
    plan = edition.plan
    shown: set[str] = set()
    for question in questions:
        task = plan.task[question.parent]
        if form.rows == "tasks":
            for section in _sections_above(edition, task):
                if section.key not in shown:
                    shown.add(section.key)
                    yield FormRow(
                        key=SECTION_MARK + section.key,
                        kind=None,
                        parent="",
                        mirror={"number": section.number, "text": section.title},
                    )
        if question.kind == "milestone":
            step = next(m for m in task.deadline.milestones if question.key.endswith("." + m.key))
            yield _row(question, {"text": step.text})
        elif question.kind == "line":
            yield _row(question, {"number": question.key.rpartition(".")[2] + ")"})
        else:
            yield _row(question, mirror_task(edition, task))


def _sections_above(edition: Edition, task: Task) -> list[Section]:
    parts = task.section.split(".")
    keys = [".".join(parts[: n + 1]) for n in range(1, len(parts))]
    return [edition.plan.section[key] for key in keys]


def mirror_task(edition: Edition, task: Task) -> dict[str, str]:
    """What the cells of a task's row repeat of the decision, by source name."""
    return {
        "number": task.number,
        "full_number": task.key.partition(".")[2],
        "appendix": edition.plan.appendix[task.appendix].label,
        "text": task.text,
        "lead_text": lead_words(edition, task),
        "coordinating_text": task.coordinating_text,
        "deadline_text": task.deadline_text,
        "products": "\n".join(
            f"- {product}" if len(task.products) > 1 else product for product in task.products
        ),
    }


def lead_words(edition: Edition, task: Task) -> str:
    """Who leads a task as the decision words it, and in brackets who answers where others do."""
    today = tell_stand_ins(edition, task)
    return task.lead_text + (f"\n({today})" if today else "")


def tell_stand_ins(edition: Edition, task: Task) -> str:
    """Who answers a task where bodies of the decision are gone; "" where none is.

    "nay là Sở Tài chính" for a body that the decision names; of a group, all who answer.
    """
    handed = edition.handed.get(task.key, ())
    if not any(each.changed for each in handed):
        return ""
    named = {each.of for each in handed} == set(task.leads)
    today = dict.fromkeys(key for each in handed if each.changed or not named for key in each.to)
    names = [edition.plan.agency[key].name for key in today]
    if named:
        return f"nay là {'; '.join(names)}"
    if len(names) > MOST_NAMED:
        return f"nay {len(names)} cơ quan báo cáo"
    return f"nay báo cáo: {'; '.join(names)}"


def name_some(names: Sequence[str], most: int) -> str:
    """The first names, and how many more there are.

    >>> name_some(["Sở Y tế", "Sở Nội vụ", "Sở Tài chính"], 1)
    'Sở Y tế và 2 cơ quan khác'
    """
    rest = len(names) - most
    return "; ".join(names[:most]) + (f" và {rest} cơ quan khác" if rest > 0 else "")


def _mirror_indicator(edition: Edition, indicator: Indicator, number: int) -> dict[str, str]:
    return {
        "number": str(number),
        "name": "\n".join([indicator.name, *_tell_areas(edition, indicator)]),
        "measure": indicator.measure,
        "targets": "\n".join(describe_target(target) for target in indicator.targets),
    }


def _tell_areas(edition: Edition, indicator: Indicator) -> Iterator[str]:
    """What to mind of an indicator where the province changed: why its figures do, last year's."""
    scope = edition.scope
    if scope is None:
        return
    if indicator.key in scope.indicators:
        yield f"(số liệu đổi theo {scope.indicators[indicator.key]} của tỉnh)"
    year = edition.period.year - 1
    for figure in edition.previous.figures if edition.previous else ():
        if (figure.indicator, figure.year) == (indicator.key, year):
            area = figure.scope or (scope.before if year < scope.since.year else "")
            if area:
                yield f"(số năm trước đã báo cáo: {area})"


def describe_target(target: Target) -> str:
    """A target in one line: "2021-2025: 7,1 (bình quân mỗi năm)"."""
    years = (
        str(target.last_year)
        if target.basis == "year" and target.first_year == target.last_year
        else f"{target.first_year}-{target.last_year}"
    )
    if target.upper is not None:
        value = f"từ {format_number(target.value)} đến {format_number(target.upper)}"
    else:
        value = COMPARATORS[target.comparator] + format_number(target.value)
    return f"{years}: {value}{BASES[target.basis]}"
