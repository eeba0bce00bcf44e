"""Profiles: what a document of one kind of body must look like, each rule with its source."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Literal

import msgspec

from khreport.document import Align
from khreport.findings import Severity

Confidence = Literal["P", "S", "R", "M", "I", "B"]

CONFIDENCES: dict[Confidence, str] = {
    "P": "theo chính văn bản quy định",
    "S": "theo nguồn chính thức khác",
    "R": "theo tài liệu dẫn lại, chưa đối chiếu bản gốc",
    "M": "đo trên mẫu của nghị định",
    "I": "cách hiểu khi quy định không nói rõ",
    "B": "thông lệ, không có quy định",
}
"""How sure a rule is, in words for people."""

WEIGHTS: dict[Confidence, Severity] = {
    "P": "error",
    "S": "error",
    "R": "warning",
    "M": "note",
    "I": "warning",
    "B": "warning",
}
"""The heaviest finding that a rule of this confidence may make."""


class LintRule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule for documents.

    `check` names what is looked at, `component` the part of a document that it is about;
    `size` (pt), `bold`, `italic`, `caps` and `align` are its look where the rule says one.
    `ranges` and `words` are what the check compares with, `expect` says it to people.
    `article` is one of `document`, or of the profile's basis where there is none.
    """

    id: str
    check: str
    title: str
    severity: Severity
    confidence: Confidence
    article: str
    expect: str
    document: str | None = None
    component: str | None = None
    size: tuple[float, float] | None = None
    bold: bool | None = None
    italic: bool | None = None
    caps: bool | None = None
    align: Align | None = None
    ranges: dict[str, tuple[float, float]] = {}
    words: tuple[str, ...] = ()


class Kind(msgspec.Struct, frozen=True):
    """A kind of document that has a name ("Báo cáo"), and how symbols abbreviate it."""

    name: str
    symbol: str


class Wording(msgspec.Struct, frozen=True):
    """A spelling that breaks the rule of that id, and the right one."""

    rule: str
    wrong: str
    right: str


class Retired(msgspec.Struct, frozen=True, kw_only=True):
    """Names that ended on a day; `unless` are what may stand behind one so that it is another."""

    names: tuple[str, ...]
    since: dt.date
    basis: str
    now: str = ""
    unless: tuple[str, ...] = ()


class Profile(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """All rules of one kind of body; `basis` was in force when it was `checked_on` that day."""

    key: str
    basis: str
    checked_on: dt.date
    rules: tuple[LintRule, ...]
    kinds: tuple[Kind, ...]
    wordings: tuple[Wording, ...]
    retired: tuple[Retired, ...]

    def cite(self, rule: LintRule) -> str:
        """Where the rule stands."""
        return ", ".join(filter(None, [rule.document or self.basis, rule.article]))

    @cached_property
    def symbols(self) -> dict[str, str]:
        """The symbol of each kind of document, by its name in capitals."""
        return {kind.name.upper(): kind.symbol for kind in self.kinds}
