"""``khreport templates``: one workbook for each agency that is asked."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from khreport.assign import make_edition, tell_undecided
from khreport.campaign import Campaign, Settings
from khreport.edges.draw import TOLD, draw_workbooks
from khreport.edges.folder import freeze_edition, own_cards
from khreport.edges.shipped import (
    load_forms,
    load_period_rules,
    load_plan,
    load_register,
    load_rules,
    load_working_days,
    replace_cards,
)
from khreport.edges.store import make_folder, move_file
from khreport.edition import Edition
from khreport.errors import KhreportError, UndecidedError
from khreport.layout.workbook import workbook_name
from khreport.merge.inherit import inherit_answers
from khreport.parse.odd_settings import odd_settings
from khreport.period_words import words_of
from khreport.periods import read_key
from khreport.plan import Plan
from khreport.previous import Previous
from khreport.succession import Register
from khreport.text import file_name_part
from khreport.verbs.own_agencies import campaign_register, write_own_agencies
from khreport.verbs.previous import read_previous, sent_previous
from khreport.verbs.progress import Progress, be_silent

NO_LONGER_ASKED = "khong-con-dung"
"""The folder, in that of the workbooks, for those of agencies that are no longer asked."""


class Templates(msgspec.Struct, frozen=True, kw_only=True):
    """What was written: the edition, the file of each agency asked, and who was not asked.

    `moved` are workbooks of agencies that were asked before and are no longer, now in a folder
    of their own; `warnings` say which settings are odd.
    """

    edition: Edition
    files: dict[str, Path]
    not_asked: tuple[str, ...]
    moved: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()


def shipped_edition(
    settings: Settings,
    plan: Plan | None = None,
    previous: Previous | None = None,
    register: Register | None = None,
) -> Edition:
    """The edition that settings make of the plan, forms, rules and register as they are now."""
    plan = plan or load_plan(settings.plan)
    words = words_of(read_key(settings.period))
    forms = load_forms(with_previous=previous is not None, with_scope=True, words=words)
    edition = make_edition(
        plan,
        settings,
        forms,
        load_rules(forms, words),
        register or load_register(settings.plan, plan),
    )
    return msgspec.structs.replace(edition, previous=previous)


def campaign_edition(campaign: Campaign, previous: Path | None = None) -> Edition:
    """The edition of a campaign as it is now, with its own rule cards and its own bodies.

    `previous` is the folder of an earlier campaign; without it, forms that went out with what
    an earlier period was told keep it.
    """
    plan = load_plan(campaign.settings.plan)
    register = campaign_register(campaign, plan)
    make = partial(shipped_edition, campaign.settings, plan, register=register)
    told = read_previous(previous, make()) if previous else sent_previous(campaign)
    edition = make(previous=told)
    if told is not None:
        inherited = inherit_answers(told, edition)
        if inherited is not told:
            edition = msgspec.structs.replace(edition, previous=inherited, told=told)
    own = own_cards(campaign, edition.forms)
    return msgspec.structs.replace(edition, rules=replace_cards(edition.rules, own))


def write_templates(
    campaign: Campaign, progress: Progress = be_silent, *, previous: Path | None = None
) -> Templates:
    """Write the workbook of every agency into the campaign's folder and freeze their edition.

    Written by two processes; running it again writes the same files. Workbooks of agencies
    that are no longer asked are moved aside, so that nobody sends them. With the folder of an
    earlier campaign as `previous`, what agencies said then stands beside what they are asked,
    and what they had completed stands closed; another run keeps that.

    >>> import tempfile, khreport
    >>> with tempfile.TemporaryDirectory() as place:
    ...     campaign = khreport.init(Path(place, "dot-2024"), "qd1165", "2024")
    ...     templates = khreport.templates(campaign)
    >>> len(templates.files), templates.files["stp"].name
    (34, 'STP-qd1165-2024.xlsx')

    Raises:
        CampaignError: `previous` is no earlier campaign of this plan that was consolidated.
        UndecidedError: rows have lost their bodies; the file in which the officer says who
            answers them is in the folder now.
        KhreportError: a file is open in another program, or the settings cannot be used.

    """
    edition = campaign_edition(campaign, previous)
    if edition.undecided:
        write_own_agencies(campaign, edition)
        raise UndecidedError(tell_undecided(edition))
    frozen = freeze_edition(campaign, edition)
    agencies = [agency.key for agency in edition.agencies]
    half = len(agencies) // 2
    report = _counting(progress, len(agencies))
    helper = _draw_elsewhere(frozen, campaign.outgoing, agencies[:half])
    try:
        draw_workbooks(edition, agencies[half:], campaign.outgoing, report)
        fault = _wait_for(helper, report)
    finally:
        helper.kill()
        helper.wait()
        for pipe in (helper.stdout, helper.stderr):
            if pipe:
                pipe.close()
    if fault:
        raise KhreportError(fault)
    return Templates(
        edition=edition,
        files={key: campaign.outgoing / workbook_name(edition, key) for key in agencies},
        not_asked=tuple(
            agency.key
            for agency in edition.plan.agencies
            if agency.answers and agency.valid_to is None and agency.key not in edition.asked
        ),
        moved=tuple(_move_aside(campaign.outgoing, edition)),
        warnings=(
            *odd_settings(
                campaign.settings, edition.plan, load_working_days(), load_period_rules()
            ),
            *_tell_assumed(campaign, edition),
        ),
    )


def _tell_assumed(campaign: Campaign, edition: Edition) -> Iterator[str]:
    bodies = {h.of for h in edition.handovers if h.assumed and h.of in edition.plan.agency}
    if bodies:
        yield (
            f"Việc sắp xếp {len(bodies)} cơ quan cần xác nhận. Xem cơ quan nào và cách ghi bằng "
            f"lệnh: khreport agencies check {campaign.folder}"
        )


def _move_aside(folder: Path, edition: Edition) -> Iterator[Path]:
    """The round's workbooks that were written for others than are asked now, moved aside."""
    names = {workbook_name(edition, key) for key in edition.asked}
    ending = re.escape(file_name_part(f"{edition.plan.key}_{edition.period.key}"))
    for path in sorted(folder.glob("*.xlsx")):
        if path.name not in names and re.fullmatch(rf"[\w-]+-{ending}\.xlsx", path.name):
            aside = folder / NO_LONGER_ASKED / path.name
            make_folder(aside.parent)
            move_file(path, aside)
            yield aside


def _counting(progress: Progress, total: int) -> Callable[[str], None]:
    done = 0

    def count(name: str) -> None:
        nonlocal done
        done += 1
        progress(done, total, name)

    return count


def _draw_elsewhere(frozen: Path, folder: Path, agencies: Sequence[str]) -> subprocess.Popen[str]:
    # a fresh interpreter, not a fork: polars and the caller's notebook stay out of it
    return subprocess.Popen(  # noqa: S603 - our own module, with paths as arguments
        # -P: a folder named khreport where the officer works is not the program
        [sys.executable, "-P", "-m", "khreport.edges.draw", str(frozen), str(folder), *agencies],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def _wait_for(helper: subprocess.Popen[str], report: Callable[[str], None]) -> str:
    """The fault that the other process met, in words; empty if it finished."""
    for line in helper.stdout or ():
        report(line.strip())
    errors = helper.stderr.read().strip() if helper.stderr else ""
    code = helper.wait()
    if code not in (0, TOLD):
        raise KhreportError(
            "Phần ghi biểu mẫu đã dừng giữa chừng (có thể do máy hết bộ nhớ). "
            "Hãy đóng bớt chương trình rồi chạy lại."
        ) from RuntimeError(f"exit code {code}: {errors}")
    return errors if code else ""
