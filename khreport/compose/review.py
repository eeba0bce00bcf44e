"""What an officer should look at again in a report: its length, assessments not understood."""

from __future__ import annotations

from collections.abc import Iterator

from khreport.columns import ESTIMATE_YEAR
from khreport.compose.length import MOST_PAGES, count_lines, count_pages
from khreport.compose.material import Material, read_assessment
from khreport.compose.sentences import write_list
from khreport.compose.states import INDICATOR_STATES
from khreport.findings import Finding
from khreport.merge.edits import ASSESSMENT, INDICATORS_SHEET, SHEET_NAMES, TASKS_SHEET
from khreport.messages import finding, quote
from khreport.quantities import format_count, format_number
from khreport.report import Heading, Report
from khreport.text import join_and

NAMED = 3
"""How many of the longest passages are named."""
MOST_TASKS = 8
"""How many tasks without a decision are named."""


def review_report(
    material: Material, report: Report, file: str, editing: str
) -> tuple[Finding, ...]:
    """Warnings: a body that is too long, tasks undecided, assessments that are not understood.

    And indicators of which agencies give different figures.
    """
    return (
        *_review_length(report, file),
        *_review_disagreeing(material, editing),
        *_review_assessments(material, editing),
        *_review_figures(material, editing),
    )


def _review_length(report: Report, file: str) -> Iterator[Finding]:
    passages: dict[str, float] = {}
    title = report.kind
    for block in report.body:
        if isinstance(block, Heading):
            title = block.text
        passages[title] = passages.get(title, 0.0) + count_lines(block)
    pages = count_pages(report.body)
    if pages > MOST_PAGES:
        longest = sorted(passages, key=lambda passage: -passages[passage])[:NAMED]
        names = join_and([f"“{name}”" for name in longest])
        yield finding(
            "report.long", file=file, pages=format_count(pages),
            most=format_count(MOST_PAGES), names=names,
        )  # fmt: skip


def _review_disagreeing(material: Material, file: str) -> Iterator[Finding]:
    """One line for all tasks of which agencies tell different states and none was chosen."""
    open_ = [task for task in material.tasks if task.disagree]
    if open_:
        names = [task.number for task in open_]
        yield finding(
            "report.disagree", file=file, sheet=SHEET_NAMES[TASKS_SHEET], form=TASKS_SHEET,
            count=format_count(len(open_)),
            names=write_list(names, MOST_TASKS, material.outline.words.other_tasks),
        )  # fmt: skip


def _review_assessments(material: Material, file: str) -> Iterator[Finding]:
    states = material.outline.states
    levels = join_and([f"“{states[state]}”" for state in INDICATOR_STATES[:3]])
    for key, text in material.edits.assessments.items():
        if not read_assessment(text, states):
            yield finding(
                "edit.assessment", file=file, sheet=SHEET_NAMES[INDICATORS_SHEET],
                form=INDICATORS_SHEET, row_key=key, column_key=ASSESSMENT, value=text,
                levels=levels,
            )  # fmt: skip


def _review_figures(material: Material, file: str) -> Iterator[Finding]:
    for result in material.indicators:
        if result.apart:
            figures = "; ".join(format_number(figure) for _, figure in result.apart)
            yield finding(
                "report.figures_differ", file=file, sheet=SHEET_NAMES[INDICATORS_SHEET],
                form=INDICATORS_SHEET, row_key=result.indicator.key, column_key=ESTIMATE_YEAR,
                name=quote(result.indicator.name), names=figures,
                agency=material.agency_name(result.row["agency"]),
            )  # fmt: skip
