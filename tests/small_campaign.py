"""Returns of Sở Tư pháp, which has one task, put into a campaign's inbox."""

from __future__ import annotations

import os
from pathlib import Path

import openpyxl

from khreport.campaign import Campaign
from khreport.edges.ledger import Ledger
from khreport.verbs.take_in import accepted_submissions

GOOD = {
    ("Bìa", "BIA.prepared_by", "value"): "Cán bộ tổng hợp",
    ("Bìa", "BIA.phone", "value"): "0258 000 0001",
    ("Bìa", "BIA.nil_documents", "value"): "Không phát sinh",
    ("Phụ lục II", "PL2.I.1", "status"): "Đã triển khai theo kế hoạch năm",
    ("Phụ lục II", "PL2.I.1", "result"): "Đã quán triệt đến 100% đảng viên, công chức của Sở.",
    ("Phụ lục II", "PL2.I.1", "cause"): "Không có khó khăn, kiến nghị",
}


def put(campaign: Campaign, name: str, *, minute: int, **changes: str | None) -> Path:
    """A return of Sở Tư pháp in the inbox, a minute of 12/12/2024 after the one before."""
    workbook = openpyxl.load_workbook(campaign.outgoing / "STP-qd1165-2024.xlsx")
    values = GOOD | {("Phụ lục II", "PL2.I.1", key): text for key, text in changes.items()}
    for (sheet_name, key, column), value in values.items():
        sheet = workbook[sheet_name]
        row = next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value == key)
        place = next(c for c in range(1, sheet.max_column + 1) if sheet.cell(1, c).value == column)
        sheet.cell(row, place).value = value
    path = campaign.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    came = 1_733_970_000 + 60 * minute
    os.utime(path, (came, came))
    return path


def accepted_file(campaign: Campaign) -> str | None:
    """The name under which the accepted return of Sở Tư pháp came."""
    with Ledger(campaign.state / "ledger.sqlite") as ledger:
        accepted = accepted_submissions(ledger).get("stp")
        received = {e.submission: e.detail["file"] for e in ledger.events("received")}
    return received[accepted] if accepted else None


def kinds(campaign: Campaign) -> list[str]:
    """What the ledger says of returns, in order."""
    with Ledger(campaign.state / "ledger.sqlite") as ledger:
        return [event.kind for event in ledger.events() if event.kind != "prepared"]


def mend(correction: Path | None, path: Path, *, minute: int, **cells: str | None) -> None:
    """The correction with cells of the task's row filled, in the inbox."""
    assert correction is not None
    workbook = openpyxl.load_workbook(correction)
    sheet = workbook["Phụ lục II"]
    places = {sheet.cell(1, n).value: n for n in range(1, sheet.max_column + 1)}
    for column, text in cells.items():
        sheet.cell(10, places[column]).value = text
    workbook.save(path)
    came = 1_733_970_000 + 60 * minute
    os.utime(path, (came, came))
