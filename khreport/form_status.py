"""How one form of one agency stands in a round, and in which words that is told."""

from __future__ import annotations

from typing import Literal

import msgspec

FormState = Literal[
    "not_asked", "unsent", "drafted", "unsure", "sent", "received", "faulty", "accepted", "nil",
    "secret", "blank", "unknown",
]  # fmt: skip
"""How one form of one agency stands. "nil" is a free list confirmed to have nothing to list,
"secret" a form of which all was answered by secret letter, "blank" one that asks nothing that
must be answered; "received" is in a return that is faulty elsewhere; "unknown": the ledger was
written by a version that did not count forms."""

_FORM_WORDS: dict[FormState, str] = {
    "not_asked": "—",
    "unsent": "chưa gửi biểu",
    "drafted": "đã soạn thư",
    "unsure": "chưa rõ đã gửi",
    "sent": "chưa nộp",
    "received": "đã nhận",
    "accepted": "đạt",
    "nil": "không phát sinh",
    "secret": "báo cáo mật",
    "blank": "để trống",
    "unknown": "—",
}


class FormStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One form of one agency: rows that are asked and answered, errors, rows told as secret.

    `asked` is 0 where the form does not say how many rows there are to be.
    """

    form: str
    state: FormState
    asked: int = 0
    answered: int = 0
    errors: int = 0
    secret: int = 0

    @property
    def words(self) -> str:
        """The state in a few words, with its figures.

        >>> FormStatus(form="PL2", state="accepted", asked=9, answered=9, secret=2).words
        'đạt, 2 mật'
        """
        if self.state == "faulty":
            return f"{self.errors} lỗi"
        tells = self.secret and self.state in ("accepted", "received")
        extra = f", {self.secret} mật" if tells else ""
        return _FORM_WORDS[self.state] + extra

    @property
    def answered_of(self) -> str:
        """How many of its rows are answered, where that is known: "7/9"."""
        return f"{self.answered}/{self.asked}" if self.asked and self.answered else ""


class FormHead(msgspec.Struct, frozen=True):
    """A column of the matrix: a form's key and the name of its sheet."""

    key: str
    name: str
