"""The charts of a report: counts of the report, told in words too, drawn in black and white."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import docx
import msgspec
import pytest
from conftest import Soffice
from demo_evidence import DemoRound
from lxml import etree
from test_docx import DRAFT, with_body

import khreport
from khreport.cli import main
from khreport.compose.charts import draw_charts
from khreport.compose.cited import cite_evidence, comment_report
from khreport.compose.material import Figure, Material
from khreport.compose.report import compose_material
from khreport.edges.docx import write_report
from khreport.report import Appendix, Chart, Paragraph, Series
from khreport.verbs.report import write_report as write_round_report

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
BARS = Chart(
    caption="Nhiệm vụ theo mục",
    alt="Mục I có 03 nhiệm vụ.",
    categories=("I. Nhận thức", "II. Quy hoạch"),
    series=(Series("Xong", (2, 0)), Series("Chậm", (0, 0)), Series("Khác", (1, 4))),
    height_mm=60,
)


@pytest.fixture(scope="module")
def demo(demo_folder: Path) -> DemoRound:
    return DemoRound(demo_folder)


@pytest.fixture(scope="module")
def material(demo: DemoRound) -> Material:
    return msgspec.structs.replace(demo.material, charts=draw_charts(demo.material))


def chart_roots(path: Path) -> list[Any]:
    with zipfile.ZipFile(path) as package:
        names = sorted(name for name in package.namelist() if "charts/" in name)
        return [etree.fromstring(package.read(name)) for name in names]


def drawn(root: Any) -> dict[str, dict[str, int]]:  # noqa: ANN401 - lxml has no types
    """The numbers in a chart's part, by category and series."""
    bars: dict[str, dict[str, int]] = {}
    for series in root.iter(f"{C}ser"):
        names = [each.findtext(f"{C}v") for each in series.find(f"{C}cat").iter(f"{C}pt")]
        for point in series.find(f"{C}val").iter(f"{C}pt"):
            bar = bars.setdefault(names[int(point.get("idx"))], {})
            bar[series.findtext(f"{C}tx/{C}v")] = int(point.findtext(f"{C}v"))
    return bars


def alternative_texts(path: Path) -> list[str]:
    body = docx.Document(str(path)).element.body
    return [str(text) for text in body.xpath(".//wp:docPr/@descr")]


def told(text: str) -> Counter[int]:
    """The numbers of the parts that an alternative text tells, in brackets or behind a colon."""
    parts = re.findall(r"\(([^()]*\d[^()]*)\)", text) or [text.rpartition(":")[2]]
    return Counter(int(each) for part in parts for each in re.findall(r"\d+", part))


SHOWN = {
    "completed_in_time": "Hoàn thành",
    "completed_late": "Hoàn thành",
    "completed_undated": "Hoàn thành",
    "running_in_time": "Trong hạn",
    "not_started_in_time": "Trong hạn",
    "running_late": "Quá hạn",
    "not_started_late": "Quá hạn",
    "carried_out": "Đã triển khai",
    "partly": "Một phần",
    "not_carried_out": "Chưa triển khai",
    "set_aside": "Khác",
    "secret": "Khác",
    "no_report": "Chưa có báo cáo",
}


def test_the_charts_hold_how_each_task_and_indicator_stands(
    material: Material, tmp_path: Path
) -> None:
    path = tmp_path / "bao-cao.docx"
    write_report(compose_material(material, draft=True), path)
    indicators, dated, recurrent = map(drawn, chart_roots(path))
    for kind, bars in (("dated", dated), ("recurrent", recurrent)):
        stand: dict[str, Counter[str]] = {}
        for task in material.tasks:
            if task.kind == kind:
                section = task.task.section.split(".")[1]
                stand.setdefault(section, Counter())[SHOWN[task.state]] += 1
        assert {name.partition(".")[0]: Counter(bar) for name, bar in bars.items()} == stand
    words = material.outline.states
    assert {name: sum(bar.values()) for name, bar in indicators.items()} == Counter(
        words[result.state] for result in material.indicators
    )


def test_the_alternative_text_of_a_chart_tells_each_of_its_numbers(
    material: Material, tmp_path: Path
) -> None:
    path = tmp_path / "bao-cao.docx"
    write_report(compose_material(material, draft=True), path)
    texts, roots = alternative_texts(path), chart_roots(path)
    assert len(texts) == len(roots) == 3
    for text, root in zip(texts, roots, strict=True):
        parts = text.replace("(số nhiệm vụ)", "").replace("(số chỉ tiêu)", "")
        assert told(parts) == Counter(n for bar in drawn(root).values() for n in bar.values())


def test_a_report_without_charts_differs_by_their_appendix_and_its_announcement_alone(
    demo: DemoRound, material: Material
) -> None:
    plain, charted = demo.report, compose_material(material, draft=True)
    assert charted.appendices[:-1] == plain.appendices
    assert all(isinstance(block, Chart) for block in charted.appendices[-1].blocks)
    pairs = zip(plain.body, charted.body, strict=True)
    ((before, after),) = [(one, other) for one, other in pairs if one != other]
    assert isinstance(before, Paragraph)
    assert isinstance(after, Paragraph)
    (announced,) = after.runs
    assert announced.text == (f"{before.runs[0].text} Biểu đồ tổng hợp nêu tại Phụ lục V kèm theo.")


def test_where_nothing_is_counted_nothing_is_drawn(material: Material) -> None:
    figures = {id_: Figure(id_, ()) for id_ in material.figures}
    bare = msgspec.structs.replace(material, figures=figures, charts=())
    assert draw_charts(bare) == ()
    assert "charts" not in bare.extra_appendices


def test_indicators_are_drawn_only_where_some_are_measured_against_their_plan(
    material: Material,
) -> None:
    assert material.charts[0].categories[:3] == ("Vượt", "Đạt", "Chưa đạt")
    unmeasured = {"indicators.planned": Figure("indicators.planned", ())}
    part_of_year = msgspec.structs.replace(material, figures=material.figures | unmeasured)
    assert draw_charts(part_of_year) == material.charts[1:]


def test_a_section_without_tasks_of_the_kind_has_no_bar(material: Material) -> None:
    for chart in material.charts:
        sums = [sum(column) for column in zip(*(s.counts for s in chart.series), strict=True)]
        assert len(sums) == len(chart.categories)
        assert all(sums)


def test_the_evidence_of_a_chart_is_cited_with_its_place(
    demo: DemoRound, material: Material
) -> None:
    report = compose_material(material, draft=True)
    cited = cite_evidence(report, demo.evidence)
    places = cited.records["tasks.PL2.III.recurrent.carried_out"].places
    assert any(place.startswith("Biểu đồ: biểu đồ “Nhiệm vụ thường xuyên") for place in places)
    commented = comment_report(report, demo.evidence).appendices[-1].blocks
    assert all(isinstance(chart, Chart) and "Nguồn:" in chart.comment for chart in commented)


def test_charts_are_numbered_through_the_document_and_captions_stand_in_the_middle(
    tmp_path: Path,
) -> None:
    appendices = (Appendix(title="Một", blocks=(BARS, BARS)), Appendix(title="Hai", blocks=(BARS,)))
    report = msgspec.structs.replace(DRAFT, appendices=appendices)
    write_report(report, tmp_path / "bao-cao.docx")
    document = docx.Document(str(tmp_path / "bao-cao.docx"))
    captions = [p for p in document.paragraphs if p.text.startswith("Biểu đồ")]
    assert [p.text for p in captions] == [f"Biểu đồ {n}. Nhiệm vụ theo mục" for n in (1, 2, 3)]
    assert {str(p.alignment) for p in captions} == {"CENTER (1)"}
    properties = document.element.body.xpath(".//wp:docPr")
    assert [(p.get("id"), p.get("name")) for p in properties] == [
        (str(n), f"Biểu đồ {n}") for n in (1, 2, 3)
    ]


def test_a_series_of_noughts_is_left_out_and_the_others_keep_their_look(tmp_path: Path) -> None:
    path = tmp_path / "bao-cao.docx"
    write_report(with_body(BARS), path)
    (root,) = chart_roots(path)
    assert drawn(root) == {
        "I. Nhận thức": {"Xong": 2, "Khác": 1},
        "II. Quy hoạch": {"Khác": 4},
    }
    first, _, last = BARS.series
    whole = msgspec.structs.replace(BARS, series=(first, Series("Chậm", (1, 1)), last))
    write_report(with_body(whole), path)
    (other,) = chart_roots(path)
    assert looks(root)["Khác"] == looks(other)["Khác"]
    assert len(set(looks(other).values())) == 3


def looks(root: Any) -> dict[str, bytes]:  # noqa: ANN401 - lxml has no types
    """How each series is filled."""
    return {
        series.findtext(f"{C}tx/{C}v"): etree.tostring(series.find(f"{C}spPr"))
        for series in root.iter(f"{C}ser")
    }


def test_charts_know_black_and_white_alone(material: Material, tmp_path: Path) -> None:
    path = tmp_path / "bao-cao.docx"
    write_report(compose_material(material, draft=True), path)
    for root in chart_roots(path):
        assert {each.get("val") for each in root.iter(f"{A}srgbClr")} == {"000000", "FFFFFF"}
        assert not list(root.iter(f"{A}schemeClr"))
        assert {each.get("typeface") for each in root.iter(f"{A}latin")} == {"Times New Roman"}


def test_the_same_charts_are_the_same_bytes(material: Material, tmp_path: Path) -> None:
    report = compose_material(material, draft=True)
    for name in ("mot.docx", "hai.docx"):
        write_report(report, tmp_path / name)
    assert (tmp_path / "mot.docx").read_bytes() == (tmp_path / "hai.docx").read_bytes()


def test_letters_that_a_document_cannot_hold_are_left_out(tmp_path: Path) -> None:
    odd = msgspec.structs.replace(BARS, categories=("I\x01", "II"), alt="Một\x02 hai")
    write_report(with_body(odd), tmp_path / "bao-cao.docx")
    assert alternative_texts(tmp_path / "bao-cao.docx") == ["Một hai"]


@pytest.fixture(scope="module")
def charted(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the round whose report was written with charts."""
    folder = tmp_path_factory.mktemp("bieu-do") / "demo"
    shutil.copytree(demo_folder, folder)
    written = write_round_report(khreport.open_campaign(folder), charts=True, evidence=True)
    assert written.path is not None
    return folder


def test_the_checker_finds_nothing_in_a_report_with_charts(charted: Path) -> None:
    path = charted / "bao-cao" / "bao-cao-2024-du-thao.docx"
    assert len(chart_roots(path)) == 3
    outcomes = khreport.lint_document(path).outcomes
    assert [outcome for outcome in outcomes if outcome.faults] == []


def test_a_trace_names_the_chart_of_the_last_report(charted: Path) -> None:
    found = khreport.trace(khreport.open_campaign(charted), "indicators.indicator_met")
    assert any("biểu đồ" in place for record in found.records for place in record.places)


def test_libreoffice_shows_the_bars_with_names_numbers_and_legend(
    tmp_path: Path, soffice: Soffice
) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("skipped: pdftotext is not installed")
    appendix = Appendix(title="Biểu đồ", blocks=(BARS,))
    report = msgspec.structs.replace(DRAFT, appendices=(appendix,))
    write_report(report, tmp_path / "bao-cao.docx")
    pdf = soffice.convert(tmp_path / "bao-cao.docx", "pdf", tmp_path)
    printed = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    )
    *_, page = printed.stdout.split("\f")[:-1]
    lines = [" ".join(line.split()) for line in page.splitlines() if line.strip()][4:]
    assert lines == [
        "I. Nhận thức 2 1",
        "II. Quy hoạch 4",
        "Xong Khác",
        "Biểu đồ 1. Nhiệm vụ theo mục",
        "./.",
    ]


def test_an_agency_s_own_report_has_no_charts(
    charted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(charted), "--agency", "SYT", "--charts"]) == 2
    assert "Hãy bỏ --charts." in capsys.readouterr().err


def test_the_command_draws_charts(charted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = charted / "bao-cao" / "bao-cao-2024-du-thao.docx"
    assert main(["report", str(charted)]) == 0
    assert chart_roots(path) == []
    assert main(["report", str(charted), "--charts"]) == 0
    assert len(chart_roots(path)) == 3
    assert "Đã viết báo cáo" in capsys.readouterr().out
