"""How long writing every agency's workbook takes, against xlsxwriter alone.

Run `python benchmarks/templates.py`. What the renderer asks of xlsxwriter is recorded once for
each workbook; the bare run repeats those calls: the same cells, formats, formulas, checks and
conditional formats, without plan, forms and layout. Both run alternately: on one core in this
process, then on two, where ours is the command as it is (a second process is started and reads
the frozen edition) and the other is two processes that wait for work. To be reached on two
cores: at most 1.2.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from unittest import mock

import xlsxwriter

from khreport.edges import xlsx
from khreport.edges.draw import draw_workbooks
from khreport.edges.shipped import load_plan
from khreport.edition import Edition
from khreport.layout.workbook import lay_out_workbook
from khreport.verbs.init import default_settings, init_campaign
from khreport.verbs.templates import shipped_edition, write_templates

PLAN, PERIOD = "qd1165", "2024"
Call = tuple[int, str, tuple[Any, ...], dict[str, Any], int]
"""On which object, what, with what; and the number of the object that it gives back."""
BOOK = 0


class Recorded:
    """Stands before an object of xlsxwriter and notes what is asked of it from outside."""

    def __init__(self, real: Any, calls: list[Call], numbers: Any) -> None:  # noqa: ANN401
        self._real, self._calls, self._numbers = real, calls, numbers
        self._number = next(numbers)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the object has
        found = getattr(self._real, name)
        if name == "worksheets_objs":
            return self._sheets
        return self._note(name, found) if callable(found) else found

    def _note(self, name: str, method: Any) -> Any:  # noqa: ANN401 - any method
        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the method
            given = method(*map(_bare, args), **{k: _bare(v) for k, v in kwargs.items()})
            kept = name in ("add_worksheet", "add_format")
            answer = Recorded(given, self._calls, self._numbers) if kept else given
            number = answer._number if kept else -1  # noqa: SLF001 - of this class
            self._calls.append((self._number, name, args, kwargs, number))
            if name == "add_worksheet":
                self._sheets = [*getattr(self, "_sheets", ()), answer]
            return answer

        return call


def _bare(value: Any) -> Any:  # noqa: ANN401 - any argument
    if isinstance(value, Recorded):
        return value._real  # noqa: SLF001 - of this class
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items()}
    return value


def _by_number(value: Any) -> Any:  # noqa: ANN401 - any argument
    """The argument with numbers for objects, so that it can go to another process."""
    if isinstance(value, Recorded):
        return ("object", value._number)  # noqa: SLF001 - of this class
    if isinstance(value, dict):
        return {key: _by_number(each) for key, each in value.items() if key != "worksheet_class"}
    return value


def record_calls(edition: Edition, agency: str, folder: Path) -> list[Call]:
    """What the renderer asks of xlsxwriter for one agency's workbook."""
    calls: list[Call] = []

    def make(path: str, options: dict[str, Any]) -> Recorded:
        calls.append((-1, "Workbook", (options,), {}, BOOK))
        return Recorded(xlsxwriter.Workbook(path, options), calls, count(BOOK))

    with mock.patch.object(xlsx, "Workbook", make):
        xlsx.write_book(lay_out_workbook(edition, agency), folder / "recorded.xlsx")
    return [
        (on, name, tuple(map(_by_number, args)), _by_number(kwargs), gives)
        for on, name, args, kwargs, gives in calls
    ]


def repeat_calls(calls: list[Call], path: Path) -> None:
    """Nothing; the workbook was written by the calls alone."""
    objects: dict[int, Any] = {}

    def thing(value: Any) -> Any:  # noqa: ANN401 - any argument
        if isinstance(value, tuple) and value[:1] == ("object",):
            return objects[value[1]]
        if isinstance(value, dict) and any(isinstance(each, tuple) for each in value.values()):
            return {key: thing(each) for key, each in value.items()}
        return value

    for on, name, args, kwargs, gives in calls:
        if on < 0:
            given = xlsxwriter.Workbook(str(path), args[0])
        else:
            given = getattr(objects[on], name)(*map(thing, args), **kwargs)
        if gives >= 0:
            objects[gives] = given


def repeat_all(books: list[list[Call]], folder: Path, first: int) -> None:
    """Nothing; every second workbook was written, or each where `first` is negative."""
    for number in range(max(first, 0), len(books), 1 if first < 0 else 2):
        repeat_calls(books[number], folder / f"bare-{number}.xlsx")


def seconds(work: Any, *args: Any) -> float:  # noqa: ANN401 - any function
    """How long the work takes."""
    begun = perf_counter()
    work(*args)
    return perf_counter() - begun


def tell(what: str, ours: list[float], theirs: list[float]) -> None:
    """Nothing; the ratios stand on the screen."""
    ratios = sorted(own / their for own, their in zip(ours, theirs, strict=True))
    print(
        f"{what}: {median(ours):.2f} s, bare xlsxwriter {median(theirs):.2f} s, ratio "
        f"{median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})"
    )


BOOKS: list[list[Call]] = []
"""The calls, which the processes of the bare run have from the start."""


def _repeat_half(folder: Path, first: int) -> None:
    repeat_all(BOOKS, folder, first)


def _repeat_halves(pool: ProcessPoolExecutor, folder: Path) -> None:
    list(pool.map(_repeat_half, [folder] * 2, range(2)))


def main() -> None:
    """Nothing; the ratios stand on the screen."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--plain-formulas", action="store_true", help="bare xlsxwriter takes formulas as they are"
    )
    args = parser.parse_args()
    rounds = range(args.rounds)
    if args.plain_formulas:  # as ours does: else most of its time goes into looking at them
        prepare = xlsx.GrowingWorksheet._prepare_formula  # noqa: SLF001 - the one that ours has
        xlsxwriter.worksheet.Worksheet._prepare_formula = prepare  # noqa: SLF001 - the same
    edition = shipped_edition(default_settings(load_plan(PLAN), PLAN, PERIOD))
    agencies = [agency.key for agency in edition.agencies]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        BOOKS.extend(record_calls(edition, agency, folder) for agency in agencies)
        print(f"{len(BOOKS)} workbooks, {sum(map(len, BOOKS))} calls, {len(rounds)} rounds")
        both = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []
        with suppress(AttributeError):  # Linux only
            os.sched_setaffinity(0, both[:1])
        ours, theirs = [], []
        for _ in rounds:
            ours.append(seconds(draw_workbooks, edition, agencies, folder, lambda _: None))
            theirs.append(seconds(repeat_all, BOOKS, folder, -1))
        tell("one core, laid out and drawn", ours, theirs)
        with suppress(AttributeError):
            os.sched_setaffinity(0, both[:2])
        campaign = init_campaign(folder / "round", PLAN, PERIOD)
        write_templates(campaign)
        ours, theirs = [], []
        with ProcessPoolExecutor(2) as pool:
            _repeat_halves(pool, folder)
            for _ in rounds:
                ours.append(seconds(write_templates, campaign))
                theirs.append(seconds(_repeat_halves, pool, folder))
        tell("two cores, the command", ours, theirs)


if __name__ == "__main__":
    main()
