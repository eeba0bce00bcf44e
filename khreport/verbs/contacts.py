"""The contact list of a campaign: read, and written empty for the officer to fill in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from khreport.agencies import Agency
from khreport.campaign import Campaign
from khreport.contacts import ContactList
from khreport.edges.reader import Reader
from khreport.edges.xlsx import write_book
from khreport.edition import Edition
from khreport.errors import CampaignError, KhreportError
from khreport.layout.contacts import lay_out_contact_list
from khreport.parse.contacts import Row, csv_rows, parse_contacts, sheet_rows
from khreport.read.identify import tell_problems
from khreport.verbs.letters import own_agency

CONTACT_FILES = ("lien-he.xlsx", "lien-he.csv")
"""The contact list is one of these, in the campaign's folder."""
UNASKED = "Không gửi biểu (không chủ trì nhiệm vụ nào)"
OWN = "Nơi nhận báo cáo, không gửi thư"


def read_contacts(campaign: Campaign, edition: Edition) -> ContactList:
    """Whom to write to at each agency. Where there is no list yet, an empty one is written.

    Raises:
        CampaignError: there was no list, there are two, or something in it is wrong.
        KhreportError: the file cannot be read or written.

    """
    found = [path for name in CONTACT_FILES if (path := campaign.folder / name).is_file()]
    if not found:
        path = write_contact_list(campaign, edition, edition.agencies)
        raise CampaignError(
            f"Chưa có danh sách liên hệ. Đã tạo {path}: hãy điền e-mail của từng cơ quan "
            "rồi chạy lại."
        )
    if len(found) > 1:
        raise CampaignError(
            f"Thư mục “{campaign.folder}” có cả {' và '.join(CONTACT_FILES)}. "
            "Chỉ giữ một danh sách liên hệ."
        )
    (path,) = found
    return parse_contacts(path.name, _rows(path, campaign), edition.plan.agencies)


def known_contacts(campaign: Campaign, edition: Edition) -> ContactList | None:
    """The contacts, if there is a list of them that can be used."""
    if not any((campaign.folder / name).is_file() for name in CONTACT_FILES):
        return None
    try:
        return read_contacts(campaign, edition)
    except KhreportError:
        return None


def _rows(path: Path, campaign: Campaign) -> list[Row]:
    if path.suffix == ".csv":
        try:
            return csv_rows(path.name, path.read_bytes().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise CampaignError(
                f"Tệp {path.name} không ở mã UTF-8. Trong Excel, hãy lưu tệp dạng .xlsx, "
                "hoặc “CSV UTF-8”."
            ) from None
        except OSError as error:
            raise CampaignError(
                f"Không mở được tệp {path.name}. Hãy đóng tệp trong chương trình khác rồi chạy lại."
            ) from error
    with Reader(campaign.settings.limits) as reader:
        raw = reader.read(path)
    for problem in tell_problems(raw, path.name):
        raise CampaignError(str(problem))
    return sheet_rows(next(sheet for sheet in raw.sheets if sheet.visibility == "visible"))


def write_contact_list(campaign: Campaign, edition: Edition, agencies: Iterable[Agency]) -> Path:
    """A new list in the folder, with the agencies' names and nobody to write to yet."""
    path = campaign.folder / CONTACT_FILES[0]
    agencies = tuple(agencies)
    notes = {each.key: UNASKED for each in agencies if each.key not in edition.asked}
    own = own_agency(campaign, edition)
    write_book(lay_out_contact_list(agencies, notes | {own: OWN}), path)
    return path
