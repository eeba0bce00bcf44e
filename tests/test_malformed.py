"""Hostile and broken files: each told apart, none that harms the next."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from binary_files import Cell, xls, xlsb_parts
from malformed import FIRST_SHEET, Sample, changed, ods, pack, samples, sound
from mini_return import PAPERS, TASKS, Return, return_edition

from khreport.edges import reader as reader_module
from khreport.edges import scan
from khreport.edges.reader import Reader
from khreport.edges.xlsx import write_book
from khreport.file_messages import FILE_KINDS, FILE_MESSAGES
from khreport.layout.correction import lay_out_correction
from khreport.raw import MB, Limits, RawWorkbook, Refusal
from khreport.read.identify import tell_problems

SAMPLES = {sample.name: sample for sample in samples()}
ELSEWHERE = {
    "file.special",
    "file.vanished",
    "file.locked",
    "file.changing",
    "file.unopenable",
    "file.too_big",  # test_reader
    "file.too_complex",  # test_reader
    "file.slow",  # test_reader
    "file.paper",  # test_papers: only in an inbox is a PDF somebody's paper
    "file.secret",  # a sound file, but not for us
    "file.crash",  # test_reader: what the scan does not see
    "file.cells",  # test_limits
    *(f"file.mail_{what}" for what in ("empty", "large", "links", "unread")),
    *(f"file.archive_{what}" for what in ("empty", "large", "locked")),
    *(f"file.{what}" for what in ("winmail", "untouched", "other_sender", "others_sender")),
    *(f"file.{what}" for what in ("beside", "links_beside", "lost", "older")),
}
"""Codes that no workbook's content brings about: those of letters and archives are tested with
them, the others as is said or where files are read and stored."""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


def read(reader: Reader, folder: Path, content: bytes) -> RawWorkbook:
    path = folder / "tep.xlsx"
    path.write_bytes(content)
    return reader.read(path)


@pytest.mark.parametrize("name", SAMPLES)
def test_each_malformed_file_is_told_apart(reader: Reader, tmp_path: Path, name: str) -> None:
    sample: Sample = SAMPLES[name]
    raw = read(reader, tmp_path, sample.content)
    assert [(p.code, p.parts) for p in raw.problems] == [(sample.code, sample.parts)]
    assert bool(raw.sheets) is sample.read
    (finding,) = tell_problems(raw, name)
    assert finding.blocks is not sample.read
    assert len(str(finding)) <= 200


def test_every_refusal_and_every_kind_has_its_file() -> None:
    assert {sample.code for sample in SAMPLES.values()} == FILE_MESSAGES.keys() - ELSEWHERE
    kinds = {sample.parts["kind"] for sample in SAMPLES.values() if "kind" in sample.parts}
    assert kinds == FILE_KINDS.keys()


def test_the_files_are_the_same_each_time_they_are_made() -> None:
    assert {sample.name: sample.content for sample in samples()} == {
        name: sample.content for name, sample in SAMPLES.items()
    }


def children() -> set[int]:
    """The processes that this one started and that are still there, dead ones included."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[1]) == os.getpid():
            found.add(int(stat.parent.name))
    return found


@LINUX
def test_a_batch_of_bad_files_stops_nothing_and_leaves_no_child_behind(tmp_path: Path) -> None:
    before = children()
    good = tmp_path / "tot.xlsx"
    good.write_bytes(pack(sound()))
    paths = []
    for name, sample in SAMPLES.items():
        (tmp_path / name).write_bytes(sample.content)
        paths += [tmp_path / name, good]
    with Reader() as reader:
        raws = []
        for raw in reader.read_each(paths):
            raws.append(raw)
            assert len(children() - before) <= 1
    assert [len(raw.sheets) for raw in raws[1::2]] == [1] * len(SAMPLES)
    assert [[p.code for p in raw.problems] for raw in raws[::2]] == [
        [sample.code] for sample in SAMPLES.values()
    ]
    assert children() == before


@LINUX
def test_no_file_takes_more_memory_than_it_may(tmp_path: Path) -> None:
    limits = Limits()
    peaks = {}
    with Reader(limits) as reader:
        for name, sample in SAMPLES.items():
            read(reader, tmp_path, sample.content)
            if reader.pid is None:  # it took too much, and died of it
                continue
            status = Path(f"/proc/{reader.pid}/status").read_text()
            allowed = Path(f"/proc/{reader.pid}/limits").read_text()
            assert re.search(rf"address space +{int(limits.memory_mb * MB)} ", allowed)
            peaks[name] = int(re.findall(r"VmPeak:\s+(\d+) kB", status)[0]) * 1024
    assert peaks
    assert max(peaks.values()) <= limits.memory_mb * MB


def test_what_is_no_file_is_not_opened(reader: Reader, tmp_path: Path) -> None:
    pipe, loop, dangling = (tmp_path / name for name in ("ống", "vòng.xlsx", "mất.xlsx"))
    loop.symlink_to(loop)
    dangling.symlink_to(tmp_path / "không có")
    expected = {tmp_path: "file.special", dangling: "file.vanished", loop: "file.unopenable"}
    if hasattr(os, "mkfifo"):
        os.mkfifo(pipe)
        expected |= {pipe: "file.special", Path(os.devnull): "file.special"}
    raws = list(reader.read_each(expected))
    assert [raw.problems[0].code for raw in raws] == list(expected.values())


def test_a_link_to_a_file_is_read_as_the_file(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(pack(sound()))
    (tmp_path / "b.xlsx").symlink_to(tmp_path / "a.xlsx")
    assert reader.read(tmp_path / "b.xlsx").problems == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (PermissionError, "file.locked"),
        (FileNotFoundError, "file.vanished"),
        (OSError, "file.unopenable"),
    ],
)
def test_a_file_that_cannot_be_opened_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[OSError], code: str
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")

    def fail(*_: object) -> int:
        raise fault

    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(Refusal, match=code):
        scan.load_bytes(os.fsencode(path), Limits())


def test_a_file_that_grows_while_it_is_read_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")
    found = os.fstat

    def grow(handle: int) -> os.stat_result:
        about = found(handle)
        path.write_bytes(b"x" * (about.st_size + 1))
        return about

    monkeypatch.setattr(os, "fstat", grow)
    with pytest.raises(Refusal, match=r"file\.changing"):
        scan.load_bytes(os.fsencode(path), Limits())


@pytest.mark.parametrize("number", ["NaN", "inf", "-inf", "1e999", "-1e999"])
def test_a_number_without_end_is_an_error_in_its_cell(
    reader: Reader, tmp_path: Path, number: str
) -> None:
    content = changed(FIRST_SHEET, b"<v>12.5</v>", f"<v>{number}</v>".encode())
    (sheet,) = read(reader, tmp_path, content).sheets
    assert sheet.rows[0] == ["Nhiệm vụ", ""]
    assert sheet.marks == [(0, 1, "#NUM!")]


CELLS: list[Cell] = [(0, 0, "Nhiệm vụ"), (0, 1, float("nan")), (1, 0, "#REF!"), (1, 1, 7.0)]
ERROR_ROW = (
    '<table:table-row><table:table-cell office:value-type="string" calcext:value-type="error">'
    "<text:p>#REF!</text:p></table:table-cell><table:table-cell/>"
    '<table:table-cell table:formula="of:=[.A1]"/>'
    '<table:table-cell table:formula="of:=[.A9]"><text:p/></table:table-cell></table:table-row>'
)


@pytest.mark.parametrize(
    ("content", "marks"),
    [
        (xls(CELLS), [(1, 0, "#REF!"), (0, 1, "#NUM!")]),
        (pack(xlsb_parts(CELLS)), [(1, 0, "#REF!"), (0, 1, "#NUM!")]),
        (ods(ERROR_ROW), [(0, 0, "#REF!"), (0, 2, "=[.A1]")]),
    ],
    ids=["xls", "xlsb", "ods"],
)
def test_error_cells_of_other_formats_are_not_taken_for_empty(
    reader: Reader, tmp_path: Path, content: bytes, marks: list[tuple[int, int, str]]
) -> None:
    raw = read(reader, tmp_path, content)
    assert raw.problems == []
    assert raw.sheets[0].marks == marks


def test_a_workbook_in_strict_format_is_read_like_any_other(reader: Reader, tmp_path: Path) -> None:
    office, pure = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    parts = {
        name: part.replace(office + b"spreadsheetml/2006/main", pure + b"spreadsheetml/main")
        .replace(office + b"officeDocument/2006", pure + b"officeDocument")
        for name, part in sound().items()
    }  # fmt: skip
    raw = read(reader, tmp_path, pack(parts))
    assert raw.problems == []
    assert raw.sheets[0].rows == [["Nhiệm vụ", 12.5], ["Kết quả", 7.0]]


@pytest.mark.parametrize("declared", [b'ref="A1:XFD1048576"', b'ref="XFD1:A1"', b'ref="?"'])
def test_a_declared_size_is_not_believed(reader: Reader, tmp_path: Path, declared: bytes) -> None:
    raw = read(reader, tmp_path, changed(FIRST_SHEET, b'ref="A1:B2"', declared))
    assert raw.sheets == [] or raw.sheets[0].rows == [["Nhiệm vụ", 12.5], ["Kết quả", 7.0]]
    assert [p.code for p in raw.problems] in ([], ["file.damaged"])


def test_parts_named_in_the_way_of_windows_are_read(reader: Reader, tmp_path: Path) -> None:
    parts = {name.replace("/", "\\"): part for name, part in sound().items()}
    assert len(read(reader, tmp_path, pack(parts)).sheets) == 1


def test_text_of_any_length_that_a_cell_may_hold_is_read(reader: Reader, tmp_path: Path) -> None:
    text = "ộ" * 32_767
    shared = f"<sst><si><t>{text}</t></si><si/><si/></sst>".encode()
    raw = read(reader, tmp_path, pack(sound() | {"xl/sharedStrings.xml": shared}))
    assert raw.problems == []
    assert raw.sheets[0].rows[0][0] == text


def test_a_reply_that_is_no_reply_is_told_as_a_file_that_could_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lie = (
        "import sys; from khreport.edges import child\n"
        "child.pack = lambda *_: b'no reply'\nchild.main()"
    )
    command = (sys.executable, "-c", lie)
    monkeypatch.setattr(reader_module, "COMMAND", command)
    with Reader() as reader:
        assert [p.code for p in read(reader, tmp_path, b"").problems] == ["file.crash"]


LOOK_LIKE_FORMULAS = ("=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")')


@pytest.mark.parametrize("text", LOOK_LIKE_FORMULAS)
def test_text_that_looks_like_a_formula_stays_text_in_what_goes_out(
    reader: Reader, tmp_path: Path, text: str
) -> None:
    returned = Return().put(TASKS, "H11", text).put(TASKS, "F11", "mười").put(PAPERS, "C8", text)
    submission = returned.read()
    book = lay_out_correction(return_edition(), submission, list(submission.findings))
    write_book(book, tmp_path / "tra-lai.xlsx")
    with zipfile.ZipFile(tmp_path / "tra-lai.xlsx") as archive:
        for name in archive.namelist():
            for formula in re.findall(r"<f>(.*?)</f>", archive.read(name).decode()):
                assert not re.search(r"cmd|1\+1|2\+3|SUM\(A1\)|HYPERLINK\(.http", formula), name
    written = reader.read(tmp_path / "tra-lai.xlsx")
    assert any(text in row for sheet in written.sheets for row in sheet.rows)


def test_the_script_writes_the_files(tmp_path: Path) -> None:
    script = Path(__file__).with_name("malformed.py")
    subprocess.run([sys.executable, script, tmp_path / "tep"], check=True)
    assert {path.name for path in (tmp_path / "tep").iterdir()} == set(SAMPLES)
