"""`khreport rules`: the table, its page, and what is wrong with cards that an official edited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from khreport.campaign import Campaign
from khreport.cli import main
from khreport.edges.shipped import load_forms, load_rules, shipped_files, shipped_path
from khreport.errors import CampaignError
from khreport.verbs.rules import check_cards, list_rules, rules_page

ROOT = Path(__file__).parents[1]
CARDS = shipped_files("validation")["van-ban.toml"]


def complaints(folder: Path, *changes: tuple[str, str], text: str = CARDS) -> list[str]:
    """What is said of the shipped cards on documents, changed."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "van-ban.toml").write_text(text, encoding="utf-8")
    return list(check_cards(folder).complaints)


def test_the_page_of_rules_is_the_one_that_the_cards_make() -> None:
    page = (ROOT / "docs/quy-tac.md").read_text(encoding="utf-8")
    assert page == rules_page(), "run: khreport rules --markdown > docs/quy-tac.md"


def test_the_contributors_page_names_the_command_that_writes_it() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "khreport rules --markdown > docs/quy-tac.md" in page


def test_every_shipped_card_stands_in_the_table() -> None:
    listed = {line.id for line in list_rules()}
    assert listed >= {rule.id for rule in load_rules(load_forms())}
    assert {line.sheet for line in list_rules(form="pl2")} == {"Phụ lục II"}


def test_an_unknown_form_is_told_with_those_that_there_are() -> None:
    with pytest.raises(CampaignError, match=r"Không có biểu “PL9”.*PL2 \(Phụ lục II\)"):
        list_rules(form="PL9")


def test_the_shipped_cards_are_without_fault() -> None:
    checked = check_cards(shipped_path("validation"))
    assert checked.complaints == ()
    assert checked.count == len(load_rules(load_forms()))


def test_every_faulty_card_is_told_not_only_the_first(tmp_path: Path) -> None:
    assert complaints(
        tmp_path,
        ('kind = "required"', 'kind = "requird"'),
        ('columns = ["issued_on"]', 'columns = ["issued_an"]'),
    ) == [
        (
            "van-ban.toml, dòng 7 (quy tắc VB-01): mục “kind” không nhận “requird”. "
            "Có phải “required”?"
        ),
        "van-ban.toml, dòng 22 (quy tắc VB-02): không có cột “issued_an”. Có phải “issued_on”?",
    ]


def test_an_example_that_proves_nothing_is_told_at_its_line(tmp_path: Path) -> None:
    assert complaints(
        tmp_path,
        ('good = { symbol = "12/KH-SXD", issued', 'good = { symbol = "", issued'),
        ('bad = { issued_on = "" }', "bad = { issued_on = 2024-03-06 }"),
    ) == [
        (
            "van-ban.toml, dòng 15 (quy tắc VB-01): ví dụ “good” lại bị chính quy tắc này báo. "
            "Sửa ví dụ hoặc quy tắc."
        ),
        (
            "van-ban.toml, dòng 29 (quy tắc VB-02): ví dụ “bad” không bị quy tắc này báo. "
            "Sửa ví dụ hoặc quy tắc."
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("Ghi ngày/tháng/năm, ví dụ {example}.", "Ghi ngày. " * 20, "câu báo cho cơ quan có thể"),
        ("issued_on = 2024-03-05", 'issued_on = "hôm nay"', "không đúng kiểu của cột."),
        ('id = "VB-02"', 'id = "VB-01"', "mã “VB-01” đã dùng cho quy tắc khác."),
        ('limit = "period.end"', "limit = 5", "giới hạn này không phải là số"),
        ('["symbol", "issued_on"]', "[]", "ghi ít nhất một cột"),
        ('form = "VB"', 'form = "VN"', "không có biểu “VN”. Chỉ dùng: BIA, CT,"),
        ("{limit}", "{limits}", "không có chỗ thay trong câu “limits”. Có phải “limit”?"),
        ('kind = "unique"', 'kind = "unique"\nsince = "x"', "mục “since” cần cho “change_limit”"),
        ('"row.begun" = ["yes"]', '"sheet.PL2" = ["empty"]', "không có cột “sheet.PL2”."),
        (
            '[[rules]]\nid = "VB-01"',
            '[[rule]]\nid = "VB-01"',
            "không có mục “rule”. Có phải “rules”?",
        ),
    ],
)
def test_what_is_wrong_with_a_card_is_told_with_file_and_line(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    told = complaints(tmp_path, (old, new))
    assert complaint in told[0]
    assert told[0].startswith("van-ban.toml, dòng ")


def test_two_files_that_share_an_id_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(CARDS, encoding="utf-8")
    told = complaints(tmp_path)
    assert "van-ban.toml, dòng 6 (quy tắc VB-01): mã “VB-01” đã dùng ở tệp khác" in told[0]


def test_a_file_that_is_no_text_is_told_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe\xfa")
    assert complaints(tmp_path) == ["a.toml: không đọc được chữ; lưu lại tệp ở mã UTF-8."]


def test_a_campaigns_folder_stands_for_its_own_cards(campaign: Campaign) -> None:
    campaign.cards.mkdir()
    (campaign.cards / "rieng.toml").write_text(CARDS, encoding="utf-8")
    assert check_cards(campaign.folder).complaints == ()


def test_a_folder_without_cards_is_told(tmp_path: Path) -> None:
    with pytest.raises(CampaignError, match=r"không có tệp quy tắc \(\.toml\)"):
        check_cards(tmp_path)


def test_the_command_prints_the_table_and_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "--form", "VB"]) == 0
    assert "VB-30 (Cần xem lại). Số, ký hiệu; Ngày ban hành" in capsys.readouterr().out
    assert main(["rules", "--form", "VB", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rules"][-1]["id"] == "VB-40"
    complaints(tmp_path, ('form = "VB"', 'form = "VN"'))
    assert main(["rules", "check", str(tmp_path)]) == 1
    assert "có 1 chỗ phải sửa" in capsys.readouterr().out
    assert main(["rules", "--json", "check", str(tmp_path)]) == 1
    assert len(json.loads(capsys.readouterr().out)["complaints"]) == 1


def test_a_round_without_cards_of_its_own_is_told_where_they_go(campaign: Campaign) -> None:
    with pytest.raises(CampaignError, match="chưa có quy tắc riêng"):
        check_cards(campaign.folder)
