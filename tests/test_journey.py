"""A whole round, from the decision's tables to the Word report, as the demo runs it."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
import openpyxl
import polars as pl
import pytest
from conftest import Soffice

import khreport
from khreport.compose.report import compose_report
from khreport.consolidation import Edits
from khreport.demo.returns import plan_returns
from khreport.demo.round import SEED, run_demo_round
from khreport.edges.docx import write_report as write_document
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Ledger
from khreport.edges.shipped import load_outline
from khreport.errors import KhreportError
from khreport.parse.outline import slots_of
from khreport.parse.plan import export_plan
from khreport.report import Paragraph
from khreport.verbs.consolidated import load_consolidation
from khreport.verbs.progress import Progress

LONG_ENOUGH = 25
"""A text of so many letters is its writer's own."""


WHOSE = r"khreport:qd1165:[^:]+:([^:<]+):"


def read_parts(path: Path) -> str:
    """All that stands in any part of a workbook."""
    with zipfile.ZipFile(path) as parts:
        return html.unescape("".join(parts.read(n).decode("utf-8") for n in parts.namelist()))


class Steps:
    """What the demo showed of its progress: the words of each step, and how far it came."""

    def __init__(self) -> None:
        self.done: dict[str, tuple[int, int]] = {}

    @contextmanager
    def show(self, words: str) -> Iterator[Progress]:
        def progress(done: int, total: int, _: str) -> None:
            self.done[words] = (done, total)

        yield progress


@pytest.fixture(scope="module")
def steps() -> Steps:
    return Steps()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, steps: Steps) -> Path:
    folder = tmp_path_factory.mktemp("thu") / "demo"
    assert run_demo_round(folder, steps.show).folder == folder
    return folder


@pytest.fixture(scope="module")
def tasks(demo: Path) -> pl.DataFrame:
    return pl.read_parquet(demo / "tong-hop" / "tasks.parquet")


def test_each_step_showed_its_progress_to_the_end(demo: Path, steps: Steps) -> None:
    assert (demo / "bieu-mau").is_dir()
    assert set(steps.done) == {"Ghi biểu mẫu", "Điền biểu", "Kiểm tra", "Tổng hợp"}
    assert all(done == total > 0 for done, total in steps.done.values())


def test_every_file_that_the_demo_names_is_there(demo: Path) -> None:
    assert len(list((demo / "bieu-mau").glob("*.xlsx"))) == 34
    corrections = [path.name for path in (demo / "tra-lai").glob("*.xlsx")]
    assert sum("-can-sua" in name for name in corrections) == 5
    assert all("-can-sua" in name or "-can-xem-lai" in name for name in corrections)
    for name in ("tong-hop/tong-hop.xlsx", "tong-hop/bien-tap.xlsx"):
        assert (demo / name).stat().st_size > 10_000
    assert (demo / "bao-cao" / "bao-cao-2024-du-thao.docx").stat().st_size > 20_000


def test_no_file_that_goes_out_holds_what_only_another_agency_wrote(demo: Path) -> None:
    edition = newest_edition(khreport.open_campaign(demo))
    cells = pl.read_parquet(demo / "tong-hop" / "cells.parquet").filter(
        pl.col("value").str.len_chars() >= LONG_ENOUGH
    )
    writers: dict[str, set[str]] = {}
    for agency, value in cells.select("agency", "value").iter_rows():
        writers.setdefault(value, set()).add(agency)
    printed = json.dumps(export_plan(edition.plan), ensure_ascii=False)
    own = {v: who for v, who in writers.items() if len(who) == 1 and v not in printed}
    assert len({agency for agencies in own.values() for agency in agencies}) > 20
    said: dict[str, str] = {}
    for path in (demo / "inbox").glob("*.xlsx"):
        text = read_parts(path)
        for agency in re.findall(WHOSE, text)[:1]:
            said[agency] = said.get(agency, "") + text
    for path in (*(demo / "bieu-mau").glob("*.xlsx"), *(demo / "tra-lai").glob("*.xlsx")):
        text = read_parts(path)
        (agency,) = set(re.findall(WHOSE, text))
        assert edition.plan.agency[agency].abbreviation == path.name.partition("-qd1165")[0]
        theirs = [v for v, who in own.items() if v in text and who != {agency}]
        assert [v for v in theirs if v not in said.get(agency, "")] == [], path.name


def test_every_return_is_judged_as_it_was_made(demo: Path) -> None:
    campaign = khreport.open_campaign(demo)
    edition = khreport.templates(campaign).edition
    script = plan_returns(edition, SEED)
    with Ledger(campaign.state / "ledger.sqlite") as ledger:
        accepted = {event.agency for event in ledger.events("accepted")}
        rejected = {event.agency for event in ledger.events("rejected")}
    assert accepted == {r.agency for r in script if r.kind in ("on time", "late", "mended")}
    assert rejected == {r.agency for r in script if r.kind == "faulty"}


def test_all_114_tasks_are_there_whoever_answered(tasks: pl.DataFrame) -> None:
    assert tasks.height == 114
    assert tasks["task"].n_unique() == 114
    counts = dict(tasks.group_by("kind").len().iter_rows())
    assert counts == {"target": 11, "dated": 25, "recurrent": 78}


def test_an_answer_is_found_at_the_cell_that_is_named_for_it(demo: Path) -> None:
    cells = pl.read_parquet(demo / "tong-hop" / "cells.parquet")
    store = demo / ".khreport" / "store"
    results = cells.filter(pl.col("form") == "PL2", pl.col("column") == "result")
    assert results.height > 80
    for row in results.sample(25, seed=1).iter_rows(named=True):
        stored = store / row["submission"][:2] / row["submission"]
        with stored.open("rb") as file:
            sheet = openpyxl.load_workbook(file)[row["sheet"]]
            # some agencies type decomposed letters; frames hold composed ones
            written = unicodedata.normalize("NFC", str(sheet[row["cell"]].value))
        assert " ".join(written.split()) == " ".join(str(row["value"]).split())


def test_the_counts_in_the_report_are_those_of_the_frames(demo: Path, tasks: pl.DataFrame) -> None:
    document = docx.Document(str(demo / "bao-cao" / "bao-cao-2024-du-thao.docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    dated = tasks.filter(pl.col("kind") == "dated")["timeliness"].value_counts()
    count = dict(dated.iter_rows())
    told = re.search(r"Phụ lục II có 25 nhiệm vụ có thời hạn, trong đó: (.*?)\.", text)
    assert told is not None
    assert f"{count['completed_in_time']:02} đã hoàn thành đúng hạn" in told[1]
    assert f"{count['completed_late']:02} đã hoàn thành nhưng chậm" in told[1]
    recurrent = tasks.filter(pl.col("kind") == "recurrent", pl.col("timeliness") == "carried_out")
    assert f"{recurrent.height:02} đã triển khai theo kế hoạch năm" in text


def test_the_body_of_the_report_has_eight_pages_at_most_with_all_its_passages_written(
    demo: Path, tmp_path: Path, soffice: Soffice
) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("skipped: pdftotext is not installed")
    campaign, outline = khreport.open_campaign(demo), load_outline()
    consolidation, edition = load_consolidation(campaign), newest_edition(campaign)
    passage = "Ủy ban nhân dân tỉnh đã tổ chức hội nghị quán triệt, ban hành văn bản chỉ đạo, "
    said = dict.fromkeys([key for key, _ in slots_of(outline)], passage * 4)
    ids = [*consolidation.proposals["id"], *consolidation.adjustments["id"]]
    opinions = dict.fromkeys(ids, "Thống nhất, đề nghị cơ quan có thẩm quyền xem xét trong năm")
    edits = Edits(slots=said, opinions=opinions)
    report = compose_report(edition, consolidation, edits, campaign.settings, outline, draft=False)
    paragraphs = [block for block in report.body if isinstance(block, Paragraph)]
    longest = max(len("".join(run.text for run in block.runs).split()) for block in paragraphs)
    assert longest <= 150
    write_document(report, tmp_path / "bao-cao.docx")
    pdf = soffice.convert(tmp_path / "bao-cao.docx", "pdf", tmp_path)
    printed = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    )
    pages = printed.stdout.split("\f")
    first_appendix = next(
        n for n, page in enumerate(pages) if page.lstrip().startswith("Phụ lục I")
    )
    assert 5 <= first_appendix <= 8
    front = next(n for n, page in enumerate(pages) if "I. CÔNG TÁC LÃNH ĐẠO" in page)
    assert front <= 1, "what leaders must see begins on the first page and ends on the second"


def test_a_final_report_is_refused_while_a_passage_is_open(demo: Path) -> None:
    campaign = khreport.open_campaign(demo)
    refused = khreport.write_report(campaign, final=True)
    assert refused.path is None
    assert len(refused.open_slots) > 4
    assert not (demo / "bao-cao" / "bao-cao-2024.docx").exists()


def test_what_the_officer_writes_reaches_the_report_and_survives(demo: Path) -> None:
    campaign = khreport.open_campaign(demo)
    path = campaign.editing_file
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Nội dung báo cáo"]
    columns = {sheet.cell(1, c).value: c for c in range(1, sheet.max_column + 1)}
    place = next(c for key, c in columns.items() if not sheet.cell(6, c).protection.locked and key)
    row = next(r for r in range(2, sheet.max_row + 1) if not sheet.cell(r, place).protection.locked)
    sheet.cell(row, place).value = "UBND tỉnh đã tổ chức 03 hội nghị quán triệt."
    workbook.save(path)
    before = len(khreport.write_report(campaign).open_slots)
    khreport.consolidate(campaign)
    written = khreport.write_report(campaign)
    assert len(written.open_slots) == before
    document = docx.Document(str(written.path))
    assert any(
        "đã tổ chức 03 hội nghị quán triệt" in paragraph.text for paragraph in document.paragraphs
    )


def test_a_folder_with_something_in_it_is_left_alone(demo: Path, steps: Steps) -> None:
    before = sorted(path.name for path in demo.iterdir())
    with pytest.raises(KhreportError, match="không trống"):
        run_demo_round(demo, steps.show)
    assert sorted(path.name for path in demo.iterdir()) == before
