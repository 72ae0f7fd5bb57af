"""A small IMAP4rev1 server (RFC 3501) on the loopback interface: one user, one folder, what a reader needs.

It keeps what it was told, and can be told to misbehave at any command.
"""

import base64
import re
import socketserver
import ssl
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

USER = "feedback@example.org"
PASSWORD = "sEcReTmArKeR0123456789abcdef"


@dataclass
class Mail:
    uid: int
    arrived: datetime
    raw: bytes


@dataclass
class Server:
    """What the server has, what it saw, and how it behaves."""

    mails: list[Mail] = field(default_factory=list)
    password: str = PASSWORD
    validity: int = 7
    folder: bytes = b'"INBOX"'
    commands: list[str] = field(default_factory=list)
    """What it was told, without the arguments of a login."""
    seen: set[int] = field(default_factory=set)
    misbehave: dict[str, list[bytes | Callable[[], object]]] = field(default_factory=dict)
    """By command (``FETCH``): what to answer instead, once each; b"" hangs up, a function is called."""
    tls: ssl.SSLContext | None = None
    starttls: bool = False
    port: int = 0

    def put(self, raw: bytes, arrived: datetime = datetime(2026, 11, 19, 12, tzinfo=UTC)) -> int:
        """A new mail; returns its UID."""
        uid = self.mails[-1].uid + 1 if self.mails else 1
        self.mails.append(Mail(uid, arrived, raw))
        return uid


class _Connection(socketserver.StreamRequestHandler):
    """One client's session."""

    server: "_Listening"
    peer: Server
    disable_nagle_algorithm = True
    state = "greeted"

    def handle(self) -> None:
        self.peer = self.server.peer
        if self.peer.tls and not self.peer.starttls:
            self._encrypt()
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline():
            tag, _, rest = line.rstrip(b"\r\n").partition(b" ")
            name, _, arguments = rest.partition(b" ")
            if name.upper() == b"UID":
                name, _, arguments = arguments.partition(b" ")
            command = name.decode().upper()
            shown = "" if command in {"LOGIN", "AUTHENTICATE"} else arguments.decode()
            self.peer.commands.append(f"{command} {shown}".strip())
            if instead := self.peer.misbehave.get(command):
                answer = instead.pop(0)
                if answer == b"":
                    return
                if isinstance(answer, bytes):
                    self.wfile.write(answer.replace(b"TAG", tag).replace(b"LINE", line.strip()))
                    continue
                answer()
            reply: Callable[[bytes], bytes] = getattr(self, f"do_{command.lower()}", self._unknown)
            self.wfile.write(tag + b" " + reply(arguments) + b"\r\n")
            if command == "STARTTLS":
                self._encrypt()
            if command == "LOGOUT":
                return

    def _encrypt(self) -> None:
        assert self.peer.tls
        self.connection = self.peer.tls.wrap_socket(self.connection, server_side=True)
        self.setup_streams()

    def setup_streams(self) -> None:
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb", 0)

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # its encrypted form is none that the server knows of

    def _unknown(self, _: bytes) -> bytes:
        return b"BAD unknown command"

    def do_capability(self, _: bytes) -> bytes:
        more = b" STARTTLS" if self.peer.starttls else b""
        self.wfile.write(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN" + more + b"\r\n")
        return b"OK done"

    def do_starttls(self, _: bytes) -> bytes:
        return b"OK begin" if self.peer.starttls else b"BAD no TLS here"

    def do_login(self, arguments: bytes) -> bytes:
        expected = f'"{USER}" "{self.peer.password}"'
        return self._let_in(arguments == expected.encode())

    def do_authenticate(self, _: bytes) -> bytes:
        self.wfile.write(b"+ \r\n")
        given = base64.b64decode(self.rfile.readline())
        return self._let_in(given == f"\0{USER}\0{self.peer.password}".encode())

    def _let_in(self, right: bool) -> bytes:
        self.state = "known" if right else self.state
        return b"OK welcome" if right else b"NO [AUTHENTICATIONFAILED] wrong"

    def do_examine(self, folder: bytes) -> bytes:
        if self.state == "greeted":
            return b"BAD log in first"
        if folder != self.peer.folder:
            return b"NO [NONEXISTENT] no such folder"
        self.state = "open"
        self.wfile.write(b"* %d EXISTS\r\n" % len(self.peer.mails))
        self.wfile.write(b"* OK [UIDVALIDITY %d] valid\r\n" % self.peer.validity)
        return b"OK [READ-ONLY] open"

    def do_search(self, criteria: bytes) -> bytes:
        if self.state != "open":
            return b"BAD open a folder first"
        text = criteria.decode().strip("()")
        if found := re.fullmatch(r"UID (\d+):\*", text):
            newest = self.peer.mails[-1].uid if self.peer.mails else 0
            chosen = [one for one in self.peer.mails if one.uid >= min(int(found[1]), newest)]
        elif found := re.fullmatch(r"SINCE (\d+-\w{3}-\d{4})", text):
            day = datetime.strptime(found[1], "%d-%b-%Y").replace(tzinfo=UTC)
            chosen = [one for one in self.peer.mails if one.arrived.date() >= day.date()]
        else:
            return b"BAD I do not understand these criteria"
        self.wfile.write(b"* SEARCH " + " ".join(str(one.uid) for one in chosen).encode() + b"\r\n")
        return b"OK done"

    def do_fetch(self, arguments: bytes) -> bytes:
        uids, _, items = arguments.partition(b" ")
        size = re.search(rb"<0\.(\d+)>", items)
        for uid in map(int, uids.split(b",")):
            number = bisect_left(self.peer.mails, uid, key=lambda one: one.uid)
            if number == len(self.peer.mails) or self.peer.mails[number].uid != uid:
                continue
            one = self.peer.mails[number]
            if b"PEEK" not in items:
                self.peer.seen.add(uid)
            raw = one.raw[: int(size[1])] if size else one.raw
            arrived = one.arrived.strftime("%d-%b-%Y %H:%M:%S %z").encode()
            head = b'* %d FETCH (UID %d INTERNALDATE "%s" BODY[]' % (number + 1, uid, arrived)
            self.wfile.write(head + (b"<0>" if size else b"") + b" {%d}\r\n" % len(raw) + raw + b")\r\n")
        return b"OK done"

    def do_logout(self, _: bytes) -> bytes:
        self.wfile.write(b"* BYE see you\r\n")
        return b"OK bye"


class _Listening(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    peer: Server

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - a client that hangs up is no news
        return


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Serve on a free port."""
    with _Listening(("127.0.0.1", 0), _Connection) as listening:
        listening.peer = server
        server.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            with suppress(OSError):
                listening.shutdown()
            thread.join()
