from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


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
