"""The evidence of a report as a workbook: figures lead to their rows, rows to their cells."""

from __future__ import annotations

from collections.abc import Iterator

from khreport.edition import Edition
from khreport.evidence import Evidence, Ground, Record, Source
from khreport.layout.table import FIRST_ROW, Linked, TableColumn, lay_out_table
from khreport.sheet import Book, Sheet, Value

RECORDS, ROWS, CELLS = "Số liệu", "Dòng", "Ô"
KINDS = {
    "count": "Số đếm",
    "value": "Giá trị",
    "quote": "Trích dẫn",
    "officer": "Người biên tập viết",
}
_MOST_PLACES = 5
_SIZE_PT = 9

RECORD_COLUMNS = (
    TableColumn("Mã", 30),
    TableColumn("Nội dung", 50),
    TableColumn("Loại", 12),
    TableColumn("Giá trị", 45),
    TableColumn("Căn cứ", 12),
    TableColumn("Chỗ nêu trong báo cáo", 60),
)
ROW_COLUMNS = (
    TableColumn("Mã số liệu", 30),
    TableColumn("Mã dòng", 22),
    TableColumn("Nội dung dòng", 60),
    TableColumn("Cách tính, căn cứ khác", 45),
    TableColumn("Ô đã đọc", 12),
)
CELL_COLUMNS = (
    TableColumn("Mã dòng", 22),
    TableColumn("Cơ quan", 26),
    TableColumn("Cột", 26),
    TableColumn("Giá trị", 50),
    TableColumn("Tệp", 30),
    TableColumn("Sheet", 14),
    TableColumn("Ô", 8),
    TableColumn("Nhận lúc", 16),
    TableColumn("Mã kiểm tra tệp (SHA-256)", 36),
)

Line = tuple[Value | Linked, ...]


def lay_out_evidence(edition: Edition, report: str, evidence: Evidence) -> Book:
    """The workbook that goes with the report of that file name."""
    records = list(evidence.records.values())
    places, cells = _place_cells(records)
    return Book(
        sheets=(
            _sheet(
                RECORDS, f"SỐ LIỆU, TRÍCH DẪN TRONG BÁO CÁO {edition.period.name.upper()}",
                f"Của tệp {report}. Bấm ở cột “Căn cứ” để xem các dòng, rồi các ô đã đọc. "
                'Tra một mã: khreport trace THƯ_MỤC "MÃ".',
                RECORD_COLUMNS, list(_list_records(records)),
            ),
            _sheet(
                ROWS, "CÁC DÒNG LÀM NÊN TỪNG SỐ LIỆU",
                "Bấm ở cột “Ô đã đọc” để xem từng ô; bấm mã số liệu để trở lại.",
                ROW_COLUMNS, list(_list_rows(records, places)),
            ),
            _sheet(
                CELLS, "CÁC Ô ĐÃ ĐỌC",
                "Mỗi dòng là một ô trong tệp cơ quan gửi, hoặc trong tệp biên tập.",
                CELL_COLUMNS, cells,
            ),
        ),
        title=f"Bằng chứng của báo cáo - {edition.period.name}",
    )  # fmt: skip


def _sheet(
    name: str, title: str, subtitle: str, columns: tuple[TableColumn, ...], rows: list[Line]
) -> Sheet:
    return lay_out_table(name, title, subtitle, columns, rows, size_pt=_SIZE_PT, fixed_columns=1)


def _at(sheet: str, row: int) -> str:
    return f"'{sheet}'!A{row + 1}"


def _place_cells(records: list[Record]) -> tuple[dict[tuple[Source, ...], int], list[Line]]:
    """Where the cells of each ground begin on their sheet, and the lines there."""
    places: dict[tuple[Source, ...], int] = {}
    lines: list[Line] = []
    for record in records:
        for ground in record.grounds:
            if ground.sources and ground.sources not in places:
                places[ground.sources] = FIRST_ROW + len(lines)
                lines += [_cell_line(ground.row, source) for source in ground.sources]
    return places, lines


def _cell_line(row: str, source: Source) -> Line:
    received = source.received_at
    return (
        row,
        source.name,
        source.heading,
        source.value,
        source.file,
        source.sheet or "(cả tệp)",
        source.cell,
        f"{received:%d/%m/%Y %H:%M}" if received else "",
        source.digest,
    )


def _list_records(records: list[Record]) -> Iterator[Line]:
    row = FIRST_ROW
    for record in records:
        more = len(record.places) - _MOST_PLACES
        told = [*record.places[:_MOST_PLACES], *([f"và {more} chỗ khác"] if more > 0 else ())]
        count = len(record.grounds)
        yield (
            record.id,
            record.words,
            KINDS[record.kind],
            record.value,
            Linked(f"{count} dòng", place=_at(ROWS, row)) if count else "",
            "\n".join(told),
        )
        row += count


def _list_rows(records: list[Record], places: dict[tuple[Source, ...], int]) -> Iterator[Line]:
    for number, record in enumerate(records):
        back = Linked(record.id, place=_at(RECORDS, FIRST_ROW + number))
        for ground in record.grounds:
            yield (back, ground.row, ground.words, ground.basis, _lead(ground, places))


def _lead(ground: Ground, places: dict[tuple[Source, ...], int]) -> Linked | str:
    if not ground.sources:
        return ""
    return Linked(f"{len(ground.sources)} ô", place=_at(CELLS, places[ground.sources]))
