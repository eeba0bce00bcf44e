from __future__ import annotations

import openpyxl
from small_campaign import put

from khreport.campaign import Campaign
from khreport.verbs.take_in import take_in


def test_a_file_that_bears_a_secrecy_mark_is_set_aside_and_not_kept(campaign: Campaign) -> None:
    path = put(campaign, "a.xlsx", minute=1)
    workbook = openpyxl.load_workbook(path)
    workbook["Phụ lục II"]["S10"].value = "TỐI MẬT"
    workbook.save(path)
    (checked,) = take_in(campaign)
    assert [finding.code for finding in checked.findings] == ["file.secret"]
    assert checked.correction is None
    assert not [f for f in (campaign.state / "store").rglob("*") if f.is_file()]
    assert path.is_file()
    assert take_in(campaign) == []
    assert not [f for f in (campaign.state / "store").rglob("*") if f.is_file()]
