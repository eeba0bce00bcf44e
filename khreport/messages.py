"""The one catalogue of what is said about files, their structure and the types of their cells.

What the rules find is worded on their cards (validation/*.toml).
"""

from __future__ import annotations

from typing import NamedTuple

from khreport.findings import Finding, Severity
from khreport.forms import Form
from khreport.plan import Plan

MOST_QUOTED = 40
"""Characters of an entry that a message repeats."""


class Message(NamedTuple):
    """How a finding is told: its weight, what is wrong, what to do."""

    severity: Severity
    message: str
    fix: str


FILE_KINDS = {
    "pdf": "là tệp PDF",
    "image": "là ảnh",
    "document": "là văn bản",
    "archive": "là tệp nén",
    "web": "là trang web",
    "text": "chỉ có chữ thuần",
    "unknown": "có định dạng lạ",
}

RESEND = "Đề nghị điền vào đúng tệp biểu đã nhận, lưu dạng .xlsx rồi gửi lại."
SAVE_AGAIN = "Hãy mở tệp bằng Excel, lưu lại dạng .xlsx rồi gửi lại."

MESSAGES: dict[str, Message] = {
    "file.unopenable": Message(
        "error", "Không mở được tệp.", "Hãy đóng tệp nếu đang mở ở nơi khác rồi làm lại."
    ),
    "file.empty": Message("error", "Tệp rỗng, không có nội dung.", "Đề nghị gửi lại tệp."),
    "file.not_workbook": Message("error", "Tệp {kind}, không phải là bảng tính.", RESEND),
    "file.damaged": Message("error", "Tệp bị hỏng hoặc tải về chưa đủ.", "Đề nghị gửi lại tệp."),
    "file.odd": Message("error", "Tệp được đóng gói bất thường nên không đọc.", SAVE_AGAIN),
    "file.encrypted": Message(
        "error", "Tệp có mật khẩu nên không đọc được.", "Hãy bỏ mật khẩu mở tệp rồi gửi lại."
    ),
    "file.encoding": Message("error", "Tệp được ghi theo bảng mã không đọc được.", SAVE_AGAIN),
    "file.entities": Message(
        "error", "Tệp có phần khai báo không an toàn nên không đọc.", SAVE_AGAIN
    ),
    "file.too_big": Message(
        "error",
        "Tệp lớn hơn {limit} MB nên không đọc.",
        "Hãy bỏ ảnh và tệp nhúng, chỉ giữ phần biểu rồi gửi lại.",
    ),
    "file.too_complex": Message(
        "error", "Nội dung tệp lớn bất thường so với một tệp biểu.", RESEND
    ),
    "file.far_cell": Message(
        "error",
        "Có nội dung ở ô {cell}, quá xa phần biểu, nên không đọc tệp.",
        "Hãy xóa nội dung ở ô đó, lưu lại rồi gửi lại.",
    ),
    "file.formula_errors": Message(
        "error",
        "Tệp dạng .ods có ô lỗi công thức mà không rõ ở đâu.",
        "Hãy sửa công thức, lưu lại dạng .xlsx rồi gửi lại.",
    ),
    "file.slow": Message("error", "Đọc tệp quá lâu nên đã dừng.", SAVE_AGAIN),
    "file.crash": Message("error", "Không đọc được nội dung tệp.", SAVE_AGAIN),
    "file.macros": Message(
        "note", "Tệp có macro; macro không được chạy.", "Lần sau hãy lưu tệp dạng .xlsx."
    ),
    "file.links": Message(
        "note",
        "Tệp có liên kết đến tệp khác; chỉ đọc giá trị đã lưu.",
        "Hãy kiểm tra lại số liệu lấy từ tệp khác.",
    ),
    "file.not_ours": Message(
        "error", "Tệp không phải là biểu của đợt báo cáo, hoặc các sheet biểu đã bị xóa.", RESEND
    ),
    "file.other_plan": Message(
        "error", "Biểu thuộc kế hoạch khác ({found}), không phải {expected}.", RESEND
    ),
    "file.other_period": Message(
        "error", "Biểu thuộc kỳ báo cáo khác ({found}); kỳ này là {expected}.", RESEND
    ),
    "file.unknown_edition": Message(
        "error",
        "Biểu được tạo từ bản khác với bản đã gửi trong đợt báo cáo này.",
        "Đề nghị điền vào tệp biểu đã gửi cho cơ quan rồi gửi lại.",
    ),
    "file.other_edition": Message(
        "note",
        "Tệp được kiểm tra theo biểu hiện hành, vì không có thiết lập của đợt báo cáo.",
        "Nếu có thư mục đợt báo cáo, kiểm tra bằng tùy chọn --campaign.",
    ),
    "file.unknown_agency": Message(
        "error", "Biểu không phải của cơ quan nào được hỏi trong đợt báo cáo này.", RESEND
    ),
    "sheet.missing": Message(
        "error",
        "Thiếu sheet “{name}”.",
        "Hãy chép lại sheet đó từ tệp biểu đã nhận, điền rồi gửi lại.",
    ),
    "sheet.foreign": Message(
        "error",
        "Sheet này của cơ quan hoặc đợt báo cáo khác nên không đọc.",
        "Hãy xóa sheet này rồi gửi lại.",
    ),
    "sheet.copied": Message(
        "note", "Sheet này giống hệt sheet “{first}” nên được bỏ qua.", "Không phải làm gì thêm."
    ),
    "sheet.doubled": Message(
        "error",
        "Sheet này là bản sao của sheet “{first}” nhưng nội dung khác nhau.",
        "Hãy giữ một sheet có nội dung đúng, xóa sheet kia.",
    ),
    "sheet.added": Message(
        "note", "Sheet do cơ quan thêm; được giữ lại, không tổng hợp.", "Không phải làm gì thêm."
    ),
    "column.missing": Message(
        "error",
        "Thiếu cột “{heading}”.",
        "Hãy chép các câu trả lời sang tệp biểu đã nhận, không xóa cột, rồi gửi lại.",
    ),
    "column.doubled": Message(
        "error",
        "Cột “{heading}” có hai lần nhưng nội dung khác nhau.",
        "Hãy giữ một cột có nội dung đúng, xóa nội dung ở cột thêm.",
    ),
    "row.missing": Message(
        "error",
        "Thiếu dòng của {row_name}.",
        "Hãy chép dòng đó từ tệp biểu đã nhận, điền rồi gửi lại.",
    ),
    "row.doubled": Message(
        "error",
        "Có hai dòng của {row_name} (dòng {first} và dòng {second}) với nội dung khác nhau.",
        "Hãy giữ một dòng có nội dung đúng, xóa dòng kia.",
    ),
    "row.unknown": Message(
        "warning",
        "Dòng này không thuộc biểu của cơ quan nên không được tổng hợp.",
        "Hãy chuyển nội dung về dòng đúng của biểu.",
    ),
    "row.moved": Message(
        "note",
        "Các dòng đã bị sắp xếp lại; câu trả lời được đọc theo nội dung nhiệm vụ của dòng.",
        "Hãy kiểm tra lại câu trả lời ở từng dòng.",
    ),
    "row.unsure": Message(
        "error",
        "Các dòng đã bị sắp xếp lại nên không rõ dòng này thuộc nhiệm vụ nào.",
        "Hãy ghi lại nội dung này ngay dưới nhiệm vụ của nó.",
    ),
    "text.changed": Message(
        "warning",
        "Nội dung của kế hoạch đã bị sửa thành “{value}”; nội dung trong kế hoạch vẫn giữ nguyên.",
        "Nếu muốn sửa kế hoạch, hãy ghi ở biểu đề xuất điều chỉnh.",
    ),
    "cell.outside": Message(
        "note",
        "Nội dung ghi ngoài các ô của biểu; được giữ lại, không tổng hợp.",
        "Nếu là câu trả lời, hãy ghi vào ô nền vàng.",
    ),
    "cell.not_asked": Message(
        "warning",
        "Ô này không phải điền, “{value}” không được tổng hợp.",
        "Hãy xóa hoặc chuyển nội dung sang ô nền vàng.",
    ),
    "cell.error": Message(
        "error", "Ô có lỗi công thức {value}.", "Hãy nhập giá trị thay cho công thức.{hint}"
    ),
    "cell.formula": Message(
        "error",
        "Ô có công thức nhưng tệp không lưu kết quả.",
        "Hãy nhập giá trị thay cho công thức.{hint}",
    ),
    "cell.not_number": Message("error", "“{value}” không phải là số.", "Nhập số{range}.{hint}"),
    "cell.number_words": Message(
        "error", "“{value}” có chữ lẫn với số.", "Chỉ nhập số{range}, không ghi chữ.{hint}"
    ),
    "cell.number_several": Message(
        "error", "“{value}” có nhiều số.", "Chỉ nhập một số{range}.{hint}"
    ),
    "cell.number_unit": Message(
        "error",
        "“{value}” có đơn vị khác với biểu.",
        "Đổi theo đơn vị của biểu, chỉ nhập số.{hint}",
    ),
    "cell.number_long": Message(
        "error", "“{value}” có quá nhiều chữ số.", "Hãy kiểm tra và nhập lại số{range}.{hint}"
    ),
    "cell.number_ambiguous": Message(
        "error",
        "“{value}” có thể hiểu là {first} hoặc {second}.",
        "Hãy nhập lại, không dùng dấu phân nhóm hàng nghìn.{hint}",
    ),
    "cell.not_whole": Message(
        "error", "“{value}” không phải là số nguyên.", "Nhập số nguyên.{hint}"
    ),
    "cell.not_date": Message(
        "error", "“{value}” không phải là ngày.", "Nhập ngày dạng ngày/tháng/năm.{hint}"
    ),
    "cell.date_impossible": Message(
        "error", "“{value}” không có trong lịch.", "Kiểm tra lại ngày, tháng, năm.{hint}"
    ),
    "cell.date_imprecise": Message(
        "error", "“{value}” chưa rõ ngày nào.", "Nhập đủ ngày/tháng/năm.{hint}"
    ),
    "cell.not_choice": Message(
        "error", "“{value}” không có trong danh sách.", "Bấm vào ô rồi chọn một giá trị.{hint}"
    ),
    "cell.choice_near": Message(
        "error",
        "“{value}” không có trong danh sách. Có phải “{suggestion}”?",
        "Bấm vào ô rồi chọn đúng giá trị.",
    ),
    "cell.not_references": Message(
        "error",
        "“{value}” không phải là số thứ tự của văn bản.",
        "Ghi số thứ tự, cách nhau bằng dấu chấm phẩy.{hint}",
    ),
    "edit.not_ours": Message(
        "error",
        "Tệp không phải là tệp biên tập của đợt báo cáo.",
        "Hãy đổi tên tệp này rồi chạy lại lệnh tổng hợp để có tệp biên tập mới.",
    ),
    "edit.other_round": Message(
        "error",
        "Sheet này thuộc tệp biên tập của kế hoạch hoặc kỳ báo cáo khác nên không đọc.",
        "Hãy xóa sheet này, hoặc dùng tệp biên tập của đợt báo cáo này.",
    ),
    "edit.sheet_missing": Message(
        "error",
        "Tệp biên tập thiếu sheet “{name}”.",
        "Hãy lấy lại sheet đó từ bản lưu, hoặc đổi tên tệp này rồi chạy lại lệnh tổng hợp.",
    ),
    "edit.column_missing": Message(
        "error",
        "Thiếu cột “{heading}”.",
        "Hãy đổi tên tệp này rồi chạy lại lệnh tổng hợp để có tệp biên tập mới.",
    ),
    "edit.no_key": Message(
        "error",
        "“{value}” nằm ở dòng không thuộc nhiệm vụ, chỉ tiêu hay kiến nghị nào nên chưa được dùng.",
        "Hãy chuyển nội dung vào ô nền vàng.",
    ),
    "edit.misplaced": Message(
        "error",
        "“{value}” nằm ở dòng của cơ quan báo cáo nên chưa được dùng.",
        "Hãy chuyển nội dung vào ô nền vàng của nhiệm vụ, chỉ tiêu.",
    ),
    "edit.unknown_row": Message(
        "error",
        "Dòng có mã “{key}” không còn trong đợt báo cáo, “{value}” chưa được dùng.",
        "Hãy chuyển nội dung sang dòng đúng.",
    ),
    "edit.doubled": Message(
        "error",
        "“{value}” khác với nội dung đã ghi ở {first}; nội dung ghi trước được dùng.",
        "Hãy giữ một dòng, xóa dòng kia.",
    ),
    "edit.status": Message(
        "error",
        "“{value}” không phải là tình trạng của loại nhiệm vụ này.",
        "Bấm vào ô rồi chọn trong danh sách.{hint}",
    ),
    "edit.agency": Message(
        "error",
        "“{value}” không phải là cơ quan trả lời nhiệm vụ này.",
        "Bấm vào ô rồi chọn trong danh sách.{hint}",
    ),
    "edit.formula": Message(
        "error",
        "Ô có công thức không có kết quả ({value}).",
        "Hãy nhập nội dung thay cho công thức.",
    ),
}


def finding(  # noqa: PLR0913 - a finding has many parts, most of them absent
    code: str,
    *,
    file: str,
    sheet: str | None = None,
    form: str | None = None,
    row: int | None = None,
    column: int | None = None,
    row_key: str | None = None,
    column_key: str | None = None,
    value: str | None = None,
    place: str | None = None,
    **parts: str,
) -> Finding:
    """A finding in the catalogue's words.

    Raises:
        KeyError: the code is unknown, or its sentence needs a part that is not given.

    """
    severity, message, fix = MESSAGES[code]
    if value is not None:
        parts["value"] = quote(value)
    return Finding(
        code=code,
        severity=severity,
        message=message.format_map(parts),
        fix=fix.format_map(parts),
        file=file,
        sheet=sheet,
        form=form,
        row=row,
        column=column,
        row_key=row_key,
        column_key=column_key,
        value=value,
        place=place,
    )


def quote(text: str) -> str:
    """The text as a message repeats it: on one line, its end cut off where it is long.

    >>> quote("a" * 60)
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'
    """
    line = " ".join(text.split())
    return line if len(line) <= MOST_QUOTED else line[: MOST_QUOTED - 1].rstrip() + "…"


def row_name(plan: Plan, form: Form, key: str) -> str:
    """What people call a row: "nhiệm vụ III.4", "mốc 1 của nhiệm vụ II.10", "dòng 3"."""
    own = key.removeprefix(form.key + ".")
    if form.rows == "fields":
        return next((field.label for field in form.fields if field.key == own), own)
    if form.rows == "records":
        return f"dòng thêm {own[1:]}" if own.startswith("+") else f"dòng {own}"
    if form.rows == "indicators":
        named = plan.indicator.get(key)
        return f"chỉ tiêu {quote(named.name)}" if named else key
    task_key = own if form.rows == "coordinating" else key
    if task_key in plan.task:
        return _task_name(plan, task_key)
    parent, _, last = task_key.rpartition(".")
    if parent not in plan.task:
        return own
    if last.startswith("+"):
        part = f"dòng thêm {last[1:]}"
    elif last[:1] == "m" and last[1:].isdigit():
        part = f"mốc {last[1:]}"
    else:
        part = f"dòng {last})"
    return f"{part} của {_task_name(plan, parent)}"


def _task_name(plan: Plan, key: str) -> str:
    """A task by its number; one that has a letter for a section needs its appendix too."""
    appendix = plan.task[key].appendix
    number = key.removeprefix(appendix + ".")
    if number[:1].isupper():
        return f"nhiệm vụ {number}"
    return f"{plan.appendix[appendix].label}, mục {number}"


def place(form: Form, column_key: str, row_name: str) -> str:
    """A cell as people call it: "Tỷ lệ hoàn thành (%), nhiệm vụ III.4"."""
    heading = form.column[column_key].heading
    return row_name if form.rows == "fields" or not heading else f"{heading}, {row_name}"
