"""The scripts in examples/ run as their first lines say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from khreport.cli import make_parser
from khreport.cli_commands import COMMANDS
from khreport.errors import KhreportError

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(script: str, *arguments: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / script), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vi-du") / "dot-2024"
    assert "34 templates" in run("yearly_round.py", folder, "2024")
    return folder


def test_the_yearly_round_goes_on_where_it_stopped(folder: Path) -> None:
    shutil.copy(folder / "bieu-mau" / "STP-qd1165-2024.xlsx", folder / "inbox" / "stp.xlsx")
    told = run("yearly_round.py", folder, "2024")
    assert "Sở Tư pháp" in told
    assert "draft report:" in told
    assert (folder / "bao-cao" / "bao-cao-2024-du-thao.docx").is_file()


def test_a_folder_of_returns_is_checked(folder: Path) -> None:
    told = run("check_returns.py", folder / "bieu-mau")
    assert "Nhiệm vụ chưa được báo cáo" in told


def test_the_readme_s_python_runs(tmp_path: Path) -> None:
    readme = EXAMPLES.parent / "README.md"
    (program,) = re.findall(r"```python\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
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


def test_every_command_but_the_demo_has_json_as_the_readme_says() -> None:
    others = {"plan": ["export", "qd1165"], "init": ["x", "--period", "2024"], "limits": []}
    for command in COMMANDS:
        arguments = [command, *others.get(command, ["x"]), "--json"]
        if command == "demo":
            with pytest.raises(KhreportError, match="không hiểu: --json"):
                make_parser().parse_args(arguments)
        else:
            assert make_parser().parse_args(arguments).json


def test_every_example_is_tried_here() -> None:
    tried = Path(__file__).read_text(encoding="utf-8")
    assert [e.name for e in EXAMPLES.glob("*.py") if f'run("{e.name}"' not in tried] == []
