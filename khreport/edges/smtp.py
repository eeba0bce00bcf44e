"""A mail server that takes our letters: the home of smtplib."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import msgspec

from khreport.campaign import Smtp
from khreport.edges.mail import one_line
from khreport.edges.mail_server import tell_login, tell_unreachable, trust_by
from khreport.errors import MailError
from khreport.resource import Resource
from khreport.text import begin_sentence

PART, PASSWORD = "smtp", "KHREPORT_SMTP_PASSWORD"
"""Where the settings speak of the server, and the variable that holds the password."""
TIMEOUT_S = 60.0
OK, FORWARDED, GO_ON = 250, 251, 354
"""What a server says: done; done, elsewhere; send the text (RFC 5321, 4.2.3)."""
LOST = "mất kết nối với máy chủ thư"
LONGEST_REPLY = 200
HERE = "[127.0.0.1]"
"""How we greet a server: it need not learn this machine's name."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message that a server was given.

    "sent": the server has it, but for the addresses in `refused`. "refused": it has not, by what
    `refused` and `reason` say. "stopped": the same, and the next would fare no better. "unknown":
    the connection broke between the text and the server's word for it.
    """

    state: Literal["sent", "refused", "stopped", "unknown"]
    refused: dict[str, str] = {}
    reason: str = ""


class Mailer(Resource):
    """A connection to a mail server, made when it is first needed and again where it is lost."""

    def __init__(self, smtp: Smtp, password: str, ca_file: Path | None = None) -> None:
        self.smtp, self._password, self._ca_file = smtp, password, ca_file
        self._server: smtplib.SMTP | None = None

    def close(self) -> None:
        """Nothing; the server was told that we are done."""
        if self._server:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()
        self._drop()

    def connect(self) -> smtplib.SMTP:
        """The server, which has let us in.

        Raises:
            MailError: it cannot be reached or trusted, or it does not take user and password.

        """
        if self._server is None:
            with self._faults_told():
                self._server = self._open()
                self._enter(self._server)
        return self._server

    def send(self, sender: str, recipients: Sequence[str], data: bytes) -> Receipt:
        """What became of the message.

        Raises:
            MailError: as :meth:`connect`; the server was not given the message.

        """
        was_open = self._server is not None
        receipt = self._envelope(self.connect(), sender, recipients)
        if was_open and receipt.reason == LOST:
            # servers close a connection that was idle, or has had its share of messages
            receipt = self._envelope(self.connect(), sender, recipients)
        return self._text(self.connect(), data, receipt) if receipt.state == "sent" else receipt

    def _envelope(self, server: smtplib.SMTP, sender: str, recipients: Sequence[str]) -> Receipt:
        """Who refused; "sent" if somebody did not, and the server waits for the text."""
        refused: dict[str, str] = {}
        try:
            code, said = server.mail(sender)
            if code != OK:
                return self._refused("stopped", {}, code, said)
            for recipient in recipients:
                code, said = server.rcpt(recipient)
                if code not in (OK, FORWARDED):
                    refused[recipient] = _words(code, said)
            if len(refused) < len(recipients):
                code, said = server.docmd("DATA")
            if code != GO_ON:
                return self._refused("refused", refused, code, said)
        except (smtplib.SMTPException, OSError):
            self._drop()
            return Receipt(state="stopped", reason=LOST)
        return Receipt(state="sent", refused=refused)

    def _text(self, server: smtplib.SMTP, data: bytes, receipt: Receipt) -> Receipt:
        try:
            # a line with a dot alone ends the text (RFC 5321, 4.5.2)
            server.send(data.replace(b"\r\n.", b"\r\n..") + b".\r\n")
            code, said = server.getreply()
        except (smtplib.SMTPException, OSError):
            self._drop()
            return Receipt(state="unknown", reason=LOST)
        if code != OK:
            return self._refused("refused", receipt.refused, code, said)
        return receipt

    def _refused(
        self, state: Literal["refused", "stopped"], refused: dict[str, str], code: int, said: bytes
    ) -> Receipt:
        """The receipt; the server expects a new message."""
        try:
            if self._server:
                self._server.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()
        return Receipt(state=state, refused=refused, reason=_words(code, said))

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server:
            server.close()

    def _open(self) -> smtplib.SMTP:
        host, port = self.smtp.host, self.smtp.usual_port
        if self.smtp.security == "tls":
            trusted = trust_by(self._ca_file, PART)
            return smtplib.SMTP_SSL(host, port, HERE, timeout=TIMEOUT_S, context=trusted)
        return smtplib.SMTP(host, port, HERE, timeout=TIMEOUT_S)

    def _enter(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self.smtp.security == "starttls":
            server.starttls(context=trust_by(self._ca_file, PART))
            server.ehlo_or_helo_if_needed()
        if self.smtp.user:
            server.login(self.smtp.user, self._password)

    @contextmanager
    def _faults_told(self) -> Iterator[None]:
        """A block in which what keeps us out becomes sentences for the officer."""
        server = f"máy chủ thư {self.smtp.host}, cổng {self.smtp.usual_port}"
        try:
            yield
        except MailError:
            self._drop()
            raise
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise MailError(_why_not_let_in(error, server)) from error


def _why_not_let_in(error: Exception, server: str) -> str:
    match error:
        case smtplib.SMTPAuthenticationError():
            return tell_login(server, PART, PASSWORD)
        case smtplib.SMTPNotSupportedError():
            return (
                f"{begin_sentence(server)}, không có STARTTLS hoặc không cho đăng nhập. Hãy thử "
                f'security = "tls", hoặc bỏ user, phần [{PART}].'
            )
        case smtplib.SMTPResponseException():
            return (
                f"{begin_sentence(server)}, từ chối: {_words(error.smtp_code, error.smtp_error)}."
            )
    return tell_unreachable(error, server, PART)


def _words(code: int, said: bytes | str) -> str:
    """What a server said, as one line."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return one_line(f"{code} {text}")[:LONGEST_REPLY]
