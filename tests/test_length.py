"""How long a report is on paper: its body has at most eight pages, whatever there is to tell."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import msgspec
import polars as pl
import pytest
from conftest import Soffice
from demo_evidence import DemoRound

from khreport.compose.cited import cite_evidence
from khreport.compose.evidence import gather_evidence
from khreport.compose.length import MOST_PAGES, count_pages
from khreport.compose.report import compose_material, prepare_material
from khreport.consolidation import Edits
from khreport.edges.docx import write_report
from khreport.edges.shipped import load_outline
from khreport.evidence import Source
from khreport.report import Paragraph
from khreport.verbs.consolidated import load_consolidation


def test_a_body_in_which_everything_is_late_is_shortened_to_eight_pages(
    demo_folder: Path, soffice: Soffice, tmp_path: Path
) -> None:
    """Sections name fewer tasks, and what is left out is cited, not lost."""
    if shutil.which("pdftotext") is None:
        pytest.skip("skipped: pdftotext is not installed")
    demo = DemoRound(demo_folder)
    last = dt.date(demo.edition.plan.last_year + 1, 12, 31)
    period = msgspec.structs.replace(demo.edition.period, closing=last, end=last)
    why = "Công tác giải phóng mặt bằng chậm, nguồn vốn bố trí chưa đủ, thủ tục qua nhiều khâu"
    answers = load_consolidation(demo.campaign).answers.with_columns(
        difficulty=pl.lit(why), completed_on=pl.lit(None, dtype=pl.Date)
    )
    written = "Các cơ quan, đơn vị, địa phương đã triển khai đồng bộ các nhiệm vụ được giao. " * 9
    edits = Edits(
        slots={slot.key: written for slot in demo.material.outline.slot},
        statuses={t.key: "in_progress" for t in demo.edition.plan.tasks if t.kind == "dated"},
    )
    material = prepare_material(
        msgspec.structs.replace(demo.edition, period=period),
        msgspec.structs.replace(load_consolidation(demo.campaign), answers=answers),
        edits,
        demo.campaign.settings,
        load_outline(),
    )
    assert material.count("tasks.plan.dated.overdue") > 20
    whole = msgspec.structs.replace(material, outline=load_outline())
    assert count_pages(compose_material(whole, draft=True).body) > MOST_PAGES
    report = compose_material(material, draft=True)
    assert count_pages(report.body) == MOST_PAGES
    passages = {("passage", key): demo_source(text) for key, text in edits.slots.items()}
    cited = cite_evidence(report, gather_evidence(material, {}, passages)).records
    unsaid = [record for id_, record in cited.items() if id_.endswith(".causes.rest")]
    assert unsaid
    assert all(ground.words for record in unsaid for ground in record.grounds)
    assert any(record.sources for record in unsaid)
    body = "\n".join(
        "".join(run.text for run in block.runs)
        for block in report.body
        if isinstance(block, Paragraph)
    )
    assert "nhiệm vụ khác (chi tiết tại Phụ lục II)" in body
    path = tmp_path / "muon.docx"
    write_report(report, path)
    assert pages_before_appendices(soffice.convert(path, "pdf", tmp_path)) <= MOST_PAGES


def demo_source(text: str) -> Source:
    return Source(
        agency="", name="Người biên tập", column="passage", heading="Nội dung", value=text,
        file="bien-tap.xlsx", digest="", sheet="Nội dung báo cáo", cell="C4",
    )  # fmt: skip


def pages_before_appendices(pdf: Path) -> int:
    told = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True)
    pages = told.stdout.split("\f")
    return next(at for at, page in enumerate(pages) if "Phụ lục I" in page.splitlines())
