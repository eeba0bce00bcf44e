from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import msgspec
import pytest
from mini_round import small_plan

from khreport.file_messages import FILE_KINDS
from khreport.forms import Column, Field, Form
from khreport.messages import MESSAGES, finding, place, quote, row_name

PARTS = {
    "key": "PL2.VIII.18.m2",
    "kind": max(FILE_KINDS.values(), key=len),
    "limit": "2.000.000",
    "count": "12",
    "cell": "XFD1048576",
    "found": "qd1165",
    "expected": "qd1165",
    "name": "Đề xuất điều chỉnh",
    "first": "Đề xuất điều chỉnh",
    "second": "1.234,567",
    "agency": "Sở Nông nghiệp và Phát triển nông thôn",
    "earlier": "x" * 20,
    "day": "12/12/2024",
    "closing": "30/11/2024",
    "task": "nhiệm vụ VIII.18 Phụ lục II",
    "before": "x" * 22,
    "after": "x" * 22,
    "comment": "x" * 40,
    "heading": "Thực hiện đến ngày chốt số liệu",
    "row_name": "dòng thêm 12 của nhiệm vụ VIII.18",
    "hint": " Ví dụ Niên giám thống kê 2023.",
    "range": " từ 0 đến 100",
    "suggestion": "Đã triển khai theo kế hoạch năm",
}
PROGRAMMERS_WORDS = re.compile(
    r"null|schema|\bkey\b|regex|xml|token|\bcode\b|string|integer|float|parse|\bzip\b|\bbyte|digest"
    r"|unicode|exception|timeout",
    re.IGNORECASE,
)


def sentence(code: str) -> str:
    return str(finding(code, file="a.xlsx", value="x" * 300, **PARTS))  # type: ignore[arg-type]


@pytest.mark.parametrize("code", MESSAGES)
def test_a_message_is_short_whole_and_free_of_programmers_words(code: str) -> None:
    said = sentence(code)
    assert len(said) <= 200, len(said)
    assert not PROGRAMMERS_WORDS.search(said)
    message, fix = MESSAGES[code].message, MESSAGES[code].fix
    for text in (message, fix):
        assert text[0].isupper() or text[0] in "“{"
        assert text.endswith((".", "?", "{hint}"))


@pytest.mark.parametrize("code", MESSAGES)
def test_a_message_with_a_missing_part_raises(code: str) -> None:
    texts = MESSAGES[code].message + MESSAGES[code].fix
    parts = {name for _, name, _, _ in Formatter().parse(texts) if name}
    for part in parts:
        given = {name: text for name, text in PARTS.items() if name != part}
        value = None if part == "value" else "x"
        with pytest.raises(KeyError, match=part):
            finding(code, file="a.xlsx", value=value, **given)  # type: ignore[arg-type]


def test_an_unknown_code_raises() -> None:
    with pytest.raises(KeyError):
        finding("cell.nonsense", file="a.xlsx")


def test_every_message_is_used() -> None:
    package = Path(__file__).parents[1] / "khreport"
    modules = [path for path in package.rglob("*.py") if "messages" not in path.name]
    text = "".join(path.read_text("utf-8") for path in modules)
    used = set(re.findall(r'"((?:file|sheet|column|row|text|cell|edit)\.[a-z_]+)"', text))
    assert set(MESSAGES) - used == set()


def test_a_finding_is_told_with_place_entry_remedy_and_example() -> None:
    told = finding(
        "cell.not_number",
        file="a.xlsx",
        sheet="Phụ lục II",
        row=13,
        column=9,
        value="mười",
        place="Tỷ lệ hoàn thành (%), nhiệm vụ III.4",
        range=" từ 0 đến 100",
        hint=" Ví dụ 75.",
    )
    assert str(told) == (
        "Phụ lục II, ô J14 (Tỷ lệ hoàn thành (%), nhiệm vụ III.4): “mười” không phải là số. "
        "Nhập số từ 0 đến 100. Ví dụ 75."
    )


def test_a_long_entry_is_cut_and_kept_on_one_line() -> None:
    assert quote("một\nhai " + "ba " * 40) == "một hai ba ba ba ba ba ba ba ba ba ba b…"


def form(key: str, rows: str) -> Form:
    return Form(
        key=key,
        sheet=key,
        title=key,
        rows=rows,  # type: ignore[arg-type]
        columns=(
            Column(key="task", heading="", role="mirror", width=9),
            Column(key="percent", heading="Tỷ lệ (%)", role="answer", width=9),
        ),
        fields=(Field(key="phone", label="Điện thoại"),),
    )


@pytest.mark.parametrize(
    ("shape", "key", "name"),
    [
        (form("PL2", "tasks"), "PL2.I.1", "nhiệm vụ I.1"),
        (form("PL2", "tasks"), "PL2.I.1.m2", "mốc 2 của nhiệm vụ I.1"),
        (form("PL2", "tasks"), "PL2.I.1.a", "dòng a) của nhiệm vụ I.1"),
        (form("PL2", "tasks"), "PL2.I.1.+2", "dòng thêm 2 của nhiệm vụ I.1"),
        (form("PH", "coordinating"), "PH.PL2.I.3", "nhiệm vụ I.3"),
        (form("CT", "indicators"), "CT.visitors", "chỉ tiêu Khách lưu trú"),
        (form("VB", "records"), "VB.3", "dòng 3"),
        (form("VB", "records"), "VB.+1", "dòng thêm 1"),
        (form("BIA", "fields"), "BIA.phone", "Điện thoại"),
    ],
)
def test_a_row_is_called_as_people_call_it(shape: Form, key: str, name: str) -> None:
    assert row_name(small_plan(), shape, key) == name


def test_a_task_under_a_letter_is_told_with_its_appendix() -> None:
    plan = small_plan()
    lettered = msgspec.structs.replace(plan.tasks[0], key="PL1.a.1", number="1")
    plan = msgspec.structs.replace(plan, tasks=(lettered,))
    assert row_name(plan, form("PL1", "tasks"), "PL1.a.1") == "Phụ lục I, mục a.1"


def test_a_place_is_heading_and_row_or_the_row_alone() -> None:
    assert place(form("PL2", "tasks"), "percent", "nhiệm vụ I.1") == "Tỷ lệ (%), nhiệm vụ I.1"
    assert place(form("PL2", "tasks"), "task", "dòng a)") == "dòng a)"
    assert place(form("BIA", "fields"), "percent", "Điện thoại") == "Điện thoại"
