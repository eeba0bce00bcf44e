"""A Word document as Word shows it: styles, themes, numbering, tables, drawn lines."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lint_strangers import (
    BOX,
    CENTER,
    OLD_LINE,
    PAGE,
    STYLES,
    drawn,
    line,
    size,
    table,
    write_document,
)

from khreport.document import Paragraph, walk_paragraphs, walk_tables
from khreport.edges import docx_package
from khreport.edges.docx_read import read_document
from khreport.errors import KhreportError

THEME = (
    "<a:theme {spaces}><a:themeElements><a:fontScheme><a:majorFont>"
    '<a:latin typeface="Calibri Light"/><a:ea typeface=""/><a:cs typeface=""/>'
    '<a:font script="Viet" typeface="Times New Roman"/></a:majorFont><a:minorFont>'
    '<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/></a:minorFont>'
    "</a:fontScheme></a:themeElements></a:theme>"
)
NUMBERING = (
    '<w:numbering {spaces}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">'
    '<w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/>'
    '<w:pPr><w:ind w:left="720" w:hanging="360"/></w:pPr></w:lvl><w:lvl w:ilvl="1">'
    '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2."/></w:lvl>'
    '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)


def read(tmp_path: Path, body: str, **parts: str) -> list[Paragraph]:
    path = write_document(tmp_path / "document.docx", body, **parts)
    return list(walk_paragraphs(read_document(path).blocks))


def numbered(text: str, level: int = 0, more: str = "") -> str:
    numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>'
    return line(text, layout=numbering + more)


def style(
    key: str, letters: str, *, on: str = "", kind: str = "paragraph", layout: str = ""
) -> str:
    return (
        f'<w:style w:type="{kind}" w:styleId="{key}"><w:name w:val="{key}"/>'
        f'<w:basedOn w:val="{on}"/><w:pPr>{layout}</w:pPr><w:rPr>{letters}</w:rPr></w:style>'
    )


def test_a_style_builds_on_another_and_the_paragraph_has_the_last_word(tmp_path: Path) -> None:
    styles = STYLES + style("A", size(13) + "<w:b/>", layout=CENTER) + style("B", size(12), on="A")
    one, other = read(
        tmp_path,
        line("một", layout='<w:pStyle w:val="B"/>')
        + line("hai", '<w:b w:val="0"/>', '<w:pStyle w:val="B"/><w:jc w:val="right"/>'),
        styles=styles,
    )
    assert (one.align, one.runs[0].look.size_pt, one.runs[0].look.bold) == ("center", 12, True)
    assert (other.align, other.runs[0].look.bold) == ("right", False)


def test_bold_of_a_paragraph_and_of_a_character_style_undo_each_other(tmp_path: Path) -> None:
    styles = STYLES + style("A", "<w:b/>") + style("C", "<w:b/>", kind="character")
    (found,) = read(
        tmp_path, line("một", '<w:rStyle w:val="C"/>', '<w:pStyle w:val="A"/>'), styles=styles
    )
    assert not found.runs[0].look.bold


def test_styles_that_build_on_each_other_in_a_ring_are_read(tmp_path: Path) -> None:
    styles = STYLES + style("A", size(13), on="B") + style("B", "<w:i/>", on="A")
    (found,) = read(tmp_path, line("một", layout='<w:pStyle w:val="A"/>'), styles=styles)
    assert (found.runs[0].look.size_pt, found.runs[0].look.italic) == (13, True)


@pytest.mark.parametrize(
    ("language", "fonts"), [("vi-VN", ["Times New Roman"]), ("en-US", ["Calibri Light"])]
)
def test_a_theme_s_font_depends_on_the_language(
    language: str, fonts: list[str], tmp_path: Path
) -> None:
    settings = f'<w:settings {{spaces}}><w:themeFontLang w:val="{language}"/></w:settings>'
    letters = '<w:rFonts w:asciiTheme="majorHAnsi" w:hAnsiTheme="majorHAnsi"/>'
    (found,) = read(tmp_path, line("một", letters), theme=THEME, settings=settings)
    assert list(found.runs[0].look.fonts) == fonts


def test_lists_count_and_their_indents_yield_to_the_paragraph_s(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        numbered("một")
        + numbered("con", 1)
        + numbered("con", 1)
        + numbered("hai", more='<w:ind w:left="100"/>')
        + numbered("con", 1),
        numbering=NUMBERING,
    )
    assert [each.label for each in found] == ["I.", "I.1.", "I.2.", "II.", "II.1."]
    assert [(each.left_tw, each.first_tw) for each in (found[0], found[3])] == [
        (720, -360),
        (100, -360),
    ]


def test_rules_are_borders_and_shapes_of_both_ages_each_once(tmp_path: Path) -> None:
    border = '<w:pBdr><w:bottom w:val="single"/></w:pBdr><w:ind w:left="567" w:right="567"/>'
    frame = '<w:pBdr><w:top w:val="single"/><w:left w:val="single"/></w:pBdr>'
    found = read(
        tmp_path,
        line("", layout=border)
        + line("", layout=frame)
        + line("", more=drawn(60))
        + line("", more=OLD_LINE.format(right=82)),
    )
    lengths = [[each.length_mm for each in paragraph.lines] for paragraph in found]
    assert lengths == [[140.0], [], [60.0], [25.4]]


def test_a_text_box_is_read_once_behind_its_paragraph(tmp_path: Path) -> None:
    found = read(tmp_path, line("ngoài", more=BOX.format(inside=line("trong"))) + line("sau"))
    assert [each.text for each in found] == ["ngoài", "trong", "sau"]


def test_what_is_deleted_or_hidden_is_not_shown_and_what_is_inserted_is(tmp_path: Path) -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del><w:ins><w:r><w:t>mới</w:t></w:r>"
        "</w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r></w:p>"
        f"<w:sdt><w:sdtContent>{line('trong ô')}</w:sdtContent></w:sdt>"
    )
    assert [each.text for each in read(tmp_path, body)] == ["mới", "trong ô"]


def test_tables_in_tables_have_their_own_places_and_borders(tmp_path: Path) -> None:
    inner = table((line("a"), line("b")), widths=(1000, 1000))
    grid = '<w:tblBorders><w:insideV w:val="single"/></w:tblBorders>'
    path = write_document(
        tmp_path / "d.docx",
        table((inner + line("c"), line("d")), widths=(3000, 3000), borders=grid),
    )
    blocks = read_document(path).blocks
    outer, nested = walk_tables(blocks)
    assert (outer.ruled, nested.ruled) == (True, False)
    places = {p.text: (p.spot.table, p.spot.column) for p in walk_paragraphs(blocks)}
    assert places == {"a": (2, 1), "b": (2, 2), "c": (1, 1), "d": (1, 2)}


def test_a_section_without_a_header_of_its_own_takes_over_the_one_before(tmp_path: Path) -> None:
    first = PAGE.replace(
        "<w:sectPr>", '<w:sectPr><w:headerReference w:type="default" r:id="header"/>'
    )
    body = f"<w:p><w:pPr>{first}</w:pPr></w:p>{line('hai')}"
    path = write_document(
        tmp_path / "d.docx",
        body,
        header=f"<w:hdr {{spaces}}>{line('đầu trang')}</w:hdr>",
    )
    sections = read_document(path).sections
    shown = [[p.text for p in walk_paragraphs(s.headers["default"])] for s in sections]
    assert shown == [["đầu trang"], ["đầu trang"]]


def test_the_strict_form_of_the_format_is_read_too(tmp_path: Path) -> None:
    path = write_document(tmp_path / "d.docx", line("một", size(13)))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, text in parts.items():
            for kind in ("wordprocessingml/2006/main", "officeDocument/2006/relationships"):
                family = kind.split("/")
                strict = f"http://purl.oclc.org/ooxml/{family[0]}/{family[2]}"
                text = text.replace(f"http://schemas.openxmlformats.org/{kind}", strict)  # noqa: PLW2901
            package.writestr(name, text)
    (found,) = walk_paragraphs(read_document(path).blocks)
    assert found.runs[0].look.size_pt == 13


BOMB = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "là tệp rỗng"),
        (b"xin chao", "không phải tệp Word"),
        (b"PK\x03\x04" + b"\0" * 100, "không phải tệp Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, r"\.doc đời cũ hoặc đặt mật khẩu"),
    ],
)
def test_what_is_no_word_file_is_told_in_a_sentence(
    content: bytes, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "van-ban.docx"
    path.write_bytes(content)
    with pytest.raises(KhreportError, match=told):
        read_document(path)


def test_a_package_that_is_no_document_or_hides_entities_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "van-ban.docx"
    for document, told in (
        ("<w:document", "đã hỏng"),
        ("<html/>", "không phải tệp Word"),
        (f'{BOMB}<w:document xmlns:w="a">&b;</w:document>', "nội dung lạ"),
        ("<a>" * 300, "đã hỏng"),
    ):
        with zipfile.ZipFile(path, "w") as package:
            package.writestr("word/document.xml", document)
        with pytest.raises(KhreportError, match=told):
            read_document(path)


def test_a_document_that_inflates_too_far_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_document(tmp_path / "d.docx", line("dài " * 5000))
    monkeypatch.setattr(docx_package, "MOST_INFLATED", 9000)
    with pytest.raises(KhreportError, match="quá lớn"):
        read_document(path)
    monkeypatch.setattr(docx_package, "MOST_INFLATED", 90000)
    monkeypatch.setattr(docx_package, "MOST_TAGS", 10)
    with pytest.raises(KhreportError, match="quá lớn"):
        read_document(path)


def test_a_damaged_package_is_refused_and_never_crashes(tmp_path: Path) -> None:
    whole = write_document(tmp_path / "d.docx", line("một")).read_bytes()
    path = tmp_path / "hong.docx"
    for at in range(30, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            read_document(path)
        except KhreportError:
            continue
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(KhreportError, match="không phải tệp Word"):
        read_document(path)
