"""Letters with returns in them, composed as several mail programs compose them."""

from __future__ import annotations

import base64
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import openpyxl
from small_campaign import put

from khreport.campaign import Campaign

NAME = "Báo cáo của Sở Tư pháp (1).xlsx"
SENDER = "stp@dot.example"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RECEIVED = (
    "Received: from mail.dot.example by mx.dot.example; Thu, 12 Dec 2024 09:30:00 +0700\r\n"
    "Received: from pc by mail.dot.example; Thu, 12 Dec 2024 09:29:00 +0700\r\n"
)


def workbook(campaign: Campaign, **changes: str | None) -> bytes:
    """A return of Sở Tư pháp that nobody put anywhere yet."""
    path = put(campaign, "../nhap.xlsx", minute=0, **changes)
    data = path.read_bytes()
    path.unlink()
    return data


def wrapped(data: bytes) -> str:
    text = base64.b64encode(data).decode()
    return "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76))


def part(data: bytes, headers: str, kind: str = EXCEL) -> str:
    """A part of a letter; `headers` stand as they are."""
    return (
        f"Content-Type: {kind}{headers}\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{wrapped(data)}\r\n"
    )


def letter(
    *parts: str,
    sender: str = SENDER,
    text: str = "Kính gửi báo cáo.",
    more: str = "",
    id: str = "1",  # noqa: A002 - of the message
) -> bytes:
    """A letter of these parts, with its text first."""
    body = f'Content-Type: text/plain; charset="utf-8"\r\n\r\n{text}\r\n'
    head = (
        f"{RECEIVED}From: =?utf-8?B?{base64.b64encode('Sở Tư pháp'.encode()).decode()}?= <{sender}>"
        f"\r\nTo: tonghop@dot.example\r\nSubject: =?utf-8?Q?B=C3=A1o_c=C3=A1o?= nam 2024\r\n"
        f"Date: Thu, 12 Dec 2024 09:28:00 +0700\r\nMessage-ID: <{id}@dot.example>\r\n{more}"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="=_' + id + '"\r\n\r\n'
    )
    whole = head + "".join(f"--=_{id}\r\n{each}\r\n" for each in (body, *parts))
    whole += f"--=_{id}--\r\n"
    return whole.encode("utf-8", "surrogateescape")


def words(name: str) -> str:
    """The name in one encoded word (RFC 2047)."""
    return f"=?UTF-8?B?{base64.b64encode(name.encode()).decode()}?="


def disposition(name: str) -> str:
    return f"\r\nContent-Disposition: attachment; {name}"


def continued(name: str) -> str:
    """The name in numbered parts (RFC 2231), as Gmail and Apple Mail write long names."""
    coded = quote(name, safe="")
    cut = coded.index("%", 30)
    return f"filename*0*=UTF-8''{coded[:cut]};\r\n filename*1*={coded[cut:]}"


BY_PROGRAM = {
    # RFC 2047 where RFC 2231 is due, and in two words with a blank between
    "outlook": disposition(f'filename="{words(NAME[:12])}\r\n {words(NAME[12:])}"'),
    "gmail": f'; name="{words(NAME)}"' + disposition(f"filename*=UTF-8''{quote(NAME)}"),
    "apple": f";\r\n\tx-unix-mode=0644;\r\n\tname*=utf-8''{quote(NAME, safe='')}"
    + disposition(continued(NAME)).replace("attachment", "inline"),
    "zimbra": f'; name="{NAME}"' + disposition(f'filename="{NAME}"'),
    "old": disposition(f'filename="{NAME.encode("utf-8").decode("ascii", "surrogateescape")}"'),
    "quoted": disposition(f'filename="C:\\\\Bao cao\\\\{words(NAME)}"'),
}
"""How mail programs name an attachment, by the program whose way it is."""


def forwarded(inner: bytes, **more: str) -> bytes:
    """A letter that somebody forwards as an attachment."""
    text = inner.decode("utf-8", "surrogateescape")
    return letter(f"Content-Type: message/rfc822\r\n\r\n{text}", **more)


def zipped(files: dict[str, bytes]) -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return file.getvalue()


def bounced(address: str, message_id: str, attached: bytes = b"") -> bytes:
    """A server's report (RFC 3464) that a letter of ours did not reach an address."""
    original = (
        f"From: tonghop@dot.example\r\nMessage-ID: {message_id}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="=_cu"\r\n\r\n--=_cu\r\n'
        f"{part(attached, disposition('filename=x.xlsx'))}\r\n--=_cu--\r\n"
    )
    return (
        "From: MAILER-DAEMON@mx.dot.example\r\nTo: tonghop@dot.example\r\nSubject: Undelivered\r\n"
        "Message-ID: <b@mx.dot.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"\r\n\r\n'
        "--=_b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--=_b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 Unknown mailbox\r\n\r\n"
        f"--=_b\r\nContent-Type: message/rfc822\r\n\r\n{original}\r\n--=_b--\r\n"
    ).encode()


def drop(campaign: Campaign, name: str, data: bytes) -> Path:
    """The file in the inbox."""
    path = campaign.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def text_only(text: str, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Message-ID"] = SENDER, "<text@dot.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def blank(campaign: Campaign) -> bytes:
    """The workbook as it went out."""
    return (campaign.outgoing / "STP-qd1165-2024.xlsx").read_bytes()


def cell(data: bytes, address: str) -> object:
    return openpyxl.load_workbook(io.BytesIO(data))["Phụ lục II"][address].value
