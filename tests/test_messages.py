from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import msgspec
import pytest
from mini_round import small_plan

from khreport.anatomy import ADDED_ROW
from khreport.chain_messages import CHAIN_MESSAGES
from khreport.edges.shipped import load_forms, load_plan
from khreport.file_messages import FILE_KINDS
from khreport.forms import Column, Field, Form
from khreport.messages import (
    MESSAGES,
    MOST_NAMED,
    MOST_SAID,
    finding,
    keep_short,
    place,
    quote,
    row_name,
)
from khreport.plan import Plan

PARTS = {
    "levels": "“Vượt”, “Đạt” và “Chưa đạt”",
    "pages": "12",
    "most": "08",
    "names": "“Khó khăn, vướng mắc”",
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
    "plain": "1234567",
    "sender": "x" * 40,
    "agency": "Sở Nông nghiệp và Phát triển nông thôn",
    "other": "Sở Nông nghiệp và Phát triển nông thôn",
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


NUMBERS, CHOICES = ("number", "whole"), ("choice",)
TOLD_OF: dict[str, tuple[str, ...]] = {
    "cell.not_number": NUMBERS,
    "cell.number": NUMBERS,
    "cell.not_whole": NUMBERS,
    "cell.percent": NUMBERS,
    "cell.not_date": ("date",),
    "cell.date": ("date",),
    "cell.not_choice": CHOICES,
    "cell.choice": CHOICES,
    "cell.not_references": ("references",),
    "cell.elsewhere": ("text",),
    "cell.cut_short": ("text",),
}
"""The types of the columns that a message can be told of, by how its code begins; the others
of any."""
ROLES = {"text": ("mirror",), "given": ("given",)}
WITH_PLACE = [code for code in MESSAGES if code.partition(".")[0] in ("cell", "text", "given")]


def longest_row(plan: Plan, form: Form) -> str:
    """The longest name of a row that the form can have."""
    if form.rows == "fields":
        keys = [f"{form.key}.{field.key}" for field in form.fields]
    elif form.rows == "records":
        keys = [f"{form.key}{ADDED_ROW}{form.records}"]
    elif form.rows == "indicators":
        keys = [indicator.key for indicator in plan.indicators]
    else:
        tasks = [
            t for t in plan.tasks if form.rows == "coordinating" or t.appendix == form.appendix
        ]
        keys = [f"{form.key}.{t.key}" if form.rows == "coordinating" else t.key for t in tasks]
        keys += [f"{t.key}.{step.key}" for t in tasks for step in t.deadline.milestones]
        keys += [f"{t.key}{ADDED_ROW}12" for t in tasks if form.lines]
    return max((row_name(plan, form, key) for key in keys), key=len)


@pytest.mark.parametrize("code", WITH_PLACE)
def test_a_message_stays_short_at_the_longest_places_and_names_the_row(code: str) -> None:
    plan = load_plan("qd1165")
    types = next((types for start, types in TOLD_OF.items() if code.startswith(start)), None)
    roles = ROLES.get(code.partition(".")[0], ("answer",))
    tried = 0
    for form in load_forms(with_previous=True):
        row = longest_row(plan, form)
        labels = [choice.label for choices in form.lists for choice in choices.choices]
        for column in form.columns:
            if column.role not in roles or (types and column.type not in types):
                continue
            example = f" Ví dụ {column.example}." if column.type != "text" else ""
            parts = PARTS | {"hint": example, "suggestion": max(labels, key=len, default="")}
            parts["first"] = "-123.456"  # a number, a day or a cell where it is about one
            told = finding(
                code,
                file="a.xlsx",
                sheet=form.sheet,
                row=19 if form.rows == "fields" else 119,
                column=len(form.columns),
                value="x" * 300,
                place=place(form, column.key, row),
                **parts,
            )
            said = keep_short(told, row)
            assert len(str(said)) <= MOST_SAID, str(said)
            # what tells of two returns quotes both, and may have no room but for the cell
            if code not in CHAIN_MESSAGES:
                assert said.place, str(told)
                assert said.place.endswith((row, quote(row, MOST_NAMED))), str(told)
            tried += 1
    assert tried


def test_a_sheet_of_a_long_name_costs_the_place_but_never_the_cell() -> None:
    told = finding(
        "cell.not_asked",
        file="a.xlsx",
        sheet="x" * 31,
        row=9,
        column=5,
        value="y" * 300,
        place="z" * 100,
    )
    short = keep_short(told, "nhiệm vụ III.4")
    assert (short.place, len(str(short)) <= MOST_SAID) == ("nhiệm vụ III.4", True)
    assert str(keep_short(told, "nhiệm vụ 1" * 10)).startswith("x" * 31 + ", ô F10: ")


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
    families = "|".join({code.partition(".")[0] for code in MESSAGES})
    used = set(re.findall(rf'"((?:{families})\.[a-z_]+)"', text))
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
