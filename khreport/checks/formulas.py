"""The rules as formulas: when a cell is missing, faulty or doubtful.

`khreport.checks.kinds` says the same to polars; a test lets LibreOffice judge the examples of
every card.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from khreport.checks.reach import FEWEST_LETTERS, HOLLOW, constant_limit, row_kinds
from khreport.checks.terms import (
    ABOVE,
    BEGUN,
    OWN,
    TEXT,
    TOP,
    Cell,
    Facts,
    Formula,
    Row,
    Test,
    bare,
    compare,
    every,
    is_one_of,
    literal,
    number,
    some,
    strip_signs,
    told,
    untold,
)
from khreport.columns import CLOSED, EXPLANATION, STATUS
from khreport.forms import Column
from khreport.given import KEPT
from khreport.rules import PARENT, SHEET, Comparison, Kind, Rule

MISSING, FAULTY, DOUBTFUL = 1, 2, 3
"""What a checked cell comes to; 0 where nothing is wrong with it."""
HOLLOW_NAME = "DS_hollow"
"""The defined name of the answers that tell nothing."""
POINTERS_NAME = "DS_pointers"
"""The defined name of the commonest answers that only point elsewhere."""
POINTERS = (
    "như trên", "như trên đây", "nt", "n t", "như năm trước", "như năm ngoái", "như kỳ trước",
    "như quý trước", "như báo cáo trước", "như báo cáo", "như báo cáo kèm theo",
    "như phụ lục kèm theo", "như văn bản kèm theo", "như đã báo cáo", "như đã nêu trên",
    "đã nêu trên", "tương tự", "tương tự như trên", "giống như trên", "giống trên",
    "báo cáo kèm theo", "có báo cáo kèm theo", "xem báo cáo", "xem báo cáo kèm theo",
    "xem file đính kèm", "xem file kèm theo", "xem phụ lục", "xem phụ lục kèm theo", "xem trên",
    "file đính kèm", "kèm theo", "đính kèm", "gửi kèm",
)  # fmt: skip
"""The reader (`khreport.read.pointers`) knows more of them."""
MOST_POINTER = max(map(len, POINTERS)) + 1
MOST_HOLLOW = max(map(len, HOLLOW)) + 1
NOT: dict[Comparison, Comparison] = {
    "=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip


class Asked(NamedTuple):
    """What the condition of a kind is made from: the rule, its row, the marked cell, its limit."""

    rule: Rule
    row: Row
    cell: Cell
    limit: Cell | object


def _hollow(asked: Asked) -> Test:
    cell, own = asked.cell, asked.row.cells.get(TEXT)
    text, name = bare(cell.text), cell.name
    digits = f"SUMPRODUCT(--ISNUMBER(FIND({{0,1,2,3,4,5,6,7,8,9}},{text})))"
    parts = [
        f"AND(LEN({text})<{FEWEST_LETTERS},{digits}=0)",
        # what is longer than 255 letters cannot be looked for
        f"ISNUMBER(MATCH(LEFT({text},{MOST_HOLLOW}),{HOLLOW_NAME},0))",
        *([f"{text}={bare(own + OWN)}"] if own else []),
    ]

    def holds(facts: Facts) -> bool:
        said = strip_signs(facts.get(name))
        short = len(said) < FEWEST_LETTERS and not any(sign in "0123456789" for sign in said)
        copied = own is not None and said == strip_signs(facts.get(TEXT))
        return short or said in HOLLOW or copied

    return every([told(cell), Formula(f"OR({','.join(parts)})", holds)])


def _dangling(asked: Asked) -> Test:
    cell, name = asked.cell, asked.cell.name
    listed = asked.row.lists.get(str(asked.rule.limit))
    if listed is None:
        return False
    words = f'TRIM(SUBSTITUTE(SUBSTITUTE({cell.text},";"," "),","," "))'
    # spaces stand double, so that neighbours are found apart
    apart = f'" "&SUBSTITUTE({words}," ","  ")&" "'
    count = f'LEN({words})-LEN(SUBSTITUTE({words}," ",""))+1'
    found = (
        f'SUMPRODUCT(({listed}>0)*(LEN({apart})-LEN(SUBSTITUTE({apart}," "&{listed}&" ","")))'
        f"/(LEN({listed})+2))"
    )

    def holds(facts: Facts) -> bool:
        said = str(facts.get(name)).replace(";", " ").replace(",", " ").split()
        return not set(said) <= set(facts.get(f"{SHEET}{asked.rule.limit}", ()))

    return every([told(cell), Formula(f"{found}<{count}", holds)])


def _repeated(asked: Asked) -> Test:
    cells = [cell for name in asked.rule.columns if (cell := asked.row.find(name))]
    if len(cells) < len(asked.rule.columns):
        return False
    texts = {c.name for c in cells if asked.row.form.column[c.name].type == "text"}

    def same(cell: Cell) -> str:
        letters = cell.text.removesuffix(OWN)
        above, own = f"{letters}${TOP}:{letters}{ABOVE}", cell.text
        return f"({bare(above)}={bare(own)})" if cell.name in texts else f"({above}={own})"

    def key(facts: Facts) -> tuple[object, ...]:
        return tuple(
            strip_signs(facts.get(c.name)) if c.name in texts else facts.get(c.name) for c in cells
        )

    def holds(facts: Facts) -> bool:
        own = key(facts)
        return any(key(other) == own for other in facts.get(ABOVE, ()))

    above = Formula(f"SUMPRODUCT({'*'.join(map(same, cells))}*1)>0", holds)
    return every([*map(told, cells), above])


def _jumped(asked: Asked) -> Test:
    rule, cell = asked.rule, asked.cell
    since = operand(asked.row, str(rule.since))
    most = float(rule.limit or 0)
    if since is None:
        return False
    known = since.text if isinstance(since, Cell) else literal(since)
    change = f"ABS({cell.text}-{known})"
    if rule.unit == "per_cent":
        change = f"IF({known}=0,0,{change}/ABS({known})*100)"
    numbers = f"AND(ISNUMBER({cell.text}),ISNUMBER({known}))"

    def holds(facts: Facts) -> bool:
        before = number(facts.get(since.name) if isinstance(since, Cell) else since)
        now = number(facts.get(cell.name))
        if now is None or before is None or (rule.unit == "per_cent" and before == 0):
            return False
        moved = abs(now - before)
        return (moved / abs(before) * 100 if rule.unit == "per_cent" else moved) > most

    return Formula(f"IF({numbers},{change}>{literal(most)})", holds)


def _too_long(asked: Asked) -> Test:
    most, name = int(float(str(asked.limit))), asked.cell.name
    return Formula(
        f"LEN({asked.cell.text})>{most}", lambda facts: len(str(facts.get(name) or "")) > most
    )


KINDS: dict[Kind, Callable[[Asked], Test]] = {
    "required": lambda a: every(untold(a.row.find(name)) for name in a.rule.columns),
    "forbidden": lambda a: told(a.cell),
    "minimum": lambda a: compare(a.cell, "<", a.limit),
    "maximum": lambda a: compare(a.cell, ">", a.limit),
    "compare": lambda a: compare(a.cell, NOT[a.rule.op or "="], a.limit),
    "max_length": _too_long,
    "not_before": lambda a: compare(a.cell, "<", a.limit),
    "not_after": lambda a: compare(a.cell, ">", a.limit),
    "substantial": _hollow,
    "references": _dangling,
    "unique": _repeated,
    "change_limit": _jumped,
}
"""For each kind, the condition under which a cell is faulty."""


def operand(row: Row, name: str) -> Cell | object:
    """A cell of the row or its task, or a value that is known already; None for neither."""
    if name in row.known:
        known: object = row.known[name]
        return known
    if name in row.form.column or name.startswith(PARENT):
        return row.find(name)
    return None


def condition(rule: Rule, row: Row, days: Mapping[str, dt.date]) -> Test:
    """The condition under which the rule's first cell is faulty; False where it never is."""
    cell = row.find(rule.column)
    if cell is None or rule.trial or row.kind not in row_kinds(rule, row.form):
        return False
    if rule.rows and row.tail not in rule.rows:
        return False
    limit: Cell | object = constant_limit(rule, days)
    if limit is None and isinstance(rule.limit, str):
        limit = operand(row, rule.limit)
    met = every(_when(row, name, wanted) for name, wanted in rule.when.items())
    # a question that is never met needs no answer, whose making may fail
    return every([met, KINDS[rule.kind](Asked(rule, row, cell, limit))]) if met else False


def _when(row: Row, name: str, wanted: tuple[str, ...]) -> Test:
    if name == BEGUN:
        return _is_begun(f"{row.cells[BEGUN]}{OWN}", name, wanted, ("yes", "no"))
    if name.startswith(SHEET):
        lines = row.lists.get(name.removeprefix(SHEET))
        count = f'COUNTIF({lines},">0")'
        return lines is not None and _is_begun(count, name, wanted, ("begun", "empty"))
    cell = operand(row, name)
    if isinstance(cell, Cell):
        if wanted == ("*",):
            return told(cell)
        labels = row.labels(name)
        words = [labels[code] for code in wanted if code in labels]
        return some([is_one_of(cell, words), untold(cell) if "" in wanted else False])
    if wanted == ("*",):
        return cell is not None
    return ("" if cell is None else cell) in wanted


def _is_begun(count: str, name: str, wanted: tuple[str, ...], words: tuple[str, str]) -> Test:
    """That something is filled, by the first of the words; or nothing, by the second."""
    begun = Formula(f"{count}>0", lambda facts: bool(facts.get(name)))
    idle = Formula(f"{count}=0", lambda facts: not facts.get(name))
    return some([words[0] in wanted and begun, words[1] in wanted and idle])


class Check(NamedTuple):
    """What a cell comes to (`MISSING`, `FAULTY`, `DOUBTFUL`, 0): as a formula, and of facts."""

    column: str
    text: str
    code: Callable[[Facts], int]
    codes: frozenset[int]
    """What it may come to at all."""


def check_cells(rules: Iterable[Rule], row: Row, days: Mapping[str, dt.date]) -> list[Check]:
    """The checks of a row's cells, in the order of the form's columns."""
    tests: dict[str, dict[int, list[Test]]] = {}
    asks_why = EXPLANATION in row.form.column
    for rule in rules:
        test = condition(rule, row, days)
        if test is False or rule.severity == "note":
            continue
        code = MISSING if rule.kind == "required" else FAULTY
        if rule.severity == "warning":
            code = DOUBTFUL
            # whoever says why is believed
            if asks_why and rule.column != EXPLANATION:
                test = every([test, untold(row.find(EXPLANATION))])
        tests.setdefault(rule.column, {}).setdefault(code, []).append(test)
    checks = []
    for column in row.form.columns:
        cell = row.find(column.key)
        if cell and row.kept and column.key in KEPT:
            tests.setdefault(column.key, {}).setdefault(DOUBTFUL, []).append(_kept(row, cell))
        found = {code: some(t) for code, t in tests.get(column.key, {}).items()}
        if cell is not None and column.asks(row.kind):
            wrong = _wrong_type(row, column, cell)
            if wrong or found:
                checks.append(_make_check(cell, wrong, found))
    return checks


def _wrong_type(row: Row, column: Column, cell: Cell) -> Test:
    """That the cell holds a text where a number or day is asked, or what is not in its list."""
    name = cell.name
    if column.type in ("number", "whole", "date"):
        return every(
            [
                told(cell),
                Formula(
                    f"NOT(ISNUMBER({cell.text}))", lambda facts: number(facts.get(name)) is None
                ),
            ]
        )
    words = row.labels(column.key)
    if not words:
        return _points_elsewhere(cell) if column.type == "text" else False
    known = {word.casefold() for word in words.values()}
    listed = ",".join(map(literal, words.values()))
    unknown = Formula(
        f"ISNA(MATCH({cell.text},{{{listed}}},0))",
        lambda facts: str(facts.get(name)).casefold() not in known,
    )
    return every([told(cell), unknown])


def _kept(row: Row, cell: Cell) -> Test:
    """That the cell is filled though its row stays closed."""
    status = row.find(STATUS)
    word = row.labels(STATUS).get(CLOSED)
    return every([told(cell), is_one_of(status, [word])]) if status and word else False


def _points_elsewhere(cell: Cell) -> Formula:
    """That the cell only says where to look."""
    listed = f"ISNUMBER(MATCH(LEFT({bare(cell.text)},{MOST_POINTER}),{POINTERS_NAME},0))"
    return Formula(listed, lambda facts: strip_signs(facts.get(cell.name)) in POINTERS)


def _make_check(cell: Cell, wrong: Test, found: Mapping[int, Test]) -> Check:
    ordered = [
        (FAULTY, wrong),
        *((code, found.get(code, False)) for code in (MISSING, FAULTY, DOUBTFUL)),
    ]
    tests = [(code, test) for code, test in ordered if isinstance(test, Formula)]
    text = "0"
    for code, test in reversed(tests):
        text = f"IF({test.text},{code},{text})"
    return Check(
        column=cell.name,
        text=f"IFERROR(IF(ISERROR({cell.text}),{FAULTY},{text}),0)",
        code=lambda facts: next((code for code, test in tests if test.holds(facts)), 0),
        codes=frozenset({FAULTY, *(code for code, _ in tests)}),
    )
