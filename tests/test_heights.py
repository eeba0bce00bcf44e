from __future__ import annotations

import pytest

from khreport.layout.heights import count_lines, text_height_pt, text_width_pt


def test_vietnamese_marks_take_no_room() -> None:
    assert text_width_pt("ẻễộừ", 12) == text_width_pt("eeou", 12)
    assert text_width_pt("Đ", 10) == pytest.approx(7.22)


def test_the_national_title_is_as_wide_as_measured() -> None:
    # official-format 1.9: 271.2 pt at 13 pt bold in Times New Roman
    title = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert text_width_pt(title, 13, bold=True) == pytest.approx(271.2, rel=0.03)


def test_each_line_break_and_each_full_line_counts() -> None:
    assert count_lines("một", 100, 10) == 1
    assert count_lines("một\nhai\n", 100, 10) == 3
    assert count_lines(" ".join(["mmmm"] * 10), text_width_pt("mmmm mmmm", 10) + 1, 10) == 5


def test_a_word_longer_than_the_line_is_broken() -> None:
    assert count_lines("m" * 30, text_width_pt("m" * 10, 10) + 1, 10) == 3


def test_a_longer_text_is_never_lower() -> None:
    heights = [text_height_pt("kết quả thực hiện " * n, 20, 9) for n in range(1, 40)]
    assert heights == sorted(heights)
    assert heights[0] < 30
    assert heights[-1] > 300
