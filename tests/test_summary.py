"""The index of the files that were checked: every one has its line, and its links lead there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from small_campaign import mend, put

from khreport.campaign import Campaign
from khreport.cli import main
from khreport.errors import CampaignError
from khreport.verbs.check import check

Row = dict[str, object]
MISSPELT = "da trien khai"
CARRIED_OUT = "Đã triển khai theo kế hoạch năm"


def rows_of(path: Path, sheet: str = "Các tệp") -> Iterator[Row]:
    """The rows by heading; a cell that leads to a file holds where."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(min_row=3)
    heads = [cell.value for cell in next(rows)]
    for row in rows:
        links = [cell.hyperlink and unquote(cell.hyperlink.target) for cell in row]
        yield {
            str(head): link.replace("\\", "/") if link else cell.value
            for head, cell, link in zip(heads, row, links, strict=True)
        }


def head_of(path: Path) -> list[str]:
    return str(openpyxl.load_workbook(path).worksheets[0]["A2"].value).split("\n")


def test_every_file_of_a_folder_has_its_line_with_counts_and_links(
    campaign: Campaign, tmp_path: Path
) -> None:
    folder, index = tmp_path / "nhan ve", tmp_path / "bảng kê" / "kq.xlsx"
    loose = Campaign(folder, campaign.settings)
    folder.mkdir()
    for source in ("good", "faulty"):
        status = CARRIED_OUT if source == "good" else MISSPELT
        put(campaign, f"{source}.xlsx", minute=1, status=status).rename(folder / f"{source}.xlsx")
    (loose.folder / "ghi chú.txt").write_text("Chào", encoding="utf-8")
    check([folder], corrections=tmp_path / "tra lai", summary=index)
    rows = {str(row["Tệp"]): row for row in rows_of(index)}
    assert {name: row["Kết quả"] for name, row in rows.items()} == {
        "faulty.xlsx": "Chưa đạt", "ghi chú.txt": "Không đọc được", "good.xlsx": "Đạt",
    }  # fmt: skip
    faulty = rows["faulty.xlsx"]
    assert (faulty["Cơ quan"], faulty["Ô phải sửa"]) == ("Sở Tư pháp", 1)
    assert faulty["Ngày nhận"] == dt.datetime(2024, 12, 12)  # noqa: DTZ001 - of a cell
    for link in (faulty["Tệp gốc"], faulty["Bản trả lại"]):
        assert (index.parent / str(link)).is_file()
    assert rows["good.xlsx"]["Bản trả lại"] is None
    (told,) = head_of(index)
    assert told == (
        "Đã kiểm tra 3 tệp: 1 đạt; 0 đạt, cần xem lại; 1 chưa đạt; 1 không đọc được. "
        "Có 2 ô phải sửa, 0 ô cần xem lại."
    )
    (fault,) = (r for r in rows_of(index, "Lỗi và lưu ý") if r["Mã"] == "cell.choice_near")
    assert (fault["Các ô"], fault["Mức độ"], fault["Số ô"]) == ("H10", "Phải sửa", 1)


def test_a_campaign_s_index_holds_what_was_checked_before(campaign: Campaign) -> None:
    index = campaign.folder / "bang-ke.xlsx"
    put(campaign, "a.xlsx", minute=1, status=MISSPELT)
    (faulty,) = check([campaign.folder]).files
    mend(faulty.correction, campaign.inbox / "b.xlsx", minute=2, status=CARRIED_OUT)
    check([campaign.folder], summary=index)
    first = list(rows_of(index))
    assert [(row["Tệp"], row["Kết quả"]) for row in first] == [
        ("a.xlsx", "Chưa đạt"), ("b.xlsx", "Đạt"),
    ]  # fmt: skip
    assert first[0]["Tệp mới hơn của cơ quan"] == "b.xlsx"
    assert first[0]["Bản trả lại"] == "tra-lai/STP-qd1165-2024-can-sua-a.xlsx"
    assert first[0]["Tệp gốc"] == "inbox/a.xlsx"
    assert head_of(index)[1] == "Đến nay 1/34 cơ quan có bản nộp đạt."
    assert check([campaign.folder], summary=index).files == ()
    assert list(rows_of(index)) == first


def test_a_file_of_which_nothing_was_kept_has_its_line_too(campaign: Campaign) -> None:
    index = campaign.folder / "bang-ke.xlsx"

    path = put(campaign, "mat.xlsx", minute=1)
    workbook = openpyxl.load_workbook(path)
    workbook["Bìa"]["D2"].value = "MẬT"
    workbook.save(path)
    for _ in range(2):
        check([campaign.folder], summary=index)
        (row,) = rows_of(index)
        assert (row["Tệp"], row["Kết quả"]) == ("mat.xlsx", "Để riêng, có dấu mật")
        (told,) = rows_of(index, "Lỗi và lưu ý")
        assert "mức độ mật" in str(told["Nội dung"])


def test_an_index_may_stand_in_the_folder_that_is_checked(
    campaign: Campaign, tmp_path: Path
) -> None:
    folder = tmp_path / "nhan"
    folder.mkdir()
    put(campaign, "a.xlsx", minute=1).rename(folder / "a.xlsx")
    for _ in range(2):
        result = check([folder], summary=folder / "bang-ke.xlsx")
        assert [file.submission.file for file in result.files] == ["a.xlsx"]


def a_return(campaign: Campaign) -> Path:
    return put(campaign, "a.xlsx", minute=1, result="Đã mở ba hội nghị cho 120 người.")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (lambda c: c.folder, "là thư mục. Hãy ghi tên tệp bảng kê"),
        (lambda c: c.folder / "kq.csv", "Bảng kê là tệp .xlsx"),
        (a_return, "đã có và không phải là bảng kê"),
        (lambda c: c.inbox / "kq.xlsx", "Không ghi bảng kê vào"),
    ],
)
def test_a_place_where_no_index_may_stand_is_refused_before_anything_is_done(
    campaign: Campaign, place: Callable[[Campaign], Path], told: str
) -> None:
    path = put(campaign, "b.xlsx", minute=1)
    index = place(campaign)
    before = index.read_bytes() if index.is_file() else b""
    with pytest.raises(CampaignError, match=told):
        check([campaign.folder], summary=index)
    assert (index.read_bytes() if index.is_file() else b"") == before
    assert path.name in {file.submission.file for file in check([campaign.folder]).files}


def test_the_command_says_where_the_index_is(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    index = campaign.folder / "bang-ke.xlsx"
    put(campaign, "a.xlsx", minute=1)
    assert main(["check", str(campaign.folder), "--summary", str(index)]) == 0
    assert f"Bảng kê: {index}\n" in capsys.readouterr().out
