"""Small malformed files, one for each way in which a returned file is refused or remarked on.

`python tests/malformed.py FOLDER` writes them there, the same bytes each time.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from binary_files import Cell, compound, part_record, record, xls, xlsb_parts

FIRST_SHEET, TEXTS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
DECLARED = b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
END_OF_ROWS = b"</sheetData>"
SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
DDE = b"<externalLink><ddeLink ddeService='cmd' ddeTopic='/C calc'/></externalLink>"

PICTURED = b"""MIME-Version: 1.0
Message-ID: <1@a.example>
To: tonghop@dot.example
Content-Type: multipart/related

"""


class Sample(NamedTuple):
    """A file: its name, its bytes, and what is said of it."""

    name: str
    content: bytes
    code: str
    parts: Mapping[str, str] = {}
    read: bool = False
    """Whether its cells are read all the same."""


def sound() -> dict[str, bytes]:
    """The parts of a sound .xlsx."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": dt.datetime(2024, 12, 1)})  # noqa: DTZ001
        sheet = book.add_worksheet("A")
        sheet.write_row(0, 0, ["Nhiệm vụ", 12.5])
        sheet.write_row(1, 0, ["Kết quả", 7])
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(parts: Mapping[str, bytes], more: Mapping[str, bytes] | None = None) -> bytes:
    """The parts as an archive; `more` may bear names that are there already."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in [*parts.items(), *(more or {}).items()]:
            about = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, content)
    return file.getvalue()


def changed(name: str, old: bytes, new: bytes) -> bytes:
    """A sound .xlsx in one part of which something stands for something else."""
    parts = sound()
    assert old in parts[name], parts[name]
    return pack(parts | {name: parts[name].replace(old, new)})


def cell(ref: str, inside: str = "<v>1</v>") -> bytes:
    row = ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{ref}">{inside}</c></row></sheetData>'.encode()


def ods(body: str, media_type: str = SPREADSHEET) -> bytes:
    """An .ods whose only sheet holds `body`."""
    spaces = "".join(
        f' xmlns:{space}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for space in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces}'
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="A">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = b"<?xml version='1.0'?><manifest/>"
    parts = {"content.xml": content.encode(), "META-INF/manifest.xml": manifest}
    return pack({"mimetype": media_type.encode()} | parts)


def ods_row(repeated: int = 1, wide: int = 1, inside: str = "<text:p>x</text:p>") -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{repeated}"><table:table-cell'
        f' office:value-type="string" table:number-columns-repeated="{wide}">{inside}'
        "</table:table-cell></table:table-row>"
    )


def patched(content: bytes, entry: str, at: int, value: bytes) -> bytes:
    """The archive with bytes of an entry's line in its list of entries replaced."""
    name = entry.encode()
    line = content.rindex(name) - 46
    assert content[line : line + 4] == b"PK\1\2"
    return content[: line + at] + value + content[line + at + len(value) :]


def overlapping() -> bytes:
    """An archive two entries of which are the same bytes."""
    content = pack(sound() | {"xl/other.xml": b"<x/>"})
    (offset,) = struct.unpack_from("<I", content, content.rindex(FIRST_SHEET.encode()) - 46 + 42)
    return patched(content, "xl/other.xml", 42, struct.pack("<I", offset))


def kinds() -> Iterator[Sample]:
    """Files that only bear the name of a workbook."""
    no, other = "file.not_workbook", "file.other_format"
    page = b"<html><body><table><tr><td>1</td></tr></table></body></html>"
    for name, content, code, kind in (
        ("anh.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(50), no, "image"),
        ("anh-chup.xlsx", b"\0\0\0\x18ftypheic" + bytes(50), no, "image"),
        ("phim.xlsx", b"\0\0\0\x18ftypmp42" + bytes(50), no, "media"),
        ("ban-in.xlsx", b"%PDF-1.7 ...", no, "pdf"),
        ("chuong-trinh.xlsx", b"MZ\x90\0" + bytes(50), no, "program"),
        ("van-ban-cu.xls", compound({"WordDocument": b"", "Workbook": b""}), no, "document"),
        ("van-ban.xlsx", pack({"word/document.xml": b"<w/>"}), no, "document"),
        ("van-ban.ods", ods("", SPREADSHEET.replace("spreadsheet", "text")), no, "document"),
        ("trinh-chieu.xlsx", pack({"ppt/presentation.xml": b"<p/>"}), no, "slides"),
        ("trinh-chieu.xls", compound({"PowerPoint Document": b""}), no, "slides"),
        ("la.xls", compound({"Contents": b""}), no, "unknown"),
        ("la.xlsx", b"\1\2\0\3", no, "unknown"),
        ("trang-web.xls", page, no, "web"),
        ("trang-web-2.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related\n", no, "web"),
        ("bang.xlsx", "Số,Tên\n1,Sở Y tế\n2,Sở Xây dựng\n".encode("utf-16"), no, "separated"),
        ("chu.xlsx", "Báo cáo kết quả".encode(), no, "text"),
        ("excel-3.xls", b"\x09\2\6\0\0\0\x10\0\0\0", other, "old_excel"),
        (
            "excel-2003.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            other,
            "excel_2003",
        ),
        ("phang.ods", f'<?xml version="1.0"?><x t="{SPREADSHEET}">'.encode(), other, "flat"),
        ("numbers.xlsx", pack({"Index/Document.iwa": b"\0"}), other, "numbers"),
    ):
        yield Sample(name, content, code, {"kind": kind})
    nested = {"a.xlsx": pack(sound()), "b.ods": b"", "ghi-chu.txt": b""}
    yield Sample("nen-bieu.xlsx", pack(nested), "file.nested", {"count": "2"})
    yield Sample("nen.xlsx", pack({"a.txt": b"x"}), "file.archive")
    yield Sample("nen-rong.xlsx", pack({}), "file.archive")
    yield Sample("nen.rar.xlsx", b"Rar!\x1a\7\1\0", "file.archive")
    yield Sample("nen.7z.xlsx", b"7z\xbc\xaf\x27\x1c", "file.archive")
    yield Sample("thu.xlsx", b"From: a@b\r\nSubject: x\r\n\r\n", "file.email")
    yield Sample("thu gap dong.xlsx", b"Received:\r\n from a.example; x\r\n\r\n", "file.email")
    yield Sample("thu co anh.xlsx", PICTURED, "file.email")
    yield Sample("thu.xls", compound({"__properties_version1.0": b""}), "file.email")
    yield Sample("loi-tat.xlsx", b"L\0\0\0\x01\x14\x02\0" + bytes(50), "file.shortcut")
    yield Sample("loi-tat-2.xlsx", b"[InternetShortcut]\r\nURL=http://x\r\n", "file.shortcut")
    yield Sample("loi-tat-3.xlsx", b'{"url":"x","doc_id":"y"}', "file.shortcut")


def locked() -> Iterator[Sample]:
    """Files that nobody without the password or the right can read."""
    sealed = {"EncryptedPackage": b"", "EncryptionInfo": b""}
    encrypted = pack(sound())
    for name in sound():
        encrypted = patched(encrypted, name, 8, struct.pack("<H", 1))
    manifest = b"<?xml version='1.0'?><manifest><encryption-data/></manifest>"
    parts = {"mimetype": SPREADSHEET.encode(), "META-INF/manifest.xml": manifest}
    yield Sample("mat-khau.xlsx", compound(sealed), "file.encrypted")
    yield Sample("mat-khau.xls", xls([], record(0x2F, bytes(6))), "file.encrypted")
    yield Sample("mat-khau-zip.xlsx", encrypted, "file.encrypted")
    yield Sample("mat-khau.ods", pack(parts | {"content.xml": bytes(99)}), "file.encrypted")
    yield Sample("mat-khau-2.ods", pack({"encrypted-package": b""}), "file.encrypted")
    labelled = compound(sealed, ["DRMEncryptedDataSpace"])
    yield Sample("nhan.xlsx", labelled, "file.labelled")


def broken() -> Iterator[Sample]:
    """Files that lost something, or that lie about themselves."""
    whole = pack(sound())
    wrong = bytearray(whole)
    at = whole.index(FIRST_SHEET.encode()) + 40
    wrong[at : at + 40] = bytes(40)
    extra = pack(sound(), {"xl/Workbook.xml": b"<x/>"})
    outside = "file.outside_paths"
    yield Sample("rong.xlsx", b"", "file.empty")
    yield Sample("cut.xlsx", whole[:3000], "file.truncated")
    yield Sample("cut.xls", xls([(0, 0, 1.0)])[:400], "file.truncated")
    yield Sample("hong.xlsx", bytes(wrong), "file.damaged")
    yield Sample("hong.xls", xls([])[:30] + bytes(500) + bytes(2000), "file.damaged")
    yield Sample("hong.ods", ods("<table:table-row>"), "file.damaged")
    text = changed(FIRST_SHEET, b't="s"><v>0</v>', b't="s"><v>99999</v>')
    yield Sample("chu-khong-co.xlsx", text, "file.damaged")
    yield Sample("trung.xlsx", extra, "file.doubled_parts")
    yield Sample("chong.xlsx", overlapping(), "file.overlapping")
    yield Sample("ngoai.xlsx", pack(sound(), {"../x.xml": b"<x/>"}), outside)
    yield Sample("ngoai-2.xlsx", pack(sound(), {"C:\\x.xml": b"<x/>"}), outside)
    yield Sample("ngoai-3.xlsx", pack(sound(), {"/x.xml": b"<x/>"}), outside)
    packed = patched(whole, FIRST_SHEET, 10, struct.pack("<H", 14))
    yield Sample("nen-la.xlsx", packed, "file.odd")
    yield Sample("hai-muc-luc.xlsx", whole + whole[whole.index(b"PK\1\2") :], "file.damaged")
    part = sound()[FIRST_SHEET].decode().replace("UTF-8", "UTF-16")
    yield Sample("ma.xlsx", pack(sound() | {FIRST_SHEET: part.encode("utf-16")}), "file.encoding")
    yield Sample("the.xlsx", pack(sound() | {FIRST_SHEET: DECLARED}), "file.entities")
    styles = {"xl/styles.xml": DECLARED.decode().encode("utf-16")}
    yield Sample("the-16.xlsx", pack(sound() | styles), "file.entities")
    hidden = {"xl/worksheets/sheet1.dat": b"\xef\xbb\xbf \n" + DECLARED}
    yield Sample("the-dat.xlsx", pack(sound() | hidden), "file.entities")


def huge() -> Iterator[Sample]:
    """Small files that would be huge once read, against the limits as shipped."""
    far, corner = "file.far_cell", {"cell": "XFD1048576"}
    bombs = {f"xl/media/{n}.xml": bytes(40 * 2**20) for n in range(4)}
    yield Sample("phong-to.xlsx", pack(sound() | bombs), "file.inflated")
    many = {f"xl/media/{n}": b"" for n in range(2001)}
    yield Sample("nhieu-phan.xlsx", pack(sound() | many), "file.entries", {"limit": "2000"})
    sheets = b"".join(b'<sheet name="B%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(250))
    book = changed(BOOK, b"</sheets>", sheets + b"</sheets>")
    yield Sample("nhieu-sheet.xlsx", book, "file.sheets", {"limit": "200"})
    strings = b"<sst>" + b"<si><t/></si>" * 500_001 + b"</sst>"
    yield Sample(
        "nhieu-chu.xlsx", pack(sound() | {TEXTS: strings}), "file.texts", {"limit": "500000"}
    )
    limit = {"limit": "32767"}
    long = b"<sst><si><t>" + b"x" * 32_768 + b"</t></si></sst>"
    yield Sample("dai.xlsx", pack(sound() | {TEXTS: long}), "file.long_text", limit)
    runs = b"<sst><si>" + (b"<r><t>" + b"x" * 30_000 + b"</t></r>") * 2 + b"</si>"
    runs += b"<si/>" * 3 + b"</sst>"
    yield Sample("dai-2.xlsx", pack(sound() | {TEXTS: runs}), "file.long_text", limit)
    spaces = ods_row(inside='<text:p>a<text:s text:c="2000000000"/></text:p>')
    yield Sample("dai.ods", ods(spaces), "file.long_text", limit)
    last = changed(FIRST_SHEET, END_OF_ROWS, cell("XFD1048576"))
    yield Sample("xa.xlsx", last, far, corner)
    yield Sample("xa.xlsb", pack(xlsb_parts([(1_048_575, 16_383, 1.0)])), far, corner)
    yield Sample("xa.xls", xls([(65_535, 255, 1.0)]), far, {"cell": "IV65536"})
    yield Sample("lap.ods", ods(ods_row(1_048_576, 16_384)), far, corner)
    yield Sample("lap-2.ods", ods(ods_row(2**31, 2**31)), far, corner)
    # A cell without an address stands where its row says.
    unnamed = b'<row r="1048576"><c><v>1</v></c></row></sheetData>'
    row_only = changed(FIRST_SHEET, END_OF_ROWS, unnamed)
    beyond = changed(FIRST_SHEET, END_OF_ROWS, cell("A4294967295"))
    yield Sample("xa-3.xlsx", beyond, far, {"cell": "A4294967295"})
    unseen = b'<row r="4294967295"><c><v>1</v></c></row></sheetData>'
    past_all = changed(FIRST_SHEET, END_OF_ROWS, unseen)
    yield Sample("xa-4.xlsx", past_all, far, {"cell": "A4294967295"})
    yield Sample("xa-2.xlsx", row_only, far, {"cell": "A1048576"})


def remarked() -> Iterator[Sample]:
    """Files that are read, and of which something must be said."""
    cells: list[Cell] = [(0, 0, "Nhiệm vụ"), (0, 1, 12.5)]
    for name, parts, code in (
        ("macro.xlsm", {"xl/vbaProject.bin": b"x"}, "file.macros"),
        ("macro-4.xlsm", {"xl/macrosheets/sheet1.xml": b"<x/>"}, "file.macros"),
        ("lien-ket.xlsx", {"xl/externalLinks/externalLink1.xml": b"<x/>"}, "file.links"),
        ("ket-noi.xlsx", {"xl/connections.xml": b"<x/>"}, "file.links"),
        ("nhung.xlsx", {"xl/embeddings/oleObject1.bin": b"x"}, "file.objects"),
    ):
        yield Sample(name, pack(sound() | parts), code, read=True)
    yield Sample("macro.xls", xls(cells, storages=["_VBA_PROJECT_CUR"]), "file.macros", read=True)
    yield Sample("nhung.xls", xls(cells, storages=["MBD0001"]), "file.objects", read=True)
    for name, path, code in (
        ("lien-ket.xls", b"\0\1b.xls", "file.links"),
        ("dde.xls", b"\0cmd\3/C calc", "file.dde"),
    ):
        link = record(0x1AE, struct.pack("<HH", 1, len(path) - 1) + path)
        yield Sample(name, xls(cells, link), code, read=True)
    short = record(0x31, bytes(3))
    yield Sample("kieu-chu-cut.xls", xls(cells, short), "file.looks_unread", read=True)
    pages = part_record(479, bytes(3))
    binary = pack(xlsb_parts(cells, behind=pages))
    yield Sample("chan-trang-cut.xlsb", binary, "file.looks_unread", read=True)
    source = '<table:table-row><table:table-cell office:value-type="string"><text:p>x</text:p>'
    closing = "</table:table-cell></table:table-row>"
    yield Sample("dde.ods", ods(f"{source}<office:dde-source/>{closing}"), "file.dde", read=True)
    yield Sample(
        "lien-ket.ods", ods(f"{source}<table:cell-range-source/>{closing}"), "file.links", read=True
    )


def samples() -> Iterator[Sample]:
    """All of them."""
    for make in (kinds, locked, broken, huge, remarked):
        yield from make()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for sample in samples():
        (folder / sample.name).write_bytes(sample.content)
