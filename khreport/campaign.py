"""A campaign: one round's folder and its settings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from khreport.edition import Sender
from khreport.raw import Limits
from khreport.reminders import Reminders

SETTINGS_FILE = "khreport.toml"
OWN_CARDS = "quy-tac"
AGENCIES_FILE = "co-quan.toml"
LateBy = Literal["file", "paper"]
"""By what an agency is late: the day on which its file came, or that of its signed paper."""


class Dates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days of a round; `issued` is the day on the report, open while it is a draft.

    `start` and `end` bound the window of data; without them the calendar does. A reason says
    why a day is not the one that follows from the plan's duty, or from the rules of windows.
    """

    closing: dt.date
    due: dt.date
    report_due: dt.date
    issued: dt.date | None = None
    due_reason: str = ""
    report_due_reason: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    window_reason: str = ""
    late_by: LateBy = "file"


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


class Smtp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The server that takes the round's mail; without a host there is none.

    `address` is what letters come from. The password is never in a file: the environment has it.
    `ca_file` holds the certificate of a server that no public authority vouches for.
    """

    host: str = ""
    port: Annotated[int, Meta(ge=1, le=65535)] | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    address: str = ""
    per_minute: Annotated[int, Meta(ge=1, le=600)] = 20
    ca_file: str = ""

    @property
    def usual_port(self) -> int:
        """The port, or the one on which such servers listen."""
        return self.port or {"starttls": 587, "tls": 465, "none": 25}[self.security]


class Imap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mailbox into which returns come; without a host there is none.

    The password is never in a file: the environment has it. `folder` is the mailbox's own.
    """

    host: str = ""
    port: Annotated[int, Meta(ge=1, le=65535)] | None = None
    security: Literal["starttls", "tls", "none"] = "tls"
    user: str = ""
    folder: str = "INBOX"
    ca_file: str = ""

    @property
    def usual_port(self) -> int:
        """The port, or the one on which such servers listen."""
        return self.port or {"starttls": 143, "tls": 993, "none": 143}[self.security]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What khreport.toml says."""

    plan: str
    period: str
    dates: Dates
    sender: Sender
    office: Office
    group_rows: dict[str, Mode] = {}
    limits: Limits = Limits()
    smtp: Smtp = Smtp()
    imap: Imap = Imap()
    reminders: Reminders = Reminders()


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
    def cards(self) -> Path:
        """Where the campaign's own rule cards stand, which add to the shipped ones."""
        return self.folder / OWN_CARDS

    @property
    def waivers_file(self) -> Path:
        """Which rules are not held against which agencies; it need not be there."""
        return self.folder / "mien-tru.toml"

    @property
    def agencies_file(self) -> Path:
        """Who answers today for bodies that are gone, as the officer says; it need not be there."""
        return self.folder / AGENCIES_FILE

    @property
    def drafts(self) -> Path:
        """Where letters are written that an officer sends by hand."""
        return self.folder / "gui-di"

    @property
    def letters(self) -> Path:
        """Where the texts of letters are, for the officer to edit."""
        return self.folder / "thu"

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
