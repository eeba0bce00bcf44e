"""The kinds of rules: what each looks at, and the condition under which a row is faulty."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, get_args

import polars as pl

from khreport.checks.reach import FEWEST_LETTERS, HOLLOW, constant_limit, row_kinds
from khreport.forms import ColumnType, Form
from khreport.rules import Comparison, Kind, Rule

COMPARISONS: dict[Comparison, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Operands(NamedTuple):
    """What a condition is made from: the values of the rule's columns, and its limit."""

    values: tuple[pl.Expr, ...]
    limit: pl.Expr | None
    rule: Rule
    form: Form

    @property
    def value(self) -> pl.Expr:
        """The value that is marked."""
        return self.values[0]


class Looks(NamedTuple):
    """One kind: the types of columns it can look at, its limit, and when a row is faulty.

    The condition of a row with an unknown operand is null, which `faulty` takes for sound.
    """

    types: tuple[ColumnType, ...]
    limit: Literal["none", "number", "length", "day", "form", "constant"]
    faulty: Callable[[Operands], pl.Expr]


def _unlike(o: Operands) -> pl.Expr:
    compare: pl.Expr = COMPARISONS[o.rule.op or "="](o.value, o.limit)
    return ~compare


def bare(text: pl.Expr) -> pl.Expr:
    """The text in small letters, with single spaces for everything that is no letter or digit."""
    return text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def _hollow(o: Operands) -> pl.Expr:
    text = bare(o.value)
    short = (text.str.len_chars() < FEWEST_LETTERS) & ~text.str.contains(r"\d")
    copied = (text == pl.col("task.bare")).fill_null(value=False)
    return short | text.is_in(HOLLOW) | copied


def _dangling(o: Operands) -> pl.Expr:
    listed = pl.col(documents_column(str(o.rule.limit)))
    return o.value.str.split("; ").list.set_difference(listed).list.len() > 0


def _repeated(o: Operands) -> pl.Expr:
    keys = [
        bare(value) if o.form.column[name].type == "text" else value
        for name, value in zip(o.rule.columns, o.values, strict=True)
    ]
    told = pl.all_horizontal([value.is_not_null() for value in o.values])
    earlier = pl.int_range(pl.len()).over("submission", *keys) > 0
    return told & earlier


def _jumped(o: Operands) -> pl.Expr:
    since = pl.col(str(o.rule.since))
    change = (o.value - since).abs()
    if o.rule.unit == "per_cent":
        # from nothing, any change is without measure
        change = pl.when(since != 0).then(change / since.abs() * 100)
    return change > o.limit


ANY_TYPE: tuple[ColumnType, ...] = get_args(ColumnType)
NUMBERS: tuple[ColumnType, ...] = ("number", "whole")

KINDS: dict[Kind, Looks] = {
    "required": Looks(
        ANY_TYPE, "none", lambda o: pl.all_horizontal([v.is_null() for v in o.values])
    ),
    "forbidden": Looks(ANY_TYPE, "none", lambda o: o.value.is_not_null()),
    "minimum": Looks(NUMBERS, "number", lambda o: o.value < o.limit),
    "maximum": Looks(NUMBERS, "number", lambda o: o.value > o.limit),
    "compare": Looks(NUMBERS, "number", _unlike),
    "max_length": Looks(
        ("text", "references"), "length", lambda o: o.value.str.len_chars() > o.limit
    ),
    "not_before": Looks(("date",), "day", lambda o: o.value < o.limit),
    "not_after": Looks(("date",), "day", lambda o: o.value > o.limit),
    "substantial": Looks(("text",), "none", _hollow),
    "references": Looks(("references",), "form", _dangling),
    "unique": Looks(ANY_TYPE, "none", _repeated),
    "change_limit": Looks(NUMBERS, "constant", _jumped),
}


def documents_column(form_key: str) -> str:
    """The name of the helper column that lists the begun lines of a form, as texts."""
    return f"form.{form_key}"


def faulty(rule: Rule, form: Form, days: Mapping[str, dt.date]) -> pl.Expr:
    """True where a row breaks the rule, false where it holds, is not asked, or is unknown.

    The frame has the form's answers and the facts that `khreport.checks.facts` joins to them.
    """
    values = tuple(pl.col(column) for column in rule.columns)
    operands = Operands(values, _limit(rule, days), rule, form)
    return (applies(rule, form) & KINDS[rule.kind].faulty(operands)).fill_null(value=False)


def applies(rule: Rule, form: Form) -> pl.Expr:
    """True for the rows that the rule is about; null where that cannot be known."""
    tests = [pl.col("kind").is_in(row_kinds(rule, form))]
    if rule.rows:
        tests.append(pl.col("key").str.extract(r"([^.]+)$").is_in(rule.rows))
    for name, wanted in rule.when.items():
        value = pl.col(name)
        if wanted == ("*",):
            tests.append(value.is_not_null())
        elif wanted == ("",):
            tests.append(value.is_null())
        else:
            tests.append(value.is_in(wanted) | (value.is_null() & ("" in wanted)))
    return pl.all_horizontal(tests)


def _limit(rule: Rule, days: Mapping[str, dt.date]) -> pl.Expr | None:
    if rule.limit is None or KINDS[rule.kind].limit == "form":
        return None
    constant = constant_limit(rule, days)
    return pl.col(str(rule.limit)) if constant is None else pl.lit(constant)
