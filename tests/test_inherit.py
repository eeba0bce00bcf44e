"""Last period's answers, brought to the bodies that answer now."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from todays_round import COMMUNES, TO_COMMUNES, edition_of

from khreport.columns import COMPLETED, COMPLETED_ON, IN_PROGRESS, RESULT, STATUS
from khreport.edges.folder import freeze_edition
from khreport.edges.shipped import load_forms, plan_text
from khreport.edition import Edition
from khreport.forms import Form
from khreport.given import given_values
from khreport.merge.inherit import inherit_answers
from khreport.previous import Previous, Values
from khreport.rows import form_rows
from khreport.succession import Handover
from khreport.verbs.init import init_campaign
from khreport.verbs.templates import campaign_edition


@pytest.fixture(scope="module")
def decided() -> Edition:
    return edition_of("2026", COMMUNES + TO_COMMUNES)


def told(status: str, result: str, day: str = "") -> Values:
    values: Values = {STATUS: status, RESULT: result}
    return values | ({COMPLETED_ON: day} if day else {})


def test_what_merged_bodies_said_stands_beside_the_row_of_their_successor(
    decided: Edition,
) -> None:
    row = "PL2.I.1"
    previous = Previous(
        period="2024",
        name="Năm 2024",
        answers={
            "stc": {"PL2": {row: told(COMPLETED, "Đã quán triệt.", "2023-05-01")}},
            "skhdt": {"PL2": {row: told(IN_PROGRESS, "Đang soạn kế hoạch.")}},
            "sct": {"PL2": {row: told(COMPLETED, "Đã xong.", "2022-07-01")}},
        },
    )
    now = inherit_answers(previous, decided)
    assert now.row("sct", "PL2", row) == previous.row("sct", "PL2", row)
    together = now.row("stc", "PL2", row)
    assert (together[STATUS], together[RESULT]) == (
        IN_PROGRESS,
        "Sở TC: Đã quán triệt.\nSở KH&ĐT: Đang soạn kế hoạch.",
    )
    form = load_forms(with_previous=True)[3]
    assert "skhdt" not in now.answers
    assert inherit_answers(now, decided) == now
    given = given_values(
        inherit_answers(previous, beside(decided, form)), "stc", form, row, "recurrent"
    )
    assert given["previous_answer"] == (
        "Sở TC: Hoàn thành, ngày 01/5/2023. Đã quán triệt.\n"
        "Sở KH&ĐT: Đang thực hiện. Đang soạn kế hoạch."
    )


def beside(edition: Edition, form: Form) -> Edition:
    """The edition with a form that has room for last period's answers."""
    forms = tuple(form if each.key == form.key else each for each in edition.forms)
    return msgspec.structs.replace(edition, forms=forms)


def test_nobody_inherits_what_several_districts_said_of_a_row_that_they_lost_together(
    decided: Edition,
) -> None:
    """The commune of the former district gets none of it, nor what other districts wrote."""
    districts = {
        key: {"PL2": {row: told(IN_PROGRESS, f"Của {key}.")}}
        for key in ("ubnd-nha-trang", "ubnd-dien-khanh", "ubnd-truong-sa")
        for row in ("PL2.I.1",)
    } | {"ubnd-nha-trang": {"PL2": {"PL2.V.6": told(IN_PROGRESS, "Của Nha Trang.")}}}
    now = inherit_answers(Previous(period="2024", name="Năm 2024", answers=districts), decided)
    assert now.row("xa-mau-mot", "PL2", "PL2.I.1") == {}
    assert now.row("ubnd-dk-truong-sa", "PL2", "PL2.I.1")[RESULT] == (
        "UBND H. Trường Sa: Của ubnd-truong-sa."
    )
    assert now.row("skhcn", "PL2", "PL2.V.6")[RESULT] == "UBND TP. Nha Trang: Của Nha Trang."


def test_a_row_is_completed_once_all_who_answered_it_had_completed_it(decided: Edition) -> None:
    row = "PL2.I.1"
    previous = Previous(
        period="2024",
        name="Năm 2024",
        answers={
            key: {"PL2": {row: told(COMPLETED, "Xong.", day)}}
            for key, day in (("stc", "2022-07-01"), ("skhdt", "2023-05-01"))
        },
    )
    assert inherit_answers(previous, decided).row("stc", "PL2", row)[COMPLETED_ON] == "2023-05-01"


def test_who_stood_in_the_year_between_is_found_by_the_record_of_that_year(
    decided: Edition,
) -> None:
    row, of = "PL2.V.6", "ubnd-nha-trang"
    previous = Previous(
        period="2025",
        name="Năm 2025",
        answers={"svhttdl": {"PL2": {row: told(IN_PROGRESS, "Của năm 2025.")}}},
        stand_ins=(Handover(task=row, of=of, to=("svhttdl",), decided=True),),
    )
    assert inherit_answers(previous, decided).row("skhcn", "PL2", row)[RESULT] == (
        "Sở VHTT&DL: Của năm 2025."
    )


def test_a_decision_that_changes_takes_last_periods_words_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was inherited by the body of the first decision is not its own in the second."""
    campaign = init_campaign(tmp_path / "dot", "qd1165", "2026")
    row = "PL2.V.6"
    first = plan_text("qd1165", "vi-du-co-quan.toml")
    raw = Previous(
        period="2024",
        name="Năm 2024",
        answers={"ubnd-nha-trang": {"PL2": {row: told(IN_PROGRESS, "Của Nha Trang.")}}},
    )
    monkeypatch.setattr("khreport.verbs.templates.sent_previous", lambda _: raw)
    campaign.agencies_file.write_text(first, encoding="utf-8")
    freeze_edition(campaign, campaign_edition(campaign))
    monkeypatch.undo()
    campaign.agencies_file.write_text(first.replace('["skhcn"]', '["sct"]'), encoding="utf-8")
    now = campaign_edition(campaign)
    (shown,) = [r for r in form_rows(now, "sct", now.form["PL2"]) if r.key == row]
    assert shown.given["previous_answer"] == ("UBND TP. Nha Trang: Đang thực hiện. Của Nha Trang.")
    assert now.previous is not None
    assert now.previous.row("sct", "PL2", row)[RESULT] == "UBND TP. Nha Trang: Của Nha Trang."
    assert now.previous.row("skhcn", "PL2", row) == {}
