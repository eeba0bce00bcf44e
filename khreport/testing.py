"""For your own tests and scripts: a small campaign, and returns to it as agencies send them.

>>> import khreport
>>> from khreport.testing import fill_workbook, make_return, trial_campaign
>>> with trial_campaign("stp", "snv") as campaign:
...     good = make_return(campaign, "snv")
...     template = campaign.outgoing / "STP-qd1165-2024.xlsx"
...     faulty = fill_workbook(template, {("PL2", "PL2.I.1", "status"): "Xong"}, campaign.inbox)
...     result = khreport.check([campaign.folder])
>>> [(file.path.name, file.accepted) for file in result.files]
[('SNV-qd1165-2024.xlsx', True), ('STP-qd1165-2024.xlsx', False)]

Nothing here is meant for a real round: what `make_return` answers is made up, and the folder of
`trial_campaign` is gone afterwards.
"""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from khreport.campaign import Campaign
from khreport.demo.answers import Answers, make_answers
from khreport.demo.faults import spoil
from khreport.demo.fill import fill_template, read_keys
from khreport.edges.draw import draw_workbooks
from khreport.edges.folder import freeze_edition, newest_edition
from khreport.layout.workbook import workbook_name
from khreport.sheet import Value
from khreport.verbs.init import init_campaign
from khreport.verbs.templates import campaign_edition

__all__ = ["fill_workbook", "make_campaign", "make_return", "trial_campaign"]

Cell = tuple[str, str, str]
"""A cell by the keys of its form, row and column: ("PL2", "PL2.III.4", "status")."""


def make_campaign(
    folder: Path, *, plan: str = "qd1165", period: str = "2024", agencies: Iterable[str] = ()
) -> Campaign:
    """A campaign in a new folder, whose templates are written: for all agencies, or for some.

    Raises:
        CampaignError: the folder already holds one, or the plan does not cover the period.
        ValueError: an agency is not asked.

    """
    campaign = init_campaign(folder, plan, period)
    edition = campaign_edition(campaign)
    wanted = [*agencies] or [*edition.asked]
    for agency in wanted:
        _must_be_known("agency", agency, edition.asked)
    freeze_edition(campaign, edition)
    draw_workbooks(edition, wanted, campaign.outgoing, lambda _: None)
    return campaign


@contextmanager
def trial_campaign(*agencies: str) -> Iterator[Campaign]:
    """A campaign as :func:`make_campaign` makes it, in a folder that is gone after the block."""
    with tempfile.TemporaryDirectory() as place:
        yield make_campaign(Path(place, "dot-2024"), agencies=agencies)


def fill_workbook(path: Path, answers: Mapping[Cell, Value], to: Path | None = None) -> Path:
    """The workbook with what was typed into its cells; they are named by keys, not by places.

    Values are as an officer types them: the words of a drop-down, numbers, days, texts. `to` is
    the file to write, or the folder for one of the same name; without it `path` is changed.

    Raises:
        ValueError: the workbook has no such form, row or column.

    """
    keys = read_keys(path)
    by_form: Answers = {}
    for (form, row, column), value in answers.items():
        _must_be_known("form", form, keys)
        _must_be_known("row", row, keys[form].rows)
        _must_be_known("column", column, keys[form].columns)
        by_form.setdefault(form, {})[row, column] = value
    target = path if to is None else to / path.name if to.is_dir() else to
    fill_template(path, by_form, target)
    return target


def make_return(
    campaign: Campaign, agency: str, *, faults: int = 0, name: str = "", seed: int = 1
) -> Path:
    """A return in the campaign's inbox: made-up answers that pass, or so many faults in them.

    The same seed gives the same answers. The agency's template must have been written.

    Raises:
        ValueError: the agency is not asked.

    """
    edition = newest_edition(campaign)
    _must_be_known("agency", agency, edition.asked)
    answers = make_answers(edition, agency, seed)
    if faults:
        answers, _ = spoil(answers, edition, agency, seed, faults=faults)
    template = campaign.outgoing / workbook_name(edition, agency)
    path = campaign.inbox / (name or template.name)
    fill_template(template, answers, path)
    return path


def _must_be_known(what: str, key: str, known: Iterable[str]) -> None:
    known = sorted(known)
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1)
        raise ValueError(f"no {what} {key!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
