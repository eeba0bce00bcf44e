"""The evidence of a report: a record for each figure and passage that it may print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

import msgspec

from khreport.columns import (
    ADDRESSEE,
    CAUSES,
    COMPLETED_ON,
    DIFFICULTY,
    ESTIMATE_YEAR,
    EXPECTED_ON,
    GROWTH,
    NEXT_YEAR,
    OUTLOOK,
    PLAN_YEAR,
    PREVIOUS_FINAL,
    PROPOSAL,
    RESULT,
    SOLUTIONS,
    STATUS,
    TASK,
    TO_CLOSING,
)
from khreport.compose.cuts import record_cuts
from khreport.compose.figures import overdue_steps, ratio_of
from khreport.compose.grounds import DECIDED, STANDING, Grounds, Officer
from khreport.compose.material import IndicatorResult, Material, Row, TaskResult
from khreport.compose.naming import name_figure
from khreport.compose.pace import previous_figure
from khreport.compose.pace_words import pace_cell, tell_difference
from khreport.compose.words import name_task, says
from khreport.dates import format_date
from khreport.evidence import (
    ASSESSED,
    DIFFERENCE,
    PACE,
    RATIO,
    Evidence,
    Ground,
    Record,
    RecordKind,
    Source,
    cell_id,
)
from khreport.merge.consolidate import measures_per_cent
from khreport.merge.edits import ASSESSMENT, EDITED_RESULT, OPINION, PASSAGE
from khreport.previous import REPORTED_IN
from khreport.quantities import format_count, format_number, format_percent
from khreport.text import begin_sentence, begin_small, join_and

TOLD = (
    STATUS, COMPLETED_ON, EXPECTED_ON, RESULT, NEXT_YEAR, DIFFICULTY, ADDRESSEE, CAUSES, SOLUTIONS,
)  # fmt: skip
"""The columns of a task that a report may print."""
FIGURES = (PLAN_YEAR, TO_CLOSING, ESTIMATE_YEAR, OUTLOOK)
"""Those of an indicator."""
APART = "Các cơ quan báo cáo khác nhau; báo cáo lấy số của {name}"
_BESIDE = {STATUS: STANDING}
_DECIDED = {STATUS: DECIDED, RESULT: (EDITED_RESULT,)}
"""The columns of the editing workbook that stand before what agencies wrote."""


def gather_evidence(
    material: Material, received: Mapping[str, dt.datetime], officer: Officer
) -> Evidence:
    """The records of every figure and passage that a report of this material may print.

    `received` says when each submission came, `officer` where each edit stands.
    """
    grounds = Grounds(material, received, officer)
    records: dict[str, Record] = {}
    rows: dict[str, tuple[str, ...]] = {}
    for record in (*_record_counts(grounds), *record_cuts(grounds)):
        records[record.id] = record
    for task in material.tasks:
        found = list(_record_task(grounds, task))
        records |= {record.id: record for record in found}
        rows[task.task.key] = tuple(r.id for r in found if r.kind == "value")
        for key in dict.fromkeys(step["key"] for step in task.steps):
            rows_of_step = [step for step in task.steps if step["key"] == key]
            steps = list(_record_step(grounds, key, rows_of_step))
            records |= {record.id: record for record in steps}
            rows[key] = tuple(record.id for record in steps)
    for indicator in material.indicators:
        values = list(_record_indicator(grounds, indicator))
        records |= {record.id: record for record in values}
        rows[indicator.indicator.key] = tuple(record.id for record in values)
    for record in (*_record_quotes(grounds), *_record_raised(grounds), *_record_officer(officer)):
        records[record.id] = record
    return Evidence(records=records, rows=rows)


def _record_counts(grounds: Grounds) -> Iterator[Record]:
    for id_, figure in grounds.material.figures.items():
        yield Record(
            id=id_,
            kind="count",
            words=name_figure(grounds.material, id_),
            value=format_count(len(figure.rows)),
            grounds=tuple(grounds.of_figure(row, id_) for row in figure.rows),
        )


def _record_task(grounds: Grounds, task: TaskResult) -> Iterator[Record]:
    """What a task's row says in each column, and what each agency says there."""
    key = task.task.key
    name = name_task(grounds.material, key)
    below = (*task.lines, *overdue_steps(task))
    rows = grounds.rows_of(key)
    for column in filter(partial(says, task), TOLD):
        columns: tuple[str, ...] = _BESIDE.get(column, (column,))
        edited = grounds.officer(key, _DECIDED.get(column, ()))
        sources = tuple(source for at in rows for source in grounds.sources(*at, columns))
        if column == RESULT:
            found = dict.fromkeys((row["key"], row["agency"]) for row in below)
            sources += tuple(
                source for at in found for source in grounds.sources(*at, (TASK, STATUS, RESULT))
            )
        carried = _tell_carried(task.answers)
        basis = grounds.tell_standing(task) if column == STATUS else carried
        ground = Ground(
            row=key, label=task.number, words=name, sources=edited + sources, basis=basis
        )
        yield _record_value(cell_id(key, column), name, ground, column, task.answers)
        for row in task.answers:
            if row.get(column):
                own = grounds.sources(key, row["agency"], (column,))
                quoted = msgspec.structs.replace(ground, sources=own, basis=_tell_carried([row]))
                whose = f"{name}, {grounds.material.agency_name(row['agency'])}"
                id_ = cell_id(key, column, row["agency"])
                yield _record_value(id_, whose, quoted, column, [row], kind="quote")


def _record_value(  # noqa: PLR0913, PLR0917 - a record has these parts
    id_: str,
    name: str,
    ground: Ground,
    column: str,
    rows: Iterable[Row],
    kind: RecordKind = "value",
) -> Record:
    """What rows say: the officer's word for it first, else the cells of agencies.

    What was carried over from an earlier period stands in no cell, only in the rows.
    """
    said = [source for source in ground.sources if not source.agency or source.column == column]
    officers = [source for source in said if not source.agency]
    values = [source.value for source in officers or said] or [
        _word(row[column]) for row in rows if row.get(column)
    ]
    heading = next((source.heading for source in said), "")
    return Record(
        id=id_,
        kind=kind,
        words=begin_sentence(", ".join(filter(None, (heading, name)))),
        value="; ".join(dict.fromkeys(values)) or ground.basis,
        grounds=(ground,),
    )


def _word(value: object) -> str:
    return format_date(value) if isinstance(value, dt.date) else str(value)


def _tell_carried(rows: Iterable[Row]) -> str:
    """From which earlier periods rows were carried over; "" if none was."""
    periods = dict.fromkeys(str(row[REPORTED_IN]) for row in rows if row.get(REPORTED_IN))
    return f"Đã báo cáo kỳ {join_and([begin_small(p) for p in periods])}" if periods else ""


def _record_step(grounds: Grounds, key: str, rows: Sequence[Row]) -> Iterator[Record]:
    """What a milestone's row says in each column."""
    name = name_task(grounds.material, key)
    for column in TOLD:
        columns: tuple[str, ...] = _BESIDE.get(column, (column,))
        if any(row.get(column) for row in rows):
            ground = Ground(
                row=key,
                label=key.partition(".")[2],
                words=name,
                sources=tuple(
                    s for row in rows for s in grounds.sources(key, row["agency"], columns)
                ),
                basis=grounds.tell_step(key) if column == STATUS else _tell_carried(rows),
            )
            yield _record_value(cell_id(key, column), name, ground, column, rows)


def _told_figures(
    result: IndicatorResult, cells: Callable[[str], tuple[Source, ...]]
) -> Iterator[tuple[str, Source]]:
    """The cells of an indicator's figures, but for a plan that is the decision's own target."""
    for column in FIGURES:
        if column != PLAN_YEAR or result.target is None:
            yield from ((column, source) for source in cells(column))


def _record_indicator(grounds: Grounds, result: IndicatorResult) -> Iterator[Record]:
    """The figures of an indicator, those that are worked out of two with both cells."""
    key, agency = result.indicator.key, result.row.get("agency")
    name = f"{result.indicator.name} ({result.indicator.measure})"

    def cells(*columns: str) -> tuple[Source, ...]:
        return grounds.sources(key, agency, columns) if agency else ()

    def record(column: str, words: str, value: str, *parts: Source, basis: str = "") -> Record:
        ground = Ground(row=key, label=key, words=name, sources=parts, basis=basis)
        return Record(
            id=cell_id(key, column), kind="value", words=f"{words}, {name}", value=value,
            grounds=(ground,),
        )  # fmt: skip

    given, said = grounds.tell_given(result), grounds.material.values
    whole, plan, ago = said["whole_period"], said["period_plan"], said["year_ago"]
    if result.target is not None:
        value, basis = format_number(result.target.value), grounds.tell_target(result.target)
        yield record(PLAN_YEAR, said["Plan_of_period"], value, basis=basis)
    for column, source in _told_figures(result, cells):
        others = grounds.others_of(result) if column == ESTIMATE_YEAR else ()
        basis = APART.format(name=source.name) if others else ""
        yield record(column, source.heading, source.value, source, *others, basis=basis)
    before = previous_figure(result)
    if before is not None:
        yield record(
            PREVIOUS_FINAL,
            said["Year_ago"],
            format_number(before),
            *cells(PREVIOUS_FINAL),
            basis=given,
        )
    ratio = ratio_of(result)
    if ratio is not None:
        yield record(
            RATIO, f"Tỷ lệ so với {plan}", format_percent(ratio, 1),
            *cells(result.told, PLAN_YEAR),
            basis=f"{f'Ước {whole}' if result.told == ESTIMATE_YEAR else 'Số từ đầu năm'}"
            f" chia cho {plan}",
        )  # fmt: skip
    growth = result.row.get(GROWTH)
    if growth is not None:
        how = "; ".join(filter(None, [f"Ước {whole} so với {ago}", given]))
        parts = cells(ESTIMATE_YEAR, PREVIOUS_FINAL)
        points = " điểm %" if measures_per_cent(result.indicator.measure) else "%"
        yield record(
            GROWTH, f"Tăng, giảm so với {ago}", format_number(growth, 1) + points, *parts,
            basis=how,
        )  # fmt: skip
    difference = tell_difference(grounds.material, result)
    if difference:
        parts = cells(ESTIMATE_YEAR, PREVIOUS_FINAL)
        basis = "; ".join(filter(None, [f"Ước {whole} trừ số {ago}", given]))
        yield record(DIFFERENCE, f"Chênh lệch so với {ago}", difference, *parts, basis=basis)
    pace = pace_cell(grounds.material, result)
    if pace:
        yield Record(
            id=cell_id(key, PACE),
            kind="value",
            words=f"Nhịp độ đến mục tiêu, {name}",
            value=pace,
            grounds=grounds.of_pace(result),
        )
    states = grounds.material.outline.states
    edited = grounds.officer(key, [ASSESSMENT])
    parts = edited + cells(ESTIMATE_YEAR, PLAN_YEAR, OUTLOOK)
    yield record(
        ASSESSED, "Đánh giá", next((source.value for source in edited), states[result.state]),
        *parts, basis="" if parts else "Chưa có báo cáo",
    )  # fmt: skip


def _record_quotes(grounds: Grounds) -> Iterator[Record]:
    """Difficulties, proposals and changes to the plan, one by one."""
    held = grounds.material.consolidation
    for frame, columns in (
        (held.difficulties, (DIFFICULTY, CAUSES)),
        (held.proposals, (PROPOSAL, ADDRESSEE)),
        (held.adjustments, ()),
    ):
        for id_ in frame["id"] if "id" in frame.columns else ():
            ground = grounds.of_row(id_, columns)
            source = ground.sources[0]
            yield Record(
                id=id_,
                kind="quote",
                words=f"{source.heading}, {ground.words}, {source.name}",
                value=source.value,
                grounds=(ground,),
            )


def _record_raised(grounds: Grounds) -> Iterator[Record]:
    """What agencies asked for in the last period."""
    for raised in grounds.material.raised:
        ground = grounds.of_figure(raised.id, "raised")
        yield Record(
            id=raised.id,
            kind="quote",
            words=f"Kiến nghị của kỳ trước, {ground.words}",
            value=raised.proposal.text,
            grounds=(ground,),
        )


def _record_officer(officer: Officer) -> Iterator[Record]:
    for (column, row), source in officer.items():
        if column in {PASSAGE, OPINION}:
            ground = Ground(row=row, label=row, words=source.heading, sources=(source,))
            yield Record(
                id=f"{column}:{row}",
                kind="officer",
                words=source.heading,
                value=source.value,
                grounds=(ground,),
            )
