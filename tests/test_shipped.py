"""Loading plans: the shipped one, one's own, and the faults people make in theirs."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from khreport.edges import shipped
from khreport.edges.shipped import (
    load_plan,
    plan_names,
    plan_text,
    shipped_files,
    shipped_path,
    shipped_text,
)
from khreport.errors import PlanError

SHIPPED = Path(shipped.__file__).parent.parent / "plans" / "qd1165"
Edit = Callable[[str, str, str], str]


@pytest.fixture
def fault(tmp_path: Path) -> Edit:
    """What loading says of a copy of the shipped plan with one passage changed."""

    def load_edited(file: str, old: str, new: str) -> str:
        folder = tmp_path / "plan"
        shutil.copytree(SHIPPED, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(PlanError) as caught:
            load_plan(folder)
        return str(caught.value)

    return load_edited


def test_the_shipped_plan_is_found_by_its_key() -> None:
    assert plan_names() == ("qd1165",)
    assert load_plan("qd1165").key == "qd1165"


def test_a_folder_of_ones_own_is_a_plan_too_even_when_notepad_saved_it(tmp_path: Path) -> None:
    folder = tmp_path / "của tôi"
    shutil.copytree(SHIPPED, folder)
    text = (folder / "tasks.csv").read_text(encoding="utf-8")
    (folder / "tasks.csv").write_text(text, encoding="utf-8-sig", newline="\r\n")
    assert load_plan(folder) == load_plan(str(folder)) == load_plan("qd1165")


def test_an_unknown_plan_is_refused_with_the_names_of_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"Không có kế hoạch “qd1166”.*qd1165"):
        load_plan("qd1166")
    with pytest.raises(PlanError, match=r"thiếu tệp plan\.toml"):
        load_plan(tmp_path)


def test_further_files_of_a_plan_are_read_by_name() -> None:
    assert "[sender]" in plan_text("qd1165", "khreport.toml")
    with pytest.raises(PlanError, match=r"Kế hoạch “qd1165” thiếu tệp không-có\.toml"):
        plan_text("qd1165", "không-có.toml")


def test_an_unknown_agency_is_told_with_file_and_line(fault: Edit) -> None:
    message = fault("tasks.csv", ",sct,", ",sctt,")
    assert message == "tasks.csv, dòng 3: không có cơ quan hoặc nhóm “sctt”."


def test_the_line_counts_the_breaks_inside_cells_before_it(fault: Edit) -> None:
    lines = (SHIPPED / "tasks.csv").read_text(encoding="utf-8").split("\n")
    number = next(n for n, line in enumerate(lines, 1) if line.startswith("PL2.XI.4"))
    message = fault("tasks.csv", "PL2.XI.4,PL2,PL2.XI", "PL2.XI.4,PL2,PL2.XII")
    assert message == f"tasks.csv, dòng {number}: không có mục “PL2.XII”."


def test_an_unknown_member_of_a_group_is_told(fault: Edit) -> None:
    assert fault("groups.toml", '"skhdt", "stc"', '"skhdt", "xyz"') == (
        "groups.toml, dòng 4: không có cơ quan “xyz”."
    )


def test_a_doubled_key_is_told_with_both_lines(fault: Edit) -> None:
    assert fault("agencies.toml", 'key = "stc"', 'key = "skhdt"') == (
        "agencies.toml, dòng 11: cơ quan “skhdt” đã có ở dòng 4."
    )


def test_a_spelling_belongs_to_one_body(fault: Edit) -> None:
    assert fault("agencies.toml", '["Tài chính"]', '["Sở công thương"]') == (
        "agencies.toml, dòng 19: cách viết “sở công thương” đã thuộc “stc”."
    )


def test_an_unknown_column_is_told_with_those_there_are(fault: Edit) -> None:
    message = fault("sections.csv", "level", "cấp")
    assert message.startswith("sections.csv, dòng 1: không có cột “cấp”. Các cột: key, appendix")


def test_a_row_with_a_cell_too_few_is_told(fault: Edit) -> None:
    assert fault("sections.csv", "PL1,I,1,", "PL1,I,") == (
        "sections.csv, dòng 2: có 5 ô, phải có 6 ô như dòng tiêu đề."
    )


def test_a_wording_without_a_reading_is_told(fault: Edit) -> None:
    assert fault("tasks.csv", "Năm 2023", "Năm 2024") == (
        "tasks.csv, dòng 23: tiến độ “Năm 2024” chưa có cách hiểu trong deadlines.toml."
    )


def test_two_milestones_of_one_key_clash(fault: Edit) -> None:
    message = fault("deadlines.toml", 'key = "m2"', 'key = "m1"')
    assert "mốc “m1” đã có" in message
    assert message.startswith("deadlines.toml, dòng ")


def test_the_deadline_is_the_day_of_the_last_milestone(fault: Edit) -> None:
    message = fault("deadlines.toml", "due = 2026-12-31", "due = 2025-12-31")
    assert message.endswith("hạn (due) phải là ngày của mốc cuối cùng.")


def test_text_in_another_unicode_form_is_told(fault: Edit) -> None:
    name = "Sở Tài chính"
    message = fault("agencies.toml", name, unicodedata.normalize("NFD", name))
    assert message.startswith("agencies.toml, dòng 13: chữ chưa ở dạng Unicode dựng sẵn (NFC)")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "department"', 'kind = "sở"', "dòng 9: mục “kind”"),
        ('short = "Sở KH&ĐT"', 'ngắn = "Sở KH&ĐT"', "dòng 7: không đọc được."),
        ('short = "Sở KH&ĐT"', 'shrt = "Sở KH&ĐT"', "dòng 7: không có mục “shrt”."),
        ('short = "Sở KH&ĐT"', "", "dòng 4: thiếu mục “short”."),
        ('short = "Sở KH&ĐT"', "short = 5", "dòng 7: mục “short” phải là chữ"),
    ],
)
def test_a_malformed_record_is_told_in_vietnamese(
    fault: Edit, old: str, new: str, told: str
) -> None:
    assert fault("agencies.toml", old, new).startswith(f"agencies.toml, {told}")


def test_a_cell_that_is_no_number_is_told(fault: Edit) -> None:
    assert fault("sections.csv", "PL1,I,1,", "PL1,I,một,") == (
        "sections.csv, dòng 2: cột “level” không nhận “một”."
    )


def test_tables_must_be_lists(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    shutil.copytree(SHIPPED, folder)
    (folder / "deadlines.toml").write_text('[deadline]\nwording = ""', encoding="utf-8")
    with pytest.raises(PlanError, match=r"deadlines\.toml, dòng 1: viết thành các mục"):
        load_plan(folder)


def test_a_task_led_by_a_group_must_say_who_answers(fault: Edit) -> None:
    message = fault("groups.toml", 'task = "PL2.XI.1"', 'task = "PL2.XI.2"')
    assert message.endswith("“@so-ban-nganh” chủ trì: thêm [[group_row]] cho biết ai trả lời.")


def test_a_correction_must_stand_in_the_corrected_text(fault: Edit) -> None:
    message = fault("errata.csv", "để đào tạo nguồn", "để mời gọi nguồn")
    assert message.endswith(
        "“để mời gọi nguồn nhân lực” phải có đúng một lần trong ô đã đính chính."
    )


def test_an_indicator_is_tracked_by_a_task_there_is(fault: Edit) -> None:
    message = fault("indicators.toml", '"PL1.I.a.1"', '"PL1.I.a.9"')
    assert message == "indicators.toml, dòng 7: không có nhiệm vụ “PL1.I.a.9”."


def test_forms_and_rules_are_found_beside_the_package() -> None:
    assert shipped_path("templates/xlsx").is_dir()
    assert shipped_path("validation").is_dir()
    with pytest.raises(PlanError, match="thiếu tệp validation/không-có"):
        shipped_text("validation/không-có.toml")
    with pytest.raises(PlanError, match="thiếu thư mục không-có"):
        shipped_files("không-có")


def test_an_installed_wheel_carries_them_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "khreport" / "_shipped" / "validation"
    rules.mkdir(parents=True)
    (rules / "b.toml").write_text('id = "hai"', encoding="utf-8")
    (rules / "a.toml").write_text('id = "một"', encoding="utf-8")
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path / "khreport")
    assert shipped_text("validation/a.toml") == 'id = "một"'
    assert list(shipped_files("validation")) == ["a.toml", "b.toml"]
