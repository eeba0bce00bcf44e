"""The scripts in examples/ run as their first lines say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mail_round import list_contacts

import khreport
from khreport.cli import make_parser
from khreport.testing import make_campaign, make_return

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(script: str, *arguments: str | Path, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / script), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vi-du") / "dot-2024"
    assert "34 templates" in run("yearly_round.py", folder, "2024")
    return folder


def test_the_yearly_round_goes_on_where_it_stopped(folder: Path) -> None:
    shutil.copy(folder / "bieu-mau" / "STP-qd1165-2024.xlsx", folder / "inbox" / "stp.xlsx")
    told = run("yearly_round.py", folder, "2024")
    assert "0 letters; agencies without one: 33" in told
    assert "Sở Tư pháp" in told
    assert "draft report:" in told
    assert (folder / "bao-cao" / "bao-cao-2024-du-thao.docx").is_file()


def test_each_morning_returns_are_taken_in_answered_and_reminded_of(tmp_path: Path) -> None:
    campaign = make_campaign(tmp_path / "dot", agencies=["stp", "snv"])
    list_contacts(campaign, ["stp", "snv"])
    khreport.send(campaign)
    make_return(campaign, "stp", faults=1)
    make_return(campaign, "snv")
    told = run("morning.py", campaign.folder, code=1)  # most agencies have no address
    assert sorted(told.splitlines()[:2]) == ["Sở Nội vụ ok", "Sở Tư pháp faulty"]
    assert told.splitlines()[2] == "answers: 2"
    assert "Sở Du lịch" in told or "no step today" in told or "ngày nghỉ" in told
    assert run("morning.py", tmp_path / "khac", code=2) == ""


def test_the_consolidation_is_queried_in_sql(folder: Path) -> None:
    campaign = khreport.open_campaign(folder)
    make_return(campaign, "snv")
    khreport.check([folder])
    khreport.consolidate(campaign)
    told = run("query_duckdb.py", folder)
    assert "most_days_late" in told
    assert "SNV-qd1165-2024.xlsx" in told


NO_GUARD = """
import asyncio
import khreport
from khreport.testing import make_campaign, make_return
from pathlib import Path

async def cell():  # a notebook runs its cells inside a loop
    campaign = make_campaign(Path("dot"), agencies=["stp"])
    make_return(campaign, "stp")
    print([file.accepted for file in khreport.check([campaign.folder]).files])
    print(len(khreport.templates(campaign).files))

asyncio.run(cell())
"""


@pytest.mark.parametrize("how", ["script", "stdin", "exec"])
def test_no_verb_needs_a_guard_or_a_file_in_the_caller_s_script(tmp_path: Path, how: str) -> None:
    script = tmp_path / "viec.py"
    script.write_text(NO_GUARD, encoding="utf-8")
    notebook = f"exec(compile({NO_GUARD!r}, '<cell>', 'exec'), {{'__name__': '__main__'}})"
    arguments = {"script": [str(script)], "stdin": ["-"], "exec": ["-c", notebook]}
    done = subprocess.run(
        [sys.executable, *arguments[how]],
        cwd=tmp_path,
        input=NO_GUARD if how == "stdin" else "",
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    # a child that ran the script again would print again, or never end
    assert (done.returncode, done.stdout.split()) == (0, ["[True]", "34"]), done.stderr


def test_a_folder_of_returns_is_checked(folder: Path) -> None:
    told = run("check_returns.py", folder / "bieu-mau")
    assert "Nhiệm vụ chưa được báo cáo" in told


def test_the_readme_s_python_runs(tmp_path: Path) -> None:
    readme = EXAMPLES.parent / "README.md"
    (program,) = re.findall(r"```python\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    for _ in range(2):  # the first day, and any later one
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "dot-2024" / "bao-cao" / "bao-cao-2024-du-thao.docx").is_file()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/huong-dan.md"])
def test_commands_for_windows_run_in_both_of_its_shells(page: str) -> None:
    text = (EXAMPLES.parent / page).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "Scripts\\" in line]
    assert lines
    assert [line for line in lines if "&&" in line or "||" in line] == []


@pytest.mark.parametrize("page", ["README.md", "docs/huong-dan.md"])
def test_every_step_of_a_round_is_told_as_it_is_called(page: str) -> None:
    text = (EXAMPLES.parent / page).read_text(encoding="utf-8")
    for line in re.findall(
        r"khreport (?:init|templates|check|consolidate|report) dot-[^`#\n]*", text
    ):
        make_parser().parse_args(line.split()[1:])
    for command in ("init", "templates", "check", "consolidate", "report", "demo"):
        assert f"khreport {command}" in text


def test_every_example_is_tried_here() -> None:
    tried = Path(__file__).read_text(encoding="utf-8")
    assert [e.name for e in EXAMPLES.glob("*.py") if f'run("{e.name}"' not in tried] == []
