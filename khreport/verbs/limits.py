"""``khreport limits``: what a returned file may cost before it is refused."""

from __future__ import annotations

from pathlib import Path

import msgspec

from khreport.edges.folder import open_campaign
from khreport.quantities import format_number
from khreport.raw import Limits

WORDS = {
    "file_mb": ("dung lượng của tệp", "MB"),
    "inflated_mb": ("dung lượng của tệp khi giải nén", "MB"),
    "entries": ("số phần bên trong tệp, kể cả ảnh và phần nhúng", "phần"),
    "sheets": ("số sheet của tệp", "sheet"),
    "cells": ("số ô trong vùng có nội dung của mọi sheet", "ô"),
    "texts": ("số đoạn chữ khác nhau trong tệp", "đoạn"),
    "text_length": ("độ dài của chữ trong một ô", "ký tự"),
    "reply_mb": ("dung lượng của nội dung đọc được", "MB"),
    "memory_mb": ("bộ nhớ dùng để đọc một tệp (trên Linux), ít nhất 256", "MB"),
    "seconds": ("thời gian đọc một tệp", "giây"),
}
"""What each limit bounds, and its unit, by its name in khreport.toml."""


class Limit(msgspec.Struct, frozen=True):
    """One limit in words: its name in khreport.toml, value, unit, and what it bounds."""

    name: str
    value: float
    unit: str
    words: str

    def __str__(self) -> str:
        return f"{self.name:<12} {format_number(self.value):>10} {self.unit:<6}  {self.words}"


def list_limits(folder: Path | None = None) -> list[Limit]:
    """The limits of the campaign in `folder`, or those as shipped.

    >>> import khreport
    >>> [limit.value for limit in khreport.limits() if limit.name == "sheets"]
    [200]

    Raises:
        CampaignError: there is no campaign, or its settings cannot be used.

    """
    limits = open_campaign(folder).settings.limits if folder else Limits()
    return [
        Limit(name, getattr(limits, name), unit, words) for name, (words, unit) in WORDS.items()
    ]
