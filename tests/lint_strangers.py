"""Documents as people and other programs make them: raw WordprocessingML, few styles."""

from __future__ import annotations

import zipfile
from pathlib import Path

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = (
    f'xmlns:w="{_W}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_TYPES = f"""<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="{_TYPE.format("document.main")}"/>
<Override PartName="/word/styles.xml" ContentType="{_TYPE.format("styles")}"/></Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}
</Relationships>"""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" '
    'w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
)
STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" '
    'w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="Times New Roman"/>'
    '<w:sz w:val="28"/></w:rPr></w:rPrDefault></w:docDefaults>'
)


def write_document(
    path: Path, body: str, *, styles: str = STYLES, page: str = PAGE, **parts: str
) -> Path:
    """A document with this body; `parts` are further parts by kind ("numbering", "theme")."""
    texts = {"styles": f"<w:styles {_SPACES}>{styles}</w:styles>"}
    texts |= {kind: part.replace("{spaces}", _SPACES) for kind, part in parts.items()}
    links = "".join(
        f'<Relationship Id="{kind}" Type="{_OFFICE}{kind}" Target="{kind}.xml"/>' for kind in texts
    )
    main = f'<Relationship Id="r1" Type="{_OFFICE}officeDocument" Target="word/document.xml"/>'
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONS.format(main))
        package.writestr("word/_rels/document.xml.rels", _RELATIONS.format(links))
        document = f"<w:document {_SPACES}><w:body>{body}{page}</w:body></w:document>"
        package.writestr("word/document.xml", document)
        for kind, text in texts.items():
            package.writestr(f"word/{kind}.xml", text)
    return path


def line(text: str, look: str = "", layout: str = "", more: str = "") -> str:
    """A paragraph; a tab in the text is a tab."""
    pieces = '</w:t><w:tab/><w:t xml:space="preserve">'.join(text.split("\t"))
    return (
        f"<w:p><w:pPr>{layout}</w:pPr><w:r><w:rPr>{look}</w:rPr>"
        f'<w:t xml:space="preserve">{pieces}</w:t></w:r>{more}</w:p>'
    )


def size(points: float) -> str:
    """The letters' size."""
    return f'<w:sz w:val="{points * 2:g}"/>'


CENTER = '<w:jc w:val="center"/>'
BOLD, ITALIC = "<w:b/>", "<w:i/>"
DRAWN = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor>'
    '<wp:extent cx="{cx}" cy="0"/><a:graphic><a:graphicData><wps:wsp><wps:spPr><a:xfrm>'
    '<a:ext cx="{cx}" cy="0"/></a:xfrm><a:prstGeom prst="line"/></wps:spPr></wps:wsp>'
    "</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict>"
    '<v:line from="0,0" to="100pt,0"/></w:pict></mc:Fallback></mc:AlternateContent></w:r>'
)
OLD_LINE = '<w:r><w:pict><v:line from="10pt,1pt" to="{right}pt,1pt"/></w:pict></w:r>'
BOX = (
    "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>{inside}"
    "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
    "<w:txbxContent>{inside}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)


def drawn(length_mm: float) -> str:
    """A straight line as Word draws it today."""
    return DRAWN.format(cx=round(length_mm * 36000))


def table(*rows: tuple[str, ...], widths: tuple[int, ...], borders: str = "") -> str:
    """A table; `widths` in twips."""
    cells = [
        "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
            for width, cell in zip(widths, row, strict=True)
        )
        for row in rows
    ]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    drawn_rows = "".join(f"<w:tr>{each}</w:tr>" for each in cells)
    return f"<w:tbl><w:tblPr>{borders}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{drawn_rows}</w:tbl>"


TEXT = line(
    "Trong năm 2026, Ủy ban nhân dân tỉnh đã tập trung chỉ đạo các cơ quan, đơn vị, địa phương "
    "triển khai đồng bộ các nhiệm vụ, giải pháp đã đề ra và đạt được nhiều kết quả./.",
    layout='<w:spacing w:after="120"/><w:ind w:firstLine="720"/><w:jc w:val="both"/>',
)
LEFT_HEAD = (
    line("ỦY BAN NHÂN DÂN", BOLD + size(13), CENTER)
    + line("TỈNH KHÁNH HÒA", BOLD + size(13), CENTER, drawn(18)),
    line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", BOLD + size(13), CENTER)
    + line("Độc lập - Tự do - Hạnh phúc", BOLD + size(14), CENTER, drawn(60)),
)
SECOND_HEAD = (
    line("Số: 12/BC-UBND", size(13), CENTER),
    line("Khánh Hòa, ngày 05 tháng 12 năm 2026", ITALIC + size(14), CENTER),
)
TITLE = line("BÁO CÁO", BOLD, CENTER) + line(
    "Kết quả thực hiện nhiệm vụ năm 2026", BOLD, CENTER, drawn(40)
)
ENDING = table(
    (
        line("Nơi nhận:", BOLD + ITALIC + size(12))
        + line("- Tỉnh ủy;", size(11))
        + line("- Lưu: VT, TH.", size(11)),
        line("TM. ỦY BAN NHÂN DÂN", BOLD, CENTER)
        + line("CHỦ TỊCH", BOLD, CENTER)
        + line("")
        + line("Trần Văn B", BOLD, CENTER),
    ),
    widths=(4500, 4571),
)
WIDTHS = (3300, 5771)
USUAL = table(LEFT_HEAD, SECOND_HEAD, widths=WIDTHS) + TITLE + TEXT + ENDING

TABBED = (
    line("UBND TỈNH KHÁNH HÒA\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size(13))
    + line("SỞ TÀI CHÍNH               Độc lập - Tự do - Hạnh phúc", BOLD + size(13))
    + line("____________\t______________________")
    + line("Số: 5/BC-STC             Khánh Hòa, ngày 5 tháng 12 năm 2026", ITALIC + size(13))
    + line("BÁO CÁO", BOLD, CENTER)
    + line("Kết quả thực hiện nhiệm vụ năm 2026", BOLD, CENTER)
    + line("   Kính gửi: Ủy ban nhân dân tỉnh.")
    + TEXT
    + line("Nơi nhận:\t\t\t\tGIÁM ĐỐC", BOLD)
    + line("- Như trên;\t\t\t\t(Đã ký)")
    + line("- Lưu: VT.\t\t\t\tNguyễn Văn A")
)
