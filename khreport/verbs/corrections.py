"""Corrections before they go out: each must be the one that was written for its return."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from khreport.campaign import Campaign
from khreport.edges.ledger import Event, Ledger
from khreport.edges.reader import Reader
from khreport.edges.store import move_file, verified_path
from khreport.errors import KhreportError
from khreport.raw import Limits
from khreport.read.identify import find_base, identify
from khreport.verbs.chain import Chain
from khreport.verbs.drafts import keep_aside
from khreport.verbs.judge import Editions, Returned, judge_files
from khreport.verbs.progress import be_silent
from khreport.verbs.standing import latest_checked


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """A correction as the ledger knows it: whose it is, of which return, and where."""

    agency: str
    submission: str
    path: Path


def sound_corrections(
    corrections: Iterable[Correction], limits: Limits
) -> Iterator[tuple[str, Path]]:
    """Each return, by id, whose correction still stands where it was written.

    What was copied over it may hold another agency's answers. What an officer added to the
    correction itself does not matter.
    """
    there = [each for each in corrections if each.path.is_file()]
    with Reader(limits) as reader:
        raws = reader.read_each(each.path for each in there)
        for each, raw in zip(there, raws, strict=True):
            token = identify(raw)
            if token and (token.agency, find_base(raw)) == (each.agency, each.submission):
                yield each.submission, each.path


def restore_corrections(campaign: Campaign) -> None:
    """Nothing; the correction of each latest return that is not answered stands as it was written.

    One that is gone is drawn again from the stored return; what was copied over it is kept
    beside it.
    """
    with Ledger(campaign.ledger) as ledger:
        events = ledger.events()
    replied = {event.submission for event in events if event.kind == "replied"}
    wanted = [
        Correction(agency=agency, submission=event.submission, path=campaign.folder / name)
        for agency, event in latest_checked(events).items()
        if event.detail["errors"] and event.submission not in replied
        if (name := event.detail.get("correction"))
    ]
    sound = dict(sound_corrections(wanted, campaign.settings.limits))
    lost = [each for each in wanted if each.submission not in sound]
    for each in lost:
        with suppress(KhreportError):
            _redraw(campaign, events, each)


def _redraw(campaign: Campaign, events: Sequence[Event], lost: Correction) -> None:
    place = verified_path(campaign.state / "store", lost.submission)
    judged = [
        n
        for n, event in enumerate(events)
        if event.kind == "checked" and event.submission == lost.submission
    ]
    name = events[judged[-1]].detail["file"]
    returned = Returned(path=place, place=place, name=name, id=lost.submission)
    editions = Editions(campaign)
    # it is asked about what came before it, as when it was judged
    with (
        Chain(campaign, editions, events[: judged[-1]]) as chain,
        TemporaryDirectory(dir=campaign.state) as folder,
    ):
        (checked,) = judge_files([returned], editions, Path(folder), be_silent, chain.receive)
        if checked.correction and checked.submission.agency == lost.agency:
            if lost.path.exists():
                keep_aside(lost.path)
            lost.path.parent.mkdir(parents=True, exist_ok=True)
            move_file(checked.correction, lost.path)
