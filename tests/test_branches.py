"""Two returns of one agency: where both changed a cell, the difference is asked about.

What only one of them changed is taken from it.
"""

from __future__ import annotations

import datetime as dt

import msgspec
import polars as pl
import pytest
from mini_return import PAPERS, TASKS, Return, return_edition

from khreport.findings import Finding
from khreport.frames import Submission
from khreport.layout.correction import lay_out_correction
from khreport.raw import RawSheet, RawWorkbook
from khreport.read.branches import Comparison, compare_branches, find_common_base
from khreport.read.identify import find_base
from khreport.read.taken import take_changes

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


def bring_together(
    newer: Return, earlier: Return, base: Return | None
) -> tuple[Submission, list[tuple[str, str]]]:
    """The newer return with what it takes over, and what is told of both."""
    comparison = Comparison(
        edition=return_edition(),
        newer=newer.read(),
        earlier=msgspec.structs.replace(earlier.read(), id=FIRST, file="thu muc/ban mot.xlsx"),
        base=base.read() if base else None,
        received=dt.date(2024, 12, 10),
    )
    joined = take_changes(comparison)
    return joined, told(
        [*joined.findings, *compare_branches(msgspec.structs.replace(comparison, newer=joined))]
    )


def lines(submission: Submission, form: str = "PL2") -> list[tuple[object, ...]]:
    frame = submission.answers[form].filter(pl.col("kind").is_in(["line", "record"]))
    return frame.select("key", *(["symbol"] if form == "VB" else ["task", "percent"])).rows()


def test_a_cell_is_taken_from_the_branch_that_changed_it() -> None:
    base = sent(E10="Hoàn thành", F10="mười", H10="một", H14="ba")
    earlier = sent(E10="Hoàn thành", F10=10, H10="một", H14="bốn", E14="Hoàn thành")
    newer = sent(E10="Đang thực hiện", F10="mười", H14="năm", G10="5/6/2024")
    joined, findings = bring_together(newer, earlier, base)
    assert findings == [("cell.taken", "F10"), ("cell.taken", "E14"), ("cell.differs", "H14")]
    rows = joined.answers["PL2"].select("key", "status", "percent", "result").rows()
    assert rows[0] == ("PL2.I.1", "in_progress", 10.0, None)
    assert rows[3] == ("PL2.I.3", "completed", None, "năm")
    assert joined.unread == frozenset()
    assert [(r.column_key, r.before) for r in joined.repairs] == [("completed_on", "5/6/2024")]
    assert [(t.file, t.row, t.at, t.whole) for t in joined.taken] == [
        ("thu muc/ban mot.xlsx", 9, 5, False),
        ("thu muc/ban mot.xlsx", 13, 4, False),
    ]


def test_without_a_base_nothing_is_taken() -> None:
    joined, findings = bring_together(sent(H14="hai"), sent(H10="một"), None)
    assert (joined.taken, findings) == ((), [("cell.dropped", "H10")])


def test_what_could_not_be_read_is_not_taken() -> None:
    joined, findings = bring_together(sent(F10=5), sent(F10="mười"), sent(F10=5))
    assert (joined.taken, findings) == ((), [])
    assert joined.answers["PL2"]["percent"][0] == 5.0


def test_added_rows_are_taken_from_the_branch_that_changed_them() -> None:
    base = sent(C13="Khu A", F13=30, VB_C9="1/KH", VB_C10="2/KH")
    mended = sent(C13="Khu A", F13=40, C15="Khu C", VB_C9="1/KH", VB_C10="3/KH", VB_C11="4/KH")
    newer = sent(C13="Khu A", F13=30, H13="xong", VB_C9="1/KH", VB_C10="2/KH", E10="Hoàn thành")
    joined, findings = bring_together(newer, mended, base)
    assert [code for code, _ in findings] == [
        *("row.taken_out", "row.taken", "row.taken"),
        *("cell.taken", "row.taken"),
    ]
    assert lines(joined) == [("PL2.I.1.a", "Khu A", 40.0), ("PL2.I.3.a", "Khu C", None)]
    assert lines(joined, "VB") == [("VB.1", "1/KH"), ("VB.2", "3/KH"), ("VB.3", "4/KH")]
    assert joined.answers["PL2"]["row"].n_unique() == len(joined.answers["PL2"])
    whole = [(t.form, t.key, t.row) for t in joined.taken if t.whole]
    assert whole == [("VB", "VB.2", 9), ("VB", "VB.3", 10), ("PL2", "PL2.I.3.a", 14)]


def test_an_added_row_that_only_one_took_out_is_out() -> None:
    base = sent(C13="Khu A", VB_C9="1/KH", VB_C10="2/KH")
    joined, findings = bring_together(base, sent(VB_C10="2/KH"), base)
    assert [code for code, _ in findings] == ["row.taken_out", "row.taken_out"]
    assert (lines(joined), lines(joined, "VB")) == ([], [("VB.2", "2/KH")])


def test_an_added_row_that_both_changed_is_asked_about() -> None:
    base = sent(C13="Khu A", F13=30)
    _, findings = bring_together(sent(C13="Khu A", F13=50), sent(C13="Khu A", F13=40), base)
    assert findings == [("cell.differs", "F13")]
    _, findings = bring_together(sent(), sent(C13="Khu A", F13=40), base)
    assert findings == [("row.dropped", TASKS)]


def test_a_line_is_taken_beside_another_of_the_same_letter() -> None:
    joined, findings = bring_together(sent(C13="Khu B"), sent(C13="Khu A", F13=40), sent())
    assert findings == [("row.taken", TASKS)]
    assert lines(joined) == [("PL2.I.1.a", "Khu B", None), ("PL2.I.1.+1", "Khu A", 40.0)]


def test_a_number_that_is_cited_is_not_given_to_another_document() -> None:
    newer, earlier = sent(VB_C9="1/KH"), sent(VB_C9="2/KH", I10="1", I14="1; 2", VB_C10="3/KH")
    joined, findings = bring_together(newer, earlier, sent())
    assert sorted(findings) == [
        ("cell.dropped", "I10"),
        ("cell.dropped", "I14"),
        ("row.dropped", PAPERS),
        ("row.taken", PAPERS),
    ]
    assert lines(joined, "VB") == [("VB.1", "1/KH"), ("VB.2", "3/KH")]


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
