"""What a sheet shows beside the values of its cells: comments, strike-through, merged cells."""

from __future__ import annotations

from khreport.anatomy import KEY_COLUMN
from khreport.cells import CellRef
from khreport.messages import quote
from khreport.read.account import Account, Spot
from khreport.read.locate import Located, as_text, is_blank


def tell_shown(account: Account, located: Located) -> None:
    """Nothing; the account holds what people showed otherwise than by a cell's value.

    None of it is taken for an answer: comments are notes, crossed out text of the plan a
    warning, and where one cell was merged over several rows the others are asked about.
    """
    if not (account.sheet.comments or account.sheet.merges or located.looks):
        return
    spots = _spots(account, located)
    top, left = account.sheet.row, account.sheet.column
    for row, column, text in account.sheet.comments:
        cell = row - top, column - left
        place = spots.get(cell) or Spot(index=cell[0], at=cell[1])
        account.tell("cell.comment", place, comment=quote(text))
    for cell, looks in located.looks.items():
        spot = spots.get(cell)
        if "struck" in looks and spot is not None and _repeats_plan(spot):
            account.tell("text.struck", spot)
    for row, column, last, _ in account.sheet.merges:
        _tell_merge(account, located, spots, (row - top, column - left, last - top))


def _spots(account: Account, located: Located) -> dict[tuple[int, int], Spot]:
    """The cells of the form's rows, by index and column in the used range."""
    form = account.form
    return {
        (index, at): Spot(index=index, at=at, row=row, column=form.column[key])
        for index, row in zip(located.at, located.rows, strict=True)
        for key, at in located.columns.items()
    }


def _repeats_plan(spot: Spot) -> bool:
    """Whether the cell is one that says what the plan says."""
    column, row = spot.column, spot.row
    return column is not None and row is not None and column.source in row.mirror


def _tell_merge(
    account: Account,
    located: Located,
    spots: dict[tuple[int, int], Spot],
    area: tuple[int, int, int],
) -> None:
    """Nothing; the answer of a cell merged over rows is offered to those that lost their own."""
    first, at, last = area
    value = located.cells[first][at] if _holds(located, first, at) else ""
    if is_blank(value):
        return
    cell = str(CellRef(first + account.sheet.row, at + account.sheet.column))
    for index in range(first + 1, last + 1):
        spot = spots.get((index, at))
        if spot is None or spot.row is None or spot.column is None or spot.row.kind is None:
            continue
        if spot.column.asks(spot.row.kind):
            account.tell("cell.merged", spot, as_text(value), first=cell)
            account.unread.append((account.form.key, spot.row.key, spot.column.key))


def _holds(located: Located, index: int, at: int) -> bool:
    return 0 <= index < len(located.cells) and KEY_COLUMN < at < len(located.cells[index])
