from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khreport.edges.shipped import load_plan
from khreport.legacy import font_encoding, from_tcvn3, from_vni, read_legacy

TCVN3_BYTES = {
    "ĂÂÊÔƠƯĐăâêôơưđ": range(0xA1, 0xAF),
    "àảãáạ": range(0xB5, 0xBA),
    "ằẳẵắ": range(0xBB, 0xBF),
    "ặầẩẫấậè": range(0xC6, 0xCD),
    "ẻẽéẹềểễếệìỉ": range(0xCE, 0xD9),
    "ĩíịò": range(0xDC, 0xE0),
    "ỏõóọồổỗốộờởỡớợù": range(0xE1, 0xF0),
    "ủũúụừửữứựỳỷỹýỵ": range(0xF1, 0xFF),
}
SENTENCE = "Ủy ban nhân dân tỉnh đã phê duyệt đồ án, giải ngân được 45 tỷ đồng; ưu tiên vốn"
LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)


@pytest.mark.parametrize("letters", TCVN3_BYTES)
def test_each_letter_of_tcvn3_stands_at_its_byte(letters: str) -> None:
    typed = bytes(TCVN3_BYTES[letters]).decode("latin-1")
    assert from_tcvn3(typed) == letters


def test_the_soft_hyphen_is_a_letter() -> None:
    assert from_tcvn3("\xae\xad\xeang") == "đường"
    assert read_legacy("\xae\xad\xeang phè") == "đường phố"


def to_vni(text: str) -> str:
    """The text as a VNI keyboard types it: each letter, then its mark."""
    tones = dict(zip("\u0300\u0309\u0303\u0301\u0323", "øûõùï", strict=True))
    roofed = dict(zip("\u0300\u0309\u0303\u0301\u0323", "àåãáä", strict=True))
    breved = dict(zip("\u0300\u0309\u0303\u0301\u0323", "èúüéë", strict=True))
    alone = {"ì": "ì", "ỉ": "æ", "ĩ": "ó", "í": "í", "ị": "ò", "ỵ": "î", "đ": "ñ"}
    typed = ""
    for letter in text:
        small = letter.lower()
        apart = unicodedata.normalize("NFD", small)
        base, marks = apart[0], apart[1:]
        tone = next((m for m in marks if m in tones), "")
        if small in alone:
            said = alone[small]
        elif "\u0302" in marks:
            said = base + roofed.get(tone, "â")
        elif "\u0306" in marks:
            said = base + breved.get(tone, "ê")
        else:
            said = {"o": "ô", "u": "ö"}[base] if "\u031b" in marks else base
            said += tones.get(tone, "")
        typed += said.upper() if letter != small else said
    return typed


def test_every_vietnamese_letter_goes_through_vni_and_back() -> None:
    for text in (LETTERS, LETTERS.upper()):
        assert from_vni(to_vni(text)) == text


def to_tcvn3(text: str) -> str:
    return text.translate(
        {ord(k): chr(v) for ks, vs in TCVN3_BYTES.items() for k, v in zip(ks, vs, strict=True)}
    )


@pytest.mark.parametrize("text", [SENTENCE, "Đang thực hiện", "Hoàn thành", "Trường Sa"])
def test_text_in_either_encoding_is_recognised_by_its_letters(text: str) -> None:
    typed = text.replace("Ủ", "ủ")  # TCVN3 has no such capital
    assert read_legacy(to_tcvn3(typed)) == typed
    assert read_legacy(to_vni(text)) == text


def test_plan_texts_in_an_old_encoding_are_recognised() -> None:
    for task in load_plan("qd1165").tasks:
        small = task.text.lower()  # the capitals of TCVN3 are in its fonts
        assert read_legacy(to_tcvn3(small)) == small
        assert read_legacy(to_vni(task.text)) == task.text


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", "tcvn3"),
        (".VnTimeH", "tcvn3_capitals"),
        (".VnArial Narrow", "tcvn3"),
        ("VNI-Times", "vni"),
        ("vni-helve", "vni"),
        ("Times New Roman", None),
        ("VNtimes new roman", None),
    ],
)
def test_fonts_say_their_encoding(font: str, encoding: str | None) -> None:
    assert font_encoding(font) == encoding


@pytest.mark.parametrize(
    "text",
    [
        "Báo cáo", "có", "lý do", "giá", "5 m²", "«có»", "½", "1½", "· có", "± 3 °C", "Café Noël",
        "Nestlé", "Köln", "ABC®", "© 2024", "São Tomé", "§ 5", "10 µm", "¼ km", "Đã xong",
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_good_text_is_left_alone(text: str, form: str) -> None:
    assert read_legacy(unicodedata.normalize(form, text)) is None  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(alphabet=LETTERS + LETTERS.upper(), min_size=1, max_size=7), max_size=12))
def test_vietnamese_in_unicode_is_never_converted(words: list[str]) -> None:
    assert read_legacy(" ".join(words)) is None


def test_every_text_of_the_plan_is_left_alone() -> None:
    plan = load_plan("qd1165")
    words = {word for task in plan.tasks for word in task.text.split()}
    assert {word for word in words if read_legacy(word) is not None} == set()
