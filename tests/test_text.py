import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khreport.text import (
    clean,
    collation_key,
    file_name_part,
    fold,
    fold_plain,
    join_and,
    narrow,
    suggest,
)

VIETNAMESE = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)
MESS = "\u00a0\u200b\ufeff\u2003\t\r\n\u2028 -–.,;“”'()/0123456789"
vietnamese = st.text(VIETNAMESE + VIETNAMESE.upper() + MESS, max_size=40)
any_text = st.text(max_size=40) | vietnamese


def decompose(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("Khánh\u00a0Hòa", "Khánh Hòa"),
        ("\ufeffSở Y tế\u200b", "Sở Y tế"),
        ("a\u202f\u2003\t b", "a b"),
        ("dòng 1 \r\n  dòng 2\rdòng 3\u2028dòng 4", "dòng 1\ndòng 2\ndòng 3\ndòng 4"),
        ("đoạn 1\n\nđoạn 2", "đoạn 1\n\nđoạn 2"),
        (" \u00a0\n\u200b ", ""),
        ("a\x00\x08b\ufffe\ud800", "ab"),
        ("e\u200b\u0302\u0301", "ế"),
        ("a\u0340", "à"),
        ("n\u00ad", "n\u00ad"),
    ],
)
def test_clean_keeps_the_words_and_lines_and_nothing_invisible(entered: str, kept: str) -> None:
    assert clean(entered) == kept


@pytest.mark.parametrize(
    ("entered", "plain"),
    [
        ("６３，５％", "63,5%"),
        ("Ａ１；３", "A1;3"),
        ("٣٤", "34"),
        ("m² – 15/BC-SXD ở", "m² – 15/BC-SXD ở"),
    ],
)
def test_wide_signs_and_foreign_digits_become_plain_ones(entered: str, plain: str) -> None:
    assert narrow(entered) == plain


@given(any_text)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(any_text)
def test_clean_text_is_nfc_and_fit_for_utf8(text: str) -> None:
    assert unicodedata.is_normalized("NFC", clean(text))
    clean(text).encode()


@given(vietnamese)
def test_decomposed_input_reads_like_composed_input(text: str) -> None:
    apart = decompose(text)
    assert clean(apart) == clean(text)
    assert fold(apart) == fold(text)
    assert collation_key(apart) == collation_key(text)
    assert file_name_part(apart) == file_name_part(text)


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        ("Khánh Hoà", "khánh hòa", "khánh hòa"),
        ("Uỷ ban", "ỦY BAN", "ủy ban"),
        ("thuý", "thúy", "thúy"),
        ("khoẻ", "khỏe", "khỏe"),
        ("TOÀ ÁN", "tòa án", "tòa án"),
        ("toán", "tóan", "toán"),
        ("Huỳnh", "hùynh", "huỳnh"),
        ("hoặc", "họăc", "hoặc"),
        ("quý", "qúy", "quý"),
        ("quốc", "qúôc", "quốc"),
        ("Đà Nẵng", "Ðà Nẵng", "đà nẵng"),
        ("Lao động - Thương binh", "Lao động – Thương binh", "lao động-thương binh"),
        ("“Không”", '" không "', '"không"'),
        ("Đã trình,chờ  duyệt", "Đã trình , chờ\nduyệt", "đã trình,chờ duyệt"),
    ],
)
def test_spelling_variants_of_one_text_share_a_key(one: str, other: str, key: str) -> None:
    assert fold(one) == fold(other) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [("má", "mà"), ("hoa", "hòa"), ("Đa", "Da"), ("tỉ lệ", "tỷ lệ"), ("PL 1", "PL 11")],
)
def test_texts_of_another_meaning_keep_another_key(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(any_text)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_plain(fold_plain(text)) == fold_plain(text)


@given(st.text(VIETNAMESE + " ", max_size=40))
def test_a_plain_key_of_vietnamese_is_ascii(text: str) -> None:
    assert fold_plain(text).isascii()


@pytest.mark.parametrize(
    "in_order",
    [
        ["Ba Ngòi", "Bảo An", "Bắc Cam Ranh", "Cam Linh", "Diên Khánh", "Đại Lãnh"],
        ["hoa", "hoà", "hỏa", "hõa", "hóa", "họa"],
        ["hoa", "hòa", "hoả", "hõa", "hoá", "hoạ"],
        list("aăâbcdđeêghiklmnoôơpqrstuưvxy"),
        ["_a", "1", "a", "ban", "Ban", "Hoa An", "Hòa An", "Hoa Bình", "Hòa-An", "HòaAn"],
        ["Da", "dã", "Dạ", "da – z", "dá x", "da z", "da-z", "da, z", "Đa", "Đá"],
        ["sở", "Sở", "Sở 10", "Sở 2", "Sở Tài chính", "Sở Y tế", "ủy ban", "Ứng Hòa"],
        ["HOÀ", "HÕA", "HOÁ", "z", "ж", "漢"],
    ],
    ids=lambda words: words[0],
)
def test_sorting_gives_the_vietnamese_order(in_order: list[str]) -> None:
    backwards = in_order[::-1]
    assert sorted(backwards, key=collation_key) == in_order


@given(st.lists(any_text, max_size=8))
def test_collation_is_total_and_does_not_depend_on_the_order_of_input(texts: list[str]) -> None:
    backwards = texts[::-1]
    ordered = sorted(texts, key=collation_key)
    assert [clean(t) for t in ordered] == [clean(t) for t in sorted(backwards, key=collation_key)]
    for before, after in pairwise(ordered):
        tied = collation_key(before) == collation_key(after)
        assert tied == (clean(before) == clean(after))


STATES = [
    "Hoàn thành",
    "Đã trình, chờ phê duyệt",
    "Đang thực hiện",
    "Chưa thực hiện",
    "Không thuộc nhiệm vụ (chuyển cơ quan nào)",
]


@pytest.mark.parametrize(
    ("entered", "meant"),
    [
        ("hoan thanh", "Hoàn thành"),
        ("Đã hoàn thành", "Hoàn thành"),
        ("Đã trình chờ duyệt", "Đã trình, chờ phê duyệt"),
        ("Đag thực hịên", "Đang thực hiện"),
        ("chưa thực hiên", "Chưa thực hiện"),
        ("Không thuộc nhiệm vụ", "Không thuộc nhiệm vụ (chuyển cơ quan nào)"),
        ("Chưa hoàn thành", None),
        ("xong", None),
        ("đ", None),
        ("", None),
    ],
)
def test_a_near_miss_suggests_the_choice_that_was_meant(entered: str, meant: str | None) -> None:
    assert suggest(entered, STATES) == meant


def test_there_is_nothing_to_suggest_without_choices() -> None:
    assert suggest("Hoàn thành", []) is None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Sở Xây dựng", "So-Xay-dung"),
        ("Ủy ban nhân dân thị xã Ninh Hoà", "Uy-ban-nhan-dan-thi-xa-Ninh-Hoa"),
        ("../../Đề án", "De-an"),
        ('a<b>c:d"e|f?g*h', "a-b-c-d-e-f-g-h"),
        ("Con", "Con-x"),
        ("COM¹", "COM1-x"),
        ("…", "khong-ten"),
        ("cơ quan " * 20, "-".join(["co-quan"] * 10)),
        ("a" * 200, "a" * 80),
    ],
)
def test_a_file_name_part_is_safe_everywhere(text: str, part: str) -> None:
    assert file_name_part(text) == part


@given(any_text)
def test_a_file_name_part_has_nothing_but_ascii_words(text: str) -> None:
    part = file_name_part(text)
    assert part.isascii()
    assert part.replace("-", "").isalnum()
    assert 1 <= len(part) <= 80
    assert not part.startswith("-")
    assert not part.endswith("-")


@pytest.mark.parametrize(
    ("items", "sentence"),
    [([], ""), (["A"], "A"), (["A", "B"], "A và B"), (["A", "B", "C"], "A, B và C")],
)
def test_items_are_joined_as_a_sentence_lists_them(items: list[str], sentence: str) -> None:
    assert join_and(items) == sentence
