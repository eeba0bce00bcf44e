"""Two returns of one agency: where both changed a cell, the difference is asked about."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from mini_return import PAPERS, TASKS, Return, return_edition

from khreport.findings import Finding
from khreport.frames import Submission
from khreport.layout.correction import lay_out_correction
from khreport.raw import RawSheet, RawWorkbook
from khreport.read.branches import Comparison, compare_branches, find_common_base
from khreport.read.identify import find_base

FIRST, SECOND = "a" * 64, "b" * 64


def sent(**cells: object) -> Return:
    """A return with these cells: `E10` of the tasks, `VB_C9` of the documents."""
    back = Return()
    for cell, entry in cells.items():
        sheet, _, place = cell.rpartition("_")
        back.put(PAPERS if sheet else TASKS, place, entry)
    return back


def compare(
    newer: Submission, earlier: Submission, base: Submission | None = None
) -> list[Finding]:
    comparison = Comparison(
        edition=return_edition(),
        newer=newer,
        earlier=msgspec.structs.replace(earlier, file="thu muc/ban mot.xlsx"),
        base=base,
        received=dt.date(2024, 12, 10),
    )
    return compare_branches(comparison)


def differences(newer: Return, earlier: Return, base: Return | None = None) -> list[Finding]:
    return compare(newer.read(), earlier.read(), base.read() if base else None)


def told(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(f.code, str(f.cell or f.sheet)) for f in findings]


def test_where_both_say_otherwise_both_are_quoted() -> None:
    (finding,) = differences(sent(H10="Bốn hội nghị"), sent(H10="Ba hội nghị"))
    assert finding.severity == "warning"
    assert str(finding) == (
        "Nhiệm vụ, ô H10 (Kết quả, nhiệm vụ I.1): Bản trước (ban mot.xlsx, 10/12/2024) ghi "
        "“Ba hội nghị”, bản này ghi “Bốn hội nghị”. Hãy xem lại; không sửa thì dùng bản này."
    )
    assert finding.value == "Bốn hội nghị"


def test_what_the_newer_one_left_out_is_asked_about_and_not_filled_in() -> None:
    (finding,) = differences(sent(), sent(E10="Hoàn thành"))
    assert (finding.code, finding.value) == ("cell.dropped", None)
    assert finding.message == (
        "Bản trước (ban mot.xlsx, 10/12/2024) ghi “Hoàn thành”, bản này để trống."
    )
    book = lay_out_correction(return_edition(), sent().read(), [finding])
    (sheet,) = (sheet for sheet in book.sheets if sheet.name == TASKS)
    (cell,) = (cell for cell in sheet.cells if cell.note)
    assert cell.value is None


def test_what_only_the_newer_one_changed_is_not_told() -> None:
    base = sent(E10="Hoàn thành", H10="một")
    assert differences(sent(E10="Hoàn thành", H10="hai", H14="ba"), base) != []
    assert differences(sent(E10="Hoàn thành", H10="hai", H14="ba"), base, base) == []
    assert differences(sent(H14="ba", F10=7), sent()) == []


def test_what_both_say_alike_is_not_told() -> None:
    assert differences(sent(H10="Toà nhà  UBND"), sent(H10="tòa nhà UBND")) == []
    assert differences(sent(F10="62,5"), sent(F10=62.5)) == []


def test_a_mended_cell_that_the_original_never_had_is_asked_about() -> None:
    """The correction came back mended; then the original, edited on, with the old entry."""
    base = sent(F10="mười", H10="một")
    mended, original = sent(F10=10, H10="một"), sent(F10="mười", H10="một và hai")
    (finding,) = differences(original, mended, base)
    assert (finding.code, str(finding.cell)) == ("cell.differs", "F10")
    assert finding.message.endswith("ghi “10”, bản này ghi “mười”.")


def test_what_could_not_be_read_in_the_earlier_one_is_not_asked_about_again() -> None:
    assert differences(sent(F10=10), sent(F10="mười")) == []


def test_what_the_earlier_one_took_out_is_asked_about_where_it_still_stands() -> None:
    base = sent(H10="một")
    (finding,) = differences(sent(H10="một"), sent(), base)
    assert (finding.code, finding.value) == ("cell.refilled", "một")


def test_a_row_that_the_newer_one_does_not_have_loses_no_answer_in_silence() -> None:
    newer = sent()
    del newer.grids[TASKS][13]
    (finding,) = differences(newer, sent(H14="Ba hội nghị"))
    assert (finding.code, finding.cell, finding.row_key) == ("cell.dropped", None, "PL2.I.3")


def test_added_rows_are_compared_by_what_they_say() -> None:
    earlier = sent(VB_C9="1/KH", VB_C10="2/KH", C13="Khu A")
    assert differences(sent(VB_C10="1/KH", VB_C11="2/KH", C13="khu A"), earlier) == []
    findings = differences(sent(VB_C9="2/KH", C13="Khu B"), earlier)
    assert [f.message.partition(") ")[2] for f in findings] == [
        "có dòng “Khu A”, bản này không có.",
        "có dòng “1/KH”, bản này không có.",
    ]
    assert findings[0].place == "nhiệm vụ I.1"
    assert differences(sent(VB_C9="1/KH"), sent(VB_C9="1/KH", VB_D9="hai")) == []


def test_an_added_row_that_was_mended_is_compared_by_its_cells() -> None:
    earlier = sent(C13="Khu A", F13=30, H13="một")
    newer = sent(C13="Khu A", F13=40, H13="một")
    (finding,) = differences(newer, earlier)
    assert (finding.code, str(finding.cell), finding.place) == (
        "cell.differs",
        "F13",
        "Tỷ lệ hoàn thành (%), dòng a) của nhiệm vụ I.1",
    )
    assert differences(newer, earlier, earlier) == []
    assert told(differences(earlier, newer, earlier)) == [("cell.differs", "F13")]
    assert differences(newer, sent(C13="Khu A", F13="ba mươi", H13="một")) == []


def test_added_rows_that_only_the_newer_one_took_out_are_not_told() -> None:
    base = sent(VB_C9="1/KH", VB_C10="2/KH")
    assert differences(sent(VB_C9="2/KH"), base, base) == []
    kept = differences(base, sent(VB_C9="2/KH"), base)
    assert [(f.code, f.message.partition(") ")[2]) for f in kept] == [
        ("row.restored", "đã bỏ dòng “1/KH”, bản này vẫn có.")
    ]


@pytest.mark.parametrize(
    ("bases", "expected"),
    [
        # the form filled twice; the original after the correction; the correction after it
        ({"p": "", "n": ""}, ""),
        ({"first": "", "p": "first", "n": ""}, "first"),
        ({"first": "", "p": "", "n": "first"}, "first"),
        # two corrections of one return; of returns that were corrected one after another
        ({"first": "", "p": "first", "n": "first"}, "first"),
        ({"first": "", "second": "first", "p": "second", "n": "first"}, "first"),
        ({"first": "", "second": "first", "p": "second", "n": ""}, "first"),
        # the correction of something that never came, and marks that lead in a ring
        ({"p": "", "n": "unknown"}, ""),
        ({"one": "two", "two": "one", "p": "one", "n": "x"}, "two"),
    ],
)
def test_what_two_returns_both_came_from(bases: dict[str, str], expected: str) -> None:
    assert find_common_base(bases, "n", "p") == expected


def test_a_correction_says_what_it_answers_and_the_form_says_nothing() -> None:
    submission = msgspec.structs.replace(sent(H10="một").read(), id=FIRST)
    book = lay_out_correction(return_edition(), submission, [])
    sheet = next(sheet for sheet in book.sheets if sheet.name == "_khreport")
    assert sheet.visibility == "very_hidden"
    rows: list[list[object]] = [["", ""] for _ in range(8)]
    for cell in sheet.cells:
        rows[cell.row][cell.column] = cell.value
    raw = RawWorkbook(sheets=[RawSheet(name="_khreport", rows=rows)])
    assert find_base(raw) == FIRST
    assert sent().read().base == ""


@pytest.mark.parametrize("named", ["../../etc", SECOND.upper(), "", 7.0, SECOND + "0"])
def test_what_names_no_return_is_not_believed(named: object) -> None:
    raw = RawWorkbook(sheets=[RawSheet(name="_khreport", rows=[["answers", named]])])
    assert find_base(raw) == ""


def test_the_place_of_a_file_on_this_machine_is_not_written_into_a_correction() -> None:
    submission = msgspec.structs.replace(sent(H10="một").read(), id="/tmp/nop/xd.xlsx")  # noqa: S108
    book = lay_out_correction(return_edition(), submission, [])
    assert not any("/tmp" in str(cell.value) for sheet in book.sheets for cell in sheet.cells)  # noqa: S108
