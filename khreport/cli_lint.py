"""What ``khreport lint`` prints."""

from __future__ import annotations

import argparse
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from khreport.findings import Severity
    from khreport.lint.verdict import Fault, Outcome
    from khreport.verbs.lint import Linted

_WORDS: dict[Severity, str] = {"error": "Phải sửa", "warning": "Cần xem lại", "note": "Để biết"}
_MOST_PLACES = 3


def add_lint(lint: argparse.ArgumentParser) -> None:
    """The parser takes what ``khreport lint`` takes."""
    lint.add_argument("file", metavar="TỆP", type=Path, help="văn bản .docx bất kỳ")
    lint.add_argument(
        "--profile", default="nd30", metavar="BỘ", help="bộ quy tắc (mặc định nd30: NĐ 30/2020)"
    )
    lint.add_argument(
        "--unjudged", action="store_true", help="kê cả từng quy tắc không xét được và lý do"
    )


def print_linted(linted: Linted, *, unjudged: bool = False) -> None:
    """Print what is wrong rule by rule, then how much was not evaluated, then the counts.

    With `unjudged` each rule that was not evaluated is named with the reason.
    """
    for severity, words in _WORDS.items():
        for outcome in linted.outcomes:
            if outcome.faults and outcome.rule.severity == severity:
                _print_outcome(outcome, words, linted.profile.cite(outcome.rule))
    left = [each for each in linted.outcomes if each.state == "not_evaluated"]
    if unjudged:
        _print_unjudged(left)
    elif left:
        print(
            f"Không xét được {len(left)} quy tắc: văn bản không có, hoặc không nhận ra được phần "
            "cần xét. Xem từng lý do: thêm --unjudged"
        )
    print(f"{linted.path.name}: {_count(linted)}.")


def _print_unjudged(outcomes: list[Outcome]) -> None:
    if outcomes:
        print("Không xét được:")
    outcomes.sort(key=lambda each: each.reasons)
    for reasons, group in groupby(outcomes, key=lambda each: each.reasons):
        names = ", ".join(each.rule.id for each in group)
        print(f"  {'; '.join(reasons)}: {names}")


def _print_outcome(outcome: Outcome, words: str, source: str) -> None:
    from khreport.profile import CONFIDENCES

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
