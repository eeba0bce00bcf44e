import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event, Thread, Timer

import pytest

from khreport.edges.ledger import Event as Entered
from khreport.edges.ledger import Ledger
from khreport.edges.ledger_files import journal_events
from khreport.edges.turns import taking_turns
from khreport.errors import KhreportError, LostLedgerError

HANOI = dt.timezone(dt.timedelta(hours=7))
MORNING = dt.datetime(2024, 12, 13, 8, 30, tzinfo=HANOI)
EVENING = dt.datetime(2024, 12, 13, 16, 45, tzinfo=HANOI)


def enter_two(ledger: Ledger) -> None:
    ledger.append("received", "sxd", "ab12", {"tệp": "Sở Xây dựng.xlsx"}, MORNING, "chuyên viên")
    ledger.append("rejected", "sct", "cd34", {"errors": 3}, EVENING, "khreport")


def test_events_come_back_in_the_order_of_entry_as_they_were_entered(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        enter_two(ledger)
    with Ledger(path) as ledger:
        assert ledger.events() == [
            Entered(
                id=1,
                at=MORNING,
                kind="received",
                agency="sxd",
                submission="ab12",
                detail={"tệp": "Sở Xây dựng.xlsx"},
                who="chuyên viên",
            ),
            Entered(
                id=2,
                at=EVENING,
                kind="rejected",
                agency="sct",
                submission="cd34",
                detail={"errors": 3},
                who="khreport",
            ),
        ]


def test_events_are_found_by_kind_and_by_agency(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        enter_two(ledger)
        assert [event.submission for event in ledger.events(kind="rejected")] == ["cd34"]
        assert [event.submission for event in ledger.events(agency="sxd")] == ["ab12"]
        assert ledger.events(kind="rejected", agency="sxd") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = 'accepted'",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event SELECT id, at, 'sent', agency, submission, '', '' FROM event",
    ],
)
def test_no_program_can_change_or_drop_an_event(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        enter_two(ledger)
    with (
        closing(sqlite3.connect(path)) as other,
        pytest.raises(sqlite3.IntegrityError, match="the ledger only grows"),
    ):
        other.execute(statement)
    with Ledger(path) as ledger:
        assert [event.kind for event in ledger.events()] == ["received", "rejected"]


def test_a_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as first, Ledger(path, wait_s=0) as second, first.together():
        with pytest.raises(KhreportError) as caught:
            second.append("received", "sxd", "", {}, MORNING, "chuyên viên")
        assert str(caught.value) == (
            "Sổ theo dõi “ledger.sqlite” đang được một lệnh khreport khác ghi."
            " Hãy đợi lệnh đó xong rồi chạy lại."
        )
        first.append("received", "sxd", "", {}, MORNING, "chuyên viên")
    with Ledger(path) as ledger:
        assert len(ledger.events()) == 1


@pytest.mark.parametrize("together", [False, True])
def test_what_tells_of_a_letter_that_went_waits_for_another_writer(
    tmp_path: Path, *, together: bool
) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger(path).close()
    busy, free = Event(), Event()

    def write_for_long() -> None:
        with Ledger(path) as other, other.together():
            other.append("received", "sct", "", {}, MORNING, "")
            busy.set()
            free.wait(10)

    writer = Thread(target=write_for_long)
    writer.start()
    busy.wait(10)
    Timer(0.3, free.set).start()
    with Ledger(path, wait_s=0) as ledger:
        if together:
            with ledger.together(patiently=True):
                ledger.append("replied", "sxd", "", {}, MORNING, "")
        else:
            ledger.append("sent", "sxd", "", {}, MORNING, "")
        assert [event.agency for event in ledger.events()] == ["sct", "sxd"]
        with Ledger(path) as other, other.together(), pytest.raises(KhreportError, match="đợi"):
            ledger.append("received", "sxd", "", {}, MORNING, "")
    writer.join()


def told(path: Path) -> list[str]:
    return [event.submission for event in journal_events(path)]


def test_the_journal_tells_the_same_and_what_it_lacks_is_written_at_the_next_opening(
    tmp_path: Path,
) -> None:
    path, journal = tmp_path / "ledger.sqlite", tmp_path / "ledger.jsonl"
    with Ledger(path) as ledger:
        enter_two(ledger)
        with pytest.raises(RuntimeError, match="broken off"):
            enter_two_and_fail(ledger)
        with ledger.together():
            ledger.append("sent", "sxd", "ef56", {}, EVENING, "")
            assert told(path) == ["ab12", "cd34"]
        assert journal_events(path) == ledger.events()
    whole = journal.read_bytes()
    for torn in (whole[:-7], whole[: whole.index(b"\n") + 1], b""):
        journal.write_bytes(torn)
        with Ledger(path) as ledger:
            assert journal_events(path) == ledger.events()
    journal.unlink()
    Ledger(path).close()
    assert journal.read_bytes() == whole


def test_a_ledger_that_lacks_what_its_journal_tells_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / ".khreport" / "ledger.sqlite"
    path.parent.mkdir()
    with Ledger(path) as ledger:
        enter_two(ledger)
        older = path.read_bytes()
        ledger.append("sent", "sxd", "ef56", {}, EVENING, "")
    path.write_bytes(older)
    with pytest.raises(LostLedgerError, match=f"khreport log {tmp_path} --rebuild"):
        Ledger(path)
    path.unlink()
    with pytest.raises(LostLedgerError, match="bị mất hoặc là bản cũ"):
        Ledger(path)
    assert not path.exists()


def test_a_long_last_line_is_found_and_what_is_no_line_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        enter_two(ledger)
        ledger.append("opened", "", "ef56", {"left": ["ảnh.jpg"] * 20_000}, EVENING, "")
    with (tmp_path / "ledger.jsonl").open("ab") as file:
        file.write(b'{"id": 4, "at": "2024')
    with Ledger(path) as ledger:
        ledger.append("sent", "sxd", "", {}, EVENING, "")
    lines = (tmp_path / "ledger.jsonl").read_bytes().splitlines()
    assert [line[:8] for line in lines[2:]] == [b'{"id":3,', b'{"id": 4', b'{"id":4,']
    assert told(path) == ["ab12", "cd34", "ef56", ""]


def test_one_process_at_a_time_has_the_turn_and_the_ledger_stays_free(tmp_path: Path) -> None:
    turn = tmp_path / "turn.lock"
    with taking_turns(turn), Ledger(tmp_path / "ledger.sqlite", wait_s=0) as ledger:
        with pytest.raises(KhreportError, match="đang nhận tệp"), taking_turns(turn, wait_s=0):
            pass
        enter_two(ledger)
    with taking_turns(turn, wait_s=0):
        pass
    assert turn.read_bytes() == b""


def enter_two_and_fail(ledger: Ledger) -> None:
    with ledger.together():
        enter_two(ledger)
        raise RuntimeError("broken off")


def test_events_entered_together_are_entered_all_or_none(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        with pytest.raises(RuntimeError, match="broken off"):
            enter_two_and_fail(ledger)
        assert ledger.events() == []
        with ledger.together():
            enter_two(ledger)
        assert len(ledger.events()) == 2


def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 2")
    before = path.read_bytes()
    with pytest.raises(KhreportError, match="phiên bản khreport mới hơn") as caught:
        Ledger(path)
    assert "Hãy cập nhật khreport rồi chạy lại." in str(caught.value)
    assert path.read_bytes() == before


def test_a_file_that_is_no_ledger_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"a spreadsheet, say" * 100)
    with pytest.raises(KhreportError, match=r"“ledger\.sqlite” không phải là sổ theo dõi"):
        Ledger(path)
    assert path.read_bytes() == b"a spreadsheet, say" * 100


def test_a_folder_that_is_not_there_is_a_fault_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(KhreportError, match="Không đọc hoặc ghi được sổ theo dõi"):
        Ledger(tmp_path / "none" / "ledger.sqlite")


def test_an_event_without_a_time_zone_is_refused(tmp_path: Path) -> None:
    with (
        Ledger(tmp_path / "ledger.sqlite") as ledger,
        pytest.raises(ValueError, match="needs its zone"),
    ):
        ledger.append("sent", "sxd", "", {}, MORNING.replace(tzinfo=None), "chuyên viên")
