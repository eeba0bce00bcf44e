"""What each form of a return came to, counted once, so that a status reads the ledger alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from khreport.columns import SECRET
from khreport.edition import Edition
from khreport.findings import Finding
from khreport.forms import Form
from khreport.frames import Submission, held_columns

Tally = dict[str, int]
"""How many rows of a form were asked and answered, and answered as secret; its errors."""


def tally_forms(
    edition: Edition, submission: Submission, findings: Iterable[Finding]
) -> dict[str, Tally]:
    """The tally of each form of a return that could be read, by the form's key."""
    errors = Counter(finding.form for finding in findings if finding.blocks)
    held = dict(held_columns(submission.answers))
    tallies = {}
    for form in edition.forms:
        columns = held.get(form.key, {})
        answers = [columns[c.key] for c in form.answers if c.key in columns]
        kinds = columns.get("kind", ())
        # a blank project line is an offer, no question
        counted = [n for n, kind in enumerate(kinds) if kind != "line"]
        tallies[form.key] = {
            "asked": count_asked(edition, submission.agency, form),
            "answered": sum(any(a[n] is not None for a in answers) for n in counted),
            "secret": sum(any(a[n] == SECRET for a in answers) for n in range(len(kinds))),
            "errors": errors[form.key],
        }
    return tallies


def count_asked(edition: Edition, agency: str, form: Form) -> int:
    """How many rows of a form an agency must answer; 0 where the form leaves it open."""
    return sum(q.form == form.key and q.kind != "line" for q in edition.asked.get(agency, ()))
