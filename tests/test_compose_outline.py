from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from khreport.compose.report import WRITERS
from khreport.compose.sentences import Sentence, write_sentence
from khreport.edges.shipped import load_outline, shipped_text
from khreport.errors import PlanError
from khreport.parse.outline import CONTENTS, parse_outline, slots_of
from khreport.period_words import words_of
from khreport.periods import read_key

GOLDEN = Path(__file__).with_name("expected") / "cau-mau.txt"
OUTLINE = "templates/docx/bao-cao-nam.toml"

COUNTS = {"không có gì": (0, 0), "không": (0, 5), "không trên một": (0, 1),
          "một trên một": (1, 1), "một": (1, 5), "một số": (3, 25), "tất cả": (12, 12)}  # fmt: skip
VALUES = words_of(read_key("2024")) | {
    "year": "2024",
    "following_year": "2025",
    "closing": "30/11/2024",
    "due": "13/12/2024",
    "office": "Sở Kế hoạch và Đầu tư",
    "estimate": "ước ",
    "previous_year": "2023",
    "previous": "năm 2023",
    "plans": " (trong đó có 02 kế hoạch)",
    "same_area": "",
    "exceeded": " (trong đó 01 chỉ tiêu vượt)",
    "agencies": "04",
    "names": "A và B",
    "rows": "02 nhiệm vụ và 01 mốc trung gian",
    "appendix": "Phụ lục II",
    "plan_appendix": "Phụ lục II",
    "kind": "có thời hạn",
    "phrase": "hoàn thành đúng hạn",
    "parts": "02 hoàn thành và 01 quá hạn",
}

QUARTER = words_of(read_key("2024-Q3"))
"""What the sentence names that is never said of a year."""


def test_the_counted_sentences_read_as_the_golden_texts_for_none_one_some_and_all() -> None:
    """Written anew by removing the file and running this test twice."""
    sentences = load_outline().sentences
    shown = []
    for name in sentences.__struct_fields__:
        sentence = getattr(sentences, name)
        if isinstance(sentence, Sentence):
            shown.append(f"[{name}]")
            values = VALUES | (QUARTER if name == "under_way" else {})
            shown += [
                f"{what}: {write_sentence(sentence, count, total, **values)}"
                for what, (count, total) in COUNTS.items()
            ]
    written = "\n".join(shown) + "\n"
    if not GOLDEN.exists():
        GOLDEN.write_text(written, encoding="utf-8")
        pytest.fail(f"{GOLDEN.name} was written; read it and run again")
    expected = GOLDEN.read_text(encoding="utf-8")
    assert written == expected, "\n".join(
        difflib.unified_diff(expected.splitlines(), written.splitlines(), lineterm="")
    )


def test_every_content_of_an_outline_has_a_writer() -> None:
    assert set(WRITERS) == set(CONTENTS)


def test_the_slots_are_listed_in_the_order_of_the_report() -> None:
    outline = load_outline()
    asked = [
        content.removeprefix("slot:")
        for part in outline.part
        for content in part.contents
        if content.startswith("slot:")
    ]
    assert asked == ["direction", "strengths", "shortcomings", "outlook"]
    assert [key for key, _ in slots_of(outline)] == asked
    assert all(prompt and not prompt.endswith(".") for _, prompt in slots_of(outline))


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ('"late"]', '"laet"]', r"dòng \d+ \(Nhiệm vụ chậm và nguyên nhân\): .*Có phải “late”"),
        ('"slot:outlook"', '"slot:outlok"', "Có phải “slot:outlook”"),
        ("partly = ", "partli = ", r"dòng \d+ \(states\): không có trạng thái “partli”"),
        ("proposals = 3", "proposals = 'ba'", r"dòng \d+"),
        ("[sentences.late]", "[sentences.lote]", r"dòng \d+ \(sentences\)"),
    ],
)
def test_a_mistake_in_the_outline_is_told_with_its_line(
    right: str, wrong: str, complaint: str
) -> None:
    text = shipped_text(OUTLINE)
    assert right in text
    with pytest.raises(PlanError, match=complaint):
        parse_outline(text.replace(right, wrong, 1), OUTLINE)
