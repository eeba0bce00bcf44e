"""A made-up round of 45 agencies that bear numbers for names, on days that a test chooses."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from mail_round import mailed, no_wait, with_server

import khreport
from khreport.campaign import Campaign
from khreport.demo.answers import make_answers
from khreport.demo.faults import spoil
from khreport.demo.fill import fill_template
from khreport.edges import ledger as ledger_module
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Event, Ledger
from khreport.edition import Edition
from khreport.layout.workbook import workbook_name
from khreport.parse.plan import PLAN_FILES
from khreport.plan import Section
from khreport.status import Status
from khreport.verbs.collect import Collected
from khreport.verbs.paper import take_paper
from khreport.verbs.remind import Reminded
from khreport.verbs.reply import Replied
from khreport.verbs.send import Sent

AGENCIES = tuple(f"dv{number:02}" for number in range(1, 46))
SEED = 45
HOUR = dt.time(9, 30)
EXCEL = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")

HEAD = """
key = "thu"
number = "1/QĐ-UBND"
date = 2022-01-15
issuer = "Ủy ban nhân dân tỉnh"
title = "Kế hoạch thử"
short_title = "Kế hoạch thử"
collector = "dv01"
first_year = 2022
last_year = 2025

[[appendix]]
key = "PL1"
label = "Phụ lục I"
title = "CHỈ TIÊU"
headings = ["TT", "Nội dung thực hiện", "Cơ quan chủ trì", "Cơ quan phối hợp", "Kết quả/Sản phẩm"]

[[appendix]]
key = "PL2"
label = "Phụ lục II"
title = "NHIỆM VỤ"
headings = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Tiến độ", "Sản phẩm"]

[[duty]]
key = "agencies"
by = "Các đơn vị"
to = "Đơn vị 01"
frequency = "year"
before_month = 12
before_day = 15
wording = "trước ngày 15 tháng 12 hàng năm"
source = "001:1"

[[duty]]
key = "collector"
by = "Đơn vị 01"
to = "Ủy ban nhân dân tỉnh"
frequency = "year"
before_month = 12
before_day = 31
wording = "trước ngày 31/12 hàng năm"
source = "001:2"
"""
DEADLINES = """
[[deadline]]
wording = ""
kind = "recurrent"

[[deadline]]
wording = "Hàng năm"
kind = "recurrent"

[[deadline]]
wording = "Quý III/2024"
kind = "dated"
due = 2024-09-30
"""
SETTINGS = """
plan = "{plan}"
period = "{period}"

[dates]
closing = {closing}
due = {due}
report_due = {report_due}

[sender]
name = "Cơ quan tổng hợp"

[office]
superior = "UBND tỉnh"
issuer = "Cơ quan tổng hợp"
symbol = "DV01"
place = "Thử"
addressees = ["Ủy ban nhân dân tỉnh"]
recipients = ["Như trên"]
authority = ["GIÁM ĐỐC"]
"""
DATED = 5
"""Of so many agencies one has a task with a deadline; the others do theirs every year."""


def write_plan(folder: Path) -> Path:
    """The folder of a plan by which each agency leads one task, and the first a second one."""
    agencies = "".join(
        f'[[agency]]\nkey = "{key}"\nname = "Đơn vị {key[2:]}"\nshort = "ĐV {key[2:]}"\n'
        f'abbreviation = "{key.upper()}"\nkind = "unit"\n\n'
        for key in AGENCIES
    )
    tasks = [
        {
            "key": f"PL2.I.{number}", "appendix": "PL2", "section": "PL2.I", "number": number,
            "text": f"Nhiệm vụ số {number:02}", "lead_text": f"Đơn vị {key[2:]}", "leads": key,
            "coordinating_text": "", "coordinating": "",
            "deadline_text": "Hàng năm" if number % DATED else "Quý III/2024",
            "products": "Báo cáo", "source": "001:3",
        }
        for number, key in enumerate(AGENCIES, 1)
    ]  # fmt: skip
    target = {"key": "PL1.I.1", "appendix": "PL1", "section": "PL1.I", "deadline_text": ""}
    tasks = [{**tasks[0], **target}, *tasks]
    sections = [
        {
            "key": f"{appendix}.I", "appendix": appendix, "number": "I", "level": 1,
            "title": "NHIỆM VỤ", "source": "001:3",
        }
        for appendix in ("PL1", "PL2")
    ]  # fmt: skip
    texts = {
        "plan.toml": HEAD,
        "agencies.toml": agencies,
        "deadlines.toml": DEADLINES,
        "sections.csv": _table(Section.__struct_fields__, sections),
        "tasks.csv": _table(tuple(tasks[0]), tasks),
        "errata.csv": _table(("row", "column", "scanned", "corrected", "evidence", "confidence")),
        "khreport.toml": SETTINGS,
    }
    folder.mkdir()
    for name in (*PLAN_FILES, "khreport.toml"):
        (folder / name).write_text(texts.get(name, ""), encoding="utf-8")
    return folder


def _table(columns: tuple[str, ...], rows: Iterable[Mapping[str, object]] = ()) -> str:
    with io.StringIO() as text:
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue()


def agencies(first: int, last: int) -> tuple[str, ...]:
    """The agencies of these numbers."""
    return AGENCIES[first - 1 : last]


class Officer:
    """Who runs the round: what is done is done on `today`, by the ledger's clock too."""

    def __init__(self, folder: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.today = dt.date(2024, 11, 18)
        self._moment = dt.datetime.combine(self.today, HOUR).astimezone()
        officer = self

        class Clock(dt.datetime):
            @classmethod
            def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
                return officer.tick().astimezone(tz)

            @classmethod
            def fromisoformat(cls, text: str) -> dt.datetime:  # type: ignore[override]
                # what is read of the ledger is written elsewhere again, as a plain moment
                return dt.datetime.fromisoformat(text)

        clock = SimpleNamespace(datetime=Clock, UTC=dt.UTC)
        monkeypatch.setattr(ledger_module, "dt", clock)
        self.campaign: Campaign = khreport.init(
            folder / "dot-2024", str(write_plan(folder / "ke-hoach")), "2024"
        )
        self.campaign = with_server(self.campaign, port)
        self.leaders: set[str] = set()
        self.letters = 0

    def tick(self) -> dt.datetime:
        """The moment it is, each time a second later."""
        self._moment += dt.timedelta(seconds=1)
        return self._moment

    def begin(self, day: str) -> None:
        """It is the morning of that day of 2024: `begin("02/12")`."""
        self.today = dt.datetime.strptime(f"{day}/2024", "%d/%m/%Y").astimezone().date()
        self._moment = dt.datetime.combine(self.today, HOUR).astimezone()

    @property
    def edition(self) -> Edition:
        return newest_edition(self.campaign)

    def list_contacts(self, addresses: dict[str, str]) -> None:
        rows = ["Cơ quan;Người liên hệ;E-mail;E-mail lãnh đạo"]
        for agency in AGENCIES:
            leader = mailed(f"gd.{agency}") if agency in self.leaders else ""
            address = addresses.get(agency, mailed(agency))
            rows.append(f"{agency};Cán bộ {agency[2:]};{address};{leader}")
        (self.campaign.folder / "lien-he.xlsx").unlink(missing_ok=True)
        text = "\n".join(rows)
        (self.campaign.folder / "lien-he.csv").write_text(text, encoding="utf-8-sig")

    def send(self) -> Sent:
        return khreport.send(self.campaign, wait=no_wait)

    def remind(self) -> Reminded:
        return khreport.remind(self.campaign, today=self.today, wait=no_wait)

    def collect(self) -> Collected:
        return khreport.collect(self.campaign)

    def reply(self) -> Replied:
        return khreport.reply(self.campaign, today=self.today, wait=no_wait)

    def status(self) -> Status:
        return khreport.read_status(self.campaign, self.today)

    def events(self, kind: str) -> list[Event]:
        with Ledger(self.campaign.ledger) as ledger:
            return [event for event in ledger.events() if event.kind == kind]

    def take_paper(self, agency: str) -> None:
        """The agency's signed paper comes today."""
        number = f"{agency[2:]}/BC-{agency.upper()}"
        take_paper(self.campaign, agency, number=number, date=self.today, came=self.today)

    def fill(
        self,
        agency: str,
        *,
        faults: int = 0,
        seed: int = SEED,
        form: Path | None = None,
        result: str = "",
    ) -> Path:
        """The agency's workbook, or a form that it got back, filled in and not returned yet.

        `result` is what somebody else of the agency says of its task.
        """
        answers = make_answers(self.edition, agency, seed)
        if result:
            answers["PL2"][f"PL2.I.{int(agency[2:])}", "result"] = result
        if faults:
            answers, _ = spoil(answers, self.edition, agency, seed, faults=faults)
        form = form or self.campaign.outgoing / workbook_name(self.edition, agency)
        path = self.campaign.folder.parent / "nhap.xlsx"
        fill_template(form, answers, path)
        return path

    def drop(self, agency: str, filled: Path, name: str = "") -> Path:
        """The workbook in the inbox, as somebody put it there today."""
        name = name or workbook_name(self.edition, agency)
        path = self.campaign.inbox / f"{self.today:%m-%d}" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(filled.read_bytes())
        came = self.tick().timestamp()
        os.utime(path, (came, came))
        return path

    def mail(self, agency: str, filled: Path, name: str = "") -> Path:
        """The letter in the inbox with which the agency sent the workbook today."""
        self.letters += 1
        message = EmailMessage()
        came = format_datetime(self.tick())
        message["Received"] = f"from mail.dot.example by mx.dot.example; {came}"
        message["From"] = f"Đơn vị {agency[2:]} <{mailed(agency)}>"
        message["To"] = "tonghop@dot.example"
        message["Date"] = came
        message["Subject"] = f"Báo cáo năm 2024 của Đơn vị {agency[2:]}"
        message["Message-ID"] = f"<{self.letters}@dot.example>"
        message.set_content("Kính gửi báo cáo.")
        name = name or workbook_name(self.edition, agency)
        message.add_attachment(
            filled.read_bytes(), maintype=EXCEL[0], subtype=EXCEL[1], filename=name
        )
        path = self.campaign.inbox / f"thu-{self.letters:02}.eml"
        path.write_bytes(message.as_bytes())
        return path

    def correction(self, agency: str) -> Path:
        """The workbook that the agency got back last."""
        last = [e for e in self.events("checked") if e.agency == agency][-1]
        return self.campaign.folder / str(last.detail["correction"])


def numbers(keys: Sequence[str]) -> list[int]:
    """The agencies by their numbers."""
    return [int(key[2:]) for key in keys]
