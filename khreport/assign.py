"""Who is asked what: the questions of a round."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from khreport.agencies import Agency, GroupRow
from khreport.campaign import Settings
from khreport.dates import format_date
from khreport.edition import Edition, Question
from khreport.errors import CampaignError, PlanError
from khreport.forms import Form, set_examples, set_scopes
from khreport.periods import Period
from khreport.plan import Plan, Task
from khreport.rows import name_some
from khreport.rules import Rule
from khreport.succession import Handover, Register
from khreport.windows import make_period

LINE_LETTERS = "abcd"


class Assignment(NamedTuple):
    """The questions of a round, and the record of who answers each row for whom.

    The record is empty where no body is gone.
    """

    questions: tuple[Question, ...]
    handovers: tuple[Handover, ...]


def answering(plan: Plan, task: Task, modes: Mapping[str, GroupRow]) -> tuple[str, ...]:
    """The agencies that answer for a task by the decision, in the order of its wording.

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


def assign(
    plan: Plan,
    period: Period,
    forms: Iterable[Form],
    changed_modes: Iterable[GroupRow] = (),
    register: Register | None = None,
) -> Assignment:
    """Every question of a round, by agency in the order of the plan, then by form and row.

    `changed_modes` replace the plan's own for the tasks that they name. The `register` says who
    stands, on the day by which agencies answer, for bodies that are gone. Agencies that lead
    nothing are not asked; a body that only coordinates gets no workbook.

    Raises:
        PlanError: nobody can be asked for a task.
        CampaignError: a decision is on a row that has lost nobody.

    """
    register = register or Register()
    modes = {mode.task: mode for mode in (*plan.group_rows, *changed_modes)}
    named = {task.key: answering(plan, task, modes) for task in plan.tasks}
    rows = named | {i.key: named[i.tracked_by] for i in plan.indicators if i.tracked_by is not None}
    handovers = {
        row: [_hand_over(plan, register, period.due, row, key) for key in keys]
        for row, keys in rows.items()
    }
    record = tuple(handover for handed in handovers.values() for handover in handed)
    _must_be_needed(register, record)
    _must_stand(plan, period.due, record)
    answerers = {row: _answerers(handed) for row, handed in handovers.items()}
    questions: dict[str, list[Question]] = {agency.key: [] for agency in plan.agencies}
    for form in forms:
        if form.rows == "indicators":
            _ask_indicators(plan, period, form, answerers, questions)
        elif form.rows == "tasks":
            _ask_tasks(plan, form, answerers, questions)
        elif form.rows == "coordinating":
            standing = {a.key: register.follow(a.key, period.due).agencies for a in plan.agencies}
            _ask_coordinating(plan, form, answerers, questions, standing)
    leading = {agency for agencies in answerers.values() for agency in agencies}
    return Assignment(
        tuple(q for agency, asked in questions.items() if agency in leading for q in asked),
        record if any(handover.changed for handover in record) else (),
    )


def _hand_over(plan: Plan, register: Register, day: dt.date, row: str, of: str) -> Handover:
    """Who answers a row for a body of the decision; nobody (`to` empty) where that is open."""
    task = plan.indicator[row].tracked_by if row in plan.indicator else row
    followed = register.follow(of, day, row)
    if followed.lost and row != task:
        followed = register.follow(of, day, task)
    changes = followed.changes
    if not followed.lost:
        return Handover(
            task=row,
            of=of,
            to=followed.agencies,
            through=followed.through,
            basis="; ".join(dict.fromkeys(change.basis for change in changes)),
            assumed="; ".join(dict.fromkeys(c.assumed for c in changes if c.assumed)),
        )
    decisions = [
        decision
        for decision in register.decisions
        if decision.task == task and decision.answering and (not decision.of or of in decision.of)
    ]
    taken = [
        heir
        for decision in decisions
        for each in decision.answering
        for key in register.members(each, day)
        for heir in register.follow(key, day, row).agencies or (key,)
    ]
    return Handover(
        task=row,
        of=of,
        to=tuple(dict.fromkeys((*followed.agencies, *taken))) if taken else (),
        through=followed.through,
        basis="; ".join(dict.fromkeys(decision.reason for decision in decisions)),
        decided=bool(decisions),
    )


def _must_stand(plan: Plan, day: dt.date, handovers: Iterable[Handover]) -> None:
    for handover in handovers:
        for key in handover.to:
            body = plan.agency.get(key)
            if body is None or (body.valid_to is not None and body.valid_to < day):
                raise CampaignError(
                    f"Dòng {handover.task} của kế hoạch: cơ quan “{body.name if body else key}” "
                    f"không hoạt động vào hạn gửi {format_date(day)}. Hãy xem lại co-quan.toml: "
                    "giao cơ quan khác, hoặc sửa ngày của cơ quan đó."
                )


def _must_be_needed(register: Register, handovers: Iterable[Handover]) -> None:
    decided = {handover.task for handover in handovers if handover.decided}
    for decision in register.decisions:
        if decision.answering and decision.task not in decided:
            raise CampaignError(
                f"co-quan.toml, quyết định về dòng {decision.task}: dòng này đã có cơ quan trả "
                "lời. Hãy bỏ khối này; muốn giao cơ quan khác thì ghi ở [group_rows] của "
                "khreport.toml."
            )


def _answerers(handovers: Iterable[Handover]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for handover in handovers for key in handover.to))


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
        for agency in answerers[indicator.key]:
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
    standing: Mapping[str, tuple[str, ...]],
) -> None:
    for task in plan.tasks:
        named = dict.fromkeys(m for key in task.coordinating for m in plan.members(key))
        members = dict.fromkeys(body for key in named for body in standing[key])
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
    plan: Plan,
    settings: Settings,
    forms: tuple[Form, ...],
    rules: tuple[Rule, ...],
    register: Register | None = None,
) -> Edition:
    """The edition that a campaign's settings make of a plan, forms and rules.

    The `register` says who stands today for the bodies of the plan. What is asked of bodies
    that are gone, and nobody is said to answer, is left out: `Edition.undecided` tells it.

    Raises:
        CampaignError: the settings name a period, task or agency that the plan does not have.
        PlanError: nobody can be asked for a task.

    """
    register = register or Register()
    period = make_period(plan, settings.period, settings.dates)
    changed = [
        GroupRow(task=task, mode=mode.mode, answering=mode.answering, reason=mode.reason)
        for task, mode in settings.group_rows.items()
    ]
    plan = stand_today(plan, register, period.due)
    for row in changed:
        _must_exist(plan, row)
    scope = register.scope if register.scope and register.scope.since <= period.end else None
    areas = (scope.before, scope.after) if scope else ()
    forms = tuple(set_scopes(form, *areas) for form in forms)
    assigned = assign(plan, period, forms, changed, register)
    return Edition(
        plan=plan,
        period=period,
        sender=settings.sender,
        forms=tuple(set_examples(form, period.year) for form in forms),
        rules=rules,
        questions=assigned.questions,
        handovers=assigned.handovers,
        scope=scope,
    )


def tell_undecided(edition: Edition) -> str:
    """Which rows nobody answers any more, and what to do; "" where all are answered."""
    plan, undecided = edition.plan, edition.undecided
    if not undecided:
        return ""
    listed = "\n".join(
        f"  - {plan.appendix[plan.task[row].appendix].label}, {row.partition('.')[2]}: "
        + name_some([plan.agency[key].name for key in bodies], 2)
        for row, bodies in undecided.items()
    )
    return (
        f"Còn {len(undecided)} dòng giao cho cơ quan không còn hoạt động, chưa ghi ai trả lời:\n"
        f"{listed}\n"
        "Hãy ghi mã cơ quan trả lời và căn cứ của từng dòng vào tệp co-quan.toml trong thư mục "
        "của đợt rồi chạy lại."
    )


def stand_today(plan: Plan, register: Register, day: dt.date) -> Plan:
    """The plan with the bodies of a day: new ones before the first that they stand for.

    Those that are gone stay, as the decision names them, with their last day. A plan of whose
    bodies nothing changed is given back as it is.
    """
    new = [body for body in register.bodies if body.valid_from is None or body.valid_from <= day]
    ended = {
        body.key: end
        for body in (*plan.agencies, *new)
        if (end := register.end_of(body.key)) and end.since <= day
    }
    if not ended and not new:
        return plan
    heirs = {
        heir: key for key in reversed(list(ended)) for heir in register.follow(key, day).agencies
    }
    before: dict[str, list[Agency]] = {}
    for body in new:
        before.setdefault(heirs.get(body.key, ""), []).append(body)
    agencies = [each for agency in plan.agencies for each in (*before.pop(agency.key, ()), agency)]
    agencies += [body for bodies in before.values() for body in bodies]
    collector = register.collector_on(day)
    collects = collector.agency if collector else plan.collector
    return msgspec.structs.replace(
        plan,
        agencies=tuple(
            msgspec.structs.replace(body, valid_to=end.since - dt.timedelta(days=1))
            if (end := ended.get(body.key))
            else body
            for body in agencies
        ),
        collector=next(iter(register.follow(collects, day).agencies), collects),
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
