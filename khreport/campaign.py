"""A campaign: one round's folder and its settings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

import msgspec

from khreport.edition import Sender
from khreport.raw import Limits

SETTINGS_FILE = "khreport.toml"


class Dates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days of a round; `issued` is the day on the report, open while it is a draft."""

    closing: dt.date
    due: dt.date
    report_due: dt.date
    issued: dt.date | None = None


class Office(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the collecting body signs: superior, name, symbol, place, authority lines, name.

    `number` is the report's number, given after signature (NĐ 30/2020, Điều 15).
    """

    superior: str | None
    issuer: str
    symbol: str
    place: str
    addressees: tuple[str, ...]
    recipients: tuple[str, ...]
    authority: tuple[str, ...]
    signatory: str = ""
    number: int | None = None


class Mode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group row's mode as the officer changed it."""

    mode: Literal["one", "representatives", "all"]
    answering: tuple[str, ...] = ()
    reason: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What khreport.toml says."""

    plan: str
    period: str
    dates: Dates
    sender: Sender
    office: Office
    group_rows: dict[str, Mode] = {}
    limits: Limits = Limits()


class Campaign(msgspec.Struct, frozen=True):
    """A campaign folder that was opened; every verb works over this value."""

    folder: Path
    settings: Settings

    @property
    def outgoing(self) -> Path:
        """Where the workbooks for the agencies are written."""
        return self.folder / "bieu-mau"

    @property
    def inbox(self) -> Path:
        """Where returned files are put, in any order and under any name."""
        return self.folder / "inbox"

    @property
    def corrections(self) -> Path:
        """Where corrections of faulty returns are written."""
        return self.folder / "tra-lai"

    @property
    def consolidated(self) -> Path:
        """Where frames, the workbook to read and the editing workbook are written."""
        return self.folder / "tong-hop"

    @property
    def reports(self) -> Path:
        """Where reports are written."""
        return self.folder / "bao-cao"

    @property
    def state(self) -> Path:
        """What the program keeps for itself: stored files, frozen editions, the ledger."""
        return self.folder / ".khreport"

    @property
    def ledger(self) -> Path:
        """What happened in the round, line by line."""
        return self.state / "ledger.sqlite"

    @property
    def editing_file(self) -> Path:
        """The officer's editing workbook."""
        return self.consolidated / "bien-tap.xlsx"
