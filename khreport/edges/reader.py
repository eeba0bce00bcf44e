"""Reading returned files: the parent of the child process that parses them."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, suppress
from itertools import cycle, islice, tee
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import IO

import msgspec

from khreport.edges import child
from khreport.errors import ReaderError
from khreport.raw import MB, Limits, Problem, RawWorkbook
from khreport.resource import Resource

BEGIN = (
    "import sys; sys.path.insert(0, sys.argv[1]); import khreport; del sys.path[0]; "
    "from khreport.edges.child import main; main()"
)
"""An isolated interpreter that runs this very package, wherever it was imported from."""
COMMAND = (
    sys.executable, "-I", "-X", "utf8", "-c", BEGIN, str(Path(child.__file__).parents[2]),
)  # fmt: skip

AHEAD = 12
"""Files that the child may read while the parent is busy with an earlier one."""
MANY = 24
"""Files for which a second child is worth its start."""


def _temporal(code: int, data: memoryview) -> dt.date:
    text = bytes(data).decode("ascii")
    return dt.date.fromisoformat(text) if code == child.DAY else dt.datetime.fromisoformat(text)


DECODER = msgspec.msgpack.Decoder(RawWorkbook, ext_hook=_temporal)


def read_files(
    paths: Iterable[Path], number: int, limits: Limits | None = None
) -> Generator[RawWorkbook]:
    """What each of so many files holds, in order; two children share many files.

    Raises:
        ReaderError: a child process cannot be started.

    """
    children = 2 if number >= MANY and _count_cores() > 1 else 1
    with ExitStack() as stack:
        streams = [
            stack.enter_context(Reader(limits)).read_each(islice(own, first, None, children))
            for first, own in enumerate(tee(paths, children))
        ]
        for stream in islice(cycle(streams), number):
            yield from islice(stream, 1)


def _count_cores() -> int:
    """How many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _widen(pipe: IO[bytes] | None) -> None:
    """Nothing; the pipe holds more answers, where that can be said, so that nobody waits."""
    with suppress(ImportError, AttributeError, OSError):  # Linux only, and not for everybody
        import fcntl  # noqa: PLC0415 - POSIX only

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, MB)  # type: ignore[arg-type]


STEP_S = 0.1
"""How often it is looked whether the child's time is over."""


class Watch:
    """Kills a process that keeps an answer back for too long.

    One thread for all files: to start one for each would take longer than to read its answer.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.late = False
        self._process = process
        self._until: float | None = None
        self._lock = Lock()
        self._over = Event()
        Thread(target=self._look, daemon=True).start()

    def begin(self, seconds: float) -> None:
        """Nothing; the process has so long from now on."""
        with self._lock:
            self._until = monotonic() + seconds

    def end(self) -> None:
        """Nothing; the process may rest."""
        with self._lock:
            self._until = None

    def close(self) -> None:
        """Nothing; nobody looks any more."""
        self._over.set()

    def _look(self) -> None:
        while not self._over.wait(STEP_S):
            with self._lock:
                if self._until is not None and monotonic() >= self._until:
                    self.late = True
                    self._process.kill()
                    return


class Reader(Resource):
    """Files as raw workbooks, parsed in one child process that is started again when it dies.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as empty, Reader() as reader:
    ...     reader.read(Path(empty.name)).problems[0].code
    'file.empty'
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: Watch | None = None
        self._asked: deque[bytes] = deque()

    @property
    def pid(self) -> int | None:
        """The id of the child process, while it runs."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """Nothing; the child process has ended."""
        self._asked.clear()
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()
        if process is not None:
            process.kill()
            process.wait()
            for pipe in filter(None, (process.stdin, process.stdout)):
                with suppress(OSError):  # what was still to be written has nowhere to go
                    pipe.close()

    def read(self, path: Path) -> RawWorkbook:
        """What the file holds, or the problem for which it was refused.

        Raises:
            ReaderError: the child process cannot be started.

        """
        return next(self.read_each([path]))

    def read_each(self, paths: Iterable[Path]) -> Iterator[RawWorkbook]:
        """What each file holds, in order; the child reads some files ahead.

        Raises:
            ReaderError: the child process cannot be started.

        """
        try:
            for path in paths:
                self._ask(os.fsencode(Path(path).absolute()))
                if len(self._asked) > AHEAD:
                    yield self._receive()
            while self._asked:
                yield self._receive()
        finally:
            if self._asked:  # abandoned half-way: the answers under way belong to nobody
                self.close()

    def _ask(self, path: bytes) -> None:
        self._asked.append(path)
        if self._process is None:
            self._start()
        else:
            self._send(path)

    def _send(self, message: bytes) -> None:
        with suppress(OSError):  # a dead child shows when its answer is awaited
            child.send(self._process.stdin, message)  # type: ignore[union-attr, arg-type]

    def _start(self) -> None:
        """Nothing; a child runs and has been asked all that is still open."""
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        _widen(self._process.stdout)
        self._watch = Watch(self._process)
        self._send(msgspec.msgpack.encode(self.limits))
        if self._await(10 + self.limits.seconds) != b"":
            self.close()
            raise ReaderError(
                "Không khởi động được phần đọc tệp. Hãy cài đặt lại khreport rồi chạy lại."
            )
        for path in self._asked:
            self._send(path)

    def _receive(self) -> RawWorkbook:
        if self._process is None:
            self._start()
        reply = self._await(self.limits.seconds)
        self._asked.popleft()
        if isinstance(reply, bytes):
            try:
                return DECODER.decode(reply)
            except (msgspec.MsgspecError, ValueError):
                reply = "file.crash"
        self._end()
        return RawWorkbook(problems=[Problem(reply)])

    def _await(self, seconds: float) -> bytes | str:
        """The child's next answer, or the code of what happened to it instead."""
        process, watch = self._process, self._watch
        if process is None or process.stdout is None or watch is None:
            raise ReaderError("Phần đọc tệp chưa chạy. Hãy chạy lại lệnh.")
        watch.begin(seconds)
        try:
            answer = self._take(process.stdout)
        finally:
            watch.end()
        if watch.late:
            return "file.slow"
        return "file.crash" if answer is None else answer

    def _take(self, replies: IO[bytes]) -> bytes | None:
        head = replies.read(child.LENGTH.size)
        if len(head) < child.LENGTH.size:
            return None
        (length,) = child.LENGTH.unpack(head)
        answer = replies.read(length) if length <= self.limits.reply_mb * MB else b""
        return answer if len(answer) == length else None
