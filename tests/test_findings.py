from __future__ import annotations

import msgspec

from khreport.findings import Finding, any_block, group_findings, sort_findings

BASE = Finding(
    code="T-01",
    severity="error",
    message="“mười” không phải là số.",
    fix="Nhập số từ 0 đến 100, ví dụ 75.",
    file="a.xlsx",
    sheet="Phụ lục II",
    row=13,
    column=9,
    place="Tỷ lệ hoàn thành, nhiệm vụ III.4",
)


def make(**parts: object) -> Finding:
    return msgspec.structs.replace(BASE, **parts)


def test_a_finding_says_where_what_and_what_to_do() -> None:
    assert str(make()) == (
        "Phụ lục II, ô J14 (Tỷ lệ hoàn thành, nhiệm vụ III.4): “mười” không phải là số. "
        "Nhập số từ 0 đến 100, ví dụ 75."
    )


def test_a_finding_about_a_whole_file_has_no_place() -> None:
    finding = make(
        sheet=None, row=None, column=None, place=None, message="Tệp rỗng.", fix="Gửi lại."
    )
    assert str(finding) == "Tệp rỗng. Gửi lại."
    assert finding.cell is None


def test_equal_findings_are_told_once_with_all_their_cells() -> None:
    cells = [make(row=row, column=3) for row in (11, 13, 14, 15, 16, 17)]
    (group,) = group_findings(cells)
    assert str(group).startswith("Phụ lục II, các ô D12, D14–D18: “mười” không phải là số.")


def test_findings_about_different_files_are_not_drawn_together() -> None:
    groups = group_findings([make(file="a.xlsx"), make(file="b.xlsx")])
    assert [len(group.findings) for group in groups] == [1, 1]


def test_what_blocks_comes_first_and_repeats_are_dropped() -> None:
    warning = make(severity="warning", row=1)
    error, same = make(row=9), make(row=9)
    assert sort_findings([warning, error, same]) == [error, warning]
    assert any_block([warning, error])
    assert not any_block([warning])
