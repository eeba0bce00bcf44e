"""Reading TOML that people edit: every complaint says which file, which line, what to do."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Iterable
from typing import Any, Literal, NoReturn, TypeVar, get_args, get_origin

import msgspec

from khreport.errors import PlanError

T = TypeVar("T", bound=msgspec.Struct)

WORDS = {
    "str": "chữ đặt trong dấu nháy",
    "array": "danh sách trong ngoặc vuông",
    "object": "nhóm trong ngoặc nhọn",
    "int": "số",
    "float": "số",
    "bool": "true hoặc false",
    "date": "ngày dạng năm-tháng-ngày, ví dụ 2024-12-13",
}

MOST_LISTED = 120
"""Characters of the words to choose from that a complaint lists."""

BOUNDS = {">": "lớn hơn", ">=": "không nhỏ hơn", "<": "nhỏ hơn", "<=": "không lớn hơn"}


class Source:
    """The text of one file, to find the line that a complaint is about."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.lines = text.splitlines()
        try:
            self.content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            line = int(found[1]) if found else len(self.lines)
            raise PlanError(
                f"{name}, dòng {line}: không đọc được. {_mend(self.lines[line - 1 : line])}"
            ) from error

    def tables(self, table: str) -> list[dict[str, Any]]:
        """The entries under [[table]], in order; none where there are none."""
        found = self.content.get(table, [])
        if isinstance(found, list) and all(isinstance(each, dict) for each in found):
            return found
        raise PlanError(
            f"{self.name}, dòng {self.line(field=table)}: viết “{table}” thành các khối, "
            f"mỗi khối bắt đầu bằng dòng [[{table}]]."
        )

    def line(self, table: str = "", nth: int = 0, field: str = "") -> int:
        """The line, counted from one, of `field` in the nth [[table]], or of its heading.

        A [table] that stands once is found too, a nested one by its whole name "outer.inner".
        """
        first, last = self._span(table, nth)
        key = rf"[\"']?{re.escape(field)}[\"']?"
        wanted = re.compile(rf"\s*(\[+\s*({re.escape(table)}\.)?)?{key}\s*[.=\]]")
        for at in range(first, last):
            if field and wanted.match(self.lines[at]):
                return at + 1
        return first + 1

    def _span(self, table: str, nth: int) -> tuple[int, int]:
        if not table:
            return 0, len(self.lines)
        heads = [at for at, line in enumerate(self.lines) if re.match(r"\s*\[\[", line)]
        name = re.escape(table)
        own = [at for at in heads if re.match(rf"\s*\[\[\s*{name}\s*\]\]", self.lines[at])]
        if not own:
            heads = [at for at, line in enumerate(self.lines) if _heading(line)]
            own = [at for at in heads if _heading(self.lines[at]) == table]
        first = own[nth] if nth < len(own) else 0
        return first, next((at for at in heads if at > first), len(self.lines))


class Entry:
    """One table of a file under its name for people ("quy tắc PL2-04")."""

    def __init__(self, source: Source, table: str, nth: int, name: str) -> None:
        self.source, self.table, self.nth, self.name = source, table, nth, name

    def refuse(self, field: str, complaint: str) -> NoReturn:
        """Raise the complaint with file and line."""
        raise PlanError(self.complain(field, complaint))

    def complain(self, field: str, complaint: str) -> str:
        """The complaint with file and line before it."""
        line = self.source.line(self.table, self.nth, field)
        name = f" ({self.name})" if self.name else ""
        return f"{self.source.name}, dòng {line}{name}: {complaint}"

    def expect(self, field: str, what: str, value: str, known: Iterable[str]) -> None:
        """Refuse a value that is none of the known ones, with the nearest of them."""
        known = list(known)
        if value not in known:
            self.refuse(field, f"không có {what} “{value}”. {_hint(value, known)}")

    def convert(self, raw: dict[str, Any], wanted: type[T]) -> T:
        """The table as a value of the wanted type."""
        fields = {field.encode_name: field for field in msgspec.structs.fields(wanted)}
        for key in raw:
            self.expect(key, "mục", key, fields)
        for key, field in fields.items():
            if field.required and key not in raw:
                self.refuse("", f"thiếu mục “{key}”.")
        for key, value in raw.items():
            known = _choices(fields[key].type)
            for each in value if isinstance(value, list) else [value]:
                if known and isinstance(each, str) and each not in known:
                    self.refuse(key, f"mục “{key}” không nhận “{each}”. {_hint(each, known)}")
        try:
            return msgspec.convert(raw, wanted)
        except msgspec.ValidationError as error:
            found = re.search(r"at `\$\.?([^`\[]*)", str(error))
            path = found[1] if found else ""
            expected = re.search(r"Expected `(\w+)", str(error))
            kind = expected[1] if expected else "date" if "date" in str(error) else ""
            form = WORDS.get(kind, "giá trị khác")
            bound = re.search(r"` ([<>]=?) ([\d.]+)", str(error))
            if bound:
                form += f" {BOUNDS[bound[1]]} {float(bound[2]):g}"
            self.refuse(path.split(".")[0], f"mục “{path}” phải là {form}.")


def _mend(lines: list[str]) -> str:
    """What to do about a line that cannot be read, by what people often type."""
    line = "".join(lines)
    if found := re.search(r"=\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", line):
        day, month, year = found.groups()
        return f"Ghi ngày dạng năm-tháng-ngày: {year}-{int(month):02}-{int(day):02}."
    if re.search(r"=\s*\[?\s*[“”]", line):
        return 'Dùng dấu nháy thẳng ("…"), không dùng dấu nháy cong.'
    return "Kiểm tra dấu nháy, dấu ngoặc và dấu bằng ở dòng này và dòng ngay trên."


def _heading(line: str) -> str:
    """The name of the [table] that begins at a line, or "" where none does."""
    if not re.match(r"\s*\[[^\[]", line):
        return ""
    try:
        inner = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ""
    names = []
    while inner:
        ((name, inner),) = inner.items()
        names.append(name)
    return ".".join(names)


def _hint(value: str, known: list[str]) -> str:
    near = difflib.get_close_matches(value, known, n=1, cutoff=0.6)
    if near:
        return f"Có phải “{near[0]}”?"
    listed = ", ".join(known)
    return f"Chỉ dùng: {listed}." if len(listed) <= MOST_LISTED else "Hãy kiểm tra lại cách viết."


def _choices(annotation: Any) -> list[str]:  # noqa: ANN401 - any annotation
    """The words of a Literal, alone or inside a tuple or an optional."""
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    if get_origin(annotation) is dict:
        return []
    return [word for inner in get_args(annotation) for word in _choices(inner)]


def plain_days(value: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
    """The value with days as texts ("2024-06-28"), so that it survives being frozen as JSON."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain_days(each) for key, each in value.items()}
    return value
