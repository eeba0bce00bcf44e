"""The ledger of a campaign: what happened to which submission, when, by whom. It only grows."""

from __future__ import annotations

import datetime as dt
import getpass
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import msgspec

from khreport.dates import ZONE
from khreport.edges.journal import Line, append_lines, last_line
from khreport.errors import KhreportError, LostLedgerError
from khreport.resource import Resource

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
    "withdrawn",
    "closed",
    "reopened",
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
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
OF_LETTERS = ("drafted", "sent", "refused", "replied", "reminded")
"""What tells of a letter that went or was written: if that is not entered, nobody else knows."""
WAIT_S, PATIENT_S = 5, 600
"""How long a writer waits for another, and how long one that has such a thing to tell."""


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


def event_of(row: tuple[Any, ...]) -> Event:
    """An event, of what SELECT gives."""
    return Event(
        id=row[0],
        at=dt.datetime.fromisoformat(row[1]),
        kind=row[2],
        agency=row[3],
        submission=row[4],
        detail=msgspec.json.decode(row[5], type=dict[str, Any]),
        who=row[6],
    )


def journal_of(path: Path) -> Path:
    """Where the journal of a ledger is."""
    return path.with_suffix(".jsonl")


def tell_rebuild(path: Path) -> str:
    """What to do about a ledger that is lost."""
    return f"Hãy chạy: khreport log {path.parent.parent} --rebuild"


class Ledger(Resource):
    """The events in one file, which is made if it is not there. Use it in a `with` statement.

    Beside it stands its journal, the same events as lines of JSON, of which a lost ledger is
    made again. An event goes there right after it was committed here: who is killed between the
    two leaves a journal that lacks its end, never one that tells what did not happen. The next
    who enters something, or opens the ledger, writes the lines that lack.

    Raises:
        LostLedgerError: the journal tells of events that the ledger lacks.

    """

    def __init__(self, path: Path, *, wait_s: float = WAIT_S) -> None:
        self.path, self._wait_s, self._journal = path, wait_s, journal_of(path)
        # before the ledger is asked: there, others enter first
        last = last_line(self._journal)
        if last and not path.exists():
            raise self._lost()
        with self._faults_told():
            self._connection = sqlite3.connect(path, timeout=wait_s, isolation_level=None)
        try:
            self._prepare()
            self._compare(last)
            self._keep_journal()
        except BaseException:
            self.close()
            raise

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

        `at` needs its zone; `detail` is anything that JSON holds. Where another process writes,
        what tells of a letter waits for minutes.
        """
        if at.tzinfo is None:
            raise ValueError("an event's time needs its zone")
        text = msgspec.json.encode(detail, order="deterministic").decode()
        with self._faults_told(), self._waiting(patiently=kind in OF_LETTERS):
            self._connection.execute(
                "INSERT INTO event (at, kind, agency, submission, detail, who)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (at.isoformat(), kind, agency, submission, text, who),
            )
        if not self._connection.in_transaction:
            self._keep_journal()

    def enter(self, event: Event) -> None:
        """An event that was made elsewhere is here, too, under an id of its own."""
        self.append(event.kind, event.agency, event.submission, event.detail, event.at, event.who)

    @contextmanager
    def together(self, *, patiently: bool = False) -> Iterator[None]:
        """A block whose events are entered all at once or not at all.

        Where another process writes, it begins after that; who waits `patiently` does for minutes.
        """
        with self._faults_told(), self._waiting(patiently=patiently):
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self._faults_told():
                self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        self._keep_journal()

    def events(self, kind: EventKind | None = None, agency: str | None = None) -> list[Event]:
        """The events in the order of entry: all, or those of one kind, one agency, or both."""
        with self._faults_told():
            rows = self._connection.execute(
                f"{SELECT} WHERE (?1 IS NULL OR kind = ?1)"
                " AND (?2 IS NULL OR agency = ?2) ORDER BY id",
                (kind, agency),
            ).fetchall()
        return [event_of(row) for row in rows]

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

    def _compare(self, last: Line | None) -> None:
        """Nothing; the journal's last event is one of the ledger's."""
        if last is not None:
            with self._faults_told():
                rows = self._connection.execute(f"{SELECT} WHERE id = ?", (last["id"],)).fetchall()
            if [msgspec.to_builtins(event_of(row)) for row in rows] != [last]:
                raise self._lost()

    def _keep_journal(self) -> None:
        """Nothing; the journal tells of all that the ledger does, or will the next time."""
        last = last_line(self._journal)
        with suppress(sqlite3.Error):
            rows = self._connection.execute(
                f"{SELECT} WHERE id > ? ORDER BY id", (last["id"] if last else 0,)
            ).fetchall()
            append_lines(self._journal, map(event_of, rows))

    @contextmanager
    def _waiting(self, *, patiently: bool) -> Iterator[None]:
        """A block that waits for another writer, as long as is usual or for minutes."""
        if not patiently:
            yield
            return
        self._connection.execute(f"PRAGMA busy_timeout = {PATIENT_S * 1000}")
        try:
            yield
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {int(self._wait_s * 1000)}")

    def _lost(self) -> LostLedgerError:
        return LostLedgerError(
            f"Sổ theo dõi “{self.path.name}” bị mất hoặc là bản cũ, không khớp với"
            f" nhật ký “{self._journal.name}”. {tell_rebuild(self.path)}"
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
                    f" {tell_rebuild(self.path)}"
                )
            elif code == sqlite3.SQLITE_CORRUPT:
                message = f"Sổ theo dõi “{self.path.name}” đã hỏng. {tell_rebuild(self.path)}"
            else:
                message = f"Không đọc hoặc ghi được sổ theo dõi “{self.path}” (SQLite: {error})."
            raise KhreportError(message) from error
