"""What the officer's edits do not agree on with the answers that came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from khreport.columns import COMPLETED, ESTIMATE_YEAR, PLAN_YEAR, STATUS
from khreport.compose.material import gather_indicators, read_assessment
from khreport.consolidation import Consolidation, Edits
from khreport.dates import format_date
from khreport.edition import Edition
from khreport.findings import Finding
from khreport.merge.assess import own_answers, settle_tasks
from khreport.merge.edits import (
    ASSESSMENT,
    CHOSEN,
    EDITED_DAY,
    INDICATORS_SHEET,
    SHEET_NAMES,
    TASKS_SHEET,
)
from khreport.messages import finding, quote
from khreport.quantities import format_number

REACHED, BELOW = ("indicator_exceeded", "indicator_met"), "indicator_below"


def doubt_edits(
    edits: Edits, found: Consolidation, edition: Edition, file: str, states: Mapping[str, str]
) -> tuple[Finding, ...]:
    """A warning for each edit that the answers do not bear out.

    That is a chosen agency without an answer, a day that is of no use or lacking, an assessment
    of an indicator, in the words of `states`, against its figures.
    """
    return (
        *_doubt(edits, found, edition, file),
        *_doubt_assessments(edits, found, edition, file, states),
    )


def _doubt(edits: Edits, found: Consolidation, edition: Edition, file: str) -> Iterator[Finding]:
    answered = set(own_answers(found.answers).select("task", "agency").iter_rows())
    for task, agency in edits.chosen.items():
        if (task, agency) not in answered:
            yield finding(
                "edit.not_answered", file=file, sheet=SHEET_NAMES[TASKS_SHEET], form=TASKS_SHEET,
                row_key=task, column_key=CHOSEN, task=_name_task(edition, task),
                agency=edition.plan.agency[agency].name,
            )  # fmt: skip
    settled = settle_tasks(found.tasks, found.answers, edits, edition.period.closing)
    standing = {row["task"]: row for row in settled.iter_rows(named=True)}
    for task in edits.statuses:
        if standing[task]["timeliness"] == "completed_undated":
            yield finding(
                "edit.day_missing", file=file, sheet=SHEET_NAMES[TASKS_SHEET], form=TASKS_SHEET,
                row_key=task, column_key=EDITED_DAY, task=_name_task(edition, task),
            )  # fmt: skip
    for task, day in edits.days.items():
        if standing[task][STATUS] != COMPLETED:
            yield finding(
                "edit.day_unused", file=file, sheet=SHEET_NAMES[TASKS_SHEET], form=TASKS_SHEET,
                row_key=task, column_key=EDITED_DAY, task=_name_task(edition, task),
                value=format_date(day),
            )  # fmt: skip


def _name_task(edition: Edition, task: str) -> str:
    label = edition.plan.appendix[edition.plan.task[task].appendix].label
    return f"nhiệm vụ {task.partition('.')[2]} {label}"


def _doubt_assessments(
    edits: Edits, found: Consolidation, edition: Edition, file: str, states: Mapping[str, str]
) -> Iterator[Finding]:
    for result in gather_indicators(found, edition, Edits(), {}):
        key = result.indicator.key
        text = edits.assessments.get(key, "")
        said = read_assessment(text, states)
        both = {said, result.state}
        if both <= {*REACHED, BELOW} and BELOW in both and len(both) > 1:
            yield finding(
                "edit.assessment_contradicts", file=file, sheet=SHEET_NAMES[INDICATORS_SHEET],
                form=INDICATORS_SHEET, row_key=key, column_key=ASSESSMENT, value=text,
                name=quote(result.indicator.name),
                before=format_number(result.row[ESTIMATE_YEAR]),
                after=format_number(result.row[PLAN_YEAR]),
            )  # fmt: skip
