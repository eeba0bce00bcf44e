"""The contact list: what an officer may write there, and what is said where it cannot be."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import openpyxl
import pytest

from khreport.campaign import Campaign
from khreport.contacts import ContactList, is_address
from khreport.edges.folder import newest_edition
from khreport.edges.shipped import load_plan
from khreport.errors import CampaignError
from khreport.parse.contacts import csv_rows, parse_contacts
from khreport.verbs.contacts import read_contacts

AGENCIES = load_plan("qd1165").agencies
HEADING = "Cơ quan,Người liên hệ,E-mail,Đồng gửi (cc),Điện thoại\n"


def read(text: str) -> ContactList:
    return parse_contacts("lien-he.csv", csv_rows("lien-he.csv", text), AGENCIES)


def refused(text: str) -> list[str]:
    with pytest.raises(CampaignError) as caught:
        read(text)
    lines = str(caught.value).split("\n")
    for line in lines:
        assert unicodedata.is_normalized("NFC", line)
        assert max(map(len, line.split(". "))) <= 200
    return lines


@pytest.mark.parametrize("called", ["sxd", "SXD", "Sở Xây dựng", "sở xây  dựng", "Sở XD"])
def test_an_agency_is_known_by_key_abbreviation_or_name(called: str) -> None:
    assert read(f"{HEADING}{called},,a@sxd.example,,").contacts["sxd"].emails == ("a@sxd.example",)


def test_a_row_has_a_person_several_addresses_and_a_phone() -> None:
    row = "Sở Y tế,Lê Thị Bé,a@syt.example; b@syt.example,b@syt.example c@syt.example,0258 1"
    contact = read(HEADING + row).contacts["syt"]
    assert contact.person == "Lê Thị Bé"
    assert contact.emails == ("a@syt.example", "b@syt.example")
    assert contact.cc == ("c@syt.example",)
    assert contact.phone == "0258 1"
    assert contact.line == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_are_parted_as_the_spreadsheet_program_parts_them(delimiter: str) -> None:
    text = delimiter.join(["Ghi chú", "E-mail", "Cơ quan"]) + "\n"
    text += delimiter.join(["gọi trước", "a@sct.example", "SCT"])
    assert read(text).contacts["sct"].emails == ("a@sct.example",)


def test_all_that_is_wrong_is_told_at_once_each_with_its_line() -> None:
    told = refused(
        HEADING
        + "Sở Xây dựn,,a@sxd.example,,\n"
        + "SCT,,a@sct.example,,\n"
        + "\n"
        + "Sở Công Thương,,b@sct.example,,\n"
        + "SYT,,văn.thư@syt.example,,\n"
        + "STC,,a@stc,,\n"
        + ",,a@b.example,,\n"
        + "SNV,,,c@snv.example,\n"
        + "Bộ Y tế,,a@byt.example,,\n"
    )
    assert [line.split(":")[0] for line in told] == [
        *(f"lien-he.csv, dòng {n}" for n in (2, 5, 6, 7, 8, 9, 10)),
        "lien-he.csv",
    ]
    assert told[-1] == "lien-he.csv: tất cả 7 chỗ sai."
    assert "không có cơ quan “Sở Xây dựn”. Có phải “Sở Xây dựng”?" in told[0]
    assert "Sở Công Thương đã có ở dòng 3" in told[1]
    assert "“văn.thư@syt.example” không phải địa chỉ e-mail" in told[2]
    assert "“a@stc” không phải địa chỉ e-mail" in told[3]
    assert "chưa ghi cơ quan" in told[4]
    assert "cột “E-mail” trống" in told[5]
    assert "không có cơ quan “Bộ Y tế”" in told[6]


def test_an_agency_without_an_address_is_told_with_its_line() -> None:
    found = read(HEADING + "SCT,,a@sct.example,,\nSXD,Lê Văn Tám,,,\n")
    agency = {each.key: each for each in AGENCIES}
    assert found.reachable("sxd") is None
    assert found.tell_missing(agency["sxd"]).startswith("lien-he.csv, dòng 3: Sở Xây dựng chưa có")
    assert "chưa có Sở Y tế" in found.tell_missing(agency["syt"])
    assert found.reachable("sct")


def test_an_address_of_two_agencies_is_doubted() -> None:
    found = read(HEADING + "SCT,,a@sct.example,,\nSXD,,A@sct.example,,\n")
    (warning,) = found.warnings
    assert warning.startswith(
        "lien-he.csv, dòng 3: A@sct.example cũng là địa chỉ của Sở Công Thương"
    )
    assert found.agencies_of("a@SCT.example") == ("sct", "sxd")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "không thấy dòng tiêu đề"),
        ("Cơ quan,Điện thoại\nSXD,1", "không thấy dòng tiêu đề có cột “Cơ quan” và “E-mail”"),
        ("Cơ quan,E-mail,Email\nSXD,a@b.example,c@d.example", "có hai cột “E-mail”"),
        (HEADING + '"SXD,,a@b.example,,\n', "dòng 2: không đọc được"),
    ],
)
def test_a_list_that_cannot_be_read_is_told(text: str, told: str) -> None:
    assert told in refused(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "a@b.example\r\nBcc: c@d.example", "a@b.example,c@d.example", "Lê Văn <a@b.example>",
        "a b@c.example", "a@b", "a@-b.example", ".a@b.example", "a..b@c.example", "a@b..example",
        "@b.example", "a@", "a@1.2.3.4", "x" * 65 + "@b.example", "á@b.example", "",
        "a@" + "b" * 60 + ("." + "c" * 60) * 4 + ".example",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_none(text: str) -> None:
    assert not is_address(text)


def test_the_list_of_a_new_campaign_is_filled_in_and_read(campaign: Campaign) -> None:
    path = campaign.folder / "lien-he.xlsx"
    edition = newest_edition(campaign)
    empty = read_contacts(campaign, edition)
    assert set(edition.asked) <= set(empty.contacts)
    assert not any(map(empty.reachable, edition.asked))
    book = openpyxl.load_workbook(path)
    sheet = book.active
    row = next(r for r in sheet.iter_rows(min_row=4) if r[0].value == "Sở Tài chính")
    notes = {r[0].value: r[6].value for r in sheet.iter_rows(min_row=4)}
    assert notes["Sở Kế hoạch và Đầu tư"] == "Nơi nhận báo cáo, không gửi thư"
    assert notes["Sở Tài chính"] is None
    assert sum("không chủ trì nhiệm vụ nào" in (note or "") for note in notes.values()) == len(
        empty.contacts
    ) - len(edition.asked)
    row[2].value, row[4].value = "a@stc.example", 905123456
    book.save(path)
    contact = read_contacts(campaign, edition).reachable("stc")
    assert contact
    assert (contact.emails, contact.line) == (("a@stc.example",), row[0].row)
    assert contact.phone == "905123456"


def test_a_campaign_without_a_list_gets_an_empty_one(campaign: Campaign) -> None:
    edition = newest_edition(campaign)
    (campaign.folder / "lien-he.xlsx").unlink()
    with pytest.raises(CampaignError, match=r"Chưa có danh sách liên hệ\. Đã tạo .*lien-he\.xlsx"):
        read_contacts(campaign, edition)
    assert set(read_contacts(campaign, edition).contacts) == set(edition.asked)


def test_one_list_is_enough(campaign: Campaign) -> None:
    (campaign.folder / "lien-he.csv").write_text(HEADING, encoding="utf-8")
    with pytest.raises(CampaignError, match="Chỉ giữ một danh sách"):
        read_contacts(campaign, newest_edition(campaign))


def test_a_list_in_another_encoding_is_told(campaign: Campaign) -> None:
    (campaign.folder / "lien-he.xlsx").unlink()
    Path(campaign.folder, "lien-he.csv").write_bytes("Đơn vị".encode("utf-16"))
    with pytest.raises(CampaignError, match="không ở mã UTF-8"):
        read_contacts(campaign, newest_edition(campaign))


def test_an_address_is_read_as_mail_programs_copy_it() -> None:
    row = "SCT,,Phạm Văn A <sct@khanhhoa.example>; b@sct.example,Văn thư <c@sct.example>,"
    contact = read(HEADING + row).contacts["sct"]
    assert contact.emails == ("sct@khanhhoa.example", "b@sct.example")
    assert contact.cc == ("c@sct.example",)


def test_a_cell_is_complained_of_once_with_its_column() -> None:
    (told,) = refused(HEADING + "SCT,,Phạm Văn A,a@sct.example,\n")
    assert "dòng 2: cột “E-mail”: “Phạm” không phải địa chỉ e-mail" in told


def test_both_ways_of_writing_and_name_the_same_agency() -> None:
    assert read(f"{HEADING}Sở Kế hoạch & Đầu tư,,a@skhdt.example,,").reachable("skhdt")
