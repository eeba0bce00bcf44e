from __future__ import annotations

import msgspec
import openpyxl
from small_campaign import put

from khreport.campaign import Campaign
from khreport.verbs.take_in import take_in


def kept_of(campaign: Campaign) -> list[str]:
    """What the store holds: of a file that was set aside, the sentence that says so."""
    files = [f for f in (campaign.state / "store").rglob("*") if f.is_file()]
    accounts = [msgspec.json.decode(f.read_bytes()) for f in files]
    return [message for account in accounts for message in account["errors"]]


def test_a_file_that_bears_a_secrecy_mark_is_set_aside_and_not_kept(campaign: Campaign) -> None:
    path = put(campaign, "a.xlsx", minute=1)
    workbook = openpyxl.load_workbook(path)
    workbook["Phụ lục II"]["S10"].value = "TỐI MẬT"
    workbook.save(path)
    (checked,) = take_in(campaign)
    assert [finding.code for finding in checked.findings] == ["file.secret"]
    assert checked.correction is None
    assert kept_of(campaign) == [str(checked.findings[0])]
    assert path.is_file()
    assert take_in(campaign) == []
    assert kept_of(campaign) == [str(checked.findings[0])]
