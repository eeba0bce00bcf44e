"""Letters: texts that an officer can edit, filled in for each agency, and where they go."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from khreport.errors import CampaignError
from khreport.text import clean

SUBJECT = "Tiêu đề:"
_FIELD = re.compile(r"\{([^{}]*)\}")
_BOLD = re.compile(r"\*\*(.+?)\*\*")

LetterKind = Literal["form", "reply", "reminder"]


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What a letter says: its subject, and its text without and with looks."""

    subject: str
    text: str
    html: str


class Address(NamedTuple):
    """A name as people read it, which may be empty, and where mail is sent."""

    name: str
    email: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A letter to an agency.

    `about` makes it this letter and no other of its kind to that agency: it is never sent twice
    for the same. For forms that is the edition's digest, for replies the submission, for
    reminders their step. `file` names its draft; `in_reply_to` is the id of the answered letter.
    """

    agency: str
    agency_name: str
    kind: LetterKind
    about: str
    letter: Letter
    file: str
    sender: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    attachments: tuple[Path, ...] = ()
    in_reply_to: str = ""

    @property
    def recipients(self) -> tuple[str, ...]:
        """All addresses that it goes to."""
        return tuple(address.email for address in (*self.to, *self.cc))


def write_letter(template: str, file: str, values: Mapping[str, str]) -> Letter:
    r"""The letter that a template makes of `values`.

    Its first line is the subject. A line that has nothing to fill one of its {names} with is
    left out, and so is a line that begins with "#".

    >>> letter = write_letter("Tiêu đề: Hạn {due}\n\nKính gửi: **{agency}**\nĐT: {phone}",
    ...     "thu.txt", {"due": "13/12/2024", "agency": "Sở Y tế", "phone": ""})
    >>> letter.subject, letter.text
    ('Hạn 13/12/2024', 'Kính gửi: Sở Y tế')

    Raises:
        CampaignError: the subject is missing, or a line has a name that stands for nothing.

    """
    lines = [
        (number, clean(line))
        for number, line in enumerate(template.splitlines(), 1)
        if not line.startswith("#")
    ]
    while lines and not lines[0][1]:
        lines.pop(0)
    if not lines or not lines[0][1].startswith(SUBJECT):
        raise CampaignError(
            f"{file}: thiếu tiêu đề. Dòng đầu phải bắt đầu bằng “{SUBJECT}”, "
            f"ví dụ: {SUBJECT} Biểu mẫu báo cáo {{period}}"
        )
    number, first = lines.pop(0)
    subject = _fill(first.removeprefix(SUBJECT), file, number, values)
    if not subject:
        raise CampaignError(f"{file}, dòng {number}: tiêu đề trống. Hãy viết sau “{SUBJECT}”.")
    filled = (_fill(line, file, number, values) for number, line in lines)
    body = re.sub("\n{3,}", "\n\n", "\n".join(line for line in filled if line is not None))
    return Letter(
        subject=_BOLD.sub(r"\1", subject),
        text=_BOLD.sub(r"\1", body).strip(),
        html=_as_html(body.strip()),
    )


def _fill(line: str, file: str, number: int, values: Mapping[str, str]) -> str | None:
    """The line with its {names} replaced by single lines; None if one of them is empty."""
    for name in _FIELD.findall(line):
        if name not in values:
            near = difflib.get_close_matches(name, values, n=1, cutoff=0.6)
            names = ", ".join(f"{{{known}}}" for known in values)
            hint = f"Có phải {{{near[0]}}}?" if near else f"Chỉ dùng: {names}."
            raise CampaignError(f"{file}, dòng {number}: không có chỗ điền {{{name}}}. {hint}")
    if _FIELD.sub("", line).count("{") or _FIELD.sub("", line).count("}"):
        raise CampaignError(f"{file}, dòng {number}: dấu ngoặc nhọn không khớp. Hãy viết {{tên}}.")
    filling = {name: " ".join(clean(values[name]).split()) for name in _FIELD.findall(line)}
    if not all(filling.values()):
        return None
    return _FIELD.sub(lambda found: filling[found[1]], line).strip()


def _as_html(body: str) -> str:
    paragraphs = [
        "<p>" + _BOLD.sub(r"<b>\1</b>", html.escape(part)).replace("\n", "<br>\n") + "</p>"
        for part in body.split("\n\n")
    ]
    return (
        '<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8"></head>\n'
        '<body style="font-family: Arial, sans-serif; font-size: 11pt">\n'
        + "\n".join(paragraphs)
        + "\n</body></html>\n"
    )
