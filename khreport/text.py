"""Vietnamese text as it is stored, matched, sorted and put into file names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

# U+00AD is no blank and stays: files in the TCVN3 encoding write "ư" with it.
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
)
_DROPPED = re.compile(f"[{_INVISIBLE}]")
_UNTIDY = re.compile(rf"[^\S \n]|[{_INVISIBLE}]|\A\s|\s\Z|  | \n|\n ")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINE_MARGINS = re.compile(" ?\n ?")

TONES = "\u0300\u0309\u0303\u0301\u0323"
"""The tone marks in their order: huyền, hỏi, ngã, sắc, nặng; ngang has none."""

_T = f"[{TONES}]"
_MARK = "[\u0302\u0306\u031b]?"
_SYLLABLE_ENDS = r"(?![\w\u0300-\u036f])"
_TONE_PLACES = (
    rf"(?<=q)(u)({_T})([aeioy]{_MARK})",
    rf"(o)({_T})([ae]{_MARK})(?=\w)",
    rf"(u)({_T})(y)(?=\w)",
    rf"(o)([ae])({_T}){_SYLLABLE_ENDS}",
    rf"(?<!q)(u)(y)({_T}){_SYLLABLE_ENDS}",
)
"""Tone marks one letter off, in decomposed text; the last two groups change places."""
_MISPLACED = tuple(re.compile(place, re.IGNORECASE) for place in _TONE_PLACES)
_ANY_MISPLACED = re.compile("|".join(_TONE_PLACES), re.IGNORECASE)

# Icelandic and African letters that look like đ come out of old font conversions.
_LOOKALIKES = str.maketrans({
    "ð": "đ", "ɖ": "đ",
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("“”„‟«»", '"'),
    **dict.fromkeys("‘’‚‛`´", "'"),
    "…": "...",
})  # fmt: skip
_NARROW = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_PLAIN_D = str.maketrans("đðɖĐÐƉ", "dddDDD")
_BLANK_AT_SIGN = re.compile(r"""(?<=[-,;:.()/"']) | (?=[-,;:.()/"'])""")
_WORDS = re.compile(r"\w+")
_NO_WORDS = re.compile("[^0-9A-Za-z]+")

_ALPHABET = (
    " _-–—,;:!?.…·'‘’\"“”«»()[]{}§@*/\\&#%•`^°+×<=>|~−≤≥$0123456789"
    "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
)
"""Characters in the order of CLDR's collation for Vietnamese."""
_RANKS = {letter: chr(rank) for rank, letter in enumerate(_ALPHABET)}

_NEGATIONS = frozenset({"chua", "khong"})
_LEAST_LIKENESS = 75
_LONGEST_NAME = 80
_RESERVED = re.compile("(con|prn|aux|nul|(com|lpt)[0-9])", re.IGNORECASE)


def clean(text: str) -> str:
    r"""The text in NFC, without invisible characters, each run of blanks one space.

    Lines are kept, their ends are trimmed. What has no visible character becomes "".

    >>> clean("\ufeffSở\u00a0 Xây\u200b dựng \r\n tỉnh ")
    'Sở Xây dựng\ntỉnh'
    """
    if _is_tidy(text) and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text
    text = unicodedata.normalize("NFC", _DROPPED.sub("", _LINE_ENDS.sub("\n", text)))
    return _LINE_MARGINS.sub("\n", _BLANKS.sub(" ", text)).strip()


def _is_tidy(text: str) -> bool:
    # The usual case, several times faster: of blanks only the space counts as printable.
    if text.isprintable():
        return "  " not in text and text[:1] != " " and text[-1:] != " "
    return not _UNTIDY.search(text)


def narrow(text: str) -> str:
    """The text with the wide signs and other digits of Asian keyboards as plain ones.

    >>> narrow("６３，５％"), narrow("12 m²")
    ('63,5%', '12 m²')
    """
    if text.isascii():
        return text
    return "".join(_NARROW.get(c) or (str(int(c)) if c.isdecimal() else c) for c in text)


def fold(text: str) -> str:
    """The key by which texts match: spelling variants that mean the same fall together.

    Case, the place of the tone mark, kinds of dashes and quotes, and blanks at line ends and
    around punctuation do not count. A literal to compare with is folded too.

    >>> fold("UBND tỉnh Khánh Hoà"), fold("Lao động – Thương binh") == fold("lao động-thương binh")
    ('ubnd tỉnh khánh hòa', True)
    """
    text = unicodedata.normalize("NFD", clean(text)).casefold()
    text = _place_tones(unicodedata.normalize("NFD", text.translate(_LOOKALIKES)))
    text = _BLANK_AT_SIGN.sub("", " ".join(text.split()))
    return unicodedata.normalize("NFC", text)


def _place_tones(apart: str) -> str:
    """Decomposed text, spelt as the decree's own prose: "hòa", "ủy", but "hoàn", "quý"."""
    if not _ANY_MISPLACED.search(apart):
        return apart
    for place in _MISPLACED:
        apart = place.sub(r"\1\3\2", apart)
    return apart


def fold_plain(text: str) -> str:
    """The key of :func:`fold` without any diacritics.

    >>> fold_plain("Đã trình, chờ phê duyệt")
    'da trinh,cho phe duyet'
    """
    return fold(_strip_diacritics(clean(text)))


def _strip_diacritics(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    plain = "".join(c for c in apart if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", plain.translate(_PLAIN_D))


def collation_key(text: str) -> tuple[str, str, str, str]:
    """The key by which texts sort in Vietnamese order, as CLDR has it for "vi".

    Letters count first (a ă â b c d đ e ê …), then tones (ngang, huyền, hỏi, ngã, sắc,
    nặng), then case. "hoà" and "hòa" stand together, which CLDR alone does not grant.

    >>> sorted(["Đại Lãnh", "Diên Khánh", "Bắc Cam Ranh", "Ba Ngòi"], key=collation_key)
    ['Ba Ngòi', 'Bắc Cam Ranh', 'Diên Khánh', 'Đại Lãnh']
    """
    text = clean(text)
    apart = _place_tones(unicodedata.normalize("NFD", text))
    letters, tones, cases = [], [], []
    for letter in unicodedata.normalize("NFC", apart):
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(p for p in parts if p not in TONES))
        small = base.lower()
        # What the alphabet lacks sorts behind it, by code point.
        letters.append(_RANKS.get(small, "\x7f" + small))
        tones.append(str(max(TONES.find(part) for part in parts) + 1))
        cases.append("0" if small == base else "1")
    return "".join(letters), "".join(tones), "".join(cases), text


def suggest(text: str, choices: Iterable[str]) -> str | None:
    """The choice that was probably meant, or None; diacritics and case do not count.

    The beginning of one choice alone is enough. Nothing negated is taken for its opposite:
    "Chưa hoàn thành" never suggests "Hoàn thành".

    >>> suggest("dang thuc hien", ["Hoàn thành", "Đang thực hiện"])
    'Đang thực hiện'
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed for faulty cells only

    wanted = fold_plain(text)
    if not wanted:
        return None
    alike = [choice for choice in choices if _is_negated(choice) == _is_negated(text)]
    begun = [choice for choice in alike if fold_plain(choice).startswith(wanted)]
    if len(begun) == 1:
        return begun[0]
    best = process.extractOne(
        wanted, alike, scorer=fuzz.ratio, processor=fold_plain, score_cutoff=_LEAST_LIKENESS
    )
    return best[0] if best else None


def suggest_codes(text: str, codes: Iterable[str], most: int = 3) -> list[str]:
    """The codes that were probably meant, the likeliest first; a part of one is enough.

    >>> suggest_codes("grpd_growth", ["CT.grdp_growth", "CT.tourists", "PL2.III.4"])
    ['CT.grdp_growth']
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed for unknown codes only

    found = process.extract(
        text.casefold(), codes, scorer=fuzz.WRatio, processor=str.casefold, limit=most,
        score_cutoff=_LEAST_LIKENESS,
    )  # fmt: skip
    return [code for code, _, _ in found]


def _is_negated(text: str) -> bool:
    return not _NEGATIONS.isdisjoint(fold_plain(text).split())


def begin_sentence(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def begin_small(text: str) -> str:
    """The text as it stands inside a sentence: its first letter small, all others as they are.

    >>> begin_small("Quý I năm 2026")
    'quý I năm 2026'
    """
    return text[:1].lower() + text[1:]


def share_words(text: str, other: str) -> float:
    """The share of their words that two texts have in common, of those of the longer text.

    Each word counts as often as both have it; spelling variants are the same word. It is 0
    where only one of them is negated.

    >>> share_words("Bổ sung kinh phí năm 2024", "bổ sung kinh phí cho năm 2025")
    0.7142857142857143
    >>> share_words("Cho phép chuyển nguồn", "Không cho phép chuyển nguồn")
    0.0
    """
    words, negated = _count_words(text)
    others, others_negated = _count_words(other)
    longer = max(words.total(), others.total())
    if not longer or negated != others_negated:
        return 0.0
    return (words & others).total() / longer


@lru_cache(maxsize=4096)
def _count_words(text: str) -> tuple[Counter[str], int]:
    """How often each word stands in a text, and how many of them negate."""
    # each of many texts is held against each of many others
    words = Counter(_WORDS.findall(fold(text)))
    return words, sum(n for word, n in words.items() if fold_plain(word) in _NEGATIONS)


def file_name_part(text: str) -> str:
    """The text in ASCII letters, digits and hyphens, fit for any file system and for e-mail.

    At most 80 characters, cut between words; "khong-ten" where nothing is left. Different
    texts may give the same part.

    >>> file_name_part("Sở Xây dựng"), file_name_part("BC 6 tháng/2024: đợt 1?")
    ('So-Xay-dung', 'BC-6-thang-2024-dot-1')
    """
    plain = _strip_diacritics(unicodedata.normalize("NFKD", clean(text)))
    part = _NO_WORDS.sub("-", plain).strip("-")
    if len(part) > _LONGEST_NAME:
        whole_words = part[: _LONGEST_NAME + 1].rpartition("-")[0]
        part = whole_words or part[:_LONGEST_NAME]
    # Windows takes these for devices, whatever extension follows.
    return f"{part}-x" if _RESERVED.fullmatch(part) else part or "khong-ten"


def join_and(items: Sequence[str]) -> str:
    """The items as a Vietnamese sentence lists them.

    >>> join_and(["Nha Trang", "Cam Ranh", "Ninh Hòa"])
    'Nha Trang, Cam Ranh và Ninh Hòa'
    """
    return " và ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))
