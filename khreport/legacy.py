"""Vietnamese typed in the encodings before Unicode, recognised and converted.

A TCVN3 (ABC) or VNI file stores each byte as the letter of Latin-1 that has its number; only
the font (".VnTime", "VNI-Times") made it look Vietnamese: "Uû ban nh©n d©n", "Xin chaøo".
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from khreport.text import TONES

Encoding = Literal["tcvn3", "tcvn3_capitals", "vni"]

GRAVE, HOOK, TILDE, ACUTE, DOT = tuple(TONES)

# Built from code points: U+00AD, the "ư" of TCVN3, cannot be seen and gets lost in copies.
_TCVN3 = {
    0xA1: "Ă", 0xA2: "Â", 0xA3: "Ê", 0xA4: "Ô", 0xA5: "Ơ", 0xA6: "Ư", 0xA7: "Đ",
    0xA8: "ă", 0xA9: "â", 0xAA: "ê", 0xAB: "ô", 0xAC: "ơ", 0xAD: "ư", 0xAE: "đ",
    0xB5: "à", 0xB6: "ả", 0xB7: "ã", 0xB8: "á", 0xB9: "ạ",
    0xBB: "ằ", 0xBC: "ẳ", 0xBD: "ẵ", 0xBE: "ắ", 0xC6: "ặ",
    0xC7: "ầ", 0xC8: "ẩ", 0xC9: "ẫ", 0xCA: "ấ", 0xCB: "ậ",
    0xCC: "è", 0xCE: "ẻ", 0xCF: "ẽ", 0xD0: "é", 0xD1: "ẹ",
    0xD2: "ề", 0xD3: "ể", 0xD4: "ễ", 0xD5: "ế", 0xD6: "ệ",
    0xD7: "ì", 0xD8: "ỉ", 0xDC: "ĩ", 0xDD: "í", 0xDE: "ị",
    0xDF: "ò", 0xE1: "ỏ", 0xE2: "õ", 0xE3: "ó", 0xE4: "ọ",
    0xE5: "ồ", 0xE6: "ổ", 0xE7: "ỗ", 0xE8: "ố", 0xE9: "ộ",
    0xEA: "ờ", 0xEB: "ở", 0xEC: "ỡ", 0xED: "ớ", 0xEE: "ợ",
    0xEF: "ù", 0xF1: "ủ", 0xF2: "ũ", 0xF3: "ú", 0xF4: "ụ",
    0xF5: "ừ", 0xF6: "ử", 0xF7: "ữ", 0xF8: "ứ", 0xF9: "ự",
    0xFA: "ỳ", 0xFB: "ỷ", 0xFC: "ỹ", 0xFD: "ý", 0xFE: "ỵ",
}  # fmt: skip
"""TCVN 5712:1993, set VN3: small letters with tones; capitals come from "…H" fonts."""

_VNI_TONES = {0xF8: GRAVE, 0xFB: HOOK, 0xF5: TILDE, 0xF9: ACUTE, 0xEF: DOT}
_VNI_ROOFS = {0xE2: "", 0xE0: GRAVE, 0xE5: HOOK, 0xE3: TILDE, 0xE1: ACUTE, 0xE4: DOT}
_VNI_BREVES = {0xEA: "", 0xE8: GRAVE, 0xFA: HOOK, 0xFC: TILDE, 0xE9: ACUTE, 0xEB: DOT}
_VNI_LETTERS = {
    0xF4: "ơ", 0xF6: "ư", 0xF1: "đ", 0xEC: "ì", 0xE6: "ỉ", 0xF3: "ĩ", 0xED: "í", 0xF2: "ị",
    0xEE: "ỵ",
}  # fmt: skip


def _vni_pairs() -> dict[str, str]:
    """What each VNI letter, alone or with the mark behind it, says; small letters."""
    pairs = {chr(code): letter for code, letter in _VNI_LETTERS.items()}
    bases = {**{letter: letter for letter in "aeouy"}, chr(0xF4): "ơ", chr(0xF6): "ư"}
    for typed, letter in bases.items():
        pairs |= {typed + chr(code): letter + tone for code, tone in _VNI_TONES.items()}
    for letter in "aeo":
        roofed = letter + "\u0302"
        pairs |= {letter + chr(code): roofed + tone for code, tone in _VNI_ROOFS.items()}
    pairs |= {"a" + chr(code): "a\u0306" + tone for code, tone in _VNI_BREVES.items()}
    return {typed: unicodedata.normalize("NFC", letter) for typed, letter in pairs.items()}


_VNI = _vni_pairs()
_VNI_ANY = re.compile("|".join(sorted(_VNI, key=len, reverse=True)), re.IGNORECASE)

_MEANT = re.compile("[\u00a1-\u00ae\u00b5-\u00b9\u00bb-\u00be\u00c0-\u00ff]")
"""A letter or sign that stands for something in one of the encodings."""
_ASCII_LETTER = re.compile("[A-Za-z]")
_NARROW = re.compile("[\x00-\xff\u2010-\u2026\u2030-\u203a]*")
"""A text that has no letter beyond Latin-1, as no long Vietnamese text in Unicode is."""
_BETWEEN = re.compile(r"[\s!-@\[-`{-~\u2010-\u203a]+")
_ONSET = "(?:ngh|ng|nh|gh|gi|qu|kh|ph|th|tr|ch|[bcdđghklmnprstvx])?"
_OPEN = (
    "uya|uyu|uây|uôi|ươi|ươu|iêu|yêu|oai|oay|oao|oeo|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oa|oe|oi|ôi"
    "|ơi|ua|uê|ui|uy|uơ|ưa|ưi|ưu|[aeêioôơuưy]"
)
_CLOSED = "(?:uyê|iê|yê|oa|oă|oe|oo|uâ|uê|uô|uy|ươ|[aăâeêioôơuưy])(?:ch|c|m|ng|nh|n|p|t)"
_SYLLABLE = re.compile(f"{_ONSET}(?:{_CLOSED}|{_OPEN})")
_TONE = re.compile(f"[{TONES}]")
_ABBREVIATION = re.compile("[A-ZĂÂĐÊÔƠƯ]{2,8}")
_LONG_ENOUGH = 3
"""The letters of a word that alone proves an encoding: "µm" is a measure."""
_MOSTLY = 0.8
"""The share of the words which must have become Vietnamese."""


def from_tcvn3(text: str) -> str:
    """The text of a file in the TCVN3 (ABC) encoding.

    >>> from_tcvn3("Uû ban nh©n d©n")
    'Uỷ ban nhân dân'
    """
    return text.translate(_TCVN3)


def from_vni(text: str) -> str:
    """The text of a file in the VNI encoding.

    >>> from_vni("Xin chaøo caùc baïn, ÑAÏI HOÄI")
    'Xin chào các bạn, ĐẠI HỘI'
    """

    def letter(found: re.Match[str]) -> str:
        typed = found[0]
        said = _VNI[typed.lower()]
        return said.upper() if typed[0].isupper() else said

    return _VNI_ANY.sub(letter, text)


def font_encoding(font: str) -> Encoding | None:
    """The encoding that a font of this name was made for, or None.

    >>> font_encoding(".VnTimeH"), font_encoding("VNI-Times"), font_encoding("Times New Roman")
    ('tcvn3_capitals', 'vni', None)
    """
    name = font.strip().lower()
    if name.startswith(".vn"):
        return "tcvn3_capitals" if name.endswith("h") else "tcvn3"
    return "vni" if name.startswith("vni-") else None


def may_be_legacy(text: str) -> bool:
    """Whether a text has none of the letters that only Unicode has; few Vietnamese texts do."""
    return not text.isascii() and _NARROW.fullmatch(text) is not None


def read_legacy(text: str, encoding: Encoding | None = None) -> str | None:
    """The text in Unicode if it is in an old encoding, or None: it is to be left alone.

    `encoding` is what the cell's font was made for; people set such fonts on Unicode text
    too, so what it gives must be Vietnamese all the same. Without it the text must hold a
    word that no Vietnamese text in Unicode holds, and only one encoding may make sense of it.

    >>> read_legacy("Hoµn thµnh"), read_legacy("Báo cáo"), read_legacy("Đã xong")
    ('Hoàn thành', None, None)
    """
    if not may_be_legacy(text):
        return None
    if encoding is not None:
        said = from_vni(text) if encoding == "vni" else from_tcvn3(text)
        if not _is_vietnamese(text, said, surely=False):
            return None
        return said.upper() if encoding == "tcvn3_capitals" else said
    readings = [said for said in (from_tcvn3(text), from_vni(text)) if _is_vietnamese(text, said)]
    return readings[0] if len(readings) == 1 else None


def _is_vietnamese(before: str, after: str, *, surely: bool = True) -> bool:
    """Whether the words that changed became Vietnamese, one of which surely was none."""
    words = zip(_BETWEEN.split(before), _BETWEEN.split(after), strict=False)
    typed = [(old, new) for old, new in words if _MEANT.search(old)]
    right = [old for old, new in typed if old != new and _is_word(new)]
    odd = [old for old in right if _ASCII_LETTER.search(old) and not _is_word(old)]
    sure = len(odd) > 1 or any(len(old) >= _LONG_ENOUGH for old in odd)
    return bool(right) and len(right) >= _MOSTLY * len(typed) and (sure or not surely)


def _is_word(word: str) -> bool:
    """Whether a word is a Vietnamese syllable, or capitals such as "HĐND"."""
    apart = unicodedata.normalize("NFD", word.lower())
    plain, tones = _TONE.subn("", apart)
    said = unicodedata.normalize("NFC", plain)
    return (tones <= 1 and _SYLLABLE.fullmatch(said) is not None) or (
        _ABBREVIATION.fullmatch(word) is not None
    )
