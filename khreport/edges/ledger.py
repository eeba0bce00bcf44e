"""The ledger of a campaign: what happened to which submission, when, by whom. It only grows."""

from __future__ import annotations

import datetime as dt
import getpass
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import msgspec

from khreport.dates import ZONE
from khreport.errors import KhreportError

EventKind = Literal[
    "prepared",
    "drafted",
    "sending",
    "sent",
    "refused",
    "fetched",
    "opened",
    "received",
    "waiting",
    "duplicate",
    "checked",
    "accepted",
    "rejected",
    "replaced",
    "corrected",
    "waived",
    "consolidated",
    "reported",
    "paper",
    "reminded",
    "replied",
    "closed",
    "unlocked",
    "exported",
    "rebuilt",
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

SELECT = "SELECT id, at, kind, agency, submission, detail, who FROM event"
BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def now() -> dt.datetime:
    """The present moment, in the zone of a round."""
    return dt.datetime.now(ZONE)


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


def _event(row: tuple[Any, ...]) -> Event:
    return Event(
        id=row[0],
        at=dt.datetime.fromisoformat(row[1]),
        kind=row[2],
        agency=row[3],
        submission=row[4],
        detail=msgspec.json.decode(row[5], type=dict[str, Any]),
        who=row[6],
    )


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
                f"{SELECT} WHERE (?1 IS NULL OR kind = ?1)"
                " AND (?2 IS NULL OR agency = ?2) ORDER BY id",
                (kind, agency),
            ).fetchall()
        return [_event(row) for row in rows]

    def is_whole(self) -> bool:
        """Whether all of the file can be read, and it tells of forms that went out."""
        with self._faults_told():
            (said,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        return said == "ok" and bool(self.events("prepared"))

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


def ledger_is_whole(path: Path) -> bool:
    """Whether the file is there and all of it can be read (:meth:`Ledger.is_whole`).

    Raises:
        KhreportError: it is in use, or of a newer version: nothing says that it is broken.

    """
    if not path.is_file():
        return False
    try:
        with Ledger(path) as ledger:
            return ledger.is_whole()
    except KhreportError as error:
        if getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF in BROKEN:
            return False
        raise


def salvage_events(path: Path) -> list[Event]:
    """The events that can still be read in a broken file, from both of its ends, in order."""
    found: dict[int, Event] = {}
    if not path.is_file():
        return []
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        for order in (f"{SELECT} ORDER BY id", f"{SELECT} ORDER BY id DESC"):
            with suppress(sqlite3.Error, msgspec.DecodeError, ValueError, TypeError):
                for row in connection.execute(order):
                    found.setdefault(row[0], _event(row))
    return [found[id] for id in sorted(found)]  # noqa: A001 - as the field
