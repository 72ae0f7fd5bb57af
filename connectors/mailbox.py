"""A mailbox that customers write to (feedback@...), over IMAP.

Nothing in it is changed: the folder is opened read-only, and mails stay as unread as they were. Of a large
mail only the beginning is fetched, where its words are.
"""

import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from imaplib import IMAP4
from itertools import islice
from typing import Any, ClassVar, Literal

from imap_tools import AND, BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError
from pydantic import Field, SecretStr

from connectors import base, mail, meter
from connectors.base import About, Count, Cursor, Page, Syntax, Watch, parse_each
from connectors.errors import AuthError, RetryLater
from connectors.http import library_errors
from storage.records import Mention

BATCH = 50
PART = 256 * 1024
"""Bytes of a mail that are fetched: its headers and words, before the attachments."""
ERRORS = (OSError, IMAP4.error, ImapToolsError, ValueError, TypeError, AttributeError, LookupError)
"""What the client library raises on a broken connection, a refusal, or an answer that is no IMAP."""
PASSING = re.compile(
    r"\[(UNAVAILABLE|INUSE|LIMIT|OVERQUOTA|SERVERBUG)\]|too many|temporar(y|ily)|try again later|exceeded",
    re.IGNORECASE,
)
"""How a server refuses a login for now, whatever the password: codes of RFC 5530, or words where it knows no codes."""


class MailboxSettings(base.Settings):
    base_url: str = ""
    """Not used: see host."""
    host: str = Field(min_length=1, description="the IMAP server")
    port: int | None = Field(default=None, ge=1, le=65535)
    """993 with tls, else 143, unless given here."""
    security: Literal["tls", "starttls", "none"] = "tls"
    """How the connection is encrypted; a certificate of your own goes into the file that SSL_CERT_FILE names."""
    username: str
    """Whose mailbox it is, as the server knows them."""
    password: SecretStr
    """Or an app password, where the provider has them."""
    folder: str = "INBOX"
    """The folder to read."""


class Mailbox:
    """Reads a folder in the order in which its mails arrived."""

    name: ClassVar[str] = "mailbox"
    about: ClassVar[About] = About(
        sees="mails to an address of yours, with their subject and text",
        needs="the mailbox's IMAP server, user and password",
        costs="nothing",
        limits="no counts of any kind; attachments are not read",
        terms="https://www.rfc-editor.org/rfc/rfc9051",
        caveats="Automatic replies, bounces and mailing lists are left out, and so are contact forms that mark"
        " their mails as automatic. A mail that is deleted or moved away stays here: people tidy up their"
        " inbox. Providers that allow OAuth only (Microsoft 365, Gmail without an app password) cannot be read.",
    )
    Settings: ClassVar[type[base.Settings]] = MailboxSettings
    gives: ClassVar[frozenset[Count]] = frozenset()
    syntax: ClassVar[Syntax | None] = None
    places: ClassVar[tuple[str, ...]] = ("host", "folder")
    match: ClassVar[Literal["query", "all"]] = "all"

    def __init__(self, settings: MailboxSettings) -> None:
        self._settings = settings
        self._place = f"{settings.username}@{settings.host}/{settings.folder}"

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """Batches of mails, oldest first; the cursor is the last one's UID, which grows with every arrival.

        Raises:
            AuthError: the server refuses the login. RetryLater: anything else.
        """
        with self._opened() as box:
            known = {"place": self._place, "validity": self._enter(box)}
            same = cursor is not None and {key: cursor.get(key) for key in known} == known
            last = int(cursor["uid"]) if cursor and same else 0
            uids = iter(self._uids(box, last, watch.since))
            while batch := list(islice(uids, BATCH)):
                mentions, rejects = parse_each(self._fetch(box, batch), parse)
                yield Page(mentions=mentions, rejects=rejects, cursor={**known, "uid": batch[-1]})

    @contextmanager
    def _opened(self) -> Iterator[BaseMailBox]:
        """The folder, open for reading only; hung up at the end, since a server that is stuck answers no farewell."""
        meter.count()
        with library_errors(self._settings.host, *ERRORS):
            box = self._connected()
        try:
            if self._settings.security == "starttls":
                with library_errors(self._settings.host, *ERRORS):
                    box.client.starttls(ssl.create_default_context())
            self._log_in(box)
            yield box
        finally:
            with suppress(OSError):  # it is cut off already
                box.client.shutdown()

    def _connected(self) -> BaseMailBox:
        host, port, timeout = self._settings.host, self._settings.port, self._settings.timeout
        if self._settings.security != "tls":
            return MailBoxUnencrypted(host, port or 143, timeout=timeout)
        context = ssl.create_default_context()  # imaplib's own default checks no certificate
        return MailBox(host, port or 993, timeout=timeout, ssl_context=context)

    def _log_in(self, box: BaseMailBox) -> None:
        """What the server says to a login is not quoted: it may repeat the password."""
        settings = self._settings
        password = settings.password.get_secret_value()
        try:
            login = box.login if (settings.username + password).isascii() else box.login_utf8
            login(settings.username, password, initial_folder=None)
        except (OSError, IMAP4.abort) as error:
            raise RetryLater(f"{settings.host} hung up at the login: {type(error).__name__}") from None
        except (IMAP4.error, ImapToolsError, ValueError) as error:
            if PASSING.search(str(error)):
                raise RetryLater(f"{settings.host} lets nobody log in at the moment") from None
            raise AuthError(f"{settings.host} refuses the login of {settings.username}") from None

    def _enter(self, box: BaseMailBox) -> int:
        """Open the folder; returns its UIDVALIDITY: UIDs of another one mean nothing here."""
        with library_errors(self._settings.host, *ERRORS):
            try:
                box.folder.set(self._settings.folder, readonly=True)
            except MailboxFolderSelectError:
                raise RetryLater(f"{self._settings.host} opens no folder {self._settings.folder!r}") from None
            return int(box.client.response("UIDVALIDITY")[1][0])

    def _uids(self, box: BaseMailBox, last: int, since: datetime) -> list[int]:
        """What arrived behind the last UID; on a first poll, since the day before ``since`` (the server counts
        days in a time zone of its own).
        """
        meter.count()
        wanted = f"UID {last + 1}:*" if last else AND(date_gte=(since - timedelta(days=1)).date())
        with library_errors(self._settings.host, *ERRORS):
            found = sorted(int(uid) for uid in box.uids(wanted, charset=None))
        return [uid for uid in found if uid > last]  # "9:*" gives the newest mail even where it is older

    def _fetch(self, box: BaseMailBox, uids: Sequence[int]) -> list[dict[str, Any]]:
        """The mails as they are; those deleted meanwhile are not among them."""
        meter.count()
        wanted = f"(UID INTERNALDATE BODY.PEEK[]<0.{PART}>)"
        with library_errors(self._settings.host, *ERRORS):
            status, data = box.client.uid("FETCH", ",".join(map(str, uids)), wanted)
        if status != "OK":
            raise RetryLater(f"{self._settings.host} does not hand over its mails")
        mails: list[dict[str, Any]] = []
        for item in data:
            if isinstance(item, tuple):
                mails.append({"about": item[0].decode("ascii", "replace"), "mail": item[1]})
            elif mails and item:
                mails[-1]["about"] += item.decode("ascii", "replace")
        return mails


def parse(record: Mapping[str, Any]) -> Mention | None:
    """What the server gave of one mail as a mention; None for one that no person wrote to us."""
    found = re.search(r'INTERNALDATE "([^"]+)"', record["about"])
    arrived = parsedate_to_datetime(found[1]) if found else None
    return mail.mention(record["mail"], arrived, Mailbox.name)


CONNECTOR = Mailbox
