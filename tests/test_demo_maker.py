from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
import pytest
from mini_round import small_edition
from openpyxl import load_workbook

from khreport.checks.check import check_submissions
from khreport.demo.answers import Answers, make_answers
from khreport.demo.faults import SPOILERS, Planted, spoil
from khreport.demo.fill import Habits, fill_template
from khreport.demo.phrases import find_topics, name_subject
from khreport.demo.returns import Return, plan_returns, write_return
from khreport.demo.slips import type_loosely
from khreport.edges.draw import draw_workbooks
from khreport.edges.reader import Reader
from khreport.edges.shipped import load_plan, load_rules
from khreport.edition import Edition
from khreport.findings import Finding
from khreport.frames import Submission
from khreport.layout.workbook import workbook_name
from khreport.read.submissions import read_submission
from khreport.verbs.init import default_settings
from khreport.verbs.templates import shipped_edition

SEED = 2024


@cache
def edition() -> Edition:
    return shipped_edition(default_settings(load_plan("qd1165"), "qd1165", "2024"))


@cache
def answers(agency: str, seed: int = SEED) -> Answers:
    return make_answers(edition(), agency, seed)


def everyone() -> tuple[str, ...]:
    return tuple(edition().asked)


def texts() -> Iterator[str]:
    for agency in everyone():
        for cells in answers(agency).values():
            # What the plan says now is quoted as it stands.
            said = {place: value for place, value in cells.items() if place[1] != "present"}
            yield from (value for value in said.values() if isinstance(value, str))


@dataclass(frozen=True)
class Desk:
    """Where templates are drawn, filled and read."""

    folder: Path
    reader: Reader
    edition: Edition

    def template(self, agency: str) -> Path:
        path = self.folder / workbook_name(self.edition, agency)
        if not path.exists():
            draw_workbooks(self.edition, [agency], self.folder, lambda _: None)
        return path

    def read(self, path: Path) -> Submission:
        return read_submission(self.reader.read(path), self.edition, path.name, path.name)

    def send(
        self, agency: str, answers: Answers, name: str, habits: Habits | None = None
    ) -> Submission:
        path = self.folder / name
        fill_template(self.template(agency), answers, path, habits)
        return self.read(path)

    def findings(self, submissions: Iterable[Submission]) -> list[Finding]:
        submissions = list(submissions)
        read = [finding for sent in submissions for finding in sent.findings]
        return [*read, *check_submissions(self.edition, submissions)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with Reader() as reader:
        yield Desk(tmp_path_factory.mktemp("demo"), reader, edition())


def test_clean_answers_of_every_agency_are_without_fault(desk: Desk) -> None:
    sent = [desk.send(agency, answers(agency), f"{agency}-clean.xlsx") for agency in everyone()]
    assert len(sent) == 34
    assert [str(finding) for finding in desk.findings(sent)] == []
    assert [repair for submission in sent for repair in submission.repairs] == []


def test_every_planted_fault_is_found_at_its_cell_and_nothing_else_blocks(desk: Desk) -> None:
    planted: dict[str, list[Planted]] = {}
    sent = []
    for agency in everyone():
        spoiled, faults = spoil(answers(agency), edition(), agency, SEED, faults=6)
        sent.append(desk.send(agency, spoiled, f"{agency}-faulty.xlsx"))
        planted[sent[-1].file] = faults
    findings = desk.findings(sent)
    place = {(f.file, f.form, f.row_key, f.column_key) for f in findings}
    wanted = {
        (file, fault.form, fault.row, fault.column): fault.kind
        for file, faults in planted.items()
        for fault in faults
    }
    assert set(wanted.values()) == set(SPOILERS)
    assert wanted.keys() - place == set()
    assert [
        str(f) for f in findings if (f.file, f.form, f.row_key, f.column_key) not in wanted
    ] == []
    closed = {cell for cell, kind in wanted.items() if kind == "closed cell"}
    blocking = {(f.file, f.form, f.row_key, f.column_key) for f in findings if f.blocks}
    assert blocking == wanted.keys() - closed


def test_a_spoiled_return_has_a_fault_that_blocks() -> None:
    first = [spoil(answers("nhnn"), edition(), "nhnn", seed, faults=1)[1] for seed in range(40)]
    assert {fault.kind for faults in first for fault in faults} >= {"too long", "not in the list"}
    assert all(len(faults) == 1 and faults[0].kind != "closed cell" for faults in first)


def test_what_is_read_is_what_was_typed(desk: Desk) -> None:
    typed = answers("sxd")
    read = desk.send("sxd", typed, "sxd-typed.xlsx").answers
    for form in edition().forms:
        rows = {row["key"]: row for row in read[form.key].to_dicts()}
        for (key, column), value in typed[form.key].items():
            list_key = form.column[column].list_for(rows[key]["kind"])
            if form.rows == "fields":
                field = key.removeprefix(f"{form.key}.")
                list_key = next(f.list for f in form.fields if f.key == field)
            if list_key:
                choices = {c.code: c.label for c in form.choice_list[list_key].choices}
                assert choices[rows[key][column]] == value
            else:
                assert rows[key][column] == value


def test_the_same_seed_gives_the_same_answers_and_another_seed_others() -> None:
    assert make_answers(edition(), "sct", SEED) == answers("sct")
    assert make_answers(edition(), "sct", SEED + 1) != answers("sct")
    assert spoil(answers("sct"), edition(), "sct", 1) == spoil(answers("sct"), edition(), "sct", 1)


def test_every_text_is_composed_and_complete() -> None:
    said = list(texts())
    assert len(said) > 2000
    assert [text for text in said if not unicodedata.is_normalized("NFC", text)] == []
    assert [text for text in said if re.search(r"[{}]|  |[^.]\.\.$|\. \.|, ?[.;]", text)] == []
    assert [text for text in said if text.startswith(("=", "+", "-", "@"))] == []


def test_answers_are_long_and_short_but_never_longer_than_the_column() -> None:
    lengths: list[int] = []
    for agency in everyone():
        for form in edition().forms:
            for (_, column), value in answers(agency)[form.key].items():
                most = form.column[column].max_length
                assert most is None or len(str(value)) <= most
                if column == "result":
                    lengths.append(len(str(value)))
    assert max(lengths) in range(1000, 1401)
    assert sum(length < 600 for length in lengths) > 0.8 * len(lengths)


def test_statuses_fit_the_deadlines() -> None:
    passed: Counter[object] = Counter()
    recurrent: Counter[object] = Counter()
    for seed in range(12):
        for agency in everyone():
            cells = answers(agency, seed)["PL2"]
            for question in edition().asked[agency]:
                due = (
                    edition().plan.task[question.parent].deadline.due
                    if question.form == "PL2"
                    else None
                )
                if question.kind == "dated" and due and due <= edition().period.closing:
                    passed[cells[question.key, "status"]] += 1
                if question.kind == "recurrent":
                    recurrent[cells[question.key, "status"]] += 1
    assert 0.6 < passed["Hoàn thành"] / passed.total() < 0.9
    assert passed["Đang thực hiện"] > 0
    assert recurrent["Đã triển khai theo kế hoạch năm"] / recurrent.total() > 0.65
    assert recurrent["Báo cáo theo chế độ mật"] > 0


def test_results_say_what_the_task_is_about() -> None:
    for agency in everyone():
        cells = answers(agency)["PL2"]
        for (key, column), value in cells.items():
            task = edition().plan.task.get(key)
            if column == "result" and task:
                assert name_subject(task.text) in str(value)


def test_a_task_that_has_indicators_tells_their_figures() -> None:
    cells = answers("sdl")
    visitors = cells["CT"]["CT.visitors", "estimate_year"]
    told = f"Số lượng khách du lịch ước đạt {str(visitors).replace('.', ',')} triệu lượt khách"
    assert told in str(cells["PL2"]["PL2.III.20", "result"])


def test_figures_move_towards_their_targets_and_parts_add_up() -> None:
    for seed in range(10):
        cells = answers("sdl", seed)["CT"]
        total, foreign, home = (
            float(str(cells[f"CT.visitors{part}", "estimate_year"]))
            for part in ("", "_international", "_domestic")
        )
        assert 8 < total < 12
        assert abs(total - foreign - home) <= 0.2
        assert float(str(cells["CT.visitors", "previous_final"])) < 11


def test_documents_that_are_cited_are_listed() -> None:
    cited = 0
    for agency in everyone():
        cells = answers(agency)
        for (_, column), value in cells["PL2"].items():
            if column == "documents":
                for number in str(value).split("; "):
                    cited += 1
                    assert cells["VB"][f"VB.{number}", "symbol"]
    assert cited > 150


def test_the_cover_says_that_the_figures_are_made_up() -> None:
    cover = answers("sxd")["BIA"]
    assert cover["BIA.approved_by", "value"] == "Số liệu minh họa"
    assert cover["BIA.prepared_by", "value"] == "Cán bộ tổng hợp 05"
    assert cover["BIA.phone", "value"] == "0258 000 0005"
    assert cover["BIA.progress", "value"] == "Đã xong"


def test_a_line_that_an_agency_inserts_is_read_as_its_own(desk: Desk) -> None:
    seed, agency, key = next(
        (seed, agency, key)
        for seed in range(30)
        for agency in everyone()
        for key, _ in answers(agency, seed)["PL2"]
        if key.endswith(".+1")
    )
    typed = answers(agency, seed)
    submission = desk.send(agency, typed, "inserted.xlsx")
    assert [str(f) for f in desk.findings([submission])] == []
    rows = {row["key"]: row for row in submission.answers["PL2"].to_dicts()}
    assert rows[key]["task"] == typed["PL2"][key, "task"]
    assert rows[key]["parent"] == key.removesuffix(".+1")


def test_an_own_sheet_and_a_hidden_column_are_no_fault(desk: Desk) -> None:
    habits = Habits(adds_sheet=True, hides_column=True)
    submission = desk.send("sxd", answers("sxd"), "habits.xlsx", habits)
    assert [finding.code for finding in desk.findings([submission])] == ["sheet.added"]
    sheet = load_workbook(desk.folder / "habits.xlsx")["Phụ lục II"]
    assert sheet.column_dimensions["D"].hidden
    assert sheet.column_dimensions["A"].hidden


def test_harmless_slips_are_mended_by_the_reader(desk: Desk) -> None:
    loose = desk.send("sxd", type_loosely(answers("sxd"), edition()), "loose.xlsx")
    tidy = desk.send("sxd", answers("sxd"), "tidy.xlsx")
    assert [str(f) for f in desk.findings([loose]) if f.severity != "note"] == []
    assert len(loose.repairs) > 50
    for form in edition().forms:
        assert (
            loose.answers[form.key]
            .drop("submission")
            .equals(tidy.answers[form.key].drop("submission"))
        )


def test_a_round_has_returns_in_time_late_faulty_mended_and_missing() -> None:
    returns = plan_returns(edition(), SEED)
    assert Counter(r.kind for r in returns) == {
        "on time": 23, "late": 4, "faulty": 5, "mended": 2, "missing": 2,
    }  # fmt: skip
    assert {r.agency for r in returns} == set(everyone())
    assert returns == plan_returns(edition(), SEED)
    assert returns != plan_returns(edition(), SEED + 1)
    names = [r.file_name for r in returns if r.file_name]
    assert len(names) == len(set(names))


def test_days_of_returns_show_who_is_late() -> None:
    period = edition().period
    for seed in range(8):
        returns = plan_returns(edition(), seed)
        for returned in returns:
            if returned.kind == "missing":
                assert (returned.day, returned.file_name) == (None, "")
                continue
            assert returned.day is not None
            assert returned.day.weekday() < 5
            assert returned.day < period.report_due
            assert (returned.day > period.due) == (returned.kind in ("late", "mended"))
        first = {r.agency: r.day for r in returns if r.kind == "faulty"}
        for returned in returns:
            if returned.kind == "mended":
                assert returned.day
                assert returned.day > (first[returned.agency] or period.end)
        collector = [r.kind for r in returns if r.agency == edition().plan.collector]
        assert collector == ["on time"]


def test_a_second_return_gives_the_same_answers_without_the_faults(desk: Desk) -> None:
    returns = plan_returns(edition(), SEED)
    mended = next(r for r in returns if r.kind == "mended")
    faulty = next(r for r in returns if r.kind == "faulty" and r.agency == mended.agency)
    template = desk.template(mended.agency)
    first, planted = write_return(faulty, edition(), template, desk.folder, SEED)
    second, none = write_return(mended, edition(), template, desk.folder, SEED)
    came = dt.datetime.fromtimestamp(second.stat().st_mtime).astimezone()
    assert (len(planted), none) == (faulty.faults, [])
    assert came.date() == mended.day
    assert 8 <= came.hour < 17
    findings = desk.findings([desk.read(first)])
    assert sum(finding.blocks for finding in findings) >= 1
    assert [f for f in desk.findings([desk.read(second)]) if f.blocks] == []


def test_a_return_that_never_comes_cannot_be_written(desk: Desk) -> None:
    with pytest.raises(ValueError, match="sxd returns nothing"):
        write_return(
            Return(agency="sxd", kind="missing"), edition(), desk.folder, desk.folder, SEED
        )


def test_answers_for_another_plan_are_without_fault(desk: Desk, tmp_path: Path) -> None:
    small = small_edition()
    small = msgspec.structs.replace(small, rules=load_rules(small.forms))
    other = Desk(tmp_path, desk.reader, small)
    sent = [
        other.send(agency, make_answers(small, agency, seed), f"{agency}-{seed}.xlsx")
        for agency in small.asked
        for seed in range(5)
    ]
    assert [str(finding) for finding in other.findings(sent) if finding.blocks] == []


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Tiếp tục rà soát quy hoạch chung nhằm thu hút đầu tư.", "rà soát quy hoạch chung"),
        (
            "Phấn đấu đến năm 2025, Chương trình mỗi xã một sản phẩm có ít nhất 200 sản phẩm",
            "chương trình mỗi xã một sản phẩm",
        ),
        ("Đề án thí điểm nuôi biển (giai đoạn 1) tại tỉnh.", "đề án thí điểm nuôi biển tại tỉnh"),
    ],
)
def test_a_subject_is_the_matter_of_a_task_in_few_words(text: str, subject: str) -> None:
    assert name_subject(text) == subject


def test_tasks_have_the_topics_of_their_words() -> None:
    def first_words(key: str) -> list[str]:
        return [topic.words[0] for topic in find_topics(edition().plan.task[key].text)]

    assert first_words("PL2.VIII.10") == ["y tế"]
    assert first_words("PL2.IV.11") == ["môi trường"]
    assert first_words("PL2.II.6") == ["quy hoạch", "du lịch"]
    assert find_topics("Việc không có trong sổ") == ()
