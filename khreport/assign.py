"""Who is asked what: the questions of a round."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from khreport.agencies import GroupRow
from khreport.campaign import Settings
from khreport.edition import Edition, Question
from khreport.errors import CampaignError, PlanError
from khreport.forms import Form, set_examples
from khreport.periods import Period, year_period
from khreport.plan import Plan, Task
from khreport.rules import Rule

LINE_LETTERS = "abcd"


def answering(plan: Plan, task: Task, modes: Mapping[str, GroupRow]) -> tuple[str, ...]:
    """The agencies that answer for a task, in the order of its wording.

    Raises:
        PlanError: nobody who can be asked leads the task and no mode names an answerer.

    """
    mode = modes.get(task.key)
    if mode is None or mode.mode == "all":
        keys = [member for lead in task.leads for member in plan.members(lead)]
    elif mode.mode == "one":
        keys = list(mode.answering[:1])
    else:
        keys = list(mode.answering)
    asked = tuple(dict.fromkeys(key for key in keys if plan.agency[key].answers))
    if not asked:
        raise PlanError(
            f"Nhiệm vụ {task.key} ({task.lead_text}) chưa có cơ quan trả lời. "
            "Hãy ghi cơ quan trả lời cho nhiệm vụ này trong mục [group_rows] của khreport.toml."
        )
    return asked


def ask(
    plan: Plan, period: Period, forms: Iterable[Form], changed_modes: Iterable[GroupRow] = ()
) -> tuple[Question, ...]:
    """Every question of a round, by agency in the order of the plan, then by form and row.

    `changed_modes` replace the plan's own for the tasks that they name. Agencies that lead
    nothing are not asked; a body that only coordinates gets no workbook.
    """
    modes = {mode.task: mode for mode in (*plan.group_rows, *changed_modes)}
    answerers = {task.key: answering(plan, task, modes) for task in plan.tasks}
    questions: dict[str, list[Question]] = {agency.key: [] for agency in plan.agencies}
    for form in forms:
        if form.rows == "indicators":
            _ask_indicators(plan, period, form, answerers, questions)
        elif form.rows == "tasks":
            _ask_tasks(plan, form, answerers, questions)
        elif form.rows == "coordinating":
            _ask_coordinating(plan, form, answerers, questions)
    leading = {agency for agencies in answerers.values() for agency in agencies}
    return tuple(q for agency, asked in questions.items() if agency in leading for q in asked)


def _ask_indicators(
    plan: Plan,
    period: Period,
    form: Form,
    answerers: Mapping[str, tuple[str, ...]],
    questions: dict[str, list[Question]],
) -> None:
    for indicator in plan.indicators:
        if (
            indicator.tracked_by is None
            or max(t.last_year for t in indicator.targets) < period.year
        ):
            continue
        for agency in answerers[indicator.tracked_by]:
            questions[agency].append(
                Question(
                    agency=agency,
                    form=form.key,
                    key=indicator.key,
                    kind="indicator",
                    parent=indicator.key,
                )
            )


def _ask_tasks(
    plan: Plan,
    form: Form,
    answerers: Mapping[str, tuple[str, ...]],
    questions: dict[str, list[Question]],
) -> None:
    for task in plan.tasks:
        if task.appendix != form.appendix:
            continue
        rows = [(task.key, form.kind or task.kind)]
        rows += [(f"{task.key}.{step.key}", "milestone") for step in task.deadline.milestones]
        rows += [(f"{task.key}.{letter}", "line") for letter in LINE_LETTERS[: form.lines]]
        for agency in answerers[task.key]:
            questions[agency] += [
                Question(agency=agency, form=form.key, key=key, kind=kind, parent=task.key)
                for key, kind in rows
            ]


def _ask_coordinating(
    plan: Plan,
    form: Form,
    answerers: Mapping[str, tuple[str, ...]],
    questions: dict[str, list[Question]],
) -> None:
    for task in plan.tasks:
        members = dict.fromkeys(m for key in task.coordinating for m in plan.members(key))
        for agency in members:
            if plan.agency[agency].answers and agency not in answerers[task.key]:
                questions[agency].append(
                    Question(
                        agency=agency,
                        form=form.key,
                        key=f"{form.key}.{task.key}",
                        kind="remark",
                        parent=task.key,
                    )
                )


def make_edition(
    plan: Plan, settings: Settings, forms: tuple[Form, ...], rules: tuple[Rule, ...]
) -> Edition:
    """The edition that a campaign's settings make of a plan, forms and rules.

    Raises:
        CampaignError: the settings name a period, task or agency that the plan does not have.
        PlanError: nobody can be asked for a task.

    """
    _must_cover(plan, settings.period)
    dates = settings.dates
    period = year_period(
        settings.period, closing=dates.closing, due=dates.due, report_due=dates.report_due
    )
    changed = [
        GroupRow(task=task, mode=mode.mode, answering=mode.answering, reason=mode.reason)
        for task, mode in settings.group_rows.items()
    ]
    for row in changed:
        _must_exist(plan, row)
    return Edition(
        plan=plan,
        period=period,
        sender=settings.sender,
        forms=tuple(set_examples(form, period.year) for form in forms),
        rules=rules,
        questions=ask(plan, period, forms, changed),
    )


def _must_cover(plan: Plan, period: str) -> None:
    known = [str(year) for year in range(plan.first_year, plan.last_year + 1)]
    if period not in known:
        raise CampaignError(
            f"Kỳ báo cáo “{period}” (mục period của khreport.toml) không thuộc {plan.short_title}. "
            f"Hãy ghi một năm từ {known[0]} đến {known[-1]}."
        )


def _must_exist(plan: Plan, row: GroupRow) -> None:
    if row.task not in plan.task:
        raise CampaignError(
            f"[group_rows] của khreport.toml: không có nhiệm vụ “{row.task}”. "
            + _hint(row.task, plan.task, next(iter(plan.task)))
        )
    for key in row.answering:
        where = f"[group_rows] của khreport.toml, nhiệm vụ {row.task}"
        answerers = [agency.key for agency in plan.agencies if agency.answers]
        if key not in plan.agency:
            raise CampaignError(
                f"{where}: không có cơ quan “{key}”. " + _hint(key, answerers, answerers[0])
            )
        if key not in answerers:
            raise CampaignError(
                f"{where}: {plan.agency[key].name} không nhận biểu của tỉnh. "
                "Hãy ghi mã một cơ quan của tỉnh."
            )


def _hint(key: str, known: Iterable[str], example: str) -> str:
    near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.6)
    return f"Có phải “{near[0]}”?" if near else f"Hãy ghi mã trong kế hoạch, ví dụ {example}."
