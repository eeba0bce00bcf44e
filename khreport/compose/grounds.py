"""The rows behind a figure, each with the cells that its agency or the officer wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache

import msgspec
import polars as pl

from khreport.columns import (
    ADDRESSEE,
    CAUSE,
    CAUSES,
    COMPLETED_ON,
    CUMULATIVE,
    DIFFICULTY,
    ESTIMATE_YEAR,
    NEXT_YEAR,
    OUTLOOK,
    PLAN_YEAR,
    PREVIOUS_FINAL,
    PROPOSAL,
    STATUS,
    SYMBOL,
    VALUE,
)
from khreport.compose.material import IndicatorResult, Material, Row, TaskResult
from khreport.compose.pace import earlier_figures, figure_before, pace_of, previous_figure
from khreport.compose.words import name_lead, name_task
from khreport.consolidation import STATE_LABELS
from khreport.dates import format_date
from khreport.evidence import Ground, Source
from khreport.merge.edits import ASSESSMENT, CHOSEN, EDITED_DAY, EDITED_STATUS
from khreport.merge.raised import tell_measure
from khreport.plan import Indicator, Target
from khreport.previous import REPORTED_IN
from khreport.quantities import format_count, format_number
from khreport.text import begin_sentence, begin_small, join_and

Officer = Mapping[tuple[str, str], Source]
"""What the officer wrote, by column and row of the editing workbook (`merge.edits`)."""

STANDING = (STATUS, COMPLETED_ON)
DECIDED = (EDITED_STATUS, EDITED_DAY, CHOSEN)
OF_YEAR = (PLAN_YEAR, ESTIMATE_YEAR, OUTLOOK)
OF_TWO_YEARS = (PREVIOUS_FINAL, ESTIMATE_YEAR)
PLAN_ROWS = ("plan", "target", "dated", "recurrent", "works")
"""How the ids of figures end that count rows of the plan, whatever was answered."""


class Grounds:
    """The grounds of one report's figures, worked out as they are asked for."""

    def __init__(
        self, material: Material, received: Mapping[str, dt.datetime], officer: Officer
    ) -> None:
        self.material, self._received, self._officer = material, received, officer
        self._cells: dict[tuple[str, str], list[Row]] = {}
        for cell in material.consolidation.cells.iter_rows(named=True):
            self._cells.setdefault((cell["key"], cell["agency"]), []).append(cell)
        self._listed = _list_rows(material)
        self._agencies = {
            row["agency"]: row for row in material.consolidation.agencies.iter_rows(named=True)
        }
        self._steps = {step["key"]: task for task in material.tasks for step in task.steps}
        self._indicators = {result.indicator.key: result for result in material.indicators}
        self._raised = {raised.id: raised for raised in material.raised}
        self.of_figure = cache(self._of_figure)

    def sources(self, row: str, agency: str, columns: Iterable[str] = ()) -> tuple[Source, ...]:
        """The cells of an agency's row in these columns, or all of them."""
        wanted = tuple(columns)
        return tuple(
            self._source(cell)
            for cell in self._cells.get((row, agency), ())
            if not wanted or cell["column"] in wanted
        )

    def others_of(self, result: IndicatorResult) -> tuple[Source, ...]:
        """The cells of those who give another figure of an indicator than the one that stands."""
        key = result.indicator.key
        return tuple(
            source
            for agency, _ in result.apart[1:]
            for source in self.sources(key, agency, (ESTIMATE_YEAR,))
        )

    def officer(self, row: str, columns: Iterable[str]) -> tuple[Source, ...]:
        """What the officer wrote of a row in these columns of the editing workbook."""
        found = (self._officer.get((column, row)) for column in columns)
        return tuple(source for source in found if source)

    def rows_of(self, row: str) -> tuple[tuple[str, str], ...]:
        """The answered rows (row, agency) that a row's id names."""
        if row in self.material.task:
            return tuple((each["key"], each["agency"]) for each in self.material.task[row].answers)
        if row in self._steps:
            steps = self._steps[row].steps
            return tuple((s["key"], s["agency"]) for s in steps if s["key"] == row)
        if row in self._indicators:
            agency = self._indicators[row].row.get("agency")
            return ((row, agency),) if agency else ()
        return (self._listed[row],) if row in self._listed else ()

    def _source(self, cell: Row) -> Source:
        form = self.material.edition.form[cell["form"]]
        column = form.column[cell["column"]]
        return Source(
            agency=cell["agency"],
            name=self.material.agency_name(cell["agency"]),
            column=column.key,
            heading=column.heading or "Tên",
            value=cell[VALUE],
            file=cell["file"],
            digest=cell["submission"],
            sheet=cell["sheet"],
            cell=cell["cell"],
            received_at=self._received.get(cell["submission"]),
        )

    def _of_figure(self, row: str, figure: str) -> Ground:
        """Why a row is counted in a figure."""
        if figure.startswith(("previous.", "raised")):
            return self._of_last_period(row, figure)
        if row in self._agencies:
            ground = self._of_agency(row, asked=figure == "agencies")
            if figure == "agencies.documented":
                count = format_count(self.material.count(f"documents.{row}"))
                ground = msgspec.structs.replace(ground, basis=f"{count} văn bản")
            return ground
        if row in self._indicators:
            return self._of_indicator(self._indicators[row], figure)
        if row in self.material.task:
            return self._of_task(self.material.task[row], figure)
        if row in self.material.edition.plan.indicator:
            return self._of_plan(self.material.edition.plan.indicator[row])
        columns: tuple[str, ...] = STANDING if row in self._steps else ()
        if figure.startswith("difficulties"):
            columns = (DIFFICULTY, CAUSE, CAUSES)
        elif figure.startswith("proposals") and self._is_of_plan(row):
            columns = (PROPOSAL, ADDRESSEE)
        return self.of_row(row, columns)

    def of_row(self, row: str, columns: tuple[str, ...] = ()) -> Ground:
        """What stands in a milestone, a document, a difficulty or a proposal."""
        found = self.rows_of(row)
        sources = tuple(s for key, agency in found for s in self.sources(key, agency, columns))
        key = found[0][0] if found else row
        if self._is_of_plan(row):
            words = name_task(self.material, key)
        else:
            words = "; ".join(source.value for source in sources[:2])
        listed = sources and sources[0].column == SYMBOL
        label = sources[0].value if listed else _label(row, found)
        return Ground(row=row, label=label, words=words, sources=sources)

    def _is_of_plan(self, row: str) -> bool:
        """Whether what the id names stands in the row of a task or of one of its milestones."""
        key = self._listed[row][0] if row in self._listed else row
        return key in self.material.task or key.rpartition(".")[0] in self.material.task

    def _of_last_period(self, row: str, figure: str) -> Ground:
        if row in self._raised:
            return self._of_raised(row, figure)
        previous = self.material.edition.previous
        task = self.material.task[row]
        return Ground(
            row=row,
            label=task.number,
            words=self._tell_task(task),
            basis=f"Câu trả lời của kỳ trước ({previous.name})" if previous else "",
        )

    def _of_raised(self, row: str, figure: str) -> Ground:
        """A proposal of the last period: whose, in which row, and the opinion on it then."""
        proposal = self._raised[row].proposal
        name = self.material.agency_name(proposal.agency)
        previous = self.material.edition.previous
        period = previous.name if previous else ""
        told = [self._tell_place(proposal.agency, proposal.row, period)]
        if proposal.opinion:
            told.append(f"ý kiến khi đó: “{proposal.opinion}”")
        if figure == "raised.again":
            told.append(tell_measure())
        words = f"{name}: “{proposal.text}”"
        return Ground(row=row, label=proposal.row, words=words, basis="; ".join(told))

    def _tell_place(self, agency: str, row: str, period: str) -> str:
        """Where something stands that was handed on: "Kỳ năm 2023, Sở Xây dựng, dòng PL2.I.1"."""
        return f"Kỳ {begin_small(period)}, {self.material.agency_name(agency)}, dòng {row}"

    def of_pace(self, result: IndicatorResult) -> tuple[Ground, ...]:
        """What the pace of an indicator is worked out from: its target, this year, those before."""
        key, name, edition = result.indicator.key, result.indicator.name, self.material.edition
        agency, pace = result.row.get("agency"), pace_of(edition, result)
        columns = (ESTIMATE_YEAR, PREVIOUS_FINAL, CUMULATIVE)
        basis = [self._decision()]
        if pace is not None:
            basis = [self.tell_target(pace.target)]
        own = Ground(
            row=key,
            label=key,
            words=name,
            sources=self.sources(key, agency, columns) if agency else (),
            basis="; ".join(filter(None, [*basis, self.tell_given(result)])),
        )
        used = set(pace.years) if pace is not None else set()
        if previous_figure(result) is not None:
            used -= {edition.period.year - 1}
        return (
            own,
            *(
                Ground(
                    row=key,
                    label=str(figure.year),
                    words=f"{name}, năm {figure.year}: {format_number(figure.value)}",
                    basis=self._tell_place(figure.agency, key, figure.period),
                )
                for figure in earlier_figures(edition, result)
                if figure.year in used
            ),
        )

    def _of_agency(self, row: str, *, asked: bool) -> Ground:
        agency, plan = self._agencies[row], self.material.edition.plan
        state = STATE_LABELS[agency["state"]]
        if agency["days_late"]:
            state = f"{state}, chậm {agency['days_late']} ngày"
        sources: tuple[Source, ...] = ()
        if agency["submission"] and not asked:
            sources = (
                Source(
                    agency=row,
                    name=agency["name"],
                    column="",
                    heading="Bản nộp",
                    value=state,
                    file=agency["file"] or "",
                    digest=agency["submission"],
                    received_at=self._received.get(agency["submission"], agency["received_at"]),
                ),
            )
        basis = f"Được hỏi {agency['asked']} nhiệm vụ" if asked else state
        return Ground(
            row=row,
            label=plan.agency[row].short,
            words=agency["name"],
            sources=sources,
            basis=basis,
        )

    def _of_indicator(self, result: IndicatorResult, figure: str) -> Ground:
        row, name = result.indicator.key, result.indicator.name
        if figure == "indicators":
            return self._of_plan(result.indicator)
        change = "change_" in figure or figure == "indicators.compared"
        columns: tuple[str, ...] = (
            (OUTLOOK,) if "outlook_" in figure or figure == "indicators.answered" else OF_YEAR
        )
        columns = OF_TWO_YEARS if change else columns
        agency = result.row.get("agency")
        basis = "" if agency else "Chưa có báo cáo"
        if change and result.row.get(PREVIOUS_FINAL) is None:
            basis = self.tell_given(result)
        return Ground(
            row=row,
            label=row,
            words=name,
            sources=(self.sources(row, agency, columns) if agency else ())
            + (self.others_of(result) if figure == "indicators.apart" else ())
            + self.officer(row, [ASSESSMENT]),
            basis=basis,
        )

    def _of_plan(self, indicator: Indicator) -> Ground:
        key = indicator.key
        return Ground(row=key, label=key, words=indicator.name, basis=self._decision())

    def tell_given(self, result: IndicatorResult) -> str:
        """The figure of last year that the form gave, in words; "" where there is none."""
        before = previous_figure(result)
        if before is None or result.row.get(PREVIOUS_FINAL) is not None:
            return ""
        ago = self.material.values["year_ago"]
        told = f"Số đã báo cáo {ago}, ghi sẵn trong biểu: {format_number(before)}"
        figure = figure_before(self.material.edition, result)
        if figure is None:
            return told
        return f"{told} ({self._tell_place(figure.agency, figure.indicator, figure.period)})"

    def _of_task(self, task: TaskResult, figure: str) -> Ground:
        row = task.task.key
        end = figure.rpartition(".")[2]
        if end in PLAN_ROWS or figure == f"tasks.{task.task.appendix}" or _is_section(figure, task):
            basis = f"{self._decision()}, {self.material.appendix_label(task.task.appendix)}"
            return Ground(row=row, label=task.number, words=self._tell_task(task), basis=basis)
        columns: tuple[str, ...] = (NEXT_YEAR,) if figure == "tasks.next_year" else STANDING
        told = [self.tell_standing(task) if columns == STANDING else ""]
        previous = self.material.edition.previous
        if figure == "tasks.still_late" and previous is not None:
            told.append(f"kỳ {previous.name.lower()} đã chậm {previous.overdue[row]} ngày")
        return Ground(
            row=row,
            label=task.number,
            words=self._tell_task(task),
            sources=tuple(s for at in self.rows_of(row) for s in self.sources(*at, columns))
            + (self.officer(row, DECIDED) if columns == STANDING else ()),
            basis="; ".join(filter(None, told)),
        )

    def tell_standing(self, task: TaskResult) -> str:
        """What a task's state is worked out from beside its cells."""
        told = [self.material.outline.states[task.state]]
        if task.due:
            told.append(f"thời hạn {format_date(task.due)}")
        if task.days_late:
            told.append(f"chậm {task.days_late} ngày")
        closed = {row[REPORTED_IN] for row in task.answers if row.get(REPORTED_IN)}
        told += [f"đã báo cáo kỳ {begin_small(period)}" for period in sorted(closed)]
        if task.missing:
            told.append(f"chưa trả lời: {join_and(task.missing)}")
        elif not task.answers:
            told.append(f"chủ trì: {name_lead(task)}")
        return begin_sentence("; ".join(told))

    def tell_step(self, key: str) -> str:
        """What a milestone's state is worked out from: its own day, not that of its task."""
        task = self._steps[key]
        last = max(
            (step for step in task.steps if step["key"] == key),
            key=lambda step: step["days_late"] or 0,
        )
        due = next(
            step.due
            for step in task.task.deadline.milestones
            if f"{task.task.key}.{step.key}" == key
        )
        told = [self.material.outline.states[last["timeliness"]]] if last["timeliness"] else []
        told.append(f"thời hạn của mốc {format_date(due)}")
        if last["days_late"]:
            told.append(f"chậm {last['days_late']} ngày")
        return begin_sentence("; ".join(told))

    def _tell_task(self, task: TaskResult) -> str:
        text = " ".join(task.task.text.split())
        return f"{self.material.appendix_label(task.task.appendix)}, {task.number}: {text}"

    def tell_target(self, target: Target) -> str:
        """A target as the decision words it."""
        return f"Mục tiêu “{target.wording}”, {self._decision()}"

    def _decision(self) -> str:
        return f"Quyết định số {self.material.edition.plan.number}"


def _is_section(figure: str, task: TaskResult) -> bool:
    return f"{task.task.section}.".startswith(f"{figure.partition('.')[2]}.")


def _label(row: str, found: tuple[tuple[str, str], ...]) -> str:
    key = found[0][0] if found else row
    return key.partition(".")[2] or key


def _list_rows(material: Material) -> dict[str, tuple[str, str]]:
    """The row and agency behind the ids of documents, difficulties, proposals, plan changes."""
    held = material.consolidation
    frames: list[pl.DataFrame] = [
        held.documents, held.difficulties, held.proposals, held.adjustments,
    ]  # fmt: skip
    return {
        row["id"]: (row["key"], row["agency"])
        for frame in frames
        if "id" in frame.columns
        for row in frame.select("id", "key", "agency").iter_rows(named=True)
    }
