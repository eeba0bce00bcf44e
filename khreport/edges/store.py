"""Files written whole or not at all, and originals kept by the hash of their content."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from khreport.errors import ChangingFileError, KhreportError

FAULTS_OF_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO)
HALF_WRITTEN = re.compile(r"\.[0-9a-f]{16}(?:\.\w+)?")
"""The names under which files are written before they take their places."""
DAY_S = 24 * 3600


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


@cache
def _sweep(folder: Path) -> None:
    """Nothing of ours that was left half written is in the folder, looked at once in a process.

    What is younger than a day may be another process's that is writing now.
    """
    with suppress(OSError):
        for file in folder.iterdir():
            if HALF_WRITTEN.fullmatch(file.name):
                with suppress(OSError):
                    if time.time() - file.stat().st_mtime > DAY_S:
                        file.unlink()


def _in_use(path: Path) -> KhreportError:
    return KhreportError(
        f"Tệp “{path.name}” đang mở trong chương trình khác. Hãy đóng tệp rồi chạy lại."
    )


def _not_written(path: Path, error: OSError) -> KhreportError:
    """What an officer can do about a file or folder that the system would not write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return KhreportError(
            f"Ổ đĩa đã đầy, chưa ghi được “{path.name}”. Hãy xóa bớt tệp rồi chạy lại."
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return KhreportError(
            f"“{_first_file(path)}” là tệp, không phải thư mục. Hãy ghi tên thư mục khác."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return KhreportError(
            f"Không có quyền ghi vào thư mục “{path.parent}”. Hãy chọn thư mục khác rồi chạy lại."
        )
    return KhreportError(
        f"Không ghi được “{path}”. Hãy xem lại tên, ổ đĩa và kết nối mạng rồi chạy lại."
    )


def _first_file(path: Path) -> Path:
    return next((each for each in reversed((path, *path.parents)) if each.is_file()), path)


def make_folder(path: Path) -> None:
    """`path` is a folder afterwards, with the folders above it.

    Raises:
        KhreportError: something else stands there, or the place cannot be written.

    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_written(path, error) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new, empty file beside `path` to write to, which takes its place when the block ends.

    Where the block fails, `path` stays as it was and nothing else is left behind. The name
    that is written to is hidden and keeps the suffix, as some writers go by it.

    Raises:
        KhreportError: the folder cannot be written, the disk is full, `path` is open elsewhere.

    """
    _sweep(path.parent)
    # not tempfile: its files can be read by their owner only, and officers share folders
    beside = path.with_name(f".{secrets.token_hex(8)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.touch(exist_ok=False)
    except OSError as error:
        raise _not_written(path, error) from error
    try:
        try:
            yield beside
            _sync(beside)
        except OSError as error:
            # what the block reads may fail too: only faults of writing are told as such
            if error.errno in FAULTS_OF_WRITING:
                raise _not_written(path, error) from error
            raise
        try:
            beside.replace(path)
        except PermissionError as error:
            raise _in_use(path) from error
        except OSError as error:
            raise _not_written(path, error) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    _sync_folder(path.parent)


def write_atomically(path: Path, data: bytes) -> None:
    """`path` holds `data` afterwards or, where that fails, what it held before."""
    with replacing(path) as beside:
        beside.write_bytes(data)


def move_file(path: Path, target: Path) -> None:
    """`target` is what `path` was; what stood there before is replaced."""
    try:
        path.replace(target)
    except PermissionError as error:
        raise _in_use(path) from error
    except OSError as error:
        raise _not_written(target, error) from error


def content_digest(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal: the name under which the store keeps it."""
    try:
        return _digest(path)
    except PermissionError as error:
        raise _in_use(path) from error


def stored_path(folder: Path, digest: str) -> Path:
    """Where the store in `folder` keeps the content with this SHA-256.

    >>> stored_path(Path("kho"), "ab12").as_posix()
    'kho/ab/ab12'
    """
    return folder / digest[:2] / digest


def verified_path(folder: Path, digest: str) -> Path:
    """Where the store keeps the content with this SHA-256, after a look that it still does.

    Raises:
        KhreportError: the content is gone, or it is not what was stored.

    """
    kept = stored_path(folder, digest)
    if not kept.is_file() or _digest(kept) != digest:
        raise KhreportError(
            f"Tệp đã lưu {kept} bị mất hoặc bị sửa. Hãy khôi phục .khreport từ bản sao lưu."
        )
    return kept


def store_file(folder: Path, path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal, a copy of which `folder` now keeps.

    Content that is there already is not written again.
    """
    digest = content_digest(path)
    kept = stored_path(folder, digest)
    if not kept.exists():
        with replacing(kept) as beside:
            shutil.copyfile(path, beside)
            if _digest(beside) != digest:
                raise ChangingFileError(
                    f"Tệp “{path.name}” đang được ghi dở. Hãy đợi ghi xong rồi chạy lại."
                )
    return digest


def store_bytes(folder: Path, data: bytes) -> str:
    """The SHA-256 of the content, in hexadecimal, a copy of which `folder` now keeps."""
    digest = hashlib.sha256(data).hexdigest()
    kept = stored_path(folder, digest)
    if not kept.exists():
        write_atomically(kept, data)
    return digest
