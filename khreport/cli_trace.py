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


def add_trace(trace: argparse.ArgumentParser) -> None:
    """The parser takes what ``khreport trace`` takes."""
    trace.add_argument("folder", metavar="THƯ_MỤC", type=Path)
    trace.add_argument(
        "id",
        metavar="MÃ",
        help="mã số liệu, nhiệm vụ hoặc chỉ tiêu, ví dụ PL2.III.4 hay tasks.PL2.dated",
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
    for record in found.records:
        yield from _list_record(record)
    if found.report and not found.current:
        yield (
            f"Báo cáo {found.report} được viết trước lần tổng hợp hoặc biên tập mới nhất. "
            "Hãy chạy lại khreport report."
        )


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
