"""The page that shows a round, driven in a real browser."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from chromium import Browser, find_chromium, opened_browser

from khreport.edges.shipped import shipped_text
from khreport.form_status import FormHead, FormState, FormStatus
from khreport.layout.status_page import Page, write_page
from khreport.status import AgencyStatus, Paper, Status

EXPECTED = Path(__file__).with_name("expected") / "trang-tinh-hinh.txt"
PAGE = Page(
    style=shipped_text("templates/html/status.css"),
    script=shipped_text("templates/html/status.js"),
)
HOSTILE = "Sở <script>alert(1)</script> & \"Thử\" 'nghiệm'"


def form(state: FormState, asked: int = 0, answered: int = 0, errors: int = 0) -> FormStatus:
    return FormStatus(form="PL2", state=state, asked=asked, answered=answered, errors=errors)


def agency(key: str, name: str, **more: object) -> AgencyStatus:
    usual = AgencyStatus(
        agency=key, name=name, short=name, state="sent", forms=(form("sent"),), days_left=-7
    )
    return msgspec.structs.replace(usual, **more)


def came(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}T09:30:00+07:00")


STATUS = Status(
    title="Kế hoạch thử",
    period="Năm 2024",
    sender="Sở Kế hoạch và Đầu tư",
    today=dt.date(2024, 12, 20),
    due=dt.date(2024, 12, 13),
    last_day=dt.date(2024, 12, 13),
    late_by="file",
    forms=(FormHead("PL2", "Phụ lục II"),),
    agencies=(
        agency(
            "sxd",
            "Sở Xây dựng",
            state="accepted",
            forms=(form("accepted", 9, 9),),
            received_at=came("2024-12-10"),
            paper=Paper(number="12/BC-SXD", date=dt.date(2024, 12, 9), came=dt.date(2024, 12, 10)),
        ),
        agency(
            "sdt",
            "Sở Đất đai",
            state="faulty",
            forms=(form("faulty", 9, 8, 12),),
            errors=12,
            received_at=came("2024-12-16"),
            days_late=3,
        ),
        agency(
            "sdl",
            "Sở Du lịch",
            state="faulty",
            forms=(form("faulty", 9, 8, 3),),
            errors=3,
            received_at=came("2024-12-12"),
        ),
        agency("syt", "Sở Y tế", reminders=2),
        agency("la", HOSTILE, state="unsent", forms=(form("unsent"),)),
        agency(
            "ubnd",
            "UBND thị xã Ninh Hòa",
            state="accepted",
            forms=(form("nil"),),
            received_at=came("2024-12-13"),
        ),
    ),
    unclaimed=("anh <b>chụp</b>.pdf",),
    notes=("Một điều cần biết.",),
)


class Reading(HTMLParser):
    """What a page says, a line for each paragraph, heading, list item and row."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in {"p", "h1", "h2", "li", "tr", "caption", "section", "label"}:
            self.lines.append("")
        elif tag in {"td", "th"}:
            self.lines[-1] += " | "

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.tags[-1:]):
            self.lines[-1] += data.replace("\n", " ")

    @property
    def text(self) -> str:
        lines = (" ".join(line.split()).removeprefix("| ") for line in self.lines)
        return "\n".join(filter(None, lines)) + "\n"


def read(html: str) -> Reading:
    reading = Reading()
    reading.feed(html)
    return reading


def test_the_page_says_what_the_golden_says() -> None:
    assert read(write_page(STATUS, PAGE)).text == EXPECTED.read_text(encoding="utf-8")


def test_the_same_status_gives_the_same_page() -> None:
    assert write_page(STATUS, PAGE) == write_page(msgspec.structs.replace(STATUS), PAGE)


def test_what_agencies_and_files_are_called_is_text_on_the_page() -> None:
    html = write_page(STATUS, PAGE)
    assert read(html).tags.count("script") == 1
    assert "<b>chụp" not in html
    assert HOSTILE in read(html).text


def test_a_round_without_agencies_has_a_page() -> None:
    empty = msgspec.structs.replace(STATUS, agencies=())
    assert "0/0 cơ quan đạt (0%)" in read(write_page(empty, PAGE)).text


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = find_chromium()
    if program is None:
        if os.environ.get("KHREPORT_REQUIRE_CHROMIUM"):
            pytest.fail("Chromium is not installed, and KHREPORT_REQUIRE_CHROMIUM is set")
        pytest.skip("skipped: Chromium is not installed")
    with opened_browser(program, tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser, tmp_path: Path) -> Browser:
    """The page opened as an officer opens it, from a file."""
    path = tmp_path / "tinh-hinh.html"
    path.write_bytes(write_page(STATUS, PAGE).encode())
    chromium.size(1280, 900)
    chromium.requests.clear()
    chromium.faults.clear()
    chromium.open(path)
    return chromium


def shown(browser: Browser) -> list[str]:
    """The keys of the agencies that can be seen, from the top."""
    names = browser.run(
        "[...document.querySelectorAll('tbody tr')].filter(r => r.offsetParent !== null)"
        ".map(r => r.cells[0].textContent)"
    )
    keys = {each.name: each.agency for each in STATUS.agencies}
    return [keys[name] for name in names]


def sorted_by(browser: Browser) -> list[list[str]]:
    return list(
        browser.run(
            "[...document.querySelectorAll('thead th[aria-sort]')]"
            ".map(h => [h.textContent, h.getAttribute('aria-sort')])"
        )
    )


def head(place: int) -> str:
    return f"thead th:nth-child({place}) button"


def test_the_page_opens_without_faults_and_loads_nothing(browser: Browser) -> None:
    assert shown(browser) == ["sxd", "sdt", "sdl", "syt", "la", "ubnd"]
    assert browser.faults == []
    assert [url for url in browser.requests if not url.startswith("file:")] == []
    assert browser.run("document.getElementById('shown').textContent") == "6 cơ quan"


def test_the_policy_lets_no_other_script_run_and_nothing_load(browser: Browser) -> None:
    browser.run(
        "(() => { const s = document.createElement('script');"
        " s.textContent = 'window.ran = 1'; document.body.append(s);"
        " const i = document.createElement('img');"
        " i.src = 'http://127.0.0.1:9/x.png'; document.body.append(i); })()"
    )
    assert browser.run("window.ran === undefined")
    assert len([fault for fault in browser.faults if "Content Security Policy" in fault]) == 2


def test_a_click_on_a_heading_sorts_in_vietnamese_order_and_another_turns_it(
    browser: Browser,
) -> None:
    browser.click(head(1))
    assert shown(browser) == ["la", "sdl", "sdt", "sxd", "syt", "ubnd"]
    assert sorted_by(browser) == [["Cơ quan", "ascending"]]
    browser.click(head(1))
    assert shown(browser) == ["ubnd", "syt", "sxd", "sdt", "sdl", "la"]
    assert sorted_by(browser) == [["Cơ quan", "descending"]]


def test_who_needs_somebody_s_hand_comes_first(browser: Browser) -> None:
    browser.click(head(2))
    assert shown(browser) == ["la", "syt", "sdt", "sdl", "sxd", "ubnd"]
    browser.click(head(6))
    assert sorted_by(browser) == [["Phụ lục II", "ascending"]]
    assert shown(browser) == ["sdt", "sdl", "la", "syt", "ubnd", "sxd"]


def test_the_page_is_used_by_keyboard_alone(browser: Browser) -> None:
    focused = "document.activeElement.id || document.activeElement.textContent"
    browser.run("document.activeElement.blur()")
    stops = []
    for _ in range(5):
        browser.press("Tab")
        stops.append(browser.run(focused))
    assert stops == ["find", "state", "clear", "Cơ quan", "Tình trạng"]
    browser.press("Enter", "\r")
    assert sorted_by(browser) == [["Tình trạng", "ascending"]]
    browser.press(" ", " ")
    assert sorted_by(browser) == [["Tình trạng", "descending"]]
    assert browser.run(focused) == "Tình trạng"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert browser.run(outline) == "solid"


def test_the_page_is_filtered_by_keyboard_alone(browser: Browser) -> None:
    browser.run("document.activeElement.blur()")
    browser.press("Tab")
    browser.type("so")
    assert shown(browser) == ["sxd", "sdt", "sdl", "syt", "la"]
    browser.press("Tab")
    for _ in range(2):
        browser.press("ArrowDown")
    assert browser.run("document.activeElement.value") == "faulty"
    assert shown(browser) == ["sdt", "sdl"]
    browser.press("Tab")
    browser.press("Enter", "\r")
    assert len(shown(browser)) == len(STATUS.agencies)
    assert browser.run("document.activeElement.id") == "find"


def test_on_a_phone_a_card_says_of_no_form_what_its_agency_says_already(browser: Browser) -> None:
    browser.size(390, 800, mobile=True)
    cards = browser.run(
        "[...document.querySelectorAll('tbody tr')].map(r => [...r.cells]"
        ".filter(c => c.offsetParent !== null && c.dataset.label).map(c => c.dataset.label))"
    )
    sent, accepted = cards[3], cards[0]
    assert sent == ["Tình trạng", "Thời hạn"]
    assert accepted == ["Tình trạng", "Thời hạn", "Ngày nhận", "Văn bản giấy", "Phụ lục II"]


def test_accepted_returns_that_lack_their_paper_are_told_apart() -> None:
    first, *rest = STATUS.agencies
    lacking = msgspec.structs.replace(first, paper=None, needs_paper=True)
    status = msgspec.structs.replace(STATUS, late_by="paper", agencies=(lacking, *rest))
    told = read(write_page(status, PAGE)).text
    assert "2/6 cơ quan đạt (33%), trong đó 1 chờ văn bản giấy" in told
    assert "Sở Xây dựng: Đạt; chậm văn bản 7 ngày" in told


def test_agencies_are_found_by_words_without_marks_and_by_state(browser: Browser) -> None:
    browser.click("#find")
    browser.type("ninh hoa")
    assert shown(browser) == ["ubnd"]
    assert browser.run("document.getElementById('shown').textContent") == (
        "Đang lọc: 1 trong 6 cơ quan"
    )
    browser.click("#clear")
    assert len(shown(browser)) == 6
    browser.type("ĐẤT")
    assert shown(browser) == ["sdt"]
    browser.click("#clear")
    browser.run(
        "document.getElementById('state').value = 'overdue';"
        "document.getElementById('state').dispatchEvent(new Event('change'))"
    )
    assert shown(browser) == ["sdt", "sdl", "syt", "la"]


@pytest.mark.parametrize("width", [320, 390, 700])
def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, width: int) -> None:
    browser.size(width, 800, mobile=True)
    assert browser.run("document.documentElement.scrollWidth") <= width
    label = "getComputedStyle(document.querySelector('tbody td'), '::before').content"
    assert browser.run(label) == '"Tình trạng"'
    browser.click(head(1))
    assert shown(browser)[0] == "la"


def test_each_state_is_told_in_words_beside_its_colour(browser: Browser) -> None:
    told = browser.run(
        "[...document.querySelectorAll('tbody td:nth-child(2)')].map(c => c.innerText.trim())"
    )
    assert [re.sub(r"^\S\s+", "", each) for each in told] == [
        each.state_words for each in STATUS.agencies
    ]


def test_in_print_the_filter_is_said_and_the_controls_are_gone(
    browser: Browser, tmp_path: Path
) -> None:
    many = [
        msgspec.structs.replace(STATUS.agencies[0], agency=f"a{n}", name=f"Xã thứ {n}")
        for n in range(120)
    ]
    path = tmp_path / "nhieu.html"
    path.write_bytes(
        write_page(msgspec.structs.replace(STATUS, agencies=tuple(many)), PAGE).encode()
    )
    browser.open(path)
    browser.click("#find")
    browser.type("xa 1")
    browser.print(tmp_path / "trang.pdf")
    told = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "trang.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    pages = [page for page in told.split("\f") if "Xã thứ" in page]
    assert len(pages) > 1
    assert all("Văn bản giấy" in page for page in pages), "each page has the headings"
    assert "Đang lọc: 39 trong 120 cơ quan" in told
    assert "Tìm cơ quan" not in told
    size = subprocess.run(
        ["pdfinfo", tmp_path / "trang.pdf"], capture_output=True, text=True, check=True
    ).stdout
    assert "841.92 x 594.96 pts (A4)" in size
