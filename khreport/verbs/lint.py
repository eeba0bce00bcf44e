"""``khreport lint``: any Word document judged against the rules of official documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from khreport.edges.docx_read import read_document
from khreport.edges.shipped import shipped_path, shipped_text
from khreport.errors import KhreportError
from khreport.lint.judge import CHECKS, judge_document
from khreport.lint.verdict import Outcome
from khreport.parse.profile import parse_profile
from khreport.profile import Profile

_FOLDER = "templates/docx"
_RETIRED = "ten-cu.toml"


class Linted(msgspec.Struct, frozen=True, kw_only=True):
    """A document and what became of each rule of the profile."""

    path: Path
    profile: Profile
    outcomes: tuple[Outcome, ...]

    @property
    def clean(self) -> bool:
        """Whether no rule that makes errors is broken."""
        return not any(each.faults and each.rule.severity == "error" for each in self.outcomes)


def lint(path: Path, profile: str = "nd30") -> Linted:
    """What the rules of the profile say of the document at `path`.

    >>> import khreport
    >>> from khreport.testing import trial_campaign
    >>> with trial_campaign("stp") as campaign:
    ...     khreport.lint_document(khreport.letter(campaign, "cover").path).clean
    True

    Raises KhreportError where there is no such document or profile, or where it cannot be read.
    """
    rules = load_profile(profile)
    document = read_document(path)
    return Linted(path=path, profile=rules, outcomes=judge_document(document, rules))


def load_profile(key: str = "nd30") -> Profile:
    """The shipped profile of that key.

    >>> load_profile().basis
    'NĐ 30/2020'
    """
    name = f"{_FOLDER}/{key}.toml"
    if not key.isalnum() or not shipped_path(name).is_file():
        raise KhreportError(f"Không có bộ quy tắc “{key}”. Hiện có: nd30 (văn bản hành chính).")
    retired = shipped_text(f"{_FOLDER}/{_RETIRED}")
    return parse_profile(shipped_text(name), f"{key}.toml", retired, CHECKS)


def linted_as_json(linted: Linted) -> dict[str, Any]:
    """The result for other programs."""
    return {
        "file": str(linted.path),
        "profile": linted.profile.key,
        "basis": linted.profile.basis,
        "checked_on": linted.profile.checked_on,
        "clean": linted.clean,
        "rules": [
            {
                "id": each.rule.id,
                "title": each.rule.title,
                "state": each.state,
                "severity": each.rule.severity,
                "confidence": each.rule.confidence,
                "source": linted.profile.cite(each.rule),
                "expected": each.rule.expect,
                "findings": [
                    {
                        "place": fault.place,
                        "found": fault.found,
                        "expected": fault.expected or each.rule.expect,
                    }
                    for fault in each.faults
                ],
                "not_evaluated": each.reasons,
            }
            for each in linted.outcomes
        ],
    }
