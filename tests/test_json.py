"""What commands print as JSON is what docs/json.md says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from json_round import PAGE, Key, documented, fits, keys_of, printed, run_all

from khreport.cli_commands import COMMANDS
from khreport.cli_output import VERSION

DOCUMENTED = documented()
EVERYWHERE: tuple[Key, ...] = (("version",), ("command",))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for command, value in run_all(tmp_path_factory.mktemp("json")):
        found.setdefault(command, []).append(value)
    return found


def printed_keys(values: list[dict[str, Any]]) -> set[Key]:
    return {key for value in values for key in keys_of(value)} - {*EVERYWHERE}


def told(keys: Iterator[Key]) -> list[str]:
    return sorted({".".join(key).replace(".[]", "[]") for key in keys})


def test_every_command_is_documented_and_tried() -> None:
    assert {name.split()[0] for name in DOCUMENTED} == set(COMMANDS)


@pytest.mark.parametrize("command", DOCUMENTED)
def test_every_answer_says_its_version_and_command(
    answers: dict[str, list[dict[str, Any]]], command: str
) -> None:
    for value in answers[command]:
        assert [*value][:2] == ["version", "command"]
        assert (value["version"], value["command"]) == (VERSION, command)


@pytest.mark.parametrize("command", DOCUMENTED)
def test_everything_printed_is_documented(
    answers: dict[str, list[dict[str, Any]]], command: str
) -> None:
    patterns = [place.key for place in DOCUMENTED[command]]
    # a group or list is documented by what stands in it
    whole = {pattern[:end] for pattern in patterns for end in range(1, len(pattern))}
    assert (
        told(
            key
            for key in printed_keys(answers[command])
            if not any(fits(key, pattern) for pattern in [*patterns, *whole])
        )
        == []
    )


@pytest.mark.parametrize("command", DOCUMENTED)
def test_everything_documented_is_printed(
    answers: dict[str, list[dict[str, Any]]], command: str
) -> None:
    keys = printed_keys(answers[command])
    assert (
        told(
            place.key
            for place in DOCUMENTED[command]
            if not place.sometimes and not any(fits(key, place.key) for key in keys)
        )
        == []
    )


def test_a_command_that_cannot_run_says_why_and_ends_with_2(tmp_path: Path) -> None:
    for arguments in (["status", tmp_path], ["remind"], ["demo", tmp_path / "x", "y"]):
        code, value = printed(*arguments)
        assert code == 2
        assert [*value] == ["version", "error"]
        assert value["version"] == VERSION


def test_the_page_names_every_exit_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\| (\d) \|", page, re.MULTILINE) == ["0", "1", "2"]
