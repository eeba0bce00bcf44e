"""The round of 2026, whole: today's bodies, the decision's rows, a report without findings."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

import khreport
from khreport.edges.folder import newest_edition, open_campaign
from khreport.edges.shipped import load_plan
from khreport.layout.workbook import workbook_name
from khreport.verbs.consolidated import load_consolidation


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tinh") / "dot-2026"
    khreport.run_demo_round(folder, say=lambda _: None, period="2026")
    return folder


def report_of(folder: Path) -> Path:
    return next((folder / "bao-cao").glob("bao-cao-*.docx"))


def rows_of(report: Path) -> list[tuple[str, str]]:
    """Number and task of each row of the two appendices that mirror the plan's."""
    rows = []
    for table in Document(str(report)).tables:
        header = [cell.text for cell in table.rows[0].cells]
        if header[1] in ("Nội dung thực hiện", "Nhiệm vụ") and "Kết quả thực hiện" in header:
            rows += [(row.cells[0].text, row.cells[1].text) for row in table.rows[1:]]
    return rows


def test_the_report_has_the_rows_of_the_decision_as_in_2024(
    folder: Path, demo_folder: Path
) -> None:
    rows = rows_of(report_of(folder))
    assert rows == rows_of(report_of(demo_folder))
    numbered = [number for number, _ in rows if number.isdecimal()]
    assert len(numbered) == len(load_plan("qd1165").tasks)


def test_the_answers_of_todays_bodies_stand_at_the_decisions_rows(folder: Path) -> None:
    campaign = open_campaign(folder)
    edition = newest_edition(campaign)
    answers = load_consolidation(campaign).answers.filter("asked")
    for task, agency in answers.select("task", "agency").unique().iter_rows():
        assert agency in {key for handover in edition.handed[task] for key in handover.to}


def test_no_workbook_goes_to_a_body_that_is_gone_or_never_got_the_decision(folder: Path) -> None:
    edition = newest_edition(open_campaign(folder))
    assert len(list((folder / "bieu-mau").glob("*.xlsx"))) == len(edition.agencies)
    assert all(agency.valid_to is None for agency in edition.agencies)
    assert {agency.former_province for agency in edition.agencies} == {"", "Khánh Hòa"}


def test_the_report_says_whose_figures_they_are_and_has_no_findings(folder: Path) -> None:
    text = "\n".join(paragraph.text for paragraph in Document(str(report_of(folder))).paragraphs)
    assert "cơ quan hiện nay làm việc đó báo cáo thay" in text
    assert "tính trên địa bàn" in text
    outcomes = khreport.lint_document(report_of(folder)).outcomes
    assert [fault for each in outcomes for fault in each.faults] == []


def test_a_figure_without_its_area_is_asked_about_and_a_row_without_a_figure_is_not(
    folder: Path, tmp_path: Path
) -> None:
    edition = newest_edition(open_campaign(folder))
    book = load_workbook(folder / "bieu-mau" / workbook_name(edition, "stc"))
    sheet = book[edition.form["CT"].sheet]
    columns = {cell.value: cell.column for cell in sheet[1] if cell.value}
    row = next(cell.row for cell in sheet["A"] if cell.value == "CT.grdp_growth")
    sheet.cell(row, columns["estimate_year"], 7.4)
    path = tmp_path / "stc.xlsx"
    book.save(path)
    (file,) = khreport.check([path]).files
    found = [(f.row_key, f.column_key, f.code) for f in file.findings if f.column_key == "scope"]
    assert found == [("CT.grdp_growth", "scope", "form.required_with")]
    sheet.cell(row, columns["scope"], "toàn tỉnh mới")
    book.save(path)
    (file,) = khreport.check([path]).files
    assert not [f for f in file.findings if f.column_key == "scope"]
