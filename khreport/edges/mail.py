"""Messages composed as mail programs read them, to be sent or to be kept as drafts."""

from __future__ import annotations

import datetime as dt
from email import encoders
from email.generator import BytesGenerator
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from io import BytesIO
from mimetypes import guess_type

from khreport.letters import Address, Message

LONGEST_WORD = 60
"""Characters of an encoded word, so that one stands on the line with its header's name."""


def compose(message: Message, message_id: str, sent_at: dt.datetime | None = None) -> bytes:
    """The message as it goes over the wire; the same message gives the same bytes.

    Without `sent_at` it is a draft: mail programs open it ready to be looked at and sent. The
    program that sends it says from whom and when, unless the message says from whom.
    """
    # The older classes, since Python's newer ones lose or add blanks where they fold headers in
    # Vietnamese, and differ between versions; in base64 nothing on the way can change a text.
    whole = MIMEMultipart("mixed", boundary=f"=_{message_id.partition('@')[0].strip('<')}")
    if message.sender:
        whole["From"] = _addresses(message.sender)
    whole["To"] = _addresses(*message.to)
    if message.cc:
        whole["Cc"] = _addresses(*message.cc)
    if message.reply_to:
        whole["Reply-To"] = _addresses(message.reply_to)
    whole["Subject"] = _encoded(one_line(message.letter.subject))
    if sent_at:
        whole["Date"] = format_datetime(sent_at)
    else:
        whole["X-Unsent"] = "1"
    whole["Message-ID"] = message_id
    if message.in_reply_to:
        whole["In-Reply-To"] = whole["References"] = one_line(message.in_reply_to)
    # so that no program answers that somebody is away (RFC 3834, 5)
    whole["Auto-Submitted"] = "auto-replied" if message.kind == "reply" else "auto-generated"
    whole["Content-Language"] = "vi"
    texts = MIMEMultipart("alternative", boundary=f"{whole.get_boundary()}.texts")
    for kind, text in (("plain", message.letter.text), ("html", message.letter.html)):
        texts.attach(MIMEText(text.replace("\n", "\r\n"), kind, "utf-8"))
    whole.attach(texts)
    for path in message.attachments:
        whole.attach(_attachment(path.name, path.read_bytes()))
    with BytesIO() as file:
        BytesGenerator(file, policy=compat32.clone(linesep="\r\n", mangle_from_=False)).flatten(
            whole
        )
        return file.getvalue()


def one_line(text: str) -> str:
    """The text on one line, fit for a header."""
    # a line break in a header begins another header
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _encoded(text: str) -> str:
    """The text for a header: as it is, or in encoded words (RFC 2047) that blanks part."""
    return (
        text
        if text.isascii()
        else Header(text, "utf-8", maxlinelen=LONGEST_WORD).encode(linesep="")
    )


def _addresses(*addresses: Address) -> str:
    return ", ".join(map(_address, addresses))


def _address(address: Address) -> str:
    name = one_line(address.name)
    if name.isascii():
        return formataddr((name, address.email))
    return f"{_encoded(name)} <{address.email}>"


def _attachment(name: str, data: bytes) -> MIMEBase:
    kind = guess_type(name)[0] or "application/octet-stream"
    part = MIMEBase(*kind.split("/", 1))
    part.set_payload(data)
    encoders.encode_base64(part)
    # both ways of naming it: some programs know RFC 2231 only, others RFC 2047 only
    part.set_param("name", _encoded(name))
    part.add_header(
        "Content-Disposition",
        "attachment",
        filename=name if name.isascii() else ("utf-8", "", name),
    )
    return part
