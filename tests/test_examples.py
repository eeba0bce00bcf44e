"""The scripts in examples/ run as their first lines say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_every_example_is_tried_here() -> None:
    tried = Path(__file__).read_text(encoding="utf-8")
    assert [e.name for e in EXAMPLES.glob("*.py") if f'run("{e.name}"' not in tried] == []
