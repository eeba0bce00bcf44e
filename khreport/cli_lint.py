"""What ``khreport lint`` prints."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from khreport.findings import Severity
from khreport.profile import CONFIDENCES

if TYPE_CHECKING:
    from khreport.lint.verdict import Fault, Outcome
    from khreport.verbs.lint import Linted

_WORDS: dict[Severity, str] = {"error": "Phải sửa", "warning": "Cần xem lại", "note": "Để biết"}
_MOST_PLACES = 3


def print_linted(linted: Linted) -> None:
    """Print what is wrong rule by rule, then what was not evaluated and why, then the counts."""
    for severity, words in _WORDS.items():
        for outcome in linted.outcomes:
            if outcome.faults and outcome.rule.severity == severity:
                _print_outcome(outcome, words, linted.profile.cite(outcome.rule))
    unjudged = [each for each in linted.outcomes if each.state == "not_evaluated"]
    unjudged.sort(key=lambda each: each.reasons)
    if unjudged:
        print("Không xét được:")
    for reasons, group in groupby(unjudged, key=lambda each: each.reasons):
        names = ", ".join(each.rule.id for each in group)
        print(f"  {'; '.join(reasons)}: {names}")
    print(f"{linted.path.name}: {_count(linted)}.")


def _print_outcome(outcome: Outcome, words: str, source: str) -> None:
    rule = outcome.rule
    print(f"{words}: {rule.title} ({rule.id})")
    for (found, expected), group in groupby(
        sorted(outcome.faults, key=lambda fault: (fault.found, fault.expected or "")),
        key=lambda fault: (fault.found, fault.expected),
    ):
        print(f"  {_list_places(list(group))}: {found}.")
        if expected:
            print(f"    {expected}")
    print(f"  Quy định: {rule.expect} ({source}; {CONFIDENCES[rule.confidence]})")


def _list_places(faults: list[Fault]) -> str:
    named = "; ".join(str(fault.place) for fault in faults[:_MOST_PLACES])
    more = len(faults) - _MOST_PLACES
    return f"{named} và {more} chỗ khác" if more > 0 else named


def _count(linted: Linted) -> str:
    states = [each.state for each in linted.outcomes]
    broken = Counter(each.rule.severity for each in linted.outcomes if each.faults)
    told = [f"{broken[severity]} quy tắc {words.lower()}" for severity, words in _WORDS.items()]
    told += [f"{states.count('passed')} đạt", f"{states.count('not_evaluated')} không xét được"]
    return ", ".join(told)
