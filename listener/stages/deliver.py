"""Deliver: send the letters of the outbox until the mail server has taken them."""

import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import structlog
from filelock import FileLock, Timeout

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

    Nothing is sent twice by two processes at once: the second one leaves the outbox to the first. A letter that
    the server has taken but that was not noted as sent when the process died goes out again under the same
    Message-ID, by which mail systems recognise it.
    """
    now = now or datetime.now(UTC)
    try:
        with FileLock(f"{store.path}.outbox.lock", timeout=0):
            return _send_all(store, config, digests.unsent(store, now), now, stop)
    except Timeout:
        log.info("another process is sending the letters")
        return 0, 0


def _send_all(
    store: Store, config: Config, waiting: list[Letter], now: datetime, stop: threading.Event | None
) -> tuple[int, int]:
    """Letter by letter, so that one that cannot be sent holds up no other."""
    if not waiting:
        return 0, 0
    if config.file.smtp is None:
        return 0, _put_all_off(store, waiting, "the config has no [smtp] table", now)
    sent = failed = 0
    with ExitStack() as session:
        server: smtplib.SMTP | None = None
        for number, letter in enumerate(waiting):
            if stop is not None and stop.is_set():
                break
            try:
                server = server or session.enter_context(_connect(config.file.smtp))
            except (OSError, smtplib.SMTPException) as error:
                left = _put_all_off(
                    store, waiting[number:], f"mail server {config.file.smtp.host}: {error}", now
                )
                return sent, failed + left
            try:
                server.send_message(_message(store, letter, config.file.smtp.sender, now))
            except (OSError, smtplib.SMTPException, ValueError) as error:
                _put_off(store, letter, f"{type(error).__name__}: {error}", now)
                failed += 1
                server = None  # the next letter gets a connection that knows nothing of this trouble
                _close(session)
            else:
                digests.sent(store, letter.id, now)
                log.info("sent", message_id=letter.message_id)
                sent += 1
    return sent, failed


def _put_all_off(store: Store, letters: list[Letter], error: str, now: datetime) -> int:
    for letter in letters:
        _put_off(store, letter, error, now)
    return len(letters)


def _message(store: Store, letter: Letter, sender: str, now: datetime) -> EmailMessage:
    digest = digests.get(store, letter.digest_id)
    return mail.message(
        DigestData.model_validate(digest.data),
        digest.language,
        sender=sender,
        recipient=letter.recipient,
        message_id=letter.message_id,
        date=now,
    )


def _close(session: ExitStack) -> None:
    try:
        session.close()
    except (OSError, smtplib.SMTPException) as error:
        log.debug("the mail server had gone", error=str(error))


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
