"""The Word renderer: a Report as a document in the format of Nghị định 30/2020/NĐ-CP.

Sizes, spacing, margins and the page number come from the style master, which an office may
edit in Word; the order of the parts, their labels and the lengths of the rules stand here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from khreport.dates import format_long_date
from khreport.edges.docx_lengths import fit_rule, measure_lines, measure_text
from khreport.edges.docx_master import Master, Style, open_master
from khreport.edges.docx_parts import (
    Element,
    end_table,
    make,
    make_columns,
    make_end,
    make_paragraph,
    make_rule,
    make_run,
    make_table,
)
from khreport.edges.store import write_atomically
from khreport.errors import KhreportError
from khreport.messages import quote
from khreport.quantities import lettered, roman
from khreport.report import (
    Appendix,
    Block,
    Chart,
    Heading,
    Letterhead,
    Paragraph,
    Report,
    Run,
    Slot,
    Table,
)

_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_END = "./."
_NATION_COLUMN_MM = 98  # the nation's name stays on one line at 13 pt: 95.7 mm
_ENCLOSURE_RULE_MM = 40
_SIGNATURE_LINES = 4
_PROMPT = 70
"""As many letters of what is to be written as a complaint quotes."""
_HEADINGS = (Style.HEADING_1, Style.HEADING_2, Style.HEADING_3)
_PARAGRAPHS = {
    "body": Style.BODY,
    "item": Style.ITEM,
    "basis": Style.BASIS,
    "note": Style.NOTE,
}


def write_report(report: Report, path: Path, master: Path | None = None) -> None:
    """Nothing; `path` holds the report as a Word document, the same bytes for the same report.

    `master` is a document with the styles of :class:`Style`, by default the shipped one.
    Raises KhreportError where a final report still has slots, where the master cannot be
    used, or where `path` cannot be written; what stood at `path` then stays.
    """
    if not report.draft:
        _refuse_slots(report.open_slots)
    opened = open_master(master)
    sections = list(_write_sections(opened, report))
    elements = []
    for content, landscape in sections[:-1]:
        content[-1][0].append(opened.end_section(landscape=landscape))
        elements += content
    content, landscape = sections[-1]
    elements += [*content, opened.end_section(landscape=landscape)]
    title = f"{report.kind or 'Công văn về'} {report.subject}".replace("\n", " ")
    write_atomically(path, opened.pack(elements, title, report.letterhead.date))


def _refuse_slots(slots: Sequence[Slot]) -> None:
    if slots:
        first = quote(slots[0].prompt, _PROMPT)
        more = f" và {len(slots) - 1} chỗ khác" if len(slots) > 1 else ""
        raise KhreportError(
            f"Báo cáo chính thức còn {len(slots)} chỗ cần bổ sung: “{first}”{more}. "
            "Hãy bổ sung rồi chạy lại, hoặc xuất bản dự thảo."
        )


def _write_sections(master: Master, report: Report) -> Iterator[tuple[list[Element], bool]]:
    """The elements of each section, the last one a paragraph, and whether it lies on its side."""
    width, _ = area = master.area_mm()
    body = _write_blocks(master, _close(report.body), area)
    body[-1][0].insert(1, make("keepNext"))  # so that the signature never stands alone on a page
    yield (
        [
            _write_letterhead(master, report, width),
            *(_write_title(master, report, width) if report.kind else ()),
            *_write_addressees(master, report.addressees),
            *body,
            _write_signature(master, report, width),
            make_end(master.style_id(Style.GAP)),
        ],
        False,
    )
    for number, appendix in enumerate(report.appendices, start=1):
        label = f"Phụ lục {roman(number)}" if len(report.appendices) > 1 else "Phụ lục"
        yield _write_appendix(master, report, appendix, label), appendix.landscape


def _write_title(master: Master, report: Report, width_mm: float) -> list[Element]:
    """What kind of document it is, and its subject beneath (PLI-P1-II.5)."""
    return [
        _write_line(master, Style.KIND, report.kind.upper()),
        _write_line(master, Style.SUBJECT, report.subject),
        _write_rule(master, Style.SUBJECT, report.subject, width_mm),
    ]


def _write_letterhead(master: Master, report: Report, width_mm: float) -> Element:
    """Nation and motto on the right, issuing body on the left; beneath them number and day.

    The subject of an official letter stands beneath its number (PLI-P1-II.5.b).
    """
    head = report.letterhead
    left_mm = width_mm - _NATION_COLUMN_MM
    issuer = head.issuer.upper()
    left = [] if head.superior is None else [head.superior.upper()]
    motto_mm = measure_text(_MOTTO, master.size_pt(Style.MOTTO))
    number = [_write_line(master, Style.NUMBER, f"Số: {_write_number(head)}")]
    if not report.kind:
        number.append(_write_line(master, Style.NUMBER, f"V/v {report.subject}"))
    if report.draft:
        number.append(_write_line(master, Style.DRAFT, "DỰ THẢO"))
    return make_columns(
        (left_mm, _NATION_COLUMN_MM),
        (
            [
                *(_write_line(master, Style.SUPERIOR, name) for name in left),
                _write_line(master, Style.ISSUER, issuer),
                _write_rule(master, Style.ISSUER, issuer, left_mm),
            ],
            [
                _write_line(master, Style.NATION, _NATION),
                _write_line(master, Style.MOTTO, _MOTTO),
                make_rule(master.style_id(Style.RULE), motto_mm, _NATION_COLUMN_MM),
            ],
        ),
        (number, [_write_line(master, Style.PLACE, f"{head.place}, {_write_day(head)}")]),
    )


def _write_number(head: Letterhead) -> str:
    """The number with a leading zero below ten, or room for it (PLI-P1-II.3)."""
    number = " " * 7 if head.number is None else f"{head.number:02d}"
    return f"{number}/{head.symbol}"


def _write_day(head: Letterhead) -> str:
    """The date in words, or room for its day."""
    written = format_long_date(head.date)
    return written.replace(f"{head.date.day:02d}", " " * 4, 1) if head.day_open else written


def _write_addressees(master: Master, addressees: Sequence[str]) -> list[Element]:
    """One addressee on the line of "Kính gửi", several on lines of their own (PLI-P1-II.9.d)."""
    if not addressees:
        return [_write_line(master, Style.GAP), _write_line(master, Style.GAP)]
    if len(addressees) == 1:
        return [_write_line(master, Style.ADDRESSEE, f"Kính gửi: {addressees[0]}.")]
    return [
        _write_line(master, Style.ADDRESSEES, "Kính gửi:"),
        *_write_list(master, Style.ADDRESSEE_ITEM, addressees),
        _write_line(master, Style.GAP),
    ]


def _write_list(master: Master, style: Style, texts: Sequence[str]) -> list[Element]:
    """Lines that begin with a dash and end with a semicolon, the last with a full stop."""
    ends = [";"] * (len(texts) - 1) + ["."]
    return [
        _write_line(master, style, f"- {text}{end}") for text, end in zip(texts, ends, strict=True)
    ]


def _close(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with the mark of the end: on the last paragraph, or on a line of its own."""
    if not blocks or not isinstance(blocks[-1], Paragraph) or not blocks[-1].runs:
        return [*blocks, Paragraph((Run(_END),))]
    *runs, run = blocks[-1].runs
    text = run.text.rstrip().removesuffix(_END).rstrip(".") + _END
    closing = (*runs, msgspec.structs.replace(run, text=text))
    return [*blocks[:-1], msgspec.structs.replace(blocks[-1], runs=closing)]


def _is_end(block: Block | None) -> bool:
    """Whether the block is the mark of the end on a line of its own."""
    return isinstance(block, Paragraph) and block.runs == (Run(_END),)


def _write_blocks(
    master: Master, blocks: Sequence[Block], area_mm: tuple[float, float]
) -> list[Element]:
    """The blocks in order, headings with their labels."""
    elements = []
    counts = [0, 0, 0]
    followers = (*blocks[1:], None)
    for block, follower in zip(blocks, followers, strict=True):
        match block:
            case Heading(level=level, text=text):
                counts[level - 1] += 1
                counts[level:] = [0] * (3 - level)
                heading = _label_heading(level, counts[level - 1], text)
                elements.append(_write_line(master, _HEADINGS[level - 1], heading))
            case Paragraph(runs=runs, style=style, comment=comment):
                dash = (Run("- "),) if style == "item" else ()
                style_id = master.style_id(_PARAGRAPHS[style])
                opens = isinstance(follower, Table) or (
                    follower is not None and bool(runs) and runs[-1].text.rstrip().endswith(":")
                )
                elements.append(make_paragraph(style_id, *dash, *runs, keep_next=opens))
                master.comments.attach(elements[-1], comment)
            case Slot(prompt=prompt):
                mark = make_run(Run(f"[{prompt}: cần bổ sung]"), marked=True)
                elements.append(make_paragraph(master.style_id(Style.SLOT), mark))
            case Table():
                table = _write_table(master, block, area_mm)
                master.comments.attach_rows(table, block.comments)
                if _is_end(follower):
                    end_table(table, _write_line(master, Style.BODY, _END))
                    return [*elements, table, make_end(master.style_id(Style.GAP))]
                # two tables that touch would become one
                elements += [table, _write_line(master, Style.GAP)]
            case Chart():
                ends = _is_end(follower)
                elements += _write_chart(master, block, area_mm[0], keep_next=ends)
    return elements


def _label_heading(level: int, number: int, text: str) -> str:
    """The heading with "I.", "1." or "a)", the last in Vietnamese letters (PLI-P1-II.6.đ)."""
    if level == 1:
        return f"{roman(number)}. {text.upper()}"
    if level == 2:  # noqa: PLR2004 - the levels have no other names
        return f"{number}. {text}"
    return f"{lettered(number)}) {text}"


def _write_table(master: Master, table: Table, area_mm: tuple[float, float]) -> Element:
    return make_table(
        table,
        [master.style_id(s) for s in (Style.TABLE_HEADER, Style.TABLE_CELL, Style.TABLE_BAND)],
        size_pt=master.size_pt(Style.TABLE_CELL),
        area_mm=area_mm,
    )


def _write_chart(
    master: Master, chart: Chart, width_mm: float, *, keep_next: bool
) -> list[Element]:
    """The chart and beneath it, on the same page, its caption."""
    drawn, label = master.charts.draw(chart, width_mm)
    style = master.style_id(Style.BODY)

    def centre(content: Run | Element, *, keep: bool) -> Element:
        layout = [make("ind", firstLine=0), make("jc", val="center")]
        return make_paragraph(style, content, keep_next=keep, layout=layout)

    picture = centre(drawn, keep=True)
    caption = centre(Run(f"{label}. {chart.caption}"), keep=keep_next)
    master.comments.attach(caption, chart.comment)
    return [picture, caption]


def _write_signature(master: Master, report: Report, width_mm: float) -> Element:
    """Where copies go on the left, who signs on the right, in one row that never splits."""
    signature = report.signature
    return make_columns(
        (width_mm / 2, width_mm / 2),
        (
            [
                _write_line(master, Style.RECIPIENTS, "Nơi nhận:"),
                *_write_list(master, Style.RECIPIENT, report.recipients),
            ],
            [
                *(_write_line(master, Style.SIGNATORY, line.upper()) for line in signature.lines),
                *(_write_line(master, Style.SIGNATORY) for _ in range(_SIGNATURE_LINES)),
                _write_line(master, Style.SIGNATORY, signature.name),
            ],
        ),
    )


def _write_appendix(
    master: Master, report: Report, appendix: Appendix, label: str
) -> list[Element]:
    """The appendix under its label, its title, and the document that it goes with."""
    head = report.letterhead
    issuer = head.issuer.replace("\n", " ")
    kind = (report.kind or "Công văn").capitalize()
    document = f"{kind} số {_write_number(head)} {_write_day(head)}"
    area = width, _ = master.area_mm(landscape=appendix.landscape)
    return [
        _write_line(master, Style.APPENDIX, label),
        _write_line(master, Style.APPENDIX_TITLE, appendix.title.upper()),
        _write_line(master, Style.ENCLOSURE, f"(Kèm theo {document} của {issuer})"),
        make_rule(master.style_id(Style.RULE), _ENCLOSURE_RULE_MM, width),
        _write_line(master, Style.GAP),
        *_write_blocks(master, _close(appendix.blocks), area),
    ]


def _write_line(master: Master, style: Style, text: str = "") -> Element:
    """A paragraph of one run, or of none."""
    return make_paragraph(master.style_id(style), *([Run(text)] if text else []))


def _write_rule(master: Master, style: Style, text: str, width_mm: float) -> Element:
    """The rule beneath a text of that style in the middle of `width_mm` (PLI-P1-II.2.b, 5.b)."""
    room = width_mm - master.indents_mm(style)
    length = fit_rule(measure_lines(text, master.size_pt(style), room))
    return make_rule(master.style_id(Style.RULE), length, width_mm)
