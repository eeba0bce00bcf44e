"""Records out of CSV texts that people edit, and where each record stands in its file."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple, NoReturn, TypeVar

import msgspec

from khreport.errors import PlanError

T = TypeVar("T")


class Place(NamedTuple):
    """Where a record stands: file and line, counted from one."""

    file: str
    line: int

    def reject(self, fault: str) -> NoReturn:
        """Raise PlanError with the place before the fault."""
        raise PlanError(f"{self.file}, dòng {self.line}: {fault}")


class Record(NamedTuple):
    """The cells of one row by column, and where it stands."""

    cells: dict[str, str]
    place: Place

    def convert(self, kind: type[T]) -> T:
        """The row as a value of `kind`: cells are text, and numbers where one is wanted."""
        try:
            return msgspec.convert(self.cells, kind, strict=False)
        except msgspec.ValidationError as error:
            found = re.search(r"`\$\.(\w+)`", str(error))
            column = found[1] if found else ""
            self.place.reject(f"cột “{column}” không nhận “{self.cells.get(column, '')}”.")


def parse_records(file: str, text: str, columns: Sequence[str]) -> tuple[Record, ...]:
    """The rows of a CSV text whose heading names exactly `columns`, in any order."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    begin = 1
    try:
        for row in reader:
            if row:
                rows.append((begin, row))
            begin = reader.line_num + 1
    except csv.Error:
        Place(file, begin).reject("không đọc được. Kiểm tra dấu phẩy và dấu nháy kép của dòng này.")
    heading = rows[0][1] if rows else []
    _require_columns(file, heading, columns)
    records = []
    for line, row in rows[1:]:
        place = Place(file, line)
        if len(row) != len(heading):
            place.reject(f"có {len(row)} ô, phải có {len(heading)} ô như dòng tiêu đề.")
        records.append(Record(dict(zip(heading, row, strict=True)), place))
    return tuple(records)


def require_unique(keyed: Iterable[tuple[str, Place]], what: str) -> None:
    """Raise PlanError at the second record that has a key again."""
    seen: dict[str, Place] = {}
    for key, place in keyed:
        if key in seen:
            place.reject(f"{what} “{key}” đã có ở dòng {seen[key].line}.")
        seen[key] = place


def require_composed(file: str, text: str) -> None:
    """Raise PlanError at the first line that is not NFC."""
    if unicodedata.is_normalized("NFC", text):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if not unicodedata.is_normalized("NFC", line):
            Place(file, number).reject("chữ chưa ở dạng Unicode dựng sẵn (NFC). Lưu lại tệp ở NFC.")


def _require_columns(file: str, heading: Sequence[str], columns: Sequence[str]) -> None:
    place = Place(file, 1)
    for name in heading:
        if name not in columns:
            place.reject(f"không có cột “{name}”. Các cột: {', '.join(columns)}.")
    require_unique(((name, place) for name in heading), "cột")
    missing = [name for name in columns if name not in heading]
    if missing:
        place.reject(f"thiếu cột “{missing[0]}”. Các cột: {', '.join(columns)}.")
