"""A prepared process in which verbs are run and killed: `python killed_verbs.py`.

A line on its input is `{"verb": "send", "folder": "…", "seconds": 0.2}`: the verb runs in a copy of
this process, which is killed after that time, or never where it is null. The line that comes back
tells how that copy ended (-9 for killed) and how long it ran.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from khreport.campaign import Campaign
from khreport.edges.folder import open_campaign
from khreport.verbs.collect import collect
from khreport.verbs.remind import remind
from khreport.verbs.reply import reply
from khreport.verbs.send import send

ONCE_OVERDUE = dt.date(2024, 12, 16)


def _no_wait(_: float) -> None:
    pass


VERBS: dict[str, Callable[[Campaign], object]] = {
    "collect": collect,
    "send": partial(send, wait=_no_wait),
    "reply": partial(reply, today=ONCE_OVERDUE, wait=_no_wait),
    "remind": partial(remind, today=ONCE_OVERDUE, wait=_no_wait),
}


def _run(verb: str, folder: Path) -> int:
    try:
        VERBS[verb](open_campaign(folder))
    except BaseException:  # noqa: BLE001 - this copy of the process must never come back
        traceback.print_exc()
        return 3
    return 0


def _kill_after(child: int, seconds: float | None) -> int:
    """How the child ended."""
    if seconds is not None:
        time.sleep(seconds)
        # until it is waited for, its number is nobody else's
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """Serve until the input ends."""
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        begun = time.monotonic()
        child = os.fork()
        if child == 0:
            os._exit(_run(asked["verb"], Path(asked["folder"])))
        ended = _kill_after(child, asked["seconds"])
        sys.stdout.write(json.dumps([ended, time.monotonic() - begun]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
