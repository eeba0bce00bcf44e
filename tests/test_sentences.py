from __future__ import annotations

import pytest

from khreport.compose.sentences import (
    Sentence,
    end_sentence,
    fill_pattern,
    shorten_quote,
    shorten_title,
    tidy_quote,
    write_list,
    write_sentence,
    write_share,
    write_split,
)
from khreport.errors import PlanError
from khreport.text import begin_sentence

OVERDUE = Sentence(
    some="Có {count}/{total} nhiệm vụ quá hạn ({share}), còn {rest} nhiệm vụ trong hạn.",
    empty="Không có nhiệm vụ có thời hạn.",
    none="Không có nhiệm vụ quá hạn.",
    only="Nhiệm vụ duy nhất đã quá hạn.",
    all="Cả {total} nhiệm vụ đều quá hạn.",
)
STATES = Sentence(
    some="trong {total} nhiệm vụ: {parts}",
    empty="không có nhiệm vụ",
    only="01 nhiệm vụ {phrase}",
    all="cả {total} nhiệm vụ đều {phrase}",
)


@pytest.mark.parametrize(
    ("count", "total", "written"),
    [
        (0, 0, "Không có nhiệm vụ có thời hạn."),
        (0, 7, "Không có nhiệm vụ quá hạn."),
        (1, 1, "Nhiệm vụ duy nhất đã quá hạn."),
        (1, 3, "Có 01/03 nhiệm vụ quá hạn (33,3%), còn 02 nhiệm vụ trong hạn."),
        (12, 25, "Có 12/25 nhiệm vụ quá hạn (48%), còn 13 nhiệm vụ trong hạn."),
        (1999, 2000, "Có 1.999/2.000 nhiệm vụ quá hạn (99,9%), còn 01 nhiệm vụ trong hạn."),
        (9, 9, "Cả 09 nhiệm vụ đều quá hạn."),
    ],
)
def test_a_sentence_is_right_for_none_one_some_and_all(
    count: int, total: int, written: str
) -> None:
    assert write_sentence(OVERDUE, count, total) == written


def test_a_wording_left_out_is_another_s_and_an_empty_one_says_nothing() -> None:
    assert write_sentence(Sentence(some="{count} văn bản"), 0, 0) == "0 văn bản"
    assert write_sentence(Sentence(some="{count} văn bản", none=""), 0, 3) == ""
    assert write_sentence(Sentence(some="{count} văn bản", all="đủ {total}"), 1, 1) == "đủ 01"


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        ([(0, "hoàn thành"), (0, "quá hạn")], "không có nhiệm vụ"),
        ([(1, "hoàn thành"), (0, "quá hạn")], "01 nhiệm vụ hoàn thành"),
        ([(0, "hoàn thành"), (4, "quá hạn")], "cả 04 nhiệm vụ đều quá hạn"),
        ([(3, "hoàn thành"), (1, "quá hạn")], "trong 04 nhiệm vụ: 03 hoàn thành và 01 quá hạn"),
    ],
)
def test_a_split_names_only_parts_that_are_there(
    parts: list[tuple[int, str]], written: str
) -> None:
    assert write_split(STATES, parts) == written


def test_a_share_never_claims_none_or_all_wrongly() -> None:
    assert [write_share(n, 5000) for n in (0, 1, 2500, 4999, 5000)] == [
        "0%",
        "0,1%",
        "50%",
        "99,9%",
        "100%",
    ]


def test_a_list_says_how_many_it_leaves_out() -> None:
    names = ["Sở Y tế", "Sở Nội vụ", "Sở Tư pháp"]
    assert write_list(names, 3, "{count} cơ quan khác") == "Sở Y tế, Sở Nội vụ và Sở Tư pháp"
    assert write_list(names, 1, "{count} cơ quan khác") == "Sở Y tế và 02 cơ quan khác"
    assert write_list([], 3, "{count} cơ quan khác") == ""


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("  đã ban hành Kế hoạch.. ", "Đã ban hành Kế hoạch"),
        ("- - Trồng rừng;\n•  Khai thác cát ;", "Trồng rừng; Khai thác cát"),
        ("Đã làm:\n+ họp\n+ kiểm tra", "Đã làm: họp; kiểm tra"),
        ("o  Họp giao ban", "Họp giao ban"),
        ("oxy hóa nước thải", "Oxy hóa nước thải"),
        ("-5% so với năm trước", "-5% so với năm trước"),
        ("Cho 450 cán bộ theo kế hoạch", "Cho 450 cán bộ theo kế hoạch"),
        ("Tổ chức 3 - 5 hội nghị", "Tổ chức 3 - 5 hội nghị"),
        ("-", "-"),
        (" \n ", ""),
    ],
)
def test_a_quote_is_tidied_but_its_words_stay(said: str, quoted: str) -> None:
    assert tidy_quote(said) == quoted


def test_a_quote_is_shortened_by_whole_clauses() -> None:
    quote = "Đã trình hồ sơ; chưa được phê duyệt. Đang chờ ý kiến"
    assert shorten_quote(quote, 4) == "Đã trình hồ sơ"
    assert shorten_quote(quote, 8) == "Đã trình hồ sơ; chưa được phê duyệt"
    assert shorten_quote(quote, 3) == ""
    assert shorten_quote("Họp tại TP. Nha Trang v.v. Xong", 6) == ""
    assert shorten_quote("Thu 1.234,5 tỷ đồng", 4) == "Thu 1.234,5 tỷ đồng"


def test_a_title_is_cut_after_a_clause_or_before_a_preposition() -> None:
    title = "Thu hút nguồn lực trên cơ sở đẩy mạnh cải cách hành chính, cải thiện môi trường."
    assert shorten_title(title, 10).endswith("đẩy mạnh cải cách hành chính…")
    title = "Thu hút và sử dụng hiệu quả các nguồn lực trên cơ sở đẩy mạnh cải cách hành chính"
    assert shorten_title(title, 12) == "Thu hút và sử dụng hiệu quả các nguồn lực…"
    assert shorten_title("Bảo vệ rừng.", 10) == "Bảo vệ rừng"
    title = "Hoàn thành các dự án bảo vệ môi trường như: nạo vét sông, xây đập ngăn mặn"
    assert shorten_title(title, 9) == "Hoàn thành các dự án bảo vệ môi trường như…"
    title = "Đẩy mạnh chuyển dịch cơ cấu kinh tế gắn với đổi mới mô hình tăng trưởng"
    assert shorten_title(title, 12) == "Đẩy mạnh chuyển dịch cơ cấu kinh tế…"
    title = "Xây dựng đề án (cơ quan chủ trì là Sở Xây dựng) và trình duyệt"
    assert shorten_title(title, 7) == "Xây dựng đề án…"
    whole = "Đẩy mạnh chuyển đổi số các ngành kinh tế biển hiện tại"
    assert [shorten_title(whole, words) for words in (3, 4, 11)] == [whole] * 3


def test_marks_at_the_ends_of_a_sentence() -> None:
    assert end_sentence("chưa đạt;") == "chưa đạt."
    assert end_sentence("như sau:") == "như sau:"
    assert begin_sentence("đã họp") == "Đã họp"


def test_a_pattern_with_an_unknown_name_says_which_names_there_are() -> None:
    with pytest.raises(PlanError, match=r"dùng \{namm\} không có. Chỉ dùng: \{nam\}"):
        fill_pattern("Năm {namm}", {"nam": "2024"})
    with pytest.raises(PlanError, match="ngoặc nhọn không khớp"):
        fill_pattern("Năm {nam", {"nam": "2024"})


def test_a_wording_that_is_not_reached_is_checked_too() -> None:
    with pytest.raises(PlanError, match=r"\{tong\}"):
        write_sentence(Sentence(some="Có {count}.", all="Cả {tong}."), 1, 2)


def test_braces_in_the_words_of_an_agency_are_only_words() -> None:
    assert fill_pattern("Kết quả: {quote}", {"quote": "{count} mục"}) == "Kết quả: {count} mục"
