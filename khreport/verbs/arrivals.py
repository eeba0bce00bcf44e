"""What is new in a campaign's inbox and among its letters: drawn out, stored, each with its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import msgspec

from khreport.campaign import Campaign
from khreport.contacts import ContactList
from khreport.dates import ZONE
from khreport.edges.ledger import Event, EventKind, Ledger, now, user
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
from khreport.verbs.closing import read_lock
from khreport.verbs.inbox import changed_at, refuse, returned_files, why_unreadable
from khreport.verbs.judge import Checked, Returned, display_name
from khreport.verbs.opening import PDF, Opened, Ours, container_kind, open_archive, open_letter


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came: where an officer finds it, its name there, its content's id, its day.

    `inside` is the SHA-256 of the letter or archive that it was in. Files of the same `group`
    came together.
    """

    path: Path
    name: str
    came: dt.datetime
    id: str
    inside: str = ""
    group: str = ""
    origin: Origin | None = None


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

    `again` is what came before already; `inside` says of each file in which letter or archive
    it was, by their ids; `notes` are on what came beside returns.
    """

    items: dict[str, Item] = {}
    refused: list[Checked] = []
    papers: list[Paper] = []
    waiting: list[Waiting] = []
    again: list[Item] = []
    inside: list[tuple[str, str]] = []
    notes: list[Finding] = []
    opened: list[Container] = []


def find_arrivals(
    campaign: Campaign,
    ledger: Ledger,
    ours: Ours,
    contacts: ContactList | None,
    waivers: Iterable[Waiver] = (),
) -> Arrivals:
    """What came since the last time, stored, and entered in the ledger as it came.

    An agency's latest return that was rejected is among it again once a waiver was recorded
    that it was not judged by.
    """
    with Reader(campaign.settings.limits) as reader:
        finder = _Finder(campaign, ledger, ours, contacts, reader)
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
        ledger: Ledger,
        ours: Ours,
        contacts: ContactList | None,
        reader: Reader,
    ) -> None:
        self.inbox, self.store = campaign.inbox, campaign.state / "store"
        self.limits, self.ledger, self.ours = campaign.settings.limits, ledger, ours
        self.contacts, self.reader = contacts, reader
        self.found, self.items = Arrivals(), list[Item]()
        self.events = events = ledger.events()
        self.lock = read_lock(events)
        self.opened = {e.submission for e in events if e.kind == "opened"}
        self.agencies = {e.submission: e.agency for e in events if e.kind == "checked"}
        self.received = {e.submission: e for e in events if e.kind == "received"}
        self.papers = {e.detail.get("digest") for e in events if e.kind == "paper"}
        self.names = {
            (e.submission, e.detail["file"]) for e in events if e.kind in ("received", "duplicate")
        }
        self.done = {e.submission: not e.detail.get("again") for e in events if e.kind == "checked"}
        self.reopened = set[str]()
        self.held = {
            e.submission: e for e in events if e.kind == "waiting" and e.submission not in self.done
        }
        for event in self.held.values():
            self.done[event.submission] = self.lock.holds(event.agency)
            if self.lock.holds(event.agency):
                self._hold(event.agency, event.submission, event.detail["file"])

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
        detail = {
            "file": name, "came": came.isoformat(), "what": opened.what, "left": opened.left,
            "told": opened.told,
            "files": len(opened.files), "papers": len(opened.papers),
            "mail": Origin.of(mail, id, (mail.sender,)) if mail else None,
        }  # fmt: skip
        self.ledger.append("opened", "", id, msgspec.to_builtins(detail), now(), user())

    def look_again(self) -> None:
        """Nothing; what waits no longer, and what was put off and is in no folder, is an item."""
        there = {item.id for item in self.items}
        for id, done in self.done.items():  # noqa: A001 - as the field
            event = self.received.get(id)
            if done or id in there or event is None:
                continue
            if id in self.held or id in self.reopened or event.detail.get("inside"):
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
            if not new:
                if (item.id, item.name) not in self.names:
                    self._enter("duplicate", self.agencies.get(item.id, ""), item)
                    self.found.again.append(item)
                continue
            if not stored_path(self.store, item.id).is_file():
                self._tell_lost(item.id, item.name)
                continue
            whose_paper = self._whose_paper(item)
            if whose_paper:
                self.papers.add(item.id)
                self.found.papers.append(Paper(agency=whose_paper, item=item))
                continue
            if item.id not in self.received:
                self._enter("received", "", item)
            agency = self._whose(item.id) if self.lock.closed_at else ""
            if agency and self.lock.holds(agency, item.came):
                self._enter("waiting", agency, item)
                self._hold(agency, item.id, item.name)
                self.done[item.id] = True
            else:
                self.found.items[item.id] = item
        return self.found

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

    def _whose_paper(self, item: Item) -> str:
        """The one agency whose paper it can be; "" if it is none, or could be several's."""
        if not item.group or not self._is_pdf(item):
            return ""
        beside = {i.id for i in self.items if i.group == item.group and not self._is_pdf(i)}
        agencies = {self._whose(id) for id in beside} - {""}  # noqa: A001 - as the field
        if not agencies and self.contacts and item.origin:
            agencies = {a for s in item.origin.senders for a in self.contacts.agencies_of(s)}
        return agencies.pop() if len(agencies) == 1 else ""

    def _is_pdf(self, item: Item) -> bool:
        path = stored_path(self.store, item.id)
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(PDF)) == PDF

    def _enter(self, kind: EventKind, agency: str, item: Item) -> None:
        self.names.add((item.id, item.name))
        detail = {"file": item.name, "came": item.came.isoformat()}
        if item.inside:
            detail |= {"inside": item.inside, "mail": msgspec.to_builtins(item.origin)}
        self.ledger.append(kind, agency, item.id, detail, now(), user())


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
