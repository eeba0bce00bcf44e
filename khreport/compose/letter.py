"""Official letters (công văn) of a round: forms sent out, a reminder, late agencies chased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from khreport.campaign import Settings
from khreport.compose.sentences import begin_sentence, fill_pattern
from khreport.dates import format_date
from khreport.edition import Edition
from khreport.parse.letter import LetterKind, LetterTexts
from khreport.quantities import format_count
from khreport.report import Appendix, Letterhead, Paragraph, Report, Run, Signature, Table
from khreport.text import collation_key, join_and

KEPT = "Lưu:"
REMARK = "remark"
LIST_PT = 12


class Addressed(msgspec.Struct, frozen=True, kw_only=True):
    """An agency that a letter goes to: its key, its form's file, whether what it sent is faulty."""

    agency: str
    file: str
    faulty: bool = False


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """Which letter is written, of which round, with what words, on what day."""

    kind: LetterKind
    texts: LetterTexts
    edition: Edition
    settings: Settings
    today: dt.date

    @property
    def overdue(self) -> int:
        """The days since the round was due; negative before."""
        return (self.today - self.edition.period.due).days


def compose_letter(occasion: Occasion, addressed: Sequence[Addressed], *, draft: bool) -> Report:
    """The letter to those agencies; they are listed in an appendix where they are many."""
    edition, texts, office = occasion.edition, occasion.texts, occasion.settings.office
    addressed = sorted(addressed, key=lambda to: collation_key(edition.plan.agency[to.agency].name))
    names = [edition.plan.agency[to.agency].name for to in addressed]
    listed = len(addressed) > texts.most_addressees
    values = _values(occasion) | _name(occasion, addressed, names)
    pattern = getattr(texts.letters, occasion.kind)
    said = [fill_pattern(item, values) for item in pattern.items if _is_filled(item, values)]
    return Report(
        letterhead=Letterhead(
            superior=office.superior,
            issuer=office.issuer,
            symbol=letter_symbol(office.symbol, office.recipients),
            place=office.place,
            date=occasion.today,
        ),
        kind="",
        subject=fill_pattern(pattern.subject, values),
        addressees=(texts.words.listed,) if listed else tuple(names),
        body=(
            _say(fill_pattern(pattern.opening, values)),
            *(_say(f"{number}. {item}") for number, item in enumerate(said, start=1)),
            _say(fill_pattern(pattern.closing, values)),
        ),
        recipients=office.recipients,
        signature=Signature(lines=office.authority, name=office.signatory),
        appendices=(_list(occasion, addressed),) if listed else (),
        draft=draft,
    )


def letter_symbol(symbol: str, recipients: Sequence[str]) -> str:
    """The symbol of an official letter: the body's, and that of the unit that keeps a copy.

    >>> letter_symbol("SKHĐT", ("Như trên", "Lưu: VT, TH"))
    'SKHĐT-TH'
    >>> letter_symbol("SKHĐT", ("Lưu: VT",))
    'SKHĐT'
    """
    kept = next((line for line in recipients if line.startswith(KEPT)), "")
    _, *units = kept.removeprefix(KEPT).split(",")
    return "-".join([symbol, *(unit.partition("(")[0].strip() for unit in units[:1])])


def _say(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def _is_filled(item: str, values: Mapping[str, str]) -> bool:
    """Whether a paragraph has something for its contact to say: it may have no other gaps."""
    return "{contact}" not in item or bool(values["contact"])


def _values(occasion: Occasion) -> dict[str, str]:
    edition, words = occasion.edition, occasion.texts.words
    plan, period, office = edition.plan, edition.period, occasion.settings.office
    sender, addressees = edition.sender, join_and(office.addressees)
    report_due = format_date(period.report_due)
    urging = words.at_once if occasion.today > period.report_due else words.in_time
    ways = (
        (words.contact, "contact", sender.contact),
        (words.phone, "phone", sender.phone),
        (words.email, "email", sender.email),
    )
    return {
        "number": plan.number,
        "decided": format_date(plan.date),
        "plan_issuer": plan.issuer,
        "plan": plan.short_title,
        "plan_title": plan.title,
        "office": " ".join(office.issuer.split()),
        "addressees": addressees,
        "year": str(period.year),
        "start": format_date(period.start),
        "closing": format_date(period.closing),
        "due": format_date(period.due),
        "report_due": report_due,
        "urging": fill_pattern(urging, {"addressees": addressees, "report_due": report_due}),
        "today": format_date(occasion.today),
        "days": format_count(max(0, occasion.overdue)),
        "estimate": words.estimate if period.closing < period.end else "",
        "contact": ", ".join(fill_pattern(way, {key: told}) for way, key, told in ways if told),
    }


def _name(
    occasion: Occasion, addressed: Sequence[Addressed], names: Sequence[str]
) -> dict[str, str]:
    """How the agencies are named in a sentence, how they stand, and what their files are."""
    words = occasion.texts.words
    listed = len(addressed) > occasion.texts.most_addressees
    states = {words.faulty if to.faulty else words.missing for to in addressed}
    many = words.everyone if occasion.kind == "cover" else words.those_listed
    sending = {words.mend if to.faulty else words.send for to in addressed}
    files = fill_pattern(words.own_file, {"file": ", ".join(to.file for to in addressed)})
    return {
        "whom": many if listed else join_and(names),
        "state": next(iter(states)) if len(states) == 1 else words.owing,
        "sending": next(iter(sending)) if len(sending) == 1 else words.send_or_mend,
        "files": words.listed_files if listed else files,
    }


def _list(occasion: Occasion, addressed: Sequence[Addressed]) -> Appendix:
    """The agencies with what they are asked, or with how they stand."""
    texts, names = occasion.texts, occasion.edition.plan.agency
    if occasion.kind == "cover":
        table = Table(
            header=texts.tables.cover,
            rows=tuple(
                (str(number), names[to.agency].name, *_count_asked(occasion, to), to.file)
                for number, to in enumerate(addressed, start=1)
            ),
            widths_mm=(10, 54, 20, 20, 56),
            aligns=("center", "left", "center", "center", "left"),
            size_pt=LIST_PT,
        )
    else:
        days = format_count(occasion.overdue) if occasion.overdue > 0 else ""
        table = Table(
            header=texts.tables.owing,
            rows=tuple(
                (str(number), names[to.agency].name, _tell_state(texts, to), days)
                for number, to in enumerate(addressed, start=1)
            ),
            widths_mm=(10, 62, 64, 24),
            aligns=("center", "left", "left", "center"),
            size_pt=LIST_PT,
        )
    return Appendix(title=texts.words.list_title, blocks=(table,))


def _count_asked(occasion: Occasion, to: Addressed) -> tuple[str, str]:
    """How many tasks and indicators the agency is asked for."""
    asked = occasion.edition.asked[to.agency]
    tasks = {q.parent for q in asked if q.parent in occasion.edition.plan.task and q.kind != REMARK}
    indicators = {q.parent for q in asked if q.kind == "indicator"}
    return str(len(tasks)), str(len(indicators))


def _tell_state(texts: LetterTexts, to: Addressed) -> str:
    return begin_sentence(texts.words.faulty if to.faulty else texts.words.missing)
