"""What users' own tests and scripts get from `khreport.testing`."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

import khreport
from khreport.errors import CampaignError
from khreport.testing import fill_workbook, make_campaign, make_return

STATUS = ("PL2", "PL2.I.1", "status")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_campaign(tmp_path_factory.mktemp("nho") / "dot", agencies=["stp"]).folder


def template(folder: Path) -> Path:
    return folder / "bieu-mau" / "STP-qd1165-2024.xlsx"


def test_a_small_campaign_writes_only_the_templates_wished_for(folder: Path) -> None:
    assert list((folder / "bieu-mau").iterdir()) == [template(folder)]
    assert len(khreport.read_status(khreport.open_campaign(folder)).agencies) == 34
    with pytest.raises(CampaignError, match="đã có đợt báo cáo"):
        make_campaign(folder)


def test_cells_are_filled_by_their_keys(folder: Path, tmp_path: Path) -> None:
    before = template(folder).read_bytes()
    filled = fill_workbook(template(folder), {STATUS: "Xong"}, tmp_path)
    assert filled == tmp_path / template(folder).name
    assert template(folder).read_bytes() == before
    values = [cell.value for row in load_workbook(filled)["Phụ lục II"] for cell in row]
    assert "Xong" in values
    named = fill_workbook(filled, {STATUS: "Rồi"}, tmp_path / "khac.xlsx")
    assert fill_workbook(named, {STATUS: None}) == named


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (("PL3", "PL2.I.1", "status"), "no form 'PL3'; did you mean 'PL2'?"),
        (("PL2", "PL2.I.11", "status"), "no row 'PL2.I.11'; did you mean 'PL2.I.1'?"),
        (("PL2", "PL2.I.1", "statsu"), "no column 'statsu'; did you mean 'status'?"),
    ],
)
def test_a_key_that_is_not_there_is_told(
    folder: Path, cell: tuple[str, str, str], told: str
) -> None:
    with pytest.raises(ValueError, match=told.replace("?", r"\?")):
        fill_workbook(template(folder), {cell: "Xong"})


def test_returns_pass_or_have_faults_as_wished(folder: Path) -> None:
    campaign = khreport.open_campaign(folder)
    make_return(campaign, "stp", name="sai.xlsx", faults=2)
    (faulty,) = khreport.check([folder]).files
    assert faulty.path.name == "sai.xlsx"
    assert not faulty.accepted
    make_return(campaign, "stp")
    (good,) = khreport.check([folder]).files
    assert good.accepted
    with pytest.raises(ValueError, match="no agency 'stpp'; did you mean 'stp'"):
        make_return(campaign, "stpp")
