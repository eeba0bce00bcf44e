"""The status of a round as one HTML page that loads nothing: to sort, filter, print, show round."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple

from khreport.dates import format_date, format_long_date
from khreport.form_status import FormState, FormStatus
from khreport.status import AGENCY_STATES, FILTERS, AgencyStatus, Status
from khreport.text import begin_small, collation_key, fold_plain

MARKS: dict[str, str] = {
    "accepted": "✓", "faulty": "✗", "received": "◐", "sent": "○", "drafted": "✎", "unsent": "–",
    "unsure": "?", "nil": "∅", "secret": "■", "blank": "□", "not_asked": "", "unknown": "",
}  # fmt: skip
"""A sign for each state, so that none is told by its colour alone."""
ORDER: tuple[FormState, ...] = (
    "faulty", "unsent", "unsure", "drafted", "sent", "received", "unknown", "blank", "nil",
    "secret", "accepted", "not_asked",
)  # fmt: skip
"""The states of forms from what needs somebody's hand to what does not."""
SPARE: tuple[FormState, ...] = ("not_asked", "unknown", "unsent", "unsure", "drafted", "sent")
"""The states that say no more of a form than is said of its agency: not shown on a phone."""
NOTHING = "—"
NO_WORD = re.compile("[^0-9a-z]+")
HEADINGS = ("Cơ quan", "Tình trạng", "Thời hạn", "Ngày nhận", "Văn bản giấy")


class Page(NamedTuple):
    """How the page looks, and what moves in it: texts of CSS and JavaScript."""

    style: str
    script: str


def write_page(status: Status, page: Page) -> str:
    """The page as HTML; the same status always gives the same text.

    Its policy lets nothing load and nothing run but the style and the script that are in it.
    """
    title = f"Tình hình nộp báo cáo {begin_small(status.period)}"
    policy = (
        f"default-src 'none'; style-src '{_hash(page.style)}'; script-src '{_hash(page.script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = [
        '<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}, {format_date(status.today)}</title>",
        f"<style>{page.style}</style>\n</head>\n<body>",
        "<header>",
        f"<p>{escape(status.sender)}</p>",
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(status.title)}</p>",
        f"<p>Tính đến {format_long_date(status.today)}.",
        f"Hạn nộp: {status.due_words}, {status.days_words}.</p>",
        "</header>\n<main>",
        *_headline(status),
        *_overdue(status),
        *_controls(),
        *_table(status),
        *_remarks(status),
        f"</main>\n<script>{page.script}</script>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _hash(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _headline(status: Status) -> Iterator[str]:
    total, counts = len(status.agencies), status.counts
    yield '<section aria-labelledby="counts">\n<h2 id="counts">Tổng quan</h2>'
    share = f"{counts['accepted'] * 100 // total}%" if total else "0%"
    lacking = sum(agency.state == "accepted" and not agency.done for agency in status.agencies)
    paper = f", trong đó {lacking} chờ văn bản giấy" if lacking else ""
    yield (
        f'<p class="lead"><strong>{counts["accepted"]}/{total}</strong> cơ quan đạt '
        f"({share}){paper}</p>"
    )
    yield '<svg class="bar" aria-hidden="true" width="100%" height="22">'
    at = 0
    for state in AGENCY_STATES:
        if counts[state]:
            x, width = at * 100 / total, counts[state] * 100 / total
            yield f'<rect class="{state}" x="{x:.3f}%" y="0" width="{width:.3f}%" height="22"/>'
            at += counts[state]
    yield '</svg>\n<ul class="counts">'
    for key, words in FILTERS.items():
        if counts[key]:
            mark = f'<b class="mark {key}" aria-hidden="true">{MARKS.get(key, "!")}</b> '
            yield f'<li class="{key}">{mark}{words}: <strong>{counts[key]}</strong></li>'
    yield "</ul>\n</section>"


def _overdue(status: Status) -> Iterator[str]:
    if not status.overdue:
        return
    # the same for all of them, so that it need not be said of each
    over = f"quá hạn {(status.today - status.last_day).days} ngày"
    yield (
        '<section aria-labelledby="overdue">\n'
        f'<h2 id="overdue">Cơ quan {over}, chưa xong ({len(status.overdue)})</h2>'
    )
    yield '<ul class="overdue">'
    for agency in status.overdue:
        time = agency.time_words.removeprefix(over).removeprefix("; ")
        words = "; ".join(filter(None, [agency.state_words, time, agency.reminder_words]))
        yield f"<li><strong>{escape(agency.name)}</strong>: {escape(words)}</li>"
    yield "</ul>\n</section>"


def _controls() -> Iterator[str]:
    """The controls work by the script alone, which shows them."""
    options = "".join(f'<option value="{key}">{words}</option>' for key, words in FILTERS.items())
    yield (
        '<section aria-labelledby="all">\n<h2 id="all">Từng cơ quan</h2>\n'
        '<div class="controls" hidden>\n'
        '<label>Tìm cơ quan <input type="search" id="find" autocomplete="off" '
        'placeholder="ví dụ: xây dựng"></label>\n'
        '<label>Tình trạng <select id="state"><option value="">tất cả</option>'
        f"{options}</select></label>\n"
        '<button type="button" id="clear">Bỏ lọc</button>\n'
        '<p id="shown" role="status" aria-live="polite"></p>\n</div>'
    )


def _table(status: Status) -> Iterator[str]:
    yield '<div class="wide"><table id="matrix">'
    yield (
        "<caption>Bấm vào tiêu đề cột để sắp xếp. Ở từng biểu: số dòng đã trả lời trên số dòng "
        "được hỏi.</caption>\n<thead><tr>"
    )
    for name in (*HEADINGS, *(form.name for form in status.forms)):
        yield f'<th scope="col"><button type="button">{escape(name)}</button></th>'
    yield "</tr></thead>\n<tbody>"
    names = _ranks(agency.name for agency in status.agencies)
    for agency in status.agencies:
        yield _row(status, agency, names[agency.name])
    yield "</tbody></table></div>\n</section>"


def _ranks(names: Iterable[str]) -> dict[str, int]:
    """The place of each name in Vietnamese order, so that no browser need know that order."""
    return {name: rank for rank, name in enumerate(sorted(set(names), key=collation_key))}


def _row(status: Status, agency: AgencyStatus, rank: int) -> str:
    state = list(AGENCY_STATES).index(agency.state)
    came, paper = agency.received_at, agency.paper
    cells = [
        _cell(HEADINGS[1], -state, f"{_mark(agency.state)}{escape(agency.state_words)}"),
        _cell(HEADINGS[2], _urgency(agency), escape(agency.time_words)),
        _cell(
            HEADINGS[3],
            int(came.timestamp()) if came else 0,
            format_date(came.date()) if came else NOTHING,
        ),
        _cell(
            HEADINGS[4],
            paper.came.toordinal() if paper else 0,
            escape(agency.paper_words) or NOTHING,
        ),
        *(
            _cell(
                head.name,
                _form_rank(form),
                _form_text(form),
                form.answered_of,
                spare=form.state in SPARE,
            )
            for head, form in zip(status.forms, agency.forms, strict=True)
        ),
    ]
    # the script splits what is looked for in the same way
    found = NO_WORD.sub(" ", fold_plain(f"{agency.name} {agency.short} {agency.agency}"))
    is_in = " ".join([agency.state, *agency.tags])
    return (
        f'<tr data-find="{found}" data-is="{is_in}">'
        f'<th scope="row" data-sort="{rank}">{escape(agency.name)}</th>{"".join(cells)}</tr>'
    )


def _cell(label: str, rank: int, shown: str, extra: str = "", *, spare: bool = False) -> str:
    small = f" <small>{escape(extra)}</small>" if extra else ""
    kind = ' class="spare"' if spare or shown == NOTHING else ""
    return (
        f'<td{kind} data-label="{escape(label)}" data-sort="{rank}">'
        f"<span>{shown}{small}</span></td>"
    )


def _mark(state: str) -> str:
    mark = MARKS[state]
    return f'<b class="mark {state}" aria-hidden="true">{mark}</b> ' if mark else ""


def _form_text(form: FormStatus) -> str:
    return _mark(form.state) + escape(form.words)


def _form_rank(form: FormStatus) -> int:
    # among the faulty, those with the most errors first
    return ORDER.index(form.state) * 1_000_000 - form.errors


def _urgency(agency: AgencyStatus) -> int:
    """Who is over the due day first, then who has days left, then who is done."""
    if agency.done:
        return 1_000_000 - agency.days_late
    return agency.days_left * 1000 - agency.days_late


def _remarks(status: Status) -> Iterator[str]:
    if status.remarks:
        yield '<section aria-labelledby="notes">\n<h2 id="notes">Ghi chú</h2>\n<ul>'
        yield from (f"<li>{escape(line)}</li>" for line in status.remarks)
        yield "</ul>\n</section>"
