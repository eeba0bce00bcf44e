"""Rule cards: what a good answer is, why, and how to mend a bad one (validation/*.toml)."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from khreport.findings import Severity
from khreport.forms import RowKind

Kind = Literal[
    "required", "minimum", "maximum", "max_length", "not_before", "not_after", "compare",
    "forbidden", "substantial", "references", "unique", "change_limit",
]  # fmt: skip
"""The closed vocabulary of rules; khreport.checks.kinds says what each one looks at."""

TOGETHER: tuple[Kind, ...] = ("required", "unique")
"""The kinds that look at all their columns at once; the others look at one after the other."""

Comparison = Literal["=", "<>", "<", "<=", ">", ">="]

Scalar = str | float
"""A value of an example: text, number, code of a choice, or a day as "2024-06-28"."""

DAYS = ("plan.start", "plan.end", "period.start", "period.end", "period.closing", "period.due")
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
    "indicator.measure": {
        "share": "chỉ tiêu là một tỷ lệ (tên bắt đầu bằng “Tỷ lệ”, tính bằng %)",
        "rate": "chỉ tiêu khác tính bằng %",
        "amount": "chỉ tiêu không tính bằng %",
    },
    "indicator.adds_up": {
        "yes": "chỉ tiêu có mục tiêu cộng dồn từ năm trước của giai đoạn",
        "no": "chỉ tiêu không cộng dồn từ năm trước",
    },
}
"""What is known of a row beside its answers, with the values that `when` may ask for.

Three more take a name: "parent.<column>" is the answer that the row's own task gives in that
column; "previous.<column>" the answer to the same row in the last period; "sheet.<form>" says
whether a list of the same workbook has a line (SHEET_STATES).
"""

OF_INDICATORS = ("indicator.measure", "indicator.adds_up")
"""The facts that only forms of indicators have."""

PARENT = "parent."
PREVIOUS = "previous."
SHEET = "sheet."
SHEET_STATES = {"begun": "đã có dòng điền", "empty": "còn trống"}


class Rule(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One card.

    "required" is content with an answer in any of `columns`, "unique" wants no two rows that
    agree in all of them; both mark the first. Other kinds look at each column on its own
    (`spread`). `when` narrows the rows: each key is a column or a fact, whose value must be
    one of those listed; "*" stands for any value, "" for none. `kinds` narrows them by row
    kind, `rows` by the last part of the row key. `limit` is a number, a day ("2022-01-01"), a
    name in DAYS, "task.due", another column, "previous.<column>", or the form that is
    referred to. `op` belongs to "compare". "change_limit" allows a change from `since` (a
    column, or "previous.<column>") by at most `limit`, which `unit` calls points (of the
    column's own measure) or per cent of `since`.
    A rule on `trial` is shown as what it is, not counted, and never blocks.
    `message` and `fix` may hold {value}, {limit}, {label} (the column's heading), {example},
    {since} for "change_limit" and, where documents are referred to, {missing}.
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
    since: str | None = None
    unit: Literal["points", "per_cent"] | None = None
    trial: bool = False
    good: dict[str, Scalar] = {}
    bad: dict[str, Scalar] = {}

    @property
    def column(self) -> str:
        """The column that is marked."""
        return self.columns[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns and facts that the rule looks at."""
        operands = (str(each) for each in (self.limit, self.since) if isinstance(each, str))
        return tuple(dict.fromkeys((*self.columns, *self.when, *operands)))

    def spread(self) -> tuple[Rule, ...]:
        """The rule for each column that it looks at on its own, under the same id."""
        if self.kind in TOGETHER or len(self.columns) == 1:
            return (self,)
        return tuple(msgspec.structs.replace(self, columns=(column,)) for column in self.columns)


class Waiver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a rule is not held against an agency in one period: why, who said so, and when."""

    agency: str
    rule: str
    period: str
    reason: str
    by: str
    on: dt.date
