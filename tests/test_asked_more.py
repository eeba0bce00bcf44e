"""Who was accepted by a form that asked less than the present one gets the new form."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from todays_round import TO_COMMUNES, edition_of

from khreport.edges.ledger import Event
from khreport.verbs.asked_more import list_asked_more

FIRST = TO_COMMUNES.replace("@xa-khanh-hoa-cu", "snv")


def event(kind: Any, agency: str, **detail: str) -> Event:  # noqa: ANN401 - of a closed list
    return Event(
        id=1,
        at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC),
        who="x",
        kind=kind,
        agency=agency,
        submission=f"cua-{agency}",
        detail=detail,
    )


def accepted(agency: str, digest: str) -> list[Event]:
    return [event("checked", agency, edition=digest), event("accepted", agency)]


def test_an_agency_that_a_changed_decision_gives_a_row_is_asked_more() -> None:
    first = edition_of("2026", FIRST)
    now = edition_of("2026", FIRST.replace('["skhcn"]', '["svhttdl"]'))
    frozen = {each.digest: each for each in (first, now)}
    events = [e for key in ("skhcn", "svhttdl", "stp") for e in accepted(key, first.digest)]
    rows = [q for q in now.asked["svhttdl"] if q.parent == "PL2.V.6"]
    assert rows
    assert list_asked_more(now, lambda: frozen, events) == {"svhttdl": len(rows)}
    again = [*events, *accepted("svhttdl", now.digest)]
    assert list_asked_more(now, lambda: frozen, again) == {}


@pytest.mark.parametrize("digest", ["", "khong-co"])
def test_a_return_of_a_form_that_nobody_knows_is_left_as_it_is(digest: str) -> None:
    edition = edition_of("2026", FIRST)
    assert list_asked_more(edition, dict, accepted("skhcn", digest)) == {}
