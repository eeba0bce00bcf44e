"""Letters on their way: sent at a stated rate or kept as drafts, none of them twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from time import monotonic, sleep

import msgspec

from khreport.campaign import Campaign
from khreport.edges.ledger import Ledger, now
from khreport.edges.mail import compose
from khreport.edges.mail_server import find_ca_file, read_password
from khreport.edges.smtp import PASSWORD, Mailer, Receipt
from khreport.errors import MailError
from khreport.letters import Message
from khreport.verbs.drafts import drop_draft
from khreport.verbs.post import CUT_OFF, WENT, Outcome, Post
from khreport.verbs.progress import Progress, be_silent

STOPPED = "Đã dừng gửi"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each letter, and why who should have one has none, by agency.

    `warnings` say what is odd; `fault` says why it was stopped before the last, if it was.
    """

    outcomes: tuple[Outcome, ...] = ()
    lacking: dict[str, str] = {}
    warnings: tuple[str, ...] = ()
    fault: str = ""

    @property
    def complete(self) -> bool:
        """Whether every letter went, was drafted or would go, to all its addresses."""
        return not (self.fault or self.lacking) and all(
            outcome.state in WENT and not outcome.refused for outcome in self.outcomes
        )


def deliver(  # noqa: PLR0913 - each is a wish of the caller
    campaign: Campaign,
    messages: Sequence[Message],
    *,
    again: Collection[str] = (),
    doubtful: Mapping[str, str] = {},
    put_off: Mapping[str, str] = {},
    unsure: bool = False,
    dry_run: bool = False,
    progress: Progress = be_silent,
    wait: Callable[[float], None] = sleep,
) -> Delivery:
    """Send the letters or, without a server, write them as drafts.

    The ledger holds each intent before, and each result after. A letter that a main address took
    is not sent again, whoever is listed now, unless its agency is in `again`; one that reached
    none goes when another address is listed. Nor does one go of which nobody knows whether it went,
    unless `unsure` asks for it, nor by a server one to an agency that is `doubtful` for the reason
    given. Nor is a new letter begun to an agency that is `put_off`. Run again, it goes on where it
    was stopped.

    Raises:
        MailError: the server cannot be used, and no letter was given to it.
        KhreportError: the ledger or a draft cannot be written.

    """
    with Ledger(campaign.ledger) as ledger:
        post = Post(campaign, ledger, again, doubtful, put_off, unsure=unsure)
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


def _send_all(
    post: Post,
    mailer: Mailer,
    messages: Sequence[Message],
    progress: Progress,
    wait: Callable[[float], None],
) -> Delivery:
    outcomes: list[Outcome] = []
    fault, tried, next_at = "", False, monotonic()
    for done, message in enumerate(messages, 1):
        held = post.held_back(message)
        outcome = held or post.plan(message)
        if held is None and not fault:
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


def _send(post: Post, mailer: Mailer, outcome: Outcome) -> tuple[Outcome, str]:
    """What became of the letter, and why no other can follow, if none can."""
    message = outcome.message
    data = compose(message, outcome.message_id, now())
    held = post.begin(outcome)
    if held:
        return held, ""
    sender = message.sender.email if message.sender else ""
    to = post.recipients(message)
    try:
        receipt = mailer.send(sender, to, data)
    except MailError as error:
        receipt = Receipt(state="stopped", reason=str(error))
    if receipt.state == "unknown":
        # the ledger keeps the intent alone, as if we had been killed
        unsure = msgspec.structs.replace(outcome, state="unsure", at=now(), reason=CUT_OFF)
        return unsure, f"{STOPPED}: {receipt.reason}."
    said = {"refused": receipt.refused, "reason": receipt.reason}
    if receipt.state == "sent":
        at = post.enter("sent", outcome, to=to, **said)
        dropped = drop_draft(post.campaign, post.ledger, message.agency, message.file)
        return msgspec.structs.replace(outcome, state="sent", at=at, dropped=dropped, **said), ""
    at = post.enter("refused", outcome, to=to, **said)
    refused = msgspec.structs.replace(outcome, state="refused", at=at, **said)
    return refused, f"{STOPPED}: {receipt.reason}." if receipt.state == "stopped" else ""


def _open_mailer(campaign: Campaign) -> Mailer:
    smtp = campaign.settings.smtp
    password = read_password(PASSWORD, smtp.user) if smtp.user else ""
    return Mailer(smtp, password, find_ca_file(campaign.folder, smtp.ca_file))
