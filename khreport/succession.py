"""What became of bodies: who answers today for those that a decision names."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec

from khreport.agencies import Agency, AgencyKind

Fate = Literal["merged", "split", "renamed", "abolished", "unchanged"]
Confidence = Literal["stated", "pattern"]


class Change(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """What became of the bodies `of` on the day `since`, and by what basis.

    The bodies `into` answer in their place. Of a split body `tasks` says who takes which row of
    the plan; a row that it does not name has nobody until an officer decides, unless the body is
    itself among `into`: then it stands on and keeps that row. "unchanged" confirms that a body
    stands as it did.

    confidence "stated": the basis says it of this province; "pattern": it follows the frame of
    the whole country, and `assumed` says what has to be confirmed here.
    """

    of: tuple[str, ...]
    how: Fate
    since: dt.date
    into: tuple[str, ...] = ()
    tasks: dict[str, tuple[str, ...]] = {}
    basis: str
    confidence: Confidence
    assumed: str = ""


class BodyGroup(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """All bodies of a kind that stood in one of the former provinces; its key begins with "@"."""

    key: str
    name: str
    kind: AgencyKind
    former_province: str


class Decision(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """Who answers a row whose body is gone without a successor, as an officer decided.

    `answering` are keys of bodies or groups of bodies; `of` narrows it to some of the bodies
    that the row lost, all of them when empty.
    """

    task: str
    answering: tuple[str, ...]
    reason: str
    of: tuple[str, ...] = ()


class Scope(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """Two areas that a figure may cover since the province itself changed.

    `before` and `after` name them; `indicators` are those whose figures changed with the area,
    each with what of it did ("dân số", "diện tích").
    """

    since: dt.date
    before: str
    after: str
    basis: str
    indicators: dict[str, str] = {}


class Collector(
    msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """Who collects the plan's reports since a day, with the symbol of its documents."""

    agency: str
    since: dt.date
    symbol: str
    assumed: str = ""


class Handover(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The record of who answers a row (`to`) for one body that the decision names (`of`).

    `to` is `of` itself where nothing changed, and empty while nobody answers. `decided` by an
    officer, else by the register. `through` are bodies that took over in between and handed it on.
    """

    task: str
    of: str
    to: tuple[str, ...]
    through: tuple[str, ...] = ()
    basis: str = ""
    assumed: str = ""
    decided: bool = False

    @property
    def changed(self) -> bool:
        """Whether anybody else answers than the decision says."""
        return self.to != (self.of,)


class Followed(NamedTuple):
    """Which bodies stand today for one, by which changes; `lost` if a part of it has nobody.

    `through` are bodies that took over in between and handed it on.
    """

    agencies: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    through: tuple[str, ...] = ()
    lost: bool = False


class Register(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Bodies that came later, and what became of those that the decision names."""

    bodies: tuple[Agency, ...] = ()
    groups: tuple[BodyGroup, ...] = ()
    changes: tuple[Change, ...] = ()
    decisions: tuple[Decision, ...] = ()
    collectors: tuple[Collector, ...] = ()
    scope: Scope | None = None

    @cached_property
    def fates(self) -> dict[str, tuple[Change, ...]]:
        """The changes of each body, the earliest first."""
        fates: dict[str, list[Change]] = {}
        for change in sorted(self.changes, key=lambda change: change.since):
            for key in change.of:
                fates.setdefault(key, []).append(change)
        return {key: tuple(changes) for key, changes in fates.items()}

    def end_of(self, key: str) -> Change | None:
        """The change by which a body ended; None if none is known."""
        return next(
            (c for c in self.fates.get(key, ()) if c.how != "unchanged" and key not in c.into), None
        )

    def follow(self, key: str, day: dt.date, row: str | None = None) -> Followed:
        """Who stands on a day for a body, and for one row of the plan where it was split.

        Without a row, all parts of a split body stand for it.

        >>> day = dt.date(2025, 7, 1)
        >>> merged = Change(
        ...     of=("a", "b"), how="merged", since=day, into=("c",), basis="", confidence="stated"
        ... )
        >>> Register(changes=(merged,)).follow("a", day).agencies
        ('c',)
        >>> Register(changes=(merged,)).follow("a", day - dt.timedelta(days=1)).agencies
        ('a',)
        """
        return self._follow(key, day, row, dt.date.min, 0)

    def _follow(
        self, key: str, day: dt.date, row: str | None, held_since: dt.date, settled: int
    ) -> Followed:
        """The same for what the body holds since a day, its first `settled` changes left aside."""
        changes = self.fates.get(key, ())[settled:]
        for nth, change in enumerate(changes, settled + 1):
            heirs = _heirs(key, change, row)
            # what came to a body later was not among the work that it gave away
            given_before = key in change.into and change.since < held_since
            if change.since > day or heirs == (key,) or given_before:
                continue
            further = [
                self._follow(heir, day, row, change.since, nth if heir == key else 0)
                for heir in heirs
            ]
            passed = [
                agency
                for heir, each in zip(heirs, further, strict=True)
                for agency in (heir, *each.through)
                if agency not in (key, *each.agencies)
            ]
            return Followed(
                tuple(dict.fromkeys(agency for each in further for agency in each.agencies)),
                (change, *(change for each in further for change in each.changes)),
                tuple(dict.fromkeys(passed)),
                lost=not heirs or any(each.lost for each in further),
            )
        return Followed((key,))

    def with_own(self, own: Register) -> Register:
        """The register with an officer's own entries in place of those on the same bodies."""
        settled = {key for change in own.changes for key in change.of}
        kept = (
            msgspec.structs.replace(change, of=of)
            for change in self.changes
            if (of := tuple(key for key in change.of if key not in settled))
        )
        bodies = {body.key: body for body in (*self.bodies, *own.bodies)}
        groups = {group.key: group for group in (*self.groups, *own.groups)}
        return Register(
            bodies=tuple(bodies.values()),
            groups=tuple(groups.values()),
            changes=(*kept, *own.changes),
            decisions=(*self.decisions, *own.decisions),
            collectors=own.collectors or self.collectors,
            scope=own.scope or self.scope,
        )

    def collector_on(self, day: dt.date) -> Collector | None:
        """Who collects on a day; None where the plan's own body always did."""
        begun = [each for each in self.collectors if each.since <= day]
        return max(begun, key=lambda each: each.since, default=None)

    def members(self, key: str, day: dt.date | None = None) -> tuple[str, ...]:
        """The bodies that a key of a body or of a group stands for; of a group, those of a day."""
        group = next((group for group in self.groups if group.key == key), None)
        if group is None:
            return (key,)
        return tuple(
            body.key
            for body in self.bodies
            if (body.kind, body.former_province) == (group.kind, group.former_province)
            and (day is None or self._stands(body, day))
        )

    def _stands(self, body: Agency, day: dt.date) -> bool:
        begun = body.valid_from is None or body.valid_from <= day
        over = body.valid_to is not None and body.valid_to < day
        end = self.end_of(body.key)
        return begun and not over and (end is None or end.since > day)


def _heirs(key: str, change: Change, row: str | None) -> tuple[str, ...]:
    stays = (key,) if change.how == "unchanged" or key in change.into else ()
    if change.how == "split" and row is not None:
        return change.tasks.get(row, stays)
    return stays or change.into
