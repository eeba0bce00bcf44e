"""What an officer may write into khreport.toml, and what is said where it cannot be."""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from pathlib import Path

import msgspec
import pytest

from khreport.campaign import Mode, Settings
from khreport.edges.folder import open_campaign
from khreport.edges.shipped import (
    load_period_rules,
    load_plan,
    load_working_days,
    shipped_path,
)
from khreport.errors import CampaignError
from khreport.parse.odd_settings import odd_settings
from khreport.parse.settings import TABLES, parse_settings
from khreport.verbs.init import init_campaign, settings_text
from khreport.verbs.templates import shipped_edition

PLAN = load_plan("qd1165")
TEXT = settings_text(PLAN, "qd1165", "2024")
SETTINGS = parse_settings(TEXT, "khreport.toml")
WORKING = load_working_days()
RULES = load_period_rules()


def line_of(beginning: str, text: str = TEXT) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith(beginning))


def refused(old: str, new: str) -> str:
    assert old in TEXT
    with pytest.raises(CampaignError) as caught:
        parse_settings(TEXT.replace(old, new), "khreport.toml")
    message = str(caught.value)
    assert unicodedata.is_normalized("NFC", message)
    assert max(map(len, message.split(". "))) <= 200
    for english in ("Expected", "Invalid", "Object", "unknown", "$"):
        assert english not in message
    return message


def changed(old: str, new: str) -> Settings:
    assert old in TEXT
    return parse_settings(TEXT.replace(old, new), "khreport.toml")


@pytest.mark.parametrize("year", range(PLAN.first_year, PLAN.last_year + 1))
def test_the_settings_that_are_proposed_can_be_used(year: int) -> None:
    text = settings_text(PLAN, "qd1165", str(year)).replace("# issued", "issued")
    settings = parse_settings(text, "khreport.toml")
    assert settings.period == str(year)
    assert list(odd_settings(settings, PLAN, WORKING, RULES)) == []


def test_every_part_of_the_settings_is_read_with_its_lines() -> None:
    parts = {
        field.name: field.type
        for field in msgspec.structs.fields(Settings)
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct)
    }
    assert parts == TABLES


@pytest.mark.parametrize(
    ("old", "new", "at", "told"),
    [
        ("due = 2024-12-13", "due = 13/12/2024", "due", "ghi ngày dạng năm-tháng-ngày"),
        ("due = 2024-12-13", 'due = "mai"', "due", "mục “due”: ghi ngày dạng năm-tháng-ngày"),
        ("due = 2024-12-13", "due = 2024-12-32", "due", "ghi ngày dạng năm-tháng-ngày"),
        ("due = 2024-12-13", "due = 2024-12-13T08:00:00", "due", "ghi ngày dạng năm-tháng-ngày"),
        ('place = "Khánh Hòa"', "place = Khánh Hòa", "place", "không đọc được. Kiểm tra dấu nháy"),
        ("phone =", "contact =", "phone", "mục hoặc phần ở dòng này đã có ở trên"),
        ("[sender]", "[dates]", "[sender]", "mục hoặc phần ở dòng này đã có ở trên"),
        ("due = 2024-12-13", "due = 2024/12/13", "due", "ghi ngày dạng năm-tháng-ngày"),
        ("phone =", "phnoe =", "phone", "không có mục “phnoe”. Có phải “phone”?"),
        ("[dates]", "[date]", "[dates]", "không có mục “date”. Có phải “dates”?"),
        ('period = "2024"', "period = 2024", "period", 'trong dấu nháy: period = "…"'),
        (
            'authority = ["GIÁM ĐỐC"]',
            'authority = "GĐ"',
            "authority",
            "danh sách trong ngoặc vuông",
        ),
        ('signatory = ""', "signatory = 5", "signatory", "chữ đặt trong dấu nháy"),
        ('symbol = "SKHĐT"', "", "[office]", "thiếu mục “symbol”"),
        ("# number = 123", 'number = "12"', "# number", "mục “number” phải là số"),
    ],
)
def test_what_cannot_be_read_is_told_in_vietnamese_with_its_line(
    old: str, new: str, at: str, told: str
) -> None:
    message = refused(old, new)
    assert message.startswith(f"khreport.toml, dòng {line_of(at)}")
    assert told in message


@pytest.mark.parametrize(
    ("old", "new", "at", "told"),
    [
        ('period = "2024"', 'period = "hai"', "period", "“hai”. Hãy ghi như: 2026 (năm), 2026-T03"),
        ('period = "2024"', 'period = "nam 2024"', "period", "2026-Q1 (quý I), 2026-6T (6 tháng"),
        ('period = "2024"', 'period = "٢٠٢٤"', "period", "2022-2025 (giai đoạn)"),
        ('period = "2024"', 'period = "2024-q4"', "period", "Có phải “2024-Q4”?"),
        ('period = "2024"', 'period = "2024-T3"', "period", "Có phải “2024-T03”?"),
        ('period = "2024"', 'period = "2024-Q1"', "closing", "không thuộc quý I năm 2024"),
        ("[dates]", "[dates]\nstart = 2023-10-01", "closing", "“start” quá xa kỳ báo cáo năm 2024"),
        ("[dates]", "[dates]\nend = 2025-01-14", "closing", "từ 2023-12-01 đến 2024-12-31"),
        ('period = "2024"', 'period = "2025"', "closing", "30/11/2024 không thuộc năm 2025"),
        ("closing = 2024-11-30", "closing = 2023-11-30", "closing", "không thuộc năm 2024"),
        ("due = 2024-12-13", "due = 2023-12-13", "due", "quá xa kỳ báo cáo năm 2024"),
        ("due = 2024-12-30", "due = 2042-12-30", "report_due", "từ 2024-01-01 đến 2025-12-31"),
        ("due = 2024-12-30", "due = 2024-12-01", "report_due", "sớm hơn hạn các cơ quan gửi"),
        ("# issued = 2024-12-27", "issued = 2021-12-27", "# issued", "ở mục “issued” quá xa"),
        (
            'name = "Sở Kế hoạch và Đầu tư tỉnh Khánh Hòa"', 'name = " "',
            "name", "mục “name” đang trống. Hãy ghi tên cơ quan nhận báo cáo",
        ),
        ('["Ủy ban nhân dân tỉnh Khánh Hòa"]', "[]", "addressees", "“addressees” đang trống"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_what_to_write(
    old: str, new: str, at: str, told: str
) -> None:
    message = refused(old, new)
    assert message.startswith(f"khreport.toml, dòng {line_of(at)}")
    assert told in message


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        (["KT GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], "“KT GIÁM ĐỐC” ghi quyền hạn ký chưa đúng"),
        (["KT.GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], "“KT.GIÁM ĐỐC” ghi quyền hạn ký chưa đúng"),
        (["T/M ỦY BAN", "CHỦ TỊCH"], "“T/M ỦY BAN” ghi quyền hạn ký kiểu văn bản Đảng"),
        (["KT. GIÁM ĐỐC"], "“KT. GIÁM ĐỐC” dưới dòng “KT.” không có chức vụ cấp phó"),
        (["PHÓ GIÁM ĐỐC", "KT. GIÁM ĐỐC"], "“PHÓ GIÁM ĐỐC” cấp phó ký mà dòng trên không ghi"),
        (["Phó Giám đốc"], "“PHÓ GIÁM ĐỐC” cấp phó ký mà dòng trên không ghi “KT.”"),
    ],
)
def test_an_authority_that_no_document_may_have_is_refused(lines: list[str], wrong: str) -> None:
    message = refused('["GIÁM ĐỐC"]', json.dumps(lines, ensure_ascii=False))
    assert message.startswith(f"khreport.toml, dòng {line_of('authority')}")
    assert wrong in message
    assert message.endswith('ví dụ authority = ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"].')


@pytest.mark.parametrize(
    "lines",
    [
        ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"],
        ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
        ["TM. BAN CHỈ ĐẠO", "TRƯỞNG BAN", "PHÓ CHỦ TỊCH UBND TỈNH"],
        ["Q. GIÁM ĐỐC"],
        ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"],
    ],
)
def test_the_authorities_that_the_decree_knows_are_taken(lines: list[str]) -> None:
    settings = changed('["GIÁM ĐỐC"]', json.dumps(lines, ensure_ascii=False))
    assert settings.office.authority == tuple(lines)


def test_marks_that_the_document_sets_itself_are_taken_off() -> None:
    office = changed(
        'recipients = ["Như trên", "Lưu: VT, TH"]',
        'recipients = ["- Như trên;", " – Lưu: VT, TH..", ""]',
    ).office
    assert office.recipients == ("Như trên", "Lưu: VT, TH")
    office = changed('["Ủy ban nhân dân tỉnh', '["- Tỉnh ủy;", "Kính gửi: UBND tỉnh').office
    assert office.addressees == ("Tỉnh ủy", "UBND tỉnh Khánh Hòa")
    assert changed('place = "Khánh Hòa"', 'place = "Khánh Hòa, "').office.place == "Khánh Hòa"


def test_a_place_in_small_letters_is_refused() -> None:
    message = refused('place = "Khánh Hòa"', 'place = "khánh hòa, "')
    assert message.startswith(f"khreport.toml, dòng {line_of('place')}")
    assert "“khánh hòa” viết thường. Hãy viết hoa, ví dụ Khánh Hòa." in message


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('mode = "one"', "cần đúng một cơ quan ở answering, đang có 0"),
        ('mode = "one"\nanswering = ["snv", "sxd"]', "đang có 2"),
        ('mode = "all"\nanswering = ["snv"]', "nên bỏ dòng answering"),
        ('mode = "representatives"', "cần các cơ quan trả lời ở answering"),
        ('mode = "representatives"\nanswering = ["snv", "snv"]', "“snv” ghi hai lần"),
        ('mode = "tất cả"', "mục “mode” không nhận “tất cả”. Chỉ dùng: one, representatives, all"),
        ('moed = "all"', "không có mục “moed”. Có phải “mode”?"),
        ('answering = ["snv"]', "thiếu mục “mode”"),
    ],
)
def test_a_mode_that_contradicts_itself_is_refused(lines: str, told: str) -> None:
    text = f'{TEXT}\n[group_rows."PL2.VII.1"]\n{lines}\n'
    with pytest.raises(CampaignError) as caught:
        parse_settings(text, "khreport.toml")
    message = str(caught.value)
    assert told in message
    own = range(line_of('[group_rows."PL2.VII.1"]', text), len(text.splitlines()) + 1)
    assert message.startswith(tuple(f"khreport.toml, dòng {n} (nhiệm vụ PL2.VII.1)" for n in own))


def test_a_limit_out_of_bounds_is_told_with_the_command_that_lists_them() -> None:
    text = f"{TEXT}\n[limits]\nfile_mb = 0\n"
    with pytest.raises(CampaignError) as caught:
        parse_settings(text, "khreport.toml")
    assert str(caught.value) == (
        f"khreport.toml, dòng {len(text.splitlines())} (phần [limits]): mục “file_mb” phải là số "
        "lớn hơn 0. Xem tên và giá trị của các giới hạn bằng lệnh: khreport limits"
    )


def test_a_task_s_key_without_quotes_is_told() -> None:
    text = f'{TEXT}\n[group_rows.PL2.VII.1]\nmode = "all"\n'
    with pytest.raises(CampaignError, match="mã đặt trong dấu nháy"):
        parse_settings(text, "khreport.toml")


def test_the_line_of_a_mode_is_the_one_in_its_own_part() -> None:
    text = (
        f'{TEXT}\n[group_rows."PL2.VII.1"]\nmode = "all"\n[group_rows.\'PL2.XI.1\']\nmode = "al"\n'
    )
    with pytest.raises(CampaignError, match=f"dòng {len(text.splitlines())} "):
        parse_settings(text, "khreport.toml")


@pytest.mark.parametrize(
    ("task", "agency", "told"),
    [
        ("pl2.VII.1", "snv", "không có nhiệm vụ “pl2.VII.1”. Có phải “PL2.VII.1”?"),
        ("PL2.VII.1", "snnv", "không có cơ quan “snnv”. Có phải “snv”?"),
        ("PL2.VII.1", "bqp", "Bộ Quốc phòng không nhận biểu của tỉnh"),
    ],
)
def test_a_task_or_agency_that_the_plan_does_not_have_is_told(
    task: str, agency: str, told: str
) -> None:
    mode = Mode(mode="one", answering=(agency,))
    settings = msgspec.structs.replace(SETTINGS, group_rows={task: mode})
    with pytest.raises(CampaignError, match=told.replace("?", r"\?")):
        shipped_edition(settings)


def test_a_year_that_the_plan_does_not_cover_is_told() -> None:
    settings = parse_settings(TEXT.replace("2024", "2031"), "khreport.toml")
    with pytest.raises(CampaignError, match=r"“2031” .* một kỳ từ 2022 đến 2030,"):
        shipped_edition(settings)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("closing = 2024-11-30", "closing = 2024-12-20", "sau hạn gửi (due) 13/12/2024"),
        ("due = 2024-12-13", "due = 2024-12-16", "muộn hơn hạn theo kế hoạch là 13/12/2024"),
        ("due = 2024-12-13", "due = 2024-12-10", "sớm hơn hạn theo kế hoạch là 13/12/2024"),
        (
            "due = 2024-12-13",
            'due_reason = "Công văn số 9"\ndue = 2024-12-08',
            "08/12/2024 là ngày nghỉ cuối tuần",
        ),
        (
            "due = 2024-12-30",
            'due = 2025-01-01\nreport_due_reason = "Công văn số 9"',
            "“report_due” ghi 01/01/2025 là Tết Dương lịch.",
        ),
        ("due = 2024-12-30", "due = 2025-01-10", "“report_due” ghi 10/01/2025, muộn hơn"),
    ],
)  # fmt: skip
def test_what_is_odd_and_yet_possible_is_a_warning(old: str, new: str, told: str) -> None:
    (warning,) = odd_settings(changed(old, new), PLAN, WORKING, RULES)
    assert told in warning
    assert len(warning) <= 200


def test_another_due_day_with_its_reason_is_taken_as_meant() -> None:
    settings = changed("due = 2024-12-13", 'due = 2024-12-18\ndue_reason = "Công văn số 9"')
    assert list(odd_settings(settings, PLAN, WORKING, RULES)) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("before = [0]", "mục “before” phải là số không nhỏ hơn 1"),
        ('after = ["1"]', "mục “after” phải là số"),
        ("days_off = [5]", "mục “days_off” phải là ngày dạng năm-tháng-ngày"),
        ("on_days = true", "không có mục “on_days”. Có phải “on_day”?"),
    ],
)
def test_a_reminder_setting_that_cannot_be_is_told(line: str, told: str) -> None:
    with pytest.raises(CampaignError, match=told.replace("?", r"\?")):
        parse_settings(f"{TEXT}\n[reminders]\n{line}\n", "khreport.toml")


def own_plan(folder: Path) -> Path:
    return shutil.copytree(shipped_path("khreport/plans/qd1165"), folder)


@pytest.mark.parametrize("name", ["kế hoạch {period} \\2024", 'kế hoạch "mới"'])
@pytest.mark.skipif(sys.platform == "win32", reason="skipped: Windows takes no such names")
def test_a_plan_s_path_survives_quotes_backslashes_and_braces(tmp_path: Path, name: str) -> None:
    folder = own_plan(tmp_path / name)
    campaign = init_campaign(tmp_path / "dot", str(folder), "2024")
    assert campaign.settings.plan == str(folder)
    assert open_campaign(campaign.folder).settings == campaign.settings
    assert len(shipped_edition(campaign.settings).agencies) == 34


def test_a_plan_given_by_a_relative_path_is_found_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_plan(tmp_path / "ke-hoach")
    monkeypatch.chdir(tmp_path)
    init_campaign(Path("dot"), "ke-hoach", "2024")
    monkeypatch.chdir(tmp_path.parent)
    settings = open_campaign(tmp_path / "dot").settings
    assert Path(settings.plan) == (tmp_path / "ke-hoach").resolve()
    assert shipped_edition(settings).plan.number == "1165/QĐ-UBND"


def test_a_relative_path_in_the_settings_is_taken_from_the_campaign_s_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = init_campaign(tmp_path / "dot", "qd1165", "2024")
    own_plan(campaign.folder / "ke-hoach")
    file = campaign.folder / "khreport.toml"
    text = file.read_text(encoding="utf-8").replace('plan = "qd1165"', 'plan = "ke-hoach"')
    file.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert shipped_edition(open_campaign(Path("dot")).settings).plan.number == "1165/QĐ-UBND"
