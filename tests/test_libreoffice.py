"""A real spreadsheet program on the other side: opens, types, saves, prints our workbooks."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from khreport.anatomy import KEY_COLUMN, KEY_ROW
from khreport.cells import CellRef
from khreport.demo.answers import Answers, make_answers
from khreport.demo.faults import SPOILERS, Planted, Unfit, spots
from khreport.demo.fill import fill_template
from khreport.edges.reader import Reader
from khreport.edges.shipped import load_plan
from khreport.edges.xlsx import write_book
from khreport.edition import Edition
from khreport.layout.correction import lay_out_correction
from khreport.layout.form import Filled
from khreport.layout.workbook import lay_out_workbook
from khreport.read.submissions import read_submission
from khreport.sheet import Book, Cell, Sheet, Style
from khreport.verbs.check import check
from khreport.verbs.init import default_settings
from khreport.verbs.judge import Checked
from khreport.verbs.templates import shipped_edition

if TYPE_CHECKING:
    from conftest import Soffice

TYPIST = Path(__file__).with_name("office_typist.py")
WATCH = "Theo dõi"
VIETNAMESE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>vi</value></prop></item>
</oor:items>
"""
TYPED = {
    ("PL2.VIII.6", "status"): ("Đã trình, chờ phê duyệt", "submitted"),
    ("PL2.VIII.6", "percent"): ("87,5", 87.5),
    ("PL2.VIII.6", "expected_on"): ("30/6/2025", dt.date(2025, 6, 30)),
    ("PL2.VIII.6", "result"): ("- Đã ban hành đề án", "- Đã ban hành đề án"),
    ("PL2.VIII.6.m1", "status"): ("Hoàn thành", "completed"),
    ("PL2.VIII.6.m1", "completed_on"): ("12/5/2022", dt.date(2022, 5, 12)),
    ("PL2.VIII.7", "documents"): ("1; 2", "1; 2"),
    ("PL2.VIII.7.a", "task"): ("Dự án “Vườn ươm”", "Dự án “Vườn ươm”"),
    ("PL2.III.25", "status"): ("Triển khai một phần", "partly"),
    ("PL2.III.25", "explanation"): ("00123", "00123"),
    ("VB.1", "symbol"): ("12/KH-SKHCN", "12/KH-SKHCN"),
    ("VB.1", "issued_on"): ("05/3/2024", dt.date(2024, 3, 5)),
    ("BIA.phone", "value"): ("0258 3822906", "0258 3822906"),
}


@pytest.fixture(scope="module")
def edition() -> Edition:
    return shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))


def cell_of(sheet: Sheet, key: str, column_key: str) -> str:
    rows = {cell.value: cell.row for cell in sheet.cells if cell.column == KEY_COLUMN}
    columns = {cell.value: cell.column for cell in sheet.cells if cell.row == KEY_ROW}
    return str(CellRef(rows[key], columns[column_key]))


def office_python() -> str:
    for program in ("/usr/bin/python3", shutil.which("python3") or "python3"):
        if Path(program).exists():
            done = subprocess.run([program, "-c", "import uno"], check=False, capture_output=True)
            if done.returncode == 0:
                return program
    pytest.skip("skipped: no Python with LibreOffice's uno (Debian: python3-uno)")


def type_into(  # noqa: PLR0913, PLR0917 - who types what into which file
    soffice: Soffice,
    tmp_path: Path,
    source: Path,
    entries: list[list[str]],
    suffix: str,
    settings: str = VIETNAMESE,
) -> tuple[Path, list[list[str]]]:
    """The workbook as saved after typing, and the entries that the program refused."""
    target, refused, _ = drive(soffice, tmp_path, source, entries, suffix, settings)
    return target, refused


def drive(  # noqa: PLR0913, PLR0917 - who types what into which file
    soffice: Soffice,
    tmp_path: Path,
    source: Path,
    entries: list[list[str]],
    suffix: str,
    settings: str = VIETNAMESE,
) -> tuple[Path, list[list[str]], list[str]]:
    """The workbook as saved, the entries that were refused, and what was looked at on the way."""
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
    pipe = f"khreport{abs(hash(tmp_path))}"
    target = tmp_path / f"saved.{suffix}"
    filters = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8", "xls": "MS Excel 97"}
    office = subprocess.Popen(
        [
            soffice.command[0], f"-env:UserInstallation={profile.as_uri()}", "--headless",
            "--norestore", f"--accept=pipe,name={pipe};urp",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        done = subprocess.run(
            [office_python(), str(TYPIST), pipe, str(source), str(target), filters[suffix]],
            input=json.dumps(entries), capture_output=True, text=True, check=False, timeout=180,
        )  # fmt: skip
    finally:
        office.terminate()
        office.wait(timeout=30)
    assert done.returncode == 0, done.stderr
    return target, *json.loads(done.stdout)


def read_answers(path: Path, edition: Edition) -> Mapping[tuple[str, str], Any]:
    with Reader() as reader:
        submission = read_submission(reader.read(path), edition, path.name, path.name)
    return {
        (row["key"], column): value
        for frame in submission.answers.values()
        for row in frame.iter_rows(named=True)
        for column, value in row.items()
    }


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_what_an_officer_types_is_read_back_at_its_cell(
    soffice: Soffice, tmp_path: Path, edition: Edition, suffix: str
) -> None:
    book = lay_out_workbook(edition, "skhcn")
    source = tmp_path / "bieu.xlsx"
    write_book(book, source)
    sheets = {edition_form.key: edition_form.sheet for edition_form in edition.forms}
    by_name = {sheet.name: sheet for sheet in book.sheets}
    entries = []
    for (key, column), (text, _) in TYPED.items():
        sheet = sheets[key.split(".")[0]]
        entries.append([sheet, cell_of(by_name[sheet], key, column), text])
    saved, refused = type_into(soffice, tmp_path, source, entries, suffix)
    assert refused == []
    answers = read_answers(saved, edition)
    assert {where: answers[where] for where in TYPED} == {
        where: expected for where, (_, expected) in TYPED.items()
    }


def test_a_locked_cell_keeps_the_words_of_the_decision(
    soffice: Soffice, tmp_path: Path, edition: Edition
) -> None:
    book = lay_out_workbook(edition, "stp")
    source = tmp_path / "bieu.xlsx"
    write_book(book, source)
    sheet = next(sheet for sheet in book.sheets if sheet.name == "Phụ lục II")
    entries = [
        [sheet.name, cell_of(sheet, "PL2.I.1", "task"), "nội dung khác"],
        [sheet.name, cell_of(sheet, "PL2.I.1", "percent"), "50"],
        [sheet.name, cell_of(sheet, "PL2.I.1", "result"), "Đã quán triệt"],
    ]
    _, refused = type_into(soffice, tmp_path, source, entries, "xlsx")
    assert refused == entries[:2]


def find_words(pdf: Path, pattern: str) -> list[tuple[int, float, float, str]]:
    """The words on the pages: page, top, bottom, word, in reading order."""
    html = subprocess.run(
        ["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    words = []
    for page, text in enumerate(html.split("<page ")[1:], start=1):
        for top, bottom, word in re.findall(
            r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)</word>', text
        ):
            if re.fullmatch(pattern, word):
                words.append((page, float(top), float(bottom), word))
    return sorted(words)


def test_every_row_of_the_longest_workbook_shows_its_last_word(
    soffice: Soffice, tmp_path: Path, edition: Edition
) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("skipped: pdftotext (Debian: poppler-utils) is not installed")
    agency = max(edition.asked, key=lambda key: sum(q.form == "PL2" for q in edition.asked[key]))
    tasks = [q for q in edition.asked[agency] if q.kind in ("dated", "recurrent")]
    sentence = "Đã tham mưu ban hành kế hoạch, tổ chức thực hiện, giải ngân đạt tỷ lệ cao. "
    values = {
        (q.key, "result"): (sentence * 20)[:1490].rsplit(" ", 1)[0] + f" HETKQ{n:03}"
        for n, q in enumerate(tasks)
    } | {
        (q.key, "difficulty"): (sentence * 20)[:840].rsplit(" ", 1)[0] + f" HETKK{n:03}"
        for n, q in enumerate(tasks)
    }
    path = tmp_path / "dai.xlsx"
    write_book(lay_out_workbook(edition, agency, {"PL2": Filled(values=values)}), path)
    pdf = soffice.convert(path, "pdf", tmp_path)
    next_rows = [word for word in find_words(pdf, r"a\)") if word[0] > 1]  # page 1 tells how
    assert len(next_rows) == len(tasks) > 10
    for name in ("HETKQ", "HETKK"):
        last_words = find_words(pdf, name + r"\d{3}")
        assert len(last_words) == len(tasks)
        for (page, _, bottom, word), (next_page, next_top, _, _) in zip(
            last_words, next_rows, strict=True
        ):
            assert (page, bottom) <= (next_page, next_top + 2), f"{word} runs into the next row"
    text = subprocess.run(
        ["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "###" not in text


def plant_each(answers: Answers, edition: Edition, agency: str) -> tuple[Answers, list[Planted]]:
    """The answers with one fault of every kind, each in another row."""
    spoiled = {form: dict(cells) for form, cells in answers.items()}
    planted: list[Planted] = []
    for kind, spoiler in SPOILERS.items():
        taken = {(p.form, p.row) for p in planted}
        for spot in spots(answers, edition, agency):
            if (spot.form.key, spot.row.key) in taken:
                continue
            try:
                value = spoiler(spot)
            except Unfit:
                continue
            spoiled[spot.form.key][spot.row.key, spot.column.key] = value
            planted.append(Planted(spot.form.key, spot.row.key, spot.column.key, kind))
            break
    return spoiled, planted


def as_typed(value: object) -> str:
    """A value as an officer types it where Vietnamese is spoken."""
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value).replace(".0", "").replace(".", ",")


def watch_marks(book: Book) -> tuple[Book, dict[tuple[str, str], str]]:
    """The book with a sheet that works out the colour of each marked cell, and where it does."""
    cells: list[Cell] = []
    places: dict[tuple[str, str], str] = {}
    for sheet in book.sheets:
        noted = {CellRef(cell.row, cell.column) for cell in sheet.cells if cell.note}
        for condition in sheet.conditions:
            area = condition.area
            ref = CellRef(area.row, area.column)
            where = sheet.name, str(ref)
            if ref in noted and ref == (area.last_row, area.last_column) and where not in places:
                holds = condition.formula[1:].replace(str(ref), f"'{sheet.name}'!{ref}", 1)
                places[where] = str(CellRef(len(cells), 0))
                cells.append(Cell(len(cells), 0, 1, Style(), formula=f"=IF({holds},1,0)"))
    watch = Sheet(name=WATCH, cells=tuple(cells), protected=False)
    sheets = (*book.sheets[:-2], watch, *book.sheets[-2:])
    return msgspec.structs.replace(book, sheets=sheets), places


def found_at(checked: Checked) -> set[tuple[str, ...]]:
    return {
        (f.code, f.severity, f.form or "", f.row_key or "", f.column_key or "")
        for f in checked.findings
        if f.severity != "note"
    }


def test_a_correction_tells_the_same_until_it_is_mended_at_its_marks(
    soffice: Soffice, tmp_path: Path, edition: Edition
) -> None:
    template, sent = tmp_path / "mau.xlsx", tmp_path / "sxd.xlsx"
    write_book(lay_out_workbook(edition, "sxd"), template)
    answers = make_answers(edition, "sxd", 1)
    spoiled, planted = plant_each(answers, edition, "sxd")
    assert [each.kind for each in planted] == list(SPOILERS)
    fill_template(template, spoiled, sent)
    (faulty,) = check([sent], corrections=tmp_path / "tra-lai").files
    assert faulty.correction is not None
    assert {(p.form, p.row, p.column) for p in planted} <= {at[2:] for at in found_at(faulty)}
    (unmended,) = check([faulty.correction]).files
    assert found_at(unmended) == found_at(faulty)

    book, watched = watch_marks(
        lay_out_correction(edition, faulty.submission, list(faulty.findings))
    )
    source = tmp_path / "tra-lai.xlsx"
    write_book(book, source)
    by_name = {sheet.name: sheet for sheet in book.sheets}
    good = {
        (p.form, p.row, p.column): as_typed(answers[p.form].get((p.row, p.column))) for p in planted
    }
    places = {
        where: (sheet, cell_of(by_name[sheet], where[1], where[2]))
        for where in good
        for sheet in [edition.form[where[0]].sheet]
    }
    links = [[cell.link] for cell in book.sheets[0].cells if cell.link]
    watches = [[WATCH, cell] for cell in watched.values()]
    typed = [[*places[where], text] for where, text in good.items()]
    saved, refused, seen = drive(
        soffice, tmp_path, source, [*watches, *links, *typed, *watches], "xlsx"
    )
    assert refused == []
    count = len(watches)
    assert set(places.values()) <= set(watched)
    assert seen[:count] == ["1"] * count
    led = [re.sub("[$']", "", each) for each in seen[count:-count]]
    assert led == [str(link).replace("'", "").replace("!", ".") for [link] in links]
    left = {where for where, now in zip(watched, seen[-count:], strict=True) if now == "1"}
    assert left.isdisjoint(places.values())
    (mended,) = check([saved]).files
    assert mended.accepted, [str(f) for f in mended.findings if f.blocks]
    assert {at[2:] for at in found_at(mended)}.isdisjoint(good)
