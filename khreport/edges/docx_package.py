"""The package that a Word document is: its parts found by their relations, parsed under a limit."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from pathlib import Path

from lxml import etree

from khreport.edges.archive import inflate, read_directory
from khreport.edges.docx_parts import Element
from khreport.errors import KhreportError
from khreport.raw import MB, Refusal

MOST_BYTES, MOST_INFLATED, MOST_ENTRIES, MOST_TAGS = 100 * MB, 60 * MB, 5000, 1_500_000
"""What a document may cost: the file, its texts inflated, its parts, their XML elements."""

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_PACKAGE_RELATIONS = "_rels/.rels"
_SAVE_AGAIN = "Hãy mở bằng Word, lưu lại dạng .docx rồi chạy lại."
_WORD_ORIGINAL = "Hãy dùng bản Word gốc (.docx) của văn bản."
_MISTAKEN = {
    "content.xml": ("là tệp OpenDocument (.odt, .ods)", _SAVE_AGAIN),
    "xl/workbook.xml": ("là tệp Excel, không phải văn bản Word", _WORD_ORIGINAL),
    "ppt/presentation.xml": ("là tệp PowerPoint, không phải văn bản Word", _WORD_ORIGINAL),
}
"""Other files by a part that they have: what they are, and what to do."""


class Package:
    """An opened document: `main` is its text, `related` the parts that belong to a part."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data, self._name = data, name
        self._left, self._tags = MOST_INFLATED, MOST_TAGS
        if not data:
            raise self.refuse("là tệp rỗng", "Hãy chép lại tệp gốc rồi chạy lại.")
        if data.startswith(b"%PDF"):
            raise self.refuse("là tệp PDF", _WORD_ORIGINAL)
        if data.startswith(_COMPOUND):
            raise self.refuse("là tệp .doc đời cũ hoặc đặt mật khẩu")
        try:
            entries = read_directory(io.BytesIO(data)).infolist()
        except Refusal as error:
            raise self.refuse("không phải tệp Word (.docx), hoặc đã hỏng") from error
        if len(entries) > MOST_ENTRIES:
            raise self.refuse("có quá nhiều thành phần")
        self._entries = {entry.filename.lstrip("/").lower(): entry for entry in entries}
        for part in _MISTAKEN.keys() & self._entries.keys():
            raise self.refuse(*_MISTAKEN[part])
        self._parsed: dict[str, Element | None] = {}
        found = [target for kind, target in self._relate("") if kind == "officeDocument"]
        self.main_name = found[0] if found else "word/document.xml"
        main = self.parse(self.main_name)
        if main is None or etree.QName(main).localname != "document":
            raise self.refuse("không phải tệp Word (.docx), hoặc đã hỏng")
        self.main = main
        relations = list(self._relations(self.main_name))
        self._targets = {key: target for key, _, target in relations}
        self._kinds = {kind: target for _, kind, target in relations}

    def refuse(self, why: str, remedy: str = _SAVE_AGAIN) -> KhreportError:
        """What is said of a file that is not read."""
        return KhreportError(f"Tệp “{self._name}” {why}. {remedy}")

    def related(self, kind: str) -> Element | None:
        """The part of that kind ("styles"), or None where the document has none."""
        name = self._kinds.get(kind)
        return None if name is None else self.parse(name)

    def target(self, key: str) -> Element | None:
        """The part under that key of a relation, or None."""
        name = self._targets.get(key)
        return None if name is None else self.parse(name)

    def parse(self, name: str) -> Element | None:
        """The root of a part, or None where there is no such part."""
        if name not in self._parsed:
            entry = self._entries.get(name.lower())
            self._parsed[name] = None if entry is None else self._parse(entry)
        return self._parsed[name]

    def _parse(self, entry: zipfile.ZipInfo) -> Element:
        if entry.flag_bits & 1:
            raise self.refuse("đặt mật khẩu nên không đọc được")
        try:
            part = inflate(self._data, entry, self._left)
        except Refusal as error:
            large = error.problem.code == "file.inflated"
            raise self.refuse("quá lớn" if large else "đã hỏng nên không đọc được") from error
        self._left -= len(part)
        self._tags -= part.count(b"<")
        if self._tags < 0:
            raise self.refuse("quá lớn")
        part = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", part)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(part, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.refuse("đã hỏng nên không đọc được") from error
        if root.getroottree().docinfo.doctype:
            raise self.refuse("có nội dung lạ nên không đọc")
        return root

    def _relate(self, name: str) -> list[tuple[str, str]]:
        return [(kind, target) for _, kind, target in self._relations(name)]

    def _relations(self, name: str) -> list[tuple[str, str, str]]:
        """Key, kind and target of the relations of a part; those that lead outside left out."""
        folder, _, file = name.rpartition("/")
        where = f"{folder}/_rels/{file}.rels" if name else _PACKAGE_RELATIONS
        root = self.parse(where)
        if root is None:
            return []
        return [
            (
                each.get("Id", ""),
                each.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, each.get("Target", "")))[1:],
            )
            for each in root
            if each.get("TargetMode") != "External"
        ]


def open_package(path: Path) -> Package:
    """The document at `path`.

    Raises KhreportError where there is none, or where it is no Word document that can be read.
    """
    try:
        if path.is_dir():
            inside = sorted((*path.glob("*.docx"), *path.glob("*/*.docx")))
            example = inside[0] if inside else path / "bao-cao.docx"
            raise KhreportError(
                f"“{path}” là thư mục. Hãy ghi tên một tệp .docx trong đó, ví dụ {example}"
            )
        if not path.is_file():
            raise KhreportError(f"Không có tệp “{path}”. Hãy kiểm tra lại đường dẫn.")
        if path.stat().st_size > MOST_BYTES:
            raise KhreportError(f"Tệp “{path.name}” quá lớn. {_SAVE_AGAIN}")
        data = path.read_bytes()
    except OSError as error:
        raise KhreportError(
            f"Không mở được tệp “{path.name}”. Hãy đóng tệp ở chương trình khác rồi chạy lại."
        ) from error
    return Package(data, path.name)
