"""Questions to Bluesky's network through the atproto library, with a login that is kept over polls and processes.

Answers come as plain JSON: the library's strict models would refuse a whole page for one odd record.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from atproto_client import Client, Session, SessionEvent  # type: ignore[import-untyped]  # it comes without types
from atproto_client.request import RequestBase, Response  # type: ignore[import-untyped]  # see above
from atproto_core.exceptions import AtProtocolError  # type: ignore[import-untyped]  # see above
from pydantic import SecretStr

from connectors import meter
from connectors.base import Settings
from connectors.errors import AuthError, RetryLater
from connectors.http import CheckedSession, decode

OVER = ('"ExpiredToken"', '"InvalidToken"')


class Account:
    """Asks as the account, or as a stranger where there is none."""

    def __init__(
        self, settings: Settings, handle: str | None, password: SecretStr | None, session_file: Path | None
    ) -> None:
        self._settings = settings
        self._handle = (handle or "").lstrip("@")
        self._password = password
        self._file = (session_file or _state_file(self._handle, settings.base_url)).expanduser()
        self._client: Client | None = None

    def ask(self, method: str, params: Any) -> Any:
        """The answer to a query of the network.

        Raises:
            AuthError, RetryLater: see ``connectors.errors``.
        """
        if self._client is None:
            self._client = self._resumed() or self._logged_in()
        try:
            return _query(self._client, method, params)
        except _SessionOverError:
            self._client = self._refreshed(self._client) or self._logged_in()
            return _query(self._client, method, params)

    def _new_client(self) -> Client:
        client = Client(self._settings.base_url, request=_Request(self._settings))
        client.on_session_change(self._keep)
        return client

    def _resumed(self) -> Client | None:
        """With the session kept before; None where there is none, or none that can be used."""
        try:
            kept = Session.decode(self._file.read_text("utf-8"))
            usable = kept.access_jwt_payload.exp and kept.refresh_jwt_payload.exp
        except (OSError, ValueError, AtProtocolError):
            return None
        if not usable:
            return None
        client = self._new_client()
        client.login(session_string=kept.encode(), fetch_bsky_profile=False)
        return client

    def _refreshed(self, client: Client) -> Client | None:
        """With new tokens for the old; None where the server wants a login instead."""
        try:
            with _unreadable():
                client._refresh_and_set_session()  # noqa: SLF001 - the library does it by its own clock only
        except _SessionOverError:
            return None
        return client

    def _logged_in(self) -> Client:
        client = self._new_client()
        if self._password is not None:
            meter.charge("login")
            with _unreadable():
                client.login(self._handle, self._password.get_secret_value(), fetch_bsky_profile=False)
        return client

    def _keep(self, event: SessionEvent, session: Session) -> None:
        if event is SessionEvent.IMPORT:
            return
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=self._file.parent, delete=False, encoding="utf-8") as new:
                new.write(session.encode())  # readable by us alone, as every temporary file
            Path(new.name).replace(self._file)
        except OSError as error:
            raise AuthError(f"cannot keep the session in {self._file}: {error.strerror}") from error


def _state_file(handle: str, base_url: str) -> Path:
    state = Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state")
    account = quote(f"{handle}@{urlsplit(base_url).netloc}", safe="@")
    return state / "social-listening-bot" / f"bluesky-{account}.session"


def _query(client: Client, method: str, params: Any) -> Any:
    with _unreadable():  # a query may begin with a refresh of the session
        return client.invoke_query(method, params=params).content


@contextmanager
def _unreadable() -> Iterator[None]:
    """For answers that should hold a session and do not: the library's message would quote the tokens."""
    try:
        yield
    except (AtProtocolError, AttributeError, LookupError, TypeError, ValueError):
        raise RetryLater("Bluesky answered with something else than a session") from None


class _SessionOverError(AuthError):
    """The server does not accept the session any more."""


class _Session(CheckedSession):
    def check(self, response: requests.Response) -> None:
        """Also reads Bluesky's own words: how long to wait, and that a session is over."""
        if reset := response.headers.get("RateLimit-Reset"):
            response.headers.setdefault("x-rate-limit-reset", reset)
        if response.status_code in {400, 401} and any(name in response.text for name in OVER):
            raise _SessionOverError("Bluesky does not accept the session")
        super().check(response)


class _Request(RequestBase):  # type: ignore[misc]  # the library comes without types
    """The library's HTTP layer, on our session."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._session = _Session(settings)
        self.add_additional_header("User-Agent", settings.user_agent)

    def get(self, **request: Any) -> Response:
        return self._sent("GET", **request)

    def post(self, **request: Any) -> Response:
        return self._sent("POST", **request)

    def _sent(
        self,
        verb: str,
        *,
        url: str,
        headers: Any = None,
        params: Any = None,
        content: str | None = None,
        **_: Any,
    ) -> Response:
        headers = self.get_headers(headers)
        answer = self._session.request(verb, url, params=params, data=content, headers=headers)
        return Response(True, answer.status_code, decode(answer), dict(answer.headers))
