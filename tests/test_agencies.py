"""`khreport agencies`: the table, its page in the guide, and what is still to be confirmed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from khreport.agency_table import agencies_page, agency_table
from khreport.campaign import Campaign
from khreport.cli import main
from khreport.edges.shipped import load_plan, load_register, plan_text
from khreport.parse.succession import parse_register
from khreport.succession import Change, Fate, Register
from khreport.verbs.agencies import check_agencies, list_agencies
from khreport.verbs.init import init_campaign

ROOT = Path(__file__).parents[1]
PLAN = load_plan("qd1165")


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return init_campaign(tmp_path / "dot", "qd1165", "2026")


def names(register: Register, agency: str) -> list[str]:
    table = agency_table(PLAN, register)
    return [body.agency for line in table.agencies if line.agency == agency for body in line.today]


def test_the_guides_table_is_the_one_that_the_code_reads() -> None:
    page = (ROOT / "docs/co-quan.md").read_text(encoding="utf-8")
    made = agencies_page(list_agencies("qd1165"))
    assert page == made, "run: khreport agencies --markdown > docs/co-quan.md"
    contributors = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "khreport agencies --markdown > docs/co-quan.md" in contributors
    assert "](co-quan.md)" in (ROOT / "docs/huong-dan.md").read_text(encoding="utf-8")


def test_the_table_names_every_body_once_with_basis_and_confidence() -> None:
    table = list_agencies("qd1165")
    assert [line.agency for line in table.agencies] == [a.key for a in PLAN.agencies if a.answers]
    for line in table.agencies:
        known = line.fate is not None
        assert bool(line.basis) == bool(line.since) == bool(line.confidence) == known, line.agency
        assert bool(line.today) == (line.fate != "abolished"), line.agency
        assert line.assumed or line.confidence != "pattern", line.agency


def test_the_table_follows_a_body_through_several_changes() -> None:
    def change(of: str, how: Fate, into: list[str], year: int) -> Change:
        return Change(
            of=(of,), how=how, into=tuple(into), since=dt.date(year, 1, 1), basis=f"NQ {year}",
            confidence="stated",
        )  # fmt: skip

    register = Register(
        changes=(
            change("sdl", "split", ["sct", "syt"], 2025),
            change("syt", "renamed", ["stp"], 2026),
            change("sxd", "split", ["sxd", "syt"], 2025),
        )
    )
    table = {line.agency: line for line in agency_table(PLAN, register).agencies}
    assert [body.agency for body in table["sdl"].today] == ["sct", "stp"]
    assert (table["sdl"].fate, table["sdl"].since) == ("split", dt.date(2025, 1, 1))
    assert table["sdl"].basis == "NQ 2025; NQ 2026"
    assert names(register, "sxd") == ["sxd", "stp"]
    assert names(register, "snv") == ["snv"]


def test_what_is_copied_out_of_the_check_settles_it(campaign: Campaign) -> None:
    checked = check_agencies(campaign)
    assert checked.to_confirm
    text = "\n".join([*(each.block for each in checked.to_confirm), checked.block])
    text = text.replace("số …", "số 12/NQ-HĐND")
    campaign.agencies_file.write_text(text, encoding="utf-8")
    after = check_agencies(campaign)
    assert (after.to_confirm, after.without_source, after.block) == ((), (), "")
    own = parse_register(text, "co-quan.toml", PLAN, load_register("qd1165"))
    before = load_register("qd1165")
    for agency in PLAN.agencies:
        for row in (None, *PLAN.task, *PLAN.indicator):
            for day in (dt.date(2024, 12, 13), dt.date(2026, 12, 14)):
                stood = before.follow(agency.key, day, row)
                assert own.follow(agency.key, day, row).agencies == stood.agencies


def test_the_check_lists_the_rows_that_nobody_answers_until_they_are_decided(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["agencies", "check", str(campaign.folder)]) == 1
    out = capsys.readouterr().out
    assert "Chưa có cơ quan trả lời: PL2.V.6, Thực hiện có hiệu quả Đề án" in out
    assert "  Cơ quan không còn: UBND thành phố Nha Trang\n" in out
    assert '  "sngv",  # Sở Ngoại vụ\n' in out
    text = plan_text("qd1165", "vi-du-co-quan.toml")
    campaign.agencies_file.write_text(text, encoding="utf-8")
    assert main(["agencies", "check", str(campaign.folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["undecided"] == []


def test_groups_count_the_communes_that_an_officer_declared(campaign: Campaign) -> None:
    def members() -> dict[str, int]:
        return {group.key: group.members for group in check_agencies(campaign).groups}

    assert members() == {"@xa-khanh-hoa-cu": 1, "@xa-ninh-thuan-cu": 0}
    with campaign.agencies_file.open("a", encoding="utf-8") as file:
        file.write(
            '\n[[agency]]\nkey = "xa-mau"\nname = "UBND xã Mẫu"\nshort = "UBND xã Mẫu"\n'
            'abbreviation = "UBND-XAMAU"\nkind = "commune"\nformer_province = "Ninh Thuận"\n'
        )
    assert members() == {"@xa-khanh-hoa-cu": 1, "@xa-ninh-thuan-cu": 1}


def test_the_command_prints_the_table_of_the_plan_or_of_a_round(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["agencies"]) == 0
    out = capsys.readouterr().out
    assert "Sở Kế hoạch và Đầu tư\n  nay: Sở Tài chính (hợp nhất, sáp nhập, 01/3/2025)\n" in out
    campaign.agencies_file.write_text(
        '[[change]]\nof = ["sngv"]\nhow = "merged"\nsince = 2025-03-01\ninto = ["vpubnd"]\n'
        'basis = "Nghị quyết minh họa"\nconfidence = "stated"\n',
        encoding="utf-8",
    )
    assert main(["agencies", str(campaign.folder), "--json"]) == 0
    lines = json.loads(capsys.readouterr().out)["agencies"]
    line = next(line for line in lines if line["agency"] == "sngv")
    assert line["today"] == [{"agency": "vpubnd", "name": "Văn phòng Ủy ban nhân dân tỉnh"}]
    assert main(["agencies", "a", "b"]) == 2
    assert "không hiểu: b" in capsys.readouterr().err


def test_an_own_file_that_cannot_be_used_is_told_with_its_line(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign.agencies_file.write_text('[[change]]\nof = ["snvv"]\n', encoding="utf-8")
    assert main(["agencies", "check", str(campaign.folder)]) == 2
    assert "co-quan.toml, dòng 1" in capsys.readouterr().err
