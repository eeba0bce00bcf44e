"""How long reading, checking and merging returned workbooks takes, against other ways.

Run `python benchmarks/returned_workbooks.py --count 500`. Each way runs in a process of its own,
one after the other in every round; nothing else is timed than its work on the files: imports
and a first file come before the clock starts. Printed are the times as ratios to the bare
calamine parse of the same files on the same cores, and the peak memory of each way with its
children; on one core it is processor time, children included, that is compared. To be
reached: ours at most 2.5, and 15 times faster than openpyxl with pandera.

The other ways do less than ours: no isolation, no repairs, no findings in words, and of the
rules only those that look at nothing outside their row. pandas and polars' own reader are left
out, and it is said, where what they need is not installed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from khreport.edges.shipped import load_plan
from khreport.edition import Edition
from khreport.verbs.init import default_settings
from khreport.verbs.templates import shipped_edition

PLAN, PERIOD = "qd1165", "2024"
MIB = 2**20
WITHOUT_RESULT = re.compile(rb"(</f>)(?:<v></v>|<v ?/>)")
NEEDS = {
    "calamine": "",
    "khreport": "",
    "openpyxl + pandera": "",
    "pandas + pandera": "pandas",
    "polars + pandera": "fastexcel",
}
"""The ways, the limit first, and the library without which each is left out."""
LIMIT, OURS, THEIRS = list(NEEDS)[:3]


def make_edition() -> Edition:
    """The forms that the workbooks were made from."""
    return shipped_edition(default_settings(load_plan(PLAN), PLAN, PERIOD))


def make_files(edition: Edition, number: int, seed: int) -> list[Path]:
    """Returned workbooks, the same for the same seed; kept in the folder for temporary files."""
    from khreport.demo.returns import plan_returns, write_return  # noqa: PLC0415 - openpyxl
    from khreport.edges.draw import draw_workbooks  # noqa: PLC0415 - needed once
    from khreport.layout.workbook import workbook_name  # noqa: PLC0415 - the same

    folder = Path(tempfile.gettempdir()) / f"khreport-benchmark-2-{edition.digest}"
    blank, beside = folder / "blank", folder / "unfinished"
    beside.mkdir(parents=True, exist_ok=True)
    if not blank.is_dir():
        draw_workbooks(edition, edition.asked, beside, lambda _: None)
        beside.rename(blank)
        beside.mkdir()
    files: list[Path] = []
    for each_round in count(seed):
        here = folder / str(each_round)
        here.mkdir(exist_ok=True)
        for returned in plan_returns(edition, each_round):
            if returned.day is None:
                continue
            if len(files) == number:
                return files
            path = here / returned.file_name
            if not path.exists():
                template = blank / workbook_name(edition, returned.agency)
                unfinished, _ = write_return(returned, edition, template, beside, each_round)
                add_results(unfinished, path)
                unfinished.unlink()
            files.append(path)
    return files


def add_results(source: Path, to: Path) -> None:
    """Nothing; the workbook is there with a result for each formula, as offices save it.

    The maker's library writes none, which no spreadsheet program does.
    """
    beside = to.with_suffix(".part")
    with ZipFile(source) as made, ZipFile(beside, "w", ZIP_DEFLATED) as kept:
        for part in made.infolist():
            kept.writestr(part, WITHOUT_RESULT.sub(rb"\1<v>0</v>", made.read(part)))
    beside.rename(to)


# Each way takes the files and gives back how many rows of answers it found.
Way = Callable[[Edition, Sequence[Path]], int]


def read_with_khreport(edition: Edition, files: Sequence[Path]) -> int:
    """Ours: parsed in child processes, read, checked in batches, merged."""
    from khreport.consolidation import Receipt  # noqa: PLC0415 - a way pays for its own
    from khreport.merge.consolidate import consolidate_submissions  # noqa: PLC0415 - the same

    receipts = [
        Receipt(agency=str(n), state="accepted", submission=str(n)) for n in range(len(files))
    ]
    return consolidate_submissions(
        edition, _read_and_check(edition, files), receipts
    ).answers.height


def check_with_khreport(edition: Edition, files: Sequence[Path]) -> int:
    """Ours without merging, nothing kept."""
    return sum(submission.readable for submission in _read_and_check(edition, files))


def _read_and_check(edition: Edition, files: Sequence[Path]) -> Iterator[Any]:
    from khreport.checks.check import check_submissions  # noqa: PLC0415 - a way pays for its own
    from khreport.edges.reader import read_files  # noqa: PLC0415 - the same
    from khreport.frames import PLACE, Submission  # noqa: PLC0415 - the same
    from khreport.read.submissions import read_submission  # noqa: PLC0415 - the same
    from khreport.verbs.judge import BATCH  # noqa: PLC0415 - the same

    agency = list(PLACE).index("agency")
    batch: list[Submission] = []
    for number, raw in enumerate(read_files(files, len(files))):
        read = read_submission(raw, edition, f"{number}-{files[number].name}", str(number))
        for rows in getattr(read.answers, "held", {}).values():
            # each is an agency's own: nobody merges many returns of the same
            rows.columns[agency][:] = [str(number)] * len(rows.columns[agency])
        batch.append(read)
        if len(batch) == BATCH or number == len(files) - 1:
            check_submissions(edition, batch)
            yield from batch
            batch = []


def parse_with_calamine(_: Edition, files: Sequence[Path]) -> int:
    """The limit: every sheet as a list of rows, nothing else."""
    import python_calamine as calamine  # noqa: PLC0415 - a way pays for its own

    rows = 0
    for path in files:
        workbook = calamine.CalamineWorkbook.from_path(str(path))
        for number in range(len(workbook.sheets_metadata)):
            rows += len(workbook.get_sheet_by_index(number).to_python())
    return rows


def read_with_openpyxl(edition: Edition, files: Sequence[Path]) -> int:
    """Theirs: values by openpyxl, a frame and a pandera call for each form of each file."""
    from openpyxl import load_workbook  # noqa: PLC0415 - a way pays for its own

    def sheets(path: Path) -> list[list[Sequence[Any]]]:
        book = load_workbook(path, data_only=True)
        return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]

    return _check_each(edition, map(sheets, files))


def read_with_pandas(edition: Edition, files: Sequence[Path]) -> int:
    """Theirs, the values by pandas.read_excel."""
    import pandas as pd  # type: ignore[import-untyped,import-not-found,unused-ignore] # noqa: PLC0415

    def sheets(path: Path) -> list[list[Sequence[Any]]]:
        book = pd.read_excel(path, sheet_name=None, header=None)
        return [f.astype(object).where(f.notna(), None).to_numpy().tolist() for f in book.values()]

    return _check_each(edition, map(sheets, files))


def read_with_polars(edition: Edition, files: Sequence[Path]) -> int:
    """Theirs, the values by polars.read_excel."""
    import polars as pl  # noqa: PLC0415 - a way pays for its own

    def sheets(path: Path) -> list[list[Sequence[Any]]]:
        book = pl.read_excel(path, sheet_id=0, has_header=False, raise_if_empty=False)
        return [list(frame.rows()) for frame in book.values()]

    return _check_each(edition, map(sheets, files))


def _check_each(edition: Edition, books: Any) -> int:  # noqa: ANN401 - any iterable of sheets
    from simple_check import SimpleCheck  # noqa: PLC0415 - pandera; beside this script

    check = SimpleCheck(edition)
    return sum(check.count_rows(book) for book in books)


WAYS: dict[str, Way] = dict(
    zip(
        NEEDS,
        (
            parse_with_calamine,
            read_with_khreport,
            read_with_openpyxl,
            read_with_pandas,
            read_with_polars,
        ),
        strict=True,
    )
)


ALONE = "khreport, no merge"
WAYS[ALONE] = check_with_khreport


def measure(way: str, cores: int, files: Sequence[Path]) -> dict[str, float]:
    """Seconds and peak memory (MiB) of one way in this process, on so many cores."""
    confine(cores)
    edition, work = make_edition(), WAYS[way]
    work(edition, files[:1])
    if cores > 1 and way not in (
        OURS,
        ALONE,
    ):  # ours has a process for parsing, the others get as many
        # not forked: polars has threads, and their locks would never open again
        with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
            parts = [files[part::cores] for part in range(cores)]
            list(pool.map(work, [edition] * cores, [part[:1] for part in parts]))
            begun = perf_counter()
            rows = sum(pool.map(work, [edition] * cores, parts))
            seconds = perf_counter() - begun
    else:
        used, begun = used_seconds(), perf_counter()
        rows = work(edition, files)
        seconds = perf_counter() - begun
        # On one core the two are the same, unless others work there too.
        seconds = min(seconds, used_seconds() - used) if cores == 1 else seconds
    return {"seconds": seconds, "rows": rows, "mib": peak_mib()}


def used_seconds() -> float:
    """The processor time of this process and of its children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def confine(cores: int) -> None:
    """Nothing; this process and its children run on so many cores, where that can be said."""
    with suppress(AttributeError):  # Linux only
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def peak_mib() -> float:
    """The most memory that this process held, and its largest child beside it."""
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ImportError:
        return 0.0
    unit = 1 if sys.platform == "darwin" else 1024
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(kind).ru_maxrss for kind in kinds) * unit / MIB


def run(way: str, cores: int, args: argparse.Namespace) -> dict[str, float]:
    """What :func:`measure` says in a fresh process."""
    command = [sys.executable, __file__, "--way", way, "--cores", str(cores)]
    command += ["--count", str(args.count), "--seed", str(args.seed)]
    command += ["--repeat", str(args.repeat)]
    env = {**os.environ, "POLARS_MAX_THREADS": str(cores)}
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout)
    return found


def spread(values: Sequence[float]) -> str:
    """The median, with the least and the most in brackets."""
    return f"{median(values):6.2f} ({min(values):.2f}-{max(values):.2f})"


def compare(cores: int, args: argparse.Namespace) -> None:
    """Nothing; every way ran once in each round, and its ratios stand on the screen."""
    ways = [way for way, needs in NEEDS.items() if not needs or find_spec(needs)]
    found: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    for number in range(args.rounds):
        for way in ways:
            if number and args.slow_once and way not in (LIMIT, OURS):
                continue
            found[way].append(run(way, cores, args))
    print(f"\n{args.count} workbooks, {cores} core(s), {args.rounds} rounds")
    print(f"{'':20}{'ms a file':>22}{'times calamine':>22}{'peak MiB':>10}")
    for way, needs in NEEDS.items():
        if way not in ways:
            print(f"{way:20}  skipped: {needs} is not installed")
            continue
        seconds = [each["seconds"] for each in found[way]]
        limits = [each["seconds"] for each in found[LIMIT]]
        times = [own / limit for own, limit in zip(seconds, limits, strict=False)]
        each_ms = spread([1000 * s / args.count for s in seconds])
        most = max(each["mib"] for each in found[way])
        print(f"{way:20}{each_ms:>22}{spread(times):>22}{most:>10.0f}")
    pairs = zip(found[THEIRS], found[OURS], strict=False)
    faster = [their["seconds"] / our["seconds"] for their, our in pairs]
    print(f"{THEIRS} / {OURS}: {spread(faster)}")


def compare_memory(args: argparse.Namespace) -> None:
    """Nothing; how the peak memory grows with the number of returns stands on the screen."""
    for way in (ALONE, OURS):
        found = []
        for times in (1, args.memory):
            args.repeat = times
            found.append(run(way, args.cores or 2, args)["mib"])
        more = args.count * (args.memory - 1)
        print(
            f"{way}: {args.count} returns {found[0]:.0f} MiB, {args.memory} times as many "
            f"{found[1]:.0f}: {1024 * (found[1] - found[0]) / more:.1f} KiB each more"
        )


def main() -> None:
    """Nothing; the table stands on the screen."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--count", type=int, default=200, help="workbooks")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1165)
    parser.add_argument("--cores", type=int, help="only so many (else 1, then 2)")
    parser.add_argument("--slow-once", action="store_true", help="the other ways run once")
    parser.add_argument(
        "--memory", type=int, metavar="TIMES", help="only ours, with all files so many times over"
    )
    parser.add_argument("--repeat", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    edition = make_edition()
    files = make_files(edition, args.count, args.seed)
    if args.way:
        print(json.dumps(measure(args.way, args.cores, files * args.repeat)))
        return
    if args.memory:
        compare_memory(args)
        return
    for cores in [args.cores] if args.cores else [1, 2]:
        compare(cores, args)


if __name__ == "__main__":
    main()
