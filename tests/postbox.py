"""A real mail server on the loopback interface that keeps what it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from socket import socket
from typing import TYPE_CHECKING

from aiosmtpd import smtp
from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from email.message import Message

LOGIN = smtp.LoginPassword(b"bot", b"hunter2")


class Postbox:
    """What the server has taken, and for whom it refuses."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.refuse = ""
        self.hang_up = ""

    # The names and arguments of the two methods are aiosmtpd's

    async def handle_RCPT(self, _: object, __: object, envelope: smtp.Envelope, to: str, ___: object) -> str:  # noqa: N802
        if to == self.refuse:
            return "450 mailbox busy"
        if to == self.hang_up:
            return "421 too busy, good bye"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _: object, __: object, envelope: smtp.Envelope) -> str:  # noqa: N802
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self.taken.append(message_from_bytes(raw, policy=policy.default))
        return "250 OK"


@contextmanager
def mail_server(port: int) -> Iterator[Postbox]:
    """Serve on the port; who logs in must do so with ``LOGIN``."""
    postbox = Postbox()
    controller = Controller(
        postbox, hostname="127.0.0.1", port=port, authenticator=_known, auth_require_tls=False
    )
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()


def _known(_: object, __: object, ___: object, ____: object, data: object) -> smtp.AuthResult:
    return smtp.AuthResult(success=data == LOGIN)


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number
