"""What a consolidation holds: the frames that workbooks and the report are written from."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec
import polars as pl

from khreport.columns import (
    ADDRESSEE,
    CAUSE,
    COMPLETED_ON,
    DIFFICULTY,
    PROPOSAL,
    STATUS,
    VALUE,
)
from khreport.sheet import Value

AgencyState = Literal["accepted", "faulty", "missing"]
Timeliness = Literal[
    "completed_in_time", "completed_late", "completed_undated", "running_in_time", "running_late",
    "not_started_in_time", "not_started_late", "carried_out", "partly", "not_carried_out",
    "set_aside", "secret",
]  # fmt: skip
"""How an answer stands against its deadline: the first seven for dated rows, the next three
for recurrent ones; "completed_undated" is completed on a day that nobody gave, the deadline
having passed; "set_aside" is a proposal to stop or a task that is another's."""

TIMELINESS_LABELS: dict[str, str] = {
    "completed_in_time": "Hoàn thành đúng hạn",
    "completed_late": "Hoàn thành, chậm so với thời hạn",
    "completed_undated": "Hoàn thành, chưa rõ ngày",
    "running_in_time": "Đang thực hiện, trong hạn",
    "running_late": "Đang thực hiện, quá hạn",
    "not_started_in_time": "Chưa thực hiện, trong hạn",
    "not_started_late": "Chưa thực hiện, quá hạn",
    "carried_out": "Đã triển khai",
    "partly": "Triển khai một phần",
    "not_carried_out": "Chưa triển khai",
    "set_aside": "Đề nghị dừng, điều chỉnh hoặc chuyển cơ quan khác",
    "secret": "Báo cáo theo chế độ mật",
}
STATE_LABELS: dict[str, str] = {
    "accepted": "Đã báo cáo",
    "faulty": "Đã gửi, còn lỗi phải sửa",
    "missing": "Chưa báo cáo",
}

TRACE: dict[str, pl.DataType] = {
    "agency": pl.String(),
    "submission": pl.String(),
    "file": pl.String(),
    "sheet": pl.String(),
    "row": pl.Int32(),
}
"""Where a row was read: the agency, its stored file's hash, the file, the sheet, the row."""

TASKS = pl.Schema(
    {
        "task": pl.String(),
        "appendix": pl.String(),
        "section": pl.String(),
        "number": pl.String(),
        "text": pl.String(),
        "kind": pl.String(),
        "due": pl.Date(),
        "asked": pl.UInt32(),
        "answered": pl.UInt32(),
        STATUS: pl.String(),
        COMPLETED_ON: pl.Date(),
        "timeliness": pl.String(),
        "days_late": pl.Int64(),
        "disagree": pl.Boolean(),
        "missing": pl.List(pl.String()),
    }
)
DIFFICULTIES = pl.Schema(
    {
        "id": pl.String(), "task": pl.String(), "key": pl.String(), **TRACE,
        DIFFICULTY: pl.String(), CAUSE: pl.String(),
    }
)  # fmt: skip
PROPOSALS = pl.Schema(
    {
        "id": pl.String(), "task": pl.String(), "key": pl.String(), **TRACE,
        PROPOSAL: pl.String(), ADDRESSEE: pl.String(),
    }
)  # fmt: skip
AGENCIES = pl.Schema(
    {
        "agency": pl.String(),
        "name": pl.String(),
        "state": pl.String(),
        "received_at": pl.Datetime("us"),
        "days_late": pl.Int64(),
        "errors": pl.Int64(),
        "asked": pl.UInt32(),
        "answered": pl.UInt32(),
        "submission": pl.String(),
        "file": pl.String(),
    }
)
CELLS = pl.Schema(
    {
        "agency": pl.String(),
        "form": pl.String(),
        "key": pl.String(),
        "column": pl.String(),
        VALUE: pl.String(),
        "submission": pl.String(),
        "file": pl.String(),
        "sheet": pl.String(),
        "cell": pl.String(),
    }
)


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """How far one agency is: its accepted (or last faulty) submission and when it came."""

    agency: str
    state: AgencyState
    submission: str | None = None
    file: str | None = None
    received_at: dt.datetime | None = None
    errors: int = 0
    days_late: int = 0


class Consolidation(msgspec.Struct, frozen=True, kw_only=True):
    """The frames of a round. Each row that an agency wrote has the columns of TRACE.

    Only accepted submissions are in it, and only rows in which something was answered.
    Codes and texts are as the agencies gave them; ids and order follow plan and agency, so
    that another run, or another return, leaves them as they are.

    answers: one row per task, milestone or project line and answering agency: `key`, `kind`,
      `task`, the answer columns of the task forms (a line's own name among them), `cited`
      (its documents in words), `reported_in` (the period that completed a row which stayed
      closed and took over what was said then; else null), `asked` (false where the agency is
      no longer asked for the task: its answer is listed and settles nothing), `due`,
      `timeliness`, `days_late`.
    tasks (TASKS): one row per task of the plan. `kind` is "target", "dated" or "recurrent";
      `asked` and `answered` count agencies that the round asks, `missing` names those of
      them without an answer; answers of others settle nothing;
      `status` is the least advanced one, `disagree` says that leads gave different ones.
      `timeliness` is null where nobody answered and for targets, which are assessed by
      status alone; `days_late` is null unless late.
    indicators: one row per indicator and answering agency: `indicator`, the given, answer
      and computed columns of the form (ratio in %; growth in %, or in percentage points
      where the indicator is measured in per cent).
    documents: one row per listed document: `id`, `number` (as listed), its columns, and
      `tasks`, the list of rows that cite it.
    difficulties, proposals (DIFFICULTIES, PROPOSALS): one row each; `id` is
      "KK.<row key>.<agency>" or "KN.<row key>.<agency>.<digest of its words>".
    adjustments: one row per change to the plan that an agency proposes: `id`
      ("<row key>.<agency>.<digest of its words>"), `form`, the columns of the form.
    remarks: what coordinating agencies remark on others' tasks: `task`, the columns of the form.
    agencies (AGENCIES): one row per asked agency; `asked` and `answered` count its tasks.
    cells (CELLS): one row per answered cell; `value` as people read it (labels, dd/mm/yyyy,
      decimal comma), `cell` such as "J14".
    """

    answers: pl.DataFrame
    tasks: pl.DataFrame
    indicators: pl.DataFrame
    documents: pl.DataFrame
    difficulties: pl.DataFrame
    proposals: pl.DataFrame
    agencies: pl.DataFrame
    cells: pl.DataFrame
    adjustments: pl.DataFrame = msgspec.field(default_factory=pl.DataFrame)
    remarks: pl.DataFrame = msgspec.field(default_factory=pl.DataFrame)


class Unread(msgspec.Struct, frozen=True):
    """An entry of the editing workbook that was not understood: its sheet, place and words."""

    form: str
    key: str
    column_key: str
    text: str


class Jotting(msgspec.Struct, frozen=True):
    """What the officer wrote beside or below the table of a sheet of the editing workbook.

    Beside a row: its `key`, and `row` is 0. Else `row` counts from the last row of the table
    down, or is negative: the sheet's own row above the table. `column` is the key of a column
    of the table, or "+1", "+2" … for those to the right of it.
    """

    form: str
    key: str
    row: int
    column: str
    value: Value


class Edits(msgspec.Struct, frozen=True, kw_only=True):
    """What the officer wrote in the editing workbook, by key; empty strings are dropped.

    `results` and `statuses` by task key (a status is a list code), `days` the day on which a
    task was completed, `chosen` the agency whose answer stands where leads disagree,
    `assessments` by indicator key, `opinions` by the id of a proposal or adjustment, `slots`
    the passages that only the officer can write, by slot key.

    `unread` are entries that were not understood, `jottings` and `extra` (sheet name to rows)
    what stands outside the tables: they say nothing, and are carried into the next workbook.
    """

    results: dict[str, str] = {}
    statuses: dict[str, str] = {}
    days: dict[str, dt.date] = {}
    chosen: dict[str, str] = {}
    assessments: dict[str, str] = {}
    opinions: dict[str, str] = {}
    slots: dict[str, str] = {}
    unread: tuple[Unread, ...] = ()
    jottings: tuple[Jotting, ...] = ()
    extra: dict[str, tuple[tuple[Value, ...], ...]] = {}
