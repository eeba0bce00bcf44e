"""The files that people put into a folder, and why one of them cannot be taken."""

from __future__ import annotations

from pathlib import Path

from khreport.frames import Submission
from khreport.messages import finding
from khreport.verbs.judge import Checked

LITTER = ("desktop.ini", "thumbs.db")


def returned_files(path: Path) -> list[Path]:
    """The file itself, or the files of a folder and its subfolders, by name.

    Left out are hidden files and folders, what office programs and Windows leave beside
    documents, and whatever is no regular file.
    """
    if path.exists() and not path.is_dir():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if file.is_file()
        and file.name.casefold() not in LITTER
        and not any(part.startswith((".", "~$")) for part in file.relative_to(path).parts)
    )


def changed_at(file: Path) -> float:
    """When a file was written last, in seconds; 0 where nobody knows."""
    try:
        return file.stat().st_mtime
    except OSError:
        return 0


def why_unreadable(file: Path) -> str | None:
    """The code of what keeps a file from being stored, if anything does."""
    try:
        file.open("rb").close()
    except FileNotFoundError:
        return "file.vanished"
    except PermissionError:
        return "file.locked"
    except OSError:
        return "file.unopenable"
    return None


def refuse(file: Path, name: str, code: str) -> Checked:
    """What is told of a file that could not be taken in; it is tried again the next time."""
    findings = (finding(code, file=name),)
    submission = Submission(id="", file=name, findings=findings)
    return Checked(path=file, submission=submission, edition=None, findings=findings)
