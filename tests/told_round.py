"""Made-up ledgers of a round of three agencies."""

from __future__ import annotations

import datetime as dt

from mini_round import small_edition

from khreport.campaign import LateBy
from khreport.edges.ledger import (
    Event,
)
from khreport.status import AgencyStatus, Status
from khreport.verbs.status import make_status

AFTER = dt.date(2024, 12, 20)
BEFORE = dt.date(2024, 12, 9)
TALLY = {"asked": 0, "answered": 0, "secret": 0, "errors": 0}


class Told:
    """Events of a made-up ledger, in order: `Told().letter("sxd").returned("sxd", 10)`."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def enter(self, kind: str, agency: str, submission: str = "", /, **detail: object) -> Told:
        self.events.append(
            Event(
                id=len(self.events) + 1,
                at=dt.datetime(2024, 11, 20, 8, tzinfo=dt.UTC),
                kind=kind,  # type: ignore[arg-type]
                agency=agency,
                submission=submission,
                detail=detail,
                who="",
            )
        )
        return self

    def letter(self, agency: str, kind: str = "sent") -> Told:
        bounced = kind == "refused"
        refused = {f"{agency}@dot.example": "550 Unknown"} if bounced else {}
        to = [f"{agency}@dot.example"]
        return self.enter(kind, agency, letter="form", to=to, refused=refused, bounced=bounced)

    def returned(
        self, agency: str, day: int, errors: int = 0, forms: dict[str, dict[str, int]] | None = None
    ) -> Told:
        """A return that came on a day of December, checked with that result."""
        name = f"{agency}-{day}"
        self.enter("received", "", name, file=f"{name}.xlsx", came=f"2024-12-{day:02}T09:00:00")
        detail: dict[str, object] = {"file": f"{name}.xlsx", "errors": errors}
        if forms is not None:
            detail["forms"] = {
                form.key: TALLY | forms.get(form.key, {}) for form in small_edition().forms
            }
        self.enter("checked", agency, name, **detail)
        return self.enter("rejected" if errors else "accepted", agency, name, **detail)

    def paper(self, agency: str, came: str, **more: str) -> Told:
        usual: dict[str, object] = {"number": "", "date": None, "signer": ""}
        detail = usual | {"file": "", "digest": ""} | more
        return self.enter("paper", agency, came=came, **detail)

    def status(
        self, today: dt.date = AFTER, late_by: LateBy = "file", last: dt.date | None = None
    ) -> Status:
        return make_status(small_edition(), self.events, today, late_by, last)


def of(status: Status, agency: str) -> AgencyStatus:
    return next(each for each in status.agencies if each.agency == agency)


def forms(status: Status, agency: str) -> dict[str, str]:
    return {form.form: form.words for form in of(status, agency).forms}


FULL = {
    "BIA": {"answered": 5},
    "PL2": {"asked": 4, "answered": 4, "secret": 1},
    "VB": {"answered": 2},
}


def whole_round() -> Told:
    """Sở Xây dựng is done but late, Sở Du lịch has three faults, Sở Tài chính is silent."""
    faulty = FULL | {"PL1": {"asked": 1, "answered": 1, "secret": 1}, "CT": {"errors": 3}}
    return (
        Told()
        .letter("sxd")
        .letter("sdl")
        .letter("stc")
        .returned("sxd", 16, forms=FULL)
        .paper("sxd", "2024-12-17", number="12/BC-SXD", date="2024-12-15")
        .returned("sdl", 12, errors=3, forms=faulty)
        .enter("received", "", "x", file="ảnh.pdf", came="2024-12-12T09:00:00")
        .enter("checked", "", "x", file="ảnh.pdf", errors=1)
    )
