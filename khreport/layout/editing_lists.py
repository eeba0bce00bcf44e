"""The rows of the editing workbook beside the tasks: indicators, proposals, passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from khreport.anatomy import SECTION_MARK
from khreport.columns import ADDRESSEE, ESTIMATE_YEAR, PROPOSAL
from khreport.consolidation import Consolidation, Edits
from khreport.edition import Edition
from khreport.layout.editing_rows import (
    AGENCY,
    MEASURE,
    NAME,
    NUMBER,
    PROMPT,
    SOURCE,
    TARGETS,
    EditingRow,
    agency_name,
    band,
    other_answers,
    source_of,
)
from khreport.layout.table import plain_value
from khreport.merge.across import doubt_answers
from khreport.merge.edits import ASSESSMENT, OPINION, PASSAGE
from khreport.merge.opinions import find_subject, place_of
from khreport.merge.wording import label_codes
from khreport.plan import Indicator
from khreport.rows import describe_target
from khreport.sheet import Value


def indicator_rows(edition: Edition, found: Consolidation, edits: Edits) -> Iterator[EditingRow]:
    """Each indicator that still runs, with the figures of those who answer for it."""
    figures: dict[str, list[dict[str, Any]]] = {}
    form = next((form for form in edition.forms if form.rows == "indicators"), None)
    if form is not None and found.indicators.height:
        rows = found.indicators.with_columns(pl.lit("indicator").alias("kind"))
        rows = rows.with_columns(
            *(label_codes(form, column) for column in form.answers),
            agency_name(edition).alias("agency name"),
            source_of().alias(SOURCE),
        )
        for row in rows.iter_rows(named=True):
            figures.setdefault(row["indicator"], []).append(row)
    doubts = {
        doubt.row_key: f"{doubt.message} {doubt.fix}"
        for doubt in doubt_answers(found, edits, edition, file="")
        if doubt.column_key == ESTIMATE_YEAR
    }
    live = [i for i in edition.plan.indicators if i.key in figures or _runs(edition, i)]
    for number, indicator in enumerate(live, start=1):
        answers: Sequence[dict[str, Any]] = figures.get(indicator.key) or [{}]
        for nth, answer in enumerate(answers):
            unnamed = "Chưa có số liệu" if indicator.tracked_by else "Chưa rõ cơ quan theo dõi"
            figure = {key: plain_value(value) for key, value in answer.items()}
            first = nth == 0
            yield EditingRow(
                key=indicator.key if first else f"{SECTION_MARK}{indicator.key}.{nth}",
                look="own" if first else "answer",
                values={
                    **figure,
                    NUMBER: number if first else None,
                    NAME: indicator.name,
                    MEASURE: indicator.measure,
                    TARGETS: "\n".join(map(describe_target, indicator.targets)),
                    AGENCY: figure.get("agency name", unnamed),
                    ASSESSMENT: edits.assessments.get(indicator.key) if first else None,
                },
                opened=(ASSESSMENT,) if first else (),
                notes={ESTIMATE_YEAR: doubts[indicator.key]} if indicator.key in doubts else {},
            )


def _runs(edition: Edition, indicator: Indicator) -> bool:
    return max(target.last_year for target in indicator.targets) >= edition.period.year


def proposal_rows(edition: Edition, found: Consolidation, edits: Edits) -> Iterator[EditingRow]:
    """Each proposal, then each change of the plan that is proposed, then opinions left over."""
    yield band("KN", "Kiến nghị, đề xuất")
    listed: set[str] = set()
    proposals = found.proposals.with_columns(agency_name(edition), source_of().alias(SOURCE))
    for number, row in enumerate(proposals.iter_rows(named=True), start=1):
        task = edition.plan.task[row["task"]]
        label = edition.plan.appendix[task.appendix].label
        listed.add(row["id"])
        values = {
            NUMBER: number,
            NAME: f"{label}, {task.key.partition('.')[2]}. {task.text}",
            AGENCY: row["agency"],
            PROPOSAL: row[PROPOSAL],
            ADDRESSEE: row[ADDRESSEE],
            SOURCE: row[SOURCE],
        }
        yield _opinion(row["id"], values, edits)
    for form in edition.forms:
        if form.rows == "records" and found.adjustments.height:
            rows = found.adjustments.filter(pl.col("form") == form.key)
            if rows.height:
                yield band(form.key, form.sheet)
                rows = rows.with_columns(pl.lit("record").alias("kind")).select(
                    "id",
                    agency_name(edition).alias(AGENCY),
                    other_answers(edition, form).alias(PROPOSAL),
                    source_of().alias(SOURCE),
                )
            for number, row in enumerate(rows.iter_rows(named=True), start=1):
                listed.add(row["id"])
                yield _opinion(row["id"], {NUMBER: number, **row}, edits)
    left = [key for key in edits.opinions if key not in listed]
    if left:
        yield band("cu", "Ý kiến trước đây, không còn đi với kiến nghị nào trong báo cáo")
    places = {place_of(key) for key in listed}
    for key in left:
        yield _opinion(key, _describe_left(edition, key, changed=place_of(key) in places), edits)


def _describe_left(edition: Edition, key: str, *, changed: bool) -> dict[str, Value]:
    """What an earlier opinion was on, in words: its proposal is gone, or worded anew."""
    subject = find_subject(key, edition)
    if subject is None:
        return {NAME: "Ý kiến trước đây về kiến nghị không rõ của cơ quan nào"}
    agency = edition.plan.agency[subject.agency].name
    if subject.task:
        label = edition.plan.appendix[edition.plan.task[subject.task].appendix].label
        number = subject.task.partition(".")[2]
        about, what = f"kiến nghị của {agency}, nhiệm vụ {number} {label}", "kiến nghị"
    else:
        number = subject.record.removeprefix("+")
        about, what = f"đề xuất điều chỉnh kế hoạch của {agency}, dòng {number}", "đề xuất"
    fate = "đã thay đổi" if changed else "không còn"
    return {NAME: f"Ý kiến trước đây về {about} ({what} {fate})", AGENCY: agency}


def _opinion(key: str, values: dict[str, Value], edits: Edits) -> EditingRow:
    return EditingRow(
        key=key,
        look="own",
        values={**values, OPINION: edits.opinions.get(key)},
        opened=(OPINION,),
    )


def slot_rows(slots: Sequence[tuple[str, str]], edits: Edits) -> Iterator[EditingRow]:
    """Each passage to write, then passages that no part of the report asks for any more."""
    prompts = dict(slots)
    left = [key for key in edits.slots if key not in prompts]
    asked = {**prompts, **dict.fromkeys(left, "Nội dung đã ghi, báo cáo không còn dùng.")}
    for number, (key, prompt) in enumerate(asked.items(), start=1):
        yield EditingRow(
            key=key,
            look="own",
            values={NUMBER: number, PROMPT: prompt, PASSAGE: edits.slots.get(key)},
            opened=(PASSAGE,),
        )
