"""Rule cards: what a good answer is, why, and how to mend a bad one (validation/*.toml)."""

from __future__ import annotations

from typing import Literal

import msgspec

from khreport.findings import Severity
from khreport.forms import RowKind

Kind = Literal[
    "required", "minimum", "maximum", "max_length", "not_before", "not_after", "compare",
    "forbidden", "substantial", "references",
]  # fmt: skip
"""The closed vocabulary of rules; khreport.checks.kinds says what each one looks at."""

Comparison = Literal["=", "<>", "<", "<=", ">", ">="]

Scalar = str | float
"""A value of an example: text, number, code of a choice, or a day as "2024-06-28"."""

DAYS = ("plan.start", "period.start", "period.end", "period.closing", "period.due")
"""Days that a `limit` may name; "plan.start" is the first day of the plan's first year."""

FACTS: dict[str, dict[str, str]] = {
    "task.due": {},
    "task.text": {},
    "task.timing": {
        "passed": "đã đến hạn, tính đến ngày chốt số liệu",
        "this_period": "đến hạn trong kỳ báo cáo, sau ngày chốt số liệu",
        "later": "đến hạn sau kỳ báo cáo",
    },
    "row.begun": {"yes": "dòng đã điền", "no": "dòng còn trống"},
}
"""What is known of a row beside its answers, with the values that `when` may ask for.

"parent.<column>" is one more: the answer that the row's own task gives in that column.
"""

PARENT = "parent."


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One card.

    The first of `columns` is the one that is marked; only "required" takes several, and is
    content with an answer in any of them. `when` narrows the rows: each key is a column, a
    fact or "parent.<column>", whose value must be one of those listed; "*" stands for any
    value, "" for none. `kinds` narrows them by row kind, `rows` by the last part of the row
    key. `limit` is a number, a day ("2022-01-01"), a name in DAYS, "task.due", another
    column, or the form that is referred to. `op` belongs to "compare".
    `message` and `fix` may hold {value}, {limit}, {label} (the column's heading), {example}
    and, where documents are referred to, {missing}.
    `good` and `bad` are rows of answers and facts with the row's `kind`; `bad` is written as
    what differs from `good`, and "" empties a cell.
    """

    id: str
    kind: Kind
    form: str
    columns: tuple[str, ...]
    severity: Severity
    message: str
    fix: str
    basis: str
    kinds: tuple[RowKind, ...] = ()
    rows: tuple[str, ...] = ()
    when: dict[str, tuple[str, ...]] = {}
    op: Comparison | None = None
    limit: Scalar | None = None
    good: dict[str, Scalar] = {}
    bad: dict[str, Scalar] = {}

    @property
    def column(self) -> str:
        """The column that is marked."""
        return self.columns[0]
