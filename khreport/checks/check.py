"""Checking answers by the rules: one pandera call for a form, for many submissions at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import polars as pl

from khreport.checks.facts import gather_rows
from khreport.checks.form_rules import OWN, form_rules
from khreport.checks.kinds import documents_column, faulty
from khreport.checks.reach import constant_limit, days_of
from khreport.columns import EXPLANATION
from khreport.dates import format_date
from khreport.edition import Edition
from khreport.errors import KhreportError
from khreport.findings import Finding, sort_findings
from khreport.forms import Column, Form
from khreport.frames import Submission, answers_schema, word_value
from khreport.messages import keep_short, place, quote, row_name
from khreport.quantities import format_number
from khreport.rules import PARENT, Rule

Fault = tuple[Rule, dict[str, Any]]
"""A rule and the row, with its facts, that breaks it."""

ON_TRIAL = "(Quy tắc thử nghiệm)"
"""What stands before the message of a rule that is tried out."""


def check_submissions(edition: Edition, submissions: Iterable[Submission]) -> list[Finding]:
    """What the rules find in the submissions that could be read, as `sort_findings` orders it.

    The reader's own findings are not repeated; nothing is said of cells that it could not
    read, nor of rows and columns that it missed. A warning whose row says why in the column
    for it is there still, set aside as "explained"; what a rule on trial finds is a note.

    Raises:
        KhreportError: a rule could not be evaluated, or a frame is not as `frames` says.

    """
    # The same content sent twice has one id, and is faulty in both files.
    copies: dict[str, list[Submission]] = {}
    for submission in submissions:
        if submission.readable:
            copies.setdefault(submission.id, []).append(submission)
    days = days_of(edition.plan, edition.period)
    findings: list[Finding] = []
    for form in edition.forms:
        sent = [first for first, *_ in copies.values() if form.key in first.answers]
        if not sent:
            continue
        rules, sound = _state_rules(edition, form, days)
        rows = gather_rows(edition, form, rules, sent)
        faults = find_faults(rows, form, rules, days, sound)
        findings += _tell(edition, form, copies, without_echoes(faults))
    return sort_findings(findings)


Stated = tuple[list[Rule], list[pl.Expr]]


def _state_rules(edition: Edition, form: Form, days: Mapping[str, dt.date]) -> Stated:
    """All rules of a form, and for each when a row is sound."""
    stated: Stated | None = edition.kept.get((_state_rules, form.key))
    if stated is None:
        cards = (rule for rule in edition.rules if rule.form == form.key)
        rules = [*form_rules(form), *(each for card in cards for each in card.spread())]
        stated = rules, [~faulty(rule, form, days) for rule in rules]
        edition.kept[_state_rules, form.key] = stated
    return stated


def find_faults(
    rows: pl.DataFrame,
    form: Form,
    rules: Sequence[Rule],
    days: Mapping[str, dt.date],
    sound: Sequence[pl.Expr] | None = None,
) -> list[Fault]:
    """The rules that are broken with the rows (`facts.gather_rows`) that break them.

    `sound` are the conditions of the rules, where they were stated before.

    Raises:
        KhreportError: a rule could not be evaluated, or a column has another type.

    """
    # Its import takes longer than all that follows for one workbook.
    import pandera.polars as pa  # noqa: PLC0415
    from pandera.errors import SchemaErrors  # noqa: PLC0415

    verdicts = _judge(rows, form, rules, sound or [~faulty(rule, form, days) for rule in rules])

    def check(rule: Rule, verdict: pl.Series) -> pa.Check:
        return pa.Check(lambda _: verdict.to_frame().lazy(), error=rule.id, ignore_na=False)

    checks: dict[str, list[pa.Check]] = {}
    for rule, verdict in zip(rules, verdicts, strict=True):
        # Most rules hold for all rows, which a check could only repeat, at a price.
        if not verdict.all():
            checks.setdefault(rule.column, []).append(check(rule, verdict))
    schema = pa.DataFrameSchema(
        {
            name: pa.Column(dtype, checks.get(name), nullable=True)
            for name, dtype in answers_schema(form).items()
        }
    )
    try:
        schema.validate(rows, lazy=True)
    except SchemaErrors as error:
        cases: pl.DataFrame = error.failure_cases
    else:
        return []
    # Only a check that ran tells which row failed it.
    ours = cases.filter(pl.col("index").is_null())
    if not ours.is_empty():
        case = ours.row(0, named=True)
        raise KhreportError(
            f"Lỗi của chương trình: bảng trả lời của biểu {form.key}, cột {case['column']} "
            f"không qua được {case['check']} ({case['failure_case']})."
        )
    by_name = {(rule.column, rule.id): rule for rule in rules}
    broken = rows[cases["index"].to_list()].to_dicts()
    names = cases.select("column", "check").iter_rows()
    return [(by_name[name], row) for name, row in zip(names, broken, strict=True)]


def _judge(
    rows: pl.DataFrame, form: Form, rules: Sequence[Rule], sound: Sequence[pl.Expr]
) -> list[pl.Series]:
    """For each rule, whether each row is sound: all in one pass, which is where the speed is."""
    try:
        return rows.select(e.alias(str(n)) for n, e in enumerate(sound)).get_columns()
    except pl.exceptions.PolarsError as error:
        for rule, verdict in zip(rules, sound, strict=True):
            try:
                rows.select(verdict)
            except pl.exceptions.PolarsError as own:
                raise KhreportError(
                    f"Lỗi của chương trình khi kiểm tra biểu {form.key}, cột {rule.column}, "
                    f"quy tắc {rule.id}: {str(own).splitlines()[0]}"
                ) from error
        raise


def without_echoes(faults: Sequence[Fault]) -> list[Fault]:
    """The faults of each cell without those of lesser weight.

    What the form itself refuses comes before the cards' errors, these before warnings.
    """

    def cell(rule: Rule, row: Mapping[str, Any]) -> tuple[str, int, str]:
        return row["submission"], row["row"], rule.column

    heaviest: dict[tuple[str, int, str], int] = {}
    for rule, row in faults:
        at = cell(rule, row)
        heaviest[at] = max(heaviest.get(at, 0), _weight(rule))
    return [(r, row) for r, row in faults if _weight(r) == heaviest[cell(r, row)] or r.trial]


def _weight(rule: Rule) -> int:
    if rule.trial:
        return 0
    return 3 if rule.id.startswith(OWN) else {"error": 2, "warning": 1, "note": 0}[rule.severity]


def _tell(
    edition: Edition,
    form: Form,
    copies: Mapping[str, Sequence[Submission]],
    faults: Iterable[Fault],
) -> Iterable[Finding]:
    name_row = cache(lambda key: row_name(edition.plan, form, key))
    days = days_of(edition.plan, edition.period)
    faults = list(faults)
    unexplained = {
        (row["submission"], row["key"]) for rule, row in faults if rule.column == EXPLANATION
    }
    for rule, row in faults:
        submission = copies[row["submission"]][0]
        column = form.column[rule.column]
        at = submission.columns[form.key].get(column.key)
        if at is None or _operands(rule, form, row) & submission.unread:
            continue
        parts = _parts(rule, form, row, days)
        explained = (
            rule.severity == "warning"
            and row.get(EXPLANATION) is not None
            and (row["submission"], row["key"]) not in unexplained
        )
        message = rule.message.format_map(parts)
        named = name_row(row["key"])
        for copy in copies[submission.id]:
            told = Finding(
                code=rule.id,
                severity="note" if rule.trial else rule.severity,
                message=f"{ON_TRIAL} {message}" if rule.trial else message,
                fix=rule.fix.format_map(parts),
                file=copy.file,
                sheet=copy.sheets.get(form.key, form.sheet),
                form=form.key,
                row=row["row"],
                column=at,
                row_key=row["key"],
                column_key=column.key,
                value=_typed(form, column, row),
                place=place(form, column.key, named),
                aside="trial" if rule.trial else "explained" if explained else None,
            )
            yield keep_short(told, named)


def _operands(rule: Rule, form: Form, row: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    """The cells that the rule looked at, as `Submission.unread` names them."""
    own = {(form.key, row["key"], name) for name in rule.names}
    return own | {
        (form.key, row["parent"], name.removeprefix(PARENT))
        for name in rule.names
        if name.startswith(PARENT)
    }


def _parts(
    rule: Rule, form: Form, row: Mapping[str, Any], days: Mapping[str, dt.date]
) -> dict[str, str]:
    """What stands for the placeholders of the rule's sentences."""
    column = form.column[rule.column]
    value = _typed(form, column, row)
    parts = {"label": column.heading, "example": column.example}
    if value is not None:
        parts["value"] = quote(value)
    if rule.since is not None:
        parts["since"] = _shown(row[rule.since])
    if rule.kind == "references":
        listed = row[documents_column(str(rule.limit))]
        numbers = row[column.key].split("; ")
        parts["missing"] = ", ".join(number for number in numbers if number not in listed)
    elif rule.limit is not None:
        limit = constant_limit(rule, days)
        parts["limit"] = _shown(row[str(rule.limit)] if limit is None else limit)
    return parts


def _typed(form: Form, column: Column, row: Mapping[str, Any]) -> str | None:
    """The value of a row's cell as the officer typed or chose it."""
    value = row[column.key]
    return None if value is None else word_value(form, column, row, value)


def _shown(value: Any) -> str:  # noqa: ANN401 - any cell
    """A limit as people write it: a day, a number, a text."""
    if isinstance(value, dt.date):
        return format_date(value)
    if isinstance(value, (int, float)):
        return format_number(value)
    return str(value)
