from __future__ import annotations

import pytest

from khreport.columns import EXPLANATION, GROUNDS, RESULT
from khreport.read.pointers import points_elsewhere


@pytest.mark.parametrize(
    "text",
    [
        "như trên", "-nt-", "nt", "n/t", "N.T.", "(Như báo cáo kèm theo)", "Xem báo cáo",
        "như mục II.4", "như năm 2023", "Đã thực hiện như trên", "như nhiệm vụ 3",
        "xem file đính kèm", "Như đã báo cáo", "Như Báo cáo số 15/BC-SXD ngày 10/12/2024",
        "Theo Báo cáo số 123/BC-SXD ngày 10/12/2024 của Sở Xây dựng", "Theo báo cáo",
        "như kỳ trước", "Như đã nêu ở trên", "Đã nêu tại nhiệm vụ 3", "Đã báo cáo ở trên",
        "Kết quả như năm 2023", "Chi tiết tại Phụ lục I", "Xem mục 3, Phụ lục II",
        "tương tự nhiệm vụ 3", "giống mục I.a.1", "Theo văn bản gửi kèm", "Có báo cáo gửi kèm",
        "Đính kèm file", "Báo cáo kèm theo", "(đính kèm)", "Như trên.", "xem bên dưới",
        "Như nhiệm vụ III.4 và III.5", "Theo công văn số 12/SXD-QH",
        "như báo cáo của Sở Xây dựng", "Số liệu theo phụ lục đính kèm", "Như phần trên",
        "tại mục II.4", "NHƯ TRÊN", "Xem trên", "Như báo cáo 6 tháng đầu năm",
        "cụ thể theo báo cáo số 12/BC-SXD gửi kèm", "Như ô H10", "Như nội dung trên",
        "Như nhiệm vụ số 3",
    ],
)  # fmt: skip
def test_an_answer_that_only_says_where_to_look_is_known(text: str) -> None:
    assert points_elsewhere(text, RESULT)


@pytest.mark.parametrize(
    "text",
    [
        "Như trên cả nước", "Theo Báo cáo số 15/BC-SXD, Sở đã hoàn thành 3 đồ án",
        "Đã ban hành Kế hoạch số 12/KH-SDL", "Theo kế hoạch", "Xem xét bố trí vốn",
        "Thực hiện theo Kế hoạch số 15/KH-UBND", "Đã báo cáo UBND tỉnh",
        "Đã trình UBND tỉnh tại Tờ trình số 215/TTr-SXD", "Đã báo cáo tại văn bản số 15/BC-SDL",
        "Báo cáo theo quý", "Đã báo cáo năm 2023", "Tiếp tục thực hiện như năm 2024",
        "Theo số chính thức của Cục Thống kê", "Niên giám thống kê 2023",
        "Đã gửi hồ sơ thẩm định", "Trên 80% số xã", "Tăng như năm 2023",
        "Đạt 85% theo báo cáo của Sở Y tế", "Theo báo cáo của các địa phương đã hoàn thành 15 xã",
        "Đã triển khai trên địa bàn", "Báo cáo số 15/BC-SXD", "Theo tiến độ",
        "Kết quả đạt 75%, như năm 2023 và vượt kế hoạch", "Chưa thực hiện, như năm 2023",
        "Phối hợp theo đề nghị của Sở Xây dựng", "Đã có báo cáo", "Đã có văn bản", "Đã thực hiện",
        "Thực hiện tại 3 xã", "Đã hoàn thành trong quý I", "Có 15 văn bản",
        "Đã nêu trong dự thảo", "Có hồ sơ", "Chi tiết quy hoạch 1/500",
        "Cụ thể hóa tại Nghị quyết 12", "Như vậy đã hoàn thành",
        "Đã ban hành Báo cáo gửi UBND tỉnh", "Hoàn thành theo Quyết định số 12/QĐ-UBND",
        "Theo dõi thường xuyên", "Đã trình bày tại hội nghị", "Đã báo cáo trong tháng 6",
        "Đã gửi", "Đã gửi báo cáo", "đã gửi công văn số 12/SXD", "Hoàn thành ở 2 xã trên 8 xã",
        "Nhưng còn chậm", "Theo số liệu của Cục Thống kê, đạt 75%",
    ],
)  # fmt: skip
def test_an_answer_that_merely_has_such_words_is_an_answer(text: str) -> None:
    assert not points_elsewhere(text, RESULT)


@pytest.mark.parametrize("text", ["Theo Báo cáo số 12/BC-UBND", "Theo văn bản số 5 của Sở Y tế"])
def test_a_paper_alone_may_be_a_reason_but_no_result(text: str) -> None:
    assert points_elsewhere(text, RESULT)
    assert not points_elsewhere(text, EXPLANATION)
    assert not points_elsewhere(text, GROUNDS)


def test_a_long_answer_is_an_answer() -> None:
    assert not points_elsewhere("Xem báo cáo " + "số 12/BC-SXD và " * 8, RESULT)
