"""A mailbox into which returns come: read and marked, nothing deleted. The home of imaplib."""

from __future__ import annotations

import base64
import datetime as dt
import imaplib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from khreport.campaign import Imap
from khreport.edges.mail_parts import read_day
from khreport.edges.mail_server import tell_login, tell_unreachable, trust_by
from khreport.errors import MailError
from khreport.resource import Resource

PART, PASSWORD = "imap", "KHREPORT_IMAP_PASSWORD"
"""Where the settings speak of the server, and the variable that holds the password."""
TIMEOUT_S = 60.0
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
KEYWORD, SEEN = "$khreport", "\\Seen"
AT_ONCE = 200
LOST = "mất kết nối với hộp thư"


class Envelope(NamedTuple):
    """A letter in the mailbox: its number there, its bytes, and when the server took it.

    `came` is None where the server does not say it, or says what is no day.
    """

    uid: int
    size: int
    came: dt.datetime | None


class Mailbox(Resource):
    """A folder of a mailbox. Use it in a `with` statement.

    `validity` is a number of the folder's: while it stays the same, a letter's number is its own.

    Raises:
        MailError: the server cannot be reached or trusted, or does not let us in.

    """

    def __init__(self, imap: Imap, password: str, ca_file: Path | None = None) -> None:
        self.imap, self._ca_file = imap, ca_file
        with self._faults_told():
            self._server = self._open()
        try:
            with self._faults_told():
                self._enter(password)
            self.validity = self._select()
        except BaseException:
            self.close()
            raise

    def list_since(self, day: dt.date) -> list[int]:
        """The numbers of the letters that came on that day or later, and of some of the day before.

        A server goes by the day of its own zone (RFC 3501, 6.4.4), which may be behind ours.
        """
        day -= dt.timedelta(days=1)
        since = f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"
        (found,) = self._ask("SEARCH", "SINCE", since)[-1:] or [b""]
        return sorted(map(int, (found or b"").split()))

    def list_marked(self) -> set[int]:
        """The numbers of the letters that bear our mark."""
        (found,) = self._ask("SEARCH", *self._mark_sought())[-1:] or [b""]
        return set(map(int, (found or b"").split()))

    def describe(self, uids: Sequence[int]) -> list[Envelope]:
        """What the server says of these letters, by number; of those that are gone, nothing."""
        found: list[Envelope] = []
        for start in range(0, len(uids), AT_ONCE):
            some = ",".join(map(str, uids[start : start + AT_ONCE]))
            for line in self._ask("FETCH", some, "(UID RFC822.SIZE INTERNALDATE)"):
                text = line.decode("ascii", "replace") if isinstance(line, bytes) else ""
                uid, size = re.search(r"UID (\d+)", text), re.search(r"RFC822\.SIZE (\d+)", text)
                came = re.search(r'INTERNALDATE "([^"]+)"', text)
                if uid and size:
                    day = read_day(came[1].replace("-", " ", 2)) if came else None
                    found.append(Envelope(int(uid[1]), int(size[1]), day))
        return sorted(found, key=lambda envelope: envelope.uid)

    def read(self, uid: int) -> bytes | None:
        """The letter as the server has it, which does not mark it; None if it does not give it."""
        for part in self._ask("FETCH", str(uid), "(BODY.PEEK[])"):
            if isinstance(part, tuple):
                return bytes(part[1])
            if quoted := re.search(rb'BODY\[\] "((?:[^"\\]|\\.)*)"', part):
                return re.sub(rb"\\(.)", rb"\1", quoted[1])
        return None

    def mark(self, uids: Sequence[int]) -> None:
        """Nothing; the letters bear our mark or, where the server knows no marks, are read."""
        for start in range(0, len(uids), AT_ONCE):
            some = ",".join(map(str, uids[start : start + AT_ONCE]))
            self._ask("STORE", some, "+FLAGS.SILENT", f"({self._flag})")

    def _mark_sought(self) -> tuple[str, ...]:
        return ("KEYWORD", KEYWORD) if self._flag == KEYWORD else ("SEEN",)

    def _ask(self, command: str, *arguments: str) -> list[Any]:
        try:
            answer, data = self._server.uid(command, *arguments)
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailError(f"Đã dừng đọc hộp thư: {LOST}.") from error
        if answer != "OK":
            raise MailError("Hộp thư không cho đọc hoặc đánh dấu thư. Hãy xem lại quyền của user.")
        return [line for line in data if line]

    def _open(self) -> imaplib.IMAP4:
        host, port = self.imap.host, self.imap.usual_port
        if self.imap.security == "tls":
            trusted = trust_by(self._ca_file, PART)
            return imaplib.IMAP4_SSL(host, port, ssl_context=trusted, timeout=TIMEOUT_S)
        return imaplib.IMAP4(host, port, timeout=TIMEOUT_S)

    def _enter(self, password: str) -> None:
        if self.imap.security == "starttls":
            self._server.starttls(trust_by(self._ca_file, PART))
        try:
            self._server.login(self.imap.user, password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise MailError(tell_login(self._named, PART, PASSWORD)) from error

    def _select(self) -> int:
        with self._faults_told():
            answer, _ = self._server.select(_quoted(self.imap.folder))
        if answer != "OK":
            raise MailError(
                f"Hộp thư không có thư mục “{self.imap.folder}”. "
                'Hãy xem lại folder, phần [imap]; thư đến thường ở folder = "INBOX".'
            )
        flags = b" ".join(filter(None, self._server.response("PERMANENTFLAGS")[1]))
        self._flag = KEYWORD if rb"\*" in flags or KEYWORD.encode() in flags else SEEN
        validity = self._server.response("UIDVALIDITY")[1][0]
        return int(validity or 0)

    def close(self) -> None:
        """Nothing; the server was told that we are done."""
        # not its own close(): that would delete what another program has marked for deletion
        with suppress(imaplib.IMAP4.error, OSError):
            self._server.logout()

    @property
    def _named(self) -> str:
        return f"máy chủ nhận thư {self.imap.host}, cổng {self.imap.usual_port}"

    @contextmanager
    def _faults_told(self) -> Iterator[None]:
        """A block in which what keeps us out becomes sentences for the officer."""
        try:
            yield
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailError(tell_unreachable(error, self._named, PART)) from error


def _quoted(folder: str) -> str:
    """A folder's name as servers know it (RFC 3501, 5.1.3), in quotes."""

    def encode(found: re.Match[str]) -> str:
        if found[0] == "&":
            return "&-"
        packed = base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=")
        return f"&{packed.replace('/', ',')}-"

    name = re.sub(r"&|[^\x20-\x7e]+", encode, folder)
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
