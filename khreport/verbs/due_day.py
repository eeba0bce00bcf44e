"""The due day of a round: which days are worked, and which is the last in time."""

from __future__ import annotations

import datetime as dt

import msgspec

from khreport.campaign import Campaign
from khreport.edges.shipped import load_working_days
from khreport.edition import Edition
from khreport.workdays import WorkingDays, tell_due


def working_days(campaign: Campaign) -> WorkingDays:
    """The working days of a round: those of offices, with the days off of its own."""
    own = campaign.settings.reminders
    return msgspec.structs.replace(
        load_working_days(), days_off=own.days_off, days_worked=own.days_worked
    )


def last_day(campaign: Campaign, edition: Edition) -> dt.date:
    """The last day in time: the due day or, where that is not worked, the next that is."""
    return working_days(campaign).on_or_after(edition.period.due)


def due_words(campaign: Campaign, edition: Edition) -> str:
    """The due day as letters tell it, with the last day in time where that is another."""
    return tell_due(edition.period.due, last_day(campaign, edition))
