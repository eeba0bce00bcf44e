"""What came in a letter or an archive, before anybody looks at what its files say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import msgspec

from khreport.letters import Address

MailKind = Literal["letter", "automatic", "bounce"]
"""Written by a person; by a program that answers for somebody; by a server that could not
deliver a letter of ours."""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came inside another, under the name that its sender gave it.

    `senders` are those of the letters around it, the outermost first. `shown` is a picture that
    stands in the text of a letter.
    """

    name: str
    data: bytes
    senders: tuple[Address, ...] = ()
    shown: bool = False


class Bounce(msgspec.Struct, frozen=True):
    """An address that a letter did not reach, and what the server said of it."""

    address: str
    said: str


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that came.

    `came` is when the last server took it, `date` what the sender's program says. `about` are
    the ids of the letters that it answers or, of a bounce, the id of the one that bounced.
    `links` lead to places where people leave files instead of attaching them.
    """

    sender: Address
    kind: MailKind = "letter"
    subject: str = ""
    date: dt.datetime | None = None
    came: dt.datetime | None = None
    message_id: str = ""
    about: Sequence[str] = ()
    pieces: tuple[Piece, ...] = ()
    links: tuple[str, ...] = ()
    bounces: tuple[Bounce, ...] = ()


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """How a return came by mail: what is kept of its letter beside the letter itself.

    `mail` is the SHA-256 of the letter as it is stored; `senders` as :class:`Piece` has them.
    """

    mail: str
    senders: tuple[str, ...] = ()
    name: str = ""
    subject: str = ""
    date: str = ""
    message_id: str = ""

    @classmethod
    def of(cls, mail: Mail, id: str, senders: Sequence[Address]) -> Origin:  # noqa: A002
        """The origin of a file in a letter that is stored under `id`."""
        return cls(
            mail=id,
            senders=tuple(sender.email for sender in senders),
            name=mail.sender.name,
            subject=mail.subject,
            date=mail.date.isoformat() if mail.date else "",
            message_id=mail.message_id,
        )
