"""What pouring an older form's answers into the present one leaves over, told and kept."""

from __future__ import annotations

from typing import Any

import msgspec

from khreport.edition import Edition
from khreport.findings import Finding
from khreport.forms import Column, Form
from khreport.frames import Submission
from khreport.messages import finding, keep_short, place, row_name
from khreport.read.account import find_at
from khreport.rows import FormRow

KEPT_SHEET = "Không còn hỏi"
KEPT_HEADINGS = ["Sheet", "Ô", "Nội dung của", "Đã ghi"]
"""The sheet that carries what did not fit, and its headings."""
SEVERAL = "cơ quan khác"

Row = dict[str, Any]
"""A row of a frame of answers, by column."""


class Pouring(msgspec.Struct, kw_only=True):
    """One form on its way: as it was sent, as it is now (None: asked no more), its rows now.

    What is found on the way is gathered: findings, cells without a value, and what was left
    over as lines of KEPT_SHEET.
    """

    submission: Submission
    sent: Edition
    present: Edition
    form: Form
    to: Form | None
    now: dict[str, FormRow]
    findings: list[Finding] = []
    unread: list[tuple[str, str, str]] = []
    left: list[list[str]] = []

    def tell(self, code: str, row: Row, column: Column, value: str, **parts: str) -> Finding:
        """The finding, which is added, at its cell in the returned file."""
        named = row_name(self.sent.plan, self.form, row["key"])
        told = find_at(code, self.submission, self.form, column, row, named, value, **parts)
        told = keep_short(told, named)
        self.findings.append(told)
        return told

    def leave(self, code: str, row: Row, column: Column, text: str) -> None:
        """Nothing; the text is told, with who is asked for it now, and kept."""
        parts = {}
        if code == "row.not_asked":
            key = (self.form.key, row["key"])
            asked = [q.agency for q in self.present.questions if (q.form, q.key) == key]
            if asked:
                name = self.present.plan.agency[asked[0]].name
                code, parts = "row.other_agency", {"agency": SEVERAL if asked[1:] else name}
        told = self.tell(code, row, column, text, **parts)
        cell = str(told.cell) if told.cell else ""
        self.left.append([str(told.sheet), cell, told.place or "", text])

    def tell_later(self, code: str, key: str | None, column: Column | None, **parts: str) -> None:
        """Nothing; a sheet, column or row of the present form that was not sent is told."""
        form = self.to or self.form
        named = row_name(self.present.plan, form, key) if key else None
        self.findings.append(
            finding(
                code,
                file=self.submission.file,
                sheet=self.submission.sheets.get(form.key, form.sheet),
                form=form.key,
                row_key=key,
                column_key=column.key if column else None,
                place=place(form, column.key, named) if named and column else named,
                **parts,  # type: ignore[arg-type]
            )
        )
