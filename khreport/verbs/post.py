"""What is known of each letter of a round, and what is to become of it: the desk it lies on."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from khreport.campaign import Campaign
from khreport.edges.ledger import EventKind, Ledger, now, user
from khreport.edges.mail import compose
from khreport.edges.store import write_atomically
from khreport.letters import Message
from khreport.verbs.drafts import Dropped, digest_of, keep_aside, written_drafts
from khreport.verbs.posted import Posted, fold_addresses, follow

CUT_OFF = "lần gửi này bị ngắt giữa chừng, chưa rõ thư đã tới hay chưa"
DRAFTED = "đã ghi thư nháp, chưa rõ đã gửi hay chưa"
DRAFT_THERE = "đã có nháp từ trước"
DRAFT_EDITED = "nháp từ trước đã được sửa tay, giữ nguyên"

State = Literal["sent", "drafted", "before", "refused", "unsure", "waiting"]
"""What became of a letter: sent or drafted just now; sent before; refused, so that the next run
tries again; drafted or begun before, and nobody knows whether it went; not its turn yet."""

WENT = ("sent", "before", "drafted", "waiting")
"""The states after which nothing is left to do for a letter."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one letter, when, and where its draft is.

    `refused` gives the server's words by address, also where it took the letter for others;
    `reason` says in words what else there is to know. `went_to` are the addresses of a letter
    sent before, `asked_again` tells that the caller wished it repeated, and `dropped` is a draft
    that was taken away as the letter went.
    """

    message: Message
    message_id: str
    state: State
    at: dt.datetime | None = None
    refused: dict[str, str] = {}
    reason: str = ""
    draft: Path | None = None
    went_to: tuple[str, ...] = ()
    asked_again: bool = False
    dropped: Dropped | None = None

    @property
    def missed_all(self) -> bool:
        """Whether servers refused it for all its main addresses."""
        refused = fold_addresses(self.refused)
        return fold_addresses(address.email for address in self.message.to) <= refused


class Post:
    """A campaign's letters by what the ledger says of them, and by what the caller wishes."""

    def __init__(  # noqa: PLR0913 - each is a wish of the caller
        self,
        campaign: Campaign,
        ledger: Ledger,
        again: Collection[str],
        doubtful: Mapping[str, str],
        put_off: Mapping[str, str],
        *,
        unsure: bool,
    ) -> None:
        self.campaign, self.ledger, self.again, self.unsure = campaign, ledger, again, unsure
        self.doubtful, self.put_off = doubtful, put_off
        self.by_server = bool(campaign.settings.smtp.host)
        self._begun_at = max((event.id for event in ledger.events()), default=0)
        # the same plan and period may be tried in another folder first
        begun = next((event.at.isoformat() for event in ledger.events("prepared")), "")
        self._named = f"{campaign.settings.plan}:{campaign.settings.period}:{begun}"
        address = campaign.settings.smtp.address or "@khreport.invalid"
        self._domain = address.partition("@")[2]

    def plan(self, message: Message) -> Outcome:
        """The letter before anything is done, under an id that is the same whenever it is made.

        A copy of one that is known to have gone has an id of its own: servers drop a letter that
        comes twice, which is right of one that was cut off, and wrong of one that is wished again.
        """
        posted = self._posted(message)
        *older, latest = posted.ids("drafted") or ("",)
        gone = {*posted.ids("sent"), *older}
        if message.agency in self.again and not self._draft_path(message).is_file():
            gone |= {latest} - {""}
        of = f"{self._named}:{message.agency}:{message.kind}:{message.about}"
        of += f":{len(gone)}" if gone else ""
        name = hashlib.sha256(of.encode()).hexdigest()[:32]
        return Outcome(
            message=message,
            message_id=f"<{message.kind}.{name}@{self._domain}>",
            state="waiting",
            asked_again=message.agency in self.again,
        )

    def _posted(self, message: Message) -> Posted:
        """How the letter went until now."""
        which = (message.kind, message.about)
        return follow(
            event
            for event in self.ledger.events(agency=message.agency)
            if (event.detail.get("letter"), event.detail.get("about")) == which
        )

    def held_back(self, message: Message) -> Outcome | None:
        """Why the letter is not to go; None if it is."""
        posted = self._posted(message)
        # what another process enters while we run, the caller did not know of when wishing
        known = all(event.id <= self._begun_at for event in posted.events)
        if known and message.agency in self.again:
            return None
        latest = posted.ids("drafted", "sending", "sent")[-1:]
        held = msgspec.structs.replace(
            self.plan(message), **({"message_id": latest[0]} if latest else {})
        )
        if not posted.events:
            return self._held_new(held)
        last = posted.events[-1]
        if posted.sent and last.kind in ("sent", "refused"):
            return _held_sent(held, posted)
        if last.kind == "refused" or (known and self.unsure):
            return None
        reason = CUT_OFF
        if last.kind == "drafted":
            # until it is taken away, a draft follows the contact list and the text
            if not self.by_server and self._draft_path(message).is_file():
                return None
            reason = DRAFTED
        return msgspec.structs.replace(held, state="unsure", at=last.at, reason=reason)

    def _held_new(self, held: Outcome) -> Outcome | None:
        """Why a letter that was never begun is not to go."""
        agency = held.message.agency
        if agency in self.put_off:
            return msgspec.structs.replace(held, reason=self.put_off[agency])
        if agency in self.doubtful and self.by_server and not self.unsure:
            return msgspec.structs.replace(held, state="unsure", reason=self.doubtful[agency])
        return None

    def recipients(self, message: Message) -> tuple[str, ...]:
        """The addresses that the letter goes to: not those that took it, unless that is wished."""
        took = frozenset[str]() if message.agency in self.again else self._posted(message).took
        rest = tuple(a for a in message.recipients if a.casefold() not in took)
        return rest or message.recipients

    def foresee(self, message: Message) -> Outcome:
        """What would become of the letter."""
        draft = None if self.by_server else self._draft_path(message)
        return self.held_back(message) or msgspec.structs.replace(self.plan(message), draft=draft)

    def draft(self, message: Message) -> Outcome:
        """What became of the letter, which is kept as a file unless it is held back."""
        held = self.held_back(message)
        if held:
            return held
        path = self._draft_path(message)
        drafted = msgspec.structs.replace(self.plan(message), state="drafted", at=now(), draft=path)
        data = compose(message, drafted.message_id)
        there = digest_of(path.read_bytes()) if path.is_file() else ""
        digest = digest_of(data)
        written = written_drafts(self.ledger, message.agency, message.file)
        if digest == there:
            if digest not in written:  # stopped before it was entered
                self.enter("drafted", drafted, file=path.name, digest=digest)
            return msgspec.structs.replace(drafted, reason=DRAFT_THERE)
        edited = bool(there) and there not in written
        if edited and written[-1:] == [digest] and message.agency not in self.again:
            return msgspec.structs.replace(drafted, reason=DRAFT_EDITED)
        reason = f"bản nháp đã sửa tay được giữ ở {keep_aside(path).name}" if edited else ""
        write_atomically(path, data)
        self.enter("drafted", drafted, file=path.name, digest=digest)
        return msgspec.structs.replace(drafted, reason=reason)

    def _draft_path(self, message: Message) -> Path:
        return self.campaign.drafts / message.file

    def begin(self, outcome: Outcome) -> Outcome | None:
        """None, and the ledger holds that the letter is about to go; or why it is not to."""
        with self.ledger.together():
            # another process may have begun it since we looked
            held = self.held_back(outcome.message)
            if held is None:
                self.enter("sending", outcome, to=self.recipients(outcome.message))
        return held

    def enter(self, kind: EventKind, outcome: Outcome, **more: object) -> dt.datetime:
        """When the event was entered."""
        at, message = now(), outcome.message
        detail = {
            "letter": message.kind,
            "about": message.about,
            "message_id": outcome.message_id,
            "to": message.recipients,
            "cc": [address.email for address in message.cc],
            **more,
        }
        self.ledger.append(kind, message.agency, "", detail, at, user())
        return at


def _held_sent(held: Outcome, posted: Posted) -> Outcome | None:
    """That a letter went before, unless it is lost and there is another address to try."""
    to = fold_addresses(address.email for address in held.message.to)
    # one that bounced waits for another address; a server may have refused for a while
    if posted.is_lost and not (to & posted.took or to <= posted.bounced):
        return None
    went_to = dict.fromkeys(a for event in posted.sent for a in event.detail["to"])
    return msgspec.structs.replace(
        held,
        state="before",
        at=posted.sent[-1].at,
        refused=posted.refused_of(held.message.recipients),
        went_to=tuple(went_to),
    )
