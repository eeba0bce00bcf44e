"""The files of a ledger: whether they are whole, and what can still be read in them."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from khreport.edges.journal import is_torn, last_line, read_lines
from khreport.edges.ledger import SELECT, Event, Ledger, event_of, journal_of
from khreport.edges.store import move_file
from khreport.errors import KhreportError, LostLedgerError

BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def ledger_was_begun(path: Path) -> bool:
    """Whether there are events, or were: of a ledger that is lost its journal tells."""
    there = path.is_file() and path.stat().st_size > 0
    return there or last_line(journal_of(path)) is not None


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
    except LostLedgerError:
        return False
    except KhreportError as error:
        if getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF in BROKEN:
            return False
        raise


def journal_events(path: Path) -> list[Event]:
    """The events of a ledger that its journal tells, in order."""
    found: dict[int, Event] = {}
    for line in read_lines(journal_of(path)):
        with suppress(TypeError, ValueError, KeyError):
            event = Event(**line | {"at": dt.datetime.fromisoformat(line["at"])})
            found[event.id] = event
    return [found[id] for id in sorted(found)]  # noqa: A001 - as the field


def journal_is_torn(path: Path) -> bool:
    """Whether the journal of a ledger may lack its end (:func:`is_torn`)."""
    return is_torn(journal_of(path))


def set_journal_aside(path: Path) -> Path:
    """Where the journal of a ledger now is, which is of another round."""
    journal = journal_of(path)
    aside = _free_name(journal)
    move_file(journal, aside)
    return aside


def replace_ledger(path: Path, new: Path) -> Path | None:
    """Where the old ledger now is, if there was one; the one at `new` is at `path`.

    Its journal goes first: who is killed in between leaves all of which to begin anew.
    """
    move_file(journal_of(new), journal_of(path))
    aside = _move_aside(path)
    move_file(new, path)
    return aside


def _move_aside(path: Path) -> Path | None:
    aside = _free_name(path)
    begun = _rollback_of(path)
    if begun.exists():
        # SQLite would roll the new one back by it
        move_file(begun, _rollback_of(aside))
    if not path.exists():
        return None
    move_file(path, aside)
    return aside


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}-hong-{number}{path.suffix}")).exists():
        number += 1
    return aside


def _rollback_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def drop_ledger(path: Path) -> None:
    """Nothing of a ledger that was being made is left."""
    for file in (path, _rollback_of(path), journal_of(path)):
        file.unlink(missing_ok=True)


def salvage_events(path: Path) -> list[Event]:
    """The events that can still be read in a broken file, from both of its ends, in order."""
    found: dict[int, Event] = {}
    if not path.is_file():
        return []
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        for order in (f"{SELECT} ORDER BY id", f"{SELECT} ORDER BY id DESC"):
            with suppress(sqlite3.Error, msgspec.DecodeError, ValueError, TypeError):
                for row in connection.execute(order):
                    found.setdefault(row[0], event_of(row))
    return [found[id] for id in sorted(found)]  # noqa: A001 - as the field


def end_of_ledger(path: Path) -> int:
    """The id of the last event in a file that may be broken; 0 where its end cannot be read."""
    if path.is_file():
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with suppress(sqlite3.Error), closing(sqlite3.connect(uri, uri=True)) as connection:
            row = connection.execute(f"{SELECT} ORDER BY id DESC LIMIT 1").fetchone()
            return int(row[0]) if row else 0
    return 0
