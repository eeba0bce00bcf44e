"""Letters on their way: sent at a stated rate or kept as drafts, none of them twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Literal

import msgspec

from khreport.campaign import Campaign
from khreport.edges.ledger import EventKind, Ledger, now, user
from khreport.edges.mail import compose
from khreport.edges.smtp import Mailer, Receipt
from khreport.edges.store import write_atomically
from khreport.errors import MailError
from khreport.letters import Message
from khreport.verbs.drafts import digest_of, drop_draft, keep_aside, written_drafts
from khreport.verbs.progress import Progress, be_silent

PASSWORD = "KHREPORT_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
MAIL_EVENTS = ("drafted", "sending", "sent", "refused")
CUT_OFF = "lần gửi này bị ngắt giữa chừng, chưa rõ thư đã tới hay chưa"
DRAFTED = "đã ghi thư nháp, chưa rõ đã gửi hay chưa"
DRAFT_THERE = "đã có nháp từ trước"
DRAFT_EDITED = "nháp từ trước đã được sửa tay, giữ nguyên"
STOPPED = "Đã dừng gửi"

State = Literal["sent", "drafted", "before", "refused", "unsure", "waiting"]
"""What became of a letter: sent or drafted just now; sent before; refused, so that the next run
tries again; drafted or begun before, and nobody knows whether it went; not its turn yet."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one letter, when, and where its draft is.

    `refused` gives the server's words by address, also where it took the letter for others;
    `reason` says in words what else there is to know. `went_to` are the addresses of a letter
    sent before, `asked_again` tells that the caller wished it repeated, and `dropped` names a
    draft that was taken away as the letter went.
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
    dropped: str = ""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of each letter; `fault` says why it was stopped before the last, if it was."""

    outcomes: tuple[Outcome, ...]
    fault: str = ""


def deliver(  # noqa: PLR0913 - each is a wish of the caller
    campaign: Campaign,
    messages: Sequence[Message],
    *,
    again: Collection[str] = (),
    doubtful: Mapping[str, str] = {},
    unsure: bool = False,
    dry_run: bool = False,
    progress: Progress = be_silent,
    wait: Callable[[float], None] = sleep,
) -> Delivery:
    """Send the letters or, without a server, write them as drafts.

    The ledger holds each intent before, and each result after. A letter that was sent is not
    sent again, unless its agency is in `again`; nor is one of which nobody knows whether it
    went, unless `unsure` asks for it, nor by a server one to an agency that is `doubtful` for
    the reason given. Run again, it goes on where it was stopped.

    Raises:
        MailError: the server cannot be used, and no letter was given to it.
        KhreportError: the ledger or a draft cannot be written.

    """
    with Ledger(campaign.ledger) as ledger:
        post = _Post(campaign, ledger, again, doubtful, unsure=unsure)
        if dry_run:
            return Delivery(outcomes=tuple(map(post.foresee, messages)))
        if not post.by_server:
            outcomes = []
            for done, message in enumerate(messages, 1):
                outcomes.append(post.draft(message))
                progress(done, len(messages), message.agency)
            return Delivery(outcomes=tuple(outcomes))
        with _open_mailer(campaign) as mailer:
            return _send_all(post, mailer, messages, progress, wait)


class _Post:
    """A campaign's letters by what the ledger says of them, and by what the caller wishes."""

    def __init__(
        self,
        campaign: Campaign,
        ledger: Ledger,
        again: Collection[str],
        doubtful: Mapping[str, str],
        *,
        unsure: bool,
    ) -> None:
        self.campaign, self.ledger, self.again, self.unsure = campaign, ledger, again, unsure
        self.doubtful = doubtful
        self.by_server = bool(campaign.settings.smtp.host)
        self._begun_at = max((event.id for event in ledger.events()), default=0)
        # the same plan and period may be tried in another folder first
        begun = next((event.at.isoformat() for event in ledger.events("prepared")), "")
        self._named = f"{campaign.settings.plan}:{campaign.settings.period}:{begun}"
        address = campaign.settings.smtp.address or "@khreport.invalid"
        self._domain = address.partition("@")[2]

    def outcome(self, message: Message, state: State, **more: Any) -> Outcome:  # noqa: ANN401
        """What became of the letter, under an id that is the same whenever it is made."""
        of = f"{self._named}:{message.agency}:{message.kind}:{message.about}"
        name = hashlib.sha256(of.encode()).hexdigest()[:32]
        message_id = f"<{message.kind}.{name}@{self._domain}>"
        again = message.agency in self.again
        return Outcome(
            message=message, message_id=message_id, state=state, asked_again=again, **more
        )

    def held_back(self, message: Message) -> Outcome | None:
        """Why the letter is not to go; None if it is."""
        which = (message.kind, message.about)
        entered = {
            event.kind: event
            for event in self.ledger.events(agency=message.agency)
            if event.kind in MAIL_EVENTS
            and (event.detail.get("letter"), event.detail.get("about")) == which
        }
        # what another process enters while we run, the caller did not know of when wishing
        known = all(event.id <= self._begun_at for event in entered.values())
        if known and message.agency in self.again:
            return None
        if not entered:
            doubt = self.doubtful.get(message.agency)
            held = doubt and self.by_server and not self.unsure
            return self.outcome(message, "unsure", reason=doubt) if held else None
        last = max(entered.values(), key=lambda event: event.id)
        sent = entered.get("sent")
        if sent and last.kind in ("sent", "refused"):
            # a server may take a letter and report later that it did not arrive
            bounced = last.detail["refused"] if last.detail.get("bounced") else {}
            refused = {**sent.detail["refused"], **bounced}
            went_to = tuple(sent.detail["to"])
            return self.outcome(message, "before", at=sent.at, refused=refused, went_to=went_to)
        if last.kind == "refused" or (known and self.unsure):
            return None
        reason = CUT_OFF
        if last.kind == "drafted":
            # until it is taken away, a draft follows the contact list and the text
            if not self.by_server and self._draft_path(message).is_file():
                return None
            reason = DRAFTED
        return self.outcome(message, "unsure", at=last.at, reason=reason)

    def foresee(self, message: Message) -> Outcome:
        """What would become of the letter."""
        draft = None if self.by_server else self._draft_path(message)
        return self.held_back(message) or self.outcome(message, "waiting", draft=draft)

    def draft(self, message: Message) -> Outcome:
        """What became of the letter, which is kept as a file unless it is held back."""
        held = self.held_back(message)
        if held:
            return held
        path = self._draft_path(message)
        drafted = self.outcome(message, "drafted", at=now(), draft=path)
        data = compose(message, drafted.message_id)
        there = digest_of(path.read_bytes()) if path.is_file() else ""
        digest, written = digest_of(data), written_drafts(self.ledger, message)
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
                self.enter("sending", outcome)
        return held

    def enter(self, kind: EventKind, outcome: Outcome, **more: object) -> dt.datetime:
        """When the event was entered."""
        at, message = now(), outcome.message
        detail = {
            "letter": message.kind,
            "about": message.about,
            "message_id": outcome.message_id,
            "to": message.recipients,
            **more,
        }
        self.ledger.append(kind, message.agency, "", detail, at, user())
        return at


def _send_all(
    post: _Post,
    mailer: Mailer,
    messages: Sequence[Message],
    progress: Progress,
    wait: Callable[[float], None],
) -> Delivery:
    outcomes: list[Outcome] = []
    fault, tried, next_at = "", False, monotonic()
    for done, message in enumerate(messages, 1):
        outcome = post.held_back(message) or post.outcome(message, "waiting")
        if outcome.state == "waiting" and not fault:
            wait(max(0, next_at - monotonic()))
            next_at = monotonic() + 60 / post.campaign.settings.smtp.per_minute
            try:
                mailer.connect()
            except MailError as error:
                if not tried:
                    raise
                fault = str(error)
            else:
                tried = True
                outcome, fault = _send(post, mailer, outcome)
        outcomes.append(outcome)
        progress(done, len(messages), message.agency)
    return Delivery(outcomes=tuple(outcomes), fault=fault)


def _send(post: _Post, mailer: Mailer, outcome: Outcome) -> tuple[Outcome, str]:
    """What became of the letter, and why no other can follow, if none can."""
    message = outcome.message
    data = compose(message, outcome.message_id, now())
    held = post.begin(outcome)
    if held:
        return held, ""
    sender = message.sender.email if message.sender else ""
    try:
        receipt = mailer.send(sender, message.recipients, data)
    except MailError as error:
        receipt = Receipt(state="stopped", reason=str(error))
    if receipt.state == "unknown":
        # the ledger keeps the intent alone, as if we had been killed
        unsure = post.outcome(message, "unsure", at=now(), reason=CUT_OFF)
        return unsure, f"{STOPPED}: {receipt.reason}."
    said = {"refused": receipt.refused, "reason": receipt.reason}
    if receipt.state == "sent":
        at = post.enter("sent", outcome, **said)
        dropped = drop_draft(post.campaign, post.ledger, message)
        return post.outcome(message, "sent", at=at, dropped=dropped, **said), ""
    refused = post.outcome(message, "refused", at=post.enter("refused", outcome, **said), **said)
    return refused, f"{STOPPED}: {receipt.reason}." if receipt.state == "stopped" else ""


def _open_mailer(campaign: Campaign) -> Mailer:
    smtp = campaign.settings.smtp
    password = os.environ.get(PASSWORD, "") if smtp.user else ""
    if smtp.user and not password:
        raise MailError(
            f"Chưa có mật khẩu của {smtp.user}. Hãy đặt mật khẩu vào biến môi trường {PASSWORD} "
            "rồi chạy lại."
        )
    if not password.isascii():
        raise MailError(
            f"Mật khẩu ở biến môi trường {PASSWORD} có chữ có dấu, máy chủ thư không nhận được. "
            "Hãy dùng mật khẩu không dấu."
        )
    return Mailer(smtp, password, campaign.folder / smtp.ca_file if smtp.ca_file else None)
