"""Answers as people read them: labels, dates and numbers in the words of the form."""

from __future__ import annotations

import polars as pl

from khreport.forms import Column, Form
from khreport.quantities import format_number


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


def _print_numbers(numbers: pl.Series) -> pl.Series:
    # few figures of a round differ, so each is printed once
    printed = {value: format_number(value) for value in numbers.drop_nulls().unique()}
    return numbers.replace_strict(printed, default=None, return_dtype=pl.String)
