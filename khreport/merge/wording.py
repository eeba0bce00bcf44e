"""Answers as people read them: labels, dates and numbers in the words of the form."""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

from khreport.columns import CHANGE, GROUNDS, PRESENT, PROPOSED, SUBJECT_TASK
from khreport.compose.sentences import tidy_quote
from khreport.forms import Column, Form
from khreport.plan import Plan
from khreport.quantities import format_number
from khreport.text import begin_small, fold

_PARTS = re.compile(r"[\s,;:()]+")


def word_answers(form: Form, column: Column) -> pl.Expr:
    """The column as text: labels for codes, 05/12/2024, 1.234,5; needs the rows' `kind`."""
    held = pl.col(column.key)
    if column.type == "date":
        return held.dt.to_string("%d/%m/%Y")
    if column.type in ("number", "whole"):
        return held.map_batches(_print_numbers, return_dtype=pl.String)
    return label_codes(form, column) if column.lists else held


def label_codes(form: Form, column: Column) -> pl.Expr:
    """The column with the labels of its codes, by the rows' `kind`; other texts stay."""
    held = labelled = pl.col(column.key)
    for kind, list_key in column.lists.items():
        labels = {c.code: c.label for c in form.choice_list[list_key].choices}
        if kind == "*":
            labelled = held.replace(labels)
        else:
            labelled = (
                pl.when(pl.col("kind") == kind).then(held.replace(labels)).otherwise(labelled)
            )
    return labelled.alias(column.key)


class Worded(NamedTuple):
    """A change of the plan that somebody asks for, as a sentence, and what it is about."""

    text: str
    subject: str


def word_changes(plan: Plan, form: Form, rows: pl.DataFrame) -> list[Worded]:
    """What each row of a free list asks for, as a sentence without its full stop.

    "Đề nghị điều chỉnh nhiệm vụ II.6 Phụ lục II (hiện hành: …): …; lý do: …". What stands in
    columns without a meaning follows under their headings.
    """
    worded = rows.with_columns(kind=pl.lit("record")).with_columns(
        word_answers(form, column).alias(column.key) for column in form.answers
    )
    return [_word_change(plan, form, row) for row in worded.iter_rows(named=True)]


def _word_change(plan: Plan, form: Form, row: dict[str, str | None]) -> Worded:
    said = {c.key: tidy_quote(row[c.key] or "") for c in form.answers if row[c.key]}
    change, asked = said.pop(CHANGE, ""), said.pop(SUBJECT_TASK, "")
    subject = name_subject(plan, asked)
    wanted = begin_small(change) or "bổ sung, điều chỉnh"
    present, proposed = said.pop(PRESENT, ""), said.pop(PROPOSED, "")
    head = f"Đề nghị {wanted} {subject or 'Kế hoạch'}"
    head += f" (hiện hành: {present})" if present else ""
    headings = {column.key: column.heading for column in form.answers} | {GROUNDS: "lý do"}
    told = [proposed, *(f"{headings[key]}: {text}" for key, text in said.items())]
    return Worded(": ".join(filter(None, [head, "; ".join(filter(None, told))])), subject)


def name_subject(plan: Plan, text: str) -> str:
    """The task of the plan that the words point to, as sentences call it; else the words.

    "Phụ lục II, II.6" is "nhiệm vụ II.6 Phụ lục II".
    """
    said = fold(text)
    numbers = {part.strip(".") for part in _PARTS.split(said)}
    found = [
        (number, label)
        for task in plan.tasks
        if fold(number := task.key.partition(".")[2]) in numbers
        and re.search(rf"\b{re.escape(fold(label := plan.appendix[task.appendix].label))}\b", said)
    ]
    return f"nhiệm vụ {found[0][0]} {found[0][1]}" if len(found) == 1 else text


def _print_numbers(numbers: pl.Series) -> pl.Series:
    # few figures of a round differ, so each is printed once
    printed = {value: format_number(value) for value in numbers.drop_nulls().unique()}
    return numbers.replace_strict(printed, default=None, return_dtype=pl.String)
