"""The plan of Quyết định 1165/QĐ-UBND, held against the decision's own words."""

# ruff: noqa: E501  # the decision's paragraphs stand whole, to be compared by eye
from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections import Counter

import pytest

from khreport.agencies import Agency, Group
from khreport.edges.shipped import load_plan
from khreport.parse.plan import export_plan
from khreport.plan import Plan, Section, Task

# Part II of the Kế hoạch as recognised, by line; the paragraph of line 93 goes on in line 95.
PARAGRAPHS = {
    89: "Tăng trưởng GRDP đạt mức 7,1%/năm; tăng trưởng năng suất lao động đạt mức 6,1%/năm. Phấn đấu thu ngân sách hàng năm đạt và vượt dự toán ngân sách Trung ương giao. Tổng huy động vốn đầu tư toàn xã hội đạt 354 nghìn tỷ đồng. Tỷ lệ nghèo đa chiều giảm từ 1 - 1,5%/năm.",
    91: "Đến năm 2025, GRDP bình quân đầu người đạt 104 triệu đồng/người. Có 81,5% số xã đạt chuẩn nông thôn mới; 40,2% số xã đạt chuẩn nông thôn mới nâng cao; 10,9% số xã đạt chuẩn nông thôn mới kiểu mẫu. Tỷ lệ lao động phi nông nghiệp đạt 77,97%, trong đó khu vực nội thành đạt 85,5%. Tỷ lệ lao động qua đào tạo đạt 85%, trong đó có bằng cấp, chứng chỉ đạt 31%. Tỷ lệ che phủ rừng đạt 46,5%; tỷ lệ sử dụng nước sạch, nước hợp vệ sinh của dân cư thành thị, dân cư nông thôn đạt 70%; tỷ lệ chất thải rắn sinh hoạt được thu gom là 90% và xử lý tại khu chôn lấp hợp vệ sinh hoặc tại các nhà máy đốt, nhà máy chế biến rác thải là 80%.",
    93: "Đến năm 2025, tỷ lệ đô thị hóa đạt 65%; quy mô dân số đạt 1.276 nghìn người, trong đó quy mô dân số khu vực nội thành đạt 638 nghìn người; mật độ dân số khu vực nội thành tính trên diện tích đất xây dựng đô thị là 11.000 người/km² đất xây dựng đô thị;",
    95: "diện tích sàn nhà ở đô thị bình quân đạt 26,5 m²/người. Tỷ lệ đất giao thông so với đất xây dựng đô thị đạt 16%; tỷ lệ nước thải đô thị được xử lý đạt quy chuẩn kỹ thuật đạt 40%.",
    99: "Tốc độ tăng trưởng GRDP đạt mức 8,8%/năm; tăng trưởng năng suất lao động đạt mức 7,8%/năm. Phấn đấu thu ngân sách hàng năm đạt và vượt dự toán ngân sách Trung ương giao, từng bước tăng dần tỷ lệ điều tiết về ngân sách Trung ương. Tổng huy động vốn đầu tư toàn xã hội đạt 664 nghìn tỷ đồng.",
    101: "Đến năm 2030, GRDP bình quân đầu người đạt 189 triệu đồng/người. Tỷ lệ đô thị hóa đạt 70%. Tỷ lệ lao động phi nông nghiệp đạt 81,91%, trong đó khu vực nội thành đạt 87%. Tỷ lệ lao động qua đào tạo đạt 90%, trong đó có bằng cấp, chứng chỉ đạt 40%. Tỷ lệ che phủ rừng ổn định ở mức 46,5%; tỷ lệ sử dụng nước sạch, nước hợp vệ sinh của dân cư thành thị, dân cư nông thôn đạt 100%; tỷ lệ chất thải rắn sinh hoạt được thu gom là 100% và xử lý tại khu chôn lấp hợp vệ sinh hoặc tại các nhà máy đốt, nhà máy chế biến rác thải là 90%.",
    103: "Đến năm 2030, tỷ lệ đô thị hóa đạt 70%; quy mô dân số đạt 1.314 nghìn người, trong đó quy mô dân số khu vực nội thành đạt 723 nghìn người; mật độ dân số khu vực nội thành tính trên diện tích đất xây dựng đô thị là 12.000 người/km² đất xây dựng đô thị; diện tích sàn nhà ở đô thị bình quân đạt 26,5 m²/người; diện tích sàn nhà ở trung bình toàn tỉnh đạt khoảng 28,4 m²/người. Tỷ lệ đất giao thông so với đất xây dựng đô thị đạt 24%; tỷ lệ nước thải đô thị được xử lý đạt quy chuẩn kỹ thuật đạt 50%.",
}
REPEATED_IN_103 = "Tỷ lệ đô thị hóa đạt 70%."
TASK_LINES = {358: "PL2.III.5", 364: "PL2.III.8", 380: "PL2.III.20", 420: "PL2.IV.13"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan("qd1165")


def read_number(text: str) -> float:
    return float(text.replace(".", "").replace(",", "."))


def restore_scan(plan: Plan, row: Section | Task, column: str) -> str:
    value = getattr(row, column)
    cell = "\n".join(value) if isinstance(value, tuple) else str(value)
    for erratum in plan.errata:
        if (erratum.row, erratum.column) == (row.key, column):
            assert cell.count(erratum.corrected) == 1
            cell = cell.replace(erratum.corrected, erratum.scanned)
    return cell


def match_bodies(plan: Plan, wording: str) -> tuple[tuple[str, ...], str]:
    """The keys that a wording names, longest spelling first, and the letters left over."""
    bodies: list[Agency | Group] = [*plan.agencies, *plan.groups]
    spellings = {
        spelling.casefold(): body.key
        for body in bodies
        for spelling in (body.name, *body.spellings)
    }
    alternatives = "|".join(re.escape(s) for s in sorted(spellings, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")
    keys = [spellings[found] for found in pattern.findall(wording.casefold())]
    left = re.sub(r"(?<!\w)(?:và|các)(?!\w)|[\s,;]", "", pattern.sub("", wording.casefold()))
    return tuple(dict.fromkeys(keys)), left


def test_the_plan_names_its_decision(plan: Plan) -> None:
    assert plan.number == "1165/QĐ-UBND"
    assert plan.date == dt.date(2022, 4, 29)
    assert plan.issuer == "Ủy ban nhân dân tỉnh Khánh Hòa"
    assert plan.agency[plan.collector].name == "Sở Kế hoạch và Đầu tư"
    assert plan.appendix["PL1"].label == "Phụ lục I"
    assert plan.appendix["PL1"].headings[2] == "Cơ quan chủ trì theo dõi, đánh giá"
    assert plan.appendix["PL2"].headings == (
        "TT",
        "Nhiệm vụ và giải pháp thực hiện",
        "Cơ quan chủ trì",
        "Cơ quan phối hợp",
        "Tiến độ thực hiện",
        "Kết quả/Sản phẩm",
    )


def test_there_are_114_rows_numbered_afresh_in_each_section(plan: Plan) -> None:
    counts = {"PL1.I.a": 5, "PL1.I.b": 3, "PL1.I.c": 3, "PL2.I": 2, "PL2.II": 11, "PL2.III": 26}
    counts |= {"PL2.IV": 13, "PL2.V": 6, "PL2.VI": 3, "PL2.VII": 8, "PL2.VIII": 18}
    counts |= {"PL2.IX": 5, "PL2.X": 7, "PL2.XI": 4}
    expected = [f"{section}.{n}" for section, last in counts.items() for n in range(1, last + 1)]
    assert [task.key for task in plan.tasks] == expected
    assert len(expected) == 114
    assert all(task.key == f"{task.section}.{task.number}" for task in plan.tasks)


def test_sections_are_read_in_order_and_split_numerals_are_joined(plan: Plan) -> None:
    assert [section.key for section in plan.sections][:4] == [
        "PL1.I",
        "PL1.I.a",
        "PL1.I.b",
        "PL1.I.c",
    ]
    assert [section.number for section in plan.sections][4:] == (
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI"]
    )
    assert plan.section["PL1.I.c"].title == "Về tài nguyên, môi trường và phát triển bền vững:"
    assert [section.level for section in plan.sections][:2] == [1, 2]


def test_25_rows_are_dated_and_the_others_recurrent(plan: Plan) -> None:
    kinds = Counter((task.appendix, task.kind) for task in plan.tasks)
    assert kinds == {("PL1", "recurrent"): 11, ("PL2", "dated"): 25, ("PL2", "recurrent"): 78}


def test_17_wordings_of_the_deadline_column_are_read(plan: Plan) -> None:
    wordings = Counter(task.deadline_text for task in plan.tasks if task.appendix == "PL2")
    assert len(wordings) == 17
    assert wordings["Thường xuyên"] == 51
    assert wordings["Nhiệm vụ thường xuyên"] == 24


@pytest.mark.parametrize(
    ("task", "start", "due"),
    [
        ("PL2.II.1", None, "2022-06-30"),
        ("PL2.II.4", None, "2022-12-31"),
        ("PL2.II.6", None, "2023-12-31"),
        ("PL2.II.7", None, "2025-12-31"),
        ("PL2.II.9", None, "2022-05-31"),
        ("PL2.II.11", "2022-01-01", "2030-12-31"),
        ("PL2.III.14", "2022-01-01", "2023-12-31"),
        ("PL2.IV.1", "2022-01-01", "2025-12-31"),
        ("PL2.VII.5", "2022-11-01", None),
        ("PL2.X.4", None, "2022-05-14"),
        ("PL2.XI.2", None, None),
    ],
)
def test_deadlines_become_days(plan: Plan, task: str, start: str | None, due: str | None) -> None:
    deadline = plan.task[task].deadline
    assert deadline.start == (dt.date.fromisoformat(start) if start else None)
    assert deadline.due == (dt.date.fromisoformat(due) if due else None)


def test_three_rows_have_milestones(plan: Plan) -> None:
    steps = {
        task.key: [(m.key, m.due.isoformat()) for m in task.deadline.milestones]
        for task in plan.tasks
        if task.deadline.milestones
    }
    assert steps == {
        "PL2.II.10": [("m1", "2023-03-31"), ("m2", "2028-12-31")],
        "PL2.IV.11": [("m1", "2023-12-31"), ("m2", "2026-12-31")],
        "PL2.VIII.6": [("m1", "2022-05-14"), ("m2", "2025-12-31")],
    }
    assert plan.task["PL2.II.10"].deadline.milestones[0].text == "Quý I/2023 báo cáo Tỉnh ủy"


def test_a_row_cut_by_a_page_break_is_whole(plan: Plan) -> None:
    assert plan.task["PL2.III.7"].text == (
        "Đẩy mạnh xã hội hóa công tác ứng dụng khoa học, công nghệ vào sản xuất, bảo quản, chế"
        " biến và lưu thông lương thực, thực phẩm. Ưu tiên nghiên cứu, chọn tạo và ứng dụng các"
        " loại giống năng suất cao, chất lượng tốt, giống cây trồng sử dụng ít nước, chịu được"
        " ngập úng, hạn nhằm nâng cao năng suất, chất lượng cây trồng, vật nuôi. Xây dựng, hoàn"
        " thiện và áp dụng hệ thống quy chuẩn, tiêu chuẩn chất lượng; đẩy mạnh đăng ký và bảo hộ"
        " nhãn hiệu sản phẩm, chỉ dẫn địa lý."
    )
    assert plan.task["PL2.III.7"].products == (
        "Kế hoạch triển khai thực hiện",
        "Báo cáo định kỳ hàng năm",
    )
    assert plan.task["PL2.IV.1"].lead_text == "Sở Giao thông Vận tải"
    assert plan.task["PL2.VIII.18"].deadline_text == "Thường xuyên"


def test_the_last_row_is_whole(plan: Plan) -> None:
    last = plan.tasks[-1]
    assert last.key == "PL2.XI.4"
    assert last.text.endswith("xác định vị trí việc làm làm cơ sở tinh giản và đánh giá kết quả"
                              " thực hiện nhiệm vụ.")  # fmt: skip
    assert last.coordinating_text == (
        "Các sở, ban, ngành; UBND các huyện, thị xã, thành phố; các đơn vị sự nghiệp công lập"
    )
    assert last.products == ("Kế hoạch triển khai thực hiện", "Báo cáo định kỳ hàng năm")
    assert last.source == "001:510"


def test_the_long_deadline_of_row_iv_11_stands_as_worded(plan: Plan) -> None:
    task = plan.task["PL2.IV.11"]
    assert task.deadline_text == (
        "Thời gian hoàn thành Dự án Xây dựng Đập ngăn mặn trên sông Cái Nha Trang là năm 2023;"
        " Dự án Phát triển tích hợp thích ứng – Tiểu dự án tỉnh Khánh Hòa là năm 2026"
    )
    assert task.leads == ("bqldapt",)
    assert task.products == ("Các Dự án hoàn thành",)


def test_paragraphs_and_bullets_inside_a_cell_are_kept(plan: Plan) -> None:
    assert len(plan.task["PL2.VII.1"].text.split("\n")) == 2
    assert len(plan.task["PL2.XI.1"].text.split("\n")) == 3
    assert [line[:13] for line in plan.task["PL2.VII.5"].text.split("\n")] == [
        "- Tiếp tục rà",
        "- Triển khai ",
    ]
    assert plan.task["PL2.I.2"].products[1] == (
        "Tin, bài, ảnh, phóng sự trên các chuyên trang, chuyên mục của các cơ quan báo chí,"
        " cổng/trang thông tin điện tử, trang mạng xã hội"
    )


def test_no_text_holds_remnants_of_the_scan(plan: Plan) -> None:
    exported = json.dumps(export_plan(plan), ensure_ascii=False)
    assert unicodedata.is_normalized("NFC", exported)
    for remnant in ("<", ">", "  ", " ;", " ,", "\\t", "\u00a0"):
        assert remnant not in exported, remnant
    for product in (product for task in plan.tasks for product in task.products):
        assert product[0].isupper()
        assert product[-1] not in ".;"


def test_every_letter_of_lead_and_coordinating_wordings_is_accounted_for(plan: Plan) -> None:
    for task in plan.tasks:
        assert match_bodies(plan, task.lead_text) == (task.leads, ""), task.key
        assert match_bodies(plan, task.coordinating_text) == (task.coordinating, ""), task.key


def test_commas_inside_names_and_groups_do_not_split_them(plan: Plan) -> None:
    assert plan.task["PL2.VIII.3"].leads == ("sldtbxh",)
    assert plan.task["PL2.III.4"].leads == ("sct", "bqlkktvp")
    assert plan.task["PL2.X.3"].leads == ("bchqs", "@so-ban-nganh", "@ubnd-cap-huyen")
    assert plan.task["PL2.VII.8"].coordinating[1:6] == ("skhdt", "sxd", "stnmt", "stc", "cucthue")


def test_what_the_scan_lost_is_not_invented(plan: Plan) -> None:
    task = plan.task["PL2.III.20"]
    assert task.coordinating_text.endswith("UBND huyện Cam Lâm, UBND")
    assert task.coordinating[-1] == "@ubnd-mat-chu"
    assert plan.members("@ubnd-mat-chu") == ()
    unresolved = [(e.row, e.column) for e in plan.errata if e.confidence == "unresolved"]
    assert unresolved == [("PL2.III.20", "coordinating_text"), ("PL2.XI.1", "text")]


def test_groups_have_the_bodies_that_the_sources_name(plan: Plan) -> None:
    assert len(plan.members("@so-ban-nganh")) == 21
    districts = plan.members("@ubnd-cap-huyen")
    assert len(districts) == 9
    assert all(plan.agency[key].kind == "district" for key in districts)
    assert all(group.assumed.startswith("cần xác nhận") for group in plan.groups)


def test_rows_led_by_groups_or_ministries_say_who_answers(plan: Plan) -> None:
    assert {row.task: (row.mode, row.answering) for row in plan.group_rows} == {
        "PL2.I.1": ("all", ()),
        "PL2.II.7": ("all", ()),
        "PL2.II.8": ("representatives", ("sxd", "stnmt", "skhdt")),
        "PL2.IV.9": ("one", ("snnptnt",)),
        "PL2.VI.2": ("one", ("skhdt",)),
        "PL2.VII.1": ("one", ("snv",)),
        "PL2.X.3": ("representatives", ("bchqs", "congan")),
        "PL2.XI.1": ("one", ("snv",)),
        "PL2.VIII.2": ("one", ("sgddt",)),
        "PL2.X.1": ("one", ("bchqs",)),
        "PL2.X.2": ("one", ("bchqs",)),
    }


def test_one_body_has_one_record_whatever_its_spelling(plan: Plan) -> None:
    assert plan.task["PL2.II.3"].leads == plan.task["PL2.III.24"].leads == ("bqlkktvp",)
    assert plan.task["PL2.IV.2"].coordinating[2] == plan.task["PL2.IV.3"].leads[0] == "sgtvt"
    ministries = {agency.key for agency in plan.agencies if not agency.answers}
    assert ministries == {"bgddt", "bqp", "bgtvt", "bkhcn", "byt"}
    abbreviations = [agency.abbreviation for agency in plan.agencies]
    assert len(set(abbreviations)) == len(abbreviations) == 47
    assert all(re.fullmatch(r"[A-Z-]+", abbreviation) for abbreviation in abbreviations)


def test_errata_applied_backwards_give_the_scan_again(plan: Plan) -> None:
    task = plan.task["PL2.IX.1"]
    assert "Ngăn ngừa, kiểm soát" in task.text
    assert "Ngăn ngừnam, kiểm soát" in restore_scan(plan, task, "text")
    assert restore_scan(plan, plan.section["PL2.VIII"], "number") == "VI II"
    columns = {
        "PL1": ("number", "text", "lead_text", "coordinating_text", "products"),
        "PL2": ("number", "text", "lead_text", "coordinating_text", "deadline_text", "products"),
    }
    rows: list[Section | Task] = [*plan.sections, *plan.tasks]
    rows.sort(key=lambda row: int(row.source.removeprefix("001:")))
    words = []
    for row in rows:
        named = columns[row.appendix] if isinstance(row, Task) else ("number", "title")
        for column in named:
            scanned = re.findall(r"\w+", restore_scan(plan, row, column))
            words.append(f"{row.key} {column}: {' '.join(scanned)}")
    # Taken from the recognised text itself, by another parser, word for word.
    scan = "b2a2341a986602f264ae11cbd976f7cc760d4265c08e5e11b3b1ffc14a6fd6ad"
    assert hashlib.sha256("\n".join(words).encode()).hexdigest() == scan


def test_each_erratum_cites_a_passage(plan: Plan) -> None:
    assert len(plan.errata) == 26
    for erratum in plan.errata:
        assert re.match(r"00\d:\d+", erratum.evidence), erratum.row
        assert (erratum.scanned == erratum.corrected) == (erratum.confidence == "unresolved")


def test_every_target_quotes_its_source(plan: Plan) -> None:
    texts = PARAGRAPHS | {
        line: "\n".join((plan.task[key].text, *plan.task[key].products))
        for line, key in TASK_LINES.items()
    }
    for indicator in plan.indicators:
        for target in indicator.targets:
            assert target.wording in texts[int(target.source.removeprefix("001:"))]


@pytest.mark.parametrize("line", PARAGRAPHS)
def test_no_figure_of_part_ii_is_left_out(plan: Plan, line: int) -> None:
    text = re.sub(r"Đến năm \d{4}", "", PARAGRAPHS[line].replace(REPEATED_IN_103, ""))
    figures = Counter(read_number(found) for found in re.findall(r"\d+(?:[.,]\d+)*", text))
    values = Counter(
        value
        for indicator in plan.indicators
        for target in indicator.targets
        if target.source == f"001:{line}" and "dự toán" not in target.wording
        for value in (target.value, target.upper)
        if value is not None
    )
    assert values == figures


def test_growth_is_a_yearly_average_and_investment_a_total(plan: Plan) -> None:
    growth, later = plan.indicator["CT.grdp_growth"].targets
    assert (growth.first_year, growth.last_year, growth.basis) == (2021, 2025, "yearly_average")
    assert (growth.value, later.value) == (7.1, 8.8)
    investment = plan.indicator["CT.social_investment"]
    assert [(t.basis, t.value) for t in investment.targets] == [("total", 354), ("total", 664)]
    poverty = plan.indicator["CT.poverty_reduction"].targets[0]
    assert (poverty.comparator, poverty.value, poverty.upper) == ("range", 1, 1.5)
    budget = plan.indicator["CT.budget_revenue"].targets[0]
    assert (budget.comparator, budget.value) == ("at_least", 100)


def test_targets_inside_appendix_ii_are_indicators_of_their_row(plan: Plan) -> None:
    inside = {i.key: i for i in plan.indicators if (i.tracked_by or "").startswith("PL2")}
    assert {key: [t.value for t in i.targets] for key, i in inside.items()} == {
        "CT.industrial_occupancy": [70],
        "CT.ocop_three_stars": [200],
        "CT.ocop_five_stars": [3],
        "CT.visitors": [11, 15.4],
        "CT.visitors_international": [5, 8],
        "CT.visitors_domestic": [6, 7.4],
        "CT.digital_rank": [20],
    }
    assert inside["CT.ocop_three_stars"].targets[0].comparator == "at_least"
    assert inside["CT.visitors_domestic"].targets[1].comparator == "about"


def test_indicators_without_an_answering_agency_are_told(plan: Plan) -> None:
    assert len(plan.indicators) == 32
    unlinked = [indicator.key for indicator in plan.indicators if indicator.tracked_by is None]
    assert unlinked == ["CT.population", "CT.population_urban"]
    assert all(i.note for i in plan.indicators if i.link != "stated")


def test_duties_say_before_which_day(plan: Plan) -> None:
    days = {duty.key: (duty.before_month, duty.before_day) for duty in plan.duties}
    assert days == {"agencies": (12, 15), "collector": (12, 31), "half_year": (6, 15)}
    half_year = plan.duties[2]
    assert half_year.tasks == ("PL1.I.a.5",)
    assert half_year.assumed.startswith("cần xác nhận")
    assert plan.task["PL1.I.a.5"].products == ("Báo cáo định kỳ 6 tháng và hàng năm",)


def test_the_export_has_the_shape_that_scripts_rely_on(plan: Plan) -> None:
    exported = export_plan(plan)
    assert list(exported["tasks"][0]) == [
        "key",
        "appendix",
        "section",
        "number",
        "text",
        "lead_text",
        "leads",
        "coordinating_text",
        "coordinating",
        "deadline_text",
        "deadline",
        "products",
        "source",
    ]
    assert {"indicators", "agencies", "groups", "group_rows", "duties", "errata"} <= set(exported)
    assert exported["date"] == "2022-04-29"
    assert exported["indicators"][0]["targets"][0]["value"] == 7.1
