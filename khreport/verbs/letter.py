"""``khreport letter``: the official letters (công văn) of a round, as Word documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from khreport.campaign import Campaign
from khreport.compose.letter import Addressed, Occasion, compose_letter, contact_of
from khreport.contacts import find_agency
from khreport.dates import format_date
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Ledger, now
from khreport.edges.shipped import load_letters
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.layout.workbook import workbook_name
from khreport.parse.letter import LetterKind
from khreport.text import file_name_part, join_and
from khreport.verbs.due_day import last_day
from khreport.verbs.report import write_kept
from khreport.verbs.standing import make_receipts
from khreport.verbs.take_in import accepted_submissions
from khreport.workdays import tell_due


class WrittenLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter's file and the agencies, by key, that it goes to.

    `kept` is where an earlier letter went that somebody had changed by hand. `warnings` say what
    to look at before it goes.
    """

    path: Path
    agencies: tuple[str, ...]
    kept: Path | None = None
    warnings: tuple[str, ...] = ()


def write_official_letter(
    campaign: Campaign,
    kind: LetterKind,
    *,
    agencies: Sequence[str] = (),
    final: bool = False,
    today: dt.date | None = None,
) -> WrittenLetter:
    """Write one letter to all agencies that it is for, or to those that are named.

    Forms go to every agency that is asked; a reminder, and after the day the letter that
    chases, to those without an accepted return.

    >>> import khreport
    >>> from khreport.testing import trial_campaign
    >>> with trial_campaign("stp") as campaign:
    ...     khreport.letter(campaign, "cover", agencies=["Sở Tư pháp"]).path.name
    'cong-van-gui-bieu-mau-STP-du-thao.docx'

    Raises:
        CampaignError: no templates were written yet, no such agency, nobody to write to, or
            the letter is not one for that day.
        KhreportError: the letter is open in another program.

    """
    edition, today = newest_edition(campaign), today or now().date()
    last = last_day(campaign, edition)
    _refuse_day(kind, edition, today, last)
    everybody = [key for key in edition.asked if key != edition.plan.collector]
    wanted = [find_agency(called, edition.agencies) for called in agencies] or everybody
    with Ledger(campaign.ledger) as ledger:
        receipts = make_receipts(
            edition,
            ledger.events(),
            accepted_submissions(ledger),
            campaign.settings.dates.late_by,
            last,
        )
    addressed = [
        Addressed(
            agency=key,
            file=workbook_name(edition, key),
            faulty=receipts[key].state == "faulty",
            days_late=receipts[key].days_late,
        )
        for key in dict.fromkeys(wanted)
        if kind == "cover" or receipts[key].state != "accepted"
    ]
    if not addressed:
        raise CampaignError(_nobody(edition, wanted if agencies else ()))
    texts = load_letters()
    occasion = Occasion(
        kind=kind,
        texts=texts,
        edition=edition,
        settings=campaign.settings,
        today=today,
        last_day=last,
    )
    letter = compose_letter(occasion, addressed, draft=not final)
    name = f"cong-van-{getattr(texts.letters, kind).file}"
    if agencies:
        short = (edition.plan.agency[to.agency].abbreviation for to in addressed)
        name = file_name_part("-".join([name, *short]))
    path = campaign.drafts / f"{name}{'' if final else '-du-thao'}.docx"
    kept = write_kept(campaign, letter, path, "exported", final=final)
    return WrittenLetter(
        path=path,
        agencies=tuple(to.agency for to in addressed),
        kept=kept,
        warnings=tuple(_warn(occasion, last)),
    )


def _warn(occasion: Occasion, last: dt.date) -> Iterator[str]:
    if occasion.kind == "cover" and occasion.today > last:
        yield (
            "Công văn đề nghị gửi báo cáo chậm nhất ngày "
            f"{format_date(occasion.edition.period.due)}, ngày này đã qua. "
            "Hãy ghi thời hạn khác trong công văn, hoặc dùng late thay cover."
        )
    if not contact_of(occasion.edition, occasion.settings):
        yield (
            "Công văn không có đầu mối liên hệ. Hãy ghi contact, phone hoặc email ở phần [sender] "
            'của khreport.toml rồi viết lại, ví dụ contact = "Phòng Tổng hợp".'
        )


def _refuse_day(kind: LetterKind, edition: Edition, today: dt.date, last: dt.date) -> None:
    due = tell_due(edition.period.due, last)
    if kind == "late" and today <= last:
        raise CampaignError(
            f"Chưa quá thời hạn gửi báo cáo, ngày {due}. Công văn nhắc trước hạn: dùng remind."
        )
    if kind == "remind" and today > last:
        raise CampaignError(f"Đã quá thời hạn gửi báo cáo, ngày {due}. Hãy dùng late thay remind.")


def _nobody(edition: Edition, named: Sequence[str]) -> str:
    if not named:
        return "Tất cả các cơ quan đã có bản nộp đạt, nên không có cơ quan nào để viết công văn."
    names = join_and([edition.plan.agency[key].name for key in named])
    return f"{names} đã có bản nộp đạt, nên không cần công văn này."
