"""What the folder of one round hands on to the next, and to whom it is not shown."""

from __future__ import annotations

from pathlib import Path

from two_years import make_rounds, put_into_editing

from khreport.edges.folder import newest_edition
from khreport.layout.workbook import lay_out_workbook
from khreport.verbs.consolidated import load_consolidation
from khreport.verbs.previous import read_previous

OPINION = "UBND tỉnh đã trả lời tại Công văn số 12/UBND-TH"


def test_proposals_with_opinions_and_figures_go_into_the_next_round(tmp_path: Path) -> None:
    rounds = make_rounds(tmp_path)
    edition = rounds.sent.edition
    sent = edition.previous
    assert sent is not None
    assert newest_edition(rounds.second).previous == sent
    visitors = [f for f in sent.figures if f.indicator == "CT.visitors"]
    assert ("sdl", 2023, 7.1, "Năm 2023") in [
        (f.agency, f.year, f.value, f.period) for f in visitors
    ]
    assert {p.agency for p in sent.proposals} <= {"skhcn", "sxd", "sdl"}
    for agency in edition.asked:
        cells = (cell for sheet in lay_out_workbook(edition, agency).sheets for cell in sheet.cells)
        told = {str(cell.value) for cell in cells}
        others = {p.text for p in sent.proposals if p.agency != agency}
        assert not told & others, agency
    first = load_consolidation(rounds.first).proposals["id"][0]
    put_into_editing(rounds.first, first, opinion=OPINION)
    again = read_previous(rounds.first.folder, edition)
    assert {p.id: p.opinion for p in again.proposals if p.opinion}[first] == OPINION
