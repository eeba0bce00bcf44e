"""What is said of a file that is not read, or that carries more than cells.

The part of the catalogue that the reading process needs: one code for each refusal.
"""

from __future__ import annotations

from typing import NamedTuple

from khreport.findings import Severity


class Message(NamedTuple):
    """How a finding is told: its weight, what is wrong, what to do."""

    severity: Severity
    message: str
    fix: str


RESEND = "Đề nghị điền vào đúng tệp biểu đã nhận, lưu dạng .xlsx rồi gửi lại."
SAVE_AGAIN = "Hãy mở tệp bằng Excel, lưu lại dạng .xlsx rồi gửi lại."

FILE_KINDS = {
    "pdf": "là tệp PDF",
    "image": "là ảnh",
    "media": "là phim hoặc âm thanh",
    "document": "là văn bản",
    "slides": "là bài trình chiếu",
    "web": "là trang web",
    "separated": "là bảng chữ thuần (.csv)",
    "text": "chỉ có chữ thuần",
    "program": "là chương trình máy tính",
    "unknown": "có định dạng lạ",
    "old_excel": "được lưu bằng Excel đời quá cũ",
    "excel_2003": "được lưu ở dạng trao đổi của Excel 2003",
    "flat": "được lưu ở dạng .fods",
    "numbers": "được lưu bằng Apple Numbers",
}
"""How a kind of file that :mod:`khreport.edges.file_kind` tells is worded."""

FILE_MESSAGES: dict[str, Message] = {
    "file.special": Message(
        "error",
        "Đường dẫn này không phải là một tệp nên không đọc.",
        "Hãy chép tệp biểu của cơ quan vào đây.",
    ),
    "file.vanished": Message(
        "error",
        "Tệp đã bị xóa hoặc chuyển đi trong khi đọc.",
        "Hãy chép lại tệp vào thư mục rồi làm lại.",
    ),
    "file.locked": Message(
        "error",
        "Tệp đang bị khóa hoặc không được phép mở.",
        "Hãy đóng tệp ở chương trình khác, kiểm tra quyền mở tệp rồi làm lại.",
    ),
    "file.changing": Message(
        "error", "Tệp đang được ghi dở trong khi đọc.", "Hãy đợi chép hoặc lưu xong rồi làm lại."
    ),
    "file.unopenable": Message(
        "error", "Không mở được tệp.", "Hãy chép lại tệp từ thư của cơ quan rồi làm lại."
    ),
    "file.empty": Message("error", "Tệp rỗng, không có nội dung.", "Đề nghị gửi lại tệp."),
    "file.not_workbook": Message("error", "Tệp {kind}, không phải là bảng tính.", RESEND),
    "file.paper": Message(
        "error",
        "Tệp PDF, không phải là bảng tính.",
        "Nếu là văn bản đã ký, hãy để tệp cùng biểu vào thư mục con của inbox mang tên cơ quan, "
        "ví dụ STP, hoặc ghi nhận bằng lệnh khreport paper, kèm --file.",
    ),
    "file.other_format": Message("error", "Tệp {kind} nên không đọc được.", SAVE_AGAIN),
    "file.archive": Message(
        "error",
        "Đây là tệp nén, không phải là bảng tính.",
        "Đề nghị gửi tệp biểu .xlsx, không nén.",
    ),
    "file.nested": Message(
        "error",
        "Đây là tệp nén, bên trong có {count} bảng tính.",
        "Hãy giải nén rồi gửi riêng từng tệp biểu.",
    ),
    "file.email": Message(
        "error",
        "Đây là thư điện tử, không phải là bảng tính.",
        "Hãy mở thư, lưu tệp biểu đính kèm rồi gửi tệp đó.",
    ),
    "file.archive_locked": Message(
        "error",
        "Tệp nén có mật khẩu nên không mở được.",
        "Đề nghị gửi tệp biểu .xlsx, không nén và không đặt mật khẩu.",
    ),
    "file.archive_large": Message(
        "error",
        "Thư hoặc tệp nén chứa quá nhiều tệp, quá lớn hoặc lồng nhau quá nhiều lớp nên không mở.",
        "Đề nghị gửi riêng tệp biểu .xlsx.",
    ),
    "file.archive_empty": Message(
        "error",
        "Trong tệp nén không có tệp biểu nào.",
        "Đề nghị gửi tệp biểu .xlsx đã nhận, sau khi điền.",
    ),
    "file.winmail": Message(
        "error",
        "Outlook đã gói tệp đính kèm vào winmail.dat nên không mở được.",
        "Đề nghị gửi lại ở dạng thư HTML hoặc chữ thuần, đính kèm tệp biểu .xlsx.",
    ),
    "file.mail_empty": Message(
        "error",
        "Thư không có tệp đính kèm.",
        "Nếu là thư nộp báo cáo, đề nghị gửi lại, đính kèm tệp biểu .xlsx.",
    ),
    "file.mail_links": Message(
        "error",
        "Thư chỉ có đường dẫn đến tệp ở nơi khác, không có tệp đính kèm.",
        "Đề nghị tải tệp biểu về rồi đính kèm vào thư.",
    ),
    "file.mail_large": Message(
        "error",
        "Thư lớn hơn {limit} MB nên chưa lấy về.",
        "Hãy mở hộp thư, lưu tệp biểu vào thư mục inbox của đợt báo cáo.",
    ),
    "file.untouched": Message(
        "error",
        "Tệp còn nguyên như khi gửi cho cơ quan, chưa điền gì thêm.",
        "Đề nghị điền vào tệp, lưu lại rồi đính kèm tệp đã lưu.",
    ),
    "file.beside": Message(
        "note",
        "Tệp đi cùng bản nộp, không phải tệp biểu nên không đọc.",
        "Hãy mở xem có phải là phần của bản nộp không.",
    ),
    "file.links_beside": Message(
        "note",
        "Ngoài tệp đính kèm, thư còn có đường dẫn đến tệp ở nơi khác.",
        "Hãy mở thư, xem tệp ở đó có phải là phần của bản nộp không.",
    ),
    "file.mail_unread": Message(
        "error",
        "Máy chủ thư không đưa được thư này nên chưa lấy về.",
        "Hãy mở hộp thư, lưu tệp biểu vào thư mục inbox của đợt báo cáo.",
    ),
    "file.lost": Message(
        "error",
        "Bản lưu của tệp bị mất hoặc bị sửa nên chưa kiểm tra được.",
        "Hãy chép lại tệp vào thư mục inbox, hoặc đề nghị cơ quan gửi lại.",
    ),
    "file.older": Message(
        "note",
        "Bản này đến trước bản đạt đang dùng nên không thay bản đó.",
        "Nếu đúng là bản mới hơn, đề nghị cơ quan gửi lại.",
    ),
    "file.other_sender": Message(
        "note",
        "Bản nộp của {agency} đến từ {sender}, chưa có trong danh sách liên hệ.",
        "Hãy hỏi lại cơ quan; nếu đúng, thêm địa chỉ này.",
    ),
    "file.others_sender": Message(
        "note",
        "Bản nộp của {agency} đến từ {sender}, là địa chỉ của {other}.",
        "Hãy hỏi lại cơ quan có bản nộp.",
    ),
    "file.shortcut": Message(
        "error",
        "Đây chỉ là lối tắt, không có nội dung của tệp biểu.",
        "Đề nghị gửi chính tệp biểu, lưu dạng .xlsx.",
    ),
    "file.truncated": Message(
        "error",
        "Tệp thiếu phần cuối, có thể do gửi hoặc tải về chưa xong.",
        "Đề nghị gửi lại tệp.",
    ),
    "file.damaged": Message("error", "Nội dung tệp bị hỏng.", "Đề nghị gửi lại tệp."),
    "file.doubled_parts": Message(
        "error", "Tệp có hai phần bên trong trùng tên nên không đọc.", SAVE_AGAIN
    ),
    "file.overlapping": Message(
        "error", "Tệp có các phần bên trong chồng lên nhau nên không đọc.", SAVE_AGAIN
    ),
    "file.outside_paths": Message(
        "error", "Tệp có phần bên trong trỏ ra thư mục khác nên không đọc.", SAVE_AGAIN
    ),
    "file.odd": Message("error", "Tệp được đóng gói bất thường nên không đọc.", SAVE_AGAIN),
    "file.encrypted": Message(
        "error", "Tệp có mật khẩu nên không đọc được.", "Hãy bỏ mật khẩu mở tệp rồi gửi lại."
    ),
    "file.labelled": Message(
        "error",
        "Tệp bị khóa theo nhãn bảo vệ hoặc phân quyền nên không đọc được.",
        "Hãy gỡ nhãn, lưu lại dạng .xlsx rồi gửi lại.",
    ),
    "file.encoding": Message("error", "Tệp được ghi theo bảng mã không đọc được.", SAVE_AGAIN),
    "file.entities": Message(
        "error", "Tệp có phần khai báo không an toàn nên không đọc.", SAVE_AGAIN
    ),
    "file.secret": Message(
        "error",
        "Tệp có dấu chỉ mức độ mật nên được để riêng, không đọc.",
        "Hãy gửi theo quy định về tài liệu mật; trong biểu chỉ chọn “Báo cáo theo chế độ mật”.",
    ),
    "file.too_big": Message(
        "error",
        "Tệp lớn hơn {limit} MB nên không đọc.",
        "Hãy bỏ ảnh và tệp nhúng, chỉ giữ phần biểu rồi gửi lại.",
    ),
    "file.inflated": Message(
        "error",
        "Nội dung tệp khi giải nén lớn bất thường nên không đọc.",
        "Hãy bỏ ảnh và phần ngoài biểu rồi gửi lại.",
    ),
    "file.entries": Message(
        "error",
        "Tệp có hơn {limit} ảnh và phần nhúng nên không đọc.",
        "Hãy bỏ ảnh và tệp nhúng, chỉ giữ phần biểu rồi gửi lại.",
    ),
    "file.sheets": Message(
        "error",
        "Tệp có hơn {limit} sheet nên không đọc.",
        "Hãy xóa các sheet không thuộc biểu rồi gửi lại.",
    ),
    "file.cells": Message(
        "error",
        "Các sheet của tệp có hơn {limit} ô nên không đọc.",
        "Hãy xóa nội dung ngoài biểu rồi gửi lại.",
    ),
    "file.texts": Message(
        "error",
        "Tệp có hơn {limit} đoạn chữ khác nhau nên không đọc.",
        "Hãy xóa nội dung ngoài biểu rồi gửi lại.",
    ),
    "file.long_text": Message(
        "error",
        "Có ô chứa hơn {limit} ký tự nên không đọc tệp.",
        "Hãy rút gọn nội dung ô đó rồi gửi lại.",
    ),
    "file.too_complex": Message(
        "error", "Nội dung tệp lớn bất thường so với một tệp biểu.", RESEND
    ),
    "file.far_cell": Message(
        "error",
        "Có nội dung ở ô {cell}, quá xa phần biểu, nên không đọc tệp.",
        "Hãy xóa nội dung ở ô đó, lưu lại rồi gửi lại.",
    ),
    "file.slow": Message("error", "Đọc tệp quá lâu nên đã dừng.", SAVE_AGAIN),
    "file.crash": Message("error", "Không đọc được nội dung tệp.", SAVE_AGAIN),
    "file.looks_unread": Message(
        "note",
        "Tệp không cho thấy chữ gạch ngang, ghi chú, phần trăm, đầu trang và chân trang.",
        "Nếu có những phần đó, đề nghị lưu dạng .xlsx rồi gửi lại.",
    ),
    "file.macros": Message(
        "note", "Tệp có macro; macro không được chạy.", "Lần sau hãy lưu tệp dạng .xlsx."
    ),
    "file.links": Message(
        "note",
        "Tệp có liên kết đến tệp khác; chỉ đọc giá trị đã lưu.",
        "Hãy kiểm tra lại số liệu lấy từ tệp khác.",
    ),
    "file.dde": Message(
        "warning",
        "Tệp có lệnh lấy dữ liệu từ chương trình khác; lệnh không được chạy.",
        "Không nên mở tệp gốc; đề nghị cơ quan bỏ liên kết rồi gửi lại.",
    ),
    "file.objects": Message(
        "warning",
        "Tệp có tài liệu nhúng; nội dung tài liệu nhúng không được đọc.",
        "Nếu trong đó có câu trả lời, hãy ghi vào ô của biểu.",
    ),
}
