"""Official letters (công văn) of a round: forms sent out, a reminder, late agencies chased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from khreport.campaign import Settings
from khreport.compose.round import name_period, name_round
from khreport.compose.sentences import fill_pattern
from khreport.dates import format_date
from khreport.edition import Edition
from khreport.parse.letter import LetterKind, LetterTexts
from khreport.period_words import call_period
from khreport.quantities import format_count
from khreport.report import Appendix, Letterhead, Paragraph, Report, Run, Signature, Table
from khreport.text import begin_sentence, collation_key, join_and

KEPT = "Lưu:"
REMARK = "remark"
LIST_PT = 12


class Addressed(msgspec.Struct, frozen=True, kw_only=True):
    """An agency that a letter goes to: its key, its form's file, whether what it sent is faulty.

    `days_late` are those by which what is faulty came late.
    """

    agency: str
    file: str
    faulty: bool = False
    days_late: int = 0


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """Which letter is written, of which round, with what words, on what day.

    `last_day` is the last day in time, where that is not the due day.
    """

    kind: LetterKind
    texts: LetterTexts
    edition: Edition
    settings: Settings
    today: dt.date
    last_day: dt.date | None = None

    @property
    def overdue(self) -> int:
        """The days since the last day in time; negative before."""
        return (self.today - (self.last_day or self.edition.period.due)).days


def compose_letter(occasion: Occasion, addressed: Sequence[Addressed], *, draft: bool) -> Report:
    """The letter to those agencies; they are listed in an appendix where they are many."""
    edition, office = occasion.edition, occasion.settings.office
    texts = call_period(occasion.texts, name_period(edition))
    occasion = msgspec.structs.replace(occasion, texts=texts)
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
    addressees = join_and(occasion.settings.office.addressees)
    report_due = format_date(edition.period.report_due)
    urging = words.at_once if occasion.today > edition.period.report_due else words.in_time
    contact = contact_of(edition, occasion.settings)
    return {
        **name_round(edition, occasion.settings.office, words.estimate),
        "report_due": report_due,
        "urging": fill_pattern(urging, {"addressees": addressees, "report_due": report_due}),
        "today": format_date(occasion.today),
        "contact": ", ".join(
            fill_pattern(getattr(words, way), {way: told}) for way, told in contact.items()
        ),
    }


def contact_of(edition: Edition, settings: Settings) -> dict[str, str]:
    """Whom to ask, by "contact", "phone" and "email": as the settings say, else the forms."""
    told = {
        way: getattr(settings.sender, way) or getattr(edition.sender, way)
        for way in ("contact", "phone", "email")
    }
    return {way: words for way, words in told.items() if words.strip()}


def _name(
    occasion: Occasion, addressed: Sequence[Addressed], names: Sequence[str]
) -> dict[str, str]:
    """How the agencies are named in a sentence, how they stand, and what their files are."""
    words = occasion.texts.words
    listed = len(addressed) > occasion.texts.most_addressees
    states: dict[str, list[str]] = {}
    for to, name in zip(addressed, names, strict=True):
        states.setdefault(_tell_late(occasion, to), []).append(name)
    standing = [f"{join_and(those)} {state}" for state, those in states.items()]
    if listed:
        standing = [
            f"{words.those_listed} {next(iter(states)) if len(states) == 1 else words.owing}"
        ]
    many = words.everyone if occasion.kind == "cover" else words.those_listed
    sending = {words.mend if to.faulty else words.send for to in addressed}
    files = fill_pattern(words.own_file, {"file": ", ".join(to.file for to in addressed)})
    return {
        "whom": many if listed else join_and(names),
        "standing": "; ".join(standing),
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
        table = Table(
            header=texts.tables.owing,
            rows=tuple(
                (str(number), names[to.agency].name, _tell_state(texts, to), _days(occasion, to))
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


def _tell_late(occasion: Occasion, to: Addressed) -> str:
    """How the agency stands and, behind the day, how late it is or was."""
    words = occasion.texts.words
    late = to.days_late if to.faulty else occasion.overdue
    if late <= 0:
        return words.faulty if to.faulty else words.missing
    pattern = words.faulty_late if to.faulty else words.missing_late
    return fill_pattern(pattern, {"days": format_count(late)})


def _days(occasion: Occasion, to: Addressed) -> str:
    if occasion.overdue <= 0:
        return ""
    return format_count(to.days_late if to.faulty else occasion.overdue)
