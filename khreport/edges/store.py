"""Files written whole or not at all, and originals kept by the hash of their content."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from khreport.errors import KhreportError


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # so that the move itself survives a power cut; Windows and some network drives cannot
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _in_use(path: Path) -> KhreportError:
    return KhreportError(
        f"Tệp “{path.name}” đang mở trong chương trình khác. Hãy đóng tệp rồi chạy lại."
    )


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new, empty file beside `path` to write to, which takes its place when the block ends.

    Where the block fails, `path` stays as it was and nothing else is left behind. The name
    that is written to is hidden and keeps the suffix, as some writers go by it.
    """
    # not tempfile: its files can be read by their owner only, and officers share folders
    beside = path.with_name(f".{secrets.token_hex(8)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.touch(exist_ok=False)
    except PermissionError as error:
        raise KhreportError(
            f"Không có quyền ghi vào thư mục “{path.parent}”. Hãy chọn thư mục khác rồi chạy lại."
        ) from error
    try:
        yield beside
        _sync(beside)
        try:
            beside.replace(path)
        except PermissionError as error:
            raise _in_use(path) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    _sync_folder(path.parent)


def write_atomically(path: Path, data: bytes) -> None:
    """`path` holds `data` afterwards or, where that fails, what it held before."""
    with replacing(path) as beside:
        beside.write_bytes(data)


def stored_path(folder: Path, digest: str) -> Path:
    """Where the store in `folder` keeps the content with this SHA-256.

    >>> stored_path(Path("kho"), "ab12").as_posix()
    'kho/ab/ab12'
    """
    return folder / digest[:2] / digest


def store_file(folder: Path, path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal, a copy of which `folder` now keeps.

    Content that is there already is not written again.
    """
    try:
        digest = _digest(path)
    except PermissionError as error:
        raise _in_use(path) from error
    kept = stored_path(folder, digest)
    if not kept.exists():
        with replacing(kept) as beside:
            shutil.copyfile(path, beside)
            if _digest(beside) != digest:
                raise KhreportError(
                    f"Tệp “{path.name}” đang được ghi dở. Hãy đợi ghi xong rồi chạy lại."
                )
    return digest
