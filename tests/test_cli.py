"""The command line as an officer meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from khreport.cli import main, make_parser
from khreport.cli_commands import COMMANDS
from khreport.cli_word import print_open_slots
from khreport.report import Slot


def run(*arguments: str | Path) -> int:
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as stop:
        return int(stop.code or 0)


def test_help_is_vietnamese_throughout(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    told = capsys.readouterr().out
    assert told.startswith("Cách dùng: khreport")
    for english in ("usage", "options", "positional", "show this", "optional"):
        assert english not in told
    for command in COMMANDS:
        assert command in told


@pytest.mark.parametrize("command", [c for c in COMMANDS if c != "plan"])
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == 0
    told = capsys.readouterr().out
    assert "Cách dùng" in told
    assert "show this" not in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "còn thiếu: LỆNH"),
        (["check"], "còn thiếu: TỆP"),
        (["ve", "x"], "không có 've'"),
        (["init", "x", "--period"], "cần một giá trị"),
        (["templates", "x", "--lạ"], "không hiểu: --lạ"),
    ],
)
def test_wrong_usage_is_told_in_vietnamese_with_code_2(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    error = capsys.readouterr().err
    assert told in error
    assert "--help" in error
    assert "Traceback" not in error


def test_a_path_that_is_not_there_is_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", tmp_path / "khong-co.xlsx") == 2
    assert "Không có tệp hoặc thư mục" in capsys.readouterr().err


def test_a_folder_without_a_campaign_is_told_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("templates", tmp_path) == 2
    assert f"khreport init {tmp_path} --period KỲ" in capsys.readouterr().err


def test_a_year_outside_the_plan_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("init", tmp_path / "dot", "--period", "2050") == 2
    assert "từ 2022 đến 2030" in capsys.readouterr().err
    assert not (tmp_path / "dot").exists()


def test_a_campaign_is_not_made_over_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("init", tmp_path, "--period", "2024") == 0
    before = (tmp_path / "khreport.toml").read_bytes()
    assert run("init", tmp_path, "--period", "2025") == 2
    assert (tmp_path / "khreport.toml").read_bytes() == before
    assert "đã có đợt báo cáo" in capsys.readouterr().err


def test_a_fault_in_the_settings_is_told_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("init", tmp_path, "--period", "2024")
    settings = tmp_path / "khreport.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("due = 2024-12-13", 'due = "mai"'), "utf-8"
    )
    assert run("templates", tmp_path) == 2
    error = capsys.readouterr().err
    assert "khreport.toml" in error
    assert "due" in error


def test_a_folder_s_name_that_is_a_file_s_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("", encoding="utf-8")
    assert run("init", readme, "--period", "2024") == 2
    told = f"“{readme}” là tệp, không phải thư mục. Hãy ghi tên thư mục khác.\n"
    assert capsys.readouterr().err == told
    assert run("init", readme / "dot", "--period", "2024") == 2
    assert capsys.readouterr().err == told
    assert run("templates", readme) == 2
    assert "Không có tệp khreport.toml" in capsys.readouterr().err


def test_settings_that_are_odd_are_told_when_templates_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("init", tmp_path, "--period", "2024")
    change_settings(tmp_path, "closing = 2024-11-30", "closing = 2024-12-20")
    capsys.readouterr()
    assert run("templates", tmp_path) == 0
    assert "Cần xem lại khreport.toml: Ngày chốt số liệu" in capsys.readouterr().out


def test_a_workbook_of_an_agency_that_is_no_longer_asked_is_moved_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # a folder of the program's name where the officer works must not stand in for it
    (tmp_path / "khreport" / "edges").mkdir(parents=True)
    (tmp_path / "khreport" / "__init__.py").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run("init", "dot", "--period", "2024")
    outgoing = Path("dot", "bieu-mau")
    outgoing.mkdir()
    name = "BHXH-qd1165-2024.xlsx"  # coordinates, and leads nothing
    (outgoing / name).write_bytes(b"from an earlier edition")
    (outgoing / "ghi-chu.xlsx").write_bytes(b"the officer's own")
    capsys.readouterr()
    assert run("templates", "dot") == 0
    told = f"Đã chuyển biểu không còn dùng vào {outgoing / 'khong-con-dung'}: {name}."
    assert told in capsys.readouterr().out
    assert (outgoing / "khong-con-dung" / name).read_bytes() == b"from an earlier edition"
    assert not (outgoing / name).exists()
    assert (outgoing / "ghi-chu.xlsx").exists()
    assert len(list(outgoing.glob("*-qd1165-2024.xlsx"))) == 34


def change_settings(folder: Path, old: str, new: str) -> None:
    path = folder / "khreport.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Tệp rỗng"),
        (b"Ch\xc3\xa0o", "không phải là bảng tính"),
        (b"PK\x03\x04" + b"\0" * 40, "thiếu phần cuối"),
        (b"%PDF-1.7 ...", "PDF"),
    ],
)
def test_what_is_no_workbook_of_ours_is_one_sentence_and_code_1(
    tmp_path: Path, content: bytes, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bieu.xlsx"
    path.write_bytes(content)
    assert run("check", path) == 1
    out = capsys.readouterr()
    assert told in out.out
    assert out.out.count("Phải sửa") == 1
    assert "Traceback" not in out.out + out.err
    assert path.read_bytes() == content


def test_the_plan_is_printed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "export", "qd1165", "--json") == 0
    plan = json.loads(capsys.readouterr().out)
    assert len(plan["tasks"]) == 114
    assert {"key", "lead_text", "leads", "deadline", "products", "source"} <= set(plan["tasks"][0])


def test_our_own_fault_leaves_a_file_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setitem(COMMANDS, "init", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run("init", tmp_path, "--period", "2024") == 2
    error = capsys.readouterr().err
    assert "lỗi ngoài dự kiến" in error
    assert "Traceback" not in error
    (kept,) = tmp_path.glob("khreport-loi-*.txt")
    assert "ZeroDivisionError" in kept.read_text(encoding="utf-8")


def test_what_could_not_run_is_told_to_programs_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["templates", tmp_path, "--json"], ["init", "--json"]):
        assert run(*arguments) == 2
        out, error = capsys.readouterr()
        assert json.loads(out) == {"version": 1, "error": error.removesuffix("\n")}


def test_the_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"khreport {version('khreport')}\n"


def test_passages_to_write_are_told_under_their_sheets(capsys: pytest.CaptureFixture[str]) -> None:
    slots = [Slot("opinion:1", "ý kiến về kiến nghị"), Slot("assessment", "đánh giá chung")]
    print_open_slots(slots, "bien-tap.xlsx")
    assert capsys.readouterr().out == (
        "Còn 1 chỗ phải viết trong bien-tap.xlsx, sheet “Kiến nghị”:\n"
        "  - ý kiến về kiến nghị\n"
        "Còn 1 chỗ phải viết trong bien-tap.xlsx, sheet “Nội dung báo cáo”:\n"
        "  - đánh giá chung\n"
    )


def test_a_final_report_is_warned_of_what_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("init", tmp_path, "--period", "2024")
    for command in ("templates", "consolidate"):
        assert run(command, tmp_path) == 0
    capsys.readouterr()
    assert run("report", tmp_path) == 0
    assert "chưa có họ tên" not in capsys.readouterr().out
    assert run("report", tmp_path, "--final", "--json") == 1
    assert json.loads(capsys.readouterr().out)["warnings"] == [
        (
            "khreport.toml chưa có họ tên người ký (signatory, phần [office]); "
            "số báo cáo (number, phần [office]); ngày ký (issued, phần [dates])."
        ),
        "Còn 34 cơ quan chưa nộp; báo cáo chưa có kết quả của các cơ quan này.",
    ]


def test_the_module_runs_as_the_command_does() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "khreport", "--help"], check=True, capture_output=True, text=True
    )
    assert done.stdout == make_parser().format_help()
