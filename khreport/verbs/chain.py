"""The chain of an agency's returns: a new one is held against the one before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from types import TracebackType
from typing import Self

import msgspec

from khreport.campaign import Campaign
from khreport.edges.ledger import Event
from khreport.edges.reader import Reader
from khreport.edges.store import verified_path
from khreport.errors import KhreportError
from khreport.findings import Finding
from khreport.frames import Submission
from khreport.messages import finding, quote
from khreport.read.branches import MOST_NAMED, Comparison, compare_branches, find_common_base
from khreport.verbs.judge import Editions, read_return


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A return that came earlier: its file's name, and what it is the correction of."""

    file: str
    base: str


class Chain:
    """What came from each agency of a campaign, in its order, read again when it is needed.

    Use it in a `with` statement.
    """

    def __init__(self, campaign: Campaign, editions: Editions, events: Iterable[Event]) -> None:
        self._store = campaign.state / "store"
        self._editions = editions
        self._reader = Reader(editions.limits)
        self._came: dict[str, dt.date] = {}
        self._arrivals: dict[str, dict[str, Arrival]] = {}
        for event in events:
            if event.kind == "received":
                came = dt.datetime.fromisoformat(event.detail["came"])
                self._came[event.submission] = came.date()
            elif event.kind == "checked" and event.agency:
                detail = event.detail
                self._enter(
                    event.agency,
                    event.submission,
                    Arrival(file=detail["file"], base=detail.get("base", "")),
                )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reader.close()

    def _enter(self, agency: str, id: str, arrival: Arrival) -> None:  # noqa: A002 - as the field
        self._arrivals.setdefault(agency, {})[id] = arrival

    def compare(self, submission: Submission) -> list[Finding]:
        """Where the agency's latest return says otherwise; this one is its latest then.

        A correction that comes back says what it was made from, so nothing is asked about it.
        """
        if not submission.readable:
            return []
        arrivals = self._arrivals.get(submission.agency, {})
        latest = next(reversed(arrivals), "")
        arrival = Arrival(file=submission.file, base=submission.base)
        self._enter(submission.agency, submission.id, arrival)
        if not latest or submission.base == latest:
            return []
        bases = {named: came.base for named, came in arrivals.items()}
        common = find_common_base(bases, submission.id, latest)
        earlier = self._read(latest, arrivals[latest])
        edition = self._editions.present
        if edition is None or earlier is None:
            named = quote(arrivals[latest].file, MOST_NAMED)
            return [finding("file.not_compared", file=submission.file, earlier=named)]
        comparison = Comparison(
            edition=edition,
            newer=submission,
            earlier=earlier,
            # without it, too much is asked rather than too little
            base=self._read(common, arrivals[common]) if common else None,
            received=self._came[latest],
        )
        return compare_branches(comparison)

    def _read(self, id: str, arrival: Arrival) -> Submission | None:  # noqa: A002 - as the field
        """What came, read again; None where its original was lost or cannot be read any more."""
        try:
            path = verified_path(self._store, id)
        except KhreportError:
            return None
        raw = self._reader.read(path)
        submission, _ = read_return(raw, self._editions, arrival.file, id)
        return submission if submission.readable else None
