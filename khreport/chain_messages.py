"""What is said of a return beside others: of an older form, or apart from an earlier return."""

from __future__ import annotations

from khreport.file_messages import Message

WHICH_STANDS = "Hãy xem lại; không sửa thì dùng bản này."

IF_WRONG = "Nếu không đúng, hãy ghi lại rồi gửi."

CHAIN_MESSAGES: dict[str, Message] = {
    "file.not_asked": Message(
        "error",
        "Biểu hiện hành không còn hỏi cơ quan này nên tệp không được tổng hợp.",
        "Không phải gửi lại; nếu còn vướng mắc, hãy hỏi cơ quan tổng hợp.",
    ),
    "file.not_compared": Message(
        "warning",
        "Không đọc lại được bản trước ({earlier}) để so với bản này.",
        "Hãy tự so hai bản; không sửa thì dùng bản này.",
    ),
    "sheet.later": Message(
        "warning",
        "Sheet “{name}” được thêm sau khi phát biểu này.",
        "Đề nghị điền thêm sheet này trong tệp biểu mới.",
    ),
    "column.later": Message(
        "warning",
        "Cột “{heading}” được thêm sau khi phát biểu này.",
        "Đề nghị điền thêm cột này trong tệp biểu mới.",
    ),
    "column.not_asked": Message(
        "note",
        "“{value}” không được tổng hợp: biểu mới không hỏi ô này.",
        "Nội dung vẫn được lưu.",
    ),
    "given.changed": Message(
        "note",
        "Phần ghi sẵn bị sửa thành “{value}”; vẫn dùng bản ghi sẵn.",
        "Nếu kỳ trước chưa đúng, hãy ghi ở cột giải trình.",
    ),
    "row.later": Message(
        "warning",
        "Dòng này được thêm sau khi phát biểu này.",
        "Đề nghị điền thêm dòng này trong tệp biểu mới.",
    ),
    "row.not_asked": Message(
        "note",
        "“{value}” không được tổng hợp: biểu mới không hỏi dòng này.",
        "Nội dung vẫn được lưu.",
    ),
    "row.other_agency": Message(
        "note",
        "“{value}” không được tổng hợp: nay {agency} trả lời dòng này.",
        "Nội dung vẫn được lưu.",
    ),
    "cell.choice_gone": Message(
        "warning",
        "“{value}” không còn trong danh sách của biểu mới nên chưa được tổng hợp.",
        "Bấm vào ô rồi chọn một giá trị.",
    ),
    "cell.retyped": Message(
        "warning",
        "“{value}” không hợp với cột này của biểu mới nên chưa được tổng hợp.",
        "Hãy ghi lại ô này theo biểu mới.",
    ),
    "cell.differs": Message(
        "warning",
        "Bản trước ({earlier}, {day}) ghi “{before}”, bản này ghi “{after}”.",
        WHICH_STANDS,
    ),
    "cell.dropped": Message(
        "warning",
        "Bản trước ({earlier}, {day}) ghi “{before}”, bản này để trống.",
        WHICH_STANDS,
    ),
    "cell.refilled": Message(
        "warning",
        "Bản trước ({earlier}, {day}) để trống ô này, bản này ghi “{after}”.",
        WHICH_STANDS,
    ),
    "cell.taken": Message(
        "note",
        "Lấy “{before}” của bản trước ({earlier}, {day}): bản này chưa sửa ô này.",
        IF_WRONG,
    ),
    "cell.taken_out": Message(
        "note",
        "Bỏ “{after}” theo bản trước ({earlier}, {day}): bản này chưa sửa ô này.",
        IF_WRONG,
    ),
    "row.taken": Message(
        "note",
        "Lấy dòng “{before}” của bản trước ({earlier}, {day}): bản này chưa có.",
        IF_WRONG,
    ),
    "row.taken_out": Message(
        "note",
        "Bỏ dòng “{after}” theo bản trước ({earlier}, {day}): bản này chưa sửa dòng này.",
        IF_WRONG,
    ),
    "row.dropped": Message(
        "warning",
        "Bản trước ({earlier}, {day}) có dòng “{before}”, bản này không có.",
        "Hãy xem lại; không ghi thêm dòng thì dùng bản này.",
    ),
    "row.restored": Message(
        "warning",
        "Bản trước ({earlier}, {day}) đã bỏ dòng “{after}”, bản này vẫn có.",
        "Hãy xem lại; không xóa dòng thì dùng bản này.",
    ),
}
