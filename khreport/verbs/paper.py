"""``khreport paper``: the signed paper that follows a workbook, recorded with its agency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import msgspec

from khreport.campaign import Campaign
from khreport.contacts import find_agency
from khreport.edges.folder import newest_edition
from khreport.edges.ledger import Event, Ledger, now, user
from khreport.edges.store import store_file
from khreport.errors import CampaignError
from khreport.status import Paper
from khreport.text import clean


def take_paper(  # noqa: PLR0913 - a paper has these parts
    campaign: Campaign,
    called: str,
    *,
    number: str,
    date: dt.date | None = None,
    signer: str = "",
    came: dt.date | None = None,
    file: Path | None = None,
) -> tuple[str, bool]:
    """The key of the agency whose paper it is, and whether it was not recorded before.

    `came` is the day on which it arrived, today where it is not given. The file is kept.

    Raises:
        CampaignError: no asked agency is called so, or the paper's data cannot be.

    """
    edition = newest_edition(campaign)
    agency = find_agency(called, edition.agencies)
    came = came or now().date()
    if not clean(number):
        raise CampaignError("Số văn bản đang trống. Hãy ghi số, ký hiệu, ví dụ --number 12/BC-STP.")
    if date and date > came:
        raise CampaignError(
            f"Ngày văn bản {date:%d/%m/%Y} sau ngày đến {came:%d/%m/%Y}. "
            "Hãy xem lại --date và --received, ví dụ --date 10/12/2024."
        )
    if file is not None and not file.is_file():
        raise CampaignError(f"Không có tệp “{file}”. Hãy kiểm tra lại đường dẫn.")
    paper = Paper(number=clean(number), date=date, came=came, signer=clean(signer))
    with Ledger(campaign.ledger) as ledger, ledger.together():
        return agency, record_paper(ledger, campaign, agency, paper, file)


def record_paper(
    ledger: Ledger, campaign: Campaign, agency: str, paper: Paper, file: Path | None = None
) -> bool:
    """Whether the paper is new to the ledger, which holds it afterwards; a file of it is stored.

    It goes with the agency's latest return, if there is one. A paper is known by its number
    or, where it has none, by its content.
    """
    if file is not None:
        digest = store_file(campaign.state / "store", file)
        paper = msgspec.structs.replace(paper, file=file.name, digest=digest)
    known = [read_paper(event) for event in ledger.events("paper", agency)]
    if any(_is_same(paper, each) for each in known):
        return False
    latest = [event.submission for event in ledger.events("checked", agency)][-1:]
    ledger.append(
        "paper", agency, latest[0] if latest else "", msgspec.to_builtins(paper), now(), user()
    )
    return True


def _is_same(paper: Paper, known: Paper) -> bool:
    if paper.digest and paper.digest == known.digest:
        return True
    # typed in first, scanned later: the file is news
    return (paper.number, paper.date) == (known.number, known.date) and not paper.digest


def read_paper(event: Event) -> Paper:
    """The paper that an event of the ledger records."""
    return msgspec.convert(event.detail, Paper)


def merge_papers(papers: Iterable[Paper]) -> Paper | None:
    """What is known of an agency's paper: what was said of it last, since the day of the first."""
    known: Paper | None = None
    for paper in papers:
        if known is None:
            known = paper
            continue
        said = {name: value for name, value in msgspec.structs.asdict(paper).items() if value}
        first = min(known.came, paper.came)
        known = msgspec.structs.replace(known, **said | {"came": first})
    return known
