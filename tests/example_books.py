"""The examples of the rule cards poured into workbooks, as an agency would have typed them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from khreport.agencies import Agency
from khreport.checks.prove import BAD, EXAMPLE_DAYS, EXAMPLE_PERIOD, GOOD
from khreport.checks.reach import row_kinds
from khreport.columns import DONE
from khreport.edition import Edition, Question, Sender
from khreport.forms import Form
from khreport.layout.form import Filled
from khreport.layout.self_check import done_field
from khreport.layout.workbook import lay_out_workbook
from khreport.plan import Appendix, Deadline, Indicator, Milestone, Plan, Section, Target, Task
from khreport.previous import Previous
from khreport.rules import PARENT, PREVIOUS, SHEET, Rule, Scalar
from khreport.sheet import Book, Value

AGENCY = "sxd"
LINES = 3
"""The lines of a list that examples refer to."""


class Example(NamedTuple):
    """One example of a card, with the key of its row in the workbook."""

    rule: Rule
    which: int
    key: str
    says: dict[str, Scalar]


class ExampleBook(NamedTuple):
    """A workbook with the examples in it."""

    examples: list[Example]
    book: Book


def draw_examples(forms: Sequence[Form], rules: Sequence[Rule]) -> list[ExampleBook]:
    """Workbooks with the examples of all cards: a row each, or a workbook where rows meet."""
    books = []
    for form in forms:
        own = [rule for rule in rules if rule.form == form.key]
        if not examples_ask(form):
            # what a line says must not be what another line says
            books += [_draw(forms, rules, form, [(r, w)]) for r in own for w in (GOOD, BAD)]
        else:
            books.append(_draw(forms, rules, form, [(r, w) for r in own for w in (GOOD, BAD)]))
    return books


def _draw(
    forms: Sequence[Form], rules: Sequence[Rule], form: Form, cards: Iterable[tuple[Rule, int]]
) -> ExampleBook:
    examples = [
        Example(rule, which, f"{form.key}.{_tail(form, rule, which, n)}", _says(form, rule, which))
        for n, (rule, which) in enumerate(cards, start=1)
    ]
    filled = {each.key: dict(_filled(each, form, examples)) for each in forms}
    edition = _edition(forms, rules, form, examples)
    poured = {key: Filled(values=values) for key, values in filled.items()}
    return ExampleBook(
        [e._replace(key=_row_key(e)) for e in examples], lay_out_workbook(edition, AGENCY, poured)
    )


def _tail(form: Form, rule: Rule, which: int, number: int) -> str:
    if form.rows == "fields":
        return rule.rows[0]
    if form.rows == "records":
        return str(which + 1)
    return f"I.{number}" if form.rows == "tasks" else f"i{number}"


def _says(form: Form, rule: Rule, which: int) -> dict[str, Scalar]:
    says = {"kind": row_kinds(rule, form)[0], **rule.good, **(rule.bad if which == BAD else {})}
    return {name: value for name, value in says.items() if value != ""}


def _row_key(example: Example) -> str:
    if example.says["kind"] == "remark":
        return f"{example.rule.form}.{example.key}"
    return example.key + {"milestone": ".m1", "line": ".a"}.get(str(example.says["kind"]), "")


def _filled(
    each: Form, form: Form, examples: Sequence[Example]
) -> Iterable[tuple[tuple[str, str], Value]]:
    """The answers in one form of the workbook that holds the examples of another."""
    field = done_field(each)
    if field is not None and field.list:
        labels = {c.code: c.label for c in each.choice_list[field.list].choices}
        yield (f"{each.key}.{field.key}", each.columns[-1].key), labels[DONE]
    if each is form:
        for example in examples:
            yield from _answers(form, example)
    elif each.rows == "records" and examples[0].says.get(f"{SHEET}{each.key}") != "empty":
        first = next(c.key for c in each.columns if c.type == "text" and c.role == "answer")
        for number in range(1, LINES + 1):
            yield (f"{each.key}.{number}", first), f"Văn bản số {number}"


def _answers(form: Form, example: Example) -> Iterable[tuple[tuple[str, str], Value]]:
    key, kind = _row_key(example), str(example.says["kind"])
    for name, value in example.says.items():
        if name.startswith(PARENT):
            column = name.removeprefix(PARENT)
            yield (example.key, column), form.label(column, str(value))
        elif name in form.column:
            yield (key, name), _typed(form, name, kind, example, value)
    if example.rule.kind == "unique" and example.which == BAD:
        # the line above says what the good example says
        for name, value in example.rule.good.items():
            above = (f"{form.key}.{GOOD + 1}", name)
            yield above, _typed(form, name, kind, example, value)


def _typed(form: Form, name: str, kind: str, example: Example, value: Scalar) -> Value:
    column = form.column[name]
    choices = form.choices_for(column, kind, example.key.rpartition(".")[2], closed=True)  # type: ignore[arg-type]
    if choices is not None:
        return {c.code: c.label for c in choices.choices}[str(value)]
    return dt.date.fromisoformat(str(value)) if column.type == "date" else value


def _edition(
    forms: Sequence[Form], rules: Sequence[Rule], form: Form, examples: Sequence[Example]
) -> Edition:
    tasks = form.rows in ("tasks", "coordinating")
    asked = next(each for each in forms if each.rows == "tasks")
    anchor = Example(rules[0], GOOD, f"{asked.key}.I.0", {"kind": asked.kind or "dated"})
    previous: dict[str, dict[str, Scalar]] = {}
    for example in examples:
        for name, value in example.says.items():
            if name.startswith(PREVIOUS):
                previous.setdefault(_row_key(example), {})[name.removeprefix(PREVIOUS)] = value
    return Edition(
        plan=Plan(
            key="mau", number="1/QĐ-UBND", date=dt.date(2022, 4, 29), issuer="UBND tỉnh",
            title="Kế hoạch", short_title="Kế hoạch", collector=AGENCY,
            first_year=EXAMPLE_DAYS["plan.start"].year, last_year=EXAMPLE_DAYS["plan.end"].year,
            appendices=tuple(
                Appendix(key=f.appendix, label=f.sheet, title="", headings=("",) * 9)
                for f in forms
                if f.appendix
            ),
            sections=(
                Section(
                    key=f"{form.appendix or asked.key}.I", appendix=asked.key, number="I", level=1,
                    title="A", source="",
                ),
            ),
            tasks=(
                tuple(_task(form.appendix or asked.key, example) for example in examples)
                if tasks
                else (_task(asked.key, anchor),)
            ),
            indicators=tuple(map(_indicator, examples)) if form.rows == "indicators" else (),
            agencies=(
                Agency(key=AGENCY, name="Sở Xây dựng", short="SXD", abbreviation="SXD",
                       kind="department"),
            ),
            groups=(), group_rows=(), duties=(), errata=(),
        ),
        period=EXAMPLE_PERIOD,
        sender=Sender(name="Sở Kế hoạch và Đầu tư"),
        forms=tuple(forms),
        rules=tuple(rules),
        questions=tuple(
            _questions(form, examples) if examples_ask(form) else _questions(asked, [anchor])
        ),
        previous=Previous(period="2023", name="Năm 2023", answers={AGENCY: {form.key: previous}}),
    )  # fmt: skip


def examples_ask(form: Form) -> bool:
    """Whether the rows of a form are there because an agency is asked."""
    return form.rows not in ("fields", "records")


def _task(appendix: str, example: Example) -> Task:
    due = example.says.get("task.due")
    day = dt.date.fromisoformat(str(due)) if due else None
    step = day or EXAMPLE_PERIOD.end
    steps = (
        (Milestone(key="m1", text="Mốc", due=step),) if example.says["kind"] == "milestone" else ()
    )
    return Task(
        key=example.key, appendix=appendix, section=f"{appendix}.I", number=example.key,
        text=str(example.says.get("task.text", f"Nhiệm vụ số {example.key} của kế hoạch")),
        lead_text="Sở Xây dựng", leads=(AGENCY,), coordinating_text="", coordinating=(),
        deadline_text="", products=(), source="",
        deadline=Deadline(
            wording="", due=day, milestones=steps,
            kind="recurrent" if example.says["kind"] == "recurrent" else "dated",
        ),
    )  # fmt: skip


def _indicator(example: Example) -> Indicator:
    measure = example.says.get("indicator.measure", "percent")
    total = Target(
        first_year=2021, last_year=2025, basis="total", comparator="exact", value=9, wording="",
        source="",
    )  # fmt: skip
    return Indicator(
        key=example.key,
        name="Tỷ lệ che phủ rừng" if measure == "share" else "Tăng trưởng",
        measure="tỷ đồng" if measure == "amount" else "%",
        targets=(total,) if example.says.get("indicator.adds_up") == "yes" else (),
    )


def _questions(form: Form, examples: Sequence[Example]) -> Iterable[Question]:
    for example in examples:
        kind, key = str(example.says["kind"]), _row_key(example)
        if key != example.key and kind != "remark":
            own = form.kind or "dated"
            yield Question(
                agency=AGENCY, form=form.key, key=example.key, kind=own, parent=example.key
            )
        yield msgspec.convert(
            {"agency": AGENCY, "form": form.key, "key": key, "kind": kind, "parent": example.key},
            Question,
        )
