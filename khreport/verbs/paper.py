"""``khreport paper``: the signed paper that follows a workbook, recorded with its agency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import msgspec

from khreport.agencies import Agency
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

    >>> import khreport
    >>> from khreport.testing import trial_campaign
    >>> with trial_campaign("stp") as campaign:
    ...     khreport.paper(campaign, "Sở Tư pháp", number="12/BC-STP")
    ('stp', True)

    Raises:
        CampaignError: no asked agency is called so, or the paper's data cannot be.

    """
    edition = newest_edition(campaign)
    agency = find_agency(called, edition.agencies)
    came = came or now().date()
    if not clean(number):
        raise CampaignError("Số văn bản đang trống. Hãy ghi số, ký hiệu, ví dụ --number 12/BC-STP.")
    paper = Paper(number=clean(number), date=date, came=came, signer=clean(signer))
    _doubt_days(paper)
    _there(file)
    with Ledger(campaign.ledger) as ledger, ledger.together():
        return agency, record_paper(ledger, campaign, agency, paper, file)


def correct_paper(  # noqa: PLR0913 - a paper has these parts
    campaign: Campaign,
    called: str,
    wrong: str,
    *,
    number: str = "",
    date: dt.date | None = None,
    signer: str = "",
    came: dt.date | None = None,
    file: Path | None = None,
) -> str:
    """The key of the agency whose paper, recorded as `wrong`, is recorded anew.

    What is not given stays as it was. `wrong` is its number or, where it has none, its file's
    name. The ledger keeps both; the last word counts.

    Raises:
        CampaignError: no asked agency, or no paper of it, is called so, or its data cannot be.

    """
    edition = newest_edition(campaign)
    agency = find_agency(called, edition.agencies)
    with Ledger(campaign.ledger) as ledger, ledger.together():
        found = _find_papers(ledger, edition.plan.agency[agency], wrong)
        before = merge_papers(found) or found[-1]
        paper = Paper(
            number=clean(number) or before.number,
            date=date or before.date,
            came=came or before.came,
            signer=clean(signer) or before.signer,
            file=before.file,
            digest=before.digest,
        )
        _doubt_days(paper)
        for each in found:
            _withdraw(ledger, agency, each, "ghi lại cho đúng")
        _enter_paper(ledger, agency, _with_file(campaign, paper, _there(file)))
    return agency


def withdraw_paper(campaign: Campaign, called: str, wrong: str, reason: str) -> str:
    """The key of the agency whose paper counts no more; the ledger keeps it, and says why.

    Raises:
        CampaignError: no asked agency, or no paper of it, is called so, or no reason is given.

    """
    edition = newest_edition(campaign)
    agency = find_agency(called, edition.agencies)
    if not clean(reason):
        raise CampaignError(
            "Chưa ghi lý do rút văn bản. Hãy ghi, ví dụ --reason “Ghi nhầm cơ quan”."
        )
    with Ledger(campaign.ledger) as ledger, ledger.together():
        for paper in _find_papers(ledger, edition.plan.agency[agency], wrong):
            _withdraw(ledger, agency, paper, clean(reason))
    return agency


def _alike(paper: Paper, known: Iterable[Paper]) -> list[Paper]:
    """The papers that have the number or the content of this one, or of one that has."""
    rest, found, names = list(dict.fromkeys(known)), list[Paper](), _marks(paper)
    while more := [each for each in rest if _marks(each) & names]:
        found += more
        rest = [each for each in rest if each not in more]
        names = names.union(*map(_marks, more))
    return found


def _marks(paper: Paper) -> frozenset[str]:
    return frozenset({paper.number.casefold(), paper.digest} - {""})


def _withdraw(ledger: Ledger, agency: str, paper: Paper, reason: str) -> None:
    detail = msgspec.to_builtins(paper) | {"reason": reason}
    ledger.append("withdrawn", agency, "", detail, now(), user())


def _find_papers(ledger: Ledger, agency: Agency, called: str) -> list[Paper]:
    """The paper of an agency that counts and has this number, or this file's name.

    It is there several times where it was typed in and scanned.
    """
    known = [read_paper(event) for event in valid_papers(ledger.events(agency=agency.key))]
    wanted = clean(called).casefold()
    for paper in reversed(known):
        if wanted in {paper.number.casefold(), paper.file.rpartition("/")[2].casefold()} - {""}:
            return _alike(paper, known)
    if not known:
        raise CampaignError(f"Chưa ghi nhận văn bản nào của {agency.name}.")
    names = "; ".join(dict.fromkeys(paper.number or paper.file for paper in known))
    raise CampaignError(f"{agency.name} không có văn bản “{called}”. Đã ghi nhận: {names}.")


def valid_papers(events: Iterable[Event]) -> list[Event]:
    """The papers that were recorded and not withdrawn, in order."""
    valid: list[Event] = []
    for event in events:
        if event.kind == "paper":
            valid.append(event)
        elif event.kind == "withdrawn":
            gone = _identity(event)
            valid = [
                each for each in valid if (each.agency, *_identity(each)) != (event.agency, *gone)
            ]
    return valid


def _identity(event: Event) -> tuple[object, ...]:
    return tuple(event.detail.get(name) for name in ("number", "date", "signer", "came", "digest"))


def _doubt_days(paper: Paper) -> None:
    if paper.date and paper.date > paper.came:
        raise CampaignError(
            f"Ngày văn bản {paper.date:%d/%m/%Y} sau ngày đến {paper.came:%d/%m/%Y}. "
            "Hãy xem lại --date và --received, ví dụ --date 10/12/2024."
        )


def _there(file: Path | None) -> Path | None:
    if file is not None and not file.is_file():
        raise CampaignError(f"Không có tệp “{file}”. Hãy kiểm tra lại đường dẫn.")
    return file


def record_paper(
    ledger: Ledger, campaign: Campaign, agency: str, paper: Paper, file: Path | None = None
) -> bool:
    """Whether the paper is new to the ledger, which holds it afterwards; a file of it is stored.

    A paper is known by its number or its content; what else is told of it may be new.
    """
    paper = _with_file(campaign, paper, file)
    known = [read_paper(event) for event in valid_papers(ledger.events(agency=agency))]
    if any(_is_same(paper, each) for each in known):
        return False
    _enter_paper(ledger, agency, paper)
    return True


def _with_file(campaign: Campaign, paper: Paper, file: Path | None) -> Paper:
    """The paper with its file, if there is one, which is stored."""
    if file is None:
        return paper
    digest = store_file(campaign.state / "store", file)
    return msgspec.structs.replace(paper, file=file.name, digest=digest)


def _enter_paper(ledger: Ledger, agency: str, paper: Paper) -> None:
    """Nothing; the ledger holds the paper, with the agency's latest return if there is one."""
    latest = [event.submission for event in ledger.events("checked", agency)][-1:]
    ledger.append(
        "paper", agency, latest[0] if latest else "", msgspec.to_builtins(paper), now(), user()
    )


def _is_same(paper: Paper, known: Paper) -> bool:
    """Whether a paper is one that is known, and nothing is told of it that is not."""
    number = paper.number.casefold()
    named = bool(number) and number == known.number.casefold()
    scanned = bool(paper.digest) and paper.digest == known.digest
    # typed in first and scanned later, or the other way round
    news = (
        number not in ("", known.number.casefold()),
        paper.date not in (None, known.date),
        paper.signer not in ("", known.signer),
        paper.digest not in ("", known.digest),
    )
    return (named or scanned) and not any(news)


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
