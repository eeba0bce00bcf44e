"""Verbs that are killed at random points: nothing lost, nothing sent twice, the ledger whole."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from killed_verbs import ONCE_OVERDUE, VERBS
from mail_round import list_contacts, mailed, no_wait, with_server
from mail_server import Postbox, Server, parse
from mailed_returns import disposition, letter, part

import khreport
from khreport.campaign import Campaign
from khreport.edges.folder import open_campaign
from khreport.edges.ledger import Event, Ledger
from khreport.edges.ledger_files import journal_events
from khreport.testing import make_campaign, make_return
from khreport.verbs.post import CUT_OFF, Outcome

HELPER = Path(__file__).with_name("killed_verbs.py")
KILLS, EACH = 100, 10
"""Kills that hit at least, all in all and of each verb."""
ROUNDS = 30
"""How many rounds there may be until so many kills have hit."""
TRIES = {"send": 8, "collect": 4, "reply": 7, "remind": 7}
"""How often each verb is begun and killed in a round, in the order of a round."""
KILLED = -9
SEED = 2412
GOOD = ("nhnn", "bqldapt")
FAULTY = ("congan", "bchqs")
BY_MAIL = "stp"
SILENT = ("vpubnd", "sngv")
COPY = "nop lai (1).xlsx"
LISTED = (*GOOD, *FAULTY, BY_MAIL, *SILENT)
RETURNS = 6
"""Workbooks in the inbox with content of their own: of the faulty, one agency mends its own."""


class Prepared:
    """The process in which verbs are run and killed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HELPER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=HELPER.parent,
        )

    def run(self, verb: str, campaign: Campaign, seconds: float | None = None) -> tuple[int, float]:
        """How the verb ended, and how long it ran."""
        asked = {"verb": verb, "folder": str(campaign.folder), "seconds": seconds}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        ended, took = json.loads(self._process.stdout.readline())
        return ended, took

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def prepared() -> Iterator[Prepared]:
    process = Prepared()
    yield process
    process.close()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign with returns of five agencies in its inbox, for each round to copy."""
    campaign = make_campaign(tmp_path_factory.mktemp("bi-ngat") / "dot", agencies=LISTED)
    first, _ = (make_return(campaign, agency) for agency in GOOD)
    for agency in FAULTY:
        make_return(campaign, agency, faults=2)
    make_return(campaign, FAULTY[0], name="da-sua.xlsx")
    own = make_return(campaign, BY_MAIL, name="../nhap.xlsx")
    attached = part(own.read_bytes(), disposition('filename="bieu.xlsx"'))
    (campaign.inbox / "thu.eml").write_bytes(letter(attached, sender=mailed(BY_MAIL)))
    own.unlink()
    shutil.copy(first, campaign.inbox / COPY)
    list_contacts(campaign, LISTED)
    return campaign.folder


def rows(campaign: Campaign) -> list[Any]:
    """Every line of the ledger, whose file is whole."""
    with closing(sqlite3.connect(campaign.ledger)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.execute("SELECT * FROM event ORDER BY id").fetchall()


def events(campaign: Campaign, kind: str) -> list[Event]:
    with Ledger(campaign.ledger) as ledger:
        return [event for event in ledger.events() if event.kind == kind]


def stored(campaign: Campaign) -> dict[str, Path]:
    """Every file of the store under its name, which is that of its content."""
    found = (campaign.state / "store").rglob("*")
    # one that was being written has a hidden name and is nobody's
    kept = {path.name: path for path in found if path.is_file() and path.name[0] != "."}
    for name, path in kept.items():
        assert sha256(path.read_bytes()).hexdigest() == name
    return kept


def letters(postbox: Postbox) -> Counter[str]:
    """How many copies of each letter the server was given, by Message-ID."""
    return Counter(parse(data)["Message-ID"] for _, data in postbox.arrived)


def only_once(outcomes: tuple[Outcome, ...], came: Counter[str]) -> None:
    """Each letter came once; of one that nobody knows of that is said, and it may not have."""
    for outcome in outcomes:
        copies = came[outcome.message_id]
        if outcome.state == "unsure":
            assert outcome.reason == CUT_OFF
            assert copies <= 1
        else:
            assert (outcome.state, copies) == ("before", 1)


@pytest.fixture(scope="module")
def duration(
    prepared: Prepared, model: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, float]:
    """How long each verb takes on this machine when nobody kills it, in seconds."""
    with Server(slow_postbox()) as server:
        place = tmp_path_factory.mktemp("tron-ven") / "dot"
        campaign = with_server(open_campaign(shutil.copytree(model, place)), server.port)
        took = {verb: prepared.run(verb, campaign) for verb in TRIES}
    assert {ended for ended, _ in took.values()} == {0}
    return {verb: seconds for verb, (_, seconds) in took.items()}


def slow_postbox() -> Postbox:
    """A server that takes as long over a letter as servers do, or nearly."""
    postbox = Postbox()

    def consider(_: int) -> bool:
        time.sleep(0.01)
        return False

    postbox.before_answer = consider
    return postbox


def test_a_hundred_kills_lose_nothing_and_send_nothing_twice(
    prepared: Prepared, model: Path, duration: dict[str, float], tmp_path: Path
) -> None:
    assert TRIES.keys() == VERBS.keys()
    dice = random.Random(SEED)  # noqa: S311 - the moments of the kills, no secrets
    hits: Counter[str] = Counter()
    unsure = 0
    for number in range(ROUNDS):
        postbox = slow_postbox()
        with Server(postbox) as server:
            folder = shutil.copytree(model, tmp_path / f"dot-{number}")
            campaign = with_server(open_campaign(folder), server.port)
            before = rows(campaign)
            for verb, tries in TRIES.items():
                for _ in range(tries):
                    ended, _ = prepared.run(verb, campaign, dice.uniform(0, duration[verb]))
                    assert ended in (0, KILLED)
                    hits[verb] += ended == KILLED
                    after = rows(campaign)
                    assert after[: len(before)] == before, "the ledger only grows"
                    told = [event.id for event in journal_events(campaign.ledger)]
                    assert told == [row[0] for row in after][: len(told)], "nor is ahead"
                    before = after
                assert prepared.run(verb, campaign)[0] == 0
            nothing_is_lost(campaign)
            unsure += nothing_went_twice(campaign, postbox)
        shutil.rmtree(folder)
        if hits.total() >= KILLS and min(hits.values()) >= EACH:
            break
    assert hits.total() >= KILLS
    assert min(hits[verb] for verb in TRIES) >= EACH
    # some hit a letter on its way, or the kills came too early to try anything
    assert unsure


def nothing_is_lost(campaign: Campaign) -> None:
    """Every return is stored, judged once and stands where it belongs."""
    with Ledger(campaign.ledger) as ledger:
        assert journal_events(campaign.ledger) == ledger.events()
    kept = stored(campaign)
    received = [event.submission for event in events(campaign, "received")]
    assert len(received) == len(set(received)) == RETURNS
    assert set(received) <= kept.keys()
    for kind in ("checked", "accepted", "rejected"):
        judged = [event.submission for event in events(campaign, kind)]
        assert len(judged) == len(set(judged)), kind
    assert {event.submission for event in events(campaign, "checked")} == set(received)
    inbox = [path for path in campaign.inbox.iterdir() if path.suffix == ".xlsx"]
    assert {sha256(path.read_bytes()).hexdigest() for path in inbox} <= set(received)
    assert [event.detail["file"] for event in events(campaign, "duplicate")] == [COPY]
    accepted = {event.agency for event in events(campaign, "accepted")}
    assert accepted == {*GOOD, FAULTY[0], BY_MAIL}
    rejected = [event for event in events(campaign, "checked") if event.detail["errors"]]
    assert {event.agency for event in rejected} == set(FAULTY)
    assert all((campaign.folder / event.detail["correction"]).is_file() for event in rejected)
    consolidation = khreport.consolidate(campaign).consolidation
    states = dict(consolidation.agencies.select("agency", "state").iter_rows())
    assert {agency for agency, state in states.items() if state == "accepted"} == accepted


def nothing_went_twice(campaign: Campaign, postbox: Postbox) -> int:
    """Of how many letters nobody knows whether they went."""
    came = letters(postbox)
    assert max(came.values()) == 1
    sent = khreport.send(campaign, wait=no_wait)
    assert {outcome.message.agency for outcome in sent.outcomes} == set(LISTED)
    reminded = khreport.remind(campaign, today=ONCE_OVERDUE, wait=no_wait)
    owing = {FAULTY[1], *SILENT}
    told = {agency: reminded.lacking.get(agency, "") for agency in owing}
    unsent = ("chưa gửi biểu", "chưa rõ đã gửi biểu hay chưa")
    hidden = {agency for agency, why in told.items() if any(words in why for words in unsent)}
    assert {o.message.agency for o in reminded.outcomes} == owing - hidden
    replied = khreport.reply(campaign, today=ONCE_OVERDUE, wait=no_wait)
    answered = {event.agency for event in events(campaign, "replied")}
    assert answered | {o.message.agency for o in replied.outcomes} == {*GOOD, *FAULTY, BY_MAIL}
    outcomes = (*sent.outcomes, *reminded.outcomes, *replied.outcomes)
    only_once(outcomes, came)
    # nothing more went while we asked
    assert letters(postbox) == came
    entered = [(e.submission, e.kind) for e in events(campaign, "replied")]
    assert len(entered) == len(set(entered))
    return sum(outcome.state == "unsure" for outcome in outcomes)
