"""The mailbox connector against a real IMAP server: the contract's promises, over another protocol than HTTP."""

import json
import logging
import ssl
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.base import Allowance, Cursor, Page, Watch
from connectors.errors import AuthError, ConnectorError, RetryLater
from connectors.mailbox import BATCH, CONNECTOR, PART, Mailbox, MailboxSettings
from connectors.meter import metered
from listener import config, registry
from listener.stages.poll import poll
from storage.store import Store
from tests.connectors.test_mail import letter
from tests.imapserver import PASSWORD, USER, Server, serving
from tests.postbox import free_port

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=3)
OLD = SINCE - timedelta(days=30)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Server()) as running:
        yield running


def mail(number: int) -> bytes:
    return letter(f"entry {number}", Message_ID=f"<{number}@example.org>")


def mailbox(server: Server, **keys: Any) -> Mailbox:
    values = {"host": "127.0.0.1", "port": server.port, "security": "none", "username": USER, "timeout": 5}
    return Mailbox(MailboxSettings(**{**values, "password": PASSWORD, **keys}))


def pages(server: Server, cursor: Cursor | None = None, **keys: Any) -> Iterator[Page]:
    return mailbox(server, **keys).poll(Watch(since=SINCE, now=NOW), cursor)


def entries(found: list[Page]) -> list[int]:
    return [int(one.text.removeprefix("entry ")) for page in found for one in page.mentions]


def last(found: list[Page]) -> Cursor | None:
    cursors = [json.loads(json.dumps(page.cursor)) for page in found]
    return cursors[-1] if cursors else None


def test_first_poll_finds_every_mail_since(server: Server) -> None:
    assert CONNECTOR is Mailbox
    server.put(mail(99), OLD)
    for number in range(1, 8):
        server.put(mail(number))
    found = list(pages(server))
    assert entries(found) == list(range(1, 8))
    assert last(found) == {"place": f"{USER}@127.0.0.1/INBOX", "validity": 7, "uid": 8}


def test_nothing_in_the_mailbox_is_changed(server: Server) -> None:
    for number in range(3):
        server.put(mail(number))
    list(pages(server))
    assert server.seen == set()
    assert [one.partition(" ")[0] for one in server.commands] == [
        "CAPABILITY", "LOGIN", "EXAMINE", "SEARCH", "FETCH",
    ]  # fmt: skip


def test_empty_folder(server: Server) -> None:
    server.put(mail(99), OLD)
    assert list(pages(server)) == []
    server.put(mail(1))
    assert entries(list(pages(server))) == [1]


def test_polling_again_yields_nothing_new(server: Server) -> None:
    server.put(mail(1))
    found = list(pages(server))
    assert list(pages(server, last(found))) == []
    server.put(mail(2), OLD)  # moved into the folder
    assert entries(list(pages(server, last(found)))) == [2]


def test_backlog_of_ten_thousand_over_several_polls(server: Server) -> None:
    for number in range(10_000):
        server.put(mail(number))
    found: list[Page] = []
    polls = 0
    while more := list(islice(pages(server, last(found)), 50)):
        found += more
        polls += 1
    assert entries(found) == list(range(10_000))
    assert (polls, len(found)) == (4, 10_000 / BATCH)


def test_cut_off_after_every_page(server: Server) -> None:
    for number in range(4 * BATCH):
        server.put(mail(number))
    found: list[Page] = []
    for _ in range(6):
        found += islice(pages(server, last(found)), 1)
        server.put(mail(len(server.mails)))
    found += pages(server, last(found))
    assert entries(found) == list(range(4 * BATCH + 6))


def test_a_new_numbering_starts_over(server: Server) -> None:
    for number in range(3):
        server.put(mail(number))
    cursor = last(list(pages(server)))
    server.validity, server.mails = 8, []
    server.put(mail(99), OLD)
    server.put(mail(5))
    assert entries(list(pages(server, cursor))) == [5]
    server.validity = 7
    server.folder = b'"Archiv/&ANY-l"'
    assert entries(list(pages(server, cursor, folder="Archiv/Öl"))) == [5], (
        "another folder's numbers mean nothing"
    )


def test_a_mail_deleted_meanwhile_is_skipped(server: Server) -> None:
    for number in range(3):
        server.put(mail(number))
    server.misbehave["FETCH"] = [lambda: server.mails.pop(1)]
    assert entries(list(pages(server))) == [0, 2]


def test_malformed_among_good_ones(server: Server) -> None:
    server.put(mail(1))
    server.put(b"\xff\0\r\n")
    server.put(letter(None or "", Subject="", Message_ID="<empty@example.org>"))
    server.put(b"")
    server.put(mail(2))
    found = list(pages(server))
    assert [one.text for page in found for one in page.mentions if "entry" in one.text] == [
        "entry 1",
        "entry 2",
    ]
    reasons = {one.reason for page in found for one in page.rejects}
    assert reasons == {"ValueError: a mention needs a text or a title"}


def test_only_the_beginning_of_a_large_mail_is_fetched(server: Server) -> None:
    body = (
        "--x\r\nContent-Type: text/plain\r\n\r\nentry 1\r\n--x\r\nContent-Type: image/png\r\n\r\n"
        + "A" * 20 * PART
    )
    server.put(letter(body, Content_Type="multipart/mixed; boundary=x"))
    assert entries(list(pages(server))) == [1]
    assert f"<0.{PART}>" in server.commands[-1]


@pytest.mark.parametrize("password", ["wrong", "falsch-ü"])
def test_wrong_password(server: Server, password: str) -> None:
    with pytest.raises(AuthError, match=f"^127.0.0.1 refuses the login of {USER}$"):
        list(pages(server, password=password))


def test_a_password_with_umlauts(server: Server) -> None:
    server.password = 'Bröt"chen\\'
    server.put(mail(1))
    assert entries(list(pages(server, password=server.password))) == [1]


@pytest.mark.parametrize(
    "said",
    [
        b"[UNAVAILABLE] try later",
        b"[OVERQUOTA] Account exceeded command or bandwidth limits.",
        b"[ALERT] Too many simultaneous connections. (Failure)",
        b"Temporary authentication failure",
    ],
)
def test_refused_for_now(server: Server, said: bytes) -> None:
    server.misbehave["LOGIN"] = [b"TAG NO " + said + b"\r\n"]
    with pytest.raises(RetryLater, match="lets nobody log in at the moment"):
        list(pages(server))


def test_no_such_folder(server: Server) -> None:
    with pytest.raises(RetryLater, match="opens no folder 'Nowhere'"):
        list(pages(server, folder="Nowhere"))


GARBAGE = [
    b"",
    b"<html>\r\n<body>\r\n",
    b"TAG NO not now\r\n",
    b"TAG BAD what\r\n",
    b"* BYE shutting down\r\n",
    b"* SEARCH one two\r\nTAG OK\r\n",
    b"* 1 FETCH (UID 1 BODY[] {99999}\r\nshort",
    b"\xff\xfe\0\r\n",
    b"TAG OK\r\n",
]


@pytest.mark.parametrize("command", ["CAPABILITY", "LOGIN", "EXAMINE", "SEARCH", "FETCH"])
@pytest.mark.parametrize("answer", GARBAGE)
def test_garbage_and_resets(server: Server, command: str, answer: bytes) -> None:
    """Whatever the server says, it is one of our errors, or no mails; and all is found the next time."""
    server.put(mail(1))
    server.misbehave[command] = [answer]
    found, error = until_error(pages(server, timeout=0.3))
    if error is None:
        assert answer == b"TAG OK\r\n" or command == "CAPABILITY"
    else:
        assert "\n" not in str(error)
        assert isinstance(error, RetryLater) or command == "LOGIN"
    server.misbehave = {}
    if not found:
        assert entries(list(pages(server))) == [1]


def test_reset_midway(server: Server) -> None:
    for number in range(3 * BATCH):
        server.put(mail(number))
    server.misbehave["FETCH"] = [lambda: None, b""]
    found, error = until_error(pages(server))
    assert len(found) == 1
    assert isinstance(error, RetryLater)
    found += pages(server, last(found))
    assert entries(found) == list(range(3 * BATCH))


def until_error(polled: Iterator[Page]) -> tuple[list[Page], ConnectorError | None]:
    """The pages that came, and what ended them before their time."""
    found: list[Page] = []
    try:
        for page in polled:
            found.append(page)  # noqa: PERF402 - those before the error count
    except ConnectorError as error:
        return found, error
    return found, None


@pytest.mark.parametrize("command", ["CAPABILITY", "LOGIN", "SEARCH", "FETCH"])
def test_timeout(server: Server, command: str) -> None:
    server.put(mail(1))
    server.misbehave[command] = [lambda: time.sleep(1)]
    began = time.monotonic()
    with pytest.raises(RetryLater):
        list(pages(server, timeout=0.2))
    assert time.monotonic() - began < 0.9


def test_nobody_there() -> None:
    with pytest.raises(RetryLater, match="ConnectionRefusedError"):
        list(pages(Server(port=free_port())))


def test_budget(server: Server) -> None:
    for number in range(3 * BATCH):
        server.put(mail(number))
    with metered(Allowance(calls=4)) as meter:
        found, error = until_error(pages(server))
    assert len(found) == 2
    assert "budget" in str(error)
    assert meter.take() == (4, 0, {})
    with metered(Allowance(calls=0)), pytest.raises(RetryLater, match="budget"):
        list(pages(server))


def test_no_secret_is_told(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.put(mail(1))
    told = [repr(mailbox(server)), repr(mailbox(server)._settings)]  # noqa: SLF001 - what a debugger would show
    list(pages(server))
    answers = [b"TAG NO wrong: LINE\r\n", b"TAG BAD unknown: LINE\r\n", b"LINE\r\n", b"* BYE LINE\r\n", b""]
    for answer in answers:
        server.misbehave["LOGIN"] = [answer]
        try:
            list(pages(server, timeout=0.3))
        except (AuthError, RetryLater) as error:
            told.append("".join(traceback.format_exception(error)) + repr(error) + repr(vars(error)))
    assert len(told) == 2 + len(answers)
    assert PASSWORD not in "\n".join([*told, caplog.text])


def test_stored_once_through_two_folders(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "BUILTIN", tuple({*registry.BUILTIN, "mailbox"}))
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    source = """
        [[sources]]
        connector = "mailbox"
        name = "{name}"
        host = "127.0.0.1"
        port = {port}
        security = "none"
        username = "{user}"
        password_env = "MAIL_PASSWORD"
        backfill = "3650d"
        """
    sources = [source.format(name=name, port=server.port, user=USER) for name in ("one", "two")]
    path = tmp_path / "config.toml"
    path.write_text('[[brands]]\nname = "Acme"\nquery = "acme"\n' + "\n".join(sources), "utf-8")
    server.put(mail(1))
    server.put(letter("null \0 byte", Message_ID="<2@example.org>"))
    configured = config.load(path)
    for _ in range(2):
        outcomes = poll(configured, only=["one", "two"])
        assert [one.error for one in outcomes] == [None, None]
    with Store(configured.database) as store:
        rows = store.rows("SELECT platform_id, text, author FROM mention_overview ORDER BY platform_id")
    assert [tuple(row) for row in rows] == [
        ("1@example.org", "entry 1", "anna@example.org"),
        ("2@example.org", "null  byte", "anna@example.org"),
    ]


# ---- encryption


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody knows, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(pem))
    return path


@pytest.fixture(params=["tls", "starttls"])
def encrypted(request: pytest.FixtureRequest, certificate: Path) -> Iterator[Callable[[], list[Page]]]:
    """Polls a server that encrypts in either way."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(Server(tls=context, starttls=request.param == "starttls")) as running:
        running.put(mail(1))
        yield lambda: list(pages(running, host="localhost", security=request.param))


def test_a_known_certificate(
    encrypted: Callable[[], list[Page]], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert entries(encrypted()) == [1]


def test_an_unknown_certificate_is_refused(encrypted: Callable[[], list[Page]]) -> None:
    with pytest.raises(RetryLater, match="certificate verify failed"):
        encrypted()


def test_a_server_without_starttls_is_not_told_the_password(server: Server) -> None:
    with pytest.raises(RetryLater, match="TLS not supported"):
        list(pages(server, security="starttls"))
    assert "LOGIN" not in server.commands
