"""Deliver: send the letters of the outbox until the mail server has taken them."""

import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog

from listener.config import Config, SmtpSection
from listener.digest import mail
from listener.digest.data import DigestData
from storage import digests
from storage.digests import Letter
from storage.store import Store

TIMEOUT = 20.0
LONGEST_WAIT = timedelta(hours=6)

log = structlog.get_logger()


def deliver(
    store: Store, config: Config, *, now: datetime | None = None, stop: threading.Event | None = None
) -> tuple[int, int]:
    """Send what waits; returns how many letters were sent and how many were not.

    A letter that was taken by the server but not yet noted as sent when the process died is sent again
    under the same Message-ID, by which mail systems recognise it.
    """
    now = now or datetime.now(UTC)
    waiting = digests.unsent(store, now)
    if not waiting:
        return 0, 0
    if config.file.smtp is None:
        log.warning("letters wait for a mail server: the config has no [smtp] table", letters=len(waiting))
        return 0, len(waiting)
    try:
        with _connect(config.file.smtp) as server:
            return _send_all(store, server, config.file.smtp.sender, waiting, now=now, stop=stop)
    except (OSError, smtplib.SMTPException) as error:
        for letter in waiting:
            _put_off(store, letter, f"mail server {config.file.smtp.host}: {error}", now)
        return 0, len(waiting)


def _send_all(
    store: Store,
    server: smtplib.SMTP,
    sender: str,
    waiting: list[Letter],
    *,
    now: datetime,
    stop: threading.Event | None,
) -> tuple[int, int]:
    sent = failed = 0
    for letter in waiting:
        if stop is not None and stop.is_set():
            break
        digest = digests.get(store, letter.digest_id)
        if digest is None:  # its brand was erased meanwhile; the outbox row went with it
            continue
        message = mail.message(
            DigestData.model_validate(digest.data),
            digest.language,
            sender=sender,
            recipient=letter.recipient,
            message_id=letter.message_id,
            date=now,
        )
        try:
            server.send_message(message)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
            _put_off(store, letter, str(error), now)
            failed += 1
        else:
            digests.sent(store, letter.id, now)
            log.info("sent", message_id=letter.message_id)
            sent += 1
    return sent, failed


@contextmanager
def _connect(smtp: SmtpSection) -> Iterator[smtplib.SMTP]:
    """A session with the mail server, encrypted and logged in as configured."""
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT, context=context)
        if smtp.security == "tls"
        else smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT)
    )
    with server:
        if smtp.security == "starttls":
            server.starttls(context=context)
        if smtp.username is not None:
            password = smtp.password
            server.login(smtp.username, password.get_secret_value() if password else "")
        yield server


def _put_off(store: Store, letter: Letter, error: str, now: datetime) -> None:
    """Twice as long after every attempt, up to six hours."""
    wait = min(timedelta(minutes=2 ** min(letter.attempts, 10)), LONGEST_WAIT)
    digests.not_sent(store, letter.id, error, now + wait)
    log.warning("not sent", message_id=letter.message_id, error=error)
