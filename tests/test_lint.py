"""`khreport lint`: each rule found where it is broken, and nothing found where all is right."""

from __future__ import annotations

import datetime as dt
import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
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


@pytest.mark.parametrize("issued", ["2024-12-27", "2026-11-21"])
def test_our_report_has_no_findings_whatever_the_day_on_which_it_is_issued(
    issued: str, tmp_path: Path
) -> None:
    """Sở Kế hoạch và Đầu tư, who issues it, was another body by the second day."""
    report = compose(collect())
    head = msgspec.structs.replace(
        report.letterhead, date=dt.date.fromisoformat(issued), day_open=False, number=12
    )
    write_report(msgspec.structs.replace(report, letterhead=head), tmp_path / "bao-cao.docx")
    assert broken(lint(tmp_path / "bao-cao.docx")) == set()


def test_the_committee_of_a_former_district_is_one_name_on_two_lines(tmp_path: Path) -> None:
    report = compose(collect())
    head = msgspec.structs.replace(
        report.letterhead, superior=None, issuer="Ủy ban nhân dân\nthị xã Ninh Hòa"
    )
    write_report(msgspec.structs.replace(report, letterhead=head), tmp_path / "bao-cao.docx")
    assert "CP-04" not in broken(lint(tmp_path / "bao-cao.docx"))


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


@pytest.mark.parametrize(
    ("subject", "closing", "told"),
    [
        ("năm 2026", "", {"TC-T1"}),
        # the year of its subject had ended before the names did, and so had its figures
        ("năm 2024", "", set()),
        ("giai đoạn 2021-2025 năm 2024", "", set()),
        ("đến năm 2024", "", {"TC-T1"}),
        ("năm 2026", "(số liệu đến ngày 30/11/2024)", set()),
    ],
)
def test_a_document_about_a_period_before_the_names_ended_may_have_them(
    subject: str, closing: str, told: set[str], good: dict[str, Path], tmp_path: Path
) -> None:
    parts = read_parts(good["report"])
    replace("số liệu đến ngày 30/11/2026", "số liệu trong kỳ", count=9)(parts)
    replace("Kết quả thực hiện Kế hoạch năm 2026", f"Kết quả Kế hoạch {subject}", count=9)(parts)
    text = paragraph(f"Sở Giao thông vận tải {closing}.")
    put_after("Tổng hợp theo nhóm như sau:", text)(parts)
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
    assert re.search(r"^Không xét được \d+ quy tắc", told, re.MULTILINE)
    assert "VD-04" not in told
    main(["lint", str(path), "--unjudged"])
    assert "không có phần căn cứ: VD-04" in capsys.readouterr().out


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
    ("content", "told"),
    [
        (b"", "là tệp rỗng"),
        (b"%PDF-1.7", "là tệp PDF. Hãy dùng bản Word gốc"),
        ({"content.xml": "<a/>"}, "là tệp OpenDocument"),
        ({"xl/workbook.xml": "<a/>"}, "là tệp Excel"),
        (None, "là thư mục. Hãy ghi tên một tệp .docx trong đó, ví dụ"),
    ],
)
def test_what_is_no_word_document_is_called_by_its_kind(
    content: bytes | dict[str, str] | None, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "van-ban.docx"
    if content is None:
        (path / "bao-cao").mkdir(parents=True)
        (path / "bao-cao" / "bao-cao-2026.docx").touch()
        told += f" {path / 'bao-cao' / 'bao-cao-2026.docx'}"
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with zipfile.ZipFile(path, "w") as package:
            for name, text in content.items():
                package.writestr(name, text)
    with pytest.raises(KhreportError, match=re.escape(told)):
        lint(path)


def test_a_title_at_the_end_is_who_signs_however_it_looks(tmp_path: Path) -> None:
    texts = (
        "Sở Tư pháp", "Kết quả năm 2026", "Trong năm 2026 đã triển khai 25 nhiệm vụ.",
        "Trên đây là báo cáo.", "GIÁM ĐỐC", "Nguyễn Văn A",
    )  # fmt: skip
    linted = judge(tmp_path, "".join(map(line, texts)))
    found = {each.rule.id: [fault.found for fault in each.faults] for each in linted.outcomes}
    assert found["CP-05"] == found["CP-06"] == []
    assert "không nhận ra tên cơ quan ban hành" in found["LY-00"]
    assert "không nhận ra chức vụ người ký" not in found["LY-00"]
    assert found["CP-17"] == ["không in đậm, căn trái"]


def test_capitals_in_the_text_name_no_body(tmp_path: Path) -> None:
    texts = (
        "Kết quả năm 2026", "Trong năm 2026 đã triển khai 25 nhiệm vụ.", "CÁC KẾT QUẢ CHÍNH",
        *["Nội dung."] * 8,
    )  # fmt: skip
    linted = judge(tmp_path, "".join(map(line, texts)))
    found = {each.rule.id: [fault.found for fault in each.faults] for each in linted.outcomes}
    assert found["CP-05"] == []


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
