"""The outline of a yearly report: its parts, slots, limits and words, parsed from TOML.

Everything that an office may word differently stands there; what is counted stands in code.
"""

from __future__ import annotations

import tomllib
from typing import Any, Literal

import msgspec

from khreport.compose.sentences import Sentence
from khreport.compose.states import ALL_STATES
from khreport.parse.toml import Entry, Source

SLOT_MARK = "slot:"
CONTENTS = (
    "opening", "coverage", "overdue", "documents", "reporting", "indicators", "tasks", "comparison",
    "sections", "late", "shortcomings", "difficulties", "plans", "proposals", "closing",
)  # fmt: skip
"""What a part may hold besides slots: passages that are computed."""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stretch of the body: its heading, if it has one, and the contents below it in order.

    A content is one of CONTENTS, or "slot:" and the key of a slot.
    """

    level: Literal[1, 2, 3] = 1
    title: str = ""
    contents: tuple[str, ...] = ()


class Passage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A slot of the outline: its key in the editing workbook and what is to be written."""

    key: str
    prompt: str


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much the body tells before it points to an appendix: items, or words."""

    overdue: int
    agencies: int
    indicators: int
    indicator_rows: int
    results: int
    section_words: int
    section_table: int
    quote_words: int
    cause_words: int
    plan_words: int
    title_words: int
    task_words: int
    late: int
    appendix_agencies: int
    difficulties: int
    next_year: int
    proposals: int
    behind: int
    raised: int


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Short wordings, and patterns of names and titles."""

    overdue_title: str
    no_cause: str
    stuck_with: str
    because: str
    points: str
    points_long: str
    rank_steps: str
    rank_least: str
    per_cent: str
    no_date: str
    no_deadline: str
    open_deadline: str
    no_day: str
    milestone: str
    milestone_of: str
    tasks: str
    milestones: str
    lines_lead: str
    opinion_of: str
    other_milestones: str
    open_opinion: str
    late_done: str
    late_open: str
    in_time: str
    still_in_time: str
    late_days: str
    plan_change: str
    up: str
    down: str
    same: str
    other_scope: str
    no_scope: str
    scope_of: str
    scope_unsaid: str
    same_area: str
    apart: str
    apart_cell: str
    shown_below: str
    shown_outlook: str
    of_scope: str
    leading_measures: tuple[str, ...]
    raised_again: str
    raised_dropped: str
    raised_silent: str
    opinion_then: str
    dropped_title: str
    no_opinion_then: str
    other_tasks: str
    other_tasks_at: str
    more_agencies: str
    more_milestones: str
    other_agencies: str
    other_indicators: str
    dated: str
    recurrent: str
    target: str
    missing_agencies: str
    task_reference: str
    milestone_reference: str
    appendix: str
    plan_appendix: str
    no_addressee: str
    estimate: str
    disagree: str
    opinion_prompt: str
    section: str
    total: str
    results_title: str
    indicators_title: str
    proposals_title: str
    open_superior: str
    open_symbol: str
    own_recipients: tuple[str, ...]
    committee_signs: tuple[str, ...]
    head_signs: tuple[str, ...]


class Paces(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far it is to a target, by its basis ("year", else "span") and a state of `merge.pace`.

    exact to range word the target as its comparator bounds it, the rest what a total or an
    average is of. A wording that ends in "next" is for a single year left, "year_rank" for places.
    """

    exact: str
    at_least: str
    at_most: str
    about: str
    range: str
    total: str
    average: str
    summed: str
    averaged: str
    told_total: str
    told_average: str
    other_scope: str
    scope_unsaid: str
    year_rise: str
    year_rise_next: str
    year_fall: str
    year_fall_next: str
    year_rank: str
    year_reached: str
    year_short: str
    year_over: str
    year_above: str
    year_unknown: str
    span_rise: str
    span_rise_next: str
    span_cap: str
    span_cap_next: str
    span_reached: str
    span_short: str
    span_over: str
    span_above: str
    span_unknown: str
    span_missing: str


Two = tuple[str, str]
Five = tuple[str, str, str, str, str]
Six = tuple[str, str, str, str, str, str]
Seven = tuple[str, str, str, str, str, str, str]
Eight = tuple[str, str, str, str, str, str, str, str]
Ten = tuple[str, str, str, str, str, str, str, str, str, str]


class Tables(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The header rows of the tables; their columns are fixed, their wording is not."""

    overdue: Seven
    indicators: Eight
    indicators_final: Eight
    year_before: Two
    pace: str
    sections: Ten
    tasks: Seven
    targets: Six
    proposals: Six


class Charts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of the charts: titles, legends in the order of `SHOWN`, what is told instead."""

    title: str
    tasks: str
    indicators: str
    count: str
    dated: Five
    recurrent: Five
    tasks_alt: str
    section_alt: str
    indicators_alt: str


class Sentences(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sentence patterns: plain ones, and those whose wording a count chooses."""

    opening: str
    opening_final: str
    announcement: str
    changed_bodies: str
    charts: str
    by_appendix: str
    overdue_more: str
    overdue_unreported: str
    closing: str
    documents_by: str
    documents_unreported: str
    missing: str
    faulty: str
    late_agencies: str
    unassigned: str
    indicators_more: str
    indicators_listed: str
    without_figure: str
    section_result: str
    section_results: str
    section_partly: str
    section_edited: str
    sections_lead: str
    section_late: str
    section_late_item: str
    compared: str
    compared_dated: str
    compared_recurrent: str
    compared_targets: str
    change_up: str
    change_down: str
    change_none: str
    completed_late: str
    late_item: str
    late_unreported: str
    difficulties_unreported: str
    difficulty_group: str
    difficulty_item: str
    more_difficulties: str
    next_year_unreported: str
    next_year_lead: str
    next_year_more: str
    proposals_unreported: str
    proposals_more: str
    proposal_item: str
    change_item: str
    opinion: str
    behind_item: str
    behind_since: str
    behind_more: str
    behind_rest: str
    other_scopes: str
    off_target: str
    figures_apart: str
    raised_item: str
    raised_more: str
    raised_before: str
    coverage: Sentence
    overdue: Sentence
    overdue_milestones: Sentence
    overdue_table: Sentence
    due_unreported: Sentence
    documents: Sentence
    documents_plans: Sentence
    reporting: Sentence
    in_time: Sentence
    figures: Sentence
    reached: Sentence
    under_way: Sentence
    exceeded: Sentence
    scoped: Sentence
    outlook: Sentence
    compared_indicators: Sentence
    tasks: Sentence
    partly_answered: Sentence
    disagreeing: Sentence
    section_tasks: Sentence
    late: Sentence
    late_causes: Sentence
    shortcomings_indicators: Sentence
    shortcomings_overdue: Sentence
    shortcomings_recurrent: Sentence
    shortcomings_reports: Sentence
    difficulties: Sentence
    difficulties_targets: Sentence
    next_year: Sentence
    proposals: Sentence
    behind: Sentence
    still_late: Sentence
    raised: Sentence
    raised_answered: Sentence


class Outline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a report says and in which order, without its figures."""

    kind: str
    symbol: str
    subject: str
    part: tuple[Part, ...]
    slot: tuple[Passage, ...]
    limits: Limits
    states: dict[str, str]
    pace: Paces
    words: Words
    tables: Tables
    charts: Charts
    sentences: Sentences

    def prompt(self, key: str) -> str:
        """What is to be written in the slot."""
        return next(slot.prompt for slot in self.slot if slot.key == key)


def parse_outline(text: str, name: str, base: str = "") -> Outline:
    """The outline that a TOML text declares; `name` is the file's, for complaints.

    What the text leaves out is as in `base`, the text of another outline.

    Raises PlanError with file and line for what is missing, unknown or of another type, and
    for a part with contents that nobody writes.
    """
    source = Source(text, name)
    raw = _lay_over(tomllib.loads(base), source.content)
    for table, wanted in (
        ("limits", Limits),
        ("pace", Paces),
        ("words", Words),
        ("tables", Tables),
        ("charts", Charts),
        ("sentences", Sentences),
    ):
        Entry(source, "", 0, table).convert(raw.get(table, {}), wanted)
    outline = Entry(source, "", 0, "").convert(raw, Outline)
    states = Entry(source, "", 0, "states")
    for state in outline.states:
        states.expect(state, "trạng thái", state, ALL_STATES)
    for state in ALL_STATES:
        if state not in outline.states:
            states.refuse("states", f"thiếu trạng thái “{state}”.")
    known = [*CONTENTS, *(SLOT_MARK + slot.key for slot in outline.slot)]
    for nth, part in enumerate(outline.part):
        for content in part.contents:
            Entry(source, "part", nth, part.title).expect("contents", "nội dung", content, known)
    return outline


def _lay_over(base: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """The base with the content in its place; tables are joined, lists are not."""
    joined = dict(base)
    for key, value in content.items():
        under = base.get(key)
        tables = isinstance(value, dict) and isinstance(under, dict)
        joined[key] = _lay_over(under or {}, value) if tables else value
    return joined


def slots_of(outline: Outline) -> list[tuple[str, str]]:
    """Key and prompt of each passage that only the officer can write, in the report's order."""
    return [(slot.key, slot.prompt) for slot in outline.slot]
