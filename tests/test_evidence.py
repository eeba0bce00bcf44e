"""The evidence of the demo's report, against the stored returns as openpyxl reads them."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from demo_evidence import DemoRound, tell
from docx import Document

from khreport.compose.cited import comment_report
from khreport.edges.docx import write_report as write_document
from khreport.edges.docx_comments import AUTHOR
from khreport.edges.ledger import Ledger
from khreport.edges.store import content_digest, stored_path
from khreport.evidence import Evidence, Record
from khreport.report import Block, Paragraph, Report, Table
from khreport.text import fold
from khreport.verbs.consolidated import consolidation_digest

NO_PROGRESS = ("Đề nghị dừng/điều chỉnh", "Báo cáo theo chế độ mật", "Không thuộc nhiệm vụ")
OPEN = ("Chưa thực hiện", "Đang thực hiện", "Đã trình, chờ phê duyệt")
LEAST_FIRST = (
    "Chưa thực hiện", "Chưa triển khai", "Không đạt", "Triển khai một phần", "Đạt một phần",
    "Đang thực hiện", "Đã trình, chờ phê duyệt", "Hoàn thành", "Đã triển khai theo kế hoạch năm",
    "Đạt", "Vượt", *NO_PROGRESS,
)  # fmt: skip
STATES = {
    "Đã triển khai theo kế hoạch năm": "carried_out",
    "Triển khai một phần": "partly",
    "Chưa triển khai": "not_carried_out",
    "Vượt": "target_exceeded",
    "Đạt": "target_reached",
    "Đạt một phần": "target_partly",
    "Không đạt": "target_failed",
}


def is_same(value: object, told: str) -> bool:
    """Whether a cell says what is told: to the letter, or as people type dates and numbers."""
    said = tell(value)
    if fold(said) == fold(told):
        return True
    day = re.fullmatch(r"(\d{1,2})\D(\d{1,2})\D(\d{4})", said)
    if day:
        return told == f"{int(day[1]):02}/{int(day[2]):02}/{day[3]}"
    # "75%", "1.234,5 tỷ đồng": what is told is the number alone
    return bool(re.fullmatch(r"-?[\d.,]+", told)) and re.match(r"-?[\d.,]+", said)[0] == told  # type: ignore[index]


@pytest.fixture(scope="module")
def demo(demo_folder: Path) -> DemoRound:
    return DemoRound(demo_folder)


def blocks_of(report: Report) -> Iterator[Block]:
    yield from report.body
    for appendix in report.appendices:
        yield from appendix.blocks


def text_of(paragraph: Paragraph) -> str:
    return "".join(run.text for run in paragraph.runs)


def test_every_cell_named_by_a_record_says_what_the_record_says(demo: DemoRound) -> None:
    sources = {s for record in demo.cited.records.values() for s in record.sources if s.cell}
    assert len(sources) > 1000
    wrong = []
    for source in sources:
        found = demo.book(source.digest)[source.sheet][source.cell].value
        if not is_same(found, source.value):
            wrong.append((source.place, found, source.value))
    assert wrong == []


def test_every_file_named_by_a_record_is_the_one_that_was_received(demo: DemoRound) -> None:
    with Ledger(demo.campaign.ledger) as ledger:
        received = {e.submission: e.detail for e in ledger.events("received")}
    sources = {s for record in demo.cited.records.values() for s in record.sources}
    for source in sources:
        told = received[source.digest]
        assert (source.file, str(source.received_at)) == (
            told["file"],
            str(dt.datetime.fromisoformat(told["came"])),
        )


def test_what_a_list_only_counts_is_a_record_that_names_each(demo: DemoRound) -> None:
    """ "và 24 cơ quan khác": the 24 are cited by that paragraph or row, one by one."""
    counted = r"(\d[\d.]*) (?:nhiệm vụ|cơ quan|chỉ tiêu|mốc trung gian|khó khăn, vướng mắc) khác"
    found = 0
    for block in blocks_of(demo.report):
        rows: list[tuple[str, tuple[str, ...]]] = []
        if isinstance(block, Paragraph):
            rows = [(text_of(block), block.figures)]
        elif isinstance(block, Table):
            rows = [(" | ".join(r), f) for r, f in zip(block.rows, block.figures, strict=False)]
        for text, figures in rows:
            rests = [r for r in demo.cited.find(figures) if r.id.endswith(".rest")]
            for match in re.finditer(counted, text):
                told = [record for record in rests if record.value == match[1]]
                assert told, text
                assert len(told[0].grounds) == int(match[1])
                assert all(ground.words for ground in told[0].grounds)
                found += 1
    assert found >= 10


def state_of(statuses: list[str], days: list[str], due: dt.date | None, as_of: dt.date) -> str:
    """How a task stands by what agencies wrote of it, worked out anew."""
    if not statuses:
        return "no_report"
    known = {fold(label): label for label in LEAST_FIRST}
    labels = [known.get(fold(status), NO_PROGRESS[2]) for status in statuses]
    least = min(labels, key=LEAST_FIRST.index)
    if least in NO_PROGRESS:
        return "secret" if least == NO_PROGRESS[1] else "set_aside"
    if least in STATES:
        return STATES[least]
    if least == "Hoàn thành":
        done = [
            dt.date(int(y), int(m), int(d))
            for label, day in zip(labels, days, strict=True)
            if label == least and day
            for d, m, y in [re.split(r"\D", day)]
        ]
        if not done:
            return "completed_undated" if due and due < as_of else "completed_in_time"
        return "completed_late" if due and max(done) > due else "completed_in_time"
    state = "not_started" if least == OPEN[0] else "running"
    return f"{state}_{'late' if due and as_of > due else 'in_time'}"


def test_the_counts_of_tasks_are_those_of_the_returned_files(demo: DemoRound) -> None:
    counted: Counter[str] = Counter()
    for task in demo.edition.plan.tasks:
        said = [row for _, row in demo.asked(task.key) if row.get("status")]
        due = max((step.due for step in task.deadline.milestones), default=task.deadline.due)
        kind = "target" if task.appendix == "PL1" else task.kind
        state = state_of(
            [row["status"] for row in said], [row.get("completed_on", "") for row in said],
            due if kind == "dated" else None, demo.edition.period.closing,
        )  # fmt: skip
        parts = task.section.split(".")
        scopes = ["plan", *(".".join(parts[: n + 1]) for n in range(len(parts)))]
        counted.update(f"tasks.{scope}.{kind}.{state}" for scope in scopes)
    told = {
        record.id: demo.count(record.id)
        for record in demo.evidence.records.values()
        if re.match(r"tasks\..*\.(dated|recurrent|target)\.(?!overdue|late|behind)", record.id)
    }
    assert {id_: count for id_, count in told.items() if count} == dict(counted)
    assert sum(demo.count(f"tasks.plan.{kind}") for kind in ("dated", "recurrent", "target")) == 114


def test_the_counts_of_indicators_are_those_of_the_returned_files(demo: DemoRound) -> None:
    counted: Counter[str] = Counter()
    for indicator in demo.edition.plan.indicators:
        said = [row for _, row in demo.asked(indicator.key)]
        row = next((row for row in said if "estimate_year" in row), {})
        if "plan_year" not in row:
            continue
        plan, estimate, before = (
            float(re.sub(r"[^\d,-]", "", row[key]).replace(",", "."))
            for key in ("plan_year", "estimate_year", "previous_final")
        )
        lower = any(target.comparator == "at_most" for target in indicator.targets)
        ahead = plan - estimate if lower else estimate - plan
        counted[("exceeded" if ahead > 0 else "below") if ahead else "met"] += 1
        moved = estimate - before
        counted[("change_up" if moved > 0 else "change_down") if moved else "change_none"] += 1
        if not lower and plan:
            ratio = demo.evidence.records[f"{indicator.key}.ratio"].value
            assert float(ratio.rstrip("%").replace(".", "").replace(",", ".")) == pytest.approx(
                100 * estimate / plan, abs=0.0501
            )
    assert sum(counted.values()) > 40
    for state in ("exceeded", "met", "below"):
        assert demo.count(f"indicators.indicator_{state}") == counted[state]
    for change in ("change_up", "change_down", "change_none"):
        assert demo.count(f"indicators.{change}") == counted[change]


def test_the_lists_are_as_long_as_in_the_returned_files(demo: DemoRound) -> None:
    tasks = [task.key for task in demo.edition.plan.tasks]
    rows = {
        (agency, key): row for agency, held in demo.returned.items() for key, row in held.items()
    }
    asked = {(agency, key): row for key in tasks for agency, row in demo.asked(key)}
    documents = Counter(
        agency
        for (agency, key), row in rows.items()
        if key.startswith("VB.") and row.keys() & {"symbol", "issued_on"}
    )
    assert demo.count("documents") == sum(documents.values())
    assert {a: demo.count(f"documents.{a}") for a in documents} == dict(documents)
    told = [row for row in asked.values() if "difficulty" in row or "causes" in row]
    assert demo.count("difficulties") == len(told) > 50
    changes = {(agency, key) for (agency, key), row in rows.items()
               if key.startswith("DC.") and "proposed" in row}  # fmt: skip
    asks = [row for row in asked.values() if "proposal" in row]
    assert demo.count("proposals") == len(asks) + len(changes)
    planned = {key for (_, key), row in asked.items() if "next_year" in row}
    assert demo.count("tasks.next_year") == len(planned)
    with Ledger(demo.campaign.ledger) as ledger:
        came = {event.agency for event in ledger.events("checked")}
    assert demo.count("agencies.accepted") == len(demo.accepted)
    assert demo.count("agencies.missing") == len(demo.edition.asked.keys() - came)


PLAIN = (
    ("Thực hiện Quyết định số", "căn cứ: số, ngày của quyết định và thời gian lấy số liệu"),
    ("Trên đây là báo cáo", "năm báo cáo và số của nghị quyết"),
)
"""Paragraphs of the body whose digits count nothing, and why."""


def test_every_number_in_the_body_has_a_source(demo: DemoRound) -> None:
    plain = tuple(start for start, _ in PLAIN)
    bare = [
        text_of(block)
        for block in demo.report.body
        if isinstance(block, Paragraph)
        and not block.figures
        and re.search(r"\d", text_of(block))
        and not text_of(block).startswith(plain)
    ]
    assert bare == []
    tables = [block for block in blocks_of(demo.report) if isinstance(block, Table)]
    assert len(tables) > 4
    for table in tables:
        assert len(table.figures) == len(table.rows)
        for number, figures in enumerate(table.figures):
            assert figures or number in table.band_rows


def counts_in(text: str) -> list[int]:
    """The counts in a sentence, without dates, years, shares, labels, symbols and days late.

    What a list leaves out ("và 24 cơ quan khác") is counted by the list, not by a record.
    """
    text = re.sub(r"\b[Vv]à \d+ [^.;]* khác\b|còn lại \([^)]*\)", " ", text)
    text = re.sub(r"\(chậm [^)]*\)|\d+/\d+/\d{4}|\d+/\d{4}|\d+/[A-ZĐ]\S+|năm \d{4}", " ", text)
    text = re.sub(r"[\d.,]+%|\b[IVX]+(\.[a-zđ\d]+)+", " ", text)
    return [int(n.replace(".", "")) for n in re.findall(r"(?<![\w,])\d[\d.]*(?![\w,%])", text)]


def test_a_count_in_the_body_is_the_value_of_a_record_that_it_cites(demo: DemoRound) -> None:
    looked_at = 0
    for block in demo.report.body:
        if not isinstance(block, Paragraph) or not block.figures:
            continue
        records = demo.evidence.find(block.figures)
        if any(record.kind != "count" for record in records):
            continue  # agencies' own words have numbers of their own
        counts = [int(record.value.replace(".", "")) for record in records]
        # a sentence may sum its parts up, and say of how many agencies they are
        sums = {sum(counts), len({s.agency for record in records for s in record.sources})}
        for count in counts_in(text_of(block)):
            looked_at += 1
            assert count in {*counts, *sums}, text_of(block)
    assert looked_at > 40


def quoted(record: Record) -> list[str]:
    return [source.value for source in record.sources]


def test_every_quote_in_the_body_stands_in_the_cells_that_it_cites(demo: DemoRound) -> None:
    items = [b for b in demo.report.body if isinstance(b, Paragraph) and b.figures]
    found = 0
    for block in items:
        for record in demo.evidence.find(block.figures):
            if record.kind == "quote" and record.id in block.figures:
                said = fold(re.sub(r"[\W\d_]+", " ", text_of(block)))
                words = fold(re.sub(r"[\W\d_]+", " ", quoted(record)[0])).split()
                assert " ".join(words[1:5]) in said, (record.id, text_of(block))
                found += 1
    assert found >= 10


def test_every_record_is_named_in_words_and_led_to_a_row(demo: DemoRound) -> None:
    for record in demo.evidence.records.values():
        assert record.words
        assert not record.words.startswith(record.id)
        assert record.value
        if record.kind != "count":
            assert all(ground.sources or ground.basis for ground in record.grounds)
    cited: Evidence = demo.cited
    assert all(record.places for record in cited.records.values())


def test_the_annex_leads_from_figures_to_rows_to_cells(demo: DemoRound) -> None:
    path = demo.campaign.reports / "bang-chung-2024-du-thao.xlsx"
    book = openpyxl.load_workbook(path)
    records, rows, cells = (book[name] for name in ("Số liệu", "Dòng", "Ô"))
    ids = [row[0].value for row in records.iter_rows(min_row=4)]
    assert ids == list(demo.cited.records)

    def follow(cell: Any) -> Any:  # noqa: ANN401
        sheet, _, place = cell.hyperlink.location.rpartition("!")
        return book[sheet.strip("'")][place]

    led = 0
    for line in records.iter_rows(min_row=4):
        record = demo.cited.records[line[0].value]
        if record.grounds:
            first = follow(line[4])
            assert (first.value, first.offset(column=1).value) == (
                record.id,
                record.grounds[0].row,
            )
            assert follow(first).value == record.id
    for line in rows.iter_rows(min_row=4):
        if line[4].value:
            ground = next(
                g for g in demo.cited.records[line[0].value].grounds if g.row == line[1].value
            )
            first = follow(line[4])
            source = ground.sources[0]
            led += 1
            assert [first.offset(column=n).value or "" for n in (3, 4, 6, 8)] == [
                source.value, source.file, source.cell, source.digest,
            ]  # fmt: skip
    assert led > 500
    assert cells.max_row > 1000


def test_the_draft_has_one_comment_for_each_paragraph_and_row_that_cites(demo: DemoRound) -> None:
    commented = comment_report(demo.report, demo.evidence)
    wanted = []
    for block in blocks_of(commented):
        texts = [block.comment] if isinstance(block, Paragraph) else getattr(block, "comments", ())
        wanted += [text for text in texts if text]
    draft = Document(str(demo.campaign.reports / "bao-cao-2024-du-thao.docx"))
    comments = list(draft.comments)
    assert [comment.text for comment in comments] == wanted
    assert len(comments) > 200
    assert {comment.author for comment in comments} == {AUTHOR}
    about = next(text for text in wanted if "[tasks.PL2.dated.running_late]" in text)
    assert "02 nhiệm vụ có thời hạn đang thực hiện (quá hạn), Phụ lục II: II.4, II.9" in about
    assert any("Phụ lục II!H15, L15" in text for text in wanted)


def test_a_final_report_has_no_comments(demo: DemoRound, tmp_path: Path) -> None:
    path = tmp_path / "bao-cao.docx"
    write_document(demo.report, path)
    with zipfile.ZipFile(path) as package:
        assert "word/comments.xml" not in package.namelist()
        assert b"comment" not in package.read("word/document.xml")


def test_each_report_is_kept_with_what_it_was_written_from(demo: DemoRound) -> None:
    with Ledger(demo.campaign.ledger) as ledger:
        event = ledger.events("reported")[-1]
    written = demo.campaign.reports / event.detail["file"]
    annex = demo.campaign.reports / "bang-chung-2024-du-thao.xlsx"
    assert event.submission == content_digest(written)
    assert event.detail["consolidation"] == consolidation_digest(demo.campaign)
    assert event.detail["evidence"] == content_digest(annex)
    store = demo.campaign.state / "store"
    for digest in (event.submission, event.detail["evidence"], event.detail["editing"]):
        assert content_digest(stored_path(store, digest)) == digest
