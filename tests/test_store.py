import errno
import hashlib
import os
import sys
from pathlib import Path

import pytest

from khreport.edges.store import replacing, store_file, stored_path, write_atomically
from khreport.errors import KhreportError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refuse_to_move(self: Path, target: Path) -> Path:
    raise PermissionError(13, "used by another process", str(self), None, str(target))


def test_a_file_is_written_with_the_folders_that_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "ban-tra-lai" / "SXD.xlsx"
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(path.parent) == ["SXD.xlsx"]


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "SXD.xlsx"
    path.write_bytes(b"old")
    with replacing(path) as beside:
        beside.write_bytes(b"new")
        assert path.read_bytes() == b"old"
        assert (beside.parent, beside.suffix) == (tmp_path, ".xlsx")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["SXD.xlsx"]


def write_half(path: Path) -> None:
    with replacing(path) as beside:
        beside.write_bytes(b"half")
        raise RuntimeError("broken off")


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "SXD.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="broken off"):
        write_half(path)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["SXD.xlsx"]


def test_a_file_that_is_open_elsewhere_is_named_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tong-hop.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", refuse_to_move)
    with pytest.raises(KhreportError) as caught:
        write_atomically(path, b"new")
    assert str(caught.value) == (
        "Tệp “tong-hop.xlsx” đang mở trong chương trình khác. Hãy đóng tệp rồi chạy lại."
    )
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["tong-hop.xlsx"]


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0,
    reason="skipped: this user may write everywhere",
)
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(KhreportError, match="Không có quyền ghi vào thư mục"):
        write_atomically(tmp_path / "SXD.xlsx", b"new")


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "Ổ đĩa đã đầy, chưa ghi được “SXD.xlsx”"),
        (errno.EROFS, "Không có quyền ghi vào thư mục"),
        (errno.EIO, "Hãy xem lại tên, ổ đĩa và kết nối mạng"),
    ],
)
def test_a_disk_that_takes_no_more_is_told_and_the_old_file_kept(
    tmp_path: Path, number: int, told: str
) -> None:
    path = tmp_path / "SXD.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(KhreportError, match=told), replacing(path):
        raise OSError(number, "told by the system")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["SXD.xlsx"]


def test_what_cannot_be_read_is_not_told_as_a_fault_of_writing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "SXD.xlsx"):
        (tmp_path / "khong-co.xlsx").read_bytes()


def test_a_file_where_a_folder_is_needed_is_named(tmp_path: Path) -> None:
    (tmp_path / "bieu-mau").write_bytes(b"")
    with pytest.raises(KhreportError, match="bieu-mau” là tệp, không phải thư mục"):
        write_atomically(tmp_path / "bieu-mau" / "SXD.xlsx", b"new")


@pytest.mark.skipif(sys.platform == "win32", reason="skipped: Windows has no such rights")
def test_others_may_read_what_is_written_as_the_user_lets_them(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_atomically(tmp_path / "SXD.xlsx", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "SXD.xlsx").stat().st_mode & 0o777 == 0o644


def test_an_original_is_kept_under_the_hash_of_its_content(tmp_path: Path) -> None:
    original = tmp_path / "Báo cáo của Sở Xây dựng.xlsx"
    original.write_bytes(b"PK")
    digest = store_file(tmp_path / "kho", original)
    assert digest == hashlib.sha256(b"PK").hexdigest()
    kept = stored_path(tmp_path / "kho", digest)
    assert kept == tmp_path / "kho" / digest[:2] / digest
    assert kept.read_bytes() == original.read_bytes() == b"PK"


def test_the_same_content_is_stored_once_whatever_its_name(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        (tmp_path / name).write_bytes(b"PK")
    first = store_file(tmp_path / "kho", tmp_path / "a.xlsx")
    written_at = stored_path(tmp_path / "kho", first).stat().st_mtime_ns
    assert store_file(tmp_path / "kho", tmp_path / "b.xlsx") == first
    assert stored_path(tmp_path / "kho", first).stat().st_mtime_ns == written_at
    assert names(tmp_path / "kho" / first[:2]) == [first]


def test_a_file_that_changes_while_it_is_copied_is_not_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = tmp_path / "SXD.xlsx"
    original.write_bytes(b"half")

    def copy_the_whole(_source: Path, target: Path) -> None:
        target.write_bytes(b"half and the rest")

    monkeypatch.setattr("shutil.copyfile", copy_the_whole)
    with pytest.raises(KhreportError, match=r"“SXD\.xlsx” đang được ghi dở"):
        store_file(tmp_path / "kho", original)
    assert [path for path in (tmp_path / "kho").rglob("*") if path.is_file()] == []


def test_what_a_killed_run_left_half_written_goes_with_a_later_one(tmp_path: Path) -> None:
    old, young, theirs = (tmp_path / f".{n}" for n in ("0" * 16 + ".xlsx", "1" * 16, "an.xlsx"))
    for path in (old, young, theirs):
        path.write_bytes(b"half")
    for path in (old, theirs):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    write_atomically(tmp_path / "SXD.xlsx", b"new")
    assert names(tmp_path) == [young.name, theirs.name, "SXD.xlsx"]
