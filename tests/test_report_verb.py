"""Writing the report again, over what somebody may have changed by hand."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from khreport.campaign import Campaign
from khreport.edges.folder import open_campaign
from khreport.errors import CampaignError
from khreport.verbs.consolidate import consolidate
from khreport.verbs.init import init_campaign
from khreport.verbs.report import write_report
from khreport.verbs.templates import write_templates


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    campaign = init_campaign(tmp_path_factory.mktemp("dot") / "2024", "qd1165", "2024")
    write_templates(campaign)
    consolidate(campaign)
    return campaign


def test_a_draft_as_we_wrote_it_is_replaced(campaign: Campaign) -> None:
    first = write_report(campaign)
    second = write_report(campaign)
    assert (first.path, first.kept, second.kept) == (second.path, None, None)


def test_a_draft_that_was_changed_in_word_is_kept_aside(campaign: Campaign) -> None:
    path = write_report(campaign).path
    assert path is not None
    document = docx.Document(str(path))
    document.add_paragraph("Đoạn do lãnh đạo sửa.")
    document.save(str(path))
    again = write_report(campaign)
    assert again.kept is not None
    assert again.kept.name == "bao-cao-2024-du-thao-da-sua-1.docx"
    kept = docx.Document(str(again.kept)).paragraphs[-1].text
    assert kept == "Đoạn do lãnh đạo sửa."
    assert docx.Document(str(again.path)).paragraphs[-1].text != kept


def test_a_damaged_consolidation_is_told_with_what_to_run(campaign: Campaign) -> None:
    frame = campaign.consolidated / "tasks.parquet"
    whole = frame.read_bytes()
    frame.write_bytes(whole[:100])
    with pytest.raises(CampaignError, match="khreport consolidate"):
        write_report(campaign)
    frame.write_bytes(whole)


def test_a_round_that_was_not_consolidated_is_told_so(tmp_path: Path) -> None:
    campaign = init_campaign(tmp_path / "dot", "qd1165", "2024")
    with pytest.raises(CampaignError, match="khreport templates"):
        write_report(campaign)
    write_templates(campaign)
    with pytest.raises(CampaignError, match="chưa tổng hợp"):
        write_report(campaign)


def test_a_report_is_not_written_from_an_older_consolidation(tmp_path: Path) -> None:
    campaign = init_campaign(tmp_path / "dot", "qd1165", "2024")
    write_templates(campaign)
    consolidate(campaign)
    settings = campaign.folder / "khreport.toml"
    text = settings.read_text(encoding="utf-8").replace('phone = ""', 'phone = "0258 000 0002"')
    settings.write_text(text, encoding="utf-8")
    write_templates(open_campaign(campaign.folder))
    with pytest.raises(CampaignError, match="sau lần tổng hợp cuối"):
        write_report(campaign)
