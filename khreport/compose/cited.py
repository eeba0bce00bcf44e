"""Which evidence a report cites, where, and as comments in its margin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from khreport.evidence import Evidence, Record, Source
from khreport.report import Block, Chart, Heading, Paragraph, Report, Slot, Table
from khreport.text import begin_small

_LINES, _ROWS, _FILES, _CELLS = 6, 8, 3, 6
"""At most so many of each in a comment."""
_EXCERPT = 70


def cite_evidence(report: Report, evidence: Evidence) -> Evidence:
    """The records that the report cites, in its order, each with the places that cite it.

    Raises:
        KeyError: the report cites what is in no record.

    """
    places: dict[str, list[str]] = {}
    for place, figures in _list_places(report):
        for record in evidence.find(figures):
            places.setdefault(record.id, []).append(place)
    records = {
        id_: msgspec.structs.replace(evidence.records[id_], places=tuple(dict.fromkeys(found)))
        for id_, found in places.items()
    }
    return Evidence(records=records, rows=evidence.rows)


def _list_places(report: Report) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each paragraph and table row that cites something: its place in words, and the ids."""
    yield from _places_in(report.body, "Đầu báo cáo")
    for appendix in report.appendices:
        yield from _places_in(appendix.blocks, appendix.title)


def _places_in(blocks: Sequence[Block], title: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for block in blocks:
        if isinstance(block, Heading):
            title = block.text
        elif isinstance(block, Paragraph) and block.figures:
            text = "".join(run.text for run in block.runs)
            yield f"{title}: “{_excerpt(text)}”", block.figures
        elif isinstance(block, Chart) and block.figures:
            yield f"{title}: biểu đồ “{_excerpt(block.caption)}”", block.figures
        elif isinstance(block, Table):
            for row, figures in zip(block.rows, block.figures, strict=False):
                if figures:
                    yield f"{title}: bảng, dòng {row[0]} “{_excerpt(row[1])}”", figures


def _excerpt(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _EXCERPT else text[:_EXCERPT].rstrip() + "…"


def comment_report(report: Report, evidence: Evidence) -> Report:
    """The report with a comment on each paragraph and table row that cites something."""
    return msgspec.structs.replace(
        report,
        body=tuple(_comment(block, evidence) for block in report.body),
        appendices=tuple(
            msgspec.structs.replace(
                appendix, blocks=tuple(_comment(block, evidence) for block in appendix.blocks)
            )
            for appendix in report.appendices
        ),
    )


def _comment(block: Block, evidence: Evidence) -> Block:
    if isinstance(block, Heading | Slot):
        return block
    if isinstance(block, Paragraph | Chart):
        return msgspec.structs.replace(block, comment=_tell(evidence, block.figures))
    comments = tuple(_tell(evidence, figures) for figures in block.figures)
    return msgspec.structs.replace(block, comments=comments)


def _tell(evidence: Evidence, figures: tuple[str, ...]) -> str:
    return tell_records(evidence.find(figures)) if figures else ""


def tell_records(records: Sequence[Record]) -> str:
    """Records in a few lines: what is counted over which rows, then the files and cells."""
    counts = [record for record in records if record.kind == "count"]
    said = [record for record in counts if record.grounds] or counts
    lines = [_tell_count(record) for record in said[:_LINES]]
    if len(said) > _LINES:
        lines.append(f"và {len(said) - _LINES} số liệu khác.")
    bases = (
        ground.basis for record in records if record not in counts for ground in record.grounds
    )
    lines += [f"{basis}." for basis in dict.fromkeys(filter(None, bases))]
    sources = dict.fromkeys(source for record in records for source in record.sources)
    return "\n".join([*lines, *_tell_sources(sources)])


def _tell_count(record: Record) -> str:
    labels = [ground.label for ground in record.grounds]
    listed = ", ".join(labels[:_ROWS]) + ("…" if len(labels) > _ROWS else "")
    words = begin_small(record.words)
    told = f"{record.value} {words}: {listed}" if listed else f"{record.value} {words}"
    return f"{told} [{record.id}]"


def _tell_sources(sources: Iterable[Source]) -> list[str]:
    """The cells by file and sheet, or how many there are where that would be long."""
    cells: dict[tuple[str, str, str], list[str]] = {}
    for source in sources:
        cells.setdefault((source.name, source.file, source.sheet), []).append(source.cell)
    if not cells:
        return []
    if len(cells) > _FILES:
        found = [cell for places in cells.values() for cell in places if cell]
        read = f"{len(found)} ô" if found else f"{len(cells)} tệp"
        return [f"Nguồn: {len({name for name, _, _ in cells})} cơ quan, {read}."]
    lines = []
    for (name, file, sheet), found in cells.items():
        listed = ", ".join(found[:_CELLS]) + ("…" if len(found) > _CELLS else "")
        place = f"{file}, {sheet}!{listed}" if sheet else file
        lines.append(f"Nguồn: {name}, {place}.")
    return lines
