"""Agencies that are asked more now than by the form that they answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from khreport.edges.ledger import Event
from khreport.edition import Edition


def list_asked_more(
    edition: Edition, read_frozen: Callable[[], Mapping[str, Edition]], events: Iterable[Event]
) -> dict[str, int]:
    """How many rows more each agency is asked than by the form of its accepted return.

    A return of which nobody knows the form, and what only coordinates, count for nothing. The
    editions are read only where a return was made by an older form.
    """
    checked: dict[str, str] = {}
    accepted: dict[str, str] = {}
    for event in events:
        if event.kind == "checked":
            checked[event.submission] = str(event.detail.get("edition", ""))
        elif event.kind == "accepted":
            accepted[event.agency] = event.submission
    forms = {agency: checked.get(submission, "") for agency, submission in accepted.items()}
    older = {agency: form for agency, form in forms.items() if form not in ("", edition.digest)}
    frozen = read_frozen() if older else {}
    more = {}
    for agency, form in older.items():
        answered = frozen.get(form)
        if answered is not None and agency in edition.asked:
            then = {(q.form, q.key) for q in answered.asked.get(agency, ())}
            new = [
                q
                for q in edition.asked[agency]
                if q.kind != "remark" and (q.form, q.key) not in then
            ]
            more[agency] = len(new)
    return {agency: count for agency, count in more.items() if count}
