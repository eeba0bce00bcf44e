"""`khreport lint`: each rule found where it is broken, and nothing found where all is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from composed_round import collect, compose
from lint_documents import (
    pack,
    paragraph,
    put_after,
    read_parts,
    replace,
    write_good_letter,
    write_good_report,
    write_plain_document,
)
from lint_mutants import MUTANTS
from lint_strangers import (
    BOLD,
    BOX,
    CENTER,
    ENDING,
    LEFT_HEAD,
    SECOND_HEAD,
    TABBED,
    TEXT,
    TITLE,
    USUAL,
    WIDTHS,
    line,
    size,
    table,
    write_document,
)

from khreport.cli import main
from khreport.edges.docx import write_report
from khreport.edges.shipped import shipped_text
from khreport.errors import KhreportError, PlanError
from khreport.lint.judge import CHECKS
from khreport.parse.profile import parse_profile
from khreport.verbs.lint import Linted, lint, load_profile

if TYPE_CHECKING:
    from conftest import Soffice

# no table of the strangers keeps its rows whole; nothing else is wrong with the usual ones
LOOSE_SIGNATURE = {"LY-04"}
IN_TABLES = {
    "one row": table((LEFT_HEAD[0] + SECOND_HEAD[0], LEFT_HEAD[1] + SECOND_HEAD[1]), widths=WIDTHS),
    "tables in a table": table(
        (
            table((LEFT_HEAD[0],), (SECOND_HEAD[0],), widths=(3300,)) + line(""),
            table((LEFT_HEAD[1],), (SECOND_HEAD[1],), widths=(5771,)) + line(""),
        ),
        widths=WIDTHS,
        borders='<w:tblBorders><w:top w:val="none"/><w:insideV w:val="nil"/></w:tblBorders>',
    ),
    "text boxes": line("", more=BOX.format(inside=LEFT_HEAD[0] + SECOND_HEAD[0]))
    + line("", more=BOX.format(inside=LEFT_HEAD[1] + SECOND_HEAD[1])),
}
UNDERLINED = '<w:u w:val="single"/>'


def broken(linted: Linted) -> set[str]:
    return {outcome.rule.id for outcome in linted.outcomes if outcome.faults}


def states(linted: Linted) -> dict[str, str]:
    return {outcome.rule.id: outcome.state for outcome in linted.outcomes}


def judge(tmp_path: Path, body: str) -> Linted:
    return lint(write_document(tmp_path / "van-ban.docx", body))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("good")
    return {
        "report": write_good_report(folder / "report.docx"),
        "letter": write_good_letter(folder / "letter.docx"),
    }


@pytest.mark.parametrize("base", ["report", "letter"])
def test_a_document_without_fault_has_no_findings(base: str, good: dict[str, Path]) -> None:
    linted = lint(good[base])
    assert {o.rule.id: o.faults for o in linted.outcomes if o.faults} == {}
    assert linted.clean


def test_every_rule_has_a_document_that_breaks_it() -> None:
    assert MUTANTS.keys() == {rule.id for rule in load_profile().rules}


@pytest.mark.parametrize("rule", MUTANTS)
def test_a_document_that_breaks_one_rule_is_found_by_it_alone(
    rule: str, good: dict[str, Path], tmp_path: Path
) -> None:
    mutant = MUTANTS[rule]
    parts = read_parts(good[mutant.base])
    mutant.spoil(parts)
    linted = lint(pack(parts, tmp_path / "document.docx"))
    assert broken(linted) == {rule, *mutant.also}


def test_the_report_that_we_compose_has_no_findings(tmp_path: Path) -> None:
    write_report(compose(collect()), tmp_path / "bao-cao.docx")
    assert broken(lint(tmp_path / "bao-cao.docx")) == set()


def test_every_rule_is_passed_broken_or_not_evaluated_with_a_reason(tmp_path: Path) -> None:
    for name in ("trong.docx", "thuong.docx"):
        linted = lint(write_plain_document(tmp_path / name, *name.split(".")[:1] * 2))
        for outcome in linted.outcomes:
            assert (outcome.state == "not_evaluated") <= bool(outcome.reasons)
        told = states(linted)
        assert told["LY-00"] == told["PG-01"] == "findings"
        assert told["PL-07"] == told["CP-01"] == told["SG-09"] == "not_evaluated"


@pytest.mark.parametrize("head", IN_TABLES)
def test_heads_are_recognised_however_people_set_them_side_by_side(
    head: str, tmp_path: Path
) -> None:
    linted = judge(tmp_path, IN_TABLES[head] + TITLE + TEXT + ENDING)
    assert broken(linted) == LOOSE_SIGNATURE
    told = states(linted)
    assert {told[each] for each in ("CP-01", "CP-02", "CP-03", "CP-05", "CP-07", "DT-01")} == {
        "passed"
    }


def test_a_head_made_with_tabs_and_blanks_is_judged_as_far_as_it_can_be(tmp_path: Path) -> None:
    linted = judge(tmp_path, TABBED)
    told = states(linted)
    wrong = {"CP-01", "CP-07", "CP-11", "CP-18", "CP-19", "CP-20", "SK-01", "DT-01", "CP-03b"}
    assert broken(linted) == wrong
    assert told["LY-00"] == "passed"
    for unknown in ("CP-02", "CP-03", "CP-03a", "CP-06", "LY-01", "LY-04"):
        assert told[unknown] == "not_evaluated"


def test_underlined_words_are_no_drawn_rules_but_only_to_look_at(tmp_path: Path) -> None:
    left, right = (
        line(text, BOLD + UNDERLINED + size(13), CENTER)
        for text in ("SỞ TÀI CHÍNH", "Độc lập - Tự do - Hạnh phúc")
    )
    nation = line("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", BOLD + size(13), CENTER)
    head = table((left, nation + right), SECOND_HEAD, widths=WIDTHS)
    assert broken(judge(tmp_path, head + TITLE + TEXT + ENDING)) == LOOSE_SIGNATURE | {"CP-03b"}


def test_a_signature_without_a_table_is_found_above_its_recipients(tmp_path: Path) -> None:
    right = '<w:jc w:val="right"/>'
    ending = "".join(line(text, BOLD, right) for text in ("CHỦ TỊCH", "", "Trần Văn B"))
    ending += line("Nơi nhận:", "<w:b/><w:i/>" + size(12)) + line("- Lưu: VT.", size(11))
    linted = judge(tmp_path, table(LEFT_HEAD, SECOND_HEAD, widths=WIDTHS) + TITLE + TEXT + ending)
    assert broken(linted) == {"CP-17", "CP-18"}


def test_a_document_of_the_party_is_left_to_its_own_rules(tmp_path: Path) -> None:
    head = (line("TỈNH ỦY KHÁNH HÒA", BOLD, CENTER), line("ĐẢNG CỘNG SẢN VIỆT NAM", BOLD, CENTER))
    with pytest.raises(KhreportError, match="văn bản của Đảng"):
        judge(tmp_path, table(head, widths=WIDTHS) + TITLE + TEXT)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Sở Giao thông vận tải đã tham mưu.", {"TC-T1"}),
        ("Sở Giao thông vận tải (cũ) đã tham mưu.", set()),
        ("Trước đây, Sở Giao thông vận tải là đầu mối.", set()),
        ("Năm 2024, Sở Giao thông vận tải đã tham mưu.", set()),
        ("Đề án “Sắp xếp Sở Giao thông vận tải” đã hoàn thành.", set()),
        ("Theo Quyết định số 15/QĐ-SGTVT ngày 05/3/2024 của Sở Giao thông vận tải.", set()),
        ("Theo Quyết định số 15/QĐ-SGTVT ngày 05/3/2026 của Sở Giao thông vận tải.", {"TC-T1"}),
        ("Các xã thuộc huyện Vạn Ninh.", {"TC-T1"}),
    ],
)
def test_names_that_ended_are_told_unless_the_text_is_about_the_time_before(
    text: str,
    told: set[str],
    good: dict[str, Path],
    tmp_path: Path,
) -> None:
    parts = read_parts(good["report"])
    put_after("Tổng hợp theo nhóm như sau:", paragraph(text))(parts)
    assert broken(lint(pack(parts, tmp_path / "d.docx"))) & {"TC-T1"} == told


def test_names_that_still_stood_on_the_day_of_the_document_are_right(
    good: dict[str, Path], tmp_path: Path
) -> None:
    parts = read_parts(good["report"])
    put_after("Tổng hợp theo nhóm như sau:", paragraph("Sở Giao thông vận tải."))(parts)
    replace("tháng 12 năm 2026", "tháng 12 năm 2024", count=9)(parts)
    assert "TC-T1" not in broken(lint(pack(parts, tmp_path / "d.docx")))


@pytest.mark.parametrize("suffix", ["docx", "odt"])
def test_what_libreoffice_saves_is_judged_as_what_we_wrote(
    suffix: str, good: dict[str, Path], soffice: Soffice, tmp_path: Path
) -> None:
    for base in good.values():
        saved = soffice.convert(base, suffix, tmp_path)
        if suffix != "docx":
            saved = soffice.convert(saved, "docx", tmp_path)
        assert broken(lint(saved)) == set()


@pytest.mark.parametrize("body", [TABBED, USUAL])
def test_what_people_made_is_judged_the_same_behind_libreoffice(
    body: str, soffice: Soffice, tmp_path: Path
) -> None:
    path = write_document(tmp_path / "van-ban.docx", body)
    (tmp_path / "saved").mkdir()
    assert broken(lint(soffice.convert(path, "docx", tmp_path / "saved"))) == broken(lint(path))


def test_the_command_tells_place_fault_rule_and_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_document(tmp_path / "van-ban.docx", TABBED)
    assert main(["lint", str(path)]) == 1
    told = capsys.readouterr().out
    assert "Phải sửa: Số, ký hiệu văn bản có tên loại (SK-01)" in told
    assert "Đoạn 4 “Số: 5/BC-STC”: số 5 thiếu số 0 phía trước." in told
    assert "NĐ 30/2020, Phụ lục I, Phần I, Mục II.3.b, c; theo chính văn bản quy định" in told
    assert "Không xét được:" in told


def test_the_command_is_content_with_a_good_document_and_speaks_json(
    good: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", str(good["report"]), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["version"], told["profile"], told["clean"]) == (1, "nd30", True)
    assert {rule["state"] for rule in told["rules"]} == {"passed", "not_evaluated"}


@pytest.mark.parametrize("arguments", [["khong-co.docx"], ["x.docx", "--profile", "la"]])
def test_what_cannot_be_judged_is_told_with_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", *arguments]) == 2
    assert "Không có" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('check = "paper"', 'check = "papre"', r"nd30\.toml, dòng \d+ .*Có phải “paper”"),
        ('confidence = "P"', 'confidence = "R"', "chỉ cho phép nhẹ như “warning”"),
        ('rule = "VH-03"', 'rule = "VH-99"', "không có quy tắc “VH-99”"),
    ],
)
def test_a_profile_that_contradicts_itself_is_refused_with_its_line(
    old: str, new: str, told: str
) -> None:
    text = shipped_text("templates/docx/nd30.toml")
    retired = shipped_text("templates/docx/ten-cu.toml")
    assert old in text
    with pytest.raises(PlanError, match=told):
        parse_profile(text.replace(old, new, 1), "nd30.toml", retired, CHECKS)
