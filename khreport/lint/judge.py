"""A document judged: every rule of a profile is passed, broken somewhere, or not evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from khreport.document import Document, walk_paragraphs
from khreport.errors import KhreportError
from khreport.lint import (
    appendix,
    body,
    drawn,
    ending,
    figures,
    head,
    headings,
    look,
    names,
    page,
    words,
)
from khreport.lint.anatomy import Anatomy, take_apart
from khreport.lint.verdict import Fault, Outcome, Unjudged, Verdict
from khreport.profile import LintRule, Profile
from khreport.text import fold

Check = Callable[[Anatomy, LintRule], Iterator[Verdict]]

_MODULES = (page, look, head, drawn, headings, body, ending, appendix, words, names, figures)

# these look at letters, at running text, or at neither
_OF_PAGES = ("paper", "orientation", "margins", "header_distance")
_OF_TEXT = (headings, body, words, names, figures)

_PARTY = fold("ĐẢNG CỘNG SẢN VIỆT NAM")

CHECKS: dict[str, Check] = {
    name.removeprefix("check_"): check
    for module in _MODULES
    for name, check in vars(module).items()
    if name.startswith("check_")
}
"""What rules may look at, by the name that they call it."""


def judge_document(document: Document, profile: Profile) -> tuple[Outcome, ...]:
    """The outcome of each rule, in the order of the profile.

    Raises KhreportError where another profile is needed: the Party's documents have their own.
    """
    seen = take_apart(document, profile)
    if any(line.key == _PARTY for line in seen.head.issuers):
        raise KhreportError(
            f"Đây là văn bản của Đảng, không theo {profile.basis}; chưa có bộ quy tắc cho văn bản "
            "này. Hãy đối chiếu hướng dẫn của Văn phòng Trung ương Đảng."
        )
    return tuple(_judge(seen, rule) for rule in profile.rules)


def _judge(seen: Anatomy, rule: LintRule) -> Outcome:
    verdicts = list(dict.fromkeys(CHECKS[rule.check](seen, rule)))
    if not verdicts and not _has_what_is_judged(seen, rule.check):
        verdicts.append(Unjudged("không có chữ để xét"))
    return Outcome(
        rule=rule,
        faults=tuple(each for each in verdicts if isinstance(each, Fault)),
        reasons=tuple(each.reason for each in verdicts if isinstance(each, Unjudged)),
    )


def _has_what_is_judged(seen: Anatomy, check: str) -> bool:
    """Whether there is any text of those that a check looks at."""
    if check in _OF_PAGES:
        return True
    if any(CHECKS[check].__module__ == module.__name__ for module in _OF_TEXT):
        return any(True for _ in seen.texts)
    return any(each.text.strip() for each in walk_paragraphs(seen.document.blocks))
