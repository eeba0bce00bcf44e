"""A letter taken apart: who wrote it, when, and the files in it, however programs packed them."""

from __future__ import annotations

import binascii
import codecs
import datetime as dt
import email
import re
from collections.abc import Iterator
from contextlib import suppress
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime

from khreport.dates import ZONE
from khreport.letters import Address
from khreport.mails import Bounce, Mail, MailKind, Piece
from khreport.raw import Refusal
from khreport.text import clean

MOST_PARTS, DEEPEST = 500, 5
"""How many parts, and letters inside letters, anybody sends who means no harm."""
MOST_SHOWN, MOST_LINKS = 200, 5
NO_FILES = (
    "application/applefile",  # what a Mac knows of a file beside its content
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "text/calendar",
    "text/vcard",
    "text/x-vcard",
)
LINK = re.compile(
    rb"https?://(?:[\w-]+\.)*(?:drive\.google\.com|docs\.google\.com|1drv\.ms|onedrive\.live\.com"
    rb"|sharepoint\.com|dropbox\.com|fshare\.vn|mega\.nz|wetransfer\.com|we\.tl|mediafire\.com"
    rb"|zalo(?:app\.com|\.me))/[^\s\"'<>]{1,300}",
    re.IGNORECASE,
)
ENCODINGS = ("utf-8", "cp1258")
"""In which old programs write Vietnamese bare, in the order in which they can be told apart."""


def read_mail(data: bytes) -> Mail:
    """The letter in these bytes (an .eml file, or as a server gave it).

    Raises:
        Refusal: it is damaged, or has more parts or letters inside letters than anybody needs.

    """
    try:
        return _read(data, 0)
    except RecursionError as error:
        raise Refusal("file.archive_large") from error
    except (ValueError, LookupError, TypeError, AttributeError, MessageError) as error:
        # what the standard library's parser makes of headers that nobody foresaw
        raise Refusal("file.damaged") from error


def _read(data: bytes, depth: int) -> Mail:
    if depth > DEEPEST:
        raise Refusal("file.archive_large")
    # Notepad writes a mark before the first header, which would hide it
    message = email.message_from_bytes(data.removeprefix(codecs.BOM_UTF8))
    parts = list(_own_parts(message))
    if len(parts) > MOST_PARTS:
        raise Refusal("file.archive_large")
    for part in (message, *parts):
        _mend_headers(part)
    sender = _addresses(message, "From")[0]
    kind, bounces = _tell_kind(message, parts)
    pieces, links = [], dict[str, None]()
    for part in parts if kind != "bounce" else ():
        found = _piece(part, sender)
        if found is None:
            if part.get_content_maintype() == "text":
                links |= dict.fromkeys(
                    m.decode("ascii", "replace") for m in LINK.findall(_bytes(part))
                )
        elif part.get_content_type() == "message/rfc822" or found.name.lower().endswith(".eml"):
            inner = _read(found.data, depth + 1)
            links |= dict.fromkeys(inner.links)
            pieces += [
                Piece(
                    name=piece.name,
                    data=piece.data,
                    senders=(sender, *piece.senders),
                    shown=piece.shown,
                )
                for piece in inner.pieces
            ]
        else:
            pieces.append(found)
    if len(pieces) > MOST_PARTS:
        raise Refusal("file.archive_large")
    return Mail(
        sender=sender,
        # a picture is part of what the program says; a file is somebody's
        kind="letter" if kind == "automatic" and not all(p.shown for p in pieces) else kind,
        subject=_text(message, "Subject"),
        date=read_day(str(message.get("Date", ""))),
        # each server writes its line above those of the servers before it
        came=read_day(str(message.get("Received", "")).rpartition(";")[2]),
        message_id=_ids(message, "Message-ID")[0],
        about=_bounced_ids(parts) if kind == "bounce" else _answered_ids(message),
        pieces=tuple(pieces),
        links=tuple(links)[:MOST_LINKS],
        bounces=bounces,
    )


def _own_parts(message: Message) -> Iterator[Message]:
    """The parts of a letter that hold something themselves; a letter inside it is one of them."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    if message.get_content_type() == "message/delivery-status":
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _own_parts(part)


def _mend_headers(part: Message) -> None:
    """Nothing; headers that were written in bare bytes are text afterwards."""
    for place, (name, value) in enumerate(part._headers):  # type: ignore[attr-defined]  # noqa: SLF001
        with suppress(UnicodeEncodeError):
            raw = str(value).encode("ascii", "surrogateescape")
            if not raw.isascii():
                part._headers[place] = (name, _decode(raw))  # type: ignore[attr-defined]  # noqa: SLF001


def _decode(raw: bytes) -> str:
    for encoding in ENCODINGS:
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("latin-1")


def _words(text: str) -> str:
    """A header's text as people read it: encoded words (RFC 2047) decoded, on one line."""
    try:
        said = [
            part if isinstance(part, str) else _decode_as(part, charset)
            for part, charset in decode_header(text)
        ]
    except (HeaderParseError, MessageError, ValueError):
        said = [text]
    return " ".join(clean("".join(said)).split())


def _decode_as(part: bytes, charset: str | None) -> str:
    # a header without encoded words between them is given in bytes that stand for characters
    if charset is None:
        return part.decode("raw-unicode-escape")
    try:
        return part.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return _decode(part)


def _text(message: Message, name: str) -> str:
    return _words(str(message.get(name, "")))


def _addresses(message: Message, name: str) -> list[Address]:
    """The addresses of a header; one that says nothing where there is none."""
    found = [
        Address(_words(called), address.strip().casefold())
        for called, address in getaddresses([str(value) for value in message.get_all(name, [])])
        if "@" in address
    ]
    return found or [Address("", "")]


def _ids(message: Message, name: str) -> list[str]:
    return re.findall(r"<[^<>\s]+>", str(message.get(name, ""))) or [""]


def _answered_ids(message: Message) -> tuple[str, ...]:
    return tuple(filter(None, [*_ids(message, "References"), *_ids(message, "In-Reply-To")]))


def read_day(text: str) -> dt.datetime | None:
    """The moment that a letter or a server writes so; None where that is none."""
    try:
        day = parsedate_to_datetime(" ".join(text.split()))
        # a day without a zone is taken for one here
        return day.astimezone(ZONE) if day.tzinfo else day.replace(tzinfo=ZONE)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def _bytes(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, binascii.Error, LookupError):
        return b""
    return content if isinstance(content, bytes) else b""


def _piece(part: Message, sender: Address) -> Piece | None:
    """The file that a part holds; None for the text of the letter, and what only goes with it."""
    kind, name = part.get_content_type(), file_name(part)
    if kind in NO_FILES or part.get_content_maintype() == "multipart":
        return None
    if kind == "message/rfc822":
        return Piece(name=name or "thu.eml", data=_inner_letter(part), senders=(sender,))
    if part.get_content_maintype() == "message" or (
        not name and kind in ("text/plain", "text/html")
    ):
        return None
    disposition = str(part.get_content_disposition() or "")
    shown = kind.startswith("image/") and (disposition != "attachment" or "Content-ID" in part)
    return Piece(name=name or "khong-ten", data=_bytes(part), senders=(sender,), shown=shown)


def _inner_letter(part: Message) -> bytes:
    """A letter inside a letter; some programs encode it, which no standard allows."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message):
        return b""
    coding = str(part.get("Content-Transfer-Encoding", "")).strip().casefold()
    if coding in ("base64", "quoted-printable") and not inner.keys():
        inner["Content-Transfer-Encoding"] = coding
        return _bytes(inner)
    return inner.as_bytes(policy=inner.policy.clone(mangle_from_=False, max_line_length=0))


def file_name(part: Message) -> str:
    """The name of a part's file, by RFC 2231, RFC 2047 or bare bytes; "" if it has none."""
    names = [
        _words(collapse_rfc2231_value(value, errors="replace"))
        for header, key in (("Content-Disposition", "filename"), ("Content-Type", "name"))
        if isinstance(value := part.get_param(key, "", header), str | tuple) and value
    ]
    # where one of the two was garbled on the way, the other may not have been
    whole = [name for name in names if "\ufffd" not in name and "=?" not in name] or names
    return whole[0].replace("\\", "/").rpartition("/")[2] if whole else ""


def _tell_kind(message: Message, parts: list[Message]) -> tuple[MailKind, tuple[Bounce, ...]]:
    """Who or what wrote the letter, and which addresses a letter of ours did not reach."""
    report = str(message.get_param("report-type", "")).casefold()
    if message.get_content_type() == "multipart/report" and report == "delivery-status":
        return "bounce", tuple(_bounces(parts))
    failed = getaddresses([str(value) for value in message.get_all("X-Failed-Recipients", [])])
    if failed:
        return "bounce", tuple(Bounce(address.casefold(), "") for _, address in failed)
    automatic = (
        report == "disposition-notification"
        or str(message.get("Auto-Submitted", "no")).strip().casefold() != "no"
        or "X-Autoreply" in message
        or "X-Autorespond" in message
        or str(message.get("Precedence", "")).strip().casefold() == "auto_reply"
    )
    return "automatic" if automatic else "letter", ()


def _bounces(parts: list[Message]) -> Iterator[Bounce]:
    """The addresses of a report (RFC 3464) that the letter did not reach and never will."""
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        for group in part.get_payload():
            if (
                isinstance(group, Message)
                and str(group.get("Action", "")).strip().lower() == "failed"
            ):
                address = _after_kind(group, "Final-Recipient") or _after_kind(
                    group, "Original-Recipient"
                )
                said = _after_kind(group, "Diagnostic-Code") or _text(group, "Status")
                yield Bounce(address.casefold(), said[:MOST_SHOWN])


def _after_kind(group: Message, name: str) -> str:
    """A field's text behind what says which kind it is ("rfc822; a@b.example")."""
    text = _text(group, name)
    return text.partition(";")[2].strip() if ";" in text else text


def _bounced_ids(parts: list[Message]) -> tuple[str, ...]:
    """The ids of letters that a report quotes."""
    found: dict[str, None] = {}
    for part in parts:
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            text = _bytes(part) or b"".join(
                inner.as_bytes()[:20_000]
                for inner in part.get_payload()
                if isinstance(inner, Message)
            )
            quoted = email.message_from_bytes(text)
            found |= dict.fromkeys(filter(None, _ids(quoted, "Message-ID")))
    return tuple(found)
