"""``khreport collect``: what came back, by hand or by mail, gathered and taken in."""

from __future__ import annotations

from collections import Counter

import msgspec

from khreport.campaign import Campaign
from khreport.edges.folder import newest_edition
from khreport.findings import Finding, any_block
from khreport.verbs.corrections import restore_corrections
from khreport.verbs.fetch import fetch
from khreport.verbs.judge import Checked
from khreport.verbs.progress import Progress, be_silent
from khreport.verbs.standing import Standing, read_standing
from khreport.verbs.take_in import TakenIn, campaign_turn, take_in_alone


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """What came: `fetched` letters from the mailbox, and what was taken in of them and the inbox.

    `notes` are for the officer alone. `fault` says why the mailbox was not read to its end.
    """

    taken: TakenIn
    standing: Standing
    fetched: int = 0
    notes: tuple[Finding, ...] = ()
    fault: str = ""

    @property
    def files(self) -> tuple[Checked, ...]:
        """The files that came, and what they were judged to be."""
        return self.taken.files

    @property
    def letters(self) -> dict[str, int]:
        """How many letters and archives were opened, by what they were."""
        return dict(Counter(each.opened.what for each in self.taken.opened))

    @property
    def clean(self) -> bool:
        """Whether every file can be accepted, and nothing else is left to do."""
        left = (self.fault, self.taken.waiting, self.taken.bounced, any_block(self.notes))
        return not any(left) and all(file.accepted for file in self.files)


def collect(campaign: Campaign, *, progress: Progress = be_silent) -> Collected:
    """Take the letters from the mailbox, if one is set, then all that is new there and in inbox/.

    Nothing is deleted or changed in inbox/ and in the mailbox, whose letters are marked. Run
    again, it goes on where it was stopped. Corrections that are still to go out and were lost
    are written again.

    >>> import khreport
    >>> from khreport.testing import make_return, trial_campaign
    >>> with trial_campaign("snv") as campaign:
    ...     path = make_return(campaign, "snv")
    ...     collected = khreport.collect(campaign)
    >>> collected.clean, collected.standing.accepted
    (True, ('Sở Nội vụ',))

    Raises:
        CampaignError: there are no templates yet, so that nothing can be read.
        KhreportError: another process is taking in at this moment.

    """
    newest_edition(campaign)
    with campaign_turn(campaign):
        fetched = fetch(campaign, progress)
        taken = take_in_alone(campaign, progress=progress)
        restore_corrections(campaign)
    return Collected(
        taken=taken,
        standing=read_standing(campaign),
        fetched=fetched.count,
        notes=(*fetched.refused, *taken.notes),
        fault=fetched.fault,
    )
