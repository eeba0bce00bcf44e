"""What is said of one cell: that it cannot be read, that it is doubted, that it is not used."""

from __future__ import annotations

from khreport.file_messages import Message

CELL_MESSAGES: dict[str, Message] = {
    "cell.outside": Message(
        "note",
        "Nội dung ghi ngoài các ô của biểu; được giữ lại, không tổng hợp.",
        "Nếu là câu trả lời, hãy ghi vào ô nền vàng.",
    ),
    "cell.closed": Message(
        "warning",
        "Dòng đã khép, giữ kết quả kỳ trước; chưa dùng “{value}”.",
        "Muốn báo cáo lại, chọn tình trạng khác; không thì xóa.",
    ),
    "cell.not_asked": Message(
        "warning",
        "Ô không phải điền nên không tổng hợp “{value}”.",
        "Hãy xóa, hoặc chuyển sang ô nền vàng.",
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
        "“{value}” chỉ dẫn sang nơi khác.",
        "Hãy ghi nội dung ở đó vào ô này.",
    ),
    "cell.hashes": Message(
        "error",
        "“{value}” là dấu hiện khi cột hẹp, không phải nội dung.",
        "Hãy nhập lại giá trị của ô.",
    ),
    "cell.struck": Message(
        "error",
        "“{value}” có chữ bị gạch ngang.",
        "Nếu bỏ thì xóa; nếu còn dùng thì bỏ gạch ngang.",
    ),
    "cell.cut_short": Message(
        "error",
        "“{value}” dài đúng 255 ký tự, có thể đã bị cắt khi lưu dạng .xls.",
        "Hãy ghi đủ, lưu dạng .xlsx.",
    ),
    "cell.merged": Message(
        "error",
        "Ô gộp với ô {first}; ở đây cũng là “{value}”?",
        "Hãy bỏ gộp; nếu đúng thì ghi lại ở từng dòng.",
    ),
    "cell.merged_across": Message(
        "error",
        "Ô gộp với ô {first} nên không giữ được nội dung riêng.",
        "Hãy bỏ gộp rồi ghi câu trả lời của ô này; không có thì để trống.",
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
    "cell.number_signs": Message(
        "error", "“{value}” có dấu khác lẫn với số.", "Chỉ nhập số{range}, bỏ các dấu đó.{hint}"
    ),
    "cell.number_power": Message(
        "error",
        "“{value}” là số viết tắt, có thể đã làm tròn; đủ chữ số là {second}.",
        "Hãy nhập đủ các chữ số.",
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
        "Hãy nhập {plain} hoặc {second}.",
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
    "cell.date_clock": Message(
        "error",
        "“{value}” có giờ kèm theo, có thể là ngày {first} hoặc {second}.",
        "Hãy nhập lại ngày, không kèm giờ.",
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
        "Bấm vào ô rồi chọn lại.",
    ),
    "cell.not_references": Message(
        "error",
        "“{value}” không phải là số thứ tự của văn bản.",
        "Ghi số thứ tự, cách nhau bằng dấu chấm phẩy.{hint}",
    ),
}
