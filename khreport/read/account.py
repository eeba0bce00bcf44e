"""What reading one form of one submission has to tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from khreport.edition import Edition
from khreport.findings import Finding
from khreport.forms import Column, Form
from khreport.frames import Repair, Submission
from khreport.messages import finding, keep_short, place, row_name
from khreport.raw import RawSheet
from khreport.read.located import NO_ROW
from khreport.rows import FormRow


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the used range of a sheet, by index; the row and column of the form there.

    Without `at` it is a whole row, without `index` the whole sheet.
    """

    index: int | None = None
    at: int | None = None
    row: FormRow | None = None
    column: Column | None = None


SHEET = Spot()


class Account(msgspec.Struct, kw_only=True):
    """Findings, repairs, and the cells (form, row key, column key) that have no value."""

    edition: Edition
    file: str
    sheet: RawSheet
    form: Form
    findings: list[Finding] = []
    repairs: list[Repair] = []
    unread: list[tuple[str, str, str]] = []

    def name(self, row: FormRow) -> str:
        """What people call the row."""
        return row_name(self.edition.plan, self.form, row.key)

    def tell(self, code: str, spot: Spot, value: str | None = None, **parts: str) -> None:
        """Nothing; a finding is added in the catalogue's words."""
        named = where = self.name(spot.row) if spot.row else None
        if where and spot.column:
            where = place(self.form, spot.column.key, where)
        whole_row = spot.index is None or spot.at is None
        told = finding(
            code,
            file=self.file,
            sheet=self.sheet.name,
            form=self.form.key,
            row=None if spot.index is None or whole_row else spot.index + self.sheet.row,
            column=None if spot.at is None or whole_row else spot.at + self.sheet.column,
            row_key=spot.row.key if spot.row else None,
            column_key=spot.column.key if spot.column else None,
            value=value,
            place=where,
            **parts,
        )
        self.findings.append(keep_short(told, named))

    def mend(self, spot: Spot, before: str, after: str, why: str) -> None:
        """Nothing; a repair is added."""
        self.repairs.append(
            Repair(
                form=self.form.key,
                sheet=self.sheet.name,
                row=(spot.index or 0) + self.sheet.row,
                # the column of keys may have been deleted, and the sheet begin before it
                column=max((spot.at or 0) + self.sheet.column, 0),
                row_key=spot.row.key if spot.row else "",
                column_key=spot.column.key if spot.column else "",
                before=before,
                after=after,
                why=why,
            )
        )


def find_at(  # noqa: PLR0913, PLR0917 - where, and what of it
    code: str,
    submission: Submission,
    form: Form,
    column: Column,
    row: Mapping[str, Any],
    named: str,
    value: str | None,
    **parts: str,
) -> Finding:
    """The finding at the cell of a row of a submission's frame, if the row stands in the file.

    `named` is the row in words (`messages.row_name`).
    """
    at = submission.columns.get(form.key, {}).get(column.key)
    missing = row["row"] == NO_ROW or at is None
    return finding(
        code,
        file=submission.file,
        sheet=submission.sheets.get(form.key, form.sheet),
        form=form.key,
        row=None if missing else row["row"],
        column=None if missing else at,
        row_key=row["key"],
        column_key=column.key,
        value=value,
        place=place(form, column.key, named),
        **parts,
    )
