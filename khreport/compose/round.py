"""What any pattern of a report or a letter may name: the plan, the office, the days of a round."""

from __future__ import annotations

from khreport.campaign import Office
from khreport.dates import format_date
from khreport.edition import Edition
from khreport.period_words import words_of
from khreport.periods import read_key
from khreport.text import join_and


def name_period(edition: Edition) -> dict[str, str]:
    """What texts call the period of a round, and it together with the one before it."""
    previous = edition.previous.period if edition.previous else ""
    return words_of(read_key(edition.period.key), read_key(previous) if previous else None)


def name_round(edition: Edition, office: Office, estimate: str) -> dict[str, str]:
    """The names, with `estimate` where the year is not over when figures are closed."""
    plan, period = edition.plan, edition.period
    return {
        "number": plan.number,
        "decided": format_date(plan.date),
        "plan_issuer": plan.issuer,
        "plan": plan.short_title,
        "plan_title": plan.title,
        "office": " ".join(office.issuer.split()),
        "addressees": join_and(office.addressees),
        "year": str(period.year),
        "start": format_date(period.start),
        "closing": format_date(period.closing),
        "due": format_date(period.due),
        "estimate": estimate if period.closing < period.end else "",
    }
