"""What ``khreport trace`` takes and prints."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from khreport.cli_output import CLEAN, print_json

if TYPE_CHECKING:
    from khreport.evidence import Ground, Record, Source
    from khreport.verbs.trace import Trace

_MOST_LETTERS = 80


def add_trace(trace: argparse.ArgumentParser) -> None:
    """The parser takes what ``khreport trace`` takes."""
    trace.add_argument("folder", metavar="THƯ_MỤC", type=Path)
    trace.add_argument(
        "id",
        metavar="MÃ",
        nargs="?",
        default="",
        help="mã nhiệm vụ, chỉ tiêu, số liệu (ví dụ PL2.III.4, tasks.PL2.dated), hoặc một giá trị "
        "(56,7), tên cơ quan, từ ngữ (quá hạn) để tìm mã; bỏ trống: kê các số đếm trong báo cáo",
    )


def run_trace(options: argparse.Namespace) -> int:
    """``khreport trace``."""
    from khreport.edges.folder import open_campaign
    from khreport.verbs.trace import trace

    found = trace(open_campaign(options.folder), options.id)
    if options.json:
        print_json(trace_as_json(found))
    else:
        print("\n".join(_list_lines(found)))
    return CLEAN


def trace_as_json(found: Trace) -> dict[str, Any]:
    """A trace for other programs."""
    return {
        "id": found.id,
        "report": found.report or None,
        "current": found.current,
        "records": [
            {
                "id": record.id,
                "kind": record.kind,
                "words": record.words,
                "value": record.value,
                "places": list(record.places),
                "rows": [_ground_as_json(ground) for ground in record.grounds],
            }
            for record in found.records
        ],
    }


def _ground_as_json(ground: Ground) -> dict[str, Any]:
    return {
        "row": ground.row,
        "words": ground.words,
        "basis": ground.basis or None,
        "cells": [
            {
                "agency": source.agency or None,
                "name": source.name,
                "edited": not source.agency,
                "column": source.column or None,
                "heading": source.heading,
                "value": source.value,
                "file": source.file,
                "sha256": source.digest,
                "sheet": source.sheet or None,
                "cell": source.cell or None,
                "received_at": source.received_at,
            }
            for source in ground.sources
        ],
    }


def _list_lines(found: Trace) -> Iterator[str]:
    if found.report and not found.current:
        yield (
            f"CHÚ Ý: sau khi viết {found.report} đã có thay đổi (tổng hợp lại hoặc biên tập). "
            "Số liệu dưới đây là số mới, có thể khác trong tệp đó."
        )
        yield "Để báo cáo có số mới, chạy lại: khreport report THƯ_MỤC"
        yield ""
    if found.listed and len(found.records) > 1:
        for record in found.records:
            value = " ".join(record.value.split())
            yield f"{record.words}: {value[:_MOST_LETTERS]}  (mã {record.id})"
        yield f"Xem nguồn của một số: khreport trace THƯ_MỤC MÃ, ví dụ {found.records[0].id}"
        return
    for record in found.records:
        yield from _list_record(record)


def _list_record(record: Record) -> Iterator[str]:
    yield f"{record.words}: {record.value}"
    yield f"  Mã: {record.id}"
    for place in record.places:
        yield f"  Trong báo cáo: {place}"
    for ground in record.grounds:
        basis = f" ({ground.basis})" if ground.basis and ground.basis != record.value else ""
        yield f"  ← {ground.words}{basis}"
        for source in ground.sources:
            yield f"      {_tell_source(source)}"
    yield ""


def _tell_source(source: Source) -> str:
    came = f", nhận {source.received_at:%H:%M %d/%m/%Y}" if source.received_at else ""
    value = " ".join(source.value.split())
    return f"{source.name}: {source.heading}: “{value}” ← {source.place}{came}"
