"""Harmless slips: what some people type otherwise than asked, and the reader mends."""

from __future__ import annotations

import datetime as dt
import unicodedata

from khreport.demo.answers import Answers
from khreport.edition import Edition
from khreport.forms import Column
from khreport.sheet import Value


def type_loosely(answers: Answers, edition: Edition) -> Answers:
    """The answers as texts: "75%", "15-3-2024", "hoàn thành", and letters with loose accents."""
    return {
        key: {
            (row, column): _loosen(edition.form[key].column[column], value)
            for (row, column), value in cells.items()
        }
        for key, cells in answers.items()
    }


def _loosen(column: Column, value: Value) -> Value:
    if isinstance(value, dt.date):
        return f"{value.day}-{value.month}-{value.year}"
    if isinstance(value, int | float) and column.measure == "%":
        return f"{value}%"
    if isinstance(value, str):
        text = value.lower() if column.type == "choice" else value
        return unicodedata.normalize("NFD", text)
    return value
