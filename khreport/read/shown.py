"""What a sheet shows beside the values of its cells: comments, strike-through, merged cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

from khreport.anatomy import KEY_COLUMN
from khreport.cells import CellRef
from khreport.messages import quote
from khreport.read.account import Account, Spot
from khreport.read.located import Located, as_text, is_blank


def tell_shown(account: Account, located: Located) -> None:
    """Nothing; the account holds what people showed otherwise than by a cell's value.

    None of it is taken for an answer: comments are notes, crossed out text of the plan a
    warning, and where one cell was merged with others those are asked about.
    """
    if not (account.sheet.comments or account.sheet.merges or located.looks):
        return
    rows = dict(zip(located.at, located.rows, strict=True))
    keys = {at: key for key, at in located.columns.items()}

    def spot_at(index: int, at: int) -> Spot | None:
        """The cell, if it is one of the form's."""
        if index not in rows or at not in keys:
            return None
        return Spot(index=index, at=at, row=rows[index], column=account.form.column[keys[at]])

    top, left = account.sheet.row, account.sheet.column
    for row, column, text in account.sheet.comments:
        cell = row - top, column - left
        place = spot_at(*cell) or Spot(index=cell[0], at=cell[1])
        account.tell("cell.comment", place, comment=quote(text))
    for cell, looks in located.looks.items():
        if "struck" in looks and (spot := spot_at(*cell)) is not None and _repeats_plan(spot):
            account.tell("text.struck", spot)
    for first, spot in _find_covered(account, located, spot_at):
        _tell_covered(account, located, first, spot)


def _repeats_plan(spot: Spot) -> bool:
    """Whether the cell is one that says what the plan says."""
    column, row = spot.column, spot.row
    return column is not None and row is not None and column.source in row.mirror


def _find_covered(
    account: Account, located: Located, spot_at: Callable[[int, int], Spot | None]
) -> Iterator[tuple[tuple[int, int], Spot]]:
    """The form's cells that lost their own content to one that they are merged with: it, they."""
    top, left = account.sheet.row, account.sheet.column
    height, width = len(located.cells), len(located.cells[0])
    covered: set[tuple[int, int]] = set()
    for row, column, last_row, last_column in account.sheet.merges:
        first = row - top, column - left
        rows = range(max(first[0], 0), min(last_row - top + 1, height))
        columns = range(max(first[1], 0), min(last_column - left + 1, width))
        for cell in product(rows, columns):
            # no program lets areas overlap: a file that does would cost more than it has cells
            if cell in covered:
                break
            covered.add(cell)
            spot = spot_at(*cell) if cell != first else None
            if spot is not None:
                yield first, spot


def _tell_covered(account: Account, located: Located, first: tuple[int, int], spot: Spot) -> None:
    """Nothing; a cell that is asked is told: below, its answer may be the same, beside it not."""
    index, at = first
    value = located.cells[index][at] if _holds(located, index, at) else ""
    if spot.row is None or spot.column is None or spot.row.kind is None or is_blank(value):
        return
    if spot.column.asks(spot.row.kind):
        cell = str(CellRef(index + account.sheet.row, at + account.sheet.column))
        if spot.at == at:
            account.tell("cell.merged", spot, as_text(value), first=cell)
        else:
            account.tell("cell.merged_across", spot, first=cell)
        account.unread.append((account.form.key, spot.row.key, spot.column.key))


def _holds(located: Located, index: int, at: int) -> bool:
    return 0 <= index < len(located.cells) and KEY_COLUMN < at < len(located.cells[index])
