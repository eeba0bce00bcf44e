"""Answers that say nothing but where to look: "như trên", "-nt-", "xem file đính kèm"."""

from __future__ import annotations

import re

from khreport.columns import CAUSES, DIFFICULTY, NEXT_YEAR, PROPOSAL, REMARK, RESULT, SOLUTIONS
from khreport.text import fold, narrow

TOLD_COLUMNS = frozenset((RESULT, REMARK, CAUSES, DIFFICULTY, SOLUTIONS, PROPOSAL, NEXT_YEAR))
"""Columns that ask what was done and why: there "Theo Báo cáo số 12" alone is no answer, while
a basis, a source or an explanation may well be a document."""

LONGEST = 100
SIGNAL = re.compile(
    r"như\b|xem|trên|kèm|gửi|giống|tương tự|tham khảo|^\W*n\W{0,3}t\W*$"
    r"|(?:theo|tại|ở|trong)\s(?:báo|văn|công|tài|hồ|mục|phần|ô|dòng|điểm|khoản|ý|cột|trang|sheet"
    r"|phụ|biểu|bảng|danh|tệp|file|nhiệm|chỉ|nội|stt|tt|số)\b"
)
"""What most answers have not, so that they need no folding."""
NUMBERED = re.compile(r"[0-9]+(?:[./-][\w-]+)*")
"""A number, a day, or the number and symbol of a document."""

LIKE = "(?:(?:tương tự|giống)(?: như)?|như)"
DID = (
    "(?:(?:đã )?(?:thực hiện|triển khai|hoàn thành|báo cáo|trình bày|giải trình|nêu|ghi|làm|có)"
    "|kết quả|số liệu|nội dung|tình hình)"
)
HELD = "(?:(?:đã )?(?:nêu|có)|nội dung|số liệu|kết quả|chi tiết)"
PAPER = "(?:báo cáo|văn bản|công văn|phụ lục|biểu|bảng|danh sách|tệp|file|tài liệu|hồ sơ)"
PLACE = (
    "(?:mục|phần|ô|dòng|điểm|khoản|ý|cột|trang|sheet|nhiệm vụ|chỉ tiêu|nội dung|stt|tt|số thứ tự)"
)
WHICH = "(?:[a-z]{0,2}1|[ivx]+|[a-hđ]|trên|dưới|đây|này|và|số)"
"""What tells one of several; every number was written as 1."""
WHEN = "(?:năm|kỳ|quý|tháng|đợt|lần|giai đoạn|ngày|đầu|cuối|trước|ngoái|qua|1|[ivx]+)"
SENT = "(?:kèm theo|kèm|đính kèm|gửi kèm|gửi)"
REST = f"(?:{PAPER}|{PLACE}|{WHICH}|{WHEN}|{SENT}|đã|nêu|trình bày|tại|ở|trong|theo|riêng|chi tiết)"
OF = r"của(?: (?!đã|đạt|đang|chưa|là|có|không|được|hoàn|tăng|giảm)[^\W\d]+){1,8}"
"""Whose paper it is, as long as that is a name and no sentence."""

ELSEWHERE = re.compile(
    r"n ?/? ?t"
    # như mục 1, kết quả như năm 1, đã thực hiện như trên, như báo cáo kèm theo
    rf"|(?:{DID} )?{LIKE}(?: {REST})+(?: {OF})?(?: {REST})*|tương tự"
    # đã nêu ở trên, tại mục 1, theo nội dung trên
    rf"|(?:{DID} )?(?:(?:tại|ở|trong|theo|nêu) )*(?:{PLACE} )*(?:ở )?trên(?: đây| này)?"
    rf"|(?:{DID} )?(?:tại|ở|trong|theo) {PLACE}(?: (?:{PLACE}|{WHICH}|của|tại|phụ lục))+"
    # xem báo cáo 1, tham khảo phụ lục, chi tiết tại công văn 1
    rf"|(?:(?:đề nghị |mời )?(?:xem|tham khảo)(?: chi tiết| thêm| cụ thể)*(?: tại| ở| trong| theo)?"
    rf"|(?:chi tiết|cụ thể)(?: xem)?(?: tại| ở| trong| theo| như))"
    rf" (?:{PAPER}|{PLACE}|trên|dưới|bên|{SENT})\b.*"
    # báo cáo kèm theo, số liệu theo phụ lục đã gửi, đính kèm file
    rf"|(?:(?:{HELD}|theo|tại|kèm) )*{PAPER}(?: (?:chi tiết|riêng|này|1))*(?: đã)? {SENT}"
    rf"|(?:có )?{SENT}(?: (?:theo|{PAPER}|1))*"
)
PAPER_ALONE = re.compile(
    rf"(?:(?:kết quả|số liệu|nội dung|chi tiết|cụ thể) )?theo (?:báo cáo|văn bản|công văn)"
    rf"(?: {REST})*(?: {OF})?(?: {REST})*"
)


def points_elsewhere(text: str, column: str = "") -> bool:
    """Whether an answer in the column of that key says nothing but where to look.

    >>> texts = ("-nt-", "(Như báo cáo kèm theo)", "như mục II.4", "Như trên cả nước")
    >>> [points_elsewhere(text) for text in texts]
    [True, True, True, False]
    >>> [points_elsewhere("Theo Báo cáo số 12/BC-SXD", key) for key in ("result", "grounds")]
    [True, False]
    """
    if len(text) > LONGEST or SIGNAL.search(text.lower()) is None:
        return False
    numbered = NUMBERED.sub("1", fold(narrow(text)))
    said = " ".join(re.sub(r"[^\w/]+", " ", numbered).split()).strip("/ ")
    if ELSEWHERE.fullmatch(said):
        return True
    return column in TOLD_COLUMNS and PAPER_ALONE.fullmatch(said) is not None
