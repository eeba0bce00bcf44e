"""The one catalogue of what is said about files, their structure and the types of their cells.

What the rules find is worded on their cards (validation/*.toml).
"""

from __future__ import annotations

import msgspec

from khreport.chain_messages import CHAIN_MESSAGES
from khreport.file_messages import FILE_MESSAGES, RESEND, Message
from khreport.findings import Finding
from khreport.forms import Form
from khreport.plan import Plan

MOST_SAID = 200
"""Characters of a whole sentence."""
MOST_QUOTED = 40
"""Characters of an entry that a message repeats."""


MESSAGES: dict[str, Message] = {
    **FILE_MESSAGES,
    **CHAIN_MESSAGES,
    "file.not_ours": Message(
        "error", "Tệp không phải là biểu của đợt báo cáo, hoặc các sheet biểu đã bị xóa.", RESEND
    ),
    "file.pasted": Message(
        "error",
        "Tệp không phải là biểu đã gửi, nhưng có nội dung của {count} nhiệm vụ, chỉ tiêu.",
        "Đề nghị chép các câu trả lời vào đúng tệp biểu đã nhận rồi gửi lại.",
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
        "Hãy điền sheet đó trong bản trả lại, hoặc chép từ tệp biểu đã nhận, rồi gửi lại.",
    ),
    "sheet.left_out": Message(
        "note", "Tệp không có sheet “{name}”, là sheet không bắt buộc.", "Không phải làm gì thêm."
    ),
    "sheet.unmarked": Message(
        "error",
        "Sheet này đã mất hàng 1 và cột A bị ẩn nên không đọc được.",
        "Hãy chép các câu trả lời sang tệp biểu đã nhận rồi gửi lại.",
    ),
    "sheet.by_columns": Message(
        "note",
        "Sheet mất dấu nhận biết ở ô A1; đã nhận ra biểu theo các cột.",
        "Lần sau hãy giữ nguyên hàng 1 và cột A bị ẩn.",
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
        "Hãy điền cột đó trong bản trả lại, hoặc chép câu trả lời sang tệp biểu đã nhận.",
    ),
    "column.doubled": Message(
        "error",
        "Cột “{heading}” có hai lần nhưng nội dung khác nhau.",
        "Hãy giữ một cột có nội dung đúng, xóa nội dung ở cột thêm.",
    ),
    "row.missing": Message(
        "error",
        "Thiếu dòng của {row_name}.",
        "Hãy điền dòng đó trong bản trả lại, hoặc chép từ tệp biểu đã nhận, rồi gửi lại.",
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
    "text.struck": Message(
        "warning",
        "Chữ của kế hoạch bị gạch ngang; nội dung kế hoạch vẫn giữ nguyên.",
        "Nếu muốn sửa, hãy ghi ở biểu đề xuất điều chỉnh.",
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
    "cell.elsewhere": Message(
        "error",
        "“{value}” chưa có nội dung.",
        "Hãy ghi nội dung đó vào ô này.",
    ),
    "cell.struck": Message(
        "error",
        "“{value}” có chữ bị gạch ngang.",
        "Nếu bỏ thì xóa; nếu còn dùng thì bỏ gạch ngang.",
    ),
    "cell.merged": Message(
        "error",
        "Ô gộp với ô {first}; ở đây cũng là “{value}”?",
        "Hãy bỏ gộp; nếu đúng thì ghi lại ở từng dòng.",
    ),
    "cell.comment": Message(
        "note",
        "Ô có ghi chú “{comment}”, không được tổng hợp.",
        "Nếu là câu trả lời, hãy ghi vào ô.",
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
    "cell.percent_small": Message(
        "warning", "“{value}” nhỏ hơn 1%.", "Nếu là {second}%, hãy nhập {second}."
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
    "cell.date_swapped": Message(
        "error",
        "“{value}” không hợp với kỳ báo cáo; đổi chỗ ngày và tháng là {second}.",
        "Hãy nhập lại đúng ngày.",
    ),
    "cell.date_serial": Message(
        "error",
        "“{value}” là số; có thể là ngày {second}.",
        "Hãy nhập lại, dạng ngày/tháng/năm.",
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
    "edit.day": Message(
        "error",
        "“{value}” không phải là ngày hoàn thành dùng được.",
        "Hãy nhập ngày/tháng/năm không sau ngày {closing}, ví dụ {closing}.",
    ),
    "edit.not_answered": Message(
        "warning",
        "{agency} được chọn ở {task} nhưng chưa trả lời nhiệm vụ này; chưa dùng lựa chọn này.",
        "Hãy chọn cơ quan đã trả lời, hoặc để trống.",
    ),
    "edit.day_missing": Message(
        "warning",
        "Tình trạng của {task} đã sửa thành hoàn thành, hạn đã qua mà chưa có ngày hoàn thành.",
        "Hãy ghi ngày hoàn thành biên tập; nếu không, báo cáo ghi là chưa rõ ngày.",
    ),
    "edit.day_unused": Message(
        "warning",
        "Ngày hoàn thành “{value}” ở {task} chưa được dùng vì tình trạng không phải là hoàn thành.",
        "Hãy chọn tình trạng “Hoàn thành”, hoặc xóa ngày.",
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


def keep_short(told: Finding, row: str | None) -> Finding:
    """The finding; where its sentence would be too long, its place is the row alone."""
    return told if len(str(told)) <= MOST_SAID else msgspec.structs.replace(told, place=row)


def quote(text: str, most: int = MOST_QUOTED) -> str:
    """The text as a message repeats it: on one line, its end cut off where it is long.

    >>> quote("a" * 60)
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'
    """
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


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
