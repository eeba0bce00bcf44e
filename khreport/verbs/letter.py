"""``khreport letter``: the official letters (công văn) of a round, as Word documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import msgspec

from khreport.campaign import Campaign
from khreport.compose.letter import Addressed, Occasion, compose_letter
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
from khreport.verbs.report import write_kept
from khreport.verbs.standing import make_receipts
from khreport.verbs.take_in import accepted_submissions


class WrittenLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter's file and the agencies, by key, that it goes to.

    `kept` is where an earlier letter went that somebody had changed by hand.
    """

    path: Path
    agencies: tuple[str, ...]
    kept: Path | None = None


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

    Raises:
        CampaignError: no templates were written yet, no such agency, nobody to write to, or
            the letter is not one for that day.
        KhreportError: the letter is open in another program.

    """
    edition, today = newest_edition(campaign), today or now().date()
    _refuse_day(kind, edition, today)
    everybody = [key for key in edition.asked if key != edition.plan.collector]
    wanted = [find_agency(called, edition.agencies) for called in agencies] or everybody
    with Ledger(campaign.ledger) as ledger:
        receipts = make_receipts(
            edition, ledger.events(), accepted_submissions(ledger), campaign.settings.dates.late_by
        )
    addressed = [
        Addressed(
            agency=key,
            file=workbook_name(edition, key),
            faulty=receipts[key].state == "faulty",
        )
        for key in dict.fromkeys(wanted)
        if kind == "cover" or receipts[key].state != "accepted"
    ]
    if not addressed:
        raise CampaignError(_nobody(edition, wanted if agencies else ()))
    texts = load_letters()
    occasion = Occasion(
        kind=kind, texts=texts, edition=edition, settings=campaign.settings, today=today
    )
    letter = compose_letter(occasion, addressed, draft=not final)
    name = f"cong-van-{getattr(texts.letters, kind).file}"
    if agencies:
        short = (edition.plan.agency[to.agency].abbreviation for to in addressed)
        name = file_name_part("-".join([name, *short]))
    path = campaign.drafts / f"{name}{'' if final else '-du-thao'}.docx"
    kept = write_kept(campaign, letter, path, "exported", final=final)
    return WrittenLetter(path=path, agencies=tuple(to.agency for to in addressed), kept=kept)


def _refuse_day(kind: LetterKind, edition: Edition, today: dt.date) -> None:
    due = format_date(edition.period.due)
    if kind == "late" and today <= edition.period.due:
        raise CampaignError(
            f"Chưa quá thời hạn gửi báo cáo (ngày {due}). Công văn nhắc trước hạn: dùng remind."
        )
    if kind == "remind" and today > edition.period.due:
        raise CampaignError(f"Đã quá thời hạn gửi báo cáo (ngày {due}). Hãy dùng late thay remind.")


def _nobody(edition: Edition, named: Sequence[str]) -> str:
    if not named:
        return "Tất cả các cơ quan đã có bản nộp đạt, nên không có cơ quan nào để viết công văn."
    names = join_and([edition.plan.agency[key].name for key in named])
    return f"{names} đã có bản nộp đạt, nên không cần công văn này."
