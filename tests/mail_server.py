"""A real mail server for tests, which refuses, drops and keeps what a test tells it to."""

from __future__ import annotations

import email
import ssl
from collections.abc import Callable
from email.header import decode_header, make_header
from email.message import Message
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
USER, PASSWORD = "tonghop", "mat-khau-thu"


class Postbox:
    """What a server was given, and how it behaves.

    `refused` are its words for an address. `before_answer` is called with the number of each
    text that came, before the server answers; where it returns True, the line goes dead instead.
    """

    def __init__(self) -> None:
        self.arrived: list[tuple[list[str], bytes]] = []
        self.refused: dict[str, str] = {}
        self.no_more_after: int | None = None
        self.one_each = False
        """Whether a connection goes dead when a second message begins on it."""
        self._served: list[Session] = []
        self.before_answer: Callable[[int], bool] = lambda _: False

    async def handle_MAIL(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, __: list[str]
    ) -> str:
        if self.one_each and any(session is served for served in self._served):
            server.transport.abort()  # type: ignore[union-attr]
        self._served.append(session)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the same
        self, server: SMTP, _: Session, envelope: Envelope, address: str, __: list[str]
    ) -> str:
        if self.no_more_after is not None and len(self.arrived) >= self.no_more_after:
            server.transport.abort()  # type: ignore[union-attr]
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the same
        self, server: SMTP, _: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.arrived.append((list(envelope.rcpt_tos), envelope.content))
        if self.before_answer(len(self.arrived)):
            server.transport.abort()  # type: ignore[union-attr]
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        """To whom messages came, in order."""
        return [address for to, _ in self.arrived for address in to]


class Server(Controller):
    """A server on a port of the system's choice; `with` starts and stops it."""

    def __init__(self, postbox: Postbox, tls: ssl.SSLContext | None = None, **more: Any) -> None:  # noqa: ANN401
        super().__init__(postbox, hostname=HOST, port=0, tls_context=tls, **more)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def let_in(_: SMTP, __: Session, ___: Envelope, ____: str, said: object) -> AuthResult:
    """Whether user and password are the right ones."""
    assert isinstance(said, LoginPassword)
    known = (said.login, said.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


def parse(data: bytes) -> Message:
    """What arrived, by the standard library."""
    return email.message_from_bytes(data)


def header(message: Message, name: str) -> str:
    """A header as people read it."""
    return str(make_header(decode_header(message[name])))
