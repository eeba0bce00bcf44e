"""What may be changed of the limits on reading, and that a campaign reads by its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from malformed import pack, sound

from khreport.cli import main
from khreport.edges.folder import freeze_edition
from khreport.errors import CampaignError, ChangingFileError
from khreport.raw import Limits
from khreport.verbs import arrivals
from khreport.verbs.check import check
from khreport.verbs.init import init_campaign
from khreport.verbs.limits import WORDS, list_limits
from khreport.verbs.templates import shipped_edition


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign with one workbook in its inbox that is none of ours."""
    campaign = init_campaign(tmp_path / "dot", "qd1165", "2024")
    freeze_edition(campaign, shipped_edition(campaign.settings))
    (campaign.inbox / "la.xlsx").write_bytes(pack(sound()))
    return campaign.folder


def set_limit(folder: Path, line: str) -> None:
    path = folder / "khreport.toml"
    path.write_text(f"{path.read_text('utf-8')}\n[limits]\n{line}\n", "utf-8")


def told(folder: Path) -> dict[str, list[str]]:
    return {file.path.name: [f.code for f in file.findings] for file in check([folder]).files}


def test_every_limit_is_printed_with_its_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert WORDS.keys() == set(Limits.__struct_fields__)
    assert main(["limits"]) == 0
    printed = capsys.readouterr().out
    for name, (words, unit) in WORDS.items():
        assert f"  {name} " in printed
        assert f"{unit}  " in printed
        assert words in printed
    assert "500.000 ô" in printed


def test_the_limits_of_a_campaign_are_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_limit(folder, "file_mb = 50")
    assert main(["limits", str(folder), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)["limits"]
    assert printed["file_mb"]["value"] == 50
    assert printed["seconds"]["value"] == Limits().seconds


def test_a_campaign_is_read_by_its_own_limits(folder: Path) -> None:
    set_limit(folder, "cells = 3")
    assert told(folder) == {"la.xlsx": ["file.cells"]}


@pytest.mark.parametrize(
    "line", ["cells = 0", "file_mb = -1", "memory_mb = 10", "seconds = 'x'", "nonsense = 1"]
)
def test_a_limit_that_cannot_be_is_told_with_what_helps(folder: Path, line: str) -> None:
    set_limit(folder, line)
    with pytest.raises(CampaignError, match=r"\[limits\].*khreport limits"):
        list_limits(folder)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (PermissionError, "file.locked"),
        (FileNotFoundError, "file.vanished"),
        (OSError, "file.unopenable"),
    ],
)
def test_a_file_that_cannot_be_taken_in_does_not_stop_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fault: type[OSError], code: str
) -> None:
    (folder / "inbox" / "khoa.xlsx").write_bytes(b"x")
    open_it = Path.open

    def fail(path: Path, *how: str, **more: str) -> object:
        if path.name == "khoa.xlsx":
            raise fault
        return open_it(path, *how, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", fail)
    assert told(folder) == {"khoa.xlsx": [code], "la.xlsx": ["file.not_ours"]}
    monkeypatch.undo()
    assert told(folder) == {"khoa.xlsx": ["file.not_workbook"]}


def test_a_file_that_is_still_being_written_is_taken_in_the_next_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise ChangingFileError

    monkeypatch.setattr(arrivals, "store_file", fail)
    assert told(folder) == {"la.xlsx": ["file.changing"]}
    monkeypatch.undo()
    assert told(folder) == {"la.xlsx": ["file.not_ours"]}


def test_what_is_no_file_is_passed_over_in_a_folder_and_told_if_it_was_named(
    folder: Path,
) -> None:
    inbox = folder / "inbox"
    (inbox / "vong.xlsx").symlink_to(inbox / "vong.xlsx")
    (inbox / "lap").symlink_to(inbox, target_is_directory=True)
    assert told(folder) == {"la.xlsx": ["file.not_ours"]}
    (checked,) = check([Path("/dev/null")]).files if Path("/dev/null").exists() else (None,)
    assert checked is None or [f.code for f in checked.findings] == ["file.special"]
