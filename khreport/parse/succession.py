"""A register of bodies from TOML: what contradicts itself or the plan is refused with its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TypeVar

import msgspec

from khreport.agencies import Agency
from khreport.parse.toml import Entry, Source
from khreport.plan import Plan
from khreport.succession import BodyGroup, Change, Collector, Decision, Register, Scope
from khreport.text import file_name_part

T = TypeVar("T", bound=msgspec.Struct)

BLANK = "…"
"""Stands in the blocks that the program prints where an officer has to write."""
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

TABLES: dict[str, tuple[type[msgspec.Struct], str]] = {
    "agency": (Agency, "cơ quan"),
    "group": (BodyGroup, "nhóm"),
    "change": (Change, "thay đổi"),
    "decision": (Decision, "quyết định về dòng"),
    "collector": (Collector, "cơ quan tổng hợp"),
}
"""The tables of a register, each with what one of its entries is called."""


def parse_register(text: str, name: str, plan: Plan, shipped: Register | None = None) -> Register:
    """The register that the text of a file makes for a plan.

    With `shipped` the text is an officer's own file, which adds to that register and settles
    what it leaves open.

    Raises:
        PlanError: an entry cannot be used; the message says file and line.

    """
    source = Source(text, name)
    whole = Entry(source, "", 0, "")
    for field in source.content:
        whole.expect(field, "mục", field, [*TABLES, "scope"])
    own = Register(
        bodies=_read(source, "agency", Agency),
        groups=_read(source, "group", BodyGroup),
        changes=_read(source, "change", Change),
        decisions=_read(source, "decision", Decision),
        collectors=_read(source, "collector", Collector),
        scope=_read_scope(source),
    )
    register = shipped.with_own(own) if shipped else own
    _check_keys(source, own, register, plan)
    _check_changes(source, own, register, plan)
    _check_decisions(source, own, register, plan)
    _check_collectors(source, own, register, plan)
    if own.scope:
        scope = Entry(source, "scope", 0, "phạm vi")
        _expect_all(scope, "indicators", "chỉ tiêu", own.scope.indicators, plan.indicator)
    return register


def _read(source: Source, table: str, wanted: type[T]) -> tuple[T, ...]:
    return tuple(
        _entry(source, table, nth, raw).convert(raw, wanted)
        for nth, raw in enumerate(source.tables(table))
    )


def _entry(source: Source, table: str, nth: int, raw: dict[str, object]) -> Entry:
    called = raw.get("key", raw.get("task", raw.get("agency", nth + 1)))
    return Entry(source, table, nth, f"{TABLES[table][1]} {called}")


def _entries(source: Source, table: str) -> Iterable[Entry]:
    return [_entry(source, table, nth, raw) for nth, raw in enumerate(source.tables(table))]


def _read_scope(source: Source) -> Scope | None:
    raw = source.content.get("scope")
    entry = Entry(source, "scope", 0, "phạm vi")
    if raw is None:
        return None
    if not isinstance(raw, dict):
        entry.refuse("scope", "viết “scope” thành một khối bắt đầu bằng dòng [scope].")
    return entry.convert(raw, Scope)


def _expect_all(
    entry: Entry, field: str, what: str, keys: Iterable[str], known: Collection[str]
) -> None:
    for key in keys:
        entry.expect(field, what, key, known)


def _check_keys(source: Source, own: Register, register: Register, plan: Plan) -> None:
    taken = set(plan.agency)
    shortened = {file_name_part(agency.abbreviation) for agency in plan.agencies}
    provinces = sorted({group.former_province for group in register.groups})
    for entry, body in zip(_entries(source, "agency"), own.bodies, strict=True):
        if body.key in taken:
            entry.refuse("key", f"mã “{body.key}” đã có. Hãy đặt mã khác.")
        for field in ("key", "name", "short"):
            if not getattr(body, field).strip() or BLANK in getattr(body, field):
                entry.refuse(field, f"ghi mục “{field}”, thay chỗ “…” bằng tên, mã của cơ quan.")
        if not body.answers:
            entry.refuse(
                "kind", "cơ quan Trung ương không nhận biểu. Xã, phường thì ghi “commune”."
            )
        short = file_name_part(body.abbreviation)
        if short in shortened or not _PLAIN.fullmatch(body.abbreviation):
            entry.refuse(
                "abbreviation",
                f"“{body.abbreviation}” đã dùng hoặc có dấu, có khoảng trắng. Hãy ghi chữ không "
                "dấu, khác các cơ quan khác, ví dụ UBND-DIENKHANH.",
            )
        if body.former_province and provinces:
            entry.expect("former_province", "tỉnh cũ", body.former_province, provinces)
        taken.add(body.key)
        shortened.add(short)
    for entry, group in zip(_entries(source, "group"), own.groups, strict=True):
        if not group.key.startswith("@"):
            entry.refuse("key", f"mã nhóm “{group.key}” phải bắt đầu bằng “@”.")


def _check_changes(source: Source, own: Register, register: Register, plan: Plan) -> None:
    bodies = {*plan.agency, *(body.key for body in register.bodies)}
    rows = {*plan.task, *plan.indicator}
    ended: dict[str, int] = {}
    for nth, (entry, change) in enumerate(
        zip(_entries(source, "change"), own.changes, strict=True)
    ):
        _expect_all(entry, "of", "cơ quan", change.of, bodies)
        _expect_all(entry, "into", "cơ quan", change.into, bodies)
        _expect_all(entry, "tasks", "nhiệm vụ hoặc chỉ tiêu", change.tasks, rows)
        if bool(change.into) == (change.how in ("abolished", "unchanged")):
            entry.refuse(
                "into",
                "“merged”, “split”, “renamed” phải nêu cơ quan kế thừa (into); "
                "“abolished”, “unchanged” thì không.",
            )
        if change.tasks and change.how != "split":
            entry.refuse("tasks", "chỉ “split” mới chia từng nhiệm vụ (tasks).")
        for takers in change.tasks.values():
            _expect_all(entry, "tasks", "cơ quan trong into", takers, change.into)
        _check_basis(entry, change, plan)
        for key in change.of if change.how != "unchanged" else ():
            if key not in change.into and ended.setdefault(key, nth) != nth:
                entry.refuse("of", f"“{key}” đã thôi hoạt động ở một khối khác.")
            if _leads_back(register, key):
                entry.refuse("into", f"“{key}” trở lại chính mình qua các cơ quan kế thừa.")


def _check_basis(entry: Entry, change: Change, plan: Plan) -> None:
    if change.since < plan.date:
        entry.refuse("since", "ngày phải sau ngày ban hành kế hoạch, ví dụ 2025-07-01.")
    if not change.basis.strip() or BLANK in change.basis:
        entry.refuse("basis", "thay “…” bằng số, ngày của văn bản (mục basis).")
    if change.confidence != "stated" and not change.assumed:
        entry.refuse("confidence", "ghi điều cần xác nhận vào mục “assumed”.")


def _leads_back(register: Register, key: str) -> bool:
    seen, bodies = set(), [key]
    while bodies:
        body = bodies.pop()
        for change in register.fates.get(body, ()):
            for heir in change.into:
                if heir == key != body:
                    return True
                if heir not in seen:
                    seen.add(heir)
                    bodies.append(heir)
    return False


def _check_decisions(source: Source, own: Register, register: Register, plan: Plan) -> None:
    bodies = [
        *(key for key, agency in plan.agency.items() if agency.answers),
        *(body.key for body in register.bodies),
        *(group.key for group in register.groups),
    ]
    known = {body.name.casefold(): body.key for body in (*plan.agencies, *register.bodies)}
    for entry, decision in zip(_entries(source, "decision"), own.decisions, strict=True):
        entry.expect("task", "nhiệm vụ", decision.task, plan.task)
        for name in decision.answering:
            if name not in bodies and name.casefold() in known:
                entry.refuse("answering", f"ghi mã “{known[name.casefold()]}” thay cho “{name}”.")
        _expect_all(entry, "of", "cơ quan", decision.of, plan.agency)
        _expect_all(entry, "answering", "cơ quan", decision.answering, bodies)
        if decision.answering and (not decision.reason.strip() or BLANK in decision.reason):
            entry.refuse("reason", "ghi căn cứ giao trả lời (reason), ví dụ số, ngày của công văn.")
        for key in decision.answering:
            if not register.members(key):
                entry.refuse(
                    "answering",
                    f"nhóm “{key}” chưa có cơ quan nào. Hãy khai báo từng xã, phường bằng khối "
                    "[[agency]] ở trên.",
                )


def _check_collectors(source: Source, own: Register, register: Register, plan: Plan) -> None:
    bodies = {*plan.agency, *(body.key for body in register.bodies)}
    for entry, collector in zip(_entries(source, "collector"), own.collectors, strict=True):
        entry.expect("agency", "cơ quan", collector.agency, bodies)
