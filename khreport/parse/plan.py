"""A plan as files: eight texts parsed into one Plan, and the Plan as plain values.

plan.toml (the decision, its appendices and duties), sections.csv, tasks.csv, errata.csv,
deadlines.toml, indicators.toml, agencies.toml, groups.toml. In CSV cells products stand one
to a line and keys are parted by ";". What contradicts itself is a PlanError with file and line.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from khreport.agencies import Agency, Group, GroupRow
from khreport.errors import PlanError
from khreport.parse.records import Place, Record, parse_records, require_composed, require_unique
from khreport.parse.toml import Entry, Source
from khreport.plan import Appendix, Deadline, Duty, Erratum, Indicator, Plan, Section, Task

T = TypeVar("T", bound=msgspec.Struct)

PLAN_FILES = (
    "plan.toml",
    "sections.csv",
    "tasks.csv",
    "errata.csv",
    "deadlines.toml",
    "indicators.toml",
    "agencies.toml",
    "groups.toml",
)
_TASK_COLUMNS = tuple(field for field in Task.__struct_fields__ if field != "deadline")


class _Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What plan.toml says of the decision itself."""

    key: str
    number: str
    date: dt.date
    issuer: str
    title: str
    short_title: str
    collector: str
    first_year: int
    last_year: int


class _Placed(NamedTuple, Generic[T]):
    """A value and where its record stands."""

    value: T
    place: Place


class _Parts(NamedTuple):
    """The files parsed, before anything in one was held against another."""

    head: _Placed[_Head]
    appendices: list[_Placed[Appendix]]
    sections: list[_Placed[Section]]
    tasks: list[_Placed[Task]]
    deadlines: list[_Placed[Deadline]]
    indicators: list[_Placed[Indicator]]
    agencies: list[_Placed[Agency]]
    groups: list[_Placed[Group]]
    group_rows: list[_Placed[GroupRow]]
    duties: list[_Placed[Duty]]
    errata: list[_Placed[Erratum]]


def parse_plan(files: Mapping[str, str]) -> Plan:
    """The plan that the texts of PLAN_FILES describe, every reference in it checked."""
    parts = _parse_parts(files)
    _check_keys(parts)
    _check_deadlines(parts)
    _check_bodies(parts)
    _check_tasks(parts)
    _check_group_rows(parts)
    _check_links(parts)
    _check_parts(parts)
    return Plan(
        **msgspec.structs.asdict(parts.head.value),
        appendices=_values(parts.appendices),
        sections=_values(parts.sections),
        tasks=_values(parts.tasks),
        indicators=_values(parts.indicators),
        agencies=_values(parts.agencies),
        groups=_values(parts.groups),
        group_rows=_values(parts.group_rows),
        duties=_values(parts.duties),
        errata=_values(parts.errata),
    )


def export_plan(plan: Plan) -> dict[str, Any]:
    """The plan as plain values for JSON: tuples become lists, days ISO texts."""
    exported: dict[str, Any] = _as_builtins(plan)
    return exported


def _as_builtins(value: Any) -> Any:  # noqa: ANN401 - whatever a plan holds
    """The value with every field in it, also those that stand at their default."""
    if isinstance(value, msgspec.Struct):
        return {name: _as_builtins(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple):
        return [_as_builtins(each) for each in value]
    if isinstance(value, dict):
        return {key: _as_builtins(each) for key, each in value.items()}
    return msgspec.to_builtins(value)


def _parse_parts(files: Mapping[str, str]) -> _Parts:
    for file in PLAN_FILES:
        if file not in files:
            raise PlanError(f"Thư mục kế hoạch thiếu tệp {file}. Cần đủ: {', '.join(PLAN_FILES)}.")

        require_composed(file, files[file])
    sources = {file: Source(files[file], file) for file in PLAN_FILES if file.endswith(".toml")}

    def read(file: str, table: str, kind: type[T]) -> list[_Placed[T]]:
        return _convert_tables(sources[file], table, kind)

    def rows(file: str, columns: tuple[str, ...]) -> tuple[Record, ...]:
        return parse_records(file, files[file], columns)

    whole = sources["plan.toml"]
    head = {k: value for k, value in whole.content.items() if k not in ("appendix", "duty")}
    deadlines = read("deadlines.toml", "deadline", Deadline)
    readings = {deadline.wording: deadline for deadline, _ in deadlines}
    return _Parts(
        head=_Placed(Entry(whole, "", 0, "").convert(head, _Head), Place(whole.name, 1)),
        appendices=read("plan.toml", "appendix", Appendix),
        duties=read("plan.toml", "duty", Duty),
        deadlines=deadlines,
        indicators=read("indicators.toml", "indicator", Indicator),
        agencies=read("agencies.toml", "agency", Agency),
        groups=read("groups.toml", "group", Group),
        group_rows=read("groups.toml", "group_row", GroupRow),
        sections=[
            _Placed(record.convert(Section), record.place)
            for record in rows("sections.csv", Section.__struct_fields__)
        ],
        tasks=[
            _Placed(_convert_task(record, readings), record.place)
            for record in rows("tasks.csv", _TASK_COLUMNS)
        ],
        errata=[
            _Placed(record.convert(Erratum), record.place)
            for record in rows("errata.csv", Erratum.__struct_fields__)
        ],
    )


def _convert_tables(source: Source, table: str, kind: type[T]) -> list[_Placed[T]]:
    tables = source.content.get(table, [])
    if not isinstance(tables, list):
        Place(source.name, source.line(field=table)).reject(f"viết thành các mục [[{table}]].")
    heading = re.compile(rf"\s*\[\[\s*{table}\s*\]\]")
    lines = [number for number, line in enumerate(source.lines, 1) if heading.match(line)]
    # Tables written inline have no headings: the file is all that can be told.
    lines += [1] * (len(tables) - len(lines))
    return [
        _Placed(Entry(source, table, nth, "").convert(raw, kind), Place(source.name, line))
        for nth, (raw, line) in enumerate(zip(tables, lines, strict=True))
    ]


def _convert_task(record: Record, readings: Mapping[str, Deadline]) -> Task:
    values: dict[str, Any] = dict(record.cells)
    wording = values["deadline_text"]
    if wording not in readings:
        record.place.reject(f"tiến độ “{wording}” chưa có cách hiểu trong deadlines.toml.")
    return Task(
        **{
            **values,
            "leads": _split_cell(values["leads"], ";"),
            "coordinating": _split_cell(values["coordinating"], ";"),
            "products": _split_cell(values["products"], "\n"),
            "deadline": readings[wording],
        }
    )


def _split_cell(cell: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(separator) if part.strip())


def _values(placed: Iterable[_Placed[T]]) -> tuple[T, ...]:
    return tuple(value for value, _ in placed)


def _keys(placed: Iterable[_Placed[Any]]) -> set[str]:
    return {value.key for value, _ in placed}


def _require_known(keys: Iterable[str], known: Collection[str], what: str, place: Place) -> None:
    for key in keys:
        if key not in known:
            place.reject(f"không có {what} “{key}”.")


def _check_keys(parts: _Parts) -> None:
    keyed: tuple[tuple[str, list[_Placed[Any]]], ...] = (
        ("phụ lục", parts.appendices),
        ("mục", parts.sections),
        ("nhiệm vụ", parts.tasks),
        ("chỉ tiêu", parts.indicators),
        ("cơ quan", parts.agencies),
        ("nhóm", parts.groups),
        ("chế độ báo cáo", parts.duties),
    )
    for what, placed in keyed:
        require_unique(((value.key, place) for value, place in placed), what)
    require_unique(((d.wording, place) for d, place in parts.deadlines), "tiến độ")
    require_unique(((row.task, place) for row, place in parts.group_rows), "nhiệm vụ")


def _check_deadlines(parts: _Parts) -> None:
    for deadline, place in parts.deadlines:
        require_unique(((step.key, place) for step in deadline.milestones), "mốc")
        steps = [step.due for step in deadline.milestones]
        if steps and deadline.due != max(steps):
            place.reject("hạn (due) phải là ngày của mốc cuối cùng.")
        if deadline.kind == "recurrent" and (deadline.start or deadline.due or steps):
            place.reject("nhiệm vụ thường xuyên (recurrent) không có ngày bắt đầu, hạn hay mốc.")
        if deadline.kind == "dated" and not (deadline.start or deadline.due):
            place.reject("nhiệm vụ có thời hạn (dated) phải có ngày bắt đầu hoặc hạn.")
    # A milestone's row key must be nobody else's.
    tasks = _keys(parts.tasks)
    for task, place in parts.tasks:
        for step in task.deadline.milestones:
            if f"{task.key}.{step.key}" in tasks:
                place.reject(f"mốc “{step.key}” trùng mã với nhiệm vụ “{task.key}.{step.key}”.")


def _check_bodies(parts: _Parts) -> None:
    agencies = _keys(parts.agencies)
    _require_known([parts.head.value.collector], agencies, "cơ quan", parts.head.place)
    owners: dict[str, str] = {}
    bodies: list[_Placed[Any]] = [*parts.agencies, *parts.groups]
    for body, place in bodies:
        for spelling in {wording.casefold() for wording in (body.name, *body.spellings)}:
            owner = owners.setdefault(spelling, body.key)
            if owner != body.key:
                place.reject(f"cách viết “{spelling}” đã thuộc “{owner}”.")
    for group, place in parts.groups:
        if not group.key.startswith("@"):
            place.reject(f"mã nhóm “{group.key}” phải bắt đầu bằng “@”.")
        _require_known(group.members, agencies, "cơ quan", place)


def _check_tasks(parts: _Parts) -> None:
    appendices, sections = _keys(parts.appendices), _keys(parts.sections)
    bodies = _keys(parts.agencies) | _keys(parts.groups)
    ministries = {agency.key for agency, _ in parts.agencies if not agency.answers}
    decided = {row.task for row, _ in parts.group_rows}
    for section, place in parts.sections:
        _require_known([section.appendix], appendices, "phụ lục", place)
    for task, place in parts.tasks:
        _require_known([task.appendix], appendices, "phụ lục", place)
        _require_known([task.section], sections, "mục", place)
        _require_known((*task.leads, *task.coordinating), bodies, "cơ quan hoặc nhóm", place)
        if not task.leads:
            place.reject("nhiệm vụ chưa có cơ quan chủ trì (cột leads).")
        shared = [key for key in task.leads if key.startswith("@") or key in ministries]
        if shared and task.key not in decided:
            place.reject(f"“{shared[0]}” chủ trì: thêm [[group_row]] cho biết ai trả lời.")


def _check_group_rows(parts: _Parts) -> None:
    agencies, tasks = _keys(parts.agencies), _keys(parts.tasks)
    for row, place in parts.group_rows:
        _require_known([row.task], tasks, "nhiệm vụ", place)
        _require_known(row.answering, agencies, "cơ quan", place)
        if (row.mode == "all") == bool(row.answering):
            place.reject("chế độ “all” để trống answering; chế độ khác phải nêu cơ quan trả lời.")


def _check_parts(parts: _Parts) -> None:
    measures = {indicator.key: indicator.measure for indicator, _ in parts.indicators}
    for indicator, place in parts.indicators:
        if indicator.part_of is not None:
            _require_known([indicator.part_of], measures, "chỉ tiêu", place)
            if indicator.part_of == indicator.key:
                place.reject("part_of phải là chỉ tiêu khác.")
            if measures[indicator.part_of] != indicator.measure:
                place.reject("part_of phải là chỉ tiêu có cùng đơn vị tính.")


def _check_links(parts: _Parts) -> None:
    tasks = _keys(parts.tasks)
    for indicator, place in parts.indicators:
        if (indicator.tracked_by is None) != (indicator.link is None):
            place.reject("tracked_by và link phải cùng có hoặc cùng không.")
        if indicator.tracked_by is not None:
            _require_known([indicator.tracked_by], tasks, "nhiệm vụ", place)
        if any((t.comparator == "range") != (t.upper is not None) for t in indicator.targets):
            place.reject("upper chỉ dùng, và phải có, khi comparator là “range”.")
    for duty, place in parts.duties:
        _require_known(duty.tasks, tasks, "nhiệm vụ", place)
    placed: list[_Placed[Any]] = [*parts.sections, *parts.tasks]
    rows = {value.key: value for value, _ in placed}
    for erratum, place in parts.errata:
        _require_known([erratum.row], rows, "dòng", place)
        cell = getattr(rows[erratum.row], erratum.column, None)
        if not isinstance(cell, str):
            place.reject(f"không có cột “{erratum.column}”.")
        if cell.count(erratum.corrected) != 1:
            place.reject(f"“{erratum.corrected}” phải có đúng một lần trong ô đã đính chính.")
