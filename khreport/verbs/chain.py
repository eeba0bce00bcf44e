"""The chain of an agency's returns: a new one is brought together with the one before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from khreport.campaign import Campaign
from khreport.edges.ledger import Event
from khreport.edges.reader import Reader
from khreport.edges.store import verified_path
from khreport.errors import KhreportError
from khreport.frames import Submission
from khreport.messages import finding, quote
from khreport.read.branches import MOST_NAMED, Comparison, compare_branches, find_common_base
from khreport.read.changes import Change, list_changes
from khreport.read.taken import take_changes
from khreport.resource import Resource
from khreport.verbs.judge import Editions, read_return


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A return that came earlier: its file's name, and what it is the correction of."""

    file: str
    base: str


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What a return says otherwise than the one before it, `since`."""

    since: str
    cells: list[Change]


class Chain(Resource):
    """What came from each agency of a campaign, in its order, read again when it is needed.

    Use it in a `with` statement.
    """

    def __init__(self, campaign: Campaign, editions: Editions, events: Iterable[Event]) -> None:
        self._store = campaign.state / "store"
        self._editions = editions
        self._reader = Reader(editions.limits)
        self.changes: dict[str, Changes] = {}
        """What a return that was received changed since the one before it, by its id."""
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

    def close(self) -> None:
        """Nothing; what read the returns has ended."""
        self._reader.close()

    def _enter(self, agency: str, id: str, arrival: Arrival) -> None:  # noqa: A002 - as the field
        arrivals = self._arrivals.setdefault(agency, {})
        arrivals.pop(id, None)  # what is judged again is the latest now
        arrivals[id] = arrival

    def receive(self, submission: Submission) -> Submission:
        """The agency's latest return, beside those that came before it (`bring_together`)."""
        if not submission.readable:
            return submission
        arrival = Arrival(file=submission.file, base=submission.base)
        self._enter(submission.agency, submission.id, arrival)
        self._note_changes(submission)
        return self.bring_together(submission)

    def _note_changes(self, submission: Submission) -> None:
        arrivals, edition = self._arrivals[submission.agency], self._editions.present
        *_, latest, _ = ("", *arrivals)
        earlier = self._read(latest, arrivals[latest]) if latest else None
        if edition is not None and earlier is not None:
            cells = list_changes(edition, earlier, submission)
            self.changes[submission.id] = Changes(since=latest, cells=cells)

    def bring_together(self, submission: Submission) -> Submission:
        """A return with what it takes over from those that came before it, and what is asked.

        A correction that comes back says what it was made from: it has all that stood there.
        An original that was edited on has not, so what only the correction changed is taken.
        """
        arrivals = self._arrivals[submission.agency]
        came = list(arrivals)[: list(arrivals).index(submission.id) + 1]
        bases = {named: arrivals[named].base for named in came}
        first = len(came) - 1
        while first > 0 and self._may_take(bases, came, first):
            first -= 1
        stands: Submission | None = None
        for n, named in enumerate(came[first:], start=first):
            own = submission if named == submission.id else self._read(named, arrivals[named])
            if n > first and own is not None:
                until = {earlier: bases[earlier] for earlier in came[: n + 1]}
                own = self._hold_against(own, stands, came[n - 1], until)
            stands = own
        return stands or submission

    @staticmethod
    def _may_take(bases: Mapping[str, str], came: Sequence[str], n: int) -> bool:
        """Whether the return that came as the n-th depends on what the one before it took over."""
        last = n == len(came) - 1
        corrected = any(bases[named] for named in came[: n + 1])
        return bases[came[n]] != came[n - 1] and (last or corrected)

    def _hold_against(
        self, own: Submission, stands: Submission | None, latest: str, bases: Mapping[str, str]
    ) -> Submission:
        """A return beside the latest before it, which stands as it was brought together."""
        arrivals, edition = self._arrivals[own.agency], self._editions.present
        if edition is None or stands is None:
            named = quote(arrivals[latest].file, MOST_NAMED)
            told = [finding("file.not_compared", file=own.file, earlier=named)]
            return msgspec.structs.replace(own, findings=(*own.findings, *told))
        common = find_common_base(bases, own.id, latest)
        comparison = Comparison(
            edition=edition,
            newer=own,
            earlier=stands,
            # without it, too much is asked rather than too little
            base=self._read(common, arrivals[common]) if common else None,
            received=self._came[latest],
        )
        # an original that follows another lacks just what that one took over
        before = self._read(latest, arrivals[latest]) if stands.taken and not common else None
        since = msgspec.structs.replace(comparison, base=comparison.base or before)
        own = take_changes(since)
        asked = compare_branches(msgspec.structs.replace(comparison, newer=own))
        return msgspec.structs.replace(own, findings=(*own.findings, *asked))

    def _read(self, id: str, arrival: Arrival) -> Submission | None:  # noqa: A002 - as the field
        """What came, read again; None where its original was lost or cannot be read any more."""
        try:
            path = verified_path(self._store, id)
        except KhreportError:
            return None
        raw = self._reader.read(path)
        submission, _ = read_return(raw, self._editions, arrival.file, id)
        return submission if submission.readable else None
