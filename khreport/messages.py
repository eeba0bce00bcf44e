"""The one catalogue of what is said about files, their structure and the types of their cells.

What the rules find is worded on their cards (validation/*.toml).
"""

from __future__ import annotations

import msgspec

from khreport.cell_messages import CELL_MESSAGES
from khreport.chain_messages import CHAIN_MESSAGES
from khreport.edit_messages import EDIT_MESSAGES
from khreport.file_messages import FILE_MESSAGES, RESEND, Message
from khreport.findings import Finding
from khreport.forms import Form
from khreport.plan import Plan

MOST_SAID = 200
"""Characters of a whole sentence."""
MOST_QUOTED = 40
"""Characters of an entry that a message repeats."""
MOST_NAMED = 32
"""Characters of a row's name where a sentence has room for no more."""


MESSAGES: dict[str, Message] = {
    **FILE_MESSAGES,
    **CHAIN_MESSAGES,
    **CELL_MESSAGES,
    **EDIT_MESSAGES,
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
        "Sheet này đã mất hàng 1 hoặc cột A bị ẩn nên không đọc được.",
        "Hãy chép các câu trả lời sang tệp biểu đã nhận rồi gửi lại.",
    ),
    "sheet.much_outside": Message(
        "note",
        "Còn {count} ô khác có nội dung ngoài các ô của biểu; tệp gốc được giữ nguyên.",
        "Nếu có câu trả lời trong đó, hãy ghi vào ô nền vàng.",
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
    "column.exchanged": Message(
        "warning",
        "Cột “{heading}” đã đổi chỗ với cột khác; câu trả lời được đọc theo tiêu đề cột.",
        "Hãy kiểm tra lại câu trả lời ở cột này.",
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
    "row.copied": Message(
        "note",
        "Dòng này giống hệt dòng {first} của {row_name} nên được bỏ qua.",
        "Không phải làm gì thêm.",
    ),
    "row.unknown": Message(
        "warning",
        "“{value}” ở dòng không thuộc biểu của cơ quan nên không được tổng hợp.",
        "Hãy chuyển nội dung của dòng về dòng đúng của biểu.",
    ),
    "row.moved": Message(
        "note",
        "Các dòng đã bị sắp xếp lại; câu trả lời được đọc theo nội dung nhiệm vụ của dòng.",
        "Hãy kiểm tra lại câu trả lời ở từng dòng.",
    ),
    "row.keyless": Message(
        "note",
        "Các dòng mất mã ở cột A bị ẩn; câu trả lời được đọc theo nội dung của dòng.",
        "Lần sau hãy giữ nguyên cột A bị ẩn.",
    ),
    "row.unsure": Message(
        "error",
        "Các dòng đã bị sắp xếp lại nên không rõ dòng có “{value}” thuộc nhiệm vụ nào.",
        "Hãy ghi lại dòng này ngay dưới nhiệm vụ của nó.",
    ),
    "text.changed": Message(
        "warning",
        "Nội dung kế hoạch bị sửa thành “{value}”; bản gốc vẫn được dùng.",
        "Muốn sửa, hãy ghi ở biểu đề xuất điều chỉnh.",
    ),
    "number.changed": Message(
        "warning",
        "Số thứ tự của dòng bị sửa thành “{value}”; số đã in trong biểu vẫn được dùng.",
        "Hãy ghi lại số cũ, vì các sheet khác dẫn văn bản theo số này.",
    ),
    "text.struck": Message(
        "warning",
        "Chữ của kế hoạch bị gạch ngang; nội dung kế hoạch vẫn giữ nguyên.",
        "Nếu muốn sửa, hãy ghi ở biểu đề xuất điều chỉnh.",
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
    """The finding; where its sentence would be too long, its place is the row or the cell alone."""
    # a name may be cut, but never the number of a task
    name = quote(row, MOST_NAMED) if row and not row[-1].isdigit() else row
    places = (told.place, row, name, None)
    shorter = (msgspec.structs.replace(told, place=place) for place in places)
    return next((said for said in shorter if len(str(said)) <= MOST_SAID), told)


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
