"""The evidence of what a report leaves out: the ends of its lists, causes it has no room for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from khreport.columns import DIFFICULTY
from khreport.compose.appendix import MISSING, STEPS, form_of, list_left
from khreport.compose.assessment import join_difficulties, part_difficulties
from khreport.compose.figures import late_tasks
from khreport.compose.grounds import Grounds
from khreport.compose.material import Material
from khreport.compose.naming import name_figure
from khreport.compose.opening import OVERDUE_ROWS, gather_overdue, order_issuers
from khreport.compose.outlook import cut_topics, list_askers, list_askings
from khreport.compose.sections import causes_id, overdue_in, tell_section, told_sections
from khreport.compose.sentences import tidy_quote
from khreport.compose.states import CAUSES
from khreport.compose.tasks import disagreeing_id
from khreport.compose.words import (
    Quote,
    agencies_id,
    cut_tasks,
    list_agencies,
    name_task,
    tasks_id,
)
from khreport.evidence import Ground, Record, cell_id, rest_id
from khreport.quantities import format_count
from khreport.text import begin_sentence


def record_cuts(grounds: Grounds) -> Iterator[Record]:
    """A record for each list of the report that has an end which it only counts."""
    material = grounds.material
    for figure, rows in _list_cuts(material).items():
        yield _record(
            figure,
            f"{name_figure(material, figure)} (phần không nêu tên)",
            [grounds.of_figure(row, figure) for row in rows],
        )
    yield from _record_causes(grounds)
    yield from _record_proposals(grounds)
    yield from _record_difficulties(grounds)
    yield from _record_cells(grounds)


def _record(figure: str, words: str, found: Sequence[Ground]) -> Record:
    return Record(
        id=rest_id(figure),
        kind="count",
        words=begin_sentence(words),
        value=format_count(len(found)),
        grounds=tuple(found),
    )


def _list_cuts(material: Material) -> dict[str, Sequence[str]]:
    """The rows that the lists of the body do not name, by the figure that counts all of them."""
    limits, figures = material.outline.limits, material.figures
    done_late = late_tasks(material.tasks, ["completed_late"])
    lists: dict[str, tuple[Sequence[str], int]] = {
        "agencies.documented": (order_issuers(material), limits.agencies),
        "tasks.plan.dated.completed_late": ([t.task.key for t in done_late], limits.late),
    }
    for figure in ("tasks.due_unreported", "tasks.still_late"):
        lists[figure] = (figures[figure].rows, limits.late)
    for appendix in material.told_appendices:
        figure = disagreeing_id(appendix.key)
        lists[figure] = (figures[figure].rows, limits.late)
    for figure in ("indicators.unfigured", "indicators.unassigned", "indicators.apart"):
        lists[figure] = (figures[figure].rows, limits.indicators)
    for figure, limit in (("indicators.behind", limits.behind), ("raised.dropped", limits.raised)):
        lists[figure] = (figures[figure].rows, limit)
    for section in told_sections(material):
        rows = [task.task.key for task in overdue_in(material, section)]
        lists[f"tasks.{section.key}.dated.overdue"] = (rows, limits.late)
    cuts: dict[str, Sequence[str]] = {id_: rows[limit:] for id_, (rows, limit) in lists.items()}
    beyond = gather_overdue(material)[limits.overdue :]
    for figure, milestone in zip(OVERDUE_ROWS, (False, True), strict=True):
        cuts[figure] = [row.key for row in beyond if row.milestone is milestone]
    for cause in CAUSES:
        cuts[f"difficulties.{cause}"] = part_difficulties(material, cause)[1]
    told = list_askings(material)[limits.proposals :]
    cuts["proposals"] = [proposal.id for asking in told for proposal in asking]
    return {figure: rows for figure, rows in cuts.items() if rows}


def _record_causes(grounds: Grounds) -> Iterator[Record]:
    """The causes of lateness that agencies gave, and a section had no room for."""
    material = grounds.material
    for section in told_sections(material):
        unsaid = tell_section(material, section).unsaid
        if unsaid:
            label = material.appendix_label(section.appendix)
            words = f"Nguyên nhân chậm cơ quan đã nêu, không ghi ở mục {section.number} {label}"
            found = [_ground_cause(grounds, quote) for quote in unsaid]
            yield _record(causes_id(section), words, found)


def _ground_cause(grounds: Grounds, quote: Quote) -> Ground:
    row, agency = quote.figure.split(f".{DIFFICULTY}.")
    task = grounds.material.task[row]
    return Ground(
        row=quote.figure,
        label=task.number,
        words=f"{name_task(grounds.material, row)}, {quote.agency}",
        sources=grounds.sources(row, agency, (DIFFICULTY,)),
    )


def _record_proposals(grounds: Grounds) -> Iterator[Record]:
    """Who asks for the same, and of which tasks, beyond those that are named."""
    material, limits = grounds.material, grounds.material.outline.limits
    for asking in list_askings(material):
        first = asking[0]
        by_agency = {proposal.agency: proposal.id for proposal in asking}
        by_task = {proposal.task: proposal.id for proposal in asking}
        agencies = list_askers(material, asking)[limits.agencies :]
        left = {
            (agencies_id(first.id), "Cơ quan"): [by_agency[agency] for agency in agencies],
            (tasks_id(first.id), "Nhiệm vụ"): [
                by_task[key] for key in cut_topics(material, asking)
            ],
        }
        yield from _record_others(grounds, "proposals", left, f"kiến nghị “{first.text}”")


def _record_difficulties(grounds: Grounds) -> Iterator[Record]:
    """Who names the same difficulty, and of which tasks, beyond those that are named."""
    material, limits = grounds.material, grounds.material.outline.limits
    for group in (group for cause in CAUSES for group in join_difficulties(material, cause)):
        first, text = group[0]["id"], tidy_quote(group[0][DIFFICULTY])
        by_agency = {row["agency"]: row["id"] for row in group}
        by_task = {row["task"]: row["id"] for row in group}
        agencies = list_agencies(material, by_agency)[limits.agencies :]
        left = {
            (agencies_id(first), "Cơ quan"): [by_agency[agency] for agency in agencies],
            (tasks_id(first), "Nhiệm vụ"): [by_task[key] for key in cut_tasks(material, by_task)],
        }
        yield from _record_others(grounds, "difficulties", left, f"nêu “{text}”")


def _record_others(
    grounds: Grounds, figure: str, left: Mapping[tuple[str, str], Sequence[str]], said: str
) -> Iterator[Record]:
    """A record for each end of a list, by its id and what stands in it, that leaves rows out."""
    for (id_, who), rows in left.items():
        if rows:
            found = [grounds.of_figure(row, figure) for row in rows]
            yield _record(id_, f"{who} khác cùng {said}", found)


def _record_cells(grounds: Grounds) -> Iterator[Record]:
    """What the cells of the appendices leave out, task by task."""
    material = grounds.material
    for result in material.tasks:
        key, name = result.task.key, name_task(material, result.task.key)
        left = list_left(material, result, form_of(material, result.task.appendix))
        for id_, rows in left.items():
            column = id_.removeprefix(f"{key}.")

            def ground(row: str, column: str = column, key: str = key) -> Ground:
                if column == STEPS:
                    return grounds.of_row(row)
                if column == MISSING:
                    return Ground(row=key, label=row, words=row, basis="Chưa có báo cáo")
                agency = material.edition.plan.agency[row]
                sources = grounds.sources(key, row, (column,))
                id_ = cell_id(key, column, row)
                return Ground(row=id_, label=agency.short, words=agency.name, sources=sources)

            what = _LEFT.get(column, "cơ quan khác có trả lời")
            yield _record(id_, f"{name}: {what}, không nêu trong bảng", [ground(r) for r in rows])


_LEFT = {MISSING: "cơ quan khác chưa có báo cáo", STEPS: "mốc quá hạn khác"}
