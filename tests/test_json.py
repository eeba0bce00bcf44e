"""What commands print as JSON is what docs/json.md says."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from json_round import PAGE, Key, documented, fits, keys_of, printed, run_all
from mail_round import close_at, list_contacts, mailed
from mailed_returns import NAME, bounced, disposition, drop, letter, part, words, workbook
from small_campaign import put

from khreport.campaign import Campaign
from khreport.cli import main
from khreport.cli_commands import COMMANDS
from khreport.cli_output import VERSION
from khreport.dates import ZONE

DOCUMENTED = documented()
ATTACHED = disposition(f'filename="{words(NAME)}"')
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


@pytest.mark.parametrize("command", ["check", "collect"])
def test_what_came_beside_returns_is_told_to_programs_and_to_people_alike(
    campaign: Campaign, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    list_contacts(campaign, ("stp", "syt"))
    put(campaign, "a.xlsx", minute=1)
    main(["check", str(campaign.folder)])
    close_at(campaign, dt.datetime(2024, 12, 12, 9, 25, tzinfo=ZONE))
    drop(campaign, "thu.eml", letter(text="Xin gửi sau.", sender="ai.do@x.example"))
    drop(campaign, "tra-lai.eml", bounced(mailed("syt"), "<khac@dot.example>"))
    late = workbook(campaign, result="Đã mở bốn hội nghị, 120 lượt người dự.")
    drop(campaign, "muon.eml", letter(part(late, ATTACHED), id="2"))
    again = campaign.inbox / "gui-lai.xlsx"
    shutil.copy2(campaign.inbox / "a.xlsx", again)
    other = tmp_path / "nhu-the"
    shutil.copytree(campaign.folder, other)
    capsys.readouterr()
    main([command, str(campaign.folder)])
    people = capsys.readouterr().out
    _, told = printed(command, other)
    (empty,) = (each for each in told["containers"] if each["name"] == "thu.eml")
    sender = f"thu.eml (thư của {empty['sender']}, “{empty['subject']}”)"
    assert told["opened"] == {"letter": 2, "bounce": 1}
    assert "Đã mở 2 thư của các cơ quan." in people
    assert sender in people
    assert [(w["agency"], w["file"]) for w in told["waiting"]] == [("stp", f"muon.eml/{NAME}")]
    assert f"Sở Tư pháp đang chờ mở khóa: muon.eml/{NAME}" in people
    assert told["again"] == ["gui-lai.xlsx"]
    assert "không kiểm tra lại: gui-lai.xlsx" in people
    assert [b["address"] for b in told["bounced"]] == [mailed("syt")]
    assert f"Thư không tới được địa chỉ {mailed('syt')}" in people


def test_what_is_for_the_officer_alone_is_told_to_programs_too(campaign: Campaign) -> None:
    list_contacts(campaign, ("stp",))
    drop(campaign, "thu.eml", letter(part(workbook(campaign), ATTACHED), sender="la@x.example"))
    _, told = printed("check", campaign.folder)
    assert told["clean"]
    assert ["la@x.example" in note["message"] for note in told["notes"]] == [True]


def test_the_table_of_rules_is_given_to_programs_as_values_alone() -> None:
    code, told = printed("rules", "--markdown")
    assert code == 0
    assert told["rules"]


def test_the_page_names_every_exit_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\| (\d) \|", page, re.MULTILINE) == ["0", "1", "2"]
