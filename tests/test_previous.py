"""A second year beside the first: what was reported stands, what was completed is closed."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import polars as pl
import pytest
from two_years import (
    CLOSED_WORDS,
    DONE,
    FIRST_YEAR,
    OPEN,
    REOPENED,
    SECOND_YEAR,
    SECRET_WORDS,
    STAYED,
    STEP,
    WORDS,
    Rounds,
    Row,
    answer,
    make_rounds,
    put_into_editing,
    read_again,
    row_of,
    send,
    take_in,
    typed_cells,
)

import khreport
from khreport.demo.fill import fill_template
from khreport.edges.draw import draw_workbooks
from khreport.edges.folder import freeze_edition, newest_edition
from khreport.edges.shipped import load_forms, shipped_text
from khreport.edition import Edition
from khreport.errors import CampaignError, PlanError
from khreport.forms import SUMMARY
from khreport.frames import Submission
from khreport.layout.form import (
    SMALLEST_PRINT_PT,
    fill_fresh,
    lay_out_form,
    printed_size_pt,
)
from khreport.layout.heights import MAX_ROW_PT, text_height_pt
from khreport.layout.workbook import lay_out_workbook, workbook_name
from khreport.parse.forms import parse_form
from khreport.previous import UNKNOWN
from khreport.read.branches import Comparison, compare_branches
from khreport.verbs.templates import campaign_edition


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Rounds:
    return make_rounds(tmp_path_factory.mktemp("hai-nam"))


@pytest.fixture(scope="module")
def edition(rounds: Rounds) -> Edition:
    return rounds.sent.edition


def test_last_periods_answer_stands_locked_and_grey_beside_the_cell_to_fill(
    rounds: Rounds, edition: Edition
) -> None:
    form = edition.form["PL2"]
    cell = typed_cells(rounds.sent.files["skhcn"], form)[OPEN, "previous_answer"]
    assert cell.value.startswith("Đang thực hiện, 60%, dự kiến 30/9/2025. Đã xây dựng hạ tầng")
    assert cell.value.endswith("…")
    assert len(cell.value) <= 180
    assert cell.protection.locked
    assert cell.fill.fgColor.rgb.endswith("EDEDED")
    keys = [column.key for column in form.columns]
    assert keys[keys.index("previous_answer") + 1] == "status"


def test_last_years_estimate_of_an_indicator_is_given(rounds: Rounds, edition: Edition) -> None:
    cell = typed_cells(rounds.sent.files["sdl"], edition.form["CT"])[
        "CT.visitors", "previous_reported"
    ]
    assert (cell.value, cell.protection.locked) == (7.1, True)


def test_what_was_completed_stands_closed_and_may_be_reopened(
    rounds: Rounds, edition: Edition
) -> None:
    form = edition.form["PL2"]
    path = rounds.sent.files["skhcn"]
    cells = typed_cells(path, form)
    closed = {key for (key, name), cell in cells.items() if cell.value == CLOSED_WORDS}
    assert closed == {DONE, STEP}
    status = cells[DONE, "status"]
    assert not status.protection.locked
    assert cells[DONE, "previous_answer"].value.startswith("Hoàn thành, ngày 20/6/2023. Đã đưa")
    book = openpyxl.load_workbook(path)
    lists = {
        str(area): check.formula1
        for check in book[form.sheet].data_validations.dataValidation
        for area in check.sqref.ranges
    }

    def choices(key: str) -> list[Any]:
        at = cells[key, "status"].coordinate
        name = next(f for area, f in lists.items() if at in openpyxl_range(area))
        sheet, area = book.defined_names[name.removeprefix("=")].attr_text.split("!")
        return [cell.value for (cell,) in book[sheet.strip("'")][area.replace("$", "")]]

    assert choices(DONE)[:2] == [CLOSED_WORDS, "Hoàn thành"]
    assert choices(OPEN)[0] == "Hoàn thành"


def openpyxl_range(area: str) -> set[str]:
    columns, rows = (re.findall(pattern, area) for pattern in (r"[A-Z]+", r"\d+"))
    return {f"{columns[0]}{row}" for row in range(int(rows[0]), int(rows[-1]) + 1)}


def test_a_closed_row_is_grey_until_another_status_is_chosen(edition: Edition) -> None:
    form = edition.form["PL2"]
    sheet = lay_out_form(edition, "skhcn", form, fill_fresh(edition, "skhcn", form))
    assert sheet is not None
    rows = {cell.value: cell.row for cell in sheet.cells if cell.column == 0}
    grey = {
        condition.area.row: condition.formula
        for condition in sheet.conditions
        if CLOSED_WORDS in condition.formula
    }
    assert set(grey) == {rows[DONE], rows[STEP]}
    assert grey[rows[DONE]] == f'=EXACT($I${rows[DONE] + 1},"{CLOSED_WORDS}")'


def test_no_workbook_holds_what_another_agency_said(edition: Edition) -> None:
    holds = {
        agency
        for agency in edition.asked
        for sheet in lay_out_workbook(edition, agency).sheets
        for cell in sheet.cells
        if SECRET_WORDS in str(cell.value)
    }
    assert holds == {"sxd"}


@pytest.mark.parametrize("with_previous", [False, True])
def test_a_form_beside_last_period_prints_in_eight_points_too(*, with_previous: bool) -> None:
    for form in load_forms(with_previous=with_previous):
        shown = [column.key for column in form.columns if column.source == SUMMARY]
        assert bool(shown) == (with_previous and form.rows == "tasks")
        assert printed_size_pt(form, "A3") >= SMALLEST_PRINT_PT, form.key
        for column in form.columns:
            text = (WORDS * 30)[: column.max_length or 0]
            height = text_height_pt(text, column.width, form.size_pt)
            assert height <= MAX_ROW_PT, (form.key, column.key)


def test_every_row_is_high_enough_for_the_plan_and_last_period(edition: Edition) -> None:
    for agency in edition.asked:
        for sheet in lay_out_workbook(edition, agency).sheets:
            assert max((height for _, height in sheet.heights), default=0) < MAX_ROW_PT, agency


def test_forms_without_an_earlier_period_are_as_they_were() -> None:
    for form in load_forms():
        assert all(choice.code != "closed" for list_ in form.lists for choice in list_.choices)
        assert "previous_answer" not in form.column


def test_running_templates_again_keeps_what_was_given(rounds: Rounds) -> None:
    assert campaign_edition(rounds.second).digest == rounds.sent.edition.digest
    assert newest_edition(rounds.second).previous is not None


def test_a_form_sent_back_as_it_came_is_blank(rounds: Rounds, edition: Edition) -> None:
    path = rounds.second.folder / "thu" / "skhcn.xlsx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(rounds.sent.files["skhcn"].read_bytes())
    (file,) = khreport.check([path]).files
    assert file.submission.is_blank(edition.form)
    told = [f for f in file.findings if f.row_key in {DONE, STEP}]
    assert told == []
    assert any(f.row_key == OPEN for f in file.findings)


def test_a_closed_row_is_understood_where_the_campaign_is_not_at_hand(
    rounds: Rounds, tmp_path: Path
) -> None:
    path = tmp_path / "skhcn.xlsx"
    path.write_bytes(rounds.sent.files["skhcn"].read_bytes())
    (file,) = khreport.check([path]).files
    assert file.edition is not None
    assert (file.edition.previous, file.submission.digest) == (UNKNOWN, rounds.sent.edition.digest)
    assert [f for f in file.findings if f.row_key in {DONE, STEP}] == []
    assert not any((f.code or "").endswith("outside") for f in file.findings)


def test_what_is_typed_into_a_closed_row_is_asked_about(rounds: Rounds) -> None:
    typed: dict[tuple[str, str], Any] = {
        (DONE, "result"): "Đề án được bổ sung 2 nhiệm vụ",
        (DONE, "percent"): 90.0,
    }
    file = read_again(rounds, "skhcn", typed)
    found = [(f.code, f.severity, f.column_key) for f in file.findings if f.row_key == DONE]
    kept = [("cell.closed", "warning", "percent"), ("cell.closed", "warning", "result")]
    assert sorted(found) == kept


def test_no_other_row_can_be_closed(rounds: Rounds) -> None:
    file = read_again(rounds, "skhcn", {(OPEN, "status"): CLOSED_WORDS})
    assert [f.code for f in file.findings if (f.row_key, f.column_key) == (OPEN, "status")] == [
        "cell.not_choice"
    ]


def test_what_was_given_is_kept_whatever_stands_there(rounds: Rounds) -> None:
    file = read_again(rounds, "skhcn", {(OPEN, "previous_answer"): "Hoàn thành từ lâu"})
    (told,) = [f for f in file.findings if f.column_key == "previous_answer"]
    assert (told.code, told.severity) == ("given.changed", "note")
    frame = file.submission.answers["PL2"].filter(pl.col("key") == OPEN)
    assert frame["previous_answer"][0].startswith("Đang thực hiện, 60%")


@pytest.fixture(scope="module")
def answers(rounds: Rounds) -> pl.DataFrame:
    for agency, rows in SECOND_YEAR.items():
        send(rounds.second, rounds.sent, agency, rows)
    take_in(rounds.second)
    return khreport.consolidate(rounds.second).consolidation.answers


def one(answers: pl.DataFrame, key: str) -> Row:
    (row,) = answers.filter(pl.col("key") == key).to_dicts()
    return row


def test_a_row_left_closed_counts_as_completed_on_its_day(answers: pl.DataFrame) -> None:
    row = one(answers, DONE)
    assert (row["status"], row["completed_on"]) == ("completed", dt.date(2023, 6, 20))
    assert row["timeliness"] == "completed_in_time"
    assert row["result"] == (
        "Đã đưa sàn giao dịch công nghệ vào hoạt động với 12 gian hàng (đã báo cáo kỳ năm 2023)."
    )
    assert row["reported_in"] == "Năm 2023"
    assert row["cited"]
    assert one(answers, STEP)["completed_on"] == dt.date(2022, 5, 10)


def test_what_an_agency_types_into_a_closed_row_replaces_nothing(answers: pl.DataFrame) -> None:
    row = one(answers, STAYED)
    assert (row["status"], row["reported_in"]) == ("completed", "Năm 2023")
    assert row["result"].endswith("đã được phê duyệt (đã báo cáo kỳ năm 2023).")


def test_a_reopened_row_is_the_agencys_own(answers: pl.DataFrame) -> None:
    row = one(answers, REOPENED)
    assert (row["status"], row["completed_on"], row["reported_in"]) == ("in_progress", None, None)


def test_returns_of_forms_that_went_out_before_are_read_beside_last_period(
    rounds: Rounds, edition: Edition, tmp_path: Path
) -> None:
    campaign = khreport.init(tmp_path / "dot-2024", "qd1165", "2024")
    plain = campaign_edition(campaign)
    freeze_edition(campaign, plain)
    draw_workbooks(plain, ["skhcn"], campaign.outgoing, lambda _: None)
    form = campaign.outgoing / workbook_name(plain, "skhcn")
    row = FIRST_YEAR["skhcn"][DONE]
    rows = {DONE: row, STEP: {}}
    campaign.inbox.mkdir(exist_ok=True)
    fill_template(form, answer(plain, "skhcn", rows), campaign.inbox / "skhcn.xlsx")
    freeze_edition(campaign, campaign_edition(campaign, rounds.first.folder))
    (file,) = khreport.check([campaign.folder]).files
    assert file.submission.digest == edition.digest
    frame = file.submission.answers["PL2"]
    poured = {row["key"]: row for row in frame.to_dicts()}
    assert poured[OPEN]["previous_answer"].startswith("Đang thực hiện, 60%")
    assert poured[DONE]["status"] == "completed"
    assert poured[STEP]["status"] is None


def test_a_third_year_knows_what_the_first_completed(
    rounds: Rounds, answers: pl.DataFrame, tmp_path: Path
) -> None:
    assert answers.height
    third = khreport.init(tmp_path / "dot-2025", "qd1165", "2025")
    edition = campaign_edition(third, rounds.second.folder)
    assert edition.previous is not None
    assert edition.previous.name == "Năm 2024"
    said = edition.previous.row("skhcn", "PL2", DONE)
    assert (said["status"], said["reported_in"]) == ("completed", "Năm 2023")
    assert "đã báo cáo" not in str(said["result"])
    assert row_of(edition, "skhcn", DONE).closed
    assert not row_of(edition, "sxd", REOPENED).closed


def test_what_the_officer_settled_is_what_was_accepted(rounds: Rounds, tmp_path: Path) -> None:
    book = rounds.first.editing_file.read_bytes()
    try:
        put_into_editing(rounds.first, DONE, edited_status="Đang thực hiện")
        put_into_editing(
            rounds.first,
            OPEN,
            edited_status="Hoàn thành",
            edited_day="15/10/2023",
            edited_result="Đã hoàn thành hạ tầng thông tin dùng chung.",
        )
        third = khreport.init(tmp_path / "dot-2025", "qd1165", "2025")
        edition = campaign_edition(third, rounds.first.folder)
    finally:
        rounds.first.editing_file.write_bytes(book)
    assert not row_of(edition, "skhcn", DONE).closed
    settled = row_of(edition, "skhcn", OPEN)
    assert settled.closed
    assert settled.given["previous_answer"] == (
        "Hoàn thành, ngày 15/10/2023. Đã hoàn thành hạ tầng thông tin dùng chung."
    )


def test_a_folder_that_is_no_earlier_round_of_the_plan_is_refused(
    rounds: Rounds, tmp_path: Path
) -> None:
    present = khreport.init(tmp_path / "dot-2024", "qd1165", "2024")

    def refused(folder: Path) -> str:
        with pytest.raises(CampaignError) as told:
            campaign_edition(present, folder)
        return str(told.value)

    assert "không phải thư mục của một đợt báo cáo" in refused(tmp_path)
    unsent = khreport.init(tmp_path / "dot-2022", "qd1165", "2022")
    assert "chưa phát biểu mẫu" in refused(unsent.folder)
    freeze_edition(unsent, campaign_edition(unsent))
    assert f"khreport consolidate {unsent.folder}" in refused(unsent.folder)
    assert "không trước kỳ năm 2024" in refused(rounds.second.folder)


def test_a_round_of_another_plan_is_refused(rounds: Rounds, tmp_path: Path) -> None:
    other = tmp_path / "ke-hoach"
    shipped = Path(khreport.__file__).parent / "plans" / "qd1165"
    shutil.copytree(shipped, other)
    texts = {path: path.read_text(encoding="utf-8") for path in other.iterdir()}
    for path, text in texts.items():
        path.write_text(text.replace('key = "qd1165"', 'key = "khac"'), encoding="utf-8")
    present = khreport.init(tmp_path / "dot-2024", str(other), "2024")
    with pytest.raises(CampaignError, match="theo kế hoạch khác"):
        campaign_edition(present, rounds.first.folder)


def test_an_edition_frozen_before_there_was_any_of_this_keeps_its_digest(
    edition: Edition,
) -> None:
    old = msgspec.structs.replace(edition, previous=None)
    told = msgspec.json.decode(msgspec.json.encode(old))
    assert "previous" not in told
    assert msgspec.convert(told, Edition).digest == old.digest != edition.digest


def test_a_closed_row_that_a_later_return_reopens_is_not_asked_about_as_an_answer(
    rounds: Rounds, edition: Edition
) -> None:
    left = read_again(rounds, "skhcn", {(OPEN, "percent"): 70}).submission
    reopened = read_again(rounds, "skhcn", {(DONE, "status"): "Đang thực hiện"}).submission

    def told(newer: Submission, earlier: Submission) -> set[str | None]:
        day = dt.date(2024, 12, 2)
        both = Comparison(edition=edition, newer=newer, earlier=earlier, base=None, received=day)
        return {finding.row_key for finding in compare_branches(both)}

    assert told(reopened, left) == {OPEN}
    assert told(left, reopened) == {DONE}


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('source = "summary"', 'source = "sumary"', "cột ghi sẵn lấy từ một cột của biểu này"),
        ("width_beside_previous", "widht_beside_previous", "không có mục “widht”"),
        (
            '  ["completed", "Hoàn thành"],\n',
            '  ["completed", "Hoàn thành"],\n  ["closed", "Đã xong"],\n',
            "“closed” phải đứng đầu danh sách",
        ),
    ],
)
def test_a_form_tells_what_is_wrong_with_what_it_says_of_last_period(
    before: str, after: str, complaint: str
) -> None:
    name = "4-phu-luc-2.toml"
    text = shipped_text(f"templates/xlsx/{name}")
    assert before in text
    with pytest.raises(PlanError, match=complaint):
        parse_form(text.replace(before, after, 1), name)
