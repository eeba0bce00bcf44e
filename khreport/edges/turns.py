"""One process at a time in a piece of work that others must not do meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from khreport.edges.ledger import BUSY, WAIT_S
from khreport.edges.ledger_files import BROKEN
from khreport.errors import KhreportError


@contextmanager
def taking_turns(path: Path, *, wait_s: float = WAIT_S) -> Iterator[None]:
    """A block in which one process at a time is, by a file that is made for that and stays empty.

    The ledger stays free meanwhile. The system gives back the turn of who is killed.

    Raises:
        KhreportError: another process is in it, or the file cannot be used.

    """
    try:
        connection = sqlite3.connect(path, timeout=wait_s, isolation_level=None)
    except sqlite3.Error as error:
        raise _tell(path, error) from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise _tell(path, error) from error
        yield


def _tell(path: Path, error: sqlite3.Error) -> KhreportError:
    """Why nobody gets a turn."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in BUSY:
        return KhreportError(
            "Một lệnh khreport khác đang nhận tệp của đợt này. Hãy đợi lệnh đó xong rồi chạy lại."
        )
    if code in BROKEN:
        return KhreportError(
            f"Tệp “{path.name}” trong “{path.parent}” đã hỏng. Hãy xóa tệp đó rồi chạy lại."
        )
    return KhreportError(f"Không ghi được vào thư mục “{path.parent}”. Hãy xem lại quyền ghi.")
