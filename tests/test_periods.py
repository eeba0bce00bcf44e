"""Kinds of periods: their keys, names, windows of data and due days, and whole rounds of them."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import docx
import msgspec
import pytest
from composed_round import SETTINGS, TOURISM, collect
from mini_round import small_edition

import khreport
from khreport.campaign import Campaign, Dates
from khreport.compose.cited import cite_evidence
from khreport.compose.evidence import gather_evidence
from khreport.compose.report import compose_material, prepare_material
from khreport.consolidation import Edits
from khreport.demo.round import run_demo_round
from khreport.edges.folder import newest_edition, open_campaign
from khreport.edges.shipped import (
    load_outline,
    load_period_rules,
    load_plan,
    load_working_days,
    shipped_path,
)
from khreport.errors import CampaignError, PlanError
from khreport.parse.odd_settings import odd_settings
from khreport.parse.periods import parse_period_rules
from khreport.parse.settings import parse_settings
from khreport.period_words import YEAR_WORDS, words_of
from khreport.periods import KEYS_TOLD, read_key
from khreport.plan import Plan
from khreport.rows import form_rows
from khreport.testing import make_campaign, make_return
from khreport.verbs.init import default_settings, settings_text
from khreport.verbs.lint import lint
from khreport.verbs.previous import tell_incomparable
from khreport.verbs.templates import campaign_edition, shipped_edition
from khreport.windows import covered_key, make_period, propose_days

PLAN = load_plan("qd1165")
RULES, WORKING = load_period_rules(), load_working_days()
LATER = msgspec.structs.replace(PLAN, first_year=2022, duties=())
"""The plan as it would be if its decision named no day on which to report."""

CAME = dt.datetime(2024, 12, 10, 9, tzinfo=dt.UTC)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def proposed(key: str, plan: Plan = PLAN) -> list[str]:
    found = propose_days(plan, read_key(key), RULES, WORKING)
    days = (found.start, found.end, found.closing, found.due, found.report_due)
    return [str(each.day) if each else "" for each in days]


@pytest.mark.parametrize(
    ("typed", "key", "name", "first", "last"),
    [
        ("2026", "2026", "Năm 2026", "2026-01-01", "2026-12-31"),
        ("2026-T03", "2026-T03", "Tháng 3 năm 2026", "2026-03-01", "2026-03-31"),
        ("2024-t2", "2024-T02", "Tháng 2 năm 2024", "2024-02-01", "2024-02-29"),
        ("2026-T12", "2026-T12", "Tháng 12 năm 2026", "2026-12-01", "2026-12-31"),
        (" 2026-q1 ", "2026-Q1", "Quý I năm 2026", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "2026-Q4", "Quý IV năm 2026", "2026-10-01", "2026-12-31"),
        ("2026-6T", "2026-6T", "6 tháng đầu năm 2026", "2026-01-01", "2026-06-30"),
        ("2026-9t", "2026-9T", "9 tháng năm 2026", "2026-01-01", "2026-09-30"),
        ("2022-2025", "2022-2025", "Giai đoạn 2022-2025", "2022-01-01", "2025-12-31"),
    ],
)
def test_a_key_says_its_name_and_days(
    typed: str, key: str, name: str, first: str, last: str
) -> None:
    found = read_key(typed)
    assert (found.text, found.name) == (key, name)
    assert (found.first, found.last) == (day(first), day(last))
    assert ":" not in found.text


@pytest.mark.parametrize(
    "typed",
    [
        "", "hai", "26", "2026-", "2026-T00", "2026-T13", "2026-Q0", "2026-Q5", "2026-3T", "2026Q1",
        "2026:Q1", "Q1-2026", "2025-2022", "2025-2025", "٢٠٢٤", "2026-Q٣", "3026", "2026-6T-9T",
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused_with_all_forms(typed: str) -> None:
    with pytest.raises(CampaignError) as caught:
        read_key(typed)
    assert str(caught.value).endswith(f"Hãy ghi như: {KEYS_TOLD}.")
    assert max(map(len, str(caught.value).split(". "))) <= 200


@pytest.mark.parametrize("typed", ["2021", "2031-Q1", "2021-2025", "2022-2031"])
def test_a_period_that_the_plan_does_not_cover_is_refused(typed: str) -> None:
    with pytest.raises(CampaignError, match="Hãy ghi một kỳ từ 2022 đến 2030, ví dụ 2022"):
        covered_key(PLAN, typed)


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        ("2026-T01", "2025-12-15", "2026-01-14"),
        ("2026-T03", "2026-02-15", "2026-03-14"),
        ("2026-Q1", "2025-12-15", "2026-03-14"),
        ("2026-Q2", "2026-03-15", "2026-06-14"),
        ("2026-Q4", "2026-09-15", "2026-12-14"),
        ("2026-6T", "2025-12-15", "2026-06-14"),
        ("2026-9T", "2025-12-15", "2026-09-14"),
    ],
)
def test_windows_of_2026_are_those_of_the_decree(key: str, start: str, end: str) -> None:
    """NĐ 09/2019, Điều 12; nine months by QĐ 01/2023 of the province."""
    assert proposed(key)[:3] == [start, end, end]


def test_a_year_has_the_decree_s_window_where_the_plan_names_no_earlier_day() -> None:
    # 14/12/2026 is a Monday; two working days later, and the 25th (NĐ 09/2019, Điều 13)
    assert proposed("2026", LATER) == [
        "2025-12-15", "2026-12-14", "2026-12-14", "2026-12-16", "2026-12-25",
    ]  # fmt: skip


def test_a_plan_s_own_due_day_goes_before_a_window_that_leaves_no_working_day() -> None:
    # "trước ngày 15/12" is Friday 13/12/2024: the window would close a day after it
    assert proposed("2024") == ["", "", "2024-11-30", "2024-12-13", "2024-12-30"]
    closing = propose_days(PLAN, read_key("2024"), RULES, WORKING).closing
    assert closing.why.endswith("(cần xác nhận: Quyết định không quy định)")


@pytest.mark.parametrize(
    ("key", "due", "report_due"),
    [
        ("2026-Q1", "2026-03-17", "2026-03-25"),  # closes on a Saturday
        ("2026-6T", "2026-06-16", "2026-06-25"),  # closes on a Sunday
        ("2026-9T", "2026-09-16", "2026-09-25"),
        ("2023-T01", "2023-01-17", "2023-01-19"),  # the 25th is Tết: from 20/01 to 26/01/2023
        ("2024-T02", "2024-02-16", "2024-02-23"),  # closes on the last day of Tết; 25/02 a Sunday
        ("2024-Q3", "2024-09-17", "2024-09-25"),
        ("2026-T01", "2026-01-16", "2026-01-23"),
        ("2022-2025", "2025-12-02", "2025-12-25"),  # 30/11/2025 is a Sunday
    ],
)
def test_due_days_leap_over_days_off(key: str, due: str, report_due: str) -> None:
    assert proposed(key)[3:] == [due, report_due]


def test_a_duty_of_one_task_binds_no_round() -> None:
    assert [duty.key for duty in PLAN.duties if duty.frequency == "half_year"] == ["half_year"]
    assert proposed("2026-6T")[3] == "2026-06-16"  # not before 15/6, as that duty has it
    told = propose_days(PLAN, read_key("2026-6T"), RULES, WORKING).due.why
    assert told.endswith("cần xác nhận)")


def test_a_year_is_frozen_as_it_was_before_there_were_other_kinds() -> None:
    dates = Dates(closing=day("2024-11-30"), due=day("2024-12-13"), report_due=day("2024-12-30"))
    assert msgspec.json.encode(make_period(PLAN, "2024", dates)).decode() == (
        '{"key":"2024","name":"Năm 2024","start":"2024-01-01","end":"2024-12-31",'
        '"closing":"2024-11-30","due":"2024-12-13","report_due":"2024-12-30"}'
    )
    assert make_period(PLAN, "2022-2025", dates).kind == "mid_term"
    assert make_period(PLAN, "2022-2030", dates).kind == "whole"


@pytest.mark.parametrize("key", ["2024-T03", "2024-Q1", "2024-6T", "2024-9T", "2022-2025"])
def test_the_settings_that_are_proposed_can_be_used(key: str) -> None:
    settings = default_settings(PLAN, "qd1165", key)
    assert settings.period == key
    assert list(odd_settings(settings, PLAN, WORKING, RULES)) == []


def test_a_window_of_one_s_own_asks_for_its_reason() -> None:
    text = settings_text(PLAN, "qd1165", "2024-Q1")
    other = text.replace("closing = 2024-03-14", "closing = 2024-03-10")
    (told,) = odd_settings(parse_settings(other, "khreport.toml"), PLAN, WORKING, RULES)
    assert told.startswith("Mục “closing” ghi 10/3/2024, khác ngày 14/3/2024 theo quy định.")
    reason = other.replace("# window_reason", "window_reason")
    settings = parse_settings(reason, "khreport.toml")
    assert list(odd_settings(settings, PLAN, WORKING, RULES)) == []
    period = shipped_edition(settings).period
    assert period.closing < period.end == day("2024-03-14")


def test_a_tet_of_which_no_notice_is_known_is_told() -> None:
    settings = default_settings(PLAN, "qd1165", "2026-T02")
    (told,) = odd_settings(settings, PLAN, WORKING, RULES)
    assert told.startswith("Lịch nghỉ Tết Âm lịch năm 2026 cần xác nhận")


def test_a_slip_in_the_file_of_windows_is_told_with_its_line() -> None:
    path = shipped_path("khreport/plans/ky-bao-cao.toml")
    text = path.read_text(encoding="utf-8").replace("opens = 15", "open = 15", 1)
    line = text.splitlines().index("open = 15") + 1
    with pytest.raises(PlanError, match=f"ky-bao-cao.toml, dòng {line} .*Có phải “opens”"):
        parse_period_rules(text, path.name)
    for each in RULES.windows.values():
        assert each.source


@pytest.mark.parametrize("key", ["2024", "2024-T12", "2024-Q4", "2024-6T", "2024-9T", "2022-2024"])
def test_every_text_of_forms_and_rules_has_words_for_the_period(key: str) -> None:
    edition = shipped_edition(default_settings(PLAN, "qd1165", key))
    texts = msgspec.json.encode([edition.forms, edition.rules]).decode()
    assert [name for name in YEAR_WORDS if f"{{{name}}}" in texts] == []
    assert ("cả năm" in texts) == (key == "2024")
    headings = {column.key: column.heading for column in edition.form["CT"].columns}
    words = words_of(read_key(key))
    assert headings["estimate_year"] == f"Ước thực hiện {words['whole_period']}"
    assert headings["ratio"] == f"{words['Share_told']} so với {words['ratio_base']} (%)"


@pytest.mark.parametrize(
    ("key", "following", "asked"),
    [
        ("2024", "năm 2025", "năm sau"),
        ("2024-T12", "tháng 1 năm 2025", "tháng 1 năm sau"),
        ("2024-Q2", "quý III năm 2024", "quý III"),
        ("2024-Q4", "quý I năm 2025", "quý I năm sau"),
        ("2024-6T", "6 tháng cuối năm 2024", "6 tháng cuối năm"),
        ("2024-9T", "quý IV năm 2024", "quý IV"),
        ("2022-2025", "giai đoạn tiếp theo", "giai đoạn sau"),
    ],
)
def test_what_comes_after_a_period_has_its_name(key: str, following: str, asked: str) -> None:
    words = words_of(read_key(key))
    assert (words["next_period"], words["period_after"]) == (following, asked)


def round_of(place: Path, key: str, agency: str) -> Campaign:
    """A round of that period which one agency has answered, consolidated."""
    campaign = make_campaign(place / key, period=key, agencies=[agency])
    make_return(campaign, agency)
    (file,) = khreport.check([campaign.folder]).files
    assert file.accepted
    khreport.consolidate(campaign)
    return campaign


def test_a_period_of_another_kind_hands_on_answers_but_no_figures(tmp_path: Path) -> None:
    year = round_of(tmp_path, "2023", "sdl")
    later = khreport.init(tmp_path / "quy", "qd1165", "2024-Q1")
    edition = campaign_edition(later, year.folder)
    assert edition.previous is not None
    assert edition.previous.name == "Năm 2023"
    rows = form_rows(edition, "sdl", edition.form["CT"])
    assert [row.given for row in rows if row.given] == []
    assert any(row.given for row in form_rows(edition, "sdl", edition.form["PL2"]))
    assert tell_incomparable(edition) == (
        "Số liệu chỉ tiêu của kỳ năm 2023 không ghi sẵn vào biểu quý I năm 2024: không phải số của "
        "cùng kỳ năm trước nên không so sánh được."
    )


def test_the_same_quarter_of_the_year_before_hands_on_its_figures(tmp_path: Path) -> None:
    quarter = round_of(tmp_path, "2023-Q1", "sdl")
    later = khreport.init(tmp_path / "quy", "qd1165", "2024-Q1")
    edition = campaign_edition(later, quarter.folder)
    rows = form_rows(edition, "sdl", edition.form["CT"])
    assert any("previous_reported" in row.given for row in rows)
    assert tell_incomparable(edition) == ""


def test_a_period_that_is_not_over_when_the_next_begins_is_no_earlier_one(tmp_path: Path) -> None:
    quarter = round_of(tmp_path, "2024-Q1", "sdl")
    for key in ("2024", "2024-6T", "2024-T03", "2022-2024"):
        later = khreport.init(tmp_path / f"sau-{key}", "qd1165", key)
        with pytest.raises(CampaignError, match=r"là kỳ quý I năm 2024, không trước kỳ "):
            campaign_edition(later, quarter.folder)
    assert campaign_edition(khreport.init(tmp_path / "q2", "qd1165", "2024-Q2"), quarter.folder)


def test_a_form_of_another_quarter_is_told_by_its_name(tmp_path: Path) -> None:
    first = make_campaign(tmp_path / "q1", period="2024-Q1", agencies=["stp"])
    second = make_campaign(tmp_path / "q2", period="2024-Q2", agencies=["stp"])
    path = make_return(first, "stp")
    (alone,) = khreport.check([path]).files
    assert alone.accepted
    (file,) = khreport.check([path], campaign=second.folder).files
    (told,) = [str(f) for f in file.findings if f.code == "file.other_period"]
    assert "Biểu thuộc kỳ báo cáo khác (quý I năm 2024); kỳ này là quý II năm 2024." in told


def tell(folder: Path) -> tuple[str, list[list[str]]]:
    """The running text of the report in a campaign's folder, and the header rows of its tables."""
    (path,) = (folder / "bao-cao").glob("*.docx")
    document = docx.Document(str(path))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    return text.replace("\xa0", " "), [
        [cell.text for cell in table.rows[0].cells] for table in document.tables
    ]


def check_lint(folder: Path) -> None:
    (path,) = (folder / "bao-cao").glob("*.docx")
    broken = [(each.rule.id, each.faults) for each in lint(path).outcomes if each.faults]
    assert broken == []


def test_a_whole_round_of_a_quarter(tmp_path: Path) -> None:
    folder = tmp_path / "quy"
    done = run_demo_round(folder, say=lambda _: None, period="2024-Q3")
    assert done.agencies["accepted"] > done.agencies["faulty"] + done.agencies["missing"]
    edition = newest_edition(open_campaign(folder))
    assert (edition.period.kind, edition.period.year) == ("quarter", 2024)
    text, headers = tell(folder)
    assert "quý III năm 2024 (Quyết định số 1165/QĐ-UBND)" in text
    assert "(số liệu từ ngày 15/6/2024 đến ngày 14/9/2024) như sau:" in text
    assert "NHIỆM VỤ TRỌNG TÂM QUÝ IV NĂM 2024" in text.upper()
    # a quarter is told in per cent of the year's plan, and judged by none
    (table,) = [header for header in headers if "Kế hoạch năm 2024" in header and len(header) == 8]
    assert table[4:7] == [
        "Thực hiện từ đầu năm đến 14/9", "Thực hiện quý III", "So với kế hoạch năm (%)",
    ]  # fmt: skip
    assert "chưa đánh giá đạt hay chưa đạt kế hoạch năm vì chưa hết năm" in text
    assert "chỉ tiêu có kế hoạch năm ước" not in text
    assert re.search(r"[{}]|cả năm(?! 2024)", text) is None
    check_lint(folder)


def test_a_whole_round_of_a_mid_term(tmp_path: Path) -> None:
    folder = tmp_path / "giua-ky"
    run_demo_round(folder, say=lambda _: None, period="2022-2024")
    assert newest_edition(open_campaign(folder)).period.kind == "mid_term"
    text, headers = tell(folder)
    assert "giai đoạn 2022-2024 (Quyết định số 1165/QĐ-UBND)" in text
    assert "ước thực hiện cả giai đoạn) như sau:" in text
    (table,) = [header for header in headers if "Mục tiêu giai đoạn 2022-2024" in header[3:4]]
    assert table[5:7] == ["Ước thực hiện cả giai đoạn", "So với mục tiêu (%)"]
    assert re.search(r"chỉ tiêu có mục tiêu giai đoạn ước đạt", text)
    assert re.search(r"[{}]|cả năm|(?:có|theo|với) kế hoạch năm", text) is None
    check_lint(folder)


@pytest.mark.parametrize(
    ("key", "plan", "state"),
    [
        ("2024", 9, "indicator_met"),
        ("2024-9T", 9, "indicator_under_way"),
        # the decision's target of 2025 stands, not what was typed beside the figure
        ("2022-2025", 11, "indicator_below"),
        ("2022-2024", 9, "indicator_met"),
    ],
)
def test_each_kind_is_measured_against_its_own_plan(key: str, plan: float, state: str) -> None:
    year = key[-4:] if key.startswith("2022") else "2024"
    days = Dates(
        closing=day(f"{year}-08-31"), due=day(f"{year}-09-02"), report_due=day(f"{year}-09-25")
    )
    small = small_edition()
    edition = msgspec.structs.replace(small, period=make_period(small.plan, key, days))
    typed = {("CT.visitors", "plan_year"): 9, ("CT.visitors", "estimate_year"): 9}
    found = collect(tourism={**TOURISM, **typed})
    material = prepare_material(edition, found, Edits(), SETTINGS, load_outline())
    (result,) = material.indicators
    assert (result.row["plan_year"], result.state) == (plan, state)
    cited = cite_evidence(
        compose_material(material, draft=True), gather_evidence(material, {"hash-sdl": CAME}, {})
    ).records
    (ground,) = cited["CT.visitors.plan_year"].grounds
    assert bool(ground.sources) == (plan == 9)
    assert ground.basis == (
        "" if plan == 9 else "Mục tiêu “11 triệu lượt”, Quyết định số 1/QĐ-UBND"
    )


def test_a_due_day_that_may_fall_on_days_off_not_known_yet_says_so() -> None:
    def due(period: str) -> str:
        lines = settings_text(load_plan("qd1165"), "qd1165", period).splitlines()
        return next(line for line in lines if line.startswith("due"))

    assert due("2026-T02").endswith("có thể trùng Tết Âm lịch, lịch nghỉ cần xác nhận")
    assert "Tết" not in due("2024-T02")
    assert "Tết" not in due("2026-T03")
