"""What bodies that are gone were told last period, brought to those that answer in their place."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from khreport.columns import COMPLETED, COMPLETED_ON, RESULT, STATUS
from khreport.edition import Edition, Question
from khreport.forms import SUMMARY
from khreport.given import MOST_SUMMARY, shorten, sum_up
from khreport.previous import CITED, REPORTED_IN, SUMMED_UP, Previous, Values


def inherit_answers(previous: Previous, edition: Edition) -> Previous:
    """Last period's answers under the agencies that the edition asks the same rows now.

    Of several bodies that became one, the row stands as the least advanced of them left it, with
    what each had to say under its name. Nothing changes where no body is gone.
    """
    if not edition.handovers:
        return previous
    answers: dict[str, dict[str, dict[str, Values]]] = {}
    for question in edition.questions:
        told = {
            body: values
            for body in _told_before(previous, edition, question)
            if (values := previous.row(body, question.form, question.key))
        }
        if told:
            rows = answers.setdefault(question.agency, {}).setdefault(question.form, {})
            rows[question.key] = _bring_together(edition, question, told)
    return msgspec.structs.replace(previous, answers=answers)


def _told_before(previous: Previous, edition: Edition, question: Question) -> tuple[str, ...]:
    """The bodies that may have answered a question before: the agency, and whom it stands for.

    Where an officer gave several bodies over together, or one to several, nobody is an heir.
    """
    handed = [h for h in edition.handed.get(question.parent, ()) if question.agency in h.to]
    decided = [handover for handover in handed if handover.decided]
    alone = decided if [len(handover.to) for handover in decided] == [1] else []
    inherited = [handover for handover in handed if not handover.decided] + alone
    named = {handover.of for handover in inherited}
    before = [key for handover in inherited for key in (handover.of, *handover.through)]
    # who stood for the same body then may be another than stands for it now
    stood = [
        key
        for then in previous.stand_ins
        if then.task == question.parent and then.of in named
        for key in then.to
    ]
    return tuple(dict.fromkeys([question.agency, *before, *stood]))


def _bring_together(
    edition: Edition, question: Question, told: Mapping[str, Mapping[str, str | float]]
) -> Values:
    if list(told) == [question.agency]:
        return dict(told[question.agency])
    rows = list(told.values())
    base = next((row for row in rows if row.get(STATUS) != COMPLETED), rows[0])
    together: Values = dict(base)
    if together.get(STATUS) == COMPLETED and COMPLETED_ON in together:
        together[COMPLETED_ON] = max(str(r[COMPLETED_ON]) for r in rows if COMPLETED_ON in r)
    cited = dict.fromkeys(str(row[CITED]) for row in rows if CITED in row)
    together |= {CITED: "; ".join(cited)} if cited else {}
    # a row that does not say when was reported in the last period
    told_in = [str(row[REPORTED_IN]) for row in rows if REPORTED_IN in row]
    together.pop(REPORTED_IN, None)
    if len(told_in) == len(rows):
        together[REPORTED_IN] = max(told_in)
    names = {body: edition.plan.agency[body].short for body in told}
    said = [f"{names[body]}: {row[RESULT]}" for body, row in told.items() if RESULT in row]
    if said:
        together[RESULT] = "\n".join(said)
    form = edition.form[question.form]
    column = next((column for column in form.columns if column.source == SUMMARY), None)
    if column is not None:
        share = (column.max_length or MOST_SUMMARY) // len(told) - 1
        together[SUMMED_UP] = "\n".join(
            shorten(f"{names[body]}: {sum_up(form, column, question.kind, row)}", share)
            for body, row in told.items()
        )
    return together
