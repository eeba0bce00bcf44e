"""The chain of an agency's returns: corrections, edited originals, and forms that changed."""

from __future__ import annotations

import shutil

import msgspec
import openpyxl
import polars as pl
import pytest
from small_campaign import accepted_file, mend, put

from khreport.campaign import Campaign
from khreport.edges.folder import freeze_edition, newest_edition
from khreport.edges.ledger import Ledger
from khreport.edges.store import stored_path
from khreport.edges.xlsx import write_book
from khreport.edition import Edition
from khreport.forms import Choice, ChoiceList, Form
from khreport.layout.workbook import lay_out_workbook
from khreport.verbs.consolidate import consolidate
from khreport.verbs.judge import Checked
from khreport.verbs.take_in import take_in

MISSPELT = "trien khai nam nay roi"
CARRIED_OUT = "Đã triển khai theo kế hoạch năm"


def asked(checked: Checked) -> list[tuple[str, str]]:
    """What is asked about a return beside the one before it."""
    return [
        (finding.code, str(finding.cell))
        for finding in checked.findings
        if "Bản trước" in finding.message
    ]


def test_a_mended_correction_is_not_held_against_what_it_answers(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, status=MISSPELT)
    (faulty,) = take_in(campaign)
    mend(faulty.correction, campaign.inbox / "b.xlsx", minute=2, status=CARRIED_OUT, result="Mới.")
    (mended,) = take_in(campaign)
    assert mended.submission.base == faulty.submission.id
    assert asked(mended) == []
    with Ledger(campaign.state / "ledger.sqlite") as ledger:
        bases = [event.detail["base"] for event in ledger.events("checked")]
    assert bases == ["", faulty.submission.id]


@pytest.mark.parametrize("together", [False, True])
def test_correction_and_still_edited_original_are_both_accepted_and_asked_about(
    campaign: Campaign, *, together: bool
) -> None:
    put(campaign, "a.xlsx", minute=1, status=MISSPELT)
    (faulty,) = take_in(campaign)
    mended = campaign.inbox / "b.xlsx"
    mend(faulty.correction, mended, minute=2, status=CARRIED_OUT, result="Đã mở ba hội nghị.")
    if not together:
        assert [checked.accepted for checked in take_in(campaign)] == [True]
    put(
        campaign, "c.xlsx", minute=3, result="Đã mở bốn hội nghị.", next_year="Tiếp tục quán triệt."
    )  # fmt: skip
    original = take_in(campaign)[-1]
    assert original.accepted
    assert asked(original) == [("cell.differs", "L10")]
    (sentence,) = (str(f) for f in original.findings if f.code == "cell.differs")
    assert sentence.partition(": ")[2] == (
        "Bản trước (b.xlsx, 12/12/2024) ghi “Đã mở ba hội nghị.”, bản này ghi “Đã mở bốn hội "
        "nghị.”. Hãy xem lại; không sửa thì dùng bản này."
    )
    assert len(sentence) <= 200
    assert accepted_file(campaign) == "c.xlsx"


def taken(checked: Checked) -> list[tuple[str, str]]:
    """What was taken over from the return before it."""
    return [(f.code, str(f.cell)) for f in checked.findings if ".taken" in f.code]


def answer(checked: Checked, column: str) -> object:
    frame = checked.submission.answers["PL2"]
    return frame.row(by_predicate=pl.col("key") == "PL2.I.1", named=True)[column]


def cells_read(campaign: Campaign) -> dict[str, tuple[str, str, str]]:
    """What the consolidation holds of the task: text, file and cell by column."""
    cells = consolidate(campaign).consolidation.cells.filter(pl.col("key") == "PL2.I.1")
    return {row["column"]: (row["value"], row["file"], row["cell"]) for row in cells.to_dicts()}


def test_what_only_the_correction_changed_is_kept_when_the_edited_original_comes_later(
    campaign: Campaign,
) -> None:
    put(campaign, "a.xlsx", minute=1, status=MISSPELT)
    (faulty,) = take_in(campaign)
    mended = campaign.inbox / "b.xlsx"
    mend(faulty.correction, mended, minute=2, status=CARRIED_OUT, result="Đã mở ba hội nghị.")
    take_in(campaign)
    put(campaign, "c.xlsx", minute=3, status=MISSPELT, next_year="Tiếp tục quán triệt.")
    (original,) = take_in(campaign)
    assert original.accepted
    assert asked(original) == []
    assert taken(original) == [("cell.taken", "H10"), ("cell.taken", "L10")]
    (note,) = (f for f in original.findings if f.code == "cell.taken" and f.column_key == "result")
    assert str(note).partition(": ")[2] == (
        "Lấy “Đã mở ba hội nghị.” của bản trước (b.xlsx, 12/12/2024): bản này chưa sửa ô này. "
        "Nếu không đúng, hãy ghi lại rồi gửi."
    )
    assert note.severity == "note"
    cells = cells_read(campaign)
    assert cells["status"] == (CARRIED_OUT, "b.xlsx", "H10")
    assert cells["result"] == ("Đã mở ba hội nghị.", "b.xlsx", "L10")
    assert cells["next_year"][1:] == ("c.xlsx", "R10")


def test_what_only_the_edited_original_changed_is_kept_when_the_correction_comes_later(
    campaign: Campaign,
) -> None:
    put(campaign, "a.xlsx", minute=1, status=MISSPELT)
    (faulty,) = take_in(campaign)
    put(campaign, "b.xlsx", minute=2, status=MISSPELT, result="Đã mở bốn hội nghị.")
    (original,) = take_in(campaign)
    # two forms of which neither says what it came from
    assert asked(original) == [("cell.differs", "L10")]
    mend(faulty.correction, campaign.inbox / "c.xlsx", minute=3, status=CARRIED_OUT)
    (mended,) = take_in(campaign)
    assert mended.accepted
    assert (asked(mended), taken(mended)) == ([], [("cell.taken", "L10")])
    cells = cells_read(campaign)
    assert cells["status"][1] == "c.xlsx"
    assert cells["result"] == ("Đã mở bốn hội nghị.", "b.xlsx", "L10")


def test_what_both_changed_alike_goes_without_a_word(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, status=MISSPELT)
    (faulty,) = take_in(campaign)
    mend(faulty.correction, campaign.inbox / "b.xlsx", minute=2, status=CARRIED_OUT)
    put(campaign, "c.xlsx", minute=3, status=CARRIED_OUT)
    _, original = take_in(campaign)
    assert (asked(original), taken(original)) == ([], [])


@pytest.mark.parametrize("by", ["correction", "original"])
def test_what_one_of_them_took_out_stays_out(campaign: Campaign, by: str) -> None:
    out, more = {"next_year": None}, "Tiếp tục quán triệt."
    put(campaign, "a.xlsx", minute=1, status=MISSPELT, next_year=more)
    (faulty,) = take_in(campaign)
    mended = campaign.inbox / "b.xlsx"
    mend(
        faulty.correction, mended, minute=2, status=CARRIED_OUT,
        **(out if by == "correction" else {}),
    )  # fmt: skip
    original = out if by == "original" else {"next_year": more}
    put(campaign, "c.xlsx", minute=3, status=CARRIED_OUT, **original)
    _, later = take_in(campaign)
    assert asked(later) == []
    assert taken(later) == ([("cell.taken_out", "R10")] if by == "correction" else [])
    assert answer(later, "next_year") is None
    assert "next_year" not in cells_read(campaign)


def test_what_was_taken_over_is_kept_when_the_original_comes_once_more(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, status=MISSPELT)
    (faulty,) = take_in(campaign)
    mend(faulty.correction, campaign.inbox / "b.xlsx", minute=2, status=CARRIED_OUT)
    put(campaign, "c.xlsx", minute=3, status=MISSPELT, next_year="Tiếp tục quán triệt.")
    take_in(campaign)
    put(campaign, "d.xlsx", minute=4, status=MISSPELT, next_year="Tiếp tục kiểm tra.")
    (last,) = take_in(campaign)
    assert last.accepted
    assert taken(last) == [("cell.taken", "H10")]
    assert asked(last) == [("cell.differs", "R10")]
    cells = cells_read(campaign)
    assert cells["status"] == (CARRIED_OUT, "b.xlsx", "H10")
    assert cells["next_year"][:2] == ("Tiếp tục kiểm tra.", "d.xlsx")


def test_a_correction_of_the_original_has_what_was_taken_over(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, status=MISSPELT)
    (faulty,) = take_in(campaign)
    mended = campaign.inbox / "b.xlsx"
    mend(faulty.correction, mended, minute=2, status=CARRIED_OUT, result="Đã mở ba hội nghị.")
    put(campaign, "c.xlsx", minute=3, status="xyz")
    _, later = take_in(campaign)
    assert asked(later) == [("cell.differs", "H10")]
    assert later.correction is not None
    sheet = openpyxl.load_workbook(later.correction)["Phụ lục II"]
    assert (sheet["H10"].value, sheet["L10"].value) == ("xyz", "Đã mở ba hội nghị.")
    mend(later.correction, campaign.inbox / "d.xlsx", minute=4, status=CARRIED_OUT)
    (last,) = take_in(campaign)
    assert (last.accepted, asked(last), taken(last)) == (True, [], [])
    assert answer(last, "result") == "Đã mở ba hội nghị."


def test_a_correction_marks_the_cells_that_are_asked_about(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1, result="Đã mở ba hội nghị.")
    put(campaign, "b.xlsx", minute=2, status=MISSPELT, result=None)
    _, faulty = take_in(campaign)
    assert asked(faulty) == [("cell.differs", "H10"), ("cell.dropped", "L10")]
    assert faulty.correction is not None
    sheet = openpyxl.load_workbook(faulty.correction)["Phụ lục II"]
    assert sheet["H10"].value == MISSPELT
    assert sheet["L10"].value is None
    assert "Bản trước (a.xlsx, 12/12/2024)" in sheet["L10"].comment.text


def test_one_agency_is_never_held_against_another(campaign: Campaign) -> None:
    put(campaign, "a.xlsx", minute=1)
    take_in(campaign)
    other = campaign.outgoing / "SKHCN-qd1165-2024.xlsx"
    shutil.copy(other, campaign.inbox / "khcn.xlsx")
    (checked,) = take_in(campaign)
    assert checked.submission.agency == "skhcn"
    assert asked(checked) == []


def test_an_earlier_return_whose_original_is_gone_is_told_and_stops_nobody(
    campaign: Campaign,
) -> None:
    path = put(campaign, "a.xlsx", minute=1)
    (earlier,) = take_in(campaign)
    path.unlink()
    stored_path(campaign.state / "store", earlier.submission.id).unlink()
    put(campaign, "b.xlsx", minute=2, result="Đã mở bốn hội nghị.")
    (checked,) = take_in(campaign)
    assert checked.accepted
    assert [f.code for f in checked.findings] == ["file.not_compared"]


def send(campaign: Campaign, edition: Edition) -> None:
    """Another form version goes out."""
    freeze_edition(campaign, edition)
    path = campaign.outgoing / "STP-qd1165-2024.xlsx"
    if "stp" in edition.asked:
        write_book(lay_out_workbook(edition, "stp"), path)


def with_form(edition: Edition, form: Form) -> Edition:
    forms = tuple(form if old.key == form.key else old for old in edition.forms)
    named = set(form.column) | {"parent.", "row.", "task."}
    rules = tuple(
        rule
        for rule in edition.rules
        if rule.form != form.key or {*rule.columns, *rule.good, *rule.bad} <= named
    )
    return msgspec.structs.replace(edition, forms=forms, rules=rules)


def changed_form(edition: Edition) -> Form:
    """Phụ lục II with one more status and without next year's tasks."""
    form = edition.form["PL2"]
    more = Choice("mostly", "Đã triển khai phần lớn")
    lists = tuple(
        ChoiceList(key=old.key, choices=(*old.choices, more)) if old.key == "recurrent" else old
        for old in form.lists
    )
    columns = tuple(column for column in form.columns if column.key != "next_year")
    return msgspec.structs.replace(form, columns=columns, lists=lists)


def test_an_older_form_is_poured_into_the_present_one_and_consolidated(
    campaign: Campaign,
) -> None:
    edition = newest_edition(campaign)
    put(campaign, "cu.xlsx", minute=1, next_year="Tiếp tục quán triệt.")
    send(campaign, with_form(edition, changed_form(edition)))
    (old,) = take_in(campaign)
    assert old.accepted
    lost = [(f.code, str(f.cell), f.value) for f in old.findings if f.code == "column.not_asked"]
    assert lost == [("column.not_asked", "R10", "Tiếp tục quán triệt.")]
    put(campaign, "moi.xlsx", minute=2, status="Đã triển khai phần lớn")
    (new,) = take_in(campaign)
    assert asked(new) == [("cell.differs", "H10")]
    answers = consolidate(campaign).consolidation.answers
    assert answers.select("agency", "status").rows() == [("stp", "mostly")]
    assert "next_year" not in answers.columns


def test_what_was_accepted_in_an_older_form_is_consolidated_in_the_present_one(
    campaign: Campaign,
) -> None:
    put(campaign, "cu.xlsx", minute=1, next_year="Tiếp tục quán triệt.")
    assert [checked.accepted for checked in take_in(campaign)] == [True]
    edition = newest_edition(campaign)
    send(campaign, with_form(edition, changed_form(edition)))
    consolidation = consolidate(campaign).consolidation
    assert consolidation.answers.select("agency", "status").rows() == [("stp", "carried_out")]
    assert "Tiếp tục quán triệt." not in consolidation.cells["value"].to_list()


def test_a_correction_of_an_older_form_is_drawn_in_the_present_one(campaign: Campaign) -> None:
    edition = newest_edition(campaign)
    put(campaign, "cu.xlsx", minute=1, status=MISSPELT, next_year="Tiếp tục quán triệt.")
    present = with_form(edition, changed_form(edition))
    send(campaign, present)
    (faulty,) = take_in(campaign)
    assert faulty.edition == present
    assert faulty.correction is not None
    workbook = openpyxl.load_workbook(faulty.correction)
    assert str(workbook["Phụ lục II"]["A1"].value).endswith(present.digest)
    assert workbook["Không còn hỏi"]["D2"].value == "Tiếp tục quán triệt."
    mend(
        faulty.correction, campaign.inbox / "b.xlsx", minute=2, status="Đã triển khai phần lớn"
    )  # fmt: skip
    (mended,) = take_in(campaign)
    assert mended.accepted
    assert asked(mended) == []


def test_an_agency_that_is_asked_no_more_is_told_so_once(campaign: Campaign) -> None:
    edition = newest_edition(campaign)
    put(campaign, "a.xlsx", minute=1)
    take_in(campaign)
    left = tuple(q for q in edition.questions if q.agency != "stp")
    put(campaign, "b.xlsx", minute=2, result="Đã mở bốn hội nghị.")
    send(campaign, msgspec.structs.replace(edition, questions=left))
    (checked,) = take_in(campaign)
    (finding,) = checked.findings
    assert str(finding) == (
        "Biểu hiện hành không còn hỏi cơ quan này nên tệp không được tổng hợp. "
        "Không phải gửi lại; nếu còn vướng mắc, hãy hỏi cơ quan tổng hợp."
    )
    assert checked.agency_name == "Sở Tư pháp"
    assert checked.correction is None
    assert consolidate(campaign).consolidation.answers.is_empty()


def test_a_form_that_goes_out_again_is_the_present_one_again(campaign: Campaign) -> None:
    first = newest_edition(campaign)
    second = with_form(first, changed_form(first))
    send(campaign, second)
    assert newest_edition(campaign).digest == second.digest
    send(campaign, first)
    assert newest_edition(campaign).digest == first.digest
