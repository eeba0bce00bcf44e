"""Two rounds of one plan, a year apart: what three agencies said, and what they say next."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl

import khreport
from khreport.campaign import Campaign
from khreport.demo.answers import Answers, make_answers
from khreport.demo.fill import fill_template
from khreport.edition import Edition
from khreport.forms import Form
from khreport.rows import FormRow, form_rows
from khreport.verbs.judge import Checked
from khreport.verbs.templates import Templates

DONE, OPEN, SECRET_WORDS = "PL2.VIII.7", "PL2.VIII.6", "Đề án chuyển đổi số của Sở Xây dựng"
STEP, STAYED, REOPENED = f"{OPEN}.m1", "PL2.II.2", "PL2.II.4"
CLOSED_WORDS = "Đã hoàn thành kỳ trước"
WORDS = "Đã tham mưu ban hành kế hoạch, tổ chức thực hiện và giải ngân đạt tỷ lệ cao; "

Row = dict[str, Any]

FIRST_YEAR: dict[str, dict[str, Row]] = {
    "skhcn": {
        DONE: {
            "status": "Hoàn thành",
            "completed_on": dt.date(2023, 6, 20),
            "result": "Đã đưa sàn giao dịch công nghệ vào hoạt động với 12 gian hàng.",
            "documents": "1",
        },
        OPEN: {
            "status": "Đang thực hiện",
            "percent": 60,
            "expected_on": dt.date(2025, 9, 30),
            "result": "Đã xây dựng " + "hạ tầng thông tin dùng chung cho các viện, trường; " * 8,
        },
        STEP: {"status": "Hoàn thành", "completed_on": dt.date(2022, 5, 10)},
    },
    "sxd": {
        STAYED: {
            "status": "Hoàn thành",
            "completed_on": dt.date(2022, 6, 30),
            "result": SECRET_WORDS + " đã được phê duyệt.",
        },
        REOPENED: {
            "status": "Hoàn thành",
            "completed_on": dt.date(2022, 12, 15),
            "result": "Đồ án quy hoạch đã được phê duyệt ngày 15/12/2022.",
        },
    },
    "sdl": {"CT.visitors": {"estimate_year": 7.1}},
}


class Rounds(NamedTuple):
    """Two rounds of one plan: what was sent out in the second, and where both stand."""

    first: Campaign
    second: Campaign
    sent: Templates


def answer(edition: Edition, agency: str, rows: dict[str, Row]) -> Answers:
    """What the agency types: something for every row, and these rows as they are given."""
    answers = make_answers(edition, agency, seed=7)
    for cells in answers.values():
        for key, column in list(cells):
            if key in rows and key.partition(".")[0] != "CT":
                del cells[key, column]
    for key, row in rows.items():
        form = next(form for form in edition.forms if key.startswith(form.key + "."))
        answers[form.key] |= {(key, column): value for column, value in row.items()}
    return answers


def send(campaign: Campaign, sent: Templates, agency: str, rows: dict[str, Row]) -> None:
    path = campaign.inbox / f"{agency}.xlsx"
    fill_template(sent.files[agency], answer(sent.edition, agency, rows), path)
    came = dt.datetime.combine(sent.edition.period.due, dt.time(9)).astimezone().timestamp()
    os.utime(path, (came, came))


def take_in(campaign: Campaign) -> None:
    """Nothing; the returns in the inbox are accepted."""
    for file in khreport.check([campaign.folder]).files:
        assert [str(finding) for finding in file.findings if finding.blocks] == []


def put_into_editing(campaign: Campaign, key: str, **entries: object) -> None:
    book = openpyxl.load_workbook(campaign.editing_file)
    for sheet in book.worksheets:
        rows = {sheet.cell(row, 1).value: row for row in range(2, sheet.max_row + 1)}
        columns = {sheet.cell(1, at).value: at for at in range(2, sheet.max_column + 1)}
        if key in rows and entries.keys() <= columns.keys():
            for column, value in entries.items():
                sheet.cell(rows[key], columns[column]).value = value
    book.save(campaign.editing_file)


SECOND_YEAR: dict[str, dict[str, Row]] = {
    # what is not typed stays as it was sent out
    "skhcn": {DONE: {}, STEP: {}},
    "sxd": {
        STAYED: {"result": "Đề án được bổ sung danh mục dữ liệu dùng chung."},
        REOPENED: {
            "status": "Đang thực hiện",
            "expected_on": dt.date(2025, 6, 30),
            "result": "Đồ án quy hoạch phải lập lại theo quy hoạch tỉnh mới được phê duyệt.",
            "difficulty": "Ranh giới phân khu thay đổi theo quy hoạch tỉnh.",
            "cause": "Khách quan",
            "explanation": "Mở lại theo quy hoạch tỉnh mới.",
        },
    },
}


def make_rounds(place: Path) -> Rounds:
    """The first round consolidated, and the forms of the second sent out beside it."""
    first = khreport.init(place / "dot-2023", "qd1165", "2023")
    sent = khreport.templates(first)
    for agency, rows in FIRST_YEAR.items():
        send(first, sent, agency, rows)
    take_in(first)
    khreport.consolidate(first)
    second = khreport.init(place / "dot-2024", "qd1165", "2024")
    return Rounds(first, second, khreport.templates(second, previous=first.folder))


def row_of(edition: Edition, agency: str, key: str) -> FormRow:
    form = next(form for form in edition.forms if key.startswith(form.key + "."))
    return next(row for row in form_rows(edition, agency, form) if row.key == key)


def typed_cells(path: Path, form: Form) -> dict[tuple[str, str], Any]:
    sheet = openpyxl.load_workbook(path)[form.sheet]
    columns = {at: str(sheet.cell(1, at).value) for at in range(2, sheet.max_column + 1)}
    return {
        (str(sheet.cell(row, 1).value), name): sheet.cell(row, at)
        for row in range(2, sheet.max_row + 1)
        for at, name in columns.items()
    }


def read_again(rounds: Rounds, agency: str, changes: dict[tuple[str, str], Any]) -> Checked:
    form = rounds.sent.edition.form["PL2"]
    book = openpyxl.load_workbook(rounds.sent.files[agency])
    sheet = book[form.sheet]
    for where, value in changes.items():
        at = typed_cells(rounds.sent.files[agency], form)[where].coordinate
        sheet[at].value = value
    path = rounds.second.folder / "thu" / f"{agency}-sua.xlsx"
    path.parent.mkdir(exist_ok=True)
    book.save(path)
    (file,) = khreport.check([path]).files
    return file
