"""One way to break each rule of the checker, and it alone."""

from __future__ import annotations

from typing import NamedTuple

from lint_documents import (
    MARGINS,
    Spoil,
    both,
    drop_paragraph,
    in_paragraph,
    in_style,
    paragraph,
    put_after,
    replace,
)

_END = "Trên đây là báo cáo kết quả thực hiện Kế hoạch./."
_WIDE = 'w:orient="landscape"/><w:pgMar w:top="1134"'
_ITALIC, _LARGE, _LIGHT = "<w:i/>", '<w:sz w:val="36"/>', '<w:b w:val="0"/>'
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_NUMBER = "Số: 07/BC-STC"
_SUBJECT = "Kết quả thực hiện Kế hoạch năm 2026"
_WHOLE_WIDTH = '<w:ind w:left="0" w:right="0"/></w:pPr>'
_ISSUER = "SỞ TÀI CHÍNH"
_ENCLOSED = "(Kèm theo Báo cáo số\u00a007/BC"  # a hyphen at which no line ends follows


class Mutant(NamedTuple):
    """A change that breaks a rule, in the report or in the letter.

    `also` are rules that cannot but break with it.
    """

    spoil: Spoil
    also: frozenset[str] = frozenset()
    base: str = "report"


def _say(text: str) -> Mutant:
    """One more paragraph of running text."""
    return Mutant(put_after("Tổng hợp theo nhóm như sau:", paragraph(text)))


def _look(style: str, look: str, *also: str) -> Mutant:
    """Other letters for a style."""
    return Mutant(in_style(f"KH {style}", "+", look), frozenset(also))


def _add(text: str, addition: str, *also: str) -> Mutant:
    """Something more behind the paragraph with the text."""
    return Mutant(put_after(text, addition), frozenset(also))


def _letters(text: str, look: str, *also: str) -> Mutant:
    """Other letters for the paragraph with the text."""
    spoil = in_paragraph(text, "<w:r>", f"<w:r><w:rPr>{look}</w:rPr>")
    return Mutant(spoil, frozenset(also))


def _swap(old: str, new: str, *also: str) -> Mutant:
    """Another text."""
    return Mutant(replace(old, new), frozenset(also))


MUTANTS: dict[str, Mutant] = {
    "PG-01": _swap('<w:pgSz w:w="11906" w:h="16838"/>', '<w:pgSz w:w="12240" w:h="15840"/>'),
    "PG-02": Mutant(
        put_after(
            "Tổng hợp theo nhóm như sau:",
            '<w:p><w:pPr><w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
            f'{MARGINS} w:header="567"/><w:titlePg/></w:sectPr></w:pPr></w:p>'
            + paragraph("Trang nằm ngang.")
            + '<w:p><w:pPr><w:sectPr><w:pgSz w:w="16838" w:h="11906"/>'
            f'{MARGINS} w:header="567"/><w:titlePg/></w:sectPr></w:pPr></w:p>',
        )
    ),
    "PG-03": _swap('w:left="1701"', 'w:left="1134"'),
    "PG-03a": _swap(_WIDE, _WIDE.replace("1134", "100")),
    "PG-04": _letters("Tổng hợp theo nhóm", '<w:rFonts w:ascii="Arial" w:hAnsi="Arial"/>'),
    "PG-04a": _letters("Tổng hợp theo nhóm", '<w:rFonts w:cs="Arial"/>'),
    "PG-05": Mutant(in_style("KH Số trang", 'w:val="center"', 'w:val="right"')),
    "PG-06": _swap('w:header="567"', 'w:header="1100"'),
    "PG-07": _letters("Tổng hợp theo nhóm", '<w:sz w:val="26"/>'),
    "LY-00": Mutant(drop_paragraph("Nơi nhận:")),
    "LY-01": Mutant(
        both(
            replace(
                '<w:tcW w:w="5556" w:type="dxa"/>', '<w:tcW w:w="4800" w:type="dxa"/>', count=2
            ),
            # the rule keeps its length
            replace('<w:ind w:left="1070" w:right="1070"/>', '<w:ind w:left="692" w:right="692"/>'),
        )
    ),
    "LY-02": Mutant(replace('<w:top w:val="nil"/>', '<w:top w:val="single"/>')),
    "LY-03": Mutant(
        in_paragraph(
            "Khánh Hòa, ngày 05",
            "<w:p>",
            "<w:p><w:pPr/></w:p></w:tc></w:tr><w:tr><w:trPr><w:cantSplit/></w:trPr>"
            '<w:tc><w:tcPr><w:tcW w:w="3515" w:type="dxa"/></w:tcPr><w:p/></w:tc>'
            '<w:tc><w:tcPr><w:tcW w:w="5556" w:type="dxa"/></w:tcPr><w:p>',
        )
    ),
    "LY-04": Mutant(in_paragraph(_END, "<w:keepNext/>", "")),
    "LY-05": Mutant(
        in_paragraph(
            "KT. GIÁM ĐỐC",
            "<w:p>",
            "<w:p/></w:tc></w:tr><w:tr><w:trPr><w:cantSplit/></w:trPr>"
            '<w:tc><w:tcPr><w:tcW w:w="4536" w:type="dxa"/></w:tcPr><w:p/></w:tc>'
            '<w:tc><w:tcPr><w:tcW w:w="4536" w:type="dxa"/></w:tcPr><w:p>',
        )
    ),
    "CP-01": _look("Quốc hiệu", _ITALIC),
    "CP-02": _look("Tiêu ngữ", _ITALIC),
    "CP-02a": _swap(_MOTTO, "Độc lập – Tự do – Hạnh phúc"),
    "CP-03": Mutant(drop_paragraph(_MOTTO, after=1)),
    "CP-03a": Mutant(in_paragraph(_MOTTO, "</w:pPr>", _WHOLE_WIDTH, after=1)),
    "CP-03b": Mutant(
        both(
            drop_paragraph(_ISSUER, after=1),
            put_after(_ISSUER, paragraph("____________", "KhCoQuanBanHanh")),
        )
    ),
    "CP-04": _look("Cơ quan chủ quản", _ITALIC),
    "CP-05": _look("Cơ quan ban hành", _ITALIC),
    "CP-06": Mutant(drop_paragraph(_ISSUER, after=1)),
    "CP-06a": Mutant(in_paragraph(_ISSUER, "</w:pPr>", _WHOLE_WIDTH, after=1)),
    "CP-07": _look("Số ký hiệu", _LARGE),
    "CP-08": _look("Địa danh ngày tháng", "<w:b/>"),
    "CP-09": _look("Tên loại", _ITALIC),
    "CP-10": _look("Trích yếu", _ITALIC),
    "CP-11": Mutant(drop_paragraph("Kết quả thực hiện Kế hoạch năm 2026", after=1)),
    "CP-11a": Mutant(in_paragraph(_SUBJECT, "</w:pPr>", _WHOLE_WIDTH, after=1)),
    "CP-12": Mutant(
        in_paragraph("V/v báo cáo", "<w:r>", f"<w:r><w:rPr>{_ITALIC}</w:rPr>"), base="letter"
    ),
    "CP-12a": Mutant(
        in_paragraph("V/v báo cáo", "</w:pPr>", '<w:spacing w:before="0"/></w:pPr>'), base="letter"
    ),
    "CP-12b": Mutant(replace("V/v báo cáo", "Về việc báo cáo"), base="letter"),
    "CP-13": _look("Kính gửi nhiều nơi", _ITALIC),
    "CP-14": _swap("- Tỉnh ủy Khánh Hòa;", "- Tỉnh ủy Khánh Hòa"),
    "CP-15": _look("Căn cứ", '<w:i w:val="0"/>'),
    "CP-16": _letters("Tổng hợp theo nhóm", "<w:i/>"),
    "CP-17": _letters("KT. GIÁM ĐỐC", _ITALIC),
    "CP-18": _letters("Nguyễn Văn A", _ITALIC),
    "CP-18a": _swap("Nguyễn Văn A", "TS. Nguyễn Văn A"),
    "CP-19": _look("Nơi nhận", _LARGE),
    "CP-20": _look("Danh sách nơi nhận", _LARGE),
    "CP-20a": _swap("- Lưu: VT, TH.", "- Lưu: VT, TH"),
    "CP-20b": _swap("- Như trên;", "- Sở Xây dựng;"),
    "CP-21": _add(_NUMBER, paragraph("KHẨN", "KhNoiDung", '<w:b/><w:sz w:val="40"/>')),
    "CP-22": _add(_NUMBER, paragraph("LƯU HÀNH NỘI BỘ", "KhNoiDung", '<w:b/><w:sz w:val="40"/>')),
    "CP-25": _swap(_END, _END.replace("./.", ".")),
    "SK-01": _swap(_NUMBER, "Số: 07/BC-STC/2026", "PL-05a"),
    "SK-02": Mutant(replace("Số: 07/STC-QLNS", "Số: 07/CV-STC"), base="letter"),
    "DT-01": _swap("ngày 05 tháng 12 năm 2026</w:t>", "ngày 5 tháng 12 năm 2026</w:t>"),
    "DT-02": _swap("Khánh Hòa, ngày 05", "Nha Trang, ngày 05"),
    "DT-03": _swap("Khánh Hòa, ngày 05", "Hồ Chí Minh, ngày 05", "DT-02"),
    "NB-01": _add(
        "Tổng hợp theo nhóm", paragraph("Chương I") + paragraph("QUY ĐỊNH", look="<w:b/>")
    ),
    "NB-02": _add("Tổng hợp theo nhóm", paragraph("Mục 1") + paragraph("QUY ĐỊNH", look="<w:b/>")),
    "NB-03": _letters("I. KẾT QUẢ THỰC HIỆN", _ITALIC),
    "NB-04": _letters("1. Các nhiệm vụ", _LIGHT),
    "NB-05": Mutant(in_paragraph("2. Kiến nghị", '<w:b w:val="0"/>', "")),
    "NB-06": _letters("Kết quả của tỉnh", "<w:b/>"),
    "NB-07": _swap("đ) Kết quả", "e) Kết quả"),
    "NB-08": _add("Tổng hợp theo nhóm", paragraph("Điều 1. Phạm vi điều chỉnh")),
    "NB-09": _add("Tổng hợp theo nhóm", paragraph("Điều 1.", look="<w:b/>")),
    "PR-01": Mutant(
        in_paragraph("Tổng hợp theo nhóm", "</w:pPr>", '<w:ind w:firstLine="0"/></w:pPr>')
    ),
    "PR-02": Mutant(
        in_paragraph("Trong 20 nhiệm vụ", "</w:pPr>", '<w:spacing w:after="0"/></w:pPr>')
    ),
    "PR-03": Mutant(
        in_paragraph("Tổng hợp theo nhóm", "</w:pPr>", '<w:spacing w:line="480"/></w:pPr>')
    ),
    "PR-04": Mutant(in_paragraph("Trong 20 nhiệm vụ", "</w:pPr>", '<w:jc w:val="left"/></w:pPr>')),
    "PR-05": Mutant(
        in_paragraph(
            "Tổng hợp theo nhóm", "</w:pPr>", '<w:spacing w:line="200" w:lineRule="exact"/></w:pPr>'
        )
    ),
    "VD-01": _say("Thực hiện Luật Tổ chức chính quyền địa phương số 72/2025/QH15."),
    "VD-02": _swap("ngày 05 tháng 3 năm 2020 của Chính phủ về", "về"),
    "VD-03": _say("Thực hiện theo khoản 2 điều 4 của Nghị quyết."),
    "VD-04": _swap("ngày 16 tháng 6 năm 2025.", "ngày 16 tháng 6 năm 2025"),
    "VD-04a": _swap("Căn cứ Luật", "- Căn cứ Luật"),
    "SG-03": _swap("KT. GIÁM ĐỐC", "SỞ TÀI CHÍNH"),
    "SG-09": _swap("KT. GIÁM ĐỐC", "K/T GIÁM ĐỐC"),
    "PL-01": Mutant(drop_paragraph("Phụ lục I có 20 nhiệm vụ")),
    "PL-01a": _swap("Phụ lục II kèm theo.", "Phụ lục V kèm theo."),
    "PL-02": _swap(">Phụ lục II<", ">Phụ lục III<", "PL-01", "PL-01a"),
    "PL-03": _look("Phụ lục", _ITALIC),
    "PL-04": _look("Tên phụ lục", _ITALIC),
    "PL-05": _look("Kèm theo", _LARGE),
    "PL-05a": _swap(_ENCLOSED, _ENCLOSED.replace("07", "09")),
    "PL-06": Mutant(drop_paragraph(_ENCLOSED, after=1)),
    "PL-07": _swap(
        '<w:pgNumType w:start="1"/><w:cols w:space="708"/><w:titlePg/></w:sectPr></w:body>',
        '<w:cols w:space="708"/><w:titlePg/></w:sectPr></w:body>',
    ),
    "PL-08": _swap("<w:titlePg/></w:sectPr></w:body>", "</w:sectPr></w:body>"),
    "PL-09": Mutant(replace(">./.<", ">.<")),
    "PL-10": Mutant(replace("<w:tblHeader/>", "", count=9)),
    "UN-02": _say("Kết qua\u0309 thực hiện."),
    "UN-04": _letters("Tổng hợp theo nhóm", '<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>'),
    "UN-08": _say("Kết quả thực hiện , như sau."),
    "NM-01": _say("Tăng 12.5% so với năm trước."),
    "NM-02": _say("Tăng 12,5 % so với năm trước."),
    "VH-01": _say("Kết quả của Tỉnh, thuộc Tỉnh Khánh Hòa."),
    "VH-02": _say("Kết quả tại phường 5, quận 1."),
    "VH-03": _say("Kết quả tại thành phố Hồ Chí Minh."),
    "VH-04": _say("Kết quả của Ủy Ban Nhân Dân tỉnh."),
    "VH-05": _say("Theo Ban chấp hành Trung ương."),
    "VH-07": _say("Theo đảng Cộng sản Việt Nam."),
    "VH-08": _say("Thực hiện nghị quyết số 09-NQ/TW."),
    "VH-11": _say("Trong dịp Tết Nguyên Đán."),
    "VH-12": _say("Trong dịp ngày quốc khánh."),
    "TC-T1": _say("Sở Giao thông vận tải đã tham mưu."),
    "RC-T1": _say("Số liệu từ ngày 01/12/2026 đến ngày 30/11/2026."),
    "RC-T2": _say("Số thu cả năm đạt 1.234 tỷ đồng."),
    "RC-T3": Mutant(
        both(
            replace(
                "số liệu đến ngày 30/11/2026, ước thực hiện cả năm", "số liệu đến ngày 31/12/2026"
            ),
            replace("số thu cả năm ước đạt 1.234,5", "số thu đạt 1.234,5"),
        )
    ),
    "ST-T1": _swap("Phụ lục I có 20 nhiệm vụ", "Phụ lục I có 21 nhiệm vụ"),
    "ST-T2": _swap("12 đã hoàn thành", "13 đã hoàn thành"),
    "ST-T3": Mutant(in_paragraph(">20<", ">20<", ">21<")),
}
