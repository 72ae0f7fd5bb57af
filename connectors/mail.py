"""Mails as mentions: pure, and hard to confuse, since anybody may send anything.

Headers are read raw and decoded here: the standard library's own reading of them raises what it likes on
broken ones, and loses words in a charset that was not declared.
"""

import email
import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from connectors.errors import BadRecord
from connectors.text import plain
from storage.records import Author, Kind, Mention

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
READ = (
    "auto-submitted",
    "date",
    "from",
    "in-reply-to",
    "message-id",
    "precedence",
    "references",
    "return-path",
    "subject",
)
BULK = ("bulk", "list", "junk", "auto_reply")

_FOOT = re.compile(
    r"^(?:-- ?$|-+ ?(?:Original Message|Original-Nachricht|Ursprüngliche Nachricht) ?-+$).*",
    re.MULTILINE | re.DOTALL,
)
_QUOTED = re.compile(r"^(?:[^\n>][^\n]*:\n\n?)?(?:>[^\n]*(?:\n|\Z))+", re.MULTILINE)


def mention(raw: bytes, arrived: datetime | None, platform: str) -> Mention | None:
    """A mail as a mention; None for one that no person wrote to us.

    Args:
        raw: the mail, or its beginning.
        arrived: when the server took it.

    Raises:
        BadRecord, ValueError: it cannot be read.
    """
    try:
        mail = email.message_from_bytes(raw)
        headers = _headers(mail)
        if _is_automatic(headers) or mail.get_content_type() == "multipart/report":
            return None
        return Mention(
            platform=platform,
            platform_id=headers["message-id"].strip("<> ") or hashlib.sha256(raw).hexdigest(),
            kind=Kind.POST,
            published_at=_moment(headers["date"], arrived),
            title=_words(headers["subject"]) or None,
            text=_text(mail),
            author=_author(headers["from"]),
            parent_id=_first_id(headers["in-reply-to"]),
            thread_id=_first_id(headers["references"]),
        )
    except RecursionError:
        raise BadRecord("its parts or comments are nested too deeply") from None


def _headers(mail: Message) -> Mapping[str, str]:
    """The first of each header that is read here, on one line, its encoded words still encoded; "" where absent."""
    found = dict.fromkeys(READ, "")
    for name, value in mail.raw_items():
        key = name.lower()
        if found.get(key) == "":
            found[key] = " ".join(_decoded(str(value).encode("utf-8", "surrogateescape"), None).split())
    return found


def _is_automatic(headers: Mapping[str, str]) -> bool:
    return (
        headers["auto-submitted"].lower() not in {"", "no"}
        or headers["precedence"].lower() in BULK
        or headers["return-path"] == "<>"
    )


def _author(header: str) -> Author | None:
    name, address = parseaddr(header)
    address = address.lower()
    name = _words(name)
    if not (address or name):
        return None
    return Author(platform_id=address or name, handle=address or None, name=name or None)


def _moment(header: str, arrived: datetime | None) -> datetime:
    """When it was sent, by its own account, unless that cannot be; else when it arrived."""
    try:
        sent = parsedate_to_datetime(header)
    except (ValueError, TypeError, IndexError, OverflowError):
        sent = None
    if sent and sent.tzinfo is None:
        sent = sent.replace(tzinfo=UTC)
    if sent and sent >= EARLIEST and (arrived is None or sent <= arrived + timedelta(days=1)):
        return sent
    if arrived is None:
        raise ValueError("neither the mail nor the server tells a date")
    return arrived


def _text(mail: Message) -> str:
    """What its author wrote: without signature and without the quoted mail it answers, if anything is left then."""
    text = _parts(mail, "text/plain") or plain(_parts(mail, "text/html"))
    text = text.replace("\r\n", "\n")
    own = _QUOTED.sub("", _FOOT.sub("", text))
    return own.strip() or text.strip()


def _parts(mail: Message, kind: str) -> str:
    found = [
        _decoded(part.get_payload(decode=True), part.get_content_charset())
        for part in mail.walk()
        if part.get_content_type() == kind and not part.get_filename() and not part.is_multipart()
    ]
    return "\n".join(found).strip()


def _words(header: str) -> str:
    """Its encoded words (=?utf-8?...?=) decoded; as it is where they are broken."""
    try:
        pieces = decode_header(header)
    except (MessageError, ValueError):
        return header
    return "".join(one if isinstance(one, str) else _decoded(one, charset) for one, charset in pieces).strip()


def _decoded(raw: Any, charset: str | None) -> str:
    """Bytes as text, in the charset they claim to be in, or else in one in which they can be."""
    for name in (charset or "utf-8", "utf-8"):
        with suppress(LookupError, ValueError):
            return str(bytes(raw).decode(name)).replace("\0", "")
    return str(bytes(raw).decode("cp1252", "replace"))


def _first_id(header: str) -> str | None:
    found = re.search(r"<([^<>\s]+)>", header)
    return found and found[1]
