"""What commands share: exit codes, a progress line, JSON for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from khreport.verbs.progress import Progress

CLEAN, FINDINGS = 0, 1
"""Exit codes: nothing blocks; a file's content blocks."""

VERSION = 1
"""Of what `--json` prints, docs/json.md: it rises when a name changes its meaning or goes."""

_running = ContextVar("_running", default="")


@contextmanager
def running(command: str) -> Iterator[None]:
    """While the block runs, what is printed as JSON says that this command printed it."""
    token = _running.set(command)
    try:
        yield
    finally:
        _running.reset(token)


@contextmanager
def showing_progress(words: str) -> Iterator[Progress]:
    """A progress line on the terminal while the block runs; silent where nobody watches."""
    if not sys.stderr.isatty():
        from khreport.verbs.progress import be_silent

        yield be_silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TextColumn("{task.fields[name]}"), console=Console(stderr=True)) as bar:
        line = bar.add_task(words, total=None, name="")

        def progress(done: int, total: int, name: str) -> None:
            bar.update(line, completed=done, total=total, name=name)

        yield progress


def print_json(value: Mapping[str, Any]) -> None:
    """Print a value as JSON that people can read, too, under its version and its command."""
    import msgspec

    command = _running.get()
    whole = {"version": VERSION, **({"command": command} if command else {}), **value}
    print(msgspec.json.format(msgspec.json.encode(whole, enc_hook=str), indent=2).decode())
