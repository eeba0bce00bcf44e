"""`khreport lint`: slips that people make, each beside what is right and looks alike."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from lint_documents import (
    REPORT,
    pack,
    paragraph,
    put_after,
    read_parts,
    replace,
    write_good_letter,
    write_good_report,
)
from lint_strangers import (
    BOLD,
    CENTER,
    ENDING,
    LEFT_HEAD,
    SECOND_HEAD,
    TEXT,
    TITLE,
    USUAL,
    WIDTHS,
    drawn,
    line,
    size,
    table,
    write_document,
)
from test_lint import broken, judge, states

from khreport.edges.docx import write_report
from khreport.report import Signature
from khreport.verbs.lint import lint

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("good")
    return {
        "report": write_good_report(folder / "report.docx"),
        "letter": write_good_letter(folder / "letter.docx"),
    }


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["KT. GIÁM ĐỐC"], {"SG-03"}),
        (["PHÓ GIÁM ĐỐC", "KT. GIÁM ĐỐC"], {"SG-03"}),
        (["GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], {"SG-03"}),
        (["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "PHÓ CHỦ TỊCH"], {"SG-03"}),
        (["TRƯỞNG BAN", "PHÓ CHỦ TỊCH UBND TỈNH"], {"SG-03"}),
        (["TM. BAN CHỈ ĐẠO", "TRƯỞNG BAN", "PHÓ CHỦ TỊCH UBND TỈNH"], set()),
        (["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], set()),
        (["KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"], set()),
        (["TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"], set()),
        (["TUQ. GIÁM ĐỐC", "PHÓ TRƯỞNG PHÒNG"], set()),
        (["Q. GIÁM ĐỐC"], set()),
    ],
)
def test_who_signs_for_the_head_is_a_deputy_beneath_the_head_s_title(
    lines: list[str], told: set[str], tmp_path: Path
) -> None:
    report = msgspec.structs.replace(
        REPORT, signature=Signature(lines=tuple(lines), name="Nguyễn Văn A")
    )
    write_report(report, tmp_path / "d.docx")
    assert broken(lint(tmp_path / "d.docx")) & {"SG-03", "SG-09"} == told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Số: 07/BC-STC", "Số: 07 / BC-STC", {"SK-01"}),
        ("Số: 07/BC-STC", "Số:        /BC-STC", set()),
        ("- Như trên;", "- Như trên;;", {"CP-20a"}),
        ("- Lưu: VT, TH.", "- Lưu: VT, TH..", {"CP-20a"}),
        ("- Tỉnh ủy Khánh Hòa;", "- Tỉnh ủy Khánh Hòa;;", {"CP-14"}),
        ("- Tỉnh ủy Khánh Hòa;", "- …..;", {"CP-14"}),
        ("ngày 05 tháng 12 năm 2026</w:t>", "ngày 31 tháng 11 năm 2026</w:t>", {"DT-01"}),
        ("ngày 05 tháng 12 năm 2026</w:t>", "ngày      tháng 12 năm 2026</w:t>", set()),
        (">Nguyễn Văn A<", ">NGUYỄN VĂN A<", {"CP-18"}),
        (">Nguyễn Văn A<", "><", set()),
    ],
)
def test_small_slips_about_the_text_are_found(
    old: str, new: str, told: set[str], good: dict[str, Path], tmp_path: Path
) -> None:
    parts = read_parts(good["report"])
    replace(old, new)(parts)
    found = broken(lint(pack(parts, tmp_path / "d.docx")))
    assert found & {"SK-01", "CP-20a", "CP-14", "DT-01", "CP-17", "CP-18"} == told


def test_a_letter_without_its_subject_is_told(good: dict[str, Path], tmp_path: Path) -> None:
    parts = read_parts(good["letter"])
    replace("V/v báo cáo kết quả", "Báo cáo kết quả")(parts)
    assert "LY-00" in broken(lint(pack(parts, tmp_path / "d.docx")))


def test_addressees_that_nobody_filled_in_are_told(tmp_path: Path) -> None:
    head = table(LEFT_HEAD, SECOND_HEAD, widths=WIDTHS) + TITLE
    for text, told in (("Kính gửi: …..", {"CP-14"}), ("Kính gửi: Tỉnh ủy.", set())):
        linted = judge(tmp_path, head + line(text, "", CENTER) + TEXT + ENDING)
        assert broken(linted) & {"CP-14"} == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Kế hoạch giao 23 nhiệm vụ (Phụ lục I: 20 nhiệm vụ; Phụ lục II: 3 nhiệm vụ).", set()),
        ("Kế hoạch giao 25 nhiệm vụ (Phụ lục I: 20 nhiệm vụ; Phụ lục II: 3 nhiệm vụ).", {"ST-T2"}),
        ("Đã giao 20 nhiệm vụ, gồm 12 nhiệm vụ mới và 7 nhiệm vụ cũ.", {"ST-T2"}),
        ("Đã giao 20 nhiệm vụ, gồm 12 nhiệm vụ mới, 7 nhiệm vụ cũ và nhiệm vụ khác.", set()),
        ("Đã giao 20 nhiệm vụ (12 nhiệm vụ mới, trong đó 3 gấp; 5 nhiệm vụ cũ).", set()),
        ("Trong 20 nhiệm vụ có thời hạn: 12 hoàn thành, 9 chưa hoàn thành.", {"ST-T2"}),
        ("Có 25 nhiệm vụ, trong đó: 10 xong, 12 đang làm (trong hạn) và 05 quá hạn.", {"ST-T2"}),
        ("Năm 2026 Sở làm 25 nhiệm vụ, trong đó: 10 xong, 12 đang làm và 05 chậm.", {"ST-T2"}),
        ("Biểu 2 có 27 nhiệm vụ, trong đó: 10 xong, 12 đang làm và 05 chậm.", set()),
        ("Có 25 nhiệm vụ năm 2026 của 9 sở, trong đó: 20 xong và 05 chậm.", set()),
        ("Có 78 văn bản, trong đó: 90 kế hoạch và 08 công văn.", {"ST-T2"}),
        ("Năm 2026 có 25 khó khăn, trong đó: 20 khách quan và 06 chủ quan.", {"ST-T2"}),
        ("Có 25 khó khăn của 9 sở, trong đó: 20 khách quan và 05 chủ quan.", set()),
        ("Có 27 nhiệm vụ, trong đó: 10 xong, 12 đang làm (có 9 gấp) và 05 quá hạn.", set()),
        ("Trong 20 nhiệm vụ: 12 đang làm (trong hạn), 09 chưa làm.", {"ST-T2"}),
        ("Số liệu của 29 chỉ tiêu có đủ hai năm: 11 cao hơn, 17 thấp hơn, 02 ngang.", {"ST-T2"}),
        ("Các cơ quan nêu 58 khó khăn; phân theo nguyên nhân: 36 do người, 26 khác.", {"ST-T2"}),
        ("Các cơ quan nêu 62 khó khăn; phân theo nguyên nhân: 36 do người, 26 khác.", set()),
        ("Có 5/8 chỉ tiêu có kế hoạch năm đạt (2 chỉ tiêu vượt), 3 chỉ tiêu chưa đạt.", set()),
        ("Có 5/8 chỉ tiêu có kế hoạch năm đạt, 4 chỉ tiêu ước chưa đạt.", {"ST-T2"}),
        ("Trong 5 nhiệm vụ có thời hạn: 3 xong, 2 chậm; 01 nhiệm vụ thường xuyên xong.", set()),
        ("Có 20 nhiệm vụ (12 nhiệm vụ mới, 5 nhiệm vụ cũ, …).", set()),
        ("Có 5/8 chỉ tiêu kinh tế đạt, 4 chỉ tiêu xã hội chưa đạt.", set()),
        ("Có 9/8 chỉ tiêu đạt kế hoạch.", {"ST-T2"}),
        ("Đến ngày 30/11 nhiệm vụ đã hoàn thành.", set()),
        ("Phụ lục II có 4 nhiệm vụ thường xuyên.", {"ST-T1"}),
        ("Phụ lục II có 2 nhiệm vụ thường xuyên.", set()),
        ("Phụ lục II có 2 nhiệm vụ chưa thực hiện.", {"ST-T1"}),
        ("Số liệu từ 31/02/2026 đến 30/11/2026.", {"RC-T1"}),
        ("Số liệu từ ngày 01 tháng 12 năm 2026 đến ngày 30 tháng 11 năm 2026.", {"RC-T1"}),
        ("Số liệu từ ngày 01/12/2025 đến hết ngày 30/11/2026.", set()),
    ],
)
def test_figures_and_days_of_the_text_agree_with_one_another(
    text: str, told: set[str], good: dict[str, Path], tmp_path: Path
) -> None:
    parts = read_parts(good["report"])
    put_after("Tổng hợp theo nhóm như sau:", paragraph(text))(parts)
    found = broken(lint(pack(parts, tmp_path / "d.docx")))
    assert found & {"ST-T1", "ST-T2", "RC-T1"} == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Có 5/8 chỉ tiêu có kế hoạch năm đạt, 3 chỉ tiêu chưa đạt.", {"RC-T2"}),
        ("Có 5/8 chỉ tiêu có kế hoạch năm ước đạt, 3 chỉ tiêu ước chưa đạt.", set()),
        ("Số thu cả năm đạt 1.234 tỷ đồng, bằng 95% kế hoạch.", {"RC-T2"}),
        ("Số thu so với kế hoạch cả năm đạt 95%.", {"RC-T2"}),
        ("Kế hoạch cả năm là 1.234 tỷ đồng.", set()),
        ("Phấn đấu số thu cả năm đạt 1.234 tỷ đồng.", set()),
        ("Lũy kế 11 tháng đạt 900 tỷ đồng, so với kế hoạch năm đạt 85%.", set()),
        ("Số thu cả năm 2025 đạt 1.100 tỷ đồng.", set()),
    ],
)
def test_a_figure_of_a_year_that_goes_on_is_an_estimate_also_beside_its_plan(
    text: str, told: set[str], good: dict[str, Path], tmp_path: Path
) -> None:
    parts = read_parts(good["report"])
    put_after("Tổng hợp theo nhóm như sau:", paragraph(text))(parts)
    assert broken(lint(pack(parts, tmp_path / "d.docx"))) & {"RC-T2"} == told


def test_the_figure_of_a_year_that_has_ended_is_none(good: dict[str, Path], tmp_path: Path) -> None:
    parts = read_parts(good["report"])
    told = paragraph("Số thu cả năm đạt 1.234 tỷ đồng.")
    put_after("Tổng hợp theo nhóm như sau:", told)(parts)
    replace("số liệu đến ngày 30/11/2026", "số liệu đến ngày 31/12/2026", count=9)(parts)
    assert "RC-T2" not in broken(lint(pack(parts, tmp_path / "d.docx")))


def test_paper_that_a_document_does_not_say_is_the_one_that_word_takes(tmp_path: Path) -> None:
    linted = lint(write_document(tmp_path / "d.docx", USUAL, page=""))
    assert {"PG-01", "PG-03"} <= broken(linted)


def test_the_nation_s_name_and_the_motto_may_share_a_paragraph(tmp_path: Path) -> None:
    broke = "</w:t><w:br/><w:t>"
    motto = line(f"{NATION}{broke}Độc lập - Tự do - Hạnh phúc", BOLD + size(13), CENTER, drawn(60))
    for width, told in ((5771, set()), (4400, {"LY-01"})):
        head = table((LEFT_HEAD[0], motto), SECOND_HEAD, widths=(3300, width))
        assert broken(judge(tmp_path, head + TITLE + TEXT + ENDING)) & {"LY-01"} == told


def test_a_document_without_text_passes_nothing_but_its_paper(tmp_path: Path) -> None:
    told = states(lint(write_document(tmp_path / "d.docx", line(""))))
    assert {rule for rule, state in told.items() if state == "passed"} == {
        "PG-01", "PG-02", "PG-03",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("issuer", "state"),
    [
        ("BAN QUẢN LÝ DỰ ÁN TỈNH KHÁNH HÒA KHU VỰC 2", "not_evaluated"),
        ("BAN CHỈ ĐẠO TỈNH THỰC HIỆN NGHỊ QUYẾT", "not_evaluated"),
        ("SỞ LAO ĐỘNG VÀ XÃ HỘI", "not_evaluated"),
        ("ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK", "findings"),
        ("ỦY BAN NHÂN DÂN TỈNH KHÁNH HÒA", "passed"),
    ],
)
def test_a_place_is_held_against_a_unit_that_ends_the_issuer_s_name(
    issuer: str, state: str, tmp_path: Path
) -> None:
    left = line(issuer, BOLD + size(13), CENTER, drawn(18))
    head = table((left, LEFT_HEAD[1]), SECOND_HEAD, widths=WIDTHS)
    assert states(judge(tmp_path, head + TITLE + TEXT + ENDING))["DT-02"] == state
