"""What kind of file it is that is no workbook, of the kinds that a person would name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from khreport.raw import Refusal

NO_WORKBOOK, OTHER_FORMAT = "file.not_workbook", "file.other_format"
SIGNATURES = (
    (0, b"%PDF", NO_WORKBOOK, "pdf"),
    (0, b"\x89PNG", NO_WORKBOOK, "image"),
    (0, b"\xff\xd8\xff", NO_WORKBOOK, "image"),
    (0, b"GIF8", NO_WORKBOOK, "image"),
    (0, b"BM", NO_WORKBOOK, "image"),
    (0, b"II*\0", NO_WORKBOOK, "image"),
    (0, b"MM\0*", NO_WORKBOOK, "image"),
    (8, b"WEBP", NO_WORKBOOK, "image"),
    (4, b"ftyphei", NO_WORKBOOK, "image"),
    (4, b"ftypmif1", NO_WORKBOOK, "image"),
    (4, b"ftyp", NO_WORKBOOK, "media"),
    (0, b"ID3", NO_WORKBOOK, "media"),
    (0, b"{\\rtf", NO_WORKBOOK, "document"),
    (0, b"MZ", NO_WORKBOOK, "program"),
    (0, b"\x7fELF", NO_WORKBOOK, "program"),
    (0, b"PK\5\6", "file.archive", ""),
    (0, b"PK\7\x08", "file.archive", ""),
    (0, b"Rar!", "file.archive", ""),
    (0, b"7z\xbc\xaf", "file.archive", ""),
    (0, b"\x1f\x8b", "file.archive", ""),
    (0, b"BZh", "file.archive", ""),
    (0, b"\xfd7zXZ", "file.archive", ""),
    (0, b"\x78\x9f\x3e\x22", "file.winmail", ""),
    (0, b"L\0\0\0\x01\x14\x02\0", "file.shortcut", ""),
    (0, b"\x09\0\4\0", OTHER_FORMAT, "old_excel"),
    (0, b"\x09\2\4\0", OTHER_FORMAT, "old_excel"),
    (0, b"\x09\2\6\0", OTHER_FORMAT, "old_excel"),
    (0, b"\x09\4\6\0", OTHER_FORMAT, "old_excel"),
)
"""Where a signature stands, what it is, what is said of a file that bears it, its kind."""
BEGINNINGS = (
    (rb"\[internetshortcut\]", "file.shortcut", ""),
    (rb"\{[^{}]*\"(?:doc_id|resource_id)\"", "file.shortcut", ""),  # left by Google Drive
    (rb"<.*urn:schemas-microsoft-com:office:spreadsheet", OTHER_FORMAT, "excel_2003"),
    (rb"<.*opendocument\.spreadsheet", OTHER_FORMAT, "flat"),
    (rb"<(?:html|!doctype html|table|\?xml|meta|head|style|div|body)", NO_WORKBOOK, "web"),
    # a page saved as one file; letters with pictures in them begin so, too, but are to somebody
    (rb"mime-version:(?:(?!\n(?:to|message-id):).)*multipart/related", NO_WORKBOOK, "web"),
    (
        (
            rb"(?:received|from|to|subject|date|return-path|reply-to|sender|delivered-to|message-id"
            rb"|mime-version|content-type|dkim-signature|authentication-results"
            # a long line may begin beneath its name (RFC 5322, 2.2.3)
            rb"|(?:arc|x)-[\w-]+):\s"
        ),
        "file.email",
        "",
    ),
    (rb"[^\0]*\0", NO_WORKBOOK, "unknown"),
    (rb"(?:[^\n]*[,;\t][^\n]*\n){2}", NO_WORKBOOK, "separated"),
    (rb"", NO_WORKBOOK, "text"),
)
"""How texts begin, in small letters."""
STORED = (
    ("DRMEncryptedDataSpace", "file.labelled", ""),
    ("EncryptedPackage", "file.encrypted", ""),
    ("__properties_version1.0", "file.email", ""),
    ("PowerPoint Document", NO_WORKBOOK, "slides"),
    ("WordDocument", NO_WORKBOOK, "document"),
)
"""What stands at the top of old Office files that are no workbooks."""
PACKED = (
    (r"encrypted-package", "file.encrypted", ""),
    (r"xl/workbook\.(?:xml|bin)|content\.xml", "", ""),
    (r"(?:word|visio)/.*", NO_WORKBOOK, "document"),
    (r"ppt/.*", NO_WORKBOOK, "slides"),
    (r".*\.iwa", OTHER_FORMAT, "numbers"),
)
"""What stands in zipped files that are no workbooks, or that are (no code)."""
WORKBOOK_NAME = re.compile(r".*\.(?:xls|xlsx|xlsm|xlsb|ods)")


def _refuse(code: str, kind: str) -> Refusal:
    return Refusal(code, kind=kind) if kind else Refusal(code)


def refuse_kind(data: bytes) -> Refusal:
    """Why a file that is neither zipped nor in an old format of Office is not read."""
    for at, signature, code, kind in SIGNATURES:
        if data.startswith(signature, at):
            return _refuse(code, kind)
    start = data[:4000].removeprefix(b"\xef\xbb\xbf")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start[2:].replace(b"\0", b"")
    start = start.lstrip(b" \t\r\n").lower() + b"\n"
    code, kind = next(
        (code, kind) for pattern, code, kind in BEGINNINGS if re.match(pattern, start, re.DOTALL)
    )
    return _refuse(code, kind)


def refuse_storage(names: set[str]) -> Refusal | None:
    """Why a file in an old format of Office is not read, by what stands at its top."""
    for name, code, kind in STORED:
        if name in names:
            return _refuse(code, kind)
    if names.isdisjoint(("Workbook", "Book")):
        return Refusal(NO_WORKBOOK, kind="unknown")
    return None


def refuse_archive(names: Iterable[str], media_type: bytes) -> Refusal | None:
    """Why a zipped file is not read, by its parts in small letters and what it calls itself."""
    held = set(names)
    if "content.xml" in held and media_type and b".spreadsheet" not in media_type:
        return Refusal(NO_WORKBOOK, kind="slides" if b".presentation" in media_type else "document")
    for pattern, code, kind in PACKED:
        if any(re.fullmatch(pattern, name) for name in held):
            return _refuse(code, kind) if code else None
    inside = sum(WORKBOOK_NAME.fullmatch(name) is not None for name in held)
    return Refusal("file.nested", count=str(inside)) if inside else Refusal("file.archive")
