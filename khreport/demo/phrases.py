"""What people in offices write: sentences by topic, and a teller who fills in their figures."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

from khreport.agencies import Agency
from khreport.edition import Edition
from khreport.quantities import format_number
from khreport.text import begin_small, fold_plain
from khreport.workdays import WorkingDays

HOLE = re.compile(r"\{([^{}]+)\}")
RANGE = re.compile(r"([0-9.]+)(?:,([0-9]+))?-([0-9.]+)(?:,([0-9]+))?")
MOST_SYLLABLES = 20
FEWEST_SYLLABLES = 5
IN_SUBJECT = 4
"""How much more a topic's word counts in a task's subject than in the rest of its text."""
PUNCTUATION = " ,;:."
QUOTES = str.maketrans("", "", '“”"')


class Hardship(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A difficulty and the code of its kind of cause."""

    text: str
    cause: str


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A proposal and whom it is addressed to."""

    text: str
    to: str


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is written about tasks whose text holds one of `words`."""

    results: tuple[str, ...]
    difficulties: tuple[Hardship, ...]
    proposals: tuple[Request, ...]
    next: tuple[str, ...]
    projects: tuple[str, ...]
    words: tuple[str, ...] = ()
    secret: bool = False


class General(Topic, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is written about any task."""

    remarks: tuple[str, ...]
    secrecy: tuple[str, ...]
    stop: tuple[str, ...]


class Figures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is written beside figures: sources, explanations, and the figure in a sentence."""

    sources: tuple[str, ...]
    at_risk: tuple[str, ...]
    exceeds: tuple[str, ...]
    sentence: str


class Adjustment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A proposed change of the plan: the code of its kind, the new wording, the reason."""

    change: str
    proposed: str
    reason: str


class DocumentType(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A type of document, and how many a body numbers in a year; `by_issuer`: the plan's own."""

    type: str
    name: str
    subject: str
    per_year: int
    by_issuer: bool = False


class OwnSheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sheet that an agency adds for itself."""

    name: str
    rows: tuple[tuple[str, ...], ...]


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file phrases.toml."""

    openings: tuple[str, ...]
    breaks: str
    loose_ends: frozenset[str]
    cover: dict[str, str]
    openings_by_status: dict[str, tuple[str, ...]]
    milestone: dict[str, tuple[str, ...]]
    line: dict[str, tuple[str, ...]]
    general: General
    figures: Figures
    adjustments: dict[str, Adjustment]
    own_sheet: OwnSheet
    documents: tuple[DocumentType, ...]
    topics: tuple[Topic, ...]


@cache
def load_phrases() -> Phrases:
    """The sentences that the demo is made from."""
    data = Path(__file__).with_name("phrases.toml").read_bytes()
    return msgspec.toml.decode(data, type=Phrases)


@cache
def name_subject(text: str) -> str:
    """What a task is about, in few words, to stand inside a sentence.

    >>> name_subject("Tiếp tục phát triển du lịch biển, đảo nhằm thu hút khách quốc tế.")
    'phát triển du lịch biển, đảo'
    """
    phrases = load_phrases()
    words = re.sub(r"\([^()]*\)", "", " ".join(text.translate(QUOTES).split()))
    for opening in phrases.openings:
        words = re.sub(opening, "", words)
    places = [found.start() for found in re.finditer(phrases.breaks, words)]
    enough = len(" ".join(words.split()[:FEWEST_SYLLABLES]))
    short = words[: next((place for place in places if place >= enough), len(words))]
    syllables = _cut(short.split(), phrases.loose_ends)
    short = " ".join(syllables).strip(PUNCTUATION)
    first = syllables[0]
    return short if first.isupper() else begin_small(short)


def _cut(syllables: list[str], loose_ends: frozenset[str]) -> list[str]:
    """The first syllables, ending where a phrase ends."""
    ends = [
        at for at, word in enumerate(syllables) if word.strip(PUNCTUATION).lower() in loose_ends
    ]
    if len(syllables) > MOST_SYLLABLES:
        syllables = syllables[:MOST_SYLLABLES]
        commas = [at + 1 for at, word in enumerate(syllables) if word.endswith(",")]
        places = [at for at in commas or ends if FEWEST_SYLLABLES < at < MOST_SYLLABLES]
        syllables = syllables[: max(places, default=MOST_SYLLABLES)]
    while len(syllables) > 1 and len(syllables) - 1 in ends:
        syllables.pop()
    return syllables


@cache
def find_topics(text: str) -> tuple[Topic, ...]:
    """The topics of a task, the nearest first; at most two, and none where no word is found."""
    subject, lower = name_subject(text).lower(), text.lower()
    weights = [
        sum(lower.count(word) + IN_SUBJECT * subject.count(word) for word in topic.words)
        for topic in load_phrases().topics
    ]
    ranked = sorted(zip(weights, load_phrases().topics, strict=True), key=lambda pair: -pair[0])
    most = ranked[0][0]
    return tuple(topic for weight, topic in ranked[:2] if most and weight * 2 > most)


def agency_symbol(agency: Agency) -> str:
    """The letters that the agency's documents bear: "SKHĐT" of Sở Kế hoạch và Đầu tư."""
    initials = "".join(w[0] for w in re.findall(r"\w+", agency.name) if w not in ("và", "của"))
    head = agency.abbreviation.split("-")[0]
    return initials.upper() if fold_plain(initials) == head.lower() else head


class Teller:
    """One agency's officer who fills in the round: same seed, same words."""

    def __init__(self, edition: Edition, agency: str, seed: int) -> None:
        self.edition, self.period = edition, edition.period
        self.agency = edition.plan.agency[agency]
        self.symbol = agency_symbol(self.agency)
        # Nobody signs anything on a New Year's Day.
        self.work_begins = self.period.start + dt.timedelta(days=2)
        self.phrases = load_phrases()
        self.dice = random.Random(f"{seed}:{agency}")  # noqa: S311 - answers, no secrets
        self._used: Counter[str] = Counter()
        self._said: dict[str, str] = {}

    def happens(self, percent: float) -> bool:
        """True in so many of a hundred cases."""
        return self.dice.random() * 100 < percent

    def weigh(self, weights: Mapping[str, int]) -> str:
        """One of the keys, each as often as its weight says."""
        return self.dice.choices([*weights], [*weights.values()])[0]

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        """A working day, if there is one, between two that both count; `first` out of order."""
        day = first + dt.timedelta(days=self.dice.randint(0, max(0, (last - first).days)))
        return max(first, WorkingDays().shift(day + dt.timedelta(days=1), -1))

    def pick(self, sentences: Sequence[str]) -> str:
        """One of the sentences that this agency has used least."""
        sentence = min(sentences, key=lambda s: (self._used[s], self.dice.random()))
        self._used[sentence] += 1
        return sentence

    def say(self, sentence: str, **words: str) -> str:
        """The sentence with figures and words filled in."""
        known = {
            "agency": self.agency.name,
            "letters": self.symbol,
            "year": str(self.period.year),
            "next": str(self.period.year + 1),
            **words,
        }
        return HOLE.sub(lambda hole: self._fill(hole[1], known), sentence)

    def repeat(self, sentence: str) -> str:
        """The sentence with the figures that it had when this agency first said it."""
        return self._said.setdefault(sentence, self.say(sentence))

    def _fill(self, hole: str, known: Mapping[str, str]) -> str:
        found = RANGE.fullmatch(hole)
        if not found:
            return known[hole]
        whole = [int(found[group].replace(".", "")) for group in (1, 3)]
        places = len(found[2] or found[4] or "")
        scale = 10**places
        low, high = (
            n * scale + int((part or "0").ljust(places, "0") or 0)
            for n, part in zip(whole, (found[2], found[4]), strict=True)
        )
        return format_number(self.dice.randint(low, high) / scale)
