"""The digest as a mail: text, HTML and its pictures in one message."""

import json
import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import blake2b

from listener.digest import present
from listener.digest.data import DigestData
from listener.digest.files import slug
from listener.digest.html import Html, render_html
from listener.digest.text import render_text
from listener.digest.texts import Texts
from storage.records import Language


def message(
    data: DigestData,
    language: Language,
    *,
    sender: str,
    recipient: str,
    message_id: str,
    date: datetime,
) -> EmailMessage:
    """A mail ready to be sent, marked as automatic so that no out-of-office answers it.

    ``sender`` and ``recipient`` are addresses with or without a name. Raises ``ValueError`` where one of the
    headers would hold a line break.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = recipient
    mail["Subject"] = present.subject(data, Texts(language))
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = message_id
    mail["List-Id"] = _list_id(data.brand, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = language
    mail.set_content(render_text(data, language), cte="quoted-printable")
    mail.make_alternative()
    mail.attach(_related(render_html(data, language)))
    return mail


def _related(page: Html) -> EmailMessage:
    """The page with the pictures it names."""
    part = EmailMessage(policy=SMTP)
    part.set_content(page.html, subtype="html", cte="quoted-printable")
    for content_id, png in page.images.items():
        name = f"{content_id.partition('@')[0]}.png"
        part.add_related(png, "image", "png", cid=f"<{content_id}>", disposition="inline", filename=name)
    return part


def message_id(instance: str, brand: str, day: str, recipient: str) -> str:
    """The same for the same digest and recipient, whenever and wherever it is sent again.

    ``instance`` names the installation, at best by its host name.
    """
    parts = json.dumps([instance, brand, day, recipient]).encode()
    host = re.sub(r"[^a-z0-9.-]+", "-", instance.lower()).strip(".-") or "listener"
    return f"<digest.{blake2b(parts, digest_size=16).hexdigest()}@{host}>"


def _list_id(brand: str, sender: str) -> str:
    """By this people sort their mail (RFC 2919)."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return f"<{slug(brand)}.digest.{domain or 'localhost'}>"
