from __future__ import annotations

import datetime as dt
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from khreport.edges import reader as reader_module
from khreport.edges.archive import inflate
from khreport.edges.reader import COMMAND, MANY, Reader, read_files
from khreport.edges.scan import find_marks
from khreport.errors import ReaderError
from khreport.raw import Limits, RawWorkbook, Refusal


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook with one of everything that a cell may hold."""
    path = tmp_path / "sound.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Phụ lục & II")
        sheet.write_row(0, 0, ["Nhiệm vụ", 12.5, True])
        sheet.write_datetime(1, 0, dt.date(2024, 12, 5), day)
        sheet.write_datetime(1, 1, dt.datetime(2024, 12, 5, 13, 30), day)  # noqa: DTZ001
        sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 1, "=A1", None, "Nhiệm vụ")
        sheet.write_string(2, 2, "=HYPERLINK()")
        book.add_worksheet("lists").hide()
        book.add_worksheet("keys").very_hidden()
    return path


def rezip(path: Path, **changes: bytes | None) -> Path:
    """The workbook with parts replaced, added, or dropped (None); "__" stands for "/"."""
    renamed = {name.replace("__", "/").replace("_xml", ".xml"): p for name, p in changes.items()}
    with zipfile.ZipFile(path) as archive:
        parts: dict[str, bytes | None] = {n: archive.read(n) for n in archive.namelist()}
    changed = path.with_name("changed.xlsx")
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | renamed).items():
            if content is not None:
                archive.writestr(name, content)
    return changed


def part(path: Path, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def codes(raw: RawWorkbook) -> list[str]:
    return [problem.code for problem in raw.problems]


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_cell_keeps_its_type_on_the_way_through_the_pipe(reader: Reader, workbook: Path) -> None:
    raw = reader.read(workbook)
    assert codes(raw) == []
    assert raw.sheets[0].rows == [
        ["Nhiệm vụ", 12.5, True],
        [dt.date(2024, 12, 5), dt.datetime(2024, 12, 5, 13, 30), ""],  # noqa: DTZ001
        ["", "Nhiệm vụ", "=HYPERLINK()"],
    ]


def test_sheets_come_in_order_with_their_visibility(reader: Reader, workbook: Path) -> None:
    raw = reader.read(workbook)
    assert [(sheet.name, sheet.visibility) for sheet in raw.sheets] == [
        ("Phụ lục & II", "visible"),
        ("lists", "hidden"),
        ("keys", "very_hidden"),
    ]


def test_a_range_that_begins_elsewhere_says_where(reader: Reader, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "later.xlsx") as book:
        book.add_worksheet().write(4, 2, "x")
    (sheet,) = reader.read(tmp_path / "later.xlsx").sheets
    assert (sheet.row, sheet.column, sheet.rows) == (4, 2, [["x"]])


def test_an_error_cell_is_not_taken_for_empty(reader: Reader, workbook: Path) -> None:
    assert reader.read(workbook).sheets[0].marks == [(2, 0, "#DIV/0!")]


@pytest.mark.parametrize("result", [b"<v></v>", b"<v/>", b""])
def test_a_formula_without_its_result_is_not_taken_for_empty(
    reader: Reader, workbook: Path, result: bytes
) -> None:
    sheet = part(workbook).replace(
        b'<c r="B1"><v>12.5</v></c>', b'<c r="B1"><f>A1&amp;"x"</f>' + result + b"</c>"
    )
    raw = reader.read(rezip(workbook, xl__worksheets__sheet1_xml=sheet))
    assert (0, 1, '=A1&"x"') in raw.sheets[0].marks


def test_a_formula_whose_result_is_empty_text_is_empty(reader: Reader, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "computed.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "x")
        sheet.write_formula(0, 1, '=IF(TRUE,"","")', None, "")
    path = tmp_path / "computed.xlsx"
    said = part(path).replace(b'<c r="B1"><f>', b'<c r="B1" t="str"><f>')
    assert reader.read(rezip(path, xl__worksheets__sheet1_xml=said)).sheets[0].marks == []


@pytest.mark.parametrize("odd", [b"", b"<c t='e' r='A9'/>"])
@pytest.mark.parametrize(
    ("inside", "told"),
    [
        (b"<f>B1+1</f><v></v>", "=B1+1"),
        (b"<f>B1&lt;1</f><v/>", "=B1<1"),
        (b"<f\n>B1</f>", "=B1"),
        (b'<f t="shared" si="0"/>', "="),
        (b"<f>" + b"1+" * 60 + b"1</f><v></v>", "=…"),
        (b"<v></v><f>B1</f>", "=B1"),
        (b"<f>B1+1</f><v>2</v>", None),
        (b'<f t="shared" si="0"/><v>2</v>', None),
    ],
)
def test_a_formula_without_its_result_is_marked_however_sheets_are_written(
    inside: bytes, told: str | None, odd: bytes
) -> None:
    cell = b'<c r="C5" s="7">' + inside + b"</c>"
    sheet = b'<worksheet><row r="5"><c r="A5"><f>1</f><v>1</v></c>' + cell + odd + b"</row>"
    found = [mark for mark in find_marks(sheet + b"</worksheet>") if mark[0] == 4]
    assert found == ([(4, 2, told)] if told else [])


def test_two_processes_give_the_same_in_the_same_order(
    monkeypatch: pytest.MonkeyPatch, workbook: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(reader_module, "_count_cores", lambda: 2)
    paths = [write(tmp_path / f"{n}.xlsx", b"x" * (n % 3)) for n in range(MANY)]
    paths[5] = paths[8] = workbook
    with Reader() as alone:
        assert list(read_files(iter(paths), len(paths))) == list(alone.read_each(paths))


def test_a_part_that_is_not_what_its_checksum_says_is_refused(
    reader: Reader, workbook: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(workbook) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    sums = entry.CRC.to_bytes(4, "little"), (entry.CRC ^ 1).to_bytes(4, "little")
    damaged = write(tmp_path / "damaged.xlsx", workbook.read_bytes().replace(*sums))
    assert codes(reader.read(damaged)) == ["file.damaged"]


def test_an_empty_file_is_refused(reader: Reader, tmp_path: Path) -> None:
    assert codes(reader.read(write(tmp_path / "a.xlsx", b""))) == ["file.empty"]


def test_formats_far_below_are_no_content(reader: Reader, workbook: Path) -> None:
    ghosts = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    sheet = part(workbook).replace(b"</sheetData>", ghosts)
    raw = reader.read(rezip(workbook, xl__worksheets__sheet1_xml=sheet))
    assert codes(raw) == []
    assert len(raw.sheets[0].rows) == 3


@pytest.mark.parametrize("reference", ['\tr="XFD99"', '\n r = "xfd99"', " r='XFD99'"])
def test_a_far_cell_is_found_however_it_is_written(
    reader: Reader, workbook: Path, reference: str
) -> None:
    far = f"<row><c{reference}><v>1</v></c></row></sheetData>".encode()
    sheet = part(workbook).replace(b"</sheetData>", far)
    raw = reader.read(rezip(workbook, xl__worksheets__sheet1_xml=sheet))
    assert codes(raw) == ["file.far_cell"]


@pytest.mark.parametrize(
    ("far", "cell"),
    [
        (b'<row r="1048576"><c><v>1</v></c><c><v>1</v></c></row>', "A1048576"),
        (
            b"""<row x='>' r="104857"><c t="n"><v>1</v></c><c r="AAC1"/><c><v>1</v></c></row>""",
            "AAD104857",
        ),
        (b'<row r="9999">' + b"<c t='n'><v>1</v></c>" * 9999 + b"</row>", "NTO9999"),
        (b'<row r="1048575"/><row><c r="AA1"/><c><v>1</v></c></row>', "AB1048576"),
    ],
)
def test_a_far_cell_without_an_address_is_found_by_where_it_stands(
    reader: Reader, workbook: Path, far: bytes, cell: str
) -> None:
    sheet = part(workbook).replace(b"</sheetData>", far + b"</sheetData>")
    raw = reader.read(rezip(workbook, xl__worksheets__sheet1_xml=sheet))
    (problem,) = raw.problems
    assert (problem.code, problem.parts) == ("file.far_cell", {"cell": cell})


def test_a_far_cell_that_hides_from_the_scan_harms_one_file_only(
    reader: Reader, workbook: Path
) -> None:
    far = b'<row><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    relations = "xl/_rels/workbook.xml.rels"
    elsewhere = {
        relations: part(workbook, relations).replace(b"worksheets/sheet1", b"other/sheet1"),
        "xl__other__sheet1_xml": part(workbook).replace(b"</sheetData>", far),
    }
    hidden = rezip(workbook, **elsewhere)
    bad, good = reader.read_each([hidden, workbook])
    assert codes(bad) in (["file.crash"], ["file.too_complex"], ["file.damaged"])
    assert codes(good) == []


def test_inflated_bytes_are_counted(workbook: Path) -> None:
    bomb = rezip(workbook, xl__worksheets__sheet2_xml=b"<worksheet>" + b" " * 3_000_000)
    assert bomb.stat().st_size < 20_000
    with Reader(Limits(inflated_mb=1)) as reader:
        assert codes(reader.read(bomb)) == ["file.inflated"]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(file_mb=0.0001), "file.too_big"),
        (Limits(entries=3), "file.entries"),
        (Limits(sheets=2), "file.sheets"),
        (Limits(cells=8), "file.cells"),
        (Limits(texts=1), "file.texts"),
        (Limits(text_length=7), "file.long_text"),
        (Limits(reply_mb=0.00005), "file.too_complex"),
    ],
)
def test_each_cap_refuses_the_file(workbook: Path, limits: Limits, code: str) -> None:
    with Reader(limits) as reader:
        assert codes(reader.read(workbook)) == [code]


def test_the_child_loads_neither_polars_nor_the_parents_folder(tmp_path: Path) -> None:
    (tmp_path / "msgspec.py").write_text("raise RuntimeError")
    lists = "import sys; print('polars' in sys.modules, sys.path[0])"
    begin = COMMAND[-2].replace("main()", lists)
    done = subprocess.run(
        [*COMMAND[:-2], begin, COMMAND[-1]],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    assert done.stdout.startswith("False ")
    assert str(tmp_path) not in done.stdout


def test_a_child_that_was_killed_is_started_again(workbook: Path) -> None:
    with Reader() as reader:
        assert codes(reader.read(workbook)) == []
        assert reader.pid is not None
        os.kill(reader.pid, signal.SIGTERM)
        assert [codes(raw) for raw in reader.read_each([workbook] * 3)] == [["file.crash"], [], []]


@pytest.mark.skipif(sys.platform == "win32", reason="stopping a process is POSIX")
def test_a_file_that_takes_too_long_is_given_up(workbook: Path) -> None:
    with Reader(Limits(seconds=0.5)) as reader:
        assert codes(reader.read(workbook)) == []
        assert reader.pid is not None
        os.kill(reader.pid, signal.SIGSTOP)
        begun = time.monotonic()
        assert codes(reader.read(workbook)) == ["file.slow"]
        assert time.monotonic() - begun < 5
        assert codes(reader.read(workbook)) == []


def test_a_reading_that_is_abandoned_does_not_disturb_the_next(workbook: Path) -> None:
    with Reader() as reader:
        first = next(iter(reader.read_each([workbook, Path("x"), workbook])))
        assert codes(first) == []
        assert codes(reader.read(workbook)) == []


def test_no_child_is_left_behind(workbook: Path) -> None:
    with Reader() as reader:
        reader.read(workbook)
        pid = reader.pid
    assert pid is not None
    assert reader.pid is None
    with pytest.raises(OSError, match=r"."):
        os.kill(pid, 0)


def test_a_child_ends_when_its_parent_is_gone() -> None:
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.communicate(b"")
    assert process.returncode == 0


def test_a_child_that_cannot_start_is_our_own_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khreport.edges.reader.COMMAND", (sys.executable, "-c", "raise SystemExit"))
    with Reader() as reader, pytest.raises(ReaderError, match="Không khởi động được"):
        reader.read(Path("x.xlsx"))


def test_a_script_without_a_main_guard_may_read(workbook: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\nfrom khreport.edges.reader import Reader\nprint('once')\n"
        f"with Reader() as reader: print(len(reader.read(Path({str(workbook)!r})).sheets))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["once", "3"]


def test_what_the_scan_says_of_a_part_is_what_the_parser_would_meet() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b"x" * 5000)
    (entry,) = zipfile.ZipFile(packed).infolist()
    assert inflate(packed.getvalue(), entry, 5000) == b"x" * 5000
    with pytest.raises(Refusal, match=r"file\.inflated"):
        inflate(packed.getvalue(), entry, 4999)
