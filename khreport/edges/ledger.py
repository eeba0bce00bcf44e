"""The ledger of a campaign: what happened to which submission, when, by whom. It only grows."""

from __future__ import annotations

import datetime as dt
import getpass
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import msgspec

from khreport.errors import KhreportError

EventKind = Literal[
    "prepared",
    "sent",
    "received",
    "duplicate",
    "checked",
    "accepted",
    "rejected",
    "replaced",
    "corrected",
    "consolidated",
    "reported",
]

VERSION = 1

SCHEMA = (
    """CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        agency TEXT NOT NULL,
        submission TEXT NOT NULL,
        detail TEXT NOT NULL,
        who TEXT NOT NULL
    )""",
    """CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END""",
    """CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END""",
    # INSERT OR REPLACE deletes without asking the trigger above
    """CREATE TRIGGER event_is_not_replaced BEFORE INSERT ON event
    WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END""",
    f"PRAGMA user_version = {VERSION}",
)

BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def now() -> dt.datetime:
    """The present moment, with its zone."""
    return dt.datetime.now().astimezone()


def user() -> str:
    """Who works at this machine, or "" where it cannot be told."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the ledger; `id` counts from one in the order of entry.

    `agency` and `submission` are empty where the event concerns the whole campaign.
    """

    id: int
    at: dt.datetime
    kind: EventKind
    agency: str
    submission: str
    detail: dict[str, Any]
    who: str


class Ledger:
    """The events in one file, which is made if it is not there. Use it in a `with` statement."""

    def __init__(self, path: Path, *, wait_s: float = 5) -> None:
        self.path = path
        with self._faults_told():
            self._connection = sqlite3.connect(path, timeout=wait_s, isolation_level=None)
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """The file is free for others afterwards."""
        self._connection.close()

    def append(  # noqa: PLR0913, PLR0917 -- an event has these six parts
        self,
        kind: EventKind,
        agency: str,
        submission: str,
        detail: Mapping[str, Any],
        at: dt.datetime,
        who: str,
    ) -> None:
        """The event is on the disk afterwards, or will be when `together` ends.

        `at` needs its zone; `detail` is anything that JSON holds.
        """
        if at.tzinfo is None:
            raise ValueError("an event's time needs its zone")
        text = msgspec.json.encode(detail, order="deterministic").decode()
        with self._faults_told():
            self._connection.execute(
                "INSERT INTO event (at, kind, agency, submission, detail, who)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (at.isoformat(), kind, agency, submission, text, who),
            )

    @contextmanager
    def together(self) -> Iterator[None]:
        """A block whose events are entered all at once or not at all."""
        with self._faults_told():
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self._faults_told():
                self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def events(self, kind: EventKind | None = None, agency: str | None = None) -> list[Event]:
        """The events in the order of entry: all, or those of one kind, one agency, or both."""
        with self._faults_told():
            rows = self._connection.execute(
                "SELECT id, at, kind, agency, submission, detail, who FROM event"
                " WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR agency = ?2) ORDER BY id",
                (kind, agency),
            ).fetchall()
        return [
            Event(
                id=row[0],
                at=dt.datetime.fromisoformat(row[1]),
                kind=row[2],
                agency=row[3],
                submission=row[4],
                detail=msgspec.json.decode(row[5], type=dict[str, Any]),
                who=row[6],
            )
            for row in rows
        ]

    def _prepare(self) -> None:
        with self._faults_told():
            # campaign folders stand on network drives, where a write-ahead log does not work
            self._connection.execute("PRAGMA journal_mode = DELETE")
            version = self._version()
        if version == 0:
            with self.together(), self._faults_told():
                # another process may have made the table since the first look
                for statement in SCHEMA if self._version() == 0 else ():
                    self._connection.execute(statement)
        elif version > VERSION:
            raise KhreportError(
                f"Sổ theo dõi “{self.path.name}” do phiên bản khreport mới hơn tạo ra"
                f" (lược đồ {version}, bản này đọc được đến {VERSION})."
                " Hãy cập nhật khreport rồi chạy lại."
            )

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _faults_told(self) -> Iterator[None]:
        """A block in which SQLite's faults become sentences for the officer."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in BUSY:
                message = (
                    f"Sổ theo dõi “{self.path.name}” đang được một lệnh khreport khác ghi."
                    " Hãy đợi lệnh đó xong rồi chạy lại."
                )
            elif code == sqlite3.SQLITE_NOTADB:
                message = (
                    f"Tệp “{self.path.name}” không phải là sổ theo dõi của khreport."
                    " Hãy khôi phục tệp từ bản sao lưu rồi chạy lại."
                )
            else:
                message = f"Không đọc hoặc ghi được sổ theo dõi “{self.path}” (SQLite: {error})."
            raise KhreportError(message) from error
