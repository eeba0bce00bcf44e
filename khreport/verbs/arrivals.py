"""What is new in a campaign's inbox and among its letters: drawn out, stored, each with its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from khreport.agencies import Agency
from khreport.campaign import Campaign
from khreport.contacts import ContactList, fold_name, spellings_of
from khreport.dates import ZONE
from khreport.edges.ledger import Event, EventKind, now, user
from khreport.edges.reader import Reader
from khreport.edges.store import (
    content_digest,
    store_bytes,
    store_file,
    stored_path,
    verified_path,
)
from khreport.errors import ChangingFileError, KhreportError
from khreport.findings import Finding
from khreport.mails import Origin
from khreport.messages import finding
from khreport.read.identify import identify
from khreport.rules import Waiver
from khreport.verbs.closing import read_lock, was_released
from khreport.verbs.inbox import changed_at, refuse, returned_files, why_unreadable
from khreport.verbs.judge import Checked, Returned, display_name
from khreport.verbs.opening import PDF, Opened, Ours, container_kind, open_archive, open_letter

ABOUT_THE_SAME = dt.timedelta(minutes=1)
"""How much later a file may say that it was written, though nobody put it there anew."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came: where an officer finds it, its name there, its content's id, its day.

    `inside` is the SHA-256 of the letter or archive that it was in. Files of the same `group`
    came together. `since` is when the same content came first, if it came before.
    """

    path: Path
    name: str
    came: dt.datetime
    id: str
    inside: str = ""
    group: str = ""
    origin: Origin | None = None
    since: dt.datetime | None = None


class Container(msgspec.Struct, frozen=True, kw_only=True):
    """A letter or an archive that was opened: its name, the SHA-256 of its content, its day."""

    name: str
    id: str
    came: dt.datetime
    opened: Opened


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A return that came after its agency's round was closed: kept, and not judged yet."""

    agency: str
    id: str
    file: str


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A signed paper that came beside an agency's return, or from its own address."""

    agency: str
    item: Item


class Arrivals(msgspec.Struct, frozen=True, kw_only=True):
    """What is new: returns to be judged, by id, and files that cannot be; papers; what waits.

    Of the returns, `scans` may be signed papers of which nobody can tell whose they are.

    `again` is what came before already; `inside` says of each file in which letter or archive
    it was, by their ids; `notes` are on what came beside returns. `events` are what the ledger
    is to hold of all that.
    """

    items: dict[str, Item] = {}
    scans: set[str] = set()
    refused: list[Checked] = []
    papers: list[Paper] = []
    waiting: list[Waiting] = []
    again: list[Item] = []
    inside: list[tuple[str, str]] = []
    notes: list[Finding] = []
    opened: list[Container] = []
    events: list[Event] = []


def find_arrivals(  # noqa: PLR0913 - what a round knows of what may come
    campaign: Campaign,
    events: Sequence[Event],
    ours: Ours,
    contacts: ContactList | None,
    *,
    waivers: Iterable[Waiver] = (),
    agencies: Iterable[Agency] = (),
) -> Arrivals:
    """What came since the last time, by the events of the ledger, stored as it came.

    An agency's latest return that was rejected is among it again once a waiver was recorded
    that it was not judged by. By the names of `agencies` it is known whose a folder is.
    """
    with Reader(campaign.settings.limits) as reader:
        finder = _Finder(campaign, events, ours, contacts, reader)
        finder.name_folders(agencies)
        finder.reopen(waivers)
        for time, file in sorted((changed_at(f), f) for f in returned_files(campaign.inbox)):
            finder.look_at(file, dt.datetime.fromtimestamp(time, ZONE))
        finder.open_letters()
        finder.look_again()
        return finder.settle()


class _Finder:
    """What was found so far, and what the ledger knows of it."""

    def __init__(
        self,
        campaign: Campaign,
        events: Sequence[Event],
        ours: Ours,
        contacts: ContactList | None,
        reader: Reader,
    ) -> None:
        self.inbox, self.store = campaign.inbox, campaign.state / "store"
        self.limits, self.events, self.ours = campaign.settings.limits, events, ours
        self.contacts, self.reader = contacts, reader
        self.whose_folder: dict[str, str] = {}
        self.found, self.items = Arrivals(), list[Item]()
        self.lock = read_lock(events)
        self.containers = {e.submission: e for e in events if e.kind == "opened"}
        self.opened = set(self.containers)
        self.agencies = {e.submission: e.agency for e in events if e.kind == "checked"}
        self.received = {e.submission: e for e in events if e.kind == "received"}
        self.papers = {e.detail.get("digest") for e in events if e.kind == "paper"}
        self.names = {
            (e.submission, e.detail["file"]): dt.datetime.fromisoformat(e.detail["came"])
            for e in events
            if e.kind in ("received", "duplicate", "opened")
        }
        self.done = {e.submission: not e.detail.get("again") for e in events if e.kind == "checked"}
        self.reopened = set[str]()
        self.held = {
            e.submission: e for e in events if e.kind == "waiting" and e.submission not in self.done
        }
        for event in self.held.values():
            held = self.lock.holds(event.agency) and not was_released(event, events)
            self.done[event.submission] = held
            if held:
                self._hold(event.agency, event.submission, event.detail["file"])

    def name_folders(self, agencies: Iterable[Agency]) -> None:
        """Nothing; it is known whose a folder is that is called as one of these."""
        self.whose_folder = {fold_name(n): key for n, key in spellings_of(agencies).items()}

    def reopen(self, waivers: Iterable[Waiver]) -> None:
        """Nothing; what a new waiver may let pass counts as not judged yet."""
        latest = {e.agency: e for e in self.events if e.kind == "checked"}
        rejected = {e.submission for e in self.events if e.kind == "rejected"}
        for waiver in waivers:
            event = latest.get(waiver.agency)
            if event is None or event.submission not in rejected:
                continue
            if waiver.rule not in event.detail.get("waivers", ()):
                self.done[event.submission] = False
                self.reopened.add(event.submission)

    def look_at(self, file: Path, came: dt.datetime) -> None:
        """Nothing; the file of the inbox, or what is in it, is among the items, or is refused."""
        name = display_name(file, self.inbox)
        code = why_unreadable(file)
        digest = "" if code else content_digest(file)
        new = not (code or self.done.get(digest) or digest in self.opened | self.papers)
        try:
            if new:
                kind = container_kind(file, self.limits)
                digest = store_file(self.store, file)
                if kind:
                    self.open(kind, file, digest, name, came)
        except ChangingFileError:
            code = "file.changing"
        if code:
            self.found.refused.append(refuse(file, name, code))
        elif digest not in self.opened:
            group = "" if file.parent == self.inbox else f"{file.parent}"
            self.items.append(Item(path=file, name=name, came=came, id=digest, group=group))
        elif (digest, name) not in self.names:
            self._tell_again(Item(path=file, name=name, came=came, id=digest))

    def open_letters(self) -> None:
        """Nothing; what the fetched letters hold that were not opened yet is among the items."""
        for event in self.events:
            if event.kind == "fetched" and event.submission not in self.opened:
                name = event.detail["file"]
                try:
                    path = verified_path(self.store, event.submission)
                except KhreportError:
                    self._tell_lost(event.submission, name)
                    continue
                came = dt.datetime.fromisoformat(event.detail["came"])
                self.open("letter", path, event.submission, name, came)

    def open(self, kind: str, path: Path, id: str, name: str, came: dt.datetime) -> None:  # noqa: A002
        """Nothing; what is in a letter or an archive is among the items, and what is wrong told."""
        data = stored_path(self.store, id).read_bytes()
        if kind == "archive":
            opened = open_archive(data, self.limits)
        else:
            opened = open_letter(data, self.limits, self.ours)
        mail = opened.mail
        if mail and path.is_relative_to(self.inbox):
            # a copy that was saved by hand says itself when it came
            came = min(mail.came or mail.date or came, now())
        for file in (*opened.files, *opened.papers):
            origin = Origin.of(mail, id, file.senders) if mail else None
            digest = store_bytes(self.store, file.data)
            own = f"{name}/{file.name}"
            self.items.append(
                Item(path=path, name=own, came=came, id=digest, inside=id, group=id, origin=origin)
            )
        for part, code in opened.told:
            self.found.refused.append(refuse(path, f"{name}/{part}" if part else name, code))
        for part, code in opened.beside:
            self.found.notes.append(finding(code, file=f"{name}/{part}" if part else name))
        self.found.opened.append(Container(name=name, id=id, came=came, opened=opened))
        self.opened.add(id)
        self.names[id, name] = came
        detail = {
            "file": name, "came": came.isoformat(), "what": opened.what, "left": opened.left,
            "told": opened.told,
            "files": len(opened.files), "papers": len(opened.papers),
            "mail": Origin.of(mail, id, (mail.sender,)) if mail else None,
        }  # fmt: skip
        self._note("opened", "", id, msgspec.to_builtins(detail))

    def look_again(self) -> None:
        """Nothing; what waits no longer, and what was put off and is in no folder, is an item.

        What somebody took out of the inbox is, once other forms went out since.
        """
        there = {item.id for item in self.items}
        prepared = max((e.id for e in self.events if e.kind == "prepared"), default=0)
        outdated = {e.submission for e in self.events if e.kind == "checked" and e.id < prepared}
        outdated -= {e.submission for e in self.events if e.kind == "checked" and e.id > prepared}
        for id, done in self.done.items():  # noqa: A001 - as the field
            event = self.received.get(id)
            if done or id in there or event is None:
                continue
            again = id in self.held or id in self.reopened | outdated
            if again or event.detail.get("inside"):
                self.items.append(_item_of(event, stored_path(self.store, id)))

    def settle(self) -> Arrivals:
        """What was found, in the order in which it came: each a return, a paper, or waiting."""
        self.items.sort(key=lambda item: (item.came, item.path, item.name))
        for item in self.items:
            new = not self.done.get(item.id) and item.id not in self.found.items
            if item.inside:
                self.found.inside.append((item.id, item.inside))
            if item.id in self.papers:
                continue
            if self._take_paper(item, new=new):
                continue
            if not new:
                self._look_at_again(item)
                continue
            if not stored_path(self.store, item.id).is_file():
                self._tell_lost(item.id, item.name)
                continue
            if not item.inside and self._is_pdf(item):
                self.found.scans.add(item.id)
            if item.id not in self.received:
                self._enter("received", "", item)
            closed = self.lock.closed_at and item.id not in self.held
            agency = self._whose(item.id) if closed else ""
            if agency and self.lock.holds(agency, item.came):
                self._enter("waiting", agency, item)
                self._hold(agency, item.id, item.name)
                self.done[item.id] = True
            else:
                self.found.items[item.id] = item
        return self.found

    def _look_at_again(self, item: Item) -> None:
        """Nothing; what came before is told once if its name is new, or it was put there anew."""
        known = self.names.get((item.id, item.name))
        if known is None or item.came > known + ABOUT_THE_SAME:
            self._tell_again(item)

    def _tell_again(self, item: Item) -> None:
        """Nothing; it is told that the same content came before."""
        self._enter("duplicate", self.agencies.get(item.id, ""), item)
        before = self.received.get(item.id) or self.containers.get(item.id)
        since = dt.datetime.fromisoformat(before.detail["came"]) if before else None
        self.found.again.append(msgspec.structs.replace(item, since=since))

    def _hold(self, agency: str, id: str, file: str) -> None:  # noqa: A002 - as the field
        self.found.waiting.append(Waiting(agency=agency, id=id, file=file))

    def _tell_lost(self, id: str, name: str) -> None:  # noqa: A002 - as the field
        path = stored_path(self.store, id)
        self.found.refused.append(refuse(path, name, "file.lost"))

    def _whose(self, id: str) -> str:  # noqa: A002 - as the field
        """The agency that a workbook names; "" where it names none."""
        path = stored_path(self.store, id)
        # what was set aside as secret is not there any more
        if not self.agencies.get(id) and path.is_file():
            token = identify(self.reader.read(path))
            self.agencies[id] = token.agency if token else ""
        return self.agencies.get(id, "")

    def _take_paper(self, item: Item, *, new: bool) -> bool:
        """Whether it is a paper of which it is known whose it is."""
        # a scan that was told of may lie beside its workbook now
        paper = self._paper(item) if new or not self.agencies.get(item.id) else None
        if paper:
            self.papers.add(item.id)
            self.found.papers.append(paper)
        return paper is not None

    def _paper(self, item: Item) -> Paper | None:
        """The paper of the one agency whose it can be; None if it is none or could be others'."""
        if not item.group or not self._is_pdf(item):
            return None
        beside = {i.id for i in self.items if i.group == item.group and not self._is_pdf(i)}
        agencies = {self._whose(id) for id in beside} - {""}  # noqa: A001 - as the field
        if not item.inside:
            # a folder is no letter: papers of others may lie there
            agencies &= {self.whose_folder.get(fold_name(Path(item.group).name))}
        elif not agencies and self.contacts and item.origin:
            agencies = {a for s in item.origin.senders for a in self.contacts.agencies_of(s)}
        return Paper(agency=agencies.pop(), item=item) if len(agencies) == 1 else None

    def _is_pdf(self, item: Item) -> bool:
        path = stored_path(self.store, item.id)
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(PDF)) == PDF

    def _enter(self, kind: EventKind, agency: str, item: Item) -> None:
        self.names[item.id, item.name] = item.came
        detail = {"file": item.name, "came": item.came.isoformat()}
        if item.inside:
            detail |= {"inside": item.inside, "mail": msgspec.to_builtins(item.origin)}
        self._note(kind, agency, item.id, detail)

    def _note(self, kind: EventKind, agency: str, id: str, detail: dict[str, Any]) -> None:  # noqa: A002
        self.found.events.append(
            Event(
                id=len(self.events) + len(self.found.events) + 1,
                at=now(), kind=kind, agency=agency, submission=id, detail=detail, who=user(),
            )
        )  # fmt: skip


def _item_of(event: Event, path: Path) -> Item:
    """What was received before, as an item again."""
    detail = event.detail
    inside = detail.get("inside", "")
    return Item(
        path=path,
        name=detail["file"],
        came=dt.datetime.fromisoformat(detail["came"]),
        id=event.submission,
        inside=inside,
        group=inside,
        origin=msgspec.convert(detail.get("mail"), Origin | None),
    )


def list_returned(arrivals: Arrivals, store: Path) -> list[Returned]:
    """The returns to be judged, in the order in which they came."""
    return [
        Returned(path=item.path, place=stored_path(store, id), name=item.name, id=id)
        for id, item in arrivals.items.items()  # noqa: A001 - as the field
    ]
