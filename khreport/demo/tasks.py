"""What an agency writes about the tasks that it leads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from khreport.columns import (
    ADDRESSEE,
    AT_RISK,
    CARRIED_OUT,
    CAUSE,
    CAUSES,
    COMPLETED,
    DIFFICULTY,
    DOCUMENTS,
    EXCEEDS,
    EXPLANATION,
    IN_PROGRESS,
    NEXT_YEAR,
    NO_DIFFICULTY,
    NOT_STARTED,
    PARTLY,
    PROPOSAL,
    REACHES,
    REPORT_DATE,
    REPORT_NUMBER,
    RESULT,
    SECRET,
    SOLUTIONS,
    STATUS,
    STOP,
    TASK,
)
from khreport.dates import format_date
from khreport.demo.documents import Document, Shelf
from khreport.demo.figures import Figure
from khreport.demo.phrases import Teller, Topic, find_topics, name_subject
from khreport.demo.standing import Standing, complete_by, draw_standing
from khreport.plan import Task
from khreport.sheet import Value

Row = dict[str, Value]

RECURRENT = {CARRIED_OUT: 80, PARTLY: 15, NOT_STARTED: 4, STOP: 1}
TARGET = {REACHES: 62, EXCEEDS: 18, PARTLY: 20}
SET_ASIDE = (STOP, SECRET)
SECRET_TASKS = 45
"""Of a hundred tasks about which some of what was done is secret."""
TROUBLED = {PARTLY: 100, NOT_STARTED: 100, IN_PROGRESS: 45, CARRIED_OUT: 28, COMPLETED: 0}
WITH_PROJECT = 28
WITH_LATER_STEP = 40
LONG_ANSWERS = 8
LONGEST = 1400
ROOM_FOR_REFERENCES = 3


class TaskTeller:
    """What one agency says of its tasks; documents go to the shelf as they are cited."""

    def __init__(self, teller: Teller, shelf: Shelf, figures: dict[str, Figure]) -> None:
        self.teller = teller
        self.shelf = shelf
        self.figures = figures

    def answer_target(self, task: Task) -> Row:
        """The row of a task of the appendix of targets, which fits the figures given for it."""
        teller, general = self.teller, self.teller.phrases.general
        figures = self._figures(task)
        status = _assess(figures) or teller.weigh(TARGET)
        cited = self.shelf.issue(name_subject(task.text), first_of_its_kind=True)
        row: Row = {STATUS: status, RESULT: self._result(task, status, cited)}
        if status == PARTLY:
            topic = self._topics(task)[0]
            hardships = [*topic.difficulties[:1], *general.difficulties[:1]]
            row[CAUSES] = " ".join(teller.say(hardship.text) for hardship in hardships)
            row[SOLUTIONS] = " ".join(teller.repeat(sentence) for sentence in topic.next)
        period = teller.period
        row[REPORT_NUMBER] = f"{teller.dice.randint(400, 490)}/BC-{teller.symbol}"
        row[REPORT_DATE] = teller.day(period.closing, min(period.due, period.end))
        return row

    def answer_dated(self, task: Task, standing: Standing) -> Row:
        """The row of a task that is done once."""
        row = self._describe(task, standing.status, standing)
        return {**standing.row, **row}

    def answer_recurrent(self, task: Task) -> Row:
        """The row of a task that is done year after year."""
        status = self.teller.weigh(RECURRENT)
        if self._topics(task)[0].secret and self.teller.happens(SECRET_TASKS):
            status = SECRET
        return {STATUS: status, **self._describe(task, status)}

    def answer_steps(self, task: Task, whole: Standing) -> dict[str, Row]:
        """The rows of the milestones by key: those that are due, some of the others."""
        rows: dict[str, Row] = {}
        if whole.status == STOP:
            return rows
        for step in task.deadline.milestones:
            to_come = step.due > self.teller.period.end
            if whole.status == COMPLETED:
                standing = complete_by(self.teller, step.due, whole)
            elif to_come and not self.teller.happens(WITH_LATER_STEP):
                continue
            else:
                standing = draw_standing(self.teller, step.due, step.start, task=False)
            said = self._short(self.teller.phrases.milestone, standing)
            rows[f"{task.key}.{step.key}"] = {**standing.row, RESULT: said}
        return rows

    def answer_lines(self, task: Task, keys: Sequence[str]) -> dict[str, Row]:
        """The rows of projects beneath a task."""
        rows = {}
        for key in keys:
            name = self.teller.say(self.teller.pick(self._topics(task)[0].projects))
            standing = draw_standing(self.teller, self.teller.period.end, task=False)
            said = self._short(self.teller.phrases.line, standing)
            rows[key] = {TASK: name, **standing.row, RESULT: said}
        return rows

    def _describe(self, task: Task, status: str, standing: Standing | None = None) -> Row:
        teller, general = self.teller, self.teller.phrases.general
        if status == SECRET:
            return {EXPLANATION: teller.say(teller.pick(general.secrecy))}
        if status == STOP:
            return {EXPLANATION: teller.say(teller.pick(general.stop))}
        row: Row = {}
        if status != NOT_STARTED:
            documents = list(self._cite(task))
            cited = documents[0] if documents else None
            row[RESULT] = self._result(task, status, cited, standing)
            numbers = sorted({document.number for document in documents})
            row[DOCUMENTS] = "; ".join(map(str, numbers)) or None
        row |= self._trouble(task, status, late=bool(standing and _is_late(task, standing)))
        topic = self._topics(task)[0]
        if status != COMPLETED or teller.happens(30):
            wanted = teller.dice.randint(1, 2)
            pool = [*topic.next, *general.next]
            row[NEXT_YEAR] = " ".join(teller.repeat(teller.pick(pool)) for _ in range(wanted))
        return row

    def _cite(self, task: Task) -> Iterable[Document]:
        subject = name_subject(task.text)
        for place in range(self.teller.dice.choice((1, 1, 1, 2, 2, ROOM_FOR_REFERENCES))):
            document = self.shelf.issue(subject, first_of_its_kind=place == 0)
            if document:
                yield document

    def _trouble(self, task: Task, status: str, *, late: bool) -> Row:
        """Difficulty, cause and proposal; or that there are none."""
        teller, general = self.teller, self.teller.phrases.general
        if not late and not teller.happens(TROUBLED.get(status, 50)):
            return {CAUSE: NO_DIFFICULTY} if teller.happens(60) else {}
        topic = self._topics(task)[0]
        own = teller.happens(80)
        hardship = teller.dice.choice(topic.difficulties if own else general.difficulties)
        row: Row = {DIFFICULTY: teller.say(hardship.text), CAUSE: hardship.cause}
        if teller.happens(60):
            request = teller.dice.choice(topic.proposals if own else general.proposals)
            row |= {PROPOSAL: teller.say(request.text), ADDRESSEE: request.to}
        return row

    def _result(
        self,
        task: Task,
        status: str,
        cited: Document | None,
        standing: Standing | None = None,
    ) -> str:
        """A few sentences about what was done; now and then a page of them."""
        teller = self.teller
        opening = teller.say(
            teller.pick(teller.phrases.openings_by_status[status]),
            subject=name_subject(task.text),
            document=cited.cited if cited else "kế hoạch của cơ quan",
            completed=_day(standing),
        )
        figures = [figure.sentence for figure in self._figures(task)]
        pool = [sentence for topic in self._topics(task) for sentence in topic.results]
        if not teller.happens(LONG_ANSWERS):
            told = [teller.pick(pool) for _ in range(teller.dice.randint(0 if figures else 1, 2))]
            return " ".join([opening, *figures, *map(teller.repeat, told)])
        told = [*map(teller.repeat, pool), *map(teller.say, teller.phrases.general.results)]
        return _join_within([opening, *(f"- {said}" for said in (*figures, *told))], LONGEST)

    def _short(self, sentences: dict[str, tuple[str, ...]], standing: Standing) -> str:
        said = self.teller.pick(sentences[standing.status])
        return self.teller.say(said, completed=_day(standing))

    def _topics(self, task: Task) -> tuple[Topic, ...]:
        return find_topics(task.text) or (self.teller.phrases.general,)

    def _figures(self, task: Task) -> list[Figure]:
        indicators = self.teller.edition.plan.indicator
        return [f for key, f in self.figures.items() if indicators[key].tracked_by == task.key]


def _is_late(task: Task, standing: Standing) -> bool:
    done, due = standing.completed_on, task.deadline.due
    return standing.late or bool(done and due and done > due)


def _day(standing: Standing | None) -> str:
    return format_date(standing.completed_on) if standing and standing.completed_on else ""


def _assess(figures: Iterable[Figure]) -> str | None:
    """How a task of targets stands by its indicators, if it has any."""
    outlooks = {figure.outlook for figure in figures}
    if not outlooks:
        return None
    if AT_RISK in outlooks:
        return PARTLY
    return EXCEEDS if outlooks == {EXCEEDS} else REACHES


def _join_within(lines: Iterable[str], most: int) -> str:
    text = ""
    for line in lines:
        if len(text) + len(line) + 1 > most:
            break
        text += ("\n" if text else "") + line
    return text
