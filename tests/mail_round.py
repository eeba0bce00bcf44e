"""Rounds by mail: who is written to, by which server, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec
from mail_server import HOST

from khreport.campaign import Campaign
from khreport.edges.folder import open_campaign
from khreport.edges.ledger import Ledger, now
from khreport.verbs.deliver import Delivery

PERSON = "Nguyễn Thị Ánh Tuyết, Phó Chánh Văn phòng (phụ trách)"
HOUR = 3600


LISTED = ("stc", "sct", "sxd", "syt", "sldtbxh", "snv", "stp", "thanhtra")
"""The agencies, in the order of the plan, with somebody to write to in most tests."""


def list_contacts(campaign: Campaign, agencies: Iterable[str]) -> Campaign:
    (campaign.folder / "lien-he.xlsx").unlink(missing_ok=True)
    rows = ["Cơ quan;Người liên hệ;E-mail;Đồng gửi (cc)"]
    rows += [f'{agency};"{PERSON}";{agency}@dot.example;' for agency in agencies]
    (campaign.folder / "lien-he.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    return campaign


def close_at(campaign: Campaign, closed_at: dt.datetime) -> None:
    """The round is closed since that moment."""
    with Ledger(campaign.ledger) as ledger:
        ledger.append("closed", "", "", {}, closed_at, "")


def no_wait(seconds: float) -> None:
    assert seconds <= HOUR


def with_server(campaign: Campaign, port: int, **more: str) -> Campaign:
    lines = {
        "host": HOST,
        "address": "tonghop@dot.example",
        "security": "none",
        **more,
    }
    text = (campaign.folder / "khreport.toml").read_text(encoding="utf-8").partition("\n[smtp]")[0]
    text += f"\n[smtp]\nport = {port}\nper_minute = 600\n"
    text += "".join(f'{key} = "{value}"\n' for key, value in lines.items())
    (campaign.folder / "khreport.toml").write_text(text, encoding="utf-8")
    return open_campaign(campaign.folder)


def went(sent: Delivery) -> bool:
    """Whether each letter went, whoever else has no address."""
    return msgspec.structs.replace(sent, lacking={}).complete


def states(sent: Delivery) -> dict[str, str]:
    return {outcome.message.agency: outcome.state for outcome in sent.outcomes}


def change_contacts(campaign: Campaign, old: str, new: str) -> None:
    path = campaign.folder / "lien-he.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8-sig")


def mailed(address: str) -> str:
    return f"{address}@dot.example"


def bounce(campaign: Campaign, agency: str, *addresses: str, letter: str = "form") -> None:
    """A server reports that the last letter of that kind did not reach the addresses."""
    with Ledger(campaign.ledger) as ledger:
        sent = [e for e in ledger.events("sent", agency) if e.detail["letter"] == letter][-1]
        detail = {name: sent.detail[name] for name in ("letter", "about", "message_id")}
        detail |= {"to": addresses, "reason": "", "bounced": True}
        detail["refused"] = dict.fromkeys(addresses, "550 5.1.1 Unknown mailbox")
        ledger.append("refused", agency, "", detail, now(), "")
