"""What is said of the editing workbook, in which the officer settles the answers."""

from __future__ import annotations

from khreport.file_messages import Message

EDIT_MESSAGES: dict[str, Message] = {
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
    "edit.assessment": Message(
        "warning",
        "Đánh giá “{value}” chỉ hiện trong bảng; các số đếm vẫn tính theo số liệu.",
        "Để đổi cả số đếm, hãy bắt đầu bằng {levels}, ví dụ “Đạt, chưa vững chắc”.",
    ),
    "edit.assessment_contradicts": Message(
        "warning",
        "“{name}” ghi “{value}” trong khi thực hiện {before}, kế hoạch {after}.",
        "Hãy xem lại đánh giá hoặc số liệu.",
    ),
    "report.figures_differ": Message(
        "warning",
        "Chỉ tiêu “{name}”: các cơ quan báo cáo khác nhau ({names}); lấy số của {agency}.",
        "Hãy hỏi lại các cơ quan, rồi nhận bản nộp sửa.",
    ),
    "report.long": Message(
        "warning",
        "Phần lời của báo cáo ước dài {pages} trang, quá {most} trang; dài nhất: {names}.",
        "Hãy rút gọn phần viết và kết quả biên tập của các mục đó.",
    ),
    "report.disagree": Message(
        "warning",
        "Còn {count} nhiệm vụ các cơ quan trả lời khác nhau, đang tính mức thấp nhất: {names}.",
        "Hãy chọn cơ quan được dùng hoặc tình trạng biên tập.",
    ),
    "edit.formula": Message(
        "error",
        "Ô có công thức không có kết quả ({value}).",
        "Hãy nhập nội dung thay cho công thức.",
    ),
    "edit.leads_differ": Message(
        "warning",
        "Các cơ quan chủ trì {task} báo cáo khác nhau: “{first}” và “{second}”.",
        "Hãy chọn câu trả lời được dùng, hoặc chọn tình trạng biên tập.",
    ),
    "edit.figures_differ": Message(
        "warning",
        "Chỉ tiêu “{name}”: các cơ quan ước cả năm khác nhau, {before} và {after}.",
        "Hãy hỏi lại các cơ quan, rồi nhận bản nộp sửa.",
    ),
    "edit.parts_exceed": Message(
        "warning",
        "Chỉ tiêu “{name}”: các phần cộng lại {before}, lớn hơn cả chỉ tiêu {after}.",
        "Hãy hỏi lại cơ quan theo dõi, rồi nhận bản nộp sửa.",
    ),
}
