"""``khreport log``: what happened in a round, event by event, in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from khreport.campaign import Campaign
from khreport.contacts import find_agency
from khreport.dates import format_date
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Event, Ledger
from khreport.errors import CampaignError
from khreport.text import begin_sentence
from khreport.verbs.posted import drafted_letters

Detail = Mapping[str, Any]

SHOWN = 12
"""How much of a SHA-256 is shown: enough to tell two files apart."""
LETTERS = {"form": "thư kèm biểu", "reply": "thư trả lời", "reminder": "thư nhắc"}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An event, the name of its agency ("" where it concerns none), and what it says in words."""

    event: Event
    agency_name: str
    words: str

    def __str__(self) -> str:
        """The line as an officer reads it: when, whose, what, by whom."""
        at = f"{format_date(self.event.at.date())} {self.event.at:%H:%M}"
        whose = f"{self.agency_name}: " if self.agency_name else ""
        who = f" ({self.event.who})" if self.event.who else ""
        words = self.words if whose else begin_sentence(self.words)
        return f"{at}  {whose}{words}{who}"


def read_log(campaign: Campaign, *, agency: str = "", kind: str = "") -> list[Entry]:
    """The events of a campaign in the order of entry: all, or those of an agency, or of a kind.

    >>> import khreport
    >>> from khreport.testing import trial_campaign
    >>> with trial_campaign("stp") as campaign:
    ...     [entry.words for entry in khreport.log(campaign)]
    ['phát biểu mẫu']

    Raises:
        CampaignError: there are no templates yet, no asked agency is called so, or no event
            was ever entered under that kind.

    """
    edition = newest_edition(campaign)
    wanted = find_agency(agency, edition.agencies) if agency else ""
    with Ledger(campaign.ledger) as ledger:
        events = ledger.events()
    if kind and kind not in {*WORDS, *(event.kind for event in events)}:
        raise CampaignError(
            f"Sổ theo dõi không có loại việc “{kind}”. Hãy ghi một trong: {', '.join(WORDS)}."
        )
    files = {e.submission: str(e.detail.get("file", "")) for e in events if e.submission}
    # a file is received before anybody has looked whose it is
    whose = {e.submission: e.agency for e in events if e.submission and e.agency}
    names = {each.key: each.name for each in edition.plan.agencies}
    drafts = {event.detail["message_id"] for event in drafted_letters(events)}
    return [
        Entry(
            event=event,
            agency_name=names.get(key, key),
            words=tell_event(
                event,
                files.get(event.submission, ""),
                sent=event.detail.get("message_id") not in drafts,
            ),
        )
        for event in events
        for key in [event.agency or whose.get(event.submission, "")]
        if wanted in ("", key) and kind in ("", event.kind)
    ]


def tell_event(event: Event, file: str = "", *, sent: bool = True) -> str:
    """What an event says in words; `file` is the name under which its submission came.

    Of an answer or a reminder `sent` says whether its letter went, or is a draft until now.
    """
    tell = WORDS.get(event.kind) if sent else UNSENT.get(event.kind, WORDS.get(event.kind))
    if tell is None:
        return f"việc “{event.kind}” do bản khreport khác ghi, bản này chưa biết"
    named = str(event.detail.get("file") or file)
    return tell(event.detail, f" “{named}”" if named else "")


def _day(detail: Detail, name: str) -> str:
    try:
        return format_date(dt.datetime.fromisoformat(str(detail.get(name, ""))).date())
    except ValueError:
        return ""


def _letter(detail: Detail) -> str:
    to = detail.get("to") or ()
    return LETTERS.get(detail.get("letter", ""), "thư") + (f" tới {', '.join(to)}" if to else "")


def _sent(detail: Detail, _: str) -> str:
    refused = detail.get("refused") or {}
    lacks = f"; máy chủ không nhận: {', '.join(refused)}" if refused else ""
    return f"đã gửi {_letter(detail)}{lacks}"


def _refused(detail: Detail, _: str) -> str:
    words = "bị trả lại" if detail.get("bounced") else "không gửi được"
    said = "; ".join((detail.get("refused") or {}).values())
    return f"{words} {_letter(detail)}{_because(detail) or (said and f': {said}')}"


def _because(detail: Detail) -> str:
    reason = detail.get("reason")
    return f": {reason}" if reason else ""


def _errors(detail: Detail) -> str:
    errors = detail.get("errors", 0)
    return f"còn {errors} lỗi" if errors else "không có lỗi"


def _withdrawn(detail: Detail, _: str) -> str:
    return f"rút {_paper(detail, '')}{_because(detail)}"


def _exported(detail: Detail, file: str) -> str:
    digest = str(detail.get("digest", ""))[:SHOWN]
    return f"đã xuất{file}" + (f", mã nội dung {digest}" if digest else "")


def _paper(detail: Detail, _: str) -> str:
    parts = {
        "": detail.get("number"),
        "ngày ": _day(detail, "date"),
        "người ký ": detail.get("signer"),
        "đến ngày ": _day(detail, "came"),
        "tệp ": detail.get("file"),
    }
    return "văn bản " + ", ".join(f"{name}{value}" for name, value in parts.items() if value)


def _waived(detail: Detail, _: str) -> str:
    waiver = detail.get("waiver") or {}
    return f"miễn quy tắc {waiver.get('rule', '')}{_because(waiver)}"


def _consolidated(detail: Detail, _: str) -> str:
    return f"đã tổng hợp {detail.get('accepted', 0)} bản nộp đạt"


def _reported(detail: Detail, file: str) -> str:
    return f"đã viết báo cáo{file}, {'bản chính thức' if detail.get('final') else 'bản dự thảo'}"


def _came(detail: Detail) -> str:
    day = _day(detail, "came")
    return f", ngày {day}" if day else ""


def _received(detail: Detail, file: str) -> str:
    return f"nhận tệp{file}{_came(detail)}"


WORDS: dict[str, Callable[[Detail, str], str]] = {
    "prepared": lambda *_: "phát biểu mẫu",
    "drafted": lambda detail, _: f"đã soạn {_letter(detail)}, chưa gửi",
    "sending": lambda detail, _: f"bắt đầu gửi {_letter(detail)}",
    "sent": _sent,
    "refused": _refused,
    "fetched": lambda detail, _: f"tải thư về từ hộp thư{_came(detail)}",
    "opened": lambda detail, file: (
        f"mở{file}: {detail.get('files', 0)} tệp, {detail.get('papers', 0)} văn bản"
    ),
    "received": _received,
    "waiting": lambda _, file: f"tệp{file} đến sau khi khóa, chờ mở khóa",
    "duplicate": lambda _, file: f"tệp{file} trùng nội dung với tệp đã nhận",
    "checked": lambda detail, file: f"đã kiểm tra{file}: {_errors(detail)}",
    "accepted": lambda _, file: f"bản nộp{file} đạt",
    "rejected": lambda detail, file: f"bản nộp{file} chưa đạt, {_errors(detail)}",
    "replaced": lambda _, file: f"bản nộp{file} được thay bằng bản mới hơn",
    "corrected": lambda _, file: f"đã ghi bản trả lại cho{file}",
    "waived": _waived,
    "paper": _paper,
    "withdrawn": _withdrawn,
    "reminded": lambda detail, _: f"đã nhắc{_because(detail)}",
    "replied": lambda _, file: f"đã trả lời về{file}",
    "closed": lambda detail, _: f"đã khóa đợt báo cáo{_because(detail)}",
    "reopened": lambda detail, _: f"đã mở lại đợt báo cáo{_because(detail)}",
    "unlocked": lambda detail, _: f"mở lại để nhận bản nộp sau khi khóa{_because(detail)}",
    "consolidated": _consolidated,
    "reported": _reported,
    "exported": _exported,
    "rebuilt": lambda detail, _: f"dựng lại sổ theo dõi{_because(detail)}",
}
"""What each kind of event says, of its detail and the name of its file."""

UNSENT: dict[str, Callable[[Detail, str], str]] = {
    "reminded": lambda detail, _: f"đã soạn thư nhắc, chưa gửi{_because(detail)}",
    "replied": lambda _, file: f"đã soạn thư trả lời về{file}, chưa gửi",
}
"""What those say whose letter is a draft until now."""


def log_as_json(entries: list[Entry]) -> dict[str, Any]:
    """The events as values for JSON, each with its words."""
    return {
        "events": [
            {
                **msgspec.to_builtins(entry.event),
                "agency_name": entry.agency_name,
                "words": entry.words,
            }
            for entry in entries
        ],
    }
