from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

import khreport
from khreport.campaign import Campaign
from khreport.edges.folder import open_campaign
from khreport.verbs.init import init_campaign
from khreport.verbs.templates import write_templates


@dataclass(frozen=True)
class Soffice:
    """LibreOffice without a window, with a profile of its own: `soffice("--version")`.

    `command` is what to start where a test drives it while it runs.
    """

    command: tuple[str, ...]

    def __call__(self, *arguments: str | Path) -> str:
        """What it printed; a test fails where it does, or takes longer than three minutes."""
        done = subprocess.run(
            [*self.command, *map(str, arguments)],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def convert(self, path: Path, suffix: str, folder: Path) -> Path:
        """The file as LibreOffice saves it in `folder` under another suffix ("pdf", "xlsx")."""
        printed = self("--convert-to", suffix, "--outdir", folder, path)
        converted = folder / f"{path.stem}.{suffix}"
        # it ends well even where it could not read the file
        assert converted.exists(), printed
        return converted


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Soffice:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        if os.environ.get("KHREPORT_REQUIRE_LIBREOFFICE"):
            pytest.fail("LibreOffice is not installed, and KHREPORT_REQUIRE_LIBREOFFICE is set")
        pytest.skip("skipped: LibreOffice is not installed")
    profile = tmp_path_factory.mktemp("libreoffice").as_uri()
    return Soffice((program, f"-env:UserInstallation={profile}", "--headless", "--norestore"))


JAVASCRIPT = Path(__file__).with_name("js")


@dataclass(frozen=True)
class Node:
    """Node with the packages of tests/js: `node("sheetjs.js", source, target, entries=[...])`."""

    program: str

    def __call__(self, script: str, *arguments: str | Path, entries: object = None) -> str:
        """What the script printed; a test fails where it does, or takes longer than a minute."""
        done = subprocess.run(
            [self.program, str(JAVASCRIPT / script), *map(str, arguments)],
            check=False,
            input=json.dumps(entries),
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            # days are counted where the workbooks are filled
            env={**os.environ, "TZ": "Asia/Ho_Chi_Minh"},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def node() -> Node:
    program = shutil.which("node")
    wanted = json.loads((JAVASCRIPT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    lack = "Node is not installed"
    if program is not None:
        try:
            found = json.loads(Node(program)("versions.js", *wanted))
        except AssertionError:
            lack = "the packages of tests/js are not installed (npm ci --prefix tests/js)"
        else:
            assert found == wanted, "other versions than tests/js/package.json pins"
            return Node(program)
    if os.environ.get("KHREPORT_REQUIRE_NODE"):
        pytest.fail(f"{lack}, and KHREPORT_REQUIRE_NODE is set")
    pytest.skip(f"skipped: {lack}")


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round of the demo, its report and the evidence of that: for tests that only read it."""
    folder = tmp_path_factory.mktemp("thu") / "demo"
    khreport.run_demo_round(folder, lambda _: nullcontext(lambda *_: None), say=lambda _: None)
    khreport.write_report(khreport.open_campaign(folder), evidence=True)
    return folder


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign whose templates were written, for a module's tests to copy."""
    folder = tmp_path_factory.mktemp("dot") / "2024"
    write_templates(init_campaign(folder, "qd1165", "2024"))
    return folder


@pytest.fixture
def campaign(sent: Path, tmp_path: Path) -> Campaign:
    """A copy of it for one test."""
    return open_campaign(shutil.copytree(sent, tmp_path / "dot"))
