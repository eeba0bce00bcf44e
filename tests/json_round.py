"""A small round in which every command prints its JSON, and what is documented of that."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from mail_round import list_contacts

from khreport.cli import main
from khreport.edges.folder import open_campaign
from khreport.testing import make_campaign, make_return

PAGE = Path(__file__).parents[1] / "docs" / "json.md"

Key = tuple[str, ...]
"""A place in JSON: names from the outermost, "[]" for the entries of a list."""


def printed(*arguments: object) -> tuple[int, dict[str, Any]]:
    """The exit code of a command and the JSON that it printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main([*map(str, arguments), "--json"])
    return code, json.loads(out.getvalue())


def run_all(place: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each command with what it printed, some more than once, in a round of two agencies."""

    def run(command: str, *arguments: object) -> tuple[str, dict[str, Any]]:
        code, value = printed(*command.split(), *arguments)
        assert code != 2, value
        return command, value

    folder = make_campaign(place / "dot", agencies=["stp", "snv"]).folder
    campaign = list_contacts(open_campaign(folder), ["stp", "snv", "syt"])
    yield run("plan export", "qd1165")
    yield run("init", place / "khac", "--period", "2024")
    yield run("templates", place / "khac")
    yield run("limits")
    yield run("rules")
    yield run("agencies")
    yield run("agencies check")
    cards = campaign.folder / "the"
    cards.mkdir()
    (cards / "the.toml").write_text('[[rule]]\nid = "X-1"\n', encoding="utf-8")
    yield run("rules check", cards)
    yield run("send", folder)
    make_return(campaign, "stp", faults=3)
    make_return(campaign, "snv")
    yield run("collect", folder)
    yield run("reply", folder)
    yield run("check", folder / "inbox" / "STP-qd1165-2024.xlsx", "--corrections", place / "sua")
    yield run("check", folder)
    yield run("paper", folder, "snv", "--number", "12/BC-SNV", "--date", "10/12/2024")
    yield run("status", folder, "--html", place / "tinh-hinh.html")
    yield run("remind", folder, "--date", "16/12/2024")
    yield run("log", folder)
    yield run("paper", folder, "snv", "--correct", "12/BC-SNV", "--number", "13/BC-SNV")
    yield run("close", folder)
    yield run("close", folder, "--reopen", "--reason", "Gia hạn")
    yield run("close", folder)
    yield run("unlock", folder, "stp", "--reason", "Công văn số 9")
    yield run("consolidate", folder)
    yield run("report", folder)
    yield run("trace", folder, "PL2.I.1")
    yield run("report", folder, "--agency", "snv")
    yield run("letter", folder, "late")
    yield run("lint", next(campaign.reports.glob("*.docx")))
    campaign.ledger.unlink()
    yield run("log", folder, "--rebuild")
    yield run("demo", place / "thu")


def keys_of(value: object, above: Key = ()) -> Iterator[Key]:
    """Every place in a JSON value; of lists and groups what stands in them, too."""
    if above:
        yield above
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from keys_of(inner, (*above, name))
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, dict | list):
                yield from keys_of(inner, (*above, "[]"))


class Documented(NamedTuple):
    """A documented place; what is there "sometimes" need not be printed in a small round."""

    key: Key
    sometimes: bool


def documented() -> dict[str, list[Documented]]:
    """The places that the page lists for each command; a link to a shared part brings its own."""
    page = PAGE.read_text(encoding="utf-8")
    tables: dict[str, list[tuple[str, str]]] = {}
    for part in re.split(r"^##+ ", page, flags=re.MULTILINE)[1:]:
        name = part.splitlines()[0].strip("`").removeprefix("khreport ")
        tables[name] = re.findall(r"^\| `([^`]+)` \| (.+) \|$", part, re.MULTILINE)

    def read(table: str, above: Key = (), *, sometimes: bool = False) -> Iterator[Documented]:
        for row, meaning in tables[table]:
            key = (*above, *row.replace("[]", ".[]").split("."))
            rare = sometimes or "sometimes" in meaning
            yield Documented(key, rare)
            shared = re.match(r"\[(\w+)\]", meaning)
            if shared:
                # what stands in an entry is there where there is an entry
                yield from read(shared[1], key, sometimes=rare)

    return {name: list(read(name)) for name, rows in tables.items() if rows and name[0].islower()}


def fits(key: Key, pattern: Key) -> bool:
    """Whether a place is the documented one: "<agency>" is any name, "…" whatever is below."""
    if pattern[-1] == "…":
        return len(key) >= len(pattern) and fits(key[: len(pattern) - 1], pattern[:-1])
    return len(key) == len(pattern) and all(
        named == name or named.startswith("<") for name, named in zip(key, pattern, strict=True)
    )
