"""What a lost ledger and its journal tell together: one history, whole in each verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from khreport.edges.ledger import Event


class History(msgspec.Struct, frozen=True, kw_only=True):
    """The events that ledger and journal tell, in order.

    `gapless` says that none is missing in between, `diverged` that two machines entered events
    at the same time, neither knowing of the other's.
    """

    events: list[Event]
    gapless: bool
    diverged: bool


def is_of_round(events: Iterable[Event], digests: Collection[str]) -> bool:
    """Whether events can be of the round that sent these editions."""
    sent = [event.detail["digest"] for event in events if event.kind == "prepared"]
    return not sent or any(digest in digests for digest in sent)


def have_common(one: Iterable[Event], other: Iterable[Event]) -> bool:
    """Whether two histories share an event, as those of one round do."""
    return not set(map(_key, one)).isdisjoint(map(_key, other))


def merge_histories(ledger: Iterable[Event], journal: Iterable[Event]) -> History:
    """The events that either tells: in the order of entry, where they diverged by time."""
    ledger, journal = list(ledger), list(journal)
    by_id = {event.id: _key(event) for event in ledger}
    apart = [e.id for e in journal if by_id.get(e.id, _key(e)) != _key(e)]
    since = min(apart, default=None)
    known = {_key(event): event for event in (*ledger, *journal)}

    def place(event: Event) -> tuple[object, ...]:
        if since is None or event.id < since:
            return (0, event.id)
        return (1, event.at, event.id)

    events = sorted(known.values(), key=place)
    gapless = {event.id for event in events} == set(range(1, len(events) + 1))
    return History(events=events, gapless=gapless, diverged=since is not None)


def _key(event: Event) -> tuple[object, ...]:
    """What tells an event; one that was rebuilt before may count otherwise."""
    return (event.at, event.kind, event.agency, event.submission, repr(event.detail), event.who)


def drop_half_verdicts(events: Sequence[Event]) -> list[Event]:
    """The events without verdicts of which a part is lost: such a return is judged anew."""
    received = {event.submission for event in events if event.kind == "received"}
    open_yet: set[str] = set()
    half: set[str] = set()
    for event in events:
        id = event.submission  # noqa: A001 - as the field
        if event.kind == "checked":
            if id in open_yet or id not in received:
                half.add(id)
            if not event.detail.get("older"):
                open_yet.add(id)
        elif event.kind in ("accepted", "rejected"):
            if id not in open_yet:
                half.add(id)
            open_yet.discard(id)
    half |= open_yet
    verdict = ("checked", "accepted", "rejected")
    return [event for event in events if event.kind not in verdict or event.submission not in half]


def stand_by_day(events: Sequence[Event]) -> Iterator[tuple[Event, Event]]:
    """Each accepted return that came last, and the older one that was entered after it."""
    came = {
        event.submission: dt.datetime.fromisoformat(event.detail["came"])
        for event in events
        if event.kind == "received"
    }
    of_agency: dict[str, list[Event]] = {}
    for event in events:
        if event.kind == "accepted" and event.submission in came:
            of_agency.setdefault(event.agency, []).append(event)
    for *_, last in of_agency.values():
        newest = max(of_agency[last.agency], key=lambda event: came[event.submission])
        # what was made from the other is newer, whatever its day says
        if came[newest.submission] > came[last.submission] and (
            last.detail.get("base") != newest.submission
        ):
            yield newest, last
