"""What the officer's edits do not agree on with the answers that came."""

from __future__ import annotations

from collections.abc import Iterator

from khreport.columns import COMPLETED, STATUS
from khreport.consolidation import Consolidation, Edits
from khreport.dates import format_date
from khreport.edition import Edition
from khreport.findings import Finding
from khreport.merge.assess import own_answers, settle_tasks
from khreport.merge.edits import CHOSEN, EDITED_DAY, SHEET_NAMES, TASKS_SHEET
from khreport.messages import finding


def doubt_edits(
    edits: Edits, found: Consolidation, edition: Edition, file: str
) -> tuple[Finding, ...]:
    """A warning for each chosen agency without an answer, each day that is of no use or lacking."""
    return tuple(_doubt(edits, found, edition, file))


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
