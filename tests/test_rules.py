"""Every shipped card proves itself; cards and forms that contradict themselves are told where."""

from __future__ import annotations

from typing import get_args

import pytest

from khreport.checks.form_rules import form_rules
from khreport.checks.prove import find_in_examples, sentence
from khreport.checks.rule_table import rule_table
from khreport.edges.shipped import load_forms, load_rules, shipped_files
from khreport.errors import PlanError
from khreport.parse.forms import parse_form, parse_form_files
from khreport.parse.rules import parse_rule_files, parse_rules
from khreport.rules import Kind, Rule

FORMS = load_forms()
FORM = {form.key: form for form in FORMS}
RULES = load_rules(FORMS)
CARD = {rule.id: rule for rule in RULES}


def faults(rule: Rule) -> list[tuple[str, str, int]]:
    """Rule, column and example (0 good, 1 bad) of all that all rules find in a card's examples."""
    form = FORM[rule.form]
    return find_in_examples(rule, form, [*form_rules(form), *RULES])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_good_example_is_clean_and_the_bad_one_breaks_this_rule_alone(rule: Rule) -> None:
    assert faults(rule) == [(rule.id, rule.column, 1)]


def test_the_cards_cover_every_sheet_and_every_kind_that_no_form_declares() -> None:
    assert {rule.form for rule in RULES} == set(FORM)
    assert {rule.kind for rule in RULES} == {*get_args(Kind)} - {"max_length"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_finding_reads_in_at_most_200_characters(rule: Rule) -> None:
    for each in rule.spread():
        said = sentence(each, FORM[rule.form])
        assert len(said) <= 200, said


def test_few_cells_are_required_of_a_recurrent_task() -> None:
    required = {
        rule.id
        for rule in RULES
        if rule.form == "PL2"
        and rule.kind == "required"
        and rule.severity == "error"
        and (not rule.kinds or "recurrent" in rule.kinds)
        and "carried_out" in rule.when.get("status", ("carried_out",))
        and "*" not in str(rule.when)
    }
    assert required == {"PL2-01", "PL2-05"}


def test_lengths_bounds_and_fields_of_a_form_become_rules_of_their_own() -> None:
    derived = {(rule.id, rule.column, rule.limit) for rule in form_rules(FORM["PL2"])}
    assert {
        ("form.max_length", "result", 1500),
        ("form.max_length", "task", 900),
        ("form.minimum", "percent", 0),
        ("form.maximum", "percent", 100),
    } <= derived
    [required] = [rule for rule in form_rules(FORM["BIA"]) if rule.kind == "required"]
    assert required.rows == ("prepared_by", "phone")


def test_the_table_of_rules_speaks_in_headings_and_labels() -> None:
    line = next(line for line in rule_table(RULES, FORMS) if line.id == "PL2-33")
    assert line == (
        "PL2-33",
        "Phụ lục II",
        "Tỷ lệ hoàn thành (%)",
        "Phải sửa",
        "“Tình trạng” là “Hoàn thành”",
        "Tình trạng là “Hoàn thành” nhưng tỷ lệ chỉ …%.",
        "Ghi 100 hoặc để trống, hoặc chọn “Đang thực hiện”.",
        "Logic của biểu: hai ô nói ngược nhau.",
    )


def test_the_table_of_rules_says_when_in_words() -> None:
    when = {line.id: line.when for line in rule_table(RULES, FORMS)}
    assert when["PL2-02"] == (
        "mốc tiến độ; “Tình trạng” của nhiệm vụ là “Đã trình, chờ phê duyệt” hoặc “Đang thực hiện” "
        "hoặc “Chưa thực hiện”; đã đến hạn, tính đến ngày chốt số liệu hoặc đến hạn trong kỳ báo "
        "cáo, sau ngày chốt số liệu"
    )
    assert when["PL2-12"] == "“Kiến nghị, đề xuất” đã điền"
    assert when["CT-30"] == "“Giải trình, ghi chú” để trống"
    assert when["PL2-42"] == "mọi dòng"
    assert not [text for text in when.values() if "_" in text or "." in text]


def test_no_sentence_speaks_in_keys_or_codes() -> None:
    codes = {c.code for form in FORMS for choices in form.lists for c in choices.choices}
    keys = {column.key for form in FORMS for column in form.columns}
    told = {
        (line.id, word)
        for line in rule_table(RULES, FORMS)
        for part in line[1:]
        for word in part.replace("“", " ").replace("”", " ").split()
        if word in (codes | keys) or "{" in word
    }
    assert told == set()


CARD_TEXT = """\
[[rules]]
id = "VB-01"
kind = "required"
form = "VB"
columns = ["symbol"]
severity = "error"
when = { "row.begun" = ["yes"] }
message = "Văn bản chưa có số, ký hiệu."
fix = "Ghi số, ký hiệu, ví dụ {example}."
basis = "Logic của biểu."
good = { symbol = "12/KH-SXD", abstract = "Kế hoạch" }
bad = { symbol = "" }

[[rules]]
id = "PL2-04"
kind = "not_after"
form = "PL2"
columns = ["completed_on"]
severity = "error"
when = { status = ["completed"] }
limit = "period.end"
message = "Ngày {value} sau {limit}."
fix = "Sửa lại ngày."
basis = "Kỳ báo cáo."
[rules.good]
kind = "dated"
status = "completed"
completed_on = 2024-06-28
[rules.bad]
completed_on = 2025-06-28
"""


def test_a_day_in_a_card_is_kept_as_text_so_that_it_can_be_frozen() -> None:
    rule = parse_rules(CARD_TEXT, "a.toml", FORMS)[1]
    assert rule.good["completed_on"] == "2024-06-28"


def refuse(old: str, new: str) -> str:
    """What is said of the cards above with one passage changed."""
    assert old in CARD_TEXT
    with pytest.raises(PlanError) as caught:
        parse_rules(CARD_TEXT.replace(old, new), "phu-luc-2.toml", FORMS)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "line", "complaint"),
    [
        ('"not_after"', '"not_aftr"', 16, "mục “kind” không nhận “not_aftr”. Có phải “not_after”?"),
        ('form = "PL2"', 'form = "PL3"', 17, "không có biểu “PL3”. Có phải “PL2”?"),
        (
            '["completed_on"]',
            '["complete_on"]',
            18,
            "không có cột “complete_on”. Có phải “completed_on”?",
        ),
        (
            'status = ["completed"]',
            'status = ["complete"]',
            20,
            "không có giá trị của “status” “complete”. Có phải “completed”?",
        ),
        ("{ status", "{ staus", 20, "không có cột “staus”. Có phải “status”?"),
        ('"period.end"', '"period.and"', 21, "không có ngày “period.and”. Có phải “period.end”?"),
        ("{limit}", "{limits}", 22, "không có chỗ thay trong câu “limits”. Có phải “limit”?"),
        (
            'severity = "error"\nwhen = { st',
            'severity = "fatal"\nwhen = { st',
            19,
            "mục “severity” không nhận “fatal”. Chỉ dùng: error, warning, note.",
        ),
        ('basis = "Kỳ', 'bases = "Kỳ', 24, "không có mục “bases”. Có phải “basis”?"),
        ('status = "completed"', 'status = "x"', 25, "không có giá trị của “status” “x”."),
    ],
)
def test_an_unknown_word_is_told_with_its_line_and_the_nearest_known(
    old: str, new: str, line: int, complaint: str
) -> None:
    told = refuse(old, new)
    assert told.startswith(f"phu-luc-2.toml, dòng {line} (quy tắc PL2-04): {complaint}")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            'limit = "period.end"',
            "",
            "dòng 14 (quy tắc PL2-04): loại “not_after” cần giới hạn (limit).",
        ),
        (
            "{limit}",
            "{missing}",
            "dòng 22 (quy tắc PL2-04): quy tắc này không có gì để thay vào {missing}.",
        ),
        ('basis = "Kỳ báo cáo."', "", "dòng 14 (quy tắc PL2-04): thiếu mục “basis”."),
        (
            'columns = ["completed_on"]',
            'columns = "completed_on"',
            "dòng 18 (quy tắc PL2-04): mục “columns” phải là danh sách trong ngoặc vuông.",
        ),
        (
            'columns = ["completed_on"]',
            'columns = ["result"]',
            "dòng 18 (quy tắc PL2-04): loại “not_after” không dùng cho cột “result” (kiểu text).",
        ),
        (
            'columns = ["completed_on"]',
            'columns = ["completed_on", "completed_on"]',
            "dòng 18 (quy tắc PL2-04): ghi ít nhất một cột, mỗi cột một lần.",
        ),
        (
            "[rules.bad]\ncompleted_on = 2025-06-28\n",
            "",
            (
                "dòng 14 (quy tắc PL2-04): thiếu ví dụ “bad”. "
                "Mỗi quy tắc cần một ví dụ đúng và một ví dụ sai."
            ),
        ),
        (
            'id = "PL2-04"',
            'id = "VB-01"',
            "dòng 15 (quy tắc VB-01): mã “VB-01” đã dùng cho quy tắc khác. Đặt mã khác.",
        ),
        (
            'fix = "Sửa lại ngày."',
            'fix = "Sửa lại ngày.',
            (
                "dòng 23: không đọc được. Kiểm tra dấu nháy, dấu ngoặc và dấu bằng ở dòng này "
                "và dòng ngay trên."
            ),
        ),
    ],
)
def test_a_card_that_contradicts_itself_is_told_with_its_line(
    old: str, new: str, complaint: str
) -> None:
    assert refuse(old, new) == f"phu-luc-2.toml, {complaint}"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"PL2-04"', '"PL2 04"', "mã chỉ gồm chữ, số, dấu chấm, gạch nối"),
        ('fix = "Sửa lại ngày."', 'fix = " "', "mục “fix” đang trống"),
        ("{value}", "{value:d}", "trong dấu ngoặc nhọn chỉ ghi tên, ví dụ {value}."),
        ("{value}", "{value!r}", "trong dấu ngoặc nhọn chỉ ghi tên, ví dụ {value}."),
        ('kind = "not_after"', 'rows = ["a"]\nkind = "not_after"', "không có dòng đặt tên"),
        (
            '{ "row.begun" = ["yes"] }',
            '{ "row.begun" = ["*"] }',
            "không có giá trị của “row.begun”",
        ),
        (
            '{ status = ["completed"] }',
            '{ "indicator.measure" = ["share"] }',
            "không có cột “indicator.measure”",
        ),
    ],
)
def test_a_card_that_would_fail_later_is_refused_as_it_is_read(
    old: str, new: str, complaint: str
) -> None:
    assert complaint in refuse(old, new)


@pytest.mark.parametrize("limit", ["nan", "inf", "1e400"])
def test_a_limit_is_a_number_that_can_be_frozen(limit: str) -> None:
    text = shipped_files("validation")["phu-luc-2.toml"]
    assert "\nlimit = 100\n" in text
    with pytest.raises(PlanError, match="giới hạn phải là một số cụ thể, ví dụ 100"):
        parse_rules(text.replace("\nlimit = 100\n", f"\nlimit = {limit}\n", 1), "a.toml", FORMS)


def test_two_files_may_not_share_an_id() -> None:
    with pytest.raises(PlanError, match=r"b\.toml, dòng 2 .*mã “VB-01” đã dùng ở tệp khác"):
        parse_rule_files({"a.toml": CARD_TEXT, "b.toml": CARD_TEXT}, FORMS)


def test_a_file_without_cards_says_how_a_card_begins() -> None:
    with pytest.raises(PlanError, match=r"a\.toml, dòng 1: chưa có quy tắc nào"):
        parse_rules("", "a.toml", FORMS)
    with pytest.raises(PlanError, match=r"a\.toml, dòng 1: viết “rules” thành các khối"):
        parse_rules("rules = 5", "a.toml", FORMS)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            '{ "*" = "assessment" }',
            '{ "*" = "assesment" }',
            " (cột status): không có danh sách “assesment”. Có phải “assessment”?",
        ),
        (
            '{ "*" = "assessment" }',
            '{ "targt" = "assessment" }',
            " (cột status): không có loại dòng “targt”. Có phải “target”?",
        ),
        (
            'type = "choice"',
            'type = "chioce"',
            " (cột status): mục “type” không nhận “chioce”. Có phải “choice”?",
        ),
        (
            'type = "date"',
            'max_length = 5\ntype = "date"',
            " (cột report_date): chỉ cột chữ có độ dài tối đa (max_length).",
        ),
        ('key = "causes"', 'key = "result"', " (cột result): mã “result” đã dùng. Đặt mã khác."),
        ('rows = "tasks"', 'rows = "records"', ": biểu danh mục cần ghi số dòng (records)."),
    ],
)
def test_a_faulty_form_is_told_with_file_and_line(old: str, new: str, complaint: str) -> None:
    text = shipped_files("templates/xlsx")["3-phu-luc-1.toml"]
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(PlanError) as caught:
        parse_form(text.replace(old, new, 1), "phu-luc-1.toml")
    assert str(caught.value) == f"phu-luc-1.toml, dòng {line}{complaint}"


def test_two_forms_may_not_share_a_key_or_a_sheet() -> None:
    text = shipped_files("templates/xlsx")["6-van-ban.toml"]
    with pytest.raises(PlanError, match=r"b\.toml, dòng 2: “VB” đã dùng cho biểu khác"):
        parse_form_files({"a.toml": text, "b.toml": text})


def test_a_computed_column_names_two_columns_of_numbers() -> None:
    text = shipped_files("templates/xlsx")["2-chi-tieu.toml"]
    with pytest.raises(PlanError, match=r"\(cột ratio\): không có cột số “estimate”"):
        parse_form(text.replace('of = "estimate_year"', 'of = "estimate"', 1), "ct.toml")
