from __future__ import annotations

from typing import Any

import msgspec
import pytest
from docx.oxml.ns import nsmap

from khreport.edges.docx_parts import Element, make_run, make_table
from khreport.report import Run, Table

PLAIN = Table(
    header=("TT", "Nhiệm vụ", "%"),
    rows=(("1", "Ngắn", "75"), ("2", "Ngắn", "1.234,5")),
    widths_mm=(12, 120, 28),
    aligns=("center", "left", "right"),
)
PORTRAIT = (160.0, 257.0)
LANDSCAPE = (247.0, 170.0)


def draw(area_mm: tuple[float, float] = PORTRAIT, **changes: object) -> Element:
    table = msgspec.structs.replace(PLAIN, **changes)
    return make_table(table, ("Header", "Cell", "Band"), size_pt=12, area_mm=area_mm)


def find(element: Element, path: str) -> list[Any]:
    found: list[Any] = element.xpath(path, namespaces=nsmap)
    return found


def test_a_table_is_ruled_and_as_wide_as_the_text() -> None:
    assert find(draw(), "w:tblPr/w:tblW/@w:w") == ["9070"]
    assert find(draw(), "w:tblGrid/w:gridCol/@w:w") == ["680", "6803", "1587"]
    assert set(find(draw(), "w:tblPr/w:tblBorders/*/@w:val")) == {"single"}


@pytest.mark.parametrize("size_pt", [None, 11.0])
def test_cells_that_stand_open_are_shown_on_yellow_and_no_others(size_pt: float | None) -> None:
    table = draw(open_cells=frozenset({(1, 2)}), size_pt=size_pt)
    marked = find(table, "w:tr//w:tc[.//w:highlight[@w:val='yellow']]")
    assert [cell.xpath("string(.)") for cell in marked] == ["1.234,5"]


def test_widths_are_stretched_to_a_wider_page() -> None:
    assert find(draw(LANDSCAPE), "w:tblGrid/w:gridCol/@w:w") == ["1050", "10502", "2451"]


def test_only_the_header_row_is_repeated() -> None:
    rows = find(draw(), "w:tr")
    assert [len(find(row, "w:trPr/w:tblHeader")) for row in rows] == [1, 0, 0]


def test_numbers_stand_on_the_right() -> None:
    row = find(draw(), "w:tr")[2]
    assert find(row, "w:tc/w:p/w:pPr/w:jc/@w:val") == ["center", "left", "right"]
    assert find(row, "w:tc[3]//w:t/text()") == ["1.234,5"]


@pytest.mark.parametrize(
    ("column", "letters", "splits"),
    [(1, 1100, False), (1, 1300, True), (2, 200, False), (2, 500, True)],
)
def test_a_row_splits_only_where_it_may_not_fit_on_a_page(
    column: int, letters: int, *, splits: bool
) -> None:
    row = ["2", "", ""]
    row[column] = "ă" * letters
    short, long = find(draw(rows=(PLAIN.rows[0], tuple(row))), "w:tr")[1:]
    assert find(short, "w:trPr/w:cantSplit") != []
    assert (find(long, "w:trPr/w:cantSplit") == []) is splits


def test_a_title_row_spans_all_columns_with_all_its_texts() -> None:
    (row,) = find(draw(rows=(("II", "Nông nghiệp", ""),), band_rows=frozenset({0})), "w:tr")[1:]
    assert find(row, "w:tc/w:tcPr/w:gridSpan/@w:val") == ["3"]
    assert find(row, ".//w:pStyle/@w:val") == ["Band"]
    assert find(row, ".//w:t/text()") == ["II. Nông nghiệp"]


def test_letters_have_the_size_of_the_style_unless_the_table_names_one() -> None:
    assert find(draw(), ".//w:sz") == []
    assert set(find(draw(size_pt=10.5), ".//w:sz/@w:val")) == {"21"}


def test_no_line_ends_between_a_number_and_its_unit_or_within_a_document_s_number() -> None:
    told = "Nghị quyết số 09-NQ/TW: 1.234,5 tỷ đồng, chậm 12 ngày"
    for runs in (
        find(draw(rows=(("1", told, "75"),)), "w:tr[2]/w:tc[2]//w:r")[0],
        make_run(Run(told)),
    ):
        assert find(runs, "w:t/text()") == [
            "Nghị quyết số\u00a009", "NQ/TW: 1.234,5\u00a0tỷ\u00a0đồng, chậm 12\u00a0ngày",
        ]  # fmt: skip
        assert len(find(runs, "w:noBreakHyphen")) == 1


def test_a_row_with_too_few_cells_is_not_written() -> None:
    with pytest.raises(ValueError, match="shorter"):
        draw(rows=(("1", "Thiếu ô"),))
