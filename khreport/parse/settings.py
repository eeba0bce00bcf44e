"""A round's settings from TOML: what cannot be is refused with its line, what is odd is told."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from typing import Any

import msgspec

from khreport.campaign import Dates, Imap, Mode, Office, Settings, Smtp
from khreport.contacts import is_address
from khreport.dates import format_date
from khreport.edition import Sender
from khreport.errors import CampaignError, PlanError
from khreport.parse.office import tidy_office
from khreport.parse.toml import Entry, Source
from khreport.periods import KEYS_TOLD, Key, read_key, shift_months
from khreport.raw import Limits
from khreport.reminders import Reminders

TABLES: dict[str, type[msgspec.Struct]] = {
    "dates": Dates,
    "sender": Sender,
    "office": Office,
    "limits": Limits,
    "smtp": Smtp,
    "imap": Imap,
    "reminders": Reminders,
}
NEEDED = {
    "sender.name": "tên cơ quan nhận báo cáo",
    "office.issuer": "tên cơ quan báo cáo",
    "office.symbol": "ký hiệu của cơ quan, như ở số văn bản",
    "office.place": "địa danh ghi trước ngày tháng",
    "office.addressees": "nơi nhận báo cáo ở dòng “Kính gửi”",
    "office.authority": "chức vụ của người ký, ví dụ GIÁM ĐỐC",
    "smtp.host": "tên máy chủ gửi thư, ví dụ smtp.coquan.gov.vn",
    "smtp.address": "địa chỉ của hộp thư gửi đi, ví dụ tonghop@coquan.gov.vn",
    "imap.host": "tên máy chủ nhận thư, ví dụ imap.coquan.gov.vn",
    "imap.user": "tên đăng nhập của hộp thư, ví dụ tonghop@coquan.gov.vn",
    "imap.folder": "thư mục của hộp thư, thường là INBOX",
}
"""What must not be left empty, and in words: covers and reports would not say whose they are."""

DAYS = ("start", "end", "closing", "due", "report_due", "issued")
PASSWORD_OF = {"smtp": "KHREPORT_SMTP_PASSWORD", "imap": "KHREPORT_IMAP_PASSWORD"}
PASSWORDS = ("password", "pass", "passwd", "mat_khau", "matkhau")
TYPED_DAY = re.compile(r"=\s*[\"']?\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|=\s*\d{4}[-/.]\d")
DAY_FORM = "ghi ngày dạng năm-tháng-ngày, ví dụ 2024-12-13"


def parse_settings(text: str, name: str) -> Settings:
    """The settings in the text of a khreport.toml; `name` is how a complaint calls the file.

    Raises:
        CampaignError: the text cannot be used; the message says file, line and what to write.

    """
    try:
        source = _read(text, name)
        raw = source.content
        top = Entry(source, "", 0, "")
        fields = {field.name: field for field in msgspec.structs.fields(Settings)}
        for key in raw:
            top.expect(key, "mục", key, fields)
        for key, field in fields.items():
            if field.required and key not in raw:
                table = f"phần [{key}]" if key in TABLES else f"mục “{key}”"
                top.refuse("", f"thiếu {table}.")
        for key in ("plan", "period"):
            if not isinstance(raw[key], str) or not raw[key].strip():
                top.refuse(key, f'ghi giá trị của mục này trong dấu nháy: {key} = "…".')
        settings = Settings(
            plan=raw["plan"],
            period=raw["period"],
            group_rows=_modes(source, raw.get("group_rows", {})),
            **{key: _table(source, key, raw[key]) for key in TABLES if key in raw},
        )
        _refuse_the_impossible(source, settings)
        _refuse_unsafe_mail(source, settings)
    except PlanError as error:
        raise CampaignError(str(error)) from error
    return settings


def _read(text: str, name: str) -> Source:
    try:
        return Source(text, name)
    except PlanError as error:
        found = re.search(r"dòng (\d+): ", str(error))
        lines = text.splitlines()
        line = int(found[1]) if found else 0
        cause = str(error.__cause__)
        # the likeliest slip: a day written as it is written everywhere else
        if "Cannot" not in cause and 0 < line <= len(lines) and TYPED_DAY.search(lines[line - 1]):
            raise PlanError(f"{name}, dòng {line}: {DAY_FORM}.") from error
        if "Cannot" in cause:  # overwrite a value, declare a table twice
            raise PlanError(
                f"{name}, dòng {line}: mục hoặc phần ở dòng này đã có ở trên. Chỉ giữ một lần."
            ) from error
        raise


def _table(source: Source, table: str, raw: Any) -> Any:  # noqa: ANN401 - one struct of TABLES
    if not isinstance(raw, dict):
        Entry(source, "", 0, "").refuse(table, f"viết [{table}] ở một dòng riêng.")
    entry = Entry(source, table, 0, f"phần [{table}]")
    advice = " Xem tên và giá trị của các giới hạn bằng lệnh: khreport limits"
    for key, value in raw.items():
        if table == "dates" and key in DAYS and not _is_day(value):
            entry.refuse(key, f"mục “{key}”: {DAY_FORM}.")
        if table in PASSWORD_OF and key.casefold() in PASSWORDS:
            entry.refuse(
                key,
                "không ghi mật khẩu vào tệp. Hãy xóa dòng này và đặt mật khẩu vào biến môi trường "
                f"{PASSWORD_OF[table]}.",
            )
    try:
        found = entry.convert(raw, TABLES[table])
    except PlanError as error:
        if table == "limits":
            raise PlanError(f"{error}{advice}") from error
        raise
    if isinstance(found, Office):
        found = tidy_office(entry, found)
    _refuse_empty(entry, table, found)
    return found


def _refuse_empty(entry: Entry, table: str, found: msgspec.Struct) -> None:
    for needed, words in NEEDED.items():
        of, key = needed.split(".")
        if of == table and not "".join(getattr(found, key)).strip():
            entry.refuse(key, f"mục “{key}” đang trống. Hãy ghi {words}.")


def _is_day(value: Any) -> bool:  # noqa: ANN401 - whatever TOML holds
    if isinstance(value, str):
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            return False
        return True
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def _modes(source: Source, raw: Any) -> dict[str, Mode]:  # noqa: ANN401 - whatever TOML holds
    top = Entry(source, "", 0, "")
    if not isinstance(raw, dict) or not all(map(_is_flat, raw.values())):
        top.refuse(
            "group_rows",
            'mỗi nhiệm vụ là một phần, mã đặt trong dấu nháy ở dòng đầu: [group_rows."MÃ"].',
        )
    modes = {}
    for task, each in raw.items():
        entry = Entry(source, f"group_rows.{task}", 0, f"nhiệm vụ {task}")
        modes[task] = mode = entry.convert(each, Mode)
        if mode.mode == "one" and len(mode.answering) != 1:
            entry.refuse(
                "answering",
                f'mode = "one" cần đúng một cơ quan ở answering, đang có {len(mode.answering)}. '
                'Nhiều cơ quan thì ghi mode = "representatives".',
            )
        if mode.mode == "representatives" and not mode.answering:
            entry.refuse(
                "answering", 'mode = "representatives" cần các cơ quan trả lời ở answering.'
            )
        if mode.mode == "all" and mode.answering:
            entry.refuse(
                "answering",
                'mode = "all" là tất cả trả lời, nên bỏ dòng answering; '
                'chỉ một số cơ quan thì ghi mode = "representatives".',
            )
        twice = [key for key in mode.answering if mode.answering.count(key) > 1]
        if twice:
            entry.refuse("answering", f"cơ quan “{twice[0]}” ghi hai lần. Hãy bỏ bớt một lần.")
    return modes


def _is_flat(value: Any) -> bool:  # noqa: ANN401 - whatever TOML holds
    return isinstance(value, dict) and not any(isinstance(v, dict) for v in value.values())


def _refuse_the_impossible(source: Source, settings: Settings) -> None:
    key = _read_key(source, settings.period)
    entry = Entry(source, "dates", 0, "phần [dates]")
    dates, spoken = settings.dates, key.spoken
    first, last = shift_months(key.first, -1), key.last
    start, end = dates.start or key.first, dates.end or last
    for name, day in (("start", start), ("end", end)):
        if not first <= day <= last:
            entry.refuse(
                name,
                f"ngày {format_date(day)} ở mục “{name}” quá xa kỳ báo cáo {spoken}. "
                f"Hãy ghi một ngày từ {first} đến {last}.",
            )
    if not start <= dates.closing <= end:
        proposed = end if dates.end else last.replace(day=1) - dt.timedelta(days=1)
        entry.refuse(
            "closing",
            f"ngày chốt số liệu {format_date(dates.closing)} không thuộc {spoken}. "
            f"Hãy ghi một ngày từ {start} đến {end}, ví dụ {max(start, proposed)}.",
        )
    latest = dt.date(key.year + 1, 12, 31)
    days = {"due": dates.due, "report_due": dates.report_due, "issued": dates.issued}
    for name, due in days.items():
        if due is not None and not key.first <= due <= latest:
            entry.refuse(
                name,
                f"ngày {format_date(due)} ở mục “{name}” quá xa kỳ báo cáo {spoken}. "
                f"Hãy ghi một ngày từ {key.first} đến {latest}.",
            )
    if settings.office.number is not None and settings.office.number < 1:
        Entry(source, "office", 0, "phần [office]").refuse(
            "number", f"số báo cáo {settings.office.number} phải từ 1 trở lên."
        )
    if dates.issued is not None and dates.issued <= dates.closing:
        entry.refuse(
            "issued",
            f"ngày ký {format_date(dates.issued)} phải sau ngày chốt số liệu "
            f"{format_date(dates.closing)}. Hãy sửa “issued” hoặc “closing”.",
        )
    if dates.report_due < dates.due:
        entry.refuse(
            "report_due",
            f"hạn báo cáo {format_date(dates.report_due)} sớm hơn hạn các cơ quan gửi "
            f"{format_date(dates.due)}. Hãy sửa “due” hoặc “report_due”.",
        )


def _read_key(source: Source, period: str) -> Key:
    """What the period says, which must be written as files are named."""
    entry = Entry(source, "", 0, "")
    try:
        key = read_key(period)
    except CampaignError:
        entry.refuse("period", f"mục “period” ghi “{period}”. Hãy ghi như: {KEYS_TOLD}.")
    if key.text != period:
        entry.refuse("period", f"mục “period” ghi “{period}”. Có phải “{key.text}”?")
    return key


def _refuse_unsafe_mail(source: Source, settings: Settings) -> None:
    smtp = settings.smtp
    if smtp.address and not is_address(smtp.address):
        Entry(source, "smtp", 0, "phần [smtp]").refuse(
            "address",
            f"“{smtp.address}” không phải địa chỉ e-mail. Hãy ghi dạng tonghop@coquan.gov.vn.",
        )
    for table, server in (("smtp", smtp), ("imap", settings.imap)):
        if server.security == "none" and not _is_this_machine(server.host):
            Entry(source, table, 0, f"phần [{table}]").refuse(
                "security",
                'security = "none" chỉ dùng cho máy chủ trên chính máy này (localhost). '
                'Hãy ghi "starttls" hoặc "tls".',
            )


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def toml_text(text: str) -> str:
    r"""A text as it stands between the quotes of a TOML value.

    >>> print(toml_text('C:\\kế hoạch "mới"'))
    C:\\kế hoạch \"mới\"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", escaped)
